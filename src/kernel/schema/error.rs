//! Why a change of what objects are made of does not come about, and how front-ends hear of it.

use crate::image::{CommitError, ImageError};
use crate::kernel::requests::{commit_failure, image, unknown_object};
use crate::method::{CompilerError, TypeError};
use crate::wire::messages::{Failure, FailureKind};

#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("there is no object `{0}`")]
    UnknownObject(String),
    #[error("{object} has no slot `{slot}`")]
    UnknownSlot { object: String, slot: String },
    #[error("slot `{slot}` is not {object}'s own: it is inherited from {owner}")]
    Inherited {
        object: String,
        slot: String,
        owner: String,
    },
    #[error("{object} has a slot `{slot}` already, of type {rust_type}")]
    SlotThere {
        object: String,
        slot: String,
        rust_type: String,
    },
    #[error("`{0}` is not a name for a slot")]
    Name(String),
    #[error(transparent)]
    Type(#[from] TypeError),
    #[error("slot `{slot}` of {object}: {why}")]
    Value {
        object: String,
        slot: String,
        why: String,
    },
    #[error("slot `{slot}` of {object} needs a value: {rust_type} has no default")]
    NoDefault {
        object: String,
        slot: String,
        rust_type: String,
    },
    #[error(
        "slot `{slot}` of {object} holds {value}, which cannot be converted to {rust_type} without loss"
    )]
    NoConversion {
        object: String,
        slot: String,
        value: String,
        rust_type: String,
    },
    #[error("{}", told(what, obstacles))]
    Methods {
        /// Such as ``slot `x` of Account cannot be removed``.
        what: String,
        obstacles: Vec<Obstacle>,
    },
    #[error("methods have to be compiled again, and cannot be here: {0}")]
    Unable(String),
    #[error(transparent)]
    Compiler(#[from] CompilerError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// A method that would not work any more.
#[derive(Debug, Clone)]
pub struct Obstacle {
    /// Such as `Account.deposit`.
    pub method: String,
    pub why: String,
    /// It belongs to the object or to one that delegates to it, so that it may be removed.
    pub removable: bool,
}

fn told(what: &str, obstacles: &[Obstacle]) -> String {
    let mut text = match obstacles.len() {
        1 => format!("{what}: a method would no longer work"),
        count => format!("{what}: {count} methods would no longer work"),
    };
    for obstacle in obstacles {
        text.push_str(&format!("\n  {}: {}", obstacle.method, obstacle.why));
    }
    text
}

impl SchemaError {
    pub fn into_failure(self) -> Failure {
        let (kind, hint) = match &self {
            Self::UnknownObject(name) => return unknown_object(name),
            Self::Commit(error) => return commit_failure(error),
            Self::Image(ImageError::Referred { .. }) => (
                FailureKind::Conflict,
                "let what refers to it refer to something else first".to_owned(),
            ),
            Self::Image(ImageError::SlotTaken { .. }) => {
                (FailureKind::Conflict, "choose another name".to_owned())
            }
            Self::Image(_) => {
                let Self::Image(error) = self else {
                    return unknown_object("");
                };
                return image(error);
            }
            Self::UnknownSlot { object, .. } => (
                FailureKind::NotFound,
                format!("list its slots with `batos object show {object}`"),
            ),
            Self::Inherited { owner, slot, .. } => (
                FailureKind::Conflict,
                format!("change it where it is, with `batos object slot {owner} … {slot}`"),
            ),
            Self::SlotThere { .. } => (
                FailureKind::Conflict,
                "`retype` gives a slot another type, `set` another value".to_owned(),
            ),
            Self::Name(_) => (
                FailureKind::Invalid,
                "use letters, digits and underscores, and no Rust keyword".to_owned(),
            ),
            Self::Type(_) => (
                FailureKind::Invalid,
                "docs/METHODS.md lists the types that slots may have".to_owned(),
            ),
            Self::Value { .. } => (
                FailureKind::Invalid,
                "write values as JSON: 2.5, '\"text\"', '[1, 2]', null".to_owned(),
            ),
            Self::NoDefault { .. } => (
                FailureKind::Invalid,
                "name an object after the type, or use an Option<ObjectRef>".to_owned(),
            ),
            Self::NoConversion { .. } => (
                FailureKind::Conflict,
                "give the new value after the type".to_owned(),
            ),
            Self::Methods { obstacles, .. } if obstacles.iter().all(|o| o.removable) => (
                FailureKind::Conflict,
                "teach these methods anew without it first, or remove them with `--force`"
                    .to_owned(),
            ),
            Self::Methods { .. } => (
                FailureKind::Conflict,
                "methods that are inherited work with the slots of the object that has them: change the slot there"
                    .to_owned(),
            ),
            Self::Unable(_) | Self::Compiler(_) => (
                FailureKind::Unavailable,
                "see what is missing with `batos doctor`".to_owned(),
            ),
        };
        Failure {
            kind,
            message: self.to_string(),
            hint: Some(hint),
        }
    }
}
