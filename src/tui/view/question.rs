//! A question before something is done, over the panes. What is marked at first is no.

use super::frame;
use super::paint::Painter;
use crate::tui::document::{Document, Row, piece};
use crate::tui::state::{Question, State};
use crate::tui::theme::Role;

const COLUMNS: u16 = 60;

pub fn paint(painter: &mut Painter, state: &State, question: &Question) {
    let mut document = Document::new(COLUMNS.min(state.size.0.saturating_sub(4)));
    document.wrapped(&[piece(Role::Text, question.deed.explanation())], 0);
    document.blank();
    match question.deed.word() {
        Some(word) => document.wrapped(
            &[
                piece(Role::Warning, "There is no way back. "),
                piece(Role::Text, "Type "),
                piece(Role::Strong, word),
                piece(Role::Text, " and press Enter to do it; Esc leaves it."),
            ],
            0,
        ),
        None => document.row(buttons(question.yes)),
    }
    let rows = u16::try_from(document.len()).unwrap_or(u16::MAX);
    let area = frame::place(state, COLUMNS, rows);
    let title = question.deed.question();
    let inner = frame::paint(painter, area, &title, Row::new());
    // On a very low screen the answers matter more than the words.
    let top = document.len().saturating_sub(usize::from(inner.height));
    painter.document(inner, &document, top);
}

fn buttons(yes: bool) -> Row {
    let (no_role, yes_role) = if yes {
        (Role::Text, Role::Selected)
    } else {
        (Role::Selected, Role::Text)
    };
    let (no, yes) = if yes {
        ("   No   ", " > Yes < ")
    } else {
        (" > No < ", "   Yes   ")
    };
    vec![
        piece(no_role, no),
        piece(Role::Text, "   "),
        piece(yes_role, yes),
    ]
}
