//! The log past its damage: everything that can still be read, for checks and repair.
//!
//! Opening stops at the first damage. A survey notes it, goes on at the next whole group, and so finds
//! the runs of transactions that follow each other hash by hash. It changes nothing and decides nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::frame::Group;
use super::segment::{self, Header, Segment};
use super::{ChainHash, FOLDER, LogError, TornWrite, failed, segments};
use crate::image::disk;
use crate::image::object::Tid;

/// Transactions that follow each other, in one segment or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image) struct Run {
    pub first: Tid,
    /// The hash of the transaction before the first.
    pub previous: ChainHash,
    /// One before the first when there is none.
    pub newest: Tid,
    pub hash: ChainHash,
    pub pieces: Vec<Piece>,
}

/// The part of a run that is in one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image) struct Piece {
    pub file: PathBuf,
    /// What a segment of these groups begins with.
    header: Header,
    /// The groups' bytes in the file.
    start: u64,
    end: u64,
    /// The file is that segment, and has nothing else in it.
    pub is_whole: bool,
}

/// What cannot be read, or does not follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image) struct Damage {
    pub file: PathBuf,
    pub offset: u64,
    pub why: String,
}

/// What there is from a transaction on.
#[derive(Debug, Default)]
pub(in crate::image) struct Survey {
    /// In the order of the files.
    pub runs: Vec<Run>,
    pub damage: Vec<Damage>,
    pub torn: Option<TornWrite>,
    /// All segments that were read.
    pub files: Vec<PathBuf>,
    /// The chain's hash after those transactions that were asked for and are there.
    hashes: BTreeMap<Tid, ChainHash>,
}

impl Survey {
    /// Reads from the segment that holds `from` on, from the first one when none does. `wanted` are the
    /// transactions whose hashes are asked for; every whole group is handed to `each`.
    ///
    /// # Errors
    /// What `each` returns, or that a file cannot be read at all: that is not damage.
    pub(in crate::image) fn take<E: From<LogError>>(
        image: &Path,
        from: Tid,
        wanted: &[Tid],
        each: &mut dyn FnMut(&Group) -> Result<(), E>,
    ) -> Result<Self, E> {
        let all = segments(&image.join(FOLDER))?;
        let start = all.iter().rposition(|(first, _)| *first <= from);
        let all = all.get(start.unwrap_or_default()..).unwrap_or_default();
        let mut survey = Self::default();
        for (place, (first, path)) in all.iter().enumerate() {
            let is_last = place + 1 == all.len();
            survey.files.push(path.clone());
            if let Some(segment) = survey.begin(path, *first, is_last)? {
                survey.read(segment, wanted, each)?;
            }
        }
        Ok(survey)
    }

    /// The hash after a transaction that was asked for.
    pub(in crate::image) fn hash_of(&self, tid: Tid) -> Option<ChainHash> {
        self.hashes.get(&tid).copied()
    }

    /// The newest transaction that is anywhere in it; 0 when there is none.
    pub(in crate::image) fn newest(&self) -> Tid {
        let newest = self.runs.iter().map(|run| run.newest);
        newest.max().unwrap_or_default()
    }

    /// Opens a segment at its first group. `None` when there is nothing whole in it.
    fn begin(
        &mut self,
        path: &Path,
        first: Tid,
        is_last: bool,
    ) -> Result<Option<Segment>, LogError> {
        match Segment::open(path, first, is_last) {
            Ok(segment) => {
                if let Some(run) = self.runs.last()
                    && !run.is_followed_by(segment.header())
                {
                    let newest = run.newest;
                    let before = segment.header().first - 1;
                    let why = format!("it follows transaction {before}, before it is {newest}");
                    self.damaged(path, 0, why);
                }
                self.go_on(&segment, true);
                Ok(Some(segment))
            }
            Err(LogError::Damaged { file, offset, why }) => {
                self.damaged(&file, offset, why);
                let segment = Segment::without_header(path, is_last)?;
                if let Some(segment) = &segment {
                    self.go_on(segment, false);
                }
                Ok(segment)
            }
            Err(error) => Err(error),
        }
    }

    fn read<E: From<LogError>>(
        &mut self,
        mut segment: Segment,
        wanted: &[Tid],
        each: &mut dyn FnMut(&Group) -> Result<(), E>,
    ) -> Result<(), E> {
        self.note(wanted);
        loop {
            match segment.next_group() {
                Ok(Some(group)) => {
                    if let Some(run) = self.runs.last_mut() {
                        run.extend(&segment);
                    }
                    for (record, hash) in group.records.iter().zip(&group.hashes) {
                        if wanted.contains(&record.tid) {
                            self.hashes.insert(record.tid, *hash);
                        }
                    }
                    each(&group)?;
                }
                Ok(None) => {
                    self.torn = segment.torn();
                    return Ok(());
                }
                Err(LogError::Damaged { file, offset, why }) => {
                    self.damaged(&file, offset, why);
                    if !segment.skip_damage() {
                        return Ok(());
                    }
                    self.go_on(&segment, false);
                    self.note(wanted);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Lengthens the last run when the segment's next groups follow it, or begins another.
    fn go_on(&mut self, segment: &Segment, has_header: bool) {
        let header = segment.header();
        let piece = Piece {
            file: segment.path().to_owned(),
            header,
            start: segment.whole_bytes(),
            end: segment.whole_bytes(),
            is_whole: has_header && segment.is_at_end(),
        };
        match self.runs.last_mut() {
            Some(run) if run.is_followed_by(header) => run.pieces.push(piece),
            _ => self.runs.push(Run {
                first: header.first,
                previous: header.previous,
                newest: header.first - 1,
                hash: header.previous,
                pieces: vec![piece],
            }),
        }
    }

    /// Keeps the hash before a run when it was asked for.
    fn note(&mut self, wanted: &[Tid]) {
        if let Some(run) = self.runs.last()
            && wanted.contains(&run.newest)
        {
            self.hashes.insert(run.newest, run.hash);
        }
    }

    fn damaged(&mut self, file: &Path, offset: u64, why: String) {
        self.damage.push(Damage {
            file: file.to_owned(),
            offset,
            why,
        });
    }
}

impl Run {
    fn is_followed_by(&self, header: Header) -> bool {
        (header.first - 1, header.previous) == (self.newest, self.hash)
    }

    fn extend(&mut self, segment: &Segment) {
        (self.newest, self.hash) = segment.end();
        if let Some(piece) = self.pieces.last_mut() {
            piece.end = segment.whole_bytes();
            let begins_whole = piece.start == segment::HEADER_BYTES && segment.has_header();
            piece.is_whole = begins_whole && segment.is_at_end();
        }
    }
}

impl Piece {
    /// Puts a segment of these groups in its place, under its own name, from a copy of their file.
    pub(in crate::image) fn write(&self, image: &Path, copy: &Path) -> Result<PathBuf, LogError> {
        let bytes = fs::read(copy).map_err(failed("read", copy))?;
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let groups = bytes.get(place(self.start)..place(self.end));
        let mut segment = self.header.encode();
        segment.extend_from_slice(groups.unwrap_or_default());
        let path = image.join(FOLDER).join(segment::name(self.header.first));
        disk::write_whole(&path, disk::UNFINISHED, &segment).map_err(failed("write", &path))?;
        Ok(path)
    }
}
