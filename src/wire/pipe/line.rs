//! Collecting one line and judging it; the same for the pipe and for a file found in its place.

use super::{MAX_LINE_BYTES, PipeLine};

/// Collects bytes up to a newline and judges the line.
#[derive(Debug, Default)]
pub(super) struct LineBuffer {
    bytes: Vec<u8>,
    too_long: bool,
}

impl LineBuffer {
    /// A line when this byte ends one that is not empty.
    pub fn push(&mut self, byte: u8) -> Option<PipeLine> {
        if byte != b'\n' {
            if self.bytes.len() < MAX_LINE_BYTES {
                self.bytes.push(byte);
            } else {
                self.too_long = true;
            }
            return None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        if std::mem::take(&mut self.too_long) {
            return Some(refused(
                "the line is longer than 4,096 bytes: give a long mission with `batos mission --file`",
            ));
        }
        match String::from_utf8(bytes) {
            Err(_) => Some(refused("the line is not valid UTF-8")),
            Ok(line) if line.contains('\0') => Some(refused("the line has a zero byte in it")),
            Ok(line) => match line.trim() {
                "" => None,
                line => Some(PipeLine::Mission(line.to_owned())),
            },
        }
    }
}

fn refused(why: &str) -> PipeLine {
    PipeLine::Refused(why.to_owned())
}
