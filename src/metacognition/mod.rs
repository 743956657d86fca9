//! The metacognition log: what the system does and why, one JSON object a line.
//!
//! Recording never blocks and never fails: a line goes into a bounded queue that a thread writes out, and
//! when the disk is too slow it is dropped and counted. Each process has its own family of files in the log
//! folder; `tail` merges them.

mod entry;
mod filter;
pub mod pages;
mod ring;
mod rotation;
pub mod tail;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};

pub use crate::wire::messages::{LogEntry, LogLevel};
pub use entry::{Entry, level_name};
pub use filter::{Filter, FilterError};
pub use rotation::{LogName, Rotation};

use entry::to_line;
use ring::Ring;
use rotation::{LostLines, RotatingFile};

/// Entries that a subscriber may be behind before it gets `Lagged`.
const SUBSCRIBER_ENTRIES: usize = 1024;

/// The family whose newest file `metacognition.jsonl` points at.
pub const KERNEL_FAMILY: &str = "kernel";

/// The name of that link, beside the log folder.
pub const LINK_NAME: &str = "metacognition.jsonl";

/// How much is kept, on disk and in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub rotation: Rotation,
    /// Lines that may wait for the disk; more are dropped.
    pub queue_lines: usize,
    /// Newest entries kept in memory.
    pub recent_entries: usize,
    /// A link to the newest file; `None` for [`LINK_NAME`] beside the folder, for the kernel's family.
    pub link: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rotation: Rotation::default(),
            queue_lines: 8192,
            recent_entries: 1000,
            link: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("could not open the metacognition log in {}", folder.display())]
pub struct StartError {
    pub folder: PathBuf,
    #[source]
    pub source: io::Error,
}

/// A handle on this process's log; clones share it.
#[derive(Debug, Clone)]
pub struct Metacognition {
    shared: Arc<Shared>,
}

/// Writes out what is queued when dropped (for at most about a second). Keep it for the process's life.
#[must_use = "what is queued is lost when the process ends without this being dropped"]
#[derive(Debug)]
pub struct Guard {
    metacognition: Metacognition,
    _worker: WorkerGuard,
}

#[derive(Debug)]
struct Shared {
    /// One lock for number, queue, ring and subscribers, so that all see one order. Nothing in it blocks.
    state: Mutex<State>,
    /// Lines that found the queue full.
    refused: ErrorCounter,
    /// Lines that the disk did not take.
    lost: LostLines,
    subscribers: broadcast::Sender<LogEntry>,
}

#[derive(Debug)]
struct State {
    number: u64,
    queue: NonBlocking,
    ring: Ring,
    /// Of the dropped lines, how many a `log.dropped` line has told.
    told: u64,
    /// Such lines that found no room themselves: they are not entries that were lost.
    notices_refused: u64,
}

impl Metacognition {
    /// Opens this family's files in the log folder, which is made if missing, with the default [`Options`].
    pub fn start(folder: &Path, family: &str) -> Result<(Self, Guard), StartError> {
        Self::start_with(folder, family, &Options::default())
    }

    pub fn start_with(
        folder: &Path,
        family: &str,
        options: &Options,
    ) -> Result<(Self, Guard), StartError> {
        let failed = |source| StartError {
            folder: folder.to_owned(),
            source,
        };
        let usual = || match family {
            KERNEL_FAMILY => folder.parent().map(|home| home.join(LINK_NAME)),
            _ => None,
        };
        let link = options.link.clone().or_else(usual);
        let file = RotatingFile::open(folder, family, options.rotation, link).map_err(failed)?;
        let lost = file.lost_lines();
        Ok(Self::over(file, lost, options))
    }

    /// A log over any writer, such as one that is slow; nothing is rotated.
    pub fn over_writer(writer: impl Write + Send + 'static, options: &Options) -> (Self, Guard) {
        Self::over(writer, LostLines::default(), options)
    }

    fn over(
        writer: impl Write + Send + 'static,
        lost: LostLines,
        options: &Options,
    ) -> (Self, Guard) {
        let (queue, worker) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(options.queue_lines)
            .thread_name("metacognition")
            .finish(writer);
        let metacognition = Self {
            shared: Arc::new(Shared {
                refused: queue.error_counter(),
                lost,
                subscribers: broadcast::Sender::new(SUBSCRIBER_ENTRIES),
                state: Mutex::new(State {
                    number: 0,
                    queue,
                    ring: Ring::new(options.recent_entries),
                    told: 0,
                    notices_refused: 0,
                }),
            }),
        };
        let guard = Guard {
            metacognition: metacognition.clone(),
            _worker: worker,
        };
        (metacognition, guard)
    }

    /// Numbers, times and records an entry. Never blocks on the disk and never fails.
    pub fn record(&self, entry: Entry) -> LogEntry {
        let mut state = self.lock();
        self.tell_dropped(&mut state);
        self.append(&mut state, entry)
    }

    /// Lines that never reached the disk since the start.
    pub fn dropped(&self) -> u64 {
        self.dropped_by(&self.lock())
    }

    fn dropped_by(&self, state: &State) -> u64 {
        let refused = self.shared.refused.dropped_lines() as u64;
        refused - state.notices_refused + self.shared.lost.count()
    }

    /// The newest `count` entries, oldest first; fewer when they are large, so that they fit in a message.
    pub fn recent(&self, count: usize) -> Vec<LogEntry> {
        self.lock().ring.newest(count)
    }

    /// Every entry from now on; a receiver that reads too slowly gets `Lagged`.
    pub fn subscribe(&self) -> broadcast::Receiver<LogEntry> {
        self.shared.subscribers.subscribe()
    }

    /// [`recent`](Self::recent) and [`subscribe`](Self::subscribe) at one moment: nothing is missed or doubled.
    pub fn recent_and_subscribe(
        &self,
        count: usize,
    ) -> (Vec<LogEntry>, broadcast::Receiver<LogEntry>) {
        let state = self.lock();
        (state.ring.newest(count), self.subscribe())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, state: &mut State, entry: Entry) -> LogEntry {
        state.number += 1;
        let entry = entry.into_log_entry(state.number);
        // A full queue is counted inside; there is no other failure.
        let _ = state.queue.write(to_line(&entry).as_bytes());
        self.show(state, entry.clone());
        entry
    }

    /// Says once how many lines are missing at this point of the file, as soon as there is room to say it.
    fn tell_dropped(&self, state: &mut State) {
        let dropped = self.dropped_by(state);
        let missing = dropped - state.told;
        if missing == 0 {
            return;
        }
        let notice = Entry::new(
            LogLevel::Warn,
            "log.dropped",
            format!("{missing} log lines were dropped because the disk was too slow or full"),
        )
        .field("lines", missing)
        .into_log_entry(state.number + 1);
        let refused = self.shared.refused.dropped_lines();
        let _ = state.queue.write(to_line(&notice).as_bytes());
        if self.shared.refused.dropped_lines() > refused {
            state.notices_refused += 1;
            return;
        }
        state.number += 1;
        state.told = dropped;
        self.show(state, notice);
    }

    /// To those in this process who look on.
    fn show(&self, state: &mut State, entry: LogEntry) {
        state.ring.push(entry.clone());
        // Nobody may be listening.
        let _ = self.shared.subscribers.send(entry);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut state = self.metacognition.lock();
        self.metacognition.tell_dropped(&mut state);
    }
}
