//! The Unix socket between front-ends and the kernel.
//!
//! A connection exists only after the peer's user was checked and both sides have exchanged their fixed-size
//! hello with the protocol version in it, so a differently laid out peer is told apart before the first frame.
//! Only processes of the same user may talk to each other; root is no exception.

mod address;
mod error;
mod hello;
mod listener;
mod sync;

use std::marker::PhantomData;
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{sleep, timeout};

pub use error::{RequestError, SocketError};
pub use hello::{HELLO_BYTES, Hello, Role};
pub use listener::{Listener, listen};
pub use sync::{SyncConnection, connect_sync};

use super::frame::{self, FrameReader, FrameWriter, Message};
use super::messages::{FromKernel, Reply, Request, ToKernel};
use address::Address;
use hello::Peer;

/// How long a connection may take to be accepted and to exchange hellos.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// Pause between two attempts while the kernel's queue of connections is full.
const CONNECT_PAUSE: Duration = Duration::from_millis(20);

/// A connection after its handshake, which carries `In` to this process and `Out` away from it.
#[derive(Debug)]
pub struct Connection<In, Out> {
    stream: UnixStream,
    peer: Peer,
    messages: PhantomData<fn(Out) -> In>,
}

/// A connection as the kernel has it.
pub type KernelConnection = Connection<ToKernel, FromKernel>;
/// A connection as a front-end or the watchdog has it.
pub type FrontEndConnection = Connection<FromKernel, ToKernel>;
pub type FrontEndReader = FrameReader<OwnedReadHalf, FromKernel>;
pub type FrontEndWriter = FrameWriter<OwnedWriteHalf, ToKernel>;
pub type KernelReader = FrameReader<OwnedReadHalf, ToKernel>;
pub type KernelWriter = FrameWriter<OwnedWriteHalf, FromKernel>;

/// Connects to the kernel that listens at `path`. Takes at most twice [`HANDSHAKE_TIMEOUT`].
pub async fn connect(path: &Path) -> Result<FrontEndConnection, SocketError> {
    connect_as(path, Role::FrontEnd).await
}

/// [`connect`] for a process that is not a front-end.
pub async fn connect_as(path: &Path, role: Role) -> Result<FrontEndConnection, SocketError> {
    let address = Address::to_connect(path)?;
    let connecting = async {
        loop {
            match address.connect() {
                Err(Errno::EAGAIN) => sleep(CONNECT_PAUSE).await,
                result => return result,
            }
        }
    };
    let stream = timeout(HANDSHAKE_TIMEOUT, connecting)
        .await
        .map_err(|_| SocketError::Busy { path: path.into() })?
        .map_err(|errno| SocketError::connecting(path, errno))?;
    let mut stream = UnixStream::from_std(stream).map_err(SocketError::Handshake)?;
    let peer = Peer::of(&stream)?;
    let greeting = async {
        stream.write_all(&Hello::of(role).to_bytes()).await?;
        let mut bytes = [0; HELLO_BYTES];
        stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    };
    let answer = timeout(HANDSHAKE_TIMEOUT, greeting)
        .await
        .map_err(|_| SocketError::Busy { path: path.into() })?
        .map_err(SocketError::Handshake)?;
    let peer = peer.greeted(Hello::from_bytes(answer)?)?;
    Ok(Connection::new(stream, peer))
}

impl<In: Message, Out: Message> Connection<In, Out> {
    fn new(stream: UnixStream, peer: Peer) -> Self {
        Self {
            stream,
            peer,
            messages: PhantomData,
        }
    }

    /// What the other process said it is.
    pub fn peer_role(&self) -> Role {
        self.peer.role
    }

    /// The other process, where the system tells.
    pub fn peer_pid(&self) -> Option<i32> {
        self.peer.pid
    }

    /// Two halves that may be used in different tasks.
    pub fn split(
        self,
    ) -> (
        FrameReader<OwnedReadHalf, In>,
        FrameWriter<OwnedWriteHalf, Out>,
    ) {
        let (reader, writer) = self.stream.into_split();
        (FrameReader::new(reader), FrameWriter::new(writer))
    }
}

impl FrontEndConnection {
    /// Asks one thing and waits for its answer, however long that takes; events in between are left out.
    pub async fn request(&mut self, id: u64, request: Request) -> Result<Reply, RequestError> {
        frame::write(&mut self.stream, &ToKernel { id, request }).await?;
        loop {
            let message = frame::read::<FromKernel>(&mut self.stream).await?;
            if let Some(reply) = answer_to(id, message)? {
                return Ok(reply);
            }
        }
    }
}

/// The answer to request `id`, if this message is it.
fn answer_to(id: u64, message: Option<FromKernel>) -> Result<Option<Reply>, RequestError> {
    match message {
        None => Err(RequestError::Closed),
        Some(FromKernel::Reply { id: of, reply }) if of == id => Ok(Some(reply)),
        Some(FromKernel::Failure { id: of, failure }) if of == id => {
            Err(RequestError::Failed(failure))
        }
        Some(_) => Ok(None),
    }
}
