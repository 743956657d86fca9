//! The log's beginning moved to a transaction, when a base stands for what is before it.

use std::fs;
use std::path::Path;

use super::segment::{self, Header, Segment};
use super::{FOLDER, LogError, failed, frame, remove_until, segments, sync_folder};
use crate::image::disk;
use crate::image::object::Tid;

/// Makes the log begin after `tid`: segments that end there are removed; one that goes on after it is
/// written anew without what is before, group by group as they are. The last one stays as it is. Gives
/// the bytes that it has got smaller by.
///
/// Order matters: with the base of `tid` in place each step leaves a log that continues it.
pub(in crate::image) fn begin_after(image: &Path, tid: Tid) -> Result<u64, LogError> {
    let folder = image.join(FOLDER);
    let before = bytes(&folder)?;
    let all = segments(&folder)?;
    let mut followed = all.iter().zip(all.iter().skip(1));
    let divided = followed.find(|((first, _), (next, _))| *first <= tid && *next > tid + 1);
    if let Some(((first, path), _)) = divided {
        write_rest(&folder, path, *first, tid)?;
        sync_folder(&folder)?;
    }
    remove_until(image, tid)?;
    sync_folder(&folder)?;
    Ok(before.saturating_sub(bytes(&folder)?))
}

/// Writes a segment of what another one has after `tid`, beside it.
fn write_rest(folder: &Path, path: &Path, first: Tid, tid: Tid) -> Result<(), LogError> {
    let mut segment = Segment::open(path, first, false)?;
    let mut rest = Vec::new();
    while let Some(group) = segment.next_group()? {
        let (newest, _) = segment.end();
        if newest <= tid {
            continue;
        }
        if rest.is_empty() {
            let at = group.records.iter().position(|record| record.tid == tid);
            let previous = match at.and_then(|at| group.hashes.get(at)) {
                Some(hash) => *hash,
                None => segment.hash_before(),
            };
            let header = Header {
                first: tid + 1,
                previous,
            };
            rest = header.encode();
            let cut = at.and_then(|_| frame::after(segment.frame(), tid));
            rest.extend_from_slice(cut.as_deref().unwrap_or(segment.frame()));
        } else {
            rest.extend_from_slice(segment.frame());
        }
    }
    if rest.is_empty() {
        return Err(LogError::Damaged {
            file: path.to_owned(),
            offset: segment.whole_bytes(),
            why: format!("it ends before transaction {}", tid + 1),
        });
    }
    let path = folder.join(segment::name(tid + 1));
    disk::write_whole(&path, disk::UNFINISHED, &rest).map_err(failed("write", &path))
}

fn bytes(folder: &Path) -> Result<u64, LogError> {
    let mut bytes = 0;
    for (_, path) in segments(folder)? {
        bytes += fs::metadata(&path).map_err(failed("read", &path))?.len();
    }
    Ok(bytes)
}
