//! Reads a GGUF file's header before llama.cpp does.
//!
//! llama.cpp maps the file and believes its header: a file that a broken download cut short would end the
//! process with SIGBUS in the middle of an answer. Here the tensors' places are compared with the file's
//! length first, and what the file is (a language model, an embedding model, a projector) is read from it.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

/// What the header says, as far as the engine needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// `general.architecture`, such as `qwen2`.
    pub architecture: String,
    /// `general.type`: `model`, `adapter`, `mmproj`, …; empty when the file does not say.
    pub kind: String,
    /// `tokenizer.ggml.model`; empty for a file without a vocabulary.
    pub tokenizer: String,
    /// Layers, as `ARCHITECTURE.block_count` says.
    pub blocks: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum GgufError {
    #[error("could not open it")]
    Open(#[source] io::Error),
    #[error("could not read its header")]
    Read(#[source] io::Error),
    #[error("it is not a GGUF file: it does not start with the letters GGUF")]
    NotGguf,
    #[error("it is a GGUF file of version {0}, and versions 2 and 3 are known")]
    Version(u32),
    #[error("it is cut short: it has {has} bytes and needs at least {needs}")]
    Truncated { has: u64, needs: u64 },
    #[error("its header is damaged: {0}")]
    Damaged(&'static str),
}

/// Reads and checks the header of the file; nothing of its tensors is read.
pub fn inspect(path: &Path) -> Result<Header, GgufError> {
    let file = File::open(path).map_err(GgufError::Open)?;
    let length = file.metadata().map_err(GgufError::Open)?.len();
    let mut reader = Reader {
        file: BufReader::with_capacity(256 << 10, file),
        at: 0,
        length,
    };
    reader.header()
}

struct Reader {
    file: BufReader<File>,
    at: u64,
    length: u64,
}

impl Reader {
    fn header(&mut self) -> Result<Header, GgufError> {
        if self.length < 4 || self.bytes::<4>()? != *b"GGUF" {
            return Err(GgufError::NotGguf);
        }
        let version = self.u32()?;
        if !(2..=3).contains(&version) {
            return Err(GgufError::Version(version));
        }
        let tensors = self.u64()?;
        let entries = self.u64()?;
        let mut header = Header::default();
        let mut alignment = 32_u64;
        for _ in 0..entries {
            let key = self.text()?;
            let value_type = self.u32()?;
            match (key.as_str(), value_type) {
                ("general.architecture", STRING) => header.architecture = self.text()?,
                ("general.type", STRING) => header.kind = self.text()?,
                ("tokenizer.ggml.model", STRING) => header.tokenizer = self.text()?,
                ("general.alignment", UINT32) => alignment = u64::from(self.u32()?),
                (key, UINT32) if key.ends_with(".block_count") => header.blocks = self.u32()?,
                (_, value_type) => self.skip_value(value_type)?,
            }
        }
        if header.architecture.is_empty() {
            return Err(GgufError::Damaged("it names no architecture"));
        }
        let needs = self.end_of_tensors(tensors, alignment)?;
        if needs > self.length {
            return Err(GgufError::Truncated {
                has: self.length,
                needs,
            });
        }
        Ok(header)
    }

    /// The length that the file must have to hold every tensor.
    fn end_of_tensors(&mut self, tensors: u64, alignment: u64) -> Result<u64, GgufError> {
        if !alignment.is_power_of_two() {
            return Err(GgufError::Damaged("its alignment is not a power of two"));
        }
        let mut end = 0_u64;
        for _ in 0..tensors {
            self.text()?;
            let dimensions = self.u32()?;
            if dimensions > 8 {
                return Err(GgufError::Damaged("a tensor has more than 8 dimensions"));
            }
            let mut elements = 1_u64;
            for _ in 0..dimensions {
                elements = elements
                    .checked_mul(self.u64()?)
                    .ok_or(GgufError::Damaged("a tensor's size overflows"))?;
            }
            // An element type that is not known here still has its offset inside the file.
            let (block, bytes) = block_of(self.u32()?).unwrap_or((u64::MAX, 1));
            let size = elements.div_ceil(block).checked_mul(bytes);
            let offset = self.u64()?;
            let tensor_end = size.and_then(|size| offset.checked_add(size));
            end = end.max(tensor_end.ok_or(GgufError::Damaged("a tensor's size overflows"))?);
        }
        self.at
            .checked_next_multiple_of(alignment)
            .and_then(|start| start.checked_add(end))
            .ok_or(GgufError::Damaged("a tensor's place overflows"))
    }

    fn skip_value(&mut self, value_type: u32) -> Result<(), GgufError> {
        match value_type {
            STRING => {
                let length = self.u64()?;
                self.skip(length)
            }
            ARRAY => {
                let element = self.u32()?;
                let count = self.u64()?;
                match (element, width_of(element)) {
                    (STRING, _) => {
                        for _ in 0..count {
                            let length = self.u64()?;
                            self.skip(length)?;
                        }
                        Ok(())
                    }
                    (_, Some(width)) => {
                        let bytes = count.checked_mul(width);
                        self.skip(bytes.ok_or(GgufError::Damaged("an array's size overflows"))?)
                    }
                    (_, None) => Err(GgufError::Damaged("an array has an unknown element type")),
                }
            }
            other => match width_of(other) {
                Some(width) => self.skip(width),
                None => Err(GgufError::Damaged("a value has an unknown type")),
            },
        }
    }

    fn text(&mut self) -> Result<String, GgufError> {
        let length = self.u64()?;
        self.claim(length)?;
        let mut bytes = Vec::new();
        let mut limited = self.file.by_ref().take(length);
        limited.read_to_end(&mut bytes).map_err(GgufError::Read)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn u32(&mut self) -> Result<u32, GgufError> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, GgufError> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], GgufError> {
        self.claim(N as u64)?;
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).map_err(GgufError::Read)?;
        Ok(bytes)
    }

    fn skip(&mut self, bytes: u64) -> Result<(), GgufError> {
        self.claim(bytes)?;
        let distance =
            i64::try_from(bytes).map_err(|_| GgufError::Damaged("a value is too long"))?;
        self.file.seek_relative(distance).map_err(GgufError::Read)
    }

    /// Moves the position, refusing what would lie behind the end of the file.
    fn claim(&mut self, bytes: u64) -> Result<(), GgufError> {
        let needs = self.at.saturating_add(bytes);
        if needs > self.length {
            let has = self.length;
            return Err(GgufError::Truncated { has, needs });
        }
        self.at = needs;
        Ok(())
    }
}

const UINT32: u32 = 4;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// Bytes of a GGUF value of fixed width.
fn width_of(value_type: u32) -> Option<u64> {
    match value_type {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// Elements and bytes of a block of a tensor type, by ggml's number of the type.
fn block_of(tensor_type: u32) -> Option<(u64, u64)> {
    Some(match tensor_type {
        0 | 26 => (1, 4),
        1 | 25 | 30 => (1, 2),
        24 => (1, 1),
        27 | 28 => (1, 8),
        2 | 20 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        9 => (32, 36),
        10 => (256, 84),
        11 | 21 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        15 => (256, 292),
        16 | 35 => (256, 66),
        17 => (256, 74),
        18 => (256, 98),
        19 => (256, 50),
        22 => (256, 82),
        23 => (256, 136),
        29 => (256, 56),
        34 => (256, 54),
        39 => (32, 17),
        _ => return None,
    })
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::{GgufError, inspect};
    use std::io::Write as _;

    fn text(bytes: &mut Vec<u8>, text: &str) {
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }

    /// One `Q8_0` tensor of 64 elements at offset 32.
    fn sample() -> Vec<u8> {
        let mut bytes = b"GGUF\x03\0\0\0".to_vec();
        bytes.extend_from_slice(&1_u64.to_le_bytes());
        bytes.extend_from_slice(&3_u64.to_le_bytes());
        text(&mut bytes, "general.architecture");
        bytes.extend_from_slice(&8_u32.to_le_bytes());
        text(&mut bytes, "llama");
        text(&mut bytes, "llama.block_count");
        bytes.extend_from_slice(&4_u32.to_le_bytes());
        bytes.extend_from_slice(&7_u32.to_le_bytes());
        text(&mut bytes, "tokenizer.ggml.tokens");
        bytes.extend_from_slice(&9_u32.to_le_bytes());
        bytes.extend_from_slice(&8_u32.to_le_bytes());
        bytes.extend_from_slice(&2_u64.to_le_bytes());
        text(&mut bytes, "a");
        text(&mut bytes, "bc");
        text(&mut bytes, "weight");
        bytes.extend_from_slice(&1_u32.to_le_bytes());
        bytes.extend_from_slice(&64_u64.to_le_bytes());
        bytes.extend_from_slice(&8_u32.to_le_bytes());
        bytes.extend_from_slice(&32_u64.to_le_bytes());
        bytes.resize(bytes.len().next_multiple_of(32) + 32 + 68, 0);
        bytes
    }

    fn inspect_bytes(bytes: &[u8]) -> Result<super::Header, GgufError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        inspect(file.path())
    }

    #[test]
    fn a_whole_file_is_read_and_every_shorter_one_is_refused() {
        let whole = sample();
        let header = inspect_bytes(&whole).unwrap();
        assert_eq!((header.architecture.as_str(), header.blocks), ("llama", 7));
        for length in 0..whole.len() {
            let error = inspect_bytes(&whole[..length]).unwrap_err();
            let expected = if length < 4 {
                matches!(error, GgufError::NotGguf)
            } else {
                matches!(error, GgufError::Truncated { .. })
            };
            assert!(expected, "{length}: {error:?}");
        }
    }

    #[test]
    fn a_damaged_header_is_an_error_and_takes_no_memory() {
        let whole = sample();
        for at in 0..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                // Any answer will do; it must come, and soon.
                let _ = inspect_bytes(&bytes);
            }
        }
        assert!(matches!(
            inspect_bytes(b"<html>not a model</html>"),
            Err(GgufError::NotGguf)
        ));
    }
}
