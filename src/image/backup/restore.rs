//! Making an image of backups. Everything is verified before anything is written.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::error::failed;
use super::filling::Filling;
use super::manifest::{Part, Point};
use super::plan::{Plan, changed, verify_files};
use super::{BackupError, Restored, sets};
use crate::image::{Image, Tid, disk, folder, log};

/// Follows the image's name until it is whole.
const UNFINISHED: &str = ".unfinished";
/// In what is unfinished: it may be removed. Goes last of all.
const MARK: &str = "restoring";

/// Makes an image of the newest backup in a folder, or as it was after an earlier transaction. `progress`
/// is told how many bytes were written.
///
/// # Errors
/// The image's folder is not there or empty then, as it was before.
pub fn restore(
    backups: &Path,
    image: &Path,
    to: Option<Tid>,
    progress: &mut dyn FnMut(u64),
) -> Result<Restored, BackupError> {
    let image = &plain(image)?;
    check_target(image)?;
    let sets = sets(backups)?;
    let mut plan = Plan::new(&sets, backups, to)?;
    for set in &plan.line {
        verify_files(set)?;
    }
    let last = plan.verify_chain()?;
    let unfinished = begin(image)?;
    let built = plan.build(&unfinished, progress).and_then(|written| {
        prove(&unfinished, backups, last)?;
        put_in_place(&unfinished, image)?;
        Ok(written)
    });
    match built {
        Ok(bytes) => Ok(Restored {
            tid: last.tid,
            from: plan.line.iter().map(|set| set.path.clone()).collect(),
            blobs: plan.needed.len() as u64,
            bytes,
        }),
        Err(error) => {
            // What cannot be removed now is removed by the next attempt.
            let _ = fs::remove_dir_all(&unfinished);
            Err(error)
        }
    }
}

/// The path from the root, so that it has a name and a folder around it.
pub(super) fn plain(image: &Path) -> Result<PathBuf, BackupError> {
    let absolute = std::path::absolute(image).map_err(failed("find", image))?;
    Ok(absolute.components().collect())
}

pub(super) fn check_target(image: &Path) -> Result<(), BackupError> {
    let occupied = match fs::read_dir(image) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => true,
        Err(error) => return Err(failed("look at", image)(error)),
    };
    if occupied {
        return Err(BackupError::Occupied {
            path: image.to_owned(),
            image: image.join(folder::FORMAT_FILE).exists(),
        });
    }
    Ok(())
}

impl Plan<'_> {
    fn build(&self, unfinished: &Path, progress: &mut dyn FnMut(u64)) -> Result<u64, BackupError> {
        let mut filling = Filling::new(unfinished, progress)?;
        if let Some((path, hash)) = &self.base
            && filling.copy(Part::Base(self.after.tid), path)? != *hash
        {
            return Err(changed(path));
        }
        let mut groups = 0_u64;
        self.walk(|piece| {
            groups += 1;
            filling.frame(piece.before, piece.frame)
        })?;
        if groups == 0 {
            filling.empty_log((self.after.tid, self.after.hash.0))?;
        }
        filling.end_log()?;
        for id in &self.needed {
            if let Some(path) = self.blobs.get(id)
                && filling.copy(Part::Blob(*id), path)?.0 != *id.as_bytes()
            {
                return Err(changed(path));
            }
        }
        filling.sync()?;
        folder::write_format(unfinished).map_err(BackupError::Open)?;
        Ok(filling.bytes)
    }
}

/// The folder beside the image's, with what an earlier attempt left in it removed.
pub(super) fn begin(image: &Path) -> Result<PathBuf, BackupError> {
    let mut name = image.as_os_str().to_owned();
    name.push(UNFINISHED);
    let unfinished = PathBuf::from(name);
    if unfinished.exists() {
        let marked = unfinished.join(MARK).exists();
        let mut entries = fs::read_dir(&unfinished).map_err(failed("read", &unfinished))?;
        if !marked && entries.next().is_some() {
            return Err(BackupError::Occupied {
                path: unfinished,
                image: false,
            });
        }
        fs::remove_dir_all(&unfinished).map_err(failed("remove", &unfinished))?;
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&unfinished)
        .map_err(failed("create", &unfinished))?;
    let mark = unfinished.join(MARK);
    File::create_new(&mark).map_err(failed("create", &mark))?;
    Ok(unfinished)
}

/// Opens what was made as an image is opened.
pub(super) fn prove(unfinished: &Path, backups: &Path, last: Point) -> Result<(), BackupError> {
    let unproven = |why: String| BackupError::Unproven {
        folder: backups.to_owned(),
        why,
    };
    let opened = Image::open(unfinished).map_err(BackupError::Open)?;
    let (tid, torn) = (opened.tid(), opened.recovery().torn.is_some());
    opened.close().map_err(BackupError::Image)?;
    let hash = log::hash_at(unfinished, tid)?;
    if Point::from((tid, hash)) != last || torn {
        return Err(unproven(format!("it ends at transaction {tid}")));
    }
    Ok(())
}

pub(super) fn put_in_place(unfinished: &Path, image: &Path) -> Result<(), BackupError> {
    disk::sync_folder(unfinished).map_err(failed("sync", unfinished))?;
    // An empty folder may be there; one that is no longer empty stays.
    fs::rename(unfinished, image).map_err(failed("put in place", image))?;
    let parent = image.parent().filter(|path| !path.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    disk::sync_folder(parent).map_err(failed("sync", parent))?;
    let mark = image.join(MARK);
    fs::remove_file(&mark).map_err(failed("remove", &mark))
}
