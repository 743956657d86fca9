//! Where things are (`home`), how they are set (`settings`) and which models play the personas (`profile`).
//!
//! Everything here is read once, before a part starts; nothing is global and nothing changes later. What
//! is wrong in a file is told with the file, the line and the nearest name that would have been right.

mod choose;
mod embedding;
mod environment;
mod error;
mod gpu;
mod home;
mod keys;
mod known;
mod memory;
mod nearest;
mod profile;
mod settings;

pub use choose::choose_profile;
pub use embedding::Embedding;
pub use environment::Environment;
pub use error::{ConfigError, Place};
pub use gpu::{default_profile, largest_mib};
pub use home::Home;
pub use known::{Known, SETTINGS, document};
pub use memory::MainMemory;
pub use nearest::nearest;
pub use profile::{Model, PERSONAS, PersonaSpec, Profile, Source};
pub use settings::{
    EngineSettings, KeySetting, MissionSettings, Overrides, PersonaOverride, SandboxSettings,
    Settings, TerminalSettings,
};
