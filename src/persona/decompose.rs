//! BRICK's DECOMPOSING: from a brief to a method's receiver, parameters, result and new slots.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::draft::is_identifier;
use super::plan::{speaks_of_signature, spelled_signatures};
use super::{Prompt, Role, designs};
use crate::method::{
    Param, Receiver, Signature, Type, default_value, value_from_json, value_to_json,
};

/// What DECOMPOSING decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    pub signature: Signature,
    /// New slots as in a mission document: `{"balance": {"type": "f64", "value": 0.0}}`.
    pub slots: Map<String, Value>,
}

/// Why an answer is no design.
#[derive(Debug, thiserror::Error)]
pub enum DesignError {
    #[error("the design is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the design has an unusable type: {0}")]
    Type(String),
    #[error("the design has an unusable name `{0}`")]
    Name(String),
    #[error("the design does not take the call: {0}")]
    Call(String),
}

/// The most other methods of the object that a request tells of.
const MOST_OTHERS: usize = 6;

/// The method that is to be designed.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub object: &'a str,
    pub selector: &'a str,
    pub brief: &'a str,
    /// The object's present slots as `(name, type)`.
    pub slots: &'a [(String, String)],
    /// Signatures of the other methods that the object has: of one without slots, what one takes another takes mostly too.
    pub others: &'a [String],
    /// Its signature so far, where there is one that is to be changed.
    pub so_far: Option<&'a Signature>,
}

/// The request for a design. What it is and the examples are the same each time, so that they are read once.
pub fn decompose(wanted: &Wanted<'_>) -> Prompt {
    let mut prompt = Prompt::new(Role::Brick, "decompose");
    if let Some((_, system)) = prompt.turns.first_mut() {
        system.push_str("\n\n");
        system.push_str(designs::GUIDE);
    }
    for (asked, design) in designs::EXAMPLES {
        prompt = prompt
            .person(format!("Object: {asked}\nDesign:"))
            .persona(*design);
    }
    let schema = schema_with(any_parameters(), gives_back(wanted.brief));
    prompt.person(request(wanted)).json(&schema, 320)
}

fn request(wanted: &Wanted<'_>) -> String {
    let mut text = format!("Object: {}", wanted.object);
    if wanted.slots.is_empty() {
        text.push_str(" (no slots yet)");
    } else {
        let fields: Vec<String> = wanted
            .slots
            .iter()
            .map(|(name, rust_type)| format!("{name}: {rust_type}"))
            .collect();
        let _ = write!(text, " {{ {} }}", fields.join(", "));
    }
    // Where there are slots a method mostly works on those, and would else be given what its neighbours are.
    let others = wanted.others.iter().filter(|_| wanted.slots.is_empty());
    for other in others.take(MOST_OTHERS) {
        let _ = write!(text, "\nHas: {other}");
    }
    let _ = write!(text, "\nMethod: {}", wanted.selector);
    if let Some(signature) = wanted.so_far {
        let _ = write!(text, "\nSo far: {signature}");
    }
    let _ = write!(text, "\nBrief: {}\nDesign:", wanted.brief.trim());
    text
}

/// The scalars that an object keeps.
const KEPT: &str = "f64|i64|u32|u64|usize|bool|char|String";

/// A pattern for types as a small model may write them: scalars and up to two levels of containers.
fn type_pattern() -> String {
    pattern("f64|i64|u32|u64|usize|bool|char|String|ObjectRef", "")
}

/// The same without `()` and `Result<(), String>`: where something comes back.
fn value_pattern() -> String {
    type_pattern()
        .replacen("\\(\\)|", "", 1)
        .replacen("(\\(\\)|", "(", 1)
}

/// The same for what an object keeps from its making on: no result of a call, and nothing that is merged.
pub(super) fn field_pattern() -> String {
    let scalar = format!("({KEPT})");
    let (one, list) = (one_level(&scalar), list_pattern());
    format!("^({one}|{list}|BTreeMap<String, {one}>)$")
}

/// A list of something, without the marks of a whole pattern.
pub(super) fn list_pattern() -> String {
    let scalar = format!("({KEPT})");
    let one = one_level(&scalar);
    format!("(Vec<{one}>|Vec<\\({scalar}, {scalar}\\)>)")
}

/// Something for each name or number.
pub(super) fn map_pattern() -> String {
    let scalar = format!("({KEPT})");
    let one = one_level(&scalar);
    format!("BTreeMap<(String|i64), {one}>")
}

/// The same for slots: no plain `ObjectRef`, for which no object is at hand, but also what is merged.
pub(super) fn slot_pattern() -> String {
    let scalars = KEPT;
    let more = format!(
        "|Option<ObjectRef>|Vec<ObjectRef>|Counter|SharedSet<(String|i64)>|SharedList<({scalars})>"
    );
    pattern(scalars, &more)
}

/// A scalar, or one level of containers around it.
fn one_level(scalar: &str) -> String {
    format!(
        "({scalar}|Vec<{scalar}>|Option<{scalar}>|BTreeMap<(String|i64), {scalar}>|BTreeSet<(String|i64)>)"
    )
}

fn pattern(scalars: &str, more: &str) -> String {
    let scalar = format!("({scalars})");
    let one = one_level(&scalar);
    format!(
        "^(\\(\\)|{one}|Vec<{one}>|Option<{one}>|Result<(\\(\\)|{one}), String>|\\({scalar}, {scalar}\\)|Vec<\\({scalar}, {scalar}\\)>|BTreeMap<String, {one}>{more})$"
    )
}

fn any_parameters() -> Value {
    let name = name_schema();
    let rust_type = json!({"type": "string", "pattern": type_pattern()});
    json!({"type": "array", "maxItems": 6, "items": {
        "type": "object", "properties": {"name": name, "type": rust_type},
        "required": ["name", "type"], "additionalProperties": false}})
}

/// What a plan says of a part's design, as properties of a larger answer, and their names in order.
pub(super) fn schema_properties() -> (Map<String, Value>, [&'static str; 4]) {
    let mut properties = Map::new();
    properties.insert(
        "receiver".to_owned(),
        json!({"enum": ["&self", "&mut self"]}),
    );
    properties.insert("parameters".to_owned(), any_parameters());
    properties.insert(
        "returns".to_owned(),
        json!({"type": "string", "pattern": type_pattern()}),
    );
    properties.insert("slots".to_owned(), new_slots());
    (properties, ["receiver", "parameters", "returns", "slots"])
}

/// A design with parameters of that schema, of a method that gives something back or may not. What it changes is asked for last,
/// when the new slots are named.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it becomes a part of the schema"
)]
pub(super) fn schema_with(parameters: Value, gives_back: bool) -> Value {
    let returns = if gives_back {
        value_pattern()
    } else {
        type_pattern()
    };
    let name = name_schema();
    json!({
        "type": "object",
        "properties": {
            "parameters": parameters,
            "returns": {"type": "string", "pattern": returns},
            "slots": new_slots(),
            "changes": {"type": "array", "maxItems": 6, "items": name},
        },
        "required": ["parameters", "returns", "slots", "changes"],
        "additionalProperties": false,
    })
}

fn new_slots() -> Value {
    let value = json!({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 80}, {"type": "boolean"}, {"type": "null"},
        {"type": "array", "maxItems": 0, "items": {"type": "null"}}, {"type": "object", "properties": {}, "additionalProperties": false}]});
    slots_schema(6, &slot_pattern(), &value)
}

/// A name of a slot, a parameter or a method.
pub(super) fn name_schema() -> Value {
    json!({"type": "string", "pattern": "^[a-z_][a-z0-9_]{0,40}$"})
}

/// Up to so many slots, each with a name, a type and a value of these forms.
pub(super) fn slots_schema(most: usize, rust_type: &str, value: &Value) -> Value {
    let slot = slot_schema(&name_schema(), rust_type, value);
    json!({"type": "array", "maxItems": most, "items": slot})
}

/// One slot.
pub(super) fn slot_schema(name: &Value, rust_type: &str, value: &Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": name,
            "type": {"type": "string", "pattern": rust_type},
            "value": value,
        },
        "required": ["name", "type", "value"],
        "additionalProperties": false,
    })
}

/// A design as BRICK writes it.
#[derive(Deserialize)]
pub(super) struct Answer {
    /// Said of a part that is planned again; otherwise it follows from what is changed.
    receiver: Option<String>,
    parameters: Vec<Field>,
    returns: String,
    slots: Vec<Field>,
    #[serde(default)]
    changes: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Field {
    name: String,
    #[serde(rename = "type")]
    rust_type: String,
    #[serde(default)]
    value: Value,
}

/// BRICK's answer as a design. Slots that exist already, and slots that only repeat a parameter, are left
/// out; an initial value that does not fit its type becomes the type's empty value.
pub fn parse_design(
    answer: &str,
    selector: &str,
    existing: &[(String, String)],
) -> Result<Design, DesignError> {
    design_of(serde_json::from_str(answer)?, selector, existing)
}

/// The same of an answer that was read already.
pub(super) fn design_of(
    answer: Answer,
    selector: &str,
    existing: &[(String, String)],
) -> Result<Design, DesignError> {
    let parse =
        |text: &str| Type::parse(text).map_err(|error| DesignError::Type(error.to_string()));
    let mut params: Vec<Param> = Vec::new();
    for field in &answer.parameters {
        if !is_identifier(&field.name) {
            return Err(DesignError::Name(field.name.clone()));
        }
        if params.iter().all(|param| param.name != field.name) {
            params.push(Param {
                name: field.name.clone(),
                ty: parse(&field.rust_type)?,
            });
        }
    }
    let mut slots = Map::new();
    for field in answer.slots {
        let known = existing.iter().any(|(name, _)| *name == field.name);
        let repeated = params.iter().any(|param| param.name == field.name);
        // What a method is called is nothing that the object keeps.
        let is_method = field.name == selector;
        if known || repeated || is_method || !is_identifier(&field.name) {
            continue;
        }
        let ty = parse(&field.rust_type)?;
        let value = initial(&ty, field.value);
        slots.insert(field.name, json!({"type": ty.to_string(), "value": value}));
    }
    Ok(Design {
        signature: Signature {
            name: selector.to_owned(),
            receiver: match answer.receiver.as_deref() {
                Some("&mut self") => Receiver::Mutable,
                None if !answer.changes.is_empty() => Receiver::Mutable,
                _ => Receiver::Shared,
            },
            params,
            returns: parse(&answer.returns)?,
        },
        slots,
    })
}

/// The signature as the words have it: one that they spell, else the method's so far where they say nothing of parameters
/// or results, else what was designed; and what refuses returns a `Result`.
pub fn settle(signature: &mut Signature, wanted: &Wanted<'_>) {
    let spelled = spelled_signatures(wanted.brief);
    if let Some(spelled) = spelled.into_iter().find(|one| one.name == wanted.selector) {
        *signature = spelled;
        return;
    }
    match wanted.so_far {
        Some(so_far) if !speaks_of_signature(wanted.brief, wanted.selector) => {
            let receiver = signature.receiver;
            *signature = so_far.clone();
            if receiver == Receiver::Mutable {
                signature.receiver = Receiver::Mutable;
            }
            refuse_by_result(signature, wanted.brief);
        }
        _ => heed_words(signature, wanted.brief),
    }
}

/// What the brief says decides over what was designed: what refuses returns a `Result`, and what nowhere fails returns none.
fn heed_words(signature: &mut Signature, brief: &str) {
    refuse_by_result(signature, brief);
    if let Type::Result(value, _) = &signature.returns
        && **value != Type::Unit
        && !may_fail(brief)
    {
        signature.returns = (**value).clone();
    }
}

/// What refuses returns a `Result`, whatever was designed.
pub(super) fn refuse_by_result(signature: &mut Signature, brief: &str) {
    let returns = &signature.returns;
    if says_refuse(brief) && !matches!(returns, Type::Result(..) | Type::Option(_)) {
        let value = std::mem::replace(&mut signature.returns, Type::Unit);
        signature.returns = Type::Result(Box::new(value), Box::new(Type::String));
    }
}

/// The words without what stands in quotes or capitals: those are values.
fn unquoted(words: &str) -> String {
    let is_value = |word: &str| {
        let word = word.trim_matches(|one: char| !one.is_alphanumeric());
        word.len() > 1 && word.chars().all(char::is_uppercase)
    };
    let outside = words.split('"').step_by(2);
    let plain = outside.flat_map(|text| text.split(' ').filter(|word| !is_value(word)));
    plain.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether the words say that something is refused.
fn says_refuse(words: &str) -> bool {
    const REFUSING: [&str; 6] = ["refuse", "reject", "error", "fail", "forbid", "not allowed"];
    let words = unquoted(words);
    REFUSING.iter().any(|said| words.contains(said))
}

/// Whether the words say that something comes back: the method returns it, nobody else does.
fn gives_back(words: &str) -> bool {
    const BEFORE: [&str; 12] = [
        ",", "and", "then", "which", "that", "should", "must", "to", "it", "will", "also", "always",
    ];
    const NOTHING: [&str; 5] = ["nothing", "anything", "early", "no", "void"];
    let marked = unquoted(words).replace([',', ';', ':', '.', '(', ')'], " , ");
    let spoken = marked.split_whitespace();
    let spoken: Vec<&str> = [","].into_iter().chain(spoken).chain([","]).collect();
    spoken.windows(3).any(|three| match three {
        [_, _, after] if NOTHING.contains(after) => false,
        [before, "return" | "returns", _] | [before, "give" | "gives", "back"] => {
            BEFORE.contains(before)
        }
        [before, "returning", _] => *before != "without",
        // `fill("{n}", 3) gives …`: the parenthesis is a comma here.
        [",", "gives" | "yields", _] | [_, "comes", "back"] => true,
        _ => false,
    })
}

/// Whether the words leave room for a failure, in whatever way.
fn may_fail(words: &str) -> bool {
    const FAILING: [&str; 25] = [
        "must",
        "only",
        "cannot",
        "can't",
        "cant",
        "can not",
        "may not",
        "invalid",
        "valid",
        "illegal",
        "deny",
        "denied",
        "wrong",
        "not enough",
        "unless",
        "unknown",
        "missing",
        "complain",
        "err",
        "not possible",
        "impossible",
        "no more than",
        "never",
        "unable",
        "twice",
    ];
    let lower = unquoted(words);
    says_refuse(words) || FAILING.iter().any(|said| lower.contains(said))
}

pub(super) fn initial(ty: &Type, value: Value) -> Value {
    if value_from_json(ty, &value).is_ok() {
        return value;
    }
    value_to_json(ty, &default_value(ty)).unwrap_or(Value::Null)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::{gives_back, heed_words, type_pattern, value_pattern};
    use crate::method::Signature;

    #[test]
    fn what_comes_back_is_no_unit() {
        assert!(gives_back(
            "take it out and return its name; refuse when empty"
        ));
        assert!(gives_back("the old one comes back"));
        assert!(gives_back("push (a name) returning how many there are"));
        assert!(gives_back("fill(\"{n} jobs\", 3) gives \"3 jobs\""));
        for none in [
            "add it, return nothing",
            "say \"returns\"",
            "reset; it does not return anything",
            "check in, for when a reader returns a book",
        ] {
            assert!(!gives_back(none), "{none}");
        }
        let (any, value) = (type_pattern(), value_pattern());
        assert!(any.starts_with("^(\\(\\)|") && any.contains("Result<(\\(\\)|"));
        assert!(!value.contains("\\(\\)"));
    }

    #[test]
    fn the_words_say_whether_it_may_fail() {
        for (returns, brief, heeded) in [
            (
                "f64",
                "take it, refuse more than there is",
                "Result<f64, String>",
            ),
            (
                "()",
                "open; an error when it is locked",
                "Result<(), String>",
            ),
            ("Option<f64>", "refuse it", "Option<f64>"),
            ("Result<f64, String>", "the sum of all prices", "f64"),
            (
                "Result<f64, String>",
                "the amount must be positive",
                "Result<f64, String>",
            ),
            ("Result<(), String>", "open it", "Result<(), String>"),
            ("String", "6 is \"failed\", 5 is \"error\"", "String"),
            ("bool", "true when the level is FATAL, or ERROR.", "bool"),
        ] {
            let mut signature = Signature::parse(&format!("fn f(&self) -> {returns}")).unwrap();
            heed_words(&mut signature, brief);
            assert_eq!(signature.returns.to_string(), heeded, "{brief}");
        }
    }
}
