//! The way out: frames to the kernel, whole and one after the other, from whichever thread has something to say.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::note;
use crate::wire::engine::FromEngine;
use crate::wire::frame;

/// A handle to the kernel's end of the pipe; cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    stream: Arc<Mutex<File>>,
    closed: Arc<AtomicBool>,
}

impl Outbox {
    pub fn new(stream: File) -> Self {
        Self {
            stream: Arc::new(Mutex::new(stream)),
            closed: Arc::default(),
        }
    }

    /// Writes the message at once. A kernel that is gone is remembered in [`Outbox::is_closed`], not reported.
    pub fn send(&self, message: &FromEngine) {
        if self.is_closed() {
            return;
        }
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = frame::write_sync(&mut *stream, message) {
            note(&format!("{error}"));
            self.closed.store(true, Ordering::Relaxed);
        }
    }

    /// True once a message could not be written: nobody listens any more.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}
