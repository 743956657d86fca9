//! Keys of the store: which table, which thing, and in the history also which transaction.
//!
//! Big-endian numbers, so that keys sort as numbers. A key of the history is the key of the current
//! state, a zero byte, and the tid's complement: the versions of one thing stand together, newest
//! first. Names, selectors and fact keys have no control characters, so that the zero ends them.

use crate::image::object::{Oid, Tid};

/// What a key begins with. The numbers are stored: never reuse one.
///
/// One keyspace for all of them: each keyspace costs its own files and syncs when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::image) enum Table {
    /// `tid`, `probe` … -> number.
    Number = 1,
    /// oid -> object without methods.
    Object = 2,
    /// name -> oid.
    Name = 3,
    /// oid, selector -> method.
    Method = 4,
    /// oid, selector -> call counts.
    Calls = 5,
    /// mission -> mission.
    Mission = 6,
    /// key -> fact.
    Fact = 7,
    /// name -> the transaction that it pins.
    Tag = 8,
}

impl Table {
    /// Those whose every version is in the history.
    pub(in crate::image) const WITH_HISTORY: [Self; 5] = [
        Self::Object,
        Self::Name,
        Self::Method,
        Self::Mission,
        Self::Fact,
    ];

    pub(in crate::image) fn key(self, rest: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(1 + rest.len());
        key.push(self as u8);
        key.extend_from_slice(rest);
        key
    }

    pub(in crate::image) fn method_key(self, oid: Oid, selector: &str) -> Vec<u8> {
        let mut key = self.key(&oid.to_be_bytes());
        key.extend_from_slice(selector.as_bytes());
        key
    }
}

/// A key of the current state in words.
pub(in crate::image) fn describe(key: &[u8]) -> String {
    let rest = rest(key);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let is = |table: Table| key.first() == Some(&(table as u8));
    let method = || (number(rest), text(rest.get(8..).unwrap_or_default()));
    if is(Table::Number) {
        format!("number {}", text(rest))
    } else if is(Table::Object) {
        format!("object {}", number(rest))
    } else if is(Table::Name) {
        format!("name {}", text(rest))
    } else if is(Table::Method) {
        let (oid, selector) = method();
        format!("method {selector} of object {oid}")
    } else if is(Table::Calls) {
        let (oid, selector) = method();
        format!("calls of {selector} of object {oid}")
    } else if is(Table::Mission) {
        format!("mission {}", number(rest))
    } else if is(Table::Fact) {
        format!("fact {}", text(rest))
    } else if is(Table::Tag) {
        format!("tag {}", text(rest))
    } else {
        format!("a record with the unknown key {key:02x?}")
    }
}

/// A key without its table.
pub(in crate::image) fn rest(key: &[u8]) -> &[u8] {
    key.get(1..).unwrap_or_default()
}

/// The number that a key begins with; 0 when it is too short for one.
pub(in crate::image) fn number(key: &[u8]) -> u64 {
    key.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

/// The key of a version in the history.
pub(in crate::image) fn history_key(key: &[u8], tid: Tid) -> Vec<u8> {
    let mut version = versions_of(key);
    version.extend_from_slice(&(!tid).to_be_bytes());
    version
}

/// What the keys of all versions of one thing begin with.
pub(in crate::image) fn versions_of(key: &[u8]) -> Vec<u8> {
    let mut prefix = Vec::with_capacity(key.len() + 9);
    prefix.extend_from_slice(key);
    prefix.push(0);
    prefix
}

/// The thing and the transaction of a key of the history; `None` for the history's own marks.
pub(in crate::image) fn version(key: &[u8]) -> Option<(&[u8], Tid)> {
    let (thing, tid) = key.split_last_chunk::<8>()?;
    let (zero, thing) = thing.split_last()?;
    (*zero == 0 && !thing.is_empty()).then(|| (thing, !u64::from_be_bytes(*tid)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_says_what_it_is_of() {
        for thing in [
            Table::Object.key(&0_u64.to_be_bytes()),
            Table::Method.method_key(7, "deposit"),
            Table::Fact.key(b"k"),
        ] {
            for tid in [0, 1, u64::MAX] {
                assert_eq!(version(&history_key(&thing, tid)), Some((&*thing, tid)));
            }
        }
        assert_eq!(version(&[0; 8]), None);
    }

    #[test]
    fn newer_versions_come_first_and_things_stay_together() {
        let key = |name: &str, tid| history_key(&Table::Fact.key(name.as_bytes()), tid);
        let sorted = [key("a", 9), key("a", 2), key("ab", 5), key("b", 1)];
        assert!(sorted.is_sorted());
    }
}
