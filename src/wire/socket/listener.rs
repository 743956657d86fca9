//! The kernel's end: one listener, and a handshake for each process that connects.
//!
//! Whoever listens must hold the kernel's pid file; the test for a live listener is the second guard. The
//! socket appears under its name only when it has its permissions and is being listened to.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::address::Address;
use super::error::SocketError;
use super::hello::{HELLO_BYTES, Hello, Peer, Role};
use super::{Connection, HANDSHAKE_TIMEOUT, KernelConnection};

/// Handshakes under way at once; more wait in the system's queue.
const HANDSHAKES: usize = 64;

/// Pause after the system could not give a connection, so that running out of descriptors is no busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections; its socket file goes when it is dropped.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Device and inode of the socket file.
    identity: (u64, u64),
    handshakes: JoinSet<Result<KernelConnection, SocketError>>,
}

/// Listens at `path` (mode 0600) in a folder that is made, or kept, private (0700).
///
/// A socket that nobody listens at any more is replaced; a live one is never taken. Needs a tokio runtime.
pub fn listen(path: &Path) -> Result<Listener, SocketError> {
    let failed = |source: io::Error| SocketError::Listen {
        path: path.into(),
        source,
    };
    if let Some(folder) = path.parent() {
        make_private(folder).map_err(failed)?;
    }
    let address = Address::to_listen(path)?;
    refuse_living(path, &address)?;

    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = address.sibling(&format!("{name}.{}", std::process::id()));
    remove_if_there(&fresh).map_err(failed)?;
    let socket = UnixListener::bind(&fresh).map_err(failed)?;
    fs::set_permissions(&fresh, Permissions::from_mode(0o600)).map_err(failed)?;
    let metadata = fs::symlink_metadata(&fresh).map_err(failed)?;
    fs::rename(&fresh, address.path()).map_err(failed)?;
    Ok(Listener {
        socket,
        path: path.to_owned(),
        identity: (metadata.dev(), metadata.ino()),
        handshakes: JoinSet::new(),
    })
}

impl Listener {
    /// The next connection whose handshake is done.
    ///
    /// An error concerns one connection (a foreign user, another version, one that hung up) or a passing lack
    /// of descriptors: report it and call again. A peer that says nothing delays no other. Cancel safe.
    pub async fn accept(&mut self) -> Result<KernelConnection, SocketError> {
        loop {
            tokio::select! {
                Some(finished) = self.handshakes.join_next() => match finished {
                    Ok(result) => return result,
                    Err(error) => return Err(SocketError::Handshake(io::Error::other(error))),
                },
                accepted = self.socket.accept(), if self.handshakes.len() < HANDSHAKES => {
                    match accepted {
                        Ok((stream, _)) => {
                            self.handshakes.spawn(shake_hands(stream));
                        }
                        Err(error) => {
                            sleep(ACCEPT_PAUSE).await;
                            return Err(SocketError::Accept(error));
                        }
                    }
                }
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let ours = fs::symlink_metadata(&self.path)
            .is_ok_and(|file| (file.dev(), file.ino()) == self.identity);
        if ours {
            // Nothing is lost when it stays: the next listener sees that it is dead.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The kernel's side: read a hello, answer with one whatever its version, then judge it.
async fn shake_hands(mut stream: UnixStream) -> Result<KernelConnection, SocketError> {
    let peer = Peer::of(&stream)?;
    let greeting = async {
        let mut bytes = [0; HELLO_BYTES];
        stream.read_exact(&mut bytes).await?;
        let hello = Hello::from_bytes(bytes);
        if hello.is_ok() {
            stream
                .write_all(&Hello::of(Role::Kernel).to_bytes())
                .await?;
        }
        Ok(hello)
    };
    let hello = timeout(HANDSHAKE_TIMEOUT, greeting)
        .await
        .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
        .map_err(SocketError::Handshake)??;
    let peer = peer.greeted(hello)?;
    Ok(Connection::new(stream, peer))
}

/// Fails when somebody listens at the address or when something else than a socket is there.
fn refuse_living(path: &Path, address: &Address) -> Result<(), SocketError> {
    let path = path.to_owned();
    match fs::symlink_metadata(address.path()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(SocketError::Listen { path, source }),
        Ok(file) if !file.file_type().is_socket() => return Err(SocketError::NotASocket { path }),
        Ok(_) => {}
    }
    match address.connect() {
        // Refused: its listener is gone. The rename replaces it.
        Err(Errno::ECONNREFUSED | Errno::ENOENT) => Ok(()),
        Ok(_) | Err(Errno::EAGAIN) => Err(SocketError::InUse { path }),
        Err(errno) => Err(SocketError::connecting(&path, errno)),
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let metadata = fs::metadata(folder)?;
    if metadata.uid() != nix::unistd::geteuid().as_raw() {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            format!("{} belongs to another user", folder.display()),
        ));
    }
    if metadata.mode() & 0o077 != 0 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
