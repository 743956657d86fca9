//! Every key and what it does: one table that dispatch, key hints and help all read.
//!
//! A key is looked up in the context that has the focus, then in the contexts around it. A later
//! file of a person's own keys only has to change the table's rows.

mod key;
mod table;

use crossterm::event::KeyEvent;

pub use key::Key;
pub use table::TABLE;

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    Everywhere,
    Composer,
    /// The composer while it shows what was understood.
    Understood,
    /// Any pane other than the composer.
    Panes,
    Missions,
    Objects,
    Mission,
    Stream,
    Log,
    Itself,
    Help,
    /// The one-line input for search, filter and arguments.
    Prompt,
    Confirm,
}

impl Context {
    /// The heading in help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Composer => "Composer",
            Self::Understood => "What was understood",
            Self::Panes => "Every pane",
            Self::Missions => "Missions",
            Self::Objects => "Objects",
            Self::Mission => "Mission",
            Self::Stream => "Stream",
            Self::Log => "Metacognition",
            Self::Itself => "Self",
            Self::Help => "Help",
            Self::Prompt => "One-line input",
            Self::Confirm => "Question",
        }
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Quit,
    Interrupt,
    Suspend,
    Redraw,
    Help,
    Theme,
    NextPane,
    PreviousPane,
    Compose,
    Pane(u8),
    Zoom,
    Submit,
    Newline,
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    DeleteBack,
    DeleteForward,
    DeleteWordBack,
    DeleteToStart,
    DeleteToEnd,
    PutBack,
    Leave,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Open,
    CancelMission,
    PauseMission,
    EditBrief,
    Send,
    PreviousCandidate,
    NextCandidate,
    Search,
    NextMatch,
    PreviousMatch,
    Filter,
    Level,
    OnlyMission,
    Follow,
    Yes,
    No,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    pub context: Context,
    /// Names as [`Key`] reads them; the first is the one that hints show.
    pub keys: &'static [&'static str],
    pub action: Action,
    /// A word or two for the hint line; empty when it is not shown there.
    pub hint: &'static str,
    /// A line for help.
    pub help: &'static str,
}

/// The action of a key in the first of `contexts` that has it.
pub fn action(contexts: &[Context], event: KeyEvent) -> Option<Action> {
    let key = Key::from(event);
    contexts.iter().find_map(|context| {
        TABLE
            .iter()
            .find(|binding| {
                binding.context == *context
                    && binding
                        .keys
                        .iter()
                        .any(|name| Key::parse(name) == Some(key))
            })
            .map(|binding| binding.action)
    })
}
