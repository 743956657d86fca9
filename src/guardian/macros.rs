//! Macro calls: only std's harmless ones, and their arguments judged as the code that they become.
//!
//! In the tree a macro's arguments are a flat list of tokens. They are parsed again as what the macro
//! takes them for, with their places kept, and walked like any other code; what cannot be parsed so is
//! refused.

use super::constructs::Walker;
use super::exits;
use super::imports;
use crate::syntax::{Node, Source};

/// Macros within macros up to which arguments are read.
const MOST_NESTED: usize = 6;

/// How a macro takes its arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arguments {
    /// `a, b, name = c`.
    Call,
    /// `a, b` or `a; n`.
    List,
    /// An expression, then a pattern with or without `if`.
    Pattern,
}

fn arguments_of(name: &str) -> Option<Arguments> {
    match name {
        "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq"
        | "debug_assert_ne" | "format" | "panic" | "unreachable" | "write" | "writeln" => {
            Some(Arguments::Call)
        }
        "vec" => Some(Arguments::List),
        "matches" => Some(Arguments::Pattern),
        _ => None,
    }
}

/// Whether a method may call `name!`.
pub(super) fn is_allowed(name: &str) -> bool {
    arguments_of(name).is_some()
}

/// The name of the macro, when it is called as `name!` or `std::name!`.
pub(super) fn name_of(call: Node<'_>) -> Option<&str> {
    let path = call.field("macro")?;
    let (names, _) = imports::names(path);
    match names.as_slice() {
        [_] => Some(path.name()),
        [root, _] if matches!(root.as_str(), "std" | "core" | "alloc") => {
            path.field("name").map(Node::name)
        }
        _ => None,
    }
}

/// Whether the call never returns.
pub(super) fn diverges(call: Node<'_>) -> bool {
    matches!(name_of(call), Some("panic" | "unreachable"))
}

pub(super) fn judge(walker: &mut Walker<'_, '_>, call: Node<'_>) {
    let path = call.field("macro").map_or("", Node::text);
    let arguments = name_of(call).and_then(|name| Some((name, arguments_of(name)?)));
    let Some((name, arguments)) = arguments else {
        let last = path.rsplit("::").next().unwrap_or(path).trim();
        walker.refuse(
            call,
            &format!("the macro `{path}!` is not allowed"),
            instead_of(last),
        );
        return;
    };
    if walker.macro_depth >= MOST_NESTED {
        walker.refuse(
            call,
            "macros are nested too deeply",
            "name the inner value with `let`",
        );
        return;
    }
    let Some(tokens) = call.child("token_tree") else {
        return;
    };
    walker.macro_depth += 1;
    if !expand(walker, tokens, arguments) {
        walker.refuse(
            call,
            &format!("the arguments of `{name}!` cannot be read as Rust"),
            "write plain expressions, separated by commas",
        );
    }
    walker.macro_depth -= 1;
}

/// False when the arguments cannot be parsed.
fn expand(walker: &mut Walker<'_, '_>, tokens: Node<'_>, arguments: Arguments) -> bool {
    fragments(tokens, arguments).is_some_and(|fragments| {
        fragments
            .iter()
            .all(|fragment| code(walker, &fragment.source, fragment.shape, fragment.part))
    })
}

/// Arguments, or a part of them, as the code that they become.
struct Fragment {
    source: Source,
    /// The kind of expression that stands around them.
    shape: &'static [&'static str],
    /// The kind of node in it that they are.
    part: &'static str,
}

fn fragments(tokens: Node<'_>, arguments: Arguments) -> Option<Vec<Fragment>> {
    let text = tokens.text();
    let inner = text.get(1..text.len().saturating_sub(1))?;
    let origin = tokens.start() + 1;
    let call = |inner: &str| Fragment {
        source: Source::fragment("fn f(){f(", inner, "\n);}", origin),
        shape: &["call_expression"],
        part: "arguments",
    };
    Some(match arguments {
        Arguments::Call => vec![call(inner)],
        Arguments::List => vec![Fragment {
            source: Source::fragment("fn f(){[", inner, "\n];}", origin),
            shape: &["array_expression"],
            part: "array_expression",
        }],
        Arguments::Pattern => {
            let children = tokens.children();
            let comma = children.into_iter().find(|token| token.kind() == ",")?;
            let cut = comma.local().start - tokens.local().start - 1;
            let value = inner.get(..cut).unwrap_or_default();
            let pattern = inner.get(cut + 1..).unwrap_or_default();
            let bare = pattern.trim_end().strip_suffix(',').unwrap_or(pattern);
            let source = Source::fragment("fn f(){match f{", bare, "\n=>{}}}", origin + cut + 1);
            let pattern = Fragment {
                source,
                shape: &["match_expression"],
                part: "match_block",
            };
            vec![call(value), pattern]
        }
    })
}

/// Calls `visit` with each piece of code that the macro's arguments become.
pub(super) fn each_argument(call: Node<'_>, visit: &mut dyn FnMut(Node<'_>)) {
    let arguments = name_of(call).and_then(arguments_of);
    let fragments = arguments
        .zip(call.child("token_tree"))
        .and_then(|(arguments, tokens)| fragments(tokens, arguments));
    for fragment in fragments.unwrap_or_default() {
        if let Some(part) = part_of(&fragment.source, fragment.shape, fragment.part) {
            visit(part);
        }
    }
}

/// Walks the part of a fragment that came from the arguments. False when it is not of that shape.
fn code(walker: &mut Walker<'_, '_>, source: &Source, shape: &[&str], part: &str) -> bool {
    if !source.problems().is_empty() {
        return false;
    }
    let Some(part) = part_of(source, shape, part) else {
        return false;
    };
    if let Some(exit) = exits::leaving(part) {
        walker.refuse(
            exit,
            "a macro's argument leaves the method or a loop",
            "do it in a statement of its own before the macro",
        );
    }
    walker.walk(part);
    true
}

/// The one expression of the fragment's function, if the arguments did not add anything beside it.
fn part_of<'s>(source: &'s Source, shape: &[&str], part: &str) -> Option<Node<'s>> {
    let only = |nodes: Vec<Node<'s>>| match nodes.as_slice() {
        [node] => Some(*node),
        _ => None,
    };
    let function = only(source.root()?.named()).filter(|node| node.kind() == "function_item")?;
    let statement = only(function.field("body")?.named())?;
    let expression = if statement.kind() == "expression_statement" {
        only(statement.named())?
    } else {
        statement
    };
    if !shape.contains(&expression.kind()) {
        return None;
    }
    if expression.kind() == part {
        return Some(expression);
    }
    if expression.kind() == "call_expression" && expression.field("function")?.text() != "f" {
        return None;
    }
    let part = expression.child(part)?;
    // The one arm that is expected of a pattern.
    let extra = part.kind() == "match_block" && part.named().len() != 1;
    (!extra).then_some(part)
}

fn instead_of(name: &str) -> &'static str {
    match name {
        "print" | "println" | "eprint" | "eprintln" | "dbg" => {
            "delete it, or use `log(&format!(…))`"
        }
        "todo" | "unimplemented" => "write the code that is missing",
        "include" | "include_str" | "include_bytes" | "env" | "option_env" => {
            "a method sees only its slots and parameters"
        }
        "asm" | "global_asm" | "naked_asm" => "write the method in plain safe Rust",
        "thread_local" => "keep what must last in a slot",
        "try" => "use `?`",
        _ => "use only `format!`, `vec!`, `matches!`, `write!`, `assert!`, `panic!` and their kin",
    }
}
