//! What keeps a text from being read as Rust, with its place and what would be right there.

use tree_sitter::TreeCursor;

use super::lexical;
use super::source::{MAX_NESTING, MAX_SOURCE_BYTES, Source};

/// A place in a text where it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// In the text that was given; [`place`] makes line and column of it.
    pub byte: usize,
    pub message: String,
    pub hint: Option<String>,
}

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

/// Problems of the tree that are told at once.
const MOST: usize = 3;

/// Where a byte of `text` is; past the end it is the end.
pub fn place(text: &str, byte: usize) -> Place {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    Place {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

pub(super) fn find(source: &Source) -> Vec<Problem> {
    let text = source.text();
    if text.len() > MAX_SOURCE_BYTES {
        return vec![whole(
            format!(
                "the source has {} bytes, more than {MAX_SOURCE_BYTES}",
                text.len()
            ),
            "write a shorter method; keep data in slots",
        )];
    }
    let scan = lexical::scan(text);
    if let Some(mut trouble) = scan.trouble {
        trouble.byte = source.outer_byte(trouble.byte);
        return vec![trouble];
    }
    if scan.deepest > MAX_NESTING {
        return vec![too_deep()];
    }
    let Some(tree) = source.tree() else {
        return vec![whole(
            "the source is too tangled to be read".into(),
            "write it in shorter, simpler statements",
        )];
    };
    let mut reading = Reading {
        source,
        problems: Vec::new(),
        opaque: Vec::new(),
        deepest: 0,
    };
    reading.walk(tree.walk());
    if reading.deepest > MAX_NESTING {
        return vec![too_deep()];
    }
    if !reading.problems.is_empty() {
        return reading.problems;
    }
    if tree.root_node().has_error() {
        return vec![whole(
            "this is not Rust".into(),
            "write one `impl` block with one method",
        )];
    }
    disagreement(source, &scan.opaque, &reading.opaque)
}

fn whole(message: String, hint: &str) -> Problem {
    Problem {
        byte: 0,
        message,
        hint: Some(hint.into()),
    }
}

fn too_deep() -> Problem {
    whole(
        format!("the source is nested more than {MAX_NESTING} levels deep"),
        "name intermediate values with `let`",
    )
}

/// Strings and comments lie where the scan says, or the tree is not what rustc will read.
fn disagreement(
    source: &Source,
    scanned: &[std::ops::Range<usize>],
    parsed: &[std::ops::Range<usize>],
) -> Vec<Problem> {
    if scanned == parsed {
        return Vec::new();
    }
    let same = scanned
        .iter()
        .zip(parsed)
        .take_while(|(a, b)| a == b)
        .count();
    let byte = scanned
        .get(same)
        .into_iter()
        .chain(parsed.get(same))
        .map(|range| range.start)
        .min()
        .unwrap_or(0);
    vec![Problem {
        byte: source.outer_byte(byte),
        message: "this string or comment can be read in two ways".into(),
        hint: Some("write it in the plainest form".into()),
    }]
}

struct Reading<'s> {
    source: &'s Source,
    problems: Vec<Problem>,
    opaque: Vec<std::ops::Range<usize>>,
    deepest: usize,
}

impl Reading<'_> {
    /// Over all nodes without recursion: the tree may be deep.
    fn walk(&mut self, mut cursor: TreeCursor<'_>) {
        let mut depth = 0;
        loop {
            let descend = self.visit(cursor.node(), depth);
            if self.deepest > MAX_NESTING {
                return;
            }
            if descend && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                depth -= 1;
            }
        }
    }

    /// Returns whether its children matter.
    fn visit(&mut self, node: tree_sitter::Node<'_>, depth: usize) -> bool {
        self.deepest = self.deepest.max(depth);
        if node.is_missing() {
            self.missing(node);
            return false;
        }
        if node.is_error() {
            self.unreadable(node);
            return false;
        }
        let mut range = node.byte_range();
        match node.kind() {
            "line_comment" => {
                let text = self.source.text().get(range.clone()).unwrap_or_default();
                range.end = range.start + text.trim_end_matches('\n').len();
                self.opaque.push(range);
                false
            }
            "block_comment" | "string_literal" | "raw_string_literal" | "char_literal" => {
                self.opaque.push(range);
                false
            }
            _ => true,
        }
    }

    fn push(&mut self, byte: usize, message: String, hint: Option<String>) {
        if self.problems.len() < MOST {
            let byte = self.source.outer_byte(byte);
            self.problems.push(Problem {
                byte,
                message,
                hint,
            });
        }
    }

    fn missing(&mut self, node: tree_sitter::Node<'_>) {
        let kind = readable(node.kind());
        self.push(
            node.start_byte(),
            format!("missing {kind}"),
            Some(format!("write {kind} here")),
        );
    }

    fn unreadable(&mut self, node: tree_sitter::Node<'_>) {
        let text = self
            .source
            .text()
            .get(node.byte_range())
            .unwrap_or_default();
        let first_line: String = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect();
        let expected = expected_at(node);
        let mut message = if first_line.trim().is_empty() {
            "cannot read this as Rust".to_owned()
        } else {
            format!("cannot read `{}` as Rust here", first_line.trim())
        };
        if !expected.is_empty() {
            message = format!("{message}: expected {}", expected.join(" or "));
        }
        let hint = if expected.iter().any(|token| token == "`;`") {
            "end the statement before it with `;`, or complete it"
        } else {
            "complete or delete this piece of code"
        };
        self.push(node.start_byte(), message, Some(hint.into()));
    }
}

/// The punctuation that could have stood where the error begins; empty when it could be anything.
fn expected_at(error: tree_sitter::Node<'_>) -> Vec<String> {
    const TELLING: [&str; 10] = [";", ",", ")", "]", "}", "{", "=>", ":", "=", "("];
    let mut leaf = error;
    while let Some(child) = leaf.child(0) {
        leaf = child;
    }
    let language = error.language();
    let Some(mut lookahead) = language.lookahead_iterator(leaf.parse_state()) else {
        return Vec::new();
    };
    let names: Vec<&str> = lookahead.iter_names().collect();
    if names.contains(&"identifier") {
        return Vec::new();
    }
    let mut expected: Vec<String> = TELLING
        .iter()
        .filter(|token| names.contains(token))
        .map(|token| format!("`{token}`"))
        .collect();
    expected.truncate(4);
    expected
}

/// A node kind in words.
fn readable(kind: &str) -> String {
    match kind {
        "identifier" | "type_identifier" | "field_identifier" => "a name".into(),
        kind if kind.chars().all(|c| c.is_ascii_lowercase() || c == '_') && kind.contains('_') => {
            format!("a {}", kind.replace('_', " "))
        }
        token => format!("`{token}`"),
    }
}
