//! The log out of its files: lines that come in, lines that are wanted, searches that run in the background.

use std::collections::VecDeque;

use super::{Log, Purpose as P};
use crate::tui::archive::{Ask, Told};
use crate::tui::clean;
use crate::wire::messages::LogEntry;

use super::book::Book;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Filter,
    /// The first match is gone to.
    Search {
        jump: bool,
    },
}

/// A search through all lines that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    id: u64,
    purpose: Purpose,
    /// Lines still to be searched.
    left: u64,
}

/// What the person should know of what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The search has ended, and nothing has it.
    NoMatch,
    Trouble(String),
}

impl Log {
    /// Reads the files from now on, as soon as all that they have is known.
    pub fn open_files(&mut self) {
        if self.book.is_none() {
            self.book = Some(Book::default());
        }
        self.ask_once(Ask::Look);
    }

    /// Takes in what the files' thread told.
    pub fn told(&mut self, told: Told) -> Option<Outcome> {
        match told {
            Told::Grew {
                heads,
                entries,
                more,
                ..
            } => {
                let in_full = heads.len() == entries.len();
                let book = self.book.get_or_insert_default();
                let first = book.next();
                for head in &heads {
                    book.push(head);
                }
                if !self.reads_files() {
                    if !more {
                        self.begin_files();
                    }
                } else if in_full {
                    self.take_lines(entries);
                } else {
                    self.take_many(first);
                }
                None
            }
            Told::Gone(number) => {
                if let Some(book) = &mut self.book {
                    book.forget_before(number);
                }
                if self.reads_files() {
                    self.forget_shown_before(number);
                }
                None
            }
            Told::Rows(entries) => {
                if let Some(book) = &mut self.book {
                    for mut entry in entries {
                        clean_entry(&mut entry);
                        book.keep(entry);
                    }
                    book.answered();
                }
                None
            }
            Told::Found { id, numbers, left } => self.found(id, numbers, left),
            Told::Trouble(text) => Some(Outcome::Trouble(clean::line(&text))),
        }
    }

    /// Everything is known: what is shown are the files' lines from now on.
    fn begin_files(&mut self) {
        let from_end = self.cursor.map(|_| self.shown.len() - self.row());
        if let Some(book) = &mut self.book {
            book.complete = true;
        }
        self.filter_files();
        if let Some(from_end) = from_end {
            self.cursor = None;
            self.go(self.shown.len().saturating_sub(from_end));
        }
        if !self.search.is_empty() {
            self.search_files();
        }
        self.arrive();
    }

    /// A few new lines, in full.
    fn take_lines(&mut self, entries: Vec<LogEntry>) {
        let word = self.search.to_lowercase();
        for mut entry in entries {
            clean_entry(&mut entry);
            let number = entry.number;
            if self.terms.pass(&entry) {
                self.shown.push_back(number);
                if self.cursor.is_some() {
                    self.new += 1;
                }
            }
            if !word.is_empty() && super::mentions(&entry, &word) {
                self.hits.push_back(number);
            }
            if let Some(book) = &mut self.book {
                book.keep(entry);
            }
        }
    }

    /// So many new lines that they were not told in full.
    fn take_many(&mut self, first: u64) {
        let before = self.shown.len();
        if self.terms.in_text().is_empty() {
            let next = self.book.as_ref().map_or(first, Book::next);
            let new: Vec<u64> = (first..next)
                .filter(|number| self.passes(*number))
                .collect();
            self.shown.extend(new);
        } else {
            self.filter_files();
        }
        if self.cursor.is_some() {
            self.new += self.shown.len().saturating_sub(before);
        }
        if !self.search.is_empty() {
            self.search_files();
        }
    }

    fn passes(&self, number: u64) -> bool {
        self.facts(number)
            .is_some_and(|facts| self.terms.pass_facts(facts))
    }

    /// Shows what passes the filter: at once where that can be told without the texts, else as it is found.
    pub(super) fn filter_files(&mut self) {
        let Some(book) = self.read() else { return };
        let (first, next) = (book.first(), book.next());
        let words = self.terms.in_text();
        if words.is_empty() {
            self.shown = if self.terms.is_empty() {
                (first..next).collect()
            } else {
                (first..next)
                    .filter(|number| self.passes(*number))
                    .collect()
            };
            if self
                .scan
                .as_ref()
                .is_some_and(|scan| scan.purpose == P::Filter)
            {
                self.drop_scan();
            }
        } else {
            self.shown = VecDeque::new();
            if self.scan.is_some() {
                self.pending_search = !self.search.is_empty();
            }
            self.start_scan(P::Filter, words);
        }
    }

    pub(super) fn search_files(&mut self) {
        self.hits = VecDeque::new();
        let filtering = self
            .scan
            .as_ref()
            .is_some_and(|scan| scan.purpose == P::Filter);
        if self.search.is_empty() {
            if !filtering {
                self.drop_scan();
            }
        } else if filtering {
            self.pending_search = true;
        } else {
            let words = self.searched();
            self.start_scan(P::Search { jump: true }, words);
        }
    }

    fn start_scan(&mut self, purpose: Purpose, words: Vec<crate::tui::archive::Word>) {
        self.stopped = None;
        self.scans += 1;
        let id = self.scans;
        self.asks.push(Ask::Search { id, words });
        self.scan = Some(Scan {
            id,
            purpose,
            left: self.kept() as u64,
        });
    }

    /// Ends the search that is under way, as the person wishes; false when there was none. How far it came is
    /// remembered: what it found is not all.
    pub fn stop_scan(&mut self) -> bool {
        let came = self.scanned();
        let some = self.drop_scan();
        self.stopped = came;
        some
    }

    pub(super) fn drop_scan(&mut self) -> bool {
        self.stopped = None;
        let some = self.scan.take().is_some();
        if some {
            self.asks.push(Ask::Cancel);
        }
        some
    }

    /// How far the last search came before it was stopped, in percent.
    pub fn stopped(&self) -> Option<u64> {
        self.stopped
    }

    /// How much of the lines has been searched, in percent; `None` when nothing is searched.
    pub fn scanned(&self) -> Option<u64> {
        let scan = self.scan.as_ref()?;
        let all = (self.kept() as u64).max(1);
        Some(100 - (scan.left.min(all) * 100 / all))
    }

    /// Lines that have what is searched for, of those known.
    pub fn hit_count(&self) -> usize {
        self.hits.len()
    }

    fn found(&mut self, id: u64, numbers: Vec<u64>, left: u64) -> Option<Outcome> {
        let scan = self.scan.as_mut().filter(|scan| scan.id == id)?;
        scan.left = left;
        let purpose = scan.purpose;
        for number in numbers.into_iter().rev() {
            match purpose {
                P::Filter if self.passes(number) => put(&mut self.shown, number),
                P::Filter => {}
                P::Search { .. } => put(&mut self.hits, number),
            }
        }
        if purpose == (P::Search { jump: true }) && self.jump_to_hit(left == 0) {
            self.scan = self.scan.take().map(|scan| Scan {
                purpose: P::Search { jump: false },
                ..scan
            });
        }
        if left > 0 {
            return None;
        }
        self.scan = None;
        if std::mem::take(&mut self.pending_search) {
            self.search_files();
            return None;
        }
        let searched = matches!(purpose, P::Search { .. });
        (searched && self.hits.is_empty()).then_some(Outcome::NoMatch)
    }

    /// Goes to the newest match at or above the reading row; around the end only once all are known.
    fn jump_to_hit(&mut self, all: bool) -> bool {
        let Some(here) = self.shown.get(self.row()).copied() else {
            return false;
        };
        let at = self.hits.partition_point(|hit| *hit <= here);
        let above = self.hits.iter().take(at).rev();
        let below = self.hits.iter().skip(at).rev().filter(|_| all);
        let found = above
            .chain(below)
            .find(|hit| self.shown.binary_search(hit).is_ok())
            .copied();
        self.go_to_number(found)
    }

    pub(super) fn search_hits(&mut self, forward: bool) -> bool {
        let Some(here) = self.shown.get(self.row()).copied() else {
            return false;
        };
        let is_shown = |hit: &&u64| self.shown.binary_search(hit).is_ok();
        let found = if forward {
            let at = self.hits.partition_point(|hit| *hit <= here);
            let after = self.hits.iter().skip(at);
            after.chain(self.hits.iter()).find(is_shown).copied()
        } else {
            let at = self.hits.partition_point(|hit| *hit < here);
            let before = self.hits.iter().take(at).rev();
            before.chain(self.hits.iter().rev()).find(is_shown).copied()
        };
        self.go_to_number(found)
    }

    fn go_to_number(&mut self, number: Option<u64>) -> bool {
        let row = number.and_then(|number| self.shown.binary_search(&number).ok());
        if let Some(row) = row {
            self.go(row);
        }
        row.is_some()
    }

    /// Asks for the lines that are in view in `height` rows, and a page around them.
    pub fn want(&mut self, height: usize) {
        if !self.reads_files() || height == 0 {
            return;
        }
        let top = self.top(height).saturating_sub(height);
        let rows: Vec<u64> = self
            .shown
            .iter()
            .skip(top)
            .take(3 * height)
            .copied()
            .collect();
        let Some(book) = &mut self.book else { return };
        let missing = book.missing(rows.into_iter());
        if !missing.is_empty() {
            self.asks.push(Ask::Rows(missing));
        }
    }
}

/// Puts a number where it belongs, as a rule at the front; once.
fn put(numbers: &mut VecDeque<u64>, number: u64) {
    if numbers.front().is_none_or(|first| number < *first) {
        numbers.push_front(number);
    } else if let Err(at) = numbers.binary_search(&number) {
        numbers.insert(at, number);
    }
}

fn clean_entry(entry: &mut LogEntry) {
    entry.text = clean::line(&entry.text);
    entry.event = clean::line(&entry.event);
    entry.fields_json = clean::line(&entry.fields_json);
    entry.persona = entry.persona.as_deref().map(clean::line);
}
