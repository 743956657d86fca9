//! `batos bench engine`: how fast a real engine process writes, measured from where the kernel stands.
//!
//! It starts this same binary as `batos engine`, loads one model and lets it write greedily, one generation a
//! round. `benches/llama_bench.sh` sets the result against llama.cpp's own `llama-bench`, in turns.

use std::path::PathBuf;

use serde::Serialize;

use super::alone::{AloneError, EngineAlone};
use crate::wire::engine::{Constraint, Generate, Generated, LoadModel, Sampling, Stop, Turn};

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

/// Runs the rounds and returns what they took.
pub fn run(options: &BenchOptions) -> Result<BenchReport, AloneError> {
    let mut engine = EngineAlone::start()?;
    let loaded = engine.load(LoadModel {
        model: "bench".to_owned(),
        path: options.model.to_string_lossy().into_owned(),
        gpu_layers: -1,
        threads: options.threads,
        context: 0,
        mmap: true,
    })?;
    let rounds = (0..options.rounds.max(1))
        .map(|_| engine.generate(request(options)))
        .collect::<Result<Vec<Generated>, AloneError>>()?;
    let written = |round: &Generated| round.candidates.iter().map(|c| c.tokens).sum::<u32>();
    let first = rounds.first();
    Ok(BenchReport {
        model: options.model.to_string_lossy().into_owned(),
        backend: engine.backend().to_owned(),
        load_seconds: loaded.seconds,
        bytes: loaded.bytes,
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
fn request(options: &BenchOptions) -> Generate {
    let sampling = Sampling {
        seed: 1,
        temperature: 0.0,
        top_p: 1.0,
    };
    Generate {
        id: 0,
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
