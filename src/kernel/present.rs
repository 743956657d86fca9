//! What an object has by now that bears on a method of it: that method so far, the others beside it, its slots.

use super::psm::{StepError, Worker};
use crate::image::{ImageError, Method, Object, Read};

impl Worker {
    /// The method of that name which the object itself has.
    pub(super) fn method_so_far(
        &self,
        object: &str,
        selector: &str,
    ) -> Result<Option<Method>, StepError> {
        let view = self.shared.image.view();
        match view.oid_named(object)? {
            Some(oid) => Ok(view.method(oid, selector)?),
            None => Ok(None),
        }
    }

    /// Signatures of what the object has beside the method of that name.
    pub(super) fn other_methods(
        &self,
        object: &str,
        selector: &str,
    ) -> Result<Vec<String>, StepError> {
        let view = self.shared.image.view();
        let methods = view.object_named(object)?.map(|object| object.methods);
        let others = methods.into_iter().flatten();
        let others = others.filter(|method| method.selector != selector);
        Ok(others.map(|method| method.signature).collect())
    }

    /// Selectors and sources of the methods that the object has or inherits beside that one.
    pub(super) fn sources_beside(
        &self,
        object: &str,
        selector: &str,
    ) -> Result<Vec<(String, String)>, StepError> {
        let view = self.shared.image.view();
        let mut sources: Vec<(String, String)> = Vec::new();
        let mut owner = view.object_named(object)?;
        while let Some(object) = owner {
            for method in object.methods {
                let is_shadowed = sources.iter().any(|(known, _)| *known == method.selector);
                if method.selector != selector && !is_shadowed {
                    sources.push((method.selector, method.source));
                }
            }
            owner = match object.parent {
                Some(parent) => view.object(parent)?,
                None => None,
            };
        }
        Ok(sources)
    }

    /// Its slots, own and inherited, as names and types; none where there is no such object.
    pub(super) fn existing_slots(&self, name: &str) -> Result<Vec<(String, String)>, StepError> {
        let view = self.shared.image.view();
        let Some(object) = view.object_named(name)? else {
            return Ok(Vec::new());
        };
        Ok(slots_of(&view, &object)?)
    }
}

/// The object's slots, own and inherited, as names and types.
pub(super) fn slots_of(
    view: &impl Read,
    object: &Object,
) -> Result<Vec<(String, String)>, ImageError> {
    let slots = view.all_slots(object.oid)?.into_iter();
    Ok(slots.map(|(_, slot)| (slot.name, slot.rust_type)).collect())
}
