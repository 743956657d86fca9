//! A program that is measured: how it is started, how long it takes to show something and to answer a key.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use crate::cli::pty::Pty;

/// Nothing takes longer that is worth waiting for.
const PATIENCE: Duration = Duration::from_secs(30);
/// A program that has written nothing for so long has finished its picture.
const QUIET: Duration = Duration::from_millis(300);
/// The longest wait for that: some never stop.
const MOST: Duration = Duration::from_secs(15);
/// A key that is not answered in this time has no answer.
const NO_ANSWER: Duration = Duration::from_millis(500);
/// From one key's answer to the next key: faster than anybody types.
const BETWEEN_KEYS: Duration = Duration::from_millis(60);

/// How often something took how long, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Times {
    pub count: usize,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub longest_ms: f64,
}

impl Times {
    pub(super) fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let at = |percent: usize| {
            let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times.get(index).map(|time| time.as_secs_f64() * 1000.0)
        };
        Some(Self {
            count: times.len(),
            p50_ms: at(50)?,
            p95_ms: at(95)?,
            longest_ms: at(100)?,
        })
    }
}

/// From starting the program until its screen has something on it.
pub(super) struct Starts {
    /// Anything to read.
    pub paint: Vec<Duration>,
    /// What `told` looks for.
    pub told: Vec<Duration>,
    /// Bytes of the last start, until it had finished its picture.
    pub bytes: u64,
}

/// Starts the program so many times; the last one is left running.
pub(super) fn start(
    make: &dyn Fn() -> anyhow::Result<Command>,
    size: (u16, u16),
    count: u32,
    told: Option<&str>,
) -> anyhow::Result<(Pty, Starts)> {
    let mut starts = Starts {
        paint: Vec::new(),
        told: Vec::new(),
        bytes: 0,
    };
    let mut running = None;
    for _ in 0..count.max(1) {
        // The one before has gone before the next begins.
        drop(running.take());
        let command = make()?;
        let name = command.get_program().to_string_lossy().into_owned();
        let begun = Instant::now();
        let mut pty =
            Pty::start(command, size.0, size.1).with_context(|| format!("cannot start {name}"))?;
        let painted = pty.read_until(PATIENCE, |screen| !screen.contents().trim().is_empty())?;
        anyhow::ensure!(painted, "{name} shows nothing");
        starts.paint.push(begun.elapsed());
        if let Some(text) = told {
            let shown = pty.read_until(PATIENCE, |screen| screen.contents().contains(text))?;
            anyhow::ensure!(shown, "{name} does not show {text}");
            starts.told.push(begun.elapsed());
        }
        pty.settle(QUIET, MOST)?;
        starts.bytes = pty.bytes();
        running = Some(pty);
    }
    let running = running.context("nothing was started")?;
    Ok((running, starts))
}

/// How long keys take to be answered, and how many are not.
#[derive(Debug, Serialize)]
pub(super) struct Answers {
    pub what: &'static str,
    pub times: Option<Times>,
    pub unanswered: u32,
}

/// Presses the keys in turn. An answer is the first byte after a key; what came before is not counted.
pub(super) fn keys(
    pty: &mut Pty,
    what: &'static str,
    keys: &[&[u8]],
    count: u32,
) -> anyhow::Result<Answers> {
    let mut times = Vec::new();
    let mut unanswered = 0;
    for (key, _) in keys.iter().cycle().zip(0..count) {
        pty.settle(BETWEEN_KEYS, MOST)?;
        let pressed = Instant::now();
        pty.send(key)?;
        match pty.read(NO_ANSWER)? {
            Some(_) => times.push(pressed.elapsed()),
            None => unanswered += 1,
        }
    }
    pty.settle(QUIET, MOST)?;
    Ok(Answers {
        what,
        times: Times::of(times),
        unanswered,
    })
}

/// Down and up as the program wants them.
pub(super) fn arrows(pty: &Pty) -> [&'static [u8]; 2] {
    if pty.screen().application_cursor() {
        [b"\x1bOB", b"\x1bOA"]
    } else {
        [b"\x1b[B", b"\x1b[A"]
    }
}
