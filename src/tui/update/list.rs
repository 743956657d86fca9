//! Keys while a list to choose from lies over the panes.

use crossterm::event::KeyEvent;

use super::{Effect, commands, edit, find, leave_overlay, themes};
use crate::tui::keymap::Action;
use crate::tui::state::picker::{Purpose, Target};
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Role;

/// A page of the list, whatever its height on the screen.
const PAGE: isize = 8;

pub(super) fn press(
    state: &mut State,
    key: KeyEvent,
    action: Option<Action>,
    effects: &mut Vec<Effect>,
) {
    let Some(Overlay::List(picker)) = &mut state.overlay else {
        return;
    };
    let before = picker.line.text().to_owned();
    match action {
        Some(Action::Leave) => return leave_overlay(state, effects),
        Some(Action::Submit) => return take(state, effects),
        Some(Action::Up) => picker.move_by(-1),
        Some(Action::Down) => picker.move_by(1),
        Some(Action::PageUp) => picker.move_by(-PAGE),
        Some(Action::PageDown) => picker.move_by(PAGE),
        Some(Action::Complete) => {
            if let Some(item) = picker.chosen() {
                let space = if item.argument.is_empty() { "" } else { " " };
                let text = format!("{}{space}", item.label);
                picker.line.set(text);
            }
        }
        Some(action) => edit::edit(&mut picker.line, action),
        None => {
            if let Some(character) = edit::typed(key) {
                picker.line.insert(character.encode_utf8(&mut [0; 4]));
            }
        }
    }
    if picker.line.text() != before {
        typed_anew(state);
    }
    themes::try_on(state, effects);
}

/// The text of the list has changed.
pub(super) fn typed_anew(state: &mut State) {
    let Some(Overlay::List(picker)) = &state.overlay else {
        return;
    };
    let items = match picker.purpose {
        Purpose::Commands => Some(commands::items(state, picker.line.text())),
        _ => None,
    };
    if let Some(Overlay::List(picker)) = &mut state.overlay {
        if let Some(items) = items {
            picker.set_items(items);
        }
        picker.rank();
    }
}

fn take(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(Overlay::List(picker)) = state.overlay.take() else {
        return;
    };
    let Some(item) = picker.chosen() else {
        let text = picker.line.text().trim().to_owned();
        themes::put_back(state, &picker, effects);
        return state.notify(Role::Warning, format!("there is nothing like \"{text}\""));
    };
    match item.target.clone() {
        Target::Action {
            context,
            action,
            argument,
        } => commands::run(state, (context, action), &argument, effects),
        Target::Theme(_) => themes::taken(state),
        target => find::go(state, target, effects),
    }
}
