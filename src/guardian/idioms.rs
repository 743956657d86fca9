//! What authors write from habit in other languages or forget of borrowing, rewritten by machine where the compiler's words
//! leave one meaning: an index into text, a text's `reverse`, a map's value changed in place, `collect` into another
//! element type, a mark while a slot is still borrowed.
//!
//! None of it changes what a source that compiles does: each is about one error, and the result is judged anew.

use std::ops::Range;

use super::convert::{at_operator, convert, find, quoted};
use super::diagnostic::Edit;
use super::iterators;
use super::mark::MARK;
use crate::method::CompileDiagnostic;
use crate::syntax::Node;

type Rewrite = fn(Node<'_>, &CompileDiagnostic) -> Option<Vec<Edit>>;

const REWRITES: [Rewrite; 8] = [
    at_operator,
    marked_too_early,
    collected,
    indexed_text,
    reversed_text,
    changed_in_map,
    key_of_map,
    text_for_string,
];

/// The source with what is known rewritten; `None` where nothing is. Comes before the compiler's own proposals, which
/// are about what is left.
pub fn rewrite_idioms(source: &str, diagnostics: &[CompileDiagnostic]) -> Option<String> {
    convert(source, diagnostics, |root, diagnostic| {
        let mut rewrites = REWRITES.iter().chain(&iterators::REWRITES);
        rewrites.find_map(|rewrite| rewrite(root, diagnostic))
    })
}

pub(super) fn edit(range: Range<usize>, text: impl Into<String>) -> Edit {
    Edit {
        range,
        text: text.into(),
    }
}

/// The mark borrows the whole object, so a result that still borrows a slot is made before it.
fn marked_too_early(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let borrows = ["E0499", "E0502", "E0506"];
    if !borrows.contains(&diagnostic.code.as_deref()?) {
        return None;
    }
    let span = diagnostic.span.as_ref()?;
    let is_mark = |node: Node<'_>| {
        node.kind() == "expression_statement"
            && node.text().trim_end_matches(';') == MARK.trim_end_matches(';')
            && contains(node, span)
    };
    let block = find(root, &|node| {
        node.kind() == "block" && node.named().into_iter().any(is_mark)
    })?;
    let mut statements = block
        .named()
        .into_iter()
        .filter(|node| !node.kind().ends_with("comment"));
    let mark = statements.find(|node| is_mark(*node))?;
    let next = statements.next()?;
    let value = match next.kind() {
        "expression_statement" => {
            let returned = next.child("return_expression")?;
            returned.named().into_iter().next()?
        }
        "let_declaration" => return None,
        _ => next,
    };
    if value.kind() == "identifier" {
        return None;
    }
    Some(vec![
        edit(
            mark.start()..mark.start(),
            format!("let outcome = {};\n        ", value.text()),
        ),
        edit(value.span(), "outcome"),
    ])
}

/// `collect` into a collection of another element type.
fn collected(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let (receiver, whole, element) = iterators::collected(root, diagnostic)?;
    let wanted = match whole.split_once('<') {
        None => whole,
        Some((_, inner)) => inner.strip_suffix('>')?,
    };
    let adapter = adapter(whole == "String", wanted, element)?;
    Some(vec![edit(receiver.end()..receiver.end(), adapter)])
}

/// The step that makes one element type of another.
fn adapter(into_text: bool, wanted: &str, element: &str) -> Option<String> {
    const NUMBERS: [&str; 12] = [
        "i8", "i16", "i32", "i64", "i128", "isize", "u16", "u32", "u64", "u128", "usize", "f64",
    ];
    let plain = element.trim_start_matches('&');
    let in_it = |outer: &str| {
        let inner = element.strip_prefix(outer)?.strip_prefix('<')?;
        inner.strip_suffix('>')
    };
    let is_flat = in_it("Option").or(in_it("Vec")).is_some_and(|inner| {
        inner == wanted || into_text && ["char", "String", "&str"].contains(&inner)
    });
    let to_text = ".map(|part| part.to_string())";
    Some(match (wanted, element) {
        _ if is_flat => ".flatten()".to_owned(),
        _ if !into_text && element.strip_prefix('&') == Some(wanted) => ".cloned()".to_owned(),
        ("String" | "char", "u8") => ".map(char::from)".to_owned(),
        ("String", _) if plain == "str" || plain == "char" || plain == "String" => {
            to_text.to_owned()
        }
        ("String", "ToUppercase" | "ToLowercase") => to_text.to_owned(),
        ("String", _) if NUMBERS.contains(&plain) => to_text.to_owned(),
        _ if NUMBERS.contains(&wanted) && (plain == "u8" || NUMBERS.contains(&plain)) => {
            let star = "*".repeat(element.len() - plain.len());
            format!(".map(|number| {star}number as {wanted})")
        }
        _ => return None,
    })
}

/// `text[i]`, where text is indexed by nothing but ranges.
fn indexed_text(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    if diagnostic.message != "the type `str` cannot be indexed by `usize`" {
        return None;
    }
    let span = diagnostic.span.as_ref()?;
    let whole = find(root, &|node| {
        node.kind() == "index_expression"
            && node
                .named()
                .get(1)
                .is_some_and(|index| index.span() == *span)
    })?;
    let parts = whole.named();
    let (text, index) = (parts.first()?, parts.get(1)?);
    Some(vec![
        edit(text.end()..index.start(), ".chars().nth("),
        edit(index.end()..whole.end(), ").unwrap()"),
    ])
}

/// `text.reverse();`, which only lists have.
fn reversed_text(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let is_it = diagnostic
        .message
        .starts_with("no method named `reverse` found for struct `String`");
    let span = diagnostic.span.as_ref().filter(|_| is_it)?;
    let call = find(root, &|node| {
        is_call_of(node, "reverse") && contains(node, span)
    })?;
    let text = function_of(call)?.field("value")?.text();
    Some(vec![edit(
        call.span(),
        format!("{text} = {text}.chars().rev().collect()"),
    )])
}

/// `map[key] += 1` and `map[key] = value`, where an index only reads.
fn changed_in_map(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let is_it = diagnostic.code.as_deref() == Some("E0594")
        && diagnostic
            .message
            .starts_with("cannot assign to data in an index of");
    let span = diagnostic.span.as_ref().filter(|_| is_it)?;
    let assignment = find(root, &|node| node.span() == *span)?;
    let (left, right) = (assignment.field("left")?, assignment.field("right")?);
    let parts = left.named();
    let (map, key) = (parts.first()?, parts.get(1)?);
    let key = key.text();
    if assignment.kind() == "assignment_expression" {
        let owned = format!(
            "{map}.insert({key}.to_owned(), {value})",
            map = map.text(),
            key = key.trim_start_matches('&'),
            value = right.text()
        );
        return Some(vec![edit(assignment.span(), owned)]);
    }
    let borrowed = if key.starts_with('&') || key == "key" {
        key.to_owned()
    } else {
        format!("&{key}")
    };
    Some(vec![edit(
        left.span(),
        format!("*{}.get_mut({borrowed}).unwrap()", map.text()),
    )])
}

/// `map[&key]` and `map.get(&key)` of a key that is a `&str` already.
fn key_of_map(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    if diagnostic.message != "the trait bound `String: Borrow<&str>` is not satisfied" {
        return None;
    }
    let span = diagnostic.span.as_ref()?;
    let key = find(root, &|node| node.is_named() && node.span() == *span)?;
    let inner = key.text().strip_prefix('&')?;
    Some(vec![edit(key.span(), inner)])
}

/// A `&str` where a list of `String` is asked for one, a whole text where a character is added, and a value where it is to
/// stand in an `Ok`.
fn text_for_string(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let span = diagnostic.span.as_ref()?;
    let label = diagnostic.label.as_deref()?;
    let node = find(root, &|node| node.is_named() && node.span() == *span)?;
    let expected = quoted(label)?;
    let found = quoted(label.split("found ").nth(1)?)?;
    let text = node.text().trim_start_matches('&');
    match (expected, found) {
        ("&String", "&str" | "&&str") => {
            Some(vec![edit(node.span(), format!("&{text}.to_string()"))])
        }
        ("char", "String" | "&str" | "&String") => {
            let call = find(root, &|call| {
                is_call_of(call, "push") && contains(call, span)
            })?;
            let name = function_of(call)?.field("field")?;
            let borrowed = if found == "String" {
                format!("&{}", node.text())
            } else {
                node.text().to_owned()
            };
            Some(vec![
                edit(name.span(), "push_str"),
                edit(node.span(), borrowed),
            ])
        }
        _ if expected.starts_with(&format!("Result<{found}, ")) => Some(vec![
            edit(span.start..span.start, "Ok("),
            edit(span.end..span.end, ")"),
        ]),
        _ => None,
    }
}

/// Whether it is `RECEIVER.name(…)`, with or without a turbofish.
pub(super) fn is_call_of(node: Node<'_>, name: &str) -> bool {
    let field = function_of(node).and_then(|function| function.field("field"));
    field.is_some_and(|field| field.text() == name)
}

/// `RECEIVER.name` of a call.
pub(super) fn function_of(call: Node<'_>) -> Option<Node<'_>> {
    let function = call
        .field("function")
        .filter(|_| call.kind() == "call_expression")?;
    match function.kind() {
        "generic_function" => function.field("function"),
        _ => Some(function),
    }
}

pub(super) fn contains(node: Node<'_>, span: &Range<usize>) -> bool {
    node.start() <= span.start && span.end <= node.end()
}
