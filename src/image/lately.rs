//! What was read lately, decoded, so that reading it again need not ask the store.
//!
//! Only newest versions are kept. Whoever applies transactions says first which one comes next and then
//! takes out what it changes, before any view shows it; nothing that an older view has read is put in
//! from then on. So what is there is the newest version for every view from the one on that put it in.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::object::Tid;

/// Locks, so that readers seldom wait for each other.
const SHARDS: usize = 16;
/// What an entry takes beside key and value.
const ENTRY_BYTES: usize = 64;

pub(super) struct Lately<K, V> {
    shards: [Mutex<Shard<K, V>>; SHARDS],
    hasher: RandomState,
    /// Of a generation in a shard; there are two.
    limit: usize,
    /// The newest transaction that was begun to be applied.
    changing: AtomicU64,
}

/// Two generations: what is read moves to the young one; when that is full it becomes the old one, and
/// what the old one still has is dropped.
struct Shard<K, V> {
    young: HashMap<K, Entry<V>>,
    old: HashMap<K, Entry<V>>,
    young_bytes: usize,
}

struct Entry<V> {
    value: V,
    /// Views from this transaction on have this version.
    since: Tid,
    bytes: usize,
}

impl<K: Hash + Eq, V: Clone> Lately<K, V> {
    /// Takes as many bytes at most, about.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            hasher: RandomState::new(),
            limit: bytes / SHARDS / 2,
            changing: AtomicU64::new(0),
        }
    }

    /// What a view of transaction `tid` has for a key, if that is known.
    pub(super) fn get<Q>(&self, key: &Q, tid: Tid) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let mut shard = self.shard(key)?;
        if let Some(entry) = shard.young.get(key) {
            return (entry.since <= tid).then(|| entry.value.clone());
        }
        let (key, entry) = shard.old.remove_entry(key)?;
        let value = (entry.since <= tid).then(|| entry.value.clone());
        self.insert(&mut shard, key, entry);
        value
    }

    /// Keeps what a view of transaction `tid` has read.
    pub(super) fn put(&self, key: K, value: V, bytes: usize, tid: Tid) {
        let bytes = bytes + ENTRY_BYTES;
        // One that would push out many is not worth it.
        if bytes > self.limit / 8 {
            return;
        }
        let Some(mut shard) = self.shard(&key) else {
            return;
        };
        // Under the lock: whoever applies what comes next has to take it to take this out.
        if self.changing.load(Ordering::SeqCst) <= tid {
            let since = tid;
            let entry = Entry {
                value,
                since,
                bytes,
            };
            shard.old.remove(&key);
            self.insert(&mut shard, key, entry);
        }
    }

    /// Comes before [`Lately::forget`] for what the transactions up to `newest` change.
    pub(super) fn begin(&self, newest: Tid) {
        self.changing.fetch_max(newest, Ordering::SeqCst);
    }

    /// Comes before any view shows the change.
    pub(super) fn forget<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some(mut shard) = self.shard(key) {
            if let Some(entry) = shard.young.remove(key) {
                shard.young_bytes -= entry.bytes;
            }
            shard.old.remove(key);
        }
    }

    fn insert(&self, shard: &mut Shard<K, V>, key: K, entry: Entry<V>) {
        shard.young_bytes += entry.bytes;
        if let Some(before) = shard.young.insert(key, entry) {
            shard.young_bytes -= before.bytes;
        }
        if shard.young_bytes > self.limit {
            shard.old = std::mem::take(&mut shard.young);
            shard.young_bytes = 0;
        }
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> Option<MutexGuard<'_, Shard<K, V>>> {
        let [place, ..] = self.hasher.hash_one(key).to_le_bytes();
        let shard = self.shards.get(usize::from(place) % SHARDS)?;
        // Nothing in here panics halfway through a change.
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K, V> Default for Shard<K, V> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            young_bytes: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_what_was_put_in_by_one_of_its_time_or_before() {
        let lately = Lately::new(1 << 20);
        lately.put(1, 'a', 1, 5);
        assert_eq!(lately.get(&1, 5), Some('a'));
        assert_eq!(lately.get(&1, 9), Some('a'));
        assert_eq!(lately.get(&1, 4), None);
        assert_eq!(lately.get(&2, 9), None);
    }

    #[test]
    fn what_an_older_view_has_read_is_not_put_in_once_something_changes() {
        let lately = Lately::new(1 << 20);
        lately.put(1, 'a', 1, 5);
        lately.begin(6);
        lately.forget(&1);
        lately.put(1, 'a', 1, 5);
        assert_eq!(lately.get(&1, 6), None);
        lately.put(1, 'b', 1, 6);
        assert_eq!(lately.get(&1, 6), Some('b'));
        assert_eq!(lately.get(&1, 5), None);
    }

    #[test]
    fn what_is_read_stays_and_what_is_not_goes() {
        const LIMIT: usize = 1 << 20;
        let lately = Lately::new(LIMIT);
        lately.put(0_u64, 0_u64, 0, 1);
        let count = 4 * (LIMIT / ENTRY_BYTES) as u64;
        for key in 1..count {
            lately.put(key, key, 0, 1);
            assert_eq!(lately.get(&0, 1), Some(0), "after {key}");
        }
        let left = (1..count).filter(|key| lately.get(key, 1).is_some());
        let left = left.count();
        assert!(left > 0 && left * ENTRY_BYTES <= LIMIT + SHARDS * ENTRY_BYTES);
        assert!(lately.get(&(count - 1), 1).is_some());
        lately.put(7, 7, LIMIT, 1);
        assert_eq!(lately.get(&7, 1), None);
    }
}
