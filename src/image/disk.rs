//! The moves by which a file comes to be whole and to stay, and files that are named by a transaction.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

/// The files whose name is a transaction's number in 20 digits and `extension`, by number. None when
/// there is no such folder.
pub(super) fn numbered(folder: &Path, extension: &str) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if let Some(number) = number_of(&path, extension) {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

fn number_of(path: &Path, extension: &str) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let digits = name.strip_suffix(extension)?.strip_suffix('.')?;
    let number = (digits.len() == 20).then(|| digits.parse().ok())??;
    (number > 0).then_some(number)
}
