//! What a group of transactions changes in the store, as keys and sealed records.

use std::collections::BTreeMap;

use fjall::{Keyspace, UserValue};

use super::table::{Table, history_key};
use super::{HISTORY_TID, NEWEST_TID, Store};
use crate::image::StoreError;
use crate::image::envelope::{self, Record};
use crate::image::object::Tid;
use crate::image::proposal::{Operation, TransactionRecord};
use crate::image::record::{
    AuditRecord, CallsRecord, FactRecord, MethodRecord, MissionRecord, NameRecord, NumberRecord,
    ObjectRecord, RemovedRecord, TagRecord,
};

type Change<'a> = (&'a Keyspace, Option<UserValue>);

/// The writes of a group: the last one of each key.
#[derive(Default)]
pub(super) struct Changes<'a> {
    /// By the keyspace's number and the key; without a value it is removed.
    pub entries: BTreeMap<(u64, Vec<u8>), Change<'a>>,
    /// The transaction that the store has come to with them, if it is another.
    pub newest: Option<Tid>,
}

impl<'a> Changes<'a> {
    /// What a group changes, and which transaction the store has come to then.
    pub(super) fn group(
        &mut self,
        store: &'a Store,
        transactions: &[TransactionRecord],
    ) -> Result<(), StoreError> {
        for transaction in transactions {
            self.transaction(store, transaction)?;
        }
        let Some(newest) = transactions.last() else {
            return Ok(());
        };
        self.newest = Some(newest.tid);
        let newest = NumberRecord { number: newest.tid };
        self.put(&store.history, HISTORY_TID.to_vec(), &newest)?;
        self.put(&store.current, Table::Number.key(NEWEST_TID), &newest)
    }

    pub(super) fn transaction(
        &mut self,
        store: &'a Store,
        transaction: &TransactionRecord,
    ) -> Result<(), StoreError> {
        let tid = transaction.tid;
        for operation in &transaction.operations {
            self.operation(store, tid, operation)?;
        }
        let audit = AuditRecord {
            time_ms: transaction.time_ms,
            author: transaction.author.into(),
            lines: transaction.audit.clone(),
            objects: transaction.object_names(),
        };
        self.put(&store.audit, tid.to_be_bytes().to_vec(), &audit)
    }

    fn operation(
        &mut self,
        store: &'a Store,
        tid: Tid,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        match operation {
            Operation::PutObject { head, named } => {
                if *named && !head.name.is_empty() {
                    let key = Table::Name.key(head.name.as_bytes());
                    self.version(store, key, tid, &NameRecord { oid: head.oid })?;
                }
                let key = Table::Object.key(&head.oid.to_be_bytes());
                self.version(store, key, tid, &ObjectRecord::of(head, tid))
            }
            Operation::RemoveName { name } => {
                self.removal(store, Table::Name.key(name.as_bytes()), tid)
            }
            Operation::RemoveObject { oid, .. } => {
                self.removal(store, Table::Object.key(&oid.to_be_bytes()), tid)
            }
            Operation::PutMethod { oid, method, anew } => {
                let selector = &method.selector;
                if *anew {
                    let calls = CallsRecord {
                        calls: 0,
                        failures: 0,
                    };
                    let key = Table::Calls.method_key(*oid, selector);
                    self.put(&store.current, key, &calls)?;
                }
                let key = Table::Method.method_key(*oid, selector);
                self.version(store, key, tid, &MethodRecord::of(method))
            }
            Operation::RemoveMethod { oid, selector } => {
                self.remove(&store.current, Table::Calls.method_key(*oid, selector));
                self.removal(store, Table::Method.method_key(*oid, selector), tid)
            }
            Operation::PutMission(mission) => {
                let key = Table::Mission.key(&mission.id.to_be_bytes());
                self.version(store, key, tid, &MissionRecord::of(mission, tid))
            }
            Operation::PutFact { key, value } => {
                let value = value.clone();
                let key = Table::Fact.key(key.as_bytes());
                self.version(store, key, tid, &FactRecord { value, tid })
            }
            Operation::RemoveFact { key } => {
                self.removal(store, Table::Fact.key(key.as_bytes()), tid)
            }
            Operation::PutTag { name, pinned } => {
                let key = Table::Tag.key(name.as_bytes());
                let pinned = *pinned;
                self.put(&store.current, key, &TagRecord { pinned, tid })
            }
            Operation::RemoveTag { name } => {
                self.remove(&store.current, Table::Tag.key(name.as_bytes()));
                Ok(())
            }
        }
    }

    /// A new value, now and in the history.
    fn version<R>(
        &mut self,
        store: &'a Store,
        key: Vec<u8>,
        tid: Tid,
        record: &R,
    ) -> Result<(), StoreError>
    where
        R: Record + envelope::Sealable,
    {
        // The same memory for both.
        let sealed = UserValue::from(seal(record)?);
        self.insert(&store.history, history_key(&key, tid), sealed.clone());
        self.insert(&store.current, key, sealed);
        Ok(())
    }

    /// Nothing any more, but for the history.
    fn removal(&mut self, store: &'a Store, key: Vec<u8>, tid: Tid) -> Result<(), StoreError> {
        let record = RemovedRecord { tid };
        self.put(&store.history, history_key(&key, tid), &record)?;
        self.remove(&store.current, key);
        Ok(())
    }

    pub(super) fn put<R>(
        &mut self,
        keyspace: &'a Keyspace,
        key: Vec<u8>,
        record: &R,
    ) -> Result<(), StoreError>
    where
        R: Record + envelope::Sealable,
    {
        self.insert(keyspace, key, seal(record)?);
        Ok(())
    }

    pub(super) fn insert(
        &mut self,
        keyspace: &'a Keyspace,
        key: Vec<u8>,
        sealed: impl Into<UserValue>,
    ) {
        self.entries
            .insert((keyspace.id(), key), (keyspace, Some(sealed.into())));
    }

    pub(super) fn remove(&mut self, keyspace: &'a Keyspace, key: Vec<u8>) {
        self.entries.insert((keyspace.id(), key), (keyspace, None));
    }
}

fn seal<R: Record + envelope::Sealable>(record: &R) -> Result<Vec<u8>, StoreError> {
    envelope::seal(record).map_err(|error| StoreError::new("encode a record", error))
}
