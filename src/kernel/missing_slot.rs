//! A slot that most candidates use and that nobody has named: it is what the method keeps, so the object gets it.
//!
//! Small models design a signature and forget what it needs. Which type it has is tried out: the first with which a candidate
//! builds is taken. What a person wrote down, checks or slots, is never added to.

use serde_json::json;

use super::mend::{End, mend};
use super::psm::Run;
use super::teach::Lesson;
use crate::method::{Compiler, StructSpec, Type, default_value, value_to_json};

/// Tried when nothing in the method says more.
const USUAL: [&str; 4] = ["f64", "i64", "String", "Vec<String>"];

/// A refused candidate, and the first thing that is wrong in it.
pub(super) struct Refused {
    pub source: String,
    pub problem: String,
}

/// Adds it to the mission, and says so; `None` where no slot is missing, or it is not for the system to add one.
pub(super) fn add_missing_slot(
    run: &mut Run,
    lesson: &Lesson,
    compiler: &Compiler,
    refused: &[Refused],
) -> Option<String> {
    let is_written_down = !lesson.draft.checks.is_empty()
        || lesson.draft.source.is_some()
        || run.document.origin.is_some();
    if is_written_down {
        return None;
    }
    let first = refused.iter().find(|one| missing(&one.problem).is_some())?;
    let name = missing(&first.problem)?;
    let others = refused.iter();
    let agreed = others.filter(|other| missing(&other.problem) == Some(name));
    if agreed.count() * 2 <= refused.len() {
        return None;
    }
    let (ty, value) = likely_types(lesson, &first.source, name)
        .into_iter()
        .find_map(|ty| {
            let mut slots = lesson.structure.slots.clone();
            slots.push((name.to_owned(), ty.clone()));
            let structure = StructSpec::new(&lesson.structure.name, slots).ok()?;
            let source = first.source.clone();
            let built = mend(compiler, &structure, &lesson.signature, source);
            let value = value_to_json(&ty, &default_value(&ty)).ok()?;
            matches!(built.end, End::Built(_)).then_some((ty, value))
        })?;
    let draft = run.document.draft.as_mut()?;
    draft.slots.insert(
        name.to_owned(),
        json!({"type": ty.to_string(), "value": value}),
    );
    Some(format!(
        "the candidates keep `{name}`: `{}` gets that slot, a `{ty}`",
        lesson.object
    ))
}

/// The field in rustc's words, where it is one of the object's own.
fn missing(problem: &str) -> Option<&str> {
    let (_, rest) = problem.split_once("no field `")?;
    let (name, rest) = rest.split_once('`')?;
    let of_object = rest.contains("object::");
    (of_object && crate::persona::is_identifier(name)).then_some(name)
}

/// Types of the parameters that stand beside it, then what the method returns, then the usual ones.
fn likely_types(lesson: &Lesson, source: &str, name: &str) -> Vec<Type> {
    let field = format!("self.{name}");
    let beside: Vec<&str> = source
        .lines()
        .filter(|line| line.contains(&field))
        .collect();
    let parameters = lesson.signature.params.iter().filter(|parameter| {
        beside
            .iter()
            .any(|line| crate::persona::words(line).any(|word| word == parameter.name))
    });
    let mut texts: Vec<String> = parameters
        .map(|parameter| parameter.ty.to_string())
        .map(|text| text.replace("&str", "String"))
        .collect();
    texts.push(lesson.signature.returns.to_string());
    texts.extend(USUAL.map(str::to_owned));
    texts
        .iter()
        .filter_map(|text| Type::parse(text).ok())
        .collect()
}
