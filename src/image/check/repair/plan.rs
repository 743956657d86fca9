//! What can be saved, decided before anything is touched.
//!
//! The first of these that there is: the log as it is; the log without what is no part of its chain,
//! when nothing is lost by that; the store's state as a new base, when the store is sound and goes
//! further than the log; the log up to its damage, with the loss said.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::image::check::evidence::Evidence;
use crate::image::check::report::{Cure, FsckReport, Part, Place};
use crate::image::log::{ChainHash, Run};
use crate::image::{Tid, folder};

/// What a repair does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image::check) struct Plan {
    pub log: Log,
    /// Everything that is moved away.
    pub format: Option<PathBuf>,
    pub bases: Vec<PathBuf>,
    pub store: Option<PathBuf>,
    /// Transactions that are not in the image afterwards.
    pub lost: Option<RangeInclusive<Tid>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image::check) enum Log {
    Keep,
    /// Only what is in this run, in files of its own.
    Run(Run),
    /// It begins after the base that is there.
    Anew {
        tid: Tid,
        hash: ChainHash,
    },
    /// It begins after a new base of the store's state, to which the log adds what it has.
    AfterStore {
        tid: Tid,
        /// `None`: nobody knows it, a new chain begins.
        hash: Option<ChainHash>,
    },
}

impl Plan {
    pub(in crate::image::check) fn is_empty(&self) -> bool {
        let moved = self.format.iter().chain(&self.bases).chain(&self.store);
        self.log == Log::Keep && moved.count() == 0
    }
}

/// # Errors
/// Why nothing can be done.
pub(in crate::image::check) fn plan(
    image: &Path,
    evidence: &Evidence,
    report: &FsckReport,
) -> Result<Plan, String> {
    let seen = evidence.survey.newest().max(evidence.start().0);
    let seen = seen.max(evidence.stored.tid().unwrap_or_default());
    let (log, newest) = log(evidence, seen)?;
    let is_of_store = matches!(log, Log::AfterStore { .. });
    let path = image.join(folder::STORE);
    let usable = evidence.stored.tid().filter(|_| evidence.stored.is_sound);
    // An opening makes one where none is.
    let store_goes = !is_of_store && usable.is_none_or(|tid| tid > newest) && path.exists();
    let bad_format = report.findings.iter().any(|f| f.part == Part::Format);
    Ok(Plan {
        log,
        format: bad_format.then(|| image.join(folder::FORMAT_FILE)),
        bases: evidence.bases.damaged.clone(),
        store: store_goes.then_some(path),
        lost: (newest < seen).then(|| newest + 1..=seen),
    })
}

/// What becomes of the log, and the newest transaction then.
fn log(evidence: &Evidence, seen: Tid) -> Result<(Log, Tid), String> {
    let kept = match (evidence.run(), evidence.end()) {
        (Some(run), _) if evidence.survey.damage.is_empty() => Some((Log::Keep, run.newest)),
        (Some(run), _) => Some((Log::Run(run.clone()), run.newest)),
        (None, Some((tid, hash))) => Some((Log::Anew { tid, hash }, tid)),
        (None, None) => None,
    };
    if let Some((log, newest)) = &kept
        && *newest >= seen
    {
        return Ok((log.clone(), *newest));
    }
    let saved = of_store(evidence);
    match (saved, kept) {
        (Some((tid, hash)), kept) if kept.as_ref().is_none_or(|(_, newest)| tid > *newest) => {
            Ok((Log::AfterStore { tid, hash }, tid))
        }
        (_, Some(kept)) => Ok(kept),
        (_, None) => Err(
            "neither a base that is whole nor the log's beginning is there, and the store cannot \
             stand for them"
                .to_owned(),
        ),
    }
}

/// Where the store comes to with what the log has after it, and the chain's hash there.
fn of_store(evidence: &Evidence) -> Option<(Tid, Option<ChainHash>)> {
    let tid = evidence.stored.tid().filter(|_| evidence.stored.is_sound)?;
    let goes_on = |run: &&Run| run.first <= tid + 1 && run.newest > tid;
    if let Some(run) = evidence.survey.runs.iter().find(goes_on) {
        return Some((run.newest, Some(run.hash)));
    }
    let (start, hash) = evidence.start();
    let at_base = (evidence.bases.whole.is_some() && start == tid).then_some(hash);
    Some((tid, at_base.or_else(|| evidence.survey.hash_of(tid))))
}

/// Says of every finding that a repair is about what it comes to.
pub(in crate::image::check) fn set_cures(plan: &Result<Plan, String>, report: &mut FsckReport) {
    let cure = match plan {
        Ok(plan) if plan.lost.is_none() => Cure::Repair,
        Ok(_) => Cure::RepairAtLoss,
        Err(_) => Cure::Restore,
    };
    for finding in &mut report.findings {
        let is_file = matches!(finding.place, Place::File { .. });
        if is_file && finding.part != Part::Number {
            finding.cure = cure;
        } else if finding.cure == Cure::Repair && plan.is_err() {
            finding.cure = Cure::Restore;
        }
    }
}
