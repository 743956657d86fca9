//! The whole store as the entries of a base, and a store made of one.

use fjall::{PersistMode, UserKey, UserValue};

use super::changes::Changes;
use super::space::Space;
use super::table::{Table, history_key, version};
use super::{LAYOUT_NUMBER, NEWEST_TID, Store, number_record};
use crate::image::base::{BaseError, Entry, Header, Part, Reader};
use crate::image::envelope::{self, Kind};
use crate::image::record::NumberRecord;
use crate::image::{ImageError, StoreError, Tid};

pub(super) const LAST_OID: &[u8] = b"last oid";
pub(super) const LAST_MISSION: &[u8] = b"last mission";

impl Store {
    /// How keys are laid out; 1 before the history held everything.
    pub(in crate::image) fn layout(&self) -> Result<u64, ImageError> {
        self.noted(LAYOUT_NUMBER).map(|layout| layout.unwrap_or(1))
    }

    fn noted(&self, name: &[u8]) -> Result<Option<u64>, ImageError> {
        let found = self
            .snapshot()
            .get(Space::Current, Table::Number.key(name))?;
        found
            .map(|bytes| number_record(&bytes, &String::from_utf8_lossy(name)))
            .transpose()
    }

    /// The least number of an object and of a mission that may not be given again.
    pub(super) fn noted_last(&self) -> Result<(u64, u64), ImageError> {
        let last = |name| self.noted(name).map(Option::unwrap_or_default);
        Ok((last(LAST_OID)?, last(LAST_MISSION)?))
    }

    /// Fills this empty store with a base.
    pub(in crate::image) fn load(&self, base: &mut Reader) -> Result<(), BaseError> {
        let mut before: Vec<u8> = Vec::new();
        while let Some(entries) = base.chunk()? {
            let mut changes = Changes::default();
            for entry in entries {
                let Entry { part, key, sealed } = entry;
                match part {
                    Part::Audit => changes.insert(Space::Audit, key, sealed),
                    Part::Current => changes.insert(Space::Current, key, sealed),
                    Part::History => {
                        // The first of a thing's versions is its newest.
                        if let Some((thing, _)) = version(&key)
                            && thing != before
                        {
                            before = thing.to_vec();
                            if envelope::kind(&sealed) != Some(Kind::Removed as u8) {
                                changes.insert(Space::Current, before.clone(), sealed.clone());
                            }
                        }
                        changes.insert(Space::History, key, sealed);
                    }
                }
            }
            self.write(changes, PersistMode::Buffer)?;
        }
        Ok(self.note_base(&base.header)?)
    }

    fn note_base(&self, base: &Header) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        for (name, number) in [
            (NEWEST_TID, base.tid),
            (LAST_OID, base.last_oid),
            (LAST_MISSION, base.last_mission),
        ] {
            let key = Table::Number.key(name);
            changes.put(Space::Current, key, &NumberRecord { number })?;
        }
        changes.newest = Some(base.tid);
        self.write(changes, PersistMode::Buffer)?;
        self.mark_complete(base.tid)
    }

    /// The current state of a store of layout 1 as entries: each thing in the one version of `tid`.
    pub(in crate::image) fn entries_of_layout_1(
        &self,
        tid: Tid,
    ) -> impl Iterator<Item = Result<Entry, StoreError>> {
        let snapshot = self.snapshot();
        let tables = Table::WITH_HISTORY.into_iter();
        let history = tables.flat_map(move |table| {
            snapshot
                .prefix(Space::Current, table.key(b""))
                .map(move |pair| {
                    let (key, sealed) = pair?;
                    Ok(Entry {
                        part: Part::History,
                        key: history_key(&key, tid),
                        sealed: sealed.to_vec(),
                    })
                })
        });
        history
            .chain(self.current_entries())
            .chain(self.audit_of(tid))
    }

    /// Everything as entries of a base, with all the history and every audit entry.
    pub(in crate::image) fn all_entries(&self) -> impl Iterator<Item = Result<Entry, StoreError>> {
        let snapshot = self.snapshot();
        let history = snapshot
            .iter(Space::History)
            .map(|pair| entry(Part::History, pair))
            // Not the mark of how far it has come.
            .filter(|entry| !matches!(entry, Ok(entry) if version(&entry.key).is_none()));
        let audit = snapshot.iter(Space::Audit);
        history
            .chain(self.current_entries())
            .chain(audit.map(|pair| entry(Part::Audit, pair)))
    }

    /// What a base holds beside versions: tags and call counts.
    pub(in crate::image) fn current_entries(
        &self,
    ) -> impl Iterator<Item = Result<Entry, StoreError>> {
        let snapshot = self.snapshot();
        [Table::Calls, Table::Tag]
            .into_iter()
            .flat_map(move |table| {
                snapshot
                    .prefix(Space::Current, table.key(b""))
                    .map(|pair| entry(Part::Current, pair))
            })
    }

    pub(in crate::image) fn audit_of(
        &self,
        tid: Tid,
    ) -> impl Iterator<Item = Result<Entry, StoreError>> {
        let range = tid.to_be_bytes()..=tid.to_be_bytes();
        let snapshot = self.snapshot();
        snapshot
            .range(Space::Audit, range)
            .map(|pair| entry(Part::Audit, pair))
    }
}

fn entry(part: Part, pair: Result<(UserKey, UserValue), StoreError>) -> Result<Entry, StoreError> {
    let (key, sealed) = pair?;
    Ok(Entry {
        part,
        key: key.to_vec(),
        sealed: sealed.to_vec(),
    })
}
