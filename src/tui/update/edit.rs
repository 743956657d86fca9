//! Keys while the composer has the focus.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Effect, ask, panes, set_focus};
use crate::tui::keymap::{Action, Context};
use crate::tui::layout;
use crate::tui::state::composer::EXAMPLE;
use crate::tui::state::{Asked, Line, Link, Pane, Reading, State};
use crate::tui::theme::Role;
use crate::wire::messages::{MissionInput, Request};

pub(super) fn press(
    state: &mut State,
    key: KeyEvent,
    action: Option<Action>,
    effects: &mut Vec<Effect>,
) {
    let width = layout::composer_width(state.size.0);
    let empty = state.composer.line.is_empty();
    let before = state.composer.line.text().to_owned();
    match action {
        Some(Action::Submit) => submit(state, effects),
        Some(Action::Newline) => {
            state.composer.insert("\n");
        }
        Some(Action::Up) => state.composer.up(width),
        Some(Action::Down) => state.composer.down(width),
        Some(Action::Right) if empty => state.composer.line.set(EXAMPLE),
        Some(Action::PageUp | Action::PageDown) => panes::scroll_behind(state, action),
        Some(Action::EditBrief) => edit_understood(state),
        Some(Action::Leave) if state.composer.reading.take().is_some() => {
            state.notify(Role::Dim, "dropped; the words are still here");
        }
        Some(Action::Leave) => {
            let pane = layout::main_pane(state);
            set_focus(state, pane);
        }
        Some(action) => edit(&mut state.composer.line, action),
        None => {
            if let Some(text) = typed(key) {
                state.composer.insert(text.encode_utf8(&mut [0; 4]));
            }
        }
    }
    if state.composer.line.text() != before {
        state.composer.reading = None;
    }
}

/// The character that a key types.
pub(super) fn typed(key: KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(character)
            if !key
                .modifiers
                .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) =>
        {
            let mut kept = crate::tui::clean::line(character.encode_utf8(&mut [0; 4]));
            kept.pop()
        }
        _ => None,
    }
}

/// Moving and deleting, the same in every input.
pub(super) fn edit(line: &mut Line, action: Action) {
    match action {
        Action::Left => line.left(),
        Action::Right => line.right(),
        Action::WordLeft => line.word_left(),
        Action::WordRight => line.word_right(),
        Action::LineStart => line.start(),
        Action::LineEnd => line.end(),
        Action::DeleteBack => line.delete_back(),
        Action::DeleteForward => line.delete_forward(),
        Action::DeleteWordBack => line.delete_word_back(),
        Action::DeleteToStart => line.delete_to_start(),
        Action::DeleteToEnd => line.delete_to_end(),
        Action::PutBack => line.put_back(),
        _ => {}
    }
}

fn submit(state: &mut State, effects: &mut Vec<Effect>) {
    if state.link != Link::Up {
        state.notify(
            Role::Warning,
            "the kernel is away: your text stays here, send it when the kernel is back",
        );
        return;
    }
    let words = state.composer.line.text().trim().to_owned();
    if state.read_only {
        return super::only_looks_on(state);
    }
    if words.is_empty() {
        let key = state.keymap.label(Context::Composer, Action::Right);
        let text = format!("write what an object should be able to do; {key} takes the example");
        return state.notify(Role::Dim, text);
    }
    match state.composer.reading.take() {
        Some(Reading::Understood { document_json, .. }) => {
            start(state, MissionInput::Json(document_json), effects);
        }
        Some(Reading::Asked(_)) => {
            let input = match state.objects.chosen() {
                Some(selected) => MissionInput::WordsAbout {
                    words,
                    selected: selected.to_owned(),
                },
                None => MissionInput::Words(words),
            };
            start(state, input, effects);
        }
        None if words.starts_with('{') => start(state, MissionInput::Json(words), effects),
        None => {
            state.composer.reading = Some(Reading::Asked(state.next_id));
            let request = Request::Understand {
                words,
                selected: state.objects.chosen().map(str::to_owned),
            };
            ask(state, Asked::Understand, request, effects);
        }
    }
}

/// Gives the mission to the kernel; the words go to the history.
pub(super) fn start(state: &mut State, input: MissionInput, effects: &mut Vec<Effect>) {
    let Some(brief) = state.composer.submit() else {
        return;
    };
    effects.push(Effect::Remember(brief.clone()));
    ask(
        state,
        Asked::Start { brief },
        Request::StartMission(input),
        effects,
    );
    state.tour = None;
    state.notify(Role::Dim, "sent");
    state.content = Pane::Stream;
    state.last_pane = Pane::Stream;
    state.stream.scroll = crate::tui::state::Scroll::FOLLOW;
}

/// What was understood, as a document to be changed and sent.
fn edit_understood(state: &mut State) {
    if let Some(Reading::Understood { document_json, .. }) = state.composer.reading.take() {
        state.composer.line.set(document_json);
    }
}
