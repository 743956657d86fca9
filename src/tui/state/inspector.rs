//! The keys that arrived while they were being looked at, with what each would do.

use crate::tui::keymap::{Action, Context};

/// Keys shown at once.
const MAX_SEEN: usize = 40;

/// What is bound to a key, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    pub context: Context,
    pub action: Action,
    pub help: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenKey {
    /// As the settings write it; `None` for a key that has no name there.
    pub name: Option<String>,
    /// As hints show it.
    pub label: String,
    /// What it would do, then what that hides in the contexts around.
    pub bound: Vec<Bound>,
    /// It would type this.
    pub typed: Option<char>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspector {
    /// The newest last.
    pub seen: Vec<SeenKey>,
}

impl Inspector {
    pub fn push(&mut self, key: SeenKey) {
        self.seen.push(key);
        if self.seen.len() > MAX_SEEN {
            self.seen.remove(0);
        }
    }
}
