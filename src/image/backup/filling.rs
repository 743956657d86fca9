//! A folder that is being filled with the files of an image: each written once, synced, hashed on the way.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::BackupError;
use super::error::failed;
use super::manifest::{Hash, Listed, Part};
use crate::image::log::{self, ChainHash};
use crate::image::{Tid, base, disk, folder};

const COPY_BYTES: usize = 256 * 1024;

pub(super) struct Filling<'a> {
    root: PathBuf,
    pub files: Vec<Listed>,
    pub bytes: u64,
    segment: Option<Writing>,
    progress: &'a mut dyn FnMut(u64),
}

struct Writing {
    part: Part,
    path: PathBuf,
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<'a> Filling<'a> {
    /// `progress` is told how many bytes were written so far.
    pub(super) fn new(root: &Path, progress: &'a mut dyn FnMut(u64)) -> Result<Self, BackupError> {
        for name in [base::FOLDER, log::FOLDER, folder::BLOBS] {
            let path = root.join(name);
            fs::create_dir(&path).map_err(failed("create", &path))?;
        }
        Ok(Self {
            root: root.to_owned(),
            files: Vec::new(),
            bytes: 0,
            segment: None,
            progress,
        })
    }

    /// Copies a file; gives the hash of what was copied.
    pub(super) fn copy(&mut self, part: Part, from: &Path) -> Result<Hash, BackupError> {
        let mut source = File::open(from).map_err(failed("open", from))?;
        let mut writing = self.begin(part)?;
        let mut buffer = vec![0; COPY_BYTES];
        loop {
            let count = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed("read", from)(error)),
            };
            self.write(&mut writing, buffer.get(..count).unwrap_or_default())?;
        }
        self.finish(writing)
    }

    /// Adds a group of transactions to the log; `before` is where the chain is before it.
    pub(super) fn frame(
        &mut self,
        before: (Tid, ChainHash),
        frame: &[u8],
    ) -> Result<(), BackupError> {
        let full = |segment: &Writing| segment.bytes >= log::SEGMENT_BYTES;
        let mut segment = match self.segment.take() {
            Some(segment) if !full(&segment) => segment,
            before_it => {
                if let Some(segment) = before_it {
                    self.finish(segment)?;
                }
                self.begin_segment(before)?
            }
        };
        self.write(&mut segment, frame)?;
        self.segment = Some(segment);
        Ok(())
    }

    /// The log goes on after this, though nothing followed there.
    pub(super) fn empty_log(&mut self, after: (Tid, ChainHash)) -> Result<(), BackupError> {
        self.segment = Some(self.begin_segment(after)?);
        Ok(())
    }

    fn begin_segment(&mut self, after: (Tid, ChainHash)) -> Result<Writing, BackupError> {
        let header = log::Header {
            first: after.0 + 1,
            previous: after.1,
        };
        let mut segment = self.begin(Part::Log(header.first))?;
        self.write(&mut segment, &header.encode())?;
        Ok(segment)
    }

    pub(super) fn end_log(&mut self) -> Result<(), BackupError> {
        if let Some(segment) = self.segment.take() {
            self.finish(segment)?;
        }
        Ok(())
    }

    /// Makes the names of the files durable.
    pub(super) fn sync(&self) -> Result<(), BackupError> {
        for name in [base::FOLDER, log::FOLDER, folder::BLOBS, ""] {
            let path = self.root.join(name);
            disk::sync_folder(&path).map_err(failed("sync", &path))?;
        }
        Ok(())
    }

    fn begin(&self, part: Part) -> Result<Writing, BackupError> {
        let path = self.root.join(part.path());
        let file = File::create_new(&path).map_err(failed("create", &path))?;
        Ok(Writing {
            part,
            path,
            file,
            hasher: blake3::Hasher::new(),
            bytes: 0,
        })
    }

    fn write(&mut self, writing: &mut Writing, bytes: &[u8]) -> Result<(), BackupError> {
        let written = writing.file.write_all(bytes);
        written.map_err(failed("write to", &writing.path))?;
        writing.hasher.update(bytes);
        writing.bytes += bytes.len() as u64;
        self.bytes += bytes.len() as u64;
        (self.progress)(self.bytes);
        Ok(())
    }

    fn finish(&mut self, writing: Writing) -> Result<Hash, BackupError> {
        let Writing {
            part,
            path,
            file,
            hasher,
            bytes,
        } = writing;
        file.sync_all().map_err(failed("sync", &path))?;
        let hash = *hasher.finalize().as_bytes();
        let listed = Listed::new(part, bytes, hash);
        self.files.push(listed);
        Ok(Hash(hash))
    }
}
