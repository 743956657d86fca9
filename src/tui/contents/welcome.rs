//! What the middle of the screen says before anything has happened.

use crate::tui::document::{Document, piece};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::wire::messages::MissionState;

const STEPS: [(MissionState, &str, &str); 5] = [
    (
        MissionState::Decomposing,
        "BRICK",
        "takes the brief apart: object, signature, checks",
    ),
    (
        MissionState::Delegating,
        "BABS",
        "finds what the image already knows",
    ),
    (
        MissionState::Synthesizing,
        "BRICK",
        "writes candidates for the method",
    ),
    (
        MissionState::Validating,
        "guardian",
        "judges and tries each; no model can talk it round",
    ),
    (
        MissionState::Complete,
        "ROBIN",
        "tells you; the method stays in the Living Image",
    ),
];

pub fn write(document: &mut Document, state: &State) {
    document.blank();
    document.wrapped(
        &[
            piece(
                Role::Strong,
                "Say in plain words what an object should be able to do.",
            ),
            piece(
                Role::Text,
                " Local models write the method, a guardian judges it, and it is kept.",
            ),
        ],
        0,
    );
    document.blank();
    for (step, persona, text) in STEPS {
        let name = piece(super::state_role(step), format!("  {:<13}", step.name()));
        let who = piece(super::persona_role(persona), format!("{persona:<9}"));
        if document.width() < 60 {
            document.wrapped(&[name, piece(Role::Dim, text)], 15);
        } else {
            document.wrapped(&[name, who, piece(Role::Text, text)], 24);
        }
    }
    document.blank();
    let label = |context, action| state.keymap.label(context, action);
    let tried = state.missions.list().is_empty();
    document.wrapped(
        &if tried {
            vec![
                piece(Role::Text, "Press "),
                piece(Role::Key, label(Context::Composer, Action::Right)),
                piece(Role::Text, " to take the example below, "),
                piece(Role::Key, label(Context::Composer, Action::Submit)),
                piece(Role::Text, " to send it. "),
                piece(Role::Key, label(Context::Everywhere, Action::Help)),
                piece(Role::Text, " lists every key."),
            ]
        } else {
            vec![piece(
                Role::Dim,
                "What the personas write appears here while a mission is under way.",
            )]
        },
        0,
    );
}
