//! Looking at memory: it is asked for each second while it is shown, never twice at once.

use super::{Effect, ask};
use crate::tui::layout;
use crate::tui::state::{Asked, Link, Pane, State};
use crate::wire::messages::Request;

/// A little less than the second in which the clock ticks.
const EVERY_MS: u64 = 900;

pub(super) fn look(state: &mut State, effects: &mut Vec<Effect>) {
    let shown = layout::main_pane(state) == Pane::Memory || state.tour.is_some();
    if !shown || state.link != Link::Up {
        return;
    }
    let waits = state.asked.values().any(|asked| *asked == Asked::Memory);
    let asked_ms = state.memory.asked_ms;
    // A clock that was put back counts as one that has gone on.
    let soon = asked_ms.is_some_and(|asked| state.now_ms.abs_diff(asked) < EVERY_MS);
    if waits || soon {
        return;
    }
    state.memory.asked_ms = Some(state.now_ms);
    ask(state, Asked::Memory, Request::Memory, effects);
}
