//! The layout of an image's folder, and how an image comes into being.
//!
//! `lock`, `format` (which format this is), `base/`, `log/`, `blobs/` and `store/`. The store is made as
//! `store.new` and renamed when it is complete, `format` is written last: a kill at any moment
//! leaves either no image or a whole one, and the next opening finishes the work. Opening brings the
//! store up to the log; a store that is missing or cannot be used is made anew from base and log.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::error::chain;
use super::log::{self, Log, TornWrite};
use super::store::{LAYOUT, Numbers, Store};
use super::{Blobs, MissionId, Oid, OpenError, StoreError, Tid, base, disk, lock, newest};

pub(super) const FORMAT_FILE: &str = "format";
const FORMAT_TITLE: &str = "BAT OS living image, format ";
/// The layout of folder and keyspaces. Records have their own versions. Format 1 had no log; such an
/// image gets one from its next transaction on.
pub(super) const FORMAT: u32 = 2;
pub(super) const STORE: &str = "store";
const UNFINISHED_STORE: &str = "store.new";
/// A store that could not be used, kept for whoever wants to know why.
const UNUSABLE_STORE: &str = "store.unusable";
pub(super) const BLOBS: &str = "blobs";
/// What the folder of a store begins with that is made to compare with; a kill may leave one.
pub(super) const COMPARISON: &str = "store.check";
/// What a folder begins with to which a repair has moved what was damaged.
pub(super) const DAMAGED: &str = "damaged-";

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
    /// Why the store was made anew from base and log.
    pub rebuilt: Option<String>,
    /// Transactions that were in the log and not yet in the store.
    pub replayed: u64,
}

/// Makes the folder, or refuses one with foreign content before anything is written into it.
pub(super) fn prepare(folder: &Path) -> Result<(), OpenError> {
    if !folder.exists() {
        let missing = folder.ancestors().take_while(|part| !part.exists());
        let parents: Vec<_> = missing.filter_map(Path::parent).collect();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed("create", folder))?;
        let parents = parents.into_iter().filter(|p| !p.as_os_str().is_empty());
        return parents.into_iter().try_for_each(sync_folder);
    }
    if folder.join(FORMAT_FILE).exists() {
        return Ok(());
    }
    let ours = [
        lock::FILE,
        newest::FILE,
        log::FOLDER,
        base::FOLDER,
        STORE,
        UNFINISHED_STORE,
        UNUSABLE_STORE,
        BLOBS,
    ];
    let prefixes = [FORMAT_FILE, COMPARISON, DAMAGED];
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let name = entry.map_err(failed("read", folder))?.file_name();
        let name = name.to_string_lossy();
        // A format file that was being written has a temporary name.
        let is_ours = prefixes.iter().any(|prefix| name.starts_with(prefix));
        if !is_ours && !ours.contains(&name.as_ref()) {
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
    remove_comparisons(folder)?;
    settle(folder, format)?;
    let mut has_log = log::exists(folder)?;
    if format == Some(FORMAT) && !has_log {
        return Err(missing(folder, log::FOLDER));
    }
    let mut base = base::newest(folder)?;
    let store_folder = folder.join(STORE);
    if !store_folder.exists() && format.is_some() && !has_log {
        return Err(missing(folder, STORE));
    }
    if format.is_some() && (!has_log || base.is_none() && !log::begins_at_1(folder)?) {
        base = take_over(folder, has_log)?;
        has_log = true;
    }
    let (store, rebuilt) = open_store(folder, base.as_ref().map(|(_, path)| path.as_path()))?;
    let blobs = Blobs::open(&folder.join(BLOBS)).map_err(failed("open", &folder.join(BLOBS)))?;
    if format != Some(FORMAT) {
        if !has_log {
            Log::create(folder, 0, log::GENESIS)?;
        }
        write_format(folder)?;
    }
    if let Some((header, _)) = &base {
        log::remove_until(folder, header.tid)?;
        base::remove_before(folder, header.tid)?;
    }
    store.set_horizon(base.map_or(0, |(header, _)| header.tid));
    let numbers = || numbers(folder, &store);
    let before = numbers()?.tid;
    let broken = |source| broken(folder, source);
    let (log, torn) = Log::open(folder, before, |group| store.apply(group).map_err(broken))?;
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
        recovery: Recovery {
            torn,
            rebuilt,
            replayed,
        },
    })
}

/// Removes what a process that was killed has not finished, and makes durable what it has: it may have
/// ended between putting a file in its place and the sync of the folder, and what is built on that
/// file must not outlive it.
fn settle(folder: &Path, format: Option<u32>) -> Result<(), OpenError> {
    for part in [log::FOLDER, base::FOLDER] {
        let part = folder.join(part);
        disk::remove_unfinished(&part).map_err(failed("empty", &part))?;
    }
    for part in [log::FOLDER, base::FOLDER, BLOBS] {
        let part = folder.join(part);
        if part.is_dir() {
            sync_folder(&part)?;
        }
    }
    sync_folder(folder)?;
    // Until the image is whole its own name may not be durable either.
    match folder.parent().filter(|_| format.is_none()) {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => Ok(()),
    }
}

/// Opens the store; one that is missing, cannot be read, ends before the base or is laid out otherwise
/// is made anew from the base and the log. Gives the reason when there was something to replace.
fn open_store(folder: &Path, base: Option<&Path>) -> Result<(Store, Option<String>), OpenError> {
    let path = folder.join(STORE);
    let mut reason = None;
    if path.exists() {
        match usable_store(folder, base)? {
            Ok(store) => return Ok((store, None)),
            Err(why) => {
                // Without a beginning of the log nothing can take its place.
                if base.is_none() && !log::begins_at_1(folder)? {
                    return Err(broken(folder, StoreError::new("open", why)));
                }
                set_aside(folder)?;
                reason = Some(why);
            }
        }
    }
    make_store(folder, base)?;
    let store = Store::open(&path).map_err(|source| broken(folder, source))?;
    Ok((store, reason))
}

/// The store, or why it cannot be used.
fn usable_store(folder: &Path, base: Option<&Path>) -> Result<Result<Store, String>, OpenError> {
    let store = match Store::open(&folder.join(STORE)) {
        Ok(store) => store,
        Err(error) if error.is_of_the_disk() => return Err(broken(folder, error)),
        Err(error) => return Ok(Err(chain(&error))),
    };
    let base = base.map(base::Reader::open).transpose()?;
    let first = base.map_or(0, |base| base.header.tid);
    let checked = store.layout().and_then(|layout| {
        let tid = store.numbers()?.tid;
        Ok(if layout != LAYOUT {
            Some(format!("its keys are laid out as in version {layout}"))
        } else if tid < first {
            Some(format!(
                "it ends at transaction {tid}, the base is of {first}"
            ))
        } else {
            None
        })
    });
    Ok(match checked {
        Ok(None) => Ok(store),
        Ok(Some(why)) => Err(why),
        Err(error) => Err(chain(&error)),
    })
}

/// Keeps the store that cannot be used, in place of an earlier one.
fn set_aside(folder: &Path) -> Result<(), OpenError> {
    let aside = folder.join(UNUSABLE_STORE);
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(failed("remove", &aside))?;
    }
    let path = folder.join(STORE);
    fs::rename(&path, &aside).map_err(failed("set aside", &path))?;
    sync_folder(folder)
}

/// Gives an image that began with format 1 a base of what is in its store, and a log if it has none.
fn take_over(folder: &Path, has_log: bool) -> Result<Option<(base::Header, PathBuf)>, OpenError> {
    let store = Store::open(&folder.join(STORE)).map_err(|source| broken(folder, source))?;
    let numbers = numbers(folder, &store)?;
    let tid = numbers.tid;
    let mut hash = log::GENESIS;
    if has_log {
        hash = log::hash_at(folder, tid)?;
    } else {
        check_note(folder, tid)?;
    }
    let header = base::Header {
        tid,
        hash,
        last_oid: numbers.last_oid,
        last_mission: numbers.last_mission,
    };
    if tid > 0 {
        let entries = store.entries_of_layout_1(tid);
        base::write(folder, &header, entries).map_err(|error| base_failed(folder, error))?;
    }
    if !has_log {
        Log::create(folder, tid, hash)?;
    }
    Ok((tid > 0).then(|| (header, base::path(folder, tid))))
}

fn numbers(folder: &Path, store: &Store) -> Result<Numbers, OpenError> {
    store.numbers().map_err(|error| OpenError::Damaged {
        folder: folder.to_owned(),
        what: chain(&error),
    })
}

fn missing(folder: &Path, what: &str) -> OpenError {
    OpenError::Damaged {
        folder: folder.to_owned(),
        what: format!("its {what} folder is missing or empty"),
    }
}

fn broken(folder: &Path, source: StoreError) -> OpenError {
    OpenError::Store {
        folder: folder.to_owned(),
        source,
    }
}

fn base_failed(folder: &Path, error: base::BaseError) -> OpenError {
    match error {
        base::BaseError::Log(error) => error.into(),
        base::BaseError::Store(source) => broken(folder, source),
    }
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

fn make_store(folder: &Path, base: Option<&Path>) -> Result<(), OpenError> {
    let unfinished = folder.join(UNFINISHED_STORE);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(failed("remove the unfinished", &unfinished))?;
    }
    Store::create(&unfinished).map_err(|source| broken(folder, source))?;
    if let Some(path) = base {
        let store = Store::open(&unfinished).map_err(|source| broken(folder, source))?;
        let mut reader = base::Reader::open(path)?;
        let loaded = store.load(&mut reader);
        loaded.map_err(|error| base_failed(folder, error))?;
    }
    // The engine does not sync every folder that it makes.
    disk::sync_all(&unfinished).map_err(failed("sync", &unfinished))?;
    fs::rename(&unfinished, folder.join(STORE)).map_err(failed("put in place", &unfinished))?;
    sync_folder(folder)
}

/// Removes what a check that was killed has left.
pub(super) fn remove_comparisons(folder: &Path) -> Result<(), OpenError> {
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let entry = entry.map_err(failed("read", folder))?;
        if entry.file_name().to_string_lossy().starts_with(COMPARISON) {
            let path = entry.path();
            fs::remove_dir_all(&path).map_err(failed("remove", &path))?;
        }
    }
    Ok(())
}

/// `None` when there is no format file yet.
pub(super) fn check_format(folder: &Path) -> Result<Option<u32>, OpenError> {
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

pub(super) fn write_format(folder: &Path) -> Result<(), OpenError> {
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
