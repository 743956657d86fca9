//! Editing of text with a cursor: shared by the composer and the one-line inputs.

use unicode_segmentation::UnicodeSegmentation;

/// Text and a cursor that always stands between two graphemes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    cursor: usize,
    /// What was deleted last by word or line.
    removed: String,
}

impl Line {
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            cursor: text.len(),
            text,
            removed: String::new(),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offset into the text.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Replaces the text; the cursor goes to the end.
    pub fn set(&mut self, text: impl Into<String>) {
        self.text = text.into();
        self.cursor = self.text.len();
    }

    pub fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    fn previous(&self) -> usize {
        self.before()
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn next(&self) -> usize {
        self.cursor + self.after().graphemes(true).next().map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let trimmed = self.before().trim_end();
        trimmed.rfind(char::is_whitespace).map_or(0, |at| {
            at + trimmed
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8)
        })
    }

    fn word_end(&self) -> usize {
        let after = self.after();
        let skipped = after.len() - after.trim_start().len();
        let word = after.trim_start().find(char::is_whitespace);
        self.cursor + word.map_or(after.len(), |at| skipped + at)
    }

    pub fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |at| at + 1)
    }

    pub fn line_end(&self) -> usize {
        self.after()
            .find('\n')
            .map_or(self.text.len(), |at| self.cursor + at)
    }

    /// Puts the cursor at a byte offset, moved back to the start of a character.
    pub fn move_to(&mut self, mut at: usize) {
        at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.cursor = at;
    }

    pub fn left(&mut self) {
        self.cursor = self.previous();
    }

    pub fn right(&mut self) {
        self.cursor = self.next();
    }

    pub fn word_left(&mut self) {
        self.cursor = self.word_start();
    }

    pub fn word_right(&mut self) {
        self.cursor = self.word_end();
    }

    pub fn start(&mut self) {
        self.cursor = self.line_start();
    }

    pub fn end(&mut self) {
        self.cursor = self.line_end();
    }

    pub fn delete_back(&mut self) {
        let from = self.previous();
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    pub fn delete_forward(&mut self) {
        self.text.replace_range(self.cursor..self.next(), "");
    }

    pub fn delete_word_back(&mut self) {
        self.take(self.word_start(), self.cursor);
    }

    /// To the start of the line; on an empty stretch the line break before it.
    pub fn delete_to_start(&mut self) {
        let start = self.line_start();
        self.take(
            if start == self.cursor {
                self.previous()
            } else {
                start
            },
            self.cursor,
        );
    }

    /// To the end of the line; at its end the line break.
    pub fn delete_to_end(&mut self) {
        let end = self.line_end();
        self.take(
            self.cursor,
            if end == self.cursor { self.next() } else { end },
        );
    }

    /// Inserts what a deletion by word or line took last.
    pub fn put_back(&mut self) {
        let removed = self.removed.clone();
        self.insert(&removed);
    }

    fn take(&mut self, from: usize, to: usize) {
        if from < to {
            self.removed = self.text.drain(from..to).collect();
            self.cursor = from;
        }
    }
}
