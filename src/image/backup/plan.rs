//! Which files an image is restored from, and the proof that they are what they were.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::chain::{self, Piece, Stopped};
use super::error::failed;
use super::manifest::{Hash, Part, Point};
use super::{BackupError, Set, line};
use crate::image::log::Walk;
use crate::image::{BlobId, LogError, Tid, base};

const READ_BYTES: usize = 256 * 1024;

/// The files that an image is made of.
pub(super) struct Plan<'a> {
    backups: &'a Path,
    pub line: Vec<&'a Set>,
    pub base: Option<(PathBuf, Hash)>,
    /// Where the log begins and ends.
    pub after: Point,
    until: Tid,
    logs: Vec<(Tid, PathBuf)>,
    /// Every blob that the backups have, and those that the image needs.
    pub blobs: BTreeMap<BlobId, PathBuf>,
    pub needed: BTreeSet<BlobId>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        sets: &'a [Set],
        backups: &'a Path,
        to: Option<Tid>,
    ) -> Result<Self, BackupError> {
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
    pub(super) fn verify_chain(&mut self) -> Result<Point, BackupError> {
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

    pub(super) fn walk(
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

pub(super) fn changed(path: &Path) -> BackupError {
    BackupError::Damaged {
        file: path.to_owned(),
        why: "it does not have its hash".to_owned(),
    }
}

pub(super) fn verify_files(set: &Set) -> Result<(), BackupError> {
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
