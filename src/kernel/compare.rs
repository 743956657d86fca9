//! Where checks do not decide, answers are compared: what is accepted is installed when another answer does the same.
//!
//! Wrong methods that pass one or two examples are common, but they are wrong each in its own way. So more answers are asked
//! for until two do the same, and half of all that are accepted with them; after a few rounds the one that most agree with
//! is taken.

use super::document::Passer;
use super::engine_terms::EngineError;
use super::judge::Judged;
use super::psm::{Next, Run, StepError, Worker};
use super::teach::Lesson;
use crate::method::{Compiler, Packed};
use crate::wire::messages::MissionState;

/// No later round is begun only to compare. Of twelve answers the one that most agree with is right more often than of nine;
/// of more than that hardly, for what they cost (`docs/BENCHMARKS.md`).
const LAST_ROUND: u32 = 4;
/// Answers that have to do the same.
const ENOUGH: u32 = 2;

/// A candidate that is accepted, and how many answers it was written by.
pub(super) struct Accepted {
    pub judged: Judged,
    pub votes: u32,
}

/// What comes of those that are accepted.
pub(super) enum Compared {
    /// This one is trusted.
    Trusted(Judged),
    /// More are asked for.
    Further(Next),
    /// There is none.
    Nothing,
}

impl Worker {
    /// Compares what is accepted now with what was before.
    pub(super) fn compare(
        &self,
        run: &mut Run,
        lesson: &Lesson,
        compiler: &Compiler,
        base: &[(String, Packed)],
        fresh: Vec<Accepted>,
    ) -> Result<Compared, StepError> {
        // The earliest first: between equals it is taken.
        let mut accepted: Vec<Accepted> = Vec::new();
        for passer in &run.document.passers {
            let judged = self.judge(lesson, compiler, base, &passer.source)?;
            // The object's slots may have changed since.
            if judged.is_accepted() {
                accepted.push(Accepted {
                    judged,
                    votes: passer.votes,
                });
            }
        }
        for one in fresh {
            let source = &one.judged.source;
            let mut known = accepted.iter_mut();
            match known.find(|known| known.judged.source == *source) {
                Some(same) => same.votes += one.votes,
                None => accepted.push(one),
            }
        }
        let passers: Vec<Passer> = accepted
            .iter()
            .map(|one| Passer {
                source: one.judged.source.clone(),
                votes: one.votes,
            })
            .collect();
        let all: u32 = accepted.iter().map(|one| one.votes).sum();
        let Some((judged, votes)) = self.choose(run, lesson, base, accepted) else {
            run.document.passers.clear();
            return Ok(Compared::Nothing);
        };
        let is_backed = votes >= ENOUGH && votes * 2 >= all;
        if is_backed || !self.may_compare(run, lesson) {
            return Ok(Compared::Trusted(judged));
        }
        let note = match passers.len() {
            1 => "one is accepted; others are asked for, to compare".to_owned(),
            count => {
                format!("{count} are accepted, and they differ; others are asked for, to compare")
            }
        };
        run.document.passers = passers;
        run.document.candidates.clear();
        Ok(Compared::Further(Next::new(
            MissionState::Synthesizing,
            note,
        )))
    }

    /// What is asked for only to compare may fail: what is accepted already is there.
    pub(super) fn compare_no_further(&self, run: &mut Run, error: &EngineError) -> Next {
        self.remark(run, "compare.failed", &error.to_string());
        run.document.round = run.document.round.max(LAST_ROUND);
        run.document.candidates.clear();
        run.document.votes.clear();
        Next::new(
            MissionState::Validating,
            format!("nothing came to compare with: {error}"),
        )
    }

    fn may_compare(&self, run: &Run, lesson: &Lesson) -> bool {
        self.shared.settings.missions.candidates > 1
            && !lesson.checks_decide()
            && lesson.can_be_compared()
            && run.document.round < LAST_ROUND
            && self.may_try_again(run, lesson)
    }
}
