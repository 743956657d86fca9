//! What the system displays of itself, as its method said last.

use serde_json::Value;

use super::Scroll;
use crate::tui::clean;
use crate::wire::messages::SendOutcome;
use crate::wire::panel::Panel;

/// The system's object and the method that is sent to it.
pub const SYSTEM: &str = "System";
pub const DISPLAY: &str = "display";

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    Panel(Panel),
    /// A plain `String`, or another value as JSON.
    Text(String),
    /// The method did not return.
    Trouble(String),
}

#[derive(Debug, Clone)]
pub struct Display {
    pub shown: Option<Shown>,
    /// When it was asked for last, in milliseconds since 1970.
    pub asked_ms: Option<u64>,
    pub scroll: Scroll,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            shown: None,
            asked_ms: None,
            scroll: Scroll::START,
        }
    }
}

impl Display {
    pub fn take(&mut self, outcome: SendOutcome) {
        let SendOutcome {
            returns_json,
            error,
            mission,
            ..
        } = outcome;
        self.shown = Some(match (returns_json, error) {
            (Some(json), _) => read(&json),
            (None, error) => {
                let mission = mission.map(|id| format!("; mission {id} is to mend it"));
                let error = error.unwrap_or_else(|| "nothing came back".to_owned());
                Shown::Trouble(format!("{error}{}", mission.unwrap_or_default()))
            }
        });
    }
}

/// Escapes in JSON hide what cleaning the message could not see, so its texts are cleaned here.
fn read(json: &str) -> Shown {
    match serde_json::from_str::<Value>(json) {
        Ok(value) => match (Panel::of_json(&value), value) {
            (Some(panel), _) => Shown::Panel(panel.with_texts(&clean::text)),
            (None, Value::String(text)) => Shown::Text(clean::text(&text)),
            (None, value) => Shown::Text(clean::text(&value.to_string())),
        },
        Err(_) => Shown::Text(clean::text(json)),
    }
}
