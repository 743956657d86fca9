//! Making an image of backups. Everything is verified before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::chain::{self, Piece, Stopped};
use super::error::failed;
use super::filling::Filling;
use super::manifest::{Hash, Part, Point};
use super::{BackupError, Restored, Set, line, sets};
use crate::image::log::{self, Walk};
use crate::image::{BlobId, Image, LogError, Tid, base, disk, folder};

/// Follows the image's name until it is whole.
const UNFINISHED: &str = ".unfinished";
/// In what is unfinished: it may be removed. Goes last of all.
const MARK: &str = "restoring";
const READ_BYTES: usize = 256 * 1024;

/// The files that an image is made of.
struct Plan<'a> {
    backups: &'a Path,
    line: Vec<&'a Set>,
    base: Option<(PathBuf, Hash)>,
    /// Where the log begins and ends.
    after: Point,
    until: Tid,
    logs: Vec<(Tid, PathBuf)>,
    /// Every blob that the backups have, and those that the image needs.
    blobs: BTreeMap<BlobId, PathBuf>,
    needed: BTreeSet<BlobId>,
}

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
fn plain(image: &Path) -> Result<PathBuf, BackupError> {
    let absolute = std::path::absolute(image).map_err(failed("find", image))?;
    Ok(absolute.components().collect())
}

fn check_target(image: &Path) -> Result<(), BackupError> {
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

impl<'a> Plan<'a> {
    fn new(sets: &'a [Set], backups: &'a Path, to: Option<Tid>) -> Result<Self, BackupError> {
        let Some(newest) = sets.last() else {
            let folder = backups.to_owned();
            return Err(BackupError::NoBackup { folder });
        };
        let until = to.unwrap_or(newest.manifest.last.tid);
        let covers = |set: &&Set| {
            let (first, last) = set.manifest.range();
            (first..=last).contains(&until)
        };
        let Some(set) = sets.iter().rfind(covers) else {
            return Err(BackupError::NotCovered {
                folder: backups.to_owned(),
                to: until,
                have: covered(sets),
            });
        };
        let line = line(sets, set)?;
        let after = line.first().map_or(set, |full| full).manifest.after;
        let mut plan = Self {
            backups,
            line,
            base: None,
            after,
            until,
            logs: Vec::new(),
            blobs: BTreeMap::new(),
            needed: BTreeSet::new(),
        };
        for set in &plan.line {
            for (part, listed) in set.manifest.files() {
                let path = set.path.join(part.path());
                match part {
                    Part::Base(_) => plan.base = Some((path, listed.blake3)),
                    Part::Log(first) => plan.logs.push((first, path)),
                    Part::Blob(id) => {
                        plan.blobs.insert(id, path);
                    }
                }
            }
        }
        plan.logs.sort();
        Ok(plan)
    }

    /// Goes through base and log as they are in the backups; gives the point to restore to.
    fn verify_chain(&mut self) -> Result<Point, BackupError> {
        let mut needed = BTreeSet::new();
        if let Some((path, _)) = &self.base {
            let damaged = |why: &str| BackupError::Damaged {
                file: path.clone(),
                why: why.to_owned(),
            };
            let mut reader = base::Reader::open(path).map_err(in_backup)?;
            if Point::from((reader.header.tid, reader.header.hash)) != self.after {
                return Err(damaged("it is another base"));
            }
            chain::read_base(&mut reader, |blob| {
                needed.insert(blob);
            })
            .map_err(|error| match error {
                BackupError::Log(error) => in_backup(error),
                error => damaged(&crate::image::error::chain(&error)),
            })?;
        }
        let last = self.walk(|piece| {
            needed.extend(piece.blobs);
            Ok(())
        })?;
        for id in &needed {
            if !self.blobs.contains_key(id) {
                return Err(BackupError::Damaged {
                    file: self.backups.to_owned(),
                    why: format!("blob {id} is missing"),
                });
            }
        }
        self.needed = needed;
        Ok(last)
    }

    fn walk(
        &self,
        each: impl FnMut(Piece<'_>) -> Result<(), BackupError>,
    ) -> Result<Point, BackupError> {
        if self.until == self.after.tid {
            return Ok(self.after);
        }
        let damaged = |why: String| BackupError::Damaged {
            file: self.backups.to_owned(),
            why,
        };
        let walk = Walk::over(self.logs.clone().into_iter()).map_err(in_backup)?;
        let end = chain::groups(walk, self.after, self.until, each);
        let end = end.map_err(|stopped| match stopped {
            Stopped::Other => damaged("its log does not continue what is before it".to_owned()),
            Stopped::TooNew(first) => damaged(format!("its log begins at transaction {first}")),
            Stopped::TooShort(tid) => damaged(format!("its log ends at transaction {tid}")),
            Stopped::Failed(BackupError::Log(error)) => in_backup(error),
            Stopped::Failed(error) => error,
        })?;
        for set in &self.line {
            let last = set.manifest.last;
            if last.tid == end.tid && last != end {
                return Err(damaged(format!("transaction {} is another one", end.tid)));
            }
        }
        Ok(end)
    }

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

/// First and last of the transactions that can be restored, in order.
fn covered(sets: &[Set]) -> Vec<(Tid, Tid)> {
    let mut ranges: Vec<_> = sets.iter().map(|set| set.manifest.range()).collect();
    ranges.sort_unstable();
    let mut merged: Vec<(Tid, Tid)> = Vec::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// What the log's reader says, about a file of a backup.
fn in_backup(error: LogError) -> BackupError {
    match error {
        LogError::Damaged { file, offset, why } => BackupError::Damaged {
            file,
            why: format!("{why} (byte {offset})"),
        },
        LogError::Gap { file, why } => BackupError::Damaged { file, why },
        error => BackupError::Log(error),
    }
}

fn changed(path: &Path) -> BackupError {
    BackupError::Damaged {
        file: path.to_owned(),
        why: "it does not have its hash".to_owned(),
    }
}

fn verify_files(set: &Set) -> Result<(), BackupError> {
    let mut buffer = vec![0; READ_BYTES];
    for (part, listed) in set.manifest.files() {
        let path = set.path.join(part.path());
        let found = hash_of(&path, &mut buffer)?;
        if found != (listed.bytes, listed.blake3) {
            return Err(changed(&path));
        }
    }
    Ok(())
}

fn hash_of(path: &Path, buffer: &mut [u8]) -> Result<(u64, Hash), BackupError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BackupError::Damaged {
            file: path.to_owned(),
            why: "it is missing".to_owned(),
        },
        _ => failed("open", path)(error),
    })?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0;
    loop {
        let count = match file.read(buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed("read", path)(error)),
        };
        hasher.update(buffer.get(..count).unwrap_or_default());
        bytes += count as u64;
    }
    Ok((bytes, Hash(*hasher.finalize().as_bytes())))
}

/// The folder beside the image's, with what an earlier attempt left in it removed.
fn begin(image: &Path) -> Result<PathBuf, BackupError> {
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
fn prove(unfinished: &Path, backups: &Path, last: Point) -> Result<(), BackupError> {
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

fn put_in_place(unfinished: &Path, image: &Path) -> Result<(), BackupError> {
    disk::sync_folder(unfinished).map_err(failed("sync", unfinished))?;
    // An empty folder may be there; one that is no longer empty stays.
    fs::rename(unfinished, image).map_err(failed("put in place", image))?;
    let parent = image.parent().filter(|path| !path.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    disk::sync_folder(parent).map_err(failed("sync", parent))?;
    let mark = image.join(MARK);
    fs::remove_file(&mark).map_err(failed("remove", &mark))
}
