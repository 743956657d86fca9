//! Appending to the log: a group is on the disk as a whole, or nothing of it is.
//!
//! A write that fails or is short is taken back: the segment ends again where it ended, on the disk,
//! too, and the log goes on. After a sync that failed nobody knows what is on the disk: it is never
//! tried again, and neither is anything else.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::segment::{self, Header};
use super::{ChainHash, Log, LogError, SEGMENT_BYTES, failed, frame, sync_folder};
use crate::image::disk;
use crate::image::object::Tid;
use crate::image::proposal::TransactionRecord;

/// Why a group was not appended.
#[derive(Debug, thiserror::Error)]
pub(in crate::image) enum AppendError {
    /// Nothing of it is in the log, and the next one can be appended.
    #[error(transparent)]
    Refused(LogError),
    /// What is on the disk is not known: nothing more may be appended.
    #[error(transparent)]
    Unknown(LogError),
}

impl From<AppendError> for LogError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Refused(error) | AppendError::Unknown(error) => error,
        }
    }
}

impl Log {
    /// Appends a group as one frame and syncs.
    pub(in crate::image) fn append(
        &mut self,
        group: &[TransactionRecord],
    ) -> Result<(), AppendError> {
        self.check_room()?;
        if self.bytes >= SEGMENT_BYTES {
            self.turn()?;
        }
        let encoded = frame::encode(group, self.newest, self.hash);
        let (frame, newest, hash) = encoded.map_err(refused("write a group to", &self.path))?;
        if let Err(error) = self.file.write_all_at(&frame, self.bytes) {
            return Err(self.take_back(error));
        }
        // Order matters: nobody is answered before this has returned.
        self.file
            .sync_data()
            .map_err(failed("sync the end of", &self.path))
            .map_err(AppendError::Unknown)?;
        self.bytes += frame.len() as u64;
        (self.newest, self.hash) = (newest, hash);
        Ok(())
    }

    /// The next group begins a segment of its own.
    pub(in crate::image) fn turn(&mut self) -> Result<(), AppendError> {
        if self.bytes > segment::HEADER_BYTES {
            let (path, file) = start_segment(&self.folder, self.newest, self.hash)?;
            sync_folder(&self.folder).map_err(AppendError::Unknown)?;
            (self.path, self.file) = (path, file);
            self.bytes = segment::HEADER_BYTES;
        }
        Ok(())
    }

    /// Is there room for a group, and for what the store makes of it?
    pub(in crate::image) fn check_room(&self) -> Result<(), AppendError> {
        disk::check_room(&self.file).map_err(refused("write to", &self.path))
    }

    fn take_back(&self, error: io::Error) -> AppendError {
        match self
            .file
            .set_len(self.bytes)
            .and_then(|()| self.file.sync_all())
        {
            Ok(()) => refused("write to", &self.path)(error),
            Err(second) => {
                let both = io::Error::new(second.kind(), format!("{second}, after {error}"));
                AppendError::Unknown(failed("take back a write to", &self.path)(both))
            }
        }
    }
}

/// Makes the segment that follows `newest`: written beside, synced, renamed. Its name is durable when
/// the folder is synced, too. Until the rename nothing has changed, and after it the same can be done
/// again: the new segment is empty.
pub(super) fn start_segment(
    folder: &Path,
    newest: Tid,
    previous: ChainHash,
) -> Result<(PathBuf, File), AppendError> {
    let header = Header {
        first: newest + 1,
        previous,
    };
    let path = folder.join(segment::name(header.first));
    let start = || refused("start", &path);
    let mut unfinished = disk::unfinished(folder).map_err(start())?;
    unfinished.write_all(&header.encode()).map_err(start())?;
    unfinished
        .as_file()
        .sync_all()
        .map_err(failed("sync", &path))
        .map_err(AppendError::Unknown)?;
    let file = unfinished.persist(&path).map_err(|e| start()(e.error))?;
    Ok((path, file))
}

fn refused(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> AppendError {
    let refusal = failed(action, path);
    move |cause| AppendError::Refused(refusal(cause))
}
