//! The blobs that methods need: there, and with the hash that names them. Others are counted.

use super::records::{Needed, Records};
use super::report::{Cure, FsckReport, Part};
use super::{CheckError, Progress, Step};
use crate::image::{BlobId, Blobs, ImageError};

pub(super) fn check(
    blobs: &Blobs,
    records: &Records,
    report: &mut FsckReport,
    progress: &mut Progress<'_>,
) -> Result<(), CheckError> {
    for (read, (id, needed)) in (1..).zip(&records.blobs) {
        let why = match blobs.get(*id) {
            Ok(_) => None,
            Err(ImageError::MissingBlob { .. }) => Some("it is missing"),
            Err(ImageError::DamagedBlob { .. }) => Some("it does not have its hash: it is damaged"),
            Err(error) => return Err(error.into()),
        };
        if let Some(why) = why {
            let why = format!("{why}; {}", who(needed, records));
            report.named(Part::Blob, format!("blob {id}"), why, Cure::Recompile);
        }
        progress(Step::Blobs, read);
    }
    report.blobs = records.blobs.len() as u64;
    let there = blobs.all().map_err(|source| CheckError::Io {
        action: "read",
        path: blobs.folder().to_owned(),
        source,
    })?;
    for (name, bytes) in there {
        let id = name.parse::<BlobId>().ok();
        if id.is_none_or(|id| !records.blobs.contains_key(&id)) {
            report.stray_blobs += 1;
            report.stray_bytes += bytes;
        }
    }
    Ok(())
}

/// Who needs a blob, in words.
fn who(needed: &Needed, records: &Records) -> String {
    let methods: Vec<String> = needed
        .now
        .iter()
        .map(|(oid, selector)| format!("{selector} of {}", records.known_as(*oid)))
        .collect();
    match &needed.past {
        Some((oid, selector)) if methods.is_empty() => {
            let object = records.known_as(*oid);
            format!("only the past of {selector} of {object} needs it")
        }
        _ => format!("needed by {}", methods.join(", ")),
    }
}
