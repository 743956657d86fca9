//! The candidates of a mission's round with their verdicts: beside each other where there is room, else one
//! under another, the chosen one first. Each diagnostic stands below the line that it is about.

use crate::tui::document::{Code, Document, Row, piece};
use crate::tui::state::State;
use crate::tui::state::missions::Judged;
use crate::tui::theme::Role;
use crate::wire::messages::DiagnosticView;

/// Columns that a candidate needs beside others.
const LEAST_COLUMNS: usize = 56;
/// Between two.
const GAP: usize = 3;

/// The round of the candidate that is shown; false when none was judged.
pub(super) fn write(document: &mut Document, state: &State) -> bool {
    let (Some(mission), Some((at, _))) = (state.missions.selected(), state.missions.shown()) else {
        return false;
    };
    let all: Vec<&Judged> = state.missions.judged(mission.id).collect();
    let (first, round) = round_of(&all, at);
    let width = document.width();
    document.blank();
    let fit = ((width + GAP) / (LEAST_COLUMNS + GAP)).max(1);
    if fit >= 2 && round.len() >= 2 {
        let count = fit.min(round.len());
        // Those around the chosen one, when not all fit.
        let start = (at - first)
            .saturating_sub(count / 2)
            .min(round.len() - count);
        let columns = (width + GAP) / count - GAP;
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        let one = |place: usize, judged: &&Judged| {
            let mut column = Document::new(columns);
            let number = first + place;
            verdict(&mut column, judged, (number, all.len()), number == at);
            column
        };
        let shown = round.iter().enumerate().skip(start).take(count);
        let columns: Vec<Document> = shown.map(|(place, judged)| one(place, judged)).collect();
        document.beside(&columns);
        return true;
    }
    let others = (0..round.len()).filter(|place| first + place != at);
    for (written, place) in std::iter::once(at - first).chain(others).enumerate() {
        let Some(judged) = round.get(place) else {
            continue;
        };
        if written > 0 {
            document.blank();
        }
        let several = round.len() > 1 && written == 0;
        verdict(document, judged, (first + place, all.len()), several);
    }
    true
}

/// Where the round of a candidate begins, and its candidates: within one their numbers rise.
fn round_of<'a>(all: &[&'a Judged], at: usize) -> (usize, Vec<&'a Judged>) {
    let rises = |place: usize| {
        let number = |place: usize| all.get(place).map(|judged| judged.candidate);
        place > 0 && number(place) > number(place - 1)
    };
    let mut first = at;
    while rises(first) {
        first -= 1;
    }
    let mut end = at + 1;
    while end < all.len() && rises(end) {
        end += 1;
    }
    (first, all.get(first..end).unwrap_or_default().to_vec())
}

fn verdict(document: &mut Document, judged: &Judged, (at, count): (usize, usize), chosen: bool) {
    let (word, role) = if judged.accepted {
        ("✓ accepted", Role::Good)
    } else {
        ("✗ refused", Role::Bad)
    };
    let stage = judged.diagnostics.first().filter(|_| !judged.accepted);
    let by = stage.map_or_else(String::new, |first| format!(" by {}", first.stage));
    let name = format!("Candidate {} ", judged.candidate + 1);
    let title = if chosen {
        Role::TitleFocused
    } else {
        Role::Strong
    };
    document.row_apart(
        vec![piece(title, name), piece(role, format!("{word}{by}"))],
        vec![piece(
            Role::Dim,
            format!("[ {} of {count} judged ]", at + 1),
        )],
    );
    source(document, &judged.code, &judged.diagnostics);
}

/// The source with each diagnostic below the line it is about, which is marked; those without a place come first.
pub(super) fn source(document: &mut Document, code: &Code, diagnostics: &[DiagnosticView]) {
    let lines = u32::try_from(code.line_count()).unwrap_or(u32::MAX);
    for diagnostic in diagnostics
        .iter()
        .filter(|one| one.line == 0 || one.line > lines)
    {
        place(document, diagnostic, "");
    }
    let digits = code.line_count().max(10).to_string().len();
    let marked: Vec<u32> = diagnostics.iter().map(|one| one.line).collect();
    document.marked_code(code, true, &marked, |document, number| {
        for diagnostic in diagnostics.iter().filter(|one| one.line == number) {
            let column = usize::try_from(diagnostic.column.max(1) - 1).unwrap_or(0);
            let gutter = format!("{:digits$} ╰─{}", "", "─".repeat(column.min(24)));
            place(document, diagnostic, &gutter);
        }
    });
}

pub(super) fn place(document: &mut Document, diagnostic: &DiagnosticView, gutter: &str) {
    let mut row = Row::new();
    if !gutter.is_empty() {
        row.push(piece(Role::Bad, format!("{gutter}^ ")));
    }
    row.push(piece(Role::Bad, format!("{}: ", diagnostic.stage)));
    row.push(piece(Role::Text, diagnostic.message.as_str()));
    let indent = 5;
    document.wrapped(&row, indent);
    if let Some(hint) = &diagnostic.hint {
        document.wrapped(
            &[
                piece(Role::Text, " ".repeat(indent)),
                piece(Role::Good, "hint: "),
                piece(Role::Text, hint.as_str()),
            ],
            indent + 6,
        );
    }
}
