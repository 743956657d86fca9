//! What the watchdog is told by signals: SIGTERM and SIGINT ask it to stop, SIGHUP is nothing to it.

use std::io;

use nix::sys::signal::{SigHandler, Signal as Number};
use tokio::signal::unix::{Signal, SignalKind, signal};

#[derive(Debug)]
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn new() -> io::Result<Self> {
        // Not by a handler: only what is ignored stays so in the kernel that is started from here.
        // SAFETY: ignoring a signal installs no handler.
        unsafe { nix::sys::signal::signal(Number::SIGHUP, SigHandler::SigIgn) }?;
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits until the watchdog is asked to stop. Cancel safe.
    pub async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
