//! The metacognition pane: which entries there are, which of them pass the filter, and where one reads.
//!
//! Entries come from the kernel, the newest [`MAX_ENTRIES`] of them, or out of the log's files where these
//! can be read: then all that the disk has, of which only what is in view is kept in full. Entries go by
//! numbers that stay right when the oldest leave.

mod book;
mod filter;
mod histogram;
mod pages;

use std::collections::VecDeque;

use crate::tui::archive::{Ask, Word};
use crate::wire::messages::{LogEntry, LogLevel};
use book::Book;
pub use filter::Filter;
use filter::{Facts, Terms, mentions};
pub use histogram::{Bin, Histogram};
pub use pages::Outcome;
use pages::{Purpose, Scan};

pub const MAX_ENTRIES: usize = 20_000;

#[derive(Debug, Clone, Default)]
pub struct Log {
    /// As the kernel told them.
    entries: VecDeque<LogEntry>,
    /// How many of those have left at the old end: the number of the first.
    dropped: u64,
    /// The files, where they can be read.
    book: Option<Book>,
    /// Numbers of those entries that pass the filter, oldest first.
    shown: VecDeque<u64>,
    filter: Filter,
    terms: Terms,
    search: String,
    /// Numbers of those that have what is searched for, oldest first. Only of the files.
    hits: VecDeque<u64>,
    scan: Option<Scan>,
    /// Waits for the scan that is under way.
    pending_search: bool,
    /// How far the last scan came that was stopped.
    stopped: Option<u64>,
    scans: u64,
    /// The entry that one reads, while not following.
    cursor: Option<u64>,
    /// The last entry that was shown when one stopped following: the window holds on to it.
    bottom: u64,
    /// Entries that came since then and pass the filter.
    new: usize,
    pub details: bool,
    pub histogram: bool,
    /// When the entry was that one read before, to be gone to once entries are known.
    pub return_to: Option<u64>,
    /// To be asked of the files.
    asks: Vec<Ask>,
}

impl Log {
    /// Takes in what the kernel told; where the files are read it is only the sign that they have grown.
    pub fn push(&mut self, entry: LogEntry) {
        if self.book.is_some() {
            self.ask_once(Ask::Look);
        }
        let number = self.dropped + self.entries.len() as u64;
        if !self.reads_files() && self.terms.pass(&entry) {
            self.shown.push_back(number);
            if self.cursor.is_some() {
                self.new += 1;
            }
        }
        self.entries.push_back(entry);
        if self.entries.len() > MAX_ENTRIES {
            self.entries.pop_front();
            self.dropped += 1;
            if !self.reads_files() {
                self.forget_shown_before(self.dropped);
            }
        }
    }

    fn forget_shown_before(&mut self, number: u64) {
        for numbers in [&mut self.shown, &mut self.hits] {
            while numbers.front().is_some_and(|first| *first < number) {
                numbers.pop_front();
            }
        }
    }

    /// The newest entries that the kernel told, oldest first.
    pub fn newest_told(&self, count: usize) -> impl ExactSizeIterator<Item = &LogEntry> {
        let from = self.entries.len().saturating_sub(count);
        self.entries.range(from..)
    }

    /// Goes to the entry that one read before, as soon as entries from then are known.
    pub fn arrive(&mut self) {
        let Some(time_ms) = self.return_to else {
            return;
        };
        // To the second: the files' times are no finer.
        let second = time_ms / 1000;
        let row = self.shown.partition_point(|number| {
            let time = self.time_of(*number);
            time.is_some_and(|time| time / 1000 < second)
        });
        let known_back_then = self.time_ms(0).is_some_and(|first| first / 1000 <= second);
        if known_back_then || self.reads_files() {
            self.return_to = None;
            self.go(row.min(self.shown.len().saturating_sub(1)));
        }
    }

    /// The newest that the kernel told.
    pub fn newest(&self) -> Option<&LogEntry> {
        self.entries.back()
    }

    /// The book, once it has all that the files had.
    fn read(&self) -> Option<&Book> {
        self.book.as_ref().filter(|book| book.complete)
    }

    /// True when the entries are those of the files.
    pub fn reads_files(&self) -> bool {
        self.read().is_some()
    }

    /// Entries that there are, shown or not.
    pub fn kept(&self) -> usize {
        self.read().map_or(self.entries.len(), Book::len)
    }

    /// Entries that pass the filter.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The entry of a row; `None` also while it is being read from its file.
    pub fn get(&self, row: usize) -> Option<&LogEntry> {
        self.entry(*self.shown.get(row)?)
    }

    fn entry(&self, number: u64) -> Option<&LogEntry> {
        if let Some(book) = self.read() {
            return book.entry(number);
        }
        let at = usize::try_from(number.checked_sub(self.dropped)?).ok()?;
        self.entries.get(at)
    }

    fn facts(&self, number: u64) -> Option<Facts<'_>> {
        match self.read() {
            Some(book) => book.facts(number),
            None => self
                .entry(number)
                .map(|entry| (entry.level, entry.mission, entry.persona.as_deref())),
        }
    }

    /// When a row's entry was, in milliseconds since 1970.
    pub fn time_ms(&self, row: usize) -> Option<u64> {
        self.time_of(*self.shown.get(row)?)
    }

    fn time_of(&self, number: u64) -> Option<u64> {
        match self.read() {
            Some(book) => book.time_ms(number),
            None => self.entry(number).map(|entry| entry.time_ms),
        }
    }

    pub fn level(&self, row: usize) -> Option<LogLevel> {
        let (level, _, _) = self.facts(*self.shown.get(row)?)?;
        Some(level)
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
            Some(number) => self
                .shown
                .partition_point(|shown| *shown < number)
                .min(last),
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

    /// Goes to the next row, or the one before, whose entry fits; false when there is none.
    fn go_to_next(&mut self, forward: bool, fits: impl Fn(Facts<'_>) -> bool) -> bool {
        let row = self.row();
        let is_it = |row: &usize| {
            let number = self.shown.get(*row);
            number
                .and_then(|number| self.facts(*number))
                .is_some_and(&fits)
        };
        let found = if forward {
            (row + 1..self.shown.len()).find(is_it)
        } else {
            (0..row).rev().find(is_it)
        };
        if let Some(row) = found {
            self.go(row);
        }
        found.is_some()
    }

    pub fn next_error(&mut self, forward: bool) -> bool {
        self.go_to_next(forward, |(level, _, _)| level == LogLevel::Error)
    }

    /// The next entry of the mission that the reading row is about.
    pub fn next_of_mission(&mut self, forward: bool) -> bool {
        let here = self
            .shown
            .get(self.row())
            .and_then(|number| self.facts(*number));
        let Some((_, Some(mission), _)) = here else {
            return false;
        };
        self.go_to_next(forward, |(_, one, _)| one == Some(mission))
    }

    /// Mission and persona of the reading row.
    pub fn here(&self) -> (Option<u64>, Option<String>) {
        let here = self
            .shown
            .get(self.row())
            .and_then(|number| self.facts(*number));
        here.map_or((None, None), |(_, mission, persona)| {
            (mission, persona.map(str::to_owned))
        })
    }

    pub fn set_filter(&mut self, filter: Filter) {
        self.terms = filter.terms();
        self.filter = filter;
        if self.reads_files() {
            self.filter_files();
        } else {
            let numbers = (self.dropped..).zip(&self.entries);
            self.shown = numbers
                .filter(|(_, entry)| self.terms.pass(entry))
                .map(|(number, _)| number)
                .collect();
        }
        if self.cursor.is_some() && self.scan.is_none() {
            self.go(self.row());
        }
    }

    /// Sets what is searched for and goes to the newest match at or above the reading row. False when it
    /// is known that there is none.
    pub fn set_search(&mut self, text: &str) -> bool {
        text.clone_into(&mut self.search);
        if self.reads_files() {
            self.search_files();
            return true;
        }
        self.is_match(self.row()) || self.search_from(false)
    }

    fn is_match(&self, row: usize) -> bool {
        if self.search.is_empty() {
            return false;
        }
        if self.reads_files() {
            let number = self.shown.get(row);
            return number.is_some_and(|number| self.hits.binary_search(number).is_ok());
        }
        let word = self.search.to_lowercase();
        self.get(row).is_some_and(|entry| mentions(entry, &word))
    }

    /// Goes to the next match, forward or back, around the ends; false when there is none.
    pub fn search_from(&mut self, forward: bool) -> bool {
        if self.reads_files() {
            return self.search_hits(forward);
        }
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
        self.hits.clear();
        self.pending_search = false;
        self.drop_scan();
        self.set_filter(Filter::default());
        some
    }

    /// What is searched for, as it is asked of the files.
    fn searched(&self) -> Vec<Word> {
        vec![Word {
            text: self.search.to_lowercase(),
            unwanted: false,
        }]
    }

    fn ask_once(&mut self, ask: Ask) {
        if !self.asks.contains(&ask) {
            self.asks.push(ask);
        }
    }

    /// What is to be asked of the files now.
    pub fn take_asks(&mut self) -> Vec<Ask> {
        std::mem::take(&mut self.asks)
    }
}
