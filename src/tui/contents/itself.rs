//! The Self pane: what the system displays of itself, or why it does not yet and what to do.

use super::panel;
use crate::tui::document::{Document, piece};
use crate::tui::state::display::{DISPLAY, SYSTEM, Shown};
use crate::tui::state::{Link, State};
use crate::tui::theme::Role;
use crate::wire::messages::{MissionState, MissionSummary};

/// What a person writes so that the system has a display, or another one.
pub const TEACH: &str = "teach System to display itself";

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width);
    match &state.display.shown {
        Some(Shown::Panel(panel)) if panel.parts.is_empty() => {
            let text = format!("{SYSTEM}.{DISPLAY} shows nothing. ");
            document.wrapped(&[piece(Role::Dim, text), remedy_verb()], 0);
        }
        Some(Shown::Panel(shown)) => panel::write(&mut document, shown),
        Some(Shown::Text(text)) => document.wrapped(&[piece(Role::Text, text.as_str())], 0),
        Some(Shown::Trouble(trouble)) => {
            let left = vec![piece(Role::Bad, "✗ "), piece(Role::Text, trouble.as_str())];
            document.wrapped(&left, 2);
        }
        None => not_yet(&mut document, state),
    }
    document
}

fn remedy_verb() -> crate::tui::document::Piece {
    piece(Role::Text, "Press e and say what it should show.")
}

fn not_yet(document: &mut Document, state: &State) {
    document.blank();
    if state.display_is_there() {
        let text = match state.link {
            Link::Up => "asking the system",
            _ => "the kernel is away",
        };
        document.row(vec![piece(Role::Dim, text)]);
        return;
    }
    let title = "The system has no display yet.";
    document.wrapped(&[piece(Role::Strong, title)], 0);
    document.blank();
    let Some(mission) = state.display_mission() else {
        let text = "This image began without one. Write below: ";
        let remedy = [piece(Role::Text, text), piece(Role::Key, TEACH)];
        return document.wrapped(&remedy, 0);
    };
    let named = piece(Role::Accent, format!("mission {} ", mission.id));
    match mission.state {
        MissionState::Failed => {
            let why = format!("has not made one: {}", mission.outcome);
            document.wrapped(&[named, piece(Role::Text, why)], 0);
            document.blank();
            let text =
                "The system tries three times, with pauses. To do it yourself, write below: ";
            document.wrapped(&[piece(Role::Text, text), piece(Role::Key, TEACH)], 0);
        }
        MissionState::Idle => {
            let text = format!("is to write it. {}", why_it_waits(state, mission));
            document.wrapped(&[named, piece(Role::Text, text)], 0);
        }
        now => {
            let text = format!("writes it: {}.", now.name());
            document.wrapped(&[named, piece(Role::Text, text)], 0);
        }
    }
}

fn why_it_waits(state: &State, mission: &MissionSummary) -> String {
    let trouble = state.status.as_ref();
    let trouble = trouble.and_then(|status| status.engine.trouble.as_deref());
    let before = state.mission_under_way();
    match (trouble, before) {
        (Some(trouble), _) => format!("It waits for a model: {trouble}"),
        (None, Some(other)) if other.id != mission.id => {
            format!("It waits for mission {}; yours go first.", other.id)
        }
        _ => "It begins when nothing else is to be done and a model and a compiler are there; \
              `batos doctor` says what is missing."
            .to_owned(),
    }
}
