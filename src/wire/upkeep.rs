//! Messages about the image's upkeep: checks, backups, exports and imports.
//!
//! Only data. Files and folders are named by absolute paths: both ends are on one machine. The same
//! replies serve for what a command does to an image that no kernel has open.

use rkyv::{Archive, Deserialize, Serialize};

use super::image::DiffView;

/// Each variant names its reply. All but import, pack and adoption leave the image as it is.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum UpkeepRequest {
    /// [`UpkeepReply::Checked`].
    Fsck,
    /// [`UpkeepReply::Verified`].
    Verify {
        /// Looked for on the chain: 64 hexadecimal digits.
        hash: Option<String>,
    },
    /// [`UpkeepReply::BackedUp`].
    Backup { folder: String, since: Since },
    /// [`UpkeepReply::Exported`].
    Export {
        object: String,
        file: String,
        /// A file of that name may be replaced.
        replace: bool,
    },
    /// [`UpkeepReply::Imported`].
    Import {
        file: String,
        /// Put before each name.
        prefix: String,
        /// Where an equal object has the name already, it is taken.
        reuse: bool,
    },
    /// [`UpkeepReply::Packed`]. What it drops cannot be got back.
    Pack {
        before: Before,
        /// Objects that nothing leads to stay.
        keep_unreachable: bool,
        dry_run: bool,
    },
    /// [`UpkeepReply::Branched`].
    Branch {
        /// The branch's home.
        home: String,
        /// A transaction's number, a tag, or `newest`.
        moment: String,
    },
    /// [`UpkeepReply::Adopted`].
    Adopt {
        /// The branch's home.
        home: String,
        dry_run: bool,
    },
}

/// Where a backup begins.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    Beginning,
    /// After the newest backup in the folder.
    Newest,
    /// After this transaction, with which a backup in the folder ends.
    Transaction(u64),
}

/// Up to where history is dropped.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// A transaction's number, a tag, or `newest`.
    Moment(String),
    /// Milliseconds since 1970.
    Time(u64),
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum UpkeepReply {
    Checked(CheckedView),
    Verified(VerifiedView),
    BackedUp(BackedUpView),
    Exported(ExportedView),
    Imported(ImportedView),
    Packed(PackedView),
    Branched(BranchedView),
    Adopted(AdoptedView),
}

/// What a check has read and found.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct CheckedView {
    /// The newest transaction.
    pub tid: u64,
    /// The transaction after which the log begins, when that is not the image's beginning.
    pub base: Option<u64>,
    /// The chain's hash at the newest transaction.
    pub hash: Option<String>,
    pub transactions: u64,
    pub objects: u64,
    pub methods: u64,
    pub versions: u64,
    /// Records from before the base that a pack has yet to remove.
    pub unpacked: u64,
    pub blobs: u64,
    /// Blobs that nothing needs, and their bytes.
    pub stray_blobs: u64,
    pub stray_bytes: u64,
    /// An unfinished write at the log's end, in words; no damage.
    pub torn: Option<String>,
    /// The store was compared with one made of base and log.
    pub compared: bool,
    pub findings: Vec<FindingView>,
    /// Findings beyond these.
    pub more: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct FindingView {
    /// Such as `log` or `reference`.
    pub part: String,
    /// A file and byte, or a name.
    pub place: String,
    pub why: String,
    /// What can be done about it.
    pub cure: String,
}

/// A chain without a break.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct VerifiedView {
    /// At the newest transaction: 64 hexadecimal digits to write down.
    pub hash: String,
    pub first: u64,
    pub newest: u64,
    /// The transaction after which the log begins, and the hash there.
    pub base: Option<(u64, String)>,
    pub transactions: u64,
    pub groups: u64,
    pub by_kernel: u64,
    pub by_person: u64,
    pub by_mission: u64,
    /// Milliseconds since 1970.
    pub first_ms: u64,
    pub newest_ms: u64,
    /// The hash that was looked for.
    pub looked_for: Option<String>,
    /// The transaction at which it is on the chain.
    pub found: Option<u64>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct BackedUpView {
    pub folder: String,
    pub full: bool,
    /// It begins after this transaction.
    pub after: u64,
    pub last: u64,
    pub blobs: u64,
    pub bytes: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct ExportedView {
    pub file: String,
    /// That which was asked for first.
    pub objects: Vec<String>,
    pub methods: u64,
    pub blobs: u64,
    pub bytes: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct ImportedView {
    pub tid: u64,
    /// As they are named here; that which was exported first.
    pub objects: Vec<String>,
    /// Those that were here already.
    pub reused: Vec<String>,
    pub methods: u64,
}

/// What pack has dropped, or would.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct PackedView {
    pub dry_run: bool,
    /// The first transaction whose state can be read, but for those that tags pin.
    pub horizon: u64,
    pub horizon_before: u64,
    pub pinned: Vec<u64>,
    pub transactions: u64,
    pub objects: u64,
    pub versions: u64,
    pub versions_left: u64,
    pub blobs: u64,
    pub blob_bytes: u64,
    /// Of the dropped records.
    pub record_bytes: u64,
    /// What the image took on the disk.
    pub bytes_before: u64,
    pub bytes_after: u64,
    /// The longest that commits took meanwhile, in microseconds.
    pub slowest_commit_us: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct BranchedView {
    pub home: String,
    /// The transaction that it goes on from.
    pub fork: u64,
    /// Missions that were under way then, and are not in the branch.
    pub stopped: u64,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct AdoptedView {
    /// The transaction that the branch goes on from, and its newest.
    pub fork: u64,
    pub newest: u64,
    /// `None` after a dry run.
    pub tid: Option<u64>,
    /// Names of objects, and `fact KEY`.
    pub changed: Vec<String>,
    /// The branch's missions: their numbers there and here.
    pub missions: Vec<(u64, u64)>,
    pub diff: DiffView,
}
