//! Questions before what should be meant: how they are opened, answered, and what follows.

use crossterm::event::KeyEvent;

use super::{Effect, ask, edit};
use crate::tui::contents;
use crate::tui::keymap::Action;
use crate::tui::state::deed::pack;
use crate::tui::state::{Asked, Deed, Link, Overlay, Question, State};
use crate::tui::theme::Role;
use crate::wire::image::ImageRequest;
use crate::wire::messages::Request;
use crate::wire::upkeep::Before;

/// A page of what would change.
const PAGE: usize = 8;

pub(super) fn open(state: &mut State, deed: Deed) {
    state.overlay = Some(Overlay::Question(Question::new(deed)));
}

/// Asks the kernel what an undo would change, so that the question can say it.
pub(super) fn ask_undo(state: &mut State, tid: Option<u64>, effects: &mut Vec<Effect>) {
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: nothing was undone");
    }
    let request = Request::Image(ImageRequest::Undo { tid, dry_run: true });
    ask(state, Asked::UndoLook, request, effects);
}

/// Asks the kernel what a pack would drop: all before `moment`, or what is older than thirty days.
pub(super) fn ask_pack(state: &mut State, moment: Option<&str>, effects: &mut Vec<Effect>) {
    const THIRTY_DAYS_MS: u64 = 30 * 24 * 3_600_000;
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: nothing was dropped");
    }
    let before = match moment {
        Some(moment) => Before::Moment(moment.to_owned()),
        None => Before::Time(state.now_ms.saturating_sub(THIRTY_DAYS_MS)),
    };
    let request = pack(&before, true);
    ask(state, Asked::PackLook(before), request, effects);
}

pub(super) fn press(
    state: &mut State,
    key: KeyEvent,
    action: Option<Action>,
    effects: &mut Vec<Effect>,
) {
    let last = question_rows(state);
    let Some(Overlay::Question(question)) = &mut state.overlay else {
        return;
    };
    let word = question.deed.word().map(str::to_owned);
    match (action, word) {
        (Some(Action::No | Action::Leave), _) => leave(state),
        (Some(Action::Submit), Some(word)) if question.line.text().trim() == word => {
            carry_out(state, effects);
        }
        (Some(Action::Submit), Some(word)) => {
            state.notify(Role::Dim, format!("type {word}, or Esc leaves it"));
        }
        (Some(action), Some(_)) => edit::edit(&mut question.line, action),
        (None, Some(_)) => {
            if let Some(character) = edit::typed(key) {
                question.line.insert(character.encode_utf8(&mut [0; 4]));
            }
        }
        (Some(Action::Complete), None) => question.yes = !question.yes,
        (Some(Action::Up), None) => question.top = question.top.saturating_sub(1),
        (Some(Action::Down), None) => question.top = (question.top + 1).min(last),
        (Some(Action::PageUp), None) => question.top = question.top.saturating_sub(PAGE),
        (Some(Action::PageDown), None) => question.top = (question.top + PAGE).min(last),
        (Some(Action::Yes), None) => carry_out(state, effects),
        (Some(Action::Submit), None) if question.yes => carry_out(state, effects),
        (Some(Action::Submit), None) => leave(state),
        _ => {}
    }
}

/// The last row that what would change can begin at.
fn question_rows(state: &State) -> usize {
    let Some(Overlay::Question(question)) = &state.overlay else {
        return 0;
    };
    let shown = contents::question::of(state, question);
    shown.preview.len().saturating_sub(shown.height)
}

fn leave(state: &mut State) {
    if let Some(Overlay::Question(question)) = state.overlay.take() {
        state.notify(Role::Dim, question.deed.left());
    }
}

fn carry_out(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(Overlay::Question(Question { deed, .. })) = state.overlay.take() else {
        return;
    };
    let Some(request) = deed.request() else {
        state.notify(Role::Dim, deed.under_way());
        if let Deed::Profile { name, .. } = deed {
            effects.push(Effect::ChooseProfile(name));
        }
        return;
    };
    if state.link != Link::Up {
        let text = format!("the kernel is away: {}", deed.left());
        return state.notify(Role::Warning, text);
    }
    state.notify(Role::Dim, deed.under_way());
    ask(state, Asked::Deed(deed), request, effects);
}
