//! The conversions between numbers that a refused source lacks, written in by machine.
//!
//! rustc says which two types do not meet but proposes a conversion only for plain mismatches, not for the
//! two sides of an operator, an index or an assignment. What is written is `as`, as a method's author is
//! told to; it changes no value that both types hold. A converted source is a new candidate.

use super::apply::apply;
use super::diagnostic::Edit;
use crate::method::CompileDiagnostic;
use crate::syntax::{Node, Source};

/// The source with every value converted that is of another type than expected; `None` where none is known.
pub fn convert_mismatches(source: &str, diagnostics: &[CompileDiagnostic]) -> Option<String> {
    convert(source, diagnostics, mismatch)
}

pub(super) fn convert(
    source: &str,
    diagnostics: &[CompileDiagnostic],
    edits_for: impl Fn(Node<'_>, &CompileDiagnostic) -> Option<Vec<Edit>>,
) -> Option<String> {
    let tree = Source::parse(source);
    let root = tree.root()?;
    let edits = diagnostics
        .iter()
        .filter_map(|diagnostic| edits_for(root, diagnostic));
    let edits: Vec<Vec<Edit>> = edits.collect();
    apply(source, edits.iter().map(Vec::as_slice))
}

/// Primitive types that `as` converts, in the order in which one side of an operator gives way to the
/// other.
const NUMBERS: [&str; 14] = [
    "char", "u8", "i8", "u16", "i16", "u32", "i32", "usize", "isize", "u64", "i64", "u128", "i128",
    "f32",
];
const FLOAT: &str = "f64";

/// A primitive, maybe behind a reference.
#[derive(Clone, Copy, PartialEq)]
struct Number {
    name: &'static str,
    rank: usize,
    is_reference: bool,
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let plain = text.trim_start_matches('&').trim_start_matches("mut ");
        let (name, rank) = match plain {
            "f64" | "{float}" | "floating-point number" => (FLOAT, NUMBERS.len()),
            "{integer}" | "integer" => ("i64", 0),
            plain => {
                let rank = NUMBERS.iter().position(|name| *name == plain)?;
                (*NUMBERS.get(rank)?, rank + 1)
            }
        };
        Some(Self {
            name,
            rank,
            is_reference: text.starts_with('&'),
        })
    }
}

/// The sides of the operator that a diagnostic is about.
pub(super) fn at_operator(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let span = diagnostic.span.as_ref()?;
    let operation = find(root, &|node| {
        matches!(
            node.kind(),
            "binary_expression" | "compound_assignment_expr"
        ) && node.children().iter().any(|child| child.span() == *span)
    })?;
    let (left, right) = (operation.field("left")?, operation.field("right")?);
    let (left_type, right_type) = sides(diagnostic)?;
    let mut edits = Vec::new();
    if operation.kind() == "compound_assignment_expr" {
        edits.extend(conversion(right, right_type, left_type.name, operation));
    } else if left_type.name == "char" && right_type.name == "char" {
        edits.extend(conversion(left, left_type, "u8", operation));
        edits.extend(conversion(right, right_type, "u8", operation));
    } else {
        let target = if left_type.rank >= right_type.rank {
            left_type.name
        } else {
            right_type.name
        };
        edits.extend(conversion(left, left_type, target, operation));
        edits.extend(conversion(right, right_type, target, operation));
    }
    (!edits.is_empty()).then_some(edits)
}

/// The types left and right of an operator: of "no implementation for `u64 % u32`", else of "cannot subtract
/// `char` from `char`".
fn sides(diagnostic: &CompileDiagnostic) -> Option<(Number, Number)> {
    let label = diagnostic.label.as_deref().and_then(quoted);
    if let Some(operation) = label {
        let mut words = operation.split(' ');
        if let (Some(left), Some(_), Some(right), None) =
            (words.next(), words.next(), words.next(), words.next())
        {
            return Some((Number::parse(left)?, Number::parse(right)?));
        }
    }
    let mut quotes = diagnostic.message.split('`').skip(1).step_by(2);
    let (first, second) = (
        Number::parse(quotes.next()?)?,
        Number::parse(quotes.next()?)?,
    );
    // "add `u8` to `char`", "subtract `u8` from `char`": the second stands on the left.
    let swapped = ["cannot add", "cannot subtract"];
    if swapped
        .iter()
        .any(|start| diagnostic.message.starts_with(start))
    {
        Some((second, first))
    } else {
        Some((first, second))
    }
}

/// One expression or pattern that is of another type than expected.
fn mismatch(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let span = diagnostic.span.as_ref()?;
    let node = find(root, &|node| node.is_named() && node.span() == *span)?;
    let parent = find(root, &|outer| {
        outer
            .children()
            .iter()
            .any(|child| child.span() == *span && outer.span() != *span)
    })?;
    if diagnostic.message.contains("cannot be indexed by `") {
        let index = quoted(diagnostic.message.split("indexed by ").nth(1)?)?;
        return index_by(node, index, parent);
    }
    let label = diagnostic.label.as_deref()?;
    let expected = quoted(label.split("expected ").nth(1)?).unwrap_or_default();
    let found_text = label.split("found ").nth(1)?;
    let found = quoted(found_text).unwrap_or(found_text);
    if let Some(edit) = other_variant(node, expected, found) {
        return Some(vec![edit]);
    }
    let expected = Number::parse(expected).filter(|number| !number.is_reference)?;
    let found = match found {
        // What `cmp` gives is -1, 0 or 1 as a number; truth is 0 or 1.
        "Ordering" | "std::cmp::Ordering" | "bool" if expected.name != FLOAT => Number {
            name: "",
            rank: 0,
            is_reference: false,
        },
        found => Number::parse(found)?,
    };
    conversion(node, found, expected.name, parent).map(|edit| vec![edit])
}

/// An index, or the two ends of a range of them, as `usize`.
fn index_by(node: Node<'_>, index: &str, parent: Node<'_>) -> Option<Vec<Edit>> {
    if let Some(found) = Number::parse(index) {
        return conversion(node, found, "usize", parent).map(|edit| vec![edit]);
    }
    let inner = index.split_once('<')?.1.strip_suffix('>')?;
    let found = Number::parse(inner)?;
    if !index.contains("Range") || node.kind() != "range_expression" {
        return None;
    }
    let ends = node.named().into_iter();
    let edits: Vec<Edit> = ends
        .filter_map(|end| conversion(end, found, "usize", node))
        .collect();
    (!edits.is_empty()).then_some(edits)
}

/// `Some(x)` where a `Result` is taken apart, and the other way round.
fn other_variant(node: Node<'_>, expected: &str, found: &str) -> Option<Edit> {
    let (is, should_be) = if expected.starts_with("Result<") && found.starts_with("Option<") {
        ("Some", "Ok")
    } else if expected.starts_with("Option<") && found.starts_with("Result<") {
        ("Ok", "Some")
    } else {
        return None;
    };
    let starts_so = node.kind() == "tuple_struct_pattern" && node.text().starts_with(is);
    starts_so.then(|| Edit {
        range: node.start()..node.start() + is.len(),
        text: should_be.to_owned(),
    })
}

/// The expression as that type; `None` when it is one already.
fn conversion(node: Node<'_>, from: Number, to: &str, parent: Node<'_>) -> Option<Edit> {
    if from.name == to && !from.is_reference {
        return None;
    }
    let text = node.text();
    let binds_tighter = matches!(
        node.kind(),
        "identifier"
            | "call_expression"
            | "field_expression"
            | "index_expression"
            | "parenthesized_expression"
            | "integer_literal"
            | "float_literal"
            | "char_literal"
            | "macro_invocation"
    );
    let mut written = if binds_tighter {
        text.to_owned()
    } else {
        format!("({text})")
    };
    if from.is_reference {
        written.insert(0, '*');
    }
    if from.name != to {
        let is_byte = text.strip_prefix('\'').is_some_and(str::is_ascii);
        match (from.name, to) {
            ("char", "u8") if node.kind() == "char_literal" && is_byte => written.insert(0, 'b'),
            ("char", FLOAT | "f32") => written.push_str(&format!(" as u32 as {to}")),
            ("u8", "char") | ("char", _) => written.push_str(&format!(" as {to}")),
            (_, "char") => written.push_str(" as u8 as char"),
            _ => written.push_str(&format!(" as {to}")),
        }
    }
    let stands_alone = matches!(
        parent.kind(),
        "arguments"
            | "assignment_expression"
            | "block"
            | "compound_assignment_expr"
            | "index_expression"
            | "let_declaration"
            | "parenthesized_expression"
            | "return_expression"
    );
    // Whatever follows in an index expression is the index itself.
    let is_object = parent.kind() == "index_expression" && parent.start() == node.start();
    Some(Edit {
        range: node.span(),
        text: if stands_alone && !is_object || written.starts_with("b'") {
            written
        } else {
            format!("({written})")
        },
    })
}

/// The smallest node that `wanted` holds for, in the order of the text.
pub(super) fn find<'s>(node: Node<'s>, wanted: &impl Fn(Node<'s>) -> bool) -> Option<Node<'s>> {
    let inner = node
        .children()
        .into_iter()
        .find_map(|child| find(child, wanted));
    inner.or_else(|| wanted(node).then_some(node))
}

pub(super) fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}
