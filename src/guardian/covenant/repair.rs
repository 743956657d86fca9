//! Where the missing mark goes, as edits of the text.
//!
//! The mark stands before a value that is plainly complete. Before any other it could come between a
//! borrow of the slots and its use, so there the value is named first, and the mark follows.

use crate::guardian::diagnostic::Edit;
use crate::guardian::mark::MARK;
use crate::syntax::Node;

pub(super) struct Repair<'t> {
    pub text: &'t str,
}

/// What the last expression of a block is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The method returns nothing.
    Unit,
    /// Its value is returned.
    Value,
}

impl Repair<'_> {
    /// A mark before the `}` of a block.
    pub(super) fn at_end(&self, block: Node<'_>) -> Edit {
        let brace = block.end().saturating_sub(1);
        if self.is_first_on_line(brace) {
            let indent = self.indent(brace);
            let line = brace - indent.len();
            Edit::insert(line, format!("{indent}    {MARK}\n"))
        } else {
            let space = if self
                .text
                .get(..brace)
                .is_some_and(|before| before.ends_with(' '))
            {
                ""
            } else {
                " "
            };
            Edit::insert(brace, format!("{space}{MARK} "))
        }
    }

    /// A mark at the last expression of a block.
    pub(super) fn tail(&self, expression: Node<'_>, block: Node<'_>, tail: Tail) -> Vec<Edit> {
        if tail == Tail::Unit {
            let ended = self
                .text
                .get(expression.end()..)
                .is_some_and(|rest| rest.trim_start().starts_with(';'));
            let semicolon = (!ended && !ends_with_block(expression))
                .then(|| Edit::insert(expression.end(), ";"));
            return semicolon.into_iter().chain([self.at_end(block)]).collect();
        }
        let next = self.next_line(expression.start());
        if is_complete(expression) {
            return vec![Edit::insert(expression.start(), format!("{MARK}{next}"))];
        }
        vec![
            Edit::insert(expression.start(), "let result = "),
            Edit::insert(expression.end(), format!(";{next}{MARK}{next}result")),
        ]
    }

    /// A mark in an arm without block.
    pub(super) fn arm(&self, value: Node<'_>, tail: Tail) -> Vec<Edit> {
        let indent = self.indent(value.start());
        let inner = format!("\n{indent}    ");
        let close = format!("\n{indent}}}");
        let (before, after) = match tail {
            Tail::Unit if ends_with_block(value) => (String::new(), format!("{inner}{MARK}")),
            Tail::Unit => (String::new(), format!(";{inner}{MARK}")),
            Tail::Value if is_complete(value) => (format!("{MARK}{inner}"), String::new()),
            Tail::Value => (
                "let result = ".into(),
                format!(";{inner}{MARK}{inner}result"),
            ),
        };
        vec![
            Edit::insert(value.start(), format!("{{{inner}{before}")),
            Edit::insert(value.end(), format!("{after}{close}")),
        ]
    }

    /// A mark before a `return`, which stands in a block or as a value elsewhere.
    pub(super) fn give_back(
        &self,
        exit: Node<'_>,
        value: Option<Node<'_>>,
        in_block: bool,
    ) -> Vec<Edit> {
        let next = if in_block {
            self.next_line(exit.start())
        } else {
            " ".into()
        };
        let (open, close) = if in_block { ("", "") } else { ("{ ", " }") };
        match value.filter(|value| !is_complete(*value)) {
            None => vec![
                Edit::insert(exit.start(), format!("{open}{MARK}{next}")),
                Edit::insert(exit.end(), close),
            ],
            Some(value) => vec![
                Edit {
                    range: exit.start()..value.start(),
                    text: format!("{open}let result = "),
                },
                Edit::insert(
                    value.end(),
                    format!(";{next}{MARK}{next}return result{close}"),
                ),
            ],
        }
    }

    /// Takes a statement away, with its line when nothing else is on it.
    pub(super) fn without(&self, statement: Node<'_>) -> Edit {
        let (start, end) = (statement.start(), statement.end());
        let rest = self.text.get(end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if self.is_first_on_line(start)
            && self
                .text
                .get(end + blank..)
                .is_some_and(|rest| rest.starts_with('\n'))
        {
            return Edit::delete(start - self.indent(start).len()..end + blank + 1);
        }
        Edit::delete(start..end)
    }

    fn line_before(&self, byte: usize) -> &str {
        let before = self.text.get(..byte).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default()
    }

    /// The blanks that the line of this byte begins with.
    fn indent(&self, byte: usize) -> String {
        self.line_before(byte)
            .chars()
            .take_while(|c| matches!(c, ' ' | '\t'))
            .collect()
    }

    fn is_first_on_line(&self, byte: usize) -> bool {
        self.line_before(byte).trim().is_empty()
    }

    /// A new line with the same indent, or a space for code that stands within a line.
    fn next_line(&self, byte: usize) -> String {
        if self.is_first_on_line(byte) {
            format!("\n{}", self.indent(byte))
        } else {
            " ".into()
        }
    }
}

fn ends_with_block(expression: Node<'_>) -> bool {
    matches!(
        expression.kind(),
        "if_expression"
            | "match_expression"
            | "block"
            | "while_expression"
            | "for_expression"
            | "loop_expression"
    )
}

/// Whether the value holds no borrow that a mark before it would disturb: literals, slots, and names
/// that are given away whole.
fn is_complete(node: Node<'_>) -> bool {
    match node.kind() {
        "identifier" | "scoped_identifier" | "unit_expression" => true,
        "tuple_expression" | "parenthesized_expression" => {
            node.named().into_iter().all(is_complete)
        }
        "call_expression" => {
            let function = node.field("function");
            let constructs = function.is_some_and(|f| matches!(f.text(), "Ok" | "Some" | "Err"));
            let arguments = node.field("arguments").map(Node::named).unwrap_or_default();
            (constructs && arguments.into_iter().all(is_complete)) || is_of_slots(node)
        }
        _ => is_of_slots(node),
    }
}

/// Whether the value is made of slots and literals only.
fn is_of_slots(node: Node<'_>) -> bool {
    match node.kind() {
        "self" | "integer_literal" | "float_literal" | "boolean_literal" | "char_literal"
        | "string_literal" => true,
        "field_expression" => node.field("value").is_some_and(is_of_slots),
        "call_expression" => {
            let method = node
                .field("function")
                .filter(|f| f.kind() == "field_expression");
            let arguments = node.field("arguments").map(Node::named).unwrap_or_default();
            method.is_some_and(is_of_slots) && arguments.into_iter().all(is_of_slots)
        }
        "binary_expression" => {
            let sides = [node.field("left"), node.field("right")];
            sides.into_iter().flatten().all(is_of_slots)
        }
        _ => false,
    }
}
