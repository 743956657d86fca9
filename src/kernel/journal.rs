//! The kernel's voice: one call writes the metacognition log and tells every front-end.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::broadcast;

use super::verdicts::Verdicts;
use crate::metacognition::{Entry, Metacognition};
use crate::wire::messages::{Event, JudgedView, LogEntry, LogLevel};

/// How many events a front-end may be behind before it is sent a fresh snapshot instead.
const EVENTS_BEHIND: usize = 4096;

#[derive(Clone)]
pub struct Journal {
    metacognition: Metacognition,
    events: broadcast::Sender<Event>,
    verdicts: Arc<Verdicts>,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About<'a> {
    pub mission: Option<u64>,
    pub persona: Option<&'a str>,
}

impl Journal {
    pub fn new(metacognition: Metacognition) -> Self {
        Self {
            metacognition,
            events: broadcast::channel(EVENTS_BEHIND).0,
            verdicts: Arc::default(),
        }
    }

    /// Writes one line; never blocks. `fields` is a JSON object.
    pub fn record(
        &self,
        level: LogLevel,
        about: About<'_>,
        event: &str,
        text: &str,
        fields: Value,
    ) {
        let entry = self.metacognition.record(Entry {
            level,
            mission: about.mission,
            persona: about.persona.map(str::to_owned),
            event: event.to_owned(),
            text: text.to_owned(),
            fields: match fields {
                Value::Object(map) => map,
                _ => serde_json::Map::new(),
            },
        });
        self.tell(Event::Log(entry));
    }

    pub fn info(&self, event: &str, text: &str, fields: Value) {
        self.record(LogLevel::Info, About::default(), event, text, fields);
    }

    /// Tells the front-ends; with none attached it goes nowhere.
    pub fn tell(&self, event: Event) {
        self.verdicts.hear(&event);
        let _ = self.events.send(event);
    }

    /// The newest verdicts on a mission's candidates, oldest first.
    pub fn verdicts(&self, mission: u64) -> Vec<JudgedView> {
        self.verdicts.of(mission)
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub fn recent(&self, entries: usize) -> Vec<LogEntry> {
        self.metacognition.recent(entries)
    }

    /// Lines that the disk was too slow for.
    pub fn dropped(&self) -> u64 {
        self.metacognition.dropped()
    }
}
