//! The store, brought to what the base has: older versions and audit entries are taken out of it.
//!
//! In small batches beside the commits, which write nothing that old. A kill leaves some of them there, and
//! the note that they may be; nobody reads them, since each state that can be read has its own versions. A
//! removal goes only after the versions that it ends, so that none of these ever shows again.

use std::path::Path;

use super::points::{Points, is_removal};
use super::{PackError, PackProgress, PackStep};
use crate::image::base::{self, Entry, Part};
use crate::image::store::{Snapshot, Space, Store, version};
use crate::image::{LogError, Shared, Tid};

/// Keys in one batch.
const BATCH: usize = 256;

#[derive(Default)]
pub(super) struct Trimmed {
    pub audit: u64,
    pub audit_bytes: u64,
}

/// Goes on where an earlier pack was stopped.
pub(super) fn finish(shared: &Shared, progress: &mut PackProgress<'_>) -> Result<(), PackError> {
    if shared.store.is_untrimmed()? {
        trim(shared, progress)?;
    }
    Ok(())
}

/// Takes out what the newest base does not have.
pub(super) fn trim(shared: &Shared, progress: &mut PackProgress<'_>) -> Result<Trimmed, PackError> {
    let store = &shared.store;
    let mut trimmed = Trimmed::default();
    // What is taken out may not come behind its removal.
    store.settle()?;
    if let Some((_, path)) = base::newest(&shared.folder)? {
        let snapshot = store.snapshot();
        let mut base = InBase::open(&path)?;
        let mut batch = Batch::new(store, progress);
        take_out_versions(&snapshot, &mut base, &mut batch)?;
        take_out_audit(&snapshot, &mut base, &mut batch, &mut trimmed)?;
        batch.write()?;
    }
    store.end_trimming()?;
    store.compact()?;
    Ok(trimmed)
}

fn take_out_versions(
    snapshot: &Snapshot,
    base: &mut InBase,
    batch: &mut Batch<'_, '_>,
) -> Result<(), PackError> {
    let mut last: Vec<u8> = Vec::new();
    let mut removals = Vec::new();
    for entry in snapshot.versions() {
        let (key, sealed) = entry?;
        let Some((thing, tid)) = version(&key) else {
            continue;
        };
        if thing != last {
            thing.clone_into(&mut last);
            batch.extend(Space::History, removals.drain(..))?;
        }
        if tid > base.tid || base.has(Part::History, &key)? {
            continue;
        }
        if is_removal(&sealed) {
            removals.push(key.to_vec());
        } else {
            batch.push(Space::History, key.to_vec())?;
        }
    }
    batch.extend(Space::History, removals.drain(..))
}

fn take_out_audit(
    snapshot: &Snapshot,
    base: &mut InBase,
    batch: &mut Batch<'_, '_>,
    trimmed: &mut Trimmed,
) -> Result<(), PackError> {
    for entry in snapshot.audited_before(base.tid) {
        let (tid, bytes) = entry?;
        let key = tid.to_be_bytes();
        if !base.has(Part::Audit, &key)? {
            batch.push(Space::Audit, key.to_vec())?;
            trimmed.audit += 1;
            trimmed.audit_bytes += bytes as u64;
        }
    }
    Ok(())
}

/// How many audit entries are dropped, and their bytes.
pub(super) fn count_audit(snapshot: &Snapshot, points: &Points) -> Result<(u64, u64), PackError> {
    let mut counted = (0, 0);
    for entry in snapshot.audited_before(points.horizon()) {
        let (tid, bytes) = entry?;
        if !points.pinned().contains(&tid) {
            counted = (counted.0 + 1, counted.1 + bytes as u64);
        }
    }
    Ok(counted)
}

/// What a base has, asked for in its order.
struct InBase {
    tid: Tid,
    reader: base::Reader,
    entries: std::vec::IntoIter<Entry>,
    next: Option<Entry>,
}

impl InBase {
    fn open(path: &Path) -> Result<Self, LogError> {
        let reader = base::Reader::open(path)?;
        let mut base = Self {
            tid: reader.header.tid,
            reader,
            entries: Vec::new().into_iter(),
            next: None,
        };
        base.step()?;
        Ok(base)
    }

    /// Keys have to come in order.
    fn has(&mut self, part: Part, key: &[u8]) -> Result<bool, LogError> {
        while let Some(next) = &self.next {
            let is_before = order(next.part) < order(part)
                || next.part == part && *next.key < *key
                || next.part == Part::Current;
            if !is_before {
                return Ok(next.part == part && next.key == key);
            }
            self.step()?;
        }
        Ok(false)
    }

    fn step(&mut self) -> Result<(), LogError> {
        self.next = self.entries.next();
        while self.next.is_none() {
            let Some(entries) = self.reader.chunk()? else {
                return Ok(());
            };
            self.entries = entries.into_iter();
            self.next = self.entries.next();
        }
        Ok(())
    }
}

fn order(part: Part) -> u8 {
    match part {
        Part::History => 0,
        Part::Current => 1,
        Part::Audit => 2,
    }
}

/// Keys that are taken out together.
struct Batch<'s, 'p> {
    store: &'s Store,
    keys: Vec<(Space, Vec<u8>)>,
    written: u64,
    progress: &'s mut PackProgress<'p>,
}

impl<'s, 'p> Batch<'s, 'p> {
    fn new(store: &'s Store, progress: &'s mut PackProgress<'p>) -> Self {
        Self {
            store,
            keys: Vec::new(),
            written: 0,
            progress,
        }
    }

    fn push(&mut self, space: Space, key: Vec<u8>) -> Result<(), PackError> {
        self.keys.push((space, key));
        if self.keys.len() >= BATCH {
            self.write()?;
        }
        Ok(())
    }

    fn extend(
        &mut self,
        space: Space,
        keys: impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), PackError> {
        for key in keys {
            self.push(space, key)?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), PackError> {
        let keys = std::mem::take(&mut self.keys);
        let count = keys.len() as u64;
        if count > 0 {
            self.store.take_out(keys)?;
            self.written += count;
            (self.progress)(PackStep::Trim, self.written);
        }
        Ok(())
    }
}
