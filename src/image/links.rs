//! What leads from an object to others: its parent, and references in the values of its slots.

use super::object::{Head, Oid, Slot};
use super::values;

/// Types without this in their text hold no reference.
const REFERENCE_TYPE: &str = "ObjectRef";

/// Every object that this one leads to, in order, some perhaps more than once.
pub(super) fn of(head: &Head) -> Vec<Oid> {
    let mut oids: Vec<Oid> = head.parent.into_iter().collect();
    oids.extend(head.slots.iter().flat_map(in_slot));
    oids
}

pub(super) fn in_slot(slot: &Slot) -> Vec<Oid> {
    if !slot.rust_type.contains(REFERENCE_TYPE) {
        return Vec::new();
    }
    let places = values::references(&slot.value).unwrap_or_default();
    let numbers = places.iter().filter_map(|at| slot.value.get(*at..));
    numbers
        .filter_map(|rest| rest.first_chunk().copied().map(Oid::from_be_bytes))
        .collect()
}

/// Whether a slot of this type may hold the references that its value holds.
pub(super) fn are_declared(slot: &Slot) -> bool {
    let places = values::references(&slot.value);
    places.is_some_and(|places| places.is_empty() || slot.rust_type.contains(REFERENCE_TYPE))
}

/// Replaces each reference; one for which there is nothing else stays.
pub(super) fn replace(slot: &mut Slot, other: impl Fn(Oid) -> Option<Oid>) {
    for at in values::references(&slot.value).unwrap_or_default() {
        let rest = slot.value.get_mut(at..);
        if let Some(number) = rest.and_then(<[u8]>::first_chunk_mut)
            && let Some(oid) = other(Oid::from_be_bytes(*number))
        {
            *number = oid.to_be_bytes();
        }
    }
}
