//! Appending to the log: a group is on the disk as a whole, or nothing of it is.
//!
//! A write that fails or is short is taken back: the segment ends again where it ended, on the disk,
//! too, and the log goes on. A file that gets longer with each group has its length written with each
//! sync, elsewhere on the disk: so it is made longer by some room at a time, which reads as zeros. After a
//! sync that failed nobody knows what is on the disk: it is never tried again, and neither is anything else.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::segment::{self, Header};
use super::{ChainHash, Log, LogError, SEGMENT_BYTES, failed, frame, sync_folder};
use crate::image::disk;
use crate::image::object::Tid;
use crate::image::proposal::TransactionRecord;

/// Larger groups get no room behind them: they come seldom, and writing it costs more than it saves.
const MOST_WITH_ROOM: usize = segment::ROOM_BYTES / 4;

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
        let (mut frame, newest, hash) = encoded.map_err(refused("write a group to", &self.path))?;
        let end = self.bytes + frame.len() as u64;
        if end > self.file_bytes && frame.len() < MOST_WITH_ROOM {
            frame.resize(frame.len() + segment::ROOM_BYTES, 0);
        }
        if let Err(error) = self.file.write_all_at(&frame, self.bytes) {
            return Err(self.take_back(error));
        }
        let began = Instant::now();
        // Order matters: nobody is answered before this has returned.
        self.file
            .sync_data()
            .map_err(failed("sync the end of", &self.path))
            .map_err(AppendError::Unknown)?;
        self.synced_in = began.elapsed();
        self.file_bytes = self.file_bytes.max(self.bytes + frame.len() as u64);
        self.bytes = end;
        (self.newest, self.hash) = (newest, hash);
        Ok(())
    }

    /// Ends the segment where its groups end.
    pub(in crate::image) fn close(&mut self) -> Result<(), AppendError> {
        if self.file_bytes > self.bytes {
            self.file
                .set_len(self.bytes)
                .and_then(|()| self.file.sync_all())
                .map_err(failed("end", &self.path))
                .map_err(AppendError::Unknown)?;
            self.file_bytes = self.bytes;
        }
        Ok(())
    }

    /// The next group begins a segment of its own.
    pub(in crate::image) fn turn(&mut self) -> Result<(), AppendError> {
        if self.bytes > segment::HEADER_BYTES {
            self.close()?;
            let (path, file) = start_segment(&self.folder, self.newest, self.hash)?;
            sync_folder(&self.folder).map_err(AppendError::Unknown)?;
            (self.path, self.file) = (path, file);
            self.bytes = segment::HEADER_BYTES;
            self.file_bytes = self.bytes;
        }
        Ok(())
    }

    /// Is there room for a group, and for what the store makes of it?
    pub(in crate::image) fn check_room(&self) -> Result<(), AppendError> {
        disk::check_room(&self.file).map_err(refused("write to", &self.path))
    }

    fn take_back(&mut self, error: io::Error) -> AppendError {
        let cut = self.file.set_len(self.bytes);
        match cut.and_then(|()| self.file.sync_all()) {
            Ok(()) => {
                self.file_bytes = self.bytes;
                refused("write to", &self.path)(error)
            }
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
    match unfinished.persist(&path) {
        Ok(file) => Ok((path, file)),
        Err(error) => {
            take_name_back(folder, &path)?;
            Err(start()(error.error))
        }
    }
}

/// A rename that failed may have been done: an empty segment must not stand among others that go on without it.
fn take_name_back(folder: &Path, path: &Path) -> Result<(), AppendError> {
    let removed = match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        removed => removed,
    };
    removed
        .map_err(failed("remove", path))
        .and_then(|()| sync_folder(folder))
        .map_err(AppendError::Unknown)
}

fn refused(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> AppendError {
    let refusal = failed(action, path);
    move |cause| AppendError::Refused(refusal(cause))
}
