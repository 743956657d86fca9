//! A minute in which nobody does anything: what programs write and compute all the same.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::process;
use crate::cli::pty::Pty;

/// From one look at what was written to the next.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// A program that writes nothing for so long has come to rest; some never do.
const QUIET: Duration = Duration::from_millis(300);
const SETTLED: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Idle {
    pub seconds: f64,
    pub bytes: u64,
    /// Of one core; none where the system does not tell.
    pub cpu_percent: Option<f64>,
}

/// All of them at once, so that each has the same minute.
pub(super) fn measure(programs: &mut [&mut Pty], time: Duration) -> anyhow::Result<Vec<Idle>> {
    // What they wrote while others were measured belongs to no minute in which nothing happened.
    for pty in &mut *programs {
        pty.settle(QUIET, SETTLED)?;
    }
    let begun = Instant::now();
    let before: Vec<_> = programs
        .iter()
        .map(|pty| (pty.bytes(), cpu(&process::family(pty.pid()))))
        .collect();
    while begun.elapsed() < time {
        for pty in &mut *programs {
            while pty.read(Duration::ZERO)?.is_some() {}
        }
        sleep(LOOK_PAUSE);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let after = programs.iter().zip(before);
    let idle = after.map(|(pty, (bytes, cpu_before))| Idle {
        seconds,
        bytes: pty.bytes() - bytes,
        cpu_percent: percent(cpu_before, cpu(&process::family(pty.pid())), seconds),
    });
    Ok(idle.collect())
}

/// Time on a processor of all these together.
pub(super) fn cpu(pids: &[u32]) -> Option<Duration> {
    let times = pids.iter().filter_map(|pid| process::cpu_time(*pid));
    times.reduce(|sum, time| sum + time)
}

pub(super) fn percent(
    before: Option<Duration>,
    after: Option<Duration>,
    seconds: f64,
) -> Option<f64> {
    let used = after?.saturating_sub(before?);
    Some(used.as_secs_f64() / seconds * 100.0)
}
