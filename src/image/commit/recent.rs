//! Which keys the newest transactions have changed, so that validating need not read the store.

use std::collections::HashMap;

use super::super::object::Tid;
use super::super::proposal::Key;

/// Keys of a generation; some MiB of memory.
const LIMIT: usize = 32_768;

/// Two generations: when the young one is full it becomes the old one, and what that had is forgotten. So
/// what changed last is always known, however long the transaction took that asks.
pub(super) struct Recent {
    /// By the newest transaction of the group that changed it last: views never show a part of a group.
    young: HashMap<Key, Tid>,
    old: HashMap<Key, Tid>,
    /// What was changed after this transaction is in the young one.
    turned: Tid,
    /// What was changed after this transaction is known.
    since: Tid,
}

impl Recent {
    pub(super) fn since(newest: Tid) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            turned: newest,
            since: newest,
        }
    }

    /// Whether a key is known to be as it was after `base`.
    pub(super) fn is_unchanged(&self, key: &Key, base: Tid) -> bool {
        let changed = self.young.get(key).or_else(|| self.old.get(key));
        base >= self.since && changed.is_none_or(|tid| *tid <= base)
    }

    /// Notes what a group has changed that comes after `before` and ends with `newest`.
    pub(super) fn note(&mut self, keys: impl Iterator<Item = Key>, before: Tid, newest: Tid) {
        if self.young.len() >= LIMIT {
            self.old = std::mem::take(&mut self.young);
            (self.since, self.turned) = (self.turned, before);
        }
        self.young.extend(keys.map(|key| (key, newest)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_said_to_be_unchanged() {
        let mut recent = Recent::since(10);
        let key = |oid| Key::Object(oid);
        recent.note([key(1), key(2)].into_iter(), 10, 12);
        recent.note([key(1)].into_iter(), 12, 13);
        assert!(recent.is_unchanged(&key(3), 10));
        assert!(!recent.is_unchanged(&key(3), 9));
        assert!(!recent.is_unchanged(&key(1), 12));
        assert!(recent.is_unchanged(&key(1), 13));
        assert!(!recent.is_unchanged(&key(2), 10));
        assert!(recent.is_unchanged(&key(2), 12));
    }

    #[test]
    fn what_was_forgotten_is_not_known() {
        let mut recent = Recent::since(0);
        let full = || (0..LIMIT as u64).map(Key::Object);
        recent.note(full(), 0, 1);
        recent.note([Key::Object(7)].into_iter(), 1, 2);
        // The generation before is still known.
        assert!(!recent.is_unchanged(&Key::Object(1), 0));
        assert!(recent.is_unchanged(&Key::Object(LIMIT as u64), 0));
        assert!(recent.is_unchanged(&Key::Object(1), 1));
        assert!(!recent.is_unchanged(&Key::Object(7), 1));
        assert!(recent.is_unchanged(&Key::Object(7), 2));
        recent.note(full(), 2, 3);
        recent.note([Key::Object(7)].into_iter(), 3, 4);
        assert!(!recent.is_unchanged(&Key::Object(LIMIT as u64), 0));
        assert!(recent.is_unchanged(&Key::Object(LIMIT as u64), 1));
        assert!(!recent.is_unchanged(&Key::Object(1), 2));
        assert!(recent.is_unchanged(&Key::Object(1), 3));
        assert!(!recent.is_unchanged(&Key::Object(7), 3));
    }
}
