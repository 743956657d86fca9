//! Personas, models and GPUs, as the kernel told them last, and how fast a model is being loaded.

use super::Scroll;
use crate::wire::memory::MemoryView;
use crate::wire::messages::EngineStatus;

#[derive(Debug, Clone)]
pub struct Memory {
    pub view: Option<MemoryView>,
    /// When it was asked for last, in milliseconds since 1970.
    pub asked_ms: Option<u64>,
    pub scroll: Scroll,
    loading: Option<Loading>,
}

/// A model that is being loaded, as it was when that was told first.
#[derive(Debug, Clone, PartialEq)]
struct Loading {
    model: String,
    since_ms: u64,
    fraction: f64,
}

/// How fast a model comes into memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub bytes_a_second: f64,
    pub seconds_left: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            view: None,
            asked_ms: None,
            scroll: Scroll::START,
            loading: None,
        }
    }
}

impl Memory {
    /// Takes in how the engine is: a model that begins to load is timed from then on.
    pub fn hear(&mut self, engine: &EngineStatus, now_ms: u64) {
        self.loading = match (&engine.loading, self.loading.take()) {
            (None, _) => None,
            (Some((model, _)), Some(known)) if known.model == *model => Some(known),
            (Some((model, fraction)), _) => Some(Loading {
                model: model.clone(),
                since_ms: now_ms,
                fraction: f64::from(*fraction),
            }),
        };
    }

    /// From what was loaded since it was told first; `None` where that says nothing yet.
    pub fn loading_rate(&self, now_ms: u64, fraction: f64) -> Option<Rate> {
        let loading = self.loading.as_ref()?;
        let models = &self.view.as_ref()?.models;
        let model = models.iter().find(|one| one.name == loading.model)?;
        #[expect(clippy::cast_precision_loss, reason = "for showing only")]
        let (bytes, seconds) = (
            model.file_bytes? as f64,
            now_ms.saturating_sub(loading.since_ms) as f64 / 1000.0,
        );
        let done = (fraction - loading.fraction) * bytes;
        if seconds < 0.1 || done <= 0.0 {
            return None;
        }
        let bytes_a_second = done / seconds;
        Some(Rate {
            bytes_a_second,
            seconds_left: (1.0 - fraction) * bytes / bytes_a_second,
        })
    }
}
