//! Checks as lines that a model reads: what is called, in which state, and what must come of it.

use serde_json::Value;

use crate::method::{Check, Signature, StructSpec, Type};

/// One line for each check, such as ``with balance = 1.0: `deposit(2.0)` returns `Ok(3.0)` ``.
pub fn describe(check: &Check, signature: &Signature, structure: &StructSpec) -> String {
    let mut line = String::new();
    let state = assignments(&check.slots, structure);
    if !state.is_empty() {
        line.push_str(&format!("with {state}: "));
    }
    let args: Vec<String> = signature
        .params
        .iter()
        .zip(&check.args)
        .map(|(param, value)| literal(&param.ty, value))
        .collect();
    line.push_str(&format!("`{}({})`", signature.name, args.join(", ")));
    if check.error {
        line.push_str(" returns an `Err`");
    } else if let Some(expected) = &check.returns {
        line.push_str(&format!(
            " returns `{}`",
            literal(&signature.returns, expected)
        ));
    }
    let after = assignments(&check.after, structure);
    if !after.is_empty() {
        line.push_str(&format!(", then {after}"));
    }
    line
}

fn assignments<'a>(
    values: impl IntoIterator<Item = (&'a String, &'a Value)>,
    structure: &StructSpec,
) -> String {
    values
        .into_iter()
        .map(|(name, value)| {
            let known = structure.slots.iter().find(|(slot, _)| slot == name);
            let text = known.map_or_else(|| value.to_string(), |(_, ty)| literal(ty, value));
            format!("self.{name} = {text}")
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// A JSON value as the Rust expression that a reader expects for the type.
pub fn literal(ty: &Type, value: &Value) -> String {
    match (ty, value) {
        (Type::Option(_) | Type::Unit, Value::Null) => match ty {
            Type::Unit => "()".to_owned(),
            _ => "None".to_owned(),
        },
        (Type::Option(inner), value) => format!("Some({})", literal(inner, value)),
        (Type::Result(ok, err), Value::Object(map)) => match (map.get("Ok"), map.get("Err")) {
            (Some(value), _) => format!("Ok({})", literal(ok, value)),
            (_, Some(value)) => format!("Err({})", literal(err, value)),
            _ => value.to_string(),
        },
        (Type::F32 | Type::F64, Value::Number(number)) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |float| format!("{float:?}")),
        (Type::Vec(inner) | Type::Slice(inner) | Type::SharedList(inner), Value::Array(items)) => {
            format!("[{}]", list(inner, items))
        }
        _ => value.to_string(),
    }
}

fn list(inner: &Type, items: &[Value]) -> String {
    items
        .iter()
        .map(|item| literal(inner, item))
        .collect::<Vec<_>>()
        .join(", ")
}
