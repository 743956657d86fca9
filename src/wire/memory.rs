//! Messages about memory: which model is where, what the GPUs' driver says, what was loaded and when.
//!
//! Only data. What a card or a system does not tell is `None`; front-ends show it as `n/a`.

use rkyv::{Archive, Deserialize, Serialize};

use super::messages::{PersonaView, ResidentModel};

/// Everything about personas and memory at one moment.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct MemoryView {
    pub personas: Vec<PersonaView>,
    /// Those that personas use, by name.
    pub models: Vec<ModelView>,
    /// `None` where the system does not tell.
    pub main: Option<MainMemory>,
    pub gpus: Gpus,
    /// Newest first.
    pub swaps: Vec<Swap>,
}

/// A model that a persona speaks through.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct ModelView {
    pub name: String,
    pub file: String,
    /// `None` while the file is not there.
    pub file_bytes: Option<u64>,
    /// `None` while it is not resident.
    pub resident: Option<ResidentModel>,
}

/// Bytes of main memory, within the limit of the kernel's control group.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
pub struct MainMemory {
    pub total: u64,
    pub available: u64,
}

/// What the driver of the GPUs says.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq, Default)]
pub struct Gpus {
    pub driver: Option<String>,
    pub cards: Vec<Gpu>,
    /// Why there are none, or why what they say is not known.
    pub missing: Option<String>,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq, Default)]
pub struct Gpu {
    pub name: String,
    pub memory_total: Option<u64>,
    pub memory_used: Option<u64>,
    /// How much of the last moment it was at work, in percent.
    pub busy_percent: Option<u32>,
    pub celsius: Option<u32>,
    pub milliwatts: Option<u32>,
    /// What it may draw.
    pub most_milliwatts: Option<u32>,
    /// `default`, `exclusive process`, `prohibited`: who may use it.
    pub compute_mode: Option<String>,
}

/// A model came into memory or left it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Swap {
    /// Milliseconds since 1970.
    pub time_ms: u64,
    pub model: String,
    pub what: SwapKind,
}

#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq)]
pub enum SwapKind {
    Loaded {
        seconds: f64,
    },
    /// With the cause, such as that the engine ended.
    Left(String),
}

/// What a persona's last answer took.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
pub struct Spoke {
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// Tokens of the prompt that had to be read.
    pub read: u32,
    pub written: u32,
    /// Tokens a second; 0 where there were none.
    pub read_rate: f64,
    pub write_rate: f64,
}
