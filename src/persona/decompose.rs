//! BRICK's DECOMPOSING: from a brief to a method's receiver, parameters, result and new slots.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::draft::is_identifier;
use super::{Prompt, Role};
use crate::method::{
    Param, Receiver, Signature, Type, default_value, value_from_json, value_to_json,
};

/// What DECOMPOSING decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    pub signature: Signature,
    /// New slots as in a mission document: `{"balance": {"type": "f64", "value": 0.0}}`.
    pub slots: Map<String, Value>,
}

/// Why an answer is no design.
#[derive(Debug, thiserror::Error)]
pub enum DesignError {
    #[error("the design is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the design has an unusable type: {0}")]
    Type(String),
    #[error("the design has an unusable name `{0}`")]
    Name(String),
    #[error("the design does not take the call: {0}")]
    Call(String),
}

/// The request for a design of `selector` on `object`, whose present slots are given as `(name, type)`.
pub fn decompose(object: &str, selector: &str, brief: &str, slots: &[(String, String)]) -> Prompt {
    let mut text = String::from(GUIDE);
    let _ = write!(text, "\nObject: {object}");
    if slots.is_empty() {
        text.push_str(" (no slots yet)");
    } else {
        let fields: Vec<String> = slots
            .iter()
            .map(|(name, rust_type)| format!("{name}: {rust_type}"))
            .collect();
        let _ = write!(text, " {{ {} }}", fields.join(", "));
    }
    let _ = write!(
        text,
        "\nMethod: {selector}\nBrief: {}\nDesign:",
        brief.trim()
    );
    Prompt::new(Role::Brick, "decompose")
        .person(text)
        .json(&schema(), 320)
}

const GUIDE: &str = "\
Design the Rust signature of one method and the slots (fields) that the object needs for it but does not have yet. \
Slots are what the object keeps between calls; parameters are what the caller gives. A method that changes a slot \
takes &mut self. When the brief says refuse, reject, error or fail, the result is a Result<…, String>. When there may be \
nothing to return, it is an Option. Amounts, prices, rates and temperatures are f64; counts are i64.

Object: Door (no slots yet)
Method: open
Brief: teach Door to open; refuse when it is locked
Design: {\"receiver\": \"&mut self\", \"parameters\": [], \"returns\": \"Result<(), String>\", \"slots\": [{\"name\": \"is_open\", \"type\": \"bool\", \"value\": false}, {\"name\": \"locked\", \"type\": \"bool\", \"value\": false}]}

Object: Cart { prices: Vec<f64> }
Method: total
Brief: the sum of all prices
Design: {\"receiver\": \"&self\", \"parameters\": [], \"returns\": \"f64\", \"slots\": []}

Object: Wallet (no slots yet)
Method: pay
Brief: pay an amount: refuse more than there is, return what is left
Design: {\"receiver\": \"&mut self\", \"parameters\": [{\"name\": \"amount\", \"type\": \"f64\"}], \"returns\": \"Result<f64, String>\", \"slots\": [{\"name\": \"money\", \"type\": \"f64\", \"value\": 0.0}]}

Object: Greeter (no slots yet)
Method: greet
Brief: greet a person by name
Design: {\"receiver\": \"&self\", \"parameters\": [{\"name\": \"name\", \"type\": \"String\"}], \"returns\": \"String\", \"slots\": []}
";

/// A pattern for types as a small model may write them: scalars and up to two levels of containers.
fn type_pattern() -> String {
    pattern("f64|i64|u32|u64|usize|bool|char|String|ObjectRef", "")
}

/// The same for slots: no plain `ObjectRef`, for which no object is at hand, but also what is merged.
pub(super) fn slot_pattern() -> String {
    let scalars = "f64|i64|u32|u64|usize|bool|char|String";
    let more = format!(
        "|Option<ObjectRef>|Vec<ObjectRef>|Counter|SharedSet<(String|i64)>|SharedList<({scalars})>"
    );
    pattern(scalars, &more)
}

fn pattern(scalars: &str, more: &str) -> String {
    let scalar = format!("({scalars})");
    let one = format!(
        "({scalar}|Vec<{scalar}>|Option<{scalar}>|BTreeMap<(String|i64), {scalar}>|BTreeSet<(String|i64)>)"
    );
    format!(
        "^(\\(\\)|{one}|Vec<{one}>|Option<{one}>|Result<(\\(\\)|{one}), String>|\\({scalar}, {scalar}\\)|Vec<\\({scalar}, {scalar}\\)>|BTreeMap<String, {one}>{more})$"
    )
}

fn schema() -> Value {
    schema_with(any_parameters())
}

fn any_parameters() -> Value {
    let name = json!({"type": "string", "pattern": "^[a-z_][a-z0-9_]{0,40}$"});
    let rust_type = json!({"type": "string", "pattern": type_pattern()});
    json!({"type": "array", "maxItems": 6, "items": {
        "type": "object", "properties": {"name": name, "type": rust_type},
        "required": ["name", "type"], "additionalProperties": false}})
}

/// What a design says, as properties of a larger answer, and their names in order.
pub(super) fn schema_properties() -> (Map<String, Value>, [&'static str; 4]) {
    let names = ["receiver", "parameters", "returns", "slots"];
    let mut schema = schema();
    let properties = schema.get_mut("properties").map(Value::take);
    match properties {
        Some(Value::Object(properties)) => (properties, names),
        _ => (Map::new(), names),
    }
}

/// The same with other parameters.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it becomes a part of the schema"
)]
pub(super) fn schema_with(parameters: Value) -> Value {
    let name = json!({"type": "string", "pattern": "^[a-z_][a-z0-9_]{0,40}$"});
    let rust_type = json!({"type": "string", "pattern": type_pattern()});
    let slot_type = json!({"type": "string", "pattern": slot_pattern()});
    let scalar = json!({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 80}, {"type": "boolean"}, {"type": "null"},
        {"type": "array", "maxItems": 0, "items": {"type": "null"}}, {"type": "object", "properties": {}, "additionalProperties": false}]});
    json!({
        "type": "object",
        "properties": {
            "receiver": {"enum": ["&self", "&mut self"]},
            "parameters": parameters,
            "returns": rust_type,
            "slots": {"type": "array", "maxItems": 6, "items": {
                "type": "object", "properties": {"name": name, "type": slot_type, "value": scalar},
                "required": ["name", "type", "value"], "additionalProperties": false}},
        },
        "required": ["receiver", "parameters", "returns", "slots"],
        "additionalProperties": false,
    })
}

/// A design as BRICK writes it.
#[derive(Deserialize)]
pub(super) struct Answer {
    receiver: String,
    parameters: Vec<Field>,
    returns: String,
    slots: Vec<Field>,
}

#[derive(Deserialize)]
pub(super) struct Field {
    name: String,
    #[serde(rename = "type")]
    rust_type: String,
    #[serde(default)]
    value: Value,
}

/// BRICK's answer as a design. Slots that exist already, and slots that only repeat a parameter, are left
/// out; an initial value that does not fit its type becomes the type's empty value.
pub fn parse_design(
    answer: &str,
    selector: &str,
    existing: &[(String, String)],
) -> Result<Design, DesignError> {
    design_of(serde_json::from_str(answer)?, selector, existing)
}

/// The same of an answer that was read already.
pub(super) fn design_of(
    answer: Answer,
    selector: &str,
    existing: &[(String, String)],
) -> Result<Design, DesignError> {
    let parse =
        |text: &str| Type::parse(text).map_err(|error| DesignError::Type(error.to_string()));
    let mut params: Vec<Param> = Vec::new();
    for field in &answer.parameters {
        if !is_identifier(&field.name) {
            return Err(DesignError::Name(field.name.clone()));
        }
        if params.iter().all(|param| param.name != field.name) {
            params.push(Param {
                name: field.name.clone(),
                ty: parse(&field.rust_type)?,
            });
        }
    }
    let mut slots = Map::new();
    for field in answer.slots {
        let known = existing.iter().any(|(name, _)| *name == field.name);
        let repeated = params.iter().any(|param| param.name == field.name);
        if known || repeated || !is_identifier(&field.name) {
            continue;
        }
        let ty = parse(&field.rust_type)?;
        let value = initial(&ty, field.value);
        slots.insert(field.name, json!({"type": ty.to_string(), "value": value}));
    }
    Ok(Design {
        signature: Signature {
            name: selector.to_owned(),
            receiver: if answer.receiver == "&mut self" {
                Receiver::Mutable
            } else {
                Receiver::Shared
            },
            params,
            returns: parse(&answer.returns)?,
        },
        slots,
    })
}

fn initial(ty: &Type, value: Value) -> Value {
    if value_from_json(ty, &value).is_ok() {
        return value;
    }
    value_to_json(ty, &default_value(ty)).unwrap_or(Value::Null)
}
