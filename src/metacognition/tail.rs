//! Reading the log: all families merged by time, and what is appended while one looks on.
//!
//! Works on the files alone, whether or not anything runs. A last line without its newline is left until it
//! is whole; a line that is no entry (torn by a kill) is left out and counted.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::entry::level_named;
use super::{Filter, LogLevel, LogName};

/// One line of the log, read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which process wrote it: `kernel`, `watchdog`.
    pub family: String,
    pub time: Timestamp,
    pub level: LogLevel,
    pub mission: Option<u64>,
    pub persona: Option<String>,
    pub event: String,
    pub text: String,
    pub fields: Map<String, Value>,
    /// As it stands in the file, without its newline.
    pub raw: String,
}

/// A place in the log from which reading goes on.
#[derive(Debug)]
pub struct Tail {
    folder: PathBuf,
    filter: Filter,
    families: BTreeMap<String, Family>,
    families_found: bool,
    skipped: u64,
}

/// Where one family has been read to.
#[derive(Debug, Default)]
struct Family {
    /// The file being read, and its reader.
    current: Option<(LogName, BufReader<File>)>,
    /// The file after it, once there is one: the current one is complete from then on.
    successor: Option<LogName>,
    /// Of the last line, what has been written so far.
    unfinished: Vec<u8>,
    /// Read and not yet given out.
    ready: VecDeque<Line>,
    /// Nothing more was there at the last look.
    read_all: bool,
}

/// Lines read ahead of each family while merging.
const READ_AHEAD: usize = 256;

impl Tail {
    /// Starts at the oldest line there is. A missing folder has no lines.
    pub fn open(folder: &Path, filter: Filter) -> Self {
        Self {
            folder: folder.to_owned(),
            filter,
            families: BTreeMap::new(),
            families_found: false,
            skipped: 0,
        }
    }

    /// Lines that were not entries.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Begins anew at what has been appended since the last `None` of [`next_line`](Self::next_line).
    pub fn look_again(&mut self) {
        self.families_found = false;
        for family in self.families.values_mut() {
            family.read_all = false;
        }
    }

    /// The next line in order of time that the filter lets through; `None` when all has been read, after which
    /// [`look_again`](Self::look_again) finds what was appended. To follow, ask again a few times a second.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            self.find_families()?;
            for (name, family) in &mut self.families {
                if family.ready.is_empty() && !family.read_all {
                    self.skipped += family.read_ahead(&self.folder, name)?;
                }
            }
            let earliest = self
                .families
                .values_mut()
                .filter(|family| !family.ready.is_empty())
                .min_by_key(|family| family.ready.front().map(|line| line.time));
            match earliest.and_then(|family| family.ready.pop_front()) {
                Some(line) if self.filter.accepts(&line) => return Ok(Some(line)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }

    /// The newest `count` lines so far, in order.
    pub fn newest(&mut self, count: usize) -> io::Result<Vec<Line>> {
        let mut newest = VecDeque::new();
        while let Some(line) = self.next_line()? {
            newest.push_back(line);
            if newest.len() > count {
                newest.pop_front();
            }
        }
        Ok(newest.into())
    }

    fn find_families(&mut self) -> io::Result<()> {
        if !self.families_found {
            for name in list(&self.folder, None)? {
                self.families.entry(name.family).or_default();
            }
            self.families_found = true;
        }
        Ok(())
    }
}

impl Family {
    /// Fills `ready` as far as is sensible; returns how many lines were no entries.
    fn read_ahead(&mut self, folder: &Path, name: &str) -> io::Result<u64> {
        let mut skipped = 0;
        while self.ready.len() < READ_AHEAD {
            if self.read_line()? {
                match parse(name, &self.unfinished) {
                    Some(line) => self.ready.push_back(line),
                    None if self.unfinished.trim_ascii().is_empty() => {}
                    None => skipped += 1,
                }
                self.unfinished.clear();
            } else if let Some(successor) = self.successor.take() {
                skipped += u64::from(!self.unfinished.is_empty());
                self.open(folder, successor)?;
            } else {
                // Once there is a successor, the current file is read to its end once more.
                self.successor = self.find_successor(folder, name)?;
                self.read_all = self.successor.is_none();
                if self.read_all {
                    break;
                }
            }
        }
        Ok(skipped)
    }

    /// True when a whole line is in `unfinished`.
    fn read_line(&mut self) -> io::Result<bool> {
        let Some((_, reader)) = &mut self.current else {
            return Ok(false);
        };
        reader.read_until(b'\n', &mut self.unfinished)?;
        Ok(self.unfinished.ends_with(b"\n"))
    }

    fn find_successor(&self, folder: &Path, family: &str) -> io::Result<Option<LogName>> {
        let current = self.current.as_ref().map(|(name, _)| name);
        Ok(list(folder, Some(family))?
            .into_iter()
            .find(|name| current.is_none_or(|current| name > current)))
    }

    fn open(&mut self, folder: &Path, name: LogName) -> io::Result<()> {
        match File::open(folder.join(name.file_name())) {
            Ok(file) => {
                self.current = Some((name, BufReader::new(file)));
                self.unfinished.clear();
                Ok(())
            }
            // Removed as the oldest in this moment; a later one is found next.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn list(folder: &Path, family: Option<&str>) -> io::Result<Vec<LogName>> {
    match LogName::list(folder, family) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        result => result,
    }
}

/// The shape of a line; what later versions add is let through.
#[derive(Deserialize)]
struct Stored {
    time: String,
    level: String,
    mission: Option<u64>,
    persona: Option<String>,
    event: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    fields: Map<String, Value>,
}

/// A line of a family's file; `None` when it is no entry.
pub fn parse(family: &str, bytes: &[u8]) -> Option<Line> {
    let raw = std::str::from_utf8(bytes).ok()?.trim_end_matches('\n');
    let stored: Stored = serde_json::from_str(raw).ok()?;
    Some(Line {
        family: family.to_owned(),
        time: stored.time.parse().ok()?,
        level: level_named(&stored.level)?,
        mission: stored.mission,
        persona: stored.persona,
        event: stored.event,
        text: stored.text,
        fields: stored.fields,
        raw: raw.to_owned(),
    })
}
