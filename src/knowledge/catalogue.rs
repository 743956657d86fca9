//! Documents as the image keeps them: one fact each, cut into chunks.
//!
//! The chunks joined are the whole text, byte for byte. One fact is one write: a document is there whole,
//! replaced whole, and one undo takes it back.

use serde::{Deserialize, Serialize};

use super::chunk::{Chunk, Format, chunks};
use crate::image::{ImageError, Read};

/// What the keys of documents begin with; the name follows.
pub const DOCUMENTS: &str = "document/";

/// Limit of a document's text. As JSON it then fits a fact.
pub const MAX_DOCUMENT_BYTES: usize = 8 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub format: Format,
    /// BLAKE3 of the whole text, in hexadecimal digits.
    pub hash: String,
    pub chunks: Vec<Chunk>,
}

impl Document {
    pub fn of(format: Format, text: &str) -> Self {
        Self {
            format,
            hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
            chunks: chunks(format, text),
        }
    }

    /// Of a fact's value; `None` when it is no document of this version.
    pub fn from_fact(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }

    pub fn to_fact(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Of the whole text.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.text.len()).sum()
    }

    pub fn text(&self) -> String {
        self.chunks
            .iter()
            .map(|chunk| chunk.text.as_str())
            .collect()
    }
}

/// The key of a document of that name.
pub fn key_of(name: &str) -> String {
    format!("{DOCUMENTS}{name}")
}

/// The name of the document with that key.
pub fn name_in(key: &str) -> Option<&str> {
    key.strip_prefix(DOCUMENTS)
}

/// All of them, by name.
pub fn documents(read: &impl Read) -> Result<Vec<(String, Document)>, ImageError> {
    let facts = read.facts(DOCUMENTS)?.into_iter();
    Ok(facts
        .filter_map(|(key, value)| {
            let document = Document::from_fact(&value)?;
            Some((name_in(&key)?.to_owned(), document))
        })
        .collect())
}
