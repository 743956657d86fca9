//! Installing what was chosen: method, blob, slots, mission record and audit entry in one transaction, or none of them.

use serde_json::json;

use super::delegate::cure_of;
use super::genesis::vitals::{Vitals, is_vital};
use super::genesis::{is_own_display, name_system};
use super::heal::pending::{self, Delivered};
use super::heal::{self, Replaced};
use super::judge::Judged;
use super::names::NamesOf;
use super::plan::Progress;
use super::psm::{Next, Run, StepError, Worker};
use super::schema::fits;
use super::shared::refuse_other_types;
use super::teach::{Lesson, hopeless};
use super::understand::add_slots;
use crate::image::{Method, Oid, Read};
use crate::knowledge::cure_key;
use crate::method::{Packed, StructSpec, value_from_json_with};
use crate::persona::Draft;
use crate::wire::messages::MissionState;

impl Worker {
    pub(super) fn install(
        &mut self,
        run: &mut Run,
        lesson: &Lesson,
        chosen: Judged,
    ) -> Result<(), StepError> {
        let cure = cure_of(run, lesson, &chosen);
        let Some((compiled, _)) = chosen.built else {
            return Err(StepError::Hopeless(
                "the accepted candidate was not built".to_owned(),
            ));
        };
        let wasm = self.shared.image.blobs().put(&compiled.wasm)?;
        let method = Method {
            selector: lesson.signature.name.clone(),
            signature: lesson.signature.to_string(),
            source: chosen.source.clone(),
            wasm,
            slots: lesson
                .structure
                .slots
                .iter()
                .map(|(name, ty)| (name.clone(), ty.to_string()))
                .collect(),
            author: match lesson.draft.source {
                Some(_) => "person",
                None => "BRICK",
            }
            .to_owned(),
            mission: Some(run.id),
            checks_json: json!(lesson.trials()).to_string(),
            self_checked: lesson.is_self_checked(),
            calls: 0,
            failures: 0,
        };
        let mut note = installed_note(lesson, chosen.failed_checks);
        if let Some(review) = &run.document.review {
            note.push_str("; ALFRED: ");
            note.push_str(review);
        }
        let mut delivered = Delivered::default();
        self.end_with(run, |ended, transaction| {
            let (id, courier) = (ended.id, &self.shared.courier);
            if let Some(origin) = &ended.document.origin
                && let Some(why) = heal::meanwhile(transaction, origin)?
            {
                delivered = pending::deliver(courier, transaction, id, &mut ended.document)?;
                ended.document.answer = Some(pending::with_sent(&why, &ended.document));
                return Ok(Next::new(MissionState::Complete, why));
            }
            refuse_other_types(transaction, &lesson.draft).map_err(hopeless)?;
            let oid = if let Some(object) = transaction.object_named(&lesson.object)? {
                object.oid
            } else {
                let is_system = is_own_display(transaction, &lesson.draft)?;
                let oid = transaction.create_object(&lesson.object, None)?;
                if is_system {
                    name_system(transaction, oid)?;
                }
                oid
            };
            add_slots(transaction, oid, &lesson.draft)?;
            if !fits(transaction, oid, &method.slots)? {
                return Err(StepError::Moved(format!(
                    "slots of {} changed while the method was judged",
                    lesson.object
                )));
            }
            ended.document.replaced =
                transaction
                    .method(oid, &method.selector)?
                    .map(|before| Replaced {
                        calls: before.calls,
                        failures: before.failures,
                    });
            transaction.put_method(oid, method.clone())?;
            if let Some(cure) = &cure {
                let key = cure_key(&lesson.object, &method.selector);
                transaction.set_fact(&format!("{key}{:08}", ended.id), &cure.to_fact())?;
            }
            ended.document.source = Some(method.source.clone());
            ended.document.diagnostics.clear();
            ended.document.forget_candidates();
            if ended.document.plan.is_some() {
                // Nobody waits for a mission that a person gave.
                return Ok(ended.part_done(Progress::Installed, note.clone()));
            }
            delivered = pending::deliver(courier, transaction, id, &mut ended.document)?;
            ended.document.answer = Some(pending::with_sent(&note, &ended.document));
            Ok(Next::new(MissionState::Complete, note.clone()))
        })?;
        self.shared
            .tell_changed(std::slice::from_ref(&lesson.object));
        self.tell_delivered(&delivered);
        self.recheck(run, &lesson.signature.name);
        Ok(())
    }

    /// Where every check starts: the mission's slots, else what the object holds now.
    pub(super) fn base_slots(&self, lesson: &Lesson) -> Result<Vec<(String, Packed)>, StepError> {
        let oid = self.shared.image.view().oid_named(&lesson.object)?;
        self.base_of(&lesson.draft, &lesson.structure, oid)
    }

    pub(super) fn base_of(
        &self,
        draft: &Draft,
        structure: &StructSpec,
        object: Option<Oid>,
    ) -> Result<Vec<(String, Packed)>, StepError> {
        let view = self.shared.image.view();
        let given = draft.typed_slots().map_err(hopeless)?;
        let vitals = if structure.slots.iter().any(|(name, _)| is_vital(name)) {
            Vitals::of(&view)?
        } else {
            None
        };
        let mut base = Vec::new();
        for (name, ty) in &structure.slots {
            let value = if let Some((_, _, value)) = given.iter().find(|(slot, ..)| slot == name) {
                value_from_json_with(ty, value, &NamesOf(&view)).map_err(hopeless)?
            } else if let Some(oid) = object
                && let Some((owner, slot)) = view.find_slot(oid, name)?
            {
                match &vitals {
                    Some(vitals) => vitals.fill(owner, slot).value,
                    None => slot.value,
                }
            } else {
                crate::method::default_value(ty)
            };
            base.push((name.clone(), value));
        }
        Ok(base)
    }
}

fn installed_note(lesson: &Lesson, failed: usize) -> String {
    let checks = lesson.checks.len();
    let proof = match (lesson.is_self_checked(), checks) {
        (_, 0) if lesson.draft.source.is_some() => {
            "as it was given; no check decided about it".to_owned()
        }
        (_, 0) if !lesson.calls.is_empty() => {
            "self-checked: it bears the call that it was written for".to_owned()
        }
        (_, 0) => "no checks were given: chosen by agreement of the candidates".to_owned(),
        (false, 1) => "1 check passed".to_owned(),
        (false, _) => format!("{checks} checks passed"),
        (true, 1) if failed == 0 => "self-checked: the example of the brief holds".to_owned(),
        (true, _) => format!(
            "self-checked: {} of {checks} examples of the brief hold",
            checks.saturating_sub(failed)
        ),
    };
    format!(
        "{} now understands `{}`; {proof}",
        lesson.object, lesson.signature
    )
}
