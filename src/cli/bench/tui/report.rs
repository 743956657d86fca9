//! What was measured, as one JSON document or as a table.

use serde::Serialize;

use super::idle::Idle;
use super::subject::{Answers, Starts, Times};
use crate::cli::output::table;

#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub version: &'static str,
    pub columns: u16,
    pub rows: u16,
    pub log_lines: u32,
    pub log_bytes: u64,
    pub stream: Streamed,
    /// Watchdog, kernel and engine in the idle minute.
    pub system_cpu_percent: Option<f64>,
    /// The workbench first.
    pub programs: Vec<Program>,
}

/// The workbench while a mission is written.
#[derive(Debug, Serialize)]
pub(super) struct Streamed {
    pub seconds: f64,
    pub tokens_per_second: u64,
    /// Of the tokens alone.
    pub text_bytes: u64,
    pub bytes: u64,
    pub cpu_percent: Option<f64>,
}

#[derive(Debug, Serialize)]
pub(super) struct Program {
    pub name: String,
    pub first_paint: Option<Times>,
    /// From the start until what the kernel told is on the screen.
    pub attached: Option<Times>,
    /// Bytes until the first picture had come to rest.
    pub start_bytes: u64,
    pub keys: Vec<Answers>,
    pub idle: Option<Idle>,
    pub resident_bytes: Option<u64>,
    /// Of these, what no other process of the same program shares.
    pub own_bytes: Option<u64>,
}

impl Program {
    pub(super) fn new(name: &str, starts: Starts, keys: Vec<Answers>) -> Self {
        Self {
            name: name.to_owned(),
            first_paint: Times::of(starts.paint),
            attached: Times::of(starts.told),
            start_bytes: starts.bytes,
            keys,
            idle: None,
            resident_bytes: None,
            own_bytes: None,
        }
    }

    fn row(&self) -> Vec<String> {
        let pair = |times: Option<Times>| {
            times.map_or_else(
                || "–".to_owned(),
                |times| format!("{:.1} / {:.1}", times.p50_ms, times.p95_ms),
            )
        };
        let keys = self.keys.iter().map(|answers| {
            let unanswered = match answers.unanswered {
                0 => String::new(),
                count => format!(", {count} unanswered"),
            };
            format!("{} {}{unanswered}", answers.what, pair(answers.times))
        });
        let memory = match (self.resident_bytes, self.own_bytes) {
            (Some(all), Some(own)) => format!("{} ({} own)", mib(all), mib(own)),
            _ => "n/a".to_owned(),
        };
        vec![
            self.name.clone(),
            pair(self.first_paint),
            pair(self.attached),
            self.start_bytes.to_string(),
            keys.collect::<Vec<_>>().join("; "),
            self.idle
                .map_or_else(|| "–".to_owned(), |idle| idle.bytes.to_string()),
            percent(self.idle.and_then(|idle| idle.cpu_percent)),
            memory,
        ]
    }
}

impl Report {
    pub(super) fn text(&self) -> String {
        let rows: Vec<_> = self.programs.iter().map(Program::row).collect();
        let idle = self.programs.first().and_then(|program| program.idle);
        let Streamed {
            seconds,
            tokens_per_second,
            text_bytes,
            bytes,
            cpu_percent,
        } = &self.stream;
        format!(
            "A terminal of {}x{}; times in ms, p50 / p95; the log has {} lines, {}.\n\n{}\n\
             Idle: {:.0} s. Watchdog, kernel and engine had {} of a core in that time.\n\
             Streaming: {seconds:.0} s at {tokens_per_second} tokens/s: {bytes} bytes to the terminal for {text_bytes} bytes of text, {} of a core.\n",
            self.columns,
            self.rows,
            self.log_lines,
            mib(self.log_bytes),
            table(
                &[
                    "PROGRAM",
                    "FIRST PAINT",
                    "ATTACHED",
                    "BYTES",
                    "KEY TO FIRST BYTE",
                    "IDLE BYTES",
                    "IDLE CPU",
                    "MEMORY"
                ],
                &rows,
            ),
            idle.map_or(0.0, |idle| idle.seconds),
            percent(self.system_cpu_percent),
            percent(*cpu_percent),
        )
    }
}

fn percent(figure: Option<f64>) -> String {
    figure.map_or_else(|| "n/a".to_owned(), |percent| format!("{percent:.2} %"))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nothing here comes near 2 to the power of 52"
)]
fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
