//! What can be done in the workbench, each with the name under which palette and settings know it.

use crate::tui::state::Pane;

/// Declares the actions once: the variant and its name.
macro_rules! actions {
    ($($variant:ident = $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            /// Goes to the pane of that number.
            Pane(u8),
            $($variant,)*
        }

        impl Action {
            /// Unique within a context: what settings and palette call it.
            pub fn name(self) -> &'static str {
                match self {
                    Self::Pane(number) => Pane::numbered(number).map_or("pane", Pane::word),
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

actions! {
    Quit = "quit",
    Interrupt = "interrupt",
    Suspend = "suspend",
    Redraw = "redraw",
    Help = "help",
    Palette = "palette",
    Find = "find",
    Back = "back",
    Forward = "forward",
    InspectKeys = "keys",
    Theme = "next-theme",
    Themes = "theme",
    NextPane = "next-pane",
    PreviousPane = "previous-pane",
    Compose = "compose",
    Zoom = "zoom",
    Submit = "submit",
    Newline = "newline",
    Up = "up",
    Down = "down",
    Left = "left",
    Right = "right",
    WordLeft = "word-left",
    WordRight = "word-right",
    LineStart = "line-start",
    LineEnd = "line-end",
    DeleteBack = "delete-back",
    DeleteForward = "delete-forward",
    DeleteWordBack = "delete-word-back",
    DeleteToStart = "delete-to-start",
    DeleteToEnd = "delete-to-end",
    PutBack = "put-back",
    Leave = "leave",
    PageUp = "page-up",
    PageDown = "page-down",
    Top = "top",
    Bottom = "bottom",
    Open = "open",
    CancelMission = "cancel",
    PauseMission = "pause",
    EditBrief = "edit",
    Send = "send",
    PreviousCandidate = "previous-candidate",
    NextCandidate = "next-candidate",
    Search = "search",
    NextMatch = "next-match",
    PreviousMatch = "previous-match",
    Filter = "filter",
    Level = "level",
    OnlyMission = "only-mission",
    Follow = "follow",
    NextError = "next-error",
    PreviousError = "previous-error",
    NextOfMission = "next-of-mission",
    PreviousOfMission = "previous-of-mission",
    OnlyPersona = "only-persona",
    Histogram = "histogram",
    Editor = "editor",
    EditMethod = "edit-method",
    Copy = "copy",
    CopyMode = "copy-mode",
    Undo = "undo",
    Order = "order",
    History = "history",
    Against = "compare",
    OnlyMethod = "only-method",
    PreviousMethod = "previous-method",
    NextMethod = "next-method",
    WrittenBy = "written-by",
    SearchKnowledge = "search-knowledge",
    AddDocument = "add",
    Forget = "forget",
    UsedBy = "used-by",
    PreviousPart = "previous-part",
    NextPart = "next-part",
    StopSystem = "stop",
    Profile = "profile",
    Tour = "tour",
    Pack = "pack",
    Complete = "complete",
    Yes = "yes",
    No = "no",
}

impl Action {
    /// What may follow its name in the palette.
    pub const fn argument(self) -> &'static str {
        match self {
            Self::Pane(4) | Self::CancelMission | Self::PauseMission | Self::OnlyMission => "[ID]",
            Self::Pane(5) | Self::Themes | Self::OnlyPersona | Self::Profile => "[NAME]",
            Self::Send => "[OBJECT SELECTOR ARGS]",
            Self::Search | Self::Filter | Self::SearchKnowledge => "[WORDS]",
            Self::AddDocument => "[PATH]",
            Self::Level => "[LEVEL]",
            Self::Order => "[BY]",
            Self::Undo => "[TID]",
            Self::Pack => "[BEFORE]",
            _ => "",
        }
    }
}
