//! One object in full: its prototype, slots with types and values, methods with their source.

use unicode_width::UnicodeWidthStr;

use crate::tui::document::{Code, Document, Row, piece};
use crate::tui::state::State;
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
    head(&mut document, &detail.view);
    slots(&mut document, &detail.view.slots);
    for (method, code) in detail.view.methods.iter().zip(&detail.code) {
        one_method(&mut document, method, code);
    }
    document
}

/// The row at which a method of the chosen object begins.
pub fn row_of(state: &State, selector: &str, width: u16) -> Option<usize> {
    let detail = state.objects.selected_detail()?;
    let mut document = Document::new(width);
    head(&mut document, &detail.view);
    slots(&mut document, &detail.view.slots);
    for (method, code) in detail.view.methods.iter().zip(&detail.code) {
        if method.selector == selector {
            return Some(document.len() + 1);
        }
        one_method(&mut document, method, code);
    }
    None
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

fn one_method(document: &mut Document, method: &MethodView, code: &Code) {
    document.blank();
    let mut right = vec![super::count(method.calls, "call")];
    if method.failures > 0 {
        right.push(super::count(method.failures, "failure"));
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
}
