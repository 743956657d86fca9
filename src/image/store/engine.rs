//! The storage engine: what is written to it, and what is seen of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::time::{Duration, Instant};

use fjall::{CompressionType, Database, KeyspaceCreateOptions, PersistMode};

use super::changes::Changes;
use super::failed;
use super::presync::Presync;
use super::queue::Queue;
use super::snapshot::Snapshot;
use super::space::Spaces;
use crate::image::StoreError;
use crate::image::error::chain;
use crate::image::object::Tid;

/// Small, so that opening has little to replay.
const MEMTABLE_BYTES: u64 = 8 * 1024 * 1024;
const JOURNAL_BYTES: u64 = 64 * 1024 * 1024;
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// With more than one the engine lets one of them spin, on a core that commits need, while another compacts.
const WORKERS: usize = 1;
/// So long what is pending may wait for more: one batch costs the engine less than several.
const LINGER: Duration = Duration::from_millis(1);

pub(super) struct Engine {
    pub database: Database,
    pub spaces: Arc<Spaces>,
    /// Taken before `shown`.
    queue: Mutex<Queue>,
    /// Something is pending, or has to be taken at once.
    pushed: Condvar,
    /// The engine took something, or failed.
    taken: Condvar,
    /// What is seen: the state after the newest transaction.
    shown: RwLock<Shown>,
    /// Held while a batch is written, until the state after it is shown.
    ///
    /// The engine shows a batch that it is just taking in when it writes its memory out or compacts at
    /// that moment: a snapshot would see a part of it, and then more.
    pub(super) gate: Mutex<()>,
    presync: Presync,
}

pub(super) struct Shown {
    pub snapshot: Snapshot,
    /// The newest transaction in it; `None` when it cannot be read.
    pub tid: Option<Tid>,
}

impl Engine {
    pub(super) fn open(folder: &Path) -> fjall::Result<Self> {
        let database = Database::builder(folder)
            .journal_compression(CompressionType::None)
            .manual_journal_persist(true)
            .max_journaling_size(JOURNAL_BYTES)
            .cache_size(CACHE_BYTES)
            .worker_threads(WORKERS)
            .open()?;
        let keyspace = |name| {
            database.keyspace(name, || {
                KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES)
            })
        };
        let spaces = Arc::new(Spaces {
            current: keyspace("current")?,
            audit: keyspace("audit")?,
            history: keyspace("history")?,
        });
        let snapshot = Snapshot {
            spaces: Arc::clone(&spaces),
            engine: database.snapshot(),
            pending: Arc::default(),
        };
        let tid = snapshot.newest().ok();
        Ok(Self {
            spaces,
            queue: Mutex::default(),
            pushed: Condvar::new(),
            taken: Condvar::new(),
            shown: RwLock::new(Shown { snapshot, tid }),
            gate: Mutex::default(),
            presync: Presync::start(folder)?,
            database,
        })
    }

    pub(super) fn shown(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn shown_mut(&self) -> RwLockWriteGuard<'_, Shown> {
        self.shown.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics halfway through a change of it.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes to the engine at once. What is pending has to change other keys.
    pub(super) fn write(&self, changes: Changes, mode: PersistMode) -> Result<(), StoreError> {
        self.write_then(changes, mode, |_| {})
    }

    /// Writes, and shows the state that the engine and what is pending then give.
    fn write_then(
        &self,
        changes: Changes,
        mode: PersistMode,
        then: impl FnOnce(&mut Queue),
    ) -> Result<(), StoreError> {
        self.wait_to_write()?;
        let (bytes, newest) = (changes.bytes(), changes.newest);
        // A batch gives all its entries one sequence number, so a key may be in it only once.
        let mut batch = self.database.batch().durability(Some(mode));
        for (space, key, value) in changes.into_entries() {
            match value {
                Some(value) => batch.insert(self.spaces.of(space), key, value),
                None => batch.remove(self.spaces.of(space), key),
            }
        }
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        catch_unwind(AssertUnwindSafe(|| batch.commit()))
            .map_err(|_| StoreError::new("write", "it panicked"))?
            .map_err(|error| failed("write", error))?;
        let engine = self.database.snapshot();
        let mut queue = self.queue();
        then(&mut queue);
        let mut shown = self.shown_mut();
        let now = Snapshot {
            spaces: Arc::clone(&self.spaces),
            engine,
            pending: queue.pending(),
        };
        let before = std::mem::replace(&mut shown.snapshot, now);
        // What is pending is newer.
        if queue.is_empty() {
            shown.tid = newest.or(shown.tid);
        }
        drop((shown, queue, gate));
        // It may be the last one of its time: nobody waits while the engine lets that go.
        drop(before);
        self.presync.note(bytes as u64);
        Ok(())
    }

    /// Shows what is in the log, before the engine has it.
    pub(super) fn push(&self, changes: Changes) {
        // Nothing to show, and nothing that anybody could wait for.
        if changes.is_empty() {
            return;
        }
        let newest = changes.newest;
        let mut queue = self.queue();
        let is_first = !queue.is_waiting();
        queue.push(changes);
        let is_urgent = queue.is_urgent();
        let mut shown = self.shown_mut();
        shown.snapshot.pending = queue.pending();
        shown.tid = newest.or(shown.tid);
        drop((shown, queue));
        if is_first || is_urgent {
            self.pushed.notify_one();
        }
    }

    /// Waits while too much is pending.
    pub(super) fn wait_for_room(&self) -> Result<(), StoreError> {
        let mut queue = self.queue();
        while queue.failure().is_none() && queue.is_full() {
            queue = wait(&self.taken, queue);
        }
        queue.must_work()
    }

    /// Waits until the engine has all that is seen now.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let mut queue = self.queue();
        let end = queue.end();
        queue.settling += 1;
        self.pushed.notify_one();
        // Not until nothing is pending: while others commit that may never be.
        while queue.failure().is_none() && !queue.has_come_to(end) {
            queue = wait(&self.taken, queue);
        }
        queue.settling -= 1;
        queue.must_work()
    }

    /// Why the engine takes nothing any more.
    pub(super) fn failure(&self) -> Option<String> {
        self.queue().failure().map(str::to_owned)
    }

    pub(super) fn fail(&self, cause: String) {
        self.queue().fail(cause);
        self.pushed.notify_one();
        self.taken.notify_all();
    }

    /// Lets [`Engine::run`] end once it has nothing to do.
    pub(super) fn stop(&self) {
        self.queue().is_stopping = true;
        self.pushed.notify_one();
    }

    /// Takes what is pending, until it is to stop or something fails.
    pub(super) fn run(&self) {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            while let Some(taken) = self.next() {
                let changes = Changes::together(&taken);
                self.write_then(changes, PersistMode::Buffer, Queue::taken)?;
                self.taken.notify_all();
            }
            Ok::<_, StoreError>(())
        }));
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.fail(chain(&error)),
            Err(_) => self.fail("the thread that writes to the store panicked".to_owned()),
        }
    }

    fn next(&self) -> Option<Vec<Arc<Changes>>> {
        let mut queue = self.queue();
        while !queue.is_waiting() && !queue.is_stopping && queue.failure().is_none() {
            queue = wait(&self.pushed, queue);
        }
        // After a failure the rest is left to the log.
        if !queue.is_waiting() || queue.failure().is_some() {
            return None;
        }
        let until = Instant::now() + LINGER;
        while !queue.is_urgent()
            && let left = until.saturating_duration_since(Instant::now())
            && !left.is_zero()
        {
            let waited = self.pushed.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Some(queue.take())
    }
}

fn wait<'q>(on: &Condvar, queue: MutexGuard<'q, Queue>) -> MutexGuard<'q, Queue> {
    on.wait(queue).unwrap_or_else(PoisonError::into_inner)
}
