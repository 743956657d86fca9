//! Recognizing the mark `self.mark_changed();`, errors and code that never goes on.

use super::macros;
use crate::syntax::Node;

/// The statement that the covenant asks for.
pub(super) const MARK: &str = "self.mark_changed();";

/// A statement of a block: the node, its expression if it is one, and whether `;` ends it.
#[derive(Clone, Copy)]
pub(super) struct Statement<'s> {
    pub node: Node<'s>,
    pub expression: Option<Node<'s>>,
    pub ended: bool,
}

/// The statements of a block. What stands without `;` at its end is the tail expression.
pub(super) fn statements(block: Node<'_>) -> Vec<Statement<'_>> {
    let mut found: Vec<Statement<'_>> = Vec::new();
    for node in block.named() {
        match node.kind() {
            "label" | "attribute_item" | "inner_attribute_item" => {}
            "empty_statement" => {
                if let Some(last) = found.last_mut() {
                    last.ended = true;
                }
            }
            "expression_statement" => found.push(Statement {
                node,
                expression: node
                    .named()
                    .into_iter()
                    .find(|child| child.kind() != "attribute_item"),
                ended: node.has(";"),
            }),
            kind if is_declaration(kind) => found.push(Statement {
                node,
                expression: None,
                ended: true,
            }),
            _ => found.push(Statement {
                node,
                expression: Some(node),
                ended: false,
            }),
        }
    }
    found
}

fn is_declaration(kind: &str) -> bool {
    kind == "let_declaration" || kind == "use_declaration" || kind.ends_with("_item")
}

impl Statement<'_> {
    /// `self.mark_changed();` exactly.
    pub(super) fn is_mark(&self) -> bool {
        self.ended && self.expression.is_some_and(is_mark_call)
    }
}

/// `self.mark_changed()`; `self` is a keyword and cannot be another thing.
pub(super) fn is_mark_call(call: Node<'_>) -> bool {
    let Some(function) = call
        .field("function")
        .filter(|_| call.kind() == "call_expression")
    else {
        return false;
    };
    function.kind() == "field_expression"
        && function
            .field("value")
            .is_some_and(|value| value.kind() == "self")
        && function
            .field("field")
            .is_some_and(|field| field.text() == "mark_changed")
        && call
            .field("arguments")
            .is_some_and(|arguments| arguments.named().is_empty())
}

/// `Err(…)`: nothing else can be called `Err` in a method.
pub(super) fn is_err(node: Node<'_>) -> bool {
    if node.kind() == "parenthesized_expression" {
        return node.named().first().is_some_and(|inner| is_err(*inner));
    }
    let Some(mut function) = node
        .field("function")
        .filter(|_| node.kind() == "call_expression")
    else {
        return false;
    };
    if function.kind() == "generic_function" {
        function = function.field("function").unwrap_or(function);
    }
    match function.kind() {
        "identifier" => function.name() == "Err",
        "scoped_identifier" => {
            let (names, _) = super::imports::names(function);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            matches!(
                names.as_slice(),
                ["Result", "Err"] | ["std" | "core", "result", "Result", "Err"]
            )
        }
        _ => false,
    }
}

/// Whether control never comes past the expression on its own way out: it returns, panics or throws.
pub(super) fn never_passes(node: Node<'_>) -> bool {
    match node.kind() {
        "return_expression" | "break_expression" | "continue_expression" => true,
        "macro_invocation" => macros::diverges(node),
        "loop_expression" => super::exits::never_ends(node),
        "try_expression" => node.named().first().is_some_and(|inner| is_err(*inner)),
        "parenthesized_expression" => node
            .named()
            .first()
            .is_some_and(|inner| never_passes(*inner)),
        _ => false,
    }
}
