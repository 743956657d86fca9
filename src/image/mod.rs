//! The Living Image: the transactional object database that is the system's whole state.
//!
//! An [`Image`] owns one folder (`live_image/`). Reading goes through [`Read`], which a [`View`] (a
//! snapshot) and a [`Transaction`] (a snapshot plus its own writes) implement alike. One thread at a
//! time commits: it validates what waits, appends it to the log as one group, syncs once, applies it to the
//! store and answers. A commit that has returned is on the disk. Only this module knows the storage engine and the stored records.

mod adopt;
mod backup;
mod base;
mod blob;
pub mod check;
mod commit;
mod counts;
mod diff;
mod disk;
mod envelope;
mod error;
mod folder;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod hash;
mod lately;
mod links;
mod lock;
mod log;
mod merge;
mod newest;
mod object;
mod pack;
mod past;
mod proposal;
mod read;
mod record;
mod revise;
mod store;
mod transaction;
pub mod transfer;
mod undo;
mod values;
mod view;

use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use adopt::{AdoptError, Adopted};
pub use backup::{BackedUp, BackupError, Extent, Restored, restore};
pub use blob::{BlobId, Blobs, ParseBlobIdError};
pub use commit::Statistics;
pub use diff::{Change, Diff, FactDiff, ObjectDiff, diff};
pub use envelope::EnvelopeError;
pub use error::{CommitError, ImageError, OpenError, StoreError};
pub use folder::Recovery;
pub use hash::{StateHash, state_hash};
pub use log::{LogError, TornWrite};
pub use object::{
    AuditEntry, Author, Head, Method, Mission, MissionId, Object, Oid, Slot, Tag, Tid,
};
pub use pack::{PackError, PackOptions, PackStep, PackUntil, Packed};
pub use past::PastView;
pub use read::Read;
pub use transaction::{MAX_OBJECT_BYTES, MAX_VALUE_BYTES, Savepoint, Transaction};
pub use undo::{UndoError, Undone};
pub use view::View;

use commit::Committer;
use counts::Counts;
use lock::FolderLock;
use store::Store;

/// How often [`Image::transact`] tries before it hands the conflict to its caller.
const TRANSACT_ATTEMPTS: u32 = 256;

/// A handle on an open image; clones share it. The folder is free again when the last handle, view
/// and transaction are gone.
#[derive(Clone)]
pub struct Image {
    inner: Arc<Inner>,
}

// Fields drop in this order: the committer ends and flushes, the store closes, the lock goes last.
struct Inner {
    committer: Committer,
    shared: Arc<Shared>,
    recovery: Recovery,
    /// What the next probe writes: never what an earlier process wrote.
    probes: AtomicU64,
}

/// What views and transactions need of an image.
struct Shared {
    folder: PathBuf,
    store: Arc<Store>,
    counts: Arc<Counts>,
    blobs: Blobs,
    next_oid: AtomicU64,
    next_mission: AtomicU64,
    /// Held while the files of base and log must stay: by checks, backup, and pack.
    maintenance: Mutex<()>,
    _lock: FolderLock,
}

impl Image {
    /// Opens the image in `folder`, making an empty one when there is none.
    ///
    /// # Errors
    /// [`OpenError`] names the folder, and its `hint` the remedy: another process has it open, it is
    /// not an image, a newer program made it, or it is damaged.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        folder::prepare(folder)?;
        let lock = FolderLock::acquire(folder)?;
        let opened = folder::open(folder)?;
        let numbered = opened.last_oid;
        let store = Arc::new(opened.store);
        let counts = Arc::new(Counts::new(Arc::clone(&store)));
        let shared = Arc::new(Shared {
            folder: folder.to_owned(),
            store: Arc::clone(&store),
            counts: Arc::clone(&counts),
            blobs: opened.blobs,
            next_oid: AtomicU64::new(opened.last_oid + 1),
            next_mission: AtomicU64::new(opened.last_mission + 1),
            maintenance: Mutex::default(),
            _lock: lock,
        });
        let committer =
            Committer::start(store, counts, opened.log).map_err(|source| OpenError::Io {
                action: "start the committer of",
                path: folder.to_owned(),
                source,
            })?;
        Ok(Self {
            inner: Arc::new(Inner {
                committer,
                shared,
                recovery: opened.recovery,
                probes: AtomicU64::new(RandomState::new().hash_one(numbered)),
            }),
        })
    }

    /// Begins a transaction on a snapshot of now. Its time and its random seed are fixed here.
    pub fn begin(&self, author: Author) -> Transaction {
        Transaction::new(
            self.view(),
            author,
            Arc::clone(&self.inner.shared),
            self.inner.committer.submitter(),
        )
    }

    /// Runs `work` in a transaction and commits it, again from the start after a conflict.
    ///
    /// # Errors
    /// What `work` returns; or the [`CommitError`], a conflict only after 256 tries.
    pub fn transact<T, E: From<CommitError>>(
        &self,
        author: Author,
        mut work: impl FnMut(&mut Transaction) -> Result<T, E>,
    ) -> Result<(T, Tid), E> {
        let mut attempt = 1;
        loop {
            let mut transaction = self.begin(author);
            let value = work(&mut transaction)?;
            match transaction.commit() {
                Ok(tid) => return Ok((value, tid)),
                Err(CommitError::Conflict { .. }) if attempt < TRANSACT_ATTEMPTS => attempt += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A snapshot of now, which no later commit changes.
    pub fn view(&self) -> View {
        let shared = &self.inner.shared;
        View::now(&shared.store, &shared.counts, self.tid())
    }

    /// The newest committed transaction; 0 in an empty image.
    pub fn tid(&self) -> Tid {
        self.inner.committer.newest()
    }

    /// What opening had to do because the image was not closed the last time.
    pub fn recovery(&self) -> &Recovery {
        &self.inner.recovery
    }

    /// The content-addressed files beside the records.
    pub fn blobs(&self) -> &Blobs {
        &self.inner.shared.blobs
    }

    /// Writes, syncs and reads back beside the commits, without making a transaction.
    ///
    /// # Errors
    /// When the image can no longer write; it then says since when and why.
    pub fn probe(&self) -> Result<Tid, ImageError> {
        let tid = self.inner.committer.probe()?;
        // Not in the committer: commits need not wait for it.
        let number = self.inner.probes.fetch_add(1, Ordering::Relaxed);
        let probed = self.inner.shared.store.probe(number);
        probed.map_err(|error| ImageError::Poisoned {
            cause: error::chain(&error),
        })?;
        Ok(tid)
    }

    /// Counts one call of a method. Kept in memory and written along with later commits and on
    /// close: a kill may lose the newest counts, never a transaction.
    pub fn count_call(&self, oid: Oid, selector: &str, failed: bool) {
        self.inner.shared.counts.count(oid, selector, failed);
    }

    /// What the committer has done since this image was opened.
    pub fn statistics(&self) -> Statistics {
        self.inner.committer.statistics()
    }

    /// The longest that the disk took to sync a group of transactions, since this was last asked for.
    pub fn take_longest_sync(&self) -> Duration {
        self.inner.committer.take_longest_sync()
    }

    /// Waits for the commits under way, writes the call counts and syncs. Later commits through
    /// other handles are refused.
    ///
    /// # Errors
    /// When the last write or sync failed, now or earlier.
    pub fn close(self) -> Result<(), ImageError> {
        self.inner.committer.stop()
    }
}

impl Shared {
    /// Numbers are never given twice while the image is open; those of transactions that were not
    /// committed are left out.
    fn allocate_oid(&self) -> Oid {
        self.next_oid.fetch_add(1, Ordering::Relaxed)
    }

    /// While it is held the files of base and log stay.
    fn keep_files(&self) -> MutexGuard<'_, ()> {
        self.maintenance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn allocate_mission(&self) -> MissionId {
        self.next_mission.fetch_add(1, Ordering::Relaxed)
    }
}
