//! Documents, their chunks, and what is found.

mod chunks;
mod files;
pub use files::pdf;
mod index;
mod vectors;
