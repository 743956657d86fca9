//! Rust source as a tree: parsing, what is wrong with it and where, and highlighting.
//!
//! The only module that knows tree-sitter. Others see [`Source`] and [`Node`]. Nothing here panics or
//! runs without bound on any input: size, nesting and parser steps are limited. [`Source::problems`] is
//! empty only when an independent scan of strings and comments agrees with the tree about where they
//! are, so that a judgement on the tree is a judgement on what rustc will read.

mod highlight;
mod lexical;
mod node;
mod problem;
mod source;

pub use highlight::{HighlightedLine, Token, highlight};
pub use node::Node;
pub use problem::{Place, Problem, place};
pub use source::{MAX_NESTING, MAX_SOURCE_BYTES, Source};
