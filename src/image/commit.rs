//! The committer: validates, writes and syncs, one group at a time.
//!
//! A thread takes everything that waits as one group, validates each transaction against the store and
//! against the earlier ones of the group, appends the group to the log with one sync, applies it to
//! the store, and only then answers. While commits come one by one, whoever commits does the same itself.
//! A write to the log that fails is taken back, and the image goes on. After a sync that failed nobody
//! knows what is on the disk, and a store that failed lacks what the log has: nothing is tried again,
//! and every later commit is refused until the image is opened anew.

mod recent;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::counts::Counts;
use super::error::chain;
use super::log::{AppendError, Log};
use super::object::{Head, Oid, Tid};
use super::proposal::{Key, Operation, Proposal, TransactionRecord};
use super::store::Store;
use super::{CommitError, ImageError, Read, View, links, merge};
use recent::Recent;

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
        let worker = Worker {
            store,
            counts,
            log,
            newest,
            failure: None,
            counters: Arc::clone(&counters),
            probes: RandomState::new().hash_one(newest),
            linked: HashMap::new(),
            recent: Recent::since(newest),
            touched: None,
            traffic: Arc::clone(&traffic),
        };
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

struct Worker {
    store: Arc<Store>,
    counts: Arc<Counts>,
    log: Log,
    newest: Tid,
    /// Why nothing is written any more.
    failure: Option<String>,
    counters: Arc<Counters>,
    probes: u64,
    /// Which transaction last made something lead to an object, since the image was opened.
    linked: HashMap<Oid, Tid>,
    recent: Recent,
    /// While garbage is looked for: what transactions have changed and made something lead to.
    touched: Option<HashSet<Oid>>,
    traffic: Arc<Traffic>,
}

/// Transactions that passed validation, and who waits for them.
#[derive(Default)]
struct Group {
    transactions: Vec<TransactionRecord>,
    answers: Vec<(Answer, Tid)>,
    /// The versions that they make.
    changed: HashMap<Key, Option<Tid>>,
    /// The objects as they make them.
    heads: HashMap<Oid, Head>,
    /// Which of them makes something lead to an object.
    linked: HashMap<Oid, Tid>,
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

impl Worker {
    /// Serves what waited; true when it is to stop.
    fn serve(&mut self, waiting: Vec<Request>) -> bool {
        self.traffic.note(waiting.len());
        let view = View::now(&self.store, &self.counts, self.newest);
        let mut group = Group::default();
        let mut refusals: Vec<(Answer, CommitError)> = Vec::new();
        let began = Instant::now();
        let mut others = Vec::new();
        let mut stopping = false;
        for request in waiting {
            match request {
                Request::Commit(mut proposal, answer) => {
                    match self.validate(&view, &group, &mut proposal) {
                        Ok(()) => self.admit(&mut group, *proposal, answer),
                        Err(error) => {
                            if error.is_conflict() {
                                self.counters.conflicts.fetch_add(1, Ordering::Relaxed);
                            }
                            refusals.push((answer, error));
                        }
                    }
                }
                Request::Stop => stopping = true,
                Request::Watch(is_on, _) => {
                    // What is validated from here on is noted; what was before is there when it is
                    // answered.
                    self.touched = is_on.then(HashSet::new);
                    others.push(request);
                }
                Request::Turn(..) | Request::Probe(_) => others.push(request),
            }
        }
        drop(view);
        if !group.transactions.is_empty() {
            self.write(group);
        }
        // Only now: who begins again must see what it lost against, or it would lose again.
        for (answer, error) in refusals {
            let _ = answer.send(Err(error));
        }
        for request in others {
            match request {
                Request::Probe(answer) => {
                    let _ = answer.send(self.probe());
                }
                Request::Turn(floor, answer) => {
                    let _ = answer.send(self.turn(floor));
                }
                Request::Watch(_, answer) => {
                    let _ = answer.send(());
                }
                Request::Commit(..) | Request::Stop => {}
            }
        }
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.counters.slowest_us.fetch_max(took, Ordering::Relaxed);
        stopping
    }

    fn validate(
        &self,
        view: &View,
        group: &Group,
        proposal: &mut Proposal,
    ) -> Result<(), CommitError> {
        if let Some(cause) = self.failure.clone() {
            return Err(CommitError::Poisoned { cause });
        }
        for (key, read) in &proposal.dependencies {
            let current = match group.changed.get(key) {
                Some(current) => *current,
                None if self.recent.is_unchanged(key, proposal.base) => continue,
                None => view.version(key).map_err(CommitError::Unreadable)?,
            };
            if current != *read
                && !(current.is_some()
                    && merge_object(view, group, key, *read, &mut proposal.operations)?)
            {
                return Err(CommitError::Conflict {
                    object: describe(view, key),
                    read: *read,
                    current,
                });
            }
        }
        self.validate_garbage(proposal)?;
        self.validate_tags(view, proposal)?;
        self.validate_removals(group, proposal)
    }

    /// Nothing that is taken away may have been changed or led to since it was found to be garbage.
    fn validate_garbage(&self, proposal: &Proposal) -> Result<(), CommitError> {
        let Some(garbage) = &proposal.garbage else {
            return Ok(());
        };
        let touched = self.touched.as_ref();
        let found = touched.and_then(|touched| touched.iter().find(|oid| garbage.contains(**oid)));
        match (touched, found) {
            (Some(_), None) => Ok(()),
            (_, found) => Err(CommitError::Conflict {
                object: format!("object {}", found.copied().unwrap_or_default()),
                read: Some(proposal.base),
                current: Some(self.newest),
            }),
        }
    }

    /// A tag may name what was packed away, or is just being, only while another one does.
    fn validate_tags(&self, view: &View, proposal: &Proposal) -> Result<(), CommitError> {
        let horizon = self.store.floor();
        for operation in &proposal.operations {
            if let Operation::PutTag { pinned, .. } = operation
                && *pinned < horizon
            {
                let tags = view.tags().map_err(CommitError::Unreadable)?;
                if !tags.iter().any(|tag| tag.pinned == *pinned) {
                    let tid = *pinned;
                    let error = ImageError::PackedAway { tid, horizon };
                    return Err(CommitError::Unreadable(error));
                }
            }
        }
        Ok(())
    }

    /// Nothing may have come to lead to an object that was found to be without links.
    fn validate_removals(&self, group: &Group, proposal: &Proposal) -> Result<(), CommitError> {
        for operation in &proposal.operations {
            if let Operation::RemoveObject { oid, name } = operation
                && let Some(tid) = group.linked.get(oid).or_else(|| self.linked.get(oid))
                && *tid > proposal.base
            {
                return Err(CommitError::Conflict {
                    object: name.clone(),
                    read: Some(proposal.base),
                    current: Some(*tid),
                });
            }
        }
        Ok(())
    }

    fn admit(&mut self, group: &mut Group, proposal: Proposal, answer: Answer) {
        let tid = self.newest + 1 + group.transactions.len() as u64;
        for operation in &proposal.operations {
            group.changed.extend(operation.changes(tid));
            if let Operation::PutObject { head, .. } = operation {
                group.heads.insert(head.oid, head.clone());
                let linked = links::of(head);
                if let (Some(touched), None) = (&mut self.touched, &proposal.garbage) {
                    touched.insert(head.oid);
                    touched.extend(&linked);
                }
                group
                    .linked
                    .extend(linked.into_iter().map(|oid| (oid, tid)));
            }
        }
        group.answers.push((answer, tid));
        group.transactions.push(TransactionRecord {
            tid,
            time_ms: proposal.time_ms,
            author: proposal.author,
            operations: proposal.operations,
            audit: proposal.audit,
        });
    }

    fn write(&mut self, group: Group) {
        // The log first: what is in the store is always in the log, too.
        if let Err(error) = self.log.append(&group.transactions) {
            self.refuse(group, &error);
            return;
        }
        self.linked.extend(group.linked);
        for operation in group.transactions.iter().flat_map(|t| &t.operations) {
            match operation {
                Operation::PutMethod {
                    oid,
                    method,
                    anew: true,
                } => self.counts.start_anew(*oid, &method.selector),
                Operation::RemoveMethod { oid, selector } => self.counts.forget(*oid, selector),
                _ => {}
            }
        }
        let counts = self.counts.take_unwritten();
        if let Err(error) = self.store.apply(&group.transactions, &counts) {
            // They are durable, but no view would show them.
            let cause = chain(&error);
            self.failure = Some(cause.clone());
            for (answer, tid) in group.answers {
                let cause = cause.clone();
                let _ = answer.send(Err(CommitError::Unapplied { tid, cause }));
            }
            return;
        }
        let size = group.transactions.len() as u64;
        let before = self.newest;
        self.newest += size;
        self.recent
            .note(group.changed.into_keys(), before, self.newest);
        self.counters.commits.fetch_add(size, Ordering::Relaxed);
        self.counters.groups.fetch_add(1, Ordering::Relaxed);
        self.counters
            .largest_group
            .fetch_max(size, Ordering::Relaxed);
        // Before the answers, so that who has one sees its transaction in every later view.
        self.counters.newest.store(self.newest, Ordering::Release);
        for (answer, tid) in group.answers {
            let _ = answer.send(Ok(tid));
        }
    }

    /// Answers those whose group is not in the log, or not known to be.
    fn refuse(&mut self, group: Group, error: &AppendError) {
        if let AppendError::Unknown(error) = error {
            self.failure = Some(chain(error));
        }
        for (answer, _) in group.answers {
            let _ = answer.send(Err(error.into()));
        }
    }

    fn probe(&mut self) -> Result<Tid, ImageError> {
        if self.failure.is_none() {
            if let Err(error) = self.log.check_room() {
                return Err(ImageError::Log(error.into()));
            }
            self.probes = self.probes.wrapping_add(1);
            if let Err(error) = self.store.probe(self.probes) {
                self.failure = Some(chain(&error));
            }
        }
        match self.failure.clone() {
            Some(cause) => Err(ImageError::Poisoned { cause }),
            None => Ok(self.newest),
        }
    }

    fn turn(&mut self, floor: Option<Tid>) -> Result<Tid, ImageError> {
        if let Some(cause) = self.failure.clone() {
            return Err(ImageError::Poisoned { cause });
        }
        if let Err(error) = self.log.turn() {
            if let AppendError::Unknown(error) = &error {
                self.failure = Some(chain(error));
            }
            return Err(ImageError::Log(error.into()));
        }
        self.store.set_floor(floor.unwrap_or(self.newest));
        Ok(self.newest)
    }

    /// Writes the call counts and syncs the store, so that the next opening has nothing to replay.
    fn close(mut self) -> Result<(), ImageError> {
        if let Some(cause) = self.failure {
            return Err(ImageError::Poisoned { cause });
        }
        let poisoned = |cause| ImageError::Poisoned { cause };
        let counts = self.counts.take_unwritten();
        let applied = self.store.apply(&[], &counts);
        applied
            .and_then(|()| self.store.sync())
            .map_err(|error| poisoned(chain(&error)))?;
        self.log.close().map_err(|error| poisoned(chain(&error)))
    }
}

/// When the only thing that both changed is slots that can be merged, puts the merged object in place of
/// the proposal's; false when they contradict each other.
fn merge_object(
    view: &View,
    group: &Group,
    key: &Key,
    read: Option<Tid>,
    operations: &mut [Operation],
) -> Result<bool, CommitError> {
    let (Key::Object(oid), Some(read)) = (key, read) else {
        return Ok(false);
    };
    let touches_methods = |operation: &Operation| match operation {
        Operation::PutMethod { oid: of, .. } | Operation::RemoveMethod { oid: of, .. } => of == oid,
        _ => false,
    };
    if operations.iter().any(touches_methods) {
        return Ok(false);
    }
    let mine = operations.iter_mut().find_map(|operation| match operation {
        Operation::PutObject { head, .. } if head.oid == *oid => Some(head),
        _ => None,
    });
    // What was only read may have decided something.
    let Some(mine) = mine else {
        return Ok(false);
    };
    let unreadable = CommitError::Unreadable;
    let theirs = match group.heads.get(oid) {
        Some(head) => Some(head.clone()),
        None => view.head(*oid).map_err(unreadable)?,
    };
    // What was packed away since can no longer be compared with.
    let Ok(past) = view.at(read) else {
        return Ok(false);
    };
    let base = past.head(*oid).map_err(unreadable)?;
    let merged = base
        .zip(theirs)
        .and_then(|(base, theirs)| merge::heads(&base, mine, &theirs));
    match merged {
        Some(merged) => {
            *mine = merged;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// A key by the name that people know it by.
fn describe(view: &View, key: &Key) -> String {
    match key {
        Key::Object(oid) | Key::Exists(oid) => match view.head(*oid) {
            Ok(Some(head)) => head.known_as(),
            _ => format!("object {oid}"),
        },
        Key::Name(name) => name.clone(),
        Key::Mission(id) => format!("mission {id}"),
        Key::Fact(key) => format!("fact {key}"),
        Key::Tag(name) => format!("tag {name}"),
    }
}
