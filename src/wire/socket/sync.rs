//! The blocking twin of a front-end's connection, for commands that ask one thing and end.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;

use super::address::Address;
use super::error::{RequestError, SocketError};
use super::hello::{HELLO_BYTES, Hello, Peer, Role};
use super::{CONNECT_PAUSE, HANDSHAKE_TIMEOUT, answer_to};
use crate::wire::frame::{self, FrameError};
use crate::wire::messages::{FromKernel, Reply, Request, ToKernel};

/// A blocking connection after its handshake.
#[derive(Debug)]
pub struct SyncConnection {
    stream: UnixStream,
    last_id: u64,
}

/// Connects to the kernel that listens at `path`, blocking for at most twice [`HANDSHAKE_TIMEOUT`].
pub fn connect_sync(path: &Path) -> Result<SyncConnection, SocketError> {
    let address = Address::to_connect(path)?;
    let deadline = Instant::now() + HANDSHAKE_TIMEOUT;
    let mut stream = loop {
        match address.connect() {
            Ok(stream) => break stream,
            Err(Errno::EAGAIN) if Instant::now() < deadline => sleep(CONNECT_PAUSE),
            Err(Errno::EAGAIN) => return Err(SocketError::Busy { path: path.into() }),
            Err(errno) => return Err(SocketError::connecting(path, errno)),
        }
    };
    let peer = Peer::of(&stream)?;
    let answer = greet(&mut stream).map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => SocketError::Busy { path: path.into() },
        _ => SocketError::Handshake(error),
    })?;
    peer.greeted(Hello::from_bytes(answer)?)?;
    Ok(SyncConnection { stream, last_id: 0 })
}

fn greet(stream: &mut UnixStream) -> std::io::Result<[u8; HELLO_BYTES]> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(HANDSHAKE_TIMEOUT))?;
    stream.set_write_timeout(Some(HANDSHAKE_TIMEOUT))?;
    stream.write_all(&Hello::of(Role::FrontEnd).to_bytes())?;
    let mut bytes = [0; HELLO_BYTES];
    stream.read_exact(&mut bytes)?;
    stream.set_read_timeout(None)?;
    stream.set_write_timeout(None)?;
    Ok(bytes)
}

impl SyncConnection {
    /// Bounds each later read and write; `None` waits for ever. After a timeout the connection is spent.
    pub fn set_timeout(&self, limit: Option<Duration>) -> Result<(), FrameError> {
        self.stream
            .set_read_timeout(limit)
            .map_err(FrameError::Read)?;
        self.stream
            .set_write_timeout(limit)
            .map_err(FrameError::Write)
    }

    /// Asks one thing and waits for its answer; events in between are left out.
    pub fn request(&mut self, request: Request) -> Result<Reply, RequestError> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&ToKernel { id, request })?;
        loop {
            if let Some(reply) = answer_to(id, self.receive()?)? {
                return Ok(reply);
            }
        }
    }

    pub fn send(&mut self, message: &ToKernel) -> Result<(), FrameError> {
        frame::write_sync(&mut self.stream, message)
    }

    /// The next message of any kind; `None` when the kernel closed the connection.
    pub fn receive(&mut self) -> Result<Option<FromKernel>, FrameError> {
        frame::read_sync(&mut self.stream)
    }
}
