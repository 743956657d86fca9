//! What the kernel knows of memory: the engine's last reading of the GPUs, what came and went, who spoke how fast.
//!
//! All of it is told by others and kept for whoever looks; none of it decides anything. A reading that is no
//! longer young is not shown: then the driver hangs, or the engine.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::shared::{Shared, now_ms};
use crate::config::MainMemory;
use crate::persona::Role;
use crate::wire::engine::Generated;
use crate::wire::memory::{self, Gpus, MemoryView, ModelView, Spoke, Swap, SwapKind};
use crate::wire::messages::PersonaView;

/// The engine tells every two seconds.
const YOUNG: Duration = Duration::from_secs(10);
const MOST_SWAPS: usize = 32;

#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    gpus: Option<(Instant, Gpus)>,
    /// Newest first.
    swaps: VecDeque<Swap>,
    spoke: BTreeMap<&'static str, Spoke>,
    engine_starts: u32,
}

impl Memory {
    pub fn heard(&self, gpus: Gpus) {
        self.known().gpus = Some((Instant::now(), gpus));
    }

    /// Another engine process runs.
    pub fn engine_started(&self) {
        let mut known = self.known();
        known.engine_starts = known.engine_starts.saturating_add(1);
    }

    /// How often an engine was started.
    pub fn engine_starts(&self) -> u32 {
        self.known().engine_starts
    }

    pub fn loaded(&self, model: &str, seconds: f64) {
        self.swapped(model, SwapKind::Loaded { seconds });
    }

    /// The engine is gone, and its models and readings with it.
    pub fn lost(&self, models: &[String], cause: &str) {
        for model in models {
            self.swapped(model, SwapKind::Left(cause.to_owned()));
        }
        self.known().gpus = None;
    }

    pub fn spoke(&self, role: Role, generated: &Generated) {
        let written = generated.candidates.iter();
        let written = written.map(|one| one.tokens).sum();
        let read = generated
            .prompt_tokens
            .saturating_sub(generated.reused_tokens);
        let spoke = Spoke {
            time_ms: now_ms(),
            read,
            written,
            read_rate: rate(read, generated.prompt_seconds),
            write_rate: rate(written, generated.generation_seconds),
        };
        self.known().spoke.insert(role.name(), spoke);
    }

    /// The engine's last word on the GPUs, or why there is none.
    pub fn gpus(&self, engine_runs: bool) -> Gpus {
        let missing = |why: String| Gpus {
            missing: Some(why),
            ..Gpus::default()
        };
        match &self.known().gpus {
            None if engine_runs => missing("the engine has not told yet".to_owned()),
            None => missing("no engine runs that could tell".to_owned()),
            // Without cards the engine tells once.
            Some((heard, gpus)) if heard.elapsed() < YOUNG || gpus.cards.is_empty() => gpus.clone(),
            Some((heard, _)) => {
                let seconds = heard.elapsed().as_secs();
                missing(format!(
                    "the NVIDIA driver has not answered for {seconds} s"
                ))
            }
        }
    }

    fn swapped(&self, model: &str, what: SwapKind) {
        let mut known = self.known();
        known.swaps.truncate(MOST_SWAPS - 1);
        known.swaps.push_front(Swap {
            time_ms: now_ms(),
            model: model.to_owned(),
            what,
        });
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tokens a second; 0 where no time is known.
pub fn rate(tokens: u32, seconds: f64) -> f64 {
    if seconds > 0.0 {
        f64::from(tokens) / seconds
    } else {
        0.0
    }
}

impl Shared {
    pub fn gpus(&self) -> Gpus {
        self.memory.gpus(self.engine_status().pid.is_some())
    }

    pub fn memory_view(&self) -> MemoryView {
        let resident = self.engine_status().resident;
        let models = self.profile.used_models().map(|(name, model)| {
            let file = std::fs::metadata(self.settings.models_dir.join(&model.file));
            ModelView {
                name: name.clone(),
                file: model.file.clone(),
                file_bytes: file.ok().map(|file| file.len()),
                resident: resident.iter().find(|one| one.name == *name).cloned(),
            }
        });
        MemoryView {
            personas: self.personas(),
            models: models.collect(),
            main: MainMemory::measure().map(|main| memory::MainMemory {
                total: main.total,
                available: main.available,
            }),
            gpus: self.gpus(),
            swaps: self.memory.known().swaps.iter().cloned().collect(),
        }
    }

    pub fn personas(&self) -> Vec<PersonaView> {
        let resident = self.engine_status().resident;
        let spoke = self.memory.known().spoke.clone();
        let persona = |role: Role| {
            let model = self.model_of(role).unwrap_or_default();
            let file = self.profile.models.get(&model);
            let file = file.map(|model| model.file.clone());
            PersonaView {
                name: role.name().to_owned(),
                title: role.title().to_owned(),
                resident: resident.iter().any(|known| known.name == model),
                file: file.unwrap_or_default(),
                spoke: spoke.get(role.name()).cloned(),
                model,
            }
        };
        Role::ALL.into_iter().map(persona).collect()
    }
}
