//! Pid files: who runs, proven by a lock that the system releases when the process ends.
//!
//! The number in the file only says which process holds the lock; the lock says whether it lives. The file is
//! emptied when its process ends as it should, so a number without a lock is the trace of a death.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Whoever takes the lock writes its number right after; a reader in between looks again after this.
const WRITING_PAUSE: Duration = Duration::from_millis(20);
const WRITING_LOOKS: u32 = 25;

/// Somebody who only asks who holds the lock has it for an instant; taking it outwaits that.
const ASKING_PAUSE: Duration = Duration::from_millis(10);
const ASKING_TRIES: u32 = 10;

/// The lock on a pid file, held for as long as this lives and never inherited by another program.
#[derive(Debug)]
pub struct Pidfile {
    file: File,
    path: PathBuf,
}

/// Why a pid file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum PidfileError {
    #[error("process {pid} already runs here (it holds {})", path.display())]
    Held { pid: u32, path: PathBuf },
    #[error("could not use the pid file {}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// What a pid file tells about its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// It runs, under this pid; 0 when it has not written it for half a second.
    Running(u32),
    /// It ended without ending as it should.
    Died(u32),
    /// It never ran, or ended as it should.
    Nobody,
}

impl Pidfile {
    /// Takes the lock and writes this process's number, or says who has it. Waits for at most half a second.
    pub fn acquire(path: &Path) -> Result<Self, PidfileError> {
        let failed = |source| PidfileError::Io {
            path: path.to_owned(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits())
            .open(path)
            .map_err(failed)?;
        match try_to_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(PidfileError::Held {
                    pid: number_of_holder(&mut file).map_err(failed)?,
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        write_number(&mut file).map_err(failed)?;
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Who holds the file at `path`, without taking it.
    pub fn holder(path: &Path) -> Result<Holder, PidfileError> {
        let failed = |source| PidfileError::Io {
            path: path.to_owned(),
            source,
        };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Holder::Nobody),
            Err(error) => return Err(failed(error)),
        };
        // A shared lock, so that two who ask at once do not take each other for the holder.
        match file.try_lock_shared() {
            Ok(()) => Ok(read_number(&mut file)
                .map_err(failed)?
                .map_or(Holder::Nobody, Holder::Died)),
            Err(TryLockError::WouldBlock) => number_of_holder(&mut file)
                .map(Holder::Running)
                .map_err(failed),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Pidfile {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // If it stays, the worst is that an ordinary end is taken for a death.
            let _ = self.file.set_len(0);
        }
    }
}

fn try_to_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 1..ASKING_TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(ASKING_PAUSE),
            result => return result,
        }
    }
    file.try_lock()
}

fn write_number(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", std::process::id())
}

/// The number of the process that holds the lock, given a moment to write it.
fn number_of_holder(file: &mut File) -> io::Result<u32> {
    for _ in 0..WRITING_LOOKS {
        if let Some(pid) = read_number(file)? {
            return Ok(pid);
        }
        std::thread::sleep(WRITING_PAUSE);
    }
    Ok(0)
}

fn read_number(file: &mut File) -> io::Result<Option<u32>> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(32).read_to_string(&mut text)?;
    Ok(text.strip_suffix('\n').and_then(|text| text.parse().ok()))
}
