//! ALFRED reads the examples out of a brief, so that they decide instead of a model's opinion.
//!
//! Only what the person has said counts: an example with a value that the brief does not mention was made
//! up, and is left out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Value, json};

use super::mention::Mentions;
use super::spelled::{Outcome, Spelled, spelled_examples};
use super::state;
use super::state::numbers_of;
use super::value_schema::value_schema;
use super::words::{clauses, words};
use super::{Prompt, Role};
use crate::method::{Check, Signature, StructSpec, Type, value_from_json};

/// Examples that are read out of one brief.
const MOST_EXAMPLES: usize = 5;
const MAX_TOKENS: u32 = 320;
/// Examples that are taken of those that a brief spells: each is run for every candidate, and shown to the model.
const MOST_SPELLED: usize = 12;

/// Whether a brief can state an example at all: that takes a value.
pub fn may_state_examples(brief: &str) -> bool {
    brief.contains(|letter: char| letter.is_ascii_digit())
        || clauses(brief).any(|clause| Mentions::of(clause).has_text())
}

/// The examples that the brief spells with their results. Of an object with slots only those of which the brief says
/// what the slots are, or a single one with nothing said of what was before: of several the second may begin where the first ended.
pub fn exact_examples(brief: &str, signature: &Signature, structure: &StructSpec) -> Vec<Check> {
    let brief = &without_comment_marks(brief);
    let spelled = spelled_examples(brief, signature);
    let is_single = spelled.len() == 1;
    let shared = state_of_all(brief, signature, structure);
    let mut checks: Vec<Check> = Vec::new();
    for Spelled {
        before,
        args,
        outcome,
        behind,
    } in spelled
    {
        let mut slots = state::stated_slots(before, structure);
        let condition = condition_behind(behind);
        if let Some(condition) = condition.filter(|_| slots.is_empty()) {
            slots = state::stated_slots(condition, structure);
        }
        if slots.is_empty() {
            slots.clone_from(&shared);
        }
        let is_alone = is_single && condition.is_none() && !speaks_of_before(before);
        let says_state = structure.slots.is_empty() || is_alone || !slots.is_empty();
        let (returns, error) = match outcome {
            Outcome::Returns(value) => (Some(value), false),
            Outcome::Error => (None, true),
        };
        let after = if error {
            BTreeMap::new()
        } else {
            state::stated_after(behind, structure)
        };
        let check = Check {
            slots,
            args,
            returns,
            after,
            error,
        };
        if says_state && !checks.contains(&check) && fits(&check, signature, structure) {
            checks.push(check);
        }
    }
    // Of two that contradict each other one at least was misread.
    let is_contradicted = |check: &Check| {
        checks
            .iter()
            .any(|other| other != check && other.args == check.args && other.slots == check.slots)
    };
    let mut sure: Vec<Check> = checks
        .iter()
        .filter(|check| !is_contradicted(check))
        .cloned()
        .collect();
    sure.truncate(MOST_SPELLED);
    sure
}

/// A brief that was copied out of a source with the slashes of its comment.
fn without_comment_marks(brief: &str) -> Cow<'_, str> {
    let mut lines = brief.lines().map(str::trim_start);
    if !lines.all(|line| line.is_empty() || line.starts_with("//")) {
        return brief.into();
    }
    let lines = brief
        .lines()
        .map(|line| line.trim_start().trim_start_matches(['/', '!']));
    lines.collect::<Vec<_>>().join("\n").into()
}

/// What a result is said to depend on: "returns 70 when the balance is 100".
fn condition_behind(behind: &str) -> Option<&str> {
    [" when ", " if ", " while ", " with "]
        .iter()
        .find_map(|word| behind.split_once(word))
        .map(|(_, condition)| condition)
}

/// Whether something was done or is there before the call.
fn speaks_of_before(before: &str) -> bool {
    const BEFORE: [&str; 7] = ["after", "with", "when", "once", "having", "if", "while"];
    before.contains('(') || words(before).any(|word| BEFORE.contains(&word.to_lowercase().as_str()))
}

/// The slots that a clause says to be the same before each example.
fn state_of_all(
    brief: &str,
    signature: &Signature,
    structure: &StructSpec,
) -> BTreeMap<String, Value> {
    const OF_ALL: [&str; 6] = ["both", "each", "all", "example", "examples", "before"];
    let call = format!("{}(", signature.name);
    let said = clauses(brief)
        .map(|clause| clause.split(&call).next().unwrap_or_default())
        .filter(|clause| words(clause).any(|word| OF_ALL.contains(&word.to_lowercase().as_str())));
    let mut states = said.map(|clause| state::stated_slots(clause, structure));
    states.find(|slots| !slots.is_empty()).unwrap_or_default()
}

/// The request for the examples that a brief states.
pub fn read_examples(brief: &str, signature: &Signature, structure: &StructSpec) -> Prompt {
    let text = format!(
        "{GUIDE}{}\nExamples:",
        described(brief, signature, structure)
    );
    Prompt::new(Role::Alfred, "read examples")
        .person(text)
        .json(&schema(signature, structure, MOST_EXAMPLES), MAX_TOKENS)
}

/// The method as the guide's examples describe theirs.
pub(super) fn described(brief: &str, signature: &Signature, structure: &StructSpec) -> String {
    let mut text = format!("\nMethod: {signature}");
    if !structure.slots.is_empty() {
        let slots = structure.slots.iter();
        let slots: Vec<String> = slots.map(|(name, ty)| format!("{name}: {ty}")).collect();
        let _ = write!(text, "\nSlots: {}", slots.join(", "));
    }
    let _ = write!(text, "\nDescription: {}", brief.trim());
    text
}

const GUIDE: &str = "\
List the examples that a description states: calls with values, and the result that the description says they have. \
Only what stands there with its values, nothing made up; an empty list when there is none.

Method: fn double(&self, n: i64) -> i64
Description: twice the number; double(4) is 8 and for 0 it returns 0
Examples: [{\"args\": [4], \"returns\": 8}, {\"args\": [0], \"returns\": 0}]

Method: fn initials(&self, name: String) -> String
Description: the first letters of all words in upper case, so \"ada lovelace\" gives \"AL\"
Examples: [{\"args\": [\"ada lovelace\"], \"returns\": \"AL\"}]

Method: fn drain(&mut self, litres: f64) -> f64
Slots: level: f64
Description: take litres out and return what is left, so with a level of 8 drain(3) gives 5
Examples: [{\"slots\": {\"level\": 8.0}, \"args\": [3.0], \"returns\": 5.0}]

Method: fn spend(&mut self, amount: i64) -> Result<i64, String>
Slots: money: i64, limit: i64
Description: spend money; with 50 in money and a limit of 20 spending 15 returns 35, and spending 30 is an error
Examples: [{\"slots\": {\"money\": 50, \"limit\": 20}, \"args\": [15], \"returns\": 35}, \
{\"slots\": {\"money\": 50, \"limit\": 20}, \"args\": [30], \"error\": true}]

Method: fn area(&self, width: f64, height: f64) -> Result<f64, String>
Description: the area of a rectangle; refuse negative sides
Examples: []
";

/// The schema of a list of at most so many examples.
pub(super) fn schema(signature: &Signature, structure: &StructSpec, most: usize) -> Value {
    let args: Vec<Value> = signature
        .params
        .iter()
        .map(|param| value_schema(&param.ty))
        .collect();
    let count = args.len();
    let args = if args.is_empty() {
        json!({"type": "array", "maxItems": 0})
    } else {
        json!({"type": "array", "prefixItems": args, "items": false, "minItems": count, "maxItems": count})
    };
    let mut outcomes = Vec::new();
    if let Type::Result(ok, _) = &signature.returns {
        outcomes.push(json!({"returns": value_schema(ok)}));
        outcomes.push(json!({"error": {"const": true}}));
    } else {
        outcomes.push(json!({"returns": value_schema(&signature.returns)}));
    }
    let slots: serde_json::Map<String, Value> = structure
        .slots
        .iter()
        .map(|(name, ty)| (name.clone(), value_schema(ty)))
        .collect();
    let one = |outcome: Value| {
        let mut properties = serde_json::Map::new();
        if !slots.is_empty() {
            let slots =
                json!({"type": "object", "properties": slots, "additionalProperties": false});
            properties.insert("slots".to_owned(), slots);
        }
        properties.insert("args".to_owned(), args.clone());
        let mut required = vec!["args".to_owned()];
        if !slots.is_empty() {
            // A small model leaves out what it may leave out.
            required.insert(0, "slots".to_owned());
        }
        for (name, schema) in outcome.as_object().into_iter().flatten() {
            properties.insert(name.clone(), schema.clone());
            required.push(name.clone());
        }
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    };
    let one: Vec<Value> = outcomes.into_iter().map(one).collect();
    json!({"type": "array", "maxItems": most, "items": {"anyOf": one}})
}

/// An example as a model writes it.
#[derive(Clone, Deserialize)]
pub(super) struct Example {
    #[serde(default)]
    slots: BTreeMap<String, Value>,
    args: Vec<Value>,
    #[serde(default)]
    returns: Value,
    #[serde(default)]
    error: bool,
}

impl Example {
    pub(super) fn into_check(self, signature: &Signature) -> Check {
        let returns = match signature.returns {
            Type::Result(..) => json!({"Ok": self.returns}),
            _ => self.returns,
        };
        Check {
            slots: self.slots,
            args: self.args,
            returns: (!self.error).then_some(returns),
            error: self.error,
            ..Check::default()
        }
    }
}

/// ALFRED's answer as checks: those whose values the brief mentions, each once.
///
/// # Errors
/// When the answer is no list of examples, as when it was cut.
pub fn parse_examples(
    answer: &str,
    brief: &str,
    signature: &Signature,
    structure: &StructSpec,
) -> Result<Vec<Check>, serde_json::Error> {
    let examples: Vec<Example> = serde_json::from_str(answer)?;
    let mut checks: Vec<Check> = Vec::new();
    for mut example in examples {
        if example.slots.is_empty() {
            example.slots = stated_slots(brief, &example, structure);
        }
        if let Some(whole) = with_shared_list(brief, &example, structure) {
            example = whole;
        }
        let is_said = clauses(brief).any(|clause| states(clause, &example, structure));
        let says_nothing = example.args.is_empty() && example.slots.is_empty();
        let check = example.into_check(signature);
        let contradicts = checks
            .iter()
            .any(|other| other.args == check.args && other.slots == check.slots);
        if is_said && !says_nothing && !contradicts && fits(&check, signature, structure) {
            checks.push(check);
        }
    }
    Ok(checks)
}

/// The example with the list that its clause gives to "the same" call of another, where a small model leaves it empty.
fn with_shared_list(brief: &str, example: &Example, structure: &StructSpec) -> Option<Example> {
    let is_left_out = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let at = example.args.iter().position(is_left_out)?;
    clauses(brief).find_map(|clause| {
        let mut words = clause.split_whitespace();
        if !words.any(|word| word.eq_ignore_ascii_case("same")) {
            return None;
        }
        let list = Mentions::of(clause).only_list()?.clone();
        let mut whole = example.clone();
        *whole.args.get_mut(at)? = list;
        states(clause, &whole, structure).then_some(whole)
    })
}

/// Whether the clause mentions all that the example has. Where it says what some slots are but not all, it also has to leave no
/// number over: that would be another slot's, and without it the example another one.
fn states(clause: &str, example: &Example, structure: &StructSpec) -> bool {
    let mut mentions = Mentions::of(clause);
    let lists = |value: &&Value| value.is_array();
    let values = || example.args.iter().chain(example.slots.values());
    // Lists first: else their elements could be taken one by one.
    let mut ordered = values()
        .filter(lists)
        .chain(values().filter(|value| !lists(value)));
    let has_all = ordered.all(|value| mentions.take(value));
    let has_outcome = if example.error {
        mentions.says_error()
    } else {
        mentions.take(&example.returns)
    };
    // What a slot is at first may be said too.
    for number in example
        .slots
        .keys()
        .flat_map(|name| numbers_of(clause, name))
    {
        if let Ok(number) = number.parse::<f64>() {
            mentions.take(&json!(number));
        }
    }
    let says_all_slots = example.slots.len() == structure.slots.len();
    let may_leave_numbers = example.slots.is_empty() || says_all_slots;
    has_all && has_outcome && (may_leave_numbers || !mentions.has_numbers())
}

/// Slots that the example's own clause gives a number, as in "with a balance of 2.0 deposit(3.0) returns 5.0": a small
/// model leaves them out, and without them the example would refuse what is right.
fn stated_slots(brief: &str, example: &Example, structure: &StructSpec) -> BTreeMap<String, Value> {
    let mut slots = BTreeMap::new();
    let values = || example.args.iter().chain([&example.returns]);
    for clause in clauses(brief) {
        let mut mentions = Mentions::of(clause);
        if values().any(|value| !value.is_number() || !mentions.take(value)) {
            continue;
        }
        for (name, ty) in &structure.slots {
            let returned = example.returns.as_f64();
            let before = numbers_of(clause, name).into_iter().rev();
            let mut before = before.filter(|number| number.parse().ok() != returned);
            let Some(number) = before.next() else {
                continue;
            };
            if let Ok(value) = serde_json::from_str::<Value>(number)
                && value_from_json(ty, &value).is_ok()
            {
                slots.insert(name.clone(), value);
            }
        }
    }
    slots
}

pub(super) fn fits(check: &Check, signature: &Signature, structure: &StructSpec) -> bool {
    let args = signature.params.iter().zip(&check.args);
    let returns = check.returns.iter();
    check.args.len() == signature.params.len()
        && args
            .map(|(param, value)| (&param.ty, value))
            .chain(returns.map(|value| (&signature.returns, value)))
            .all(|(ty, value)| value_from_json(ty, value).is_ok())
        && check.slots.iter().all(|(name, value)| {
            let slot = structure.slots.iter().find(|(slot, _)| slot == name);
            slot.is_some_and(|(_, ty)| value_from_json(ty, value).is_ok())
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn checks(signature: &str, brief: &str, answer: &str) -> String {
        let signature = Signature::parse(signature).unwrap();
        let structure = StructSpec::new("Tool", vec![("level".into(), Type::I64)]).unwrap();
        let checks = parse_examples(answer, brief, &signature, &structure).unwrap();
        serde_json::to_string(&checks).unwrap()
    }

    #[test]
    fn a_list_that_calls_share_is_put_in_where_it_was_left_out() {
        let signature = "fn wait(&self, departures: Vec<i64>, now: i64) -> Option<i64>";
        let brief = "Minutes to the next bus. For the departures [630, 590, 615] and minute 600 it returns 15, \
                     for the same departures and minute 700 nothing.";
        let answer = r#"[{"args": [[], 600], "returns": 15}, {"args": [[630, 590, 615], 700], "returns": null}]"#;
        insta::assert_snapshot!(
            checks(signature, brief, answer),
            @r#"[{"args":[[630,590,615],600],"returns":15},{"args":[[630,590,615],700],"returns":null}]"#
        );
        // A list that is said to be empty is.
        let brief = "Minutes to the next bus. For no departures and minute 600 it returns nothing, for [630] and 600 30.";
        let answer =
            r#"[{"args": [[], 600], "returns": null}, {"args": [[630], 600], "returns": 30}]"#;
        insta::assert_snapshot!(
            checks(signature, brief, answer),
            @r#"[{"args":[[],600],"returns":null},{"args":[[630],600],"returns":30}]"#
        );
        // Nothing is no list that was left out.
        let signature = "fn gap(&self, values: Vec<i64>) -> i64";
        let brief = "Largest gap between neighbours: nothing gives 0, [3, 9, 4] gives 6.";
        let answer = r#"[{"args": [[]], "returns": 0}, {"args": [[3, 9, 4]], "returns": 6}]"#;
        insta::assert_snapshot!(
            checks(signature, brief, answer),
            @r#"[{"args":[[]],"returns":0},{"args":[[3,9,4]],"returns":6}]"#
        );
    }

    #[test]
    fn what_the_brief_states_becomes_a_check() {
        let brief = "the sum of all numbers; for [1, 2, 3] it returns 6, for an empty list 0";
        let answer = r#"[{"args": [[1, 2, 3]], "returns": 6}, {"args": [[]], "returns": 0}]"#;
        insta::assert_snapshot!(
            checks("fn sum(&self, numbers: Vec<i64>) -> i64", brief, answer),
            @r#"[{"args":[[1,2,3]],"returns":6},{"args":[[]],"returns":0}]"#
        );
        let brief = "parse a time like \"01:30\" into minutes, which is 90; refuse \"x\"";
        let answer = r#"[{"args": ["01:30"], "returns": 90}, {"args": ["x"], "error": true}]"#;
        insta::assert_snapshot!(
            checks("fn minutes(&self, text: String) -> Result<i64, String>", brief, answer),
            @r#"[{"args":["01:30"],"returns":{"Ok":90}},{"args":["x"],"error":true}]"#
        );
    }

    #[test]
    fn the_state_that_an_example_names_is_part_of_it() {
        let brief = "Make a Tool with a level of 0 that can drain(amount): take the amount from the level and return \
                     the level that is left, so drain(3) with a level of 8 returns 5; drain(4) returns 9";
        let answer = r#"[{"args": [3], "returns": 5}, {"args": [4], "returns": 9}]"#;
        // Each in its own clause: nothing is known of the second one's level.
        insta::assert_snapshot!(
            checks("fn drain(&mut self, amount: i64) -> i64", brief, answer),
            @r#"[{"slots":{"level":8},"args":[3],"returns":5},{"args":[4],"returns":9}]"#
        );
    }

    fn exact(signature: &str, slots: &[(&str, &str)], brief: &str) -> String {
        let signature = Signature::parse(signature).unwrap();
        let slots = slots
            .iter()
            .map(|(name, ty)| ((*name).to_owned(), Type::parse(ty).unwrap()));
        let structure = StructSpec::new("Tool", slots.collect()).unwrap();
        serde_json::to_string(&exact_examples(brief, &signature, &structure)).unwrap()
    }

    #[test]
    fn the_state_of_spelled_examples_is_read_around_them() {
        let brief = "Pour water. In both examples the level is 80 and the capacity 100 before the call:\n\n\
                     >>> pour(30.0)\n10.0\n>>> pour(15.0)\n0.0";
        insta::assert_snapshot!(
            exact("fn pour(&mut self, litres: f64) -> f64", &[("level", "f64"), ("capacity", "f64")], brief),
            @r#"[{"slots":{"capacity":100,"level":80},"args":[30.0],"returns":10.0},{"slots":{"capacity":100,"level":80},"args":[15.0],"returns":0.0}]"#
        );
        let brief = "Sign. With an empty book: sign(\" Mia \") -> true, and `guests` is then [\"Mia\"]. With [\"Mia\"] in the \
                     book: sign(\"MIA\") -> false.";
        insta::assert_snapshot!(
            exact("fn sign(&mut self, name: &str) -> bool", &[("guests", "Vec<String>")], brief),
            @r#"[{"slots":{"guests":[]},"args":[" Mia "],"returns":true,"after":{"guests":["Mia"]}},{"slots":{"guests":["Mia"]},"args":["MIA"],"returns":false}]"#
        );
        // Nothing says where the second begins.
        let brief = "add(2) returns 2, add(3) returns 5";
        assert_eq!(
            exact("fn add(&mut self, n: i64) -> i64", &[("sum", "i64")], brief),
            "[]"
        );
    }

    #[test]
    fn what_was_made_up_is_left_out() {
        let brief = "twice the number; for 4 it is 8";
        insta::assert_snapshot!(
            checks(
                "fn largest(&self, numbers: Vec<i64>) -> i64",
                "the largest number; for [0, 3] it is 3",
                r#"[{"args": [[]], "returns": 0}, {"args": [[0, 3]], "returns": 3}]"#,
            ),
            @r#"[{"args":[[0,3]],"returns":3}]"#
        );
        let answer = r#"[{"args": [4], "returns": 8}, {"args": [5], "returns": 10},
            {"args": [4], "returns": 4}, {"slots": {"level": 7}, "args": [4], "returns": 8}]"#;
        insta::assert_snapshot!(
            checks("fn double(&self, n: i64) -> i64", brief, answer),
            @r#"[{"args":[4],"returns":8}]"#
        );
    }

    #[test]
    fn a_brief_without_a_value_states_no_example() {
        assert!(!may_state_examples("the sum of all numbers of the list"));
        assert!(may_state_examples("the sum; for [1, 2] it is 3"));
        assert!(may_state_examples("greet: \"Ada\" gives \"Hello, Ada\""));
    }

    #[test]
    fn the_schema_has_the_types_of_the_call() {
        let signature =
            Signature::parse("fn take(&mut self, item: (String, u8)) -> Result<char, String>")
                .unwrap();
        let structure = StructSpec::new("Tool", Vec::new()).unwrap();
        let args = r#""args":{"type":"array","prefixItems":[{"type":"array","prefixItems":[{"type":"string","maxLength":120},{"type":"integer"}],"items":false,"minItems":2,"maxItems":2}],"items":false,"minItems":1,"maxItems":1}"#;
        let one = |outcome: &str, name: &str| {
            format!(
                r#"{{"type":"object","properties":{{{args},{outcome}}},"required":["args","{name}"],"additionalProperties":false}}"#
            )
        };
        let returns = one(
            r#""returns":{"type":"string","minLength":1,"maxLength":1}"#,
            "returns",
        );
        let error = one(r#""error":{"const":true}"#, "error");
        assert_eq!(
            schema(&signature, &structure, MOST_EXAMPLES).to_string(),
            format!(r#"{{"type":"array","maxItems":5,"items":{{"anyOf":[{returns},{error}]}}}}"#)
        );
    }
}
