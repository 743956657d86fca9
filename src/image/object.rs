//! What the image holds, as the rest of the program sees it.
//!
//! Plain values, copied out of the image; changing one changes nothing until a transaction takes it.
//! Stored records are other types, in `record`.

use super::BlobId;

/// Number of an object, unique for the life of an image, from 1.
pub type Oid = u64;
/// Number of a transaction: strictly increasing, one for each commit, from 1.
pub type Tid = u64;
/// Number of a mission, from 1.
pub type MissionId = u64;

/// On whose behalf a transaction runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    Kernel,
    Person,
    Mission(MissionId),
}

/// An object with its own methods, without what it inherits.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub oid: Oid,
    /// Unique in the image; empty for an object that is reached through others only.
    pub name: String,
    /// The prototype that slots and methods are delegated to.
    pub parent: Option<Oid>,
    /// In the order in which they were first set.
    pub slots: Vec<Slot>,
    /// By selector.
    pub methods: Vec<Method>,
    /// The transaction that last changed it; 0 while it is not committed.
    pub tid: Tid,
}

/// An object without its methods: cheap to read when they are many.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub oid: Oid,
    /// Unique in the image; empty for an object that is reached through others only.
    pub name: String,
    pub parent: Option<Oid>,
    pub slots: Vec<Slot>,
    pub tid: Tid,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    pub name: String,
    /// As Rust text, such as `Vec<String>`.
    pub rust_type: String,
    /// `MessagePack`.
    pub value: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    pub selector: String,
    pub signature: String,
    pub source: String,
    /// The compiled WebAssembly.
    pub wasm: BlobId,
    /// Name and type of the slots it was compiled with.
    pub slots: Vec<(String, String)>,
    /// The persona or person that wrote it.
    pub author: String,
    pub mission: Option<MissionId>,
    /// The checks it passed, a JSON array.
    pub checks_json: String,
    /// No check of a person's decided about it.
    pub self_checked: bool,
    /// Since this code was installed. Not part of any snapshot: always the newest count.
    pub calls: u64,
    /// Of those, the calls that failed.
    pub failures: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mission {
    pub id: MissionId,
    /// Where it stands in the Prototypal State Machine.
    pub state: String,
    /// Milliseconds since 1970.
    pub created_ms: u64,
    /// JSON that belongs to the kernel: everything the mission knows.
    pub document: String,
    /// The transaction that last changed it; 0 while it is not committed.
    pub tid: Tid,
}

/// A name for a transaction, which keeps it readable when older ones are packed away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    /// The transaction that it names.
    pub pinned: Tid,
    /// The transaction that set it.
    pub tid: Tid,
}

/// What is kept about one transaction until it is packed away.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    pub tid: Tid,
    /// Milliseconds since 1970 at which the transaction began.
    pub time_ms: u64,
    pub author: Author,
    pub lines: Vec<String>,
    /// Names of the objects it wrote, and `fact KEY`.
    pub objects: Vec<String>,
}

impl Object {
    /// Its name, or its number where it has none.
    pub fn known_as(&self) -> String {
        known_as(&self.name, self.oid)
    }

    pub(super) fn head(&self) -> Head {
        Head {
            oid: self.oid,
            name: self.name.clone(),
            parent: self.parent,
            slots: self.slots.clone(),
            tid: self.tid,
        }
    }

    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    pub fn method(&self, selector: &str) -> Option<&Method> {
        self.methods
            .iter()
            .find(|method| method.selector == selector)
    }
}

impl Head {
    /// Of memory, about.
    pub(super) fn bytes(&self) -> usize {
        let text = |text: &str| text.len() + size_of::<usize>();
        let slot = |slot: &Slot| {
            size_of::<Slot>() + text(&slot.name) + text(&slot.rust_type) + slot.value.len()
        };
        let slots: usize = self.slots.iter().map(slot).sum();
        size_of::<Self>() + text(&self.name) + slots
    }

    /// Its name, or its number where it has none.
    pub fn known_as(&self) -> String {
        known_as(&self.name, self.oid)
    }

    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    pub(super) fn with_methods(self, methods: Vec<Method>) -> Object {
        Object {
            oid: self.oid,
            name: self.name,
            parent: self.parent,
            slots: self.slots,
            methods,
            tid: self.tid,
        }
    }
}

fn known_as(name: &str, oid: Oid) -> String {
    if name.is_empty() {
        format!("object {oid}")
    } else {
        name.to_owned()
    }
}
