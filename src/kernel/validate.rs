//! VALIDATING: judge the candidates, repair by machine what a machine can, prove by checks, choose one.
//!
//! No model decides here; of a method without examples ALFRED says a line. What is chosen is installed together with the mission's
//! COMPLETE, or with the step to the plan's next part.

use serde_json::json;

use super::agreement::Voted;
use super::compare::{Accepted, Compared};
use super::document::{Input, StoredDiagnostic, diagnostic_view};
use super::journal::About;
use super::judge::{Judged, RANK_OF_PROVEN};
use super::missing_slot::{Refused, add_missing_slot};
use super::psm::{Next, Run, StepError, Worker};
use super::teach::{Lesson, first_text};
use crate::image::Author;
use crate::knowledge::failure_key;
use crate::method::{Compiler, Packed, Receiver};
use crate::persona::{Attempt, read_review, review, spelled_signatures};
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
        let (mut accepted, mut refused) = (Vec::new(), Vec::new());
        let candidates = std::mem::take(&mut run.document.candidates);
        for (index, source) in candidates.iter().enumerate() {
            let judged = self.judge(&lesson, &compiler, &base, source)?;
            run.document.judged += 1;
            self.tell_verdict(run, index, &judged);
            if judged.is_accepted() {
                let votes = run.document.votes.get(index).copied().unwrap_or(1);
                accepted.push(Accepted { judged, votes });
            } else {
                if judged.built.is_some() {
                    remember_finalist(run, &judged.source);
                }
                let first = judged.diagnostics.first();
                refused.push(Refused {
                    source: judged.source.clone(),
                    problem: first.map_or_else(String::new, |first| first.message.clone()),
                });
                remember_best(run, judged);
            }
        }
        run.document.candidates = candidates;
        let none_passes = accepted.is_empty() && !run.is_comparing();
        if none_passes && let Some(added) = add_missing_slot(run, &lesson, &compiler, &refused) {
            return Err(StepError::Moved(added));
        }
        if none_passes && is_fragile(run) {
            run.document.fragile += 1;
        }
        let chosen = match self.compare(run, &lesson, &compiler, &base, accepted)? {
            Compared::Trusted(chosen) => chosen,
            Compared::Further(next) => return Ok(Some(next)),
            Compared::Nothing if self.may_try_again(run, &lesson) => return Ok(Some(again(run))),
            Compared::Nothing => match self.best_refused(run, &lesson, &compiler, &base)? {
                Some(best) => best,
                None => return Ok(Some(self.give_up(run))),
            },
        };
        let (lesson, chosen) = self.only_reading(run, lesson, chosen, &compiler, &base)?;
        run.document.review = self.review(run, &lesson, &chosen)?;
        self.install(run, &lesson, chosen)?;
        Ok(None)
    }

    /// The method with `&self` where it was designed with `&mut self` and changes nothing, which the compiler proves: then a send of
    /// it commits nothing. What the person wrote down stays.
    fn only_reading(
        &self,
        run: &mut Run,
        lesson: Lesson,
        chosen: Judged,
        compiler: &Compiler,
        base: &[(String, Packed)],
    ) -> Result<(Lesson, Judged), StepError> {
        let name = &lesson.signature.name;
        let is_spelled = |text: &str| {
            spelled_signatures(text)
                .iter()
                .any(|spelled| spelled.name == *name)
        };
        let is_designed = matches!(&run.document.input, Input::Words(words) if !is_spelled(words));
        let may_read = is_designed
            && lesson.signature.receiver == Receiver::Mutable
            && lesson.draft.source.is_none()
            && run.document.origin.is_none();
        let Some(source) = may_read.then(|| reading(&chosen.source)).flatten() else {
            return Ok((lesson, chosen));
        };
        let mut other = lesson.clone();
        other.signature.receiver = Receiver::Shared;
        other.draft.signature = Some(other.signature.to_string());
        let judged = self.judge(&other, compiler, base, &source)?;
        if judged.built.is_none() || judged.rank < chosen.rank {
            return Ok((lesson, chosen));
        }
        run.document.draft = Some(other.draft.clone());
        if let Some(plan) = &mut run.document.plan
            && let Some(part) = plan.parts.get_mut(plan.at)
        {
            part.draft.signature.clone_from(&other.draft.signature);
        }
        Ok((other, judged))
    }

    /// ALFRED's line on a method that nothing decided about but its like.
    fn review(
        &mut self,
        run: &mut Run,
        lesson: &Lesson,
        chosen: &Judged,
    ) -> Result<Option<String>, StepError> {
        let is_written = lesson.draft.source.is_none() && !lesson.is_panel();
        if !is_written || !lesson.checks.is_empty() || !lesson.calls.is_empty() {
            return Ok(None);
        }
        let prompt = review(&lesson.draft.brief, &chosen.source);
        let generated = self.ask(run, &prompt, &[0.0])?;
        Ok(read_review(first_text(&generated)))
    }

    pub(super) fn may_try_again(&self, run: &Run, lesson: &Lesson) -> bool {
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
                finalists.push(Accepted { judged, votes: 1 });
            }
        }
        let best = finalists.iter().map(|one| one.judged.rank).max();
        finalists.retain(|one| Some(one.judged.rank) == best);
        let chosen = self.choose(run, lesson, base, finalists);
        Ok(chosen.map(|(judged, _)| judged))
    }

    fn give_up(&self, run: &mut Run) -> Next {
        run.document.forget_candidates();
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

    /// The one whose behaviour most others share, and most of the checks that ALFRED wrote; and the votes for it and for
    /// those that do the same.
    pub(super) fn choose(
        &self,
        run: &Run,
        lesson: &Lesson,
        base: &[(String, Packed)],
        mut accepted: Vec<Accepted>,
    ) -> Option<(Judged, u32)> {
        if accepted.len() < 2 {
            return accepted.pop().map(|one| (one.judged, one.votes));
        }
        let modules: Vec<Voted<'_>> = accepted
            .iter()
            .filter_map(|one| {
                let (_, module) = one.judged.built.as_ref()?;
                Some(Voted {
                    module,
                    votes: one.votes,
                })
            })
            .collect();
        let trial = self.trial(lesson, base);
        let trusted = trial.choose(&modules, &run.document.guesses, &mut || {
            self.shared
                .courier
                .scratch(&lesson.object, lesson.signature.receiver)
        });
        let is_there = trusted.index < accepted.len();
        is_there.then(|| (accepted.swap_remove(trusted.index).judged, trusted.votes))
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

/// The source with `&self` and without marks; `None` where it plainly changes a slot.
fn reading(source: &str) -> Option<String> {
    const CHANGES: [&str; 6] = [" = ", " += ", " -= ", ".push(", ".insert(", ".remove("];
    let lines = source
        .lines()
        .map(|line| line.replace("self.mark_changed();", ""));
    let changes = |line: &String| {
        line.trim_start().starts_with("self.") && CHANGES.iter().any(|change| line.contains(change))
    };
    let lines: Vec<String> = lines.collect();
    if lines.iter().any(changes) {
        return None;
    }
    let kept: Vec<&str> = lines
        .iter()
        .zip(source.lines())
        .filter(|(line, before)| !line.trim().is_empty() || before.trim().is_empty())
        .map(|(line, _)| line.as_str())
        .collect();
    Some(kept.join("\n").replacen("(&mut self", "(&self", 1) + "\n")
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
