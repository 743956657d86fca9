//! Values as people write them in examples: Rust's literals, JSON, and Python's, read by the type they should have.

use serde_json::{Map, Number, Value};

use crate::method::Type;

/// The value of the type that the text begins with, and what follows it.
pub fn literal<'a>(text: &'a str, ty: &Type) -> Option<(Value, &'a str)> {
    let text = text.trim_start().trim_start_matches('&').trim_start();
    match ty {
        Type::Ref(inner) | Type::Box(inner) => literal(text, inner),
        Type::Unit => Some((Value::Null, text.strip_prefix("()")?)),
        Type::Bool => one_of(
            text,
            &[
                ("true", true),
                ("True", true),
                ("false", false),
                ("False", false),
            ],
        )
        .map(|(value, rest)| (Value::Bool(value), rest)),
        Type::String | Type::Str => string(text),
        Type::Char => {
            let (value, rest) = quoted(text)?;
            let is_one = value.chars().count() == 1;
            is_one.then_some((Value::String(value), rest))
        }
        Type::Option(inner) => {
            if let Some(((), rest)) = one_of(
                text,
                &[("None", ()), ("none", ()), ("null", ()), ("nothing", ())],
            ) {
                return Some((Value::Null, rest));
            }
            match text.strip_prefix("Some(") {
                Some(inside) => closed(literal(inside, inner)?, ')'),
                None => literal(text, inner),
            }
        }
        Type::Result(ok, _) => {
            let inside = text.strip_prefix("Ok(")?;
            let (value, rest) = closed(literal(inside, ok)?, ')')?;
            Some((serde_json::json!({"Ok": value}), rest))
        }
        Type::Vec(inner)
        | Type::VecDeque(inner)
        | Type::Slice(inner)
        | Type::Array(inner, _)
        | Type::HashSet(inner)
        | Type::BTreeSet(inner)
        | Type::SharedSet(inner)
        | Type::SharedList(inner) => {
            if let Some(rest) = created(text) {
                return Some((Value::Array(Vec::new()), rest));
            }
            let built = made_from(text);
            let text = text.strip_prefix("vec!").or(built).unwrap_or(text);
            let (inside, end) = opened(text, &[('[', ']'), ('{', '}')])?;
            let (values, rest) = items(inside, end, |text| literal(text, inner))?;
            let rest = after_made_from(rest, built.is_some())?;
            Some((values.into(), rest))
        }
        Type::Tuple(types) => {
            let mut types = types.iter();
            let (inside, end) = opened(text, &[('(', ')'), ('[', ']')])?;
            let (values, rest) = items(inside, end, |text| literal(text, types.next()?))?;
            types.next().is_none().then_some((values.into(), rest))
        }
        Type::HashMap(key, of) | Type::BTreeMap(key, of) => {
            if let Some(rest) = created(text) {
                return Some((Value::Object(Map::new()), rest));
            }
            let built = made_from(text);
            let (inside, end) = match built {
                Some(list) => opened(list, &[('[', ']')])?,
                None => opened(text, &[('{', '}')])?,
            };
            // `"a": 1`, or a pair in brackets.
            let entry = |text| {
                let (start, middle) = match built {
                    Some(_) => (str::strip_prefix(text, '(')?, ','),
                    None => (text, ':'),
                };
                let (name, rest) = literal(start, key)?;
                let read = literal(rest.trim_start().strip_prefix(middle)?, of)?;
                let (value, rest) = match built {
                    Some(_) => closed(read, ')')?,
                    None => read,
                };
                let name = match name {
                    Value::String(name) => name,
                    other => other.to_string(),
                };
                Some(((name, value), rest))
            };
            let (entries, rest) = items(inside, end, entry)?;
            let rest = after_made_from(rest, built.is_some())?;
            let map: Map<String, Value> = entries.into_iter().collect();
            Some((map.into(), rest))
        }
        Type::ObjectRef | Type::Panel => None,
        _ => number(text, matches!(ty, Type::F32 | Type::F64)),
    }
}

/// Collections as Rust makes them.
const COLLECTIONS: [&str; 6] = [
    "HashMap", "BTreeMap", "HashSet", "BTreeSet", "VecDeque", "Vec",
];

/// What follows `HashMap::from(`, `Vec::from(` and the like.
fn made_from(text: &str) -> Option<&str> {
    COLLECTIONS
        .iter()
        .find_map(|name| text.strip_prefix(name)?.strip_prefix("::from("))
}

/// What follows the bracket that closes it.
fn after_made_from(rest: &str, is_made: bool) -> Option<&str> {
    if is_made {
        rest.trim_start().strip_prefix(')')
    } else {
        Some(rest)
    }
}

/// What follows `HashMap::new()` and the like.
fn created(text: &str) -> Option<&str> {
    COLLECTIONS
        .iter()
        .find_map(|name| text.strip_prefix(name)?.strip_prefix("::new()"))
}

/// The one that the text begins with as a whole word.
fn one_of<'a, T: Copy>(text: &'a str, words: &[(&str, T)]) -> Option<(T, &'a str)> {
    words.iter().find_map(|(word, value)| {
        let rest = text.strip_prefix(word)?;
        let ends = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        ends.then_some((*value, rest))
    })
}

fn number(text: &str, is_float: bool) -> Option<(Value, &str)> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let bare_point = digits
        .strip_prefix('.')
        .is_some_and(|rest| is_float && rest.starts_with(|next: char| next.is_ascii_digit()));
    if !(bare_point || digits.starts_with(|first: char| first.is_ascii_digit())) {
        return None;
    }
    let mut length = 0;
    let mut before = ' ';
    for letter in digits.chars() {
        let after = digits.get(length + letter.len_utf8()..).unwrap_or_default();
        // A full stop ends the sentence unless a digit follows.
        let is_point =
            is_float && letter == '.' && after.starts_with(|next: char| next.is_ascii_digit());
        let is_exponent = is_float && letter == 'e' && before.is_ascii_digit()
            || is_float && letter == '-' && before == 'e';
        if !(letter.is_ascii_digit() || letter == '_' || is_point || is_exponent) {
            break;
        }
        length += letter.len_utf8();
        before = letter;
    }
    let written = text.get(..text.len() - digits.len() + length)?;
    let plain = written.replace(['_', '+'], "");
    let value = if is_float {
        Number::from_f64(plain.parse().ok()?)?.into()
    } else {
        serde_json::from_str(&plain).ok()?
    };
    let mut rest = digits.get(length..)?;
    for suffix in [
        "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
        "f32", "f64",
    ] {
        rest = rest.strip_prefix(suffix).unwrap_or(rest);
    }
    let ends = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    ends.then_some((value, rest))
}

fn string(text: &str) -> Option<(Value, &str)> {
    if let Some(rest) = text.strip_prefix("String::new()") {
        return Some((Value::String(String::new()), rest));
    }
    let (value, rest) = match text.strip_prefix("String::from(") {
        Some(inside) => closed(quoted(inside)?, ')')?,
        None => quoted(text)?,
    };
    let owned = [".to_string()", ".to_owned()", ".into()"];
    let rest = owned
        .iter()
        .find_map(|way| rest.strip_prefix(way))
        .unwrap_or(rest);
    Some((Value::String(value), rest))
}

/// A text in quotes, with the escapes that Rust and JSON share.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (first, end) = [('"', '"'), ('\'', '\''), ('“', '”')]
        .into_iter()
        .find(|(first, _)| text.starts_with(*first))?;
    let mut value = String::new();
    let mut letters = text.char_indices().skip(first.len_utf8().min(1));
    while let Some((at, letter)) = letters.next() {
        if letter == end {
            return Some((value, text.get(at + letter.len_utf8()..)?));
        }
        if letter == '\\' {
            value.push(match letters.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                other @ ('\\' | '"' | '\'') => other,
                _ => return None,
            });
        } else {
            value.push(letter);
        }
    }
    None
}

/// What stands behind an opening bracket, and the bracket that closes it.
fn opened<'a>(text: &'a str, brackets: &[(char, char)]) -> Option<(&'a str, char)> {
    brackets
        .iter()
        .find_map(|(open, close)| Some((text.strip_prefix(*open)?, *close)))
}

fn closed<T>((value, rest): (T, &str), close: char) -> Option<(T, &str)> {
    Some((value, rest.trim_start().strip_prefix(close)?))
}

/// Items with commas between them up to the closing bracket.
fn items<'a, T>(
    text: &'a str,
    end: char,
    mut item: impl FnMut(&'a str) -> Option<(T, &'a str)>,
) -> Option<(Vec<T>, &'a str)> {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix(end) {
            return Some((values, after));
        }
        let (value, after) = item(rest)?;
        values.push(value);
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.starts_with(end) => after,
            None => return None,
        };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_their_type() {
        for (ty, text, value) in [
            ("i64", "-5.", "-5"),
            ("u32", "7_000u32", "7000"),
            ("f64", "2.50, ", "2.5"),
            ("f64", "3", "3.0"),
            ("String", "String::from(\"a \\\"b\\\"\")", "\"a \\\"b\\\"\""),
            ("&str", "'it'", "\"it\""),
            ("String", "“so”.", "\"so\""),
            ("char", "'x'", "\"x\""),
            ("bool", "True", "true"),
            ("Vec<i64>", "vec![1, 2,3]", "[1,2,3]"),
            ("Vec<Vec<u8>>", "[[], [1]]", "[[],[1]]"),
            (
                "(String, bool)",
                "(\"a\".to_string(), false)",
                "[\"a\",false]",
            ),
            ("Option<i64>", "Some(3)", "3"),
            ("Option<i64>", "None", "null"),
            ("Option<Vec<i64>>", "[1]", "[1]"),
            ("Result<u8, String>", "Ok(3)", "{\"Ok\":3}"),
            ("HashMap<String, i64>", "{\"a\": 1}", "{\"a\":1}"),
        ] {
            let (read, _) = literal(text, &Type::parse(ty).unwrap()).unwrap();
            assert_eq!(read.to_string(), value, "{ty} {text}");
        }
    }

    #[test]
    fn what_is_no_value_of_the_type_is_none() {
        for (ty, text) in [
            ("i64", "amount"),
            ("i64", "3rd"),
            ("i64", "\"3\""),
            ("bool", "truely"),
            ("String", "\"open"),
            ("char", "'ab'"),
            ("Vec<i64>", "[1, \"a\"]"),
            ("(i64, i64)", "(1)"),
        ] {
            assert_eq!(
                literal(text, &Type::parse(ty).unwrap()),
                None,
                "{ty} {text}"
            );
        }
    }
}
