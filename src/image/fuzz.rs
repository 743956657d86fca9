//! The decoders of stored bytes, one by one: for fuzzers and for the golden records, not in the program.
//!
//! Stored bytes are believed by their checksums, and a fuzzer would never come past one. So each of
//! these can be given bytes whose checksums were put right, and what lies behind has to hold against
//! whatever they say.

use std::path::Path;

use rkyv::api::high::{HighDeserializer, HighValidator};
use rkyv::bytecheck::CheckBytes;
use rkyv::{Deserialize, rancor};

use super::envelope::{self, Kind, Record, Sealable};
use super::log::fuzz as log;
use super::record::{
    AuditRecord, CallsRecord, FactRecord, MethodRecord, MissionRecord, NameRecord, NumberRecord,
    ObjectRecord, RemovedRecord, TagRecord,
};
use super::transfer::fuzz as transfer;
use super::{Slot, backup, base, merge};

pub use super::log::fuzz::{Grouped, Segmented, group, segment, with_sums};
pub use super::transfer::fuzz::{export_with_sums, exported};

/// A sealed record that was accepted.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// What it says.
    pub meaning: String,
    /// The same, sealed by this program.
    pub again: Vec<u8>,
}

/// Opens sealed bytes as the record that they say they are; `None` when they are refused.
pub fn open(sealed: &[u8]) -> Option<Opened> {
    const OBJECT: u8 = Kind::Object as u8;
    const NAME: u8 = Kind::Name as u8;
    const METHOD: u8 = Kind::Method as u8;
    const CALLS: u8 = Kind::Calls as u8;
    const MISSION: u8 = Kind::Mission as u8;
    const FACT: u8 = Kind::Fact as u8;
    const AUDIT: u8 = Kind::Audit as u8;
    const REMOVED: u8 = Kind::Removed as u8;
    const NUMBER: u8 = Kind::Number as u8;
    const LOG: u8 = Kind::Log as u8;
    const TAG: u8 = Kind::Tag as u8;
    const EXPORTED: u8 = Kind::Exported as u8;
    match envelope::kind(sealed)? {
        OBJECT => opened::<ObjectRecord>(sealed, |r| format!("{:?}", r.to_head(0))),
        NAME => opened::<NameRecord>(sealed, |r| format!("{:?}", r.oid)),
        METHOD => opened::<MethodRecord>(sealed, |r| format!("{:?}", r.to_method())),
        CALLS => opened::<CallsRecord>(sealed, |r| format!("{:?} {:?}", r.calls, r.failures)),
        MISSION => opened::<MissionRecord>(sealed, |r| format!("{:?}", r.to_mission(0))),
        FACT => opened::<FactRecord>(sealed, |r| format!("{:?} {:?}", r.value, r.tid)),
        AUDIT => opened::<AuditRecord>(sealed, |r| format!("{:?}", r.to_entry(0))),
        REMOVED => opened::<RemovedRecord>(sealed, |r| format!("{:?}", r.tid)),
        NUMBER => opened::<NumberRecord>(sealed, |r| format!("{:?}", r.number)),
        TAG => opened::<TagRecord>(sealed, |r| format!("{:?}", r.to_tag(""))),
        LOG => log::transaction(sealed),
        EXPORTED => transfer::record(sealed),
        _ => None,
    }
}

pub(super) fn opened<R>(
    sealed: &[u8],
    meaning: impl FnOnce(&R::Archived) -> String,
) -> Option<Opened>
where
    R: Record + Sealable,
    R::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>
        + Deserialize<R, HighDeserializer<rancor::Error>>,
{
    let archived = envelope::open::<R>(sealed).ok()?;
    let record = rkyv::deserialize::<R, rancor::Error>(archived).ok()?;
    Some(Opened {
        meaning: meaning(archived),
        again: envelope::seal(&record).ok()?,
    })
}

/// A record of that kind and version with the right checksum, whatever its body is.
pub fn sealed(kind: u8, version: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, version];
    bytes.extend_from_slice(&envelope::checksum(kind, version, body));
    bytes.extend_from_slice(body);
    bytes
}

/// Reads the base at `path` to its end: its number of entries, or `None` when it is refused.
pub fn base(path: &Path) -> Option<usize> {
    let mut reader = base::Reader::open(path).ok()?;
    let mut entries = 0;
    while let Some(chunk) = reader.chunk().ok()? {
        entries += chunk.len();
    }
    Some(entries)
}

/// A base of the same content whose checksum and hashes fit, as far as it has a base's form. Lengths are
/// cut to what there is.
pub fn base_with_sums(bytes: &[u8]) -> Vec<u8> {
    let Some((header, mut rest)) = bytes.split_at_checked(base::HEADER_BYTES) else {
        return bytes.to_vec();
    };
    let fields = header.get(..base::FIELDS_BYTES).unwrap_or_default();
    let mut whole = fields.to_vec();
    whole.extend_from_slice(&base::sum_of(fields));
    while let Some((header, after)) = rest.split_at_checked(base::CHUNK_HEADER_BYTES) {
        let length = header.first_chunk().copied().map_or(0, u64::from_le_bytes);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (body, after) = after.split_at(length.min(after.len()));
        let mut counts = (body.len() as u64).to_le_bytes().to_vec();
        counts.extend_from_slice(header.get(8..16).unwrap_or_default());
        whole.extend_from_slice(&counts);
        whole.extend_from_slice(&base::hash_of(&counts, body));
        whole.extend_from_slice(body);
        rest = after;
    }
    whole.extend_from_slice(rest);
    whole
}

/// Reads what the manifest of a backup says, and again with a hash that fits: whether the contents are
/// those of a backup. `None` when it is no manifest.
pub fn accepts_manifest(backup: &[u8]) -> Option<bool> {
    backup::accepts(backup)
}

/// Merges a slot of that type; `None` when both sides contradict each other.
pub fn merged(rust_type: &str, values: [&[u8]; 3]) -> Option<Vec<u8>> {
    let [base, mine, theirs] = values.map(|value| Slot {
        name: "slot".to_owned(),
        rust_type: rust_type.to_owned(),
        value: value.to_vec(),
    });
    merge::slot(&base, &mine, &theirs).map(|slot| slot.value)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const RECORDS: &str = include_str!("../../tests/golden/records.txt");
    /// What was read in them; groups and segments are not in it.
    const READ: &str = include_str!("../../tests/golden/records.read.txt");

    /// Name, version and bytes of each record that an earlier program wrote.
    fn golden() -> Vec<(&'static str, u8, Vec<u8>)> {
        let lines = RECORDS.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| {
                let mut words = line.split(' ');
                let (name, version, digits) = (words.next()?, words.next()?, words.next()?);
                let pairs = digits.as_bytes().chunks(2);
                let bytes = pairs.map(|pair| {
                    let pair = std::str::from_utf8(pair).ok()?;
                    u8::from_str_radix(pair, 16).ok()
                });
                Some((name, version.parse().ok()?, bytes.collect::<Option<_>>()?))
            })
            .collect()
    }

    #[test]
    fn records_that_earlier_programs_wrote_are_read() {
        let mut text = String::new();
        for (name, version, bytes) in golden() {
            let _ = match name {
                "group" | "segment" => continue,
                _ => writeln!(
                    text,
                    "{name} {version}: {}",
                    open(&bytes).map_or_else(|| "REFUSED".to_owned(), |opened| opened.meaning)
                ),
            };
        }
        assert_eq!(text, READ);
    }

    #[test]
    fn what_is_written_now_is_laid_out_as_before() {
        let mut compared = Vec::new();
        for (name, version, bytes) in golden() {
            let newest = golden()
                .iter()
                .filter(|(n, ..)| *n == name)
                .map(|(_, v, _)| *v)
                .max();
            if ["group", "segment"].contains(&name) || newest != Some(version) {
                continue;
            }
            let again = open(&bytes).map(|opened| opened.again);
            assert_eq!(again, Some(bytes), "{name} {version}");
            compared.push(name);
        }
        compared.dedup();
        assert_eq!(compared.len(), 12, "{compared:?}");
    }

    #[test]
    fn groups_that_earlier_programs_wrote_are_read() {
        let mut read = 0;
        for (_, version, bytes) in golden().iter().filter(|(name, ..)| *name == "group") {
            let found = group(bytes).unwrap_or_default();
            assert_eq!(found.records, 4, "version {version}");
            assert_eq!(found.again == *bytes, *version == 2, "version {version}");
            read += 1;
        }
        assert_eq!(read, 2);
    }

    #[test]
    fn an_empty_segment_is_read() {
        let segments = golden();
        let mut segments = segments.iter().filter(|(name, ..)| *name == "segment");
        let found = segments
            .next()
            .and_then(|(_, _, bytes)| segment(bytes.clone(), 1, true));
        let empty = Segmented {
            records: 0,
            whole_bytes: 56,
            torn: false,
        };
        assert_eq!(found, Some(empty));
    }
}
