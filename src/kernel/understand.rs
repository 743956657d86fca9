//! IDLE: what the person wants, and the missions that need no method: `make`, `send`, `inspect`,
//! `remember`, and answers in prose.

use serde_json::{Value, json};

use super::delegate::newest_facts;
use super::facts::facts;
use super::fitting::Before;
use super::heal::{Mending, Pending};
use super::history::{diff_view, newest_change, remembered_as};
use super::journal::About;
use super::names::NamesOf;
use super::plan::{Part, Plan};
use super::planning::may_become_plan;
use super::psm::{Next, Run, StepError, Worker};
use super::shared::refuse_other_types;
use super::talk::{Digest, Talk, scene};
use super::teach::hopeless;
use super::undone::told;
use super::words::{Misunderstood, document_of, not_understood};
use crate::image::{Author, Diff, ImageError, Read, Slot, Transaction, diff};
use crate::method::{Names, value_from_json_with};
use crate::persona::{Draft, Grounds, Intent, Passage, Said, answer, digest};
use crate::wire::messages::{LogLevel, MissionState};

impl Worker {
    /// Translates where needed and goes where the intent leads.
    pub(super) fn understand(&mut self, run: &mut Run) -> Result<Next, StepError> {
        let mut fits = false;
        if run.document.draft.is_none() {
            let draft = match self.taught_before(&run.document.brief)? {
                Some(Before::Method(draft)) if self.has_fitting(&draft)? => {
                    fits = true;
                    *draft
                }
                Some(Before::Parts(parts)) => return Ok(planned_before(run, parts)),
                _ => self.translate(run)?,
            };
            run.document.draft = Some(draft);
        }
        let Some(draft) = run.document.draft.clone() else {
            return Err(StepError::Hopeless(
                "the mission has no document".to_owned(),
            ));
        };
        let said = summary_of(&draft);
        self.shared.journal.record(
            LogLevel::Info,
            About {
                mission: Some(run.id),
                persona: Some("translator"),
            },
            "mission.understood",
            &said,
            serde_json::to_value(&draft).unwrap_or(Value::Null),
        );
        let one = !may_become_plan(&run.document, &draft);
        if draft.intent == Intent::Teach && one && !fits && run.document.origin.is_none() {
            fits = self.has_fitting(&draft)?;
        }
        match draft.intent {
            Intent::Teach if !fits => Ok(Next::new(MissionState::Decomposing, said)),
            Intent::Teach
            | Intent::Ask
            | Intent::Chat
            | Intent::Send
            | Intent::Make
            | Intent::Remember
            | Intent::Undo
            | Intent::Inspect => Ok(Next::new(MissionState::Delegating, said)),
        }
    }

    fn translate(&mut self, run: &mut Run) -> Result<Draft, StepError> {
        let view = self.shared.image.view();
        let said = Talk::before(&view, run.id)?.newest();
        let scene = scene(&view, run.document.selected.as_ref(), said)?;
        let words = run.document.brief.clone();
        document_of(&words, &scene, &mut |prompt| self.ask(run, prompt, &[0.0])).map_err(|error| {
            match error {
                Misunderstood::Draft(error) => StepError::Hopeless(not_understood(&error)),
                Misunderstood::Step(error) => error,
            }
        })
    }

    /// DELEGATING for every intent but `teach`: do it, and end in the same transaction.
    pub(super) fn attend(
        &mut self,
        run: &mut Run,
        draft: &Draft,
    ) -> Result<Option<Next>, StepError> {
        match draft.intent {
            Intent::Send => self.deliver(run, draft).map(|()| None),
            Intent::Make => self.make(run, draft).map(|()| None),
            Intent::Inspect => self.inspect(run, draft).map(Some),
            Intent::Remember => self.remember(run).map(|()| None),
            Intent::Undo => self.undo(run).map(|()| None),
            _ => self.answer(run).map(Some),
        }
    }

    /// What the send changes and the mission's end are one transaction, so that a kill between them
    /// cannot make it happen twice.
    fn deliver(&mut self, run: &mut Run, draft: &Draft) -> Result<(), StepError> {
        let object = named(draft.object.as_ref(), "send", "an object")?;
        let selector = named(draft.selector.as_ref(), "send", "a selector")?;
        let args = draft.args.clone().unwrap_or_default();
        let mut ended = run.clone();
        let mut fault = None;
        let result = self.shared.courier.send_with(
            &Author::Mission(run.id),
            object,
            selector,
            &args,
            &mut fault,
            &mut |transaction, answer| {
                ended = run.clone();
                ended.document.answer = Some(answer.value.to_string());
                let note = format!("{object} {selector} -> {}", answer.value);
                Self::enter(
                    &mut ended,
                    Next::new(MissionState::Complete, note),
                    transaction,
                )
            },
        );
        let delivery = match (result, fault) {
            (Ok(delivery), _) => delivery,
            (Err(error), Some(fault)) => {
                let pending = Pending {
                    object: object.clone(),
                    selector: selector.clone(),
                    args,
                    from: Some(run.id),
                };
                let what_next = match self.shared.mend(&fault, Some(&pending)) {
                    Mending::Mission { id, .. } => {
                        format!("; mission {id} is to mend that, and sends it then")
                    }
                    Mending::PutBack => "; the method before it is back: send again".to_owned(),
                    Mending::Nothing(why) => why.map_or_else(String::new, |why| format!("; {why}")),
                };
                return Err(StepError::Hopeless(format!("{error}{what_next}")));
            }
            (Err(error), None) => return Err(StepError::Hopeless(error.to_string())),
        };
        *run = ended;
        self.announce(run);
        self.shared.tell_changed(&delivery.changed);
        Ok(())
    }

    fn make(&self, run: &mut Run, draft: &Draft) -> Result<(), StepError> {
        let name = named(draft.object.as_ref(), "make", "a name")?;
        self.end_with(run, |ended, transaction| {
            refuse_other_types(transaction, draft).map_err(hopeless)?;
            let oid = if let Some(object) = transaction.object_named(name)? {
                let new_slots = draft.slots.keys().any(|slot| object.slot(slot).is_none());
                if !new_slots || draft.parent.is_some() {
                    return Err(hopeless(format!("there is an object `{name}` already")));
                }
                object.oid
            } else {
                let parent = draft
                    .parent
                    .as_ref()
                    .map(|parent| parent_of(transaction, parent))
                    .transpose()?;
                transaction.create_object(name, parent)?
            };
            add_slots(transaction, oid, draft)?;
            let note = format!("`{name}` is made{}", with_slots(draft));
            ended.document.answer = Some(note.clone());
            Ok(Next::new(MissionState::Complete, note))
        })?;
        self.shared.tell_changed(std::slice::from_ref(name));
        Ok(())
    }

    fn inspect(&self, run: &mut Run, draft: &Draft) -> Result<Next, StepError> {
        let name = named(draft.object.as_ref(), "inspect", "an object")?;
        let view = super::views::object_view(&self.shared.image.view(), name)?
            .ok_or_else(|| StepError::Hopeless(format!("there is no object `{name}`")))?;
        let slots: Vec<String> = view
            .slots
            .iter()
            .map(|slot| format!("{}: {} = {}", slot.name, slot.rust_type, slot.value_json))
            .collect();
        let methods: Vec<&str> = view
            .methods
            .iter()
            .map(|method| method.signature.as_str())
            .collect();
        let text = format!("{name} {{ {} }}\n{}", slots.join(", "), methods.join("\n"));
        run.document.answer = Some(text.trim_end().to_owned());
        Ok(Next::new(
            MissionState::Complete,
            format!("`{name}` is shown"),
        ))
    }

    fn remember(&self, run: &mut Run) -> Result<(), StepError> {
        self.end_with(run, |ended, transaction| {
            transaction.set_fact(&remembered_as(ended.id), &ended.document.brief)?;
            ended.document.answer = Some("remembered".to_owned());
            Ok(Next::new(MissionState::Complete, "remembered"))
        })
    }

    /// Takes back the newest change that was not taken back yet.
    fn undo(&self, run: &mut Run) -> Result<(), StepError> {
        let before = self.shared.image.view();
        let mut changes = Diff::default();
        self.end_with(run, |ended, transaction| {
            let newest = newest_change(transaction.snapshot());
            let tid = newest.map_err(|failure| hopeless(failure.message))?;
            transaction.undo(tid).map_err(hopeless)?;
            changes = diff(transaction.snapshot(), transaction)?;
            let from = transaction.snapshot().tid();
            let names: [&dyn Names; 2] = [&NamesOf(&before), &NamesOf(&*transaction)];
            let told = told(&diff_view(changes.clone(), names, from, None));
            let text = format!("taken back: {told} (transaction {tid})");
            ended.document.answer = Some(text.clone());
            Ok(Next::new(MissionState::Complete, text))
        })?;
        super::history::tell(&self.shared, &changes);
        Ok(())
    }

    fn answer(&mut self, run: &mut Run) -> Result<Next, StepError> {
        let view = self.shared.image.view();
        let talk = Talk::before(&view, run.id)?;
        let digest = self.digest(run, &talk)?;
        let mut facts = facts(&self.shared, &view, &run.document.brief)?;
        run.document.passages = self.passages_of_question(&view, &run.document.brief)?;
        let found: Vec<String> = run.document.passages.iter().map(said_by).collect();
        if found.is_empty() {
            let newest = newest_facts(&view)?;
            facts.extend(newest.iter().map(said_by));
            run.document.passages = newest;
        }
        let grounds = Grounds {
            facts: &facts,
            found: &found,
            older: digest.as_ref().map(|digest| digest.text.as_str()),
            said: &talk.newest(),
        };
        let prompt = answer(&run.document.brief, &grounds);
        let generated = self.ask(run, &prompt, &[0.3])?;
        let text = generated
            .candidates
            .into_iter()
            .next()
            .map(|candidate| candidate.text.trim().to_owned())
            .unwrap_or_default();
        run.document.answer = Some(text.clone());
        text.lines()
            .next()
            .unwrap_or_default()
            .clone_into(&mut run.document.outcome);
        Ok(Next::new(MissionState::Complete, "answered"))
    }
}

impl Worker {
    /// What BABS keeps of the talk that is too long to repeat; what she makes anew is kept with the mission.
    fn digest(&mut self, run: &mut Run, talk: &Talk) -> Result<Option<Digest>, StepError> {
        if talk.outgrown().is_empty() {
            return Ok(talk.digest.clone());
        }
        let older = talk.digest.as_ref().map(|digest| digest.text.as_str());
        let said: Vec<Said> = talk
            .outgrown()
            .iter()
            .map(|turn| turn.said.clone())
            .collect();
        let generated = self.ask(run, &digest(older, &said), &[0.0])?;
        let text = generated
            .candidates
            .first()
            .map(|candidate| candidate.text.trim().to_owned());
        run.document.digest = talk.digested(text.unwrap_or_default());
        Ok(run.document.digest.clone())
    }
}

/// The same words made a plan once: what is there of it by now is used, and only the rest is written.
fn planned_before(run: &mut Run, parts: Vec<Part>) -> Next {
    let count = parts.len();
    run.document.plan = Some(Plan::new(parts));
    run.document.begin_part();
    Next::new(
        run.document.first_state(),
        format!("{count} parts, as they were planned for the same words before"),
    )
}

/// Creates the slots of a draft that the object has not.
pub(super) fn add_slots(
    transaction: &mut Transaction,
    oid: crate::image::Oid,
    draft: &Draft,
) -> Result<(), StepError> {
    let slots = draft
        .typed_slots()
        .map_err(|error| StepError::Hopeless(error.to_string()))?;
    for (name, ty, value) in slots {
        if transaction.find_slot(oid, &name)?.is_some() {
            continue;
        }
        let value = value_from_json_with(&ty, &value, &NamesOf(&*transaction))
            .map_err(|error| StepError::Hopeless(format!("slot `{name}`: {error}")))?;
        let slot = Slot {
            name,
            rust_type: ty.to_string(),
            value,
        };
        transaction
            .set_slot(oid, slot)
            .map_err(|error: ImageError| StepError::from(error))?;
    }
    Ok(())
}

/// A passage as a line of what is known.
fn said_by(passage: &Passage) -> String {
    let text = passage.text.replace('\n', " ");
    match (passage.kind.as_str(), passage.heading.as_str()) {
        ("fact", _) => text,
        (_, "") => format!("{} says: {text}", passage.name),
        (_, heading) => format!("{} ({heading}) says: {text}", passage.name),
    }
}

fn parent_of(transaction: &Transaction, name: &str) -> Result<crate::image::Oid, StepError> {
    let parent = transaction.object_named(name)?;
    parent
        .map(|object| object.oid)
        .ok_or_else(|| StepError::Hopeless(format!("there is no object `{name}` to be the parent")))
}

fn named<'a>(
    name: Option<&'a String>,
    intent: &'static str,
    what: &'static str,
) -> Result<&'a String, StepError> {
    name.ok_or_else(|| {
        StepError::Hopeless(format!(
            "a mission to {intent} needs {what}; say it by name"
        ))
    })
}

/// What a new object keeps, as people read it: ` with prices: BTreeMap<String, i64>, owner: String = "Kim"`.
fn with_slots(draft: &Draft) -> String {
    let slots: Vec<String> = draft
        .slots
        .iter()
        .filter_map(|(name, slot)| {
            let ty = slot.get("type")?.as_str()?;
            let value = slot.get("value")?;
            Some(format!("{name}: {ty} = {value}"))
        })
        .collect();
    if slots.is_empty() {
        return String::new();
    }
    format!(" with {}", slots.join(", "))
}

/// A mission in a line.
pub(super) fn summary_of(draft: &Draft) -> String {
    let mut text = draft.intent.name().to_owned();
    for part in draft.object.iter().chain(&draft.selector) {
        text.push(' ');
        text.push_str(part);
    }
    if let Some(args) = draft.args.as_ref().filter(|args| !args.is_empty()) {
        text.push_str(&format!(" {}", json!(args)));
    }
    text.push_str(&with_slots(draft));
    text
}
