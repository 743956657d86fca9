//! The newest acknowledged tid, noted beside the store.
//!
//! The storage engine takes damage inside its journal for a torn end and cuts off what follows,
//! silently. This note is how such a loss is seen. It is written after the sync of each group and
//! not synced itself: after a power cut it may be older than the store, never newer.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::Tid;

pub(super) const FILE: &str = "newest";
const NOTE_BYTES: usize = 16;

pub(super) struct Newest {
    file: File,
}

impl Newest {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(FILE))?;
        Ok(Self { file })
    }

    /// `None` when there is no readable note, as after a power cut.
    pub(super) fn read(&self) -> io::Result<Option<Tid>> {
        let mut note = [0; NOTE_BYTES];
        match self.file.read_exact_at(&mut note, 0) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let [tid, _] = halves(note);
        let tid = Tid::from_le_bytes(tid);
        Ok((note == encode(tid)).then_some(tid))
    }

    pub(super) fn write(&self, tid: Tid) -> io::Result<()> {
        self.file.write_all_at(&encode(tid), 0)
    }
}

/// The tid, then the first bytes of its hash.
fn encode(tid: Tid) -> [u8; NOTE_BYTES] {
    let tid = tid.to_le_bytes();
    let hash = blake3::hash(&tid);
    let mut note = [0; NOTE_BYTES];
    for (to, from) in note.iter_mut().zip(tid.iter().chain(hash.as_bytes())) {
        *to = *from;
    }
    note
}

fn halves(note: [u8; NOTE_BYTES]) -> [[u8; 8]; 2] {
    let mut halves = [[0; 8]; 2];
    for (to, from) in halves.iter_mut().flatten().zip(note) {
        *to = from;
    }
    halves
}
