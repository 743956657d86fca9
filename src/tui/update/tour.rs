//! The tour of the first run: opened on a home that nobody has worked in, and from the palette; left by Esc.

use super::{Effect, memory, system};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::composer::EXAMPLE;
use crate::tui::state::{Pane, State, Tour};
use crate::tui::theme::Role;

/// Opens it when nobody has worked in this home yet, and there is nothing but the system's own mission.
pub(super) fn begin(state: &mut State, effects: &mut Vec<Effect>) {
    let first = std::mem::take(&mut state.first_run);
    let by_others = state.missions.list().iter();
    let own = state.display_mission().map(|mission| mission.id);
    let tried = by_others.filter(|mission| Some(mission.id) != own).count() > 0;
    if first && !tried && !state.read_only {
        open(state, effects);
    }
}

pub(super) fn toggle(state: &mut State, effects: &mut Vec<Effect>) {
    if state.tour.take().is_none() {
        open(state, effects);
    }
}

fn open(state: &mut State, effects: &mut Vec<Effect>) {
    state.tour = Some(Tour::default());
    state.content = Pane::Stream;
    state.last_pane = Pane::Stream;
    super::set_focus(state, Pane::Composer);
    system::look(state, effects);
    memory::look(state, effects);
}

/// What a key does while the tour is open and the composer is empty: Tab takes the example, Esc leaves the tour.
pub(super) fn takes(state: &mut State, action: Option<Action>) -> bool {
    let here = state.overlay.is_none() && matches!(state.focus, Pane::Composer | Pane::Stream);
    if state.tour.is_none() || !here {
        return false;
    }
    match action {
        Some(Action::NextPane)
            if state.focus == Pane::Composer && state.composer.line.is_empty() =>
        {
            state.composer.line.set(EXAMPLE);
        }
        Some(Action::Leave) if state.composer.reading.is_none() => {
            state.tour = None;
            let palette = state.keymap.label(Context::Panes, Action::Palette);
            let text = format!("the tour is left; {palette}tour shows it again");
            state.notify(Role::Dim, text);
        }
        _ => return false,
    }
    true
}
