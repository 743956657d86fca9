//! The sentences for the translator: each context is one that an image can have, each expectation one that can be met.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use batos::method::{Signature, StructSpec, value_from_json};
use batos::persona::{Intent, Scene, is_identifier, is_object_name, translate};
use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    id: String,
    half: String,
    context: Context,
    text: String,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    objects: Vec<Object>,
    selected: Option<String>,
    /// Turns, each `{"person": …}` or `{"robin": …}`.
    said: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    name: String,
    parent: Option<String>,
    slots: BTreeMap<String, String>,
    methods: Vec<String>,
}

/// Each of the three is one value, or an array of those that are right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    intent: Json,
    object: Json,
    selector: Json,
    args: Option<Vec<Json>>,
}

fn sentences() -> Vec<Sentence> {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let files = ["sentences.json", "sentences-2.json"].into_iter();
    files
        .flat_map(|file| {
            let text = fs::read_to_string(benches.join(file)).unwrap();
            serde_json::from_str::<Vec<Sentence>>(&text).unwrap()
        })
        .collect()
}

/// The answers that are right; `None` stands for none.
fn accepted(answers: &Json) -> Vec<Option<&str>> {
    match answers {
        Json::Array(list) => list.iter().map(Json::as_str).collect(),
        one => vec![one.as_str()],
    }
}

impl Context {
    fn object(&self, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.name == name)
    }

    /// The signature of a method that the object has or inherits.
    fn method(&self, object: &str, selector: &str) -> Option<Signature> {
        let found = self.object(object)?;
        let mut own = found
            .methods
            .iter()
            .map(|text| Signature::parse(text).unwrap());
        own.find(|signature| signature.name == selector)
            .or_else(|| self.method(found.parent.as_deref()?, selector))
    }

    fn validate(&self) {
        for object in &self.objects {
            let slots: Vec<String> = object
                .slots
                .iter()
                .map(|(name, ty)| format!("{name}: {ty}"))
                .collect();
            StructSpec::parse(&format!("{} {{ {} }}", object.name, slots.join(", "))).unwrap();
            let parent = object.parent.as_deref();
            assert!(parent.is_none_or(|parent| self.object(parent).is_some()));
        }
        assert!(
            self.selected
                .as_deref()
                .is_none_or(|name| self.object(name).is_some())
        );
        let speakers = ["person", "robin"].iter().cycle();
        for (turn, speaker) in self.said.iter().zip(speakers) {
            assert!(turn.len() == 1 && turn.contains_key(*speaker), "{turn:?}");
        }
    }
}

#[test]
fn each_sentence_can_be_answered_as_expected() {
    let mut ids = BTreeSet::new();
    let mut halves: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for Sentence {
        id,
        half,
        context,
        text,
        expect,
    } in sentences()
    {
        assert!(ids.insert(id.clone()), "{id} twice");
        assert!(!text.trim().is_empty(), "{id}");
        context.validate();
        let intents = accepted(&expect.intent);
        for intent in &intents {
            assert!(
                Intent::ALL
                    .iter()
                    .any(|known| Some(known.name()) == *intent),
                "{id}: {intent:?}"
            );
        }
        let intent = intents[0].unwrap();
        let count = halves.entry(intent.to_owned()).or_default();
        match half.as_str() {
            "tune" => count.0 += 1,
            "report" => count.1 += 1,
            other => panic!("{id}: half {other}"),
        }
        let (objects, selectors) = (accepted(&expect.object), accepted(&expect.selector));
        assert!(
            objects.iter().flatten().all(|name| is_object_name(name)),
            "{id}"
        );
        assert!(
            selectors.iter().flatten().all(|name| is_identifier(name)),
            "{id}"
        );
        match intent {
            "send" => {
                let (object, selector) = (objects[0].unwrap(), selectors[0].unwrap());
                let signature = context.method(object, selector);
                let signature =
                    signature.unwrap_or_else(|| panic!("{id}: {object} has no {selector}"));
                let args = expect.args.as_deref().unwrap_or_default();
                assert_eq!(signature.params.len(), args.len(), "{id}");
                for (param, value) in signature.params.iter().zip(args) {
                    value_from_json(&param.ty, value).unwrap();
                }
            }
            "teach" => assert!(
                objects[0].is_some() && selectors.iter().all(Option::is_some),
                "{id}"
            ),
            "make" => assert!(context.object(objects[0].unwrap()).is_none(), "{id} exists"),
            "inspect" => assert!(context.object(objects[0].unwrap()).is_some(), "{id}"),
            _ => assert!(objects.contains(&None) && selectors.contains(&None), "{id}"),
        }
        assert!(expect.args.is_none() || intent == "send", "{id}");
    }
    assert_eq!(ids.len(), 220);
    assert_eq!(halves.len(), Intent::ALL.len());
    for (intent, (tune, report)) in halves {
        assert!(
            tune.abs_diff(report) <= 1 && tune >= 12,
            "{intent}: {tune} and {report}"
        );
    }
}

/// A measured sentence in the prompt would measure memory. Which examples it gets depends on the words, and its own
/// would be the likest. Examples stand on a line of their own or behind a colon.
#[test]
fn no_sentence_is_an_example_of_the_translators() {
    for sentence in sentences() {
        let text = sentence.text.to_lowercase();
        let mut turns = translate(&sentence.text, &Scene::default()).turns;
        let asked = turns.pop();
        assert!(asked.is_some_and(|(_, asked)| asked.contains(&sentence.text)));
        let prompt: String = turns
            .iter()
            .map(|(_, text)| format!("{}\n", text.to_lowercase()))
            .collect();
        let examples: BTreeSet<&str> = prompt
            .lines()
            .flat_map(|line| [Some(line), line.split_once(": ").map(|(_, said)| said)])
            .flatten()
            .map(str::trim)
            .collect();
        assert!(examples.len() > 30, "the prompt is not read");
        assert!(!examples.contains(text.as_str()), "{}", sentence.id);
    }
}
