//! The log's files as far as they are known here: a few bytes a line, and the lines that are in view.
//!
//! Memory is bounded by what the kernel keeps on disk (some ten bytes a line) and by [`MOST_BYTES`] of
//! lines in full. What is wanted and not here is asked for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::filter::Facts;
use crate::tui::archive::Head;
use crate::wire::messages::{LogEntry, LogLevel};

/// Of lines in full.
const MOST_BYTES: usize = 8 << 20;

#[derive(Debug, Clone, Copy)]
struct Mark {
    time_s: u32,
    /// 0 for none.
    mission: u32,
    level: LogLevel,
    /// Of the names; 0 for none.
    persona: u8,
}

#[derive(Debug, Clone, Default)]
pub struct Book {
    marks: VecDeque<Mark>,
    /// The number of the oldest line.
    first: u64,
    /// From 1.
    personas: Vec<String>,
    lines: BTreeMap<u64, LogEntry>,
    bytes: usize,
    asked: BTreeSet<u64>,
    /// All that was there has been told.
    pub complete: bool,
}

impl Book {
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next line will have.
    pub fn next(&self) -> u64 {
        self.first + self.marks.len() as u64
    }

    pub fn len(&self) -> usize {
        self.marks.len()
    }

    pub fn push(&mut self, head: &Head) {
        let persona = head.persona.as_deref().map_or(0, |name| self.persona(name));
        self.marks.push_back(Mark {
            time_s: u32::try_from(head.time_ms / 1000).unwrap_or(u32::MAX),
            mission: head
                .mission
                .map_or(0, |id| u32::try_from(id).unwrap_or(u32::MAX)),
            level: head.level,
            persona,
        });
    }

    /// The number of a name; those beyond the first 255 are none.
    fn persona(&mut self, name: &str) -> u8 {
        let known = self.personas.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            self.personas.push(name.to_owned());
            self.personas.len() - 1
        });
        u8::try_from(at + 1).unwrap_or(0)
    }

    pub fn forget_before(&mut self, number: u64) {
        while self.first < number && self.marks.pop_front().is_some() {
            self.first += 1;
        }
        self.first = self.first.max(number);
        self.lines = self.lines.split_off(&number);
        self.bytes = self.lines.values().map(size).sum();
    }

    fn mark(&self, number: u64) -> Option<Mark> {
        let at = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.marks.get(at).copied()
    }

    /// In milliseconds since 1970, to the second.
    pub fn time_ms(&self, number: u64) -> Option<u64> {
        self.mark(number).map(|mark| u64::from(mark.time_s) * 1000)
    }

    pub fn facts(&self, number: u64) -> Option<Facts<'_>> {
        let mark = self.mark(number)?;
        let mission = (mark.mission > 0).then_some(mark.mission.into());
        let persona = usize::from(mark.persona)
            .checked_sub(1)
            .and_then(|at| self.personas.get(at));
        Some((mark.level, mission, persona.map(String::as_str)))
    }

    pub fn entry(&self, number: u64) -> Option<&LogEntry> {
        self.lines.get(&number)
    }

    /// Keeps a line in full; those farthest from it leave when there are too many.
    pub fn keep(&mut self, entry: LogEntry) {
        let number = entry.number;
        self.asked.remove(&number);
        self.bytes += size(&entry);
        if let Some(before) = self.lines.insert(number, entry) {
            self.bytes -= size(&before);
        }
        while self.bytes > MOST_BYTES && self.lines.len() > 1 {
            let first = self.lines.keys().next().copied().unwrap_or(number);
            let last = self.lines.keys().next_back().copied().unwrap_or(number);
            let far = if number.abs_diff(first) > number.abs_diff(last) {
                first
            } else {
                last
            };
            if let Some(gone) = self.lines.remove(&far) {
                self.bytes -= size(&gone);
            }
        }
    }

    /// Of these, the lines that are not here and were not asked for; they are from now on.
    pub fn missing(&mut self, numbers: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut missing = Vec::new();
        for number in numbers {
            if !self.lines.contains_key(&number) && self.asked.insert(number) {
                missing.push(number);
            }
        }
        missing
    }

    /// Whatever was asked for has been answered: what is still missing may be asked for again.
    pub fn answered(&mut self) {
        self.asked.clear();
    }
}

fn size(entry: &LogEntry) -> usize {
    entry.text.len() + entry.fields_json.len() + entry.event.len() + 160
}
