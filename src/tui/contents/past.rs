//! One version in an object's past: who made it, what the log says of it, what it made different.

use super::diff;
use crate::tui::document::{Document, Row, piece};
use crate::tui::state::State;
use crate::tui::state::objects::{Against, Past};
use crate::tui::theme::Role;
use crate::wire::image::TransactionView;

/// A version in the list: its number, when it was, whose it is, what the log says of it.
pub fn row(state: &State, at: usize, width: u16) -> Row {
    let version = state.objects.past.as_ref();
    let Some(version) = version.and_then(|past| past.list().get(at)) else {
        return Row::new();
    };
    let mut row = vec![
        piece(Role::Accent, format!(" {:>4} ", version.tid)),
        piece(
            Role::Dim,
            format!("{}  ", super::day(version.time_ms, state.utc_offset_s)),
        ),
    ];
    if width >= 50 {
        row.push(piece(Role::Text, format!("{:<11} ", version.author)));
    }
    row.push(piece(Role::Text, what(state, version)));
    row
}

/// What a mission was about says more than that it ended.
fn what(state: &State, version: &TransactionView) -> String {
    let mission = version.mission().and_then(|id| state.missions.get(id));
    match mission {
        Some(mission) => mission.brief.lines().next().unwrap_or_default().to_owned(),
        None => version.lines.first().cloned().unwrap_or_default(),
    }
}

pub fn document(past: &Past, width: u16) -> Document {
    let mut document = Document::new(width);
    let Some(chosen) = past.chosen() else {
        let text = match past.versions {
            None => "asking the kernel",
            Some(_) => "Nothing of its past is kept: it was packed away.",
        };
        document.wrapped(&[piece(Role::Dim, text)], 0);
        return document;
    };
    for line in &chosen.lines {
        document.wrapped(&[piece(Role::Text, line.as_str())], 2);
    }
    let others: Vec<&str> = chosen
        .changed
        .iter()
        .map(String::as_str)
        .filter(|name| *name != past.object)
        .collect();
    if !others.is_empty() {
        let text = format!("also changed: {}", others.join(", "));
        document.wrapped(&[piece(Role::Dim, text)], 2);
    }
    if !chosen.tags.is_empty() {
        let text = format!("tags: {}", chosen.tags.join(", "));
        document.wrapped(&[piece(Role::Accent, text)], 2);
    }
    document.blank();
    let (title, none) = match past.against {
        Against::Before => ("What it changed", ""),
        Against::Now => ("From then to now", "This is how it is now."),
    };
    document.row(vec![piece(Role::Title, title)]);
    if let Some(trouble) = &past.trouble {
        let text = format!("cannot be shown: {trouble}");
        document.wrapped(&[piece(Role::Warning, text)], 2);
    } else if let Some(difference) = past.difference() {
        diff::write(&mut document, difference, past.method.as_deref());
    } else if past.moments().is_none() {
        document.row(vec![piece(Role::Dim, none)]);
    } else {
        document.row(vec![piece(Role::Dim, "asking the kernel")]);
    }
    document
}
