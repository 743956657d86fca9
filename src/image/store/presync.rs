//! Gives the disk what the engine's journal holds, beside the engine.
//!
//! Whenever the engine writes its memory out it syncs its journal first, under the lock that every commit needs.
//! So a thread syncs the journal's file as it grows, without that lock, and the engine's own sync has
//! little left to do. What fails here shows there.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// The journal is synced after so much more in it.
const PRESYNC_BYTES: u64 = 1024 * 1024;

pub(super) struct Presync {
    /// Bytes since the thread was last told.
    unsynced: AtomicU64,
    /// `None` when this is dropped.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Presync {
    pub(super) fn start(folder: &Path) -> io::Result<Self> {
        let folder = folder.to_owned();
        let (wake, woken) = sync_channel(1);
        let thread = thread::Builder::new()
            .name("image-presync".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    now(&folder);
                }
            })?;
        Ok(Self {
            unsynced: AtomicU64::new(0),
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// So many bytes more are in the journal. Waits for nothing.
    pub(super) fn note(&self, bytes: u64) {
        if self.unsynced.fetch_add(bytes, Ordering::Relaxed) + bytes >= PRESYNC_BYTES
            && let Some(wake) = &self.wake
        {
            self.unsynced.store(0, Ordering::Relaxed);
            // When it is full the thread is about to do just that.
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Presync {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Syncs the journals of a store.
pub(super) fn now(folder: &Path) {
    let journals = fs::read_dir(folder);
    for entry in journals.into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "jnl") {
            let _ = File::open(&path).and_then(|journal| journal.sync_data());
        }
    }
}
