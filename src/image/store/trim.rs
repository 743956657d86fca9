//! What pack reads of the store, and takes out of it.

use std::time::{Duration, Instant};

use fjall::{PersistMode, UserKey, UserValue};

use super::changes::Changes;
use super::snapshot::Snapshot;
use super::space::Space;
use super::table::{Table, number, version};
use super::whole::{LAST_MISSION, LAST_OID};
use super::{Numbers, Store, UNTRIMMED, failed, presync};
use crate::image::proposal::TransactionRecord;
use crate::image::record::NumberRecord;
use crate::image::{StoreError, Tid};

/// A larger history is left to the engine's own compaction: while one of all of it runs, the engine
/// writes nothing else out, and commits would come to wait for that.
const COMPACTED_BYTES: u64 = 256 * 1024 * 1024;
const LEAST_PAUSE: Duration = Duration::from_micros(500);

impl Snapshot {
    /// Every version of everything, by thing, newest first.
    pub(in crate::image) fn versions(
        &self,
    ) -> impl Iterator<Item = Result<(UserKey, UserValue), StoreError>> + use<> {
        let entries = self.iter(Space::History);
        // Not the mark of how far it has come.
        entries.filter(|entry| !matches!(entry, Ok((key, _)) if version(key).is_none()))
    }

    /// The transactions before `tid` that have an audit entry, oldest first, with its size.
    pub(in crate::image) fn audited_before(
        &self,
        tid: Tid,
    ) -> impl Iterator<Item = Result<(Tid, usize), StoreError>> + use<> {
        let entries = self.range(Space::Audit, ..tid.to_be_bytes());
        entries.map(|entry| entry.map(|(key, sealed)| (number(&key), sealed.len())))
    }
}

/// What transactions write into the history, and their tags: a key without a value is removed.
pub(in crate::image) fn written(
    transactions: &[TransactionRecord],
    each: &mut dyn FnMut(Space, Vec<u8>, Option<Vec<u8>>),
) -> Result<(), StoreError> {
    let mut changes = Changes::default();
    for transaction in transactions {
        changes.transaction(transaction)?;
    }
    for (space, key, sealed) in changes.into_entries() {
        let counts = match space {
            Space::History => version(&key).is_some(),
            Space::Current => key.first() == Some(&(Table::Tag as u8)),
            Space::Audit => false,
        };
        if counts {
            each(space, key.to_vec(), sealed.map(|sealed| sealed.to_vec()));
        }
    }
    Ok(())
}

impl Store {
    /// Whether versions may be there that the base does not have.
    pub(in crate::image) fn is_untrimmed(&self) -> Result<bool, StoreError> {
        let noted = self
            .snapshot()
            .get(Space::Current, Table::Number.key(UNTRIMMED))?;
        Ok(noted.is_some())
    }

    /// Notes on the disk that versions are about to be taken out, and the numbers that they might be the
    /// last to show: none of them is given again.
    pub(in crate::image) fn begin_trimming(&self, numbers: &Numbers) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        for (name, number) in [
            (UNTRIMMED, 1),
            (LAST_OID, numbers.last_oid),
            (LAST_MISSION, numbers.last_mission),
        ] {
            let record = NumberRecord { number };
            changes.put(Space::Current, Table::Number.key(name), &record)?;
        }
        // What the base is made of, so that the store never ends before it.
        self.settle()?;
        presync::now(&self.folder);
        self.write(changes, PersistMode::SyncAll)
    }

    /// Notes on the disk that all was taken out.
    pub(in crate::image) fn end_trimming(&self) -> Result<(), StoreError> {
        presync::now(&self.folder);
        // Order matters: the note goes when nothing that was taken out can come back any more.
        self.sync()?;
        let mut changes = Changes::default();
        changes.remove(Space::Current, Table::Number.key(UNTRIMMED));
        self.write(changes, PersistMode::SyncAll)
    }

    /// Takes keys out of history and audit, all or nothing, without a sync. Waits while the engine has
    /// much to write out, so that commits need not.
    pub(in crate::image) fn take_out(&self, keys: Vec<(Space, Vec<u8>)>) -> Result<(), StoreError> {
        self.engine.wait_for_quiet()?;
        let mut changes = Changes::default();
        for (space, key) in keys {
            changes.remove(space, key);
        }
        let began = Instant::now();
        self.write(changes, PersistMode::Buffer)?;
        // Who waits for its turn gets it now: the lock by itself gives it back to whoever comes first.
        std::thread::sleep(began.elapsed().max(LEAST_PAUSE));
        Ok(())
    }

    /// Gives the room of what was taken out back to the file system; not where that would hold commits up.
    pub(in crate::image) fn compact(&self) -> Result<(), StoreError> {
        for space in [Space::History, Space::Audit] {
            let keyspace = self.engine.spaces.of(space);
            if keyspace.disk_space() > COMPACTED_BYTES {
                continue;
            }
            presync::now(&self.folder);
            self.engine.write_out(keyspace)?;
            super::guarded("compact", || {
                let compacted = keyspace.major_compact();
                compacted.map_err(|error| failed("compact", error))
            })?;
        }
        Ok(())
    }
}
