//! Content-addressed files: compiled methods, adapters, documents.
//!
//! A blob's name is the blake3 hash of its bytes, so it never changes and is checked on every read.
//! Written as temporary file, sync, rename, sync of the folder: a blob that is there is whole.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{ImageError, disk};

/// The hash that names a blob; prints as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId([u8; 32]);

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a blob's name: 64 hexadecimal digits are")]
pub struct ParseBlobIdError {
    text: String,
}

impl BlobId {
    /// The name that these bytes would have.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for BlobId {
    type Err = ParseBlobIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        blake3::Hash::from_hex(text)
            .map(|hash| Self(*hash.as_bytes()))
            .map_err(|_| ParseBlobIdError {
                text: text.to_owned(),
            })
    }
}

/// The folder of blobs; clones share it.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: Arc<Path>,
    /// Unfinished files, on the same file system; emptied when the image is opened.
    unfinished: Arc<Path>,
    /// Those that were put, or that a transaction was to refer to, since the image was opened.
    kept: Arc<Mutex<HashSet<BlobId>>>,
}

impl Blobs {
    /// Only under the image's lock: what another process has not finished is removed.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let unfinished = folder.join("unfinished");
        fs::create_dir_all(&unfinished)?;
        for entry in fs::read_dir(&unfinished)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(Self {
            folder: folder.into(),
            unfinished: unfinished.into(),
            kept: Arc::default(),
        })
    }

    /// The blobs that are there, to be looked at; nothing is made or removed.
    pub(super) fn existing(folder: &Path) -> Self {
        Self {
            folder: folder.into(),
            unfinished: folder.join("unfinished").into(),
            kept: Arc::default(),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Name and size of every file; none when there is no such folder.
    pub(super) fn all(&self) -> io::Result<Vec<(String, u64)>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                let name = entry.file_name().to_string_lossy().into_owned();
                files.push((name, metadata.len()));
            }
        }
        Ok(files)
    }

    /// Keeps `bytes`; they are on the disk when this returns. Keeping them again changes nothing,
    /// unless the file was damaged: then it is whole again.
    pub fn put(&self, bytes: &[u8]) -> Result<BlobId, ImageError> {
        let id = BlobId::of(bytes);
        // Order matters: from here on it is not removed.
        self.kept().insert(id);
        let path = self.path(id);
        if !matches!(self.get(id), Ok(kept) if kept == bytes) {
            let failed = |action: &'static str| {
                let path = path.clone();
                move |source| ImageError::Blob {
                    action,
                    path,
                    source,
                }
            };
            let mut file =
                tempfile::NamedTempFile::new_in(&self.unfinished).map_err(failed("create"))?;
            file.write_all(bytes).map_err(failed("write"))?;
            file.as_file().sync_all().map_err(failed("sync"))?;
            file.persist(&path)
                .map_err(|error| failed("put in place")(error.error))?;
        }
        // Also when the file was there: whoever put it there may not have come to its sync yet.
        self.sync_folder()?;
        Ok(id)
    }

    /// # Errors
    /// When it is not there, cannot be read, or no longer has its hash.
    pub fn get(&self, id: BlobId) -> Result<Vec<u8>, ImageError> {
        let path = self.path(id);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ImageError::MissingBlob { id });
            }
            Err(source) => {
                return Err(ImageError::Blob {
                    action: "read",
                    path,
                    source,
                });
            }
        };
        if BlobId::of(&bytes) == id {
            Ok(bytes)
        } else {
            Err(ImageError::DamagedBlob { id, path })
        }
    }

    /// Whether there is such a file; its content is checked when it is read.
    pub fn contains(&self, id: BlobId) -> bool {
        self.path(id).is_file()
    }

    /// Whether there is such a file; when there is it stays until the image is opened again.
    pub(super) fn keep(&self, id: BlobId) -> bool {
        let mut kept = self.kept();
        let is_there = self.contains(id);
        if is_there {
            kept.insert(id);
        }
        is_there
    }

    /// Whether it stays until the image is opened again, needed or not.
    pub(super) fn is_kept(&self, id: BlobId) -> bool {
        self.kept().contains(&id)
    }

    /// Removes a blob that no record names, unless it is kept; true when it is gone.
    pub(super) fn remove(&self, id: BlobId) -> Result<bool, ImageError> {
        // Held until it is gone, so that nobody finds it there meanwhile.
        let kept = self.kept();
        if kept.contains(&id) {
            return Ok(false);
        }
        let path = self.path(id);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(ImageError::Blob {
                action: "remove",
                path,
                source,
            }),
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashSet<BlobId>> {
        // Nothing in here panics halfway through a change.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn path(&self, id: BlobId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    pub(super) fn sync_folder(&self) -> Result<(), ImageError> {
        disk::sync_folder(&self.folder).map_err(|source| ImageError::Blob {
            action: "sync",
            path: self.folder.to_path_buf(),
            source,
        })
    }
}
