//! A remainder that is compared with a number above zero, or with another remainder: Rust's is negative for a negative number, so that `n % 2 == 1`
//! finds no odd number below zero. What people mean, and other languages do, is the remainder that is never negative.

use std::slice;

use super::apply::apply;
use super::diagnostic::Edit;
use crate::method::{Signature, StructSpec, Type};
use crate::syntax::{Node, Source};

/// The source with `rem_euclid` in such comparisons; `None` where there are none, no number can be negative, or the author thinks
/// of negative remainders.
pub fn never_negative(
    source: &str,
    signature: &Signature,
    structure: &StructSpec,
) -> Option<String> {
    let params = signature.params.iter().map(|param| &param.ty);
    let slots = structure.slots.iter().map(|(_, ty)| ty);
    if !params.chain(slots).any(has_signed) {
        return None;
    }
    let tree = Source::parse(source);
    let mut edits = Vec::new();
    if !gather(tree.root()?, &mut edits) {
        return None;
    }
    apply(source, edits.iter().map(slice::from_ref))
}

fn has_signed(ty: &Type) -> bool {
    let is_signed = ty.integer_range().is_some_and(|(least, _)| least < 0);
    is_signed || ty.children().into_iter().any(has_signed)
}

/// Whether nothing speaks against it; the changes are added.
fn gather(node: Node<'_>, edits: &mut Vec<Edit>) -> bool {
    if node.kind() == "binary_expression"
        && let Some((left, sign, right)) = sides(node)
        && [left, right]
            .into_iter()
            .any(|side| remainder(side).is_some())
    {
        let ordered = matches!(sign.text(), "<" | "<=" | ">" | ">=");
        let is_negative = |side: Node<'_>| side.text().starts_with('-');
        if ordered && (is_zero(left) || is_zero(right)) || is_negative(left) || is_negative(right) {
            return false;
        }
        let to_nothing = is_zero(left) || is_zero(right);
        if matches!(sign.text(), "==" | "!=") && !to_nothing {
            let found: Vec<Edit> = [left, right].into_iter().filter_map(rewritten).collect();
            if !found.is_empty() {
                edits.extend(found);
                return true;
            }
        }
    }
    node.named().into_iter().all(|child| gather(child, edits))
}

fn sides(node: Node<'_>) -> Option<(Node<'_>, Node<'_>, Node<'_>)> {
    Some((
        node.field("left")?,
        node.field("operator")?,
        node.field("right")?,
    ))
}

fn is_zero(node: Node<'_>) -> bool {
    node.text() == "0"
}

/// A remainder, in brackets or not.
fn remainder(node: Node<'_>) -> Option<Node<'_>> {
    let node = match node.kind() {
        "parenthesized_expression" => *node.named().first()?,
        _ => node,
    };
    let (_, sign, _) = sides(node).filter(|_| node.kind() == "binary_expression")?;
    (sign.text() == "%").then_some(node)
}

/// `a % 2` as `a.rem_euclid(2)`, where the divisor is a number that is written there.
fn rewritten(node: Node<'_>) -> Option<Edit> {
    let node = remainder(node)?;
    let (left, _, right) = sides(node)?;
    if right.kind() != "integer_literal" {
        return None;
    }
    let is_simple = matches!(
        left.kind(),
        "identifier"
            | "field_expression"
            | "call_expression"
            | "index_expression"
            | "parenthesized_expression"
    );
    let (open, close) = if is_simple { ("", "") } else { ("(", ")") };
    Some(Edit {
        range: node.local(),
        text: format!("{open}{}{close}.rem_euclid({})", left.text(), right.text()),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn with(body: &str) -> Option<String> {
        let signature = "fn f(&self, n: i64, all: Vec<i64>) -> bool";
        let source = format!("impl Thing {{ pub {signature} {{ {body} }} }}");
        let structure = StructSpec::new("Thing", Vec::new()).unwrap();
        let signature = Signature::parse(signature).unwrap();
        let text = never_negative(&source, &signature, &structure)?;
        let (_, rest) = text.split_once("bool { ")?;
        Some(rest.trim_end_matches(" } }").to_owned())
    }

    #[test]
    fn remainders_that_are_compared_are_never_negative() {
        for (body, expected) in [
            ("n % 2 == 1", "n.rem_euclid(2) == 1"),
            ("1 != (n % 3)", "1 != (n.rem_euclid(3))"),
            (
                "all.iter().any(|x| *x % 2 == 1)",
                "all.iter().any(|x| (*x).rem_euclid(2) == 1)",
            ),
            (
                "all[0] % 2 != all[1] % 2",
                "all[0].rem_euclid(2) != all[1].rem_euclid(2)",
            ),
            (
                "n > 0 && (n + 1) % 4 == 1",
                "n > 0 && (n + 1).rem_euclid(4) == 1",
            ),
        ] {
            assert_eq!(with(body).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_does_not_depend_on_the_sign_stays() {
        for body in [
            "n % 2 == 0",
            "0 != n % 3",
            "n % 10 + 1 == 3",
            "all[0] % n == 1",
        ] {
            assert_eq!(with(body), None, "{body}");
        }
        let signature = Signature::parse("fn f(&self, n: u64) -> bool").unwrap();
        let structure = StructSpec::new("Thing", Vec::new()).unwrap();
        let source = "impl Thing { pub fn f(&self, n: u64) -> bool { n % 2 == 1 } }";
        assert_eq!(never_negative(source, &signature, &structure), None);
    }
}
