//! Merging what two transactions did to the same slot, where its type says that this is meant.
//!
//! `Counter` (an integer to which amounts are added), `SharedSet<T>` (elements that come and go by
//! themselves) and `SharedList<T>` (to which elements are only appended) are ordinary integers, sets and
//! lists to methods. When two transactions changed one from the same state, both changes hold: the
//! amounts add up, each comes and goes as either said, and the later one's elements follow. All other
//! slots, and anything else that both changed, is a conflict.

use std::collections::HashSet;

use super::object::{Head, Slot};
use super::values::{array, elements, integer};

/// How values of a slot's type are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    Counter,
    Set,
    List,
}

fn policy(rust_type: &str) -> Option<Policy> {
    let head = rust_type.split('<').next().unwrap_or_default();
    match head.trim() {
        "Counter" => Some(Policy::Counter),
        "SharedSet" => Some(Policy::Set),
        "SharedList" => Some(Policy::List),
        _ => None,
    }
}

/// An object that both sides changed from `base`: `mine` with what `theirs` did to it. `None` when they
/// contradict each other.
pub(super) fn heads(base: &Head, mine: &Head, theirs: &Head) -> Option<Head> {
    // Besides the slots' values nothing may differ: not even by the same change on both sides.
    let same = |head: &Head| {
        head.name == base.name
            && head.parent == base.parent
            && head.slots.len() == base.slots.len()
            && base.slots.iter().all(|slot| {
                head.slot(&slot.name)
                    .is_some_and(|own| own.rust_type == slot.rust_type)
            })
    };
    if !same(mine) || !same(theirs) {
        return None;
    }
    let mut merged = mine.clone();
    for slot in &mut merged.slots {
        let (base, theirs) = (base.slot(&slot.name)?, theirs.slot(&slot.name)?);
        if policy(&slot.rust_type).is_none() && (slot != base || theirs != base) {
            return None;
        }
        *slot = self::slot(base, slot, theirs)?;
    }
    Some(merged)
}

/// A slot that was changed from `base` to `mine` on one side and to `theirs` on the other.
pub(super) fn slot(base: &Slot, mine: &Slot, theirs: &Slot) -> Option<Slot> {
    if mine == base {
        return Some(theirs.clone());
    }
    if theirs == base {
        return Some(mine.clone());
    }
    if mine.rust_type != base.rust_type || theirs.rust_type != base.rust_type {
        return None;
    }
    let value = match policy(&base.rust_type)? {
        Policy::Counter => counters(&base.value, &mine.value, &theirs.value)?,
        Policy::Set => sets(&base.value, &mine.value, &theirs.value)?,
        Policy::List => lists(&base.value, &mine.value, &theirs.value)?,
    };
    Some(Slot {
        value,
        ..mine.clone()
    })
}

/// `None` also when the sum is none that a counter can hold.
fn counters(base: &[u8], mine: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let sum = integer(theirs)? + integer(mine)? - integer(base)?;
    let mut bytes = Vec::new();
    rmp::encode::write_sint(&mut bytes, i64::try_from(sum).ok()?).ok()?;
    Some(bytes)
}

fn sets(base: &[u8], mine: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let (base, mine, theirs) = (elements(base)?, elements(mine)?, elements(theirs)?);
    let of = |list: &[&'_ [u8]]| list.iter().map(|e| e.to_vec()).collect::<HashSet<_>>();
    let (was, own) = (of(&base), of(&mine));
    // Theirs, without what I took away and with what I added.
    let mut merged = theirs;
    merged.retain(|element| own.contains(*element) || !was.contains(*element));
    merged.extend(mine.iter().filter(|element| !was.contains(**element)));
    // By their bytes: the one order that sets have wherever they are packed.
    merged.sort_unstable();
    merged.dedup();
    array(&merged)
}

/// Both sides only appended: theirs, then mine.
fn lists(base: &[u8], mine: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let (base, mine, theirs) = (elements(base)?, elements(mine)?, elements(theirs)?);
    let appended = mine.strip_prefix(base.as_slice())?;
    theirs.strip_prefix(base.as_slice())?;
    let mut merged = theirs;
    merged.extend(appended);
    array(&merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot_of(rust_type: &str, value: &[u8]) -> Slot {
        Slot {
            name: "s".into(),
            rust_type: rust_type.into(),
            value: value.to_vec(),
        }
    }

    fn merged(rust_type: &str, values: [&[u8]; 3]) -> Option<Vec<u8>> {
        let [base, mine, theirs] = values.map(|value| slot_of(rust_type, value));
        slot(&base, &mine, &theirs).map(|slot| slot.value)
    }

    #[test]
    fn counters_add_up() {
        assert_eq!(merged("Counter", [&[10], &[13], &[8]]), Some(vec![11]));
        let most = [0xd3, 0x7f, 255, 255, 255, 255, 255, 255, 255];
        assert_eq!(merged("Counter", [&[0], &most, &[1]]), None);
        assert_eq!(merged("i64", [&[10], &[13], &[8]]), None);
    }

    #[test]
    fn elements_of_sets_come_and_go_by_themselves() {
        // {1, 2, 3}: I took 1 away and added 9, they took 2 away and added 7 and 9.
        let values: [&[u8]; 3] = [&[0x93, 1, 2, 3], &[0x93, 2, 3, 9], &[0x94, 1, 3, 7, 9]];
        assert_eq!(merged("SharedSet<i64>", values), Some(vec![0x93, 3, 7, 9]));
    }

    #[test]
    fn merged_sets_are_ordered_by_their_bytes() {
        // None, -1, 1, 200, "b", "az": as values are packed everywhere else.
        let mine = [&[0x93][..], &[0xc0], &[0xff], &[0xa1, b'b']].concat();
        let theirs = [&[0x93][..], &[1], &[0xcc, 200], &[0xa2, b'a', b'z']].concat();
        let sorted = [&[0x96, 1][..], b"\xa1b\xa2az\xc0\xcc\xc8\xff"].concat();
        let values: [&[u8]; 3] = [&[0x90], &mine, &theirs];
        assert_eq!(merged("SharedSet<Option<i64>>", values), Some(sorted));
    }

    #[test]
    fn lists_are_appended_to() {
        let values: [&[u8]; 3] = [&[0x91, 1], &[0x92, 1, 5], &[0x93, 1, 6, 7]];
        assert_eq!(
            merged("SharedList<i64>", values),
            Some(vec![0x94, 1, 6, 7, 5])
        );
        let rewritten: [&[u8]; 3] = [&[0x91, 1], &[0x91, 2], &[0x92, 1, 5]];
        assert_eq!(merged("SharedList<i64>", rewritten), None);
    }
}
