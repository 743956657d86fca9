//! The document's working fields and the plan: a part is begun, closed with what it has cost, and followed by the next.

use super::{Part, Plan, Progress, Spent};
use crate::image::Tid;
use crate::kernel::document::Document;
use crate::kernel::heal::Replaced;
use crate::persona::Draft;
use crate::wire::messages::MissionState;
use crate::wire::plan::{PartReport, PartState};

impl Document {
    /// Whether the part at work failed and is to be planned again.
    pub fn is_to_replan(&self) -> bool {
        let current = self.plan.as_ref().and_then(Plan::current);
        current.is_some_and(|part| part.progress == Progress::Replanned)
    }

    /// What the plan says of a method, where it has it; else what the mission is about.
    pub fn draft_of(&self, object: &str, selector: &str) -> Option<&Draft> {
        match &self.plan {
            Some(plan) => plan
                .parts
                .iter()
                .rev()
                .find(|part| part.is(object, selector))
                .map(|part| &part.draft),
            None => self.draft.as_ref(),
        }
    }

    /// The draft of the part that wrote a method, or of the mission.
    pub fn draft_that_wrote(&self, selector: &str) -> Option<&Draft> {
        match &self.plan {
            Some(plan) => plan.wrote(selector).map(|part| &part.draft),
            None => self.draft.as_ref(),
        }
    }

    /// What the mission's method of that name took the place of, and in which transaction; `newest` is the mission's last.
    pub fn replaced_by(&self, selector: &str, newest: Tid) -> Option<(Replaced, Tid)> {
        let Some(plan) = &self.plan else {
            return self.replaced.map(|replaced| (replaced, newest));
        };
        let mut plan = plan.clone();
        plan.note_tid(newest);
        let part = plan.wrote(selector)?;
        part.replaced.zip(part.tid)
    }

    /// Makes the part at work the one that the working fields are about.
    pub fn begin_part(&mut self) {
        let before = Spent {
            prompt_tokens: self.prompt_tokens,
            generated_tokens: self.generated_tokens,
            seconds: self.seconds,
        };
        let Some(plan) = &mut self.plan else { return };
        plan.before = before;
        let Some(part) = plan.parts.get_mut(plan.at) else {
            return;
        };
        part.progress = Progress::Working;
        self.draft = Some(part.draft.clone());
        self.examples.clear();
        self.exact = false;
        self.guesses.clear();
        self.neighbours.clear();
        self.lessons.clear();
        self.passages.clear();
        self.installed = None;
        self.round = 0;
        self.forget_candidates();
        self.base = None;
        self.base_rank = 0;
        self.fragile = 0;
        self.judged = 0;
        self.diagnostics.clear();
        self.source = None;
        self.review = None;
        self.replaced = None;
    }

    /// What the part at work begins with: its design, where it has none.
    pub fn first_state(&self) -> MissionState {
        match &self.draft {
            Some(draft) if draft.signature.is_none() => MissionState::Decomposing,
            _ => MissionState::Delegating,
        }
    }

    /// The part at work, with what it calls.
    pub fn part(&mut self) -> Option<&mut Part> {
        let plan = self.plan.as_mut()?;
        plan.parts.get_mut(plan.at)
    }

    /// Keeps with the part at work what it has come to. The working fields stay as they are.
    pub fn close_part(&mut self, progress: Progress, diagnosis: &str) {
        let Some(plan) = &mut self.plan else { return };
        let before = plan.before;
        let Some(part) = plan.parts.get_mut(plan.at) else {
            return;
        };
        part.progress = progress;
        diagnosis.clone_into(&mut part.diagnosis);
        part.rounds = self.round;
        part.judged = self.judged;
        part.prompt_tokens = self.prompt_tokens.saturating_sub(before.prompt_tokens);
        part.generated_tokens = self
            .generated_tokens
            .saturating_sub(before.generated_tokens);
        part.seconds = (self.seconds - before.seconds).max(0.0);
        part.replaced = self.replaced;
        part.source.clone_from(&self.source);
        if let Some(draft) = &self.draft {
            part.draft = draft.clone();
        }
    }

    /// After a part: the next one is at work. False when there is none.
    pub fn next_part(&mut self) -> bool {
        let Some(plan) = &mut self.plan else {
            return false;
        };
        if plan.at + 1 >= plan.parts.len() {
            return false;
        }
        plan.at += 1;
        self.begin_part();
        true
    }

    /// Seconds of work on the part, or on a mission of one method.
    pub fn seconds_of_part(&self) -> f64 {
        let before = self.plan.as_ref().map_or(0.0, |plan| plan.before.seconds);
        self.seconds - before
    }

    /// Tokens generated for the part, or for a mission of one method.
    pub fn tokens_of_part(&self) -> u64 {
        let before = self
            .plan
            .as_ref()
            .map_or(0, |plan| plan.before.generated_tokens);
        self.generated_tokens.saturating_sub(before)
    }

    /// Rounds of all parts.
    pub fn rounds(&self) -> u32 {
        self.of_parts(|part| part.rounds, self.round)
    }

    /// Candidates judged of all parts.
    pub fn all_judged(&self) -> u32 {
        self.of_parts(|part| part.judged, self.judged)
    }

    fn of_parts(&self, number: impl Fn(&Part) -> u32, now: u32) -> u32 {
        let Some(plan) = &self.plan else { return now };
        let closed: u32 = plan.parts.iter().map(&number).sum();
        let working = plan
            .current()
            .is_some_and(|part| part.progress == Progress::Working);
        if working { closed + now } else { closed }
    }

    /// The plan as it is shown. `tid` is the mission's newest transaction.
    pub fn part_reports(&self, state: MissionState, tid: Tid) -> Vec<PartReport> {
        let Some(plan) = &self.plan else {
            return Vec::new();
        };
        let mut shown = plan.clone();
        shown.note_tid(tid);
        let parts = shown.parts.iter().enumerate();
        parts
            .map(|(at, part)| {
                let mut report = report(at, part);
                if part.progress == Progress::Working {
                    report.state = match state {
                        MissionState::Validating => PartState::Checking,
                        MissionState::Failed => PartState::Failed,
                        _ => PartState::Writing,
                    };
                    report.attempts = self.round;
                    report.candidates = self.judged;
                    report.prompt_tokens =
                        self.prompt_tokens - plan.before.prompt_tokens.min(self.prompt_tokens);
                    report.generated_tokens = self.tokens_of_part();
                    report.seconds = self.seconds_of_part().max(0.0);
                    report.source.clone_from(&self.source);
                }
                report
            })
            .collect()
    }
}

fn report(at: usize, part: &Part) -> PartReport {
    PartReport {
        number: u32::try_from(at + 1).unwrap_or(u32::MAX),
        object: part.draft.object.clone().unwrap_or_default(),
        selector: part.draft.selector.clone().unwrap_or_default(),
        signature: part.draft.signature.clone().unwrap_or_default(),
        brief: part.draft.brief.clone(),
        calls: part
            .calls
            .iter()
            .map(|call| format!("{}.{}", call.object, call.selector))
            .collect(),
        state: match part.progress {
            Progress::Waiting => PartState::Waiting,
            Progress::Working => PartState::Writing,
            Progress::Installed => PartState::Installed,
            Progress::Used => PartState::Used,
            Progress::Replanned => PartState::Replanned,
            Progress::Failed => PartState::Failed,
        },
        tid: part.tid,
        again: part.again,
        attempts: part.rounds,
        candidates: part.judged,
        prompt_tokens: part.prompt_tokens,
        generated_tokens: part.generated_tokens,
        seconds: part.seconds,
        diagnosis: part.diagnosis.clone(),
        source: part.source.clone(),
    }
}
