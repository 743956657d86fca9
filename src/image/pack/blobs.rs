//! Blobs that no method needs, now or in what is kept of the past.

use std::collections::HashSet;

use super::{PackError, PackProgress, PackStep, error};
use crate::image::{BlobId, Blobs};

/// Removes them, or only counts them; gives their number and bytes. Those that were put, or that a
/// transaction was to refer to, since the image was opened stay.
pub(super) fn sweep(
    blobs: &Blobs,
    needed: &HashSet<BlobId>,
    dry_run: bool,
    progress: &mut PackProgress<'_>,
) -> Result<(u64, u64), PackError> {
    let all = blobs.all();
    let all = all.map_err(error::failed("read", blobs.folder()))?;
    let mut swept = (0, 0);
    for (looked_at, (name, bytes)) in (1..).zip(all) {
        // What has another name is not of this program.
        let id = name.parse::<BlobId>().ok();
        let Some(id) = id.filter(|id| !needed.contains(id)) else {
            continue;
        };
        let is_gone = if dry_run {
            !blobs.is_kept(id)
        } else {
            blobs.remove(id)?
        };
        if is_gone {
            swept = (swept.0 + 1, swept.1 + bytes);
        }
        progress(PackStep::Blobs, looked_at);
    }
    if swept.0 > 0 && !dry_run {
        blobs.sync_folder()?;
    }
    Ok(swept)
}
