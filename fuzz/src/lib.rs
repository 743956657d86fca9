//! The parts of the program that take in bytes from outside, for the fuzzers.
//!
//! By path and not as a package, so that no fuzzer has to build the engine. What the fuzzers reach
//! besides the public functions is `image::fuzz`.

#![allow(
    dead_code,
    unused_imports,
    reason = "the fuzzers use a part of what they are made of"
)]

#[path = "../../src/image/mod.rs"]
pub mod image;
#[path = "../../src/wire/mod.rs"]
pub mod wire;

pub mod examples;
pub mod pipe_line;
