//! The requests for a plan, and for another one of a part that failed: guide, what there is, schema.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{FailedPart, Ground, MAX_TOKENS, MOST_PARTS, MOST_WORDS};
use crate::persona::decompose::{name_schema, schema_properties};
use crate::persona::{Prompt, Role};

/// The request for a plan of a brief; `refused` says what was wrong with the answer before.
pub fn plan(brief: &str, ground: &Ground, refused: Option<&str>) -> Prompt {
    let mut text = format!("{CUTTING}\n{PLANS}");
    tell_ground(&mut text, ground);
    let _ = write!(text, "\nBrief: {}", brief.trim());
    ask(text, refused, &schema(false))
}

/// The request for another plan of one part, with signatures, given why it failed.
pub fn plan_again(failed: &FailedPart<'_>, ground: &Ground, refused: Option<&str>) -> Prompt {
    let mut text = format!("{CUTTING} {DESIGNING}\n{DESIGNED_PLANS}");
    tell_ground(&mut text, ground);
    let _ = write!(
        text,
        "\nBrief: the method `{}` of {}: {}\nIt was planned as one part, and writing it failed: {}\n\
         Plan it otherwise: with another signature, or as a part of the same name that calls smaller ones.",
        failed.selector,
        failed.object,
        failed.brief.trim(),
        failed.diagnosis.trim(),
    );
    ask(text, refused, &schema(true))
}

fn ask(mut text: String, refused: Option<&str>, schema: &Value) -> Prompt {
    if let Some(why) = refused {
        let _ = write!(text, "\nNot like before: {why}.");
    }
    text.push_str("\nPlan:");
    Prompt::new(Role::Brick, "plan")
        .person(text)
        .json(schema, MAX_TOKENS)
}

fn tell_ground(text: &mut String, ground: &Ground) {
    let _ = write!(text, "\nObject: {}", ground.object);
    if ground.objects.is_empty() {
        text.push_str(" (no slots and no methods yet)");
    }
    for object in &ground.objects {
        let slots: Vec<String> = object
            .slots
            .iter()
            .map(|(name, rust_type)| format!("{name}: {rust_type}"))
            .collect();
        let _ = write!(
            text,
            "\nThere is {} {{ {} }}",
            object.name,
            slots.join(", ")
        );
        for method in &object.methods {
            let _ = write!(text, "; {method}");
        }
    }
}

const CUTTING: &str = "\
Cut a brief into the methods that it asks for, one part for each, in the order in which they can be written. Most briefs \
ask for one method: then there is one part. No part for what is there already, and no helpers that the brief does not ask for. \
\"does\" says what the method does, with every rule and number of the brief that is about it. \"calls\" names the other methods that this one uses, and \
only those; the methods of another object that is given are called as in other.fill.";

const DESIGNING: &str = "\
Slots are what the object keeps between calls; parameters are what the caller gives. A method that changes a \
slot takes &mut self. When the brief says refuse, reject, error or fail, and only then, the result is a Result<…, String>. When there may be \
nothing to return, it is an Option. Amounts, prices, rates and temperatures are f64; counts and whole numbers are i64; cents are i64. Another object that is \
given is an ObjectRef.";

const PLANS: &str = r#"Object: Door (no slots and no methods yet)
Brief: teach Door to open and to close; refuse to open when it is locked
Plan: {"parts": [{"object": "Door", "method": "open", "does": "open the door; refuse when it is locked", "calls": []}, {"object": "Door", "method": "close", "does": "close the door", "calls": []}]}

Object: Tank
There is Tank { litres: f64 }
Brief: Tank needs fill(amount), drain(amount) which refuses more than there is, and pour(other, amount), which drains here and fills the other tank
Plan: {"parts": [{"object": "Tank", "method": "fill", "does": "add the amount to the litres", "calls": []}, {"object": "Tank", "method": "drain", "does": "take the amount from the litres; refuse more than there is", "calls": []}, {"object": "Tank", "method": "pour", "does": "drain the amount here and fill it into the other tank", "calls": ["drain", "other.fill"]}]}

Object: Cart
There is Cart { prices: Vec<f64> }
Brief: teach Cart to total, that is to add up all prices and to take a tenth off above 100
Plan: {"parts": [{"object": "Cart", "method": "total", "does": "add up all prices and take a tenth off above 100", "calls": []}]}

Object: Choir
There is Choir { singers: Vec<String> }
Brief: make a Choir that keeps the names of singers; teach it join (a name), which adds one and returns how many there are then, size, roll_call, which gives all names sorted, and quiet for whether there is nobody
Plan: {"parts": [{"object": "Choir", "method": "join", "does": "add the name to the singers and return how many there are then", "calls": []}, {"object": "Choir", "method": "size", "does": "how many singers there are", "calls": []}, {"object": "Choir", "method": "roll_call", "does": "all names, sorted", "calls": []}, {"object": "Choir", "method": "quiet", "does": "whether there are no singers", "calls": []}]}
"#;

const DESIGNED_PLANS: &str = r#"Object: Tank
There is Tank { litres: f64 }
Brief: Tank needs fill(amount), drain(amount) which refuses more than there is, and pour(other, amount), which drains here and fills the other tank
Plan: {"parts": [{"object": "Tank", "method": "fill", "does": "add the amount to the litres", "calls": [], "receiver": "&mut self", "parameters": [{"name": "amount", "type": "f64"}], "returns": "f64", "slots": []}, {"object": "Tank", "method": "drain", "does": "take the amount from the litres; refuse more than there is", "calls": [], "receiver": "&mut self", "parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>", "slots": []}, {"object": "Tank", "method": "pour", "does": "drain the amount here and fill it into the other tank", "calls": ["drain", "other.fill"], "receiver": "&self", "parameters": [{"name": "other", "type": "ObjectRef"}, {"name": "amount", "type": "f64"}], "returns": "Result<(), String>", "slots": []}]}

Object: Cart (no slots and no methods yet)
Brief: the method `total` of Cart: add up all prices and take a tenth off above 100
Plan: {"parts": [{"object": "Cart", "method": "total", "does": "add up all prices and take a tenth off above 100", "calls": [], "receiver": "&self", "parameters": [], "returns": "f64", "slots": [{"name": "prices", "type": "Vec<f64>", "value": []}]}]}
"#;

fn schema(designed: bool) -> Value {
    let name = name_schema();
    let object = json!({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,40}$"});
    let mut properties = json!({
        "object": object,
        "method": name,
        "does": {"type": "string", "minLength": 3, "maxLength": MOST_WORDS},
        "calls": {"type": "array", "maxItems": MOST_PARTS, "items": {
            "type": "string", "pattern": "^([A-Za-z_][A-Za-z0-9_]{0,40}\\.)?[a-z_][a-z0-9_]{0,40}$"}},
    });
    let mut required = vec!["object", "method", "does", "calls"];
    if designed && let Value::Object(properties) = &mut properties {
        let (more, names) = schema_properties();
        properties.extend(more);
        required.extend(names);
    }
    json!({"type": "object", "properties": {"parts": {
        "type": "array", "minItems": 1, "maxItems": MOST_PARTS,
        "items": {"type": "object", "properties": properties, "required": required, "additionalProperties": false},
    }}, "required": ["parts"], "additionalProperties": false})
}
