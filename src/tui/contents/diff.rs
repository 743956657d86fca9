//! What differs between two moments: slots as they were and are, methods line by line.

use similar::{ChangeTag, TextDiff};

use crate::tui::document::{Document, Row, piece};
use crate::tui::theme::Role;
use crate::wire::image::{DiffView, MethodDiffView, ObjectDiffView, TypedValue};

/// Lines around a change that are shown with it.
const AROUND: usize = 3;
const MAX_VALUE_CHARACTERS: usize = 400;

/// All of it, or of the methods only that one.
pub fn write(document: &mut Document, diff: &DiffView, method: Option<&str>) {
    let before = document.len();
    for object in &diff.objects {
        if document.len() > before {
            document.blank();
        }
        one_object(document, object, method);
    }
    if method.is_none() {
        for fact in &diff.facts {
            let text = match (&fact.before, &fact.after) {
                (None, _) => "learnt",
                (_, None) => "forgotten",
                _ => "changed",
            };
            document.row(vec![
                piece(Role::Strong, fact.key.as_str()),
                piece(Role::Dim, format!("  {text}")),
            ]);
        }
    }
    if document.len() == before {
        document.row(vec![piece(Role::Dim, "nothing differs")]);
    }
}

fn one_object(document: &mut Document, object: &ObjectDiffView, method: Option<&str>) {
    let mut title: Row = vec![
        piece(Role::Strong, object.name.as_str()),
        piece(Role::Dim, format!("  {}", object.change)),
    ];
    if let Some(name) = &object.renamed_from {
        title.push(piece(Role::Dim, format!(", was called {name}")));
    }
    document.row(title);
    let wanted = |one: &&MethodDiffView| method.is_none_or(|name| one.selector == name);
    if method.is_none() {
        if let Some((before, after)) = &object.parent {
            if let Some(name) = before {
                removed(document, &format!("derives from {name}"));
            }
            if let Some(name) = after {
                added(document, &format!("derives from {name}"));
            }
        }
        for slot in &object.slots {
            if let Some(value) = &slot.before {
                removed(document, &typed(&slot.name, value));
            }
            if let Some(value) = &slot.after {
                added(document, &typed(&slot.name, value));
            }
        }
    }
    for one in object.methods.iter().filter(wanted) {
        one_method(document, one);
    }
}

fn typed(name: &str, value: &TypedValue) -> String {
    let json: String = value
        .value_json
        .chars()
        .take(MAX_VALUE_CHARACTERS)
        .collect();
    format!("{name}: {} = {json}", value.rust_type)
}

fn removed(document: &mut Document, text: &str) {
    document.wrapped(&[piece(Role::Bad, format!("- {text}"))], 2);
}

fn added(document: &mut Document, text: &str) {
    document.wrapped(&[piece(Role::Good, format!("+ {text}"))], 2);
}

fn one_method(document: &mut Document, method: &MethodDiffView) {
    let change = match (&method.before, &method.after) {
        (None, _) => "  new method",
        (_, None) => "  method removed",
        _ => "  method",
    };
    document.row(vec![
        piece(Role::CodeFunction, method.selector.as_str()),
        piece(Role::Dim, change),
    ]);
    let before = method.before.as_deref().unwrap_or_default();
    let after = method.after.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(before, after);
    for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if number > 0 {
            document.row(vec![piece(Role::Dim, "  …")]);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, role) = match change.tag() {
                ChangeTag::Delete => ("- ", Role::Bad),
                ChangeTag::Insert => ("+ ", Role::Good),
                ChangeTag::Equal => ("  ", Role::CodeText),
            };
            let line = change.value().trim_end_matches('\n');
            document.wrapped(&[piece(role, format!("{sign}{line}"))], 2);
        }
    }
}
