//! The log's transactions in order, from one on, through all the segments.

use std::io;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use super::frame::Group;
use super::segment::{Header, Segment};
use super::{ChainHash, FOLDER, LogError, TornWrite, segments};
use crate::image::object::Tid;
use crate::image::proposal::TransactionRecord;

/// A strict reader of the log as it is on the disk at that moment. Groups that are appended while it
/// reads may or may not be in it; what is not a whole group at the very end is its `torn` end.
pub(in crate::image) struct Walk {
    segments: IntoIter<(Tid, PathBuf)>,
    segment: Option<(Segment, PathBuf)>,
    /// The newest transaction that was read and its hash.
    end: (Tid, ChainHash),
    torn: Option<TornWrite>,
}

/// Where a walk ended.
pub(super) struct End {
    pub newest: Tid,
    pub hash: ChainHash,
    pub path: PathBuf,
    /// Of whole groups in that file.
    pub bytes: u64,
    pub torn: Option<TornWrite>,
}

impl Walk {
    /// Begins with the segment that holds `from`: its earlier transactions come, too.
    ///
    /// # Errors
    /// [`LogError::TooNew`] when the log begins after it.
    pub(in crate::image) fn from(image: &Path, from: Tid) -> Result<Self, LogError> {
        let all = segments(&image.join(FOLDER))?;
        let holds = |(first, _): &(Tid, PathBuf)| *first <= from;
        let Some(start) = all.iter().rposition(holds) else {
            let first = all.first().map_or(1, |(first, _)| *first);
            let store = from.saturating_sub(1);
            return Err(LogError::TooNew { first, store });
        };
        let mut segments = all.into_iter();
        if start > 0 {
            segments.nth(start - 1);
        }
        Self::over(segments)
    }

    /// Through these segments, which follow each other.
    pub(in crate::image) fn over(segments: IntoIter<(Tid, PathBuf)>) -> Result<Self, LogError> {
        let mut walk = Self {
            segments,
            segment: None,
            end: (0, super::GENESIS),
            torn: None,
        };
        if let Some(Header { first, previous }) = walk.next_segment()? {
            walk.end = (first - 1, previous);
        }
        Ok(walk)
    }

    /// Goes past the groups of this segment that end at `tid` or before, without handing them out.
    pub(super) fn pass(&mut self, tid: Tid) {
        if let Some((segment, _)) = &mut self.segment {
            segment.pass(tid);
            self.end = segment.end();
        }
    }

    /// The next group; `None` at the end.
    pub(in crate::image) fn next_group(&mut self) -> Result<Option<Group>, LogError> {
        while let Some((segment, path)) = &mut self.segment {
            if let Some(group) = segment.next_group()? {
                self.end = segment.end();
                return Ok(Some(group));
            }
            self.torn = segment.torn();
            let path = path.clone();
            let Some(Header { first, previous }) = self.next_segment()? else {
                return Ok(None);
            };
            if self.end != (first - 1, previous) {
                let follows = first - 1;
                let why = format!("it says that it follows transaction {follows}");
                return Err(LogError::Gap {
                    file: self.segment.take().map_or(path, |(_, path)| path),
                    why,
                });
            }
        }
        Ok(None)
    }

    /// The frame of the group that was given last, as it is on the disk.
    pub(in crate::image) fn frame(&self) -> &[u8] {
        let segment = self.segment.as_ref();
        segment.map_or(&[], |(segment, _)| segment.frame())
    }

    /// The newest transaction that was read, and the chain's hash there.
    pub(in crate::image) fn end(&self) -> (Tid, ChainHash) {
        self.end
    }

    /// Opens the next segment; the last one stays open when there is none.
    fn next_segment(&mut self) -> Result<Option<Header>, LogError> {
        let Some((first, path)) = self.segments.next() else {
            return Ok(None);
        };
        let is_last = self.segments.as_slice().is_empty();
        let segment = Segment::open(&path, first, is_last)?;
        let header = segment.header();
        self.segment = Some((segment, path));
        Ok(Some(header))
    }

    /// `None` before the end was come to.
    pub(super) fn into_end(self) -> Option<End> {
        let (segment, path) = self.segment?;
        Some(End {
            newest: self.end.0,
            hash: self.end.1,
            bytes: segment.whole_bytes(),
            path,
            torn: self.torn,
        })
    }
}

/// One transaction; `None` when the log ends before it.
///
/// # Errors
/// [`LogError::TooNew`] when it was packed away.
pub(in crate::image) fn transaction(
    image: &Path,
    tid: Tid,
) -> Result<Option<TransactionRecord>, LogError> {
    match find(image, tid) {
        // Pack has put another file in its place since the folder was read.
        Err(LogError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
            find(image, tid)
        }
        found => found,
    }
}

fn find(image: &Path, tid: Tid) -> Result<Option<TransactionRecord>, LogError> {
    let mut walk = Walk::from(image, tid)?;
    while let Some(group) = walk.next_group()? {
        if let Some(found) = group.records.into_iter().find(|record| record.tid == tid) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The chain's hash after a transaction.
pub(in crate::image) fn hash_at(image: &Path, tid: Tid) -> Result<ChainHash, LogError> {
    // That of a segment's last transaction is in the next one's header.
    let mut walk = Walk::from(image, tid + 1)?;
    while walk.end().0 < tid {
        let Some(group) = walk.next_group()? else {
            let (log, _) = walk.end();
            return Err(LogError::Behind { log, store: tid });
        };
        let mut hashes = group.records.iter().zip(&group.hashes);
        if let Some((_, hash)) = hashes.find(|(record, _)| record.tid == tid) {
            return Ok(*hash);
        }
    }
    Ok(walk.end().1)
}
