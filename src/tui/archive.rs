//! The log's files, as the workbench asks for them: line by line, from a thread that reads them.
//!
//! Who opens one knows the files; here are only the questions and answers, and the sign that ends a search.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use tokio::sync::mpsc::Receiver;

use crate::wire::messages::{LogEntry, LogLevel};

/// What is wanted of the log's files. Lines go by numbers that stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether lines were appended.
    Look,
    /// These lines in full.
    Rows(Vec<u64>),
    /// All lines that have these words and not those, the newest first.
    Search { id: u64, words: Vec<Word> },
    /// The search is not wanted any more.
    Cancel,
}

/// To be looked for in event, text and persona; in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// Lines without it are meant.
    pub unwanted: bool,
}

/// What can be told of a line without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub time_ms: u64,
    pub level: LogLevel,
    pub mission: Option<u64>,
    pub persona: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// Lines that follow those told before.
    Grew {
        /// The number of the first of them.
        first: u64,
        heads: Vec<Head>,
        /// The same lines in full, when they are few.
        entries: Vec<LogEntry>,
        /// More are coming.
        more: bool,
    },
    /// Lines before this one are gone.
    Gone(u64),
    Rows(Vec<LogEntry>),
    /// In order; before any that were told for the same search.
    Found {
        id: u64,
        numbers: Vec<u64>,
        /// Lines that are still to be searched.
        left: u64,
    },
    Trouble(String),
}

/// The two ends of the thread, and the number of the search that is wanted.
#[derive(Debug)]
pub struct Archive {
    pub asks: Sender<Ask>,
    pub told: Receiver<Told>,
    pub wanted: Arc<AtomicU64>,
}

impl Archive {
    /// Asks; a search that is under way ends when another one is asked for.
    pub fn ask(&self, ask: Ask) {
        match &ask {
            Ask::Search { id, .. } => self.wanted.store(*id, Ordering::Relaxed),
            Ask::Cancel => self.wanted.store(0, Ordering::Relaxed),
            Ask::Look | Ask::Rows(_) => {}
        }
        // A thread that has ended has said why.
        let _ = self.asks.send(ask);
    }
}

/// Opens the files' thread.
pub type OpenArchive = Box<dyn Fn() -> Archive>;
