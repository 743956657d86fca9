//! The commit log: the truth about which transactions happened, and in which order.
//!
//! `log/` holds segments, each named after its first tid. A group of transactions is one frame, one
//! write and one sync. Every transaction carries the hash of the one before it. A damaged last frame
//! is a write that a cut of power or a kill tore: it is cut off, and said. Any other damage, and any
//! break of the chain, stops the opening: nothing is ever skipped.

mod append;
mod begin;
mod frame;
#[cfg(any(test, fuzzing))]
pub(super) mod fuzz;
mod record;
mod segment;
mod survey;
mod walk;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::disk;
use super::object::Tid;
use super::proposal::TransactionRecord;

pub(super) use append::AppendError;
pub(super) use begin::begin_after;
pub(super) use frame::{Group, cut};
pub(super) use segment::{Header, name};
pub(super) use survey::{Run, Survey};
pub(super) use walk::{Walk, hash_at, transaction};

use walk::End;

pub(super) const FOLDER: &str = "log";
/// A segment that has reached this is followed by a new one. The last is read at every opening.
pub(super) const SEGMENT_BYTES: u64 = 16 * 1024 * 1024;

/// blake3 of a transaction's stored record, which holds the hash of the one before.
pub(super) type ChainHash = [u8; 32];
/// What the first transaction of an image names as its predecessor.
pub(super) const GENESIS: ChainHash = [0; 32];

/// The log, open for appending.
pub(super) struct Log {
    folder: PathBuf,
    /// The last segment, and of whole groups in it.
    path: PathBuf,
    file: File,
    bytes: u64,
    /// Of the whole file: zeros follow the groups.
    file_bytes: u64,
    newest: Tid,
    hash: ChainHash,
    /// How long the last group's sync took.
    synced_in: Duration,
}

/// The end of the log that was no whole frame and was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornWrite {
    /// The segment that it was in.
    pub file: PathBuf,
    /// Where the whole frames end now.
    pub offset: u64,
    /// How much was cut off.
    pub bytes: u64,
}

/// Why the log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("{} is damaged at byte {offset}: {why}", .file.display())]
    Damaged {
        file: PathBuf,
        offset: u64,
        why: String,
    },
    #[error("{} does not begin where the log before it ends: {why}", .file.display())]
    Gap { file: PathBuf, why: String },
    #[error("the log begins at transaction {first}, the store ends at {store}")]
    TooNew { first: Tid, store: Tid },
    #[error("the log ends at transaction {log}, the store holds {store}")]
    Behind { log: Tid, store: Tid },
    #[error("cannot {action} {}: {cause}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
}

/// Is there a log at all? One that was just being made does not count.
pub(super) fn exists(image: &Path) -> Result<bool, LogError> {
    Ok(!segments(&image.join(FOLDER))?.is_empty())
}

/// Does it hold every transaction of the image?
pub(super) fn begins_at_1(image: &Path) -> Result<bool, LogError> {
    Ok(matches!(&segments(&image.join(FOLDER))?[..], [(1, _), ..]))
}

impl Log {
    /// Makes the log of an image whose store ends at `newest` with the chain's hash there: 0 and
    /// [`GENESIS`] in a new one.
    pub(super) fn create(image: &Path, newest: Tid, hash: ChainHash) -> Result<(), LogError> {
        let folder = image.join(FOLDER);
        fs::create_dir_all(&folder).map_err(failed("create", &folder))?;
        append::start_segment(&folder, newest, hash)?;
        sync_folder(&folder)?;
        sync_folder(image)
    }

    /// Opens the log of an image whose store ends at `store`. Each group of transactions that the
    /// store lacks is handed to `apply`, in order. A torn end is cut off and returned.
    pub(super) fn open<E: From<LogError>>(
        image: &Path,
        store: Tid,
        mut apply: impl FnMut(&[TransactionRecord]) -> Result<(), E>,
    ) -> Result<(Self, Option<TornWrite>), E> {
        let mut walk = Walk::from(image, store.saturating_add(1))?;
        walk.pass(store);
        // The newest group that the store lacks; see below.
        let mut last = Vec::new();
        while let Some(group) = walk.next_group()? {
            if !last.is_empty() {
                apply(&last)?;
            }
            last = group.records;
            last.drain(..last.partition_point(|record| record.tid <= store));
        }
        let frame = walk.frame().to_vec();
        let Some(End {
            newest,
            hash,
            path,
            bytes,
            torn,
        }) = walk.into_end()
        else {
            return Err(LogError::TooNew { first: 1, store }.into());
        };
        if newest < store {
            // What the store holds was synced here first: this is no torn write.
            return Err(match torn {
                Some(torn) => LogError::Damaged {
                    file: torn.file,
                    offset: torn.offset,
                    why: format!("the store holds transaction {store}, which was here"),
                },
                None => LogError::Behind { log: newest, store },
            }
            .into());
        }
        let file = File::options().write(true).open(&path);
        let file = file.map_err(failed("open", &path))?;
        if torn.is_some() {
            file.set_len(bytes)
                .and_then(|()| file.sync_all())
                .map_err(failed("cut the torn end off", &path))?;
        }
        if !last.is_empty() {
            // Whoever wrote it may have ended before its sync, or the sync has failed: then it is in
            // memory only. The store must not come to have what a cut of power could still take from
            // here, and a sync alone does nothing for what a failed one has given up.
            let start = bytes.saturating_sub(frame.len() as u64);
            file.write_all_at(&frame, start)
                .and_then(|()| file.sync_all())
                .map_err(failed("make the last group durable in", &path))?;
            apply(&last)?;
        }
        let length = file.metadata().map_err(failed("read", &path))?.len();
        let log = Self {
            folder: image.join(FOLDER),
            path,
            file,
            bytes,
            file_bytes: length,
            newest,
            hash,
            synced_in: Duration::ZERO,
        };
        Ok((log, torn))
    }

    pub(super) fn newest(&self) -> Tid {
        self.newest
    }

    /// How long the last group's sync took.
    pub(super) fn synced_in(&self) -> Duration {
        self.synced_in
    }
}

/// Where the segment is that begins with a transaction.
pub(super) fn path(image: &Path, first: Tid) -> PathBuf {
    image.join(FOLDER).join(segment::name(first))
}

/// Removes what a base of `tid` stands for: segments that end there or before.
pub(super) fn remove_until(image: &Path, tid: Tid) -> Result<(), LogError> {
    let all = segments(&image.join(FOLDER))?;
    let followed = all.iter().zip(all.iter().skip(1));
    for ((_, path), _) in followed.filter(|(_, (next, _))| *next <= tid + 1) {
        fs::remove_file(path).map_err(failed("remove", path))?;
    }
    Ok(())
}

/// The segments by their first tid.
fn segments(folder: &Path) -> Result<Vec<(Tid, PathBuf)>, LogError> {
    disk::numbered(folder, segment::EXTENSION).map_err(failed("read", folder))
}

fn sync_folder(folder: &Path) -> Result<(), LogError> {
    disk::sync_folder(folder).map_err(failed("sync", folder))
}

pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LogError {
    let path = path.to_owned();
    move |cause| LogError::Io {
        action,
        path,
        cause,
    }
}
