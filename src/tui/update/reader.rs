//! Keys while a text is read.

use crate::tui::keymap::Action;
use crate::tui::state::{Overlay, State};

pub(super) fn press(state: &mut State, action: Option<Action>) {
    let (width, height) = reader_size(state);
    let Some(Overlay::Reader(reader)) = &mut state.overlay else {
        return;
    };
    let last = reader
        .document(width)
        .len()
        .saturating_sub(usize::from(height));
    let page = usize::from(height).saturating_sub(1).max(1);
    let top = match action {
        Some(Action::Leave) => {
            state.overlay = None;
            return;
        }
        Some(Action::Up) => reader.top.saturating_sub(1),
        Some(Action::Down) => reader.top + 1,
        Some(Action::PageUp) => reader.top.saturating_sub(page),
        Some(Action::PageDown) => reader.top + page,
        Some(Action::Top) => 0,
        Some(Action::Bottom) => last,
        _ => reader.top,
    };
    reader.top = top.min(last);
}

/// Columns and rows of the text.
pub fn reader_size(state: &State) -> (u16, u16) {
    let (width, height) = state.size;
    match &state.overlay {
        Some(Overlay::Reader(reader)) if reader.bare => (width, height.saturating_sub(1)),
        _ => (width.saturating_sub(4).min(100), height.saturating_sub(3)),
    }
}
