//! Messages between the kernel and its engine process, over the engine's stdin and stdout.
//!
//! Only data. The engine answers each [`ToEngine::Load`] with `Loaded` or `Failed`, each [`ToEngine::Embed`] with
//! `Embedded` or `Failed`, and each
//! [`ToEngine::Generate`] with a stream that ends in exactly one of `Done`, `Cancelled`, `Failed`.

use rkyv::{Archive, Deserialize, Serialize};

use super::memory::Gpus;

/// Version of everything in this file, carried in [`FromEngine::Ready`].
pub const ENGINE_PROTOCOL_VERSION: u16 = 2;

/// What the engine's environment gets before it starts, unless the person has set it: how many turns a
/// thread spins for the others of its step before it sleeps. With GNU OpenMP's default two busy programs on
/// the same cores waste most of their time spinning; `docs/BENCHMARKS.md` has the figures.
pub const THREAD_PATIENCE: (&str, &str) = ("GOMP_SPINCOUNT", "1000");

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum ToEngine {
    Load(LoadModel),
    Unload {
        model: String,
    },
    Generate(Box<Generate>),
    /// Stops the generation of that number; the answer is `Cancelled` (or what was already sent).
    Cancel {
        id: u64,
    },
    /// Ends one candidate of a running generation; the others go on.
    StopCandidate {
        id: u64,
        candidate: u32,
    },
    Shutdown,
    /// As `Load`, for a model that turns texts into vectors.
    LoadEmbedding(LoadModel),
    Embed(Box<Embed>),
}

/// A request for vectors of texts, one each.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    pub id: u64,
    pub model: String,
    pub texts: Vec<String>,
}

/// A GGUF file under a name that later requests use.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct LoadModel {
    pub model: String,
    pub path: String,
    /// Layers on the GPU: -1 for as many as fit, 0 for none.
    pub gpu_layers: i32,
    /// 0 for one a physical core.
    pub threads: u32,
    /// Context length in tokens, shared by all candidates of a generation.
    pub context: u32,
    /// Map the file instead of reading it whole.
    pub mmap: bool,
}

/// One request for text.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Generate {
    pub id: u64,
    pub model: String,
    /// Rendered by the model's own chat template.
    pub turns: Vec<Turn>,
    /// The start of the answer, given to the model as if it had written it; not repeated in the output.
    pub prefix: String,
    pub constraint: Constraint,
    /// One candidate each, sampled in parallel over the one prompt.
    pub samples: Vec<Sampling>,
    /// For each candidate.
    pub max_tokens: u32,
    pub stop: Stop,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// `system`, `user` or `assistant`.
    pub role: String,
    pub content: String,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum Constraint {
    None,
    /// A JSON schema; the output is one JSON document that satisfies it.
    JsonSchema(String),
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Sampling {
    pub seed: u64,
    /// 0 is greedy.
    pub temperature: f32,
    /// 1 considers every token.
    pub top_p: f32,
}

/// What ends a candidate besides the model's own end and `max_tokens`.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    None,
    /// Any of these texts; it is not part of the output.
    Texts(Vec<String>),
    /// The brace that closes the Rust block which `prefix` left open; it is the end of the output.
    /// Braces in strings, characters and comments do not count.
    RustBlock,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum FromEngine {
    /// First message after the start.
    Ready {
        version: u16,
        pid: u32,
        /// `CPU`, `CUDA`, `Metal`, `Vulkan`.
        backend: String,
        /// Devices, for people; and what is missing, such as a driver.
        devices: Vec<String>,
        warning: Option<String>,
    },
    LoadProgress {
        model: String,
        fraction: f32,
    },
    Loaded {
        model: String,
        seconds: f64,
        /// Weights and context, measured.
        bytes: u64,
        /// Of these, what the GPUs had more in use after the load than before.
        gpu_bytes: u64,
        gpu_layers: u32,
        /// Of so many; the output layer counts as one.
        layers: u32,
        context: u32,
        architecture: String,
    },
    Unloaded {
        model: String,
    },
    PromptProgress {
        id: u64,
        done: u32,
        total: u32,
    },
    Token {
        id: u64,
        candidate: u32,
        text: String,
    },
    Done(Box<Generated>),
    Cancelled {
        id: u64,
    },
    Failed {
        /// `None` when it belongs to a load.
        id: Option<u64>,
        model: Option<String>,
        message: String,
        hint: Option<String>,
    },
    /// In the order of the texts, each of length 1.
    Embedded {
        id: u64,
        vectors: Vec<Vec<f32>>,
    },
    /// From the first `Load` on, every 2 s where there are cards, else once.
    Gpus(Gpus),
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Generated {
    pub id: u64,
    /// In the order of the request's samples.
    pub candidates: Vec<Candidate>,
    pub prompt_tokens: u32,
    /// Of those, how many an earlier request had left evaluated.
    pub reused_tokens: u32,
    pub prompt_seconds: f64,
    pub generation_seconds: f64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub text: String,
    pub tokens: u32,
    pub finish: Finish,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model ended its answer.
    EndOfAnswer,
    /// The request's `stop` was met.
    Stop,
    /// `max_tokens` or the context was used up.
    Length,
    /// `StopCandidate`.
    Stopped,
}
