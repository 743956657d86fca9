//! Which versions stay, and sums by which states are compared.
//!
//! At each point, the horizon and what tags pin before it, a thing is as its newest version that is not
//! newer. So of each thing the newest version stays for each point, and a removal stays only when an older
//! version does that it ends.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use fjall::{UserKey, UserValue};

use super::{Garbage, PackError, PackProgress, PackStep};
use crate::image::base::{Entry, Part};
use crate::image::envelope::{self, Kind};
use crate::image::record::MethodRecord;
use crate::image::store::{Snapshot, Table, describe, number, rest, version};
use crate::image::view::opened;
use crate::image::{BlobId, ImageError, StoreError, Tid};

/// Transactions whose states stay readable, newest first; the first is the horizon.
#[derive(Clone)]
pub(super) struct Points(Vec<Tid>);

impl Points {
    pub(super) fn new(horizon: Tid, pins: &BTreeSet<Tid>) -> Self {
        let pins = pins.range(..horizon).rev();
        Self([horizon].into_iter().chain(pins.copied()).collect())
    }

    pub(super) fn horizon(&self) -> Tid {
        self.0.first().copied().unwrap_or_default()
    }

    /// Those before the horizon.
    pub(super) fn pinned(&self) -> &[Tid] {
        self.0.get(1..).unwrap_or_default()
    }

    pub(super) fn all(&self) -> &[Tid] {
        &self.0
    }
}

/// Adds up what it is given, in whatever order: equal sums mean the same entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    entries: u64,
    lanes: [u64; 4],
}

impl Sum {
    pub(super) fn add(&mut self, key: &[u8], sealed: &[u8]) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(key.len() as u64).to_le_bytes());
        let hash = *hasher.update(key).update(sealed).finalize().as_bytes();
        for (lane, bytes) in self.lanes.iter_mut().zip(hash.chunks_exact(8)) {
            let bytes = bytes.first_chunk().copied().unwrap_or_default();
            *lane = lane.wrapping_add(u64::from_le_bytes(bytes));
        }
        self.entries += 1;
    }
}

/// The states at the points, as sums over things and what they are there.
pub(super) struct States {
    points: Points,
    sums: Vec<Sum>,
    thing: Vec<u8>,
    /// The first point for which the thing has shown no version yet.
    next: usize,
}

impl States {
    pub(super) fn new(points: &Points) -> Self {
        Self {
            points: points.clone(),
            sums: vec![Sum::default(); points.all().len()],
            thing: Vec::new(),
            next: 0,
        }
    }

    /// Takes the next version, in the order of the history; gives the points whose version it is.
    pub(super) fn take(&mut self, thing: &[u8], tid: Tid, sealed: &[u8]) -> Range<usize> {
        if self.thing != thing {
            thing.clone_into(&mut self.thing);
            self.next = 0;
        }
        let from = self.next;
        let is_at = |point: Option<&Tid>| point.is_some_and(|point| *point >= tid);
        while is_at(self.points.all().get(self.next)) {
            if !is_removal(sealed)
                && let Some(sum) = self.sums.get_mut(self.next)
            {
                sum.add(thing, sealed);
            }
            self.next += 1;
        }
        from..self.next
    }

    pub(super) fn sums(&self) -> &[Sum] {
        &self.sums
    }
}

/// A way through all versions.
pub(super) struct Pass {
    pub points: Points,
    pub states: States,
    /// Of all versions up to the horizon.
    pub sum: Sum,
    pub kept: u64,
    pub dropped: u64,
    pub dropped_bytes: u64,
    /// Blobs that what is kept, or is later than the horizon, needs.
    pub blobs: HashSet<BlobId>,
    left_out: Arc<Garbage>,
    /// The thing is there at the horizon, and is left out.
    is_ended: bool,
    thing: Vec<u8>,
    /// Of that thing, what stays.
    held: Vec<(UserKey, UserValue)>,
    read: u64,
}

impl Pass {
    pub(super) fn new(points: Points) -> Self {
        Self {
            states: States::new(&points),
            points,
            sum: Sum::default(),
            kept: 0,
            dropped: 0,
            dropped_bytes: 0,
            blobs: HashSet::new(),
            left_out: Arc::default(),
            is_ended: false,
            thing: Vec::new(),
            held: Vec::new(),
            read: 0,
        }
    }

    /// As if these were removed at the horizon.
    pub(super) fn leave_out(&mut self, garbage: Arc<Garbage>) {
        self.left_out = garbage;
    }

    /// Goes through all versions of a snapshot.
    pub(super) fn read(
        &mut self,
        snapshot: &Snapshot,
        progress: &mut PackProgress<'_>,
    ) -> Result<(), PackError> {
        let kept = Kept::new(self, snapshot.versions(), progress);
        for entry in kept {
            entry?;
        }
        Ok(())
    }

    /// Gives what stays of the thing before, when this version is of another one.
    fn take(
        &mut self,
        key: UserKey,
        sealed: UserValue,
    ) -> Result<Vec<(UserKey, UserValue)>, PackError> {
        let Some((thing, tid)) = version(&key) else {
            return Ok(Vec::new());
        };
        self.read += 1;
        let ended = if self.thing == thing {
            Vec::new()
        } else {
            self.end()?
        };
        thing.clone_into(&mut self.thing);
        if tid > self.points.horizon() {
            self.need(thing, &sealed)?;
            return Ok(ended);
        }
        self.sum.add(&key, &sealed);
        let mut points = self.states.take(thing, tid, &sealed);
        if points.start == 0 && !points.is_empty() {
            self.is_ended = self.is_left_out(thing) && !is_removal(&sealed);
            points.start += usize::from(self.is_ended);
        }
        if points.is_empty() {
            self.drop(&key, &sealed);
        } else {
            self.held.push((key, sealed));
        }
        Ok(ended)
    }

    /// What stays of the thing that was read last.
    fn end(&mut self) -> Result<Vec<(UserKey, UserValue)>, PackError> {
        while let Some((key, sealed)) = self.held.pop_if(|(_, sealed)| is_removal(sealed)) {
            self.drop(&key, &sealed);
        }
        let held = std::mem::take(&mut self.held);
        for (_, sealed) in &held {
            let thing = std::mem::take(&mut self.thing);
            self.need(&thing, sealed)?;
            self.thing = thing;
        }
        self.kept += held.len() as u64;
        // The removal that ends what stays of it.
        self.kept += u64::from(self.is_ended && !held.is_empty());
        self.is_ended = false;
        Ok(held)
    }

    fn drop(&mut self, key: &[u8], sealed: &[u8]) {
        self.dropped += 1;
        self.dropped_bytes += (key.len() + sealed.len()) as u64;
    }

    fn need(&mut self, thing: &[u8], sealed: &[u8]) -> Result<(), ImageError> {
        if thing.first() == Some(&(Table::Method as u8)) && !is_removal(sealed) {
            let record = opened::<MethodRecord>(sealed, &|| describe(thing))?;
            self.blobs.insert(BlobId::from_bytes(record.wasm));
        }
        Ok(())
    }

    fn is_left_out(&self, thing: &[u8]) -> bool {
        let tables = [Table::Object as u8, Table::Method as u8];
        let of_object = thing.first().is_some_and(|table| tables.contains(table));
        of_object && self.left_out.contains(number(rest(thing)))
    }
}

/// What stays of all versions, as entries of a base.
pub(super) struct Kept<'p, 'f, I> {
    pass: &'p mut Pass,
    versions: I,
    progress: &'p mut PackProgress<'f>,
    ready: VecDeque<(UserKey, UserValue)>,
    ended: bool,
}

impl<'p, 'f, I> Kept<'p, 'f, I> {
    pub(super) fn new(pass: &'p mut Pass, versions: I, progress: &'p mut PackProgress<'f>) -> Self {
        Self {
            pass,
            versions,
            progress,
            ready: VecDeque::new(),
            ended: false,
        }
    }
}

impl<I> Iterator for Kept<'_, '_, I>
where
    I: Iterator<Item = Result<(UserKey, UserValue), StoreError>>,
{
    type Item = Result<Entry, PackError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.ended {
            let taken = match self.versions.next() {
                Some(Ok((key, sealed))) => self.pass.take(key, sealed),
                Some(Err(error)) => Err(error.into()),
                None => {
                    self.ended = true;
                    self.pass.end()
                }
            };
            match taken {
                Ok(entries) => self.ready.extend(entries),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
            if self.pass.read.is_multiple_of(4096) || self.ended {
                (self.progress)(PackStep::Write, self.pass.read);
            }
        }
        self.ready.pop_front().map(|(key, sealed)| {
            Ok(Entry {
                part: Part::History,
                key: key.to_vec(),
                sealed: sealed.to_vec(),
            })
        })
    }
}

pub(super) fn is_removal(sealed: &[u8]) -> bool {
    envelope::kind(sealed) == Some(Kind::Removed as u8)
}
