//! `batos bench sentences`: how many sentences the translator understands as a person means them.
//!
//! Each sentence brings its own context, so that no image is needed; the prompt is the kernel's.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Alone, text_of, written};
use crate::cli::Context;
use crate::cli::output::{Failed, Outcome, print, print_json, progress, table};
use crate::persona::{
    Draft, Known, KnownMethod, Role, Said, Scene, parse_translation, read_translation, translate,
    translate_again,
};
use crate::wire::engine::Generated;

#[derive(Deserialize)]
struct Sentence {
    id: String,
    half: String,
    context: Surroundings,
    text: String,
    expect: Expected,
}

#[derive(Deserialize)]
struct Surroundings {
    objects: Vec<Object>,
    selected: Option<String>,
    /// Turns, each `{"person": …}` or `{"robin": …}`.
    said: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Object {
    name: String,
    parent: Option<String>,
    slots: BTreeMap<String, String>,
    methods: Vec<String>,
}

/// One value each, or an array of those that are right.
#[derive(Deserialize, Clone, Serialize)]
struct Expected {
    intent: Value,
    object: Value,
    selector: Value,
    #[serde(default)]
    args: Option<Vec<Value>>,
}

/// What came of one sentence.
#[derive(Serialize)]
struct Judged {
    id: String,
    /// The first of the intents that are right.
    intent: String,
    text: String,
    right: bool,
    /// What the model wrote, before names and intent were set right by the context.
    right_alone: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    args_right: Option<bool>,
    expected: Expected,
    got: Value,
    prompt_tokens: u32,
    reused_tokens: u32,
    generated_tokens: u32,
    seconds: f64,
}

pub(super) fn run(context: &Context, file: &Path, half: Option<&str>) -> Outcome {
    let text = std::fs::read_to_string(file).map_err(|error| {
        anyhow::Error::new(error).context(format!("cannot read {}", file.display()))
    })?;
    let mut sentences: Vec<Sentence> = serde_json::from_str(&text).map_err(|error| {
        anyhow::Error::new(error).context(format!("cannot read the sentences {}", file.display()))
    })?;
    sentences.retain(|sentence| half.is_none_or(|half| sentence.half == half));
    let mut model = Alone::start(context, Role::Translator, None)?;
    let mut judged = Vec::new();
    for sentence in sentences {
        let one = judge(&mut model, sentence)?;
        progress(&format!(
            "{}: {} in {:.1} s",
            one.id,
            if one.right { "right" } else { "WRONG" },
            one.seconds
        ));
        judged.push(one);
    }
    if context.json {
        print_json(&json!({"summary": summary(&judged), "sentences": judged}))?;
    } else {
        print(&report(&judged))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn judge(model: &mut Alone, sentence: Sentence) -> Result<Judged, Failed> {
    let scene = scene(sentence.context);
    let mut generated = model.ask(&translate(&sentence.text, &scene))?;
    let mut spent = seconds(&generated);
    if let Some(again) = translate_again(text_of(&generated), &sentence.text, &scene) {
        generated = model.ask(&again)?;
        spent += seconds(&generated);
    }
    let answer = text_of(&generated);
    let alone = read_translation(answer, &sentence.text);
    let understood = parse_translation(answer, &sentence.text, &scene);
    let expected = sentence.expect;
    let args_right = expected.args.as_ref().map(|args| {
        understood
            .as_ref()
            .is_ok_and(|draft| draft.args.as_ref().is_some_and(|got| same(got, args)))
    });
    Ok(Judged {
        right: understood
            .as_ref()
            .is_ok_and(|draft| expected.is_met(draft)),
        right_alone: alone.as_ref().is_ok_and(|draft| expected.is_met(draft)),
        args_right,
        intent: first(&expected.intent),
        got: understood.map_or_else(
            |error| json!({"error": error.to_string(), "answer": answer}),
            |draft| {
                json!({"intent": draft.intent, "object": draft.object,
                       "selector": draft.selector, "args": draft.args, "slots": draft.slots})
            },
        ),
        id: sentence.id,
        text: sentence.text,
        expected,
        prompt_tokens: generated.prompt_tokens,
        reused_tokens: generated.reused_tokens,
        generated_tokens: written(&generated),
        seconds: spent,
    })
}

fn seconds(generated: &Generated) -> f64 {
    generated.prompt_seconds + generated.generation_seconds
}

fn scene(surroundings: Surroundings) -> Scene {
    let known = surroundings.objects.into_iter().map(|object| Known {
        object: object.name,
        parent: object.parent,
        slots: object.slots.into_keys().collect(),
        methods: object
            .methods
            .iter()
            .filter_map(|signature| KnownMethod::of(signature))
            .collect(),
    });
    let mut said: Vec<Said> = Vec::new();
    for (who, text) in surroundings.said.into_iter().flatten() {
        match said.last_mut() {
            Some(last) if who == "robin" => last.robin = text,
            _ => said.push(Said {
                person: text,
                robin: String::new(),
            }),
        }
    }
    Scene {
        known: known.collect(),
        selected: surroundings.selected,
        said,
    }
}

impl Expected {
    fn is_met(&self, draft: &Draft) -> bool {
        accepts(&self.intent, Some(draft.intent.name()))
            && accepts(&self.object, draft.object.as_deref())
            && accepts(&self.selector, draft.selector.as_deref())
    }
}

fn accepts(expected: &Value, got: Option<&str>) -> bool {
    let got = got.map_or(Value::Null, Value::from);
    match expected {
        Value::Array(list) => list.contains(&got),
        one => *one == got,
    }
}

fn first(expected: &Value) -> String {
    let one = expected.get(0).unwrap_or(expected);
    one.as_str().unwrap_or_default().to_owned()
}

/// The same arguments, whole numbers and others alike.
fn same(got: &[Value], expected: &[Value]) -> bool {
    got.len() == expected.len()
        && got
            .iter()
            .zip(expected)
            .all(|(got, expected)| match (got.as_f64(), expected.as_f64()) {
                (Some(got), Some(expected)) => (got - expected).abs() < 1e-9,
                _ => got == expected,
            })
}

fn summary(judged: &[Judged]) -> Value {
    let right = |of: &dyn Fn(&Judged) -> bool| judged.iter().filter(|one| of(one)).count();
    let args: Vec<bool> = judged.iter().filter_map(|one| one.args_right).collect();
    let mut by_intent: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in judged {
        let count = by_intent.entry(&one.intent).or_default();
        count.0 += usize::from(one.right);
        count.1 += 1;
    }
    let by_intent: BTreeMap<&str, Value> = by_intent
        .into_iter()
        .map(|(intent, (right, of))| (intent, json!({"right": right, "of": of})))
        .collect();
    let mut times: Vec<f64> = judged.iter().map(|one| one.seconds).collect();
    times.sort_by(f64::total_cmp);
    let sum =
        |of: &dyn Fn(&Judged) -> u32| judged.iter().map(|one| u64::from(of(one))).sum::<u64>();
    json!({
        "right": right(&|one| one.right),
        "right_alone": right(&|one| one.right_alone),
        "of": judged.len(),
        "args_right": args.iter().filter(|right| **right).count(),
        "args_of": args.len(),
        "by_intent": by_intent,
        "tokens": {"prompt": sum(&|one| one.prompt_tokens), "reused": sum(&|one| one.reused_tokens),
                   "generated": sum(&|one| one.generated_tokens)},
        "median_seconds": times.get(times.len() / 2),
    })
}

fn report(judged: &[Judged]) -> String {
    let summary = summary(judged);
    let mut text = String::new();
    for one in judged.iter().filter(|one| !one.right) {
        let expected = json!([
            one.expected.intent,
            one.expected.object,
            one.expected.selector
        ]);
        text.push_str(&format!(
            "{}: {}\n  expected {expected}\n  got      {}\n",
            one.id, one.text, one.got
        ));
    }
    let rows: Vec<Vec<String>> = summary
        .get("by_intent")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(intent, count)| {
            let number = |name| count.get(name).map(Value::to_string).unwrap_or_default();
            vec![intent.clone(), number("right"), number("of")]
        })
        .collect();
    text.push_str(&table(&["INTENT", "RIGHT", "OF"], &rows));
    let number = |pointer| {
        summary
            .pointer(pointer)
            .map(Value::to_string)
            .unwrap_or_default()
    };
    text.push_str(&format!(
        "{} of {} right ({} as the model wrote them), arguments of {} of {} sends\n",
        number("/right"),
        number("/of"),
        number("/right_alone"),
        number("/args_right"),
        number("/args_of"),
    ));
    let median = summary.get("median_seconds").and_then(Value::as_f64);
    text.push_str(&format!(
        "{} tokens read, {} of them kept from before, {} written; median {:.1} s\n",
        number("/tokens/prompt"),
        number("/tokens/reused"),
        number("/tokens/generated"),
        median.unwrap_or_default()
    ));
    text
}
