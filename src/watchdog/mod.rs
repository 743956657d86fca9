//! The watchdog: keeps one kernel running, and takes no part in what it does.
//!
//! It holds the missions pipe open, starts the kernel, sees it die or hang, and starts it again. Killing the
//! watchdog takes nothing with it: the kernel goes on, and the next watchdog adopts it. There is one watchdog
//! and one kernel for a home, each proven by the lock on its pid file.

mod journal;
mod kernel;
mod pidfd;
mod probe;
pub mod restarts;
mod signals;
mod supervise;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

pub use crate::wire::pidfile;

use crate::config::{ConfigError, Home};
use crate::metacognition::{Metacognition, StartError};
use crate::wire::pidfile::{Pidfile, PidfileError};
use crate::wire::pipe::{self, PipeError};
use journal::Journal;
use restarts::Patience;
use supervise::Supervisor;

/// What the watchdog watches, and how.
#[derive(Debug, Clone)]
pub struct Options {
    pub home: Home,
    /// Where the kernel listens (setting `link.socket`).
    pub socket: PathBuf,
    /// The named pipe for missions (setting `link.missions`).
    pub missions_pipe: PathBuf,
    /// Another build of the program to run as the kernel (setting `kernel.command`); `None` for this one.
    pub kernel_command: Option<PathBuf>,
    /// Given to the kernel behind its own, such as `--profile P`.
    pub kernel_arguments: Vec<OsString>,
    pub timing: Timing,
}

/// How long the watchdog waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From one probe's answer to the next probe.
    pub probe_every: Duration,
    /// How long one probe may take.
    pub probe_limit: Duration,
    /// Probes in a row without an answer that make a hang.
    pub probe_misses: u32,
    /// How long a kernel may take until its first answer; opening an image can mean rebuilding its store.
    pub start_limit: Duration,
    /// From the request to stop to SIGTERM.
    pub stop_limit: Duration,
    /// From SIGTERM to SIGKILL.
    pub term_limit: Duration,
    pub patience: Patience,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            probe_every: Duration::from_secs(5),
            probe_limit: Duration::from_secs(5),
            probe_misses: 3,
            start_limit: Duration::from_mins(5),
            stop_limit: Duration::from_secs(30),
            term_limit: Duration::from_secs(5),
            patience: Patience::default(),
        }
    }
}

/// Why the watchdog could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum WatchdogError {
    #[error("a watchdog is already at work for this home")]
    AlreadyRunning(#[source] PidfileError),
    #[error(transparent)]
    Pidfile(PidfileError),
    #[error(transparent)]
    Home(#[from] ConfigError),
    #[error(transparent)]
    Pipe(#[from] PipeError),
    #[error(transparent)]
    Log(#[from] StartError),
    #[error("could not {attempt}")]
    System {
        attempt: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("the kernel could not be started from {}", command.display())]
    Spawn {
        command: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the kernel ended {deaths} times and never came up, not even in safe mode: see {}", log.display())]
    GaveUp { deaths: u32, log: PathBuf },
}

/// The process `batos watchdog`: returns when the system is stopped (0) or cannot be kept running (1).
///
/// Must be called in a process without other threads of its own making.
pub fn run(options: &Options) -> ExitCode {
    match watch(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

fn watch(options: &Options) -> Result<(), WatchdogError> {
    let home = &options.home;
    home.create()?;
    let _pidfile = Pidfile::acquire(&home.watchdog_pid()).map_err(|error| match error {
        PidfileError::Held { .. } => WatchdogError::AlreadyRunning(error),
        PidfileError::Io { .. } => WatchdogError::Pidfile(error),
    })?;
    let missions = pipe::prepare(&options.missions_pipe)?;
    let (metacognition, _guard) = Metacognition::start(&home.logs(), "watchdog")?;
    let journal = Journal::new(metacognition);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| WatchdogError::System {
            attempt: "start the watchdog's runtime",
            source,
        })?;
    journal.started();
    let outcome =
        runtime.block_on(async { Supervisor::new(options, &journal, missions)?.run().await });
    journal.ended(outcome.as_ref().err());
    outcome
}

/// To stderr, which is the watchdog's log when `up` started it. There is nobody left to tell of a failure.
fn report(error: &WatchdogError) {
    let mut text = format!("error: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    let _ = writeln!(io::stderr(), "{text}");
}
