//! The way through a log's groups, the chain's hashes checked at both ends, and the blobs that they name.

use std::path::Path;

use super::BackupError;
use super::manifest::Point;
use crate::image::envelope::{self, Kind};
use crate::image::log::{self, ChainHash, Group, Walk};
use crate::image::proposal::Operation;
use crate::image::record::{ArchivedMethodRecord, MethodRecord};
use crate::image::store::Table;
use crate::image::view::opened;
use crate::image::{BlobId, ImageError, LogError, Tid, base};

/// Some transactions that were synced together.
pub(super) struct Piece<'a> {
    /// Where the chain is before it.
    pub before: (Tid, ChainHash),
    pub frame: &'a [u8],
    pub blobs: Vec<BlobId>,
}

/// Why a walk did not come to its end.
pub(super) enum Stopped {
    /// The transaction that it begins after has another hash.
    Other,
    /// The log begins with this transaction, too late.
    TooNew(Tid),
    /// The log ends with this transaction, too early.
    TooShort(Tid),
    Failed(BackupError),
}

impl Stopped {
    /// For a walk from the point `after` to `until`, in whatever is in `folder`.
    pub(super) fn into_error(self, folder: &Path, after: Point, until: Tid) -> BackupError {
        match self {
            Self::Failed(BackupError::Log(LogError::TooNew { first, .. }))
            | Self::TooNew(first) => BackupError::PackedAway {
                since: after.tid,
                first,
            },
            Self::Other => BackupError::OtherHistory {
                folder: folder.to_owned(),
                tid: after.tid,
            },
            Self::TooShort(log) => BackupError::Log(LogError::Behind { log, store: until }),
            Self::Failed(error) => error,
        }
    }
}

impl From<BackupError> for Stopped {
    fn from(error: BackupError) -> Self {
        Self::Failed(error)
    }
}

impl From<LogError> for Stopped {
    fn from(error: LogError) -> Self {
        Self::Failed(error.into())
    }
}

/// Hands on every group after the point `after` up to `until`, the last one cut behind it. Gives where
/// the chain is then.
pub(super) fn groups(
    mut walk: Walk,
    after: Point,
    until: Tid,
    mut each: impl FnMut(Piece<'_>) -> Result<(), BackupError>,
) -> Result<Point, Stopped> {
    let mut found = hash_in(walk.end(), &Group::default(), after.tid);
    if walk.end().0 > after.tid {
        return Err(Stopped::TooNew(walk.end().0 + 1));
    }
    let mut end = walk.end();
    while end.0 < until {
        let before = walk.end();
        let Some(group) = walk.next_group()? else {
            return Err(Stopped::TooShort(before.0));
        };
        end = walk.end();
        found = found.or_else(|| hash_in(end, &group, after.tid));
        if end.0 <= after.tid {
            continue;
        }
        if found.is_some_and(|hash| hash != after.hash.0) {
            break;
        }
        let blobs = blobs_of(&group, after.tid, until);
        if end.0 > until {
            end = (until, hash_in(end, &group, until).unwrap_or_default());
            let cut = log::cut(walk.frame(), until).unwrap_or_default();
            let frame = &cut;
            each(Piece {
                before,
                frame,
                blobs,
            })?;
        } else {
            let frame = walk.frame();
            each(Piece {
                before,
                frame,
                blobs,
            })?;
        }
    }
    if found != Some(after.hash.0) {
        return Err(Stopped::Other);
    }
    Ok(end.into())
}

fn hash_in(end: (Tid, ChainHash), group: &Group, tid: Tid) -> Option<ChainHash> {
    if end.0 == tid {
        return Some(end.1);
    }
    let mut hashes = group.records.iter().zip(&group.hashes);
    let found = hashes.find(|(record, _)| record.tid == tid);
    found.map(|(_, hash)| *hash)
}

fn blobs_of(group: &Group, after: Tid, until: Tid) -> Vec<BlobId> {
    let records = group.records.iter();
    let records = records.filter(|record| record.tid > after && record.tid <= until);
    let operations = records.flat_map(|record| &record.operations);
    operations
        .filter_map(|operation| match operation {
            Operation::PutMethod { method, .. } => Some(method.wasm),
            _ => None,
        })
        .collect()
}

/// Reads a base to its end and hands on the blobs that it names.
pub(super) fn read_base(
    reader: &mut base::Reader,
    mut each: impl FnMut(BlobId),
) -> Result<(), BackupError> {
    while let Some(entries) = reader.chunk()? {
        for entry in &entries {
            if let Some(blob) = blob_of(entry).map_err(BackupError::Image)? {
                each(blob);
            }
        }
    }
    Ok(())
}

fn blob_of(entry: &base::Entry) -> Result<Option<BlobId>, ImageError> {
    let is_method = entry.part == base::Part::History
        && entry.key.first() == Some(&(Table::Method as u8))
        && envelope::kind(&entry.sealed) != Some(Kind::Removed as u8);
    if !is_method {
        return Ok(None);
    }
    let record = opened::<MethodRecord>(&entry.sealed, &|| "a method in the base".to_owned())?;
    Ok(Some(ArchivedMethodRecord::to_method(record).wasm))
}
