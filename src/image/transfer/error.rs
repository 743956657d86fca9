//! Why an object could not be exported or imported, and what to do about it.

use std::io;

use crate::image::{EnvelopeError, ImageError, Oid};

/// Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("there is no object {oid} to export")]
    UnknownObject { oid: Oid },
    #[error("an export of {bytes} bytes is too large: the limit is {limit}")]
    TooLarge { bytes: u64, limit: u64 },
    #[error("this is not an export of an object: {why}")]
    NotAnExport { why: &'static str },
    #[error("the export is damaged: {why}")]
    Damaged { why: String },
    #[error("the export is damaged: object {number} of it cannot be read")]
    Record {
        /// Which one in the file, from 1.
        number: u32,
        #[source]
        source: EnvelopeError,
    },
    #[error("the export cannot be taken: {object} {why}")]
    Form { object: String, why: String },
    #[error("cannot import {name}: an object of that name exists")]
    NameTaken { name: String },
    #[error("cannot reuse {name}: the object of that name has another {what}")]
    Differs { name: String, what: String },
    #[error("cannot import the method {selector} of {object}: {why}")]
    Refused {
        object: String,
        selector: String,
        why: String,
    },
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error("cannot {action} the export")]
    Io {
        action: &'static str,
        #[source]
        source: io::Error,
    },
}

impl TransferError {
    /// What a person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UnknownObject { .. } => "see `batos object ls`",
            Self::TooLarge { .. } => "export objects that lead to less",
            Self::NotAnExport { .. } => "name a file that `batos image export` wrote",
            Self::Damaged { .. } => "copy the file again; nothing was changed",
            Self::Record {
                source: EnvelopeError::Newer { .. },
                ..
            } => "use the program that wrote it, or a newer one; nothing was changed",
            Self::Record { .. } | Self::Form { .. } => {
                "it was not written by this program as it is; nothing was changed"
            }
            Self::NameTaken { .. } => {
                "import under other names with a prefix, or reuse what is equal"
            }
            Self::Differs { .. } => "import under other names with a prefix",
            Self::Refused { .. } => "nothing was changed; the method would have to be written anew",
            Self::Image(_) | Self::Io { .. } => "nothing was changed",
        }
    }
}
