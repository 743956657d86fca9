//! Every key and what it does: one table that dispatch, key hints and help all read.
//!
//! A key is looked up in the context that has the focus, then in the contexts around it. A later
//! file of a person's own keys only has to change the table's rows.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    Everywhere,
    Composer,
    /// Any pane other than the composer.
    Panes,
    Missions,
    Objects,
    Mission,
    Stream,
    Log,
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
            Self::Panes => "Every pane",
            Self::Missions => "Missions",
            Self::Objects => "Objects",
            Self::Mission => "Mission",
            Self::Stream => "Stream",
            Self::Log => "Metacognition",
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

const fn bind(
    context: Context,
    keys: &'static [&'static str],
    action: Action,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        context,
        keys,
        action,
        hint,
        help,
    }
}

use Action as A;
use Context as C;

pub const TABLE: &[Binding] = &[
    bind(
        C::Composer,
        &["enter"],
        A::Submit,
        "send",
        "send the mission",
    ),
    bind(
        C::Composer,
        &["ctrl+j", "alt+enter", "shift+enter"],
        A::Newline,
        "newline",
        "new line",
    ),
    bind(
        C::Composer,
        &["up", "ctrl+p"],
        A::Up,
        "history",
        "line up; on the first line: older brief",
    ),
    bind(
        C::Composer,
        &["down", "ctrl+n"],
        A::Down,
        "",
        "line down; on the last line: newer brief",
    ),
    bind(
        C::Composer,
        &["right", "ctrl+f"],
        A::Right,
        "",
        "right; in an empty composer: take the example",
    ),
    bind(C::Composer, &["left", "ctrl+b"], A::Left, "", "left"),
    bind(
        C::Composer,
        &["ctrl+right", "alt+f", "alt+right"],
        A::WordRight,
        "",
        "a word right",
    ),
    bind(
        C::Composer,
        &["ctrl+left", "alt+b", "alt+left"],
        A::WordLeft,
        "",
        "a word left",
    ),
    bind(
        C::Composer,
        &["ctrl+a", "home"],
        A::LineStart,
        "",
        "start of the line",
    ),
    bind(
        C::Composer,
        &["ctrl+e", "end"],
        A::LineEnd,
        "",
        "end of the line",
    ),
    bind(
        C::Composer,
        &["backspace", "ctrl+h"],
        A::DeleteBack,
        "",
        "delete back",
    ),
    bind(
        C::Composer,
        &["delete", "ctrl+d"],
        A::DeleteForward,
        "",
        "delete forward",
    ),
    bind(
        C::Composer,
        &["ctrl+w", "alt+backspace"],
        A::DeleteWordBack,
        "",
        "delete the word before",
    ),
    bind(
        C::Composer,
        &["ctrl+u"],
        A::DeleteToStart,
        "",
        "delete to the start of the line",
    ),
    bind(
        C::Composer,
        &["ctrl+k"],
        A::DeleteToEnd,
        "",
        "delete to the end of the line",
    ),
    bind(
        C::Composer,
        &["ctrl+y"],
        A::PutBack,
        "",
        "put back what was deleted last",
    ),
    bind(
        C::Composer,
        &["pageup"],
        A::PageUp,
        "",
        "scroll the pane above up",
    ),
    bind(
        C::Composer,
        &["pagedown"],
        A::PageDown,
        "",
        "scroll the pane above down",
    ),
    bind(C::Composer, &["esc"], A::Leave, "panes", "go to the panes"),
    bind(
        C::Missions,
        &["enter", "l", "right"],
        A::Open,
        "open",
        "open the mission",
    ),
    bind(
        C::Missions,
        &["x"],
        A::CancelMission,
        "cancel",
        "cancel the mission (asks first)",
    ),
    bind(
        C::Missions,
        &["e"],
        A::EditBrief,
        "edit again",
        "take its brief into the composer",
    ),
    bind(
        C::Objects,
        &["enter", "l", "right"],
        A::Open,
        "open",
        "open the object",
    ),
    bind(
        C::Objects,
        &["s"],
        A::Send,
        "send",
        "send the object a message",
    ),
    bind(
        C::Mission,
        &["x"],
        A::CancelMission,
        "cancel",
        "cancel the mission (asks first)",
    ),
    bind(
        C::Mission,
        &["e"],
        A::EditBrief,
        "edit again",
        "take its brief into the composer",
    ),
    bind(
        C::Mission,
        &["[", "left", "h"],
        A::PreviousCandidate,
        "candidate",
        "the candidate judged before",
    ),
    bind(
        C::Mission,
        &["]", "right", "l"],
        A::NextCandidate,
        "",
        "the candidate judged after",
    ),
    bind(
        C::Stream,
        &["x"],
        A::CancelMission,
        "cancel",
        "cancel the mission under way (asks first)",
    ),
    bind(
        C::Stream,
        &["[", "left", "h"],
        A::PreviousCandidate,
        "candidate",
        "the candidate to the left",
    ),
    bind(
        C::Stream,
        &["]", "right", "l"],
        A::NextCandidate,
        "",
        "the candidate to the right",
    ),
    bind(
        C::Stream,
        &["space"],
        A::Follow,
        "follow",
        "follow new text again",
    ),
    bind(
        C::Log,
        &["space"],
        A::Follow,
        "follow",
        "follow again, or stop following",
    ),
    bind(
        C::Log,
        &["enter"],
        A::Open,
        "details",
        "show or hide the fields of the entry",
    ),
    bind(C::Log, &["/"], A::Search, "search", "search"),
    bind(C::Log, &["n"], A::NextMatch, "", "next match"),
    bind(C::Log, &["N"], A::PreviousMatch, "", "match before"),
    bind(
        C::Log,
        &["f"],
        A::Filter,
        "filter",
        "filter: words, !word, level:warn, mission:3, persona:BRICK",
    ),
    bind(
        C::Log,
        &["v"],
        A::Level,
        "level",
        "least level shown: debug, info, warn, error",
    ),
    bind(
        C::Log,
        &["m"],
        A::OnlyMission,
        "mission",
        "only the chosen mission, or all",
    ),
    bind(
        C::Panes,
        &["i", "c"],
        A::Compose,
        "compose",
        "write a mission",
    ),
    bind(
        C::Panes,
        &["esc"],
        A::Leave,
        "",
        "drop search and filter, else back to the composer",
    ),
    bind(C::Panes, &["k", "up"], A::Up, "", "up"),
    bind(C::Panes, &["j", "down"], A::Down, "", "down"),
    bind(
        C::Panes,
        &["pageup", "ctrl+b", "ctrl+u"],
        A::PageUp,
        "",
        "a page up",
    ),
    bind(
        C::Panes,
        &["pagedown", "ctrl+f", "ctrl+d"],
        A::PageDown,
        "",
        "a page down",
    ),
    bind(C::Panes, &["g", "home"], A::Top, "", "to the start"),
    bind(C::Panes, &["G", "end"], A::Bottom, "", "to the end"),
    bind(C::Panes, &["1"], A::Pane(1), "", "missions"),
    bind(C::Panes, &["2"], A::Pane(2), "", "objects"),
    bind(
        C::Panes,
        &["3"],
        A::Pane(3),
        "",
        "stream: what the personas write",
    ),
    bind(
        C::Panes,
        &["4"],
        A::Pane(4),
        "",
        "mission: stages, candidates, diagnostics",
    ),
    bind(
        C::Panes,
        &["5"],
        A::Pane(5),
        "",
        "object: slots and methods",
    ),
    bind(C::Panes, &["6"], A::Pane(6), "", "metacognition"),
    bind(
        C::Panes,
        &["z"],
        A::Zoom,
        "zoom",
        "give the pane the whole screen, or not",
    ),
    bind(C::Panes, &["t"], A::Theme, "", "next theme"),
    bind(C::Panes, &["?"], A::Help, "help", "help"),
    bind(
        C::Panes,
        &["q"],
        A::Quit,
        "quit",
        "quit; the kernel goes on working",
    ),
    bind(C::Everywhere, &["tab"], A::NextPane, "next", "next pane"),
    bind(
        C::Everywhere,
        &["shift+tab"],
        A::PreviousPane,
        "",
        "pane before",
    ),
    bind(C::Everywhere, &["f1"], A::Help, "help", "help"),
    bind(C::Everywhere, &["ctrl+t"], A::Theme, "", "next theme"),
    bind(
        C::Everywhere,
        &["ctrl+l"],
        A::Redraw,
        "",
        "paint the screen anew",
    ),
    bind(
        C::Everywhere,
        &["ctrl+z"],
        A::Suspend,
        "",
        "suspend to the shell (fg comes back)",
    ),
    bind(
        C::Everywhere,
        &["ctrl+c"],
        A::Interrupt,
        "",
        "clear the composer; twice: quit",
    ),
    bind(
        C::Everywhere,
        &["ctrl+q"],
        A::Quit,
        "quit",
        "quit; the kernel goes on working",
    ),
    bind(
        C::Help,
        &["esc", "q", "?", "f1", "enter"],
        A::Leave,
        "close",
        "close help",
    ),
    bind(C::Help, &["k", "up"], A::Up, "scroll", "up"),
    bind(C::Help, &["j", "down"], A::Down, "", "down"),
    bind(C::Help, &["pageup", "ctrl+b"], A::PageUp, "", "a page up"),
    bind(
        C::Help,
        &["pagedown", "space", "ctrl+f"],
        A::PageDown,
        "",
        "a page down",
    ),
    bind(C::Help, &["g", "home"], A::Top, "", "to the start"),
    bind(C::Help, &["G", "end"], A::Bottom, "", "to the end"),
    bind(C::Prompt, &["enter"], A::Submit, "apply", "apply"),
    bind(C::Prompt, &["esc"], A::Leave, "drop", "leave it as it was"),
    bind(
        C::Prompt,
        &["backspace", "ctrl+h"],
        A::DeleteBack,
        "",
        "delete back",
    ),
    bind(
        C::Prompt,
        &["delete", "ctrl+d"],
        A::DeleteForward,
        "",
        "delete forward",
    ),
    bind(
        C::Prompt,
        &["ctrl+w", "alt+backspace"],
        A::DeleteWordBack,
        "",
        "delete the word before",
    ),
    bind(
        C::Prompt,
        &["ctrl+u"],
        A::DeleteToStart,
        "clear",
        "delete to the start",
    ),
    bind(
        C::Prompt,
        &["ctrl+k"],
        A::DeleteToEnd,
        "",
        "delete to the end",
    ),
    bind(C::Prompt, &["left", "ctrl+b"], A::Left, "", "left"),
    bind(C::Prompt, &["right", "ctrl+f"], A::Right, "", "right"),
    bind(C::Prompt, &["home", "ctrl+a"], A::LineStart, "", "start"),
    bind(C::Prompt, &["end", "ctrl+e"], A::LineEnd, "", "end"),
    bind(C::Confirm, &["y", "Y"], A::Yes, "yes", "do it"),
    bind(
        C::Confirm,
        &["n", "N", "esc", "enter", "q"],
        A::No,
        "no",
        "leave it",
    ),
];

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

/// A key with its modifiers, in the one form that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let (mut code, mut modifiers) = (event.code, event.modifiers & kept);
        if let KeyCode::Char(character) = code {
            // The character itself tells whether Shift was held.
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(character.to_ascii_lowercase());
            }
            modifiers.remove(KeyModifiers::SHIFT);
        }
        if code == KeyCode::BackTab {
            (code, modifiers) = (KeyCode::Tab, KeyModifiers::SHIFT);
        }
        Self { code, modifiers }
    }
}

impl Key {
    /// Reads `ctrl+j`, `alt+enter`, `f1`, `?`.
    pub fn parse(name: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        while let Some((modifier, after)) =
            rest.split_once('+').filter(|(_, after)| !after.is_empty())
        {
            modifiers |= match modifier {
                "ctrl" => KeyModifiers::CONTROL,
                "alt" => KeyModifiers::ALT,
                "shift" => KeyModifiers::SHIFT,
                _ => return None,
            };
            rest = after;
        }
        let code = match rest {
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" => KeyCode::Tab,
            "space" => KeyCode::Char(' '),
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            _ => {
                let mut characters = rest.chars();
                match (characters.next(), characters.as_str()) {
                    (Some(character), "") => KeyCode::Char(character),
                    (Some('f'), number) => KeyCode::F(number.parse().ok()?),
                    _ => return None,
                }
            }
        };
        Some(Self { code, modifiers })
    }
}

/// As people read it: `^J`, `Enter`, `PgUp`, `?`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt+")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift+")?;
        }
        let control = self.modifiers.contains(KeyModifiers::CONTROL);
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if control => write!(f, "^{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            code => {
                if control {
                    f.write_str("^")?;
                }
                match code {
                    KeyCode::Up => f.write_str("↑"),
                    KeyCode::Down => f.write_str("↓"),
                    KeyCode::Left => f.write_str("←"),
                    KeyCode::Right => f.write_str("→"),
                    KeyCode::PageUp => f.write_str("PgUp"),
                    KeyCode::PageDown => f.write_str("PgDn"),
                    KeyCode::Delete => f.write_str("Del"),
                    KeyCode::Backspace => f.write_str("Bksp"),
                    code => write!(f, "{code}"),
                }
            }
        }
    }
}
