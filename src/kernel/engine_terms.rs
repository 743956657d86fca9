//! The terms between the missions thread and the engine's link: what is asked, what can go wrong, what is told
//! while a request runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::wire::engine::{FromEngine, LoadModel};
use crate::wire::messages::EngineStatus;

/// What reaches the thread that owns the link.
#[derive(Debug)]
pub enum Inbox {
    /// From the engine process of that generation.
    Engine(u64, Box<FromEngine>),
    /// The engine process of that generation closed its end.
    EngineGone(u64),
    /// There may be a new mission, a cancelled one, or the kernel stops.
    Wake,
}

/// How to start an engine and where its models are.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The program; its arguments come next.
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// llama.cpp's own messages and the engine's stderr.
    pub log: PathBuf,
    /// What each model name of the profile loads.
    pub models: BTreeMap<String, LoadModel>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("cannot start the engine {program}: {source}")]
    Start {
        program: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the profile has no model `{0}`")]
    UnknownModel(String),
    #[error("{message}")]
    Refused {
        message: String,
        hint: Option<String>,
    },
    #[error("the engine died {0} times over one request; its last words are in the engine log")]
    KeepsDying(u32),
    #[error("cancelled")]
    Cancelled,
    #[error("the kernel is stopping")]
    Stopping,
}

impl EngineError {
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { hint, .. } => hint.clone(),
            Self::UnknownModel(_) => Some("check the profile with `batos persona ls`".to_owned()),
            Self::KeepsDying(_) | Self::Start { .. } => Some("run `batos doctor`".to_owned()),
            Self::Cancelled | Self::Stopping => None,
        }
    }
}

/// What the owner wants while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    GoOn,
    Cancel,
    Stop,
}

/// What the link tells while a request runs.
pub enum Progress<'a> {
    Prompt {
        done: u32,
        total: u32,
    },
    Token {
        candidate: u32,
        text: &'a str,
    },
    /// The engine died; what was streamed so far will come again.
    Restarted,
}

/// Shared with everybody who shows the engine.
pub type SharedStatus = Arc<Mutex<EngineStatus>>;
