//! One entry: as a part of the program states it, as it travels, and as its line in the file.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::wire::messages::{LogEntry, LogLevel};

/// What a part of the program has to say; number and time come when it is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub level: LogLevel,
    pub mission: Option<u64>,
    pub persona: Option<String>,
    /// Dotted name, such as `mission.state`.
    pub event: String,
    /// One line for people.
    pub text: String,
    pub fields: Map<String, Value>,
}

impl Entry {
    pub fn new(level: LogLevel, event: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            level,
            mission: None,
            persona: None,
            event: event.into(),
            text: text.into(),
            fields: Map::new(),
        }
    }

    #[must_use]
    pub fn mission(mut self, id: u64) -> Self {
        self.mission = Some(id);
        self
    }

    #[must_use]
    pub fn persona(mut self, name: impl Into<String>) -> Self {
        self.persona = Some(name.into());
        self
    }

    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn into_log_entry(self, number: u64) -> LogEntry {
        LogEntry {
            number,
            time_ms: u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0),
            level: self.level,
            mission: self.mission,
            persona: self.persona,
            event: self.event,
            text: self.text,
            fields_json: Value::Object(self.fields).to_string(),
        }
    }
}

/// The name under which a level is written.
pub const fn level_name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}

pub(super) fn level_named(name: &str) -> Option<LogLevel> {
    [
        LogLevel::Debug,
        LogLevel::Info,
        LogLevel::Warn,
        LogLevel::Error,
    ]
    .into_iter()
    .find(|level| level_name(*level).eq_ignore_ascii_case(name))
}

/// The order of the keys is part of the format.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mission: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<&'a str>,
    event: &'a str,
    text: &'a str,
    fields: Value,
}

/// The entry's line in the file, with its newline; JSON escapes any newline inside.
pub(super) fn to_line(entry: &LogEntry) -> String {
    let line = Line {
        time: rfc3339(entry.time_ms),
        level: level_name(entry.level),
        mission: entry.mission,
        persona: entry.persona.as_deref(),
        event: &entry.event,
        text: &entry.text,
        fields: serde_json::from_str(&entry.fields_json).unwrap_or_else(|_| Map::new().into()),
    };
    // A struct of strings and JSON values always serializes.
    let mut line = serde_json::to_string(&line).unwrap_or_default();
    line.push('\n');
    line
}

/// UTC with milliseconds, such as `2026-11-22T21:00:00.250Z`.
fn rfc3339(time_ms: u64) -> String {
    let time = i64::try_from(time_ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or_default();
    format!("{time:.3}")
}
