//! The store: current records, history and audit in fjall keyspaces.
//!
//! The only file that writes to fjall. [`Store::apply`] takes a group of transactions that are in the
//! log already and writes them as one batch, without a sync: what a cut of power takes from here is
//! brought back from the log, from the newest transaction on that every keyspace still has. Keys are
//! big-endian, so that they sort as numbers. No compression: a later build must be able to read the
//! journal.

mod changes;
mod compare;
mod engine;
mod pressure;
mod presync;
mod queue;
mod snapshot;
mod space;
mod table;
#[cfg(test)]
mod tests;
mod trim;
mod whole;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use fjall::PersistMode;

use super::envelope;
use super::error::{chain, of_the_system};
use super::lately::Lately;
use super::object::{Head, MissionId, Oid, Tid};
use super::proposal::{Operation, TransactionRecord};
use super::record::NumberRecord;
use super::{ImageError, StoreError};

pub(super) use changes::Changes;
pub(super) use compare::Differs;
pub(super) use snapshot::Snapshot;
pub(super) use space::Space;
pub(super) use table::{Table, describe, history_key, number, rest, version, versions_of};
pub(super) use trim::written;

use engine::Engine;

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
    engine: Arc<Engine>,
    /// Gives the engine what is pending.
    applier: Option<JoinHandle<()>>,
    /// Objects that were read lately, without their methods.
    pub objects: Lately<Oid, Arc<Head>>,
    /// Names that were looked up lately.
    pub names: Lately<String, Oid>,
    /// See [`Store::horizon`].
    horizon: AtomicU64,
    /// See [`Store::floor`].
    floor: AtomicU64,
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
        changes.put(Space::Current, key, &NumberRecord { number: LAYOUT })?;
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
        let engine = Arc::new(Engine::open(folder)?);
        let shared = Arc::clone(&engine);
        let applier = thread::Builder::new()
            .name("image-applier".to_owned())
            .spawn(move || shared.run())?;
        Ok(Self {
            folder: folder.to_owned(),
            engine,
            applier: Some(applier),
            objects: Lately::new(OBJECTS_BYTES),
            names: Lately::new(NAMES_BYTES),
            horizon: AtomicU64::new(0),
            floor: AtomicU64::new(0),
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

    /// All of every transaction that was taken, and nothing of a later one.
    pub(in crate::image) fn snapshot(&self) -> Snapshot {
        self.engine.shown().snapshot.clone()
    }

    /// The same, with the newest transaction in it if that can be read. Waits for no batch.
    pub(in crate::image) fn snapshot_and_tid(&self) -> (Snapshot, Option<Tid>) {
        let shown = self.engine.shown();
        (shown.snapshot.clone(), shown.tid)
    }

    pub(in crate::image) fn numbers(&self) -> Result<Numbers, ImageError> {
        self.numbers_in(&self.snapshot())
    }

    pub(in crate::image) fn numbers_in(&self, snapshot: &Snapshot) -> Result<Numbers, ImageError> {
        let last = |space: Space, table: Table| {
            let newest = snapshot.prefix(space, table.key(b"")).next_back();
            let newest = newest.transpose()?;
            Ok::<_, StoreError>(newest.map_or(0, |(key, _)| number(rest(&key))))
        };
        // The history also has those that are gone; what was packed away is noted.
        let (oid, mission) = self.noted_last()?;
        let (object, mission_table) = (Table::Object, Table::Mission);
        Ok(Numbers {
            tid: self.complete(snapshot)?,
            last_oid: oid
                .max(last(Space::Current, object)?)
                .max(last(Space::History, object)?),
            last_mission: mission
                .max(last(Space::Current, mission_table)?)
                .max(last(Space::History, mission_table)?),
        })
    }

    /// The newest transaction that all keyspaces have: without a sync each may end elsewhere.
    fn complete(&self, snapshot: &Snapshot) -> Result<Tid, ImageError> {
        let newest = snapshot.newest()?;
        let audited = snapshot.iter(Space::Audit).next_back().transpose()?;
        let audited = audited.map_or(0, |(key, _)| number(&key));
        let marked = snapshot.get(Space::History, HISTORY_TID)?;
        let recorded = match marked.as_deref() {
            // Written before there was a log: everything was synced. Otherwise a cut of power took it.
            None if self.layout()? == 1 => newest,
            None => 0,
            Some(bytes) => number_record(bytes, "the end of the history")?,
        };
        Ok(newest.min(audited).min(recorded))
    }

    /// Notes on the disk that every keyspace has come to `tid`.
    pub(in crate::image) fn mark_complete(&self, tid: Tid) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let number = NumberRecord { number: tid };
        changes.put(Space::History, HISTORY_TID.to_vec(), &number)?;
        self.write(changes, PersistMode::SyncAll)
    }

    /// Syncs everything that was taken.
    pub(in crate::image) fn sync(&self) -> Result<(), StoreError> {
        self.settle()?;
        self.engine
            .database
            .persist(PersistMode::SyncAll)
            .map_err(|error| failed("sync", error))
    }

    /// Waits until the engine has everything that was taken.
    pub(in crate::image) fn settle(&self) -> Result<(), StoreError> {
        self.engine.settle()
    }

    /// Applies transactions in order, all or nothing, while nobody else does. Visible when it returns, and
    /// safe from a kill; on the disk only after [`Store::sync`].
    pub(in crate::image) fn apply(
        &self,
        transactions: &[TransactionRecord],
    ) -> Result<(), StoreError> {
        self.forget_changed(transactions);
        let mut changes = Changes::default();
        changes.group(transactions)?;
        self.write(changes, PersistMode::Buffer)
    }

    /// Takes what transactions change that are in the log. Visible when it returns; the engine gets it later,
    /// and what a kill takes from it until then is brought back from the log.
    pub(in crate::image) fn take(&self, transactions: &[TransactionRecord], changes: Changes) {
        self.forget_changed(transactions);
        self.engine.push(changes);
    }

    /// Waits while the engine is far behind.
    ///
    /// # Errors
    /// When it takes nothing any more.
    pub(in crate::image) fn wait_for_room(&self) -> Result<(), StoreError> {
        self.engine.wait_for_room()
    }

    /// Why the engine takes nothing any more.
    pub(in crate::image) fn failure(&self) -> Option<String> {
        self.engine.failure()
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

    /// Writes a number, syncs, and reads it back. When that fails nothing more is written.
    pub(in crate::image) fn probe(&self, number: u64) -> Result<(), StoreError> {
        let probed = self.write_and_read(number);
        if let Err(error) = &probed {
            self.engine.fail(chain(error));
        }
        probed
    }

    fn write_and_read(&self, number: u64) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let key = Table::Number.key(PROBE);
        changes.put(Space::Current, key.clone(), &NumberRecord { number })?;
        self.write(changes, PersistMode::SyncAll)?;
        let read = self.snapshot().get(Space::Current, key)?;
        match read.map(|bytes| number_record(&bytes, "a probe")) {
            Some(Ok(read)) if read == number => Ok(()),
            _ => Err(StoreError::new("read back a probe", "it reads otherwise")),
        }
    }

    fn write(&self, changes: Changes, mode: PersistMode) -> Result<(), StoreError> {
        self.engine.write(changes, mode)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.engine.stop();
        if let Some(applier) = self.applier.take() {
            // What it could not do is said where somebody waits for it.
            let _ = applier.join();
        }
    }
}

impl Snapshot {
    /// The newest transaction in it.
    pub(in crate::image) fn newest(&self) -> Result<Tid, ImageError> {
        match self.get(Space::Current, Table::Number.key(NEWEST_TID))? {
            None => Ok(0),
            Some(bytes) => number_record(&bytes, "the newest transaction"),
        }
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
