//! A branch: an image of its own that goes on from a transaction of this one.
//!
//! It has the base and the log up to that transaction, byte for byte, so the whole past can be read in
//! it, and the chain goes on from the same hash. Blobs never change, so both have them by a second name
//! where the file system can; otherwise they are copied.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::filling::Filling;
use super::manifest::{Part, Point};
use super::restore::{begin, check_target, plain, prove, put_in_place};
use super::take::{copy_blob, copy_log};
use super::{BackupError, chain};
use crate::image::adopt::FORK_TAG;
use crate::image::object::{Author, Mission, Tid};
use crate::image::{Image, ImageError, Read, Shared, base, folder, log};

/// Says what becomes of a mission in the branch; `None` for one that stays as it is.
pub type Settle<'a> = dyn FnMut(&Mission) -> Option<Mission> + 'a;

impl Image {
    /// Makes an image that goes on from transaction `at`, while this one goes on from where it is. In the
    /// branch a tag `fork` names that transaction, and every mission has become what `settle` says.
    /// Gives the branch's newest transaction.
    ///
    /// # Errors
    /// Nothing is in the place `into` then, as before.
    pub fn fork(
        &self,
        at: Tid,
        into: &Path,
        settle: &mut Settle<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Tid, BackupError> {
        let shared = &self.inner.shared;
        let into = &plain(into)?;
        check_target(into)?;
        let _files = shared.keep_files();
        let base = base::newest(&shared.folder)?;
        let after = base.as_ref().map_or_else(
            || Point::from((0, log::GENESIS)),
            |(header, _)| (header.tid, header.hash).into(),
        );
        let newest = self.tid();
        if at > newest {
            let unknown = ImageError::UnknownTransaction { tid: at, newest };
            return Err(BackupError::Image(unknown));
        }
        if at < after.tid {
            let horizon = after.tid;
            return Err(BackupError::Image(ImageError::PackedAway {
                tid: at,
                horizon,
            }));
        }
        let unfinished = begin(into)?;
        let base = base.as_ref().map(|(_, path)| path.as_path());
        let built = fill(shared, &unfinished, base, (after, at), progress)
            .and_then(|end| prove(&unfinished, &shared.folder, end))
            .and_then(|()| settle_all(&unfinished, at, settle))
            .and_then(|tid| put_in_place(&unfinished, into).map(|()| tid));
        if built.is_err() {
            // What cannot be removed now is removed by the next attempt.
            let _ = fs::remove_dir_all(&unfinished);
        }
        built
    }
}

fn fill(
    shared: &Shared,
    unfinished: &Path,
    base: Option<&Path>,
    (after, at): (Point, Tid),
    progress: &mut dyn FnMut(u64),
) -> Result<Point, BackupError> {
    let mut filling = Filling::new(unfinished, progress)?;
    let mut blobs = BTreeSet::new();
    if let Some(path) = base {
        filling.copy(Part::Base(after.tid), path)?;
        chain::read_base(&mut base::Reader::open(path)?, |blob| {
            blobs.insert(blob);
        })?;
    }
    let end = copy_log(shared, after, at, &mut filling, &mut blobs)
        .map_err(|stopped| stopped.into_error(&shared.folder, after, at))?;
    if after.tid == at {
        filling.empty_log((after.tid, after.hash.0))?;
        filling.end_log()?;
    }
    for blob in blobs {
        let to = unfinished.join(Part::Blob(blob).path());
        if fs::hard_link(shared.blobs.path(blob), to).is_err() {
            copy_blob(shared, &mut filling, blob)?;
        }
    }
    filling.sync()?;
    folder::write_format(unfinished).map_err(BackupError::Open)?;
    Ok(end)
}

fn settle_all(unfinished: &Path, at: Tid, settle: &mut Settle<'_>) -> Result<Tid, BackupError> {
    let branch = Image::open(unfinished).map_err(BackupError::Open)?;
    let mut transaction = branch.begin(Author::Kernel);
    let settled = transaction.set_tag(FORK_TAG, at).and_then(|()| {
        for mission in transaction.missions()? {
            if let Some(mission) = settle(&mission) {
                transaction.put_mission(mission)?;
            }
        }
        Ok(())
    });
    settled.map_err(BackupError::Image)?;
    transaction.audit(&format!("a branch after transaction {at}"));
    let tid = transaction.commit().map_err(BackupError::Commit)?;
    branch.close().map_err(BackupError::Image)?;
    Ok(tid)
}
