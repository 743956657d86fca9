//! A node of the syntax tree: kind, fields, children, place and text.

use std::ops::Range;

use super::source::Source;

/// A node, as cheap to copy as a reference.
#[derive(Clone, Copy)]
pub struct Node<'s> {
    inner: tree_sitter::Node<'s>,
    source: &'s Source,
}

impl<'s> Node<'s> {
    pub(super) const fn new(inner: tree_sitter::Node<'s>, source: &'s Source) -> Self {
        Self { inner, source }
    }

    /// The grammar's name, such as `function_item`; for a token its text, such as `unsafe`.
    pub fn kind(self) -> &'s str {
        self.inner.kind()
    }

    /// False for a bare token of the grammar, such as `;`.
    pub fn is_named(self) -> bool {
        self.inner.is_named()
    }

    /// The child that the grammar calls `name`.
    pub fn field(self, name: &str) -> Option<Self> {
        self.inner
            .child_by_field_name(name)
            .map(|inner| Self::new(inner, self.source))
    }

    /// All children but comments, tokens included.
    pub fn children(self) -> Vec<Self> {
        let mut cursor = self.inner.walk();
        self.inner
            .children(&mut cursor)
            .filter(|inner| !matches!(inner.kind(), "line_comment" | "block_comment"))
            .map(|inner| Self::new(inner, self.source))
            .collect()
    }

    /// The children that are neither tokens nor comments.
    pub fn named(self) -> Vec<Self> {
        let mut children = self.children();
        children.retain(|child| child.is_named());
        children
    }

    /// The first child of that kind.
    pub fn child(self, kind: &str) -> Option<Self> {
        self.children()
            .into_iter()
            .find(|child| child.kind() == kind)
    }

    /// Whether there is a child of that kind, which may be a token.
    pub fn has(self, kind: &str) -> bool {
        self.child(kind).is_some()
    }

    /// Bytes in the text that was given (for a fragment: that it was cut from).
    pub fn span(self) -> Range<usize> {
        let local = self.local();
        self.source.outer_byte(local.start)..self.source.outer_byte(local.end)
    }

    pub fn start(self) -> usize {
        self.span().start
    }

    pub fn end(self) -> usize {
        self.span().end
    }

    /// Bytes in [`Source::text`].
    pub fn local(self) -> Range<usize> {
        self.inner.byte_range()
    }

    pub fn text(self) -> &'s str {
        self.source.text().get(self.local()).unwrap_or_default()
    }

    /// An identifier's text without the `r#` that makes it raw.
    pub fn name(self) -> &'s str {
        let text = self.text();
        text.strip_prefix("r#").unwrap_or(text)
    }
}
