//! New objects taken as a whole, with slots and methods, each checked as if it were set alone.

use std::sync::Arc;

use super::limits::{
    MAX_NAME_BYTES, MAX_OBJECT_BYTES, MAX_VALUE_BYTES, check_method_size, check_name, check_size,
};
use super::{Draft, Transaction};
use crate::image::object::{Object, Oid};
use crate::image::{Blobs, ImageError, links};

impl Transaction {
    pub(in crate::image) fn allocate_oid(&self) -> Oid {
        self.shared.allocate_oid()
    }

    pub(in crate::image) fn blobs(&self) -> &Blobs {
        &self.shared.blobs
    }

    /// Puts objects with new numbers that may lead to each other. The caller has made sure that their
    /// parents come to an end, and that no slot and no method is there twice.
    pub(in crate::image) fn put_objects(&mut self, objects: Vec<Object>) -> Result<(), ImageError> {
        let mut heads = Vec::new();
        for object in objects {
            self.check_free(&object.name)?;
            self.check_parts(&object)?;
            let head = object.head();
            if !head.name.is_empty() {
                self.writes.put_name(&head.name, Some(head.oid));
            }
            let methods = object.methods.into_iter();
            let methods = methods.map(|method| (method.selector.clone(), Some(Arc::new(method))));
            self.writes.put_object(Draft {
                named: !head.name.is_empty(),
                head: head.clone(),
                created: true,
                removed: false,
                methods: methods.collect(),
            });
            heads.push(head);
        }
        for head in &heads {
            for oid in links::of(head) {
                self.check_reference(head, oid)?;
            }
        }
        Ok(())
    }

    fn check_parts(&self, object: &Object) -> Result<(), ImageError> {
        let mut bytes = 0;
        for slot in &object.slots {
            check_name("slot name", &slot.name, MAX_NAME_BYTES)?;
            let what = || format!("slot {}", slot.name);
            check_size(what, slot.value.len(), MAX_VALUE_BYTES)?;
            bytes += slot.value.len();
        }
        check_size(
            || format!("object {}", object.name),
            bytes,
            MAX_OBJECT_BYTES,
        )?;
        for method in &object.methods {
            check_name("selector", &method.selector, MAX_NAME_BYTES)?;
            check_method_size(method)?;
            if !self.shared.blobs.keep(method.wasm) {
                return Err(ImageError::MissingBlob { id: method.wasm });
            }
        }
        Ok(())
    }
}
