//! Stored objects as the wire shows them.

use super::genesis::vitals::{Vitals, is_vital};
use super::names::{NamesOf, name_of, object_of, shown};
use crate::image::{ImageError, Method, Object, Read};
use crate::method::{Type, value_to_json_with};
use crate::wire::messages::{MethodView, ObjectSummary, ObjectView, SlotView};

pub fn summary_of(view: &impl Read, object: &Object) -> ObjectSummary {
    ObjectSummary {
        name: shown(&object.name, object.oid),
        parent: parent_name(view, object),
        slots: u32::try_from(object.slots.len()).unwrap_or(u32::MAX),
        methods: object
            .methods
            .iter()
            .map(|method| method.selector.clone())
            .collect(),
        written_by: object.methods.iter().map(|one| one.mission).collect(),
        tid: object.tid,
    }
}

pub fn summaries(view: &impl Read) -> Result<Vec<ObjectSummary>, ImageError> {
    Ok(view
        .objects()?
        .iter()
        .map(|object| summary_of(view, object))
        .collect())
}

/// An object with all that it has and inherits; `None` when there is none of that name.
pub fn object_view(view: &impl Read, name: &str) -> Result<Option<ObjectView>, ImageError> {
    let Some(object) = object_of(view, name)? else {
        return Ok(None);
    };
    let mut slots = Vec::new();
    let all = view.all_slots(object.oid)?;
    let vitals = if all.iter().any(|(_, slot)| is_vital(&slot.name)) {
        Vitals::of(view)?
    } else {
        None
    };
    for (owner, slot) in all {
        let slot = match &vitals {
            Some(vitals) => vitals.fill(owner, slot),
            None => slot,
        };
        let inherited_from = if owner == object.oid {
            None
        } else {
            view.head(owner)?.map(|head| name_of(&head))
        };
        let value = Type::parse(&slot.rust_type)
            .ok()
            .and_then(|ty| value_to_json_with(&ty, &slot.value, &NamesOf(view)).ok());
        slots.push(SlotView {
            name: slot.name,
            rust_type: slot.rust_type,
            value_json: value.map_or_else(|| "null".to_owned(), |value| value.to_string()),
            inherited_from,
        });
    }
    let mut methods: Vec<MethodView> = Vec::new();
    let mut owner = Some(object.clone());
    while let Some(current) = owner {
        let inherited_from = (current.oid != object.oid).then(|| shown(&current.name, current.oid));
        for method in &current.methods {
            if methods
                .iter()
                .all(|known| known.selector != method.selector)
            {
                methods.push(method_view(method, inherited_from.clone()));
            }
        }
        owner = match current.parent {
            Some(parent) => view.object(parent)?,
            None => None,
        };
    }
    Ok(Some(ObjectView {
        oid: object.oid,
        parent: parent_name(view, &object),
        tid: object.tid,
        name: shown(&object.name, object.oid),
        slots,
        methods,
    }))
}

fn method_view(method: &Method, inherited_from: Option<String>) -> MethodView {
    MethodView {
        selector: method.selector.clone(),
        signature: method.signature.clone(),
        source: method.source.clone(),
        mission: method.mission,
        calls: method.calls,
        failures: method.failures,
        inherited_from,
        self_checked: method.self_checked,
        author: method.author.clone(),
        checks_json: method.checks_json.clone(),
    }
}

fn parent_name(view: &impl Read, object: &Object) -> Option<String> {
    view.head(object.parent?)
        .ok()?
        .map(|parent| name_of(&parent))
}
