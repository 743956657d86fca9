//! What is left of an image: base, log and store, each read by itself, and whether they fit together.

use std::path::Path;

use super::bases::Bases;
use super::report::FsckReport;
use super::stored::Stored;
use super::{CheckError, Progress, Step};
use crate::image::log::{ChainHash, GENESIS, Run, Survey};
use crate::image::{LogError, Tid};

pub(super) struct Evidence {
    pub bases: Bases,
    pub survey: Survey,
    pub stored: Stored,
}

impl Evidence {
    pub(super) fn gather(
        image: &Path,
        stored: Stored,
        report: &mut FsckReport,
        progress: &mut Progress<'_>,
    ) -> Result<Self, CheckError> {
        let bases = Bases::read(image, report, progress)?;
        let after = bases.whole.as_ref().map_or(0, |(header, _)| header.tid);
        let wanted = [after, stored.tid().unwrap_or(after)];
        let mut read = 0;
        let survey = Survey::take(image, after + 1, &wanted, &mut |group| {
            read += group.records.len() as u64;
            progress(Step::Log, read);
            Ok::<_, LogError>(())
        })?;
        Ok(Self {
            bases,
            survey,
            stored,
        })
    }

    /// What the log continues: the base, or the image's beginning.
    pub(super) fn start(&self) -> (Tid, ChainHash) {
        let base = self.bases.whole.as_ref();
        base.map_or((0, GENESIS), |(header, _)| (header.tid, header.hash))
    }

    /// The transactions that continue it, hash by hash.
    pub(super) fn run(&self) -> Option<&Run> {
        let (tid, hash) = self.start();
        let holds = |run: &&Run| run.first <= tid + 1 && run.newest >= tid;
        let run = self.survey.runs.iter().find(holds)?;
        (self.survey.hash_of(tid) == Some(hash)).then_some(run)
    }

    /// Where the truth ends; `None` when there is no beginning of it.
    pub(super) fn end(&self) -> Option<(Tid, ChainHash)> {
        match self.run() {
            Some(run) => Some((run.newest, run.hash)),
            None => self.bases.whole.as_ref().map(|_| self.start()),
        }
    }

    /// Base and log are whole and belong together.
    pub(super) fn is_log_whole(&self) -> bool {
        self.run().is_some() && self.survey.damage.is_empty() && self.bases.damaged.is_empty()
    }

    /// Brings the store up to a whole log, as an opening would.
    pub(super) fn replay(&mut self, image: &Path) -> Result<(), CheckError> {
        let (Some(tid), Some((newest, _))) = (self.stored.tid(), self.end()) else {
            return Ok(());
        };
        if !self.is_log_whole() || tid < self.start().0 || tid >= newest {
            return Ok(());
        }
        self.apply_from(image, tid)
    }

    /// Applies to the store what the log has after its newest transaction.
    pub(super) fn apply_from(&mut self, image: &Path, tid: Tid) -> Result<(), CheckError> {
        let stored = &mut self.stored;
        Survey::take(image, tid + 1, &[], &mut |group| {
            stored.apply(&group.records).map_err(CheckError::from)
        })?;
        Ok(stored.refresh()?)
    }
}
