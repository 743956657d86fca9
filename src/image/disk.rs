//! The moves by which a file comes to be whole and to stay, and files that are named by a transaction.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::fstatvfs;
use tempfile::NamedTempFile;

/// What the names of files begin with that are not finished; a kill may leave one.
pub(super) const UNFINISHED: &str = "unfinished";
/// After so much a large file that is being written is synced: whoever syncs another file meanwhile
/// does not wait for all of it.
pub(super) const SYNC_BYTES: usize = 4 * 1024 * 1024;
/// What has to be free where the image is, so that the store can take in what the log has, and can go on
/// with what it has begun: an engine that meets a full disk stops for good.
pub(super) const RESERVE_BYTES: u64 = 64 * 1024 * 1024;

/// A file under a temporary name, to be synced and renamed.
pub(super) fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)
}

/// Removes what a process that was killed has not finished. Nothing when there is no such folder.
pub(super) fn remove_unfinished(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The bytes that are free on the disk that a file or folder is on; as many as can be where that cannot be
/// asked.
pub(super) fn free(file: &File) -> u64 {
    fstatvfs(file).map_or(u64::MAX, |disk| {
        disk.blocks_available().saturating_mul(disk.fragment_size())
    })
}

/// # Errors
/// When the disk that the file is on has less room than is kept for the store.
pub(super) fn check_room(file: &File) -> io::Result<()> {
    // Where that cannot be asked the write shows it.
    let free = free(file);
    if free >= RESERVE_BYTES {
        return Ok(());
    }
    let mebibytes = |bytes: u64| bytes / (1024 * 1024);
    let text = format!(
        "{} MiB are left on the disk, {} MiB are kept free",
        mebibytes(free),
        mebibytes(RESERVE_BYTES)
    );
    Err(io::Error::new(io::ErrorKind::StorageFull, text))
}

/// Writes a file under a temporary name that begins with `prefix`, syncs it and renames it. It stays
/// after a cut of power once its folder is synced, too.
pub(super) fn write_whole(path: &Path, prefix: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(prefix)
        .tempfile_in(folder)?;
    for part in bytes.chunks(SYNC_BYTES) {
        file.write_all(part)?;
        if part.len() == SYNC_BYTES {
            file.as_file().sync_data()?;
        }
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The bytes that the files in a folder take on the disk. One that goes away meanwhile counts as none.
pub(super) fn taken(folder: &Path) -> io::Result<u64> {
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if gone(&error) => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        match entry.metadata() {
            Ok(found) if found.is_dir() => bytes += taken(&entry.path())?,
            Ok(found) => bytes += found.blocks() * 512,
            Err(error) if gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}

/// Makes a folder durable with all that is in it.
pub(super) fn sync_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
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
