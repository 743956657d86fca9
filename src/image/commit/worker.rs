//! Who does the work: a group of transactions into the log, and to where views see it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::recent::Recent;
use super::{Answer, Counters, Request, Traffic};
use crate::image::counts::Counts;
use crate::image::error::chain;
use crate::image::log::{AppendError, Log};
use crate::image::object::{Head, Oid, Tid};
use crate::image::proposal::{Key, Operation, Proposal, TransactionRecord};
use crate::image::store::{Changes, Store};
use crate::image::{CommitError, ImageError, View, links};

pub(super) struct Worker {
    pub(super) store: Arc<Store>,
    counts: Arc<Counts>,
    log: Log,
    pub(super) newest: Tid,
    /// Why nothing is written any more.
    pub(super) failure: Option<String>,
    counters: Arc<Counters>,
    /// Which transaction last made something lead to an object, since the image was opened.
    pub(super) linked: HashMap<Oid, Tid>,
    pub(super) recent: Recent,
    /// While garbage is looked for: what transactions have changed and made something lead to.
    pub(super) touched: Option<HashSet<Oid>>,
    pub(super) traffic: Arc<Traffic>,
}

/// Transactions that passed validation, and who waits for them.
#[derive(Default)]
pub(super) struct Group {
    transactions: Vec<TransactionRecord>,
    answers: Vec<(Answer, Tid)>,
    /// The versions that they make.
    pub(super) changed: HashMap<Key, Option<Tid>>,
    /// The objects as they make them.
    pub(super) heads: HashMap<Oid, Head>,
    /// Which of them makes something lead to an object.
    pub(super) linked: HashMap<Oid, Tid>,
}

impl Group {
    /// Gives everybody the same error.
    fn refuse(self, error: impl Fn() -> CommitError) {
        for (answer, _) in self.answers {
            let _ = answer.send(Err(error()));
        }
    }
}

impl Worker {
    pub(super) fn new(
        store: Arc<Store>,
        counts: Arc<Counts>,
        log: Log,
        counters: Arc<Counters>,
        traffic: Arc<Traffic>,
    ) -> Self {
        let newest = log.newest();
        Self {
            store,
            counts,
            log,
            newest,
            failure: None,
            counters,
            linked: HashMap::new(),
            recent: Recent::since(newest),
            touched: None,
            traffic,
        }
    }

    /// Serves what waited; true when it is to stop.
    pub(super) fn serve(&mut self, waiting: Vec<Request>) -> bool {
        self.traffic.note(waiting.len());
        self.failure = self.failure.take().or_else(|| self.store.failure());
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
        let mut changes = Changes::default();
        if let Err(error) = changes.group(&group.transactions) {
            let cause = chain(&error);
            return group.refuse(|| CommitError::Refused {
                cause: cause.clone(),
            });
        }
        if let Err(error) = self.store.wait_for_room() {
            let cause = chain(&error);
            self.failure = Some(cause.clone());
            return group.refuse(|| CommitError::Poisoned {
                cause: cause.clone(),
            });
        }
        // The log first: what is in the store is always in the log, too.
        if let Err(error) = self.log.append(&group.transactions) {
            if let AppendError::Unknown(error) = &error {
                self.failure = Some(chain(error));
            }
            return group.refuse(|| (&error).into());
        }
        let synced_in = u64::try_from(self.log.synced_in().as_micros()).unwrap_or(u64::MAX);
        let longest = &self.counters.longest_sync_us;
        longest.fetch_max(synced_in, Ordering::Relaxed);
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
        // They are durable: nothing from here on may stand in the way of showing them. A count that
        // cannot be written is counted on in memory.
        let _ = changes.calls(&self.counts.take_unwritten());
        self.store.take(&group.transactions, changes);
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

    fn probe(&mut self) -> Result<Tid, ImageError> {
        if let Some(cause) = self.failure.clone() {
            return Err(ImageError::Poisoned { cause });
        }
        let room = self.log.check_room();
        room.map_err(|error| ImageError::Log(error.into()))?;
        Ok(self.newest)
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
    pub(super) fn close(mut self) -> Result<(), ImageError> {
        if let Some(cause) = self.failure {
            return Err(ImageError::Poisoned { cause });
        }
        let poisoned = |cause| ImageError::Poisoned { cause };
        let mut changes = Changes::default();
        let counted = changes.calls(&self.counts.take_unwritten());
        self.store.take(&[], changes);
        counted
            .and_then(|()| self.store.sync())
            .map_err(|error| poisoned(chain(&error)))?;
        self.log.close().map_err(|error| poisoned(chain(&error)))
    }
}
