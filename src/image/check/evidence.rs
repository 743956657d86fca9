//! What is left of an image: base, log and store, each read by itself, and whether they fit together.

use std::path::{Path, PathBuf};

use super::records::Records;
use super::report::{Cure, FsckReport, Part, Place};
use super::stored::Stored;
use super::{ChainMark, CheckError, Progress, Step};
use crate::image::base::{self, Header};
use crate::image::error::chain;
use crate::image::log::{self, ChainHash, GENESIS, Run, Survey};
use crate::image::store::{self, Differs, Space, Store, Table, guarded};
use crate::image::{LogError, StoreError, Tid, folder};

pub(super) struct Evidence {
    /// The newest one that is whole.
    pub base: Option<(Header, PathBuf)>,
    pub bad_bases: Vec<PathBuf>,
    /// Where the newest of them says by its name that it is, whole or not.
    named: Tid,
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
        let (base, bad_bases) = read_bases(image, report, progress)?;
        let after = base.as_ref().map_or(0, |(header, _)| header.tid);
        let wanted = [after, stored.tid().unwrap_or(after)];
        let mut read = 0;
        let survey = Survey::take(image, after + 1, &wanted, &mut |group| {
            read += group.records.len() as u64;
            progress(Step::Log, read);
            Ok::<_, LogError>(())
        })?;
        Ok(Self {
            base,
            bad_bases,
            named: base::all(image)?.last().map_or(0, |(tid, _)| *tid),
            survey,
            stored,
        })
    }

    /// What the log continues: the base, or the image's beginning.
    pub(super) fn start(&self) -> (Tid, ChainHash) {
        let base = self.base.as_ref();
        base.map_or((0, GENESIS), |(header, _)| (header.tid, header.hash))
    }

    /// The transactions that continue it, hash by hash.
    pub(super) fn run(&self) -> Option<&Run> {
        let (tid, hash) = self.start();
        let run = self.survey.runs.first()?;
        let holds = run.first <= tid + 1 && run.newest >= tid;
        (holds && self.survey.hash_of(tid) == Some(hash)).then_some(run)
    }

    /// Where the truth ends; `None` when there is no beginning of it.
    pub(super) fn end(&self) -> Option<(Tid, ChainHash)> {
        match self.run() {
            Some(run) => Some((run.newest, run.hash)),
            None => self.base.as_ref().map(|_| self.start()),
        }
    }

    /// Base and log are whole and belong together.
    pub(super) fn is_log_whole(&self) -> bool {
        self.run().is_some() && self.survey.damage.is_empty() && self.bad_bases.is_empty()
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

    /// Reports what is wrong with the log, and with its place between base and store.
    pub(super) fn judge_log(&self, image: &Path, report: &mut FsckReport) {
        let (start, _) = self.start();
        report.base = self.base.as_ref().map(|_| start);
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
            (None, _) if !reported && (start > 0 || self.bad_bases.is_empty()) => {
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
        if own.is_clean() && records.is_some() {
            return Ok(records);
        }
        let Some(truth) = truth else {
            report.append(own);
            return Ok(records);
        };
        let mut lasting = FsckReport::default();
        let true_records =
            Records::read(truth, &truth.snapshot(), self.named, &mut lasting, progress)?;
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
            Records::read(store, snapshot, self.named, own, progress)
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
            store.compare(snapshot, truth, until, &mut |space, key, how| {
                differs(own, space, key, how);
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

fn part_of(key: &[u8]) -> Part {
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

type Bases = (Option<(Header, PathBuf)>, Vec<PathBuf>);

/// The newest base that is whole, and those that are newer and are not.
fn read_bases(
    image: &Path,
    report: &mut FsckReport,
    progress: &mut Progress<'_>,
) -> Result<Bases, CheckError> {
    let mut bad = Vec::new();
    for (tid, path) in base::all(image)?.into_iter().rev() {
        match read_base(tid, &path, report, progress) {
            Ok(header) => return Ok((Some((header, path)), bad)),
            Err(LogError::Damaged { file, offset, why }) => {
                report.in_file(Part::Base, &file, Some(offset), why);
                bad.push(path);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((None, bad))
}

fn read_base(
    tid: Tid,
    path: &Path,
    report: &mut FsckReport,
    progress: &mut Progress<'_>,
) -> Result<Header, LogError> {
    let mut reader = base::Reader::open(path)?;
    let header = reader.header;
    let damaged = |why: String| LogError::Damaged {
        file: path.to_owned(),
        offset: 0,
        why,
    };
    if header.tid != tid {
        let why = format!("its header is that of transaction {}", header.tid);
        return Err(damaged(why));
    }
    let (mut read, mut last_oid) = (0, 0);
    while let Some(entries) = reader.chunk()? {
        for entry in &entries {
            let is_object = part_of(&entry.key) == Part::Object;
            if is_object && entry.part == base::Part::History {
                last_oid = store::number(store::rest(&entry.key)).max(last_oid);
            }
        }
        read += entries.len() as u64;
        progress(Step::Base, read);
    }
    if last_oid > header.last_oid {
        let place = Place::File {
            path: path.to_owned(),
            offset: Some(0),
        };
        let why = format!(
            "object {last_oid} is in it, and {} is to be the last",
            header.last_oid
        );
        report.named(Part::Number, place.to_string(), why, Cure::Change);
    }
    Ok(header)
}
