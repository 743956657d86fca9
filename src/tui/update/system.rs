//! Looking at the system: asked for every two seconds while it is shown, never twice at once; stopped from here.

use super::{Effect, ask, question};
use crate::tui::layout;
use crate::tui::state::{Asked, Deed, Link, Pane, State};
use crate::tui::theme::Role;
use crate::wire::messages::Request;
use crate::wire::system::SystemView;

/// A little less than two seconds, in which the clock ticks twice.
const EVERY_MS: u64 = 1_900;

pub(super) fn look(state: &mut State, effects: &mut Vec<Effect>) {
    let shown = layout::main_pane(state) == Pane::System || state.tour.is_some();
    if !shown || state.link != Link::Up {
        return;
    }
    let waits = state.asked.values().any(|asked| *asked == Asked::System);
    let asked_ms = state.system.asked_ms;
    // A clock that was put back counts as one that has gone on.
    let soon = asked_ms.is_some_and(|asked| state.now_ms.abs_diff(asked) < EVERY_MS);
    if waits || soon {
        return;
    }
    state.system.asked_ms = Some(state.now_ms);
    // How long the kernel is up, and its newest transaction, come with the status.
    ask(state, Asked::Status, Request::Status, effects);
    ask(state, Asked::System, Request::System, effects);
}

pub(super) fn take(state: &mut State, view: SystemView, asked: Option<&Asked>) {
    state.system.view = Some(view);
    if asked == Some(&Asked::Profiles) && state.overlay.is_none() {
        super::commands::open_profiles(state);
    }
}

/// Shows the profiles to choose from, as soon as the kernel has told them.
pub(super) fn profiles(state: &mut State, effects: &mut Vec<Effect>) {
    if state.system.view.is_some() {
        return super::commands::open_profiles(state);
    }
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: it knows the profiles");
    }
    ask(state, Asked::Profiles, Request::System, effects);
}

pub(super) fn stop(state: &mut State) {
    if state.read_only {
        return super::only_looks_on(state);
    }
    question::open(state, Deed::Stop);
}

/// Asks whether that profile is to be the one that the system starts with.
pub(super) fn choose_profile(state: &mut State, name: &str) {
    if state.read_only {
        return super::only_looks_on(state);
    }
    let view = state.system.view.as_ref();
    let Some(profile) = view.and_then(|view| view.profiles.iter().find(|one| one.name == name))
    else {
        return state.notify(Role::Warning, format!("there is no profile `{name}`"));
    };
    let deed = Deed::Profile {
        name: profile.name.clone(),
        reasons: crate::tui::contents::system::reasons(profile, state.gpus()).join("; "),
    };
    question::open(state, deed);
}
