//! What a person sees while a file comes: one line that is drawn again on a terminal, else a plain line at
//! each tenth. Never on stdout, which belongs to the command's result.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line on a terminal is drawn again.
const REDRAW: Duration = Duration::from_millis(100);

pub struct Progress {
    out: Box<dyn Write + Send>,
    terminal: bool,
    name: String,
    done: u64,
    total: Option<u64>,
    /// Bytes that were there when this run started, for an honest rate.
    before: u64,
    started: Instant,
    drawn: Option<Instant>,
    tenths: u64,
}

impl Progress {
    /// To stderr.
    pub fn on_stderr() -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self::to(Box::new(std::io::stderr()), terminal)
    }

    pub fn to(out: Box<dyn Write + Send>, terminal: bool) -> Self {
        Self {
            out,
            terminal,
            name: String::new(),
            done: 0,
            total: None,
            before: 0,
            started: Instant::now(),
            drawn: None,
            tenths: 0,
        }
    }

    /// Begins a file of which `done` bytes are there.
    pub fn start(&mut self, name: &str, done: u64, total: Option<u64>) {
        name.clone_into(&mut self.name);
        self.done = done;
        self.before = done;
        self.total = total.filter(|total| *total > 0);
        self.started = Instant::now();
        self.tenths = self.tenth();
        self.draw(true);
    }

    pub fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        self.draw(false);
    }

    /// Puts the count back to what is really there, after something was thrown away.
    pub fn set(&mut self, done: u64) {
        self.done = done;
        self.draw(false);
    }

    pub fn finish(&mut self) {
        if self.terminal && self.drawn.take().is_some() {
            self.draw(true);
            self.write("\n");
            self.drawn = None;
        }
    }

    /// A line of its own.
    pub fn say(&mut self, text: &str) {
        if self.terminal && self.drawn.take().is_some() {
            self.write("\r\x1b[K");
        }
        self.write(&format!("{text}\n"));
    }

    fn draw(&mut self, now: bool) {
        if self.terminal {
            if now || self.drawn.is_none_or(|drawn| drawn.elapsed() >= REDRAW) {
                self.drawn = Some(Instant::now());
                let line = self.line();
                self.write(&format!("\r{line}\x1b[K"));
            }
        } else if self.tenth() > self.tenths {
            self.tenths = self.tenth();
            let line = self.line();
            self.write(&format!("{line}\n"));
        }
    }

    fn tenth(&self) -> u64 {
        self.total
            .map_or(0, |total| self.done.saturating_mul(10) / total)
    }

    fn line(&self) -> String {
        let seconds = self.started.elapsed().as_secs().max(1);
        let rate = self.done.saturating_sub(self.before) / seconds;
        let megabytes = |bytes: u64| format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10);
        let Some(total) = self.total else {
            return format!(
                "{}  {}  {}/s",
                self.name,
                megabytes(self.done),
                megabytes(rate)
            );
        };
        let percent = self
            .done
            .saturating_mul(100)
            .checked_div(total)
            .unwrap_or(0)
            .min(100);
        let left = total.saturating_sub(self.done).checked_div(rate);
        let left = left
            .filter(|left| *left > 0)
            .map(|s| format!("  {}:{:02} left", s / 60, s % 60));
        let filled = usize::try_from(percent / 5).unwrap_or(0);
        let bar = if self.terminal {
            format!(
                "[{}{}] ",
                "#".repeat(filled),
                " ".repeat(20_usize.saturating_sub(filled))
            )
        } else {
            String::new()
        };
        format!(
            "{}  {bar}{percent}%  {} of {}  {}/s{}",
            self.name,
            megabytes(self.done),
            megabytes(total),
            megabytes(rate),
            left.unwrap_or_default()
        )
    }

    /// Whoever closed stderr has no use for progress; the fetch goes on.
    fn write(&mut self, text: &str) {
        let _ = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
    }
}
