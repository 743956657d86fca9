//! What may change about a request while it is being answered, shared between the reader and the worker.
//!
//! The reader registers a generation before it is queued, so that a cancellation which overtakes it still
//! finds it. The worker only reads flags: no lock a token.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many candidates one request may have; a bit each in [`Wishes`].
pub const MAX_CANDIDATES: usize = 16;

/// How many generations may wait at once.
const MAX_WAITING: usize = 256;

/// What the kernel has since said about one generation.
#[derive(Debug, Default)]
pub struct Wishes {
    cancelled: AtomicBool,
    stopped: AtomicU64,
}

impl Wishes {
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// True when this candidate was asked to end.
    pub fn is_stopped(&self, candidate: usize) -> bool {
        candidate < MAX_CANDIDATES && self.stopped.load(Ordering::Relaxed) >> candidate & 1 == 1
    }
}

/// All generations that were accepted and have not ended.
#[derive(Debug, Default)]
pub struct Requests {
    open: Mutex<HashMap<u64, Arc<Wishes>>>,
    ending: AtomicBool,
}

impl Requests {
    /// `None` when a generation of that number is still open, or when too many wait.
    pub fn register(&self, id: u64) -> Option<Arc<Wishes>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.contains_key(&id) || open.len() >= MAX_WAITING {
            return None;
        }
        let wishes = Arc::new(Wishes::default());
        open.insert(id, Arc::clone(&wishes));
        Some(wishes)
    }

    pub fn finish(&self, id: u64) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&id);
    }

    /// Of a generation that has ended, nothing is left to cancel.
    pub fn cancel(&self, id: u64) {
        self.with(id, |wishes| wishes.cancelled.store(true, Ordering::Relaxed));
    }

    pub fn stop(&self, id: u64, candidate: u32) {
        if (candidate as usize) < MAX_CANDIDATES {
            self.with(id, |wishes| {
                wishes.stopped.fetch_or(1 << candidate, Ordering::Relaxed);
            });
        }
    }

    /// From now on everything under way gives up at its next step.
    pub fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    fn with(&self, id: u64, change: impl FnOnce(&Wishes)) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wishes) = open.get(&id) {
            change(wishes);
        }
    }
}
