//! The layout of an image's folder, and how an image comes into being.
//!
//! `lock`, `format` (which format this is), `log/`, `blobs/` and `store/`. The store is made as
//! `store.new` and renamed when it is complete, `format` is written last: a kill at any moment
//! leaves either no image or a whole one, and the next opening finishes the work. Opening brings the
//! store up to the log; a store that is missing is made anew from a log that begins at transaction 1.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::error::chain;
use super::log::{self, Log, TornWrite};
use super::store::Store;
use super::{Blobs, MissionId, Oid, OpenError, Tid, disk, lock, newest};

const FORMAT_FILE: &str = "format";
const FORMAT_TITLE: &str = "BAT OS living image, format ";
/// The layout of folder and keyspaces. Records have their own versions. Format 1 had no log; such an
/// image gets one from its next transaction on.
const FORMAT: u32 = 2;
pub(super) const STORE: &str = "store";
const UNFINISHED_STORE: &str = "store.new";
const BLOBS: &str = "blobs";

/// Everything that opening reads, once.
pub(super) struct Opened {
    pub store: Store,
    pub blobs: Blobs,
    pub log: Log,
    pub last_oid: Oid,
    pub last_mission: MissionId,
    pub recovery: Recovery,
}

/// What opening had to do because the image was not closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// An unfinished group at the log's end; nobody was told that it was committed.
    pub torn: Option<TornWrite>,
    /// Transactions that were in the log and not yet in the store.
    pub replayed: u64,
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
    let ours = [
        lock::FILE,
        newest::FILE,
        log::FOLDER,
        STORE,
        UNFINISHED_STORE,
        BLOBS,
    ];
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
    let format = check_format(folder)?;
    let has_log = log::exists(folder)?;
    let damaged = |what: String| OpenError::Damaged {
        folder: folder.to_owned(),
        what,
    };
    let missing = |what: &str| damaged(format!("its {what} folder is missing or empty"));
    if format == Some(FORMAT) && !has_log {
        return Err(missing(log::FOLDER));
    }
    let store_folder = folder.join(STORE);
    if !store_folder.exists() {
        if format.is_some() && !has_log {
            return Err(missing(STORE));
        }
        // What was in it is in the log.
        make_store(folder)?;
    }
    let broken = |source| OpenError::Store {
        folder: folder.to_owned(),
        source,
    };
    let store = Store::open(&store_folder).map_err(broken)?;
    let blobs = Blobs::open(&folder.join(BLOBS)).map_err(failed("open", &folder.join(BLOBS)))?;
    let numbers = || store.numbers().map_err(|error| damaged(chain(&error)));
    let before = numbers()?.tid;
    if format != Some(FORMAT) {
        check_note(folder, before)?;
        store.mark_complete(before).map_err(broken)?;
        if !has_log {
            Log::create(folder, before)?;
        }
        write_format(folder)?;
    }
    let (log, torn) = Log::open(folder, before, |group| {
        store.apply(group, &[]).map_err(broken)
    })?;
    let replayed = log.newest() - before;
    if replayed > 0 {
        store.sync().map_err(broken)?;
    }
    let numbers = numbers()?;
    Ok(Opened {
        store,
        blobs,
        log,
        last_oid: numbers.last_oid,
        last_mission: numbers.last_mission,
        recovery: Recovery { torn, replayed },
    })
}

/// An image of format 1 says otherwise when its store has lost its end.
fn check_note(folder: &Path, found: Tid) -> Result<(), OpenError> {
    let path = folder.join(newest::FILE);
    match newest::read(folder).map_err(failed("read", &path))? {
        Some(acknowledged) if acknowledged > found => Err(OpenError::Lost {
            folder: folder.to_owned(),
            found,
            acknowledged,
        }),
        _ => Ok(()),
    }
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

/// `None` when there is no format file yet.
fn check_format(folder: &Path) -> Result<Option<u32>, OpenError> {
    let path = folder.join(FORMAT_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
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
    Ok(Some(found))
}

fn write_format(folder: &Path) -> Result<(), OpenError> {
    let path = folder.join(FORMAT_FILE);
    let text = format!("{FORMAT_TITLE}{FORMAT}\n");
    disk::write_whole(&path, FORMAT_FILE, text.as_bytes()).map_err(failed("write", &path))?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), OpenError> {
    disk::sync_folder(folder).map_err(failed("sync", folder))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io {
        action,
        path,
        source,
    }
}
