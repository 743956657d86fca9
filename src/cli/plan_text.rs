//! A mission's plan and story as JSON and as text, and how a pause is told.

use serde_json::{Value, json};

use super::output::plain;
use crate::wire::messages::{MissionReport, MissionSummary};
use crate::wire::plan::{PartReport, Pause, StoryEntry};

pub fn plan_json(parts: &[PartReport]) -> Value {
    parts
        .iter()
        .map(|part| {
            json!({
                "number": part.number, "object": part.object, "selector": part.selector,
                "signature": part.signature, "brief": part.brief, "calls": part.calls,
                "state": part.state.name(), "tid": part.tid, "again": part.again,
                "attempts": part.attempts, "candidates": part.candidates,
                "tokens": {"prompt": part.prompt_tokens, "generated": part.generated_tokens},
                "seconds": part.seconds, "diagnosis": part.diagnosis, "source": part.source,
            })
        })
        .collect()
}

pub fn story_json(story: &[StoryEntry]) -> Value {
    story
        .iter()
        .map(|entry| {
            json!({
                "stage": entry.stage, "part": entry.part, "round": entry.round,
                "persona": entry.persona, "what": entry.what, "text": entry.text,
                "reference": entry.reference,
                "tokens": {"prompt": entry.prompt_tokens, "generated": entry.generated_tokens},
                "seconds": entry.seconds,
            })
        })
        .collect()
}

/// The parts in their order, each with what it has cost.
pub fn plan(mission: &MissionReport) -> String {
    let mut text = String::new();
    for part in &mission.plan {
        let state = match part.tid {
            Some(tid) => format!("{} {tid}", part.state.name()),
            None => part.state.name().to_owned(),
        };
        text.push_str(&format!(
            "  {:>2}. {:<15} {:<24} {} rounds, {}+{} tokens, {:.1} s{}\n",
            part.number,
            state,
            plain(&format!("{}.{}", part.object, part.selector)),
            part.attempts,
            part.prompt_tokens,
            part.generated_tokens,
            part.seconds,
            if part.again { ", planned again" } else { "" },
        ));
        text.push_str(&format!(
            "      {}\n",
            plain(part.design().lines().next().unwrap_or_default())
        ));
        if !part.calls.is_empty() {
            text.push_str(&format!("      calls {}\n", plain(&part.calls.join(", "))));
        }
        if !part.diagnosis.is_empty() {
            text.push_str(&format!("      failed: {}\n", plain(&part.diagnosis)));
        }
    }
    text
}

/// What happened in the stage at that place, in order.
pub fn story(mission: &MissionReport, place: usize) -> String {
    let mut text = String::new();
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    for entry in mission.story.iter().filter(|entry| entry.stage == place) {
        if entry.reference.is_empty() {
            text.push_str(&format!("      {}\n", plain(&entry.text)));
        } else {
            text.push_str(&format!(
                "      {} {}: {} tokens read, {} written, {:.1} s  [{}]\n",
                plain(&entry.persona),
                plain(&entry.what),
                entry.prompt_tokens,
                entry.generated_tokens,
                entry.seconds,
                plain(&entry.reference)
            ));
        }
    }
    text
}

/// ` (paused)` beside a state.
pub const fn held(mission: &MissionSummary) -> &'static str {
    match mission.pause {
        Pause::No => "",
        Pause::Asked => " (pauses at its next transition)",
        Pause::Yes => " (paused)",
    }
}

/// What a part, or the mission, may spend.
pub fn budget(mission: &MissionReport) -> String {
    let budget = mission.budget;
    let whose = if mission.plan.is_empty() {
        ""
    } else {
        " a part"
    };
    format!(
        " (of {} rounds, {} tokens and {} s{whose})",
        budget.attempts, budget.tokens, budget.seconds
    )
}

pub fn paused(mission: &MissionReport) -> String {
    let (id, state) = (mission.summary.id, mission.summary.state.name());
    match mission.summary.pause {
        Pause::Asked => format!(
            "mission {id} is in {state} and pauses at its next transition; `batos mission resume {id}` has it go on\n"
        ),
        _ => {
            format!("mission {id} is paused in {state}; `batos mission resume {id}` has it go on\n")
        }
    }
}
