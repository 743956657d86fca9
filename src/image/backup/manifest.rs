//! What one backup says of itself: `manifest.json`, written last.
//!
//! Each file with size and hash, where the chain of transactions begins and ends. Its own hash is in
//! it, and a manifest is read only when it is, byte for byte, what this program would write: so that
//! no changed byte goes unnoticed. Paths are read as parts of an image; no other path is followed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::BackupError;
use super::error::failed;
use crate::image::log::ChainHash;
use crate::image::{BlobId, Tid, base, folder, log};

pub(super) const FILE: &str = "manifest.json";
const FORMAT: u32 = 1;
/// Some million files; more is no manifest.
const LONGEST: u64 = 1 << 30;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    image_format: u32,
    /// When it was made, milliseconds since 1970.
    pub time_ms: u64,
    /// All that is needed is in it; otherwise `after` is where the one before it ends.
    pub full: bool,
    /// Where its log begins: the base, the end of the backup before it, or nothing.
    pub after: Point,
    pub last: Point,
    pub files: Vec<Listed>,
}

/// A place in the chain of transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Point {
    pub tid: Tid,
    pub hash: Hash,
}

/// Prints as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Hash(pub [u8; 32]);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub path: String,
    pub bytes: u64,
    pub blake3: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    backup: Manifest,
    blake3: Hash,
}

/// A file of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Base(Tid),
    /// With its first transaction.
    Log(Tid),
    Blob(BlobId),
}

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let hash = blake3::Hash::from_hex(&text).map_err(|error| error.to_string())?;
        Ok(Self(*hash.as_bytes()))
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        blake3::Hash::from(hash.0).to_hex().to_string()
    }
}

impl From<(Tid, ChainHash)> for Point {
    fn from((tid, hash): (Tid, ChainHash)) -> Self {
        let hash = Hash(hash);
        Self { tid, hash }
    }
}

impl Part {
    /// In an image, and in a backup.
    pub(super) fn path(self) -> PathBuf {
        match self {
            Self::Base(tid) => base::path(Path::new(""), tid),
            Self::Log(first) => Path::new(log::FOLDER).join(log::name(first)),
            Self::Blob(id) => Path::new(folder::BLOBS).join(id.to_string()),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (folder, name) = text.split_once('/')?;
        let number = || {
            let digits = name.split_once('.')?.0;
            digits.parse().ok().filter(|number| *number > 0)
        };
        let part = match folder {
            base::FOLDER => Self::Base(number()?),
            log::FOLDER => Self::Log(number()?),
            folder::BLOBS => Self::Blob(name.parse().ok()?),
            _ => return None,
        };
        (part.path().to_str() == Some(text)).then_some(part)
    }
}

impl Listed {
    pub(super) fn new(part: Part, bytes: u64, hash: [u8; 32]) -> Self {
        Self {
            path: part.path().to_string_lossy().into_owned(),
            bytes,
            blake3: Hash(hash),
        }
    }
}

impl Manifest {
    pub(super) fn new(full: bool, after: Point, last: Point, files: Vec<Listed>) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self {
            format: FORMAT,
            image_format: folder::FORMAT,
            time_ms: u64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(u64::MAX),
            full,
            after,
            last,
            files,
        }
    }

    pub(super) fn encode(self) -> serde_json::Result<Vec<u8>> {
        let blake3 = Hash(*blake3::hash(&serde_json::to_vec(&self)?).as_bytes());
        let signed = Signed {
            backup: self,
            blake3,
        };
        let mut bytes = serde_json::to_vec_pretty(&signed)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    pub(super) fn read(set: &Path) -> Result<Self, BackupError> {
        let path = set.join(FILE);
        let size = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let why = "it is missing".to_owned();
                return Err(BackupError::Damaged { file: path, why });
            }
            Err(error) => return Err(failed("read", &path)(error)),
        };
        if size > LONGEST {
            let why = format!("it has {size} bytes");
            return Err(BackupError::Damaged { file: path, why });
        }
        let bytes = fs::read(&path).map_err(failed("read", &path))?;
        if let Some((found, known)) = newer(&bytes) {
            return Err(BackupError::Newer { path, found, known });
        }
        Self::decode(&bytes).map_err(|why| BackupError::Damaged { file: path, why })
    }

    fn decode(bytes: &[u8]) -> Result<Self, String> {
        let signed: Signed = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let manifest = signed.backup;
        let written = manifest.clone().encode();
        if written.map_err(|error| error.to_string())? != bytes {
            return Err("it does not have its hash".to_owned());
        }
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for file in &self.files {
            let path = &file.path;
            let Some(part) = Part::parse(path) else {
                return Err(format!("{path:?} is no file of an image"));
            };
            if !seen.insert(path) {
                return Err(format!("it names {path:?} twice"));
            }
            let fits = match part {
                Part::Base(tid) => self.full && tid == self.after.tid,
                Part::Log(first) => first <= self.last.tid,
                Part::Blob(id) => *id.as_bytes() == file.blake3.0,
            };
            if !fits {
                return Err(format!("{path:?} does not belong to it"));
            }
        }
        let base = self.files().any(|(part, _)| matches!(part, Part::Base(_)));
        if self.after.tid > self.last.tid || self.full && base == (self.after.tid == 0) {
            return Err("what it holds is no beginning of an image".to_owned());
        }
        Ok(())
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (Part, &Listed)> {
        let files = self.files.iter();
        files.filter_map(|file| Some((Part::parse(&file.path)?, file)))
    }

    /// First and last of the transactions that an image can be brought to with it and those before it.
    pub(super) fn range(&self) -> (Tid, Tid) {
        let first = self.after.tid.saturating_add(u64::from(!self.full));
        (first, self.last.tid)
    }
}

/// For `image::fuzz`: whether a manifest that says so is accepted, with its hash put right.
#[cfg(any(test, fuzzing))]
pub(in crate::image) fn accepts(backup: &[u8]) -> Option<bool> {
    let manifest: Manifest = serde_json::from_slice(backup).ok()?;
    let bytes = manifest.clone().encode().ok()?;
    let _ = newer(&bytes);
    Some(Manifest::decode(&bytes).is_ok_and(|read| read == manifest))
}

/// Which of the two formats is newer than this program knows.
fn newer(bytes: &[u8]) -> Option<(u64, u32)> {
    let json: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let backup = json.get("backup")?;
    let known = [("format", FORMAT), ("image_format", folder::FORMAT)];
    known.into_iter().find_map(|(name, known)| {
        let found = backup.get(name)?.as_u64()?;
        (found > u64::from(known)).then_some((found, known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let files = vec![
            Listed::new(Part::Base(4), 9, [3; 32]),
            Listed::new(Part::Blob(BlobId::from_bytes([7; 32])), 1, [7; 32]),
        ];
        let manifest = Manifest::new(true, (4, [1; 32]).into(), (8, [2; 32]).into(), files);
        manifest.encode().unwrap_or_default()
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let whole = sample();
        assert!(Manifest::decode(&whole).is_ok());
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            if let Some(byte) = flipped.get_mut(bit / 8) {
                *byte ^= 1 << (bit % 8);
            }
            assert!(Manifest::decode(&flipped).is_err(), "bit {bit}");
        }
        for length in 0..whole.len() {
            let cut = whole.get(..length).unwrap_or_default();
            assert!(Manifest::decode(cut).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn only_paths_of_an_image_are_parts() {
        let good = format!("blobs/{}", "ab".repeat(32));
        assert!(Part::parse(&good).is_some());
        assert!(Part::parse("log/00000000000000000001.log").is_some());
        for bad in [
            "log/1.log",
            "log/00000000000000000000.log",
            "log/+0000000000000000001.log",
            "base/00000000000000000001.log",
            "blobs/../format",
            "/etc/passwd",
            "../x",
            "store/a",
            "format",
            &good.to_uppercase(),
        ] {
            assert_eq!(Part::parse(bad), None, "{bad}");
        }
    }
}
