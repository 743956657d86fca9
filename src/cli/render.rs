//! Wire messages as the JSON that scripts rely on, and as text for people.

use serde_json::{Map, Value, json};

use super::output::{plain, table};
use super::{memory_text, plan_text};
use crate::wire::messages::{
    EngineStatus, MissionReport, MissionSummary, ObjectSummary, ObjectView, Status, Understood,
};

pub fn status_json(status: &Status) -> Value {
    json!({
        "kernel": {
            "pid": status.kernel_pid,
            "uptime_s": status.uptime_s,
            "restarts": status.restarts,
            "tid": status.tid,
            "safe_mode": status.safe_mode,
            "version": status.version,
        },
        "engine": engine_json(&status.engine),
        "mission": status.mission.as_ref().map(summary_json),
        "queued": status.queued,
        "profile": status.profile,
        "home": status.home,
        "log_dropped": status.log_dropped,
        "gpus": memory_text::gpus_json(&status.gpus),
    })
}

fn engine_json(engine: &EngineStatus) -> Value {
    json!({
        "pid": engine.pid,
        "backend": engine.backend,
        "resident": engine.resident.iter().map(|model| json!({
            "model": model.name, "file": model.file, "bytes": model.bytes, "load_seconds": model.load_seconds,
            "gpu_layers": model.gpu_layers, "layers": model.layers, "gpu_bytes": model.gpu_bytes,
            "context": model.context,
        })).collect::<Vec<_>>(),
        "loading": engine.loading.as_ref().map(|(model, fraction)| json!({"model": model, "fraction": fraction})),
        "trouble": engine.trouble,
    })
}

pub fn status_text(status: &Status) -> String {
    let mut text = format!(
        "kernel   pid {}, up {}, {} restarts, tid {}{}\n",
        status.kernel_pid,
        duration(status.uptime_s),
        status.restarts,
        status.tid,
        if status.safe_mode { ", SAFE MODE" } else { "" }
    );
    let engine = &status.engine;
    match engine.pid {
        Some(pid) => text.push_str(&format!("engine   pid {pid}, {}\n", engine.backend)),
        None => text.push_str("engine   not running\n"),
    }
    for model in &engine.resident {
        text.push_str(&format!(
            "model    {}, {}, {} MiB, loaded in {:.1} s, context {}\n",
            model.name,
            memory_text::place(model),
            model.bytes >> 20,
            model.load_seconds,
            model.context
        ));
    }
    if let Some((model, fraction)) = &engine.loading {
        text.push_str(&format!("loading  {model} {:.0} %\n", fraction * 100.0));
    }
    if let Some(trouble) = &engine.trouble {
        text.push_str(&format!("trouble  {}\n", plain(trouble)));
    }
    text.push_str(&memory_text::gpus_text(&status.gpus));
    match &status.mission {
        Some(mission) => text.push_str(&format!("mission  {}\n", summary_line(mission))),
        None => text.push_str("mission  none\n"),
    }
    text.push_str(&format!(
        "profile  {}\nhome     {}\n",
        status.profile, status.home
    ));
    text
}

pub fn summary_json(mission: &MissionSummary) -> Value {
    json!({
        "id": mission.id,
        "state": mission.state.name(),
        "intent": mission.intent,
        "brief": mission.brief,
        "object": mission.object,
        "selector": mission.selector,
        "created_ms": mission.created_ms,
        "attempts": mission.attempts,
        "outcome": mission.outcome,
        "part": mission.part,
        "paused": mission.pause.name(),
    })
}

fn summary_line(mission: &MissionSummary) -> String {
    format!(
        "{} {}{} {}",
        mission.id,
        mission.state.name(),
        plan_text::held(mission),
        plain(&mission.brief).replace('\n', " ")
    )
}

pub fn mission_json(mission: &MissionReport) -> Value {
    let summary = &mission.summary;
    json!({
        "id": summary.id,
        "state": summary.state.name(),
        "intent": summary.intent,
        "brief": summary.brief,
        "object": summary.object,
        "selector": summary.selector,
        "signature": mission.signature,
        "attempts": summary.attempts,
        "candidates": mission.candidates,
        "tokens": {"prompt": mission.prompt_tokens, "generated": mission.generated_tokens},
        "seconds": mission.seconds,
        "outcome": summary.outcome,
        "paused": summary.pause.name(),
        "budget": {"attempts": mission.budget.attempts, "tokens": mission.budget.tokens, "seconds": mission.budget.seconds},
        "plan": plan_text::plan_json(&mission.plan),
        "story": plan_text::story_json(&mission.story),
        "stages": mission.stages.iter().map(|stage| json!({
            "state": stage.state.name(), "persona": stage.persona, "started_ms": stage.started_ms,
            "seconds": stage.seconds, "note": stage.note,
        })).collect::<Vec<_>>(),
        "diagnostics": mission.diagnostics.iter().map(|diagnostic| json!({
            "stage": diagnostic.stage, "message": diagnostic.message, "line": diagnostic.line,
            "column": diagnostic.column, "hint": diagnostic.hint,
        })).collect::<Vec<_>>(),
        "source": mission.source,
        "answer": mission.answer,
        "used": mission.used.iter().map(|used| json!({
            "kind": used.kind, "name": used.name, "heading": used.heading, "text": used.text,
        })).collect::<Vec<_>>(),
    })
}

pub fn mission_text(mission: &MissionReport) -> String {
    let summary = &mission.summary;
    let mut text = format!(
        "mission {} {}{}\n{}\n",
        summary.id,
        summary.state.name(),
        plan_text::held(summary),
        plain(&summary.brief)
    );
    text.push_str(&plan_text::plan(mission));
    for (place, stage) in mission.stages.iter().enumerate() {
        text.push_str(&format!(
            "  {:<13} {:<10} {:>6.1} s  {}\n",
            stage.state.name(),
            stage.persona,
            stage.seconds,
            plain(&stage.note)
        ));
        text.push_str(&plan_text::story(mission, place));
    }
    text.push_str(&plan_text::story(mission, mission.stages.len()));
    for used in &mission.used {
        text.push_str(&format!(
            "  used {} {}  {}\n",
            used.kind,
            plain(&used.name),
            plain(&used.heading)
        ));
    }
    text.push_str(&format!(
        "{} rounds, {} candidates, {} tokens read, {} written, {:.1} s{}\n",
        summary.attempts,
        mission.candidates,
        mission.prompt_tokens,
        mission.generated_tokens,
        mission.seconds,
        plan_text::budget(mission)
    ));
    for diagnostic in &mission.diagnostics {
        text.push_str(&format!(
            "  {} {}:{} {}\n",
            diagnostic.stage,
            diagnostic.line,
            diagnostic.column,
            plain(&diagnostic.message)
        ));
        if let Some(hint) = &diagnostic.hint {
            text.push_str(&format!("    hint: {}\n", plain(hint)));
        }
    }
    if let Some(source) = &mission.source {
        text.push_str(&format!("\n{}\n", plain(source.trim_end())));
    }
    let last = mission.answer.as_deref().unwrap_or(&summary.outcome);
    if !last.is_empty() {
        text.push_str(&format!("\n{}\n", plain(last)));
    }
    text
}

pub fn missions_text(missions: &[MissionSummary]) -> String {
    let rows: Vec<Vec<String>> = missions
        .iter()
        .map(|mission| {
            vec![
                mission.id.to_string(),
                format!("{}{}", mission.state.name(), plan_text::held(mission)),
                mission.intent.clone(),
                short(&mission.brief, 60),
                short(
                    mission
                        .part
                        .as_ref()
                        .filter(|_| !mission.state.has_ended())
                        .unwrap_or(&mission.outcome),
                    60,
                ),
            ]
        })
        .collect();
    table(&["ID", "STATE", "INTENT", "BRIEF", "OUTCOME"], &rows)
}

pub fn object_json(object: &ObjectView) -> Value {
    let mut slots = Map::new();
    for slot in &object.slots {
        let mut entry = json!({"type": slot.rust_type, "value": parsed(&slot.value_json)});
        if let (Some(from), Value::Object(map)) = (&slot.inherited_from, &mut entry) {
            map.insert("inherited_from".to_owned(), json!(from));
        }
        slots.insert(slot.name.clone(), entry);
    }
    json!({
        "name": object.name,
        "parent": object.parent,
        "oid": object.oid,
        "tid": object.tid,
        "slots": slots,
        "methods": object.methods.iter().map(|method| json!({
            "selector": method.selector, "signature": method.signature, "source": method.source,
            "mission": method.mission, "calls": method.calls, "failures": method.failures,
            "inherited_from": method.inherited_from, "self_checked": method.self_checked,
        })).collect::<Vec<_>>(),
    })
}

pub fn object_text(object: &ObjectView) -> String {
    let parent = object
        .parent
        .as_ref()
        .map(|name| format!(" : {name}"))
        .unwrap_or_default();
    let mut text = format!("{}{parent}\n", object.name);
    for slot in &object.slots {
        let from = slot
            .inherited_from
            .as_ref()
            .map(|name| format!("  (of {name})"))
            .unwrap_or_default();
        text.push_str(&format!(
            "  {}: {} = {}{from}\n",
            slot.name,
            slot.rust_type,
            plain(&slot.value_json)
        ));
    }
    for method in &object.methods {
        let from = method
            .inherited_from
            .as_ref()
            .map(|name| format!(" of {name}"))
            .unwrap_or_default();
        let mission = method
            .mission
            .map(|id| format!("mission {id}, "))
            .unwrap_or_default();
        let checked = if method.self_checked {
            ", self-checked"
        } else {
            ""
        };
        text.push_str(&format!(
            "\n{}{from}  ({mission}{} calls, {} failures{checked})\n{}\n",
            method.signature,
            method.calls,
            method.failures,
            plain(method.source.trim_end())
        ));
    }
    text
}

pub fn objects_json(objects: &[ObjectSummary]) -> Value {
    objects
        .iter()
        .map(|object| {
            json!({"name": object.name, "parent": object.parent, "slots": object.slots, "methods": object.methods})
        })
        .collect()
}

pub fn objects_text(objects: &[ObjectSummary]) -> String {
    let rows: Vec<Vec<String>> = objects
        .iter()
        .map(|object| {
            vec![
                object.name.clone(),
                object.parent.clone().unwrap_or_default(),
                object.slots.to_string(),
                object.methods.join(" "),
            ]
        })
        .collect();
    table(&["NAME", "PARENT", "SLOTS", "METHODS"], &rows)
}

/// JSON text of the kernel's as a value.
pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn short(text: &str, width: usize) -> String {
    let line = plain(text).replace(['\n', '\t'], " ");
    if line.chars().count() <= width {
        return line;
    }
    line.chars()
        .take(width.saturating_sub(1))
        .chain(['…'])
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an uptime is positive and small"
)]
fn duration(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole / 60 % 60),
    }
}

pub fn understood_json(understood: &Understood) -> Value {
    json!({
        "understood": understood.summary,
        "mission": parsed(&understood.document_json),
        "tokens": {"prompt": understood.prompt_tokens, "reused": understood.reused_tokens,
                   "generated": understood.generated_tokens},
        "seconds": understood.seconds,
    })
}

pub fn understood_text(understood: &Understood) -> String {
    let document = parsed(&understood.document_json);
    plain(&format!("{}\n{document:#}\n", understood.summary))
}
