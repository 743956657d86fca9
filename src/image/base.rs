//! Base files: all that is known at one transaction, where the log may begin after it.
//!
//! `base/TID.base` holds versions as they stand in the history, the tags, the call counts and the
//! audit entry of TID, with the chain's hash. Written beside, read back, then renamed: a base that has
//! its name is whole. Header (88 bytes), then chunks (length, number of entries, hash of the body,
//! body), then a chunk without a body whose number is that of all entries. Nothing in it is believed
//! before its hash fits.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::log::{self, ChainHash, LogError};
use super::object::{MissionId, Oid, Tid};
use super::{StoreError, disk};

pub(super) const FOLDER: &str = "base";
const EXTENSION: &str = "base";
const MAGIC: [u8; 8] = *b"BATBASE1";
pub(super) const HEADER_BYTES: usize = 88;
pub(super) const FIELDS_BYTES: usize = 80;
/// Length (8), number of entries (8), hash (32).
pub(super) const CHUNK_HEADER_BYTES: usize = 48;
const CHUNK_BYTES: usize = 256 * 1024;
/// One entry is smaller than this; a longer chunk is damage.
const LONGEST_CHUNK: u64 = 256 * 1024 * 1024;

/// What a base begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub tid: Tid,
    /// Of the transaction TID: what the log's next transaction names as its predecessor.
    pub hash: ChainHash,
    pub last_oid: Oid,
    pub last_mission: MissionId,
}

/// Where an entry belongs in the store. The numbers are stored: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Part {
    History = 1,
    Current = 2,
    Audit = 3,
}

pub(super) struct Entry {
    pub part: Part,
    pub key: Vec<u8>,
    pub sealed: Vec<u8>,
}

/// A base could not be written, or a store not be made of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum BaseError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Header {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.tid.to_le_bytes());
        bytes.extend_from_slice(&self.hash);
        bytes.extend_from_slice(&self.last_oid.to_le_bytes());
        bytes.extend_from_slice(&self.last_mission.to_le_bytes());
        bytes.resize(FIELDS_BYTES, 0);
        let sum = sum_of(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (fields, sum) = bytes.split_first_chunk::<FIELDS_BYTES>()?;
        let (magic, values) = fields.split_first_chunk::<8>()?;
        if *magic != MAGIC || *sum != sum_of(fields) {
            return None;
        }
        let (tid, values) = values.split_first_chunk::<8>()?;
        let (hash, values) = values.split_first_chunk::<32>()?;
        let (last_oid, values) = values.split_first_chunk::<8>()?;
        let last_mission = values.first_chunk::<8>()?;
        Some(Self {
            tid: u64::from_le_bytes(*tid),
            hash: *hash,
            last_oid: u64::from_le_bytes(*last_oid),
            last_mission: u64::from_le_bytes(*last_mission),
        })
    }
}

pub(super) fn sum_of(fields: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    let mut hasher = blake3::Hasher::new();
    hasher.update(fields).finalize_xof().fill(&mut sum);
    sum
}

pub(super) fn path(image: &Path, tid: Tid) -> PathBuf {
    image.join(FOLDER).join(format!("{tid:020}.{EXTENSION}"))
}

/// The bases by their tid.
pub(super) fn all(image: &Path) -> Result<Vec<(Tid, PathBuf)>, LogError> {
    disk::numbered(&image.join(FOLDER), EXTENSION).map_err(log::failed("read", image))
}

/// The newest base; `None` when the log begins at transaction 1.
pub(super) fn newest(image: &Path) -> Result<Option<(Header, PathBuf)>, LogError> {
    let Some((_, path)) = all(image)?.pop() else {
        return Ok(None);
    };
    let header = Reader::open(&path)?.header;
    Ok(Some((header, path)))
}

/// Removes the bases that a newer one stands for.
pub(super) fn remove_before(image: &Path, tid: Tid) -> Result<(), LogError> {
    for (_, path) in all(image)?.iter().filter(|(known, _)| *known < tid) {
        fs::remove_file(path).map_err(log::failed("remove", path))?;
    }
    Ok(())
}

/// Writes a base and puts it in its place when every byte of it was read back.
/// Gives its size in bytes.
///
/// # Errors
/// Nothing has changed then, but for a file that no base's name has.
pub(super) fn write(
    image: &Path,
    header: &Header,
    entries: impl Iterator<Item = Result<Entry, StoreError>>,
) -> Result<u64, BaseError> {
    let beside = write_beside::<BaseError>(image, header, entries.map(|entry| Ok(entry?)))?;
    let mut written = beside.read()?;
    while written.chunk()?.is_some() {}
    Ok(beside.place()?)
}

/// A base that is synced and has no base's name yet. It is gone when this is dropped.
pub(super) struct Beside {
    image: PathBuf,
    header: Header,
    file: tempfile::NamedTempFile,
}

impl Beside {
    pub(super) fn read(&self) -> Result<Reader, LogError> {
        Reader::open(self.file.path())
    }

    /// Gives it its name, in place of one that has it; gives its size in bytes. The caller has read it back.
    pub(super) fn place(self) -> Result<u64, LogError> {
        let folder = self.image.join(FOLDER);
        let failed = |action| log::failed(action, &folder);
        let metadata = self.file.as_file().metadata();
        let bytes = metadata.map_err(failed("read"))?.len();
        let path = path(&self.image, self.header.tid);
        self.file
            .persist(&path)
            .map_err(|error| failed("put a base in place in")(error.error))?;
        disk::sync_folder(&folder).map_err(failed("sync"))?;
        disk::sync_folder(&self.image).map_err(failed("sync"))?;
        Ok(bytes)
    }
}

/// Writes a base beside the others.
///
/// # Errors
/// Also those of the entries. Nothing is left of it then.
pub(super) fn write_beside<E: From<LogError>>(
    image: &Path,
    header: &Header,
    entries: impl Iterator<Item = Result<Entry, E>>,
) -> Result<Beside, E> {
    let folder = image.join(FOLDER);
    let failed = |action| log::failed(action, &folder);
    fs::create_dir_all(&folder).map_err(failed("create"))?;
    let file = disk::unfinished(&folder).map_err(failed("write to"))?;
    let mut writer = Writer {
        file: file.as_file(),
        body: Vec::new(),
        count: 0,
        total: 0,
        unsynced: 0,
    };
    writer
        .file
        .write_all(&header.encode())
        .map_err(failed("write to"))?;
    for entry in entries {
        writer.entry(&entry?).map_err(failed("write to"))?;
    }
    writer.finish().map_err(failed("write to"))?;
    file.as_file().sync_all().map_err(failed("sync"))?;
    Ok(Beside {
        image: image.to_owned(),
        header: *header,
        file,
    })
}

struct Writer<'a> {
    file: &'a File,
    body: Vec<u8>,
    /// Entries in the body.
    count: u64,
    total: u64,
    /// Bytes since the last sync.
    unsynced: usize,
}

impl Writer<'_> {
    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        self.body.push(entry.part as u8);
        for bytes in [&entry.key, &entry.sealed] {
            self.body
                .extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            self.body.extend_from_slice(bytes);
        }
        self.count += 1;
        if self.body.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.count > 0 {
            self.chunk(self.count)?;
            self.total += self.count;
            self.count = 0;
            self.body.clear();
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()?;
        self.chunk(self.total)
    }

    fn chunk(&mut self, count: u64) -> io::Result<()> {
        let mut header = (self.body.len() as u64).to_le_bytes().to_vec();
        header.extend_from_slice(&count.to_le_bytes());
        header.extend_from_slice(&hash_of(&header, &self.body));
        self.file.write_all(&header)?;
        self.file.write_all(&self.body)?;
        self.unsynced += self.body.len();
        if self.unsynced >= disk::SYNC_BYTES {
            self.unsynced = 0;
            self.file.sync_data()?;
        }
        Ok(())
    }
}

pub(super) fn hash_of(counts: &[u8], body: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(counts).update(body);
    *hasher.finalize().as_bytes()
}

/// Reads a base strictly, a chunk at a time.
pub(super) struct Reader {
    pub header: Header,
    path: PathBuf,
    file: BufReader<File>,
    offset: u64,
    total: u64,
    ended: bool,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, LogError> {
        let file = File::open(path).map_err(log::failed("open", path))?;
        let mut file = BufReader::new(file);
        let mut bytes = [0; HEADER_BYTES];
        let header = file.read_exact(&mut bytes).ok();
        let header = header.and_then(|()| Header::decode(&bytes));
        let Some(header) = header else {
            let why = "its header does not have its checksum".to_owned();
            return Err(damaged(path, 0, why));
        };
        Ok(Self {
            header,
            path: path.to_owned(),
            file,
            offset: HEADER_BYTES as u64,
            total: 0,
            ended: false,
        })
    }

    /// The next entries; `None` at the end of a whole base.
    pub(super) fn chunk(&mut self) -> Result<Option<Vec<Entry>>, LogError> {
        if self.ended {
            return Ok(None);
        }
        let at = self.offset;
        let wrong = |path: &Path, why: &str| damaged(path, at, why.to_owned());
        let (count, body) = match self.read_chunk() {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Err(wrong(&self.path, "a part does not have its hash")),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(wrong(&self.path, "it is cut off"));
            }
            Err(error) => return Err(log::failed("read", &self.path)(error)),
        };
        if body.is_empty() {
            let more = self.file.read(&mut [0]);
            let more = more.map_err(log::failed("read", &self.path))?;
            if count != self.total || more > 0 {
                return Err(wrong(&self.path, "it does not end where it says"));
            }
            self.ended = true;
            return Ok(None);
        }
        let entries = entries(&body).filter(|entries| entries.len() as u64 == count);
        let entries = entries.ok_or_else(|| wrong(&self.path, "an entry is not whole"))?;
        self.total += count;
        Ok(Some(entries))
    }

    fn read_chunk(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let mut header = [0; CHUNK_HEADER_BYTES];
        self.file.read_exact(&mut header)?;
        let Some((counts, hash)) = header.split_first_chunk::<16>() else {
            return Ok(None);
        };
        let length = u64::from_le_bytes(counts.first_chunk().copied().unwrap_or_default());
        let count = u64::from_le_bytes(counts.last_chunk().copied().unwrap_or_default());
        if length > LONGEST_CHUNK {
            return Ok(None);
        }
        let mut body = Vec::new();
        (&mut self.file).take(length).read_to_end(&mut body)?;
        if body.len() as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.offset += CHUNK_HEADER_BYTES as u64 + length;
        Ok((*hash == hash_of(counts, &body)).then_some((count, body)))
    }
}

fn entries(mut body: &[u8]) -> Option<Vec<Entry>> {
    let mut found = Vec::new();
    while let Some((part, after)) = body.split_first() {
        let part = [Part::History, Part::Current, Part::Audit]
            .into_iter()
            .find(|known| *known as u8 == *part)?;
        let (key, after) = counted(after)?;
        let (sealed, after) = counted(after)?;
        found.push(Entry {
            part,
            key: key.to_vec(),
            sealed: sealed.to_vec(),
        });
        body = after;
    }
    Some(found)
}

fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, bytes) = bytes.split_first_chunk::<8>()?;
    bytes.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

fn damaged(file: &Path, offset: u64, why: String) -> LogError {
    LogError::Damaged {
        file: file.to_owned(),
        offset,
        why,
    }
}
