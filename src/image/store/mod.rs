//! The store: current records, history and audit in fjall keyspaces.
//!
//! The only file that writes to fjall. [`Store::apply`] takes a group of transactions that are in the
//! log already and writes them as one batch, without a sync: what a cut of power takes from here is
//! brought back from the log, from the newest transaction on that every keyspace still has. Keys are
//! big-endian, so that they sort as numbers. No compression: a later build must be able to read the
//! journal.

mod changes;
mod compare;
mod pressure;
mod presync;
mod table;
mod trim;
mod whole;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use fjall::{
    CompressionType, Database, Guard, Keyspace, KeyspaceCreateOptions, PersistMode, Readable,
    Snapshot,
};

use super::counts::CountedMethod;
use super::envelope;
use super::error::of_the_system;
use super::lately::Lately;
use super::object::{Head, MissionId, Oid, Tid};
use super::proposal::{Operation, TransactionRecord};
use super::record::{CallsRecord, NumberRecord};
use super::{ImageError, StoreError};

pub(super) use compare::{Differs, Space};
pub(super) use table::{Table, describe, history_key, number, rest, version, versions_of};

use changes::Changes;
use presync::Presync;

/// Small, so that opening has little to replay.
const MEMTABLE_BYTES: u64 = 8 * 1024 * 1024;
const JOURNAL_BYTES: u64 = 64 * 1024 * 1024;
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// With more than one the engine lets one of them spin, on a core that commits need, while another compacts.
const WORKERS: usize = 1;
/// What was read lately takes so much memory at most.
const OBJECTS_BYTES: usize = 96 * 1024 * 1024;
const NAMES_BYTES: usize = 32 * 1024 * 1024;

const NEWEST_TID: &[u8] = b"tid";
const PROBE: &[u8] = b"probe";
const LAYOUT_NUMBER: &[u8] = b"layout";
/// Is there while older versions than the base's may be: pack has not come to its end.
const UNTRIMMED: &[u8] = b"untrimmed";
/// How keys are laid out. A store of another layout is made anew.
pub(in crate::image) const LAYOUT: u64 = 2;
/// In the history: which transaction it has come to. No table has the number 0.
const HISTORY_TID: [u8; 1] = [0];

pub(in crate::image) struct Store {
    folder: PathBuf,
    database: Database,
    /// The current state, by [`Table`].
    pub current: Keyspace,
    /// tid -> audit entry.
    pub audit: Keyspace,
    /// Key of the current state, 0, !tid -> the record as of tid, newest first.
    pub history: Keyspace,
    /// What is seen: the state after the newest batch.
    shown: RwLock<Shown>,
    /// Held while a batch is written, until the state after it is shown.
    ///
    /// The engine shows a batch that it is just taking in when it writes its memory out or compacts at
    /// that moment: a snapshot would see a part of it, and then more.
    gate: Mutex<()>,
    /// Objects that were read lately, without their methods.
    pub objects: Lately<Oid, Arc<Head>>,
    /// Names that were looked up lately.
    pub names: Lately<String, Oid>,
    presync: Presync,
    /// See [`Store::horizon`].
    horizon: AtomicU64,
    /// See [`Store::floor`].
    floor: AtomicU64,
}

struct Shown {
    snapshot: Snapshot,
    /// The newest transaction in it; `None` when it cannot be read.
    tid: Option<Tid>,
}

/// What opening has to know.
pub(in crate::image) struct Numbers {
    pub tid: Tid,
    pub last_oid: Oid,
    pub last_mission: MissionId,
}

impl Store {
    fn mark_layout(&self) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let key = Table::Number.key(LAYOUT_NUMBER);
        changes.put(&self.current, key, &NumberRecord { number: LAYOUT })?;
        self.write(changes, PersistMode::Buffer)
    }

    /// Makes an empty store in a folder that does not exist yet, and closes it.
    pub(in crate::image) fn create(folder: &Path) -> Result<(), StoreError> {
        let store = Self::open(folder)?;
        store.mark_layout()?;
        store.mark_complete(0)
    }

    pub(in crate::image) fn open(folder: &Path) -> Result<Self, StoreError> {
        // On some damage the storage engine panics; that must not take the process with it.
        guarded("open", || {
            Self::open_inner(folder).map_err(|error| failed("open", error))
        })
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
        let current = keyspace("current")?;
        let snapshot = database.snapshot();
        let tid = newest(&current, &snapshot).ok();
        Ok(Self {
            folder: folder.to_owned(),
            current,
            audit: keyspace("audit")?,
            history: keyspace("history")?,
            shown: RwLock::new(Shown { snapshot, tid }),
            gate: Mutex::default(),
            objects: Lately::new(OBJECTS_BYTES),
            names: Lately::new(NAMES_BYTES),
            presync: Presync::start(folder)?,
            horizon: AtomicU64::new(0),
            floor: AtomicU64::new(0),
            database,
        })
    }

    /// The history before this transaction was packed away, but for what tags pin.
    pub(in crate::image) fn horizon(&self) -> Tid {
        self.horizon.load(Ordering::Acquire)
    }

    pub(in crate::image) fn set_horizon(&self, tid: Tid) {
        self.horizon.store(tid, Ordering::Release);
        self.set_floor(tid);
    }

    /// Before this transaction no other one comes to be pinned: the horizon, or what is becoming it.
    pub(in crate::image) fn floor(&self) -> Tid {
        self.floor.load(Ordering::Acquire)
    }

    pub(in crate::image) fn set_floor(&self, tid: Tid) {
        self.floor.store(tid, Ordering::Release);
    }

    /// All of every batch that was written, and nothing of a later one.
    pub(in crate::image) fn snapshot(&self) -> Snapshot {
        self.shown().snapshot.clone()
    }

    /// The same, with the newest transaction in it if that can be read. Waits for no batch.
    pub(in crate::image) fn snapshot_and_tid(&self) -> (Snapshot, Option<Tid>) {
        let shown = self.shown();
        (shown.snapshot.clone(), shown.tid)
    }

    fn shown(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::image) fn numbers(&self) -> Result<Numbers, ImageError> {
        self.numbers_in(&self.snapshot())
    }

    pub(in crate::image) fn numbers_in(&self, snapshot: &Snapshot) -> Result<Numbers, ImageError> {
        let last = |keyspace: &Keyspace, table: Table| {
            let newest = snapshot.prefix(keyspace, table.key(b"")).next_back();
            let key = newest.map(Guard::key).transpose();
            let key = key.map_err(|error| failed("read the last key", error))?;
            Ok::<_, StoreError>(key.map_or(0, |key| number(rest(&key))))
        };
        // The history also has those that are gone; what was packed away is noted.
        let (oid, mission) = self.noted_last()?;
        let (object, mission_table) = (Table::Object, Table::Mission);
        Ok(Numbers {
            tid: self.complete(snapshot)?,
            last_oid: oid
                .max(last(&self.current, object)?)
                .max(last(&self.history, object)?),
            last_mission: mission
                .max(last(&self.current, mission_table)?)
                .max(last(&self.history, mission_table)?),
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
            // Written before there was a log: everything was synced. Otherwise a cut of power took it.
            None if self.layout()? == 1 => newest,
            None => 0,
            Some(bytes) => number_record(bytes, "the end of the history")?,
        };
        Ok(newest.min(audited).min(recorded))
    }

    /// The newest transaction in a snapshot.
    pub(in crate::image) fn newest(&self, snapshot: &Snapshot) -> Result<Tid, ImageError> {
        newest(&self.current, snapshot)
    }

    /// Notes on the disk that every keyspace has come to `tid`.
    pub(in crate::image) fn mark_complete(&self, tid: Tid) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let number = NumberRecord { number: tid };
        changes.put(&self.history, HISTORY_TID.to_vec(), &number)?;
        self.write(changes, PersistMode::SyncAll)
    }

    /// Syncs everything that was applied.
    pub(in crate::image) fn sync(&self) -> Result<(), StoreError> {
        self.database
            .persist(PersistMode::SyncAll)
            .map_err(|error| failed("sync", error))
    }

    /// Applies transactions in order and the newest call counts, all or nothing. Visible when it
    /// returns, and safe from a kill; on the disk only after [`Store::sync`].
    pub(in crate::image) fn apply(
        &self,
        transactions: &[TransactionRecord],
        counts: &[CountedMethod],
    ) -> Result<(), StoreError> {
        self.forget_changed(transactions);
        let mut changes = Changes::default();
        changes.group(self, transactions)?;
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

    /// Nothing that these transactions change is taken for the newest any more. Order matters: before any
    /// view shows them.
    fn forget_changed(&self, transactions: &[TransactionRecord]) {
        let newest = transactions.last().map_or(0, |newest| newest.tid);
        self.objects.begin(newest);
        self.names.begin(newest);
        for operation in transactions.iter().flat_map(|t| &t.operations) {
            match operation {
                Operation::PutObject { head, named } => {
                    self.objects.forget(&head.oid);
                    if *named {
                        self.names.forget(head.name.as_str());
                    }
                }
                Operation::RemoveObject { oid, .. } => self.objects.forget(oid),
                Operation::RemoveName { name } => self.names.forget(name.as_str()),
                _ => {}
            }
        }
    }

    /// Writes a number, syncs, and reads it back.
    pub(in crate::image) fn probe(&self, number: u64) -> Result<(), StoreError> {
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
        self.wait_to_write()?;
        // A batch gives all its entries one sequence number, so a key may be in it only once.
        let mut batch = self.database.batch().durability(Some(mode));
        let mut bytes = 0;
        for ((_, key), (keyspace, value)) in changes.entries {
            bytes += key.len() + value.as_ref().map_or(0, |value| value.len());
            match value {
                Some(value) => batch.insert(keyspace, key, value),
                None => batch.remove(keyspace, key),
            }
        }
        let _alone = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        catch_unwind(AssertUnwindSafe(|| batch.commit()))
            .map_err(|_| StoreError::new("write", "it panicked"))?
            .map_err(|error| failed("write", error))?;
        let snapshot = self.database.snapshot();
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let tid = changes.newest.or(shown.tid);
        *shown = Shown { snapshot, tid };
        drop(shown);
        self.presync.note(bytes as u64);
        Ok(())
    }
}

fn newest(current: &Keyspace, snapshot: &Snapshot) -> Result<Tid, ImageError> {
    let bytes = snapshot
        .get(current, Table::Number.key(NEWEST_TID))
        .map_err(|error| failed("read the newest transaction", error))?;
    match bytes {
        None => Ok(0),
        Some(bytes) => number_record(&bytes, "the newest transaction"),
    }
}

/// Does something that makes the engine read its files, where a panic of its own is an error, too.
pub(in crate::image) fn guarded<T, E: From<StoreError>>(
    action: &'static str,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let what = "its files are not what it expects";
        Err(StoreError::new(action, what).into())
    })
}

/// Says in words what the engine says in its own terms.
pub(in crate::image) fn failed(action: &'static str, error: fjall::Error) -> StoreError {
    use fjall::Error;
    match error {
        Error::Io(error) if error.raw_os_error().is_some() => StoreError::new(action, error),
        Error::JournalRecovery(_) | Error::InvalidTag(_) | Error::InvalidTrailer => {
            StoreError::new(action, format!("its journal is damaged ({error})"))
        }
        Error::InvalidVersion(_) => StoreError::new(action, "its files are of another version"),
        Error::Poisoned => StoreError::new(action, "an earlier write failed"),
        Error::Locked => StoreError::new(action, "another process has it open"),
        // What the engine says about the operating system's errors is not for people.
        error => match of_the_system(&error) {
            Some(code) => StoreError::new(action, io::Error::from_raw_os_error(code)),
            None => StoreError::new(action, error),
        },
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    const KEYS: u64 = 300;

    fn key(place: u64) -> Vec<u8> {
        Table::Number.key(&place.to_be_bytes())
    }

    fn put_all(store: &Store, number: u64) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        for place in 0..KEYS {
            changes.put(&store.current, key(place), &NumberRecord { number })?;
        }
        store.write(changes, PersistMode::Buffer)
    }

    /// The numbers under all keys, each once.
    fn seen(store: &Store) -> Result<Vec<u64>, ImageError> {
        let snapshot = store.snapshot();
        let mut numbers = Vec::new();
        for place in 0..KEYS {
            let found = snapshot.get(&store.current, key(place));
            let found = found.map_err(|error| failed("read", error))?;
            let number = found.map(|bytes| number_record(&bytes, "a number"));
            numbers.push(number.transpose()?.unwrap_or_default());
        }
        numbers.dedup();
        Ok(numbers)
    }

    #[test]
    fn a_snapshot_has_all_of_a_batch_or_nothing_while_memory_is_written_out()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store");
        Store::create(&path)?;
        let store = Store::open(&path)?;
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let written = (1..400).try_for_each(|number| put_all(&store, number));
                done.store(true, Ordering::Relaxed);
                written
            });
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let _ = store.current.rotate_memtable_and_wait();
                }
            });
            while !done.load(Ordering::Relaxed) {
                assert_eq!(seen(&store)?.len(), 1);
            }
            Ok(writer.join().map_err(|_| "the writer panicked")??)
        })
    }
}
