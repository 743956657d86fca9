//! The handshake: twelve fixed bytes from each side, the front-end's first.
//!
//! `89 42 41 54 4F 53 0D 0A` (a magic number that no text or frame starts with), the protocol version as
//! `u16 LE`, the role as one byte, one byte of zero. This layout never changes, whatever the version.

use std::io;
use std::os::fd::AsFd;

use super::error::SocketError;
use crate::wire::messages::PROTOCOL_VERSION;

/// The length of a hello on the wire.
pub const HELLO_BYTES: usize = 12;

const MAGIC: [u8; 8] = *b"\x89BATOS\r\n";

/// What one side says about itself before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hello {
    pub version: u16,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Kernel,
    FrontEnd,
    Watchdog,
    /// One that a later version knows.
    Unknown,
}

impl Hello {
    /// What this program says in that role.
    pub const fn of(role: Role) -> Self {
        Self {
            version: PROTOCOL_VERSION,
            role,
        }
    }

    pub fn to_bytes(self) -> [u8; HELLO_BYTES] {
        let [low, high] = self.version.to_le_bytes();
        let role = match self.role {
            Role::Unknown => 0,
            Role::Kernel => 1,
            Role::FrontEnd => 2,
            Role::Watchdog => 3,
        };
        let mut bytes = [0; HELLO_BYTES];
        let (magic, rest) = bytes.split_at_mut(MAGIC.len());
        magic.copy_from_slice(&MAGIC);
        rest.copy_from_slice(&[low, high, role, 0]);
        bytes
    }

    /// Fails when the bytes are not a hello at all; any version and role is taken.
    pub fn from_bytes(bytes: [u8; HELLO_BYTES]) -> Result<Self, SocketError> {
        let Some([low, high, role, _]) = bytes.strip_prefix(&MAGIC) else {
            return Err(SocketError::NotBatos);
        };
        Ok(Self {
            version: u16::from_le_bytes([*low, *high]),
            role: match role {
                1 => Role::Kernel,
                2 => Role::FrontEnd,
                3 => Role::Watchdog,
                _ => Role::Unknown,
            },
        })
    }
}

/// The process at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    pub role: Role,
    pub pid: Option<i32>,
}

impl Peer {
    /// Who connected, by the system's word; refused when it is another user.
    pub fn of(stream: &impl AsFd) -> Result<Self, SocketError> {
        let (uid, pid) = credentials(stream).map_err(SocketError::Handshake)?;
        let own_uid = nix::unistd::geteuid().as_raw();
        if uid != own_uid {
            return Err(SocketError::ForeignPeer {
                peer_uid: uid,
                own_uid,
            });
        }
        Ok(Self {
            role: Role::Unknown,
            pid,
        })
    }

    /// The same peer after its hello; refused when it speaks another version.
    pub fn greeted(self, hello: Hello) -> Result<Self, SocketError> {
        if hello.version != PROTOCOL_VERSION {
            return Err(SocketError::OtherVersion {
                peer: hello.role,
                theirs: hello.version,
                ours: PROTOCOL_VERSION,
            });
        }
        Ok(Self {
            role: hello.role,
            ..self
        })
    }
}

#[cfg(target_os = "linux")]
fn credentials(stream: &impl AsFd) -> io::Result<(u32, Option<i32>)> {
    use nix::sys::socket::{getsockopt, sockopt::PeerCredentials};
    let peer = getsockopt(stream, PeerCredentials)?;
    Ok((peer.uid(), Some(peer.pid())))
}

#[cfg(not(target_os = "linux"))]
fn credentials(stream: &impl AsFd) -> io::Result<(u32, Option<i32>)> {
    let (uid, _) = nix::unistd::getpeereid(stream.as_fd())?;
    Ok((uid.as_raw(), None))
}
