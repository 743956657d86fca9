//! Values in the notation of Rust's `{:?}`, by the declared type: what people and models read in messages.

use std::fmt::Write;

use super::names::numbered;
use super::panel;
use super::types::Type;
use super::value::Value;

/// Appends the value. Writing to a `String` cannot fail, so that results of `write!` are let go.
pub(super) fn write(out: &mut String, ty: &Type, value: &Value) {
    match (ty.carried(), value) {
        (Type::Option(_), Value::Nothing) => out.push_str("None"),
        (Type::Option(inner), _) => wrapped(out, "Some", inner, value),
        (_, Value::Nothing) => out.push_str("()"),
        (_, Value::Bool(value)) => drop(write!(out, "{value}")),
        (_, Value::Natural(value)) => drop(write!(out, "{value}")),
        (_, Value::Negative(value)) => drop(write!(out, "{value}")),
        (_, Value::F32(value)) => drop(write!(out, "{value:?}")),
        (_, Value::F64(value)) => drop(write!(out, "{value:?}")),
        (Type::Char, Value::Text(text)) => match text.chars().next() {
            Some(character) => drop(write!(out, "{character:?}")),
            None => out.push_str("''"),
        },
        (_, Value::Text(text)) => drop(write!(out, "{text:?}")),
        (_, Value::Reference(oid)) => out.push_str(&numbered(*oid)),
        (Type::Result(ok, _), Value::Ok(value)) => wrapped(out, "Ok", ok, value),
        (Type::Result(_, err), Value::Err(value)) => wrapped(out, "Err", err, value),
        (Type::Tuple(types), Value::List(items)) => {
            let one = if types.len() == 1 { "," } else { "" };
            listed(
                out,
                ("(", &format!("{one})")),
                types.iter().zip(items),
                |out, (ty, item)| write(out, ty, item),
            );
        }
        (
            Type::HashSet(item) | Type::BTreeSet(item) | Type::SharedSet(item),
            Value::List(items),
        ) => {
            listed(out, ("{", "}"), items, |out, value| write(out, item, value));
        }
        (Type::HashMap(key, of) | Type::BTreeMap(key, of), Value::Map(pairs)) => {
            listed(out, ("{", "}"), pairs, |out, (name, value)| {
                write(out, key, name);
                out.push_str(": ");
                write(out, of, value);
            });
        }
        (Type::Panel, Value::List(parts)) => drop(write!(out, "{}", panel::to_json(parts))),
        (container, Value::List(items)) => {
            let item = container.children().first().copied().unwrap_or(&Type::Unit);
            listed(out, ("[", "]"), items, |out, value| write(out, item, value));
        }
        // Values are made by type only, so that nothing else can meet here.
        (_, other) => drop(write!(out, "{other:?}")),
    }
}

fn wrapped(out: &mut String, name: &str, ty: &Type, value: &Value) {
    out.push_str(name);
    out.push('(');
    write(out, ty, value);
    out.push(')');
}

fn listed<T>(
    out: &mut String,
    (open, close): (&str, &str),
    items: impl IntoIterator<Item = T>,
    mut each: impl FnMut(&mut String, T),
) {
    out.push_str(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        each(out, item);
    }
    out.push_str(close);
}
