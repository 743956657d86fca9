//! What a new object keeps, by the words that make it: each slot's name, type and first value.
//!
//! The translator sees many kinds of words and says little of slots that is right; asked only this, with examples of it, the
//! same model does.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::decompose::{
    field_pattern, initial, list_pattern, map_pattern, name_schema, slot_schema, slots_schema,
};
use super::plan::{called_names, names_methods, told_names};
use super::scene::Scene;
use super::words::words as words_in;
use super::{Draft, Intent, Prompt, Role, is_identifier};
use crate::method::Type;

/// The most slots that one answer names.
const MOST_SLOTS: usize = 12;
/// The most that an answer has.
const MOST_TOKENS: u32 = 420;

const GUIDE: &str = "\
Name the slots (fields) that a new object keeps, as the words say: each with its name, Rust type and first value.
Names are the words' own. Many of one thing are a Vec; something for each name or key is a BTreeMap; yes or no is a bool; text is a String.
Money and measures are f64; counts and whole numbers are i64; cents are i64. Where the words say no value, it is 0, 0.0, false, \"\", [] or {}.
What the object is to do, how it is called and what it is a kind of are no slots: then there are none.";

/// What is said, of which object, and its slots.
const EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "make a Tank with litres 0, a capacity of 80.5 and the label \"blue\"",
        "Tank",
        r#"[{"name": "litres", "type": "i64", "value": 0}, {"name": "capacity", "type": "f64", "value": 80.5}, {"name": "label", "type": "String", "value": "blue"}]"#,
    ),
    ("we need a Gate, a kind of Door", "Gate", "[]"),
    (
        "a new Barn: for each kind of animal how many there are, and the visitors (names)",
        "Barn",
        r#"[{"name": "animals", "type": "BTreeMap<String, i64>", "value": {}}, {"name": "visitors", "type": "Vec<String>", "value": []}]"#,
    ),
    (
        "create Walk which knows a list of steps (whole numbers), whether it is over, and the pace: f64 = 4.5",
        "Walk",
        r#"[{"name": "steps", "type": "Vec<i64>", "value": []}, {"name": "is_over", "type": "bool", "value": false}, {"name": "pace", "type": "f64", "value": 4.5}]"#,
    ),
    (
        "make a Greeter that can greet people by name and say goodbye",
        "Greeter",
        "[]",
    ),
    (
        "an Atlas with a map roads from city to the cities that it leads to, starting with nothing",
        "Atlas",
        r#"[{"name": "roads", "type": "BTreeMap<String, Vec<String>>", "value": {}}]"#,
    ),
    (
        "I want a Choir; it has for every singer their voice, say alto, and teach it join(singer, voice)",
        "Choir",
        r#"[{"name": "voices", "type": "BTreeMap<String, String>", "value": {}}]"#,
    ),
    (
        "create an object Bus with a slot seats, a map from a row to how many seats it has, a slot taken of the same kind, and a slot stops, a list of names",
        "Bus",
        r#"[{"name": "seats", "type": "BTreeMap<String, i64>", "value": {}}, {"name": "taken", "type": "BTreeMap<String, i64>", "value": {}}, {"name": "stops", "type": "Vec<String>", "value": []}]"#,
    ),
    (
        "Dice has k, starting at 6",
        "Dice",
        r#"[{"name": "k", "type": "i64", "value": 6}]"#,
    ),
    (
        "make Menu with prices (dish to euros) holding soup 4.5 and bread 2",
        "Menu",
        r#"[{"name": "prices", "type": "BTreeMap<String, f64>", "value": {"soup": 4.5, "bread": 2}}]"#,
    ),
];

/// The request for the slots of the object that the draft makes; `None` where the words say nothing of any.
pub fn name_slots(draft: &Draft, scene: &Scene) -> Option<Prompt> {
    let object = draft.object.as_deref()?;
    let is_new = scene.object(object).is_none();
    let makes = draft.intent == Intent::Make
        || draft.intent == Intent::Teach
            && is_new
            && (says_what_it_keeps(&draft.brief) || names_methods(&draft.brief));
    if !makes || !says_more(draft, object) {
        return None;
    }
    let mut prompt = Prompt::new(Role::Brick, "name slots");
    if let Some((_, system)) = prompt.turns.first_mut() {
        system.push_str("\n\n");
        system.push_str(GUIDE);
    }
    let turn = |words: &str, object: &str| format!("Words: {words}\nSlots of {object}:");
    for (words, object, slots) in EXAMPLES {
        prompt = prompt.person(turn(words, object)).persona(*slots);
    }
    let asked = prompt.person(turn(draft.brief.trim(), object));
    Some(asked.json(&schema(&draft.brief), MOST_TOKENS))
}

/// The draft with the slots of the answer; as it was where that is none.
pub fn take_slots(draft: &mut Draft, answer: &str) {
    let Ok(named) = serde_json::from_str::<Vec<Slot>>(answer) else {
        return;
    };
    let methods = called_names(&draft.brief);
    let told = told_names(&draft.brief);
    let taught = taught_names(&draft.brief);
    let mut slots = Map::new();
    for slot in named {
        let is_method = methods.contains(slot.name.as_str())
            || told.contains(&slot.name)
            || taught.contains(&slot.name)
            || draft.selector.as_deref() == Some(slot.name.as_str());
        let Ok(ty) = Type::parse(&slot.rust_type) else {
            continue;
        };
        if is_method || !is_identifier(&slot.name) {
            continue;
        }
        let value = initial(&ty, slot.value);
        slots.insert(slot.name, json!({"type": ty.to_string(), "value": value}));
    }
    draft.slots = slots;
}

/// `teach it record`: what follows is no slot.
fn taught_names(words: &str) -> BTreeSet<String> {
    let spoken: Vec<String> = words_in(words).map(str::to_lowercase).collect();
    let names = spoken.windows(3).filter_map(|three| match three {
        [teach, _, name] if teach == "teach" => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

#[derive(Deserialize)]
struct Slot {
    name: String,
    #[serde(rename = "type")]
    rust_type: String,
    value: Value,
}

/// Slots of any names; those that the words name come first, and are all where they name several.
fn schema(words: &str) -> Value {
    let scalar = json!({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 200}, {"type": "boolean"}]});
    let value = json!({"anyOf": [scalar, {"type": "null"}, {"type": "array", "items": scalar, "maxItems": 16},
        {"type": "object", "additionalProperties": scalar, "maxProperties": 16}]});
    let named = named(words);
    if named.is_empty() {
        return slots_schema(MOST_SLOTS, &field_pattern(), &value);
    }
    let slots = named
        .iter()
        .map(|(name, pattern)| slot_schema(&json!({"const": name}), pattern, &value));
    let slots: Vec<Value> = slots.collect();
    let count = slots.len();
    let (rest, most) = if count > 1 {
        (Value::Bool(false), count)
    } else {
        let any = slot_schema(&name_schema(), &field_pattern(), &value);
        (any, MOST_SLOTS)
    };
    json!({"type": "array", "prefixItems": slots, "items": rest, "minItems": count, "maxItems": most})
}

/// `a slot seats, a map from …, and a slot taken of the same kind`: names, and patterns of the types that they may have.
fn named(words: &str) -> Vec<(String, String)> {
    const FOLLOWING: [&str; 8] = [
        "of", "and", "with", "starting", "holding", "that", "which", "for",
    ];
    let lower = words.to_lowercase().replace("another slot ", "a slot ");
    let mut named: Vec<(String, String)> = Vec::new();
    for told in lower.split(" a slot ").skip(1) {
        let told = told
            .trim_start_matches("called ")
            .trim_start_matches("named ");
        let end = told.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (name, told) = told.split_at(end.unwrap_or(told.len()));
        let follows = words_in(told).next().unwrap_or_default();
        let is_apart = !told.starts_with(' ') || FOLLOWING.contains(&follows);
        if !is_identifier(name) || !is_apart {
            return Vec::new();
        }
        // What is said of it stands right behind it, up to the next comma.
        let told = told.trim_start_matches(',');
        let told = told.split([',', ';', '.']).next().unwrap_or_default();
        let is_a = |what: &str| {
            let kinds = ["a", "of", "as a", "the"].map(|word| format!(" {word} {what}"));
            kinds.iter().any(|kind| told.contains(kind.as_str()))
        };
        let pattern = if is_a("map") {
            format!("^{}$", map_pattern())
        } else if is_a("list") {
            format!("^{}$", list_pattern())
        } else if let Some((_, same)) = named.last().filter(|_| told.contains("same kind")) {
            same.clone()
        } else {
            field_pattern()
        };
        named.push((name.to_owned(), pattern));
    }
    named.truncate(MOST_SLOTS);
    named
}

/// Whether the words tell of what a new object has, rather than only of what it does.
fn says_what_it_keeps(words: &str) -> bool {
    const KEEPING: [&str; 18] = [
        "with",
        "has",
        "have",
        "having",
        "keeps",
        "keep",
        "knows",
        "holds",
        "holding",
        "stores",
        "contains",
        "containing",
        "remembers",
        "tracks",
        "slot",
        "slots",
        "starts",
        "starting",
    ];
    words_in(words).any(|word| KEEPING.contains(&word.to_lowercase().as_str()))
}

/// Whether the words say more than that there is to be an object of that name.
fn says_more(draft: &Draft, object: &str) -> bool {
    const EMPTY: [&str; 31] = [
        "make", "create", "add", "a", "an", "the", "new", "another", "one", "object", "objects",
        "called", "named", "name", "please", "i", "we", "you", "want", "need", "would", "like",
        "to", "have", "me", "us", "can", "kind", "of", "with", "for",
    ];
    let parent = draft.parent.as_deref().unwrap_or_default();
    words_in(&draft.brief).any(|word| {
        let is_name = word.eq_ignore_ascii_case(object) || word.eq_ignore_ascii_case(parent);
        !is_name && !EMPTY.contains(&word.to_lowercase().as_str())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn draft(words: &str, parent: Option<&str>) -> Draft {
        let document =
            json!({"intent": "make", "object": "Shop", "parent": parent, "brief": words});
        Draft::from_json(&document.to_string()).unwrap()
    }

    #[test]
    fn only_words_that_say_more_are_asked_about() {
        let asks = |words: &str| name_slots(&draft(words, Some("Store")), &Scene::default());
        assert!(asks("please make a new Shop").is_none());
        assert!(asks("we need a Shop, a kind of Store").is_none());
        let prompt = asks("make a Shop with a float f").unwrap();
        assert_eq!(
            prompt.turns.last().unwrap().1,
            "Words: make a Shop with a float f\nSlots of Shop:"
        );
    }

    #[test]
    fn slots_that_are_named_are_those() {
        let words = "a Bus with a slot seats, a map from a row to seats, a slot taken of the same kind and a slot called driver";
        let named = named(words);
        let map = format!("^{}$", map_pattern());
        let expected = [
            ("seats", map.clone()),
            ("taken", map),
            ("driver", field_pattern()),
        ];
        assert_eq!(
            named,
            expected.map(|(name, pattern)| (name.to_owned(), pattern))
        );
        let slots = schema(words);
        assert_eq!(slots.get("minItems"), Some(&json!(3)));
        assert_eq!(slots.get("items"), Some(&json!(false)));
        let one = "make a Cart with a slot total, a limit of 80.5, and teach it add, which takes a list of prices";
        assert_eq!(super::named(one), [("total".to_owned(), field_pattern())]);
        assert_eq!(schema(one).get("maxItems"), Some(&json!(MOST_SLOTS)));
        assert!(super::named("a Bus with slots seats and taken").is_empty());
        assert!(super::named("a Bus which keeps its seats").is_empty());
        assert!(super::named("a Lot with one slot per car").is_empty());
    }

    #[test]
    fn slots_are_taken_but_methods_are_none() {
        let mut made = draft(
            "a Shop with prices; teach it buy, and it has sell(name)",
            None,
        );
        take_slots(
            &mut made,
            r#"[{"name": "prices", "type": "BTreeMap<String, i64>", "value": {"tea": 3}},
                {"name": "open", "type": "bool", "value": "soon"},
                {"name": "sell", "type": "f64", "value": 1}, {"name": "buy", "type": "f64", "value": 1}]"#,
        );
        assert_eq!(
            Value::Object(made.slots.clone()),
            json!({"prices": {"type": "BTreeMap<String, i64>", "value": {"tea": 3}}, "open": {"type": "bool", "value": false}})
        );
        let before = made.slots.clone();
        take_slots(&mut made, "[{");
        assert_eq!(made.slots, before);
    }
}
