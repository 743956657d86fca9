//! Why an image was not packed, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::image::base::BaseError;
use crate::image::{CommitError, ImageError, LogError, StoreError, Tid};

/// The image is whole, and goes on.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("cannot pack until transaction {tid}: the newest is {newest}")]
    Unknown { tid: Tid, newest: Tid },
    #[error("cannot pack until transaction {tid}: the history begins at {horizon} already")]
    Earlier { tid: Tid, horizon: Tid },
    #[error("cannot pack: {what}")]
    Differs { what: String },
    #[error("cannot pack: {} MiB are left on the disk of {}", .left / (1024 * 1024), .folder.display())]
    NoRoom {
        folder: PathBuf,
        /// Bytes that are free.
        left: u64,
    },
    #[error("cannot remove objects that nothing leads to")]
    Commit(#[source] CommitError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot {action} {}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl From<BaseError> for PackError {
    fn from(error: BaseError) -> Self {
        match error {
            BaseError::Log(error) => Self::Log(error),
            BaseError::Store(error) => Self::Store(error),
        }
    }
}

impl PackError {
    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { .. } | Self::Earlier { .. } => {
                "`batos image history` shows what there is".to_owned()
            }
            Self::Differs { .. } | Self::Log(LogError::Damaged { .. } | LogError::Gap { .. }) => {
                "nothing was dropped; `batos image fsck` says what is damaged".to_owned()
            }
            Self::Log(LogError::Io { .. }) | Self::Io { .. } | Self::NoRoom { .. } => {
                "see that the disk is there, has room, and that the folder is yours; pack needs as \
                 much room beside as the packed state takes"
                    .to_owned()
            }
            Self::Commit(_) | Self::Image(_) | Self::Log(_) | Self::Store(_) => {
                "`batos image fsck` says what is damaged and what can be done".to_owned()
            }
        }
    }
}

pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PackError {
    let path = path.to_owned();
    move |source| PackError::Io {
        action,
        path,
        source,
    }
}
