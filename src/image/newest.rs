//! The newest acknowledged tid, as images of format 1 noted it beside the store.
//!
//! There the storage engine's journal was the only record, and it takes damage for a torn end and
//! cuts off what follows, silently. This note is how such a loss is seen before the image gets a log.

use std::fs;
use std::io;
use std::path::Path;

use super::Tid;

pub(super) const FILE: &str = "newest";

/// `None` when there is no readable note, as after a power cut.
pub(super) fn read(folder: &Path) -> io::Result<Option<Tid>> {
    let note = match fs::read(folder.join(FILE)) {
        Ok(note) => note,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // The tid, then the first bytes of its hash.
    let Some((tid, sum)) = note.split_first_chunk::<8>() else {
        return Ok(None);
    };
    let hash = blake3::hash(tid);
    let fits = sum.len() == 8 && hash.as_bytes().starts_with(sum);
    Ok(fits.then(|| Tid::from_le_bytes(*tid)))
}
