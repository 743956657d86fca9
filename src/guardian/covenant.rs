//! The Persistence Covenant: a `&mut self` method marks its object on every path that returns normally.
//!
//! Judged are the method's own exits: each `return`, and the end of the body, followed into the arms of a
//! tail `if`, `match` or block. An exit is fine when the mark stands directly before it, when it is an
//! `Err`, or when it is never reached.

mod repair;

use super::diagnostic::{Edit, Findings, Stage};
use super::exits;
use super::mark::{Statement, is_err, is_mark_call, never_passes, statements};
use crate::syntax::Node;
use repair::{Repair, Tail};

/// Judges the body of a `&mut self` method of the source `text`.
pub(super) fn judge(body: Node<'_>, returns_unit: bool, text: &str, findings: &mut Findings<'_>) {
    let mut covenant = Covenant {
        returns_unit,
        repair: Repair { text },
        findings,
    };
    covenant.end_of(body, false);
    covenant.returns(body);
}

/// A `&self` method cannot change slots, so a mark in it is a mistake.
pub(super) fn judge_shared(body: Node<'_>, text: &str, findings: &mut Findings<'_>) {
    for statement in statements(body) {
        if statement.is_mark() {
            findings.report_fix(
                Stage::Covenant,
                statement.node.start(),
                "a `&self` method cannot mark a change",
                Some("delete `self.mark_changed();`, or take `&mut self` if slots change"),
                Some(vec![Repair { text }.without(statement.node)]),
            );
        }
    }
    for inner in body.named() {
        shared_within(inner, text, findings);
    }
}

fn shared_within(node: Node<'_>, text: &str, findings: &mut Findings<'_>) {
    if exits::is_own_world(node) {
        return;
    }
    if node.kind() == "block" {
        judge_shared(node, text, findings);
        return;
    }
    for inner in node.named() {
        shared_within(inner, text, findings);
    }
}

/// Whether the covenant looks into the expression's arms.
fn branches_at(expression: Node<'_>) -> bool {
    matches!(
        expression.kind(),
        "if_expression" | "match_expression" | "block"
    )
}

struct Covenant<'a, 't> {
    returns_unit: bool,
    repair: Repair<'a>,
    findings: &'a mut Findings<'t>,
}

/// What stands around an expression that is the value of an exit.
#[derive(Clone, Copy)]
enum Around<'s> {
    /// It is the last thing in this block.
    Block(Node<'s>),
    /// It is the value of a `match` arm.
    Arm,
    /// It is what this `return` returns, standing in a block or elsewhere.
    Return { node: Node<'s>, in_block: bool },
}

impl Covenant<'_, '_> {
    fn missing(&mut self, byte: usize, message: &str, hint: &str, edits: Vec<Edit>) {
        self.findings
            .report_fix(Stage::Covenant, byte, message, Some(hint), Some(edits));
    }

    /// The end of a block that is the method's body, or the last thing in it. `discarded`: the block's
    /// value is thrown away by a `;`, so that an `Err` in it is no refusal.
    fn end_of(&mut self, block: Node<'_>, discarded: bool) {
        let statements = statements(block);
        let Some((last, before)) = statements.split_last() else {
            self.falls_through(block);
            return;
        };
        if last.is_mark() {
            return;
        }
        match last.expression {
            Some(expression) if last.ended && !branches_at(expression) => {
                if !never_passes(expression) {
                    self.falls_through(block);
                }
            }
            Some(expression) => {
                let marked = !last.ended && before.last().is_some_and(Statement::is_mark);
                if !marked {
                    self.value(expression, Around::Block(block), discarded || last.ended);
                }
            }
            None => self.falls_through(block),
        }
    }

    fn falls_through(&mut self, block: Node<'_>) {
        let edit = self.repair.at_end(block);
        self.missing(
            block.end().saturating_sub(1),
            "the method ends here without `self.mark_changed();`",
            "write `self.mark_changed();` as the last statement before this `}`",
            vec![edit],
        );
    }

    /// An expression whose value the method returns, if the value is not discarded.
    fn value(&mut self, expression: Node<'_>, around: Around<'_>, discarded: bool) {
        if never_passes(expression)
            || is_mark_call(expression)
            || (!discarded && is_err(expression))
        {
            return;
        }
        match expression.kind() {
            "parenthesized_expression" if !discarded => {
                if let Some(inner) = expression.named().first() {
                    self.inner_value(*inner, expression, around);
                }
            }
            "if_expression" if expression.field("alternative").is_some() => {
                self.branches(expression, discarded);
            }
            "match_expression" => {
                let arms = expression
                    .field("body")
                    .map(Node::named)
                    .unwrap_or_default();
                for value in arms.into_iter().filter_map(|arm| arm.field("value")) {
                    self.arm(value, discarded);
                }
            }
            "block" if !exits::is_broken_from(expression) => self.end_of(expression, discarded),
            _ => self.unmarked(expression, around, discarded),
        }
    }

    /// In parentheses only what needs no mark of its own is looked for.
    fn inner_value(&mut self, inner: Node<'_>, whole: Node<'_>, around: Around<'_>) {
        if !(never_passes(inner) || is_err(inner)) {
            self.unmarked(whole, around, false);
        }
    }

    fn branches(&mut self, expression: Node<'_>, discarded: bool) {
        if let Some(consequence) = expression.field("consequence") {
            self.end_of(consequence, discarded);
        }
        let alternative = expression
            .field("alternative")
            .map(Node::named)
            .unwrap_or_default();
        for branch in alternative {
            match branch.kind() {
                "block" => self.end_of(branch, discarded),
                "if_expression" if branch.field("alternative").is_some() => {
                    self.branches(branch, discarded);
                }
                // Without `else`: this can only be a method without a result, which goes on after it.
                _ => self.unmarked_if(expression),
            }
        }
    }

    /// An `else if` without `else`: the mark belongs into one more branch.
    fn unmarked_if(&mut self, expression: Node<'_>) {
        let mut last = expression;
        while let Some(next) = last
            .field("alternative")
            .and_then(|alternative| alternative.child("if_expression"))
        {
            last = next;
        }
        if let Some(consequence) = last.field("consequence") {
            self.end_of(consequence, true);
        }
        let edit = Edit::insert(last.end(), " else { self.mark_changed(); }");
        self.missing(
            last.start(),
            "when no condition holds, the method ends without `self.mark_changed();`",
            "add `else { self.mark_changed(); }`",
            vec![edit],
        );
    }

    fn arm(&mut self, value: Node<'_>, discarded: bool) {
        if value.kind() == "block" && !exits::is_broken_from(value) {
            self.end_of(value, discarded);
        } else {
            self.value(value, Around::Arm, discarded);
        }
    }

    fn unmarked(&mut self, expression: Node<'_>, around: Around<'_>, discarded: bool) {
        let result = if self.returns_unit || discarded {
            Tail::Unit
        } else {
            Tail::Value
        };
        let (byte, message, hint, edits) = match around {
            Around::Block(block) if result == Tail::Unit => (
                block.end().saturating_sub(1),
                "the method ends here without `self.mark_changed();`",
                "write `self.mark_changed();` as the last statement before this `}`",
                self.repair.tail(expression, block, result),
            ),
            Around::Block(block) => (
                expression.start(),
                "the method returns this without `self.mark_changed();`",
                "write `self.mark_changed();` as a statement directly before this last expression",
                self.repair.tail(expression, block, result),
            ),
            Around::Arm => (
                expression.start(),
                "this arm returns without `self.mark_changed();`",
                "write the arm as `=> { self.mark_changed(); value }`",
                self.repair.arm(expression, result),
            ),
            Around::Return { node, in_block } => (
                node.start(),
                "this `return` leaves without `self.mark_changed();`",
                "write `self.mark_changed();` as a statement directly before this `return`",
                self.repair.give_back(node, Some(expression), in_block),
            ),
        };
        self.missing(byte, message, hint, edits);
    }

    /// All `return`s of the method's own below this node.
    fn returns(&mut self, node: Node<'_>) {
        if node.kind() == "block" {
            let mut before: Option<Statement<'_>> = None;
            for statement in statements(node) {
                match statement
                    .expression
                    .filter(|e| e.kind() == "return_expression")
                {
                    Some(exit) => {
                        if !before.is_some_and(|before| before.is_mark()) {
                            self.one_return(exit, true, true);
                        }
                        self.returns_inside(exit);
                    }
                    None => self.returns_of(statement.node),
                }
                before = Some(statement);
            }
            return;
        }
        self.returns_inside(node);
    }

    fn returns_inside(&mut self, node: Node<'_>) {
        let in_arm = matches!(node.kind(), "match_arm");
        for child in node.named() {
            if child.kind() == "return_expression" {
                self.one_return(child, in_arm, false);
            }
            self.returns_of(child);
        }
    }

    fn returns_of(&mut self, node: Node<'_>) {
        if !exits::is_own_world(node) {
            self.returns(node);
        }
    }

    /// `alone`: nothing after the `return` can belong to its value, so that `return Err(…)` is one.
    fn one_return(&mut self, exit: Node<'_>, alone: bool, in_block: bool) {
        let around = Around::Return {
            node: exit,
            in_block,
        };
        match exit.named().first() {
            Some(value) if alone => self.value(*value, around, false),
            Some(value) => self.unmarked(*value, around, false),
            None => {
                let edits = self.repair.give_back(exit, None, in_block);
                self.missing(
                    exit.start(),
                    "this `return` leaves without `self.mark_changed();`",
                    "write `self.mark_changed();` as a statement directly before this `return`",
                    edits,
                );
            }
        }
    }
}
