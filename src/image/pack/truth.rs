//! What base and log say about the time up to the new horizon.
//!
//! They are read from the base to the last transaction, hash by hash. What they make of the history is added
//! up, to be compared with what the store has of it: the new base is made of the store, and takes the place of
//! the log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::points::Sum;
use super::{PackError, PackProgress, PackStep};
use crate::image::base::{self, Part};
use crate::image::log::{ChainHash, GENESIS, Group, Walk};
use crate::image::proposal::Operation;
use crate::image::record::TagRecord;
use crate::image::store::{self, Space, Table, describe};
use crate::image::view::opened;
use crate::image::{LogError, Shared, Tid};

pub(super) struct Truth {
    /// The chain's hash at the horizon.
    pub hash: ChainHash,
    /// Of all versions up to the horizon that the base has, or the log has made since.
    pub sum: Sum,
    /// The tags at the horizon, as they are stored.
    pub tags: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What tags pin at the horizon, or have come to pin since.
    pub pins: BTreeSet<Tid>,
    /// Up to the horizon, after the base.
    pub transactions: u64,
}

impl Truth {
    /// Reads the log up to `newest`, a group's end.
    pub(super) fn read(
        shared: &Shared,
        base: Option<&(base::Header, PathBuf)>,
        horizon: Tid,
        newest: Tid,
        progress: &mut PackProgress<'_>,
    ) -> Result<Self, PackError> {
        let (begin, hash) = base.map_or((0, GENESIS), |(header, _)| (header.tid, header.hash));
        let mut truth = Self {
            hash,
            sum: Sum::default(),
            tags: BTreeMap::new(),
            pins: BTreeSet::new(),
            transactions: 0,
        };
        let mut read = 0;
        if let Some((_, path)) = base {
            truth.read_base(&mut base::Reader::open(path)?, &mut |entries| {
                read += entries;
                progress(PackStep::Read, read);
            })?;
        }
        let mut walk = Walk::from(&shared.folder, begin + 1)?;
        let mut at_base = (walk.end().0 == begin).then_some(walk.end().1);
        while walk.end().0 < newest {
            let Some(group) = walk.next_group()? else {
                let log = walk.end().0;
                return Err(LogError::Behind { log, store: newest }.into());
            };
            at_base = at_base.or_else(|| hash_of(&group, begin));
            truth.take(&group, begin, horizon)?;
            read += 1;
            progress(PackStep::Read, read);
        }
        if at_base != Some(hash) {
            let what = format!("the log does not continue transaction {begin} as it was");
            return Err(PackError::Differs { what });
        }
        for (key, sealed) in &truth.tags {
            let tag = opened::<TagRecord>(sealed, &|| describe(key))?;
            truth.pins.insert(tag.pinned.to_native());
        }
        Ok(truth)
    }

    fn read_base(
        &mut self,
        reader: &mut base::Reader,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), LogError> {
        while let Some(entries) = reader.chunk()? {
            progress(entries.len() as u64);
            for entry in entries {
                let is_tag = entry.key.first() == Some(&(Table::Tag as u8));
                match entry.part {
                    Part::History => self.sum.add(&entry.key, &entry.sealed),
                    Part::Current if is_tag => {
                        self.tags.insert(entry.key, entry.sealed);
                    }
                    Part::Current | Part::Audit => {}
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, group: &Group, begin: Tid, horizon: Tid) -> Result<(), PackError> {
        if let Some(hash) = hash_of(group, horizon) {
            self.hash = hash;
        }
        let from = group.records.partition_point(|record| record.tid <= begin);
        let to = group
            .records
            .partition_point(|record| record.tid <= horizon);
        let (dropped, later) = group.records.split_at(to);
        let dropped = dropped.get(from..).unwrap_or_default();
        self.transactions += dropped.len() as u64;
        store::written(dropped, &mut |space, key, sealed| match (space, sealed) {
            (Space::History, Some(sealed)) => self.sum.add(&key, &sealed),
            (Space::Current, Some(sealed)) => {
                self.tags.insert(key, sealed);
            }
            (Space::Current, None) => {
                self.tags.remove(&key);
            }
            (Space::History, None) | (Space::Audit, _) => {}
        })?;
        let operations = later.iter().flat_map(|record| &record.operations);
        self.pins
            .extend(operations.filter_map(|operation| match operation {
                Operation::PutTag { pinned, .. } => Some(*pinned),
                _ => None,
            }));
        Ok(())
    }
}

fn hash_of(group: &Group, tid: Tid) -> Option<ChainHash> {
    let mut hashes = group.records.iter().zip(&group.hashes);
    hashes
        .find(|(record, _)| record.tid == tid)
        .map(|(_, hash)| *hash)
}
