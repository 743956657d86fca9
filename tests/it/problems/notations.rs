//! The forms in which people state examples are read without a model, and nothing is read that is not there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use batos::method::{Signature, StructSpec, Type};
use batos::persona::exact_examples;
use serde::Deserialize;
use serde_json::Value;

/// A description with the examples that it states.
#[derive(Deserialize)]
struct Described {
    signature: String,
    /// The object's slots by name, with their types.
    #[serde(default)]
    slots: BTreeMap<String, String>,
    brief: String,
    expected: Vec<Stated>,
    /// Whether they can be read without a model: prose cannot, and then nothing is.
    #[serde(default = "yes")]
    read: bool,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Stated {
    #[serde(default)]
    slots: BTreeMap<String, Value>,
    args: Vec<Value>,
    returns: Value,
}

const fn yes() -> bool {
    true
}

fn read(described: &Described) -> Vec<Stated> {
    let signature = Signature::parse(&described.signature).unwrap();
    let slots = described.slots.iter();
    let slots = slots.map(|(name, ty)| (name.clone(), Type::parse(ty).unwrap()));
    let structure = StructSpec::new("Thing", slots.collect()).unwrap();
    let checks = exact_examples(&described.brief, &signature, &structure);
    let stated = checks.into_iter().map(|check| Stated {
        slots: check.slots,
        args: check.args,
        // Any error will do where one is stated.
        returns: check.returns.unwrap_or(Value::from("error")),
    });
    stated.collect()
}

#[test]
fn examples_are_read_in_the_notations_that_people_use() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/notations.json");
    let all: Vec<Described> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert!(all.len() >= 90, "only {}", all.len());
    let mut wrong = Vec::new();
    for mut described in all {
        for stated in &mut described.expected {
            if stated.returns.get("Err").is_some() {
                stated.returns = Value::from("error");
            }
        }
        if !described.read {
            described.expected.clear();
        }
        let found = read(&described);
        if found != described.expected {
            wrong.push(format!(
                "{}\n{}\n  read     {found:?}\n  expected {:?}",
                described.signature, described.brief, described.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
