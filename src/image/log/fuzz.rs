//! The log's decoders, for `image::fuzz`.

use std::path::Path;

use super::frame::{self, FrameHeader};
use super::segment::{self, Segment, whole_frame};
use super::{ChainHash, record};
use crate::image::envelope::CHECKSUM_BYTES;
use crate::image::fuzz::{Opened, sealed};
use crate::image::proposal::{Operation, TransactionRecord};

/// A group that was accepted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    pub records: usize,
    /// What it says.
    pub meaning: String,
    /// The same, as this program writes it.
    pub again: Vec<u8>,
}

/// A segment that was accepted, with or without a torn end.
#[derive(Debug, PartialEq, Eq)]
pub struct Segmented {
    pub records: usize,
    /// Where the whole groups end.
    pub whole_bytes: u64,
    pub torn: bool,
}

pub(in crate::image) fn transaction(sealed: &[u8]) -> Option<Opened> {
    let (mut transaction, previous) = record::open(sealed).ok()?;
    Some(Opened {
        meaning: meaning(&mut transaction, previous),
        again: record::seal(&transaction, previous).ok()?,
    })
}

fn meaning(transaction: &mut TransactionRecord, previous: ChainHash) -> String {
    for operation in &mut transaction.operations {
        // Each also says a tid, which nobody looks at: what is applied gets the transaction's.
        match operation {
            Operation::PutObject { head, .. } => head.tid = 0,
            Operation::PutMission(mission) => mission.tid = 0,
            _ => {}
        }
    }
    let TransactionRecord {
        tid,
        time_ms,
        author,
        operations,
        audit,
    } = transaction;
    let [a, b, c, d, ..] = previous;
    format!(
        "{tid} after {a:02x}{b:02x}{c:02x}{d:02x} at {time_ms} by {author:?}: {operations:?} {audit:?}"
    )
}

/// Reads the group that these bytes begin with, after whatever its first transaction names as the
/// one before it; `None` when it is refused.
pub fn group(bytes: &[u8]) -> Option<Grouped> {
    let (header, body) = whole_frame(bytes)?;
    let newest = header.first.checked_sub(1)?;
    let (length, rest) = body.split_first_chunk::<4>()?;
    let first = rest.get(..u32::from_le_bytes(*length) as usize)?;
    let (_, previous) = record::open(first).ok()?;
    let mut group = frame::decode(&header, body, newest, previous).ok()?;
    let records = group.records.iter_mut();
    let meaning = records.map(|record| meaning(record, previous)).collect();
    let (again, ..) = frame::encode(&group.records, newest, previous).ok()?;
    Some(Grouped {
        records: group.records.len(),
        meaning,
        again,
    })
}

/// Reads a segment to its end; `None` when it is refused.
pub fn segment(bytes: Vec<u8>, first: u64, is_last: bool) -> Option<Segmented> {
    let mut segment = Segment::of(Path::new(""), bytes, first, is_last).ok()?;
    let mut records = 0;
    while let Some(group) = segment.next_group().ok()? {
        records += group.records.len();
    }
    Some(Segmented {
        records,
        whole_bytes: segment.whole_bytes(),
        torn: segment.torn().is_some(),
    })
}

/// A segment of the same content whose checksums and hashes fit, as far as it has a segment's form.
/// Lengths are cut to what there is.
pub fn with_sums(bytes: &[u8]) -> Vec<u8> {
    let header = usize::try_from(segment::HEADER_BYTES).unwrap_or_default();
    let Some((fields, mut rest)) = bytes.split_at_checked(header) else {
        return bytes.to_vec();
    };
    let mut whole = segment::with_sum(fields);
    while let Some((fields, after)) = rest.split_at_checked(frame::HEADER_BYTES) {
        let claimed = FrameHeader::claimed_body(fields);
        let (body, after) = after.split_at(claimed.min(after.len()));
        whole.extend(frame::with_sums(fields, &body_with_sums(body)));
        rest = after;
    }
    whole.extend_from_slice(rest);
    whole
}

fn body_with_sums(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some((length, after)) = body.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let Some((old, after)) = after.split_at_checked(length) else {
            break;
        };
        let record = match old {
            [kind, version, rest @ ..] => sealed(
                *kind,
                *version,
                rest.get(CHECKSUM_BYTES..).unwrap_or_default(),
            ),
            _ => old.to_vec(),
        };
        let length = u32::try_from(record.len()).unwrap_or_default();
        whole.extend_from_slice(&length.to_le_bytes());
        whole.extend_from_slice(&record);
        whole.extend_from_slice(blake3::hash(&record).as_bytes());
        body = after.get(32..).unwrap_or_default();
    }
    whole.extend_from_slice(body);
    whole
}

#[cfg(test)]
mod tests {
    use super::super::GENESIS;
    use super::*;
    use crate::image::Author;

    #[test]
    fn numbers_at_the_ends_of_their_range_do_not_wrap_round() {
        let record = |tid| TransactionRecord {
            tid,
            time_ms: 0,
            author: Author::Kernel,
            operations: Vec::new(),
            audit: Vec::new(),
        };
        let written = |tids: &[u64]| {
            let records: Vec<_> = tids.iter().map(|tid| record(*tid)).collect();
            frame::encode(&records, u64::MAX - 1, GENESIS).map_or_else(|_| Vec::new(), |all| all.0)
        };
        let read = |bytes: &[u8]| group(bytes).map(|group| group.records);
        assert_eq!(read(&written(&[u64::MAX])), Some(1));
        assert_eq!(read(&written(&[u64::MAX, 0])), None);
        let header = segment::Header {
            first: 0,
            previous: GENESIS,
        };
        assert_eq!(segment(header.encode(), 0, true), None);
    }
}
