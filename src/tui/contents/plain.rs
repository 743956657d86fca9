//! What a pane says as plain text, without line numbers, rules and columns: to be copied.

use super::{of, subject};
use crate::tui::document::Document;
use crate::tui::layout;
use crate::tui::state::knowledge::Known;
use crate::tui::state::{Pane, State};
use crate::wire::messages::{LogEntry, LogLevel};

/// What one means when one copies in a pane: the entry that is read, the source that is shown.
pub fn one(state: &State) -> String {
    match state.focus {
        Pane::Composer => state.composer.line.text().to_owned(),
        Pane::Missions => mission(state),
        Pane::Mission => match (state.missions.shown(), state.missions.selected_detail()) {
            (Some((_, judged)), _) => judged.code.text(),
            (None, Some(detail)) => match (&detail.report.source, &detail.report.answer) {
                (Some(source), _) => source.clone(),
                (None, Some(answer)) => answer.clone(),
                (None, None) => mission(state),
            },
            (None, None) => mission(state),
        },
        Pane::Objects | Pane::Object => object(state),
        Pane::Log => entry(state, state.log.row()).unwrap_or_default(),
        Pane::Stream => stream(state),
        Pane::Knowledge => knowledge(state),
        pane @ (Pane::Itself | Pane::Memory | Pane::System) => {
            rows(&of(pane, state, layout::text(whole(state)).width))
        }
    }
}

/// What the pane has, as far as it is at hand.
pub fn all(state: &State) -> String {
    match state.focus {
        Pane::Log => {
            let height = usize::from(layout::areas(state).body(Pane::Log, state).height);
            let top = state.log.top(height);
            let lines = (top..top + height).filter_map(|row| line(state, row));
            lines.collect::<Vec<_>>().join("\n")
        }
        Pane::Missions => {
            let list = state.missions.list().iter();
            let line = |one: &crate::wire::messages::MissionSummary| {
                format!("{} {} {}", one.id, one.state.name(), subject(one))
            };
            list.map(line).collect::<Vec<_>>().join("\n")
        }
        _ => one(state),
    }
}

fn whole(state: &State) -> ratatui::layout::Rect {
    ratatui::layout::Rect::new(0, 0, state.size.0, state.size.1)
}

fn mission(state: &State) -> String {
    let brief = state.missions.selected().map(|one| one.brief.clone());
    brief.unwrap_or_default()
}

fn object(state: &State) -> String {
    let Some(detail) = state.objects.selected_detail() else {
        return state.objects.selected().unwrap_or_default().to_owned();
    };
    let slots = detail
        .view
        .slots
        .iter()
        .map(|slot| format!("{}: {} = {}", slot.name, slot.rust_type, slot.value_json));
    let sources = detail
        .view
        .methods
        .iter()
        .map(|method| format!("\n{}", method.source.trim_end()));
    std::iter::once(detail.view.name.clone())
        .chain(slots)
        .chain(sources)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The parts of the chosen document, or what was found.
fn knowledge(state: &State) -> String {
    if let Some(looked) = state.knowledge.chosen_looked() {
        let texts = looked.chunks.iter().map(|chunk| chunk.text.as_str());
        return texts.collect::<Vec<_>>().join("\n");
    }
    match state.knowledge.chosen() {
        Some(Known::Hit(hit)) => hit.text.clone(),
        Some(Known::Document(one)) => one.name.clone(),
        None => String::new(),
    }
}

fn stream(state: &State) -> String {
    let newest = state.stream.newest();
    let shown = newest.and_then(|one| one.candidates.get(state.stream.shown));
    shown
        .map(|candidate| candidate.code.text())
        .unwrap_or_default()
}

/// A row of the log in one line.
fn line(state: &State, row: usize) -> Option<String> {
    let entry = state.log.get(row)?;
    let mission = entry
        .mission
        .map(|id| format!(" #{id}"))
        .unwrap_or_default();
    let persona = entry.persona.as_ref().map(|name| format!(" {name}"));
    Some(format!(
        "{} {}{mission}{} {}: {}",
        super::clock(entry.time_ms, state.utc_offset_s),
        level(entry),
        persona.unwrap_or_default(),
        entry.event,
        entry.text
    ))
}

/// The same with its fields.
fn entry(state: &State, row: usize) -> Option<String> {
    let entry = state.log.get(row)?;
    let line = line(state, row)?;
    if entry.fields_json.len() > 2 {
        Some(format!("{line}\n{}", entry.fields_json))
    } else {
        Some(line)
    }
}

fn level(entry: &LogEntry) -> &'static str {
    match entry.level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}

fn rows(document: &Document) -> String {
    let rows = document.rows().iter().map(|row| {
        let text: String = row.iter().map(|piece| piece.text.as_str()).collect();
        text.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}
