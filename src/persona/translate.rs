//! The translator: plain words to a mission document, by JSON that can only have the right shape.
//!
//! The brief itself is never rewritten by the model: the person's words go on as they were typed.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::decompose::slot_pattern;
use super::draft::is_identifier;
use super::{Draft, DraftError, Intent, Prompt, Role};

/// An object that the translator may refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub object: String,
    pub methods: Vec<String>,
}

/// The request that turns `words` into a mission.
pub fn translate(words: &str, known: &[Known]) -> Prompt {
    let mut text = String::from(GUIDE);
    if !known.is_empty() {
        text.push_str("\nObjects that exist: ");
        let names: Vec<String> = known
            .iter()
            .take(24)
            .map(|entry| format!("{}({})", entry.object, entry.methods.join(" ")))
            .collect();
        let _ = write!(text, "{}", names.join(", "));
    }
    let _ = write!(text, "\n\nWords: {}\nMission:", words.trim());
    Prompt::new(Role::Translator, "translate")
        .person(text)
        .json(&schema(), 220)
}

const GUIDE: &str = "\
Intents: teach = write or change a method (teach, learn, be able to); send = call a method now; \
make = create an object; inspect = show an object; remember = keep a fact; undo = take back the last change; \
ask = a question about what the system knows; chat = greeting or small talk.
The selector is a short snake_case method name. Leave out what is not said.

Words: teach Account to deposit an amount, refusing what is not positive
Mission: {\"intent\": \"teach\", \"object\": \"Account\", \"selector\": \"deposit\"}
Words: Thermometer should tell whether it is freezing
Mission: {\"intent\": \"teach\", \"object\": \"Thermometer\", \"selector\": \"is_freezing\"}
Words: write a method total for Cart that sums the prices
Mission: {\"intent\": \"teach\", \"object\": \"Cart\", \"selector\": \"total\"}
Words: call deposit on Account with 12.5
Mission: {\"intent\": \"send\", \"object\": \"Account\", \"selector\": \"deposit\", \"args\": [12.5]}
Words: Stack push 3
Mission: {\"intent\": \"send\", \"object\": \"Stack\", \"selector\": \"push\", \"args\": [3]}
Words: make an object Counter with a count of 0
Mission: {\"intent\": \"make\", \"object\": \"Counter\", \"slots\": [{\"name\": \"count\", \"type\": \"i64\", \"value\": 0}]}
Words: create SavingsAccount as a kind of Account
Mission: {\"intent\": \"make\", \"object\": \"SavingsAccount\", \"parent\": \"Account\"}
Words: show me Account
Mission: {\"intent\": \"inspect\", \"object\": \"Account\"}
Words: remember that the backup runs at 3 in the night
Mission: {\"intent\": \"remember\"}
Words: undo that
Mission: {\"intent\": \"undo\"}
Words: which objects are there?
Mission: {\"intent\": \"ask\"}
Words: hello, how are you?
Mission: {\"intent\": \"chat\"}
";

fn schema() -> Value {
    let intents: Vec<&str> = Intent::ALL.iter().map(|intent| intent.name()).collect();
    let object = json!({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,40}$"});
    let selector = json!({"type": "string", "pattern": "^[a-z_][a-z0-9_]{0,40}$"});
    let scalar = json!({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 200}, {"type": "boolean"}, {"type": "null"}]});
    let value = json!({"anyOf": [scalar, {"type": "array", "items": scalar, "maxItems": 16}]});
    json!({
        "type": "object",
        "properties": {
            "intent": {"enum": intents},
            "object": object,
            "selector": selector,
            "parent": object,
            "args": {"type": "array", "items": value, "maxItems": 8},
            "slots": {"type": "array", "maxItems": 8, "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "pattern": "^[a-z_][a-z0-9_]{0,40}$"},
                    "type": {"type": "string", "pattern": slot_pattern()},
                    "value": value,
                },
                "required": ["name", "type", "value"],
                "additionalProperties": false,
            }},
        },
        "required": ["intent"],
        "additionalProperties": false,
    })
}

#[derive(Deserialize)]
struct Answer {
    intent: Intent,
    object: Option<String>,
    selector: Option<String>,
    parent: Option<String>,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    slots: Vec<SlotAnswer>,
}

#[derive(Deserialize)]
struct SlotAnswer {
    name: String,
    #[serde(rename = "type")]
    rust_type: String,
    value: Value,
}

/// The translator's answer as a mission document with the person's own words as its brief.
pub fn parse_translation(answer: &str, words: &str) -> Result<Draft, DraftError> {
    let answer: Answer = serde_json::from_str(answer)?;
    let named = |name: Option<String>| name.filter(|text| is_identifier(text));
    let slots: Map<String, Value> = answer
        .slots
        .into_iter()
        .filter(|_| answer.intent == Intent::Make)
        .map(|slot| {
            (
                slot.name,
                json!({"type": slot.rust_type, "value": slot.value}),
            )
        })
        .collect();
    let draft = Draft {
        intent: answer.intent,
        brief: words.trim().to_owned(),
        object: named(answer.object),
        selector: named(answer.selector),
        signature: None,
        slots,
        checks: Vec::new(),
        args: (answer.intent == Intent::Send).then_some(answer.args),
        parent: named(answer.parent),
    };
    draft.validate()?;
    Ok(draft)
}
