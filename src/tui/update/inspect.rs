//! Every key that arrives, with what it would do where the focus is. None of them does it.

use crossterm::event::{KeyCode, KeyEvent};

use super::{contexts_of_focus, edit};
use crate::tui::keymap::Key;
use crate::tui::state::inspector::{Bound, SeenKey};
use crate::tui::state::{Overlay, Pane, State};

pub(super) fn press(state: &mut State, event: KeyEvent) {
    let contexts = contexts_of_focus(state);
    let bound = state.keymap.all(contexts, event).map(|row| Bound {
        context: row.binding.context,
        action: row.binding.action,
        help: row.binding.help,
    });
    let bound: Vec<Bound> = bound.collect();
    let key = Key::from(event);
    let typed = edit::typed(event).filter(|_| bound.is_empty() && state.focus == Pane::Composer);
    let seen = SeenKey {
        name: key.name(),
        label: key.to_string(),
        bound,
        typed,
    };
    let Some(Overlay::Keys(inspector)) = &mut state.overlay else {
        return;
    };
    let twice = inspector
        .seen
        .last()
        .is_some_and(|last| last.label == seen.label);
    if event.code == KeyCode::Esc && twice {
        state.overlay = None;
    } else {
        inspector.push(seen);
    }
}
