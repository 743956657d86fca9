//! All integration tests, in one binary so that the heavy libraries are linked once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::pedantic
)]

mod cli;
mod config;
mod edges;
mod engine;
mod gpus;
mod guardian;
mod image;
mod kernel;
mod knowledge;
mod metacognition;
mod method;
mod plan;
mod problems;
mod pty;
mod syntax;
mod system;
mod tui;
mod watchdog;
mod wire;
