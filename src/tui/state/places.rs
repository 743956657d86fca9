//! Where one was before: a list to go back in, and forth again.

use super::Pane;

const MAX_PLACES: usize = 100;

/// What the screen was at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub pane: Pane,
    pub mission: Option<u64>,
    pub object: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    behind: Vec<Place>,
    ahead: Vec<Place>,
}

impl Places {
    /// Remembers a place that is about to be left. What lay ahead is another way now.
    pub fn leave(&mut self, place: Place) {
        self.ahead.clear();
        if self.behind.last() != Some(&place) {
            self.behind.push(place);
        }
        if self.behind.len() > MAX_PLACES {
            self.behind.remove(0);
        }
    }

    /// The place before `here`; `None` when there is none.
    pub fn back(&mut self, here: Place) -> Option<Place> {
        let place = self.behind.pop()?;
        self.ahead.push(here);
        Some(place)
    }

    /// The place that one came back from.
    pub fn forward(&mut self, here: Place) -> Option<Place> {
        let place = self.ahead.pop()?;
        self.behind.push(here);
        Some(place)
    }
}
