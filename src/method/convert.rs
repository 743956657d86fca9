//! Values of one type as values of another, where nothing is lost: what a slot's change of type does by itself.

use super::pack;
use super::types::Type;
use super::unpack;
use super::value::{Packed, Value, ValueError};

/// The value as one of type `to`; `None` where something would be lost, and a person has to say what becomes
/// of it.
///
/// Numbers are converted when they stay exactly what they are, numbers, `bool` and `char` to their text, a value
/// to an `Option` or a list of it, `Some(x)` to x, lists and sets and maps into each other, all also inside
/// of each other.
///
/// # Errors
/// When `packed` is no value of type `from`.
pub fn value_converted(
    from: &Type,
    to: &Type,
    packed: &[u8],
) -> Result<Option<Packed>, ValueError> {
    let value = unpack::read(from, packed)?;
    Ok(converted(from, to, &value).map(|value| pack::write(&value)))
}

fn converted(from: &Type, to: &Type, value: &Value) -> Option<Value> {
    // What is merged differs from the plain type only for the image.
    let (from, to) = (from.carried().in_methods(), to.carried().in_methods());
    if from == to {
        return Some(value.clone());
    }
    if let Some(item) = one_item(&to).filter(|item| item.carried().in_methods() == from) {
        return wrapped(&to, converted(&from, item, value)?);
    }
    match (&from, &to, value) {
        (Type::Option(_), Type::Option(_), Value::Nothing) => Some(Value::Nothing),
        (Type::Option(_), _, Value::Nothing) => empty(&to).then(|| Value::List(Vec::new())),
        (Type::Option(from), Type::Option(to), _) => converted(from, to, value),
        (Type::Option(from), _, _) => converted(from, &to, value),
        (Type::Tuple(from), Type::Tuple(to), Value::List(items)) if from.len() == to.len() => {
            let types = from.iter().zip(to);
            let items = types.zip(items);
            let items = items.map(|((from, to), item)| converted(from, to, item));
            Some(Value::List(items.collect::<Option<_>>()?))
        }
        (Type::Result(from, _), Type::Result(to, _), Value::Ok(value)) => {
            Some(Value::Ok(Box::new(converted(from, to, value)?)))
        }
        (Type::Result(_, from), Type::Result(_, to), Value::Err(value)) => {
            Some(Value::Err(Box::new(converted(from, to, value)?)))
        }
        (_, _, Value::Map(pairs)) => map(&from, &to, pairs),
        (_, _, Value::List(items)) if one_item(&from).is_some() => list(&from, &to, items),
        (_, Type::Option(to), _) => converted(&from, to, value),
        _ => match one_item(&to) {
            Some(item) => wrapped(&to, converted(&from, item, value)?),
            None => scalar(&to, value),
        },
    }
}

/// What a list, set, array or `Option` is of.
fn one_item(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Option(item)
        | Type::Vec(item)
        | Type::VecDeque(item)
        | Type::Array(item, _)
        | Type::HashSet(item)
        | Type::BTreeSet(item) => Some(item),
        _ => None,
    }
}

fn wrapped(to: &Type, value: Value) -> Option<Value> {
    match to {
        Type::Option(_) => Some(value),
        Type::Array(_, length) if *length != 1 => None,
        _ => Some(Value::List(vec![value])),
    }
}

/// Whether a list of this type may have no elements.
fn empty(ty: &Type) -> bool {
    match ty {
        Type::Array(_, length) => *length == 0,
        Type::Option(_) => false,
        _ => one_item(ty).is_some(),
    }
}

fn list(from: &Type, to: &Type, items: &[Value]) -> Option<Value> {
    let (from, item) = (one_item(from)?, one_item(to)?);
    let converted = items.iter().map(|value| converted(from, item, value));
    let converted: Vec<Value> = converted.collect::<Option<_>>()?;
    let count = converted.len();
    let list = match to {
        Type::Option(_) => return None,
        Type::Array(_, length) => (*length == count).then_some(converted)?,
        Type::HashSet(_) | Type::BTreeSet(_) => pack::sorted(converted, |item| item),
        _ => converted,
    };
    // Two that became one would be a loss.
    (list.len() == count).then_some(Value::List(list))
}

fn map(from: &Type, to: &Type, pairs: &[(Value, Value)]) -> Option<Value> {
    let (
        Type::HashMap(key, of) | Type::BTreeMap(key, of),
        Type::HashMap(to_key, to_of) | Type::BTreeMap(to_key, to_of),
    ) = (from, to)
    else {
        return None;
    };
    let converted = pairs
        .iter()
        .map(|(name, value)| Some((converted(key, to_key, name)?, converted(of, to_of, value)?)));
    let converted = pack::sorted(converted.collect::<Option<Vec<_>>>()?, |(key, _)| key);
    (converted.len() == pairs.len()).then_some(Value::Map(converted))
}

fn scalar(to: &Type, value: &Value) -> Option<Value> {
    if *to == Type::String {
        return text(value).map(Value::Text);
    }
    if let Some((least, greatest)) = to.integer_range() {
        return integer(value).filter(|value| match value {
            Value::Natural(number) => *number <= greatest,
            Value::Negative(number) => *number >= least,
            _ => false,
        });
    }
    match to {
        Type::F64 => float(value).map(Value::F64),
        Type::F32 => narrow(float(value)?).map(Value::F32),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Natural(number) => number.to_string(),
        Value::Negative(number) => number.to_string(),
        Value::F32(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        _ => return None,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "checked to be exact by the way back"
)]
fn integer(value: &Value) -> Option<Value> {
    let number = match value {
        Value::Natural(_) | Value::Negative(_) => return Some(value.clone()),
        Value::F32(number) => f64::from(*number),
        Value::F64(number) => *number,
        _ => return None,
    };
    // Beyond this, neighbouring integers are the same float.
    let whole = number as i128;
    let exact = number.abs() < 9_007_199_254_740_992.0 && whole as f64 == number;
    let negative_zero = number == 0.0 && number.is_sign_negative();
    (exact && !negative_zero).then(|| super::json::integer(whole))
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be exact by the way back"
)]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::F32(number) => Some(f64::from(*number)),
        Value::F64(number) => Some(*number),
        Value::Natural(number) => {
            let float = *number as f64;
            (float < 1e38 && float as u128 == *number).then_some(float)
        }
        Value::Negative(number) => {
            let float = *number as f64;
            (float > -1e38 && float as i128 == *number).then_some(float)
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "checked to be exact by the way back"
)]
fn narrow(number: f64) -> Option<f32> {
    let narrow = number as f32;
    (f64::from(narrow) == number || number.is_nan()).then_some(narrow)
}
