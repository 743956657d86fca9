//! Colours for Rust text: what each piece of each line is.
//!
//! By the kinds of the tree's leaves, so that broken code is coloured as far as it can be read.

use std::ops::Range;

use tree_sitter::TreeCursor;

use super::source::{MAX_NESTING, Source};

/// What a piece of text is; the theme gives it a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    Keyword,
    Type,
    Function,
    Macro,
    String,
    Number,
    /// `true`, `false`, and names in capitals.
    Constant,
    Comment,
    Attribute,
    /// Also labels.
    Lifetime,
    /// A field or slot.
    Property,
    Variable,
    Operator,
    Punctuation,
}

/// Pieces of one line in order: bytes in that line, and what they are. Spaces are in none.
pub type HighlightedLine = Vec<(Range<usize>, Token)>;

/// One entry for each line of `text.lines()`. Text that is too large, tangled or deep comes back plain.
pub fn highlight(text: &str) -> Vec<HighlightedLine> {
    let mut lines = Lines::new(text);
    let source = Source::parse(text);
    if let Some(tree) = source.tree() {
        walk(tree.walk(), text, &mut lines);
    }
    lines.tokens
}

fn walk(mut cursor: TreeCursor<'_>, text: &str, lines: &mut Lines) {
    let mut attributes = 0_usize;
    let mut depth = 0;
    loop {
        let node = cursor.node();
        let is_attribute = matches!(node.kind(), "attribute_item" | "inner_attribute_item");
        let whole = match node.kind() {
            "line_comment" | "block_comment" => Some(Token::Comment),
            "string_literal" | "raw_string_literal" | "char_literal" => Some(Token::String),
            "lifetime" | "label" => Some(Token::Lifetime),
            _ => None,
        };
        if let Some(token) = whole {
            lines.push(node.byte_range(), token);
        } else if depth < MAX_NESTING && cursor.goto_first_child() {
            depth += 1;
            attributes += usize::from(is_attribute);
            continue;
        } else if let Some(token) = leaf(&cursor, text) {
            let token = if attributes > 0 {
                Token::Attribute
            } else {
                token
            };
            lines.push(node.byte_range(), token);
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            depth -= 1;
            if matches!(
                cursor.node().kind(),
                "attribute_item" | "inner_attribute_item"
            ) {
                attributes = attributes.saturating_sub(1);
            }
        }
    }
}

fn leaf(cursor: &TreeCursor<'_>, text: &str) -> Option<Token> {
    let node = cursor.node();
    let kind = node.kind();
    Some(match kind {
        "type_identifier" | "primitive_type" => Token::Type,
        "field_identifier" | "shorthand_field_identifier" => {
            if is_called(node) {
                Token::Function
            } else {
                Token::Property
            }
        }
        "identifier" => identifier(cursor, text.get(node.byte_range()).unwrap_or_default()),
        "integer_literal" | "float_literal" => Token::Number,
        "boolean_literal" | "true" | "false" => Token::Constant,
        "self" | "super" | "crate" | "mutable_specifier" => Token::Keyword,
        "!" if node
            .parent()
            .is_some_and(|parent| parent.kind() == "macro_invocation") =>
        {
            Token::Macro
        }
        _ if kind.starts_with(|c: char| c.is_ascii_alphabetic()) => Token::Keyword,
        "(" | ")" | "[" | "]" | "{" | "}" | "," | ";" | ":" | "::" | "." | "->" | "=>" | "#" => {
            Token::Punctuation
        }
        _ if node.is_error() => return None,
        _ => Token::Operator,
    })
}

/// `f` in `x.f()` and `x.f::<T>()`.
fn is_called(field: tree_sitter::Node<'_>) -> bool {
    let Some(access) = field
        .parent()
        .filter(|parent| parent.kind() == "field_expression")
    else {
        return false;
    };
    access.parent().is_some_and(|parent| {
        matches!(parent.kind(), "call_expression" | "generic_function")
            && parent.child_by_field_name("function") == Some(access)
    })
}

fn identifier(cursor: &TreeCursor<'_>, text: &str) -> Token {
    let node = cursor.node();
    let parent = node.parent();
    match (
        parent.map_or("", |parent| parent.kind()),
        cursor.field_name(),
    ) {
        ("macro_invocation", Some("macro")) => return Token::Macro,
        ("function_item" | "function_signature_item", Some("name"))
        | ("call_expression" | "generic_function", Some("function")) => {
            return if text.starts_with(char::is_uppercase) {
                Token::Type
            } else {
                Token::Function
            };
        }
        ("scoped_identifier", Some("name")) => {
            let calls = parent
                .and_then(|path| Some((path, path.parent()?)))
                .is_some_and(|(path, outer)| {
                    matches!(outer.kind(), "call_expression" | "generic_function")
                        && outer.child_by_field_name("function") == Some(path)
                });
            if calls && !text.starts_with(char::is_uppercase) {
                return Token::Function;
            }
        }
        _ => {}
    }
    let capitals = text
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if capitals && text.len() > 1 {
        Token::Constant
    } else if text.starts_with(char::is_uppercase) {
        Token::Type
    } else {
        Token::Variable
    }
}

/// Gathers pieces into lines; a piece over several lines is cut at their ends.
struct Lines {
    /// Each line's bytes in the text, without its line end.
    spans: Vec<Range<usize>>,
    tokens: Vec<HighlightedLine>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let mut spans = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line
                .strip_suffix('\n')
                .map_or(line, |cut| cut.strip_suffix('\r').unwrap_or(cut));
            spans.push(start..start + content.len());
            start += line.len();
        }
        let tokens = vec![Vec::new(); spans.len()];
        Self { spans, tokens }
    }

    fn push(&mut self, range: Range<usize>, token: Token) {
        let first = self.spans.partition_point(|span| span.end < range.start);
        for (span, line) in self.spans.iter().zip(&mut self.tokens).skip(first) {
            if span.start >= range.end {
                break;
            }
            let (start, end) = (range.start.max(span.start), range.end.min(span.end));
            if start < end {
                line.push((start - span.start..end - span.start, token));
            }
        }
    }
}
