//! A question in its parts: what follows from it, what it would change, and the answers.

use super::diff;
use crate::tui::document::{Document, Row, piece};
use crate::tui::state::{Question, State};
use crate::tui::theme::Role;

/// Of a question that can be told in a sentence.
const COLUMNS: u16 = 60;
/// Of one that shows what would change.
const WIDE_COLUMNS: u16 = 96;

pub struct Shown {
    pub columns: u16,
    /// What follows from it.
    pub head: Document,
    /// What it would change, of which `height` rows are shown from the question's `top` on.
    pub preview: Document,
    pub height: usize,
    /// The answers.
    pub foot: Document,
}

pub fn of(state: &State, question: &Question) -> Shown {
    let wanted = match question.deed.preview() {
        Some(_) => WIDE_COLUMNS,
        None => COLUMNS,
    };
    let columns = wanted.min(state.size.0.saturating_sub(4));
    let mut head = Document::new(columns);
    head.wrapped(&[piece(Role::Text, question.deed.explanation())], 0);
    let mut preview = Document::new(columns);
    if let Some(view) = question.deed.preview() {
        diff::write(&mut preview, view, None);
    }
    let mut foot = Document::new(columns);
    foot.blank();
    match question.deed.word() {
        Some(word) => foot.wrapped(
            &[
                piece(Role::Warning, "There is no way back. "),
                piece(Role::Text, "Type "),
                piece(Role::Strong, word),
                piece(Role::Text, " and press Enter to do it; Esc leaves it."),
            ],
            0,
        ),
        None => foot.row(buttons(question.yes)),
    }
    // The frame has a title and a rule, and the status row stays free.
    let room = usize::from(state.size.1.saturating_sub(3));
    let room = room.saturating_sub(head.len() + foot.len());
    // A blank row parts it from what is said.
    let height = preview.len().min(room.saturating_sub(1));
    Shown {
        columns,
        head,
        preview,
        height,
        foot,
    }
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
