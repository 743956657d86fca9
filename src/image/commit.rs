//! The committer: validates, writes and syncs, one group at a time.
//!
//! A thread takes everything that waits as one group, validates each transaction against the store and
//! against the earlier ones of the group, appends the group to the log with one sync, shows it to the
//! views, and only then answers; the storage engine gets it after that. While commits come one by one, whoever
//! commits does the same itself. A write to the log that fails is taken back, and the image goes on. After a
//! sync that failed nobody knows what is on the disk, and a store that failed comes to lack what the log has:
//! nothing is tried again, and every later commit is refused until the image is opened anew.

mod recent;
mod validate;
mod worker;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::counts::Counts;
use super::log::Log;
use super::object::Tid;
use super::proposal::Proposal;
use super::store::Store;
use super::{CommitError, ImageError};
use worker::Worker;

/// Transactions that share one sync at most.
const GROUP_LIMIT: usize = 256;
/// Transactions that wait before those who commit have to wait in line.
const QUEUE_LIMIT: usize = 1024;

/// After so many groups of one transaction whoever commits is taken to be alone.
const LONE_GROUPS: u32 = 8;

/// What the committer has done since the image was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Transactions committed.
    pub commits: u64,
    /// Syncs that they took together.
    pub groups: u64,
    /// Most transactions in one group.
    pub largest_group: u64,
    /// Transactions refused because of another one.
    pub conflicts: u64,
}

#[derive(Default)]
struct Counters {
    newest: AtomicU64,
    commits: AtomicU64,
    groups: AtomicU64,
    largest_group: AtomicU64,
    conflicts: AtomicU64,
    /// Microseconds that the slowest group took, since that was last asked for.
    slowest_us: AtomicU64,
    /// And the longest sync of the log.
    longest_sync_us: AtomicU64,
}

/// Where the one who commits waits.
type Answer = SyncSender<Result<Tid, CommitError>>;

enum Request {
    Commit(Box<Proposal>, Answer),
    Probe(SyncSender<Result<Tid, ImageError>>),
    /// To begin a segment, after which nothing comes to be pinned before a transaction: this one, or the
    /// newest.
    Turn(Option<Tid>, SyncSender<Result<Tid, ImageError>>),
    /// To note what is changed and led to from now on, or no longer.
    Watch(bool, SyncSender<()>),
    /// The answers to what waits are given first.
    Stop,
}

/// The thread's owner: dropping it lets the thread finish what waits, and waits for that.
pub(super) struct Committer {
    submitter: Submitter,
    counters: Arc<Counters>,
    thread: Mutex<Option<JoinHandle<Result<(), ImageError>>>>,
}

/// The way to the committer; outlives it harmlessly.
#[derive(Clone)]
pub(super) struct Submitter {
    requests: SyncSender<Request>,
    /// Held by whoever serves requests; nobody when the committer has ended.
    worker: Arc<Mutex<Option<Worker>>>,
    traffic: Arc<Traffic>,
}

impl Submitter {
    /// Waits for the group's sync. Who is alone does the work at once: to wake the thread and to be
    /// woken by it takes longer than many a sync.
    pub(super) fn commit(&self, proposal: Proposal) -> Result<Tid, CommitError> {
        let (answer, answered) = sync_channel(1);
        let request = Request::Commit(Box::new(proposal), answer);
        if self.traffic.is_alone()
            && let Ok(worker) = self.worker.try_lock()
        {
            serve_alone(worker, request)?;
        } else {
            self.send(request).map_err(|()| CommitError::Closed)?;
        }
        answered.recv().map_err(|_| CommitError::Closed)?
    }

    fn send(&self, request: Request) -> Result<(), ()> {
        self.traffic.queued.fetch_add(1, Ordering::Relaxed);
        self.requests.send(request).map_err(|_| ())
    }
}

/// Serves one request in this thread. A panic ends the committer, not the one who commits.
fn serve_alone(
    mut worker: MutexGuard<'_, Option<Worker>>,
    request: Request,
) -> Result<(), CommitError> {
    catch_unwind(AssertUnwindSafe(move || {
        let worker = worker.as_mut().ok_or(CommitError::Closed)?;
        worker.serve(vec![request]);
        Ok(())
    }))
    .unwrap_or(Err(CommitError::Closed))
}

/// Whether those who commit do so one at a time.
#[derive(Default)]
struct Traffic {
    /// Requests that are on their way to the thread.
    queued: AtomicUsize,
    /// Groups of one transaction since the last larger one.
    lone_groups: AtomicU32,
}

impl Traffic {
    fn is_alone(&self) -> bool {
        self.queued.load(Ordering::Relaxed) == 0
            && self.lone_groups.load(Ordering::Relaxed) >= LONE_GROUPS
    }

    fn note(&self, group: usize) {
        if group > 1 {
            self.lone_groups.store(0, Ordering::Relaxed);
        } else if self.lone_groups.load(Ordering::Relaxed) < LONE_GROUPS {
            self.lone_groups.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Committer {
    pub(super) fn start(store: Arc<Store>, counts: Arc<Counts>, log: Log) -> io::Result<Self> {
        let newest = log.newest();
        let (sender, requests) = sync_channel(QUEUE_LIMIT);
        let counters = Arc::new(Counters {
            newest: AtomicU64::new(newest),
            ..Counters::default()
        });
        let traffic = Arc::new(Traffic::default());
        let worker = Worker::new(
            store,
            counts,
            log,
            Arc::clone(&counters),
            Arc::clone(&traffic),
        );
        let worker = Arc::new(Mutex::new(Some(worker)));
        let shared = Arc::clone(&worker);
        let thread = thread::Builder::new()
            .name("image-committer".to_owned())
            .spawn(move || run(&shared, &requests))?;
        Ok(Self {
            submitter: Submitter {
                requests: sender,
                worker,
                traffic,
            },
            counters,
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) fn submitter(&self) -> Submitter {
        self.submitter.clone()
    }

    pub(super) fn newest(&self) -> Tid {
        self.counters.newest.load(Ordering::Acquire)
    }

    pub(super) fn statistics(&self) -> Statistics {
        let counters = &self.counters;
        Statistics {
            commits: counters.commits.load(Ordering::Relaxed),
            groups: counters.groups.load(Ordering::Relaxed),
            largest_group: counters.largest_group.load(Ordering::Relaxed),
            conflicts: counters.conflicts.load(Ordering::Relaxed),
        }
    }

    pub(super) fn probe(&self) -> Result<Tid, ImageError> {
        self.ask(Request::Probe)?
    }

    /// Begins a segment of the log, and gives the newest transaction before it. From then on no tag can
    /// come to pin what is before `floor`, or before that newest one, unless another tag does.
    pub(super) fn turn(&self, floor: Option<Tid>) -> Result<Tid, ImageError> {
        self.ask(|answer| Request::Turn(floor, answer))?
    }

    /// From when this returns garbage is taken away only while nobody has come to know it.
    pub(super) fn watch(&self, is_on: bool) -> Result<(), ImageError> {
        self.ask(|answer| Request::Watch(is_on, answer))
    }

    /// The longest that a group took since this was last asked for.
    pub(super) fn take_slowest(&self) -> Duration {
        Duration::from_micros(self.counters.slowest_us.swap(0, Ordering::Relaxed))
    }

    /// The longest sync of the log since this was last asked for.
    pub(super) fn take_longest_sync(&self) -> Duration {
        Duration::from_micros(self.counters.longest_sync_us.swap(0, Ordering::Relaxed))
    }

    fn ask<T>(&self, request: impl FnOnce(SyncSender<T>) -> Request) -> Result<T, ImageError> {
        let (answer, answered) = sync_channel(1);
        let sent = self.submitter.send(request(answer));
        sent.map_err(|()| ImageError::Closed)?;
        answered.recv().map_err(|_| ImageError::Closed)
    }

    /// Ends the thread when what waits is done. The second time it does nothing.
    pub(super) fn stop(&self) -> Result<(), ImageError> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(thread) = thread.take() else {
            return Ok(());
        };
        // When this fails the thread has ended already.
        let _ = self.submitter.send(Request::Stop);
        thread.join().unwrap_or_else(|_| Err(panicked()))
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        // Who wants to know how it ended calls `close`.
        let _ = self.stop();
    }
}

/// The thread: serves what is sent to it, in groups, until it is to stop.
fn run(worker: &Mutex<Option<Worker>>, requests: &Receiver<Request>) -> Result<(), ImageError> {
    let mut stopping = false;
    while !stopping && let Ok(first) = requests.recv() {
        let mut worker = worker.lock().map_err(|_| panicked())?;
        let worker = worker.as_mut().ok_or(ImageError::Closed)?;
        let mut waiting = vec![first];
        while waiting.len() < GROUP_LIMIT
            && let Ok(next) = requests.try_recv()
        {
            waiting.push(next);
        }
        let queued = &worker.traffic.queued;
        queued.fetch_sub(waiting.len(), Ordering::Relaxed);
        stopping = worker.serve(waiting);
    }
    let ended = worker.lock().map_err(|_| panicked())?.take();
    ended.map_or(Ok(()), Worker::close)
}

fn panicked() -> ImageError {
    ImageError::Poisoned {
        cause: "the committer panicked".to_owned(),
    }
}
