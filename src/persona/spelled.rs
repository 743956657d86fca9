//! Examples that a brief spells as calls: `shorten("abc", 2) -> "ab"`, or as in a documentation test a call after `>>>`
//! with its result on the next line. They are read without a model, exactly as they stand there.

use serde_json::{Value, json};

use super::literal::{arguments, literal};
use super::words::clauses;
use crate::method::{Signature, Type};

/// A call of the method, and what it comes to.
#[derive(Debug, PartialEq)]
pub struct Spelled<'a> {
    /// The clause up to the call.
    pub before: &'a str,
    pub args: Vec<Value>,
    pub outcome: Outcome,
    /// What follows in the call's clause, the result too.
    pub behind: &'a str,
}

#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// As a check has it, with `Ok` where the method returns a `Result`.
    Returns(Value),
    Error,
}

/// What may stand between a call and its result; the longer of two comes first.
const LINKS: [&str; 19] = [
    "->",
    "=>",
    "→",
    "⇒",
    "==",
    "=",
    "should return",
    "should be",
    "must be",
    "returns",
    "return",
    "gives",
    "yields",
    "evaluates to",
    "results in",
    "becomes",
    "makes",
    "is",
    ":",
];

/// Every call with values and a result, in the order of the brief.
pub fn spelled_examples<'a>(brief: &'a str, signature: &Signature) -> Vec<Spelled<'a>> {
    let opening = format!("{}(", signature.name);
    let types: Vec<&Type> = signature.params.iter().map(|param| &param.ty).collect();
    let found = brief.match_indices(&opening).filter_map(|(at, _)| {
        let before = brief.get(..at)?;
        if before.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
            return None;
        }
        let (args, rest) = arguments(brief.get(at + opening.len()..)?, &types)?;
        let outcome = outcome(before, rest, &signature.returns)?;
        Some(Spelled {
            before: clauses(before).last().unwrap_or_default(),
            args,
            outcome,
            behind: clauses(rest).next().unwrap_or_default(),
        })
    });
    found.collect()
}

fn outcome(before: &str, rest: &str, returns: &Type) -> Option<Outcome> {
    // The call may stand in code marks.
    let rest = rest.strip_prefix('`').unwrap_or(rest);
    let asserts = before.trim_end().ends_with("assert_eq!(");
    let is_prompt = before.trim_end().ends_with(">>>");
    let after = rest.trim_start_matches([' ', '\t']);
    let after = if let Some(comma) = after.strip_prefix(',').filter(|_| asserts) {
        comma
    } else if let Some(link) = LINKS.iter().find(|link| after.starts_with(**link)) {
        after.get(link.len()..)?
    } else if is_prompt && after.starts_with(['\n', '\r']) {
        // In a comment the next line begins with slashes too.
        after.trim_start().trim_start_matches('/')
    } else {
        return None;
    };
    let after = after.trim_start();
    let after = after.strip_prefix('`').unwrap_or(after);
    if let Type::Result(ok, _) = returns {
        let is_error = ["Err", "an error", "error", "an `Err"];
        if is_error.iter().any(|start| after.starts_with(start)) {
            return Some(Outcome::Error);
        }
        let read = literal(after, returns);
        let read = read.or_else(|| {
            let (value, rest) = literal(after, ok)?;
            Some((json!({"Ok": value}), rest))
        });
        return ended(read?).map(Outcome::Returns);
    }
    ended(literal(after, returns)?).map(Outcome::Returns)
}

/// Words that may follow a result without making it another one, as `times` or `more` would.
const GOES_ON: [&str; 14] = [
    "and", "because", "but", "since", "as", "for", "when", "while", "where", "whereas", "if",
    "not", "or", "so",
];

/// The value when nothing goes on that would make it another, as in `1 + 2`, `4 times` or `1/3`.
fn ended((value, rest): (Value, &str)) -> Option<Value> {
    if value.is_string() || value.is_array() || value.is_object() {
        return Some(value);
    }
    let next = rest.trim_start_matches([' ', '`']);
    let word: String = next
        .chars()
        .take_while(|letter| letter.is_alphabetic())
        .collect();
    let is_operator = next.starts_with(['+', '*', '%', '^', '/', '-', '<', '=']);
    let same_line = !rest
        .trim_start_matches([' ', '`'])
        .starts_with(['\n', '\r']);
    let goes_on = same_line && !word.is_empty() && !GOES_ON.contains(&word.as_str());
    (!is_operator && !goes_on).then_some(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn read(signature: &str, brief: &str) -> Vec<String> {
        let signature = Signature::parse(signature).unwrap();
        let spelled = spelled_examples(brief, &signature);
        let text = |example: &Spelled| {
            let args = serde_json::to_string(&example.args).unwrap();
            match &example.outcome {
                Outcome::Returns(value) => format!("{args} {value}"),
                Outcome::Error => format!("{args} error"),
            }
        };
        spelled.iter().map(text).collect()
    }

    #[test]
    fn calls_are_read_however_they_are_written() {
        let shorten = "fn shorten(&self, text: &str, most: usize) -> String";
        for brief in [
            "Cut it. shorten(\"abc\", 2) -> \"ab\"",
            "so `shorten(\"abc\", 2)` returns `\"ab\"`.",
            ">>> shorten(\"abc\", 2)\n\"ab\"\n",
            "/// >>> shorten(\"abc\", 2)\n/// \"ab\"",
            "assert_eq!(shorten(\"abc\", 2), \"ab\".to_string());",
            "shorten(String::from(\"abc\"), 2) == String::from(\"ab\")",
            "x.shorten(\"abc\", 2) should be 'ab'",
        ] {
            assert_eq!(read(shorten, brief), ["[\"abc\",2] \"ab\""], "{brief}");
        }
        let two = "half(4) = 2 and half(1) is an error, half(8): Ok(4)";
        let half = "fn half(&self, n: i64) -> Result<i64, String>";
        assert_eq!(
            read(half, two),
            ["[4] {\"Ok\":2}", "[1] error", "[8] {\"Ok\":4}"]
        );
        let find = "fn find(&self, all: Vec<i64>) -> Option<i64>";
        assert_eq!(
            read(find, "find(vec![]) is None; find([3, 4]) gives Some(3)"),
            ["[[]] null", "[[3,4]] 3"]
        );
    }

    #[test]
    fn a_call_without_values_or_a_result_is_no_example() {
        let area = "fn area(&self, a: f64, b: f64) -> f64";
        for brief in [
            "area(width, height) is the product",
            "call area(1.0, 2.0) often",
            "the subarea(1, 2) is 3",
            "area(1, 2) is 1 / 3",
            "area(1, 2) is 2 times the half",
            "area(1, 2, 3) is 6",
        ] {
            assert!(read(area, brief).is_empty(), "{brief}");
        }
    }
}
