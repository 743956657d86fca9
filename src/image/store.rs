//! The store: current records, history and audit in fjall keyspaces.
//!
//! The only file that writes to fjall. [`Store::apply`] takes a group of transactions that are in the
//! log already and writes them as one batch, without a sync: what a cut of power takes from here is
//! brought back from the log, from the newest transaction on that every keyspace still has. Keys are
//! big-endian, so that they sort as numbers. No compression: a later build must be able to read the
//! journal.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use fjall::{
    CompressionType, Database, Guard, Keyspace, KeyspaceCreateOptions, PersistMode, Readable,
    Snapshot,
};

use super::counts::CountedMethod;
use super::envelope::{self, Record};
use super::object::{MissionId, Oid, Tid};
use super::proposal::{Operation, TransactionRecord};
use super::record::{
    AuditRecord, CallsRecord, FactRecord, MethodRecord, MissionRecord, NameRecord, NumberRecord,
    ObjectRecord, RemovedRecord,
};
use super::{ImageError, StoreError};

/// Small, so that opening has little to replay.
const MEMTABLE_BYTES: u64 = 8 * 1024 * 1024;
const JOURNAL_BYTES: u64 = 64 * 1024 * 1024;
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
const WORKERS: usize = 2;

const NEWEST_TID: &[u8] = b"tid";
const PROBE: &[u8] = b"probe";
/// In the history: which transaction it has come to. No object has the number 0.
const HISTORY_TID: [u8; 8] = [0; 8];

/// What a key of the current state begins with. The numbers are stored: never reuse one.
///
/// One keyspace for all of them: each keyspace costs its own files and syncs when it is made.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Table {
    /// `tid`, `probe` -> number.
    Number = 1,
    /// oid -> object without methods.
    Object = 2,
    /// name -> oid.
    Name = 3,
    /// oid, selector -> method.
    Method = 4,
    /// oid, selector -> call counts.
    Calls = 5,
    /// mission -> mission.
    Mission = 6,
    /// key -> fact.
    Fact = 7,
}

impl Table {
    pub(super) fn key(self, rest: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(1 + rest.len());
        key.push(self as u8);
        key.extend_from_slice(rest);
        key
    }

    pub(super) fn method_key(self, oid: Oid, selector: &str) -> Vec<u8> {
        let mut key = self.key(&oid.to_be_bytes());
        key.extend_from_slice(selector.as_bytes());
        key
    }
}

/// The part of a current state's key after its table.
pub(super) fn rest(key: &[u8]) -> &[u8] {
    key.get(1..).unwrap_or_default()
}

pub(super) struct Store {
    database: Database,
    /// The current state, by [`Table`].
    pub current: Keyspace,
    /// tid -> audit entry.
    pub audit: Keyspace,
    /// oid, !tid, selector (empty for the object itself) -> the record as of tid, newest first.
    pub history: Keyspace,
}

/// What opening has to know.
pub(super) struct Numbers {
    pub tid: Tid,
    pub last_oid: Oid,
    pub last_mission: MissionId,
}

impl Store {
    /// Makes an empty store in a folder that does not exist yet, and closes it.
    pub(super) fn create(folder: &Path) -> Result<(), StoreError> {
        Self::open(folder)?.mark_complete(0)
    }

    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        // On some damage the storage engine panics; that must not take the process with it.
        catch_unwind(AssertUnwindSafe(|| Self::open_inner(folder)))
            .map_err(|_| StoreError::new("open", "its files are not what it expects"))?
            .map_err(|error| failed("open", error))
    }

    fn open_inner(folder: &Path) -> fjall::Result<Self> {
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
        Ok(Self {
            current: keyspace("current")?,
            audit: keyspace("audit")?,
            history: keyspace("history")?,
            database,
        })
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.database.snapshot()
    }

    pub(super) fn numbers(&self) -> Result<Numbers, ImageError> {
        let snapshot = self.snapshot();
        let last = |table: Table| {
            let newest = snapshot.prefix(&self.current, table.key(b"")).next_back();
            let key = newest.map(Guard::key).transpose();
            let key = key.map_err(|error| failed("read the last key", error))?;
            Ok::<_, StoreError>(key.map_or(0, |key| number(rest(&key))))
        };
        Ok(Numbers {
            tid: self.complete(&snapshot)?,
            last_oid: last(Table::Object)?,
            last_mission: last(Table::Mission)?,
        })
    }

    /// The newest transaction that all keyspaces have: without a sync each may end elsewhere.
    fn complete(&self, snapshot: &Snapshot) -> Result<Tid, ImageError> {
        let newest = self.newest(snapshot)?;
        let audited = snapshot.iter(&self.audit).next_back().map(Guard::key);
        let audited = audited
            .transpose()
            .map_err(|error| failed("read the last audit entry", error))?;
        let audited = audited.map_or(0, |key| number(&key));
        let marked = snapshot.get(&self.history, HISTORY_TID);
        let marked = marked.map_err(|error| failed("read the end of the history", error))?;
        let recorded = match marked.as_deref() {
            // Written before there was a log: everything was synced.
            None => newest,
            Some(bytes) => number_record(bytes, "the end of the history")?,
        };
        Ok(newest.min(audited).min(recorded))
    }

    /// The newest transaction in a snapshot.
    pub(super) fn newest(&self, snapshot: &Snapshot) -> Result<Tid, ImageError> {
        let bytes = snapshot
            .get(&self.current, Table::Number.key(NEWEST_TID))
            .map_err(|error| failed("read the newest transaction", error))?;
        match bytes {
            None => Ok(0),
            Some(bytes) => number_record(&bytes, "the newest transaction"),
        }
    }

    /// Notes on the disk that every keyspace has come to `tid`.
    pub(super) fn mark_complete(&self, tid: Tid) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let number = NumberRecord { number: tid };
        changes.put(&self.history, HISTORY_TID.to_vec(), &number)?;
        self.write(changes, PersistMode::SyncAll)
    }

    /// Syncs everything that was applied.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        self.database
            .persist(PersistMode::SyncAll)
            .map_err(|error| failed("sync", error))
    }

    /// Applies transactions in order and the newest call counts, all or nothing. Visible when it
    /// returns, and safe from a kill; on the disk only after [`Store::sync`].
    pub(super) fn apply(
        &self,
        transactions: &[TransactionRecord],
        counts: &[CountedMethod],
    ) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        for transaction in transactions {
            changes.transaction(self, transaction)?;
        }
        for counted in counts {
            let record = CallsRecord {
                calls: counted.calls,
                failures: counted.failures,
            };
            let key = Table::Calls.method_key(counted.oid, &counted.selector);
            changes.put(&self.current, key, &record)?;
        }
        self.write(changes, PersistMode::Buffer)
    }

    /// Writes a number, syncs, and reads it back.
    pub(super) fn probe(&self, number: u64) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let key = Table::Number.key(PROBE);
        changes.put(&self.current, key.clone(), &NumberRecord { number })?;
        self.write(changes, PersistMode::SyncAll)?;
        let read = self.current.get(key);
        let read = read.map_err(|error| failed("read back a probe", error))?;
        match read.as_deref().map(envelope::open::<NumberRecord>) {
            Some(Ok(record)) if record.number == number => Ok(()),
            _ => Err(StoreError::new("read back a probe", "it reads otherwise")),
        }
    }

    fn write(&self, changes: Changes<'_>, mode: PersistMode) -> Result<(), StoreError> {
        // A batch gives all its entries one sequence number, so a key may be in it only once.
        let mut batch = self.database.batch().durability(Some(mode));
        for ((_, key), (keyspace, value)) in changes.entries {
            match value {
                Some(value) => batch.insert(keyspace, key, value),
                None => batch.remove(keyspace, key),
            }
        }
        catch_unwind(AssertUnwindSafe(|| batch.commit()))
            .map_err(|_| StoreError::new("write", "it panicked"))?
            .map_err(|error| failed("write", error))
    }
}

type Change<'a> = (&'a Keyspace, Option<Vec<u8>>);

/// The writes of a group: the last one of each key.
#[derive(Default)]
struct Changes<'a> {
    /// By the keyspace's number and the key; without a value it is removed.
    entries: BTreeMap<(u64, Vec<u8>), Change<'a>>,
}

impl<'a> Changes<'a> {
    fn transaction(
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
        self.put(&store.audit, tid.to_be_bytes().to_vec(), &audit)?;
        let newest = NumberRecord { number: tid };
        self.put(&store.history, HISTORY_TID.to_vec(), &newest)?;
        self.put(&store.current, Table::Number.key(NEWEST_TID), &newest)
    }

    fn operation(
        &mut self,
        store: &'a Store,
        tid: Tid,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        match operation {
            Operation::PutObject { head, created } => {
                if *created {
                    let name = NameRecord { oid: head.oid };
                    let key = Table::Name.key(head.name.as_bytes());
                    self.put(&store.current, key, &name)?;
                }
                let record = ObjectRecord::of(head, tid);
                self.put(&store.history, history_key(head.oid, tid, ""), &record)?;
                let key = Table::Object.key(&head.oid.to_be_bytes());
                self.put(&store.current, key, &record)
            }
            Operation::PutMethod { oid, method, anew } => {
                let record = MethodRecord::of(method);
                let selector = &method.selector;
                if *anew {
                    let calls = CallsRecord {
                        calls: 0,
                        failures: 0,
                    };
                    let key = Table::Calls.method_key(*oid, selector);
                    self.put(&store.current, key, &calls)?;
                }
                self.put(&store.history, history_key(*oid, tid, selector), &record)?;
                let key = Table::Method.method_key(*oid, selector);
                self.put(&store.current, key, &record)
            }
            Operation::RemoveMethod { oid, selector } => {
                let record = RemovedRecord { tid };
                self.put(&store.history, history_key(*oid, tid, selector), &record)?;
                self.remove(&store.current, Table::Calls.method_key(*oid, selector));
                self.remove(&store.current, Table::Method.method_key(*oid, selector));
                Ok(())
            }
            Operation::PutMission(mission) => {
                let record = MissionRecord::of(mission, tid);
                let key = Table::Mission.key(&mission.id.to_be_bytes());
                self.put(&store.current, key, &record)
            }
            Operation::PutFact { key, value } => {
                let value = value.clone();
                let key = Table::Fact.key(key.as_bytes());
                self.put(&store.current, key, &FactRecord { value, tid })
            }
            Operation::RemoveFact { key } => {
                self.remove(&store.current, Table::Fact.key(key.as_bytes()));
                Ok(())
            }
        }
    }

    fn put<R>(&mut self, keyspace: &'a Keyspace, key: Vec<u8>, record: &R) -> Result<(), StoreError>
    where
        R: Record
            + for<'s> rkyv::Serialize<
                rkyv::api::high::HighSerializer<
                    rkyv::util::AlignedVec,
                    rkyv::ser::allocator::ArenaHandle<'s>,
                    rkyv::rancor::Error,
                >,
            >,
    {
        let bytes =
            envelope::seal(record).map_err(|error| StoreError::new("encode a record", error))?;
        self.entries
            .insert((keyspace.id(), key), (keyspace, Some(bytes)));
        Ok(())
    }

    fn remove(&mut self, keyspace: &'a Keyspace, key: Vec<u8>) {
        self.entries.insert((keyspace.id(), key), (keyspace, None));
    }
}

/// Says in words what the engine says in its own terms.
pub(super) fn failed(action: &'static str, error: fjall::Error) -> StoreError {
    use fjall::Error;
    match error {
        Error::Io(error) => StoreError::new(action, error),
        Error::JournalRecovery(_) | Error::InvalidTag(_) | Error::InvalidTrailer => {
            StoreError::new(action, format!("its journal is damaged ({error})"))
        }
        Error::InvalidVersion(_) => StoreError::new(action, "its files are of another version"),
        Error::Poisoned => StoreError::new(action, "an earlier write failed"),
        Error::Locked => StoreError::new(action, "another process has it open"),
        error => StoreError::new(action, error),
    }
}

fn number_record(bytes: &[u8], what: &str) -> Result<u64, ImageError> {
    envelope::open::<NumberRecord>(bytes)
        .map(|record| record.number.to_native())
        .map_err(|source| ImageError::Record {
            what: what.to_owned(),
            source,
        })
}

fn history_key(oid: Oid, tid: Tid, selector: &str) -> Vec<u8> {
    let mut key = oid.to_be_bytes().to_vec();
    key.extend_from_slice(&(!tid).to_be_bytes());
    key.extend_from_slice(selector.as_bytes());
    key
}

/// The number that a key begins with; 0 when it is too short for one.
pub(super) fn number(key: &[u8]) -> u64 {
    key.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

/// The tid in a key of the history.
pub(super) fn history_tid(key: &[u8]) -> Tid {
    !number(key.get(8..).unwrap_or_default())
}
