//! Why a backup could not be made or an image not be restored, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::image::{CommitError, ImageError, LogError, OpenError, StoreError, Tid, base};

/// Nothing was changed then: no backup is half there, and no image.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("cannot use {} as a folder of backups: it holds {found:?}, which is not part of one", .folder.display())]
    Foreign { folder: PathBuf, found: String },
    #[error("cannot use {} as a folder of backups: it is inside the image", .folder.display())]
    Inside { folder: PathBuf },
    #[error("another backup is being written to {}", .folder.display())]
    Busy { folder: PathBuf },
    #[error("there is no backup in {}", .folder.display())]
    NoBackup { folder: PathBuf },
    #[error("{} is damaged: {why}", .file.display())]
    Damaged { file: PathBuf, why: String },
    #[error("cannot read {}: it is of format {found}, this program reads {known}", .path.display())]
    Newer {
        path: PathBuf,
        found: u64,
        known: u32,
    },
    #[error("no backup in {} ends at transaction {since}; they end at {}", .folder.display(), list(ends))]
    NoneEndsAt {
        folder: PathBuf,
        since: Tid,
        ends: Vec<Tid>,
    },
    #[error("transaction {} is no longer in the log, which begins at {first}", since + 1)]
    PackedAway { since: Tid, first: Tid },
    #[error("the backup in {} that ends at transaction {tid} is not of this image's history", .folder.display())]
    OtherHistory { folder: PathBuf, tid: Tid },
    #[error("the backup {} continues another one that is not there: it begins after transaction {after}", .set.display())]
    Incomplete { set: PathBuf, after: Tid },
    #[error("the backups in {} do not have transaction {to}; they have {}", .folder.display(), ranges(.have))]
    NotCovered {
        folder: PathBuf,
        to: Tid,
        /// First and last of those that can be restored, in order.
        have: Vec<(Tid, Tid)>,
    },
    #[error("cannot restore to {}: {}", .path.display(), occupied(*.image))]
    Occupied {
        path: PathBuf,
        /// It is an image.
        image: bool,
    },
    #[error("what was restored from {} is not what was backed up: {why}", .folder.display())]
    Unproven { folder: PathBuf, why: String },
    #[error("cannot open what was restored")]
    Open(#[source] OpenError),
    #[error("cannot read the image")]
    Image(#[source] ImageError),
    #[error("cannot commit to what was made")]
    Commit(#[source] CommitError),
    #[error("cannot read the log: {0}")]
    Log(#[from] LogError),
    #[error("cannot {action} {}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

fn list(tids: &[Tid]) -> String {
    let tids: Vec<String> = tids.iter().map(Tid::to_string).collect();
    tids.join(", ")
}

fn ranges(ranges: &[(Tid, Tid)]) -> String {
    let texts = ranges
        .iter()
        .map(|(first, last)| format!("{first} to {last}"));
    texts.collect::<Vec<_>>().join(", ")
}

fn occupied(image: bool) -> &'static str {
    if image {
        "there is an image"
    } else {
        "something is there"
    }
}

impl From<base::BaseError> for BackupError {
    fn from(error: base::BaseError) -> Self {
        match error {
            base::BaseError::Log(error) => Self::Log(error),
            base::BaseError::Store(error) => Self::Image(error.into()),
        }
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Image(error.into())
    }
}

impl BackupError {
    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Foreign { .. } | Self::Inside { .. } => {
                "name an empty folder elsewhere, or one that holds backups".to_owned()
            }
            Self::Busy { .. } => "wait until it is done".to_owned(),
            Self::NoBackup { .. } => "name a folder that a full backup was made in".to_owned(),
            Self::Damaged { .. } | Self::Unproven { .. } => {
                "restore from another backup; nothing was changed".to_owned()
            }
            Self::Newer { .. } => "use the program that wrote it, or a newer one".to_owned(),
            Self::NoneEndsAt { .. } | Self::PackedAway { .. } | Self::OtherHistory { .. } => {
                "make a full backup: leave `--since` away".to_owned()
            }
            Self::Incomplete { .. } => {
                "put the missing backup back into the folder, or restore an earlier transaction"
                    .to_owned()
            }
            Self::NotCovered { .. } => "name one of these".to_owned(),
            Self::Occupied { path, .. } => format!(
                "move {} aside first, or name a folder that is not there yet",
                path.display()
            ),
            Self::Open(error) => error.hint(),
            Self::Image(ImageError::UnknownTransaction { .. } | ImageError::PackedAway { .. }) => {
                "`batos image history` shows the transactions".to_owned()
            }
            Self::Image(_) | Self::Log(LogError::Damaged { .. } | LogError::Gap { .. }) => {
                "the image itself is damaged: see `batos image fsck`".to_owned()
            }
            Self::Log(_) | Self::Commit(_) | Self::Io { .. } => {
                "see that the disk is there, has room, and that the folder is yours".to_owned()
            }
        }
    }
}

pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io {
        action,
        path,
        source,
    }
}
