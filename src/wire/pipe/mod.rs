//! The named pipe `run/missions`: one mission a line, from `echo` or any program.
//!
//! A line is taken from the pipe byte by byte, so that what follows it stays there while its mission is made
//! durable: the pipe outlives a killed kernel, because the watchdog holds it open too. A regular file found in
//! the pipe's place is moved aside and its lines are taken first, each struck out once the next is asked for.

mod line;
mod taken;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::fd::{OwnedFd, RawFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use tokio::net::unix::pipe::Receiver;
use tokio::time::sleep;

use line::LineBuffer;
use taken::TakenFile;

/// The longest line, without its newline. Shorter ones, written at once, are never mixed with another writer's.
pub const MAX_LINE_BYTES: usize = 4096;

/// What is behind the pipe's name besides the pipe: lines that were found in a file there.
const TAKEN_SUFFIX: &str = "taken";

/// How often a quiet pipe's name is looked at, for somebody may have put a file there.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The variable in which a watchdog tells its kernel the number of the inherited pipe.
pub const INHERITED_PIPE_VARIABLE: &str = "BATOS_MISSIONS_FD";

#[derive(Debug, thiserror::Error)]
pub enum PipeError {
    #[error("{} is in the way of the missions pipe: it is {what}", path.display())]
    InTheWay { path: PathBuf, what: &'static str },
    #[error("{} belongs to user {uid}, not to you", path.display())]
    Foreign { path: PathBuf, uid: u32 },
    #[error("could not {attempt} {}", path.display())]
    Io {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// What one line of the pipe turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PipeLine {
    /// Without the white space around it; never empty.
    Mission(String),
    /// Not taken, and why: for the log.
    Refused(String),
}

/// Makes the pipe if it is missing (0600) and opens it for reading and writing, so that it never ends.
///
/// A regular file of ours in its place is moved to `missions.taken`, from where [`MissionPipe`] takes its lines.
/// Links, folders and anything of another user's are refused.
pub fn prepare(path: &Path) -> Result<OwnedFd, PipeError> {
    clear_the_way(path)?;
    match nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR) {
        Ok(()) | Err(nix::errno::Errno::EEXIST) => {}
        Err(errno) => return Err(failed("make the pipe", path, errno.into())),
    }
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(flags.bits())
        .open(path)
        .map_err(|source| failed("open the pipe", path, source))?;
    let metadata = file
        .metadata()
        .map_err(|source| failed("look at", path, source))?;
    let in_the_way = |what| PipeError::InTheWay {
        path: path.to_owned(),
        what,
    };
    if !metadata.file_type().is_fifo() {
        return Err(in_the_way("not a pipe"));
    }
    refuse_foreign(path, &metadata)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))
        .map_err(|source| failed("make private", path, source))?;
    Ok(file.into())
}

/// The pipe that the watchdog passed on, or the one at `path` when there is none.
///
/// To be called once, at the start: the inherited descriptor is closed in favour of one of this process's own,
/// which its children do not inherit.
pub fn inherited_or_prepare(path: &Path) -> Result<OwnedFd, PipeError> {
    let number = std::env::var(INHERITED_PIPE_VARIABLE)
        .ok()
        .and_then(|number| number.parse::<RawFd>().ok())
        .filter(|number| *number > 2);
    let Some(number) = number else {
        return prepare(path);
    };
    let inherited = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(format!("/dev/fd/{number}"));
    match inherited {
        Ok(file) if file.metadata().is_ok_and(|file| file.file_type().is_fifo()) => {
            // Open it was, as the line above has shown.
            let _ = nix::unistd::close(number);
            Ok(file.into())
        }
        _ => prepare(path),
    }
}

/// Reads missions from the pipe and, before it, from a file that was found in its place.
#[derive(Debug)]
pub struct MissionPipe {
    path: PathBuf,
    pipe: Receiver,
    /// Device and inode of the pipe.
    identity: (u64, u64),
    /// What is in the pipe's place cannot be used, and this has been said.
    in_the_way: bool,
    taken: Option<TakenFile>,
    line: LineBuffer,
}

impl MissionPipe {
    /// Over an open pipe, such as one inherited from the watchdog; `path` is its name. Needs a tokio runtime.
    pub fn over(pipe: OwnedFd, path: &Path) -> Result<Self, PipeError> {
        let file = File::from(pipe);
        let metadata = file
            .metadata()
            .map_err(|source| failed("look at", path, source))?;
        Ok(Self {
            path: path.to_owned(),
            pipe: Receiver::from_owned_fd(file.into())
                .map_err(|source| failed("read from", path, source))?,
            identity: (metadata.dev(), metadata.ino()),
            in_the_way: false,
            taken: TakenFile::find(&taken_path(path))?,
            line: LineBuffer::default(),
        })
    }

    /// The next line that is not empty; waits for one. Cancel safe.
    ///
    /// Ask for the next only when what came of the last is durable: a line is forgotten when the next is asked
    /// for.
    pub async fn next(&mut self) -> io::Result<PipeLine> {
        loop {
            if let Some(line) = self.next_taken()? {
                return Ok(line);
            }
            tokio::select! {
                biased;
                readable = self.pipe.readable() => {
                    readable?;
                    if let Some(line) = self.read_byte()? {
                        return Ok(line);
                    }
                }
                () = sleep(LOOK_EVERY) => if let Some(line) = self.look_at_the_name() {
                    return Ok(line);
                },
            }
        }
    }

    fn read_byte(&mut self) -> io::Result<Option<PipeLine>> {
        let mut bytes = [0];
        match self.pipe.try_read(&mut bytes) {
            Ok(1..) => {
                let [byte] = bytes;
                Ok(self.line.push(byte))
            }
            // Only when nobody has it open for writing, which we do ourselves.
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Goes over to what is now under the pipe's name, if somebody has put something else there.
    fn look_at_the_name(&mut self) -> Option<PipeLine> {
        let same = fs::symlink_metadata(&self.path)
            .is_ok_and(|file| (file.dev(), file.ino()) == self.identity);
        if same {
            self.in_the_way = false;
            return None;
        }
        match prepare(&self.path).and_then(|pipe| Self::over(pipe, &self.path)) {
            Ok(fresh) => {
                *self = fresh;
                None
            }
            Err(_) if self.in_the_way => None,
            Err(error) => {
                self.in_the_way = true;
                Some(PipeLine::Refused(error.to_string()))
            }
        }
    }

    fn next_taken(&mut self) -> io::Result<Option<PipeLine>> {
        let Some(taken) = &mut self.taken else {
            return Ok(None);
        };
        let line = taken.next()?;
        if line.is_none() {
            self.taken = None;
        }
        Ok(line)
    }
}

fn taken_path(path: &Path) -> PathBuf {
    path.with_extension(TAKEN_SUFFIX)
}

/// Moves a regular file of ours away from the pipe's name, and refuses what else is there.
fn clear_the_way(path: &Path) -> Result<(), PipeError> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(failed("look at", path, source)),
    };
    let in_the_way = |what| PipeError::InTheWay {
        path: path.to_owned(),
        what,
    };
    let kind = metadata.file_type();
    if kind.is_symlink() {
        return Err(in_the_way("a symbolic link"));
    }
    refuse_foreign(path, &metadata)?;
    if kind.is_fifo() {
        return Ok(());
    }
    if !kind.is_file() {
        return Err(in_the_way("neither a pipe nor a file"));
    }
    take_in(path).map_err(|source| failed("take the missions in", path, source))
}

/// The file's lines go behind those of an earlier file that is not done yet.
fn take_in(path: &Path) -> io::Result<()> {
    let taken = taken_path(path);
    if !taken.exists() {
        return fs::rename(path, taken);
    }
    let mut lines = vec![b'\n'];
    File::open(path)?.read_to_end(&mut lines)?;
    let mut behind = OpenOptions::new().append(true).open(taken)?;
    io::Write::write_all(&mut behind, &lines)?;
    behind.sync_data()?;
    fs::remove_file(path)
}

fn refuse_foreign(path: &Path, metadata: &fs::Metadata) -> Result<(), PipeError> {
    if metadata.uid() == nix::unistd::geteuid().as_raw() {
        return Ok(());
    }
    Err(PipeError::Foreign {
        path: path.to_owned(),
        uid: metadata.uid(),
    })
}

fn failed(attempt: &'static str, path: &Path, source: io::Error) -> PipeError {
    PipeError::Io {
        attempt,
        path: path.to_owned(),
        source,
    }
}
