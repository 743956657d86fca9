//! The first row: which profile, which model, and how the kernel is.

use crate::tui::contents;
use crate::tui::document::{Piece, Row, cut, piece, row_width};
use crate::tui::state::{Link, State};
use crate::tui::theme::Role;
use crate::wire::messages::{EngineStatus, MissionState};

pub fn row(state: &State, width: u16) -> Row {
    let width = usize::from(width);
    let mut row: Row = vec![piece(Role::Brand, " BAT OS "), piece(Role::Text, " ")];
    if let Some(status) = &state.status {
        row.push(piece(Role::Strong, status.profile.as_str()));
        row.push(piece(Role::Rule, " │ "));
        row.extend(engine(&status.engine, width));
    }
    let right = kernel(state, width);
    let room = width.saturating_sub(row_width(&right) + 1);
    let mut row = cut(row, room);
    let gap = room.saturating_sub(row_width(&row));
    row.push(piece(Role::Text, " ".repeat(gap)));
    row.extend(right);
    row
}

fn engine(engine: &EngineStatus, width: usize) -> Vec<Piece> {
    if let Some((name, fraction)) = &engine.loading {
        return loading(name, *fraction);
    }
    let Some(model) = engine.resident.first() else {
        let role = if engine.trouble.is_some() {
            Role::Bad
        } else {
            Role::Dim
        };
        let text = if engine.pid.is_some() {
            "no model loaded"
        } else {
            "no engine"
        };
        return vec![piece(role, text)];
    };
    let mut row = vec![
        piece(Role::Good, "● "),
        piece(Role::Text, model.name.as_str()),
    ];
    let more = engine.resident.len() - 1;
    if more > 0 {
        row.push(piece(Role::Dim, format!(" +{more}")));
    }
    let total: u64 = engine.resident.iter().map(|model| model.bytes).sum();
    let mut facts = vec![engine.backend.clone(), contents::bytes(total)];
    if width >= 110 {
        facts.push(format!("context {}", model.context));
    }
    facts.retain(|fact| !fact.is_empty());
    row.push(piece(Role::Dim, format!(" {}", facts.join(" · "))));
    row
}

fn loading(name: &str, fraction: f32) -> Vec<Piece> {
    let fraction = if fraction.is_finite() {
        fraction.clamp(0.0, 1.0)
    } else {
        0.0
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 100"
    )]
    let percent = (fraction * 100.0) as usize;
    let filled = percent / 10;
    vec![
        piece(Role::Warning, format!("loading {name} ")),
        piece(Role::Accent, "━".repeat(filled)),
        piece(Role::Rule, "─".repeat(10 - filled.min(10))),
        piece(Role::Warning, format!(" {percent}%")),
    ]
}

fn kernel(state: &State, width: usize) -> Row {
    match &state.link {
        Link::Connecting => vec![piece(Role::Warning, "connecting ")],
        Link::Away { .. } => vec![piece(Role::Badge, " kernel away ")],
        Link::Up => {
            let mut row = Row::new();
            if state.read_only {
                row.push(piece(Role::Badge, " read-only "));
                row.push(piece(Role::Text, " "));
            }
            let under_way = state.mission_under_way().map(|mission| mission.id);
            let waiting = |state: MissionState| state == MissionState::Idle;
            let missions = state.missions.list().iter();
            let queued = missions
                .filter(|one| waiting(one.state) && Some(one.id) != under_way)
                .count();
            if queued > 0 {
                row.push(piece(Role::Warning, format!("{queued} waiting · ")));
            }
            if let Some(status) = &state.status {
                if status.safe_mode {
                    row.push(piece(Role::Badge, " SAFE MODE "));
                    row.push(piece(Role::Text, " "));
                }
                if status.restarts > 0 && width >= 90 {
                    let text = contents::count(status.restarts.into(), "restart");
                    row.push(piece(Role::Dim, format!("{text} · ")));
                }
                if width >= 72 {
                    row.push(piece(Role::Dim, format!("transaction {} · ", status.tid)));
                }
            }
            row.push(piece(Role::Good, "● "));
            row.push(piece(Role::Text, "kernel "));
            row
        }
    }
}
