//! A transaction as it is stored in the log, and its conversion from and to what is applied.

use std::io;

use rkyv::{Archive, Deserialize, Serialize};

use super::ChainHash;
use crate::image::envelope::{self, EnvelopeError, Kind, Record};
use crate::image::object::{MissionId, Oid, Tid};
use crate::image::proposal::{Operation, TransactionRecord};
use crate::image::record::{AuthorRecord, MethodRecord, MissionRecord, ObjectRecord};

#[derive(Archive, Serialize, Deserialize)]
pub(super) struct LogRecord {
    tid: Tid,
    previous: [u8; 32],
    time_ms: u64,
    author: AuthorRecord,
    operations: Vec<OperationRecord>,
    audit: Vec<String>,
}

impl Record for LogRecord {
    const KIND: Kind = Kind::Log;
    /// 2 has four operations more, laid out as version 1 was.
    const VERSION: u8 = 2;
}

#[derive(Archive, Serialize, Deserialize)]
enum OperationRecord {
    PutObject {
        oid: Oid,
        named: bool,
        object: ObjectRecord,
    },
    PutMethod {
        oid: Oid,
        anew: bool,
        method: MethodRecord,
    },
    RemoveMethod {
        oid: Oid,
        selector: String,
    },
    PutMission {
        id: MissionId,
        mission: MissionRecord,
    },
    PutFact {
        key: String,
        value: String,
    },
    RemoveFact {
        key: String,
    },
    // Since version 2; none may be larger than the largest before it, or version 1 reads otherwise.
    RemoveName {
        name: String,
    },
    RemoveObject {
        oid: Oid,
        name: String,
    },
    PutTag {
        name: String,
        pinned: Tid,
    },
    RemoveTag {
        name: String,
    },
}

/// The envelope of a transaction that follows the one with the hash `previous`.
pub(super) fn seal(transaction: &TransactionRecord, previous: ChainHash) -> io::Result<Vec<u8>> {
    let tid = transaction.tid;
    let operation = |operation: &Operation| OperationRecord::of(operation, tid);
    envelope::seal(&LogRecord {
        tid,
        previous,
        time_ms: transaction.time_ms,
        author: transaction.author.into(),
        operations: transaction.operations.iter().map(operation).collect(),
        audit: transaction.audit.clone(),
    })
    .map_err(io::Error::other)
}

/// The transaction, and the hash that it names as that of the one before it.
pub(super) fn open(sealed: &[u8]) -> Result<(TransactionRecord, ChainHash), EnvelopeError> {
    let record = envelope::open::<LogRecord>(sealed)?;
    let transaction = TransactionRecord {
        tid: record.tid.to_native(),
        time_ms: record.time_ms.to_native(),
        author: record.author.to_author(),
        operations: record
            .operations
            .iter()
            .map(ArchivedOperationRecord::to_operation)
            .collect(),
        audit: record
            .audit
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
    };
    Ok((transaction, record.previous))
}

/// The transaction's number, and the hash that it names as that of the one before it.
pub(super) fn link(sealed: &[u8]) -> Result<(Tid, ChainHash), EnvelopeError> {
    let record = envelope::open::<LogRecord>(sealed)?;
    Ok((record.tid.to_native(), record.previous))
}

impl OperationRecord {
    fn of(operation: &Operation, tid: Tid) -> Self {
        match operation {
            Operation::PutObject { head, named } => Self::PutObject {
                oid: head.oid,
                named: *named,
                object: ObjectRecord::of(head, tid),
            },
            Operation::PutMethod { oid, method, anew } => Self::PutMethod {
                oid: *oid,
                anew: *anew,
                method: MethodRecord::of(method),
            },
            Operation::RemoveMethod { oid, selector } => Self::RemoveMethod {
                oid: *oid,
                selector: selector.clone(),
            },
            Operation::PutMission(mission) => Self::PutMission {
                id: mission.id,
                mission: MissionRecord::of(mission, tid),
            },
            Operation::PutFact { key, value } => Self::PutFact {
                key: key.clone(),
                value: value.clone(),
            },
            Operation::RemoveFact { key } => Self::RemoveFact { key: key.clone() },
            Operation::RemoveName { name } => Self::RemoveName { name: name.clone() },
            Operation::RemoveObject { oid, name } => Self::RemoveObject {
                oid: *oid,
                name: name.clone(),
            },
            Operation::PutTag { name, pinned } => Self::PutTag {
                name: name.clone(),
                pinned: *pinned,
            },
            Operation::RemoveTag { name } => Self::RemoveTag { name: name.clone() },
        }
    }
}

impl ArchivedOperationRecord {
    fn to_operation(&self) -> Operation {
        match self {
            Self::PutObject { oid, named, object } => Operation::PutObject {
                head: object.to_head(oid.to_native()),
                named: *named,
            },
            Self::PutMethod { oid, anew, method } => Operation::PutMethod {
                oid: oid.to_native(),
                method: method.to_method(),
                anew: *anew,
            },
            Self::RemoveMethod { oid, selector } => Operation::RemoveMethod {
                oid: oid.to_native(),
                selector: selector.as_str().to_owned(),
            },
            Self::PutMission { id, mission } => {
                Operation::PutMission(mission.to_mission(id.to_native()))
            }
            Self::PutFact { key, value } => Operation::PutFact {
                key: key.as_str().to_owned(),
                value: value.as_str().to_owned(),
            },
            Self::RemoveFact { key } => Operation::RemoveFact {
                key: key.as_str().to_owned(),
            },
            Self::RemoveName { name } => Operation::RemoveName {
                name: name.as_str().to_owned(),
            },
            Self::RemoveObject { oid, name } => Operation::RemoveObject {
                oid: oid.to_native(),
                name: name.as_str().to_owned(),
            },
            Self::PutTag { name, pinned } => Operation::PutTag {
                name: name.as_str().to_owned(),
                pinned: pinned.to_native(),
            },
            Self::RemoveTag { name } => Operation::RemoveTag {
                name: name.as_str().to_owned(),
            },
        }
    }
}
