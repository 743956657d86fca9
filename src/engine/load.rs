//! Brings a GGUF file into memory, and measures what that takes.
//!
//! Every file is looked at before llama.cpp sees it. What llama.cpp then still refuses is told in the words it
//! logged. Layers that do not fit the GPU, with the context that they need there, go to main memory in quarters;
//! without a GPU everything does.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;

use crate::engine::gguf::{self, GgufError, Header};
use crate::engine::machine;
use crate::engine::request::MAX_CANDIDATES;
use crate::wire::engine::LoadModel;

/// Tokens of a prompt that are evaluated at once: a cancellation waits for no more.
pub const CHUNK: usize = 64;

/// The context of a load that does not say how long it should be, in tokens.
const DEFAULT_CONTEXT: u32 = 8192;

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("could not use the model file {path}: {source}")]
    File {
        path: PathBuf,
        #[source]
        source: GgufError,
    },
    #[error("could not use the model file {path}: it {what}")]
    Unsuitable { path: PathBuf, what: String },
    #[error("could not load the model file {path}: {reason}")]
    Refused { path: PathBuf, reason: String },
    #[error("could not make a context of {context} tokens for {path}: {reason}")]
    Context {
        path: PathBuf,
        context: u32,
        reason: String,
    },
    #[error("loading {path} was given up because the engine is ending")]
    Ending { path: PathBuf },
}

impl LoadError {
    /// What the person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::File { source, .. } => match source {
                GgufError::Open(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    "fetch it with `batos model fetch`, or name the file that you have in the profile"
                }
                GgufError::Open(_) | GgufError::Read(_) => "see that the file can be read by this user",
                GgufError::Truncated { .. } => {
                    "the download broke off: remove the file and run `batos model fetch`"
                }
                GgufError::NotGguf | GgufError::Version(_) | GgufError::Damaged(_) => {
                    "remove the file and run `batos model fetch`, or name a GGUF file in the profile"
                }
            },
            Self::Unsuitable { .. } => "name a GGUF file of a language model in the profile",
            Self::Refused { reason, .. } if reason.contains("unknown model architecture") => {
                "this build's llama.cpp does not know that architecture: use another model, or a newer batos"
            }
            Self::Refused { .. } => {
                "the engine's log has the details; a smaller model or fewer GPU layers may fit"
            }
            Self::Context { .. } => "ask for a shorter context, or free memory",
            Self::Ending { .. } => "load it again",
        }
        .to_owned()
    }
}

/// Architectures that understand text and write none.
const NO_WRITERS: [&str; 4] = ["bert", "clip", "t5encoder", "wavtokenizer"];

/// Looks at the file and says what is in it, or why it cannot be used.
pub fn inspect(path: &Path) -> Result<Header, LoadError> {
    let header = gguf::inspect(path).map_err(|source| LoadError::File {
        path: path.to_owned(),
        source,
    })?;
    let architecture = header.architecture.as_str();
    let what = if !header.kind.is_empty() && header.kind != "model" {
        format!("holds no model but a part of one ({})", header.kind)
    } else if NO_WRITERS.iter().any(|name| architecture.contains(name)) {
        format!("is of the architecture {architecture}, which cannot write text")
    } else if header.tokenizer.is_empty() || header.tokenizer == "no_vocab" {
        "has no vocabulary".to_owned()
    } else {
        return Ok(header);
    };
    Err(LoadError::Unsuitable {
        path: path.to_owned(),
        what,
    })
}

/// All that can be on a GPU: the output layer counts as one more.
pub fn layers(header: &Header) -> u32 {
    header.blocks.saturating_add(1)
}

/// Graphics memory, in bytes, that has to be left beside a model. The card's code is loaded when it first runs, and where
/// that fails the whole process ends instead of telling.
const CARD_RESERVE: u64 = 160 << 20;

/// How many layers to try on the GPU, one after the other, until weights and context fit.
pub fn attempts(load: &LoadModel, header: &Header) -> Vec<u32> {
    let all = layers(header);
    let wanted = u32::try_from(load.gpu_layers).map_or(all, |layers| layers.min(all));
    let mut attempts = if machine::has_gpu() {
        vec![wanted, wanted * 3 / 4, wanted / 2, wanted / 4, 0]
    } else {
        vec![0]
    };
    attempts.dedup();
    attempts
}

/// Loads the weights with so many layers on the GPU. `progress` gets the fraction done, and false from it
/// gives up.
pub fn weights(
    backend: &LlamaBackend,
    load: &LoadModel,
    gpu_layers: u32,
    log: &Path,
    progress: impl FnMut(f32) -> bool + 'static,
) -> Result<LlamaModel, LoadError> {
    let path = PathBuf::from(&load.path);
    let params = LlamaModelParams::default()
        .with_n_gpu_layers(gpu_layers)
        .with_use_mmap(load.mmap)
        .with_progress_callback(progress);
    let words = LogTail::of(log);
    LlamaModel::load_from_file(backend, &path, &params).map_err(|error| LoadError::Refused {
        path,
        reason: words.error().unwrap_or_else(|| error.to_string()),
    })
}

/// Makes the context that all candidates of a generation share, and runs one token through it, so that
/// everything that will be allocated is.
pub fn context<'m>(
    backend: &LlamaBackend,
    model: &'m LlamaModel,
    load: &LoadModel,
    gpu_layers: u32,
    log: &Path,
) -> Result<LlamaContext<'m>, LoadError> {
    let wanted = if load.context == 0 {
        DEFAULT_CONTEXT
    } else {
        load.context
    };
    let context = wanted.min(model.n_ctx_train()).max(1);
    let threads = if load.threads == 0 {
        machine::physical_cores()
    } else {
        load.threads
    };
    let threads = i32::try_from(threads.min(512)).unwrap_or(1);
    let chunk = u32::try_from(CHUNK).unwrap_or(64);
    let sequences = u32::try_from(MAX_CANDIDATES + 1).unwrap_or(1);
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(context))
        .with_n_batch(chunk)
        .with_n_ubatch(chunk)
        .with_n_seq_max(sequences)
        // One pool of cells: a prompt is held once however many candidates continue it.
        .with_kv_unified(true)
        // Else a model that is to stay on the CPU has the GPU multiply its long prompts.
        .with_op_offload(gpu_layers > 0)
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    let words = LogTail::of(log);
    let failed = |reason: String| LoadError::Context {
        path: PathBuf::from(&load.path),
        context,
        reason: words.error().unwrap_or(reason),
    };
    let made = model.new_context(backend, params);
    let mut made = made.map_err(|error| failed(error.to_string()))?;
    let left = machine::gpu_free();
    if gpu_layers > 0 && left < CARD_RESERVE {
        return Err(failed(format!(
            "{} MiB of graphics memory are left beside it, and the card's own code needs {}",
            left >> 20,
            CARD_RESERVE >> 20
        )));
    }
    let mut batch = LlamaBatch::new(1, 1);
    let first = LlamaToken(model.vocab().bos().0.max(0));
    batch
        .add(first, 0, &[0], true)
        .map_err(|error| failed(error.to_string()))?;
    made.decode(&mut batch)
        .map_err(|error| failed(error.to_string()))?;
    made.synchronize();
    made.clear_kv_cache();
    Ok(made)
}

/// A position in the log, to find what was written since.
struct LogTail<'a> {
    log: &'a Path,
    from: u64,
}

impl<'a> LogTail<'a> {
    fn of(log: &'a Path) -> Self {
        let from = std::fs::metadata(log).map_or(0, |metadata| metadata.len());
        Self { log, from }
    }

    /// llama.cpp's own account of what went wrong: the first line that tells of an error.
    fn error(&self) -> Option<String> {
        let mut file = File::open(self.log).ok()?;
        file.seek(SeekFrom::Start(self.from)).ok()?;
        let mut written = Vec::new();
        file.take(1 << 20).read_to_end(&mut written).ok()?;
        let written = String::from_utf8_lossy(&written);
        let telling = |line: &&str| line.contains("error") || line.contains("failed");
        let line = written.lines().find(telling)?;
        let words = line
            .rsplit_once("error loading model: ")
            .map_or(line, |(_, words)| words);
        Some(words.trim().to_owned())
    }
}
