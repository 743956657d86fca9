//! Messages about what the system knows: documents that a person adds, and what a search finds.
//!
//! Only data. Whoever adds a document has read its file and got the text out of it.

use rkyv::{Archive, Deserialize, Serialize};

/// Each variant names its reply.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum KnowledgeRequest {
    /// [`KnowledgeReply::Added`]. One of that name is replaced.
    Add {
        /// Such as the file's path.
        name: String,
        /// `text`, `markdown`, `rust` or `pdf` (its text, with a form feed between pages).
        format: String,
        text: String,
    },
    /// [`KnowledgeReply::Removed`].
    Remove { name: String },
    /// [`KnowledgeReply::Found`].
    Search { query: String, limit: u32 },
    /// [`KnowledgeReply::Documents`].
    List,
    /// [`KnowledgeReply::Text`]: of a document by its name, of a fact by its key.
    Show { name: String },
    /// [`KnowledgeReply::Looked`]: its parts, and who used it.
    Look { name: String },
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum KnowledgeReply {
    Added {
        document: DocumentView,
        change: AddedChange,
        tid: u64,
    },
    Removed {
        name: String,
        tid: u64,
    },
    Found(FoundView),
    /// Documents by name, then what was remembered, oldest first.
    Documents(Vec<DocumentView>),
    Text {
        name: String,
        text: String,
    },
    Looked(LookedView),
}

/// A document or fact in parts, and the missions that used it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct LookedView {
    pub name: String,
    /// In their order.
    pub chunks: Vec<ChunkView>,
    /// Newest first.
    pub uses: Vec<UseView>,
}

/// What a search finds and a prompt is given.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct ChunkView {
    /// The headings above it.
    pub heading: String,
    /// Where it begins in its document, from 1; 0 for a fact.
    pub line: u32,
    pub text: String,
}

/// A mission whose prompts had a part of it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct UseView {
    pub mission: u64,
    pub brief: String,
    /// The headings of the parts that it had.
    pub headings: Vec<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddedChange {
    Added,
    Replaced,
    /// It was there with the same text; nothing was written.
    Unchanged,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct DocumentView {
    /// `document` or `fact`.
    pub kind: String,
    /// The document's name; the fact's key.
    pub name: String,
    pub format: String,
    /// Of its text.
    pub bytes: u64,
    pub chunks: u32,
    /// The first line of what it says.
    pub start: String,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct FoundView {
    /// Best first.
    pub hits: Vec<HitView>,
    /// The embedding model that took part, if one did.
    pub model: Option<String>,
    /// Why none did.
    pub note: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct HitView {
    /// `document`, `fact`, `method` or `lesson`.
    pub kind: String,
    /// The document's name, the fact's key, `Account.deposit`.
    pub name: String,
    /// The headings above it; a method's signature.
    pub heading: String,
    /// Where it begins in its document, from 1; 0 elsewhere.
    pub line: u32,
    pub text: String,
    /// What the hits are ordered by: from the ranks in both searches.
    pub score: f64,
    /// BM25; 0 when it has none of the words.
    pub words: f64,
    /// From 0 to 1: the share of the words that it has, by rareness.
    pub share: f64,
    /// From -1 to 1: how near in meaning; `None` where no embedding model took part.
    pub cosine: Option<f64>,
}

/// Something that a mission has used.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct UsedView {
    /// `document`, `fact`, `method` or `lesson`.
    pub kind: String,
    pub name: String,
    /// The headings above it; a method's signature.
    pub heading: String,
    pub text: String,
}
