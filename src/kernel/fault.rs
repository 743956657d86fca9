//! What went wrong in a send, with all that a mission needs to mend it.

use serde_json::{Map, Value};

use crate::image::Method;
use crate::method::TrapKind;

/// A cause of missions that the system sets itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Neither the object nor its prototypes have such a method.
    UnknownSelector,
    /// The arguments are not those of the signature.
    Arguments,
    Trap(TrapKind),
    /// Checks that held when the method was installed hold no longer.
    Checks,
}

impl FaultKind {
    /// For stored missions, the log and people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownSelector => "unknown selector",
            Self::Arguments => "arguments",
            Self::Trap(kind) => kind.name(),
            Self::Checks => "checks",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Fault {
    pub kind: FaultKind,
    /// The receiver, as it is named in JSON.
    pub object: String,
    /// Whose method it is; the receiver where there is no method.
    pub owner: String,
    pub selector: String,
    /// What happened, without object and selector.
    pub message: String,
    /// As JSON; empty when they could not be told so.
    pub args: Vec<Value>,
    /// What the method saw of its object, as JSON.
    pub slots: Map<String, Value>,
    /// `None` where there is no method.
    pub method: Option<Box<Method>>,
}
