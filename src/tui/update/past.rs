//! Looking at an object's past: which transactions changed it, how, and what undoing one would change.

use super::{Effect, ask, set_focus};
use crate::tui::keymap::Action;
use crate::tui::state::objects::{Against, Past};
use crate::tui::state::picker::Target;
use crate::tui::state::{Asked, Link, Pane, State};
use crate::tui::theme::Role;
use crate::wire::image::{DiffView, ImageRequest, TransactionView};
use crate::wire::messages::Request;

/// The most versions that are listed.
const MOST_VERSIONS: u32 = 500;

/// Opens the past of the chosen object, or closes it.
pub(super) fn toggle(state: &mut State, effects: &mut Vec<Effect>) {
    if state.objects.past.take().is_some() {
        return;
    }
    let Some(name) = state.objects.selected().map(str::to_owned) else {
        return state.notify(Role::Dim, "there is no object whose past could be shown");
    };
    state.objects.past = Some(Past::of(name, None));
    set_focus(state, Pane::Object);
    ask_versions(state, effects);
}

/// Keeps to the chosen object, and up with what changed.
pub(super) fn follow(state: &mut State, effects: &mut Vec<Effect>) {
    let selected = state.objects.selected().map(str::to_owned);
    let Some(past) = &mut state.objects.past else {
        return;
    };
    match selected {
        Some(name) if name == past.object => {}
        Some(name) => *past = Past::of(name, None),
        None => {
            state.objects.past = None;
            return;
        }
    }
    ask_versions(state, effects);
}

fn ask_versions(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(past) = state
        .objects
        .past
        .as_ref()
        .filter(|_| state.link == Link::Up)
    else {
        return;
    };
    let (object, method) = (past.object.clone(), past.method.clone());
    let request = Request::Image(ImageRequest::History {
        object: Some(object.clone()),
        method: method.clone(),
        limit: MOST_VERSIONS,
    });
    ask(state, Asked::History { object, method }, request, effects);
}

/// What the kernel told of versions; of another object's nothing is taken.
pub(super) fn take_versions(
    state: &mut State,
    asked: (&str, Option<&str>),
    versions: Vec<TransactionView>,
    effects: &mut Vec<Effect>,
) {
    if let Some(past) = &mut state.objects.past
        && (past.object.as_str(), past.method.as_deref()) == asked
    {
        past.take(versions);
        look(state, effects);
    }
}

pub(super) fn take_difference(
    state: &mut State,
    (from, to): (&str, &str),
    diff: Result<DiffView, String>,
    effects: &mut Vec<Effect>,
) {
    let Some(past) = &mut state.objects.past else {
        return;
    };
    let wanted = past.moments();
    let is_wanted = wanted.is_some_and(|one| (one.0.as_str(), one.1.as_str()) == (from, to));
    match diff {
        Ok(diff) => past.diff = Some((from.to_owned(), to.to_owned(), diff)),
        Err(trouble) if is_wanted => {
            past.trouble = Some(trouble);
            return;
        }
        Err(_) => {}
    }
    look(state, effects);
}

/// Asks how the chosen version differs, unless that is known, or something was asked and is not answered yet.
fn look(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(past) = &mut state.objects.past else {
        return;
    };
    past.trouble = None;
    let Some((from, to)) = past.moments().filter(|_| past.difference().is_none()) else {
        return;
    };
    let object = Some(past.object.clone());
    let waits = |asked: &Asked| matches!(asked, Asked::Difference { .. });
    if state.link != Link::Up || state.asked.values().any(waits) {
        return;
    }
    let request = Request::Image(ImageRequest::Diff {
        from: from.clone(),
        to: to.clone(),
        object,
    });
    ask(state, Asked::Difference { from, to }, request, effects);
}

/// Chooses the version of that row.
pub(super) fn choose(state: &mut State, row: usize, effects: &mut Vec<Effect>) {
    if let Some(past) = &mut state.objects.past
        && past.choose(row)
    {
        look(state, effects);
    }
}

/// Past every end.
const FAR: isize = isize::MAX / 2;

/// Keys while the past is shown; false when the action is not one of its own.
pub(super) fn press(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> bool {
    let page = super::panes::page(state, Pane::Object);
    let Some(past) = &mut state.objects.past else {
        return false;
    };
    let moved = match action {
        Action::Up => past.move_by(-1),
        Action::Down => past.move_by(1),
        Action::Top => past.move_by(-FAR),
        Action::Bottom => past.move_by(FAR),
        Action::PageUp | Action::PageDown => {
            let by = if action == Action::PageUp {
                -page
            } else {
                page
            };
            let (total, height) = super::extent(state, Pane::Object);
            if let Some(past) = &mut state.objects.past {
                past.scroll.move_by(by, total, height, false);
            }
            return true;
        }
        Action::Leave | Action::History => {
            state.objects.past = None;
            super::show_object(state, effects);
            return true;
        }
        Action::Against => {
            past.against = match past.against {
                Against::Before => Against::Now,
                Against::Now => Against::Before,
            };
            true
        }
        Action::OnlyMethod => {
            next_method(state, effects);
            return true;
        }
        Action::Open => {
            open_mission(state, effects);
            return true;
        }
        _ => return false,
    };
    if moved {
        look(state, effects);
    }
    true
}

/// Only what changed the first method, the next one …, then all again.
fn next_method(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(past) = &state.objects.past else {
        return;
    };
    let methods = state
        .objects
        .get(&past.object)
        .map(|one| one.methods.clone());
    let methods = methods.unwrap_or_default();
    let next = match &past.method {
        None => methods.first(),
        Some(now) => {
            let at = methods.iter().position(|one| one == now);
            at.and_then(|at| methods.get(at + 1))
        }
    };
    if next.is_none() && past.method.is_none() {
        return state.notify(Role::Dim, "the object has no method of its own");
    }
    let next = next.cloned();
    state.objects.past = Some(Past::of(past.object.clone(), next));
    ask_versions(state, effects);
}

/// Goes to the mission that made the chosen version.
fn open_mission(state: &mut State, effects: &mut Vec<Effect>) {
    let chosen = state.objects.past.as_ref().and_then(Past::chosen);
    let mission = chosen.and_then(TransactionView::mission);
    match mission.filter(|id| state.missions.get(*id).is_some()) {
        Some(id) => super::find::go(state, Target::Mission(id), effects),
        None => state.notify(Role::Dim, "it was made by no mission that is in the list"),
    }
}

/// The transaction that an undo is meant for where one looks at the past.
pub(super) fn chosen(state: &State) -> Option<u64> {
    let past = state.objects.past.as_ref();
    let past = past.filter(|_| state.focus == Pane::Object)?;
    past.chosen().map(|one| one.tid)
}
