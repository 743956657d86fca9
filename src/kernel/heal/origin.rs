//! What a mission that the system set itself keeps of the fault that it came from.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::fault::Fault;
use crate::method::Check;

/// State of more JSON than this is not kept: the check then starts from what the object holds.
const MOST_STATE_BYTES: usize = 32 << 10;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The object whose method it is, or that is to have it.
    pub object: String,
    pub selector: String,
    /// A [`FaultKind`](super::super::fault::FaultKind) by name.
    pub kind: String,
    pub message: String,
    /// What the method was called with, and what its object held: the mission's method has to bear it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Check>,
    /// The code that failed, by its blob; another one in its place has mended it, or made it another fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What that code was proven by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// No check of a person's decided about that code.
    #[serde(default)]
    pub self_checked: bool,
}

/// How often the code that a mission replaced had been called, and had failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub calls: u64,
    pub failures: u64,
}

impl Origin {
    pub fn of(fault: &Fault) -> Self {
        let method = fault.method.as_deref();
        let checks = method.map(|method| method.checks_json.as_str());
        Self {
            object: fault.owner.clone(),
            selector: fault.selector.clone(),
            kind: fault.kind.name().to_owned(),
            message: fault.message.clone(),
            call: Some(Check {
                slots: small(&fault.slots).into_iter().collect(),
                args: fault.args.clone(),
                ..Check::default()
            }),
            code: method.map(|method| method.wasm.to_string()),
            checks: checks
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
            self_checked: method.is_none_or(|method| method.self_checked),
        }
    }

    /// What budget and open missions are counted by.
    pub fn cause(&self) -> Cause {
        (
            self.object.clone(),
            self.selector.clone(),
            self.kind.clone(),
        )
    }
}

/// Object, selector and kind.
pub type Cause = (String, String, String);

fn small(slots: &Map<String, Value>) -> Map<String, Value> {
    let bytes = serde_json::to_string(slots).map_or(usize::MAX, |text| text.len());
    if bytes > MOST_STATE_BYTES {
        Map::new()
    } else {
        slots.clone()
    }
}
