//! Messages between a front-end (workbench or command line) and the kernel.
//!
//! Only data. A front-end sends a [`Request`] under a number of its choice and gets exactly one
//! [`Reply`] or [`Failure`] with that number. After [`Request::Subscribe`] the kernel also pushes
//! [`Event`]s, in order; one that reads too slowly gets [`Event::Resync`] instead of what it missed.

use rkyv::{Archive, Deserialize, Serialize};

use super::image::{ImageReply, ImageRequest};
use super::knowledge::{KnowledgeReply, KnowledgeRequest, UsedView};
use super::memory::{Gpus, MemoryView, Spoke};
use super::plan::{Budget, PartReport, Pause, StoryEntry};
use super::schema::{SchemaReply, SchemaRequest};
use super::system::SystemView;

/// Version of everything in this file; the handshake refuses another one.
pub const PROTOCOL_VERSION: u16 = 5;

/// From a front-end to the kernel.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct ToKernel {
    /// Chosen by the front-end, returned with the answer.
    pub id: u64,
    pub request: Request,
}

/// What a front-end may ask for. Each variant names its reply.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum Request {
    /// [`Reply::Status`].
    Status,
    /// [`Reply::Snapshot`], then events until the connection closes.
    Subscribe {
        /// How many of the newest metacognition entries to include.
        log_entries: u32,
    },
    /// [`Reply::MissionStarted`] as soon as the mission is durable.
    StartMission(MissionInput),
    /// [`Reply::Understood`] when the translator has read the words; nothing is stored.
    Understand {
        words: String,
        /// The object that the person looks at.
        selected: Option<String>,
    },
    /// [`Reply::Mission`] when the mission has ended (COMPLETE or FAILED).
    WaitMission { id: u64 },
    /// [`Reply::Sent`] when the mission has ended that the send waits for.
    WaitSend { mission: u64, place: u32 },
    /// [`Reply::Mission`] at once.
    ShowMission { id: u64 },
    /// [`Reply::Missions`], newest first.
    ListMissions,
    /// [`Reply::Mission`] after the mission has stopped; cancelling an ended one is a failure.
    CancelMission { id: u64 },
    /// [`Reply::Mission`] as soon as the wish is durable; a mission at work is held from its next transition on.
    PauseMission { id: u64 },
    /// [`Reply::Mission`] as soon as that is durable; the mission is in the queue again.
    ResumeMission { id: u64 },
    /// [`Reply::Sent`].
    Send {
        object: String,
        selector: String,
        /// A JSON array, one element an argument.
        args_json: String,
    },
    /// [`Reply::Object`].
    NewObject {
        name: String,
        parent: Option<String>,
        /// `{"slot": {"type": "f64", "value": 0.0}, …}`, or `{}`.
        slots_json: String,
    },
    /// [`Reply::Objects`], by name.
    ListObjects,
    /// [`Reply::Object`].
    ShowObject { name: String },
    /// [`Reply::Memory`]: personas, models, GPUs.
    Memory,
    /// [`Reply::System`]: watchdog, image on the disk, compiler, profiles.
    System,
    /// [`Reply::Stopping`]: the kernel finishes the running step, commits and exits 0.
    Stop,
    /// [`Reply::Alive`], after the image has been written to and read. The watchdog's probe.
    Probe,
    /// [`Reply::Image`].
    Image(ImageRequest),
    /// [`Reply::Schema`].
    Schema(SchemaRequest),
    /// [`Reply::Knowledge`].
    Knowledge(KnowledgeRequest),
    /// [`Reply::Status`]. From then on whatever this connection asks that changes something is refused.
    ReadOnly,
}

/// A mission as the person gave it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum MissionInput {
    /// Plain words; the translator makes a mission of them.
    Words(String),
    /// The same, said while looking at an object.
    WordsAbout { words: String, selected: String },
    /// A mission document (DESIGN 11, `M.json`).
    Json(String),
}

/// From the kernel to a front-end.
#[expect(
    clippy::large_enum_variant,
    reason = "it is made, sent and dropped; nothing keeps many of them"
)]
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum FromKernel {
    Reply { id: u64, reply: Reply },
    Failure { id: u64, failure: Failure },
    Event(Event),
}

#[expect(
    clippy::large_enum_variant,
    reason = "it is made, sent and dropped; nothing keeps many of them"
)]
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum Reply {
    Status(Status),
    Snapshot(Box<Snapshot>),
    MissionStarted { id: u64 },
    Understood(Understood),
    Mission(Box<MissionReport>),
    Missions(Vec<MissionSummary>),
    Sent(SendOutcome),
    Object(Box<ObjectView>),
    Objects(Vec<ObjectSummary>),
    Memory(Box<MemoryView>),
    System(Box<SystemView>),
    Stopping,
    Alive { tid: u64 },
    Image(Box<ImageReply>),
    Schema(SchemaReply),
    Knowledge(KnowledgeReply),
}

/// A mission as the translator understood it, before anything is done.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Understood {
    /// In a line, such as `send Account deposit [2.5]`.
    pub summary: String,
    /// The mission document; given to [`MissionInput::Json`] it is done.
    pub document_json: String,
    /// Whether it may change something: it is neither a question, nor talk, nor a look at an object.
    pub changes: bool,
    pub prompt_tokens: u32,
    /// Of those, how many were evaluated before.
    pub reused_tokens: u32,
    pub generated_tokens: u32,
    pub seconds: f64,
}

/// A request that could not be done.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    /// What was attempted and why it did not work; lower case, no full stop.
    pub message: String,
    /// What the person can do about it.
    pub hint: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The request itself is wrong (bad JSON, unknown type, bad name).
    Invalid,
    /// No such object, mission or model.
    NotFound,
    /// It contradicts what is there (name taken, slot of another type, mission already ended).
    Conflict,
    /// The kernel is in safe mode or stopping, or the front-end only looks on.
    Unavailable,
    /// Disk, engine or another inner part failed.
    Internal,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Status {
    pub kernel_pid: u32,
    pub uptime_s: f64,
    /// How often the watchdog has started a kernel again since `up`.
    pub restarts: u32,
    /// The image's newest transaction.
    pub tid: u64,
    pub engine: EngineStatus,
    /// The mission under way, if any.
    pub mission: Option<MissionSummary>,
    pub queued: u32,
    pub profile: String,
    pub version: String,
    /// True when missions are refused after repeated deaths.
    pub safe_mode: bool,
    /// Metacognition lines dropped because the disk was too slow.
    pub log_dropped: u64,
    pub home: String,
    pub gpus: Gpus,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
pub struct EngineStatus {
    /// `None` while no engine process runs.
    pub pid: Option<u32>,
    pub resident: Vec<ResidentModel>,
    /// A model being loaded: its name and the fraction done, 0 to 1.
    pub loading: Option<(String, f32)>,
    /// `CPU`, `CUDA`, `Metal`, `Vulkan`.
    pub backend: String,
    /// Why there is no engine or no model, in words with the remedy.
    pub trouble: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
pub struct ResidentModel {
    pub name: String,
    pub file: String,
    /// Bytes of weights plus context that this model takes, in main memory and on GPUs together.
    pub bytes: u64,
    /// Of these, what all GPUs together had more in use after the load than before.
    pub gpu_bytes: u64,
    pub load_seconds: f64,
    pub gpu_layers: u32,
    /// Of so many; the output layer counts as one.
    pub layers: u32,
    pub context: u32,
    /// Milliseconds since 1970 at which it was loaded.
    pub since_ms: u64,
}

/// Everything a front-end needs to draw, at one moment; events continue from it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub status: Status,
    /// Newest first.
    pub missions: Vec<MissionSummary>,
    pub objects: Vec<ObjectSummary>,
    /// Oldest first.
    pub log: Vec<LogEntry>,
    pub personas: Vec<PersonaView>,
}

/// Position in the Prototypal State Machine.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MissionState {
    Idle,
    Decomposing,
    Delegating,
    Synthesizing,
    Validating,
    Complete,
    Failed,
}

impl MissionState {
    /// In the order in which a mission passes them.
    pub const ALL: [Self; 7] = [
        Self::Idle,
        Self::Decomposing,
        Self::Delegating,
        Self::Synthesizing,
        Self::Validating,
        Self::Complete,
        Self::Failed,
    ];

    /// The name that is stored, logged and printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "IDLE",
            Self::Decomposing => "DECOMPOSING",
            Self::Delegating => "DELEGATING",
            Self::Synthesizing => "SYNTHESIZING",
            Self::Validating => "VALIDATING",
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
        }
    }

    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Complete | Self::Failed)
    }
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct MissionSummary {
    pub id: u64,
    pub state: MissionState,
    /// `teach`, `send`, `ask`, `remember`, `make`, `inspect`, `undo`, `chat`; empty before it is translated.
    pub intent: String,
    pub brief: String,
    pub object: Option<String>,
    pub selector: Option<String>,
    /// Milliseconds since 1970 at which the mission was accepted.
    pub created_ms: u64,
    /// Milliseconds since 1970 at which it entered its state.
    pub state_since_ms: u64,
    pub attempts: u32,
    /// The answer or the cause of failure, in a line; empty while under way.
    pub outcome: String,
    /// `part 2 of 3, Account.withdraw`: where a plan stands.
    pub part: Option<String>,
    pub pause: Pause,
}

/// A mission in full: what `mission show` prints.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct MissionReport {
    pub summary: MissionSummary,
    pub signature: Option<String>,
    pub candidates: u32,
    pub prompt_tokens: u64,
    pub generated_tokens: u64,
    pub seconds: f64,
    pub stages: Vec<StageReport>,
    pub diagnostics: Vec<DiagnosticView>,
    /// The source under judgement or installed.
    pub source: Option<String>,
    /// What ROBIN says, or the value of a `send`, as text.
    pub answer: Option<String>,
    /// What DELEGATING found and the prompts had.
    pub used: Vec<UsedView>,
    /// The parts, where the brief became several.
    pub plan: Vec<PartReport>,
    /// Prompts, answers and verdicts in their order.
    pub story: Vec<StoryEntry>,
    pub budget: Budget,
    /// The newest verdicts on its candidates, oldest first, as long as this kernel has them.
    pub judged: Vec<JudgedView>,
}

/// A candidate and what came of it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct JudgedView {
    /// Within its round, from 0.
    pub candidate: u32,
    pub accepted: bool,
    pub source: String,
    pub diagnostics: Vec<DiagnosticView>,
}

/// One stay in one state.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct StageReport {
    pub state: MissionState,
    pub persona: String,
    pub started_ms: u64,
    pub seconds: f64,
    pub note: String,
}

/// A refusal by the guardian, placed in the candidate's source.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct DiagnosticView {
    /// `syntax`, `form`, `covenant`, `forbidden`, `compile` or `checks`.
    pub stage: String,
    pub message: String,
    /// From 1; 0 when it belongs to no place.
    pub line: u32,
    pub column: u32,
    pub hint: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct SendOutcome {
    /// The value as JSON (also an `Err`, as `{"Err":…}`).
    pub returns_json: Option<String>,
    /// True when the method returned `Err`: nothing was changed.
    pub is_err: bool,
    /// A trap, a refusal or an unknown selector.
    pub error: Option<String>,
    /// The mission that is to mend what the send met, or that it waited for.
    pub mission: Option<u64>,
    /// Its place among the sends that wait for that mission and are made again by it, from 0.
    pub place: Option<u32>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct ObjectSummary {
    pub name: String,
    pub parent: Option<String>,
    pub slots: u32,
    pub methods: Vec<String>,
    /// The mission that wrote each of the methods, in the same order.
    pub written_by: Vec<Option<u64>>,
    /// The transaction that changed it last.
    pub tid: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct ObjectView {
    pub oid: u64,
    pub name: String,
    pub parent: Option<String>,
    /// Own slots in declaration order, then inherited ones.
    pub slots: Vec<SlotView>,
    pub methods: Vec<MethodView>,
    /// The transaction that last changed it.
    pub tid: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct SlotView {
    pub name: String,
    /// Rust type, such as `Vec<String>`.
    pub rust_type: String,
    pub value_json: String,
    /// The object it comes from when it is not the object's own.
    pub inherited_from: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct MethodView {
    pub selector: String,
    pub signature: String,
    pub source: String,
    /// The mission that wrote it.
    pub mission: Option<u64>,
    pub calls: u64,
    pub failures: u64,
    pub inherited_from: Option<String>,
    /// True when no check of a person's decided about it.
    pub self_checked: bool,
    /// The persona or person that wrote it.
    pub author: String,
    /// The checks that it passed: a JSON array.
    pub checks_json: String,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct PersonaView {
    /// `ALFRED`, `BRICK`, `ROBIN`, `BABS`, `translator`.
    pub name: String,
    pub title: String,
    pub model: String,
    pub file: String,
    pub resident: bool,
    /// Its last answer since the kernel started.
    pub spoke: Option<Spoke>,
}

/// One line of the metacognition log.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// Counts up within one kernel process.
    pub number: u64,
    /// Milliseconds since 1970.
    pub time_ms: u64,
    pub level: LogLevel,
    pub mission: Option<u64>,
    pub persona: Option<String>,
    /// Dotted name, such as `mission.state` or `engine.started`.
    pub event: String,
    /// One line for people.
    pub text: String,
    /// The event's fields as a JSON object.
    pub fields_json: String,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

impl LogLevel {
    /// By the name that people write, in any case.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "debug" => Some(Self::Debug),
            "info" => Some(Self::Info),
            "warn" | "warning" => Some(Self::Warn),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// Pushed to subscribers.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum Event {
    Mission(MissionSummary),
    /// The guardian judged a candidate of this mission.
    Verdict {
        mission: u64,
        candidate: u32,
        accepted: bool,
        source: String,
        diagnostics: Vec<DiagnosticView>,
    },
    GenerationStarted {
        mission: u64,
        persona: String,
        /// `translate`, `describe`, `decompose`, `plan`, `synthesize`, `repair`, `answer`.
        purpose: String,
        candidates: u32,
    },
    /// The prompt is being read: tokens done of all.
    PromptProgress {
        mission: u64,
        done: u32,
        total: u32,
    },
    /// New text of one candidate.
    Token {
        mission: u64,
        candidate: u32,
        text: String,
    },
    GenerationEnded {
        mission: u64,
        prompt_tokens: u32,
        generated_tokens: u32,
        seconds: f64,
        tokens_per_second: f64,
    },
    Log(LogEntry),
    /// An object was made or changed; ask again for what is shown of it.
    ObjectChanged(ObjectSummary),
    Engine(EngineStatus),
    /// Events were left out because this front-end did not read: subscribe again.
    Resync,
    /// The kernel is about to exit.
    Stopping,
}
