//! VALIDATING: judge the candidates, repair by machine what a machine can, prove by checks, install one.
//!
//! No model decides here; of a method without examples ALFRED says a line. A candidate is installed together with the mission's COMPLETE, or with the step to the
//! plan's next part, in one transaction: method, slots, mission record and audit entry, or none of them.

use serde_json::json;

use super::agreement::Trial;
use super::delegate::cure_of;
use super::document::{StoredDiagnostic, diagnostic_view};
use super::genesis::vitals::{Vitals, is_vital};
use super::genesis::{is_own_display, name_system};
use super::heal::pending::{self, Delivered};
use super::heal::{self, Replaced};
use super::journal::About;
use super::judge::{Judged, RANK_OF_PROVEN};
use super::names::NamesOf;
use super::plan::Progress;
use super::psm::{Next, Run, StepError, Worker};
use super::schema::fits;
use super::shared::refuse_other_types;
use super::teach::{Lesson, first_text, hopeless};
use super::understand::add_slots;
use crate::image::{Author, Method, Oid, Read};
use crate::knowledge::{cure_key, failure_key};
use crate::method::{Compiler, Module, Packed, StructSpec, value_from_json_with};
use crate::persona::{Attempt, Draft, read_review, review};
use crate::wire::messages::{Event, LogLevel, MissionState};

/// Rounds of a mission that only examples decide about that were read out of its brief.
const SELF_CHECKED_ROUNDS: u32 = 5;
/// Further rounds for a candidate that passes all checks, but traps where nobody said what it should do.
const FRAGILE_ROUNDS: u32 = 2;
/// Refused sources that are kept to choose from: those of the last rounds.
const MOST_FINALISTS: usize = 12;
/// How often the candidates are judged when the object's slots change meanwhile.
const JUDGED_AT_MOST: u32 = 4;

impl Worker {
    /// `None` when a candidate was accepted: the transition is then part of the installing commit.
    pub(super) fn validate(&mut self, run: &mut Run) -> Result<Option<Next>, StepError> {
        for _ in 1..JUDGED_AT_MOST {
            match self.validate_once(run) {
                Err(StepError::Moved(why)) => self.remark(run, "slots.moved", &why),
                done => return done,
            }
        }
        self.validate_once(run)
    }

    fn validate_once(&mut self, run: &mut Run) -> Result<Option<Next>, StepError> {
        let lesson = self.lesson(run)?;
        let compiler = self
            .shared
            .compiler()
            .map_err(|error| StepError::Hopeless(format!("no compiler for methods: {error}")))?;
        let base = self.base_slots(&lesson)?;
        let mut accepted = Vec::new();
        let candidates = std::mem::take(&mut run.document.candidates);
        for (index, source) in candidates.iter().enumerate() {
            let judged = self.judge(&lesson, &compiler, &base, source)?;
            run.document.judged += 1;
            self.tell_verdict(run, index, &judged);
            if judged.is_accepted() {
                accepted.push(judged);
            } else {
                if judged.built.is_some() {
                    remember_finalist(run, &judged.source);
                }
                remember_best(run, judged);
            }
        }
        run.document.candidates = candidates;
        if accepted.is_empty() && is_fragile(run) {
            run.document.fragile += 1;
        }
        let chosen = match self.choose(run, &lesson, &base, accepted) {
            Some(chosen) => chosen,
            None if self.may_try_again(run, &lesson) => return Ok(Some(again(run))),
            None => match self.best_refused(run, &lesson, &compiler, &base)? {
                Some(best) => best,
                None => return Ok(Some(self.give_up(run))),
            },
        };
        run.document.review = self.review(run, &lesson, &chosen)?;
        self.install(run, &lesson, chosen)?;
        Ok(None)
    }

    /// ALFRED's line on a method that nothing decided about but its like.
    fn review(
        &mut self,
        run: &mut Run,
        lesson: &Lesson,
        chosen: &Judged,
    ) -> Result<Option<String>, StepError> {
        let is_written = lesson.draft.source.is_none() && lesson.present.is_none();
        if !is_written || !lesson.checks.is_empty() || !lesson.calls.is_empty() {
            return Ok(None);
        }
        let prompt = review(&lesson.draft.brief, &chosen.source);
        let generated = self.ask(run, &prompt, &[0.0])?;
        Ok(read_review(first_text(&generated)))
    }

    fn may_try_again(&self, run: &Run, lesson: &Lesson) -> bool {
        // Nobody writes another than the one that was given.
        if lesson.draft.source.is_some() {
            return false;
        }
        let limits = &self.shared.settings.missions;
        if run.document.fragile > FRAGILE_ROUNDS {
            return false;
        }
        // What was read out of a brief may have been misread: more rounds than these seldom help.
        let attempts = if lesson.is_self_checked() && !lesson.checks.is_empty() {
            limits.attempts.min(SELF_CHECKED_ROUNDS)
        } else {
            limits.attempts
        };
        let document = &run.document;
        document.round < attempts
            && document.tokens_of_part() < u64::from(limits.tokens)
            && document.seconds_of_part() < f64::from(limits.seconds)
    }

    /// What is installed when the rounds are spent, if anything is. A candidate that passes all checks will do, even if it
    /// traps where nobody said what it should do. Where only examples decided that a persona read out of the brief, and
    /// may have misread, the one that most of them hold for is better than none. Between equals most of all agree.
    fn best_refused(
        &self,
        run: &Run,
        lesson: &Lesson,
        compiler: &Compiler,
        base: &[(String, Packed)],
    ) -> Result<Option<Judged>, StepError> {
        // What a mission mends has to be mended.
        let some_will_do = lesson.is_self_checked()
            && run.document.origin.is_none()
            && lesson.draft.source.is_none();
        if !is_fragile(run) && !some_will_do {
            return Ok(None);
        }
        let mut finalists = Vec::new();
        for source in &run.document.finalists {
            let judged = self.judge(lesson, compiler, base, source)?;
            let holds_for_some = judged.failed_checks == 0
                || some_will_do && judged.failed_checks < lesson.checks.len();
            if judged.built.is_some() && holds_for_some {
                finalists.push(judged);
            }
        }
        let best = finalists.iter().map(|judged| judged.rank).max();
        finalists.retain(|judged| Some(judged.rank) == best);
        Ok(self.choose(run, lesson, base, finalists))
    }

    fn give_up(&self, run: &mut Run) -> Next {
        run.document.candidates.clear();
        run.document.finalists.clear();
        let why = run.document.diagnostics.first().map_or_else(
            || "no candidate was complete".to_owned(),
            |diagnostic| format!("{}: {}", diagnostic.stage, diagnostic.message),
        );
        if run.document.is_given() {
            let why = format!("the given source is refused: {why}");
            run.document.outcome.clone_from(&why);
            return Next::new(MissionState::Failed, why);
        }
        self.keep_lesson(run, &why);
        let why = format!("after {} rounds, {why}", run.document.round);
        if run.document.plan.is_some() {
            return run.part_failed(&why);
        }
        run.document.outcome.clone_from(&why);
        Next::new(MissionState::Failed, why)
    }

    /// A failure's diagnosis is knowledge for the next mission with the same method.
    fn keep_lesson(&self, run: &Run, why: &str) {
        let Some(draft) = &run.document.draft else {
            return;
        };
        let (Some(object), Some(selector)) = (&draft.object, &draft.selector) else {
            return;
        };
        let mut transaction = self.shared.image.begin(Author::Mission(run.id));
        let key = format!("{}{:08}", failure_key(object, selector), run.id);
        let kept = transaction
            .set_fact(&key, why)
            .map_err(StepError::from)
            .and_then(|()| transaction.commit().map_err(StepError::from));
        if let Err(error) = kept {
            self.remark(
                run,
                "lesson.lost",
                &format!("the lesson of the failure was not kept: {error}"),
            );
        }
    }

    /// The one whose behaviour most others share, and most of the checks that ALFRED wrote.
    fn choose(
        &self,
        run: &Run,
        lesson: &Lesson,
        base: &[(String, Packed)],
        mut accepted: Vec<Judged>,
    ) -> Option<Judged> {
        if accepted.len() < 2 {
            return accepted.pop();
        }
        let modules: Vec<&Module> = accepted
            .iter()
            .filter_map(|judged| judged.built.as_ref().map(|(_, module)| module))
            .collect();
        let trial = Trial {
            sandbox: &self.shared.sandbox,
            signature: &lesson.signature,
            structure: &lesson.structure,
            base,
            examples: &lesson.checks,
        };
        let index = trial.choose(&modules, &run.document.guesses, &mut || {
            self.shared
                .courier
                .scratch(&lesson.object, lesson.signature.receiver)
        });
        (index < accepted.len()).then(|| accepted.swap_remove(index))
    }

    fn install(&mut self, run: &mut Run, lesson: &Lesson, chosen: Judged) -> Result<(), StepError> {
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
            ended.document.candidates.clear();
            ended.document.finalists.clear();
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
    fn base_slots(&self, lesson: &Lesson) -> Result<Vec<(String, Packed)>, StepError> {
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

    fn tell_verdict(&self, run: &mut Run, index: usize, judged: &Judged) {
        let candidate = u32::try_from(index).unwrap_or(u32::MAX);
        let accepted = judged.is_accepted();
        let text = match judged.diagnostics.first() {
            None => format!("candidate {} is accepted", index + 1),
            Some(first) => format!(
                "candidate {} is refused: {}: {}",
                index + 1,
                first.stage,
                first.message
            ),
        };
        let what = if accepted { "accepted" } else { "refused" };
        run.document.tell(what, &text);
        self.shared.journal.record(
            if accepted {
                LogLevel::Info
            } else {
                LogLevel::Warn
            },
            About {
                mission: Some(run.id),
                persona: None,
            },
            "verdict",
            &text,
            json!({"round": run.document.round, "candidate": index, "accepted": accepted,
                   "source": judged.source, "diagnostics": judged.diagnostics}),
        );
        self.shared.journal.tell(Event::Verdict {
            mission: run.id,
            candidate,
            accepted,
            source: judged.source.clone(),
            diagnostics: judged.diagnostics.iter().map(diagnostic_view).collect(),
        });
    }
}

/// Whether the best so far passes all checks: what refused it are made-up calls alone.
fn is_fragile(run: &Run) -> bool {
    run.document.base.is_some() && run.document.base_rank >= RANK_OF_PROVEN
}

/// Another round.
fn again(run: &mut Run) -> Next {
    run.document.candidates.clear();
    let first = run.document.diagnostics.first();
    let note = first.map_or("no candidate was complete", |diagnostic| {
        diagnostic.message.as_str()
    });
    Next::new(MissionState::Synthesizing, format!("refused: {note}"))
}

/// A source that was built, each once.
fn remember_finalist(run: &mut Run, source: &str) {
    let finalists = &mut run.document.finalists;
    finalists.retain(|other| other != source);
    finalists.push(source.to_owned());
    let over = finalists.len().saturating_sub(MOST_FINALISTS);
    finalists.drain(..over);
}

/// The best refused attempt is the next one's base; between equals the newer one.
fn remember_best(run: &mut Run, judged: Judged) {
    if run.document.base.is_some() && judged.rank < run.document.base_rank {
        return;
    }
    run.document.base_rank = judged.rank;
    run.document.base = Some(Attempt {
        source: judged.source.clone(),
        problems: judged.diagnostics.iter().map(problem).collect(),
        instruction: judged.instruction.map(|text| text.replace('\n', " ")),
    });
    run.document.source = Some(judged.source);
    run.document.diagnostics = judged.diagnostics;
}

/// A diagnostic as a line for the model.
fn problem(diagnostic: &StoredDiagnostic) -> String {
    let mut text = if diagnostic.line > 0 {
        format!("line {}: {}", diagnostic.line, diagnostic.message)
    } else {
        diagnostic.message.clone()
    };
    if let Some(hint) = &diagnostic.hint {
        text.push_str(" (");
        text.push_str(hint);
        text.push(')');
    }
    text
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
