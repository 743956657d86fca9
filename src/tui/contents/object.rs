//! One object in full: its prototype, slots with types and values, methods with their source, checks and counts.

use serde::Deserialize;
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use crate::tui::clean;
use crate::tui::document::{Code, Document, Row, piece};
use crate::tui::state::State;
use crate::tui::state::objects::Detail;
use crate::tui::theme::Role;
use crate::wire::messages::{MethodView, ObjectView, SlotView};

const MAX_VALUE_CHARACTERS: usize = 2_000;

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width);
    if state.objects.is_empty() {
        document.blank();
        let text = "The image has no objects yet. A mission such as \"teach Account to deposit an amount\" makes the first.";
        document.wrapped(&[piece(Role::Dim, text)], 0);
        return document;
    }
    let Some(detail) = state.objects.selected_detail() else {
        document.blank();
        document.row(vec![piece(Role::Dim, "asking the kernel for the object")]);
        return document;
    };
    write(&mut document, detail);
    document
}

/// Writes it; gives the row at which each method begins.
fn write(document: &mut Document, detail: &Detail) -> Vec<(String, usize)> {
    let view = &detail.view;
    head(document, view);
    slots(document, &view.slots);
    if view.methods.len() > 1 {
        index(document, &view.methods);
    }
    let mut places = Vec::new();
    for (method, code) in view.methods.iter().zip(&detail.code) {
        document.blank();
        places.push((method.selector.clone(), document.len()));
        one_method(document, method, code);
    }
    places
}

/// The row at which each method of the chosen object begins.
pub fn places(state: &State, width: u16) -> Vec<(String, usize)> {
    let mut document = Document::new(width);
    let detail = state.objects.selected_detail();
    detail
        .map(|detail| write(&mut document, detail))
        .unwrap_or_default()
}

/// The row at which a method of the chosen object begins.
pub fn row_of(state: &State, selector: &str, width: u16) -> Option<usize> {
    let places = places(state, width);
    let place = places.into_iter().find(|(name, _)| name == selector);
    place.map(|(_, row)| row)
}

fn head(document: &mut Document, object: &ObjectView) {
    let mut left: Row = vec![piece(Role::Strong, object.name.as_str())];
    if let Some(parent) = &object.parent {
        left.push(piece(Role::Dim, " derives from "));
        left.push(piece(Role::Accent, parent.as_str()));
    }
    let right = format!(
        "object {} · changed in transaction {}",
        object.oid, object.tid
    );
    document.row_apart(left, vec![piece(Role::Dim, right)]);
}

fn slots(document: &mut Document, slots: &[SlotView]) {
    document.blank();
    if slots.is_empty() {
        document.row(vec![piece(Role::Dim, "no slots")]);
        return;
    }
    let names = slots
        .iter()
        .map(|slot| slot.name.width())
        .max()
        .unwrap_or(0)
        .min(24);
    let types = slots
        .iter()
        .map(|slot| slot.rust_type.width())
        .max()
        .unwrap_or(0)
        .min(28);
    for slot in slots {
        let role = if slot.inherited_from.is_some() {
            Role::Dim
        } else {
            Role::Text
        };
        let mut row: Row = vec![
            piece(role, format!("  {:<names$}  ", slot.name)),
            piece(Role::CodeType, format!("{:<types$}  ", slot.rust_type)),
            piece(
                Role::CodeString,
                slot.value_json
                    .chars()
                    .take(MAX_VALUE_CHARACTERS)
                    .collect::<String>(),
            ),
        ];
        if let Some(owner) = &slot.inherited_from {
            row.push(piece(Role::Dim, format!("  from {owner}")));
        }
        document.wrapped(&row, 6 + names);
    }
}

/// Every method in a row, with the first sentence of what it says of itself.
fn index(document: &mut Document, methods: &[MethodView]) {
    document.blank();
    for method in methods {
        let name = if method.inherited_from.is_some() {
            Role::Dim
        } else {
            Role::CodeFunction
        };
        let signature = method.signature.trim_start_matches("fn ");
        let (selector, rest) = match signature.split_once('(') {
            Some((selector, rest)) => (selector, format!("({rest}")),
            None => (method.selector.as_str(), String::new()),
        };
        let mut left: Row = vec![
            piece(Role::Text, "  "),
            piece(name, selector),
            piece(Role::Dim, rest),
        ];
        if let Some(first) = documentation(&method.source).first() {
            left.push(piece(Role::CodeComment, format!("  {first}")));
        }
        document.row_apart(left, vec![piece(Role::Dim, calls(method))]);
    }
}

fn calls(method: &MethodView) -> String {
    let mut parts = vec![super::count(method.calls, "call")];
    if method.failures > 0 {
        parts.push(super::count(method.failures, "failure"));
    }
    parts.join(" · ")
}

/// The lines of its documentation.
fn documentation(source: &str) -> Vec<&str> {
    let lines = source.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix("///"))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

fn one_method(document: &mut Document, method: &MethodView, code: &Code) {
    let mut right = vec![calls(method)];
    if !method.author.is_empty() {
        right.push(format!("by {}", method.author));
    }
    if let Some(mission) = method.mission {
        right.push(format!("mission {mission}"));
    }
    let mut left: Row = vec![piece(Role::CodeFunction, method.selector.as_str())];
    if let Some(owner) = &method.inherited_from {
        left.push(piece(Role::Dim, format!("  from {owner}")));
    }
    if method.self_checked {
        left.push(piece(Role::Warning, "  self-checked"));
    }
    document.row_apart(left, vec![piece(Role::Dim, right.join(" · "))]);
    document.code(code, true, |_, _| {});
    checks(document, method);
}

/// The checks that it passed, each as a call with what it came to.
fn checks(document: &mut Document, method: &MethodView) {
    let checks: Vec<Check> = serde_json::from_str(&method.checks_json).unwrap_or_default();
    if checks.is_empty() {
        return;
    }
    let whose = if method.self_checked {
        "  passed checks that personas wrote"
    } else {
        "  passed checks"
    };
    document.row(vec![piece(Role::Dim, whose)]);
    for check in &checks {
        let mut row: Row = vec![
            piece(Role::Good, "  ✓ "),
            piece(Role::CodeText, check.call(&method.selector)),
        ];
        let (before, after) = (named(&check.slots), named(&check.after));
        if !before.is_empty() {
            row.push(piece(Role::Dim, format!("  from {before}")));
        }
        if !after.is_empty() {
            row.push(piece(Role::Dim, format!("  then {after}")));
        }
        document.wrapped(&row, 6);
    }
}

/// As it is stored with a method; what is not shown is passed over.
#[derive(Deserialize)]
struct Check {
    #[serde(default)]
    slots: Map<String, Value>,
    #[serde(default)]
    args: Vec<Value>,
    returns: Option<Value>,
    #[serde(default)]
    after: Map<String, Value>,
    #[serde(default)]
    error: bool,
}

impl Check {
    fn call(&self, selector: &str) -> String {
        let args: Vec<String> = self.args.iter().map(Value::to_string).collect();
        let outcome = match (&self.returns, self.error) {
            (_, true) => " → Err".to_owned(),
            (Some(value), false) => format!(" → {value}"),
            (None, false) => String::new(),
        };
        clean::line(&format!("{selector}({}){outcome}", args.join(", ")))
    }
}

fn named(slots: &Map<String, Value>) -> String {
    let slots = slots.iter().map(|(name, value)| format!("{name} {value}"));
    clean::line(&slots.collect::<Vec<_>>().join(", "))
}
