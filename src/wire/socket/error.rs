//! What can go wrong at the socket, each with what the person can do about it.

use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

use super::hello::Role;
use crate::wire::frame::FrameError;
use crate::wire::messages::Failure;

/// Why there is no connection or no listener.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    #[error("no kernel is running at {}", path.display())]
    NotRunning { path: PathBuf },
    #[error("the kernel at {} does not take new connections", path.display())]
    Busy { path: PathBuf },
    #[error("could not connect to {}", path.display())]
    Connect {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("a kernel is already listening at {}", path.display())]
    InUse { path: PathBuf },
    #[error("{} is in the way: it is not a socket", path.display())]
    NotASocket { path: PathBuf },
    #[error("the socket's path {} is {bytes} bytes long and this system allows {limit}", path.display())]
    PathTooLong {
        path: PathBuf,
        bytes: usize,
        limit: usize,
    },
    #[error("could not listen at {}", path.display())]
    Listen {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("could not accept a connection")]
    Accept(#[source] io::Error),
    #[error("the process at the other end belongs to user {peer_uid}, this one to user {own_uid}")]
    ForeignPeer { peer_uid: u32, own_uid: u32 },
    #[error("{}", other_version(*peer, *theirs, *ours))]
    OtherVersion { peer: Role, theirs: u16, ours: u16 },
    #[error("the process at the other end is not batos")]
    NotBatos,
    #[error("the connection ended during the handshake")]
    Handshake(#[source] io::Error),
}

impl SocketError {
    pub(super) fn connecting(path: &Path, errno: Errno) -> Self {
        let path = path.to_owned();
        match errno {
            Errno::ENOENT | Errno::ECONNREFUSED | Errno::ENOTDIR => Self::NotRunning { path },
            Errno::ENOTSOCK => Self::NotASocket { path },
            errno => Self::Connect {
                path,
                source: errno.into(),
            },
        }
    }

    /// What the person can do, where there is something.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotRunning { .. } => "start it with `batos up`",
            Self::Busy { .. } => {
                "look at the log with `batos tail`; `batos down` and `batos up` start it anew"
            }
            Self::InUse { .. } => "use the one that runs, or stop it with `batos down`",
            Self::NotASocket { .. } => "move it away and start again",
            Self::PathTooLong { .. } => "choose a shorter home with `--home` or BATOS_HOME",
            Self::ForeignPeer { .. } => {
                "run batos as the user who started it, or give this user a home of its own with `--home`"
            }
            Self::OtherVersion { .. } => {
                "run `batos down` with the batos that is running, then `batos up` with the one you want"
            }
            Self::Connect { .. }
            | Self::Listen { .. }
            | Self::Accept(_)
            | Self::NotBatos
            | Self::Handshake(_) => return None,
        };
        Some(hint.to_owned())
    }
}

fn other_version(peer: Role, theirs: u16, ours: u16) -> String {
    match peer {
        Role::Kernel => {
            format!("this batos speaks protocol {ours}, the running kernel speaks {theirs}")
        }
        _ => {
            format!("this kernel speaks protocol {ours}, the batos that connected speaks {theirs}")
        }
    }
}

/// Why a request got no reply.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("{}", .0.message)]
    Failed(Failure),
    #[error("the kernel closed the connection before it answered")]
    Closed,
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl RequestError {
    /// What the person can do, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Failed(failure) => failure.hint.clone(),
            Self::Closed => Some("`batos status` says whether it is running again".to_owned()),
            Self::Frame(_) => None,
        }
    }
}
