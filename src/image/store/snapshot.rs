//! What is seen: a snapshot of the engine, and over it what the engine has not taken yet.

use std::borrow::Borrow;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use fjall::{Readable, UserKey, UserValue};

use super::changes::Changes;
use super::failed;
use super::space::{Space, Spaces};
use crate::image::StoreError;

/// All of every batch up to some transaction, and nothing of a later one.
#[derive(Clone)]
pub(in crate::image) struct Snapshot {
    pub(super) spaces: Arc<Spaces>,
    pub(super) engine: fjall::Snapshot,
    /// Oldest first; what the engine has is as if it were before all of these.
    pub(super) pending: Arc<[Arc<Changes>]>,
}

type Pair = (UserKey, UserValue);
/// Where keys begin and end.
type Range<K = UserKey> = (Bound<K>, Bound<K>);

impl Snapshot {
    pub(in crate::image) fn get(
        &self,
        space: Space,
        key: impl AsRef<[u8]>,
    ) -> Result<Option<UserValue>, StoreError> {
        let key = key.as_ref();
        let written = |changes: &Arc<Changes>| changes.of(space).get(key).cloned();
        if let Some(value) = self.pending.iter().rev().find_map(written) {
            return Ok(value);
        }
        let found = self.engine.get(self.spaces.of(space), key);
        found.map_err(|error| failed("read", error))
    }

    /// Everything, by key.
    pub(in crate::image) fn iter(&self, space: Space) -> Entries {
        let all = (Bound::Unbounded, Bound::Unbounded);
        self.entries(space, self.engine.iter(self.spaces.of(space)), all)
    }

    /// What is in a range of keys, by key.
    pub(in crate::image) fn range<K: AsRef<[u8]>>(
        &self,
        space: Space,
        range: impl RangeBounds<K>,
    ) -> Entries {
        let bound = |bound: Bound<&K>| bound.map(|key| UserKey::from(key.as_ref()));
        let range = (bound(range.start_bound()), bound(range.end_bound()));
        let engine = self.engine.range(self.spaces.of(space), range.clone());
        self.entries(space, engine, range)
    }

    /// What has a key that begins so, by key.
    pub(in crate::image) fn prefix(&self, space: Space, prefix: impl AsRef<[u8]>) -> Entries {
        let prefix = prefix.as_ref();
        let engine = self.engine.prefix(self.spaces.of(space), prefix);
        let range = (Bound::Included(prefix.into()), behind(prefix));
        self.entries(space, engine, range)
    }

    fn entries(&self, space: Space, engine: fjall::Iter, range: Range) -> Entries {
        Entries {
            engine,
            front: None,
            back: None,
            pending: Pending {
                all: Arc::clone(&self.pending),
                space,
                range,
            },
        }
    }
}

/// Where the keys end that begin so.
fn behind(prefix: &[u8]) -> Bound<UserKey> {
    let mut key = prefix.to_vec();
    while let Some(last) = key.pop() {
        if let Some(next) = last.checked_add(1) {
            key.push(next);
            return Bound::Excluded(key.into());
        }
    }
    Bound::Unbounded
}

/// The entries of a range by key, from both ends.
pub(in crate::image) struct Entries {
    engine: fjall::Iter,
    /// Taken from the engine's ends, and not given yet.
    front: Option<Pair>,
    back: Option<Pair>,
    pending: Pending,
}

/// What the engine has not taken of a range, less what was given.
struct Pending {
    all: Arc<[Arc<Changes>]>,
    space: Space,
    range: Range,
}

#[derive(Clone, Copy)]
enum End {
    Front,
    Back,
}

impl End {
    /// Whether the first of the keys comes to its turn before the other.
    fn is_before(self, key: &UserKey, other: &UserKey) -> bool {
        match self {
            Self::Front => key < other,
            Self::Back => key > other,
        }
    }
}

impl Entries {
    /// The engine's entry at an end, which is left there.
    fn look(&mut self, end: End) -> Result<Option<&Pair>, StoreError> {
        let (kept, other) = match end {
            End::Front => (&mut self.front, &mut self.back),
            End::Back => (&mut self.back, &mut self.front),
        };
        if kept.is_none() {
            let next = match end {
                End::Front => self.engine.next(),
                End::Back => self.engine.next_back(),
            };
            *kept = match next {
                Some(guard) => {
                    let pair = guard.into_inner();
                    Some(pair.map_err(|error| failed("read", error))?)
                }
                // The last one may have been looked at from the other end.
                None => other.take(),
            };
        }
        Ok(kept.as_ref())
    }

    fn take(&mut self, end: End) -> Option<Pair> {
        match end {
            End::Front => self.front.take(),
            End::Back => self.back.take(),
        }
    }

    fn step(&mut self, end: End) -> Result<Option<Pair>, StoreError> {
        loop {
            let pending = self.pending.at(end);
            let engine = self.look(end)?;
            let Some((key, value)) = pending else {
                return Ok(self.take(end));
            };
            match engine {
                Some((other, _)) if end.is_before(other, &key) => return Ok(self.take(end)),
                // What is pending stands in its place.
                Some((other, _)) if *other == key => drop(self.take(end)),
                _ => {}
            }
            self.pending.leave(end, key.clone());
            if let Some(value) = value {
                return Ok(Some((key, value)));
            }
        }
    }
}

impl Pending {
    /// The entry at an end; without a value what the engine has there is removed.
    fn at(&self, end: End) -> Option<(UserKey, Option<UserValue>)> {
        let range = self.open()?;
        let mut found: Option<(&UserKey, &Option<UserValue>)> = None;
        // Of one key the newest goes before.
        for changes in self.all.iter().rev() {
            let mut writes = changes.of(self.space).range::<[u8], _>(range);
            let next = match end {
                End::Front => writes.next(),
                End::Back => writes.next_back(),
            };
            if let Some((key, value)) = next
                && found.is_none_or(|(other, _)| end.is_before(key, other))
            {
                found = Some((key, value));
            }
        }
        found.map(|(key, value)| (key.clone(), value.clone()))
    }

    /// What is left of the range, if anything can be in it.
    fn open(&self) -> Option<Range<&[u8]>> {
        if self.all.is_empty() {
            return None;
        }
        let from = self.range.0.as_ref().map(Borrow::borrow);
        let to = self.range.1.as_ref().map(Borrow::borrow);
        let is_empty = match (from, to) {
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (
                Bound::Included(from) | Bound::Excluded(from),
                Bound::Included(to) | Bound::Excluded(to),
            ) => from >= to,
            _ => false,
        };
        (!is_empty).then_some((from, to))
    }

    /// From an end on up to this key nothing is given again.
    fn leave(&mut self, end: End, key: UserKey) {
        match end {
            End::Front => self.range.0 = Bound::Excluded(key),
            End::Back => self.range.1 = Bound::Excluded(key),
        }
    }
}

impl Iterator for Entries {
    type Item = Result<Pair, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step(End::Front).transpose()
    }
}

impl DoubleEndedIterator for Entries {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.step(End::Back).transpose()
    }
}
