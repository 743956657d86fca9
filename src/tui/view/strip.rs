//! The second row: where the mission stands in the Prototypal State Machine.

use ratatui::layout::Rect;

use super::paint::Painter;
use crate::tui::contents;
use crate::tui::document::{Row, cut, piece, row_width};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::wire::messages::{MissionState, MissionSummary};

const PATH: [MissionState; 5] = [
    MissionState::Idle,
    MissionState::Decomposing,
    MissionState::Delegating,
    MissionState::Synthesizing,
    MissionState::Validating,
];

pub fn paint(painter: &mut Painter, state: &State, area: Rect) {
    // Between missions the last one's end stays, so that one sees how it went.
    let newest = state.missions.list().first();
    let mission = state.mission_under_way().or(newest);
    let width = usize::from(area.width);
    let [full, tight, short] = [" ▸ ", "▸", ""].map(|between| row(state, mission, between));
    let facts = mission
        .map(|mission| facts(state, mission))
        .unwrap_or_default();
    let needed = row_width(&facts) + 1;
    let mut left = if row_width(&full) + needed <= width {
        full
    } else if row_width(&tight) + needed <= width {
        tight
    } else {
        short
    };
    if let Some(mission) = mission {
        let room = width.saturating_sub(row_width(&left) + needed + 3);
        if room >= 8 {
            left.push(piece(Role::Text, "   "));
            left.extend(cut(
                vec![piece(Role::Strong, contents::subject(mission))],
                room,
            ));
        }
    }
    let gap = width.saturating_sub(row_width(&left) + needed);
    left.push(piece(Role::Text, " ".repeat(gap)));
    left.extend(facts);
    painter.row(area, 0, &left);
}

/// The states in a row; only the current one when `between` is empty.
fn row(state: &State, mission: Option<&MissionSummary>, between: &str) -> Row {
    let now = mission.map(|mission| mission.state);
    let mut row = vec![match mission {
        Some(mission) => piece(Role::Accent, format!(" #{} ", mission.id)),
        None => piece(Role::Text, " "),
    }];
    let last = match now {
        Some(MissionState::Failed) => MissionState::Failed,
        _ => MissionState::Complete,
    };
    let path = PATH.iter().chain([&last]);
    let reached = PATH.iter().chain([&last]).position(|one| Some(*one) == now);
    for (at, one) in path.enumerate() {
        let role = match reached {
            Some(reached) if at == reached => current(*one, state),
            Some(reached) if at < reached && last == MissionState::Complete => Role::StatePast,
            _ => Role::StateAhead,
        };
        let here = reached == Some(at) || (reached.is_none() && at == 0);
        if between.is_empty() && !here {
            continue;
        }
        if at > 0 && !between.is_empty() {
            row.push(piece(Role::Rule, between));
        }
        row.push(piece(role, one.name()));
    }
    row
}

fn current(now: MissionState, state: &State) -> Role {
    match now {
        MissionState::Complete => Role::Good,
        MissionState::Failed => Role::Bad,
        MissionState::Idle if state.mission_under_way().is_none() => Role::StateAhead,
        _ => Role::StateNow,
    }
}

/// Attempts, and the time in this state while it goes on.
fn facts(state: &State, mission: &MissionSummary) -> Row {
    let mut row = Row::new();
    if mission.attempts > 1 {
        row.push(piece(Role::Warning, format!("try {} ", mission.attempts)));
    }
    if !mission.state.has_ended() {
        let time = contents::since(state.now_ms, mission.state_since_ms);
        row.push(piece(Role::Accent, format!("{time} ")));
    }
    row
}
