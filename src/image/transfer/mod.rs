//! Objects on the move: one file with an object and everything that it leads to, taken into another image.
//!
//! An export is made by [`Image::export`]. [`decode`] takes it for hostile: it gives a [`Package`] only
//! when every part of it is what it claims to be, and changes nothing. [`Transaction::import`] gives the
//! objects new numbers and lets its caller judge each method, since neither source nor code of a
//! stranger may be trusted here.

mod decode;
mod encode;
mod error;
#[cfg(any(test, fuzzing))]
pub(super) mod fuzz;
mod import;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use decode::decode;
pub use encode::Exported;
pub use error::TransferError;
pub use import::{ImportOptions, Imported, OnConflict};

use rkyv::{Archive, Deserialize, Serialize};

use super::BlobId;
use super::envelope::{Kind, Record};
use super::object::{Object, Oid};
use super::record::{MethodRecord, ObjectRecord};

/// Limit of a whole export.
pub const MAX_EXPORT_BYTES: u64 = 512 * 1024 * 1024;

const MAGIC: [u8; 8] = *b"BATOBJ01";
/// Magic (8), length of the body (8), number of objects (4) and of blobs (4), number of the first object (8).
const FIELDS_BYTES: usize = 32;
/// And the hash of these and the body (32).
const HEADER_BYTES: usize = 64;

/// An export that was found to be whole. Nothing in it was judged yet but its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    root: Oid,
    /// By number.
    objects: BTreeMap<Oid, Object>,
    blobs: BTreeMap<BlobId, Vec<u8>>,
}

impl Package {
    /// The object that was exported; the others are what it leads to.
    pub fn root(&self) -> Oid {
        self.root
    }

    /// By the numbers that they had where they come from.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.values()
    }

    pub fn object(&self, oid: Oid) -> Option<&Object> {
        self.objects.get(&oid)
    }

    /// The compiled code that a method names, if it was exported with it. Its hash fits; what it does is
    /// not known.
    pub fn blob(&self, id: BlobId) -> Option<&[u8]> {
        self.blobs.get(&id).map(Vec::as_slice)
    }
}

/// One object in an export.
#[derive(Archive, Serialize, Deserialize)]
struct ExportedRecord {
    number: Oid,
    object: ObjectRecord,
    methods: Vec<MethodRecord>,
}

impl Record for ExportedRecord {
    const KIND: Kind = Kind::Exported;
    const VERSION: u8 = 1;
}

fn hash_of(fields: &[u8], body: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(fields).update(body);
    *hasher.finalize().as_bytes()
}
