//! Reading an export as if an enemy had written it: without allocating for what it claims, believing
//! nothing that was not checked, and without side effects.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::{
    ExportedRecord, FIELDS_BYTES, HEADER_BYTES, MAGIC, MAX_EXPORT_BYTES, Package, TransferError,
    hash_of,
};
use crate::image::object::{Object, Oid, Slot};
use crate::image::record::ArchivedMethodRecord;
use crate::image::{BlobId, envelope, links, values};

/// Of one slot's type.
const MAX_TYPE_BYTES: usize = 4096;
/// Of one name that is shown: an author's.
const MAX_AUTHOR_BYTES: usize = 255;

struct Header {
    objects: u32,
    blobs: u32,
    root: Oid,
}

/// The export in these bytes.
///
/// # Errors
/// When anything about it is not as an export is.
pub fn decode(bytes: &[u8]) -> Result<Package, TransferError> {
    let (header, mut body) = open(bytes)?;
    let mut objects = BTreeMap::new();
    for number in 1..=header.objects {
        let object = object(part(&mut body)?, number)?;
        if objects
            .last_key_value()
            .is_some_and(|(last, _)| *last >= object.oid)
        {
            return Err(damaged(format!(
                "object {} is not in its place",
                object.oid
            )));
        }
        check_object(&object)?;
        objects.insert(object.oid, object);
    }
    let mut blobs = BTreeMap::new();
    for _ in 0..header.blobs {
        let bytes = part(&mut body)?;
        let id = BlobId::of(bytes);
        if blobs.last_key_value().is_some_and(|(last, _)| *last >= id) {
            return Err(damaged(format!("blob {id} is not in its place")));
        }
        blobs.insert(id, bytes.to_vec());
    }
    if !body.is_empty() {
        return Err(damaged(format!("{} bytes follow its end", body.len())));
    }
    let package = Package {
        root: header.root,
        objects,
        blobs,
    };
    check_whole(&package)?;
    Ok(package)
}

impl Package {
    /// Reads an export, no more than one may have.
    pub fn read(from: impl io::Read) -> Result<Self, TransferError> {
        let mut bytes = Vec::new();
        let limit = MAX_EXPORT_BYTES + HEADER_BYTES as u64;
        let read = io::Read::read_to_end(&mut from.take(limit + 1), &mut bytes);
        read.map_err(|source| TransferError::Io {
            action: "read",
            source,
        })?;
        decode(&bytes)
    }
}

fn open(bytes: &[u8]) -> Result<(Header, &[u8]), TransferError> {
    let not = |why| TransferError::NotAnExport { why };
    let short = || not("it is too short");
    let (header, body) = bytes
        .split_first_chunk::<HEADER_BYTES>()
        .ok_or_else(short)?;
    let (fields, hash) = header
        .split_first_chunk::<FIELDS_BYTES>()
        .ok_or_else(short)?;
    let (magic, values) = fields.split_first_chunk::<8>().ok_or_else(short)?;
    if *magic != MAGIC {
        return Err(not("it does not begin as one"));
    }
    let (length, values) = values.split_first_chunk::<8>().ok_or_else(short)?;
    let (objects, values) = values.split_first_chunk::<4>().ok_or_else(short)?;
    let (blobs, root) = values.split_first_chunk::<4>().ok_or_else(short)?;
    let length = u64::from_le_bytes(*length);
    let limit = MAX_EXPORT_BYTES;
    if length > limit || body.len() as u64 > limit {
        let bytes = length.max(body.len() as u64);
        return Err(TransferError::TooLarge { bytes, limit });
    }
    if length != body.len() as u64 {
        let there = body.len();
        return Err(damaged(format!(
            "it says {length} bytes, there are {there}"
        )));
    }
    if *hash != hash_of(fields, body) {
        return Err(damaged("it does not have its hash".to_owned()));
    }
    let header = Header {
        objects: u32::from_le_bytes(*objects),
        blobs: u32::from_le_bytes(*blobs),
        root: Oid::from_le_bytes(*root.first_chunk().ok_or_else(short)?),
    };
    Ok((header, body))
}

/// The next part of the body: its length, its bytes.
fn part<'a>(body: &mut &'a [u8]) -> Result<&'a [u8], TransferError> {
    let cut = || damaged("a part of it is cut off".to_owned());
    let (length, rest) = body.split_first_chunk::<8>().ok_or_else(cut)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| cut())?;
    let (part, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    *body = rest;
    Ok(part)
}

fn object(sealed: &[u8], number: u32) -> Result<Object, TransferError> {
    let record = envelope::open::<ExportedRecord>(sealed)
        .map_err(|source| TransferError::Record { number, source })?;
    let head = record.object.to_head(record.number.to_native());
    let methods = record.methods.iter().map(ArchivedMethodRecord::to_method);
    let mut object = head.with_methods(methods.collect());
    object.tid = 0;
    for method in &mut object.methods {
        method.mission = None;
    }
    Ok(object)
}

/// What the image would not check, or not before it had taken it.
fn check_object(object: &Object) -> Result<(), TransferError> {
    let form = |why: String| Err(form(object, why));
    if object.oid == 0 {
        return form("has no number".to_owned());
    }
    let mut names = BTreeSet::new();
    for slot in &object.slots {
        if !names.insert(&slot.name) {
            return form(format!("has the slot {:?} twice", short(&slot.name)));
        }
        if let Err(why) = check_slot(slot) {
            return form(format!("has in the slot {:?} {why}", short(&slot.name)));
        }
    }
    let mut selectors = BTreeSet::new();
    for method in &object.methods {
        let selector = short(&method.selector);
        if !selectors.insert(&method.selector) {
            return form(format!("has the method {selector:?} twice"));
        }
        let slots = method.slots.iter();
        let mut texts = slots.flat_map(|(name, ty)| [name.as_str(), ty.as_str()]);
        if !texts.all(|text| is_line(text, MAX_TYPE_BYTES))
            || !is_line(&method.author, MAX_AUTHOR_BYTES)
        {
            return form(format!(
                "says of the method {selector:?} what is too long or has control characters"
            ));
        }
        if serde_json::from_str::<Vec<serde::de::IgnoredAny>>(&method.checks_json).is_err() {
            return form(format!(
                "has checks of the method {selector:?} that are no JSON array"
            ));
        }
    }
    Ok(())
}

fn check_slot(slot: &Slot) -> Result<(), &'static str> {
    if slot.rust_type.is_empty() || !is_line(&slot.rust_type, MAX_TYPE_BYTES) {
        return Err("what is no type");
    }
    if !values::is_whole(&slot.value) {
        return Err("what is not one whole value");
    }
    if !links::are_declared(slot) {
        return Err("a reference that its type does not have");
    }
    Ok(())
}

/// What leads from one object to another stays among them; parents come to an end; no name and no blob
/// is there for nothing.
fn check_whole(package: &Package) -> Result<(), TransferError> {
    let objects = &package.objects;
    if !objects.contains_key(&package.root) {
        return Err(damaged(format!("object {} is not in it", package.root)));
    }
    let mut names = BTreeSet::new();
    let mut reached = BTreeSet::new();
    let mut waiting = vec![package.root];
    while let Some(oid) = waiting.pop() {
        let Some(object) = objects.get(&oid) else {
            return Err(damaged(format!("object {oid} is not in it")));
        };
        if reached.insert(oid) {
            waiting.extend(links::of(&object.head()));
            if !object.name.is_empty() && !names.insert(&object.name) {
                return Err(form(object, "is there twice".to_owned()));
            }
        }
    }
    if let Some(extra) = objects.keys().find(|oid| !reached.contains(oid)) {
        return Err(damaged(format!("nothing leads to object {extra} in it")));
    }
    check_parents(objects)?;
    let methods = objects.values().flat_map(|object| &object.methods);
    let named: BTreeSet<BlobId> = methods.map(|method| method.wasm).collect();
    match package.blobs.keys().find(|id| !named.contains(id)) {
        Some(extra) => Err(damaged(format!("no method in it has the code {extra}"))),
        None => Ok(()),
    }
}

fn check_parents(objects: &BTreeMap<Oid, Object>) -> Result<(), TransferError> {
    // Each object is walked through once.
    let mut ending: BTreeSet<Oid> = BTreeSet::new();
    for start in objects.values() {
        let mut line = BTreeSet::new();
        let mut at = Some(start);
        while let Some(object) = at.filter(|object| !ending.contains(&object.oid)) {
            if !line.insert(object.oid) {
                return Err(form(object, "inherits from itself".to_owned()));
            }
            at = object.parent.and_then(|parent| objects.get(&parent));
        }
        ending.extend(line);
    }
    Ok(())
}

fn is_line(text: &str, limit: usize) -> bool {
    text.len() <= limit && !text.chars().any(char::is_control)
}

fn form(object: &Object, why: String) -> TransferError {
    TransferError::Form {
        object: short(&object.head().known_as()),
        why,
    }
}

/// Of a name that may be anything.
fn short(name: &str) -> String {
    let shown = name.chars().take(80);
    shown.filter(|letter| !letter.is_control()).collect()
}

fn damaged(why: String) -> TransferError {
    TransferError::Damaged { why }
}
