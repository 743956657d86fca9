//! One file of the log, read strictly.
//!
//! Header (56 bytes): magic, first tid, hash of the transaction before it, eight bytes of the blake3
//! hash of these. Frames follow without a gap. Only the last segment may end in a torn frame, and
//! only when no whole frame follows: otherwise something was damaged that had been synced. Room for
//! later groups may follow in it: zeros to the file's end.

use std::fs;
use std::path::{Path, PathBuf};

use super::frame::{self, FrameHeader, Group};
use super::{ChainHash, LogError, TornWrite, failed};
use crate::image::object::Tid;

const MAGIC: [u8; 8] = *b"BATLOG01";
const FIELDS_BYTES: usize = 48;
pub(super) const HEADER_BYTES: u64 = 56;
/// Zeros that stand behind the groups of the last segment at most, while it is written to.
pub(super) const ROOM_BYTES: usize = 256 * 1024;
pub(super) const EXTENSION: &str = "log";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::image) struct Header {
    /// The tid of the first transaction in it; from 1.
    pub first: Tid,
    /// The hash of the transaction before that.
    pub previous: ChainHash,
}

impl Header {
    pub(in crate::image) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.first.to_le_bytes());
        bytes.extend_from_slice(&self.previous);
        let sum = sum_of(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (fields, rest) = bytes.split_first_chunk::<FIELDS_BYTES>()?;
        let (magic, values) = fields.split_first_chunk::<8>()?;
        if *magic != MAGIC || *rest.first_chunk::<8>()? != sum_of(fields) {
            return None;
        }
        let (first, previous) = values.split_first_chunk::<8>()?;
        let first = Tid::from_le_bytes(*first);
        let previous = *previous.first_chunk()?;
        (first > 0).then_some(Self { first, previous })
    }
}

fn sum_of(fields: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    let mut hasher = blake3::Hasher::new();
    hasher.update(fields).finalize_xof().fill(&mut sum);
    sum
}

/// A header of the same fields whose checksum fits.
#[cfg(any(test, fuzzing))]
pub(super) fn with_sum(header: &[u8]) -> Vec<u8> {
    let mut bytes = header.get(..FIELDS_BYTES).unwrap_or(header).to_vec();
    bytes.extend_from_slice(&sum_of(&bytes));
    bytes
}

pub(in crate::image) fn name(first: Tid) -> String {
    format!("{first:020}.{EXTENSION}")
}

pub(super) struct Segment {
    path: PathBuf,
    bytes: Vec<u8>,
    header: Header,
    is_last: bool,
    /// What has been read.
    offset: usize,
    /// Of that, the newest group's frame.
    frame_bytes: usize,
    newest: Tid,
    hash: ChainHash,
    /// The chain's hash before the newest group.
    hash_before: ChainHash,
    torn: bool,
    has_header: bool,
}

impl Segment {
    pub(super) fn open(path: &Path, first: Tid, is_last: bool) -> Result<Self, LogError> {
        let bytes = fs::read(path).map_err(failed("read", path))?;
        Self::of(path, bytes, first, is_last)
    }

    /// `path` is for messages.
    pub(super) fn of(
        path: &Path,
        bytes: Vec<u8>,
        first: Tid,
        is_last: bool,
    ) -> Result<Self, LogError> {
        let damaged = |why: &str| LogError::Damaged {
            file: path.to_owned(),
            offset: 0,
            why: why.to_owned(),
        };
        let header = Header::decode(&bytes)
            .ok_or_else(|| damaged("its header does not have its checksum"))?;
        if header.first != first {
            return Err(damaged("its header is that of another segment"));
        }
        Ok(Self {
            path: path.to_owned(),
            bytes,
            header,
            is_last,
            offset: usize::try_from(HEADER_BYTES).unwrap_or_default(),
            frame_bytes: 0,
            newest: first - 1,
            hash: header.previous,
            hash_before: header.previous,
            torn: false,
            has_header: true,
        })
    }

    /// A segment whose header cannot be believed, at its first whole group: that says what it follows.
    /// `None` when there is none.
    pub(super) fn without_header(path: &Path, is_last: bool) -> Result<Option<Self>, LogError> {
        let bytes = fs::read(path).map_err(failed("read", path))?;
        let header = Header {
            first: 1,
            previous: super::GENESIS,
        };
        let mut segment = Self {
            path: path.to_owned(),
            bytes,
            header,
            is_last,
            offset: 0,
            newest: 0,
            hash: super::GENESIS,
            hash_before: super::GENESIS,
            frame_bytes: 0,
            torn: false,
            has_header: false,
        };
        Ok(segment.skip_damage().then_some(segment))
    }

    /// Goes on at the next whole group, as if the segment began there; false when there is none.
    pub(super) fn skip_damage(&mut self) -> bool {
        while let Some(at) = self.next_whole_frame() {
            self.offset = at;
            let rest = self.bytes.get(at..).unwrap_or_default();
            let follows = whole_frame(rest).and_then(|(header, body)| {
                let previous = frame::named_by(body)?;
                let first = Some(header.first).filter(|first| *first > 0)?;
                Some(Header { first, previous })
            });
            if let Some(header) = follows {
                self.header = header;
                (self.newest, self.hash) = (header.first - 1, header.previous);
                return true;
            }
        }
        false
    }

    pub(super) fn has_header(&self) -> bool {
        self.has_header
    }

    pub(super) fn is_at_end(&self) -> bool {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        rest.is_empty() || self.is_last && is_room(rest)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Of the segment, or of what it goes on with after damage.
    pub(super) fn header(&self) -> Header {
        self.header
    }

    /// The next group; `None` at the end, torn or not.
    pub(super) fn next_group(&mut self) -> Result<Option<Group>, LogError> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        if rest.is_empty() || self.torn {
            return Ok(None);
        }
        let Some((header, body)) = whole_frame(rest) else {
            if self.is_last && is_room(rest) {
                return Ok(None);
            }
            let why = "there is no whole group of transactions";
            if !self.is_last {
                return Err(self.damaged(why.to_owned()));
            }
            if let Some(after) = self.next_whole_frame() {
                return Err(self.damaged(format!("{why}, but one follows at byte {after}")));
            }
            self.torn = true;
            return Ok(None);
        };
        let decoded = frame::decode(&header, body, self.newest, self.hash);
        let length = frame::HEADER_BYTES + body.len();
        match decoded {
            Ok(group) => {
                self.offset += length;
                self.frame_bytes = length;
                self.newest += group.records.len() as Tid;
                self.hash_before = self.hash;
                self.hash = group.hashes.last().copied().unwrap_or(self.hash);
                Ok(Some(group))
            }
            Err(why) => Err(self.damaged(why)),
        }
    }

    /// Goes past the groups whose transactions end at `tid` or before: each has its hash, and they
    /// follow each other. What is otherwise is left to [`Segment::next_group`] to say.
    pub(super) fn pass(&mut self, tid: Tid) {
        loop {
            let rest = self.bytes.get(self.offset..).unwrap_or_default();
            let Some((header, body)) = whole_frame(rest) else {
                return;
            };
            let newest = self.newest.saturating_add(Tid::from(header.count));
            if newest > tid {
                return;
            }
            let Ok(hash) = frame::pass(&header, body, self.newest, self.hash) else {
                return;
            };
            self.frame_bytes = frame::HEADER_BYTES + body.len();
            self.offset += self.frame_bytes;
            self.hash_before = self.hash;
            (self.newest, self.hash) = (newest, hash);
        }
    }

    /// The frame of the group that was read last, as it is on the disk.
    pub(super) fn frame(&self) -> &[u8] {
        let start = self.offset.saturating_sub(self.frame_bytes);
        self.bytes.get(start..self.offset).unwrap_or_default()
    }

    /// The chain's hash before the group that was read last.
    pub(super) fn hash_before(&self) -> ChainHash {
        self.hash_before
    }

    /// The newest transaction that was read, and its hash.
    pub(super) fn end(&self) -> (Tid, ChainHash) {
        (self.newest, self.hash)
    }

    pub(super) fn whole_bytes(&self) -> u64 {
        self.offset as u64
    }

    pub(super) fn torn(&self) -> Option<TornWrite> {
        self.torn.then(|| TornWrite {
            file: self.path.clone(),
            offset: self.whole_bytes(),
            bytes: self.bytes.len().saturating_sub(self.offset) as u64,
        })
    }

    fn damaged(&self, why: String) -> LogError {
        LogError::Damaged {
            file: self.path.clone(),
            offset: self.whole_bytes(),
            why,
        }
    }

    /// Where a whole frame begins behind the damage.
    fn next_whole_frame(&self) -> Option<usize> {
        let start = self.offset + 1;
        let rest = self.bytes.get(start..)?;
        let length = frame::MAGIC.len();
        rest.windows(length)
            .enumerate()
            .filter(|(_, window)| **window == frame::MAGIC)
            .find(|(at, _)| rest.get(*at..).and_then(whole_frame).is_some())
            .map(|(at, _)| start + at)
    }
}

/// Room for later groups, which nothing was written into yet.
fn is_room(rest: &[u8]) -> bool {
    rest.len() <= ROOM_BYTES && rest.iter().all(|byte| *byte == 0)
}

/// The frame that these bytes begin with.
pub(super) fn whole_frame(bytes: &[u8]) -> Option<(FrameHeader, &[u8])> {
    let header = FrameHeader::decode(bytes)?;
    let body = bytes.get(frame::HEADER_BYTES..)?.get(..header.body_bytes)?;
    header.fits(body).then_some((header, body))
}
