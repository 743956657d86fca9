//! Keys in the one-line input: search, filter, and the arguments of a send.

use crossterm::event::KeyEvent;

use super::{Effect, ask, edit};
use crate::tui::keymap::Action;
use crate::tui::state::{Asked, Line, Link, Overlay, Purpose, State};
use crate::tui::theme::Role;
use crate::wire::messages::Request;

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
        Purpose::Search => {
            if !state.log.set_search(text) && !text.is_empty() {
                state.notify(Role::Warning, format!("no entry with \"{text}\""));
            }
        }
        Purpose::Filter => {
            let mut filter = state.log.filter().clone();
            text.clone_into(&mut filter.text);
            state.log.set_filter(filter);
        }
        Purpose::Send { object } => send(state, &object, text, effects),
    }
}

/// `deposit [2.5]`: a selector and a JSON array, which may be missing.
fn send(state: &mut State, object: &str, text: &str, effects: &mut Vec<Effect>) {
    let (selector, args) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let args = args.trim();
    if selector.is_empty() {
        return;
    }
    if state.link != Link::Up {
        state.notify(Role::Warning, "the kernel is away: nothing was sent");
        return;
    }
    let request = Request::Send {
        selector: selector.to_owned(),
        args_json: if args.is_empty() { "[]" } else { args }.to_owned(),
        object: object.to_owned(),
    };
    let text = format!("{object} {text}");
    ask(state, Asked::Send { text }, request, effects);
}
