//! Checks: is everything there, whole, and in agreement; and what to do when it is not.
//!
//! Base and log are the truth, the store is made of them, blobs are named by their hash. So a check
//! reads base and log to the last hash, makes a second store of them and compares it with the store,
//! and looks into every record for what it leads to. It goes on past damage and reports all of it.

mod bases;
mod blobs;
mod evidence;
mod judge;
mod rebuild;
mod records;
mod repair;
mod report;
mod stored;
mod verify;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub use repair::{RepairError, RepairOptions, RepairReport, repair};
pub use report::{Cure, Finding, FsckReport, Part, Place};
pub use verify::{ChainMark, ParseChainMarkError, Verified, verify};

use super::base::BaseError;
use super::folder;
use super::lock::FolderLock;
use super::{Blobs, Image, ImageError, LogError, OpenError, StoreError, base, log};
use evidence::Evidence;
use repair::Plan;
use stored::Stored;

/// What a check or a repair is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Entries read.
    Base,
    /// Transactions read.
    Log,
    /// Transactions applied to the store that is compared with.
    Rebuild,
    /// Records read.
    Records,
    /// Blobs read.
    Blobs,
}

/// Is told how much of a step is done.
pub type Progress<'a> = dyn FnMut(Step, u64) + 'a;

/// A check could not be made; damage is no such error.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error("there is no image in {}", .folder.display())]
    NoImage { folder: PathBuf },
    #[error("cannot check the image {}: it has format {found}, without a log", .folder.display())]
    OldFormat { folder: PathBuf, found: u32 },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot {action} {}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl CheckError {
    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoImage { .. } => "name the folder of an image".to_owned(),
            Self::OldFormat { .. } => {
                "open it once with this program: it gets a log then".to_owned()
            }
            Self::Open(error) => error.hint(),
            Self::Log(LogError::Io { .. }) | Self::Io { .. } => {
                "see that the disk is there, has room, and that the folder is yours".to_owned()
            }
            Self::Log(_) | Self::Image(_) | Self::Store(_) => {
                "`batos image fsck` says what is damaged and what can be done".to_owned()
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base => "entries of the base",
            Self::Log => "transactions of the log",
            Self::Rebuild => "transactions applied to compare",
            Self::Records => "records of the store",
            Self::Blobs => "blobs",
        })
    }
}

impl From<BaseError> for CheckError {
    fn from(error: BaseError) -> Self {
        match error {
            BaseError::Log(error) => Self::Log(error),
            BaseError::Store(error) => Self::Store(error),
        }
    }
}

/// A check with all that a repair needs to know.
struct Checked {
    report: FsckReport,
    evidence: Evidence,
    /// What a repair would do; or why it can do nothing.
    plan: Result<Plan, String>,
}

impl Image {
    /// Checks everything while the image goes on: as of now, nothing later.
    ///
    /// # Errors
    /// When something cannot be read for a reason that is not damage, or there is no room for the store
    /// that is compared with.
    pub fn fsck(&self, progress: &mut Progress<'_>) -> Result<FsckReport, CheckError> {
        let shared = &self.inner.shared;
        let _files = shared.keep_files();
        let view = self.view();
        let next = (
            shared.next_oid.load(Ordering::Relaxed),
            shared.next_mission.load(Ordering::Relaxed),
        );
        let mut report = FsckReport::default();
        let store = Arc::clone(&shared.store);
        let snapshot = view.snapshot().clone();
        let subject = Subject {
            image: &shared.folder,
            stored: Stored::open(&shared.folder, store, snapshot, next, &mut report),
            blobs: shared.blobs.clone(),
            is_open: true,
        };
        Ok(subject.check(report, progress)?.report)
    }
}

/// Checks an image that nobody has open, or that cannot be opened. As an opening would, it brings the
/// store up to the log where the log is whole; it changes nothing else.
///
/// # Errors
/// When somebody has it open, it is none, or it cannot be read for a reason that is not damage.
pub fn fsck(folder: &Path, progress: &mut Progress<'_>) -> Result<FsckReport, CheckError> {
    must_be_image(folder)?;
    let _lock = FolderLock::acquire(folder)?;
    Ok(check_closed(folder, progress)?.report)
}

/// The caller holds the lock.
fn check_closed(folder: &Path, progress: &mut Progress<'_>) -> Result<Checked, CheckError> {
    let mut report = FsckReport::default();
    match folder::check_format(folder) {
        Ok(Some(found)) if found < folder::FORMAT => {
            let folder = folder.to_owned();
            return Err(CheckError::OldFormat { folder, found });
        }
        Ok(_) => {}
        Err(OpenError::Damaged { what, .. }) => {
            let path = folder.join(folder::FORMAT_FILE);
            report.in_file(Part::Format, &path, None, what);
        }
        Err(error) => return Err(error.into()),
    }
    folder::remove_comparisons(folder)?;
    let subject = Subject {
        image: folder,
        stored: Stored::closed(folder, &mut report),
        blobs: Blobs::existing(&folder.join(folder::BLOBS)),
        is_open: false,
    };
    subject.check(report, progress)
}

fn must_be_image(folder: &Path) -> Result<(), CheckError> {
    let parts = [
        folder::FORMAT_FILE,
        folder::STORE,
        log::FOLDER,
        base::FOLDER,
    ];
    if parts.iter().any(|part| folder.join(part).exists()) {
        return Ok(());
    }
    let folder = folder.to_owned();
    Err(CheckError::NoImage { folder })
}

/// What is checked.
struct Subject<'a> {
    image: &'a Path,
    stored: Stored,
    blobs: Blobs,
    is_open: bool,
}

impl Subject<'_> {
    fn check(
        self,
        mut report: FsckReport,
        progress: &mut Progress<'_>,
    ) -> Result<Checked, CheckError> {
        let Self {
            image,
            stored,
            blobs,
            is_open,
        } = self;
        let mut evidence = Evidence::gather(image, stored, &mut report, progress)?;
        if !is_open {
            evidence.replay(image)?;
            report.torn.clone_from(&evidence.survey.torn);
        }
        evidence.judge_log(image, &mut report);
        let truth = rebuild::rebuilt(image, &evidence, progress)?;
        let truth = truth.as_ref().map(rebuild::Rebuilt::store);
        let records = evidence.judge_store(image, truth, &mut report, progress)?;
        if let Some(records) = records {
            records.count(&mut report);
            blobs::check(&blobs, &records, &mut report, progress)?;
        }
        let plan = repair::plan(image, &evidence, &report);
        repair::set_cures(&plan, &mut report);
        Ok(Checked {
            report,
            evidence,
            plan,
        })
    }
}
