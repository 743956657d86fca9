//! Checks, backups and exports of an image: asked of the kernel, or done by a command when no kernel has
//! the image open.

use std::error::Error;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::shared::Shared;
use super::{branch, import};
use crate::image::check::{
    ChainMark, CheckError, Finding, FsckReport, ParseChainMarkError, Step, Verified,
};
use crate::image::transfer::{Exported, TransferError};
use crate::image::{
    BackedUp, BackupError, Extent, Image, ImageError, OpenError, PackError, PackOptions, PackUntil,
    Packed, Read,
};
use crate::wire::messages::{Failure, FailureKind};
use crate::wire::upkeep::{
    BackedUpView, Before, CheckedView, ExportedView, FindingView, PackedView, Since, UpkeepReply,
    UpkeepRequest, VerifiedView,
};

/// How often a person who waits is told how far the work is.
const PROGRESS_EVERY: Duration = Duration::from_secs(2);

/// Work on an image that was not done.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Hash(#[from] ParseChainMarkError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Transfer(#[from] TransferError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error("there is no object `{name}`")]
    UnknownObject { name: String },
    /// In the words that a front-end would get.
    #[error("{}", .0.message)]
    Refused(Failure),
    #[error("{} is there already", .file.display())]
    Exists { file: PathBuf },
    #[error("cannot {action} {}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl UpkeepError {
    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Open(error) => error.hint(),
            Self::Check(error) => error.hint(),
            Self::Hash(_) => "give the hash as `batos image verify` printed it".to_owned(),
            Self::Backup(error) => error.hint(),
            Self::Pack(error) => error.hint(),
            Self::Transfer(TransferError::NameTaken { .. }) => {
                "import under other names with `--prefix`, or take what is equal here with `--reuse`"
                    .to_owned()
            }
            Self::Transfer(error) => error.hint().to_owned(),
            Self::Image(_) => "see `batos image fsck`".to_owned(),
            Self::Refused(failure) => failure.hint.clone().unwrap_or_default(),
            Self::UnknownObject { .. } => "list them with `batos object ls`".to_owned(),
            Self::Exists { .. } => "name another file, or replace it with `--force`".to_owned(),
            Self::Io { .. } => {
                "see that the disk is there, has room, and that the folder is yours".to_owned()
            }
        }
    }

    fn kind(&self) -> FailureKind {
        match self {
            Self::Refused(failure) => failure.kind,
            Self::UnknownObject { .. } => FailureKind::NotFound,
            Self::Exists { .. }
            | Self::Transfer(TransferError::NameTaken { .. } | TransferError::Differs { .. }) => {
                FailureKind::Conflict
            }
            Self::Image(_) | Self::Io { .. } | Self::Open(_) | Self::Check(_) => {
                FailureKind::Internal
            }
            Self::Hash(_) | Self::Backup(_) | Self::Pack(_) | Self::Transfer(_) => {
                FailureKind::Invalid
            }
        }
    }

    pub(super) fn into_failure(self) -> Failure {
        Failure {
            kind: self.kind(),
            message: with_causes(&self),
            hint: Some(self.hint()),
        }
    }
}

/// An error and what led to it in one line; a cause that its parent has said already is left out.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let line = error.to_string();
        if !text.contains(&line) {
            text = format!("{text}: {line}");
        }
        cause = error.source();
    }
    text
}

/// Says now and then how far a long piece of work is.
pub struct Progress<'a> {
    said: Instant,
    say: &'a mut dyn FnMut(&str),
}

impl<'a> Progress<'a> {
    pub fn new(say: &'a mut dyn FnMut(&str)) -> Self {
        Self {
            said: Instant::now(),
            say,
        }
    }

    pub fn at(&mut self, text: impl FnOnce() -> String) {
        if self.said.elapsed() >= PROGRESS_EVERY {
            (self.say)(&text());
            self.said = Instant::now();
        }
    }

    /// As checks tell it.
    pub fn step(&mut self, step: Step, done: u64) {
        self.at(|| format!("{done} {step}"));
    }

    /// As backups tell it.
    pub fn bytes(&mut self, written: u64) {
        self.at(|| format!("{} MiB written", written >> 20));
    }
}

/// Answers a front-end; how far long work is can be seen in the log.
pub(super) fn answer(shared: &Shared, request: UpkeepRequest) -> Result<UpkeepReply, Failure> {
    let image = &shared.image;
    let (journal, fields) = (&shared.journal, serde_json::json!({}));
    let mut say = |text: &str| journal.info("image.progress", text, fields.clone());
    let mut progress = Progress::new(&mut say);
    let done = match request {
        UpkeepRequest::Fsck => fsck(image, &mut progress).map(UpkeepReply::Checked),
        UpkeepRequest::Verify { hash } => {
            verify(image, hash.as_deref(), &mut progress).map(UpkeepReply::Verified)
        }
        UpkeepRequest::Backup { folder, since } => {
            backup(image, Path::new(&folder), since, &mut progress).map(UpkeepReply::BackedUp)
        }
        UpkeepRequest::Export {
            object,
            file,
            replace,
        } => export(image, &object, Path::new(&file), replace).map(UpkeepReply::Exported),
        UpkeepRequest::Import {
            file,
            prefix,
            reuse,
        } => {
            return import::import(shared, Path::new(&file), &prefix, reuse)
                .map(UpkeepReply::Imported);
        }
        UpkeepRequest::Pack {
            before,
            keep_unreachable,
            dry_run,
        } => {
            pack(image, &before, keep_unreachable, dry_run, &mut progress).map(UpkeepReply::Packed)
        }
        UpkeepRequest::Branch { home, moment } => {
            let at = branch::moment(&image.view(), &moment)?;
            branch::fork(image, Path::new(&home), at, &mut progress).map(UpkeepReply::Branched)
        }
        UpkeepRequest::Adopt { home, dry_run } => {
            return branch::adopt(shared, Path::new(&home), dry_run).map(UpkeepReply::Adopted);
        }
    };
    done.map_err(UpkeepError::into_failure)
}

pub fn fsck(image: &Image, progress: &mut Progress<'_>) -> Result<CheckedView, UpkeepError> {
    Ok(checked(
        image.fsck(&mut |step, done| progress.step(step, done))?,
    ))
}

pub fn verify(
    image: &Image,
    hash: Option<&str>,
    progress: &mut Progress<'_>,
) -> Result<VerifiedView, UpkeepError> {
    let mark = hash.map(str::parse::<ChainMark>).transpose()?;
    let mut tell = |step, done| progress.step(step, done);
    let found = match mark {
        Some(mark) => image.verify_against(mark, &mut tell)?,
        None => image.verify(&mut tell)?,
    };
    Ok(verified(&found, mark))
}

pub fn backup(
    image: &Image,
    folder: &Path,
    since: Since,
    progress: &mut Progress<'_>,
) -> Result<BackedUpView, UpkeepError> {
    let extent = match since {
        Since::Beginning => Extent::Full,
        Since::Newest => Extent::SinceNewest,
        Since::Transaction(tid) => Extent::Since(tid),
    };
    let done = image.backup(folder, extent, &mut |bytes| progress.bytes(bytes))?;
    Ok(backed_up(&done))
}

pub fn pack(
    image: &Image,
    before: &Before,
    keep_unreachable: bool,
    dry_run: bool,
    progress: &mut Progress<'_>,
) -> Result<PackedView, UpkeepError> {
    let until = match before {
        Before::Time(time) => PackUntil::Time(*time),
        Before::Moment(text) if text == "newest" => PackUntil::Newest,
        Before::Moment(text) => {
            let tid = branch::moment(&image.view(), text).map_err(UpkeepError::Refused)?;
            PackUntil::Tid(tid)
        }
    };
    let options = PackOptions {
        until,
        collect: !keep_unreachable,
        dry_run,
    };
    let done = image.pack(&options, &mut |step, done| {
        progress.at(|| format!("{done} {step}"));
    })?;
    Ok(packed(&done))
}

/// The file is there whole or not at all.
pub fn export(
    image: &Image,
    object: &str,
    file: &Path,
    replace: bool,
) -> Result<ExportedView, UpkeepError> {
    let view = image.view();
    let Some(oid) = view.oid_named(object)? else {
        let name = object.to_owned();
        return Err(UpkeepError::UnknownObject { name });
    };
    let exists = || UpkeepError::Exists {
        file: file.to_owned(),
    };
    if !replace && file.exists() {
        return Err(exists());
    }
    let failed = |action| {
        move |source| UpkeepError::Io {
            action,
            path: file.to_owned(),
            source,
        }
    };
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut unfinished = tempfile::Builder::new()
        .prefix(".export")
        .tempfile_in(folder)
        .map_err(failed("write"))?;
    let done = image.export(&view, oid, unfinished.as_file_mut())?;
    unfinished.as_file().sync_all().map_err(failed("sync"))?;
    if replace {
        unfinished
            .persist(file)
            .map_err(|e| failed("write")(e.error))?;
    } else {
        unfinished.persist_noclobber(file).map_err(|error| {
            if error.error.kind() == io::ErrorKind::AlreadyExists {
                return exists();
            }
            failed("write")(error.error)
        })?;
    }
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(failed("sync the folder of"))?;
    Ok(exported(file, done))
}

pub fn checked(report: FsckReport) -> CheckedView {
    CheckedView {
        tid: report.tid,
        base: report.base,
        hash: report.hash.map(|hash| hash.to_string()),
        transactions: report.transactions,
        objects: report.objects,
        methods: report.methods,
        versions: report.versions,
        unpacked: report.unpacked,
        blobs: report.blobs,
        stray_blobs: report.stray_blobs,
        stray_bytes: report.stray_bytes,
        torn: report.torn.map(|torn| {
            format!(
                "{} at byte {}: {} bytes of an unfinished write",
                torn.file.display(),
                torn.offset,
                torn.bytes
            )
        }),
        compared: report.compared,
        findings: report.findings.iter().map(finding).collect(),
        more: report.more,
    }
}

pub fn finding(finding: &Finding) -> FindingView {
    FindingView {
        part: finding.part.to_string(),
        place: finding.place.to_string(),
        why: finding.why.clone(),
        cure: finding.cure.advice().to_owned(),
    }
}

pub fn verified(found: &Verified, looked_for: Option<ChainMark>) -> VerifiedView {
    VerifiedView {
        hash: found.hash.to_string(),
        first: found.first,
        newest: found.newest,
        base: found.base.map(|(tid, hash)| (tid, hash.to_string())),
        transactions: found.transactions,
        groups: found.groups,
        by_kernel: found.by_kernel,
        by_person: found.by_person,
        by_mission: found.by_mission,
        first_ms: found.first_ms,
        newest_ms: found.newest_ms,
        looked_for: looked_for.map(|mark| mark.to_string()),
        found: found.found,
    }
}

fn backed_up(done: &BackedUp) -> BackedUpView {
    BackedUpView {
        folder: done.folder.display().to_string(),
        full: done.full,
        after: done.after,
        last: done.last,
        blobs: done.blobs,
        bytes: done.bytes,
    }
}

fn packed(done: &Packed) -> PackedView {
    PackedView {
        dry_run: done.dry_run,
        horizon: done.horizon,
        horizon_before: done.horizon_before,
        pinned: done.pinned.clone(),
        transactions: done.transactions,
        objects: done.objects,
        versions: done.versions,
        versions_left: done.versions_left,
        blobs: done.blobs,
        blob_bytes: done.blob_bytes,
        record_bytes: done.record_bytes,
        bytes_before: done.bytes_before,
        bytes_after: done.bytes_after,
        slowest_commit_us: u64::try_from(done.slowest_commit.as_micros()).unwrap_or(u64::MAX),
    }
}

fn exported(file: &Path, done: Exported) -> ExportedView {
    ExportedView {
        file: file.display().to_string(),
        objects: done.objects,
        methods: done.methods,
        blobs: done.blobs,
        bytes: done.bytes,
    }
}
