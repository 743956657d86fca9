//! BRICK's DECOMPOSING of a send that nobody understands: the call gives the parameters' types, or what they may be.

use serde_json::{Value, json};

use super::decompose::{
    Design, DesignError, Wanted, decompose, name_schema, parse_design, schema_with,
};
use super::{Prompt, Speaker};
use crate::method::{AnyName, Names, Type, value_from_json_with};

/// What a parameter may be designed as, the likely first.
const TYPES: [&str; 26] = [
    "bool",
    "f64",
    "i64",
    "u32",
    "u64",
    "usize",
    "String",
    "char",
    "ObjectRef",
    "Vec<f64>",
    "Vec<i64>",
    "Vec<String>",
    "Vec<bool>",
    "Vec<ObjectRef>",
    "Vec<Vec<f64>>",
    "Vec<Vec<i64>>",
    "Vec<Vec<String>>",
    "(String, f64)",
    "(String, i64)",
    "(String, String)",
    "Vec<(String, f64)>",
    "Vec<(String, String)>",
    "BTreeMap<String, f64>",
    "BTreeMap<String, i64>",
    "BTreeMap<String, String>",
    "BTreeMap<String, Vec<String>>",
];
const OPTIONAL: [&str; 3] = ["Option<String>", "Option<f64>", "Option<i64>"];

/// The types that take the value.
fn types_of(arg: &Value, names: &dyn Names) -> Vec<&'static str> {
    let all = TYPES.iter().chain(&OPTIONAL).copied();
    let optional = arg.is_null();
    all.filter(|text| text.starts_with("Option") == optional)
        .filter(|text| {
            // `"NaN"` is text before it is a number.
            let number = matches!(*text, "f64" | "Vec<f64>") && !numeric(arg);
            !number
                && Type::parse(text).is_ok_and(|ty| value_from_json_with(&ty, arg, names).is_ok())
        })
        .collect()
}

fn numeric(arg: &Value) -> bool {
    match arg {
        Value::Array(items) => items.iter().all(Value::is_number),
        other => other.is_number(),
    }
}

/// Whether a method can take the value at all.
pub fn fits_some_type(arg: &Value, names: &dyn Names) -> bool {
    !types_of(arg, names).is_empty()
}

/// The request for a design of a method as it was sent with `args`.
pub fn decompose_call(wanted: &Wanted<'_>, args: &[Value], names: &dyn Names) -> Prompt {
    let types: Vec<Vec<&str>> = args.iter().map(|arg| types_of(arg, names)).collect();
    let mut prompt = decompose(wanted);
    if let Some((Speaker::Person, text)) = prompt.turns.last_mut()
        && let Some(before) = text.strip_suffix("\nDesign:")
    {
        let mut told = before.to_owned();
        for (number, (arg, types)) in args.iter().zip(&types).enumerate() {
            let arg: String = arg.to_string().chars().take(200).collect();
            told.push_str(&format!(
                "\nParameter {} was given as {arg}: {}",
                number + 1,
                types.join(" or ")
            ));
        }
        if args.is_empty() {
            told.push_str("\nIt was called without arguments.");
        }
        told.push_str("\nDesign:");
        *text = told;
    }
    prompt.json(&schema_with(parameters(&types), false), 320)
}

fn parameters(types: &[Vec<&str>]) -> Value {
    let count = types.len();
    if count == 0 {
        return json!({"type": "array", "maxItems": 0});
    }
    let name = name_schema();
    let fields: Vec<Value> = types
        .iter()
        .map(|types| {
            json!({"type": "object", "properties": {"name": name, "type": {"enum": types}},
                "required": ["name", "type"], "additionalProperties": false})
        })
        .collect();
    json!({"type": "array", "prefixItems": fields, "items": false, "minItems": count, "maxItems": count})
}

/// BRICK's answer as a design that takes these arguments.
pub fn parse_call_design(
    answer: &str,
    selector: &str,
    existing: &[(String, String)],
    args: &[Value],
) -> Result<Design, DesignError> {
    let design = parse_design(answer, selector, existing)?;
    let params = &design.signature.params;
    if params.len() != args.len() {
        return Err(DesignError::Call(format!(
            "it takes {} arguments, and {} were given",
            params.len(),
            args.len()
        )));
    }
    for (param, arg) in params.iter().zip(args) {
        value_from_json_with(&param.ty, arg, &AnyName)
            .map_err(|error| DesignError::Call(format!("`{}`: {error}", param.name)))?;
    }
    Ok(design)
}
