//! An object's past: the transactions that changed it, and what the chosen one made different.

use crate::tui::state::Scroll;
use crate::wire::image::{DiffView, TransactionView};

/// What a version is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Against {
    /// How it was before.
    #[default]
    Before,
    /// How it is now.
    Now,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub object: String,
    /// Only what changed this method.
    pub method: Option<String>,
    /// Newest first; `None` until the kernel has told.
    pub versions: Option<Vec<TransactionView>>,
    at: usize,
    pub against: Against,
    /// What was compared last: from, to, and how they differ.
    pub diff: Option<(String, String, DiffView)>,
    /// Why there is no difference to show.
    pub trouble: Option<String>,
    pub scroll: Scroll,
}

impl Past {
    pub fn of(object: String, method: Option<String>) -> Self {
        Self {
            object,
            method,
            versions: None,
            at: 0,
            against: Against::Before,
            diff: None,
            trouble: None,
            scroll: Scroll::START,
        }
    }

    pub fn list(&self) -> &[TransactionView] {
        self.versions.as_deref().unwrap_or_default()
    }

    /// Takes in what the kernel told; the chosen transaction stays chosen.
    pub fn take(&mut self, versions: Vec<TransactionView>) {
        let chosen = self.chosen().map(|one| one.tid);
        let same = |one: &TransactionView| Some(one.tid) == chosen;
        self.at = versions.iter().position(same).unwrap_or(0);
        self.versions = Some(versions);
    }

    pub fn row(&self) -> usize {
        self.at
    }

    pub fn chosen(&self) -> Option<&TransactionView> {
        self.list().get(self.at)
    }

    /// Chooses the version `by` rows further down; true when it is another one.
    pub fn move_by(&mut self, by: isize) -> bool {
        let last = self.list().len().saturating_sub(1);
        self.choose(self.at.saturating_add_signed(by).min(last))
    }

    /// True when it is another one.
    pub fn choose(&mut self, row: usize) -> bool {
        let changed = row != self.at && row < self.list().len();
        if changed {
            self.at = row;
            self.scroll = Scroll::START;
        }
        changed
    }

    /// The two moments to compare, older first; `None` where there is nothing to compare.
    pub fn moments(&self) -> Option<(String, String)> {
        let tid = self.chosen()?.tid;
        match self.against {
            Against::Now if self.at == 0 => None,
            Against::Now => Some((tid.to_string(), "newest".to_owned())),
            // Versions of one method have those of others between them.
            Against::Before => {
                let before = tid.saturating_sub(1);
                Some((before.to_string(), tid.to_string()))
            }
        }
    }

    /// How the chosen version differs, once the kernel has told it.
    pub fn difference(&self) -> Option<&DiffView> {
        let (from, to) = self.moments()?;
        let known = self.diff.as_ref();
        known
            .filter(|(known_from, known_to, _)| *known_from == from && *known_to == to)
            .map(|(_, _, diff)| diff)
    }
}
