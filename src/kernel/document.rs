//! What a mission knows, as it is kept in the image: one JSON document, written whole at each transition.
//!
//! A mission resumes from this alone. Whatever decides a prompt (the draft, the design, the refused
//! attempts, the seed) stands here, so that a step repeated after a kill asks for the same bytes.

use serde::{Deserialize, Serialize};

use super::heal::{Origin, Replaced, Sent};
use super::plan::Plan;
use super::story::{self, Told};
use super::talk::Digest;
use crate::image::{Mission, MissionId};
use crate::method::Check;
use crate::persona::{Attempt, Draft, Neighbour, Passage};
use crate::wire::knowledge::UsedView;
use crate::wire::messages::{
    DiagnosticView, MissionReport, MissionState, MissionSummary, StageReport,
};
use crate::wire::plan::{Budget, Pause};

/// The person's own input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Input {
    Words(String),
    Document(String),
}

/// One stay in one state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub state: String,
    pub persona: String,
    pub started_ms: u64,
    pub seconds: f64,
    pub note: String,
}

/// A source that is accepted, and how many answers it was written by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passer {
    pub source: String,
    pub votes: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDiagnostic {
    pub stage: String,
    pub message: String,
    pub line: u32,
    pub column: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Everything that a mission knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub input: Input,
    /// What the person asked, in words.
    pub brief: String,
    /// The object that the person looked at while saying it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected: Option<String>,
    /// Fixed when the mission is accepted; every sample's seed comes from it.
    pub seed: u64,
    #[serde(default)]
    pub draft: Option<Draft>,
    /// The parts, where a brief became several. The fields below are then those of the part at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// It is held at its transitions until the person has it go on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Examples that ALFRED read out of the brief, where the person gave no checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Check>,
    /// They stand in the brief as calls with their results, so they refuse like the person's own checks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
    /// Checks that ALFRED wrote where the brief states no example: they weigh in, but refuse nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guesses: Vec<Check>,
    /// What DELEGATING found.
    #[serde(default)]
    pub neighbours: Vec<Neighbour>,
    #[serde(default)]
    pub lessons: Vec<String>,
    /// Parts of documents, facts and methods that the prompts have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Passage>,
    /// The method that was there already and fits, such as `Account.deposit`: nothing was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installed: Option<String>,
    /// Rounds of SYNTHESIZING begun.
    #[serde(default)]
    pub round: u32,
    /// Sources that wait for VALIDATING.
    #[serde(default)]
    pub candidates: Vec<String>,
    /// How many answers each of them was written by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<u32>,
    /// Sources that are accepted, but that too few others agree with yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passers: Vec<Passer>,
    /// The best refused attempt so far, and how far it came.
    #[serde(default)]
    pub base: Option<Attempt>,
    #[serde(default)]
    pub base_rank: u32,
    /// Refused sources that were built, the newest last: among them is chosen when the rounds are spent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finalists: Vec<String>,
    /// Rounds that ended with a best one that passes all checks, but traps in made-up calls.
    #[serde(default)]
    pub fragile: u32,
    #[serde(default)]
    pub judged: u32,
    #[serde(default)]
    pub prompt_tokens: u64,
    #[serde(default)]
    pub generated_tokens: u64,
    /// Time spent at work on it, over all runs of the kernel.
    #[serde(default)]
    pub seconds: f64,
    #[serde(default)]
    pub stages: Vec<Stage>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<Told>,
    #[serde(default)]
    pub diagnostics: Vec<StoredDiagnostic>,
    #[serde(default)]
    pub source: Option<String>,
    /// ALFRED's line on what was written, where no example of the person's decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    #[serde(default)]
    pub answer: Option<String>,
    /// The talk before it, digested while it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    #[serde(default)]
    pub outcome: String,
    #[serde(default)]
    pub state_since_ms: u64,
    /// The fault that it is to mend, when the system set it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Milliseconds since 1970 before which it does not begin.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub due_ms: u64,
    /// What its method took the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Replaced>,
    /// What the sends came to that waited for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "it is the function that serde asks for"
)]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Document {
    /// Forgets what was written for a method, when that is decided or begins anew.
    pub fn forget_candidates(&mut self) {
        self.candidates.clear();
        self.votes.clear();
        self.passers.clear();
        self.finalists.clear();
    }

    /// Whether the source was given with the mission.
    pub fn is_given(&self) -> bool {
        self.draft
            .as_ref()
            .is_some_and(|draft| draft.source.is_some())
    }

    pub fn new(input: Input, brief: String, seed: u64, now_ms: u64) -> Self {
        Self {
            input,
            brief,
            selected: None,
            seed,
            draft: None,
            plan: None,
            paused: false,
            examples: Vec::new(),
            neighbours: Vec::new(),
            lessons: Vec::new(),
            passages: Vec::new(),
            installed: None,
            round: 0,
            candidates: Vec::new(),
            votes: Vec::new(),
            passers: Vec::new(),
            base: None,
            base_rank: 0,
            exact: false,
            guesses: Vec::new(),
            finalists: Vec::new(),
            fragile: 0,
            judged: 0,
            prompt_tokens: 0,
            generated_tokens: 0,
            seconds: 0.0,
            stages: Vec::new(),
            story: Vec::new(),
            diagnostics: Vec::new(),
            source: None,
            review: None,
            answer: None,
            digest: None,
            outcome: String::new(),
            state_since_ms: now_ms,
            origin: None,
            due_ms: 0,
            replaced: None,
            sent: Vec::new(),
        }
    }

    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The state of a stored mission; an unknown name, as of a later version, counts as FAILED.
pub fn state_of(mission: &Mission) -> MissionState {
    MissionState::ALL
        .into_iter()
        .find(|state| state.name() == mission.state)
        .unwrap_or(MissionState::Failed)
}

pub fn summary(
    id: MissionId,
    state: MissionState,
    created_ms: u64,
    document: &Document,
) -> MissionSummary {
    let draft = document.draft.as_ref();
    MissionSummary {
        id,
        state,
        intent: draft
            .map(|draft| draft.intent.name().to_owned())
            .unwrap_or_default(),
        brief: document.brief.clone(),
        object: draft.and_then(|draft| draft.object.clone()),
        selector: draft.and_then(|draft| draft.selector.clone()),
        created_ms,
        state_since_ms: document.state_since_ms,
        attempts: document.rounds(),
        outcome: document.outcome.clone(),
        part: document.plan.as_ref().map(Plan::label),
        pause: if document.paused {
            Pause::Yes
        } else {
            Pause::No
        },
    }
}

pub fn report(mission: &Mission, document: &Document, budget: Budget) -> MissionReport {
    let state = state_of(mission);
    MissionReport {
        summary: summary(mission.id, state, mission.created_ms, document),
        signature: document
            .draft
            .as_ref()
            .and_then(|draft| draft.signature.clone()),
        candidates: document.all_judged(),
        prompt_tokens: document.prompt_tokens,
        generated_tokens: document.generated_tokens,
        seconds: document.seconds,
        stages: document.stages.iter().map(stage_report).collect(),
        diagnostics: document.diagnostics.iter().map(diagnostic_view).collect(),
        source: document.source.clone(),
        answer: document.answer.clone(),
        used: used(document),
        plan: document.part_reports(state, mission.tid),
        story: document.story.iter().map(story::entry).collect(),
        budget,
        judged: Vec::new(),
    }
}

/// What the mission used, as it is shown.
fn used(document: &Document) -> Vec<UsedView> {
    let view = |kind: &str, name: String, heading: &str, text: &str| UsedView {
        kind: kind.to_owned(),
        name,
        heading: heading.to_owned(),
        text: text.to_owned(),
    };
    let draft = document.draft.as_ref();
    let object = draft.and_then(|draft| draft.object.as_deref());
    let object = object.unwrap_or_default();
    let installed = document.installed.iter().map(|name| {
        let signature = draft.and_then(|draft| draft.signature.as_deref());
        view("method", name.clone(), signature.unwrap_or_default(), "")
    });
    let neighbours = document.neighbours.iter().map(|neighbour| {
        let owner = neighbour.inherited_from.as_deref().unwrap_or(object);
        let start = neighbour.signature.trim_start_matches("fn ");
        let selector = start.split('(').next().unwrap_or_default();
        let name = format!("{owner}.{selector}");
        view("method", name, &neighbour.signature, "")
    });
    let passages = document.passages.iter().map(|passage| {
        let name = passage.name.clone();
        view(&passage.kind, name, &passage.heading, &passage.text)
    });
    let lessons = document.lessons.iter().map(|lesson| {
        let selector = draft.and_then(|draft| draft.selector.as_deref());
        let name = format!("{object}.{}", selector.unwrap_or_default());
        view("lesson", name, "", lesson)
    });
    installed
        .chain(neighbours)
        .chain(passages)
        .chain(lessons)
        .collect()
}

fn stage_report(stage: &Stage) -> StageReport {
    StageReport {
        state: MissionState::ALL
            .into_iter()
            .find(|state| state.name() == stage.state)
            .unwrap_or(MissionState::Failed),
        persona: stage.persona.clone(),
        started_ms: stage.started_ms,
        seconds: stage.seconds,
        note: stage.note.clone(),
    }
}

pub fn diagnostic_view(diagnostic: &StoredDiagnostic) -> DiagnosticView {
    DiagnosticView {
        stage: diagnostic.stage.clone(),
        message: diagnostic.message.clone(),
        line: diagnostic.line,
        column: diagnostic.column,
        hint: diagnostic.hint.clone(),
    }
}
