//! ALFRED writes checks where the brief states no example.
//!
//! A small model is often wrong about what a call returns, so these checks refuse nothing: they only weigh in where several
//! candidates are to choose from.

use super::examples::{Example, described, fits, schema};
use super::{Prompt, Role};
use crate::method::{Check, Signature, StructSpec};

/// Checks that are written for one method.
const MOST_GUESSES: usize = 4;
const MAX_TOKENS: u32 = 260;

/// The request for checks of a method that nobody gave an example for.
pub fn guess_checks(brief: &str, signature: &Signature, structure: &StructSpec) -> Prompt {
    let text = format!("{GUIDE}{}\nTests:", described(brief, signature, structure));
    Prompt::new(Role::Alfred, "write checks")
        .person(text)
        .json(&schema(signature, structure, MOST_GUESSES), MAX_TOKENS)
}

const GUIDE: &str = "\
Write up to four short tests of a method: calls with small values, and the result that the description demands. Ordinary \
cases first, then an edge case. Where it has slots, say what they are before the call.

Method: fn longest(&self, words: Vec<String>) -> usize
Description: the length of the longest word, 0 when there is none
Tests: [{\"args\": [[\"a\", \"abc\"]], \"returns\": 3}, {\"args\": [[]], \"returns\": 0}]

Method: fn drain(&mut self, litres: f64) -> Result<f64, String>
Slots: level: f64
Description: take litres out and return what is left; more than there is is an error
Tests: [{\"slots\": {\"level\": 8.0}, \"args\": [3.0], \"returns\": 5.0}, {\"slots\": {\"level\": 2.0}, \"args\": [3.0], \"error\": true}]
";

/// ALFRED's answer as checks; one that does not fit the method is left out, and of a cut answer all.
pub fn parse_guesses(answer: &str, signature: &Signature, structure: &StructSpec) -> Vec<Check> {
    let examples: Vec<Example> = serde_json::from_str(answer).unwrap_or_default();
    let mut checks: Vec<Check> = Vec::new();
    for example in examples {
        let check = example.into_check(signature);
        let repeats = checks
            .iter()
            .any(|other| other.args == check.args && other.slots == check.slots);
        if !repeats && fits(&check, signature, structure) {
            checks.push(check);
        }
    }
    checks
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::method::Type;

    #[test]
    fn what_does_not_fit_is_left_out() {
        let signature =
            Signature::parse("fn drain(&mut self, litres: f64) -> Result<f64, String>").unwrap();
        let structure = StructSpec::new("Tank", vec![("level".into(), Type::F64)]).unwrap();
        let answer = r#"[{"slots": {"level": 8}, "args": [3], "returns": 5}, {"args": ["x"], "returns": 5},
            {"slots": {"level": 8}, "args": [3], "returns": 6}, {"args": [9], "error": true}]"#;
        let checks = parse_guesses(answer, &signature, &structure);
        insta::assert_snapshot!(serde_json::to_string(&checks).unwrap(), @r#"[{"slots":{"level":8},"args":[3],"returns":{"Ok":5}},{"args":[9],"error":true}]"#);
        assert!(parse_guesses("[{\"args\": [", &signature, &structure).is_empty());
    }
}
