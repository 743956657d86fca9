//! The clock behind deadlines: a thread that advances wasmtime's epoch while calls run and sleeps otherwise.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How finely deadlines are kept.
pub(super) const TICK: Duration = Duration::from_millis(10);

#[derive(Default)]
struct Pulse {
    running: usize,
    stopped: bool,
}

/// Dropping the last handle ends the thread.
pub(super) struct Ticker {
    shared: Arc<(Mutex<Pulse>, Condvar)>,
}

/// The clock goes on while one of these lives.
pub(super) struct Running<'a>(&'a Ticker);

impl Ticker {
    pub(super) fn start(engine: wasmtime::Engine) -> io::Result<Arc<Self>> {
        let shared: Arc<(Mutex<Pulse>, Condvar)> = Arc::default();
        let theirs = Arc::clone(&shared);
        thread::Builder::new()
            .name("batos-ticker".into())
            .spawn(move || tick(&engine, &theirs))?;
        Ok(Arc::new(Self { shared }))
    }

    pub(super) fn run(&self) -> Running<'_> {
        self.change(|pulse| pulse.running += 1);
        Running(self)
    }

    fn change(&self, change: impl FnOnce(&mut Pulse)) {
        let (pulse, changed) = &*self.shared;
        change(&mut pulse.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_one();
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.change(|pulse| pulse.running -= 1);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.change(|pulse| pulse.stopped = true);
    }
}

fn tick(engine: &wasmtime::Engine, shared: &(Mutex<Pulse>, Condvar)) {
    loop {
        let (pulse, changed) = shared;
        let guard = pulse.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |pulse: &mut Pulse| pulse.running == 0 && !pulse.stopped;
        let guard = changed
            .wait_while(guard, idle)
            .unwrap_or_else(PoisonError::into_inner);
        if guard.stopped {
            return;
        }
        drop(guard);
        thread::sleep(TICK);
        engine.increment_epoch();
    }
}
