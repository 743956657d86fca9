//! Undo: a new transaction that takes back what an earlier one did.
//!
//! What was changed comes from the log, what it was before from the history. Objects, names, parents,
//! slots, methods and facts go back to what they were; missions, tags and audit lines stay, since they
//! tell what happened. Where a later transaction changed the same part, or something has come to
//! depend on it, the undo is refused with the names of all that stands against it.

use std::collections::BTreeSet;

use super::object::{Object, Oid, Tid};
use super::proposal::Operation;
use super::revise::Revision;
use super::{ImageError, LogError, PastView, Read, Transaction, log};

/// What an undo changed: names of objects, and `fact KEY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub changed: Vec<String>,
}

impl Undone {
    /// What the undoing transaction's audit line begins with; the number of the undone one follows.
    pub const AUDIT: &str = "undo of transaction ";
}

/// A transaction was not undone; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("cannot undo transaction {tid}: {}", .obstacles.join("; "))]
    Depends { tid: Tid, obstacles: Vec<String> },
    #[error("there is nothing to undo in transaction {tid}: {why}")]
    Nothing { tid: Tid, why: &'static str },
    #[error(transparent)]
    Image(#[from] ImageError),
}

/// What a transaction wrote that can be undone.
#[derive(Default)]
struct Written {
    objects: BTreeSet<Oid>,
    facts: BTreeSet<String>,
}

impl Transaction {
    /// Takes back what transaction `tid` did, as writes of this one. Undo of an undo works: it is a
    /// transaction like any other. After an error this transaction is as it was.
    ///
    /// # Errors
    /// See [`UndoError`]; [`ImageError::PackedAway`] when its history is gone.
    pub fn undo(&mut self, tid: Tid) -> Result<Undone, UndoError> {
        let view = self.snapshot().clone();
        if tid == 0 {
            let newest = view.tid();
            return Err(ImageError::UnknownTransaction { tid, newest }.into());
        }
        // First: in words that it is unknown or gone.
        let (after, before) = (view.at(tid)?, self.before(tid)?);
        let written = self.written(tid)?;
        if written.objects.is_empty() && written.facts.is_empty() {
            let why = "it changed no object and no fact";
            return Err(UndoError::Nothing { tid, why });
        }
        let savepoint = self.savepoint();
        let revised = revise(self, &written, &after, &before);
        match revised {
            Ok((obstacles, changed)) if obstacles.is_empty() && !changed.is_empty() => {
                self.audit(&format!("{}{tid}", Undone::AUDIT));
                let changed = changed.into_iter().collect();
                Ok(Undone { changed })
            }
            Ok((obstacles, _)) => {
                self.roll_back_to(savepoint);
                if obstacles.is_empty() {
                    let why = "all is as it was before it";
                    return Err(UndoError::Nothing { tid, why });
                }
                Err(UndoError::Depends { tid, obstacles })
            }
            Err(error) => {
                self.roll_back_to(savepoint);
                Err(error.into())
            }
        }
    }

    fn before(&self, tid: Tid) -> Result<PastView, ImageError> {
        let horizon = self.snapshot().horizon();
        if tid <= horizon {
            return Err(ImageError::PackedAway { tid, horizon });
        }
        self.snapshot().at(tid - 1)
    }

    fn written(&self, tid: Tid) -> Result<Written, ImageError> {
        let mut written = Written::default();
        let found = match log::transaction(self.folder(), tid) {
            // Packed away since the horizon was looked at.
            Err(LogError::TooNew { first, .. }) => {
                let horizon = first - 1;
                return Err(ImageError::PackedAway { tid, horizon });
            }
            found => found?,
        };
        let Some(record) = found else {
            let newest = self.tid();
            return Err(ImageError::UnknownTransaction { tid, newest });
        };
        for operation in record.operations {
            match operation {
                Operation::PutObject { head, .. } => {
                    written.objects.insert(head.oid);
                }
                Operation::RemoveObject { oid, .. }
                | Operation::PutMethod { oid, .. }
                | Operation::RemoveMethod { oid, .. } => {
                    written.objects.insert(oid);
                }
                Operation::PutFact { key, .. } | Operation::RemoveFact { key } => {
                    written.facts.insert(key);
                }
                // Part of its object's own, or kept as it is.
                Operation::RemoveName { .. }
                | Operation::PutMission(_)
                | Operation::PutTag { .. }
                | Operation::RemoveTag { .. } => {}
            }
        }
        Ok(written)
    }
}

/// What stands against going from one state to the other, and the names of what was changed.
fn revise(
    transaction: &mut Transaction,
    written: &Written,
    from: &PastView,
    to: &PastView,
) -> Result<(Vec<String>, BTreeSet<String>), ImageError> {
    let mut revision = Revision::new(transaction);
    let (mut kept, mut made, mut gone): (Vec<(Object, Object)>, Vec<Object>, Vec<Object>) =
        Default::default();
    for oid in &written.objects {
        match (from.object(*oid)?, to.object(*oid)?) {
            (Some(from), Some(to)) => kept.push((from, to)),
            (Some(from), None) => made.push(from),
            (None, Some(to)) => gone.push(to),
            (None, None) => {}
        }
    }
    // Order matters: what comes back may be led to, and what leads to something goes first.
    let names = revision.restore(&gone, &made)?;
    for (from, to) in &kept {
        revision.object(from, to)?;
    }
    revision.remove(&made)?;
    if revision.obstacles.is_empty() {
        revision.name_all(&names)?;
    }
    for key in &written.facts {
        let (from, to) = (from.fact(key)?, to.fact(key)?);
        revision.fact(key, from.as_deref(), to.as_deref())?;
    }
    revision.check_methods()?;
    Ok((revision.obstacles, revision.changed))
}
