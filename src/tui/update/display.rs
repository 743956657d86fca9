//! Looking at the system: its display is sent for each second while it is shown, never twice at once.

use super::{Effect, ask};
use crate::tui::layout;
use crate::tui::state::display::{DISPLAY, SYSTEM, Shown};
use crate::tui::state::{Asked, Link, Pane, State};
use crate::wire::messages::Request;

/// A little less than the second in which the clock ticks.
const EVERY_MS: u64 = 900;

pub(super) fn look(state: &mut State, effects: &mut Vec<Effect>) {
    if layout::main_pane(state) != Pane::Itself || state.link != Link::Up {
        return;
    }
    if state.read_only {
        let text = "a display is a send, and nothing is sent from a workbench that only looks on";
        state.display.shown = Some(Shown::Trouble(text.to_owned()));
        return;
    }
    if !state.display_is_there() {
        state.display.shown = None;
        return;
    }
    let waits = state.asked.values().any(|asked| *asked == Asked::Display);
    let asked_ms = state.display.asked_ms;
    // A clock that was put back counts as one that has gone on.
    let soon = asked_ms.is_some_and(|asked| state.now_ms.abs_diff(asked) < EVERY_MS);
    if waits || soon {
        return;
    }
    state.display.asked_ms = Some(state.now_ms);
    let request = Request::Send {
        object: SYSTEM.to_owned(),
        selector: DISPLAY.to_owned(),
        args_json: "[]".to_owned(),
    };
    ask(state, Asked::Display, request, effects);
}
