//! Changing the image: a snapshot, the writes made on it, and what they depend on.
//!
//! Nothing is locked. A transaction remembers the version of each object, mission and fact that it
//! read or wrote by name or number; its commit is refused when one of them has changed since. Lists
//! (`objects`, `missions`, `facts`) are read from the snapshot without becoming a dependency. A
//! rolled-back part leaves its dependencies: the decision to roll back was made on them.

mod collect;
mod limits;
mod read;
mod slots;
mod whole;
mod writes;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub use limits::{MAX_OBJECT_BYTES, MAX_VALUE_BYTES};

use limits::{
    MAX_AUDIT_BYTES, MAX_FACT_KEY_BYTES, MAX_NAME_BYTES, check_method_size, check_name, check_size,
};
use writes::{Draft, Writes};

use super::commit::Submitter;
use super::object::{Author, Head, Method, Mission, MissionId, Object, Oid, Slot, Tid};
use super::pack::Garbage;
use super::proposal::{Dependencies, Key, Proposal};
use super::read::Lineage;
use super::{CommitError, ImageError, Read, Shared, View, links};

/// Writes that become durable together, or not at all when it is dropped.
pub struct Transaction {
    view: View,
    author: Author,
    shared: Arc<Shared>,
    submitter: Submitter,
    now_ms: u64,
    seed: u64,
    writes: Writes,
    dependencies: RefCell<Dependencies>,
    /// Set when it takes away objects that nothing led to.
    garbage: Option<Arc<Garbage>>,
}

/// A point to roll back to, in the transaction that gave it. Rolling back to an earlier one ends it.
#[derive(Debug, Clone, Copy)]
pub struct Savepoint {
    writes: usize,
}

impl Transaction {
    pub(super) fn new(
        view: View,
        author: Author,
        shared: Arc<Shared>,
        submitter: Submitter,
    ) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default();
        Self {
            seed: RandomState::new().hash_one((now, view.tid())),
            now_ms: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
            view,
            author,
            shared,
            submitter,
            writes: Writes::default(),
            dependencies: RefCell::default(),
            garbage: None,
        }
    }

    /// The snapshot it works on, without its own writes. What is read there is not a dependency.
    pub fn snapshot(&self) -> &View {
        &self.view
    }

    /// Of the image.
    pub(super) fn folder(&self) -> &Path {
        &self.shared.folder
    }

    /// Milliseconds since 1970, fixed when it began.
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// A random number, fixed when it began.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Makes an object without slots and methods. An empty name makes one that is reached through
    /// others only, and that pack removes when nothing leads to it.
    pub fn create_object(&mut self, name: &str, parent: Option<Oid>) -> Result<Oid, ImageError> {
        self.check_free(name)?;
        if let Some(parent) = parent
            && !self.exists(parent)?
        {
            return Err(ImageError::UnknownParent {
                name: name.to_owned(),
                parent,
            });
        }
        let head = Head {
            oid: self.shared.allocate_oid(),
            name: name.to_owned(),
            parent,
            slots: Vec::new(),
            tid: 0,
        };
        let oid = head.oid;
        self.put_new(head);
        Ok(oid)
    }

    fn put_new(&mut self, head: Head) {
        if !head.name.is_empty() {
            self.writes.put_name(&head.name, Some(head.oid));
        }
        self.writes.put_object(Draft {
            named: !head.name.is_empty(),
            head,
            created: true,
            removed: false,
            methods: BTreeMap::new(),
        });
    }

    fn check_free(&self, name: &str) -> Result<(), ImageError> {
        if name.is_empty() {
            return Ok(());
        }
        check_name("object name", name, MAX_NAME_BYTES)?;
        match self.oid_named(name)? {
            None => Ok(()),
            Some(_) => Err(ImageError::NameTaken {
                name: name.to_owned(),
            }),
        }
    }

    /// Gives an object another name; an empty one takes its name away, after which pack removes it
    /// when nothing leads to it.
    pub fn set_name(&mut self, oid: Oid, name: &str) -> Result<(), ImageError> {
        let mut draft = self.draft(oid)?;
        if draft.head.name == name {
            return Ok(());
        }
        self.check_free(name)?;
        if !draft.head.name.is_empty() {
            self.writes.put_name(&draft.head.name, None);
        }
        if !name.is_empty() {
            self.writes.put_name(name, Some(oid));
        }
        draft.named = !name.is_empty();
        name.clone_into(&mut draft.head.name);
        self.writes.put_object(draft);
        Ok(())
    }

    /// Removes an object and its methods.
    ///
    /// # Errors
    /// [`ImageError::Referred`] names what leads to it: its children, and slots that refer to it.
    pub fn remove_object(&mut self, oid: Oid) -> Result<(), ImageError> {
        self.remove_objects(&[oid])
    }

    /// Removes objects that may lead to each other; nothing else may lead to one of them.
    pub(super) fn remove_objects(&mut self, oids: &[Oid]) -> Result<(), ImageError> {
        let drafts: Vec<Draft> = oids
            .iter()
            .map(|oid| self.draft(*oid))
            .collect::<Result<_, _>>()?;
        let heads = if drafts.is_empty() {
            Vec::new()
        } else {
            self.heads()?
        };
        let others = heads.iter().filter(|head| !oids.contains(&head.oid));
        let links: Vec<(&Head, Vec<Oid>)> = others.map(|head| (head, links::of(head))).collect();
        for draft in &drafts {
            let lead = links
                .iter()
                .filter(|(_, to)| to.contains(&draft.head.oid))
                .map(|(head, _)| head.known_as());
            let by: Vec<String> = lead.collect();
            if !by.is_empty() {
                let object = draft.head.known_as();
                return Err(ImageError::Referred { object, by });
            }
        }
        for mut draft in drafts {
            if !draft.head.name.is_empty() {
                self.writes.put_name(&draft.head.name, None);
            }
            draft.removed = true;
            self.writes.put_object(draft);
        }
        Ok(())
    }

    /// Brings back objects that the image once had, under their numbers and with their methods.
    pub(super) fn restore_objects(&mut self, objects: &[&Object]) -> Result<(), ImageError> {
        for object in objects {
            self.check_free(&object.name)?;
            self.depend(Key::Object(object.oid), None);
            self.put_new(object.head());
        }
        for object in objects {
            let head = object.head();
            for oid in links::of(&head) {
                self.check_reference(&head, oid)?;
            }
            for method in &object.methods {
                self.put_method(object.oid, method.clone())?;
            }
        }
        Ok(())
    }

    fn check_reference(&self, head: &Head, oid: Oid) -> Result<(), ImageError> {
        if oid == head.oid || self.exists(oid)? {
            return Ok(());
        }
        Err(ImageError::DanglingReference {
            object: head.known_as(),
            oid,
        })
    }

    /// Gives an object another prototype, or none.
    pub fn set_parent(&mut self, oid: Oid, parent: Option<Oid>) -> Result<(), ImageError> {
        let mut draft = self.draft(oid)?;
        if let Some(parent) = parent {
            let mut line = Lineage::from(parent);
            let mut first = None;
            while let Some(head) = line.next(self)? {
                let name = first.get_or_insert_with(|| head.name.clone());
                if head.oid == oid {
                    return Err(ImageError::ParentCycle {
                        object: draft.head.name,
                        parent: name.clone(),
                    });
                }
            }
            if first.is_none() {
                return Err(ImageError::UnknownObject { oid: parent });
            }
        }
        draft.head.parent = parent;
        self.writes.put_object(draft);
        Ok(())
    }

    /// Replaces the object's own slot of that name, or adds one after the others.
    pub fn set_slot(&mut self, oid: Oid, slot: Slot) -> Result<(), ImageError> {
        check_name("slot name", &slot.name, MAX_NAME_BYTES)?;
        let what = || format!("slot {}", slot.name);
        check_size(what, slot.value.len(), MAX_VALUE_BYTES)?;
        let mut draft = self.draft(oid)?;
        for referred in links::in_slot(&slot) {
            self.check_reference(&draft.head, referred)?;
        }
        let slots = &mut draft.head.slots;
        match slots.iter_mut().find(|own| own.name == slot.name) {
            Some(own) => *own = slot,
            None => slots.push(slot),
        }
        let bytes = slots.iter().map(|slot| slot.value.len()).sum();
        let what = || format!("object {}", draft.head.name);
        check_size(what, bytes, MAX_OBJECT_BYTES)?;
        self.writes.put_object(draft);
        Ok(())
    }

    /// Removes the object's own slot; false when it has none of that name.
    pub fn remove_slot(&mut self, oid: Oid, name: &str) -> Result<bool, ImageError> {
        let mut draft = self.draft(oid)?;
        let before = draft.head.slots.len();
        draft.head.slots.retain(|slot| slot.name != name);
        let removed = draft.head.slots.len() < before;
        if removed {
            self.writes.put_object(draft);
        }
        Ok(removed)
    }

    /// Installs a method in place of the object's own of that selector. Its counts are not taken:
    /// other code starts at zero, the same code keeps them.
    pub fn put_method(&mut self, oid: Oid, method: Method) -> Result<(), ImageError> {
        check_name("selector", &method.selector, MAX_NAME_BYTES)?;
        check_method_size(&method)?;
        if !self.shared.blobs.keep(method.wasm) {
            return Err(ImageError::MissingBlob { id: method.wasm });
        }
        let mut draft = self.draft(oid)?;
        draft
            .methods
            .insert(method.selector.clone(), Some(Arc::new(method)));
        self.writes.put_object(draft);
        Ok(())
    }

    /// Removes the object's own method; false when it has none of that selector.
    pub fn remove_method(&mut self, oid: Oid, selector: &str) -> Result<bool, ImageError> {
        let mut draft = self.draft(oid)?;
        if self.method(oid, selector)?.is_none() {
            return Ok(false);
        }
        draft.methods.insert(selector.to_owned(), None);
        self.writes.put_object(draft);
        Ok(true)
    }

    pub fn create_mission(
        &mut self,
        created_ms: u64,
        state: &str,
        document: String,
    ) -> Result<MissionId, ImageError> {
        let id = self.shared.allocate_mission();
        self.keep_mission(Mission {
            id,
            state: state.to_owned(),
            created_ms,
            document,
            tid: 0,
        })?;
        Ok(id)
    }

    /// Replaces a mission. What it depends on is the snapshot's version, not `mission.tid`.
    pub fn put_mission(&mut self, mission: Mission) -> Result<(), ImageError> {
        if self.mission(mission.id)?.is_none() {
            return Err(ImageError::UnknownMission { id: mission.id });
        }
        self.keep_mission(mission)
    }

    pub fn set_fact(&mut self, key: &str, value: &str) -> Result<(), ImageError> {
        check_name("fact key", key, MAX_FACT_KEY_BYTES)?;
        check_size(|| format!("fact {key}"), value.len(), MAX_VALUE_BYTES)?;
        self.fact(key)?;
        self.writes.put_fact(key, Some(value.to_owned()));
        Ok(())
    }

    /// False when there is no such fact.
    pub fn remove_fact(&mut self, key: &str) -> Result<bool, ImageError> {
        let removed = self.fact(key)?.is_some();
        if removed {
            self.writes.put_fact(key, None);
        }
        Ok(removed)
    }

    /// Gives a past or the present transaction a name, by which it stays readable. A name that is
    /// taken is moved.
    pub fn set_tag(&mut self, name: &str, pinned: Tid) -> Result<(), ImageError> {
        check_name("tag", name, MAX_NAME_BYTES)?;
        self.view.at(pinned)?;
        self.tag(name)?;
        self.writes.put_tag(name, Some(pinned));
        Ok(())
    }

    /// False when there is no such tag.
    pub fn remove_tag(&mut self, name: &str) -> Result<bool, ImageError> {
        let removed = self.tag(name)?.is_some();
        if removed {
            self.writes.put_tag(name, None);
        }
        Ok(removed)
    }

    fn tag(&self, name: &str) -> Result<Option<Tid>, ImageError> {
        if let Some(own) = self.writes.tags.get(name) {
            return Ok(*own);
        }
        let found = self.view.tag(name)?;
        let version = found.as_ref().map(|tag| tag.tid);
        self.depend(Key::Tag(name.to_owned()), version);
        Ok(found.map(|tag| tag.pinned))
    }

    /// Keeps a line with the transaction, cut at 64 KiB.
    pub fn audit(&mut self, text: &str) {
        let end = text.floor_char_boundary(MAX_AUDIT_BYTES);
        let (text, _) = text.split_at(end);
        self.writes.note(text);
    }

    pub fn savepoint(&mut self) -> Savepoint {
        Savepoint {
            writes: self.writes.len(),
        }
    }

    /// Takes back every write and audit line since the savepoint, which stays valid.
    pub fn roll_back_to(&mut self, savepoint: Savepoint) {
        self.writes.take_back_to(savepoint.writes);
    }

    /// Nothing was written and no audit line kept.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Makes the writes durable: they are on the disk when this returns. An empty transaction gives
    /// the tid of its snapshot and makes none of its own.
    ///
    /// # Errors
    /// A conflict names the object; after a failed write the image takes no more.
    pub fn commit(self) -> Result<Tid, CommitError> {
        if self.is_empty() {
            return Ok(self.view.tid());
        }
        let operations = self
            .writes
            .operations(&self.view)
            .map_err(CommitError::Unreadable)?;
        let Self {
            view,
            author,
            submitter,
            now_ms,
            writes,
            dependencies,
            garbage,
            ..
        } = self;
        let base = view.tid();
        // Frees the snapshot while the committer works.
        drop(view);
        submitter.commit(Proposal {
            base,
            time_ms: now_ms,
            author,
            dependencies: dependencies.into_inner(),
            operations,
            audit: writes.into_audit(),
            garbage,
        })
    }

    /// A copy of the object to change; it depends on the version it was copied from.
    fn draft(&self, oid: Oid) -> Result<Draft, ImageError> {
        if let Some(draft) = self.writes.objects.get(&oid).filter(|draft| !draft.removed) {
            return Ok(Draft::clone(draft));
        }
        let head = self.head(oid)?.ok_or(ImageError::UnknownObject { oid })?;
        Ok(Draft {
            head,
            created: false,
            named: false,
            removed: false,
            methods: BTreeMap::new(),
        })
    }

    fn keep_mission(&mut self, mission: Mission) -> Result<(), ImageError> {
        let id = mission.id;
        let what = || format!("mission {id}");
        check_size(what, mission.document.len(), MAX_VALUE_BYTES)?;
        self.writes.put_mission(mission);
        Ok(())
    }
}
