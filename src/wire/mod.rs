//! What crosses a process border: message types, frames, the Unix socket, the named pipe, pid files.
//!
//! `messages` and `engine` are only data. Every byte that travels goes through the one encoder and the
//! one decoder in `frame`. Wire types are neither stored records nor domain types.

mod changes;
pub mod engine;
pub mod frame;
pub mod image;
pub mod knowledge;
pub mod memory;
pub mod messages;
pub mod own_binary;
pub mod panel;
pub mod pidfile;
pub mod pipe;
pub mod plan;
pub mod schema;
pub mod socket;
pub mod system;
pub mod upkeep;
