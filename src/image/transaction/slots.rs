//! Changes of an object's slots beyond their values.

use super::Transaction;
use super::limits::{MAX_NAME_BYTES, check_name};
use crate::image::ImageError;
use crate::image::object::Oid;

impl Transaction {
    /// Gives the object's own slot another name; it keeps its place. False when it has none of that name.
    ///
    /// # Errors
    /// [`ImageError::SlotTaken`] when it has one of the new name.
    pub fn rename_slot(&mut self, oid: Oid, from: &str, to: &str) -> Result<bool, ImageError> {
        check_name("slot name", to, MAX_NAME_BYTES)?;
        let mut draft = self.draft(oid)?;
        if from != to && draft.head.slot(to).is_some() {
            return Err(ImageError::SlotTaken {
                object: draft.head.known_as(),
                slot: to.to_owned(),
            });
        }
        let Some(slot) = draft.head.slots.iter_mut().find(|slot| slot.name == from) else {
            return Ok(false);
        };
        to.clone_into(&mut slot.name);
        self.writes.put_object(draft);
        Ok(true)
    }
}
