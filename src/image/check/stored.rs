//! The store as a check finds it.

use std::path::Path;
use std::sync::Arc;

use super::report::{FsckReport, Part};
use crate::image::error::chain;
use crate::image::folder;
use crate::image::proposal::TransactionRecord;
use crate::image::store::{LAYOUT, Numbers, Snapshot, Store, guarded};
use crate::image::{MissionId, Oid, StoreError, Tid};

/// A store that can be read, as of a moment.
pub(super) struct Stored {
    opened: Option<Opened>,
    /// Nothing speaks against what is in it.
    pub is_sound: bool,
    /// The numbers that an open image would give next.
    pub next: Option<(Oid, MissionId)>,
}

struct Opened {
    store: Arc<Store>,
    snapshot: Snapshot,
    numbers: Numbers,
    /// All its parts have come to the same transaction.
    is_level: bool,
}

impl Stored {
    /// Of an open image.
    pub(super) fn open(
        image: &Path,
        store: Arc<Store>,
        snapshot: Snapshot,
        next: (Oid, MissionId),
        report: &mut FsckReport,
    ) -> Self {
        let mut stored = Self {
            opened: None,
            is_sound: false,
            next: Some(next),
        };
        match Opened::at(store, snapshot) {
            Ok(opened) => stored.take(opened),
            Err(why) => report.in_file(Part::Store, &image.join(folder::STORE), None, why),
        }
        stored
    }

    /// Of an image that nobody has open.
    pub(super) fn closed(image: &Path, report: &mut FsckReport) -> Self {
        let mut stored = Self {
            opened: None,
            is_sound: false,
            next: None,
        };
        let path = image.join(folder::STORE);
        let opened = if path.exists() {
            Store::open(&path).map_err(|error| chain(&error))
        } else {
            Err("it is missing".to_owned())
        };
        let opened = opened.and_then(|store| {
            let snapshot = store.snapshot();
            Opened::at(Arc::new(store), snapshot)
        });
        match opened {
            Ok(opened) => stored.take(opened),
            Err(why) => report.in_file(Part::Store, &path, None, why),
        }
        stored
    }

    fn take(&mut self, opened: Opened) {
        self.is_sound = opened.is_level;
        self.opened = Some(opened);
    }

    pub(super) fn store(&self) -> Option<(&Store, &Snapshot)> {
        let opened = self.opened.as_ref()?;
        Some((&opened.store, &opened.snapshot))
    }

    /// The newest transaction that it has as a whole.
    pub(super) fn tid(&self) -> Option<Tid> {
        self.opened.as_ref().map(|opened| opened.numbers.tid)
    }

    pub(super) fn numbers(&self) -> Option<&Numbers> {
        self.opened.as_ref().map(|opened| &opened.numbers)
    }

    /// Applies what follows its newest transaction.
    pub(super) fn apply(&mut self, records: &[TransactionRecord]) -> Result<(), StoreError> {
        let Some(opened) = &mut self.opened else {
            return Ok(());
        };
        let known = records.partition_point(|record| record.tid <= opened.numbers.tid);
        let fresh = records.get(known..).unwrap_or_default();
        if let (Some(first), Some(last)) = (fresh.first(), fresh.last())
            && first.tid == opened.numbers.tid + 1
        {
            opened.store.apply(fresh)?;
            opened.numbers.tid = last.tid;
        }
        Ok(())
    }

    /// Reads its numbers anew after transactions were applied.
    pub(super) fn refresh(&mut self) -> Result<(), StoreError> {
        if let Some(Opened { store, .. }) = self.opened.take() {
            let snapshot = store.snapshot();
            let opened = Opened::at(store, snapshot);
            self.take(opened.map_err(|why| StoreError::new("read", why))?);
        }
        Ok(())
    }
}

impl Opened {
    fn at(store: Arc<Store>, snapshot: Snapshot) -> Result<Self, String> {
        let read = guarded("read", || {
            let numbers = store.numbers_in(&snapshot)?;
            let newest = snapshot.newest()?;
            Ok::<_, crate::image::ImageError>((store.layout()?, numbers, newest))
        });
        let (layout, numbers, newest) = read.map_err(|error| chain(&error))?;
        if layout != LAYOUT {
            return Err(format!("its keys are laid out as in version {layout}"));
        }
        Ok(Self {
            is_level: numbers.tid == newest,
            store,
            snapshot,
            numbers,
        })
    }
}
