//! The translator: plain words to a mission document, by JSON that can only have the right shape.
//!
//! The brief itself is never rewritten by the model: the person's words go on as they were typed. What is the
//! same in every request stands first, so that the engine has it evaluated from the last time.

mod bank;
mod examples;
mod leaning;
mod marked;

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::decompose::{name_schema, slot_pattern, slots_schema};
use super::draft::is_identifier;
use super::scene::{Known, Scene};
use super::{Draft, DraftError, Intent, Prompt, Role, naming, resolve};
use crate::method::{Type, default_value, value_from_json, value_to_json};

/// The most objects that a prompt lists.
const MOST_OBJECTS: usize = 16;
/// The most that an answer has.
const MOST_TOKENS: u32 = 220;
/// The most of a text said before that a prompt repeats, in characters.
const MOST_SAID: usize = 160;

/// The request that turns `words` into a mission.
pub fn translate(words: &str, scene: &Scene) -> Prompt {
    let mut prompt = Prompt::new(Role::Translator, "translate");
    if let Some((_, system)) = prompt.turns.first_mut() {
        system.push_str("\n\n");
        system.push_str(GUIDE);
    }
    let mut objects = examples::OBJECTS;
    // Those that depend on the words come behind what is the same each time; all are about the same objects.
    let examples = examples::ALL.iter().copied().chain(bank::nearest(words));
    for (words, mission) in examples {
        prompt = prompt
            .person(format!("{objects}Words: {words}\nMission:"))
            .persona(mission);
        objects = "";
    }
    prompt
        .person(request(words, scene))
        .json(&schema(&Intent::ALL), MOST_TOKENS)
}

/// The request once more, where the words speak for another intent than the answer's and that one needs names, or where a
/// new method was given the name of another that is there; `None` where the answer stands, or needs nothing more.
pub fn translate_again(answer: &str, words: &str, scene: &Scene) -> Option<Prompt> {
    let told = read_translation(answer, words).ok()?.intent;
    if told == Intent::Teach
        && let Ok(draft) = parse_translation(answer, words, scene)
        && draft.intent == Intent::Teach
        && naming::is_borrowed(&draft, scene)
    {
        if naming::adds(&words.to_lowercase()) {
            // What the model does not see it cannot take.
            let named = schema(&[Intent::Teach]);
            return Some(translate(words, &scene.without_methods()).json(&named, MOST_TOKENS));
        }
        let names = naming::names_in(words, scene);
        let named = schema_of(&[Intent::Teach], &json!({"enum": names}));
        return (!names.is_empty()).then(|| translate(words, scene).json(&named, MOST_TOKENS));
    }
    let intent = leaning::settled(told, words, scene);
    let needs_names = matches!(
        intent,
        Intent::Teach | Intent::Send | Intent::Make | Intent::Inspect
    );
    (intent != told && needs_names)
        .then(|| translate(words, scene).json(&schema(&[intent]), MOST_TOKENS))
}

fn request(words: &str, scene: &Scene) -> String {
    let mut text = String::new();
    if scene.known.is_empty() {
        text.push_str("Objects: none yet\n");
    } else {
        text.push_str("Objects:\n");
    }
    for known in likeliest(words, scene) {
        text.push_str(&line(known));
    }
    if !scene.said.is_empty() {
        text.push_str("Before:\n");
    }
    for said in &scene.said {
        let _ = writeln!(text, "Person: {}", short(&said.person));
        let _ = writeln!(text, "ROBIN: {}", short(&said.robin));
    }
    if let Some(selected) = &scene.selected {
        let _ = writeln!(text, "Selected: {selected}");
    }
    let _ = write!(text, "Words: {}\nMission:", words.trim());
    text
}

/// One object as the translator sees it: `Savings (a kind of Account): rate; add_interest()`.
fn line(known: &Known) -> String {
    let methods: Vec<String> = known
        .methods
        .iter()
        .map(|method| format!("{}({})", method.selector, method.parameters.join(", ")))
        .collect();
    let parent = known
        .parent
        .as_ref()
        .map(|parent| format!(" (a kind of {parent})"))
        .unwrap_or_default();
    format!(
        "- {}{parent}: methods {}; slots {}\n",
        known.object,
        some(&methods),
        some(&known.slots)
    )
}

fn some(parts: &[String]) -> String {
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    }
}

/// A text said before on one line.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(MOST_SAID).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// The objects to list, in the order in which the scene has them: where there are too many, those that the words or
/// what was said before name, the selected one, and the newest.
fn likeliest<'a>(words: &str, scene: &'a Scene) -> Vec<&'a Known> {
    let mut heard = words.to_lowercase();
    for said in &scene.said {
        heard.push_str(&said.person.to_lowercase());
        heard.push_str(&said.robin.to_lowercase());
    }
    let rank = |known: &Known| {
        let named = heard.contains(&known.object.to_lowercase())
            || known
                .methods
                .iter()
                .any(|method| heard.contains(&method.selector.to_lowercase()));
        !(named || scene.selected.as_ref() == Some(&known.object))
    };
    let mut ranked: Vec<(bool, usize, &Known)> = scene
        .known
        .iter()
        .enumerate()
        .map(|(at, known)| (rank(known), scene.known.len() - at, known))
        .collect();
    ranked.sort_by_key(|(unnamed, age, _)| (*unnamed, *age));
    ranked.truncate(MOST_OBJECTS);
    ranked.sort_by_key(|(_, age, _)| std::cmp::Reverse(*age));
    ranked.into_iter().map(|(_, _, known)| known).collect()
}

const GUIDE: &str = "\
The intents:
teach: an object is to learn something new, or one of its methods is to be changed. Wishes for an ability, rules for a method.
send: an object does now what one of its methods does, or a method's result is wanted. Orders with the name or the meaning of a listed method.
make: a new object.
inspect: one object is to be shown: its slots, values, methods, source.
remember: a fact is to be kept in mind.
undo: the last change is to be taken back.
ask: a question that no method answers: how, why, when, which, who; an explanation.
chat: greeting, thanks, goodbye, feelings, small talk, nothing to do.
\"it\", \"this\", \"that\" mean the selected object, else the one talked of before.";

/// One form for each intent, so that nothing can be left out that the intent needs, nor stand there that it does not.
fn schema(intents: &[Intent]) -> Value {
    schema_of(intents, &name_schema())
}

/// The same with what a selector may be.
fn schema_of(intents: &[Intent], selector: &Value) -> Value {
    let object = json!({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,40}$"});
    let scalar = json!({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 200}, {"type": "boolean"}, {"type": "null"}]});
    let value = json!({"anyOf": [scalar, {"type": "array", "items": scalar, "maxItems": 16}]});
    let args = json!({"type": "array", "items": value, "maxItems": 8});
    let slots = slots_schema(8, &slot_pattern(), &value);
    let forms: Vec<Value> = intents
        .iter()
        .map(|intent| {
            let parts: Vec<(&str, &Value)> = match intent {
                Intent::Teach => vec![("object", &object), ("selector", selector)],
                Intent::Send => vec![("object", &object), ("selector", selector), ("args", &args)],
                Intent::Make => vec![("object", &object), ("parent", &object), ("slots", &slots)],
                Intent::Inspect => vec![("object", &object)],
                Intent::Ask | Intent::Remember | Intent::Undo | Intent::Chat => Vec::new(),
            };
            form(*intent, &parts)
        })
        .collect();
    json!({"anyOf": forms})
}

/// An object whose parts are all there, in this order; a prototype may be missing.
fn form(intent: Intent, parts: &[(&str, &Value)]) -> Value {
    let mut properties = Map::new();
    properties.insert("intent".to_owned(), json!({"const": intent.name()}));
    let mut required = vec!["intent"];
    for (name, schema) in parts {
        properties.insert((*name).to_owned(), (*schema).clone());
        if *name != "parent" {
            required.push(name);
        }
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
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

/// The translator's answer as a mission document with the person's own words as its brief, its names and its intent
/// set right by what the scene has.
pub fn parse_translation(answer: &str, words: &str, scene: &Scene) -> Result<Draft, DraftError> {
    let mut draft = read_translation(answer, words)?;
    let intent = leaning::settled(draft.intent, words, scene);
    if matches!(
        intent,
        Intent::Ask | Intent::Chat | Intent::Remember | Intent::Undo
    ) {
        // Who only answers, notes or takes back needs no names.
        resolve::only_answer(&mut draft, intent);
    }
    let draft = resolve::resolve(draft, scene);
    draft.validate()?;
    Ok(draft)
}

/// The same, as the model left it.
pub fn read_translation(answer: &str, words: &str) -> Result<Draft, DraftError> {
    let answer: Answer = serde_json::from_str(answer)?;
    let named = |name: Option<String>| name.filter(|text| is_identifier(text));
    let slots: Map<String, Value> = answer
        .slots
        .into_iter()
        .filter(|_| answer.intent == Intent::Make)
        .map(|slot| {
            let value = fitting(&slot.rust_type, slot.value);
            (slot.name, json!({"type": slot.rust_type, "value": value}))
        })
        .collect();
    Ok(Draft {
        intent: answer.intent,
        brief: words.trim().to_owned(),
        object: named(answer.object),
        selector: named(answer.selector),
        signature: None,
        slots,
        checks: Vec::new(),
        source: None,
        args: (answer.intent == Intent::Send).then_some(answer.args),
        parent: named(answer.parent),
    })
}

/// The value, or what the type begins with where the value is none of it.
fn fitting(rust_type: &str, value: Value) -> Value {
    let Ok(ty) = Type::parse(rust_type) else {
        return value;
    };
    if value_from_json(&ty, &value).is_ok() {
        return value;
    }
    value_to_json(&ty, &default_value(&ty)).unwrap_or(value)
}
