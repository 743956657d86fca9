//! What was committed and the engine has not taken yet.
//!
//! A commit is durable once the log has it. So what it changes is put here, where every view sees it from
//! then on, and a thread gives it to the engine: however long that syncs or rearranges its files, no commit
//! waits for it, unless too much has come together.

use std::sync::Arc;

use super::changes::Changes;
use crate::image::StoreError;

/// Commits wait while so much is pending.
const PENDING_BYTES: u64 = 16 * 1024 * 1024;
/// The engine takes about so much at once.
const TAKEN_BYTES: usize = 1024 * 1024;
/// Batches that are looked through one by one; more are put together.
const FEW_BATCHES: usize = 8;

#[derive(Default)]
pub(super) struct Queue {
    /// Oldest first.
    waiting: Vec<Arc<Changes>>,
    /// What the engine is taking, older than all of those.
    applying: Vec<Arc<Changes>>,
    /// Bytes that came and that the engine took, since the beginning.
    pushed: u64,
    taken: u64,
    /// How many wait until the engine has come to some end.
    pub settling: usize,
    pub is_stopping: bool,
    failure: Option<String>,
}

impl Queue {
    pub(super) fn push(&mut self, changes: Changes) {
        self.pushed += changes.bytes() as u64;
        self.waiting.push(Arc::new(changes));
        while self.waiting.len() > FEW_BATCHES {
            let Some(two) = self.waiting.last_chunk::<2>() else {
                return;
            };
            let [before, last] = two.each_ref().map(|changes| changes.bytes());
            // Each is at least twice as large as the next one, so there are few of them.
            if before >= 2 * last || before + last > TAKEN_BYTES {
                return;
            }
            let together = Arc::new(Changes::together(two));
            self.waiting.truncate(self.waiting.len() - 2);
            self.waiting.push(together);
        }
    }

    pub(super) fn pending(&self) -> Arc<[Arc<Changes>]> {
        let all = self.applying.iter().chain(&self.waiting);
        all.cloned().collect()
    }

    /// The oldest for the engine, which are pending until they are [`Queue::taken`].
    pub(super) fn take(&mut self) -> Vec<Arc<Changes>> {
        let mut bytes = 0;
        let fits = |changes: &&Arc<Changes>| {
            let is_first = bytes == 0;
            bytes += changes.bytes();
            is_first || bytes <= TAKEN_BYTES
        };
        let count = self.waiting.iter().take_while(fits).count();
        self.applying = self.waiting.drain(..count).collect();
        self.applying.clone()
    }

    /// The engine has what it took.
    pub(super) fn taken(&mut self) {
        let bytes = self.applying.drain(..).map(|changes| changes.bytes());
        self.taken += bytes.sum::<usize>() as u64;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.applying.is_empty()
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// How far the engine has to come to have what is here now.
    pub(super) fn end(&self) -> u64 {
        self.pushed
    }

    /// Whether the engine has come so far.
    pub(super) fn has_come_to(&self, end: u64) -> bool {
        self.taken >= end
    }

    fn bytes(&self) -> u64 {
        self.pushed - self.taken
    }

    /// Whether the engine should take something at once.
    pub(super) fn is_urgent(&self) -> bool {
        self.settling > 0 || self.is_stopping || self.bytes() >= TAKEN_BYTES as u64
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes() >= PENDING_BYTES
    }

    /// Nothing is given to the engine any more.
    pub(super) fn fail(&mut self, cause: String) {
        self.failure.get_or_insert(cause);
    }

    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The failure as an error of something else.
    pub(super) fn must_work(&self) -> Result<(), StoreError> {
        match &self.failure {
            Some(cause) => Err(StoreError::new("write", cause.clone())),
            None => Ok(()),
        }
    }
}
