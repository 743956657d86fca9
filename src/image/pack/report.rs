//! What pack is asked for, what it is at, and what it did.

use std::fmt;
use std::time::Duration;

use super::points::Pass;
use super::truth::Truth;
use crate::image::Tid;

/// What is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackOptions {
    pub until: PackUntil,
    /// Also objects that no object with a name leads to.
    pub collect: bool,
    /// Only say what would be freed.
    pub dry_run: bool,
}

/// The state from which on everything stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackUntil {
    /// That of now.
    Newest,
    /// That after this transaction.
    Tid(Tid),
    /// That of this time, in milliseconds since 1970: after the newest transaction that began then or
    /// before. Nothing is dropped when there is none.
    Time(u64),
}

/// What pack is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackStep {
    /// Objects removed that nothing led to.
    Collect,
    /// Transactions of the log, and entries of the base, that were read.
    Read,
    /// Versions gone through for the new base.
    Write,
    /// Entries of the new base read back.
    Verify,
    /// Versions and audit entries taken out of the store.
    Trim,
    /// Blobs looked at.
    Blobs,
}

/// What was done, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packed {
    pub dry_run: bool,
    /// The state after this transaction is the first that can be read, but for those that are pinned.
    pub horizon: Tid,
    pub horizon_before: Tid,
    /// Transactions before it that tags keep readable, newest first.
    pub pinned: Vec<Tid>,
    /// Transactions that were dropped from the log.
    pub transactions: u64,
    /// Objects that nothing led to and that were removed. Where the disk is full they stay for the next time.
    pub objects: u64,
    /// Versions of objects, names, methods, missions and facts that were dropped, and that are left up to
    /// the horizon.
    pub versions: u64,
    pub versions_left: u64,
    /// Audit entries that were dropped.
    pub audit: u64,
    /// Blobs that were removed, and their bytes.
    pub blobs: u64,
    pub blob_bytes: u64,
    /// What the dropped versions and audit entries are in bytes, without what storing them costs.
    pub record_bytes: u64,
    /// By how much the log is shorter; nothing in a dry run.
    pub log_bytes: u64,
    /// Of the base; nothing in a dry run, or where it stayed as it was.
    pub base_bytes: u64,
    /// What the image took on the disk. The store may give more of its room back later.
    pub bytes_before: u64,
    pub bytes_after: u64,
    /// The longest that a group of commits took meanwhile, from when it was begun until all had their
    /// answers.
    pub slowest_commit: Duration,
}

impl Packed {
    pub(super) fn note(&mut self, pass: &Pass, truth: &Truth) {
        self.horizon = pass.points.horizon();
        self.pinned = pass.points.pinned().to_vec();
        self.transactions = truth.transactions;
        self.versions = pass.dropped;
        self.versions_left = pass.kept;
        self.freed_by(pass.dropped_bytes);
    }

    pub(super) fn freed_by(&mut self, bytes: u64) {
        self.record_bytes += bytes;
    }
}

impl fmt::Display for PackStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Collect => "objects removed",
            Self::Read => "transactions and entries read",
            Self::Write => "versions gone through",
            Self::Verify => "entries of the new base read back",
            Self::Trim => "versions dropped",
            Self::Blobs => "blobs looked at",
        })
    }
}
