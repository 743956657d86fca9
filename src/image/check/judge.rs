//! What a check says of log and store: each by itself, and beside the other.

use std::path::Path;

use super::evidence::Evidence;
use super::records::Records;
use super::report::{Cure, FsckReport, Part};
use super::{ChainMark, CheckError, Progress};
use crate::image::error::chain;
use crate::image::store::{self, Differs, Space, Store, Table, guarded};
use crate::image::{StoreError, Tid, folder, log};

impl Evidence {
    /// Reports what is wrong with the log, and with its place between base and store.
    pub(super) fn judge_log(&self, image: &Path, report: &mut FsckReport) {
        let (start, _) = self.start();
        report.base = self.bases.whole.as_ref().map(|_| start);
        for damage in &self.survey.damage {
            let offset = Some(damage.offset);
            report.in_file(Part::Log, &damage.file, offset, damage.why.clone());
        }
        let folder = image.join(log::FOLDER);
        let reported = !self.survey.damage.is_empty();
        if let Some((tid, hash)) = self.end() {
            report.tid = tid;
            report.transactions = tid - start;
            report.hash = Some(ChainMark::of(hash));
        }
        match (self.run(), self.stored.tid()) {
            (None, _) if self.survey.runs.is_empty() && !reported => {
                report.in_file(Part::Log, &folder, None, "there is no log");
            }
            // What it continues is not known where a base is damaged.
            (None, _) if !reported && (start > 0 || self.bases.damaged.is_empty()) => {
                let why = match start {
                    0 => "it does not begin at the image's first transaction".to_owned(),
                    tid => format!("it does not continue the base of transaction {tid}"),
                };
                report.in_file(Part::Log, &folder, None, why);
            }
            (Some(run), Some(store)) if store > run.newest && !reported => {
                let log = run.newest;
                let why = format!("it ends at transaction {log}, the store holds {store}");
                report.in_file(Part::Log, &folder, None, why);
            }
            (_, Some(store)) if store < start => {
                let path = image.join(folder::STORE);
                let why = format!("it ends at transaction {store}, the base is of {start}");
                report.in_file(Part::Store, &path, None, why);
            }
            _ => {}
        }
        if let Some(tid) = self.stored.tid() {
            report.tid = report.tid.max(tid);
        }
    }

    /// Looks into the store and compares it with what base and log give. Gives the records of the one
    /// that can be believed.
    pub(super) fn judge_store(
        &mut self,
        image: &Path,
        truth: Option<&Store>,
        report: &mut FsckReport,
        progress: &mut Progress<'_>,
    ) -> Result<Option<Records>, CheckError> {
        let mut own = FsckReport::default();
        let records = match self.look_into_store(image, truth, &mut own, progress) {
            Ok(records) => records,
            Err(error) => {
                let path = image.join(folder::STORE);
                own.in_file(Part::Store, &path, None, chain(&error));
                self.stored.is_sound = false;
                None
            }
        };
        report.compared = own.compared;
        report.unpacked = own.unpacked;
        if own.is_clean() && records.is_some() {
            return Ok(records);
        }
        let Some(truth) = truth else {
            report.append(own);
            return Ok(records);
        };
        let mut lasting = FsckReport::default();
        let true_records =
            Records::read(&truth.snapshot(), self.bases.named, &mut lasting, progress)?;
        // What is not so in base and log goes away with the store.
        for finding in &mut own.findings {
            if !lasting.findings.contains(finding) {
                finding.cure = Cure::Repair;
                self.stored.is_sound = false;
            }
        }
        lasting
            .findings
            .retain(|finding| !own.findings.contains(finding));
        report.append(own);
        report.append(lasting);
        Ok(match records {
            Some(records) if self.stored.is_sound => Some(records),
            _ => Some(true_records),
        })
    }

    fn look_into_store(
        &mut self,
        image: &Path,
        truth: Option<&Store>,
        own: &mut FsckReport,
        progress: &mut Progress<'_>,
    ) -> Result<Option<Records>, StoreError> {
        let Some((store, snapshot)) = self.stored.store() else {
            return Ok(None);
        };
        let records = guarded("read", || {
            Records::read(snapshot, self.bases.named, own, progress)
        })?;
        let is_level = self.stored.is_sound;
        let reaches_base = self.stored.tid() >= Some(self.start().0);
        let mut is_sound = is_level && reaches_base && records.is_sound;
        if !is_level {
            let path = image.join(folder::STORE);
            let why = "its parts end at different transactions";
            own.in_file(Part::Store, &path, None, why);
        }
        if let (Some(truth), Some(tid), Some((end, _))) = (truth, self.stored.tid(), self.end())
            && tid >= self.start().0
        {
            let until = (tid > end).then_some(end);
            let before = own.findings.len() as u64 + own.more;
            let packed = store.is_untrimmed()?.then_some(self.start().0);
            snapshot.compare(&truth.snapshot(), until, &mut |space, key, how| {
                if how == Differs::TooMuch && packed.is_some_and(|tid| is_packed(space, key, tid)) {
                    own.unpacked += 1;
                } else {
                    differs(own, space, key, how);
                }
            })?;
            is_sound &= before == own.findings.len() as u64 + own.more;
            own.compared = until.is_none();
        }
        if let (Some(numbers), Some((oid, mission))) = (self.stored.numbers(), self.stored.next) {
            let last = (numbers.last_oid, numbers.last_mission);
            for (what, next, last) in [("object", oid, last.0), ("mission", mission, last.1)] {
                if next <= last {
                    let why = format!("it is the next to be given, and {last} was given before");
                    own.named(Part::Number, format!("{what} {next}"), why, Cure::Repair);
                }
            }
        }
        self.stored.is_sound = is_sound;
        Ok(Some(records))
    }
}

/// What a pack up to `tid` that was stopped has not taken out yet.
fn is_packed(space: Space, key: &[u8], tid: Tid) -> bool {
    match space {
        Space::Current => false,
        Space::History => store::version(key).is_some_and(|(_, version)| version <= tid),
        Space::Audit => store::number(key) < tid,
    }
}

fn differs(report: &mut FsckReport, space: Space, key: &[u8], how: Differs) {
    let (part, name) = match space {
        Space::Current => (part_of(key), store::describe(key)),
        Space::History => match store::version(key) {
            Some((thing, tid)) => {
                let thing = store::describe(thing);
                (Part::History, format!("{thing} as of transaction {tid}"))
            }
            None => (Part::History, "how far it has come".to_owned()),
        },
        Space::Audit => {
            let tid = store::number(key);
            (Part::Store, format!("audit entry {tid}"))
        }
    };
    let why = match how {
        Differs::Missing => "it is missing",
        Differs::TooMuch => "base and log do not have it",
        Differs::Otherwise => "it differs from what base and log give",
    };
    report.named(part, name, why, Cure::Restore);
}

/// Of a key of the current state.
pub(super) fn part_of(key: &[u8]) -> Part {
    let is = |table: Table| key.first() == Some(&(table as u8));
    if is(Table::Object) {
        Part::Object
    } else if is(Table::Name) {
        Part::Name
    } else if is(Table::Method) {
        Part::Method
    } else {
        Part::Store
    }
}
