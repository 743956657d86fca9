//! The keys that arrived, each with what it would do.

use super::frame;
use super::paint::Painter;
use crate::tui::document::{Document, Row, piece};
use crate::tui::state::inspector::SeenKey;
use crate::tui::state::{Inspector, State};
use crate::tui::theme::Role;

const COLUMNS: u16 = 76;
const ROWS: u16 = 16;

pub fn paint(painter: &mut Painter, state: &State, inspector: &Inspector) {
    let mut document = Document::new(COLUMNS.min(state.size.0.saturating_sub(4)));
    let about = format!(
        "Press keys: each is shown as it arrived, with what it would do in {}. \
        Names on the left are what batos.toml takes under [keys].",
        state.focus.title()
    );
    document.wrapped(&[piece(Role::Dim, about)], 0);
    document.blank();
    for key in &inspector.seen {
        one(&mut document, key);
    }
    let area = frame::place(state, COLUMNS, ROWS);
    let inner = frame::paint(painter, area, "Keys", Row::new());
    let top = document.len().saturating_sub(usize::from(inner.height));
    painter.document(inner, &document, top);
}

fn one(document: &mut Document, key: &SeenKey) {
    let name = key.name.as_deref().unwrap_or("no name");
    let mut row = vec![piece(Role::Key, format!("{name:<16}"))];
    let mut bound = key.bound.iter();
    match (bound.next(), key.typed) {
        (Some(first), _) => {
            row.push(piece(Role::Strong, first.action.name()));
            let context = first.context.name();
            row.push(piece(Role::Dim, format!("  [keys.{context}]  ")));
            row.push(piece(Role::Text, first.help));
        }
        (None, Some(character)) => {
            row.push(piece(Role::Text, format!("types {character}")));
        }
        (None, None) => row.push(piece(Role::Dim, "does nothing here")),
    }
    document.wrapped(&row, 16);
    for hidden in bound {
        let text = format!(
            "{:16}hides {} of [keys.{}]",
            "",
            hidden.action.name(),
            hidden.context.name()
        );
        document.wrapped(&[piece(Role::Dim, text)], 16);
    }
}
