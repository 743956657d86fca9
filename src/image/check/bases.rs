//! The bases, read to the last hash.

use std::path::{Path, PathBuf};

use super::judge::part_of;
use super::report::{FsckReport, Part};
use super::{CheckError, Progress, Step};
use crate::image::base::{self, Header};
use crate::image::{LogError, Tid, store};

pub(super) struct Bases {
    /// The newest one that is whole.
    pub whole: Option<(Header, PathBuf)>,
    /// Those that are newer.
    pub damaged: Vec<PathBuf>,
    /// Of which transaction the newest is by its name, whole or not; 0 without any.
    pub named: Tid,
}

impl Bases {
    pub(super) fn read(
        image: &Path,
        report: &mut FsckReport,
        progress: &mut Progress<'_>,
    ) -> Result<Self, CheckError> {
        let all = base::all(image)?;
        let mut bases = Self {
            whole: None,
            damaged: Vec::new(),
            named: all.last().map_or(0, |(tid, _)| *tid),
        };
        for (tid, path) in all.into_iter().rev() {
            match read_base(tid, &path, report, progress) {
                Ok(header) => {
                    bases.whole = Some((header, path));
                    break;
                }
                Err(LogError::Damaged { file, offset, why }) => {
                    report.in_file(Part::Base, &file, Some(offset), why);
                    bases.damaged.push(path);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(bases)
    }
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
        let last = header.last_oid;
        let why = format!("object {last_oid} is in it, and {last} is to be the last");
        report.in_file(Part::Number, path, Some(0), why);
    }
    Ok(header)
}
