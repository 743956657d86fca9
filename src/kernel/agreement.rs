//! Which of several candidates to trust when the person gave no checks.
//!
//! Each is run on the same made-up arguments and slots; the behaviour that most of them share wins, and
//! among those the earliest. Right programs tend to agree, wrong ones differ each in its own way.

use serde_json::{Value, json};

use crate::method::{
    Call, Host, Module, Outcome, Packed, Sandbox, Signature, StructSpec, Type, default_value,
    value_from_json,
};

/// How many sets of arguments are tried.
const PROBES: usize = 6;

/// The index of the candidate to install; `modules` is not empty.
pub fn choose<H: Host>(
    sandbox: &Sandbox,
    modules: &[&Module],
    signature: &Signature,
    structure: &StructSpec,
    base: &[(String, Packed)],
    host: &mut dyn FnMut() -> H,
) -> usize {
    let behaviours: Vec<Vec<String>> = modules
        .iter()
        .map(|module| {
            (0..PROBES)
                .map(|probe| {
                    behave(
                        sandbox,
                        module,
                        signature,
                        structure,
                        base,
                        probe,
                        &mut host(),
                    )
                })
                .collect()
        })
        .collect();
    let mut best = (0, 0);
    for (index, behaviour) in behaviours.iter().enumerate() {
        let shared = behaviours
            .iter()
            .filter(|other| *other == behaviour)
            .count();
        let useful = behaviour
            .iter()
            .filter(|line| !line.starts_with("trap"))
            .count();
        let score = shared * 100 + useful;
        if score > best.1 {
            best = (index, score);
        }
    }
    best.0
}

/// What one candidate does on one probe, as a line that can be compared.
fn behave(
    sandbox: &Sandbox,
    module: &Module,
    signature: &Signature,
    structure: &StructSpec,
    base: &[(String, Packed)],
    probe: usize,
    host: &mut dyn Host,
) -> String {
    let args: Vec<Packed> = signature
        .params
        .iter()
        .enumerate()
        .map(|(index, param)| sample(&param.ty, probe + index))
        .collect();
    // Half the probes start from the slots as they are, half from slots that hold something.
    let slots: Vec<(String, Packed)> = base
        .iter()
        .zip(&structure.slots)
        .enumerate()
        .map(|(index, ((name, value), (_, ty)))| {
            let value = if probe.is_multiple_of(2) {
                value.clone()
            } else {
                sample(ty, probe / 2 + index)
            };
            (name.clone(), value)
        })
        .collect();
    let call = Call {
        signature,
        structure,
        slots: &slots,
        args: &args,
        now_ms: 0,
        seed: 1,
    };
    match sandbox.call(module, &call, host) {
        // Error texts differ between candidates that do the same.
        Outcome::Returned { is_err: true, .. } => "err".to_owned(),
        Outcome::Returned { value, slots, .. } => format!("{value:?} {slots:?}"),
        Outcome::Trapped { kind, .. } => format!("trap {}", kind.name()),
    }
}

/// A value of the type; different numbers give different ones, edge cases among them.
fn sample(ty: &Type, number: usize) -> Packed {
    value_from_json(ty, &sample_json(ty, number, 0)).unwrap_or_else(|_| default_value(ty))
}

fn sample_json(ty: &Type, number: usize, depth: usize) -> Value {
    let pick = |values: &[Value]| {
        values
            .get(number % values.len())
            .cloned()
            .unwrap_or(Value::Null)
    };
    match ty {
        Type::Bool => json!(number.is_multiple_of(2)),
        Type::F32 | Type::F64 => {
            pick(&[json!(2.5), json!(-1.0), json!(0.0), json!(10.0), json!(0.5)])
        }
        Type::String | Type::Str => {
            pick(&[json!("Hello, World"), json!("a"), json!(""), json!("b 2 b")])
        }
        Type::Char => pick(&[json!("a"), json!("Z"), json!(" ")]),
        Type::Option(inner) => {
            if number % 3 == 2 {
                Value::Null
            } else {
                sample_json(inner, number, depth + 1)
            }
        }
        Type::Vec(inner)
        | Type::VecDeque(inner)
        | Type::Slice(inner)
        | Type::HashSet(inner)
        | Type::BTreeSet(inner)
        | Type::SharedSet(inner)
        | Type::SharedList(inner) => {
            let length = if depth > 2 { 1 } else { pick_length(number) };
            (0..length)
                .map(|index| sample_json(inner, number + index, depth + 1))
                .collect()
        }
        Type::HashMap(key, value) | Type::BTreeMap(key, value) => {
            let entries = (0..pick_length(number)).map(|index| {
                let name = match sample_json(key, number + index, depth + 1) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (name, sample_json(value, number + index, depth + 1))
            });
            Value::Object(entries.collect())
        }
        Type::Tuple(items) => items
            .iter()
            .map(|item| sample_json(item, number, depth + 1))
            .collect(),
        Type::Array(inner, length) => (0..*length)
            .map(|index| sample_json(inner, number + index, depth + 1))
            .collect(),
        Type::Unit => Value::Null,
        _ => pick(&[json!(3), json!(0), json!(7), json!(1), json!(12)]),
    }
}

const fn pick_length(number: usize) -> usize {
    match number % 4 {
        0 => 3,
        1 => 1,
        2 => 0,
        _ => 4,
    }
}
