//! How the workbench treats the terminal that it is in: what the settings say, and where they leave it
//! open, what the environment does. The terminal itself is never asked.

use super::depth::Depth;
use crate::config::{Environment, TerminalSettings};

/// How a mission's end is told while the terminal has not the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// A message (OSC 9) and the bell.
    Message,
    Bell,
    Off,
}

/// What stands between the workbench and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    Nothing,
    Tmux,
    Screen,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manners {
    /// Only characters of ASCII are drawn.
    pub ascii: bool,
    pub depth: Depth,
    /// Each frame stands in synchronized-output brackets.
    pub synchronized: bool,
    pub mouse: bool,
    pub notify: Notify,
    pub title: bool,
    /// A command line.
    pub editor: String,
    pub between: Between,
}

impl Manners {
    pub fn of(settings: &TerminalSettings, environment: &Environment) -> Self {
        let term = text(environment, "TERM").unwrap_or_default();
        let between = if environment.get("TMUX").is_some() {
            Between::Tmux
        } else if environment.get("STY").is_some() {
            Between::Screen
        } else {
            Between::Nothing
        };
        let editor = settings
            .editor
            .clone()
            .or_else(|| text(environment, "VISUAL"))
            .or_else(|| text(environment, "EDITOR"));
        Self {
            ascii: match settings.glyphs.as_str() {
                "ascii" => true,
                "unicode" => false,
                _ => !says_utf8(environment),
            },
            depth: Depth::of(&settings.colours, environment),
            synchronized: match settings.synchronized.as_str() {
                "on" => true,
                "off" => false,
                // Others pass over what they do not know; these are known to show it or to have trouble with it.
                _ => !matches!(term.as_str(), "linux" | "dumb") && between != Between::Screen,
            },
            mouse: settings.mouse,
            notify: match settings.notify.as_str() {
                "bell" => Notify::Bell,
                "off" => Notify::Off,
                _ => Notify::Message,
            },
            title: settings.title,
            editor: editor.unwrap_or_else(|| "vi".to_owned()),
            between,
        }
    }
}

fn text(environment: &Environment, name: &str) -> Option<String> {
    let value = environment.get(name)?;
    Some(value.to_string_lossy().into_owned())
}

/// The first of these that is set decides, as in the C library.
fn says_utf8(environment: &Environment) -> bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = named.into_iter().find_map(|name| text(environment, name));
    set.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
