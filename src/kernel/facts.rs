//! What the system knows of itself, as lines for ROBIN: counts, models, objects, missions and failures. What the
//! words name comes in full, the rest in short, so that it fits a small context.

use super::document::{Document, state_of};
use super::psm::StepError;
use super::shared::Shared;
use super::talk::taken_back_since;
use super::views::object_view;
use crate::image::{ImageError, Mission, Object, Read, View};
use crate::persona::{Draft, Intent, Role, words};
use crate::wire::messages::MissionState;

/// Objects told of.
const MOST_OBJECTS: usize = 20;
/// Newest missions looked at, and those of them told of.
const MISSIONS_LOOKED_AT: usize = 100;
const MOST_MISSIONS: usize = 5;
const MOST_FAILURES: usize = 3;
/// Characters of a source, and of any other part of a line.
const MOST_SOURCE: usize = 700;
const MOST_TEXT: usize = 160;

/// The lines for an answer to `words`.
pub fn facts(shared: &Shared, view: &View, words: &str) -> Result<Vec<String>, StepError> {
    let words = words_of(words);
    let missions = view.missions()?;
    let mut lines = vec![counts(view, &missions)?, models(shared)];
    lines.extend(objects(view, &words)?);
    lines.extend(newest_missions(view, &missions)?);
    Ok(lines)
}

fn counts(view: &View, missions: &[Mission]) -> Result<String, ImageError> {
    let failed = missions
        .iter()
        .filter(|mission| state_of(mission) == MissionState::Failed)
        .count();
    Ok(format!(
        "the image stands at transaction {} and has {} objects; there were {} missions, {failed} of them failed",
        view.tid(),
        view.heads()?.len(),
        missions.len()
    ))
}

fn models(shared: &Shared) -> String {
    let speaks = Role::ALL.into_iter().filter_map(|role| {
        let model = shared.model_of(role)?;
        let file = shared.profile.models.get(&model)?.file.clone();
        Some(format!("{} with {file}", role.name()))
    });
    let speaks: Vec<String> = speaks.collect();
    format!(
        "the profile is `{}`; the personas and their models on this machine: {}",
        shared.profile.name,
        speaks.join(", ")
    )
}

/// Each object in a line; one that the words name with its values and methods.
fn objects(view: &View, words: &[String]) -> Result<Vec<String>, ImageError> {
    let all = view.objects()?;
    if all.is_empty() {
        return Ok(vec!["there are no objects yet".to_owned()]);
    }
    let named = |object: &Object| words.contains(&object.name.to_lowercase());
    let mut lines = Vec::new();
    for object in all.iter().filter(|object| named(object)) {
        lines.extend(in_full(view, &object.name)?);
    }
    for object in &all {
        for method in &object.methods {
            if words.contains(&method.selector.to_lowercase()) {
                let (name, source) = (&object.name, cut(&method.source, MOST_SOURCE));
                lines.push(format!("{name} has this method:\n{source}"));
            }
        }
    }
    let short = all.iter().filter(|object| !named(object)).map(|object| {
        let slots: Vec<&str> = object.slots.iter().map(|slot| slot.name.as_str()).collect();
        let methods: Vec<&str> = object
            .methods
            .iter()
            .map(|method| method.selector.as_str())
            .collect();
        format!(
            "object {} has the slots [{}] and the methods [{}]",
            object.name,
            slots.join(", "),
            methods.join(", ")
        )
    });
    let room = MOST_OBJECTS.saturating_sub(lines.len());
    lines.extend(short.take(room));
    Ok(lines)
}

fn in_full(view: &View, name: &str) -> Result<Option<String>, ImageError> {
    let Some(object) = object_view(view, name)? else {
        return Ok(None);
    };
    let slots: Vec<String> = object
        .slots
        .iter()
        .map(|slot| format!("{} = {}", slot.name, cut(&slot.value_json, MOST_TEXT)))
        .collect();
    let methods: Vec<String> = object
        .methods
        .iter()
        .map(|method| {
            format!(
                "`{}` (called {} times, failed {})",
                method.signature, method.calls, method.failures
            )
        })
        .collect();
    let parent = object.parent.map(|parent| format!(", a kind of {parent},"));
    Ok(Some(format!(
        "object {name}{} has the slots [{}] and the methods [{}]",
        parent.unwrap_or_default(),
        slots.join(", "),
        methods.join(", ")
    )))
}

/// The newest missions, and the newest that failed. What was taken back is not told of.
fn newest_missions(view: &View, missions: &[Mission]) -> Result<Vec<String>, ImageError> {
    let mut lines = Vec::new();
    let (mut told, mut failures) = (0, 0);
    let newest = missions.iter().rev().take(MISSIONS_LOOKED_AT);
    let first = newest.clone().map(|mission| mission.tid).min();
    let gone = taken_back_since(view, first.unwrap_or(view.tid()))?;
    for mission in newest {
        let state = state_of(mission);
        let failed = state == MissionState::Failed;
        if !state.has_ended()
            || gone.contains(&mission.tid)
            || (told >= MOST_MISSIONS && !(failed && failures < MOST_FAILURES))
        {
            continue;
        }
        let Ok(document) = serde_json::from_str::<Document>(&mission.document) else {
            continue;
        };
        if !failed && document.draft.as_ref().is_some_and(is_talk) {
            continue;
        }
        told += 1;
        failures += usize::from(failed);
        lines.push(format!(
            "mission {}, \"{}\": {}{}",
            mission.id,
            cut(&document.brief, MOST_TEXT),
            if failed { "failed: " } else { "" },
            cut(&document.outcome, MOST_TEXT)
        ));
    }
    Ok(lines)
}

/// What was only said is known from the talk, and what is remembered is searched for.
fn is_talk(draft: &Draft) -> bool {
    matches!(
        draft.intent,
        Intent::Ask | Intent::Chat | Intent::Remember | Intent::Inspect
    )
}

fn cut(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Names as somebody may type them, in small letters.
fn words_of(text: &str) -> Vec<String> {
    words(text).map(str::to_lowercase).collect()
}
