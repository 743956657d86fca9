//! Calls with made-up arguments and slots, which a sound method bears whatever it returns.
//!
//! They are plain values of the declared types: ordinary ones, and the edges that are forgotten most
//! often (nothing, zero, one, a negative number). The same signature always gives the same calls.

use serde_json::{Value, json};

use crate::method::{Check, Signature, StructSpec, Type};

/// Nesting from which on a collection has one element, so that a probe stays small.
const DEEP: usize = 2;

/// What a value is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One of several; different numbers give different ones.
    Ordinary(usize),
    /// Nothing: zero, no elements, no text.
    Empty,
    /// The smallest that is not empty.
    One,
    Negative,
}

/// The calls at the edges: every argument once at each of its edges while the others are ordinary, then
/// the same of the slots.
pub fn edges(signature: &Signature, structure: &StructSpec) -> Vec<Check> {
    let count = signature.params.len();
    let mut probes = vec![call(signature, &[], Kind::Ordinary)];
    for at in 0..count {
        for kind in [Kind::Empty, Kind::One, Kind::Negative] {
            probes.push(with(signature, at, kind));
        }
    }
    if count > 1 {
        probes.push(call(signature, &[], |_| Kind::Empty));
    }
    for kind in [Kind::Ordinary(0), Kind::Empty] {
        if !structure.slots.is_empty() {
            let mut probe = call(signature, &structure.slots, |_| kind);
            probe.args = call(signature, &[], Kind::Ordinary).args;
            probes.push(probe);
        }
    }
    without_repeats(probes)
}

/// The ordinary call with one parameter empty.
pub fn with_empty(signature: &Signature, at: usize) -> Check {
    with(signature, at, Kind::Empty)
}

/// The ordinary call with one parameter of that kind.
fn with(signature: &Signature, at: usize, kind: Kind) -> Check {
    call(signature, &[], |index| {
        if index == at {
            kind
        } else {
            Kind::Ordinary(index)
        }
    })
}

/// Calls that tell candidates from each other: more and more different ones.
pub fn samples(signature: &Signature, structure: &StructSpec) -> Vec<Check> {
    /// How many of each: with the slots as they are, and with made-up ones.
    const EACH: usize = 8;
    let mut probes = edges(signature, structure);
    for number in 0..EACH {
        let of = |index| Kind::Ordinary(number + index);
        probes.push(call(signature, &[], of));
        if !structure.slots.is_empty() {
            probes.push(call(signature, &structure.slots, of));
        }
    }
    without_repeats(probes)
}

/// Calls that are near the stated ones: what they have in another order, more or less of it, and text of single marks. They
/// have the form that the method is for, which made-up text has not.
pub fn variations(examples: &[Check]) -> Vec<Check> {
    /// Examples that are varied.
    const VARIED: usize = 2;
    let mut probes = Vec::new();
    for example in examples.iter().take(VARIED) {
        for (at, value) in example.args.iter().enumerate() {
            for other in varied(value) {
                let mut probe = Check {
                    slots: example.slots.clone(),
                    args: example.args.clone(),
                    ..Check::default()
                };
                if let Some(arg) = probe.args.get_mut(at) {
                    *arg = other;
                }
                probes.push(probe);
            }
        }
    }
    without_repeats(probes)
}

fn varied(value: &Value) -> Vec<Value> {
    /// Single marks that are tried of one text.
    const MARKS: usize = 3;
    match value {
        Value::String(text) => {
            let letters: Vec<char> = text.chars().collect();
            let half = letters.iter().take(letters.len() / 2).collect::<String>();
            let reversed = letters.iter().rev().collect::<String>();
            let mut marks: Vec<String> = Vec::new();
            for mark in letters.iter().filter(|letter| !letter.is_alphanumeric()) {
                let mark = mark.to_string();
                if !marks.contains(&mark) {
                    marks.push(mark);
                }
            }
            let marks = marks.into_iter().rev().take(MARKS);
            let all = [half, reversed, format!("{text}{text}")]
                .into_iter()
                .chain(marks);
            all.map(Value::String).collect()
        }
        Value::Array(items) if !items.is_empty() => {
            let first = items.iter().take(1).cloned().collect();
            let reversed = items.iter().rev().cloned().collect();
            let twice = items.iter().chain(items).cloned().collect();
            vec![first, reversed, twice]
        }
        Value::Number(number) => {
            let more = number.as_i64().and_then(|number| number.checked_add(1));
            more.map(|number| vec![json!(number)]).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn call(signature: &Signature, slots: &[(String, Type)], of: impl Fn(usize) -> Kind) -> Check {
    let params = signature.params.iter().enumerate();
    let slots = slots.iter().enumerate();
    Check {
        args: params
            .map(|(index, param)| value(&param.ty, of(index), 0))
            .collect(),
        slots: slots
            // An object of the image cannot be made up.
            .filter(|(_, (_, ty))| !ty.refers())
            .map(|(index, (name, ty))| (name.clone(), value(ty, of(index + 1), 0)))
            .collect(),
        ..Check::default()
    }
}

fn without_repeats(probes: Vec<Check>) -> Vec<Check> {
    let mut kept: Vec<Check> = Vec::new();
    for probe in probes {
        if !kept.contains(&probe) {
            kept.push(probe);
        }
    }
    kept
}

fn value(ty: &Type, kind: Kind, depth: usize) -> Value {
    let pick = |empty: Value, one: Value, negative: Value, ordinary: &[Value]| match kind {
        Kind::Empty => empty,
        Kind::One => one,
        Kind::Negative => negative,
        Kind::Ordinary(number) => ordinary
            .get(number % ordinary.len().max(1))
            .cloned()
            .unwrap_or(Value::Null),
    };
    let several = |inner: &Type| -> Vec<Value> {
        (0..length(kind, depth))
            .map(|index| value(inner, element(kind, index), depth + 1))
            .collect()
    };
    match ty {
        Type::Bool => pick(
            json!(false),
            json!(true),
            json!(false),
            &[json!(true), json!(false)],
        ),
        Type::F32 | Type::F64 => pick(
            json!(0.0),
            json!(1.0),
            json!(-1.5),
            &[json!(2.5), json!(10.0), json!(0.5), json!(7.25), json!(3.0)],
        ),
        Type::String | Type::Str => pick(
            json!(""),
            json!("a"),
            json!(" "),
            &[
                json!("Hello, World"),
                json!("b 2 b"),
                json!("level"),
                json!("10"),
                json!("one two two"),
            ],
        ),
        Type::Char => pick(
            json!(" "),
            json!("a"),
            json!("?"),
            &[json!("a"), json!("Z"), json!("7")],
        ),
        Type::Option(inner) => match kind {
            Kind::Empty => Value::Null,
            kind => value(inner, kind, depth + 1),
        },
        Type::Ref(inner) | Type::Box(inner) => value(inner, kind, depth),
        Type::Result(ok, _) => json!({"Ok": value(ok, kind, depth)}),
        Type::Vec(inner) | Type::VecDeque(inner) | Type::Slice(inner) | Type::SharedList(inner) => {
            several(inner).into()
        }
        Type::HashSet(inner) | Type::BTreeSet(inner) | Type::SharedSet(inner) => {
            let mut elements: Vec<Value> = Vec::new();
            for element in several(inner) {
                if !elements.contains(&element) {
                    elements.push(element);
                }
            }
            elements.into()
        }
        Type::HashMap(key, of) | Type::BTreeMap(key, of) => {
            let entries = (0..length(kind, depth)).map(|index| {
                let kind = element(kind, index);
                let name = match value(key, kind, depth + 1) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (name, value(of, kind, depth + 1))
            });
            Value::Object(entries.collect())
        }
        Type::Tuple(items) => items
            .iter()
            .map(|item| value(item, kind, depth + 1))
            .collect(),
        Type::Array(inner, count) => (0..*count)
            .map(|index| value(inner, element(kind, index), depth + 1))
            .collect(),
        Type::Unit | Type::ObjectRef | Type::Panel => Value::Null,
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::U128 | Type::Usize => pick(
            json!(0),
            json!(1),
            json!(2),
            &[json!(3), json!(12), json!(7), json!(2), json!(40)],
        ),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::I128 | Type::Isize | Type::Counter => {
            pick(
                json!(0),
                json!(1),
                json!(-3),
                &[json!(3), json!(12), json!(7), json!(2), json!(40)],
            )
        }
    }
}

/// Elements of a collection.
const fn length(kind: Kind, depth: usize) -> usize {
    match kind {
        Kind::Empty => 0,
        Kind::One => 1,
        _ if depth >= DEEP => 1,
        Kind::Negative => 2,
        Kind::Ordinary(number) => 3 + number % 3,
    }
}

/// What its elements are like: a repeated one among them.
const fn element(kind: Kind, index: usize) -> Kind {
    match kind {
        Kind::Ordinary(number) => Kind::Ordinary(number + index % 3),
        Kind::Negative if index > 0 => Kind::Ordinary(index),
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::method::{AnyName, value_from_json_with};

    fn texts(probes: &[Check]) -> Vec<String> {
        let text = |probe: &Check| {
            let slots = if probe.slots.is_empty() {
                String::new()
            } else {
                format!(" {}", serde_json::to_string(&probe.slots).unwrap())
            };
            format!("{}{slots}", serde_json::to_string(&probe.args).unwrap())
        };
        probes.iter().map(text).collect()
    }

    #[test]
    fn every_argument_is_at_each_of_its_edges_once() {
        let signature =
            Signature::parse("fn average(&self, values: Vec<f64>, window: usize) -> Vec<f64>")
                .unwrap();
        let structure = StructSpec::new("Smoothing", Vec::new()).unwrap();
        insta::assert_debug_snapshot!(texts(&edges(&signature, &structure)), @r#"
        [
            "[[2.5,10.0,0.5],12]",
            "[[],12]",
            "[[1.0],12]",
            "[[-1.5,10.0],12]",
            "[[2.5,10.0,0.5],0]",
            "[[2.5,10.0,0.5],1]",
            "[[2.5,10.0,0.5],2]",
            "[[],0]",
        ]
        "#);
    }

    #[test]
    fn slots_are_made_up_too() {
        let signature = Signature::parse("fn record(&mut self, value: f64) -> f64").unwrap();
        let slots = vec![
            ("values".to_owned(), Type::Vec(Box::new(Type::F64))),
            ("capacity".to_owned(), Type::Usize),
        ];
        let structure = StructSpec::new("Recent", slots).unwrap();
        insta::assert_debug_snapshot!(texts(&edges(&signature, &structure)), @r#"
        [
            "[2.5]",
            "[0.0]",
            "[1.0]",
            "[-1.5]",
            "[2.5] {\"capacity\":3,\"values\":[2.5,10.0,0.5]}",
            "[2.5] {\"capacity\":0,\"values\":[]}",
        ]
        "#);
    }

    #[test]
    fn stated_calls_are_varied() {
        let example = Check {
            args: vec![json!("a(b[c])"), json!([1, 2]), json!(7)],
            ..Check::default()
        };
        insta::assert_debug_snapshot!(texts(&variations(&[example])), @r#"
        [
            "[\"a(b\",[1,2],7]",
            "[\")]c[b(a\",[1,2],7]",
            "[\"a(b[c])a(b[c])\",[1,2],7]",
            "[\")\",[1,2],7]",
            "[\"]\",[1,2],7]",
            "[\"[\",[1,2],7]",
            "[\"a(b[c])\",[1],7]",
            "[\"a(b[c])\",[2,1],7]",
            "[\"a(b[c])\",[1,2,1,2],7]",
            "[\"a(b[c])\",[1,2],8]",
        ]
        "#);
    }

    #[test]
    fn each_value_is_of_its_type() {
        for text in [
            "(bool, f32, String, char, Option<Vec<i64>>, u8, i128, Vec<Vec<u8>>)",
            "([u16; 3], (i8, String), HashMap<String, Vec<f64>>, BTreeMap<u8, String>, HashSet<String>)",
            "BTreeSet<(u8, u8)>",
        ] {
            let ty = Type::parse(text).unwrap();
            for kind in [
                Kind::Empty,
                Kind::One,
                Kind::Negative,
                Kind::Ordinary(0),
                Kind::Ordinary(4),
            ] {
                let value = value(&ty, kind, 0);
                value_from_json_with(&ty, &value, &AnyName).unwrap();
            }
        }
    }
}
