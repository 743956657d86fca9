//! Keys in the one-line input: search, filter, and the arguments of a send.

use crossterm::event::KeyEvent;

use super::{Effect, edit, knowledge, send};
use crate::tui::keymap::Action;
use crate::tui::state::{Line, Overlay, Purpose, State};
use crate::tui::theme::Role;

pub(super) fn press(
    state: &mut State,
    key: KeyEvent,
    action: Option<Action>,
    effects: &mut Vec<Effect>,
) {
    let Some(Overlay::Prompt { line, .. }) = &mut state.overlay else {
        return;
    };
    match action {
        Some(Action::Leave) => state.overlay = None,
        Some(Action::Submit) => {
            if let Some(Overlay::Prompt { purpose, line }) = state.overlay.take() {
                apply(state, purpose, &line, effects);
            }
        }
        Some(action) => edit::edit(line, action),
        None => {
            if let Some(character) = edit::typed(key) {
                line.insert(character.encode_utf8(&mut [0; 4]));
            }
        }
    }
}

fn apply(state: &mut State, purpose: Purpose, line: &Line, effects: &mut Vec<Effect>) {
    let text = line.text().trim();
    match purpose {
        Purpose::Search => search(state, text),
        Purpose::Filter => filter(state, text),
        Purpose::Send { object } => send::to(state, &object, text, effects),
        Purpose::SearchKnowledge => knowledge::search(state, text, effects),
        Purpose::AddDocument => knowledge::add(state, text, effects),
    }
}

pub(super) fn search(state: &mut State, text: &str) {
    if !state.log.set_search(text) && !text.is_empty() {
        state.notify(Role::Warning, format!("no entry with \"{text}\""));
    }
}

pub(super) fn filter(state: &mut State, text: &str) {
    let mut filter = state.log.filter().clone();
    text.clone_into(&mut filter.text);
    state.log.set_filter(filter);
}
