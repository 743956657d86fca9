//! What each scrolling pane says: documents made from the state, without colours or positions.

mod candidates;
pub mod diff;
pub mod help;
pub mod itself;
pub mod knowledge;
pub mod memory;
pub mod mission;
pub mod object;
pub mod panel;
mod past;
pub mod plain;
mod plan;
pub mod question;
pub mod stream;
pub mod system;
pub mod tour;
pub mod trouble;
pub mod welcome;

use super::document::{Document, Row, cut};
use super::state::{Pane, State};
use super::theme::Role;
use crate::wire::messages::MissionState;

/// The contents of a pane that shows a document.
pub fn of(pane: Pane, state: &State, width: u16) -> Document {
    match pane {
        Pane::Mission => mission::document(state, width),
        Pane::Object => match &state.objects.past {
            Some(past) => past::document(past, width),
            None => object::document(state, width),
        },
        Pane::Itself => itself::document(state, width),
        Pane::Memory => memory::document(state, width),
        Pane::Knowledge => knowledge::document(state, width),
        Pane::System => system::document(state, width),
        _ => stream::document(state, width),
    }
}

/// A row of the list that a pane has beside its document.
pub fn row(pane: Pane, state: &State, at: usize, width: u16) -> Row {
    let row = match pane {
        Pane::Object => past::row(state, at, width),
        Pane::Knowledge => knowledge::row(state, at, width),
        _ => Row::new(),
    };
    cut(row, usize::from(width).saturating_sub(1))
}

/// Each persona has its own colour.
pub fn persona_role(name: &str) -> Role {
    match name.to_ascii_uppercase().as_str() {
        "ALFRED" => Role::Alfred,
        "BRICK" => Role::Brick,
        "ROBIN" => Role::Robin,
        "BABS" => Role::Babs,
        "TRANSLATOR" => Role::Translator,
        _ => Role::Strong,
    }
}

pub fn state_role(state: MissionState) -> Role {
    match state {
        MissionState::Complete => Role::Good,
        MissionState::Failed => Role::Bad,
        MissionState::Idle => Role::Dim,
        _ => Role::Warning,
    }
}

/// `0.4s`, `12s`, `3m 04s`, `2h 05m`.
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "0s".to_owned();
    }
    if seconds < 9.95 {
        return format!("{seconds:.1}s");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and saturates"
    )]
    let whole = seconds as u64;
    match whole {
        0..=59 => format!("{whole}s"),
        60..=3599 => format!("{}m {:02}s", whole / 60, whole % 60),
        _ => format!("{}h {:02}m", whole / 3600, whole / 60 % 60),
    }
}

/// Whole seconds since a time: what ticks on the screen.
pub fn since(now_ms: u64, then_ms: u64) -> String {
    let seconds = now_ms.saturating_sub(then_ms) / 1000;
    match seconds {
        0..=9 => format!("{seconds}s"),
        _ => duration(f64::from(u32::try_from(seconds).unwrap_or(u32::MAX))),
    }
}

/// `12:03:04` in the person's own time.
pub fn clock(time_ms: u64, utc_offset_s: i32) -> String {
    let seconds = i64::try_from(time_ms / 1000).unwrap_or(0) + i64::from(utc_offset_s);
    let of_day = seconds.rem_euclid(86_400);
    format!(
        "{:02}:{:02}:{:02}",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// `27 Nov 12:03` in the person's own time.
pub fn day(time_ms: u64, utc_offset_s: i32) -> String {
    let time = i64::try_from(time_ms).ok();
    let time = time.and_then(|time| jiff::Timestamp::from_millisecond(time).ok());
    let offset = jiff::tz::Offset::from_seconds(utc_offset_s);
    match (time, offset) {
        (Some(time), Ok(offset)) => offset.to_datetime(time).strftime("%e %b %H:%M").to_string(),
        _ => String::new(),
    }
}

/// `640 MiB`, `1.1 GiB`.
pub fn bytes(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    let tenths = bytes.saturating_mul(10) >> 30;
    if tenths >= 10 {
        format!("{}.{} GiB", tenths / 10, tenths % 10)
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

/// `1 attempt`, `3 attempts`.
pub fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The window's title: which mission is under way, in which state. It changes with these only.
pub fn window_title(state: &State) -> String {
    match state.mission_under_way() {
        Some(mission) => format!("BAT OS: #{} {}", mission.id, mission.state.name()),
        None => "BAT OS".to_owned(),
    }
}

/// What a mission is about, in a few words.
pub fn subject(mission: &crate::wire::messages::MissionSummary) -> String {
    match (&mission.object, &mission.selector) {
        (Some(object), Some(selector)) => format!("{object}.{selector}"),
        (Some(object), None) if !mission.intent.is_empty() => {
            format!("{} {object}", mission.intent)
        }
        _ => mission.brief.lines().next().unwrap_or_default().to_owned(),
    }
}
