//! Reading the image, the same in a snapshot and in a transaction.
//!
//! Slots and methods delegate along `parent`. Transactions refuse to make a cycle of parents; the
//! walk is guarded all the same, so that it ends on whatever is stored.

use std::sync::Arc;

use super::ImageError;
use super::object::{Head, Method, Mission, MissionId, Object, Oid, Slot, Tid};

/// Everything that can be asked of one state of the image. An oid without an object reads as `None`.
pub trait Read {
    /// An object without its methods.
    fn head(&self, oid: Oid) -> Result<Option<Head>, ImageError>;

    /// The same, without a copy where it is in memory already.
    fn shared_head(&self, oid: Oid) -> Result<Option<Arc<Head>>, ImageError> {
        Ok(self.head(oid)?.map(Arc::new))
    }

    /// The number of the object of that name.
    fn oid_named(&self, name: &str) -> Result<Option<Oid>, ImageError>;

    /// All objects without their methods, by name.
    fn heads(&self) -> Result<Vec<Head>, ImageError>;

    /// An object's own method.
    fn method(&self, oid: Oid, selector: &str) -> Result<Option<Method>, ImageError>;

    /// An object's own methods, by selector.
    fn methods(&self, oid: Oid) -> Result<Vec<Method>, ImageError>;

    fn mission(&self, id: MissionId) -> Result<Option<Mission>, ImageError>;

    /// Oldest first.
    fn missions(&self) -> Result<Vec<Mission>, ImageError>;

    fn fact(&self, key: &str) -> Result<Option<String>, ImageError>;

    /// Key and value of the facts whose key begins with `prefix`, by key.
    fn facts(&self, prefix: &str) -> Result<Vec<(String, String)>, ImageError>;

    /// The transaction whose state this is.
    fn tid(&self) -> Tid;

    fn object(&self, oid: Oid) -> Result<Option<Object>, ImageError> {
        match self.head(oid)? {
            Some(head) => Ok(Some(head.with_methods(self.methods(oid)?))),
            None => Ok(None),
        }
    }

    fn object_named(&self, name: &str) -> Result<Option<Object>, ImageError> {
        match self.oid_named(name)? {
            Some(oid) => self.object(oid),
            None => Ok(None),
        }
    }

    /// By name.
    fn objects(&self) -> Result<Vec<Object>, ImageError> {
        self.heads()?
            .into_iter()
            .map(|head| {
                let methods = self.methods(head.oid)?;
                Ok(head.with_methods(methods))
            })
            .collect()
    }

    /// The nearest slot of that name along the parents, and whose it is.
    fn find_slot(&self, oid: Oid, name: &str) -> Result<Option<(Oid, Slot)>, ImageError> {
        let mut line = Lineage::from(oid);
        while let Some(head) = line.next(self)? {
            if let Some(slot) = head.slot(name) {
                return Ok(Some((head.oid, slot.clone())));
            }
        }
        Ok(None)
    }

    /// The nearest method of that name along the parents, and whose it is.
    fn find_method(&self, oid: Oid, selector: &str) -> Result<Option<(Oid, Method)>, ImageError> {
        let mut line = Lineage::from(oid);
        while let Some(head) = line.next(self)? {
            if let Some(method) = self.method(head.oid, selector)? {
                return Ok(Some((head.oid, method)));
            }
        }
        Ok(None)
    }

    /// Own slots in their order, then the inherited ones that are not shadowed; each with its owner.
    fn all_slots(&self, oid: Oid) -> Result<Vec<(Oid, Slot)>, ImageError> {
        let mut found: Vec<(Oid, Slot)> = Vec::new();
        let mut line = Lineage::from(oid);
        while let Some(head) = line.next(self)? {
            for slot in &head.slots {
                if !found.iter().any(|(_, known)| known.name == slot.name) {
                    found.push((head.oid, slot.clone()));
                }
            }
        }
        Ok(found)
    }
}

/// An object, its parent, and so on; no object twice.
pub(super) struct Lineage {
    next: Option<Oid>,
    seen: Vec<Oid>,
}

impl Lineage {
    pub(super) fn from(oid: Oid) -> Self {
        Self {
            next: Some(oid),
            seen: Vec::new(),
        }
    }

    pub(super) fn next<R: Read + ?Sized>(
        &mut self,
        read: &R,
    ) -> Result<Option<Arc<Head>>, ImageError> {
        let Some(oid) = self.next.take() else {
            return Ok(None);
        };
        let Some(head) = read.shared_head(oid)? else {
            return Ok(None);
        };
        self.seen.push(oid);
        self.next = head.parent.filter(|parent| !self.seen.contains(parent));
        Ok(Some(head))
    }
}
