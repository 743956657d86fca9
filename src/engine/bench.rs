//! `batos bench engine`: how fast a real engine process writes, measured from where the kernel stands.
//!
//! It starts this same binary as `batos engine`, loads one model and lets it write greedily, one generation a
//! round. `benches/llama_bench.sh` sets the result against llama.cpp's own `llama-bench`, in turns.

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;

use crate::wire::engine::{
    Constraint, FromEngine, Generate, Generated, LoadModel, Sampling, Stop, THREAD_PATIENCE,
    ToEngine, Turn,
};
use crate::wire::frame::{self, FrameError};

#[derive(Debug, Clone)]
pub struct BenchOptions {
    pub model: PathBuf,
    /// 0 for one a physical core.
    pub threads: u32,
    /// Tokens to write in each round.
    pub tokens: u32,
    pub rounds: u32,
    pub candidates: u32,
}

/// What was measured; one number a round where it says so.
#[derive(Debug, Clone, Serialize)]
pub struct BenchReport {
    pub model: String,
    pub backend: String,
    pub load_seconds: f64,
    pub bytes: u64,
    pub candidates: u32,
    /// The context depth at which writing starts.
    pub prompt_tokens: u32,
    /// From the first round: later ones find the prompt evaluated.
    pub prompt_tokens_per_second: f64,
    /// Tokens written in each round, by all candidates together.
    pub tokens: Vec<u32>,
    pub tokens_per_second: Vec<f64>,
}

#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    #[error("could not start the engine")]
    Start(#[source] io::Error),
    #[error("could not speak with the engine")]
    Frame(#[from] FrameError),
    #[error("the engine ended")]
    Ended,
    #[error("the engine failed: {message}{}", hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default())]
    Failed {
        message: String,
        hint: Option<String>,
    },
}

/// Runs the rounds and returns what they took.
pub fn run(options: &BenchOptions) -> Result<BenchReport, BenchError> {
    let folder = tempfile::tempdir().map_err(BenchError::Start)?;
    let mut engine = Engine::start(&folder.path().join("engine.log"))?;
    let backend = loop {
        if let FromEngine::Ready { backend, .. } = engine.next()? {
            break backend;
        }
    };
    engine.send(&ToEngine::Load(LoadModel {
        model: "bench".to_owned(),
        path: options.model.to_string_lossy().into_owned(),
        gpu_layers: -1,
        threads: options.threads,
        context: 0,
        mmap: true,
    }))?;
    let (load_seconds, bytes) = loop {
        if let FromEngine::Loaded { seconds, bytes, .. } = engine.next()? {
            break (seconds, bytes);
        }
    };
    let mut rounds = Vec::new();
    for id in 0..u64::from(options.rounds.max(1)) {
        engine.send(&ToEngine::Generate(Box::new(request(id, options))))?;
        rounds.push(loop {
            if let FromEngine::Done(generated) = engine.next()? {
                break *generated;
            }
        });
    }
    let written = |round: &Generated| round.candidates.iter().map(|c| c.tokens).sum::<u32>();
    let first = rounds.first();
    Ok(BenchReport {
        model: options.model.to_string_lossy().into_owned(),
        backend,
        load_seconds,
        bytes,
        candidates: options.candidates,
        prompt_tokens: first.map_or(0, |round| round.prompt_tokens),
        prompt_tokens_per_second: first.map_or(0.0, |round| {
            f64::from(round.prompt_tokens) / round.prompt_seconds
        }),
        tokens: rounds.iter().map(written).collect(),
        tokens_per_second: rounds
            .iter()
            .map(|round| f64::from(written(round)) / round.generation_seconds)
            .collect(),
    })
}

/// A text that no model ends early. Each candidate writes it greedily.
fn request(id: u64, options: &BenchOptions) -> Generate {
    let sampling = Sampling {
        seed: 1,
        temperature: 0.0,
        top_p: 1.0,
    };
    Generate {
        id,
        model: "bench".to_owned(),
        turns: vec![Turn {
            role: "user".to_owned(),
            content: "Count from 1 to 1000, separated by commas, and leave nothing out.".to_owned(),
        }],
        prefix: "1, 2, 3, 4, 5, 6, 7, 8,".to_owned(),
        constraint: Constraint::None,
        samples: vec![sampling; options.candidates.max(1) as usize],
        max_tokens: options.tokens,
        stop: Stop::None,
    }
}

/// The engine process; it ends with this value.
struct Engine {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Engine {
    fn start(log: &Path) -> Result<Self, BenchError> {
        let binary = std::env::current_exe().map_err(BenchError::Start)?;
        let (variable, patience) = THREAD_PATIENCE;
        let mut child = Command::new(binary)
            .env(
                variable,
                std::env::var_os(variable).unwrap_or_else(|| patience.into()),
            )
            .arg("engine")
            .arg("--log")
            .arg(log)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(BenchError::Start)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(Self {
                child,
                input,
                output: BufReader::new(output),
            }),
            _ => Err(BenchError::Ended),
        }
    }

    fn send(&mut self, message: &ToEngine) -> Result<(), BenchError> {
        Ok(frame::write_sync(&mut self.input, message)?)
    }

    fn next(&mut self) -> Result<FromEngine, BenchError> {
        match frame::read_sync(&mut self.output)? {
            Some(FromEngine::Failed { message, hint, .. }) => {
                Err(BenchError::Failed { message, hint })
            }
            Some(message) => Ok(message),
            None => Err(BenchError::Ended),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It holds nothing that could be lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
