//! The newest entries, for front-ends that attach later.

use std::collections::VecDeque;

use crate::wire::messages::LogEntry;

/// What one answer may hold; well below a frame's limit, whatever else travels with it.
const ANSWER_BYTES: usize = 4 << 20;

#[derive(Debug)]
pub(super) struct Ring {
    entries: VecDeque<LogEntry>,
    limit: usize,
}

impl Ring {
    pub fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            limit,
        }
    }

    pub fn push(&mut self, entry: LogEntry) {
        self.entries.push_back(entry);
        while self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }

    /// The newest `count`, oldest first.
    pub fn newest(&self, count: usize) -> Vec<LogEntry> {
        let mut room = ANSWER_BYTES;
        let mut newest: Vec<LogEntry> = self
            .entries
            .iter()
            .rev()
            .take(count)
            .take_while(|entry| {
                let bytes = entry.text.len() + entry.fields_json.len() + 128;
                let fits = bytes <= room;
                room = room.saturating_sub(bytes);
                fits
            })
            .cloned()
            .collect();
        newest.reverse();
        newest
    }
}
