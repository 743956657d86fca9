//! Sends that wait for a mission: kept as one fact in the image, sent in the transaction that ends the mission.
//!
//! So they happen once, with the method that they waited for, or not at all: there is no moment at which a kill
//! could lose or repeat them. A mission that FAILED takes its waiting sends with it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::document::Document;
use super::super::fault::Fault;
use super::super::psm::Worker;
use super::super::send::Courier;
use crate::image::{ImageError, MissionId, Read, Transaction};
use crate::wire::messages::{MissionState, SendOutcome};

/// Sends that may wait for one mission.
const MOST_WAITING: usize = 64;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    pub object: String,
    pub selector: String,
    pub args: Vec<Value>,
    /// The mission that sent it. It waits only once, also when a kill has that mission meet the fault again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<MissionId>,
}

/// What became of one, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<Value>,
    #[serde(default)]
    pub is_err: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What the facts' keys begin with.
pub const PENDING: &str = "pending/";

fn key(mission: MissionId) -> String {
    format!("{PENDING}{mission:08}")
}

fn waiting(transaction: &Transaction, mission: MissionId) -> Result<Vec<Pending>, ImageError> {
    let text = transaction.fact(&key(mission))?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Lets a send wait for the mission. `None` when too many do already.
pub fn add(
    transaction: &mut Transaction,
    mission: MissionId,
    pending: Pending,
) -> Result<Option<u32>, ImageError> {
    let mut sends = waiting(transaction, mission)?;
    let same = |other: &Pending| pending.from.is_some() && other.from == pending.from;
    if let Some(place) = sends.iter().position(same) {
        return Ok(u32::try_from(place).ok());
    }
    if sends.len() >= MOST_WAITING {
        return Ok(None);
    }
    sends.push(pending);
    let text = serde_json::to_string(&sends).unwrap_or_default();
    transaction.set_fact(&key(mission), &text)?;
    Ok(u32::try_from(sends.len() - 1).ok())
}

/// The mission has FAILED.
pub fn drop_all(transaction: &mut Transaction, mission: MissionId) -> Result<(), ImageError> {
    transaction.remove_fact(&key(mission)).map(|_| ())
}

/// What the sends that waited have changed, and what went wrong in them.
#[derive(Default)]
pub struct Delivered {
    pub changed: Vec<String>,
    pub faults: Vec<Fault>,
}

/// Sends all that wait for the mission, in the transaction that ends it.
pub fn deliver(
    courier: &Courier,
    transaction: &mut Transaction,
    mission: MissionId,
    document: &mut Document,
) -> Result<Delivered, ImageError> {
    let mut delivered = Delivered::default();
    for one in waiting(transaction, mission)? {
        let Pending {
            object,
            selector,
            args,
            from: _,
        } = &one;
        let mut fault = None;
        let result = courier.attempt(transaction, object, selector, args, &mut fault);
        transaction.audit(&format!(
            "send {object} {selector}, which waited for mission {mission}"
        ));
        delivered.faults.extend(fault);
        document.sent.push(match result {
            Ok(delivery) => {
                delivered.changed.extend(delivery.changed);
                Sent {
                    returns: Some(delivery.answer.value),
                    is_err: delivery.answer.is_err,
                    error: None,
                }
            }
            Err(error) => Sent {
                returns: None,
                is_err: false,
                error: Some(error.to_string()),
            },
        });
    }
    transaction.remove_fact(&key(mission))?;
    delivered.changed.sort();
    delivered.changed.dedup();
    Ok(delivered)
}

/// A mission's answer, with a line for each send that waited for it.
pub fn with_sent(note: &str, document: &Document) -> String {
    let mut text = note.to_owned();
    for sent in &document.sent {
        text.push_str(&match (&sent.returns, &sent.error) {
            (Some(value), _) => format!("\nsent again: {value}"),
            (None, error) => format!("\nsent again: {}", error.as_deref().unwrap_or_default()),
        });
    }
    text
}

/// What a send that waited has come to, once its mission has ended.
pub fn outcome(
    mission: MissionId,
    state: MissionState,
    document: &Document,
    place: u32,
) -> SendOutcome {
    let sent = usize::try_from(place)
        .ok()
        .and_then(|place| document.sent.get(place).cloned());
    let sent = sent.unwrap_or_else(|| Sent {
        returns: None,
        is_err: false,
        error: Some(format!(
            "the send was not made: mission {mission} is {}: {}",
            state.name(),
            document.outcome
        )),
    });
    SendOutcome {
        returns_json: sent.returns.map(|value| value.to_string()),
        is_err: sent.is_err,
        error: sent.error,
        mission: Some(mission),
        place: Some(place),
    }
}

impl Worker {
    /// Tells of what the sends have changed that waited for a mission.
    pub(in super::super) fn tell_delivered(&self, delivered: &Delivered) {
        self.shared.tell_changed(&delivered.changed);
        for fault in &delivered.faults {
            self.shared.mend(fault, None);
        }
    }
}
