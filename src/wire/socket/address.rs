//! Socket paths of any length.
//!
//! The system takes about a hundred bytes for a socket's path, and a home may lie deeper. On Linux the folder
//! is then opened and named as `/proc/self/fd/N`, which is always short; elsewhere the path is refused with
//! the remedy.

use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket};

use super::error::SocketError;

/// The shortest limit of the supported systems (104 with the closing zero), less room for a temporary name.
const PATH_LIMIT: usize = 90;

/// A socket's path in a form that the system takes.
#[derive(Debug)]
pub(super) struct Address {
    path: PathBuf,
    /// Keeps `/proc/self/fd/N` alive.
    _folder: Option<OwnedFd>,
}

impl Address {
    /// For a socket that should be there already.
    pub fn to_connect(path: &Path) -> Result<Self, SocketError> {
        Self::of(path).map_err(|refusal| match refusal {
            Refusal::TooLong => too_long(path),
            Refusal::Folder(errno) => SocketError::connecting(path, errno),
        })
    }

    /// For a socket that will be made.
    pub fn to_listen(path: &Path) -> Result<Self, SocketError> {
        Self::of(path).map_err(|refusal| match refusal {
            Refusal::TooLong => too_long(path),
            Refusal::Folder(errno) => SocketError::Listen {
                path: path.into(),
                source: errno.into(),
            },
        })
    }

    fn of(path: &Path) -> Result<Self, Refusal> {
        if path.as_os_str().len() <= PATH_LIMIT {
            return Ok(Self {
                path: path.to_owned(),
                _folder: None,
            });
        }
        through_folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same folder, another name in it.
    pub fn sibling(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// Connects without waiting: `EAGAIN` when the listener's queue is full. The stream is non-blocking.
    pub fn connect(&self) -> Result<UnixStream, Errno> {
        #[cfg(target_os = "linux")]
        let flags = SockFlag::SOCK_CLOEXEC;
        #[cfg(not(target_os = "linux"))]
        let flags = SockFlag::empty();
        let descriptor = socket(AddressFamily::Unix, SockType::Stream, flags, None)?;
        let stream = UnixStream::from(descriptor);
        stream.set_nonblocking(true).map_err(as_errno)?;
        #[cfg(not(target_os = "linux"))]
        nix::fcntl::fcntl(
            &stream,
            nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC),
        )?;
        connect(stream.as_raw_fd(), &UnixAddr::new(&self.path)?)?;
        Ok(stream)
    }
}

enum Refusal {
    #[cfg_attr(
        target_os = "linux",
        expect(dead_code, reason = "Linux names any folder shortly")
    )]
    TooLong,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "no folder is opened")
    )]
    Folder(Errno),
}

#[cfg(target_os = "linux")]
fn through_folder(path: &Path) -> Result<Address, Refusal> {
    use nix::fcntl::{OFlag, open};
    use nix::sys::stat::Mode;

    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(Refusal::Folder(Errno::ENOENT));
    };
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let folder = open(folder, flags, Mode::empty()).map_err(Refusal::Folder)?;
    Ok(Address {
        path: Path::new("/proc/self/fd")
            .join(folder.as_raw_fd().to_string())
            .join(name),
        _folder: Some(folder),
    })
}

#[cfg(not(target_os = "linux"))]
fn through_folder(_path: &Path) -> Result<Address, Refusal> {
    Err(Refusal::TooLong)
}

fn too_long(path: &Path) -> SocketError {
    SocketError::PathTooLong {
        path: path.to_owned(),
        bytes: path.as_os_str().as_bytes().len(),
        limit: PATH_LIMIT,
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function for `map_err`"
)]
fn as_errno(error: std::io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::EIO, Errno::from_raw)
}
