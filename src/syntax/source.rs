//! A parsed text, or a fragment of one that keeps the places of the text it was cut from.

use std::ops::{ControlFlow, Range};

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use super::lexical;
use super::node::Node;
use super::problem::{self, Problem};

/// A method's source may have this many bytes.
pub const MAX_SOURCE_BYTES: usize = 64 * 1024;

/// Brackets within brackets, and nodes within nodes of the tree, up to which a source is readable.
pub const MAX_NESTING: usize = 200;

/// Progress calls (each some hundred parser steps) after which the parser gives up.
const PARSE_BUDGET: u32 = 10_000;

/// Rust text with its syntax tree.
pub struct Source {
    text: String,
    /// `None` when the parser gave up.
    tree: Option<Tree>,
    /// Where the given part lies in `text`, and where it begins in the text it was cut from.
    given: Range<usize>,
    origin: usize,
}

impl Source {
    /// Never fails: what is wrong is in [`Source::problems`].
    pub fn parse(text: &str) -> Self {
        Self::fragment("", text, "", 0)
    }

    /// Parses `before`, `inner` and `after` joined; nodes tell their places in the text in which
    /// `inner` begins at byte `origin`.
    pub fn fragment(before: &str, inner: &str, after: &str, origin: usize) -> Self {
        let text = [before, inner, after].concat();
        let tree = parse(&text);
        let given = before.len()..before.len() + inner.len();
        Self {
            text,
            tree,
            given,
            origin,
        }
    }

    /// The joined text, in which [`Node::local`] counts.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole file; `None` when the parser gave up.
    pub fn root(&self) -> Option<Node<'_>> {
        self.tree
            .as_ref()
            .map(|tree| Node::new(tree.root_node(), self))
    }

    /// Everything that keeps this text from being read as Rust, in order; empty when it can be.
    pub fn problems(&self) -> Vec<Problem> {
        problem::find(self)
    }

    pub(super) fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }

    /// A byte of the joined text as a byte of the text that it was cut from.
    pub(super) fn outer_byte(&self, local: usize) -> usize {
        self.origin + local.clamp(self.given.start, self.given.end) - self.given.start
    }
}

/// `None` when the text is too large, nested too deeply or costs the parser too much.
fn parse(text: &str) -> Option<Tree> {
    if text.len() > MAX_SOURCE_BYTES * 4 || lexical::scan(text).deepest > MAX_NESTING * 4 {
        return None;
    }
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_rust::LANGUAGE.into())
        .ok()?;
    let mut calls = 0_u32;
    let mut progress = |_: &ParseState| {
        calls += 1;
        if calls > PARSE_BUDGET {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let bytes = text.as_bytes();
    parser.parse_with_options(
        &mut |at, _| bytes.get(at..).unwrap_or_default(),
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    )
}
