//! One group of transactions as bytes.
//!
//! Header (64 bytes): magic, length of the body (8), first tid (8), number of transactions (4), eight
//! bytes of the blake3 hash of these and what follows, and the blake3 hash of the body (32). Body: each
//! transaction as length (4), sealed record, hash (32). All numbers are little-endian. Nothing in it
//! is believed before its hash fits.

use std::io;

use super::{ChainHash, record};
use crate::image::object::Tid;
use crate::image::proposal::TransactionRecord;

pub(super) const MAGIC: [u8; 4] = *b"BFR1";
/// Of the header.
pub(super) const HEADER_BYTES: usize = 64;
const FIELDS_BYTES: usize = 24;
const SUM_BYTES: usize = 8;

/// What a whole frame's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub body_bytes: usize,
    pub first: Tid,
    pub count: u32,
    body_hash: [u8; 32],
}

impl FrameHeader {
    /// `None` when these bytes are no header.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let header = bytes.first_chunk::<HEADER_BYTES>()?;
        let (fields, rest) = header.split_first_chunk::<FIELDS_BYTES>()?;
        let (sum, body_hash) = rest.split_first_chunk::<SUM_BYTES>()?;
        let (magic, fields_rest) = fields.split_first_chunk::<4>()?;
        if *magic != MAGIC || *sum != sum_of(fields, body_hash) {
            return None;
        }
        let (length, fields_rest) = fields_rest.split_first_chunk::<8>()?;
        let (first, count) = fields_rest.split_first_chunk::<8>()?;
        Some(Self {
            body_bytes: usize::try_from(u64::from_le_bytes(*length)).ok()?,
            first: Tid::from_le_bytes(*first),
            count: u32::from_le_bytes(*count.first_chunk()?),
            body_hash: *body_hash.first_chunk()?,
        })
    }

    /// The length that these bytes say, whether their checksum fits or not.
    #[cfg(any(test, fuzzing))]
    pub(super) fn claimed_body(bytes: &[u8]) -> usize {
        let length = bytes.get(4..).and_then(<[u8]>::first_chunk);
        let length = length.copied().map_or(0, u64::from_le_bytes);
        usize::try_from(length).unwrap_or(usize::MAX)
    }

    pub(super) fn fits(&self, body: &[u8]) -> bool {
        *blake3::hash(body).as_bytes() == self.body_hash
    }
}

/// Transactions that were synced together, and the chain's hash after each.
#[derive(Default)]
pub(in crate::image) struct Group {
    pub records: Vec<TransactionRecord>,
    pub hashes: Vec<ChainHash>,
}

/// The frame of a group that follows `newest`, and where the chain ends then.
pub(super) fn encode(
    group: &[TransactionRecord],
    newest: Tid,
    previous: ChainHash,
) -> io::Result<(Vec<u8>, Tid, ChainHash)> {
    let mut body = Vec::new();
    let (mut tid, mut hash) = (newest, previous);
    for transaction in group {
        let sealed = record::seal(transaction, hash)?;
        let length = u32::try_from(sealed.len())
            .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "a transaction over 4 GiB"))?;
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(&sealed);
        (tid, hash) = (transaction.tid, *blake3::hash(&sealed).as_bytes());
        body.extend_from_slice(&hash);
    }
    let count = u32::try_from(group.len()).map_err(io::Error::other)?;
    Ok((framed(newest + 1, count, &body), tid, hash))
}

/// A body with its header.
fn framed(first: Tid, count: u32, body: &[u8]) -> Vec<u8> {
    let mut fields = MAGIC.to_vec();
    fields.extend_from_slice(&(body.len() as u64).to_le_bytes());
    fields.extend_from_slice(&first.to_le_bytes());
    fields.extend_from_slice(&count.to_le_bytes());
    let body_hash = blake3::hash(body);
    let sum = sum_of(&fields, body_hash.as_bytes());
    [&fields, &sum[..], body_hash.as_bytes(), body].concat()
}

/// The frame of a frame's transactions up to `last`, each byte of them as it was.
pub(in crate::image) fn cut(frame: &[u8], last: Tid) -> Option<Vec<u8>> {
    let header = FrameHeader::decode(frame)?;
    let body = frame.get(HEADER_BYTES..)?;
    let count = u32::try_from(last.checked_sub(header.first)?).ok()? + 1;
    let mut end = 0;
    for _ in 0..count {
        let length = body.get(end..)?.first_chunk::<4>()?;
        end += 4 + u32::from_le_bytes(*length) as usize + size_of::<ChainHash>();
    }
    Some(framed(header.first, count, body.get(..end)?))
}

/// The frame of a frame's transactions after `tid`, each byte of them as it was.
pub(super) fn after(frame: &[u8], tid: Tid) -> Option<Vec<u8>> {
    let header = FrameHeader::decode(frame)?;
    let mut body = frame.get(HEADER_BYTES..)?;
    let gone = u32::try_from((tid + 1).checked_sub(header.first)?).ok()?;
    let count = header.count.checked_sub(gone).filter(|count| *count > 0)?;
    for _ in 0..gone {
        let length = body.first_chunk::<4>()?;
        let bytes = 4 + u32::from_le_bytes(*length) as usize + size_of::<ChainHash>();
        body = body.get(bytes..)?;
    }
    Some(framed(tid + 1, count, body))
}

/// The transactions of a body whose hash fits.
///
/// # Errors
/// A sentence about what is wrong: it was written so, or the chain is broken.
pub(super) fn decode(
    header: &FrameHeader,
    mut body: &[u8],
    newest: Tid,
    previous: ChainHash,
) -> Result<Group, String> {
    follows(header, newest)?;
    let mut group = Group::default();
    let mut hash = previous;
    for tid in (header.first..=Tid::MAX).take(header.count as usize) {
        let cut = || format!("transaction {tid} is cut off");
        let (sealed, stored, rest) = split(body).ok_or_else(cut)?;
        let (transaction, named) =
            record::open(sealed).map_err(|error| format!("transaction {tid}: {error}"))?;
        is_linked(tid, transaction.tid, named == hash)?;
        hash = *blake3::hash(sealed).as_bytes();
        if stored != hash {
            return Err(format!("transaction {tid} does not have its hash"));
        }
        group.records.push(transaction);
        group.hashes.push(hash);
        body = rest;
    }
    ends(body)?;
    Ok(group)
}

/// Follows the chain through a body whose hash fits without reading all of it: that its transactions are
/// as many as it says, and that the first names the hash of the one before. Gives the hash of the last.
///
/// # Errors
/// As of [`decode`].
pub(super) fn pass(
    header: &FrameHeader,
    body: &[u8],
    newest: Tid,
    previous: ChainHash,
) -> Result<ChainHash, String> {
    follows(header, newest)?;
    let mut rest = body;
    let mut hash = previous;
    for tid in (header.first..=Tid::MAX).take(header.count as usize) {
        let cut = || format!("transaction {tid} is cut off");
        let (sealed, stored, after) = split(rest).ok_or_else(cut)?;
        if tid == header.first {
            let (own, named) =
                record::link(sealed).map_err(|error| format!("transaction {tid}: {error}"))?;
            is_linked(tid, own, named == hash)?;
        }
        (hash, rest) = (stored, after);
    }
    ends(rest)?;
    Ok(hash)
}

fn follows(header: &FrameHeader, newest: Tid) -> Result<(), String> {
    if newest.checked_add(1) == Some(header.first) {
        return Ok(());
    }
    let first = header.first;
    Err(format!("transaction {first} follows {newest} there"))
}

/// A transaction's record, its hash, and what comes after them.
fn split(body: &[u8]) -> Option<(&[u8], ChainHash, &[u8])> {
    let (length, rest) = body.split_first_chunk::<4>()?;
    let (sealed, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let (stored, rest) = rest.split_first_chunk::<32>()?;
    Some((sealed, *stored, rest))
}

fn is_linked(expected: Tid, tid: Tid, names_it: bool) -> Result<(), String> {
    if tid != expected {
        return Err(format!("transaction {tid} is where {expected} is expected"));
    }
    if !names_it {
        return Err(format!(
            "transaction {tid} does not name the hash of the one before it"
        ));
    }
    Ok(())
}

fn ends(rest: &[u8]) -> Result<(), String> {
    if rest.is_empty() {
        return Ok(());
    }
    Err(format!("{} bytes follow the last transaction", rest.len()))
}

/// The hash that a body's first transaction names as that of the one before it.
pub(super) fn named_by(body: &[u8]) -> Option<ChainHash> {
    let (sealed, ..) = split(body)?;
    record::link(sealed).ok().map(|(_, previous)| previous)
}

/// A frame with the numbers of this header, this body, and the hashes of both.
#[cfg(any(test, fuzzing))]
pub(super) fn with_sums(header: &[u8], body: &[u8]) -> Vec<u8> {
    let mut frame = MAGIC.to_vec();
    frame.extend_from_slice(&(body.len() as u64).to_le_bytes());
    frame.extend_from_slice(header.get(12..FIELDS_BYTES).unwrap_or_default());
    let hash = blake3::hash(body);
    let sum = sum_of(&frame, hash.as_bytes());
    frame.extend_from_slice(&sum);
    frame.extend_from_slice(hash.as_bytes());
    frame.extend_from_slice(body);
    frame
}

fn sum_of(fields: &[u8], body_hash: &[u8]) -> [u8; SUM_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(fields).update(body_hash);
    let mut sum = [0; SUM_BYTES];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Author;
    use crate::image::log::GENESIS;
    use crate::image::proposal::Operation;

    fn transaction(tid: Tid) -> TransactionRecord {
        TransactionRecord {
            tid,
            time_ms: 1,
            author: Author::Kernel,
            operations: vec![Operation::RemoveFact {
                key: tid.to_string(),
            }],
            audit: Vec::new(),
        }
    }

    #[test]
    fn the_chain_is_followed_through_what_is_not_read() {
        let group = [transaction(4), transaction(5), transaction(6)];
        let before = [7; 32];
        let (frame, newest, hash) = encode(&group, 3, before).unwrap_or_default();
        let header = FrameHeader::decode(&frame);
        let body = frame.get(HEADER_BYTES..).unwrap_or_default();
        let passed = |newest, previous| {
            let header = header.ok_or_else(|| "no header".to_owned())?;
            pass(&header, body, newest, previous)
        };
        assert_eq!((passed(3, before), newest), (Ok(hash), 6));
        assert!(passed(2, before).is_err());
        assert!(passed(3, [8; 32]).is_err());
        for count in [2, 4] {
            let other = framed(4, count, body);
            let header = FrameHeader::decode(&other);
            let passed = header.map(|header| pass(&header, body, 3, before));
            assert!(passed.is_some_and(|passed| passed.is_err()), "{count}");
        }
    }

    #[test]
    fn a_frame_that_is_cut_holds_the_first_of_its_transactions() {
        let group = [transaction(1), transaction(2), transaction(3)];
        let (whole, _, _) = encode(&group, 0, GENESIS).unwrap_or_default();
        let decoded = |frame: &[u8]| {
            let header = FrameHeader::decode(frame)?;
            let body = frame.get(HEADER_BYTES..)?;
            assert!(header.fits(body) && header.body_bytes == body.len());
            Some(decode(&header, body, 0, GENESIS).ok()?.hashes)
        };
        let hashes = decoded(&whole).unwrap_or_default();
        assert_eq!(hashes.len(), 3);
        for (count, last) in (1..=3).zip(1..) {
            let cut = cut(&whole, last).and_then(|cut| decoded(&cut));
            assert_eq!(cut.as_deref(), hashes.get(..count));
        }
        for (count, tid) in (1..3).zip(1..) {
            let rest = after(&whole, tid).unwrap_or_default();
            let header = FrameHeader::decode(&rest).map(|header| (header.first, header.count));
            let body = rest.get(HEADER_BYTES..).unwrap_or_default();
            assert_eq!(header, Some((tid + 1, 3 - count)));
            let before = *hashes.get(count as usize - 1).unwrap_or(&GENESIS);
            let header = FrameHeader::decode(&rest).filter(|header| header.fits(body));
            let decoded = header.and_then(|header| decode(&header, body, tid, before).ok());
            let decoded = decoded.map(|group| group.hashes).unwrap_or_default();
            assert_eq!(Some(&*decoded), hashes.get(count as usize..));
        }
        assert_eq!(after(&whole, 0), Some(whole.clone()));
        assert_eq!(after(&whole, 3), None);
        assert_eq!(cut(&whole, 3), Some(whole.clone()));
        assert_eq!(cut(&whole, 4), None);
        assert_eq!(cut(&whole, 0), None);
    }
}
