//! A regular file that was found in the pipe's place, after it was moved aside.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use super::line::LineBuffer;
use super::{PipeError, PipeLine, failed};

/// A file of lines; those that are done are struck out by newlines, so that a killed reader goes on behind them.
#[derive(Debug)]
pub(super) struct TakenFile {
    file: File,
    path: PathBuf,
    /// Where the line that was given out last starts, and where the next one does.
    given: u64,
    next: u64,
}

impl TakenFile {
    pub fn find(path: &Path) -> Result<Option<Self>, PipeError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlag::O_NOFOLLOW.bits())
            .open(path);
        match file {
            Ok(file) => Ok(Some(Self {
                file,
                path: path.to_owned(),
                given: 0,
                next: 0,
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed("take the missions in", path, source)),
        }
    }

    /// Strikes out what was given before; removes the file after its last line.
    pub fn next(&mut self) -> io::Result<Option<PipeLine>> {
        let length = usize::try_from(self.next - self.given).unwrap_or(usize::MAX);
        self.file.write_all_at(&vec![b'\n'; length], self.given)?;
        self.file.sync_data()?;
        self.given = self.next;
        let mut line = LineBuffer::default();
        let mut window = [0; 512];
        loop {
            let read = self.file.read_at(&mut window, self.next)?;
            for byte in window.iter().take(read) {
                self.next += 1;
                if let Some(line) = line.push(*byte) {
                    return Ok(Some(line));
                }
            }
            if read == 0 {
                // The last line may lack its newline.
                if let Some(line) = line.push(b'\n') {
                    return Ok(Some(line));
                }
                fs::remove_file(&self.path)?;
                return Ok(None);
            }
        }
    }
}
