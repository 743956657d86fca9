//! The two moves by which a file comes to be whole and to stay.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file under a temporary name that begins with `prefix`, syncs it and renames it. It stays
/// after a cut of power once its folder is synced, too.
pub(super) fn write_whole(path: &Path, prefix: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(prefix)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
