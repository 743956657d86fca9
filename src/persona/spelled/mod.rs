//! Examples that a brief spells: `shorten("abc", 2) -> "ab"`, a documentation test, `for n = 5 return 8`, `Input:` with
//! `Output:`, a list of `[1, 2] -> 3`. They are read without a model, exactly as they stand there.

mod calls;
mod forms;
mod link;

use serde_json::Value;

use super::words::clauses;
use crate::method::Signature;

pub use link::Outcome;

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

/// An example where it stands.
struct Found<'a> {
    /// Where it begins in the brief.
    at: usize,
    args: Vec<Value>,
    outcome: Outcome,
    /// What follows the arguments.
    rest: &'a str,
}

/// The most that are read of one brief.
const MOST: usize = 64;

/// Every example with values and a result, in the order of the brief, of the first form that there is: where calls are written, lines
/// with arrows may be the steps of an explanation.
pub fn spelled_examples<'a>(brief: &'a str, signature: &Signature) -> Vec<Spelled<'a>> {
    let mut found = calls::calls(brief, signature);
    for read in [forms::assigned, forms::labelled, forms::arrows, forms::rows] {
        if found.is_empty() {
            found = read(brief, signature);
        }
    }
    found.sort_by_key(|one| one.at);
    found.truncate(MOST);
    let spelled = found.into_iter().map(|one| {
        let Found {
            at,
            args,
            outcome,
            rest,
        } = one;
        Spelled {
            before: clauses(brief.get(..at).unwrap_or_default())
                .last()
                .unwrap_or_default(),
            args,
            outcome,
            behind: clauses(rest).next().unwrap_or_default(),
        }
    });
    spelled.collect()
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
