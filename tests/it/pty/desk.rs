//! A terminal with a shell in it that runs the workbench, and what was written to it.

use std::process::Command;
use std::time::{Duration, Instant};

use batos::cli::pty::Pty;
use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{InputFlags, Termios, tcgetattr};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::system::home::{GOOD_DEPOSIT, TestHome};

/// Longest wait for anything; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(60);
/// From one look to the next while nothing is written.
const LOOK: Duration = Duration::from_millis(50);

pub const BRIEF: &str = "have Account take in what is paid, but refuse nothing";
/// The row of the mission that this makes, once it is done.
pub const DONE: &str = "✓ 1 Account.deposit";

pub struct Desk {
    pty: Pty,
    raw: Vec<u8>,
    /// The line's modes before the workbench.
    before: Termios,
}

impl Desk {
    /// Opens the workbench of this home.
    pub fn open(home: &TestHome) -> Self {
        Self::run(home.command(&[]), 120, 40)
    }

    /// The shell stays when the program has ended, as a person's does: the end of a session's first process
    /// would put the line's modes right by itself.
    pub fn run(command: Command, columns: u16, rows: u16) -> Self {
        let mut shell = Command::new("sh");
        let script = r#""$@"; printf 'ended with %s\n' $?; read line"#;
        shell.args(["-c", script, "sh"]).arg(command.get_program());
        shell.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
        for name in ["COLORTERM", "NO_COLOR", "TMUX", "STY", "LINES", "COLUMNS"] {
            shell.env_remove(name);
        }
        // Of another line: on a busy machine the workbench has changed those of its own before they are read.
        let before = tcgetattr(&openpty(None, None).unwrap().slave).unwrap();
        let pty = Pty::start(shell, columns, rows).unwrap();
        Self {
            pty,
            raw: Vec::new(),
            before,
        }
    }

    pub fn text(&self) -> String {
        self.pty.screen().contents()
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.pty.screen()
    }

    /// Everything that was written to the terminal.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Reads until the screen has this.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |desk| desk.text().contains(text))
    }

    /// The kernel has told what there is.
    #[track_caller]
    pub fn attached(&mut self) -> &mut Self {
        self.shows("● kernel")
    }

    /// Leaves the tour of a new home, and then the composer.
    #[track_caller]
    pub fn goes_to_the_panes(&mut self) -> &mut Self {
        self.shows("Welcome to BAT OS")
            .keys("\x1b")
            .shows("the tour is left");
        self.keys("\x1b").shows("i compose")
    }

    #[track_caller]
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> &mut Self {
        let since = Instant::now();
        while !holds(self) {
            assert!(
                since.elapsed() < PATIENCE,
                "waited in vain for {what}; the screen:\n{}",
                self.text()
            );
            self.read(LOOK);
        }
        self
    }

    /// Reads what comes until nothing does for so long.
    pub fn settle(&mut self, quiet: Duration) -> &mut Self {
        while self.read(quiet) {}
        self
    }

    fn read(&mut self, patience: Duration) -> bool {
        let chunk = self.pty.read(patience).unwrap();
        let came = chunk.is_some();
        self.raw.extend(chunk.unwrap_or_default());
        came
    }

    pub fn keys(&mut self, keys: &str) -> &mut Self {
        self.pty.send(keys.as_bytes()).unwrap();
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.pty.resize(columns, rows).unwrap();
        self
    }

    /// Types words and has them run, as two Enters do.
    #[track_caller]
    pub fn mission(&mut self, words: &str) -> &mut Self {
        self.attached().keys(words).shows(words);
        self.keys("\r")
            .shows("Understood: teach Account deposit")
            .keys("\r")
    }

    /// The process of the workbench.
    pub fn workbench(&self) -> Pid {
        let shell = self.pty.pid();
        let path = format!("/proc/{shell}/task/{shell}/children");
        let since = Instant::now();
        loop {
            let children = std::fs::read_to_string(&path).unwrap();
            if let Some(pid) = children.split_whitespace().next() {
                return Pid::from_raw(pid.parse().unwrap());
            }
            assert!(since.elapsed() < PATIENCE, "the shell has started nothing");
            std::thread::sleep(LOOK);
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.workbench(), signal).unwrap();
    }

    /// The workbench has ended so, and the terminal is as it was.
    #[track_caller]
    pub fn is_given_back(&mut self, code: i32) {
        self.shows(&format!("ended with {code}"));
        let screen = self.pty.screen();
        assert!(!screen.alternate_screen(), "the alternate screen");
        assert!(!screen.bracketed_paste(), "bracketed paste");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.application_cursor(), "the cursor keys");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        let raw = self.raw();
        for (on, off) in [
            ("\x1b[?1004h", "\x1b[?1004l"),
            ("\x1b[?2026h", "\x1b[?2026l"),
        ] {
            assert!(raw.rfind(on) < raw.rfind(off), "{on:?} is left on");
        }
        // `stty sane` and `reset-term` have a break interrupt, whether it did before or not.
        let after = self.pty.modes().unwrap();
        self.before.input_flags |= InputFlags::BRKINT & after.input_flags;
        assert_eq!(after.input_flags, self.before.input_flags);
        assert_eq!(after.output_flags, self.before.output_flags);
        assert_eq!(after.local_flags, self.before.local_flags);
        assert_eq!(after.control_flags, self.before.control_flags);
    }

    /// The line drops. The shell ends with it.
    pub fn hang_up(self) {
        self.pty.hang_up(PATIENCE).unwrap();
    }
}

/// A home whose model understands [`BRIEF`] and writes `body`, so many milliseconds a token.
pub fn home(body: &str, delay_ms: u64) -> TestHome {
    let script: Value = json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "teach", "object": "Account", "selector": "deposit",
            "parent": null, "args": [], "slots": []}).to_string()]},
        {"when": "Design:", "candidates": [json!({"receiver": "&mut self",
            "parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>",
            "slots": [{"name": "balance", "type": "f64", "value": 0.0}]}).to_string()]},
        {"when": "fn deposit", "candidates": [body], "delay_ms_per_token": delay_ms},
    ], "default": "[]"});
    let home = TestHome::scripted(&script);
    home.up();
    home
}

pub fn quick() -> TestHome {
    home(GOOD_DEPOSIT, 0)
}
