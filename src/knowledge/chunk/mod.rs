//! Cuts a document into pieces that can be found and told one by one.
//!
//! The pieces joined are the text, byte for byte. One is about [`TARGET`] bytes long and at most [`MOST`]: what an
//! embedding model takes at once. Cuts are at headings and items first, then between paragraphs, between sentences
//! and lines, and only in a sentence without end between words.

mod prose;
mod rust;

use serde::{Deserialize, Serialize};

/// About how many bytes a chunk has.
pub(super) const TARGET: usize = 800;
/// The most bytes that a chunk has.
pub(super) const MOST: usize = 1200;

/// What has fewer bytes than this is put to what stands before it: a closing brace, a single word.
const SCRAP: usize = 16;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Text,
    Markdown,
    Rust,
    /// Its text, with a form feed between pages.
    Pdf,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Text, Self::Markdown, Self::Rust, Self::Pdf];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Rust => "rust",
            Self::Pdf => "pdf",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// The headings above it, or the item it is part of: `Fees > Abroad`, `impl Account > fn deposit`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heading: String,
    /// Where it begins, from 1.
    pub line: u32,
    pub text: String,
}

/// A stretch of the text that belongs together, before long ones are cut and short ones are joined.
pub(super) struct Piece {
    /// Where it ends; it begins where the one before it ends.
    pub end: usize,
    pub heading: String,
    /// Nothing before it is joined with it.
    pub opens: bool,
}

/// Cuts a text. None comes of one that is empty or blank.
pub fn chunks(format: Format, text: &str) -> Vec<Chunk> {
    let pieces = match format {
        Format::Rust => rust::pieces(text).unwrap_or_else(|| prose::pieces(Format::Text, text)),
        other => prose::pieces(other, text),
    };
    let mut found: Vec<Chunk> = Vec::new();
    let mut start = 0;
    let mut line = 1;
    for piece in pieces {
        let parts = prose::cut(text.get(start..piece.end).unwrap_or_default());
        for (place, part) in parts.into_iter().enumerate() {
            let opens = piece.opens && place == 0;
            let bare = part.trim();
            let scrap = bare.is_empty() || !opens && bare.len() < SCRAP;
            let joined = found.last_mut().filter(|last| {
                let room = last.text.len() + part.len();
                // Nothing but its heading: what follows belongs to it.
                let heading = last.text.trim().len() <= last.heading.len() + 8;
                scrap && room <= MOST || (!opens || heading) && room <= TARGET
            });
            match joined {
                Some(last) => {
                    if last.text.trim().is_empty() || piece.heading.starts_with(&last.heading) {
                        last.heading.clone_from(&piece.heading);
                    }
                    last.text.push_str(part);
                }
                None => found.push(Chunk {
                    heading: piece.heading.clone(),
                    line: line + lines(part.strip_suffix(part.trim_start()).unwrap_or_default()),
                    text: part.to_owned(),
                }),
            }
            line += lines(part);
        }
        start = piece.end;
    }
    if text.trim().is_empty() {
        found.clear();
    }
    found
}

fn lines(text: &str) -> u32 {
    let count = text.bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(count).unwrap_or(0)
}
