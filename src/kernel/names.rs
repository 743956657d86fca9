//! The names of an image's objects, for references in JSON: a name where there is one, else `#17`.

use crate::image::{Head, ImageError, Object, Oid, Read};
use crate::method::{Names, numbered, object_number};

/// Those of one state of the image.
pub struct NamesOf<'a, R: Read>(pub &'a R);

impl<R: Read> Names for NamesOf<'_, R> {
    fn number(&self, text: &str) -> Option<u64> {
        oid_of(self.0, text).ok().flatten()
    }

    fn name(&self, oid: u64) -> Option<String> {
        let head = self.0.head(oid).ok().flatten()?;
        Some(shown(&head.name, oid))
    }
}

/// The object of that name, or of a number such as `#17`.
pub fn oid_of(read: &impl Read, text: &str) -> Result<Option<Oid>, ImageError> {
    match object_number(text) {
        Some(oid) => Ok(read.head(oid)?.map(|head| head.oid)),
        None => read.oid_named(text),
    }
}

/// The same, with all that the object has.
pub fn object_of(read: &impl Read, text: &str) -> Result<Option<Object>, ImageError> {
    match object_number(text) {
        Some(oid) => read.object(oid),
        None => read.object_named(text),
    }
}

/// How an object is named to people and in JSON, so that [`oid_of`] finds it again.
pub fn shown(name: &str, oid: Oid) -> String {
    if name.is_empty() || name.starts_with('#') {
        numbered(oid)
    } else {
        name.to_owned()
    }
}

/// The same for an object.
pub fn name_of(head: &Head) -> String {
    shown(&head.name, head.oid)
}
