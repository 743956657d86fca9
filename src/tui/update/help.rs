//! Keys while help lies over the panes.

use crossterm::event::KeyEvent;

use super::edit;
use crate::tui::contents;
use crate::tui::keymap::Action;
use crate::tui::state::{HelpView, Overlay, State};

pub(super) fn press(state: &mut State, key: KeyEvent, action: Option<Action>) {
    let (width, height) = help_size(state);
    let here = super::contexts_of_focus(state);
    let Some(Overlay::Help(view)) = &mut state.overlay else {
        return;
    };
    if view.typing {
        return typing(view, key, action);
    }
    let last = contents::help::document(width, &state.keymap, view.search.text(), here)
        .len()
        .saturating_sub(usize::from(height));
    let page = usize::from(height).saturating_sub(1).max(1);
    let top = match action {
        Some(Action::Up) => view.top.saturating_sub(1),
        Some(Action::Down) => view.top + 1,
        Some(Action::PageUp) => view.top.saturating_sub(page),
        Some(Action::PageDown) => view.top + page,
        Some(Action::Top) => 0,
        Some(Action::Bottom) => last,
        Some(Action::Search) => {
            view.typing = true;
            0
        }
        Some(Action::Leave) if !view.search.is_empty() => {
            view.search.set("");
            0
        }
        Some(Action::Leave) => {
            state.overlay = None;
            return;
        }
        _ => view.top,
    };
    view.top = top.min(last);
}

fn typing(view: &mut HelpView, key: KeyEvent, action: Option<Action>) {
    match action {
        Some(Action::Submit) => view.typing = false,
        Some(Action::Leave) => {
            view.typing = false;
            view.search.set("");
        }
        Some(action) => edit::edit(&mut view.search, action),
        None => {
            if let Some(character) = edit::typed(key) {
                view.search.insert(character.encode_utf8(&mut [0; 4]));
            }
        }
    }
    view.top = 0;
}

/// Columns and rows of the help's text.
pub fn help_size(state: &State) -> (u16, u16) {
    let (width, height) = state.size;
    (width.saturating_sub(4).min(92), height.saturating_sub(3))
}
