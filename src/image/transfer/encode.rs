//! Exporting: an object, all that it leads to, and the code of their methods, as one file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::{ExportedRecord, HEADER_BYTES, MAGIC, MAX_EXPORT_BYTES, TransferError, hash_of};
use crate::image::object::{Object, Oid};
use crate::image::record::{MethodRecord, ObjectRecord};
use crate::image::{BlobId, Image, Read, envelope, links};

/// An export that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Names of the objects, that of the exported one first; one without a name by its number.
    pub objects: Vec<String>,
    pub methods: u64,
    pub blobs: u64,
    pub bytes: u64,
}

impl Image {
    /// Writes an object as `read` knows it, with everything that it leads to, to `out`. Missions, call
    /// counts and the history stay here.
    pub fn export(
        &self,
        read: &impl Read,
        oid: Oid,
        out: &mut impl Write,
    ) -> Result<Exported, TransferError> {
        let objects = reached(read, oid)?;
        let mut body = Body::default();
        for object in objects.values() {
            body.object(object)?;
        }
        let methods = objects.values().flat_map(|object| &object.methods);
        let blobs: BTreeSet<BlobId> = methods.clone().map(|method| method.wasm).collect();
        for blob in &blobs {
            body.blob(&self.blobs().get(*blob)?)?;
        }
        let header = body.header(oid);
        let written = out.write_all(&header);
        let written = written.and_then(|()| out.write_all(&body.bytes));
        written.map_err(|source| TransferError::Io {
            action: "write",
            source,
        })?;
        let (root, others) = objects.values().partition::<Vec<_>, _>(|o| o.oid == oid);
        Ok(Exported {
            objects: root
                .iter()
                .chain(&others)
                .map(|o| o.head().known_as())
                .collect(),
            methods: methods.count() as u64,
            blobs: blobs.len() as u64,
            bytes: (header.len() + body.bytes.len()) as u64,
        })
    }
}

/// The object and those that it leads to, and so on.
fn reached(read: &impl Read, oid: Oid) -> Result<BTreeMap<Oid, Object>, TransferError> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![oid];
    while let Some(oid) = waiting.pop() {
        if found.contains_key(&oid) {
            continue;
        }
        let object = read.object(oid)?;
        let object = object.ok_or(TransferError::UnknownObject { oid })?;
        waiting.extend(links::of(&object.head()));
        found.insert(oid, object);
    }
    Ok(found)
}

/// What follows the header.
#[derive(Default)]
pub(super) struct Body {
    pub bytes: Vec<u8>,
    objects: u32,
    blobs: u32,
}

impl Body {
    pub(super) fn header(&self, root: Oid) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&(self.bytes.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&self.objects.to_le_bytes());
        bytes.extend_from_slice(&self.blobs.to_le_bytes());
        bytes.extend_from_slice(&root.to_le_bytes());
        let hash = hash_of(&bytes, &self.bytes);
        bytes.extend_from_slice(&hash);
        bytes
    }

    /// In the order of their numbers.
    pub(super) fn object(&mut self, object: &Object) -> Result<(), TransferError> {
        let head = object.head();
        let methods = object.methods.iter().map(|method| MethodRecord {
            // Missions are numbered otherwise elsewhere.
            mission: None,
            ..MethodRecord::of(method)
        });
        let record = ExportedRecord {
            number: object.oid,
            object: ObjectRecord::of(&head, 0),
            methods: methods.collect(),
        };
        let sealed = envelope::seal(&record).map_err(|error| TransferError::Form {
            object: head.known_as(),
            why: error.to_string(),
        })?;
        self.objects += 1;
        self.part(&sealed)
    }

    /// In the order of their names.
    pub(super) fn blob(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        self.blobs += 1;
        self.part(bytes)
    }

    fn part(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        let length = bytes.len() as u64;
        let total = self.bytes.len() as u64 + 8 + length;
        if total > MAX_EXPORT_BYTES {
            return Err(TransferError::TooLarge {
                bytes: total,
                limit: MAX_EXPORT_BYTES,
            });
        }
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}
