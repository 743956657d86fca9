//! Why an image cannot be opened, read or committed to.
//!
//! Each variant carries the thing it is about; the remedy is apart, in `hint`.

use std::io;
use std::path::PathBuf;

use super::log::AppendError;
use super::{BlobId, EnvelopeError, LogError, MissionId, Oid, Tid};

/// An image could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open the image {}: {} has it open", .folder.display(), holder(*.pid))]
    Locked {
        folder: PathBuf,
        /// The process that holds it, when it could be read.
        pid: Option<u32>,
    },
    #[error("cannot open {} as an image: it holds {found:?}, which is not part of one", .folder.display())]
    Foreign { folder: PathBuf, found: String },
    #[error("cannot open the image {}: its format is {found}, this program reads {known}", .folder.display())]
    Newer {
        folder: PathBuf,
        found: u32,
        known: u32,
    },
    #[error("cannot open the image {}: {what}", .folder.display())]
    Damaged { folder: PathBuf, what: String },
    #[error("cannot open the image {}: its records cannot be read", .folder.display())]
    Store {
        folder: PathBuf,
        #[source]
        source: StoreError,
    },
    #[error(
        "cannot open the image {}: it ends at transaction {found}, but {acknowledged} was acknowledged",
        .folder.display()
    )]
    Lost {
        folder: PathBuf,
        found: Tid,
        acknowledged: Tid,
    },
    #[error("cannot open the image: {0}")]
    Log(LogError),
    #[error("cannot {action} {}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

fn holder(pid: Option<u32>) -> String {
    match pid {
        Some(pid) if pid == std::process::id() => format!("this process ({pid})"),
        Some(pid) => format!("process {pid}"),
        None => "another process".to_owned(),
    }
}

impl From<LogError> for OpenError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl OpenError {
    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Locked { .. } => {
                "one kernel at a time: attach to the running one, or stop it with `batos down`"
                    .to_owned()
            }
            Self::Foreign { .. } => {
                "name an empty folder, or one that BAT OS made, as the image".to_owned()
            }
            Self::Newer { .. } => {
                "use the program that wrote it, or a newer one; nothing was changed".to_owned()
            }
            Self::Store { source, .. } if source.is_of_the_disk() => {
                "see that the disk is there, has room, and that the folder is yours; if it stays so, \
                 `batos image fsck --repair` makes the store anew from base and log"
                    .to_owned()
            }
            Self::Store { .. } => "`batos image fsck --repair` makes its store anew from base and log, \
                 and keeps the old one; or put a backup of the folder in its place"
                .to_owned(),
            Self::Io { .. } | Self::Log(LogError::Io { .. }) => {
                "see that the disk is there, has room, and that the folder is yours".to_owned()
            }
            Self::Damaged { .. } | Self::Log(_) => {
                "`batos image fsck` says what is damaged, `batos image fsck --repair` saves what can \
                 be saved and keeps the rest aside; or put a backup of the folder in its place"
                    .to_owned()
            }
            Self::Lost { folder, .. } => format!(
                "put a backup of the folder in its place; to go on without the lost transactions, \
                 delete {}",
                folder.join(super::newest::FILE).display()
            ),
        }
    }
}

/// The storage engine failed; what it said is the source.
#[derive(Debug, thiserror::Error)]
#[error("the storage engine failed to {action}")]
pub struct StoreError {
    pub action: &'static str,
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    pub(super) fn new(
        action: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            action,
            source: source.into(),
        }
    }

    /// The operating system refused something, but for a file that is not there: this tells nothing about
    /// what is in the store.
    pub(super) fn is_of_the_disk(&self) -> bool {
        of_the_system(&*self.source).is_some_and(|code| {
            io::Error::from_raw_os_error(code).kind() != io::ErrorKind::NotFound
        })
    }
}

/// The code of the operating system's error that an error goes back to.
pub(super) fn of_the_system(error: &(dyn std::error::Error + 'static)) -> Option<i32> {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.find_map(|error| error.downcast_ref::<io::Error>()?.raw_os_error())
}

/// An error with its causes in one line, for those who must say it more than once.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// A read or a write inside a transaction could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    #[error("cannot create {name}: an object of that name exists")]
    NameTaken { name: String },
    #[error("{what} {name:?} is not allowed: {why}")]
    BadName {
        what: &'static str,
        name: String,
        why: &'static str,
    },
    #[error("there is no object {oid}")]
    UnknownObject { oid: Oid },
    #[error("cannot create {name}: its parent, object {parent}, does not exist")]
    UnknownParent { name: String, parent: Oid },
    #[error("{parent} cannot be the parent of {object}: it inherits from it")]
    ParentCycle { object: String, parent: String },
    #[error("cannot remove {object}: {} refer(s) to it", .by.join(", "))]
    Referred { object: String, by: Vec<String> },
    #[error("{object} has a slot {slot} already")]
    SlotTaken { object: String, slot: String },
    #[error("{object} cannot refer to object {oid}: it does not exist")]
    DanglingReference { object: String, oid: Oid },
    #[error("there is no transaction {tid}: the newest is {newest}")]
    UnknownTransaction { tid: Tid, newest: Tid },
    #[error("transaction {tid} was packed away: the history begins at {horizon}")]
    PackedAway { tid: Tid, horizon: Tid },
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("there is no mission {id}")]
    UnknownMission { id: MissionId },
    #[error("{what} has {bytes} bytes, the limit is {limit}")]
    TooLarge {
        what: String,
        bytes: usize,
        limit: usize,
    },
    #[error("blob {id} does not exist")]
    MissingBlob { id: BlobId },
    #[error("blob {id} is damaged: {} does not have that hash", .path.display())]
    DamagedBlob { id: BlobId, path: PathBuf },
    #[error("cannot {action} {}", .path.display())]
    Blob {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the record of {what} cannot be read")]
    Record {
        what: String,
        #[source]
        source: EnvelopeError,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the image takes no more writes since one failed: {cause}")]
    Poisoned { cause: String },
    #[error("the image is closed")]
    Closed,
}

/// A transaction was not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another transaction changed what this one read or wrote: begin again.
    #[error("{object} was changed by another transaction ({})", versions(*.read, *.current))]
    Conflict {
        /// Name of the object, `mission N` or `fact KEY`.
        object: String,
        /// The transaction whose state was read; `None`: it did not exist.
        read: Option<Tid>,
        /// The transaction that has changed it since; `None`: it is gone.
        current: Option<Tid>,
    },
    /// There was no room for it. Nothing of it is stored, and the image goes on.
    #[error("the disk is full, and nothing was stored: {cause}")]
    DiskFull { cause: String },
    /// The write failed and was taken back. Nothing of it is stored, and the image goes on.
    #[error("nothing was stored: {cause}")]
    Refused { cause: String },
    /// The sync failed. Whether it is on the disk shows when the image is opened again.
    #[error("the transaction could not be written: {cause}")]
    Failed { cause: String },
    /// An earlier sync, or the store, failed; nothing is written until the image is opened again.
    #[error("the image takes no more writes since one failed: {cause}")]
    Poisoned { cause: String },
    /// What validation had to read could not be read.
    #[error("the transaction could not be validated")]
    Unreadable(#[source] ImageError),
    #[error("the image is closed")]
    Closed,
}

fn versions(read: Option<Tid>, current: Option<Tid>) -> String {
    match (read, current) {
        (Some(0), None) => "removed since".to_owned(),
        (None, Some(current)) => format!("made by {current}"),
        (Some(read), Some(current)) => format!("read at {read}, now at {current}"),
        (Some(read), None) => format!("read at {read}, now removed"),
        (None, None) => "gone".to_owned(),
    }
}

impl CommitError {
    /// True when the same work may succeed on a newer snapshot.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::DiskFull { .. } => {
                Some("make room on the disk: then the image goes on by itself")
            }
            Self::Refused { .. } => {
                Some("see that the disk is there and in order: then the image goes on by itself")
            }
            Self::Failed { .. } | Self::Poisoned { .. } => Some(
                "see that the disk is in order and has room, then stop and start again: what was \
                 acknowledged is there",
            ),
            Self::Conflict { .. } | Self::Unreadable(_) | Self::Closed => None,
        }
    }
}

impl From<&AppendError> for CommitError {
    fn from(error: &AppendError) -> Self {
        let cause = chain(error);
        match error {
            AppendError::Refused(LogError::Io { cause: source, .. })
                if matches!(
                    source.kind(),
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
                ) =>
            {
                Self::DiskFull { cause }
            }
            AppendError::Refused(_) => Self::Refused { cause },
            AppendError::Unknown(_) => Self::Failed { cause },
        }
    }
}
