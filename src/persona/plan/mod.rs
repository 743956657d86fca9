//! BRICK's DECOMPOSING of a larger brief: an ordered plan of method-sized parts.
//!
//! One request says for each part its object, selector, signature, new slots and what it calls; it may also say that
//! the brief is one part. What it says is judged without a model: names, types, bounds, and an order in which
//! everything is there when it is called.

mod clauses;
mod order;
mod request;
mod scope;
mod sends;

use serde::Deserialize;
use serde_json::Value;

use super::decompose::{Answer as Design, DesignError, design_of, refuse_by_result};
use super::draft::{is_identifier, is_object_name};
use super::words::words as words_in;
use crate::method::{Receiver, Signature, Type};
pub use clauses::words_about;
use clauses::words_for_all;
use order::Known as KnownName;
pub use request::{plan, plan_again};
pub use scope::{
    called_names, counts_things, may_be_several, names_methods, speaks_of_signature,
    spelled_signatures, told_names, wants_change,
};
pub use sends::{as_sends, is_callable, not_called, send_expression};

/// Parts that a plan has at most.
pub const MOST_PARTS: usize = 8;
/// Tokens that an answer may have: about a hundred a part.
const MAX_TOKENS: u32 = 1_100;
/// The most of a part's description that is kept, in characters.
const MOST_WORDS: usize = 300;

/// A method that a part calls, as it is or will be there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Callee {
    pub object: String,
    pub signature: String,
    /// The parameter whose method it is, where an object is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// A call that a part is planned to make.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PlannedCall {
    /// The object that has the method; one that is given is of its kind.
    pub object: String,
    pub selector: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// One part as BRICK designed it.
#[derive(Debug, Clone, PartialEq)]
pub struct PartDesign {
    pub object: String,
    /// What it does, in words.
    pub brief: String,
    pub signature: Signature,
    /// New slots as in a mission document.
    pub slots: serde_json::Map<String, Value>,
    /// Other parts, or methods that are there.
    pub calls: Vec<PlannedCall>,
}

impl PartDesign {
    pub fn selector(&self) -> &str {
        &self.signature.name
    }

    /// As people are told of it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.object, self.selector())
    }

    fn is(&self, object: &str, selector: &str) -> bool {
        self.object == object && self.selector() == selector
    }
}

/// Why an answer is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("the plan is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the plan has no part")]
    Empty,
    #[error("the plan has {0} parts, and at most {MOST_PARTS} are done in one mission")]
    TooMany(usize),
    #[error("the plan has `{0}` twice")]
    Twice(String),
    #[error("the plan has an unusable name `{0}`")]
    Name(String),
    #[error("`{part}` calls `{called}`, which is neither a part nor there already")]
    Unknown { part: String, called: String },
    #[error("the parts {} call each other in a circle", .0.join(", "))]
    Cycle(Vec<String>),
    #[error("part `{part}`: {error}")]
    Design { part: String, error: DesignError },
    #[error("the new plan has no `{0}`, which it is for")]
    Missing(String),
}

/// What the image has that a plan may build on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// The object that the brief is about.
    pub object: String,
    /// Objects with their slots as `(name, type)` and their methods' signatures.
    pub objects: Vec<GroundObject>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroundObject {
    pub name: String,
    pub slots: Vec<(String, String)>,
    pub methods: Vec<String>,
}

impl Ground {
    fn slots_of(&self, object: &str) -> Vec<(String, String)> {
        let found = self.objects.iter().find(|known| known.name == object);
        found.map(|known| known.slots.clone()).unwrap_or_default()
    }

    /// The signature of a method that is there.
    pub fn method(&self, object: &str, selector: &str) -> Option<Signature> {
        let found = self.objects.iter().find(|known| known.name == object)?;
        let mut signatures = found
            .methods
            .iter()
            .filter_map(|text| Signature::parse(text).ok());
        signatures.find(|signature| signature.name == selector)
    }

    fn names(&self) -> Vec<KnownName> {
        let named = |object: &GroundObject| {
            let methods = object
                .methods
                .iter()
                .filter_map(|text| Signature::parse(text).ok());
            methods
                .map(|signature| (object.name.clone(), signature.name))
                .collect::<Vec<_>>()
        };
        self.objects.iter().flat_map(named).collect()
    }
}

/// A part that failed and is to be planned anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedPart<'a> {
    pub object: &'a str,
    pub signature: &'a str,
    pub brief: &'a str,
    pub diagnosis: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    parts: Vec<Value>,
}

#[derive(Deserialize)]
struct PartAnswer {
    object: String,
    method: String,
    does: String,
    #[serde(default)]
    calls: Vec<String>,
    #[serde(flatten)]
    design: Design,
}

/// BRICK's answer as parts in the order in which they are to be done; `brief` is the person's.
///
/// A method that is there keeps its signature unless the person wants it changed, and one that the person spelled is
/// as it was spelled. Sends can fail, so what calls returns a `Result`; and while an object changes itself it accepts no
/// send, so what calls methods of its own object takes `&self` and changes it by them alone.
pub fn parse_plan(
    answer: &str,
    brief: &str,
    ground: &Ground,
) -> Result<Vec<PartDesign>, PlanError> {
    let answer: Answer = serde_json::from_str(answer)?;
    // Looked at before anything is made of them.
    if answer.parts.len() > MOST_PARTS {
        return Err(PlanError::TooMany(answer.parts.len()));
    }
    let spelled = spelled_signatures(brief);
    let mut parts: Vec<PartDesign> = Vec::new();
    for part in answer.parts {
        let part: PartAnswer = serde_json::from_value(part)?;
        parts.push(read_part(part, brief, ground, &spelled)?);
    }
    drop_made_up_calls(&mut parts, brief, ground);
    let mut parts = order::ordered(parts, &ground.names())?;
    bring_slots_once(&mut parts);
    tell_persons_words(&mut parts, brief);
    for part in &mut parts {
        let is_spelled = spelled
            .iter()
            .any(|known| known.name == part.signature.name);
        let there = ground.method(&part.object, part.selector());
        if there.as_ref() == Some(&part.signature) {
            // It is used as it is.
            part.calls.clear();
        } else if !is_spelled {
            make_callable(part);
            if part.calls.is_empty() {
                // One that turns out to change nothing gets `&self` once it is written.
                part.signature.receiver = Receiver::Mutable;
            }
            refuse_by_result(&mut part.signature, &part.brief);
        }
    }
    Ok(parts)
}

/// The same for a part that failed: the one that it is for is among them.
pub fn parse_plan_again(
    answer: &str,
    failed: &FailedPart<'_>,
    ground: &Ground,
) -> Result<Vec<PartDesign>, PlanError> {
    let parts = parse_plan(answer, "", ground)?;
    let selector = Signature::parse(failed.signature)
        .map_or_else(|_| String::new(), |signature| signature.name);
    if !parts.iter().any(|part| part.is(failed.object, &selector)) {
        return Err(PlanError::Missing(format!("{}.{selector}", failed.object)));
    }
    Ok(parts)
}

fn read_part(
    part: PartAnswer,
    brief: &str,
    ground: &Ground,
    spelled: &[Signature],
) -> Result<PartDesign, PlanError> {
    let (object, selector) = (part.object, part.method);
    if !is_object_name(&object) {
        return Err(PlanError::Name(object));
    }
    if !is_identifier(&selector) {
        return Err(PlanError::Name(selector));
    }
    let known = ground.slots_of(&object);
    let design = design_of(part.design, &selector, &known).map_err(|error| PlanError::Design {
        part: format!("{object}.{selector}"),
        error,
    })?;
    let there = ground
        .method(&object, &selector)
        .filter(|_| !wants_change(brief, &selector));
    let spelled = spelled.iter().find(|signature| signature.name == selector);
    let signature = spelled.cloned().or(there).unwrap_or(design.signature);
    let calls = planned_calls(&part.calls, &signature);
    let does: String = part.does.split_whitespace().collect::<Vec<_>>().join(" ");
    let does: String = does.chars().take(MOST_WORDS).collect();
    Ok(PartDesign {
        brief: if does.is_empty() {
            selector.clone()
        } else {
            does
        },
        signature,
        slots: design.slots,
        object,
        calls,
    })
}

/// Calls of the part itself, of slots, and of what neither is there nor stands in the brief are none.
fn drop_made_up_calls(parts: &mut [PartDesign], brief: &str, ground: &Ground) {
    let planned: Vec<String> = parts
        .iter()
        .map(|part| part.selector().to_owned())
        .collect();
    let is_there = |selector: &str| {
        let known = ground.names();
        planned.iter().any(|name| name == selector)
            || known.iter().any(|(_, name)| name == selector)
    };
    for part in parts {
        let kept = ground.slots_of(&part.object);
        let (own, slots) = (part.signature.name.clone(), part.slots.clone());
        part.calls.retain(|call| {
            let is_own = call.selector == own && call.of.is_none() && call.object.is_empty();
            let is_slot = slots.contains_key(&call.selector)
                || kept.iter().any(|(slot, _)| *slot == call.selector);
            let is_named = words_in(brief).any(|word| word == call.selector);
            is_there(&call.selector) && !is_own || is_named && !is_slot && !is_own
        });
    }
}

/// A slot comes with the first part of its object that has it, in the order in which they are done.
fn bring_slots_once(parts: &mut [PartDesign]) {
    let mut brought: Vec<(String, String)> = Vec::new();
    for part in parts {
        let object = &part.object;
        part.slots.retain(|name, _| {
            let slot = (object.clone(), name.clone());
            let is_new = !brought.contains(&slot);
            if is_new {
                brought.push(slot);
            }
            is_new
        });
    }
}

/// `deposit`, `Account.deposit`, or `other.deposit` of a parameter. A given object that none is said to be of is what the
/// last call is about: otherwise it would be given for nothing.
fn planned_calls(told: &[String], signature: &Signature) -> Vec<PlannedCall> {
    let params = signature.params.iter();
    let given: Vec<&str> = params
        .filter(|param| param.ty == Type::ObjectRef)
        .map(|param| param.name.as_str())
        .collect();
    let mut calls: Vec<PlannedCall> = told
        .iter()
        .map(|name| {
            let (before, selector) = name.rsplit_once('.').unwrap_or(("", name));
            let of = given.contains(&before).then(|| before.to_owned());
            // A parameter that is no object cannot have methods; `self` is the object itself.
            let object = if before.starts_with(char::is_uppercase) {
                before
            } else {
                ""
            };
            PlannedCall {
                object: object.to_owned(),
                selector: selector.to_owned(),
                of,
            }
        })
        .collect();
    if let ([given], Some(last)) = (given.as_slice(), calls.len().checked_sub(1))
        && last > 0
        && calls.iter().all(|call| call.of.is_none())
        && let Some(call) = calls.last_mut()
    {
        call.of = Some((*given).to_owned());
    }
    calls
}

/// What the person said of a part stands before BRICK's words for it, and what was said of all goes with each.
fn tell_persons_words(parts: &mut [PartDesign], brief: &str) {
    let selectors: Vec<String> = parts
        .iter()
        .map(|part| part.selector().to_owned())
        .collect();
    let all: Vec<&str> = selectors.iter().map(String::as_str).collect();
    let general = words_for_all(brief, &all);
    for part in parts {
        let own = words_about(brief, part.selector(), &all);
        if !own.is_empty() {
            part.brief = own;
        }
        if !general.is_empty() {
            let end = if part.brief.ends_with(['.', ';', '!']) {
                ""
            } else {
                "."
            };
            part.brief = format!("{}{end} {general}", part.brief);
        }
    }
}

fn make_callable(part: &mut PartDesign) {
    if part.calls.is_empty() {
        return;
    }
    if part.calls.iter().any(|call| call.object == part.object) {
        part.signature.receiver = Receiver::Shared;
    }
    let fails_with_text =
        matches!(&part.signature.returns, Type::Result(_, error) if **error == Type::String);
    if !fails_with_text {
        let value = match std::mem::replace(&mut part.signature.returns, Type::Unit) {
            Type::Result(value, _) => *value,
            other => other,
        };
        part.signature.returns = Type::Result(Box::new(value), Box::new(Type::String));
    }
}
