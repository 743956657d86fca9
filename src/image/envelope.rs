//! The envelope around every stored record: kind, version and checksum, outside rkyv.
//!
//! So a record says what it is before anything trusts its inner layout. `open` refuses another kind,
//! a newer version, a wrong checksum and bytes that rkyv's validator does not accept; there is no
//! other way to a record.

use rkyv::api::high::{HighSerializer, HighValidator};
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor;
use rkyv::ser::allocator::ArenaHandle;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Serialize};

/// Kind, version, and the first eight bytes of the blake3 hash of kind, version and record.
const HEADER_BYTES: usize = 1 + 1 + CHECKSUM_BYTES;
pub(super) const CHECKSUM_BYTES: usize = 8;

/// What a record is. The numbers are stored: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Object = 1,
    Name = 2,
    Method = 3,
    Calls = 4,
    Mission = 5,
    Fact = 6,
    Audit = 7,
    Removed = 8,
    Number = 9,
    Log = 10,
    Tag = 11,
    Exported = 12,
}

/// A type that is stored, in its newest version.
pub(super) trait Record: Archive {
    const KIND: Kind;
    const VERSION: u8;
}

/// A type that can be made bytes of; every stored type is.
pub(super) trait Sealable:
    for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, rancor::Error>>
{
}

impl<T> Sealable for T where
    T: for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, rancor::Error>>
{
}

/// Why stored bytes are not the record that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    #[error("it is cut off after {bytes} bytes")]
    Short { bytes: usize },
    #[error("it is of kind {found}, not {expected}")]
    Kind { found: u8, expected: u8 },
    #[error("it is of version {found}, this program reads up to {known}: use a newer one")]
    Newer { found: u8, known: u8 },
    #[error("its checksum does not match: it is damaged")]
    Checksum,
    #[error("its layout is not valid")]
    Layout(#[source] rancor::Error),
}

/// What a sealed record says that it is.
pub(super) fn kind(bytes: &[u8]) -> Option<u8> {
    bytes.first().copied()
}

pub(super) fn seal<R: Record + Sealable>(record: &R) -> Result<Vec<u8>, rancor::Error> {
    let body = rkyv::to_bytes::<rancor::Error>(record)?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
    bytes.push(R::KIND as u8);
    bytes.push(R::VERSION);
    bytes.extend_from_slice(&checksum(R::KIND as u8, R::VERSION, &body));
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

pub(super) fn open<R>(bytes: &[u8]) -> Result<&R::Archived, EnvelopeError>
where
    R: Record,
    R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
{
    let Some(([kind, version, sum @ ..], body)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(EnvelopeError::Short { bytes: bytes.len() });
    };
    if *kind != R::KIND as u8 {
        return Err(EnvelopeError::Kind {
            found: *kind,
            expected: R::KIND as u8,
        });
    }
    if *version > R::VERSION {
        return Err(EnvelopeError::Newer {
            found: *version,
            known: R::VERSION,
        });
    }
    if *sum != checksum(*kind, *version, body) {
        return Err(EnvelopeError::Checksum);
    }
    rkyv::access::<R::Archived, rancor::Error>(body).map_err(EnvelopeError::Layout)
}

pub(super) fn checksum(kind: u8, version: u8, body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind, version]).update(body);
    let mut sum = [0; CHECKSUM_BYTES];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use super::super::record::NumberRecord;
    use super::*;

    fn sealed() -> Vec<u8> {
        seal(&NumberRecord { number: 7 }).unwrap_or_default()
    }

    #[test]
    fn what_was_sealed_opens() {
        let bytes = sealed();
        assert_eq!(
            open::<NumberRecord>(&bytes)
                .map(|n| n.number.to_native())
                .ok(),
            Some(7)
        );
    }

    #[test]
    fn a_newer_version_is_refused_by_name() {
        let mut bytes = sealed();
        if let Some(version) = bytes.get_mut(1) {
            *version = 9;
        }
        let error = open::<NumberRecord>(&bytes).err().map(|e| e.to_string());
        insta::assert_snapshot!(error.unwrap_or_default(), @"it is of version 9, this program reads up to 1: use a newer one");
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = sealed();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            if let Some(byte) = flipped.get_mut(bit / 8) {
                *byte ^= 1 << (bit % 8);
            }
            let opened = open::<NumberRecord>(&flipped);
            assert!(opened.is_err(), "bit {bit} went unnoticed");
        }
        for length in 0..bytes.len() {
            assert!(open::<NumberRecord>(bytes.get(..length).unwrap_or_default()).is_err());
        }
    }
}
