//! Making one backup: the log's groups, the base of a full one, and the blobs that these name.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::chain::{self, Stopped};
use super::error::failed;
use super::filling::Filling;
use super::manifest::{self, Manifest, Part, Point};
use super::{BackedUp, BackupError, Extent, Set, UNFINISHED, line, set_name, sets};
use crate::image::log::{self, Walk};
use crate::image::{BlobId, ImageError, Shared, Tid, base, disk};

/// The caller holds the locks; `until` is a group's end.
pub(super) fn take(
    shared: &Shared,
    folder: &Path,
    extent: Extent,
    until: Tid,
    progress: &mut dyn FnMut(u64),
) -> Result<BackedUp, BackupError> {
    clean_up(folder)?;
    let sets = sets(folder)?;
    let continued = continued(&sets, folder, extent)?;
    let base = match continued {
        None => base::newest(&shared.folder)?,
        Some(_) => None,
    };
    let after = match (continued, &base) {
        (Some(set), _) => set.manifest.last,
        (None, Some((header, _))) => (header.tid, header.hash).into(),
        (None, None) => (0, log::GENESIS).into(),
    };
    if let Some(set) = continued {
        check_history(shared, folder, after, until)?;
        if after.tid == until {
            return Ok(nothing_new(set));
        }
    }
    let kept = match continued {
        Some(set) => blobs_in(&line(&sets, set)?),
        None => BTreeSet::new(),
    };
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(folder)
        .map_err(failed("write to", folder))?;
    let mut filling = Filling::new(unfinished.path(), progress)?;
    let mut blobs = BTreeSet::new();
    let copied = copy_log(shared, after, until, &mut filling, &mut blobs);
    let last = copied.map_err(|stopped| stopped.into_error(folder, after, until))?;
    if let Some((header, path)) = &base {
        filling.copy(Part::Base(header.tid), path)?;
        chain::read_base(&mut base::Reader::open(path)?, |blob| {
            blobs.insert(blob);
        })?;
    }
    let new: Vec<BlobId> = blobs.difference(&kept).copied().collect();
    for blob in &new {
        copy_blob(shared, &mut filling, *blob)?;
    }
    filling.sync()?;
    let full = continued.is_none();
    let bytes = filling.bytes;
    let manifest = Manifest::new(full, after, last, filling.files);
    write_manifest(unfinished.path(), manifest)?;
    let number = sets.last().map_or(0, |set| set.number) + 1;
    Ok(BackedUp {
        folder: put_in_place(unfinished, folder, number)?,
        full,
        after: after.tid,
        last: last.tid,
        blobs: new.len() as u64,
        bytes,
    })
}

/// Copies the groups after the point up to the transaction; gives where the chain is then.
pub(super) fn copy_log(
    shared: &Shared,
    after: Point,
    until: Tid,
    filling: &mut Filling<'_>,
    blobs: &mut BTreeSet<BlobId>,
) -> Result<Point, Stopped> {
    if after.tid == until {
        return Ok(after);
    }
    let walk = Walk::from(&shared.folder, after.tid + 1)?;
    let last = chain::groups(walk, after, until, |piece| {
        blobs.extend(piece.blobs);
        filling.frame(piece.before, piece.frame)
    })?;
    filling.end_log()?;
    Ok(last)
}

/// Gives a backup its number. From then on it is one.
fn put_in_place(
    unfinished: tempfile::TempDir,
    folder: &Path,
    number: u64,
) -> Result<PathBuf, BackupError> {
    let path = folder.join(set_name(number));
    fs::rename(unfinished.path(), &path).map_err(failed("put in place", &path))?;
    let _ = unfinished.keep();
    disk::sync_folder(folder).map_err(failed("sync", folder))?;
    Ok(path)
}

/// The backup that is to be continued; `None` for a full one.
fn continued<'a>(
    sets: &'a [Set],
    folder: &Path,
    extent: Extent,
) -> Result<Option<&'a Set>, BackupError> {
    let none = || BackupError::NoBackup {
        folder: folder.to_owned(),
    };
    match extent {
        Extent::Full => Ok(None),
        Extent::SinceNewest => sets.last().map(Some).ok_or_else(none),
        Extent::Since(_) if sets.is_empty() => Err(none()),
        Extent::Since(since) => {
            let found = sets.iter().rfind(|set| set.manifest.last.tid == since);
            found.map(Some).ok_or_else(|| BackupError::NoneEndsAt {
                folder: folder.to_owned(),
                since,
                ends: sets.iter().map(|set| set.manifest.last.tid).collect(),
            })
        }
    }
}

/// The image, too, must have gone through the point where the backup ends.
fn check_history(
    shared: &Shared,
    folder: &Path,
    after: Point,
    until: Tid,
) -> Result<(), BackupError> {
    let other = BackupError::OtherHistory {
        folder: folder.to_owned(),
        tid: after.tid,
    };
    if after.tid > until {
        return Err(other);
    }
    // Where more follows the walk through it finds out.
    if after.tid == until && log::hash_at(&shared.folder, until)? != after.hash.0 {
        return Err(other);
    }
    Ok(())
}

fn nothing_new(set: &Set) -> BackedUp {
    BackedUp {
        folder: set.path.clone(),
        full: set.manifest.full,
        after: set.manifest.after.tid,
        last: set.manifest.last.tid,
        blobs: 0,
        bytes: 0,
    }
}

fn blobs_in(line: &[&Set]) -> BTreeSet<BlobId> {
    let files = line.iter().flat_map(|set| set.manifest.files());
    files
        .filter_map(|(part, _)| match part {
            Part::Blob(id) => Some(id),
            Part::Base(_) | Part::Log(_) => None,
        })
        .collect()
}

pub(super) fn copy_blob(
    shared: &Shared,
    filling: &mut Filling<'_>,
    id: BlobId,
) -> Result<(), BackupError> {
    if !shared.blobs.contains(id) {
        return Err(BackupError::Image(ImageError::MissingBlob { id }));
    }
    let path = shared.blobs.path(id);
    if filling.copy(Part::Blob(id), &path)?.0 == *id.as_bytes() {
        Ok(())
    } else {
        Err(BackupError::Image(ImageError::DamagedBlob { id, path }))
    }
}

fn write_manifest(set: &Path, manifest: Manifest) -> Result<(), BackupError> {
    let path = set.join(manifest::FILE);
    let bytes = manifest.encode().map_err(|error| BackupError::Damaged {
        file: path.clone(),
        why: error.to_string(),
    })?;
    let written = fs::File::create_new(&path).and_then(|mut file| {
        file.write_all(&bytes)?;
        file.sync_all()
    });
    written.map_err(failed("write", &path))?;
    disk::sync_folder(set).map_err(failed("sync", set))
}

/// Removes what a kill or a full disk left unfinished.
fn clean_up(folder: &Path) -> Result<(), BackupError> {
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let path = entry.map_err(failed("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(UNFINISHED) {
            fs::remove_dir_all(&path).map_err(failed("remove", &path))?;
        }
    }
    Ok(())
}
