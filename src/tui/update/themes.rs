//! Themes: the next one, one by name, and the list in which each is tried on.

use super::Effect;
use crate::tui::state::picker::{Item, Purpose, Target};
use crate::tui::state::{Overlay, Picker, State};
use crate::tui::theme::Role;

pub(super) fn next(state: &mut State, effects: &mut Vec<Effect>) {
    let at = state.themes.iter().position(|name| *name == state.theme);
    let next = at.map_or(0, |at| (at + 1) % state.themes.len().max(1));
    if let Some(name) = state.themes.get(next).cloned() {
        state.notify(Role::Dim, format!("theme {name}"));
        put_on(state, &name, effects);
    }
}

pub(super) fn named(state: &mut State, name: &str, effects: &mut Vec<Effect>) {
    if state.themes.iter().any(|known| known == name) {
        put_on(state, name, effects);
        taken(state);
    } else {
        let known = state.themes.join(", ");
        state.notify(
            Role::Warning,
            format!("there is no theme `{name}`; there are {known}"),
        );
    }
}

/// Opens the list; the present theme is chosen in it.
pub(super) fn choose(state: &mut State) {
    let item = |name: &String| Item {
        label: name.clone(),
        argument: "",
        kind: String::new(),
        detail: String::new(),
        keys: String::new(),
        target: Target::Theme(name.clone()),
    };
    let purpose = Purpose::Themes {
        before: state.theme.clone(),
    };
    let mut picker = Picker::new(purpose, state.themes.iter().map(item).collect());
    picker.choose(|item| item.label == state.theme);
    state.overlay = Some(Overlay::List(picker));
}

/// The chosen theme of the list is what the screen has.
pub(super) fn try_on(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(Overlay::List(picker)) = &state.overlay else {
        return;
    };
    if let (Purpose::Themes { .. }, Some(item)) = (&picker.purpose, picker.chosen()) {
        let name = item.label.clone();
        put_on(state, &name, effects);
    }
}

/// The list was left: what was there before is there again.
pub(super) fn put_back(state: &mut State, picker: &Picker, effects: &mut Vec<Effect>) {
    if let Purpose::Themes { before } = &picker.purpose {
        put_on(state, before, effects);
    }
}

pub(super) fn taken(state: &mut State) {
    let name = &state.theme;
    let text = format!("theme {name}; `theme = \"{name}\"` in batos.toml keeps it");
    state.notify(Role::Dim, text);
}

fn put_on(state: &mut State, name: &str, effects: &mut Vec<Effect>) {
    if state.theme != name {
        name.clone_into(&mut state.theme);
        effects.push(Effect::SetTheme(name.to_owned()));
    }
}
