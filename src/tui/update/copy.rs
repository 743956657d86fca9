//! Copying: to the terminal's clipboard, or as bare text on the screen to be marked.

use super::Effect;
use crate::tui::contents::{self, plain};
use crate::tui::keymap::{Action, Context};
use crate::tui::osc::MAX_CLIPBOARD_BYTES;
use crate::tui::state::{Overlay, Reader, State};
use crate::tui::theme::Role;

/// Sends what the pane is about to the terminal's clipboard.
pub(super) fn copy(state: &mut State, effects: &mut Vec<Effect>) {
    let text = match &state.overlay {
        Some(Overlay::Reader(reader)) => reader.text().to_owned(),
        _ => plain::one(state),
    };
    if text.is_empty() {
        return state.notify(Role::Dim, "there is nothing to copy here");
    }
    if text.len() > MAX_CLIPBOARD_BYTES {
        let bare = state.keymap.label(Context::Panes, Action::CopyMode);
        let text = format!(
            "{} bytes are too much for a terminal's clipboard, which takes {MAX_CLIPBOARD_BYTES}; {bare} shows it bare, to be marked",
            text.len()
        );
        return state.notify(Role::Warning, text);
    }
    let sent = contents::count(text.chars().count() as u64, "character");
    let lines = contents::count(text.lines().count() as u64, "line");
    state.notify(
        Role::Dim,
        format!("sent {sent} in {lines} to the terminal's clipboard"),
    );
    effects.push(Effect::Copy(text));
}

/// The pane's text and nothing else on the screen.
pub(super) fn bare(state: &mut State) {
    let text = plain::all(state);
    let title = state.focus.title();
    state.overlay = Some(Overlay::Reader(Reader::new(title, &text, true)));
}
