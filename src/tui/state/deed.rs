//! What is asked about before it is done: the answer that is marked at first is always no.

use super::Line;
use crate::wire::image::{DiffView, ImageRequest};
use crate::wire::messages::Request;
use crate::wire::upkeep::{Before, UpkeepRequest};

/// Something that a person should mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    CancelMission(u64),
    /// A transaction, with what undoing it would change.
    Undo {
        tid: u64,
        changed: Vec<String>,
        diff: Box<DiffView>,
    },
    /// Dropping history, with what it would drop in words.
    Pack {
        before: Before,
        dropped: String,
    },
    /// Ends kernel and watchdog.
    Stop,
    /// Another profile from the next start on, with what speaks for and against it.
    Profile {
        name: String,
        reasons: String,
    },
}

/// A request to drop history, or to say what that would drop.
pub fn pack(before: &Before, dry_run: bool) -> Request {
    Request::Image(ImageRequest::Upkeep(UpkeepRequest::Pack {
        before: before.clone(),
        keep_unreachable: false,
        dry_run,
    }))
}

/// A deed that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub deed: Deed,
    /// Yes is marked.
    pub yes: bool,
    /// What was typed of the word.
    pub line: Line,
    /// The first row shown of what would change.
    pub top: usize,
}

impl Question {
    pub fn new(deed: Deed) -> Self {
        Self {
            deed,
            yes: false,
            line: Line::default(),
            top: 0,
        }
    }
}

impl Deed {
    pub fn question(&self) -> String {
        match self {
            Self::CancelMission(id) => format!("Cancel mission {id}?"),
            Self::Undo { tid, .. } => format!("Undo transaction {tid}?"),
            Self::Pack { .. } => "Drop history for ever?".to_owned(),
            Self::Stop => "Stop the system?".to_owned(),
            Self::Profile { name, .. } => format!("Start with the profile {name}?"),
        }
    }

    /// What follows from it.
    pub fn explanation(&self) -> String {
        match self {
            Self::CancelMission(_) => {
                "It ends as FAILED. What the system has learnt from it is kept, and its brief can be sent again."
                    .to_owned()
            }
            Self::Undo { changed, .. } if changed.is_empty() => {
                "It is taken back by a new transaction, which can be undone too.".to_owned()
            }
            Self::Undo { changed, .. } => format!(
                "This changes back: {}. It is a new transaction, which can be undone too.",
                changed.join(", ")
            ),
            Self::Stop => "Kernel, watchdog and engine end once the step at work is done. Missions go on where they \
                 stand when `batos` or `batos up` starts the system again."
                .to_owned(),
            Self::Profile { reasons, .. } => format!(
                "It {reasons}. It is written to batos.toml and holds from the next start on: `batos down`, then `batos up`. \
                 `batos model fetch` loads what is missing."
            ),
            Self::Pack { dropped, .. } => {
                format!("This drops {dropped}. What objects are now stays as it is.")
            }
        }
    }

    /// What it would change, line by line, where that is known.
    pub fn preview(&self) -> Option<&DiffView> {
        match self {
            Self::Undo { diff, .. } => {
                let differs = !diff.objects.is_empty() || !diff.facts.is_empty();
                differs.then_some(diff)
            }
            Self::CancelMission(_) | Self::Pack { .. } | Self::Stop | Self::Profile { .. } => None,
        }
    }

    /// To be typed where there is no way back.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::CancelMission(_) | Self::Undo { .. } | Self::Stop | Self::Profile { .. } => None,
            Self::Pack { .. } => Some("pack"),
        }
    }

    /// What the kernel is asked for; `None` where it is done here.
    pub fn request(&self) -> Option<Request> {
        match self {
            Self::CancelMission(id) => Some(Request::CancelMission { id: *id }),
            Self::Undo { tid, .. } => Some(Request::Image(ImageRequest::Undo {
                tid: Some(*tid),
                dry_run: false,
            })),
            Self::Pack { before, .. } => Some(pack(before, false)),
            Self::Stop => Some(Request::Stop),
            Self::Profile { .. } => None,
        }
    }

    /// Said while the kernel does it.
    pub fn under_way(&self) -> String {
        match self {
            Self::CancelMission(id) => format!("cancelling mission {id}"),
            Self::Undo { tid, .. } => format!("undoing transaction {tid}"),
            Self::Pack { .. } => "dropping history".to_owned(),
            Self::Stop => "the system is asked to stop".to_owned(),
            Self::Profile { name, .. } => format!("writing the profile {name} to batos.toml"),
        }
    }

    /// Said when it was not wanted.
    pub fn left(&self) -> String {
        match self {
            Self::CancelMission(id) => format!("mission {id} goes on"),
            Self::Undo { .. } => "nothing was undone".to_owned(),
            Self::Pack { .. } => "nothing was dropped".to_owned(),
            Self::Stop => "the system goes on".to_owned(),
            Self::Profile { .. } => "the profile stays as it is".to_owned(),
        }
    }
}
