//! The export's decoder, for `image::fuzz`.

use super::encode::Body;
use super::{ExportedRecord, FIELDS_BYTES, HEADER_BYTES, MAGIC, Package, hash_of};
use crate::image::envelope::CHECKSUM_BYTES;
use crate::image::fuzz::{Opened, opened, sealed};
use crate::image::record::ArchivedMethodRecord;

pub(in crate::image) fn record(sealed: &[u8]) -> Option<Opened> {
    opened::<ExportedRecord>(sealed, |record| {
        let object = record.object.to_head(record.number.to_native());
        let methods = record.methods.iter().map(ArchivedMethodRecord::to_method);
        format!("{object:?} {:?}", methods.collect::<Vec<_>>())
    })
}

/// The export that a package came from, as this program writes it.
pub fn exported(package: &Package) -> Option<Vec<u8>> {
    let mut body = Body::default();
    for object in package.objects.values() {
        body.object(object).ok()?;
    }
    for blob in package.blobs.values() {
        body.blob(blob).ok()?;
    }
    Some([body.header(package.root), body.bytes].concat())
}

/// An export of the same content whose checksums and hash fit, as far as it has an export's form.
/// Lengths are cut to what there is.
pub fn export_with_sums(bytes: &[u8]) -> Vec<u8> {
    let Some((header, mut rest)) = bytes.split_at_checked(HEADER_BYTES) else {
        return bytes.to_vec();
    };
    let objects = header.get(16..).and_then(<[u8]>::first_chunk);
    let mut objects = objects.copied().map_or(0, u32::from_le_bytes);
    let mut body = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<8>() {
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (part, after) = after.split_at(length.min(after.len()));
        let part = match part {
            [kind, version, record @ ..] if objects > 0 => {
                let record = record.get(CHECKSUM_BYTES..).unwrap_or_default();
                sealed(*kind, *version, record)
            }
            _ => part.to_vec(),
        };
        objects = objects.saturating_sub(1);
        body.extend_from_slice(&(part.len() as u64).to_le_bytes());
        body.extend_from_slice(&part);
        rest = after;
    }
    body.extend_from_slice(rest);
    let mut whole = MAGIC.to_vec();
    whole.extend_from_slice(&(body.len() as u64).to_le_bytes());
    whole.extend_from_slice(header.get(16..FIELDS_BYTES).unwrap_or_default());
    let hash = hash_of(&whole, &body);
    whole.extend_from_slice(&hash);
    whole.extend_from_slice(&body);
    whole
}
