//! The judging of lines from the named pipe, without the pipe.

#[path = "../../src/wire/pipe/line.rs"]
mod line;

pub use crate::wire::pipe::{MAX_LINE_BYTES, PipeLine};

pub fn lines(bytes: &[u8]) -> Vec<PipeLine> {
    let mut buffer = line::LineBuffer::default();
    bytes.iter().filter_map(|byte| buffer.push(*byte)).collect()
}
