//! BAT OS: a terminal workbench in which local language models write methods, a model-free guardian
//! judges them, and a transactional Living Image keeps them.
//!
//! One binary plays every part: workbench, watchdog, kernel and engine are modes of `batos`. Modules
//! depend on each other in one direction only; `docs/ARCHITECTURE.md` has the map, and a test holds it.

pub mod cli;
pub mod config;
pub mod engine;
pub mod guardian;
pub mod image;
pub mod kernel;
pub mod knowledge;
pub mod metacognition;
pub mod method;
pub mod persona;
pub mod syntax;
pub mod tui;
pub mod watchdog;
pub mod wire;
