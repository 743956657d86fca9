//! The kernel's part of the log by line numbers: which lines there are, single ones read back, and all of
//! them searched. For a front-end on the same machine, so that a million lines cost the kernel nothing.
//!
//! Kept in memory are four bytes a line; a line's text is read from its file whenever it is wanted. Numbers
//! count from the oldest line that was there at first and stay when the oldest files are removed.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use jiff::Timestamp;
use memchr::memmem::Finder;
use serde::Deserialize;

use super::entry::level_named;
use super::{KERNEL_FAMILY, LogEntry, LogLevel, LogName, tail};

/// Bytes taken from a file at once while it is indexed.
const CHUNK: u64 = 4 << 20;
/// Lines searched between two questions whether to go on.
const BETWEEN: usize = 2_000;

/// What can be asked of a line without reading it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub time_ms: u64,
    pub level: LogLevel,
    pub mission: Option<u64>,
    pub persona: Option<String>,
}

/// A word that an entry must have in event, text or persona, or must not have; in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    pub word: String,
    pub unwanted: bool,
}

#[derive(Debug)]
pub struct Pages {
    folder: PathBuf,
    /// Oldest first.
    files: Vec<Indexed>,
    /// The number of the next line.
    next: u64,
}

#[derive(Debug)]
struct Indexed {
    name: LogName,
    /// The number of its first line.
    first: u64,
    /// Where each line begins.
    lines: Vec<u32>,
    /// Up to where it has been read: the end of a line.
    end: u64,
    /// Another file follows it, and it has been read to its end since.
    complete: bool,
}

/// What one look found.
#[derive(Debug, Default)]
pub struct Found {
    /// In order; the first has the number that came next before.
    pub heads: Vec<Head>,
    /// There was more than one look takes.
    pub more: bool,
}

#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    level: Cow<'a, str>,
    mission: Option<u64>,
    #[serde(borrow)]
    persona: Option<Cow<'a, str>>,
}

impl Pages {
    /// Nothing is read before the first [`look`](Self::look).
    pub fn open(folder: PathBuf) -> Self {
        Self {
            folder,
            files: Vec::new(),
            next: 0,
        }
    }

    /// The number of the oldest line that is still there.
    pub fn first(&self) -> u64 {
        self.files.first().map_or(self.next, |file| file.first)
    }

    /// The number that the next line will have.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes in lines that are new since the last look, a few megabytes of them. Forgets removed files.
    pub fn look(&mut self) -> io::Result<Found> {
        let mut found = Found::default();
        let names = match LogName::list(&self.folder, Some(KERNEL_FAMILY)) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(error),
        };
        self.files.retain(|file| names.contains(&file.name));
        let newest = self.files.last().map(|file| file.name.clone());
        // The newest file is read to its end once more before one that follows it.
        for name in names {
            if newest.as_ref().is_none_or(|newest| name > *newest) {
                self.files.push(Indexed {
                    name,
                    first: self.next,
                    lines: Vec::new(),
                    end: 0,
                    complete: false,
                });
            }
        }
        let last = self.files.len().saturating_sub(1);
        for (place, file) in self.files.iter_mut().enumerate() {
            if file.complete {
                continue;
            }
            // Whatever followed another file begins where that one ended.
            if file.lines.is_empty() {
                file.first = self.next;
            }
            let before = found.heads.len();
            found.more = file.read(&self.folder, &mut found.heads)?;
            self.next += (found.heads.len() - before) as u64;
            if found.more {
                break;
            }
            file.complete = place < last;
        }
        Ok(found)
    }

    /// Reads one line back. `None` when it is gone.
    pub fn entry(&self, number: u64) -> io::Result<Option<LogEntry>> {
        let at = self.files.partition_point(|file| file.first <= number);
        let Some(file) = at.checked_sub(1).and_then(|at| self.files.get(at)) else {
            return Ok(None);
        };
        let place = usize::try_from(number - file.first).unwrap_or(usize::MAX);
        let Some(start) = file.lines.get(place).copied() else {
            return Ok(None);
        };
        let end = file
            .lines
            .get(place + 1)
            .map_or(file.end, |next| u64::from(*next));
        let mut opened = match File::open(self.folder.join(file.name.file_name())) {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        opened.seek(SeekFrom::Start(u64::from(start)))?;
        let mut line = Vec::new();
        opened
            .take(end.saturating_sub(u64::from(start)))
            .read_to_end(&mut line)?;
        Ok(entry_of(number, &line))
    }

    /// Searches all lines, the newest file first. `take` gets the numbers found in a file, in order, and how
    /// many lines are left; it says whether to go on, and is asked that in between without numbers.
    pub fn search(
        &self,
        needles: &[Needle],
        mut take: impl FnMut(Option<Vec<u64>>, u64) -> bool,
    ) -> io::Result<()> {
        let search = Search::new(needles);
        for file in self.files.iter().rev() {
            let mut bytes = Vec::new();
            match File::open(self.folder.join(file.name.file_name())) {
                Ok(opened) => opened.take(file.end).read_to_end(&mut bytes)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let left = file.first - self.first();
            let mut found = Vec::new();
            for (place, start) in file.lines.iter().enumerate() {
                if place % BETWEEN == BETWEEN - 1 && !take(None, left) {
                    return Ok(());
                }
                let end = file.lines.get(place + 1).copied();
                let end = end.map_or(bytes.len(), |end| end as usize);
                let line = bytes.get(*start as usize..end).unwrap_or_default();
                if search.finds(line) {
                    found.push(file.first + place as u64);
                }
            }
            if !take(Some(found), left) {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Indexed {
    /// Reads on by one chunk; true when there was more.
    fn read(&mut self, folder: &std::path::Path, heads: &mut Vec<Head>) -> io::Result<bool> {
        let mut opened = match File::open(folder.join(self.name.file_name())) {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        opened.seek(SeekFrom::Start(self.end))?;
        let mut bytes = Vec::new();
        // A line that is longer than a chunk is taken with as many as it needs.
        let mut last = None;
        while last.is_none() {
            let read = (&mut opened).take(CHUNK).read_to_end(&mut bytes)?;
            last = memchr::memrchr(b'\n', &bytes);
            if read == 0 {
                break;
            }
        }
        let Some(last) = last else {
            return Ok(false);
        };
        let whole = bytes.get(..=last).unwrap_or_default();
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', whole) {
            let line = whole.get(start..newline).unwrap_or_default();
            let place = u32::try_from(self.end + start as u64);
            if let (Ok(place), Some(head)) = (place, head_of(line)) {
                self.lines.push(place);
                heads.push(head);
            }
            start = newline + 1;
        }
        self.end += last as u64 + 1;
        Ok(bytes.len() as u64 >= CHUNK)
    }
}

fn head_of(line: &[u8]) -> Option<Head> {
    let stored: Stored<'_> = serde_json::from_slice(line).ok()?;
    let time: Timestamp = stored.time.parse().ok()?;
    Some(Head {
        time_ms: u64::try_from(time.as_millisecond()).unwrap_or(0),
        level: level_named(&stored.level)?,
        mission: stored.mission,
        persona: stored.persona.map(Cow::into_owned),
    })
}

/// Torn lines may stand between this one and the next: only the first is it.
fn entry_of(number: u64, bytes: &[u8]) -> Option<LogEntry> {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let line = tail::parse(KERNEL_FAMILY, bytes.get(..end)?)?;
    Some(LogEntry {
        number,
        time_ms: u64::try_from(line.time.as_millisecond()).unwrap_or(0),
        level: line.level,
        mission: line.mission,
        persona: line.persona,
        event: line.event,
        text: line.text,
        fields_json: serde_json::Value::Object(line.fields).to_string(),
    })
}

/// The needles, those first that the raw line can answer for.
struct Search<'a> {
    needles: Vec<(&'a Needle, Option<Finder<'a>>)>,
}

impl<'a> Search<'a> {
    fn new(needles: &'a [Needle]) -> Self {
        let raw = |needle: &'a Needle| {
            // What JSON writes otherwise cannot be looked for in the raw line.
            let plain = needle.word.bytes().all(|byte| {
                byte.is_ascii() && !byte.is_ascii_control() && !matches!(byte, b'"' | b'\\' | b'/')
            });
            (needle, plain.then(|| Finder::new(needle.word.as_bytes())))
        };
        Self {
            needles: needles.iter().map(raw).collect(),
        }
    }

    fn finds(&self, line: &[u8]) -> bool {
        let lower = line.to_ascii_lowercase();
        let mut open = Vec::new();
        for (needle, finder) in &self.needles {
            match finder.as_ref().map(|finder| finder.find(&lower).is_some()) {
                Some(false) if needle.unwanted => {}
                Some(false) => return false,
                _ => open.push(*needle),
            }
        }
        if open.is_empty() {
            return true;
        }
        // The word may stand in a field or in a name of JSON only.
        let Some(entry) = entry_of(0, line) else {
            return false;
        };
        open.iter()
            .all(|needle| mentions(&entry, &needle.word) != needle.unwanted)
    }
}

fn mentions(entry: &LogEntry, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    has(&entry.text) || has(&entry.event) || entry.persona.as_deref().is_some_and(has)
}
