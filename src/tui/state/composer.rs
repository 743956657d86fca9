//! The mission composer: several lines, broken at the screen's width, with the history of briefs.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Line;

/// Shown in an empty composer, and taken by moving right.
pub const EXAMPLE: &str = "teach Account to deposit an amount: refuse amounts that are not positive, return the new balance";

/// Briefs kept for going back.
pub const MAX_HISTORY: usize = 500;

/// A longer text is cut: a mission is words, not a file.
pub const MAX_BYTES: usize = 256 * 1024;

/// What becomes of words that were given to the translator. The words stay in the composer until they are a mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Asked under that number, not yet answered.
    Asked(u64),
    Understood {
        /// In a line.
        summary: String,
        document_json: String,
    },
}

#[derive(Debug, Clone, Default)]
pub struct Composer {
    pub line: Line,
    /// Of the text as it stands; none after each change.
    pub reading: Option<Reading>,
    /// Oldest first.
    history: Vec<String>,
    /// The entry that is shown, while going through the history.
    position: Option<usize>,
    /// What was typed before going through the history.
    draft: String,
}

impl Composer {
    pub fn new(mut history: Vec<String>) -> Self {
        history.drain(..history.len().saturating_sub(MAX_HISTORY));
        Self {
            history,
            ..Self::default()
        }
    }

    /// Inserts text; false when part of it did not fit.
    pub fn insert(&mut self, text: &str) -> bool {
        let room = MAX_BYTES.saturating_sub(self.line.text().len());
        let mut end = text.len().min(room);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.line.insert(text.get(..end).unwrap_or_default());
        self.position = None;
        self.reading = None;
        end == text.len()
    }

    /// Takes the text out for sending and remembers it. `None` when there is nothing to send.
    pub fn submit(&mut self) -> Option<String> {
        let text = self.line.text().trim().to_owned();
        if text.is_empty() {
            return None;
        }
        self.clear();
        if self.history.last() != Some(&text) {
            self.history.push(text.clone());
        }
        if self.history.len() > MAX_HISTORY {
            self.history.remove(0);
        }
        Some(text)
    }

    pub fn clear(&mut self) {
        self.line.set("");
        self.reading = None;
        self.position = None;
        self.draft.clear();
    }

    /// A row up; from the first row to the brief sent before.
    pub fn up(&mut self, width: u16) {
        if !self.move_row(width, -1) {
            self.older();
        }
    }

    /// A row down; from the last row to the brief sent after.
    pub fn down(&mut self, width: u16) {
        if !self.move_row(width, 1) {
            self.newer();
        }
    }

    fn older(&mut self) {
        let next = match self.position {
            None => self.history.len().checked_sub(1),
            Some(position) => position.checked_sub(1),
        };
        if let Some(text) = next.and_then(|at| self.history.get(at)) {
            if self.position.is_none() {
                self.draft = self.line.text().to_owned();
            }
            self.line.set(text.clone());
            self.position = next;
        }
    }

    fn newer(&mut self) {
        let Some(position) = self.position else {
            return;
        };
        if let Some(text) = self.history.get(position + 1) {
            self.line.set(text.clone());
            self.position = Some(position + 1);
        } else {
            self.line.set(std::mem::take(&mut self.draft));
            self.position = None;
        }
    }

    fn move_row(&mut self, width: u16, by: isize) -> bool {
        let rows = self.rows(width);
        let (row, column) = self.cursor(width);
        let Some(target) = row.checked_add_signed(by).and_then(|row| rows.get(row)) else {
            return false;
        };
        let text = self.line.text().get(target.clone()).unwrap_or_default();
        let mut used = 0;
        let mut at = target.start;
        for grapheme in text.graphemes(true) {
            used += grapheme.width();
            if used > column {
                break;
            }
            at += grapheme.len();
        }
        self.line.move_to(at);
        true
    }

    /// The byte range of each row on a screen `width` columns wide; never empty.
    pub fn rows(&self, width: u16) -> Vec<Range<usize>> {
        let width = usize::from(width.max(2));
        let mut rows = Vec::new();
        let mut start = 0;
        for line in self.line.text().split('\n') {
            break_line(line, start, width, &mut rows);
            start += line.len() + 1;
        }
        rows
    }

    /// Row and column of the cursor.
    pub fn cursor(&self, width: u16) -> (usize, usize) {
        let at = self.line.cursor();
        let rows = self.rows(width);
        let row = rows.iter().rposition(|row| row.start <= at).unwrap_or(0);
        let start = rows.get(row).map_or(0, |row| row.start);
        let column = self
            .line
            .text()
            .get(start..at)
            .map_or(0, UnicodeWidthStr::width);
        (row, column)
    }
}

/// Breaks one line after its last space that fits, else between graphemes.
fn break_line(line: &str, offset: usize, width: usize, rows: &mut Vec<Range<usize>>) {
    let (mut start, mut used) = (0, 0);
    let mut space = None;
    for (at, grapheme) in line.grapheme_indices(true) {
        let columns = grapheme.width();
        // The last column is left for the cursor.
        if used + columns >= width && at > start {
            let end = space.filter(|end| *end > start).unwrap_or(at);
            rows.push(offset + start..offset + end);
            start = end;
            used = line.get(start..at).map_or(0, UnicodeWidthStr::width);
            space = None;
        }
        used += columns;
        if grapheme == " " {
            space = Some(at + 1);
        }
    }
    rows.push(offset + start..offset + line.len());
}
