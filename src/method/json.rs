//! JSON to values and back, by the declared type (the rules stand in `value`).

use serde_json::{Map, Number, Value as Json};

use super::names::{Names, numbered};
use super::pack;
use super::panel;
use super::types::Type;
use super::value::{Value, ValueError};

pub(super) fn read(ty: &Type, json: &Json, names: &dyn Names) -> Result<Value, ValueError> {
    let mismatch = || ValueError::mismatch(ty, shortened(json));
    Ok(match (ty, json) {
        (Type::Unit | Type::Option(_), Json::Null) => Value::Nothing,
        (Type::Ref(inner) | Type::Box(inner) | Type::Option(inner), _) => read(inner, json, names)?,
        (Type::Bool, Json::Bool(value)) => Value::Bool(*value),
        (Type::F64, _) => Value::F64(read_float(json).ok_or_else(mismatch)?),
        (Type::F32, _) => Value::F32(narrowed(read_float(json).ok_or_else(mismatch)?)),
        (Type::Char, Json::String(text)) if text.chars().count() == 1 => Value::Text(text.clone()),
        (Type::String | Type::Str, Json::String(text)) => Value::Text(text.clone()),
        (Type::Result(ok, err), Json::Object(map)) => {
            read_result(ok, err, map, names).ok_or_else(mismatch)??
        }
        (Type::Tuple(types), Json::Array(items)) if types.len() == items.len() => {
            let pairs = types.iter().zip(items).enumerate();
            Value::List(
                pairs
                    .map(|(i, (ty, item))| read_item(ty, i, item, names))
                    .collect::<Result<_, _>>()?,
            )
        }
        (Type::Array(item, length), Json::Array(items)) if items.len() == *length => {
            read_list(item, items, names)?
        }
        (
            Type::Slice(item) | Type::Vec(item) | Type::VecDeque(item) | Type::SharedList(item),
            Json::Array(items),
        ) => read_list(item, items, names)?,
        (
            Type::HashSet(item) | Type::BTreeSet(item) | Type::SharedSet(item),
            Json::Array(items),
        ) => {
            let Value::List(items) = read_list(item, items, names)? else {
                return Err(mismatch());
            };
            Value::List(pack::sorted(items, |item| item))
        }
        (Type::HashMap(key, value) | Type::BTreeMap(key, value), Json::Object(map)) => {
            read_map(key, value, map, names)?
        }
        (Type::Panel, _) => panel::from_json(json)?,
        (Type::ObjectRef, Json::String(name)) => {
            let unknown = || ValueError::UnknownObject {
                path: String::new(),
                name: shortened(json).trim_matches('"').to_owned(),
            };
            Value::Reference(names.number(name).ok_or_else(unknown)?)
        }
        _ if ty.integer_range().is_some() => read_integer(ty, json).ok_or_else(mismatch)?,
        _ => return Err(mismatch()),
    })
}

fn read_item(ty: &Type, index: usize, json: &Json, names: &dyn Names) -> Result<Value, ValueError> {
    read(ty, json, names).map_err(|error| error.inside(&format!("[{index}]")))
}

fn read_list(ty: &Type, items: &[Json], names: &dyn Names) -> Result<Value, ValueError> {
    let items = items
        .iter()
        .enumerate()
        .map(|(index, item)| read_item(ty, index, item, names));
    Ok(Value::List(items.collect::<Result<_, _>>()?))
}

fn read_result(
    ok: &Type,
    err: &Type,
    map: &Map<String, Json>,
    names: &dyn Names,
) -> Option<Result<Value, ValueError>> {
    let (1, Some((name, json))) = (map.len(), map.iter().next()) else {
        return None;
    };
    Some(match name.as_str() {
        "Ok" => read(ok, json, names)
            .map(|value| Value::Ok(Box::new(value)))
            .map_err(|error| error.inside("Ok")),
        "Err" => read(err, json, names)
            .map(|value| Value::Err(Box::new(value)))
            .map_err(|error| error.inside("Err")),
        _ => return None,
    })
}

fn read_map(
    key: &Type,
    value: &Type,
    map: &Map<String, Json>,
    names: &dyn Names,
) -> Result<Value, ValueError> {
    let mut pairs = Vec::with_capacity(map.len());
    for (name, json) in map {
        let step = format!("[{name:?}]");
        let key = read_key(key, name, names).map_err(|error| error.inside(&step))?;
        let value = read(value, json, names).map_err(|error| error.inside(&step))?;
        pairs.push((key, value));
    }
    Ok(Value::Map(pack::sorted(pairs, |(key, _)| key)))
}

/// A key is text: a string or `char` as it is, anything else as its JSON.
fn read_key(ty: &Type, text: &str, names: &dyn Names) -> Result<Value, ValueError> {
    match ty.carried() {
        // 128 bits may come as text anywhere.
        Type::String | Type::Str | Type::Char | Type::I128 | Type::U128 | Type::ObjectRef => {
            read(ty, &Json::String(text.to_owned()), names)
        }
        _ => {
            let json = serde_json::from_str(text).map_err(|_| {
                ValueError::mismatch(format!("a key of type {ty}"), format!("{text:?}"))
            })?;
            read(ty, &json, names)
        }
    }
}

pub(super) fn read_float(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an f32 is the nearest one to the number that was written"
)]
fn narrowed(value: f64) -> f32 {
    value as f32
}

/// Exact: a number with a fraction is no integer. 128 bits may also come as decimal text.
fn read_integer(ty: &Type, json: &Json) -> Option<Value> {
    let (least, greatest) = ty.integer_range()?;
    let value = match json {
        Json::Number(number) => number
            .as_u64()
            .map(|n| Value::Natural(n.into()))
            .or_else(|| number.as_i64().map(|n| integer(n.into())))?,
        Json::String(text) if matches!(ty, Type::I128 | Type::U128) => text
            .parse()
            .map(Value::Natural)
            .or_else(|_| text.parse().map(integer))
            .ok()?,
        _ => return None,
    };
    let fits = match value {
        Value::Natural(n) => n <= greatest,
        Value::Negative(n) => n >= least,
        _ => false,
    };
    fits.then_some(value)
}

pub(super) fn integer(value: i128) -> Value {
    u128::try_from(value).map_or(Value::Negative(value), Value::Natural)
}

pub(super) fn write(ty: &Type, value: &Value, names: &dyn Names) -> Json {
    match (ty.carried(), value) {
        (_, Value::Nothing) => Json::Null,
        (Type::Option(inner), _) => write(inner, value, names),
        (_, Value::Bool(value)) => Json::Bool(*value),
        (_, Value::Natural(value)) => {
            u64::try_from(*value).map_or_else(|_| Json::String(value.to_string()), Json::from)
        }
        (_, Value::Negative(value)) => {
            i64::try_from(*value).map_or_else(|_| Json::String(value.to_string()), Json::from)
        }
        (_, Value::F64(value)) => write_float(*value),
        (_, Value::F32(value)) => write_narrow(*value),
        (_, Value::Text(text)) => Json::String(text.clone()),
        (_, Value::Reference(oid)) => {
            Json::String(names.name(*oid).unwrap_or_else(|| numbered(*oid)))
        }
        (Type::Result(ok, _), Value::Ok(value)) => {
            Json::Object(Map::from_iter([("Ok".to_owned(), write(ok, value, names))]))
        }
        (Type::Result(_, err), Value::Err(value)) => Json::Object(Map::from_iter([(
            "Err".to_owned(),
            write(err, value, names),
        )])),
        (Type::Tuple(types), Value::List(items)) => Json::Array(
            types
                .iter()
                .zip(items)
                .map(|(ty, item)| write(ty, item, names))
                .collect(),
        ),
        (Type::HashMap(key, of) | Type::BTreeMap(key, of), Value::Map(pairs)) => {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (write_key(key, name, names), write(of, value, names)));
            Json::Object(pairs.collect())
        }
        (Type::Panel, Value::List(parts)) => panel::to_json(parts),
        (container, Value::List(items)) => {
            let item = container
                .children()
                .first()
                .copied()
                .unwrap_or(&Type::Unit)
                .clone();
            let items = items.iter().map(|value| write(&item, value, names));
            Json::Array(items.collect())
        }
        // Values are made by type only, so that nothing else can meet here.
        _ => Json::Null,
    }
}

fn write_key(ty: &Type, key: &Value, names: &dyn Names) -> String {
    match write(ty, key, names) {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

pub(super) fn write_float(value: f64) -> Json {
    if let Some(number) = Number::from_f64(value) {
        return Json::Number(number);
    }
    let text = if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    Json::String(text.to_owned())
}

/// The shortest decimal that reads back as the same f32, not the f64's longer one.
fn write_narrow(value: f32) -> Json {
    write_float(
        value
            .to_string()
            .parse()
            .unwrap_or_else(|_| f64::from(value)),
    )
}

pub(super) fn shortened(json: &Json) -> String {
    const MOST: usize = 60;
    let text = json.to_string();
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST).chain("…".chars()).collect()
}
