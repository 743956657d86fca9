//! A mission's plan: its parts with where each stands and what it has cost beside what it may cost.

use crate::tui::document::{Document, Row, piece};
use crate::tui::theme::Role;
use crate::wire::messages::MissionReport;
use crate::wire::plan::{PartReport, PartState};

pub(super) fn plan(document: &mut Document, report: &MissionReport) {
    if report.plan.is_empty() {
        return;
    }
    document.blank();
    let budget = report.budget;
    document.row_apart(
        vec![piece(Role::Strong, "Plan")],
        vec![piece(
            Role::Dim,
            format!(
                "a part may take {}, {} and {}",
                super::count(budget.attempts.into(), "round"),
                super::count(budget.tokens.into(), "token"),
                super::duration(f64::from(budget.seconds))
            ),
        )],
    );
    for part in &report.plan {
        one(document, part);
    }
}

fn one(document: &mut Document, part: &PartReport) {
    let (mark, role) = match part.state {
        PartState::Waiting => ("·", Role::Dim),
        PartState::Writing | PartState::Checking => ("▸", Role::Warning),
        PartState::Installed | PartState::Used => ("✓", Role::Good),
        PartState::Replanned => ("↻", Role::Warning),
        PartState::Failed => ("✗", Role::Bad),
    };
    let mut left: Row = vec![
        piece(role, format!("{mark} ")),
        piece(Role::Strong, format!("{}.{}", part.object, part.selector)),
        piece(role, format!("  {}", part.state.name())),
    ];
    if let Some(tid) = part.tid {
        left.push(piece(Role::Dim, format!(" by transaction {tid}")));
    }
    let mut right = Row::new();
    if part.attempts > 0 {
        let rounds = super::count(part.attempts.into(), "round");
        let tokens = part.prompt_tokens + part.generated_tokens;
        let cost = format!(
            "{rounds} · {tokens} tokens · {}",
            super::duration(part.seconds)
        );
        right.push(piece(Role::Dim, cost));
    }
    document.row_apart(left, right);
    document.wrapped(
        &[piece(Role::Dim, "  "), piece(Role::Dim, part.design())],
        2,
    );
    if !part.calls.is_empty() {
        let calls = format!("calls {}", part.calls.join(", "));
        document.wrapped(&[piece(Role::Dim, "  "), piece(Role::Dim, calls)], 2);
    }
    if !part.diagnosis.is_empty() {
        document.wrapped(
            &[
                piece(Role::Bad, "  "),
                piece(Role::Text, part.diagnosis.as_str()),
            ],
            2,
        );
    }
}
