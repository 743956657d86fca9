//! BRICK's DECOMPOSING of a larger brief: an ordered plan of method-sized parts.
//!
//! One request says for each part its object, selector and what it calls; it may also say that the brief is one part.
//! What it says is judged without a model: names, bounds, and an order in which everything is there when it is called.
//! Its signature and new slots each part gets when it is its turn, as a method of its own, unless the person spelled it. Only a
//! part that failed is planned again with a signature, since another one is what may mend it.

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
use clauses::{call_in, words_for_all};
use order::Known as KnownName;
pub use request::{plan, plan_again};
pub use scope::{
    called_names, counts_things, may_be_several, names_methods, speaks_of_signature,
    spelled_signatures, told_names, wants_change,
};
pub use sends::{as_sends, is_callable, not_called, send_expression};

/// Parts that a plan has at most.
pub const MOST_PARTS: usize = 8;
/// Tokens that an answer may have: about forty a part, a hundred with its design.
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
    pub selector: String,
    /// What it does, in words.
    pub brief: String,
    /// What the person spelled, what is there, or what another try is to have; otherwise it is designed later.
    pub signature: Option<Signature>,
    /// New slots as in a mission document.
    pub slots: serde_json::Map<String, Value>,
    /// Other parts, or methods that are there.
    pub calls: Vec<PlannedCall>,
}

impl PartDesign {
    /// As people are told of it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.object, self.selector)
    }

    fn is(&self, object: &str, selector: &str) -> bool {
        self.object == object && self.selector == selector
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
    pub selector: &'a str,
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
    /// Only of a part that is planned again.
    #[serde(flatten)]
    design: Option<Design>,
}

/// BRICK's answer as parts in the order in which they are to be done; `brief` is the person's.
///
/// A method that is there keeps its signature unless the person wants it changed, and one that the person spelled is
/// as it was spelled.
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
        let there = ground.method(&part.object, &part.selector);
        let Some(signature) = &mut part.signature else {
            continue;
        };
        if there.as_ref() == Some(signature) {
            // It is used as it is.
            part.calls.clear();
        } else if spelled.iter().any(|known| known.name == signature.name) {
            name_given(signature, &mut part.calls);
        } else {
            make_callable(signature, &part.object, &mut part.calls);
            refuse_by_result(signature, &part.brief);
        }
    }
    Ok(parts)
}

/// The same for a part that failed: the one that it is for is among them, and each has a signature where its design can be read.
pub fn parse_plan_again(
    answer: &str,
    failed: &FailedPart<'_>,
    ground: &Ground,
) -> Result<Vec<PartDesign>, PlanError> {
    let parts = parse_plan(answer, "", ground)?;
    let is_failed = |part: &PartDesign| part.is(failed.object, failed.selector);
    if !parts.iter().any(is_failed) {
        return Err(PlanError::Missing(format!(
            "{}.{}",
            failed.object, failed.selector
        )));
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
    let design = part
        .design
        .map(|design| design_of(design, &selector, &known));
    let design = design.transpose().map_err(|error| PlanError::Design {
        part: format!("{object}.{selector}"),
        error,
    })?;
    let (designed, slots) = design.map_or_else(Default::default, |design| {
        (Some(design.signature), design.slots)
    });
    let there = ground
        .method(&object, &selector)
        .filter(|_| !wants_change(brief, &selector));
    let spelled = spelled.iter().find(|signature| signature.name == selector);
    let does: String = part.does.split_whitespace().collect::<Vec<_>>().join(" ");
    let does: String = does.chars().take(MOST_WORDS).collect();
    Ok(PartDesign {
        brief: if does.is_empty() {
            selector.clone()
        } else {
            does
        },
        signature: spelled.cloned().or(there).or(designed),
        calls: planned_calls(&part.calls),
        slots,
        object,
        selector,
    })
}

/// Calls of the part itself, of slots, and of what neither is there nor is said to be called are none.
fn drop_made_up_calls(parts: &mut [PartDesign], brief: &str, ground: &Ground) {
    let planned: Vec<String> = parts.iter().map(|part| part.selector.clone()).collect();
    let is_there = |selector: &str| {
        let known = ground.names();
        planned.iter().any(|name| name == selector)
            || known.iter().any(|(_, name)| name == selector)
    };
    let called = called_names(brief);
    for part in parts {
        let kept = ground.slots_of(&part.object);
        let is_slot = |name: &str| {
            part.slots.contains_key(name) || kept.iter().any(|(slot, _)| *slot == name)
        };
        let (own, object) = (&part.selector, &part.object);
        part.calls.retain(|call| {
            let is_own =
                call.selector == *own && (call.object.is_empty() || call.object == *object);
            let of_slot = call.of.as_deref().is_some_and(is_slot);
            let said = called.contains(call.selector.as_str()) || is_called(brief, &call.selector);
            let is_meant = is_there(&call.selector) || said && !is_slot(&call.selector);
            is_meant && !of_slot && !is_own
        });
    }
}

/// `it calls rob`
fn is_called(brief: &str, name: &str) -> bool {
    let spoken: Vec<&str> = words_in(brief).collect();
    let mut pairs = spoken.windows(2);
    pairs.any(|pair| matches!(pair, ["call" | "calls" | "calling", called] if *called == name))
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

/// `deposit`, `Account.deposit`, or `other.deposit` of what may turn out to be a parameter; `self` is the object itself.
fn planned_calls(told: &[String]) -> Vec<PlannedCall> {
    let calls = told.iter().map(|name| {
        let (before, selector) = name.rsplit_once('.').unwrap_or(("", name));
        let is_object = before.starts_with(char::is_uppercase);
        let is_given = !is_object && !before.is_empty() && before != "self";
        PlannedCall {
            object: if is_object { before } else { "" }.to_owned(),
            selector: selector.to_owned(),
            of: is_given.then(|| before.to_owned()),
        }
    });
    calls.collect()
}

/// What the person said of a part stands before BRICK's words for it, and what was said of all goes with each.
fn tell_persons_words(parts: &mut [PartDesign], brief: &str) {
    let selectors: Vec<String> = parts.iter().map(|part| part.selector.clone()).collect();
    let all: Vec<&str> = selectors.iter().map(String::as_str).collect();
    let general = words_for_all(brief, &all);
    for part in parts {
        let own = words_about(brief, &part.selector, &all);
        if !own.is_empty() {
            part.brief = own;
        } else if let Some(call) = call_in(brief, &part.selector) {
            part.brief = format!("{call}: {}", part.brief);
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

/// Makes of the signature one that can make the calls, and says of which parameter they are.
///
/// A text of which a method is called is an object. Sends can fail, so what calls returns a `Result`; and while an object changes
/// itself it accepts no send, so what calls methods of its own object takes `&self` and changes it by them alone. What calls nothing
/// takes `&mut self`: one that turns out to change nothing gets `&self` once it is written.
pub fn make_callable(signature: &mut Signature, object: &str, calls: &mut Vec<PlannedCall>) {
    for param in &mut signature.params {
        let is_called = calls
            .iter()
            .any(|call| call.of.as_ref() == Some(&param.name));
        if is_called && param.ty == Type::String {
            param.ty = Type::ObjectRef;
        }
    }
    name_given(signature, calls);
    if calls.is_empty() {
        signature.receiver = Receiver::Mutable;
        return;
    }
    if calls.iter().any(|call| call.object == object) {
        signature.receiver = Receiver::Shared;
    }
    let fails_with_text =
        matches!(&signature.returns, Type::Result(_, error) if **error == Type::String);
    if !fails_with_text {
        let value = match std::mem::replace(&mut signature.returns, Type::Unit) {
            Type::Result(value, _) => *value,
            other => other,
        };
        signature.returns = Type::Result(Box::new(value), Box::new(Type::String));
    }
}

/// Says of which parameter the calls are: of one that is no object there is nothing to call, and what is no parameter cannot be asked.
/// A given object that none is said to be of is what the last call is about: otherwise it would be given for nothing.
fn name_given(signature: &Signature, calls: &mut Vec<PlannedCall>) {
    let param = |name: &str| signature.params.iter().find(|param| param.name == name);
    let is_object = |name: &str| param(name).is_some_and(|param| param.ty == Type::ObjectRef);
    calls.retain(|call| {
        let of = call.of.as_deref();
        of.is_none_or(|name| is_object(name) || param(name).is_none())
    });
    for call in calls.iter_mut() {
        call.of = call.of.take().filter(|name| is_object(name));
    }
    let mut once: Vec<PlannedCall> = Vec::new();
    for call in calls.drain(..) {
        if !once.contains(&call) {
            once.push(call);
        }
    }
    *calls = once;
    let params = signature.params.iter();
    let given: Vec<&str> = params
        .filter(|param| param.ty == Type::ObjectRef)
        .map(|param| param.name.as_str())
        .collect();
    let is_told = calls.iter().any(|call| call.of.is_some());
    if let ([given], [_, .., last]) = (given.as_slice(), calls.as_mut_slice())
        && !is_told
    {
        last.of = Some((*given).to_owned());
    }
}
