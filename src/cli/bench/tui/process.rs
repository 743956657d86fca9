//! What a running process has used, as the system tells. Elsewhere than on Linux it tells nothing.

use std::fs;
use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};

/// Time on a processor that all threads of the process have had.
pub(super) fn cpu_time(pid: u32) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may have anything in it; user and system time are the 12th and 13th after it.
    let (_, fields) = text.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    let ticks = times.next()?.ok()? + times.next()?.ok()?;
    let per_second = sysconf(SysconfVar::CLK_TCK).ok()??;
    let per_second = u64::try_from(per_second).ok().filter(|rate| *rate > 0)?;
    Some(Duration::from_millis(ticks * 1000 / per_second))
}

/// Bytes of memory that the process holds now.
pub(super) fn resident_bytes(pid: u32) -> Option<u64> {
    status(pid, "VmRSS:").map(|kib| kib * 1024)
}

/// Bytes of memory that only this process holds: what its program file has in memory is shared by all of its kind.
pub(super) fn own_bytes(pid: u32) -> Option<u64> {
    status(pid, "RssAnon:").map(|kib| kib * 1024)
}

/// Processes whose parent, or a parent's parent, this one is; itself included.
pub(super) fn family(pid: u32) -> Vec<u32> {
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        let path = format!("/proc/{parent}/task/{parent}/children");
        let children = fs::read_to_string(path).unwrap_or_default();
        family.extend(
            children
                .split_whitespace()
                .filter_map(|pid| pid.parse::<u32>().ok()),
        );
        next += 1;
    }
    family
}

fn status(pid: u32, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
