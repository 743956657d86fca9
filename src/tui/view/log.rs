//! The metacognition pane.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::histogram;
use super::paint::Painter;
use crate::tui::clean;
use crate::tui::contents::{clock, persona_role};
use crate::tui::document::{Document, Row, cut, piece};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{Pane, State};
use crate::tui::theme::Role;
use crate::wire::messages::{LogEntry, LogLevel};

/// `#12 ALFRED` and a space.
const TAG_COLUMNS: usize = 11;

pub fn paint(painter: &mut Painter, state: &State, mut area: Rect) {
    let log = &state.log;
    if log.is_empty() {
        let leave = state.keymap.label(Context::Panes, Action::Leave);
        let text = if log.scanned().is_some() {
            format!(" searching; {leave} stops it")
        } else if log.filter().is_open() {
            " no entries yet".to_owned()
        } else {
            format!(" no entry passes the filter; {leave} drops it")
        };
        return painter.row(area, 0, &[piece(Role::Dim, text)]);
    }
    if log.histogram && area.height >= 8 {
        histogram::paint(painter, state, &mut area);
    }
    if log.details && area.height >= 4 {
        details(painter, state, &mut area);
    }
    let top = log.top(usize::from(area.height));
    for offset in 0..area.height {
        let at = top + usize::from(offset);
        if at >= log.len() {
            break;
        }
        let reading = at == log.row() && (!log.follows() || log.details);
        let row = match log.get(at) {
            Some(entry) => row(state, entry, area.width),
            None => waiting(state, at),
        };
        let row = cut(row, usize::from(area.width).saturating_sub(1));
        match (reading, state.focus == Pane::Log) {
            (true, true) => painter.bar(area, offset, row, Role::Selected),
            (true, false) => painter.bar(area, offset, row, Role::SelectedIdle),
            (false, _) => painter.row(area, offset, &row),
        }
    }
    painter.scroll_mark(area, top, log.len());
}

fn row(state: &State, entry: &LogEntry, width: u16) -> Row {
    let (mark, role) = match entry.level {
        LogLevel::Debug => ("·", Role::Dim),
        LogLevel::Info => (" ", Role::Text),
        LogLevel::Warn => ("!", Role::Warning),
        LogLevel::Error => ("✗", Role::Bad),
    };
    let mut row = vec![
        piece(
            Role::Dim,
            format!(" {} ", clock(entry.time_ms, state.utc_offset_s)),
        ),
        piece(role, format!("{mark} ")),
    ];
    // Mission and persona share a column, so that the texts stand in line.
    let mission = entry
        .mission
        .map(|id| format!("#{id} "))
        .unwrap_or_default();
    let persona = entry.persona.clone().unwrap_or_default();
    let used = mission.width() + persona.width();
    let column = if width >= 60 { TAG_COLUMNS } else { 0 };
    row.push(piece(Role::Accent, mission));
    row.push(piece(persona_role(&persona), persona));
    row.push(piece(
        Role::Text,
        " ".repeat(column.saturating_sub(used).max(1)),
    ));
    if width >= 110 {
        row.push(piece(Role::Dim, format!("{} ", entry.event)));
    }
    mark_matches(&entry.text, state.log.search(), role, &mut row);
    row
}

/// The text with what is searched for marked.
fn mark_matches(text: &str, search: &str, role: Role, row: &mut Row) {
    let (lower, wanted) = (text.to_lowercase(), search.to_lowercase());
    // Offsets agree only where lower case has the same length.
    if wanted.is_empty() || lower.len() != text.len() {
        return row.push(piece(role, text));
    }
    let mut at = 0;
    for (start, found) in lower.match_indices(&wanted) {
        if let (Some(before), Some(hit)) =
            (text.get(at..start), text.get(start..start + found.len()))
        {
            row.push(piece(role, before));
            row.push(piece(Role::Match, hit));
            at = start + found.len();
        }
    }
    row.push(piece(role, text.get(at..).unwrap_or_default()));
}

/// A row that is still being read from its file: what is known of it already.
fn waiting(state: &State, row: usize) -> Row {
    let time = state.log.time_ms(row).unwrap_or(0);
    vec![piece(
        Role::Ghost,
        format!(" {}   …", clock(time, state.utc_offset_s)),
    )]
}

/// The entry that one reads, in full, in the lower part of the pane.
fn details(painter: &mut Painter, state: &State, area: &mut Rect) {
    let Some(entry) = state.log.get(state.log.row()) else {
        return;
    };
    let mut document = Document::new(area.width.saturating_sub(2));
    document.row(vec![piece(Role::Strong, entry.event.as_str())]);
    document.wrapped(&[piece(Role::Text, entry.text.as_str())], 0);
    fields(&mut document, &entry.fields_json);
    let rows = u16::try_from(document.len())
        .unwrap_or(u16::MAX)
        .min(area.height * 3 / 5);
    area.height -= rows + 1;
    let below = Rect {
        y: area.bottom(),
        height: 1,
        ..*area
    };
    painter.rule(below, Row::new(), Row::new(), Role::Rule);
    let text = Rect {
        x: area.x + 1,
        y: below.y + 1,
        width: area.width.saturating_sub(1),
        height: rows,
    };
    painter.document(text, &document, 0);
}

/// One field a row, its name first; what is no object stays as it is.
fn fields(document: &mut Document, json: &str) {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(json) else {
        return;
    };
    for (name, value) in fields {
        let value = match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let value: String = clean::text(&value).chars().take(4_000).collect();
        let name = clean::line(&name);
        document.wrapped(
            &[
                piece(Role::Dim, format!("{name:<14} ")),
                piece(Role::CodeString, value),
            ],
            15,
        );
    }
}

/// What the title row says about filter, search and what has come in.
pub fn badges(state: &State) -> Row {
    let log = &state.log;
    let filter = log.filter();
    let mut parts = Vec::new();
    match filter.level {
        LogLevel::Debug => {}
        LogLevel::Info => parts.push("info and up".to_owned()),
        LogLevel::Warn => parts.push("warnings and up".to_owned()),
        LogLevel::Error => parts.push("errors".to_owned()),
    }
    if let Some(mission) = filter.mission {
        parts.push(format!("mission {mission}"));
    }
    if let Some(persona) = &filter.persona {
        parts.push(persona.clone());
    }
    if !filter.text.is_empty() {
        parts.push(filter.text.clone());
    }
    let mut row = Row::new();
    // First, because what does not fit is cut at the end.
    match (log.follows(), log.new_count()) {
        (true, _) => {}
        (false, 0) => row.push(piece(Role::Badge, " paused ")),
        (false, new) => row.push(piece(Role::Badge, format!(" {new} new "))),
    }
    if !parts.is_empty() {
        row.push(piece(Role::Accent, format!(" {} ", parts.join(", "))));
        row.push(piece(
            Role::Dim,
            format!("{} of {} ", log.len(), log.kept()),
        ));
    }
    if !log.search().is_empty() {
        row.push(piece(Role::Accent, format!(" /{} ", log.search())));
        if log.reads_files() {
            row.push(piece(Role::Dim, format!("{} found ", log.hit_count())));
        }
    }
    if let Some(percent) = log.scanned() {
        row.push(piece(Role::Warning, format!(" searching {percent}% ")));
    }
    if let Some(percent) = log.stopped() {
        row.push(piece(Role::Warning, format!(" stopped at {percent}% ")));
    }
    if !log.follows() && log.len() > 999 {
        let place = format!(" {} of {} ", log.row() + 1, log.len());
        row.push(piece(Role::Dim, place));
    }
    if let Some(dropped) = state
        .status
        .as_ref()
        .map(|status| status.log_dropped)
        .filter(|dropped| *dropped > 0)
    {
        row.push(piece(
            Role::Warning,
            format!(" {dropped} lost to a slow disk "),
        ));
    }
    row
}
