//! What a group of transactions changes in the store, as keys and sealed records.

use std::collections::BTreeMap;
use std::sync::Arc;

use fjall::{UserKey, UserValue};

use super::space::Space;
use super::table::{Table, history_key};
use super::{HISTORY_TID, NEWEST_TID};
use crate::image::StoreError;
use crate::image::counts::CountedMethod;
use crate::image::envelope::{self, Record};
use crate::image::object::Tid;
use crate::image::proposal::{Operation, TransactionRecord};
use crate::image::record::{
    AuditRecord, CallsRecord, FactRecord, MethodRecord, MissionRecord, NameRecord, NumberRecord,
    ObjectRecord, RemovedRecord, TagRecord,
};

/// What an entry takes beside key and value.
const ENTRY_BYTES: usize = 64;

/// Writes that belong together, by key; without a value the key is removed.
pub(super) type Writes = BTreeMap<UserKey, Option<UserValue>>;

/// The writes of a group: the last one of each key.
#[derive(Default)]
pub(in crate::image) struct Changes {
    current: Writes,
    history: Writes,
    audit: Writes,
    /// About what they take in memory.
    bytes: usize,
    /// The transaction that the store has come to with them, if it is another.
    pub(super) newest: Option<Tid>,
}

impl Changes {
    /// All of these, of which the later ones go before.
    pub(super) fn together(all: &[Arc<Self>]) -> Self {
        let mut together = Self::default();
        for changes in all {
            for space in Space::ALL {
                let writes = changes.of(space).iter();
                let writes = writes.map(|(key, value)| (key.clone(), value.clone()));
                together.of_mut(space).extend(writes);
            }
            together.bytes += changes.bytes;
            together.newest = changes.newest.or(together.newest);
        }
        together
    }

    pub(super) fn is_empty(&self) -> bool {
        // Each entry takes some.
        self.bytes == 0
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn of(&self, space: Space) -> &Writes {
        match space {
            Space::Current => &self.current,
            Space::History => &self.history,
            Space::Audit => &self.audit,
        }
    }

    fn of_mut(&mut self, space: Space) -> &mut Writes {
        match space {
            Space::Current => &mut self.current,
            Space::History => &mut self.history,
            Space::Audit => &mut self.audit,
        }
    }

    pub(super) fn into_entries(self) -> impl Iterator<Item = (Space, UserKey, Option<UserValue>)> {
        let of = |space, writes: Writes| {
            writes
                .into_iter()
                .map(move |(key, value)| (space, key, value))
        };
        of(Space::Current, self.current)
            .chain(of(Space::History, self.history))
            .chain(of(Space::Audit, self.audit))
    }

    /// What a group changes, and which transaction the store has come to then.
    pub(in crate::image) fn group(
        &mut self,
        transactions: &[TransactionRecord],
    ) -> Result<(), StoreError> {
        for transaction in transactions {
            self.transaction(transaction)?;
        }
        let Some(newest) = transactions.last() else {
            return Ok(());
        };
        self.newest = Some(newest.tid);
        let newest = NumberRecord { number: newest.tid };
        self.put(Space::History, HISTORY_TID.to_vec(), &newest)?;
        self.put(Space::Current, Table::Number.key(NEWEST_TID), &newest)
    }

    pub(in crate::image) fn calls(&mut self, counts: &[CountedMethod]) -> Result<(), StoreError> {
        for counted in counts {
            let record = CallsRecord {
                calls: counted.calls,
                failures: counted.failures,
            };
            let key = Table::Calls.method_key(counted.oid, &counted.selector);
            self.put(Space::Current, key, &record)?;
        }
        Ok(())
    }

    pub(super) fn transaction(
        &mut self,
        transaction: &TransactionRecord,
    ) -> Result<(), StoreError> {
        let tid = transaction.tid;
        for operation in &transaction.operations {
            self.operation(tid, operation)?;
        }
        let audit = AuditRecord {
            time_ms: transaction.time_ms,
            author: transaction.author.into(),
            lines: transaction.audit.clone(),
            objects: transaction.object_names(),
        };
        self.put(Space::Audit, tid.to_be_bytes().to_vec(), &audit)
    }

    fn operation(&mut self, tid: Tid, operation: &Operation) -> Result<(), StoreError> {
        match operation {
            Operation::PutObject { head, named } => {
                if *named && !head.name.is_empty() {
                    let key = Table::Name.key(head.name.as_bytes());
                    self.version(key, tid, &NameRecord { oid: head.oid })?;
                }
                let key = Table::Object.key(&head.oid.to_be_bytes());
                self.version(key, tid, &ObjectRecord::of(head, tid))
            }
            Operation::RemoveName { name } => self.removal(Table::Name.key(name.as_bytes()), tid),
            Operation::RemoveObject { oid, .. } => {
                self.removal(Table::Object.key(&oid.to_be_bytes()), tid)
            }
            Operation::PutMethod { oid, method, anew } => {
                let selector = &method.selector;
                if *anew {
                    let calls = CallsRecord {
                        calls: 0,
                        failures: 0,
                    };
                    let key = Table::Calls.method_key(*oid, selector);
                    self.put(Space::Current, key, &calls)?;
                }
                let key = Table::Method.method_key(*oid, selector);
                self.version(key, tid, &MethodRecord::of(method))
            }
            Operation::RemoveMethod { oid, selector } => {
                self.remove(Space::Current, Table::Calls.method_key(*oid, selector));
                self.removal(Table::Method.method_key(*oid, selector), tid)
            }
            Operation::PutMission(mission) => {
                let key = Table::Mission.key(&mission.id.to_be_bytes());
                self.version(key, tid, &MissionRecord::of(mission, tid))
            }
            Operation::PutFact { key, value } => {
                let value = value.clone();
                let key = Table::Fact.key(key.as_bytes());
                self.version(key, tid, &FactRecord { value, tid })
            }
            Operation::RemoveFact { key } => self.removal(Table::Fact.key(key.as_bytes()), tid),
            Operation::PutTag { name, pinned } => {
                let key = Table::Tag.key(name.as_bytes());
                let pinned = *pinned;
                self.put(Space::Current, key, &TagRecord { pinned, tid })
            }
            Operation::RemoveTag { name } => {
                self.remove(Space::Current, Table::Tag.key(name.as_bytes()));
                Ok(())
            }
        }
    }

    /// A new value, now and in the history.
    fn version<R>(&mut self, key: Vec<u8>, tid: Tid, record: &R) -> Result<(), StoreError>
    where
        R: Record + envelope::Sealable,
    {
        // The same memory for both.
        let sealed = UserValue::from(seal(record)?);
        self.insert(Space::History, history_key(&key, tid), sealed.clone());
        self.insert(Space::Current, key, sealed);
        Ok(())
    }

    /// Nothing any more, but for the history.
    fn removal(&mut self, key: Vec<u8>, tid: Tid) -> Result<(), StoreError> {
        let record = RemovedRecord { tid };
        self.put(Space::History, history_key(&key, tid), &record)?;
        self.remove(Space::Current, key);
        Ok(())
    }

    pub(super) fn put<R>(
        &mut self,
        space: Space,
        key: Vec<u8>,
        record: &R,
    ) -> Result<(), StoreError>
    where
        R: Record + envelope::Sealable,
    {
        self.insert(space, key, seal(record)?);
        Ok(())
    }

    pub(super) fn insert(&mut self, space: Space, key: Vec<u8>, sealed: impl Into<UserValue>) {
        self.write(space, key, Some(sealed.into()));
    }

    pub(super) fn remove(&mut self, space: Space, key: Vec<u8>) {
        self.write(space, key, None);
    }

    fn write(&mut self, space: Space, key: Vec<u8>, value: Option<UserValue>) {
        self.bytes += ENTRY_BYTES + key.len() + value.as_ref().map_or(0, |value| value.len());
        self.of_mut(space).insert(key.into(), value);
    }
}

fn seal<R: Record + envelope::Sealable>(record: &R) -> Result<Vec<u8>, StoreError> {
    envelope::seal(record).map_err(|error| StoreError::new("encode a record", error))
}
