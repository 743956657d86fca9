//! Personas, models and GPUs, as the kernel told them last.

use super::Scroll;
use crate::wire::memory::MemoryView;

#[derive(Debug, Clone)]
pub struct Memory {
    pub view: Option<MemoryView>,
    /// When it was asked for last, in milliseconds since 1970.
    pub asked_ms: Option<u64>,
    pub scroll: Scroll,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            view: None,
            asked_ms: None,
            scroll: Scroll::START,
        }
    }
}
