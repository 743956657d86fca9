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
            Self::CancelMission(_) | Self::Pack { .. } => None,
        }
    }

    /// To be typed where there is no way back.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::CancelMission(_) | Self::Undo { .. } => None,
            Self::Pack { .. } => Some("pack"),
        }
    }

    pub fn request(&self) -> Request {
        match self {
            Self::CancelMission(id) => Request::CancelMission { id: *id },
            Self::Undo { tid, .. } => Request::Image(ImageRequest::Undo {
                tid: Some(*tid),
                dry_run: false,
            }),
            Self::Pack { before, .. } => pack(before, false),
        }
    }

    /// Said while the kernel does it.
    pub fn under_way(&self) -> String {
        match self {
            Self::CancelMission(id) => format!("cancelling mission {id}"),
            Self::Undo { tid, .. } => format!("undoing transaction {tid}"),
            Self::Pack { .. } => "dropping history".to_owned(),
        }
    }

    /// Said when it was not wanted.
    pub fn left(&self) -> String {
        match self {
            Self::CancelMission(id) => format!("mission {id} goes on"),
            Self::Undo { .. } => "nothing was undone".to_owned(),
            Self::Pack { .. } => "nothing was dropped".to_owned(),
        }
    }
}
