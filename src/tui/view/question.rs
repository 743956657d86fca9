//! A question before something is done, over the panes. What is marked at first is no.

use super::frame;
use super::paint::Painter;
use crate::tui::contents::question::{self, Shown};
use crate::tui::document::{Document, Row, piece};
use crate::tui::state::{Question, State};
use crate::tui::theme::Role;

pub fn paint(painter: &mut Painter, state: &State, question: &Question) {
    let Shown {
        columns,
        head,
        preview,
        height,
        foot,
    } = question::of(state, question);
    let top = question.top.min(preview.len().saturating_sub(height));
    let mut document = Document::new(columns);
    document.append(&head, 0..head.len());
    if height > 0 {
        document.blank();
        document.append(&preview, top..top + height);
    }
    document.append(&foot, 0..foot.len());
    let rows = u16::try_from(document.len()).unwrap_or(u16::MAX);
    let area = frame::place(state, columns, rows);
    let title = question.deed.question();
    let right = match preview.len().saturating_sub(top + height) {
        0 => Row::new(),
        more => vec![piece(Role::Title, format!(" {more} more below "))],
    };
    let inner = frame::paint(painter, area, &title, right);
    // On a very low screen the answers matter more than the words.
    let top = document.len().saturating_sub(usize::from(inner.height));
    painter.document(inner, &document, top);
}
