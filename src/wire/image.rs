//! Messages about the image as a whole: its past, its tags, its upkeep.
//!
//! Only data. A moment in the past is a text: a transaction's number, a tag's name, or `newest`. Values
//! are JSON.

use rkyv::{Archive, Deserialize, Serialize};

use super::messages::{ObjectSummary, ObjectView};
use super::upkeep::{UpkeepReply, UpkeepRequest};

/// Each variant names its reply.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum ImageRequest {
    /// [`ImageReply::History`], newest first.
    History {
        /// Only what changed this object.
        object: Option<String>,
        /// Only what changed this method of it.
        method: Option<String>,
        limit: u32,
    },
    /// [`ImageReply::Diff`].
    Diff {
        from: String,
        to: String,
        /// Only this object.
        object: Option<String>,
    },
    /// [`ImageReply::Object`], with an object's name, else [`ImageReply::Objects`].
    At {
        moment: String,
        object: Option<String>,
    },
    /// [`ImageReply::Undone`].
    Undo {
        /// `None`: the newest change that was not undone yet.
        tid: Option<u64>,
        /// Only say what would change.
        dry_run: bool,
    },
    /// [`ImageReply::Tags`], by name.
    Tags,
    /// [`ImageReply::Tags`]: that one.
    SetTag { name: String, moment: String },
    /// [`ImageReply::Tags`]: none.
    RemoveTag { name: String },
    /// [`ImageReply::Upkeep`].
    Upkeep(UpkeepRequest),
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum ImageReply {
    History(Vec<TransactionView>),
    Diff(DiffView),
    Object(Box<ObjectView>),
    Objects(Vec<ObjectSummary>),
    Undone(UndoneView),
    Tags(Vec<TagView>),
    Upkeep(UpkeepReply),
}

/// One transaction.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct TransactionView {
    pub tid: u64,
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// `kernel`, `person` or `mission N`.
    pub author: String,
    /// Names of the objects that it changed, and `fact KEY`.
    pub changed: Vec<String>,
    pub lines: Vec<String>,
    /// Tags that name it.
    pub tags: Vec<String>,
}

impl TransactionView {
    /// The mission that made it, if one did.
    pub fn mission(&self) -> Option<u64> {
        self.author.strip_prefix("mission ")?.parse().ok()
    }
}

/// What differs from one moment to another.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct DiffView {
    pub from: u64,
    /// `None`: a state that is not committed.
    pub to: Option<u64>,
    pub objects: Vec<ObjectDiffView>,
    /// Key, older and newer value.
    pub facts: Vec<FactDiffView>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct ObjectDiffView {
    pub name: String,
    /// `added`, `changed` or `removed`.
    pub change: String,
    pub renamed_from: Option<String>,
    /// Older and newer parent, when they differ.
    pub parent: Option<(Option<String>, Option<String>)>,
    pub slots: Vec<SlotDiffView>,
    pub methods: Vec<MethodDiffView>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct SlotDiffView {
    pub name: String,
    pub before: Option<TypedValue>,
    pub after: Option<TypedValue>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct TypedValue {
    pub rust_type: String,
    pub value_json: String,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct MethodDiffView {
    pub selector: String,
    /// Source.
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct FactDiffView {
    pub key: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct UndoneView {
    /// The transaction that was undone, or would be.
    pub undone: u64,
    /// The transaction that did it; `None` in a dry run.
    pub tid: Option<u64>,
    pub changed: Vec<String>,
    pub diff: DiffView,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct TagView {
    pub name: String,
    pub tid: u64,
    /// Milliseconds since 1970 of the transaction that it names, when that is known.
    pub time_ms: Option<u64>,
}
