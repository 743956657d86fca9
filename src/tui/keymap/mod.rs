//! Every action with its keys: one table that dispatch, key hints, help, palette and remapping all read.
//!
//! A key is looked up in the context that has the focus, then in the contexts around it. What a person
//! writes under `[keys]` in `batos.toml` changes the keys of the table's rows, never the rows.

mod action;
mod key;
mod map;
mod table;

pub use action::Action;
pub use key::Key;
pub use map::{Keymap, KeysError, Row};
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
    /// An object's past.
    History,
    Mission,
    Stream,
    Log,
    Itself,
    Knowledge,
    System,
    Help,
    /// A list to choose from: the palette, what can be found, the themes.
    List,
    /// A text that was opened over the panes.
    Reader,
    /// The one-line input for search, filter and arguments.
    Prompt,
    Confirm,
}

impl Context {
    /// In the order in which help shows them.
    pub const ALL: [Self; 18] = [
        Self::Composer,
        Self::Understood,
        Self::Panes,
        Self::Missions,
        Self::Objects,
        Self::History,
        Self::Stream,
        Self::Mission,
        Self::Log,
        Self::Itself,
        Self::Knowledge,
        Self::System,
        Self::Everywhere,
        Self::List,
        Self::Reader,
        Self::Prompt,
        Self::Confirm,
        Self::Help,
    ];

    /// The heading in help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Composer => "Composer",
            Self::Understood => "What was understood",
            Self::Panes => "Every pane",
            Self::Missions => "Missions",
            Self::Objects => "Objects",
            Self::History => "History of an object",
            Self::Mission => "Mission",
            Self::Stream => "Stream",
            Self::Log => "Metacognition",
            Self::Itself => "Self",
            Self::Knowledge => "Knowledge",
            Self::System => "System",
            Self::Help => "Help",
            Self::List => "Palette and lists",
            Self::Reader => "Opened text",
            Self::Prompt => "One-line input",
            Self::Confirm => "Question",
        }
    }

    /// The name of its table in `[keys]`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Composer => "composer",
            Self::Understood => "understood",
            Self::Panes => "panes",
            Self::Missions => "missions",
            Self::Objects => "objects",
            Self::History => "history",
            Self::Mission => "mission",
            Self::Stream => "stream",
            Self::Log => "metacognition",
            Self::Itself => "self",
            Self::Knowledge => "knowledge",
            Self::System => "system",
            Self::Help => "help",
            Self::List => "list",
            Self::Reader => "reader",
            Self::Prompt => "input",
            Self::Confirm => "question",
        }
    }

    /// True where letters are typed, so that they cannot be keys.
    pub const fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Everywhere | Self::Composer | Self::List | Self::Prompt
        )
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    pub context: Context,
    /// Names as [`Key`] reads them; the first is the one that hints show. Without any it is for the palette.
    pub keys: &'static [&'static str],
    pub action: Action,
    /// A word or two for the hint line; empty when it is not shown there.
    pub hint: &'static str,
    /// A line for help.
    pub help: &'static str,
}
