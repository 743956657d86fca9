//! Room on the disk, asked for before anything is fetched.

use std::path::Path;

use super::SourceError;

/// Left free beyond what a file needs, in bytes.
const RESERVE: u64 = 64 << 20;

/// Bytes that this user may still write where `path`, or the nearest folder above it, is.
pub fn free_bytes(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.exists())?;
    let room = nix::sys::statvfs::statvfs(there).ok()?;
    #[allow(clippy::useless_conversion, reason = "these are 32 bits wide on macOS")]
    Some(u64::from(room.blocks_available()).saturating_mul(u64::from(room.fragment_size())))
}

/// Refuses when `needed` more bytes do not fit into the folder. What cannot be asked is not refused.
pub fn require(folder: &Path, needed: u64) -> Result<(), SourceError> {
    let needed = needed.saturating_add(RESERVE);
    match free_bytes(folder) {
        Some(free) if free < needed => Err(SourceError::NoSpace {
            folder: folder.to_path_buf(),
            free: free >> 20,
            needed: needed.div_ceil(1 << 20),
        }),
        _ => Ok(()),
    }
}
