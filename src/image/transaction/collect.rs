//! Taking away objects that nothing leads to.

use std::sync::Arc;

use super::Transaction;
use crate::image::object::Oid;
use crate::image::pack::Garbage;
use crate::image::{ImageError, Read, links};

impl Transaction {
    /// Removes objects of `garbage`; none of it but these may lead to one of them. The committer refuses
    /// the transaction when anything of the garbage was changed or led to since it was found.
    pub(in crate::image) fn collect(
        &mut self,
        garbage: &Arc<Garbage>,
        oids: &[Oid],
    ) -> Result<(), ImageError> {
        self.garbage = Some(Arc::clone(garbage));
        for oid in oids {
            let mut draft = self.draft(*oid)?;
            draft.removed = true;
            self.writes.put_object(draft);
        }
        Ok(())
    }

    /// Takes from objects of `garbage` all that leads to others of it, so that these can be removed in
    /// any order. The committer refuses as with [`Transaction::collect`].
    pub(in crate::image) fn loosen(
        &mut self,
        garbage: &Arc<Garbage>,
        oids: &[Oid],
    ) -> Result<(), ImageError> {
        self.garbage = Some(Arc::clone(garbage));
        for oid in oids {
            let mut draft = self.draft(*oid)?;
            let head = &mut draft.head;
            head.parent = head.parent.filter(|parent| !garbage.contains(*parent));
            let leads = |oid: &Oid| garbage.contains(*oid);
            head.slots
                .retain(|slot| !links::in_slot(slot).iter().any(leads));
            self.writes.put_object(draft);
        }
        Ok(())
    }

    /// What an object takes in the log, about.
    pub(in crate::image) fn weight(&self, oid: Oid) -> Result<usize, ImageError> {
        let head = self.snapshot().head(oid)?;
        let slots = head.map(|head| head.slots).unwrap_or_default();
        Ok(slots.iter().map(|slot| slot.value.len() + 64).sum())
    }
}
