//! The system itself, as the kernel told it last.

use super::Scroll;
use crate::wire::system::SystemView;

#[derive(Debug, Clone)]
pub struct System {
    pub view: Option<SystemView>,
    /// When it was asked for last, in milliseconds since 1970.
    pub asked_ms: Option<u64>,
    /// When the kernel told its status last: the time that it is up goes on from there.
    pub told_ms: u64,
    pub scroll: Scroll,
}

impl Default for System {
    fn default() -> Self {
        Self {
            view: None,
            asked_ms: None,
            told_ms: 0,
            scroll: Scroll::START,
        }
    }
}
