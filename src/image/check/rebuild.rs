//! A second store of base and log, to compare with: beside the first one, and gone afterwards.

use std::path::Path;

use tempfile::TempDir;

use super::evidence::Evidence;
use super::{CheckError, Progress, Step};
use crate::image::log::Survey;
use crate::image::store::Store;
use crate::image::{base, folder};

/// The store goes before its folder.
pub(super) struct Rebuilt {
    store: Store,
    _folder: TempDir,
}

impl Rebuilt {
    pub(super) fn store(&self) -> &Store {
        &self.store
    }
}

/// What base and log give at the store's transaction, or at their own end where that comes first. `None`
/// without a beginning.
pub(super) fn rebuilt(
    image: &Path,
    evidence: &Evidence,
    progress: &mut Progress<'_>,
) -> Result<Option<Rebuilt>, CheckError> {
    let Some((end, _)) = evidence.end() else {
        return Ok(None);
    };
    let (start, _) = evidence.start();
    let until = match evidence.stored.tid() {
        Some(tid) if tid >= start => end.min(tid),
        _ => end,
    };
    let folder = tempfile::Builder::new()
        .prefix(folder::COMPARISON)
        .tempdir_in(image)
        .map_err(|source| CheckError::Io {
            action: "make a store to compare with in",
            path: image.to_owned(),
            source,
        })?;
    let path = folder.path().join(folder::STORE);
    Store::create(&path)?;
    let store = Store::open(&path)?;
    if let Some((_, path)) = &evidence.bases.whole {
        store.load(&mut base::Reader::open(path)?)?;
    }
    if evidence.run().is_some() {
        let mut newest = start;
        Survey::take(image, start + 1, &[], &mut |group| {
            let from = group.records.partition_point(|record| record.tid <= newest);
            let to = group.records.partition_point(|record| record.tid <= until);
            let fresh = group.records.get(from..to).unwrap_or_default();
            if let (Some(first), Some(last)) = (fresh.first(), fresh.last())
                && first.tid == newest + 1
            {
                store.apply(fresh)?;
                newest = last.tid;
                progress(Step::Rebuild, newest - start);
            }
            Ok::<_, CheckError>(())
        })?;
    }
    let rebuilt = Rebuilt {
        store,
        _folder: folder,
    };
    Ok(Some(rebuilt))
}
