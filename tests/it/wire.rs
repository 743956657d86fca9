//! Frames, the socket's handshake and guards, the named pipe and pid files.

mod frame;
mod pidfile;
mod pipe;
mod socket;
