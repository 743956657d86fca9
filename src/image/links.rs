//! What leads from an object to others: its parent, and references in the values of its slots.

use super::object::{Head, Oid, Slot};

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
    Vec::new()
}
