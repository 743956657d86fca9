//! Records as they are stored, and their conversion from and to what the program works with.
//!
//! A field is never changed in place: a new shape is a new type with a higher `VERSION`, and the
//! reader keeps the old one. Keys are not repeated in records.

use rkyv::{Archive, Deserialize, Serialize};

use super::blob::BlobId;
use super::envelope::{Kind, Record};
use super::object::{AuditEntry, Author, Head, Method, Mission, MissionId, Oid, Slot, Tag, Tid};

/// Implements [`Record`] for a type: kind and newest version.
macro_rules! records {
    ($($record:ty => $kind:ident, $version:literal;)*) => {
        $(impl Record for $record {
            const KIND: Kind = Kind::$kind;
            const VERSION: u8 = $version;
        })*
    };
}

records! {
    ObjectRecord => Object, 1;
    NameRecord => Name, 1;
    MethodRecord => Method, 1;
    CallsRecord => Calls, 1;
    MissionRecord => Mission, 1;
    FactRecord => Fact, 1;
    AuditRecord => Audit, 1;
    RemovedRecord => Removed, 1;
    NumberRecord => Number, 1;
    TagRecord => Tag, 1;
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct ObjectRecord {
    pub name: String,
    pub parent: Option<Oid>,
    pub slots: Vec<SlotRecord>,
    pub tid: Tid,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct SlotRecord {
    pub name: String,
    pub rust_type: String,
    pub value: Vec<u8>,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct NameRecord {
    pub oid: Oid,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct MethodRecord {
    pub selector: String,
    pub signature: String,
    pub source: String,
    pub wasm: [u8; 32],
    pub slots: Vec<(String, String)>,
    pub author: String,
    pub mission: Option<MissionId>,
    pub checks_json: String,
    pub self_checked: bool,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct CallsRecord {
    pub calls: u64,
    pub failures: u64,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct MissionRecord {
    pub state: String,
    pub created_ms: u64,
    pub document: String,
    pub tid: Tid,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct FactRecord {
    pub value: String,
    pub tid: Tid,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct AuditRecord {
    pub time_ms: u64,
    pub author: AuthorRecord,
    pub lines: Vec<String>,
    pub objects: Vec<String>,
}

#[derive(Archive, Serialize, Deserialize)]
pub(super) enum AuthorRecord {
    Kernel,
    Person,
    Mission(MissionId),
}

/// In the history: what had this key was removed by the key's transaction.
#[derive(Archive, Serialize, Deserialize)]
pub(super) struct RemovedRecord {
    pub tid: Tid,
}

/// A single number, such as the newest tid.
#[derive(Archive, Serialize, Deserialize)]
pub(super) struct NumberRecord {
    pub number: u64,
}

/// A transaction that stays readable when older ones are packed away.
#[derive(Archive, Serialize, Deserialize)]
pub(super) struct TagRecord {
    pub pinned: Tid,
    pub tid: Tid,
}

impl ObjectRecord {
    pub(super) fn of(head: &Head, tid: Tid) -> Self {
        let slot = |slot: &Slot| SlotRecord {
            name: slot.name.clone(),
            rust_type: slot.rust_type.clone(),
            value: slot.value.clone(),
        };
        Self {
            name: head.name.clone(),
            parent: head.parent,
            slots: head.slots.iter().map(slot).collect(),
            tid,
        }
    }
}

impl ArchivedObjectRecord {
    pub(super) fn to_head(&self, oid: Oid) -> Head {
        let slot = |slot: &ArchivedSlotRecord| Slot {
            name: slot.name.as_str().to_owned(),
            rust_type: slot.rust_type.as_str().to_owned(),
            value: slot.value.as_slice().to_vec(),
        };
        Head {
            oid,
            name: self.name.as_str().to_owned(),
            parent: self.parent.as_ref().map(|parent| parent.to_native()),
            slots: self.slots.iter().map(slot).collect(),
            tid: self.tid.to_native(),
        }
    }
}

impl MethodRecord {
    pub(super) fn of(method: &Method) -> Self {
        Self {
            selector: method.selector.clone(),
            signature: method.signature.clone(),
            source: method.source.clone(),
            wasm: *method.wasm.as_bytes(),
            slots: method.slots.clone(),
            author: method.author.clone(),
            mission: method.mission,
            checks_json: method.checks_json.clone(),
            self_checked: method.self_checked,
        }
    }
}

impl ArchivedMethodRecord {
    /// Counts are kept elsewhere and come out 0 here.
    pub(super) fn to_method(&self) -> Method {
        Method {
            selector: self.selector.as_str().to_owned(),
            signature: self.signature.as_str().to_owned(),
            source: self.source.as_str().to_owned(),
            wasm: BlobId::from_bytes(self.wasm),
            slots: self
                .slots
                .iter()
                .map(|slot| (slot.0.as_str().to_owned(), slot.1.as_str().to_owned()))
                .collect(),
            author: self.author.as_str().to_owned(),
            mission: self.mission.as_ref().map(|mission| mission.to_native()),
            checks_json: self.checks_json.as_str().to_owned(),
            self_checked: self.self_checked,
            calls: 0,
            failures: 0,
        }
    }
}

impl MissionRecord {
    pub(super) fn of(mission: &Mission, tid: Tid) -> Self {
        Self {
            state: mission.state.clone(),
            created_ms: mission.created_ms,
            document: mission.document.clone(),
            tid,
        }
    }
}

impl ArchivedMissionRecord {
    pub(super) fn to_mission(&self, id: MissionId) -> Mission {
        Mission {
            id,
            state: self.state.as_str().to_owned(),
            created_ms: self.created_ms.to_native(),
            document: self.document.as_str().to_owned(),
            tid: self.tid.to_native(),
        }
    }
}

impl ArchivedTagRecord {
    pub(super) fn to_tag(&self, name: &str) -> Tag {
        Tag {
            name: name.to_owned(),
            pinned: self.pinned.to_native(),
            tid: self.tid.to_native(),
        }
    }
}

impl From<Author> for AuthorRecord {
    fn from(author: Author) -> Self {
        match author {
            Author::Kernel => Self::Kernel,
            Author::Person => Self::Person,
            Author::Mission(id) => Self::Mission(id),
        }
    }
}

impl ArchivedAuthorRecord {
    pub(super) fn to_author(&self) -> Author {
        match self {
            Self::Kernel => Author::Kernel,
            Self::Person => Author::Person,
            Self::Mission(id) => Author::Mission(id.to_native()),
        }
    }
}

impl ArchivedAuditRecord {
    pub(super) fn to_entry(&self, tid: Tid) -> AuditEntry {
        let texts = |texts: &rkyv::vec::ArchivedVec<rkyv::string::ArchivedString>| {
            texts.iter().map(|text| text.as_str().to_owned()).collect()
        };
        AuditEntry {
            tid,
            time_ms: self.time_ms.to_native(),
            author: self.author.to_author(),
            lines: texts(&self.lines),
            objects: texts(&self.objects),
        }
    }
}
