//! The audit trail: the log's chain of hashes, and whether a hash that was written down is on it.
//!
//! Each transaction holds the hash of the one before it, so that one hash stands for all of them up to
//! there. Who has written one down can tell later that nothing before it was changed since.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::{CheckError, Progress, Step};
use crate::image::lock::FolderLock;
use crate::image::log::{self, ChainHash, GENESIS, Walk};
use crate::image::{Author, Image, LogError, Read, Tid, base};

/// The chain's hash at a transaction; prints as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainMark(ChainHash);

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a hash of the chain: 64 hexadecimal digits are")]
pub struct ParseChainMarkError {
    text: String,
}

/// A chain without a break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The first and the newest transaction in it; equal numbers mean one, `newest` one less none.
    pub first: Tid,
    pub newest: Tid,
    /// The transaction of the base that it continues, and the hash there.
    pub base: Option<(Tid, ChainMark)>,
    /// At the newest one: the hash to write down.
    pub hash: ChainMark,
    pub transactions: u64,
    /// Groups that were synced together.
    pub groups: u64,
    pub by_kernel: u64,
    pub by_person: u64,
    pub by_mission: u64,
    /// Milliseconds since 1970 of the first and the newest transaction; 0 without any.
    pub first_ms: u64,
    pub newest_ms: u64,
    /// Where the hash that was asked for is on the chain; `None` also when none was.
    pub found: Option<Tid>,
}

impl ChainMark {
    pub(in crate::image) const fn of(hash: ChainHash) -> Self {
        Self(hash)
    }
}

impl fmt::Display for ChainMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ChainMark {
    type Err = ParseChainMarkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        blake3::Hash::from_hex(text.trim())
            .map(|hash| Self(*hash.as_bytes()))
            .map_err(|_| ParseChainMarkError {
                text: text.chars().take(80).collect(),
            })
    }
}

impl Image {
    /// Reads the whole log and follows its chain, while the image goes on.
    ///
    /// # Errors
    /// Where the chain breaks: the file and the byte.
    pub fn verify(&self, progress: &mut Progress<'_>) -> Result<Verified, CheckError> {
        self.follow(None, progress)
    }

    /// As [`Image::verify`]; `found` says at which transaction the hash is on the chain. One from before
    /// the base cannot be found any more.
    pub fn verify_against(
        &self,
        mark: ChainMark,
        progress: &mut Progress<'_>,
    ) -> Result<Verified, CheckError> {
        self.follow(Some(mark), progress)
    }

    fn follow(
        &self,
        mark: Option<ChainMark>,
        progress: &mut Progress<'_>,
    ) -> Result<Verified, CheckError> {
        let shared = &self.inner.shared;
        let _files = shared.keep_files();
        follow(&shared.folder, Some(self.view().tid()), mark, progress)
    }
}

/// As [`Image::verify_against`], for an image that nobody has open.
pub fn verify(
    folder: &Path,
    mark: Option<ChainMark>,
    progress: &mut Progress<'_>,
) -> Result<Verified, CheckError> {
    super::must_be_image(folder)?;
    let _lock = FolderLock::acquire(folder)?;
    follow(folder, None, mark, progress)
}

fn follow(
    image: &Path,
    until: Option<Tid>,
    mark: Option<ChainMark>,
    progress: &mut Progress<'_>,
) -> Result<Verified, CheckError> {
    let base = base::newest(image)?;
    let begins = base.as_ref().map(|(header, _)| (header.tid, header.hash));
    let (after, start) = begins.unwrap_or((0, GENESIS));
    let mut verified = Verified {
        first: after + 1,
        newest: after,
        base: begins.map(|(tid, hash)| (tid, ChainMark(hash))),
        hash: ChainMark(start),
        transactions: 0,
        groups: 0,
        by_kernel: 0,
        by_person: 0,
        by_mission: 0,
        first_ms: 0,
        newest_ms: 0,
        found: (mark == Some(ChainMark(start))).then_some(after),
    };
    let mut walk = Walk::from(image, after + 1)?;
    let mut at_base = (walk.end().0 == after).then_some(walk.end().1);
    while let Some(group) = walk.next_group()? {
        let before = verified.transactions;
        for (record, hash) in group.records.iter().zip(&group.hashes) {
            if record.tid == after {
                at_base = Some(*hash);
            }
            if record.tid > after && until.is_none_or(|until| record.tid <= until) {
                verified.take(record.tid, record.time_ms, record.author);
                verified.hash = ChainMark(*hash);
                if mark == Some(verified.hash) {
                    verified.found = Some(record.tid);
                }
            }
        }
        verified.groups += u64::from(verified.transactions > before);
        progress(Step::Log, verified.transactions);
    }
    let newest = until.unwrap_or(after);
    if verified.newest < newest {
        let log = verified.newest;
        return Err(LogError::Behind { log, store: newest }.into());
    }
    if at_base == Some(start) {
        return Ok(verified);
    }
    let file = base.map_or_else(|| image.join(log::FOLDER), |(_, path)| path);
    Err(LogError::Damaged {
        file,
        offset: 0,
        why: format!("the log does not continue transaction {after} with the hash it has there"),
    }
    .into())
}

impl Verified {
    fn take(&mut self, tid: Tid, time_ms: u64, author: Author) {
        if self.transactions == 0 {
            self.first_ms = time_ms;
        }
        (self.newest, self.newest_ms) = (tid, time_ms);
        self.transactions += 1;
        match author {
            Author::Kernel => self.by_kernel += 1,
            Author::Person => self.by_person += 1,
            Author::Mission(_) => self.by_mission += 1,
        }
    }
}
