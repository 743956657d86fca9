//! The layout of an image's folder, and how an image comes into being.
//!
//! `lock`, `format` (which format this is), `newest`, `blobs/` and `store/`. The store is made as
//! `store.new` and renamed when it is complete, `format` is written last: a kill at any moment
//! leaves either no image or a whole one, and the next opening finishes the work.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::error::chain;
use super::newest::Newest;
use super::store::Store;
use super::{Blobs, MissionId, Oid, OpenError, Tid, lock, newest};

const FORMAT_FILE: &str = "format";
const FORMAT_TITLE: &str = "BAT OS living image, format ";
/// The layout of folder and keyspaces. Records have their own versions.
const FORMAT: u32 = 1;
const STORE: &str = "store";
const UNFINISHED_STORE: &str = "store.new";
const BLOBS: &str = "blobs";

/// Everything that opening reads, once.
pub(super) struct Opened {
    pub store: Store,
    pub blobs: Blobs,
    pub newest: Newest,
    pub tid: Tid,
    pub last_oid: Oid,
    pub last_mission: MissionId,
}

/// Makes the folder, or refuses one with foreign content before anything is written into it.
pub(super) fn prepare(folder: &Path) -> Result<(), OpenError> {
    if !folder.exists() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed("create", folder))?;
        if let Some(parent) = folder.parent().filter(|p| !p.as_os_str().is_empty()) {
            sync_folder(parent)?;
        }
        return Ok(());
    }
    if folder.join(FORMAT_FILE).exists() {
        return Ok(());
    }
    let ours = [lock::FILE, newest::FILE, STORE, UNFINISHED_STORE, BLOBS];
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let name = entry.map_err(failed("read", folder))?.file_name();
        let name = name.to_string_lossy();
        // A format file that was being written has a temporary name.
        if !ours.contains(&name.as_ref()) && !name.starts_with(FORMAT_FILE) {
            return Err(OpenError::Foreign {
                folder: folder.to_owned(),
                found: name.into_owned(),
            });
        }
    }
    Ok(())
}

/// Opens what is there, or makes an empty image. The caller holds the lock.
pub(super) fn open(folder: &Path) -> Result<Opened, OpenError> {
    let formatted = check_format(folder)?;
    let store_folder = folder.join(STORE);
    if !store_folder.exists() {
        if formatted {
            return Err(OpenError::Damaged {
                folder: folder.to_owned(),
                what: format!("its {STORE} folder is missing"),
            });
        }
        make_store(folder)?;
    }
    let broken = |source| OpenError::Store {
        folder: folder.to_owned(),
        source,
    };
    let store = Store::open(&store_folder).map_err(broken)?;
    let blobs = Blobs::open(&folder.join(BLOBS)).map_err(failed("open", &folder.join(BLOBS)))?;
    let numbers = store.numbers().map_err(|error| OpenError::Damaged {
        folder: folder.to_owned(),
        what: chain(&error),
    })?;
    let newest_path = folder.join(newest::FILE);
    let newest = Newest::open(folder).map_err(failed("open", &newest_path))?;
    if let Some(acknowledged) = newest.read().map_err(failed("read", &newest_path))?
        && acknowledged > numbers.tid
    {
        return Err(OpenError::Lost {
            folder: folder.to_owned(),
            found: numbers.tid,
            acknowledged,
        });
    }
    if !formatted {
        write_format(folder)?;
    }
    Ok(Opened {
        store,
        blobs,
        newest,
        tid: numbers.tid,
        last_oid: numbers.last_oid,
        last_mission: numbers.last_mission,
    })
}

fn make_store(folder: &Path) -> Result<(), OpenError> {
    let unfinished = folder.join(UNFINISHED_STORE);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(failed("remove the unfinished", &unfinished))?;
    }
    Store::create(&unfinished).map_err(|source| OpenError::Store {
        folder: folder.to_owned(),
        source,
    })?;
    fs::rename(&unfinished, folder.join(STORE)).map_err(failed("put in place", &unfinished))?;
    sync_folder(folder)
}

/// False when there is no format file yet.
fn check_format(folder: &Path) -> Result<bool, OpenError> {
    let path = folder.join(FORMAT_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(failed("read", &path)(source)),
    };
    let found = text
        .strip_prefix(FORMAT_TITLE)
        .and_then(|number| number.trim_end().parse::<u32>().ok())
        .ok_or_else(|| OpenError::Damaged {
            folder: folder.to_owned(),
            what: format!("its file {FORMAT_FILE:?} does not say which format it has"),
        })?;
    if found > FORMAT {
        return Err(OpenError::Newer {
            folder: folder.to_owned(),
            found,
            known: FORMAT,
        });
    }
    Ok(true)
}

fn write_format(folder: &Path) -> Result<(), OpenError> {
    let path = folder.join(FORMAT_FILE);
    let write = || {
        let mut file = tempfile::Builder::new()
            .prefix(FORMAT_FILE)
            .tempfile_in(folder)?;
        writeln!(file, "{FORMAT_TITLE}{FORMAT}")?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)
    };
    write().map_err(failed("write", &path))?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), OpenError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed("sync", folder))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io {
        action,
        path,
        source,
    }
}
