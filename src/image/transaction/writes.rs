//! The writes of a transaction, and how to take them back.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::image::object::{Head, Method, Mission, MissionId, Oid, Tid};
use crate::image::proposal::Operation;
use crate::image::{ImageError, Read, View};

/// A fact's new value; `None`: removed.
pub(super) type FactDraft = Option<String>;
/// Whose a name is now; `None`: nobody's.
pub(super) type NameDraft = Option<Oid>;
/// What a tag names now; `None`: removed.
pub(super) type TagDraft = Option<Tid>;

/// In the order of keys; what each write replaced is kept for rolling back.
#[derive(Default)]
pub(super) struct Writes {
    pub objects: BTreeMap<Oid, Arc<Draft>>,
    /// Names that were given, and those that were taken away.
    pub names: BTreeMap<String, NameDraft>,
    pub missions: BTreeMap<MissionId, Mission>,
    pub facts: BTreeMap<String, FactDraft>,
    pub tags: BTreeMap<String, TagDraft>,
    audit: Vec<String>,
    /// How to take back each write, oldest first.
    undo: Vec<Undo>,
}

/// A changed object.
#[derive(Clone)]
pub(super) struct Draft {
    pub head: Head,
    /// There is no such object in the snapshot.
    pub created: bool,
    /// The name is new to it.
    pub named: bool,
    pub removed: bool,
    /// Changed methods; `None`: removed.
    pub methods: BTreeMap<String, Option<Arc<Method>>>,
}

/// What a write replaced.
enum Undo {
    Object(Oid, Option<Arc<Draft>>),
    Name(String, Option<NameDraft>),
    Tag(String, Option<TagDraft>),
    Mission(MissionId, Option<Mission>),
    Fact(String, Option<FactDraft>),
    Audit,
}

impl Writes {
    pub(super) fn put_object(&mut self, draft: Draft) {
        let oid = draft.head.oid;
        let before = self.objects.insert(oid, Arc::new(draft));
        self.undo.push(Undo::Object(oid, before));
    }

    /// `None`: nothing has that name any more.
    pub(super) fn put_name(&mut self, name: &str, oid: Option<Oid>) {
        let before = self.names.insert(name.to_owned(), oid);
        self.undo.push(Undo::Name(name.to_owned(), before));
    }

    pub(super) fn put_tag(&mut self, name: &str, pinned: Option<Tid>) {
        let before = self.tags.insert(name.to_owned(), pinned);
        self.undo.push(Undo::Tag(name.to_owned(), before));
    }

    pub(super) fn put_mission(&mut self, mission: Mission) {
        let id = mission.id;
        let before = self.missions.insert(id, mission);
        self.undo.push(Undo::Mission(id, before));
    }

    pub(super) fn put_fact(&mut self, key: &str, value: FactDraft) {
        let before = self.facts.insert(key.to_owned(), value);
        self.undo.push(Undo::Fact(key.to_owned(), before));
    }

    pub(super) fn note(&mut self, line: &str) {
        self.audit.push(line.to_owned());
        self.undo.push(Undo::Audit);
    }

    /// How many writes there are to take back.
    pub(super) fn len(&self) -> usize {
        self.undo.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.undo.is_empty()
    }

    pub(super) fn into_audit(self) -> Vec<String> {
        self.audit
    }

    /// Takes writes back until only the first `length` are left.
    pub(super) fn take_back_to(&mut self, length: usize) {
        while self.undo.len() > length
            && let Some(undo) = self.undo.pop()
        {
            self.take_back(undo);
        }
    }

    fn take_back(&mut self, undo: Undo) {
        match undo {
            Undo::Object(oid, before) => restore(&mut self.objects, oid, before),
            Undo::Mission(id, before) => restore(&mut self.missions, id, before),
            Undo::Fact(key, before) => restore(&mut self.facts, key, before),
            Undo::Name(name, before) => restore(&mut self.names, name, before),
            Undo::Tag(name, before) => restore(&mut self.tags, name, before),
            Undo::Audit => {
                self.audit.pop();
            }
        }
    }

    /// The writes as the committer takes them; `view` is what they were made on.
    pub(super) fn operations(&self, view: &View) -> Result<Vec<Operation>, ImageError> {
        let mut operations = Vec::new();
        for (name, oid) in &self.names {
            if oid.is_none() && view.oid_named(name)?.is_some() {
                let name = name.clone();
                operations.push(Operation::RemoveName { name });
            }
        }
        for (oid, draft) in &self.objects {
            if draft.removed {
                if !draft.created {
                    removal(*oid, view, &mut operations)?;
                }
                continue;
            }
            operations.push(Operation::PutObject {
                head: draft.head.clone(),
                named: draft.named,
            });
            for (selector, method) in &draft.methods {
                let before = view.method(*oid, selector)?;
                operations.push(match method {
                    Some(method) => Operation::PutMethod {
                        oid: *oid,
                        method: Method::clone(method),
                        anew: before.is_none_or(|before| before.wasm != method.wasm),
                    },
                    None => Operation::RemoveMethod {
                        oid: *oid,
                        selector: selector.clone(),
                    },
                });
            }
        }
        operations.extend(self.tags.iter().map(|(name, pinned)| {
            let name = name.clone();
            match *pinned {
                Some(pinned) => Operation::PutTag { name, pinned },
                None => Operation::RemoveTag { name },
            }
        }));
        operations.extend(self.missions.values().cloned().map(Operation::PutMission));
        for (key, value) in &self.facts {
            let key = key.clone();
            operations.push(match value.clone() {
                Some(value) => Operation::PutFact { key, value },
                None => Operation::RemoveFact { key },
            });
        }
        Ok(operations)
    }
}

/// An object as it was in the snapshot and its methods are gone.
fn removal(oid: Oid, view: &View, operations: &mut Vec<Operation>) -> Result<(), ImageError> {
    for method in view.methods(oid)? {
        operations.push(Operation::RemoveMethod {
            oid,
            selector: method.selector,
        });
    }
    let name = view.head(oid)?.map(|head| head.known_as());
    operations.push(Operation::RemoveObject {
        oid,
        name: name.unwrap_or_default(),
    });
    Ok(())
}

fn restore<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, before: Option<V>) {
    match before {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}
