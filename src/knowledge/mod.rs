//! Retrieval: what the image holds that bears on some words.
//!
//! Documents are read ([`read_file`]), cut into [`Chunk`]s and kept as facts of the image ([`Document`]), so that
//! undo, history and backup hold for them as for everything. An [`Index`] in memory follows the image: it
//! has the documents' chunks, remembered facts, methods, and the lessons of failures. [`Index::search`] ranks
//! them by words and, where there are [`Vectors`], by meaning. Nothing here asks a model.

mod catalogue;
mod chunk;
mod file;
mod index;
mod lesson;
mod postings;
mod search;
mod terms;
mod vectors;

pub use catalogue::{DOCUMENTS, Document, MAX_DOCUMENT_BYTES, documents, key_of, name_in};
pub use chunk::{Chunk, Format, chunks};
pub use file::{ReadError, Readable, read_file, readable_in};
pub use index::{Entry, Index, Kind};
pub use lesson::{CURES, Cure, FACTS, FAILURES, cure_key, failure_key};
pub use search::{Hit, Meaning, Query};
pub use terms::terms;
pub use vectors::{Key, Vectors, cosine};
