//! Backups of an image, made while it works, and an image restored from them.
//!
//! A folder of backups has one numbered folder for each: the base and the log's groups, as they are in
//! the image, the blobs that these name, and a manifest. An incremental one continues another one in
//! the same folder, transaction by transaction and hash by hash. A backup gets its number when it is
//! whole and synced; what has none is cleaned up by the next.

mod chain;
mod error;
mod filling;
mod fork;
mod manifest;
mod plan;
mod restore;
mod take;

use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

pub use error::BackupError;
#[cfg(any(test, fuzzing))]
pub(super) use manifest::accepts;
pub use restore::restore;

use error::failed;
use manifest::Manifest;

use super::{Image, Tid};

const LOCK: &str = "lock";
const UNFINISHED: &str = "unfinished";
/// Of a backup's number.
const DIGITS: usize = 6;

/// What a backup is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Full,
    /// What came after this transaction, with which a backup in the same folder ends.
    Since(Tid),
    /// What came after the newest backup in the folder.
    SinceNewest,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Its own folder. That of the backup before it when nothing came after that: none was made.
    pub folder: PathBuf,
    pub full: bool,
    /// Its log begins after this transaction.
    pub after: Tid,
    /// The state that can be restored from it.
    pub last: Tid,
    /// Blobs that were not in the backups that it continues.
    pub blobs: u64,
    pub bytes: u64,
}

/// An image that was made of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub tid: Tid,
    /// The backups that it was made of, the full one first.
    pub from: Vec<PathBuf>,
    pub blobs: u64,
    pub bytes: u64,
}

impl Image {
    /// Backs up the image as it is at this moment, while it goes on. `progress` is told how many bytes
    /// were written.
    ///
    /// # Errors
    /// Nothing was added to the folder then.
    pub fn backup(
        &self,
        folder: &Path,
        extent: Extent,
        progress: &mut dyn FnMut(u64),
    ) -> Result<BackedUp, BackupError> {
        let shared = &self.inner.shared;
        let _files = shared.keep_files();
        // A group's end, and everything up to it is in the log's files.
        let until = self.tid();
        prepare(&shared.folder, folder)?;
        let _lock = lock(folder)?;
        take::take(shared, folder, extent, until, progress)
    }
}

/// One backup in a folder of them.
struct Set {
    number: u64,
    path: PathBuf,
    manifest: Manifest,
}

/// Every backup in a folder, by number. One that is damaged makes all of them unreadable: it might be
/// the one that matters.
fn sets(folder: &Path) -> Result<Vec<Set>, BackupError> {
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let path = entry.map_err(failed("read", folder))?.path();
        if let Some(number) = number_of(&path) {
            let manifest = Manifest::read(&path)?;
            sets.push(Set {
                number,
                path,
                manifest,
            });
        }
    }
    sets.sort_by_key(|set| set.number);
    Ok(sets)
}

/// A backup, and before it those that it continues, from a full one on.
fn line<'a>(sets: &'a [Set], set: &'a Set) -> Result<Vec<&'a Set>, BackupError> {
    let mut line = vec![set];
    let mut first = set;
    while !first.manifest.full {
        let after = first.manifest.after;
        let before = sets.iter().rev().filter(|set| set.number < first.number);
        let found = { before }.find(|set| set.manifest.last == after);
        first = found.ok_or_else(|| BackupError::Incomplete {
            set: first.path.clone(),
            after: after.tid,
        })?;
        line.push(first);
    }
    line.reverse();
    Ok(line)
}

fn number_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let number: u64 = name.parse().ok()?;
    (set_name(number) == name).then_some(number)
}

fn set_name(number: u64) -> String {
    format!("{number:0DIGITS$}")
}

/// Makes the folder, or refuses one that holds something else.
fn prepare(image: &Path, folder: &Path) -> Result<(), BackupError> {
    let absolute = std::path::absolute(folder).map_err(failed("find", folder))?;
    let image = image.canonicalize().map_err(failed("find", image))?;
    let existing = absolute.ancestors().find_map(|at| at.canonicalize().ok());
    if existing.is_some_and(|path| path.starts_with(&image)) {
        let folder = folder.to_owned();
        return Err(BackupError::Inside { folder });
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(failed("create", folder))?;
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let path = entry.map_err(failed("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let ours = number_of(&path).is_some() || name == LOCK || name.starts_with(UNFINISHED);
        if !ours {
            return Err(BackupError::Foreign {
                folder: folder.to_owned(),
                found: name.into_owned(),
            });
        }
    }
    Ok(())
}

/// One backup at a time is written to a folder; the lock ends with the process.
fn lock(folder: &Path) -> Result<File, BackupError> {
    let path = folder.join(LOCK);
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(failed("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::Busy {
            folder: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(failed("lock", &path)(source)),
    }
}
