//! A mission's plan as it is kept in the document: the parts, in the order in which they are done, and the one at work.
//!
//! The document's working fields (draft, round, candidates, verdicts …) are those of the part at work. Each step from
//! one part to the next is made in the very transaction that installs the part, so that a killed kernel finds either
//! the part at work or the next one, and never the same one twice.

mod working;

use serde::{Deserialize, Serialize};

use super::heal::Replaced;
use crate::image::Tid;
use crate::persona::{Callee, Draft, FailedPart, Intent, PartDesign, PlannedCall};

/// Parts that a mission has at most, with those that failed and were planned again.
const MOST_WITH_REPLANNED: usize = 24;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub parts: Vec<Part>,
    /// The part at work.
    pub at: usize,
    /// What the mission had spent when that one began.
    #[serde(default)]
    before: Spent,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Spent {
    prompt_tokens: u64,
    generated_tokens: u64,
    seconds: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    Waiting,
    Working,
    Installed,
    Used,
    Replanned,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub draft: Draft,
    /// Methods that it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<PlannedCall>,
    pub progress: Progress,
    /// It takes the place of a part that failed; when it fails, so does the mission.
    #[serde(default)]
    pub again: bool,
    /// The transaction that installed it; not known within that transaction itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tid: Option<Tid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Replaced>,
    #[serde(default)]
    pub rounds: u32,
    #[serde(default)]
    pub judged: u32,
    #[serde(default)]
    pub prompt_tokens: u64,
    #[serde(default)]
    pub generated_tokens: u64,
    #[serde(default)]
    pub seconds: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub diagnosis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Part {
    pub fn of(design: PartDesign, again: bool) -> Self {
        let draft = Draft {
            intent: Intent::Teach,
            selector: Some(design.selector),
            signature: design.signature.map(|signature| signature.to_string()),
            brief: design.brief,
            object: Some(design.object),
            slots: design.slots,
            checks: Vec::new(),
            source: None,
            args: None,
            parent: None,
        };
        Self::waiting(draft, design.calls, again)
    }

    /// The same part, not begun: for a mission in the same words.
    pub fn anew(&self) -> Self {
        Self::waiting(self.draft.clone(), self.calls.clone(), false)
    }

    fn waiting(draft: Draft, calls: Vec<PlannedCall>, again: bool) -> Self {
        Self {
            draft,
            calls,
            progress: Progress::Waiting,
            again,
            tid: None,
            replaced: None,
            rounds: 0,
            judged: 0,
            prompt_tokens: 0,
            generated_tokens: 0,
            seconds: 0.0,
            diagnosis: String::new(),
            source: None,
        }
    }

    pub fn name(&self) -> String {
        let object = self.draft.object.as_deref().unwrap_or_default();
        let selector = self.draft.selector.as_deref().unwrap_or_default();
        format!("{object}.{selector}")
    }

    pub fn is(&self, object: &str, selector: &str) -> bool {
        self.draft.object.as_deref() == Some(object)
            && self.draft.selector.as_deref() == Some(selector)
    }

    pub fn is_there(&self) -> bool {
        matches!(self.progress, Progress::Installed | Progress::Used)
    }

    pub fn failed(&self) -> FailedPart<'_> {
        FailedPart {
            object: self.draft.object.as_deref().unwrap_or_default(),
            selector: self.draft.selector.as_deref().unwrap_or_default(),
            brief: &self.draft.brief,
            diagnosis: &self.diagnosis,
        }
    }
}

impl Plan {
    pub fn new(parts: Vec<Part>) -> Self {
        Self {
            parts,
            at: 0,
            before: Spent::default(),
        }
    }

    pub fn current(&self) -> Option<&Part> {
        self.parts.get(self.at)
    }

    /// `part 2 of 3, Account.withdraw`; parts that failed and were planned again do not count.
    pub fn label(&self) -> String {
        let counts =
            |(at, part): &(usize, &Part)| part.progress != Progress::Replanned || *at == self.at;
        let counted = || self.parts.iter().enumerate().filter(counts);
        let number = counted().filter(|(at, _)| *at <= self.at).count();
        let total = counted().count();
        let name = self.current().map(Part::name).unwrap_or_default();
        format!("part {} of {}, {name}", number.max(1), total.max(1))
    }

    /// What is there of it already, for people; empty when nothing is.
    pub fn installed(&self) -> String {
        let there: Vec<String> = self
            .parts
            .iter()
            .filter(|part| part.is_there())
            .map(|part| match part.tid {
                Some(tid) => format!("{} (transaction {tid})", part.name()),
                None => part.name(),
            })
            .collect();
        there.join(", ")
    }

    /// Whether a part of that name is there already, or comes later and is none of what is `called` before.
    pub fn has(&self, part: &Part, called: &[PlannedCall]) -> bool {
        let name = part.name();
        let calls = |call: &PlannedCall| part.is(&call.object, &call.selector);
        let is_called = called.iter().any(calls);
        self.parts.iter().any(|other| {
            let comes = other.progress == Progress::Waiting && !is_called;
            other.name() == name && (other.is_there() || comes)
        })
    }

    /// Puts the parts of a new plan in the place of the one at work, which failed.
    ///
    /// # Errors
    /// When one of them has the name of another part, or there would be too many.
    pub fn replan(&mut self, parts: Vec<Part>) -> Result<(), String> {
        if self.parts.len() + parts.len() > MOST_WITH_REPLANNED {
            return Err(format!(
                "a mission has at most {MOST_WITH_REPLANNED} parts, with those that were planned again"
            ));
        }
        let others = || {
            let rest = self.parts.iter().enumerate();
            rest.filter(|(at, part)| *at != self.at && part.progress != Progress::Replanned)
                .map(|(_, part)| part.name())
        };
        for part in &parts {
            if others().any(|name| name == part.name()) {
                return Err(format!(
                    "the new plan has `{}`, which is another part",
                    part.name()
                ));
            }
        }
        if let Some(part) = self.parts.get_mut(self.at) {
            part.progress = Progress::Replanned;
        }
        let next = (self.at + 1).min(self.parts.len());
        self.parts.splice(next..next, parts);
        self.at = next;
        Ok(())
    }

    fn wrote(&self, selector: &str) -> Option<&Part> {
        let mut newest_first = self.parts.iter().rev();
        newest_first.find(|part| {
            part.progress == Progress::Installed && part.draft.selector.as_deref() == Some(selector)
        })
    }

    /// The transaction that installed the newest part is known only after it.
    pub fn note_tid(&mut self, tid: Tid) {
        let newest = self
            .parts
            .iter_mut()
            .rev()
            .find(|part| part.progress == Progress::Installed);
        if let Some(part) = newest.filter(|part| part.tid.is_none()) {
            part.tid = Some(tid);
        }
    }
}

/// What a part calls, with the signatures that are there by now, else those that are planned.
pub fn callees(
    plan: &Plan,
    part: &Part,
    there: impl Fn(&PlannedCall) -> Option<String>,
) -> Vec<Callee> {
    let planned = |call: &PlannedCall| {
        let mut newest = plan.parts.iter().rev();
        let other = newest.find(|other| other.is(&call.object, &call.selector));
        other.and_then(|other| other.draft.signature.clone())
    };
    let callee = |call: &PlannedCall| {
        Some(Callee {
            object: call.object.clone(),
            signature: there(call).or_else(|| planned(call))?,
            of: call.of.clone(),
        })
    };
    part.calls.iter().filter_map(callee).collect()
}
