//! What a check finds, as values: what, where, why, and what can be done about it.

use std::fmt;
use std::path::{Path, PathBuf};

use super::ChainMark;
use crate::image::{Tid, TornWrite};

/// How many findings are listed one by one.
const LISTED: usize = 1000;

/// What something was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Format,
    Base,
    Log,
    Store,
    History,
    Object,
    Name,
    Method,
    Reference,
    Number,
    Blob,
}

/// Where it was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    File {
        path: PathBuf,
        offset: Option<u64>,
    },
    /// Something in the store, such as `name Account` or `object 9`.
    Named(String),
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// A repair makes it whole, and nothing of the present state is lost.
    Repair,
    /// A repair makes the image usable; transactions are lost.
    RepairAtLoss,
    /// The method's source is there: it can be compiled again.
    Recompile,
    /// It was committed so: a transaction can put it right.
    Change,
    /// Only a backup has it.
    Restore,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub part: Part,
    pub place: Place,
    pub why: String,
    pub cure: Cure,
}

/// What a check has read, and what it found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FsckReport {
    /// The newest transaction.
    pub tid: Tid,
    /// Where the log begins, when that is not the image's beginning.
    pub base: Option<Tid>,
    /// The chain's hash at the newest transaction, when the log comes to it.
    pub hash: Option<ChainMark>,
    /// Transactions in the log after the base.
    pub transactions: u64,
    pub objects: u64,
    pub methods: u64,
    /// Records in the history.
    pub versions: u64,
    /// Records of before the base that a pack which was stopped left in the store. They do no harm, and
    /// the next one takes them out.
    pub unpacked: u64,
    /// Blobs that methods need, now or in the past.
    pub blobs: u64,
    /// Other files beside them, and their bytes. They do no harm.
    pub stray_blobs: u64,
    pub stray_bytes: u64,
    /// An unfinished write at the log's end, which the next opening cuts off. No damage.
    pub torn: Option<TornWrite>,
    /// The store was compared, key by key, with one made of base and log.
    pub compared: bool,
    pub findings: Vec<Finding>,
    /// Findings beyond those that are listed.
    pub more: u64,
}

impl FsckReport {
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    pub(super) fn add(&mut self, finding: Finding) {
        if self.findings.len() < LISTED {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// Adds what another one has found.
    pub(super) fn append(&mut self, other: Self) {
        self.more += other.more;
        for finding in other.findings {
            self.add(finding);
        }
    }

    /// At a byte of a file.
    pub(super) fn in_file(
        &mut self,
        part: Part,
        path: &Path,
        offset: Option<u64>,
        why: impl Into<String>,
    ) {
        self.add(Finding {
            part,
            place: Place::File {
                path: path.to_owned(),
                offset,
            },
            why: why.into(),
            cure: Cure::Restore,
        });
    }

    /// At something that has a name.
    pub(super) fn named(
        &mut self,
        part: Part,
        name: impl Into<String>,
        why: impl Into<String>,
        cure: Cure,
    ) {
        self.add(Finding {
            part,
            place: Place::Named(name.into()),
            why: why.into(),
            cure,
        });
    }
}

impl Cure {
    /// In a sentence, for whoever has to do it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Repair => {
                "`batos image fsck --repair` cures it; nothing of the present state is lost"
            }
            Self::RepairAtLoss => {
                "put a backup in its place, or `batos image fsck --repair` saves what can be read: \
                 it says first which transactions are lost"
            }
            Self::Recompile => "the method's source is there: have it compiled again",
            Self::Change => "it was committed so: change or undo it",
            Self::Restore => "put a backup in its place",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "format",
            Self::Base => "base",
            Self::Log => "log",
            Self::Store => "store",
            Self::History => "history",
            Self::Object => "object",
            Self::Name => "name",
            Self::Method => "method",
            Self::Reference => "reference",
            Self::Number => "number",
            Self::Blob => "blob",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, offset } => {
                write!(f, "{}", path.display())?;
                offset.map_or(Ok(()), |offset| write!(f, " at byte {offset}"))
            }
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The place says of what kind it is.
        write!(f, "{}: {}", self.place, self.why)
    }
}
