//! Repair: what a check found, cured as far as it can be. Nothing is ever deleted.
//!
//! What is replaced is kept as it was in `damaged-1/`, `damaged-2/`, … in the image's folder. Where
//! transactions would be lost a person has to say so first. A kill at any moment leaves what the next
//! repair can go on from.

mod act;
mod plan;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

pub(super) use plan::{Plan, plan, set_cures};

use super::report::Finding;
use super::{CheckError, Checked, Progress, check_closed, must_be_image};
use crate::image::lock::FolderLock;
use crate::image::{Image, ImageError, OpenError, Tid};
use plan::Log;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RepairOptions {
    /// Only say what would be done.
    pub dry_run: bool,
    /// Go on where transactions are lost by it.
    pub accept_loss: bool,
}

/// What was done, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairReport {
    /// In words, in order; none when there is nothing to repair.
    pub steps: Vec<String>,
    /// The transactions that are in the image no more.
    pub lost: Option<RangeInclusive<Tid>>,
    /// The chain's hash was not known: a new chain begins, on which no hash written down before is.
    pub is_new_chain: bool,
    /// Where everything that was replaced is kept.
    pub aside: Option<PathBuf>,
    /// What is left to do otherwise: after a dry run, everything that was found.
    pub remaining: Vec<Finding>,
}

/// An image was not repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    #[error("cannot repair the image {}: {why}", .folder.display())]
    Beyond { folder: PathBuf, why: String },
    #[error("repairing the image {} loses {}", .folder.display(), transactions(.lost))]
    Loses {
        folder: PathBuf,
        lost: RangeInclusive<Tid>,
        /// What would be done.
        steps: Vec<String>,
    },
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error("the repaired image cannot be opened")]
    Opening(#[source] OpenError),
    #[error("the repaired image cannot be closed")]
    Closing(#[source] ImageError),
}

impl RepairError {
    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Beyond { .. } => {
                "put a backup of the folder in its place; keep the damaged one aside".to_owned()
            }
            Self::Loses { .. } => "put a backup in its place if it is newer; to go on without \
                 these transactions, say that the loss is accepted. Nothing was changed"
                .to_owned(),
            Self::Check(error) => error.hint(),
            Self::Opening(error) => error.hint(),
            Self::Closing(_) => "check it again".to_owned(),
        }
    }
}

/// Repairs an image that nobody has open, and checks it again.
///
/// # Errors
/// [`RepairError::Loses`] without a change, unless the loss was accepted; [`RepairError::Beyond`] when
/// only a backup helps.
pub fn repair(
    folder: &Path,
    options: RepairOptions,
    progress: &mut Progress<'_>,
) -> Result<RepairReport, RepairError> {
    must_be_image(folder)?;
    let lock = FolderLock::acquire(folder).map_err(CheckError::from)?;
    let checked = check_closed(folder, progress)?;
    let Checked {
        report,
        evidence,
        plan,
    } = checked;
    let mut done = RepairReport {
        steps: Vec::new(),
        lost: None,
        is_new_chain: false,
        aside: None,
        remaining: report.findings,
    };
    if done.remaining.is_empty() {
        return Ok(done);
    }
    let plan = plan.map_err(|why| RepairError::Beyond {
        folder: folder.to_owned(),
        why,
    })?;
    done.steps = steps(folder, &plan);
    done.lost.clone_from(&plan.lost);
    done.is_new_chain = matches!(plan.log, Log::AfterStore { hash: None, .. });
    if options.dry_run {
        return Ok(done);
    }
    if let (Some(lost), false) = (&plan.lost, options.accept_loss) {
        return Err(RepairError::Loses {
            folder: folder.to_owned(),
            lost: lost.clone(),
            steps: done.steps,
        });
    }
    if plan.is_empty() {
        drop(evidence);
    } else {
        done.aside = Some(act::act(folder, &plan, evidence)?);
    }
    drop(lock);
    let image = Image::open(folder).map_err(RepairError::Opening)?;
    done.remaining = image.fsck(progress)?.findings;
    image.close().map_err(RepairError::Closing)?;
    Ok(done)
}

/// What a plan does, in words.
fn steps(image: &Path, plan: &Plan) -> Vec<String> {
    let short = |path: &Path| {
        let path = path.strip_prefix(image).unwrap_or(path);
        path.display().to_string()
    };
    let mut steps = Vec::new();
    let moved = plan.format.iter().chain(&plan.bases).chain(&plan.store);
    steps.extend(moved.map(|path| format!("move {} aside", short(path))));
    match &plan.log {
        Log::Keep => {}
        Log::Run(run) => {
            let newest = run.newest;
            let written = run.pieces.iter().filter(|piece| !piece.is_whole);
            for piece in written {
                let file = short(&piece.file);
                steps.push(format!(
                    "write anew what is whole in {file} up to transaction {newest}"
                ));
            }
            steps
                .push("move what was replaced of the log, and what is no part of it, aside".into());
        }
        Log::Anew { tid, .. } => {
            steps.push(format!(
                "begin the log anew after the base of transaction {tid}"
            ));
        }
        Log::AfterStore { tid, hash } => {
            steps.push(format!(
                "write a base of what the store holds at transaction {tid}: nothing can be looked up \
                 as it was before, and nothing before it be undone"
            ));
            steps.push("move the log aside and begin it anew after that".to_owned());
            if hash.is_none() {
                let text = "begin a new chain: the hash at that transaction is not known";
                steps.push(text.to_owned());
            }
        }
    }
    if plan.store.is_some() {
        steps.push("make the store anew from base and log".to_owned());
    }
    if let Some(lost) = &plan.lost {
        steps.push(format!("lose {}", transactions(lost)));
    }
    steps
}

fn transactions(lost: &RangeInclusive<Tid>) -> String {
    if lost.start() == lost.end() {
        format!("transaction {}", lost.start())
    } else {
        format!("transactions {} to {}", lost.start(), lost.end())
    }
}
