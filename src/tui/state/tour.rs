//! The tour of the first run: a page that goes along with what happens, until it is left.

use super::Scroll;

/// That it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tour {
    /// On a screen that has not room for all of it.
    pub scroll: Scroll,
}

impl Default for Tour {
    fn default() -> Self {
        Self {
            scroll: Scroll::START,
        }
    }
}
