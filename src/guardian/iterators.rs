//! Slips with iterators, patterns and characters that leave one meaning, rewritten by machine: a `&` in a pattern where values
//! come, `cloned` of what is no reference, `sort` of floats, a list's methods on `chars()`.

use super::convert::find;
use super::diagnostic::Edit;
use super::idioms::{contains, edit, function_of, is_call_of};
use crate::method::CompileDiagnostic;
use crate::syntax::Node;

type Rewrite = fn(Node<'_>, &CompileDiagnostic) -> Option<Vec<Edit>>;

pub(super) const REWRITES: [Rewrite; 10] = [
    pattern_of_values,
    cloned_values,
    ordered_floats,
    pairs_of_references,
    results_as_options,
    method_of_list,
    characters_as_text,
    borrowed_pattern,
    bare_function,
    untyped_character,
];

/// `for &c in text.chars()`, where no references come.
fn pattern_of_values(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let label = diagnostic.label.as_deref()?;
    let span = diagnostic.span.as_ref()?;
    if !label.starts_with("expected `") || !label.ends_with("found `&_`") {
        return None;
    }
    let pattern = find(root, &|node| {
        node.kind() == "reference_pattern" && node.span() == *span
    })?;
    let inner = pattern.named().into_iter().next()?;
    Some(vec![edit(pattern.start()..inner.start(), "")])
}

/// `.cloned()` where values come already, or pairs of references, which it does not clone.
fn cloned_values(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let label = diagnostic.label.as_deref()?;
    let span = diagnostic.span.as_ref()?;
    if !label.starts_with("expected `&_`, found `") {
        return None;
    }
    let call = find(root, &|node| {
        ["cloned", "copied"]
            .iter()
            .any(|name| is_call_of(node, name))
            && name_of(node).is_some_and(|name| name.span() == *span)
    })?;
    let receiver = function_of(call)?.field("value")?;
    Some(vec![edit(receiver.end()..call.end(), "")])
}

/// `sort` and `max` of floats, which have no order of their own.
fn ordered_floats(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    const BY: [(&str, &str); 4] = [
        ("sort", "sort_by"),
        ("sort_unstable", "sort_by"),
        ("max", "max_by"),
        ("min", "min_by"),
    ];
    let is_float = diagnostic.message.contains("`f64: Ord`")
        || diagnostic.message.contains("`&f64: Ord`")
        || diagnostic.message.contains("`&&f64: Ord`");
    let span = diagnostic.span.as_ref().filter(|_| is_float)?;
    BY.iter().find_map(|(name, by)| {
        let call = find(root, &|node| {
            is_call_of(node, name) && name_of(node).is_some_and(|name| name.span() == *span)
        })?;
        let arguments = call.field("arguments")?;
        if !arguments.named().is_empty() {
            return None;
        }
        Some(vec![
            edit(name_of(call)?.span(), *by),
            edit(arguments.span(), "(|a, b| a.total_cmp(b))"),
        ])
    })
}

/// A map that is collected from pairs of references.
fn pairs_of_references(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let (receiver, whole, element) = collected(root, diagnostic)?;
    let wanted = whole
        .split_once("Map<")
        .and_then(|(_, inner)| inner.strip_suffix('>'))?;
    let found = element.strip_prefix('(')?.strip_suffix(')')?;
    let (key, value) = wanted.split_once(", ")?;
    let (found_key, found_value) = found.split_once(", ")?;
    let owned = |name: &str, wanted: &str, found: &str| match found.strip_prefix('&') {
        None if wanted == found => Some(name.to_owned()),
        Some("str") if wanted == "String" => Some(format!("{name}.to_string()")),
        Some(inner) if inner == wanted => Some(format!("{name}.clone()")),
        _ => None,
    };
    let pair = format!(
        ".map(|(key, value)| ({}, {}))",
        owned("key", key, found_key)?,
        owned("value", value, found_value)?
    );
    Some(vec![edit(receiver.end()..receiver.end(), pair)])
}

/// An `Option` that is collected from results.
fn results_as_options(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let (receiver, whole, element) = collected(root, diagnostic)?;
    let is_it = whole.starts_with("Option<") && element.starts_with("Result<");
    is_it.then(|| {
        vec![edit(
            receiver.end()..receiver.end(),
            ".map(|part| part.ok())",
        )]
    })
}

/// What stands before a `collect` that cannot be, the collection and the elements that come.
pub(super) fn collected<'s, 'd>(
    root: Node<'s>,
    diagnostic: &'d CompileDiagnostic,
) -> Option<(Node<'s>, &'d str, &'d str)> {
    let message = &diagnostic.message;
    if !message.contains("cannot be built from an iterator over elements of type") {
        return None;
    }
    let span = diagnostic.span.as_ref()?;
    let mut types = message.split('`').skip(1).step_by(2);
    let (whole, element) = (types.next()?, types.next()?);
    let call = find(root, &|node| {
        is_call_of(node, "collect") && contains(node, span)
    })?;
    Some((function_of(call)?.field("value")?, whole, element))
}

/// A list's method on an iterator, a method that has another name here, and `iter` of a range, which is one.
fn method_of_list(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    const ITERATORS: [&str; 7] = [
        "`Chars",
        "`CharIndices",
        "`Map<",
        "`Filter<",
        "`SplitWhitespace",
        "`std::str::Split<",
        "`Split<",
    ];
    /// What other languages call it.
    const NAMES: [(&str, &str); 6] = [
        ("length", "len"),
        ("size", "len"),
        ("toUpperCase", "to_uppercase"),
        ("toLowerCase", "to_lowercase"),
        ("push_back", "push"),
        ("add", "push"),
    ];
    let span = diagnostic.span.as_ref()?;
    let message = &diagnostic.message;
    let (_, rest) = message
        .split_once("no method named `")
        .or_else(|| message.split_once("the method `"))?;
    let (name, rest) = rest.split_once('`')?;
    let call = find(root, &|node| {
        is_call_of(node, name) && name_of(node).is_some_and(|name| name.span() == *span)
    })?;
    let (receiver, arguments) = (
        function_of(call)?.field("value")?,
        call.field("arguments")?.text(),
    );
    let ending = receiver.end()..call.end();
    if name == "iter" && rest.contains("Range") {
        return Some(vec![edit(ending, "")]);
    }
    if ITERATORS.iter().any(|iterator| rest.contains(iterator)) {
        let text = match (name, arguments) {
            ("len", "()") => ".clone().count()".to_owned(),
            ("is_empty", "()") => ".clone().next().is_none()".to_owned(),
            ("first", "()") => ".clone().next()".to_owned(),
            ("get", _) => format!(".clone().nth{arguments}"),
            _ => return None,
        };
        return Some(vec![edit(ending, text)]);
    }
    let known = NAMES
        .iter()
        .find(|(theirs, _)| *theirs == name)
        .filter(|(theirs, _)| !matches!(*theirs, "push_back" | "add") || rest.contains("`Vec<"));
    known.map(|(_, ours)| vec![edit(span.clone(), *ours)])
}

/// `join("")` and `to_string()` of a list of characters.
fn characters_as_text(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let message = &diagnostic.message;
    let is_it = message.contains("`Vec<char>`") || message.contains("`[char]`");
    let span = diagnostic.span.as_ref().filter(|_| is_it)?;
    let call = find(root, &|node| {
        ["join", "to_string", "concat"]
            .iter()
            .any(|name| is_call_of(node, name))
            && name_of(node).is_some_and(|name| name.span() == *span)
    })?;
    let arguments = call.field("arguments")?.text();
    if !["()", "(\"\")"].contains(&arguments) {
        return None;
    }
    let receiver = function_of(call)?.field("value")?;
    Some(vec![edit(
        receiver.end()..call.end(),
        ".iter().collect::<String>()",
    )])
}

/// `text.contains(&'x')`: a character is looked for as it is; and `?` on a result where nothing says why it is missing.
fn borrowed_pattern(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    let span = diagnostic.span.as_ref()?;
    if diagnostic.message.starts_with("the trait bound `&char: ")
        && diagnostic.message.contains("Pattern")
    {
        let node = find(root, &|node| {
            node.kind() == "reference_expression" && node.span() == *span
        })?;
        let inner = node.field("value")?;
        return Some(vec![edit(node.start()..inner.start(), "")]);
    }
    let label = diagnostic.label.as_deref()?;
    let is_asking = label.starts_with("use `.ok()?` if you want to discard");
    is_asking.then(|| vec![edit(span.start..span.start, ".ok()")])
}

/// `max(a, b)` without its path.
fn bare_function(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    const PATHS: [(&str, &str); 3] = [
        ("max", "std::cmp::max"),
        ("min", "std::cmp::min"),
        ("swap", "std::mem::swap"),
    ];
    let span = diagnostic.span.as_ref()?;
    let (name, path) = PATHS.iter().find(|(name, _)| {
        diagnostic.message == format!("cannot find function `{name}` in this scope")
    })?;
    find(root, &|node| {
        node.kind() == "identifier" && node.span() == *span && node.text() == *name
    })?;
    Some(vec![edit(span.clone(), *path)])
}

/// `text.split(|c| !c.is_alphabetic())`, where nothing tells that `c` is a character.
fn untyped_character(root: Node<'_>, diagnostic: &CompileDiagnostic) -> Option<Vec<Edit>> {
    const OF_TEXT: [&str; 13] = [
        "split",
        "rsplit",
        "splitn",
        "split_terminator",
        "split_once",
        "find",
        "rfind",
        "matches",
        "contains",
        "trim_matches",
        "trim_start_matches",
        "trim_end_matches",
        "replace",
    ];
    let is_it = diagnostic.code.as_deref() == Some("E0282");
    let span = diagnostic.span.as_ref().filter(|_| is_it)?;
    let parameters = find(root, &|node| {
        node.kind() == "closure_parameters" && contains(node, span)
    })?;
    let parameter = parameters.named().into_iter().next()?;
    find(root, &|node| {
        OF_TEXT.iter().any(|name| is_call_of(node, name))
            && node.field("arguments").is_some_and(|arguments| {
                let mut first = arguments.named().into_iter();
                first.next().is_some_and(|closure| {
                    closure.kind() == "closure_expression" && closure.start() == parameters.start()
                })
            })
    })?;
    (parameter.kind() == "identifier")
        .then(|| vec![edit(parameter.end()..parameter.end(), ": char")])
}

/// `name` in `RECEIVER.name(…)`.
fn name_of(call: Node<'_>) -> Option<Node<'_>> {
    function_of(call)?.field("field")
}
