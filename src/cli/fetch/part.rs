//! A file that is being collected: bytes are hashed as they come, and only the right hash gives it its name.
//!
//! The hash always covers exactly what is in the file: after a failed write the part is no longer used.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Progress, SourceError};

const BLOCK: usize = 1 << 20;

pub struct PartFile {
    path: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
    expected: String,
}

impl PartFile {
    /// Goes on with what an earlier fetch of the same hash left, or starts empty.
    pub fn open(path: PathBuf, sha256: &str) -> Result<Self, SourceError> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|source| SourceError::Disk {
                path: path.clone(),
                source,
            })?;
        let expected = sha256.to_ascii_lowercase();
        let mut part = Self {
            path,
            file,
            hasher: Sha256::new(),
            bytes: 0,
            expected,
        };
        part.read_again().map_err(|source| part.disk(source))?;
        Ok(part)
    }

    /// How much of the file is there.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn append(&mut self, block: &[u8]) -> Result<(), SourceError> {
        self.file
            .write_all(block)
            .map_err(|source| self.disk(source))?;
        self.hasher.update(block);
        self.bytes += block.len() as u64;
        Ok(())
    }

    /// Makes what was appended durable.
    pub fn sync(&self) -> Result<(), SourceError> {
        self.file.sync_data().map_err(|source| self.disk(source))
    }

    /// Forgets everything after the first `bytes`.
    pub fn cut_to(&mut self, bytes: u64) -> Result<(), SourceError> {
        if bytes == self.bytes {
            return Ok(());
        }
        self.file
            .set_len(bytes)
            .and_then(|()| self.read_again())
            .map_err(|source| self.disk(source))
    }

    pub fn is_right(&self) -> bool {
        hexadecimal(self.hasher.clone()) == self.expected
    }

    /// Gives the file its name when its hash is right, else deletes it. Durable on return.
    pub fn become_file(self, path: &Path) -> Result<String, SourceError> {
        let found = hexadecimal(self.hasher.clone());
        if found != self.expected {
            std::fs::remove_file(&self.path).map_err(|source| self.disk(source))?;
            return Err(SourceError::WrongHash {
                expected: self.expected,
                found,
            });
        }
        let renamed = self
            .file
            .sync_all()
            .and_then(|()| std::fs::rename(&self.path, path))
            .and_then(|()| File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all());
        match renamed {
            Ok(()) => Ok(found),
            Err(source) => Err(SourceError::Disk {
                path: path.to_path_buf(),
                source,
            }),
        }
    }

    fn read_again(&mut self) -> std::io::Result<()> {
        self.hasher = Sha256::new();
        self.bytes = 0;
        self.file.seek(SeekFrom::Start(0))?;
        let mut block = vec![0; BLOCK];
        loop {
            let count = self.file.read(&mut block)?;
            let Some(read) = block.get(..count).filter(|read| !read.is_empty()) else {
                return Ok(());
            };
            self.hasher.update(read);
            self.bytes += read.len() as u64;
        }
    }

    fn disk(&self, source: std::io::Error) -> SourceError {
        SourceError::Disk {
            path: self.path.clone(),
            source,
        }
    }
}

/// The sha256 of a whole file.
pub fn hash_of(path: &Path, progress: &mut Progress) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    progress.start(&name, 0, Some(file.metadata()?.len()));
    let mut hasher = Sha256::new();
    let mut block = vec![0; BLOCK];
    loop {
        let count = file.read(&mut block)?;
        let Some(read) = block.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hasher.update(read);
        progress.advance(count as u64);
    }
    progress.finish();
    Ok(hexadecimal(hasher))
}

pub fn starts_with(path: &Path, magic: [u8; 4]) -> bool {
    let mut start = [0; 4];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && start == magic
}

fn hexadecimal(hasher: Sha256) -> String {
    hasher
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
