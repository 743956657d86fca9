//! What a transaction hands to the committer, and what the committer hands to the store.
//!
//! A [`Proposal`] becomes a [`TransactionRecord`] when it was validated and has its tid. The record
//! is the whole of a transaction in the image's own terms, and all that is ever applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::object::{Author, Head, Method, Mission, MissionId, Oid, Tid};
use super::pack::Garbage;

/// Something whose version a transaction depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// An object with its slots and methods.
    Object(Oid),
    /// Which object has a name, if any.
    Name(String),
    /// That there is an object, whatever is in it.
    Exists(Oid),
    Mission(MissionId),
    Fact(String),
    Tag(String),
}

/// The version of each key when it was read; `None` where there was nothing. That of a name is its
/// object, that of an object's being there is 0, that of all else is the transaction that changed it.
pub(super) type Dependencies = BTreeMap<Key, Option<Tid>>;

/// A transaction before it is validated.
pub(super) struct Proposal {
    /// The snapshot it worked on.
    pub base: Tid,
    pub time_ms: u64,
    pub author: Author,
    pub dependencies: Dependencies,
    pub operations: Vec<Operation>,
    pub audit: Vec<String>,
    /// What it takes away was in here: objects that nothing led to.
    pub garbage: Option<Arc<Garbage>>,
}

/// A committed transaction.
pub(super) struct TransactionRecord {
    pub tid: Tid,
    pub time_ms: u64,
    pub author: Author,
    pub operations: Vec<Operation>,
    pub audit: Vec<String>,
}

/// One change. A changed object's own `PutObject` comes before those of its methods.
#[derive(Debug)]
pub(super) enum Operation {
    /// `head.tid` is of before; the applied one is the transaction's.
    PutObject {
        head: Head,
        /// The name is new to it: it was made, or had none.
        named: bool,
    },
    /// No object has that name any more.
    RemoveName {
        name: String,
    },
    /// Its name and its methods are removed by operations of their own.
    RemoveObject {
        oid: Oid,
        /// As it was known, for the audit.
        name: String,
    },
    PutMethod {
        oid: Oid,
        method: Method,
        /// Other code than before: its calls are counted from zero.
        anew: bool,
    },
    RemoveMethod {
        oid: Oid,
        selector: String,
    },
    PutMission(Mission),
    PutFact {
        key: String,
        value: String,
    },
    RemoveFact {
        key: String,
    },
    PutTag {
        name: String,
        pinned: Tid,
    },
    RemoveTag {
        name: String,
    },
}

impl Operation {
    /// The keys it gives a new version: the transaction's tid, or none where it removes.
    pub(super) fn changes(&self, tid: Tid) -> Vec<(Key, Option<Tid>)> {
        match self {
            Self::PutObject { head, named } => {
                let mut changes = vec![
                    (Key::Object(head.oid), Some(tid)),
                    (Key::Exists(head.oid), Some(0)),
                ];
                if *named {
                    changes.push((Key::Name(head.name.clone()), Some(head.oid)));
                }
                changes
            }
            Self::RemoveName { name } => vec![(Key::Name(name.clone()), None)],
            Self::RemoveObject { oid, .. } => {
                vec![(Key::Object(*oid), None), (Key::Exists(*oid), None)]
            }
            // Covered by the object's own.
            Self::PutMethod { .. } | Self::RemoveMethod { .. } => Vec::new(),
            Self::PutMission(mission) => vec![(Key::Mission(mission.id), Some(tid))],
            Self::PutFact { key, .. } => vec![(Key::Fact(key.clone()), Some(tid))],
            Self::RemoveFact { key } => vec![(Key::Fact(key.clone()), None)],
            Self::PutTag { name, .. } => vec![(Key::Tag(name.clone()), Some(tid))],
            Self::RemoveTag { name } => vec![(Key::Tag(name.clone()), None)],
        }
    }
}

impl TransactionRecord {
    /// Names of the objects it writes, and `fact KEY`.
    pub(super) fn object_names(&self) -> Vec<String> {
        self.operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::PutObject { head, .. } => Some(head.known_as()),
                Operation::RemoveObject { name, .. } => Some(name.clone()),
                Operation::PutFact { key, .. } | Operation::RemoveFact { key } => {
                    Some(format!("fact {key}"))
                }
                _ => None,
            })
            .collect()
    }
}
