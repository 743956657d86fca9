//! A store beside the one that base and log give: every key of both.

use std::cmp::Ordering;

use fjall::{UserKey, UserValue};

use super::snapshot::{Entries, Snapshot};
use super::space::Space;
use super::table::{Table, number, rest, version};
use super::whole::{LAST_MISSION, LAST_OID};
use super::{PROBE, UNTRIMMED, guarded};
use crate::image::record::AuditRecord;
use crate::image::{StoreError, Tid, envelope};

/// How a store is otherwise than it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::image) enum Differs {
    Missing,
    TooMuch,
    Otherwise,
}

type Pair = (UserKey, UserValue);

impl Snapshot {
    /// Tells `each` which keys of it are not as in `other`. With `until` only what
    /// transactions up to that one left for good is compared: history and audit. Call counts and the
    /// least numbers that are free are not.
    pub(in crate::image) fn compare(
        &self,
        other: &Self,
        until: Option<Tid>,
        each: &mut dyn FnMut(Space, &[u8], Differs),
    ) -> Result<(), StoreError> {
        let later = |tid: Tid| until.is_some_and(|until| tid > until);
        let history =
            |key: &[u8]| version(key).map_or(until.is_none(), |(_, version)| !later(version));
        guarded("compare", || {
            if until.is_none() {
                let both = (self.iter(Space::Current), other.iter(Space::Current));
                merge(both, &is_compared, &is_equal, &mut |key, how| {
                    each(Space::Current, key, how);
                })?;
            }
            let both = (self.iter(Space::History), other.iter(Space::History));
            merge(both, &history, &is_equal, &mut |key, how| {
                each(Space::History, key, how);
            })?;
            let both = (self.iter(Space::Audit), other.iter(Space::Audit));
            let counts = |key: &[u8]| !later(number(key));
            merge(both, &counts, &is_same_entry, &mut |key, how| {
                each(Space::Audit, key, how);
            })
        })
    }
}

fn is_compared(key: &[u8]) -> bool {
    let numbers = [PROBE, LAST_OID, LAST_MISSION, UNTRIMMED];
    let is = |table: Table| key.first() == Some(&(table as u8));
    let is_free = is(Table::Number) && numbers.contains(&rest(key));
    !is(Table::Calls) && !is_free
}

fn is_equal(ours: &[u8], theirs: &[u8]) -> bool {
    ours == theirs
}

/// The names in an audit entry are made for reading, and earlier programs noted fewer.
fn is_same_entry(ours: &[u8], theirs: &[u8]) -> bool {
    let opened = |bytes| {
        let record = envelope::open::<AuditRecord>(bytes).ok()?;
        let entry = record.to_entry(0);
        Some((entry.time_ms, entry.author, entry.lines))
    };
    ours == theirs || opened(ours).is_some_and(|ours| Some(ours) == opened(theirs))
}

/// Goes through two sorted sequences at once.
fn merge(
    both: (Entries, Entries),
    counts: &dyn Fn(&[u8]) -> bool,
    is_same: &dyn Fn(&[u8], &[u8]) -> bool,
    each: &mut dyn FnMut(&[u8], Differs),
) -> Result<(), StoreError> {
    let (mut found, mut right) = both;
    let (mut ours, mut theirs) = (next(&mut found, counts)?, next(&mut right, counts)?);
    loop {
        let order = match (&ours, &theirs) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((ours, _)), Some((theirs, _))) => ours.cmp(theirs),
        };
        match (order, &ours, &theirs) {
            (Ordering::Less, Some((key, _)), _) => each(key, Differs::TooMuch),
            (Ordering::Greater, _, Some((key, _))) => each(key, Differs::Missing),
            (_, Some((key, value)), Some((_, other))) if !is_same(value, other) => {
                each(key, Differs::Otherwise);
            }
            _ => {}
        }
        if order != Ordering::Greater {
            ours = next(&mut found, counts)?;
        }
        if order != Ordering::Less {
            theirs = next(&mut right, counts)?;
        }
    }
}

fn next(pairs: &mut Entries, counts: &dyn Fn(&[u8]) -> bool) -> Result<Option<Pair>, StoreError> {
    for pair in pairs {
        let pair = pair?;
        if counts(&pair.0) {
            return Ok(Some(pair));
        }
    }
    Ok(None)
}
