//! Messages about what objects are made of: their slots, and their removal.
//!
//! Only data. Types are Rust text, values JSON.

use rkyv::{Archive, Deserialize, Serialize};

use super::messages::ObjectView;

/// Each variant names its reply.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum SchemaRequest {
    /// [`SchemaReply::Changed`].
    ChangeSlot {
        object: String,
        slot: String,
        change: SlotChange,
        /// Methods that would not work any more are removed.
        force: bool,
    },
    /// [`SchemaReply::Removed`].
    RemoveObject { name: String },
}

/// What is done to one slot.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub enum SlotChange {
    Add {
        rust_type: String,
        /// `None`: the type's default.
        value_json: Option<String>,
    },
    Remove,
    Retype {
        rust_type: String,
        /// `None`: the value is converted.
        value_json: Option<String>,
    },
    Rename {
        to: String,
    },
    /// Another value of the same type.
    Set {
        value_json: String,
    },
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum SchemaReply {
    Changed(Box<SchemaView>),
    Removed { name: String, tid: u64 },
}

/// A slot was changed.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct SchemaView {
    pub tid: u64,
    /// What happened, in a line.
    pub what: String,
    /// As it is now.
    pub object: ObjectView,
    /// Objects that delegate to it and whose own slot of that name was changed with it.
    pub along: Vec<String>,
    /// Methods that were compiled again, such as `Account.deposit`.
    pub rebuilt: Vec<String>,
    /// Methods that were removed.
    pub removed: Vec<String>,
}
