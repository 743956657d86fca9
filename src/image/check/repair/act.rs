//! Carrying a plan out.
//!
//! Order matters: first everything that will be replaced is kept under a second name, then what
//! replaces it is written whole, and only then does the old go from its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::plan::{Log, Plan};
use crate::image::check::CheckError;
use crate::image::check::evidence::Evidence;
use crate::image::log::{self, ChainHash, GENESIS, Run};
use crate::image::{StoreError, Tid, base, disk, folder};

/// Gives the folder to which everything damaged was moved.
pub(super) fn act(
    image: &Path,
    plan: &Plan,
    mut evidence: Evidence,
) -> Result<PathBuf, CheckError> {
    let aside = Aside::make(image)?;
    for path in plan.format.iter().chain(&plan.bases) {
        aside.keep(path)?;
    }
    let mut kept = Vec::new();
    match &plan.log {
        Log::Keep => kept.clone_from(&evidence.survey.files),
        Log::Run(run) => kept = write_run(&aside, run, &evidence)?,
        Log::Anew { tid, hash } => {
            aside.keep_all(&evidence.survey.files)?;
            kept.push(begin_log(image, *tid, *hash)?);
        }
        Log::AfterStore { tid, hash } => {
            aside.keep_all(&evidence.survey.files)?;
            let hash = hash.unwrap_or(GENESIS);
            kept.extend(write_base(&aside, *tid, hash, &mut evidence)?);
            kept.push(begin_log(image, *tid, hash)?);
        }
    }
    let damaged = evidence.survey.files.iter().chain(&plan.bases);
    let gone: Vec<PathBuf> = damaged
        .filter(|path| !kept.contains(path))
        .cloned()
        .collect();
    // The store is closed before its folder is moved.
    drop(evidence);
    for path in &gone {
        fs::remove_file(path).map_err(failed("remove", path))?;
    }
    if let Some(store) = &plan.store {
        let to = aside.folder.join(folder::STORE);
        fs::rename(store, to).map_err(failed("move aside", store))?;
    }
    for folder in [image.join(log::FOLDER), image.join(base::FOLDER)] {
        if folder.exists() {
            disk::sync_folder(&folder).map_err(failed("sync", &folder))?;
        }
    }
    if plan.format.is_some() {
        folder::write_format(image)?;
    }
    disk::sync_folder(image).map_err(failed("sync", image))?;
    Ok(aside.folder)
}

/// Writes the parts of a run that are not in files of their own, and gives all of its files.
fn write_run(
    aside: &Aside<'_>,
    run: &Run,
    evidence: &Evidence,
) -> Result<Vec<PathBuf>, CheckError> {
    let whole = run.pieces.iter().filter(|piece| piece.is_whole);
    let mut files: Vec<PathBuf> = whole.map(|piece| piece.file.clone()).collect();
    let others = evidence.survey.files.iter();
    let others: Vec<PathBuf> = others
        .filter(|path| !files.contains(path))
        .cloned()
        .collect();
    aside.keep_all(&others)?;
    for piece in run.pieces.iter().filter(|piece| !piece.is_whole) {
        files.push(piece.write(aside.image, &aside.place_of(&piece.file))?);
    }
    Ok(files)
}

/// Makes a base of the store's state at `tid`, and gives its file. The base before it is kept, too.
fn write_base(
    aside: &Aside<'_>,
    tid: Tid,
    hash: ChainHash,
    evidence: &mut Evidence,
) -> Result<Option<PathBuf>, CheckError> {
    let image = aside.image;
    if let Some((header, path)) = &evidence.bases.whole {
        aside.keep(path)?;
        if header.tid == tid {
            return Ok(Some(path.clone()));
        }
    }
    if let Some(newest) = evidence.stored.tid().filter(|newest| *newest < tid) {
        evidence.apply_from(image, newest)?;
    }
    let (Some((store, _)), Some(numbers)) = (evidence.stored.store(), evidence.stored.numbers())
    else {
        return Err(StoreError::new("write a base of the store", "it is not open").into());
    };
    if numbers.tid != tid {
        let why = format!("it ends at transaction {}, not {tid}", numbers.tid);
        return Err(StoreError::new("write a base of the store", why).into());
    }
    let header = base::Header {
        tid,
        hash,
        last_oid: numbers.last_oid,
        last_mission: numbers.last_mission,
    };
    store.sync()?;
    base::write(image, &header, store.all_entries())?;
    Ok(Some(base::path(image, tid)))
}

fn begin_log(image: &Path, tid: Tid, hash: ChainHash) -> Result<PathBuf, CheckError> {
    log::Log::create(image, tid, hash)?;
    Ok(log::path(image, tid + 1))
}

/// The folder of what is replaced, with the image's own layout.
struct Aside<'a> {
    image: &'a Path,
    folder: PathBuf,
}

impl<'a> Aside<'a> {
    fn make(image: &'a Path) -> Result<Self, CheckError> {
        let mut number = 1;
        loop {
            let folder = image.join(format!("{}{number}", folder::DAMAGED));
            match fs::create_dir(&folder) {
                Ok(()) => return Ok(Self { image, folder }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(failed("create", &folder)(error)),
            }
        }
    }

    fn place_of(&self, path: &Path) -> PathBuf {
        self.folder
            .join(path.strip_prefix(self.image).unwrap_or(path))
    }

    /// Gives a file a second name here; its first one may then be given to another file.
    fn keep(&self, path: &Path) -> Result<(), CheckError> {
        let place = self.place_of(path);
        let folder = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(failed("create", folder))?;
        // Where a file system has no second names, it is copied.
        fs::hard_link(path, &place)
            .or_else(|_| {
                fs::copy(path, &place)?;
                fs::File::open(&place)?.sync_all()
            })
            .and_then(|()| disk::sync_folder(folder))
            .and_then(|()| disk::sync_folder(&self.folder))
            .map_err(failed("keep a copy of", path))
    }

    fn keep_all(&self, paths: &[PathBuf]) -> Result<(), CheckError> {
        paths.iter().try_for_each(|path| self.keep(path))
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CheckError {
    let path = path.to_owned();
    move |source| CheckError::Io {
        action,
        path,
        source,
    }
}
