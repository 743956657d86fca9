//! Vectors of texts, computed once a text and model, in a file beside the image.
//!
//! What is in the file follows from the texts and the model, so nothing is lost with it: it is neither synced nor
//! backed up, and whatever in it is damaged is computed again. It is no part of the image, which says alone what is
//! known: a vector whose text is gone is never looked at, and is left behind when the file is written anew.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const MAGIC: [u8; 8] = *b"BATVEC01";
/// Magic (8), hash of the model's name (16), numbers in a vector (4).
const HEADER_BYTES: usize = 28;
/// The start of the hash of a text.
const KEY_BYTES: usize = 16;
/// Before a vector: key and checksum over both.
const BEFORE_BYTES: usize = KEY_BYTES + 4;
/// A model whose vectors are longer is none for texts.
const MOST_NUMBERS: usize = 16_384;
/// So many vectors of texts that are gone may stay in the file.
const STALE: usize = 1_000;

/// What a text is known by.
pub type Key = [u8; KEY_BYTES];

pub fn key_of(text: &str) -> Key {
    start(blake3::hash(text.as_bytes()).as_bytes())
}

fn start<const N: usize>(hash: &[u8]) -> [u8; N] {
    let mut key = [0; N];
    for (to, from) in key.iter_mut().zip(hash) {
        *to = *from;
    }
    key
}

/// Of one model.
#[derive(Default)]
pub struct Vectors {
    path: PathBuf,
    model: String,
    /// Numbers in each; 0 before the first.
    numbers: usize,
    known: HashMap<Key, Vec<f32>>,
    file: Option<File>,
}

impl Vectors {
    /// Those in the file; none where it is missing, damaged, or of another model.
    pub fn open(path: &Path, model: &str) -> Self {
        let mut vectors = Self {
            path: path.to_owned(),
            model: model.to_owned(),
            ..Self::default()
        };
        let content = fs::read(path).unwrap_or_default();
        if let Some(whole) = vectors.read(&content) {
            let opened = File::options().append(true).open(path);
            vectors.file = opened
                .ok()
                .filter(|file| file.set_len(whole as u64).is_ok());
        }
        vectors
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub fn get(&self, key: &Key) -> Option<&[f32]> {
        self.known.get(key).map(Vec::as_slice)
    }

    /// Keeps a vector, here and in the file.
    pub fn add(&mut self, key: Key, vector: Vec<f32>) -> io::Result<()> {
        if vector.is_empty() || vector.len() > MOST_NUMBERS {
            return Ok(());
        }
        if vector.len() != self.numbers {
            // The model is another one than it says.
            self.known.clear();
            self.file = None;
            self.numbers = vector.len();
        }
        let record = record(&key, &vector);
        self.known.insert(key, vector);
        if let Some(file) = &mut self.file {
            return file.write_all(&record);
        }
        self.write_anew()
    }

    /// Leaves out what is not among these, when it is worth it.
    pub fn keep(&mut self, keys: &HashSet<Key>) -> io::Result<()> {
        let stale = self.known.keys().filter(|key| !keys.contains(*key)).count();
        if stale < STALE {
            return Ok(());
        }
        self.known.retain(|key, _| keys.contains(key));
        self.write_anew()
    }

    fn write_anew(&mut self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(folder)?;
        let mut unfinished = tempfile::NamedTempFile::new_in(folder)?;
        unfinished.write_all(&self.header())?;
        for (key, vector) in &self.known {
            unfinished.write_all(&record(key, vector))?;
        }
        unfinished
            .persist(&self.path)
            .map_err(|error| error.error)?;
        self.file = Some(File::options().append(true).open(&self.path)?);
        Ok(())
    }

    fn header(&self) -> Vec<u8> {
        let numbers = u32::try_from(self.numbers).unwrap_or(0);
        let mut header = MAGIC.to_vec();
        header.extend(key_of(&self.model));
        header.extend(numbers.to_le_bytes());
        header
    }

    /// Takes in what is whole and says how long it is; `None` when nothing is.
    fn read(&mut self, content: &[u8]) -> Option<usize> {
        let (header, _) = content.split_at_checked(HEADER_BYTES)?;
        let numbers = u32::from_le_bytes(start(header.get(24..)?));
        self.numbers = usize::try_from(numbers).ok()?;
        if header != self.header() || self.numbers == 0 || self.numbers > MOST_NUMBERS {
            self.numbers = 0;
            return None;
        }
        let length = BEFORE_BYTES + 4 * self.numbers;
        let mut whole = HEADER_BYTES;
        while let Some(bytes) = content.get(whole..whole + length) {
            let key: Key = start(bytes);
            let (_, numbers) = bytes.split_at_checked(BEFORE_BYTES)?;
            let vector: Vec<f32> = numbers
                .chunks_exact(4)
                .map(|number| f32::from_le_bytes(start(number)))
                .collect();
            if record(&key, &vector) != bytes {
                break;
            }
            self.known.insert(key, vector);
            whole += length;
        }
        Some(whole)
    }
}

fn record(key: &Key, vector: &[f32]) -> Vec<u8> {
    let numbers: Vec<u8> = vector
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let mut hash = blake3::Hasher::new();
    hash.update(key).update(&numbers);
    let mut record = key.to_vec();
    record.extend(start::<4>(hash.finalize().as_bytes()));
    record.extend(numbers);
    record
}

/// Of two vectors of length 1; 0 when they are of different models.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
