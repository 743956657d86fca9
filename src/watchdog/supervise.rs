//! The watchdog's course of action: start or adopt, look after, stop.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::Instant;

use nix::sys::signal::Signal;
use tokio::time::{sleep, timeout};

use super::journal::Journal;
use super::kernel::{End, Kernel};
use super::probe::{Answer, ask_to_stop, probe};
use super::restarts::{Restarts, Verdict};
use super::signals::Signals;
use super::{Options, Timing, WatchdogError};
use crate::wire::pipe;

pub(super) struct Supervisor<'a> {
    options: &'a Options,
    journal: &'a Journal,
    missions: OwnedFd,
    signals: Signals,
    restarts: Restarts,
    socket: PathBuf,
}

/// What ended one kernel's time.
enum Outcome {
    /// By itself or by the watchdog's hand.
    Ended(End),
    /// The watchdog was asked to stop; the kernel still runs.
    StopAsked,
    Hangs,
}

impl<'a> Supervisor<'a> {
    pub fn new(
        options: &'a Options,
        journal: &'a Journal,
        missions: OwnedFd,
    ) -> Result<Self, WatchdogError> {
        Ok(Self {
            options,
            journal,
            missions,
            signals: Signals::new().map_err(system("listen for signals"))?,
            restarts: Restarts::new(options.timing.patience),
            socket: options.socket.clone(),
        })
    }

    /// Returns when the kernel was stopped, or when none can be kept running.
    pub async fn run(mut self) -> Result<(), WatchdogError> {
        loop {
            let started = Instant::now();
            let mut kernel = self.obtain()?;
            let how = match self.look_after(&mut kernel).await? {
                Outcome::StopAsked => {
                    self.journal.stopping();
                    return self.stop(&mut kernel).await;
                }
                Outcome::Ended(End::Stopped) => {
                    self.journal.kernel_stopped(kernel.pid());
                    return Ok(());
                }
                Outcome::Ended(End::Died(how)) => how,
                Outcome::Hangs => {
                    self.journal.kernel_hangs(kernel.pid());
                    self.end(&mut kernel).await?;
                    "it was hanging".to_owned()
                }
            };
            self.journal.kernel_died(kernel.pid(), &how);
            if !self.await_next(started).await? {
                return Ok(());
            }
        }
    }

    /// A running kernel that has no watchdog goes before a new one: there must never be two.
    fn obtain(&mut self) -> Result<Kernel, WatchdogError> {
        let pidfile = self.options.home.kernel_pid();
        let adopted = Kernel::adopt(&pidfile).map_err(system("look for a running kernel"))?;
        if let Some(kernel) = adopted {
            self.journal.kernel_adopted(kernel.pid());
            return Ok(kernel);
        }
        match pipe::prepare(&self.options.missions_pipe) {
            // The same pipe, unless somebody has replaced it meanwhile; what is in it stays.
            Ok(missions) => self.missions = missions,
            Err(error) => self.journal.pipe_in_trouble(&error),
        }
        let (restarts, safe_mode) = (self.restarts.count(), self.restarts.safe_mode());
        let kernel = Kernel::start(self.options, &self.missions, restarts, safe_mode)?;
        self.journal
            .kernel_started(kernel.pid(), restarts, safe_mode);
        Ok(kernel)
    }

    async fn look_after(&mut self, kernel: &mut Kernel) -> Result<Outcome, WatchdogError> {
        let pid = kernel.pid();
        let timing = &self.options.timing;
        let restarts = &mut self.restarts;
        tokio::select! {
            biased;
            end = kernel.ended() => end
                .map(Outcome::Ended)
                .map_err(system("wait for the kernel")),
            () = self.signals.stop() => Ok(Outcome::StopAsked),
            () = until_it_hangs(pid, &self.socket, timing, self.journal, restarts) => Ok(Outcome::Hangs),
        }
    }

    /// Waits for the time to start the next kernel; false when the watchdog is asked to stop meanwhile.
    async fn await_next(&mut self, started: Instant) -> Result<bool, WatchdogError> {
        let patience = self.options.timing.patience;
        let pause = match self.restarts.died(started, Instant::now(), jitter()) {
            Verdict::Again(pause) => pause,
            Verdict::SafeMode => {
                self.journal
                    .breaker_opened(patience.deaths, patience.within.as_secs());
                return Ok(true);
            }
            Verdict::GiveUp => {
                return Err(WatchdogError::GaveUp {
                    deaths: self.restarts.count(),
                    log: self.options.home.kernel_log(),
                });
            }
        };
        Ok(tokio::select! {
            () = self.signals.stop() => false,
            () = sleep(pause) => true,
        })
    }

    /// Asks, then (at once when it cannot be asked) signals, then kills. A second request to stop does not wait for the first.
    async fn stop(&mut self, kernel: &mut Kernel) -> Result<(), WatchdogError> {
        let limit = self.options.timing.stop_limit;
        let socket = &self.socket;
        let obeyed = {
            let asked = async {
                if let Answer::Alive | Answer::Troubled(_) = ask_to_stop(socket, limit).await {
                    // It has heard: from here on only its end counts.
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                biased;
                end = kernel.ended() => Some(end.map_err(system("wait for the kernel"))?),
                () = self.signals.stop() => None,
                () = asked => None,
                () = sleep(limit) => None,
            }
        };
        if obeyed.is_none() {
            self.end(kernel).await?;
        }
        self.journal.kernel_stopped(kernel.pid());
        Ok(())
    }

    /// SIGTERM, and after a while SIGKILL. Returns when it is gone.
    async fn end(&self, kernel: &mut Kernel) -> Result<(), WatchdogError> {
        self.journal.escalated(kernel.pid(), "SIGTERM");
        kernel
            .signal(Signal::SIGTERM)
            .map_err(system("end the kernel"))?;
        let limit = self.options.timing.term_limit;
        if timeout(limit, kernel.ended()).await.is_err() {
            self.journal.escalated(kernel.pid(), "SIGKILL");
            kernel
                .signal(Signal::SIGKILL)
                .map_err(system("kill the kernel"))?;
            kernel
                .ended()
                .await
                .map_err(system("wait for the kernel"))?;
        }
        Ok(())
    }
}

/// Probes the kernel and returns when it no longer answers.
async fn until_it_hangs(
    pid: u32,
    socket: &std::path::Path,
    timing: &Timing,
    journal: &Journal,
    restarts: &mut Restarts,
) {
    let started = Instant::now();
    let mut ready = false;
    let mut misses = 0;
    loop {
        match probe(socket, timing.probe_limit).await {
            Answer::Alive | Answer::Troubled(_) if !ready => {
                ready = true;
                misses = 0;
                restarts.answered();
                journal.kernel_ready(pid, started.elapsed().as_secs_f64());
            }
            Answer::Alive => misses = 0,
            Answer::Troubled(what) => {
                misses = 0;
                journal.kernel_troubled(pid, &what);
            }
            Answer::Stranger(why) => {
                journal.kernel_troubled(pid, &why);
                // It lives, and more cannot be learnt: only its death counts from here on.
                std::future::pending::<()>().await;
            }
            Answer::Missed(why) if ready => {
                misses += 1;
                journal.probe_missed(pid, misses, &why);
                if misses >= timing.probe_misses {
                    return;
                }
            }
            Answer::Missed(_) if started.elapsed() >= timing.start_limit => return,
            Answer::Missed(_) => {}
        }
        // Until its first answer it is asked more often, so that the log tells when it was ready.
        sleep(if ready {
            timing.probe_every
        } else {
            timing.probe_every / 50
        })
        .await;
    }
}

fn system(attempt: &'static str) -> impl Fn(io::Error) -> WatchdogError {
    move |source| WatchdogError::System { attempt, source }
}

/// Between 0 and 1, different each time.
fn jitter() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(random >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}
