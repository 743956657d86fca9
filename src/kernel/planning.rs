//! DECOMPOSING of larger briefs, and the steps from one part of a plan to the next.
//!
//! A plan is looked for only where the brief's words may ask for several methods; BRICK may still say that it is one.
//! A part that fails is planned again once, given why it failed; then the mission fails, and what was installed stays.

use serde_json::json;

use super::document::Document;
use super::journal::About;
use super::plan::{Part, Plan, Progress, callees};
use super::present::slots_of;
use super::psm::{Next, Run, StepError, Worker};
use super::shared::refuse_other_types;
use super::teach::{first_text, hopeless};
use crate::image::{Object, Read, View};
use crate::persona::{
    Callee, Draft, Ground, GroundObject, Intent, PartDesign, PlannedCall, may_be_several,
    parse_plan, parse_plan_again, plan, plan_again, told_names,
};
use crate::wire::messages::{LogLevel, MissionState};

/// How often BRICK may try to plan.
const PLAN_TRIES: usize = 3;
/// Objects that a request for a plan tells of, besides the one that it is about.
const MOST_OBJECTS: usize = 6;

/// Whether the draft is one that may become several parts: nobody has designed it yet.
pub(super) fn may_become_plan(document: &Document, draft: &Draft) -> bool {
    draft.intent == Intent::Teach
        && document.plan.is_none()
        && document.origin.is_none()
        && draft.signature.is_none()
        && draft.checks.is_empty()
        && may_be_several(&draft.brief)
}

impl Worker {
    /// Cuts the brief up. `None` when it is one method: then `draft` has its name, and its signature where the person spelled it.
    pub(super) fn plan(
        &mut self,
        run: &mut Run,
        draft: &mut Draft,
    ) -> Result<Option<Next>, StepError> {
        let Some(object) = draft.object.clone() else {
            return Ok(None);
        };
        let ground = self.ground(&object, draft)?;
        let brief = draft.brief.clone();
        let mut last = String::new();
        let mut parts = None;
        for attempt in 0..PLAN_TRIES {
            let refused = Some(last.as_str()).filter(|text| !text.is_empty());
            let prompt = plan(&brief, &ground, refused);
            let generated = self.ask(run, &prompt, &[temperature(attempt)])?;
            let judged = parse_plan(first_text(&generated), &brief, &ground)
                .map_err(|error| error.to_string())
                .and_then(|parts| self.usable(parts, false));
            match judged {
                Ok(good) => {
                    let forgotten = forgotten(&brief, &good);
                    parts = Some(good);
                    match forgotten {
                        // Better than none, when it is forgotten each time.
                        Some(why) => last = self.refuse_plan(run, why),
                        None => break,
                    }
                }
                Err(why) => last = self.refuse_plan(run, why),
            }
        }
        let Some(parts) = parts else {
            if draft.selector.is_some() {
                return Ok(None);
            }
            return Err(StepError::Hopeless(format!(
                "the brief could not be cut into parts ({last}); ask for one method at a time"
            )));
        };
        if let [one] = parts.as_slice()
            && one.calls.is_empty()
        {
            adopt(draft, one);
            return Ok(None);
        }
        run.document.plan = Some(Plan::new(with_slots(parts, draft)));
        let note = self.tell_plan(run);
        run.document.begin_part();
        Ok(Some(Next::new(run.document.first_state(), note)))
    }

    /// The part at work failed: it is planned again, given why.
    pub(super) fn plan_again(&mut self, run: &mut Run) -> Result<Next, StepError> {
        let failed = run.document.plan.as_ref().and_then(Plan::current).cloned();
        let failed = failed.ok_or_else(|| hopeless("the mission has no part to plan again"))?;
        let object = failed.draft.object.clone().unwrap_or_default();
        let ground = self.ground(&object, &failed.draft)?;
        let mut last = String::new();
        for attempt in 0..PLAN_TRIES {
            let refused = Some(last.as_str()).filter(|text| !text.is_empty());
            let prompt = plan_again(&failed.failed(), &ground, refused);
            let generated = self.ask(run, &prompt, &[temperature(attempt)])?;
            let judged = parse_plan_again(first_text(&generated), &failed.failed(), &ground)
                .map_err(|error| error.to_string())
                .and_then(|parts| self.usable(parts, true));
            let replanned = judged.and_then(|mut parts| {
                keep_what_was_asked(&mut parts, &failed);
                if let Some(plan) = &run.document.plan {
                    // Told again, though it is there or comes anyway.
                    let called: Vec<PlannedCall> =
                        parts.iter().flat_map(|part| part.calls.clone()).collect();
                    parts.retain(|part| !plan.has(part, &called));
                }
                match &mut run.document.plan {
                    Some(plan) => plan.replan(parts),
                    None => Ok(()),
                }
            });
            match replanned {
                Ok(()) => {
                    let note = self.tell_plan(run);
                    run.document.begin_part();
                    return Ok(Next::new(run.document.first_state(), note));
                }
                Err(why) => last = self.refuse_plan(run, why),
            }
        }
        Err(StepError::Hopeless(format!(
            "{}; it could not be planned again ({last})",
            failed.diagnosis
        )))
    }

    /// The parts as drafts that a mission can be made of.
    fn usable(&self, designs: Vec<PartDesign>, again: bool) -> Result<Vec<Part>, String> {
        let view = self.shared.image.view();
        let parts: Vec<Part> = designs
            .into_iter()
            .map(|design| Part::of(design, again))
            .collect();
        for part in &parts {
            part.draft
                .validate()
                .map_err(|error| format!("{}: {error}", part.name()))?;
            refuse_other_types(&view, &part.draft).map_err(|error| error.to_string())?;
        }
        Ok(parts)
    }

    fn refuse_plan(&self, run: &mut Run, why: String) -> String {
        run.document.tell("refused", &why);
        self.remark(run, "plan.refused", &why);
        why
    }

    fn tell_plan(&self, run: &Run) -> String {
        let Some(plan) = &run.document.plan else {
            return String::new();
        };
        let left = plan.parts.iter().skip(plan.at);
        let names: Vec<String> = left.map(Part::name).collect();
        let note = format!("{} parts: {}", names.len(), names.join(", "));
        self.shared.journal.record(
            LogLevel::Info,
            About {
                mission: Some(run.id),
                persona: Some("BRICK"),
            },
            "mission.plan",
            &note,
            json!({"parts": plan.parts}),
        );
        note
    }

    /// What there is that a plan may build on: the object, and those that its brief names.
    fn ground(&self, object: &str, draft: &Draft) -> Result<Ground, StepError> {
        let view = self.shared.image.view();
        let mut objects = Vec::new();
        if let Some(found) = view.object_named(object)? {
            objects.push(ground_object(&view, &found)?);
        }
        for head in view.heads()? {
            let named =
                !head.name.is_empty() && head.name != object && draft.brief.contains(&head.name);
            if named
                && objects.len() <= MOST_OBJECTS
                && let Some(found) = view.object_named(&head.name)?
            {
                objects.push(ground_object(&view, &found)?);
            }
        }
        if objects.iter().all(|known| known.name != object) && !draft.slots.is_empty() {
            objects.insert(
                0,
                GroundObject {
                    name: object.to_owned(),
                    ..GroundObject::default()
                },
            );
        }
        let given = draft.slots.iter().filter_map(|(name, slot)| {
            Some((name.clone(), slot.get("type")?.as_str()?.to_owned()))
        });
        if let Some(known) = objects.iter_mut().find(|known| known.name == object) {
            for (name, ty) in given {
                if known.slots.iter().all(|(other, _)| *other != name) {
                    known.slots.push((name, ty));
                }
            }
        }
        Ok(Ground {
            object: object.to_owned(),
            objects,
        })
    }

    /// What the part at work calls, as it is installed by now.
    pub(super) fn callees_of(&self, document: &Document) -> Vec<Callee> {
        let plan = document.plan.as_ref();
        let Some((plan, part)) = plan.and_then(|plan| Some((plan, plan.current()?))) else {
            return Vec::new();
        };
        let view = self.shared.image.view();
        callees(plan, part, |call| {
            let oid = view.oid_named(&call.object).ok()??;
            let (_, method) = view.find_method(oid, &call.selector).ok()??;
            Some(method.signature)
        })
    }
}

impl Run {
    /// After the part at work is there: the next one, or the mission's end. `note` says what was done; of a mission without
    /// a plan it is all there is to say.
    pub(super) fn part_done(&mut self, progress: Progress, note: String) -> Next {
        self.spend();
        let document = &mut self.document;
        let Some(plan) = &document.plan else {
            return Next::new(MissionState::Complete, note);
        };
        let label = plan.label();
        document.close_part(progress, "");
        if document.next_part() {
            return Next::new(document.first_state(), format!("{label}: {note}"));
        }
        let plan = document.plan.as_ref();
        let parts = plan.map(|plan| plan.parts.as_slice()).unwrap_or_default();
        let mut lines = Vec::new();
        for part in parts.iter().filter(|part| part.is_there()) {
            let signature = part.draft.signature.as_deref().unwrap_or_default();
            let object = part.draft.object.as_deref().unwrap_or_default();
            let how = match part.progress {
                Progress::Used => " already",
                _ => "",
            };
            lines.push(format!("{object} understands `{signature}`{how}"));
        }
        document.answer = Some(lines.join("\n"));
        let there = lines.len();
        document.outcome = format!("all {there} parts are there: {}", names(parts));
        Next::new(MissionState::Complete, format!("{label}: {note}"))
    }

    /// The part at work failed: it is planned again once, or the mission ends.
    pub(super) fn part_failed(&mut self, why: &str) -> Next {
        self.spend();
        let document = &mut self.document;
        let Some(plan) = &document.plan else {
            return Next::new(MissionState::Failed, why);
        };
        let label = plan.label();
        let replanned = document.is_to_replan();
        let again = plan.current().is_some_and(|part| part.again);
        if !again && !replanned {
            document.close_part(Progress::Replanned, why);
            document.candidates.clear();
            let note = format!("{label}, failed: {why}; it is planned again");
            return Next::new(MissionState::Decomposing, note);
        }
        if replanned {
            // Its costs are kept already; what planning it again took is the mission's.
            if let Some(plan) = &mut document.plan
                && let Some(part) = plan.parts.get_mut(plan.at)
            {
                part.progress = Progress::Failed;
            }
        } else {
            document.close_part(Progress::Failed, why);
        }
        let twice = if again {
            " also when it was planned again"
        } else {
            ""
        };
        let text = format!("{label}, failed{twice}: {why}{}", stays(document));
        document.outcome.clone_from(&text);
        Next::new(MissionState::Failed, text)
    }
}

/// What is said of the parts that are there when a mission ends without the others.
pub(super) fn stays(document: &Document) -> String {
    let Some(plan) = &document.plan else {
        return String::new();
    };
    match plan.installed() {
        there if there.is_empty() => "; nothing of it was installed".to_owned(),
        there => format!("; installed and kept: {there}"),
    }
}

fn names(parts: &[Part]) -> String {
    let there = parts.iter().filter(|part| part.is_there());
    there.map(Part::name).collect::<Vec<_>>().join(", ")
}

/// Why a plan does not do all that the brief tells of by name.
fn forgotten(brief: &str, parts: &[Part]) -> Option<String> {
    let told = told_names(brief);
    let selectors: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.draft.selector.as_deref())
        .collect();
    let missing: Vec<String> = told
        .iter()
        .filter(|name| !selectors.contains(&name.as_str()))
        .map(|name| format!("`{name}`"))
        .collect();
    let several = told.len() > 1 && !missing.is_empty();
    several.then(|| {
        format!(
            "there is no part for the method {}",
            missing.join(", nor for ")
        )
    })
}

/// What is known of the single part as the mission's own; the person's words and names stay.
fn adopt(draft: &mut Draft, part: &Part) {
    if draft.selector.is_none() {
        draft.selector.clone_from(&part.draft.selector);
    }
    let mut signature = part.draft.parsed_signature().ok().flatten();
    if let (Some(signature), Some(selector)) = (&mut signature, &draft.selector) {
        signature.name.clone_from(selector);
    }
    draft.signature = signature.map(|signature| signature.to_string());
    for (name, slot) in &part.draft.slots {
        draft
            .slots
            .entry(name.clone())
            .or_insert_with(|| slot.clone());
    }
}

/// Slots that the person gave come with the first part of their object.
/// A slot that is called like a method is none: the translator knows no methods of what is to be made.
fn with_slots(mut parts: Vec<Part>, draft: &Draft) -> Vec<Part> {
    let selectors: Vec<String> = parts
        .iter()
        .filter_map(|part| part.draft.selector.clone())
        .collect();
    if let Some(first) = parts
        .iter_mut()
        .find(|part| part.draft.object == draft.object)
    {
        let mut slots = draft.slots.clone();
        slots.retain(|name, _| !selectors.contains(name));
        for (name, slot) in std::mem::take(&mut first.draft.slots) {
            slots.entry(name).or_insert(slot);
        }
        first.draft.slots = slots;
    }
    parts
}

/// The part of the same name is still what the person asked for, whatever BRICK calls it now; and the slots that the
/// failed one was to bring come with the first part of its object.
fn keep_what_was_asked(parts: &mut [Part], failed: &Part) {
    let mut slots = failed.draft.slots.clone();
    for part in parts {
        if part.name() == failed.name() {
            part.draft.brief.clone_from(&failed.draft.brief);
        }
        if part.draft.object == failed.draft.object {
            for (name, slot) in std::mem::take(&mut slots) {
                part.draft.slots.entry(name).or_insert(slot);
            }
        }
    }
}

fn ground_object(view: &View, object: &Object) -> Result<GroundObject, StepError> {
    Ok(GroundObject {
        name: object.name.clone(),
        slots: slots_of(view, object)?,
        methods: object
            .methods
            .iter()
            .map(|method| method.signature.clone())
            .collect(),
    })
}

const fn temperature(attempt: usize) -> f32 {
    match attempt {
        0 => 0.0,
        1 => 0.6,
        _ => 0.9,
    }
}
