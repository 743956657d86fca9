//! A text that was opened to be read, or to be copied as it stands.

use crate::tui::document::{Document, piece};
use crate::tui::theme::Role;

/// More of a text is not kept here.
const MAX_BYTES: usize = 256 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    pub title: String,
    text: String,
    pub top: usize,
    /// The whole screen and nothing but the text, so that the terminal can mark and copy it.
    pub bare: bool,
}

impl Reader {
    /// `text` must be clean already.
    pub fn new(title: impl Into<String>, text: &str, bare: bool) -> Self {
        let end = text.floor_char_boundary(MAX_BYTES);
        let mut kept = text.get(..end).unwrap_or_default().to_owned();
        if end < text.len() {
            kept.push_str("\n…\n(the rest is not shown here)");
        }
        Self {
            title: title.into(),
            text: kept,
            top: 0,
            bare,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn document(&self, width: u16) -> Document {
        let mut document = Document::new(width);
        for line in self.text.lines() {
            document.wrapped(&[piece(Role::Text, line)], 0);
        }
        document
    }
}
