//! What front-ends are told of a mission's plan and of its story. Only data.

use rkyv::{Archive, Deserialize, Serialize};

/// Where one part of a plan stands.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartState {
    Waiting,
    /// Its methods and knowledge are looked up, or a model writes it.
    Writing,
    /// Its candidates are judged.
    Checking,
    Installed,
    /// It was there already, and nothing was written.
    Used,
    /// It failed, and the parts after it take its place.
    Replanned,
    Failed,
}

impl PartState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Writing => "writing",
            Self::Checking => "checking",
            Self::Installed => "installed",
            Self::Used => "used",
            Self::Replanned => "re-planned",
            Self::Failed => "failed",
        }
    }
}

/// One part of a plan.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct PartReport {
    /// From 1.
    pub number: u32,
    pub object: String,
    pub selector: String,
    /// Empty until it is designed.
    pub signature: String,
    pub brief: String,
    /// Methods that it calls, such as `Account.deposit`.
    pub calls: Vec<String>,
    pub state: PartState,
    /// The transaction that installed it.
    pub tid: Option<u64>,
    /// It takes the place of a part that failed.
    pub again: bool,
    pub attempts: u32,
    pub candidates: u32,
    pub prompt_tokens: u64,
    pub generated_tokens: u64,
    pub seconds: f64,
    /// Why it failed; empty where it did not.
    pub diagnosis: String,
    /// As it was installed, or refused last.
    pub source: Option<String>,
}

impl PartReport {
    /// Its signature; until it has one, what it is to do.
    pub fn design(&self) -> &str {
        if self.signature.is_empty() {
            &self.brief
        } else {
            &self.signature
        }
    }
}

/// What one part, or a mission of one method, may spend before it fails.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Rounds.
    pub attempts: u32,
    /// Generated tokens.
    pub tokens: u32,
    pub seconds: u32,
}

/// A prompt with its answer, or a verdict, in the order in which they came.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct StoryEntry {
    /// The stage that it belongs to, by its place among the mission's stages.
    pub stage: u32,
    /// The part, from 1; 0 where it is about the whole.
    pub part: u32,
    pub round: u32,
    pub persona: String,
    /// `plan`, `synthesize`, `accepted`, `refused` …
    pub what: String,
    pub text: String,
    /// What the log's lines `prompt` and `answer` are found by; empty for a verdict.
    pub reference: String,
    pub prompt_tokens: u32,
    pub generated_tokens: u32,
    pub seconds: f64,
}

/// Whether a mission is held.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pause {
    #[default]
    No,
    /// It is, from its next transition on.
    Asked,
    Yes,
}

impl Pause {
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Asked => "asked",
            Self::Yes => "yes",
        }
    }
}
