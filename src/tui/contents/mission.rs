//! One mission in full: where it stands, what it cost, each stage, and the verdicts on the source.

use super::candidates;
use crate::tui::document::{Code, Document, Row, piece};
use crate::tui::state::State;
use crate::tui::state::missions::Detail;
use crate::tui::theme::Role;
use crate::wire::messages::{MissionReport, MissionSummary, StageReport};
use crate::wire::plan::Pause;

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width);
    let Some(mission) = state.missions.selected() else {
        document.blank();
        document.wrapped(
            &[piece(
                Role::Dim,
                "No mission yet. Write one below and press Enter.",
            )],
            0,
        );
        return document;
    };
    let detail = state.missions.selected_detail();
    head(&mut document, mission, state.now_ms);
    if let Some(Detail { report, .. }) = detail {
        numbers(&mut document, report);
        answer(&mut document, report);
        super::plan::plan(&mut document, report);
        used(&mut document, report);
        stages(&mut document, report);
    }
    if !candidates::write(&mut document, state)
        && let Some(Detail {
            report,
            code: Some(code),
        }) = detail
    {
        document.blank();
        document.row(vec![piece(Role::Strong, "Source")]);
        candidates::source(&mut document, code, &report.diagnostics);
    } else if state.missions.shown().is_none()
        && let Some(Detail { report, .. }) = detail
    {
        for diagnostic in &report.diagnostics {
            candidates::place(&mut document, diagnostic, "");
        }
    }
    document
}

fn head(document: &mut Document, mission: &MissionSummary, now_ms: u64) {
    let mut right: Row = Vec::new();
    if mission.attempts > 0 {
        right.push(piece(
            Role::Dim,
            format!("{} · ", super::count(mission.attempts.into(), "attempt")),
        ));
    }
    right.push(piece(
        super::state_role(mission.state),
        mission.state.name(),
    ));
    match mission.pause {
        Pause::No => {}
        Pause::Asked => right.push(piece(Role::Warning, " · pauses next")),
        Pause::Yes => right.push(piece(Role::Warning, " · paused")),
    }
    if !mission.state.has_ended() {
        right.push(piece(
            Role::Dim,
            format!(" {}", super::since(now_ms, mission.state_since_ms)),
        ));
    }
    let title = format!("{} {}", mission.intent, super::subject(mission));
    let left = vec![
        piece(Role::Accent, format!("#{} ", mission.id)),
        piece(Role::Strong, title.trim()),
    ];
    document.row_apart(left, right);
    document.wrapped(&[piece(Role::Text, mission.brief.as_str())], 0);
    if !mission.outcome.is_empty() {
        let (mark, role) = match mission.state {
            crate::wire::messages::MissionState::Failed => ("✗ ", Role::Bad),
            _ => ("✓ ", Role::Good),
        };
        document.blank();
        document.wrapped(
            &[piece(role, mark), piece(role, mission.outcome.as_str())],
            2,
        );
    }
}

fn numbers(document: &mut Document, report: &MissionReport) {
    document.blank();
    if let Some(signature) = &report.signature {
        let code = Code::rust(signature);
        document.code(&code, false, |_, _| {});
    }
    let line = format!(
        "{} · {} tokens read · {} written · {}",
        super::count(report.candidates.into(), "candidate"),
        report.prompt_tokens,
        report.generated_tokens,
        super::duration(report.seconds)
    );
    document.row(vec![piece(Role::Dim, line)]);
}

fn answer(document: &mut Document, report: &MissionReport) {
    let Some(answer) = report.answer.as_deref().filter(|answer| !answer.is_empty()) else {
        return;
    };
    if answer == report.summary.outcome {
        return;
    }
    document.blank();
    document.wrapped(
        &[piece(Role::Robin, "ROBIN  "), piece(Role::Text, answer)],
        7,
    );
}

/// Documents, facts and lessons that the prompts had, and a method that was there already; the methods that the
/// prompts named are as many as the object has.
fn used(document: &mut Document, report: &MissionReport) {
    let wrote_nothing = report.candidates == 0;
    let shown = report
        .used
        .iter()
        .filter(|used| used.kind != "method" || wrote_nothing || !used.text.is_empty());
    for (place, used) in shown.enumerate() {
        if place == 0 {
            document.blank();
            document.row(vec![piece(Role::Strong, "Used")]);
        }
        let mut row = vec![
            piece(Role::Dim, format!("{:<9}", used.kind)),
            piece(Role::Text, used.name.as_str()),
        ];
        if !used.heading.is_empty() {
            row.push(piece(Role::Dim, format!("  {}", used.heading)));
        }
        document.wrapped(&row, 9);
    }
}

fn stages(document: &mut Document, report: &MissionReport) {
    if report.stages.is_empty() {
        return;
    }
    document.blank();
    document.row(vec![piece(Role::Strong, "Stages")]);
    let longest = report
        .stages
        .iter()
        .map(|stage| stage.seconds)
        .fold(0.1, f64::max);
    for stage in &report.stages {
        one_stage(document, stage, longest);
    }
}

fn one_stage(document: &mut Document, stage: &StageReport, longest: f64) {
    const BAR: f64 = 8.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 8"
    )]
    let filled = (stage.seconds / longest * BAR).clamp(0.0, BAR).round() as usize;
    let mut row = vec![
        piece(
            super::state_role(stage.state),
            format!("{:<13}", stage.state.name()),
        ),
        piece(
            super::persona_role(&stage.persona),
            format!("{:<10}", stage.persona),
        ),
        piece(Role::Dim, format!("{:>7} ", super::duration(stage.seconds))),
    ];
    if document.width() >= 70 {
        row.push(piece(Role::Accent, "━".repeat(filled)));
        row.push(piece(Role::Rule, "─".repeat(8 - filled.min(8))));
        row.push(piece(Role::Text, " "));
    }
    let indent = crate::tui::document::row_width(&row);
    row.push(piece(Role::Text, stage.note.as_str()));
    document.wrapped(&row, indent);
}
