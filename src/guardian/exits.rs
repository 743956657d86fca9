//! Which `return`, `break` and `continue` belong to a piece of code itself, and not to a closure or
//! function inside it.

use std::ops::Range;

use super::macros;
use crate::syntax::Node;

/// Whether code in this node has exits of its own.
pub(super) fn is_own_world(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "closure_expression"
            | "function_item"
            | "impl_item"
            | "const_item"
            | "static_item"
            | "const_block"
            | "async_block"
            | "token_tree"
    )
}

/// Where the operands of the `?`s stand by which this code itself may leave, those in macros' arguments too.
pub(super) fn asked(code: Node<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    asked_within(code, &mut found);
    found
}

fn asked_within(node: Node<'_>, found: &mut Vec<Range<usize>>) {
    if node.kind() == "try_expression" {
        found.extend(node.named().first().map(|operand| operand.span()));
    }
    if node.kind() == "macro_invocation" {
        macros::each_argument(node, &mut |argument| asked_within(argument, found));
    }
    for inner in node.named() {
        if !is_own_world(inner) {
            asked_within(inner, found);
        }
    }
}

/// The first `return`, or `break` or `continue` out of the node, that a macro's argument holds.
pub(super) fn leaving(node: Node<'_>) -> Option<Node<'_>> {
    leaving_within(node, false)
}

fn leaving_within(node: Node<'_>, in_loop: bool) -> Option<Node<'_>> {
    let leaves = match node.kind() {
        "return_expression" => true,
        "break_expression" | "continue_expression" => !in_loop || node.has("label"),
        _ => false,
    };
    if leaves {
        return Some(node);
    }
    let inner = node.named().into_iter();
    inner
        .filter(|child| !is_own_world(*child))
        .find_map(|child| leaving_within(child, in_loop || is_loop_body(node, child)))
}

fn is_loop(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "loop_expression" | "while_expression" | "for_expression"
    )
}

/// Whether `child` is what the loop `node` repeats. A `break` in what a `for` runs over is not the `for`'s: it
/// leaves the loop around it.
fn is_loop_body(node: Node<'_>, child: Node<'_>) -> bool {
    let body = node.field("body").filter(|_| is_loop(node));
    body.is_some_and(|body| body.local() == child.local())
}

/// Whether a `loop` has no `break` of its own: it is left by `return`, `?` or never.
pub(super) fn never_ends(node: Node<'_>) -> bool {
    let label = label_of(node);
    node.kind() == "loop_expression"
        && node
            .field("body")
            .is_some_and(|body| !breaks(body, label, true))
}

/// Whether a block is left by a `break` with its label.
pub(super) fn is_broken_from(block: Node<'_>) -> bool {
    let label = label_of(block);
    label.is_some()
        && block
            .named()
            .into_iter()
            .any(|inner| breaks(inner, label, false))
}

/// The name of a loop's or block's label.
fn label_of(node: Node<'_>) -> Option<&str> {
    Some(node.child("label")?.text().trim_start_matches('\'').trim())
}

/// Whether the code breaks to `label`, or without label where that means the code around it. A label
/// that is used anew further in counts too: that only asks for more marks.
fn breaks(node: Node<'_>, label: Option<&str>, bare: bool) -> bool {
    if node.kind() == "break_expression" {
        let hit = match label_of(node) {
            Some(name) => label == Some(name),
            None => bare,
        };
        if hit {
            return true;
        }
    }
    let inner = node.named().into_iter();
    inner
        .filter(|child| !is_own_world(*child))
        .any(|child| breaks(child, label, bare && !is_loop_body(node, child)))
}
