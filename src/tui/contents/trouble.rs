//! What is wrong with the system and what to do about it, above the panes as long as it holds.

use crate::tui::document::{Document, Piece, piece};
use crate::tui::state::State;
use crate::tui::theme::Role;

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width.saturating_sub(1));
    let Some(status) = &state.status else {
        return document;
    };
    if status.safe_mode {
        let text = "the kernel died too often, so missions are refused; objects can still be read. \
            Look at the last errors in Metacognition, then `batos down` and `batos up` try again";
        document.wrapped(&warning(" SAFE MODE ", text), 2);
    }
    if let Some(trouble) = status
        .engine
        .trouble
        .as_deref()
        .filter(|trouble| !trouble.is_empty())
    {
        document.wrapped(&warning(" TROUBLE ", trouble), 2);
    }
    document
}

fn warning(label: &str, text: &str) -> [Piece; 3] {
    [
        piece(Role::Badge, label),
        piece(Role::Text, " "),
        piece(Role::Warning, text),
    ]
}
