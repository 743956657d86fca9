//! What the watchdog writes into the metacognition log, one method an event.

use crate::metacognition::{Entry, LogLevel, Metacognition};

use super::WatchdogError;
use crate::wire::pipe::PipeError;

#[derive(Debug)]
pub(super) struct Journal {
    log: Metacognition,
}

impl Journal {
    pub fn new(log: Metacognition) -> Self {
        Self { log }
    }

    fn say(&self, level: LogLevel, event: &str, text: impl Into<String>) {
        self.log.record(Entry::new(level, event, text));
    }

    pub fn started(&self) {
        let pid = std::process::id();
        self.log.record(
            Entry::new(
                LogLevel::Info,
                "watchdog.started",
                format!("watchdog {pid} is at work"),
            )
            .field("pid", pid),
        );
    }

    pub fn ended(&self, error: Option<&WatchdogError>) {
        match error {
            None => self.say(LogLevel::Info, "watchdog.ended", "the system is stopped"),
            Some(error) => self.say(LogLevel::Error, "watchdog.failed", error.to_string()),
        }
    }

    pub fn kernel_started(&self, pid: u32, restarts: u32, safe_mode: bool) {
        let how = if safe_mode { " in safe mode" } else { "" };
        self.log.record(
            Entry::new(
                LogLevel::Info,
                "kernel.started",
                format!("kernel {pid} started{how}"),
            )
            .field("pid", pid)
            .field("restarts", restarts)
            .field("safe_mode", safe_mode),
        );
    }

    pub fn kernel_adopted(&self, pid: u32) {
        self.log.record(
            Entry::new(
                LogLevel::Info,
                "kernel.adopted",
                format!("kernel {pid} was running without a watchdog and is watched again"),
            )
            .field("pid", pid),
        );
    }

    pub fn kernel_ready(&self, pid: u32, seconds: f64) {
        self.log.record(
            Entry::new(
                LogLevel::Info,
                "kernel.ready",
                format!("kernel {pid} answers after {seconds:.1} s"),
            )
            .field("pid", pid)
            .field("seconds", seconds),
        );
    }

    pub fn kernel_died(&self, pid: u32, how: &str) {
        self.log.record(
            Entry::new(
                LogLevel::Error,
                "kernel.died",
                format!("kernel {pid} ended: {how}"),
            )
            .field("pid", pid)
            .field("how", how),
        );
    }

    pub fn kernel_stopped(&self, pid: u32) {
        self.log.record(
            Entry::new(
                LogLevel::Info,
                "kernel.stopped",
                format!("kernel {pid} stopped as it should"),
            )
            .field("pid", pid),
        );
    }

    pub fn probe_missed(&self, pid: u32, misses: u32, why: &str) {
        self.log.record(
            Entry::new(
                LogLevel::Warn,
                "kernel.silent",
                format!("kernel {pid} did not answer probe {misses} in a row: {why}"),
            )
            .field("pid", pid)
            .field("misses", misses),
        );
    }

    pub fn kernel_troubled(&self, pid: u32, what: &str) {
        self.log.record(
            Entry::new(
                LogLevel::Warn,
                "kernel.troubled",
                format!("kernel {pid} says: {what}"),
            )
            .field("pid", pid),
        );
    }

    pub fn kernel_hangs(&self, pid: u32) {
        self.log.record(
            Entry::new(
                LogLevel::Error,
                "kernel.hung",
                format!("kernel {pid} hangs: it is ended and started again"),
            )
            .field("pid", pid),
        );
    }

    pub fn breaker_opened(&self, deaths: usize, seconds: u64) {
        self.say(
            LogLevel::Error,
            "breaker.open",
            format!(
                "the kernel died {deaths} times within {seconds} s: it runs in safe mode now, where the image can \
                 be read and missions wait; see logs/kernel.log, then `batos down` and `batos up`"
            ),
        );
    }

    pub fn pipe_in_trouble(&self, error: &PipeError) {
        self.say(LogLevel::Warn, "pipe.trouble", error.to_string());
    }

    pub fn stopping(&self) {
        self.say(
            LogLevel::Info,
            "watchdog.stopping",
            "the kernel is asked to stop",
        );
    }

    pub fn escalated(&self, pid: u32, signal: &'static str) {
        self.log.record(
            Entry::new(
                LogLevel::Warn,
                "kernel.signalled",
                format!("kernel {pid} is sent {signal}"),
            )
            .field("pid", pid)
            .field("signal", signal),
        );
    }
}
