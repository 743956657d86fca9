//! The metacognition pane: the newest entries, which of them pass the filter, and where one reads.
//!
//! Memory is bounded by [`MAX_ENTRIES`]. Positions are counted over all entries ever taken in, so that
//! they stay right when the oldest entries leave.

use std::collections::VecDeque;

use crate::wire::messages::{LogEntry, LogLevel};

pub const MAX_ENTRIES: usize = 20_000;

/// What of the log is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// As typed: words, `!word`, `level:`, `mission:`, `persona:`.
    pub text: String,
    pub level: LogLevel,
    pub mission: Option<u64>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            level: LogLevel::Debug,
            mission: None,
        }
    }
}

impl Filter {
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    fn passes(&self, entry: &LogEntry) -> bool {
        entry.level >= self.level
            && self
                .mission
                .is_none_or(|mission| entry.mission == Some(mission))
            && self
                .text
                .split_whitespace()
                .all(|word| word_passes(word, entry))
    }
}

fn word_passes(word: &str, entry: &LogEntry) -> bool {
    if let Some(unwanted) = word.strip_prefix('!').filter(|rest| !rest.is_empty()) {
        return !word_passes(unwanted, entry);
    }
    match word.split_once(':') {
        Some(("level", level)) => entry.level >= level_named(level).unwrap_or(LogLevel::Debug),
        Some(("mission", number)) => {
            let number = number.trim_start_matches('#').parse();
            entry.mission.is_some_and(|mission| number == Ok(mission))
        }
        Some(("persona", name)) => entry
            .persona
            .as_deref()
            .is_some_and(|persona| contains(persona, name)),
        _ => mentions(entry, word),
    }
}

fn level_named(name: &str) -> Option<LogLevel> {
    match name.to_ascii_lowercase().as_str() {
        "debug" => Some(LogLevel::Debug),
        "info" => Some(LogLevel::Info),
        "warn" | "warning" => Some(LogLevel::Warn),
        "error" => Some(LogLevel::Error),
        _ => None,
    }
}

fn contains(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(&word.to_lowercase())
}

fn mentions(entry: &LogEntry, word: &str) -> bool {
    contains(&entry.text, word)
        || contains(&entry.event, word)
        || entry
            .persona
            .as_deref()
            .is_some_and(|name| contains(name, word))
}

#[derive(Debug, Clone, Default)]
pub struct Log {
    entries: VecDeque<LogEntry>,
    /// How many entries have left at the old end.
    dropped: u64,
    /// Counts of those entries that pass the filter, oldest first.
    shown: VecDeque<u64>,
    filter: Filter,
    search: String,
    /// The entry that one reads, while not following.
    cursor: Option<u64>,
    /// The last entry that was shown when one stopped following: the window holds on to it.
    bottom: u64,
    /// Entries that came since then and pass the filter.
    new: usize,
    pub details: bool,
}

impl Log {
    pub fn push(&mut self, entry: LogEntry) {
        let count = self.dropped + self.entries.len() as u64;
        if self.filter.passes(&entry) {
            self.shown.push_back(count);
            if self.cursor.is_some() {
                self.new += 1;
            }
        }
        self.entries.push_back(entry);
        if self.entries.len() > MAX_ENTRIES {
            self.entries.pop_front();
            self.dropped += 1;
            while self
                .shown
                .front()
                .is_some_and(|count| *count < self.dropped)
            {
                self.shown.pop_front();
            }
        }
    }

    pub fn newest(&self) -> Option<&LogEntry> {
        self.entries.back()
    }

    /// Entries kept, shown or not.
    pub fn kept(&self) -> usize {
        self.entries.len()
    }

    /// Entries that pass the filter.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    pub fn get(&self, row: usize) -> Option<&LogEntry> {
        let at = usize::try_from(self.shown.get(row)?.checked_sub(self.dropped)?).ok()?;
        self.entries.get(at)
    }

    pub fn follows(&self) -> bool {
        self.cursor.is_none()
    }

    /// How many came since one stopped following.
    pub fn new_count(&self) -> usize {
        self.new
    }

    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    pub fn search(&self) -> &str {
        &self.search
    }

    /// The row that one reads; the last one while following.
    pub fn row(&self) -> usize {
        let last = self.shown.len().saturating_sub(1);
        match self.cursor {
            Some(count) => self.shown.partition_point(|shown| *shown < count).min(last),
            None => last,
        }
    }

    pub fn follow(&mut self) {
        self.cursor = None;
        self.new = 0;
    }

    /// Stops following at the row that is read now.
    pub fn pause(&mut self) {
        self.go(self.row());
    }

    fn go(&mut self, row: usize) {
        if self.follows() {
            self.bottom = self.shown.back().copied().unwrap_or(0);
        }
        self.cursor = self.shown.get(row).copied();
    }

    /// The first row to show in `height` rows: the reading row is among them, and nothing moves
    /// under the reader's eyes when entries come in.
    pub fn top(&self, height: usize) -> usize {
        let row = self.row();
        let bottom = self.shown.partition_point(|shown| *shown < self.bottom);
        let bottom = if self.follows() {
            row
        } else {
            bottom.clamp(row, row + height.saturating_sub(1))
        };
        let last = self.shown.len().saturating_sub(1);
        (bottom.min(last) + 1).saturating_sub(height.max(1))
    }

    /// Moves the reading row. Up stops following; down past the last row follows again.
    pub fn move_by(&mut self, rows: isize) {
        let target = self.row().saturating_add_signed(rows);
        if rows > 0 && target >= self.shown.len() {
            self.follow();
        } else if !(rows > 0 && self.follows()) {
            self.go(target);
        }
    }

    pub fn set_filter(&mut self, filter: Filter) {
        let counts = (self.dropped..).zip(&self.entries);
        self.shown = counts
            .filter(|(_, entry)| filter.passes(entry))
            .map(|(count, _)| count)
            .collect();
        self.filter = filter;
        if self.cursor.is_some() {
            self.go(self.row());
        }
    }

    /// Sets what is searched for and goes to the newest match at or above the reading row.
    pub fn set_search(&mut self, text: &str) -> bool {
        text.clone_into(&mut self.search);
        self.is_match(self.row()) || self.search_from(false)
    }

    fn is_match(&self, row: usize) -> bool {
        !self.search.is_empty()
            && self
                .get(row)
                .is_some_and(|entry| mentions(entry, &self.search))
    }

    /// Goes to the next match, forward or back, around the ends; false when there is none.
    pub fn search_from(&mut self, forward: bool) -> bool {
        let total = self.shown.len();
        let start = self.row();
        let found = (1..=total)
            .map(|step| {
                if forward {
                    (start + step) % total
                } else {
                    (start + total - step) % total
                }
            })
            .find(|row| self.is_match(*row));
        if let Some(row) = found {
            self.go(row);
        }
        found.is_some()
    }

    /// Drops search and filter; false when there were none.
    pub fn clear_filters(&mut self) -> bool {
        let some = !self.search.is_empty() || !self.filter.is_open();
        self.search.clear();
        self.set_filter(Filter::default());
        some
    }
}
