//! A system in a temporary home, which goes with everything that it started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

/// Longest wait for anything; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct TestHome {
    folder: tempfile::TempDir,
    settings: Vec<String>,
    script: Option<PathBuf>,
}

/// What a command printed and how it ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}\n{}", self.stdout, self.stderr))
    }

    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }
}

impl TestHome {
    /// With a scripted model in place of the engine: what it answers is `script`.
    pub fn scripted(script: &Value) -> Self {
        let mut home = Self::bare();
        let file = home.path().join("script.json");
        fs::write(&file, script.to_string()).unwrap();
        let engine = Path::new(env!("CARGO_BIN_EXE_batos"))
            .parent()
            .unwrap()
            .join("examples/scripted_engine");
        assert!(engine.exists(), "{} is not built", engine.display());
        home.settings
            .push(format!("engine.command={}", engine.display()));
        home.settings.push("profile=tiny".to_owned());
        home.settings.push("knowledge.model=none".to_owned());
        home.script = Some(file);
        home
    }

    /// With the real engine and the profile `small`; `None`, said on stderr, where its model is missing.
    pub fn real() -> Option<Self> {
        let mut home = Self::bare();
        home.settings.push("profile=small".to_owned());
        let listed = home.batos(&["model", "ls", "--json"]).expect(0).json();
        if listed["models"].to_string().contains("\"present\":false") {
            assert!(
                std::env::var_os("BATOS_REQUIRE_MODELS").is_none(),
                "a model of the profile `small` is missing: {listed}"
            );
            eprintln!("skipped: no model; fetch it with `batos model fetch --profile small`");
            return None;
        }
        Some(home)
    }

    pub fn bare() -> Self {
        Self {
            folder: tempfile::Builder::new().prefix("bat").tempdir().unwrap(),
            // What a test does is all that happens; the tests of genesis turn it on.
            settings: vec!["missions.genesis=off".to_owned()],
            script: None,
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn set(mut self, setting: &str) -> Self {
        self.settings.push(setting.to_owned());
        self
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_batos"));
        command.arg("--home").arg(self.path().join("home"));
        for setting in &self.settings {
            command.arg("--set").arg(setting);
        }
        if let Some(script) = &self.script {
            command.env("BATOS_SCRIPT", script);
        }
        command.args(arguments).stdin(Stdio::null());
        command
    }

    pub fn batos(&self, arguments: &[&str]) -> Ran {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().unwrap();
        Ran {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn up(&self) {
        self.batos(&["up"]).expect(0);
    }

    pub fn status(&self) -> Value {
        self.batos(&["status", "--json"]).expect(0).json()
    }

    /// Starts a mission of a document and gives its number.
    pub fn start(&self, document: &Value) -> u64 {
        let file = self.path().join("mission.json");
        fs::write(&file, document.to_string()).unwrap();
        let ran = self
            .batos(&["mission", "--file", file.to_str().unwrap(), "--json"])
            .expect(0);
        ran.json()["id"].as_u64().unwrap()
    }

    pub fn mission(&self, id: u64) -> Value {
        self.batos(&["mission", "show", &id.to_string(), "--json"])
            .expect(0)
            .json()
    }

    /// Waits until the mission is in one of the states; survives a kernel that is away for a moment.
    #[track_caller]
    pub fn wait_for(&self, id: u64, states: &[&str]) -> Value {
        let mut last = Value::Null;
        self.wait_until(&format!("mission {id} to be {states:?}"), || {
            let ran = self.batos(&["mission", "show", &id.to_string(), "--json"]);
            if ran.code != 0 {
                return false;
            }
            last = ran.json();
            states.contains(&last["state"].as_str().unwrap())
        });
        last
    }

    #[track_caller]
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let since = Instant::now();
        while !holds() {
            assert!(
                since.elapsed() < PATIENCE * if self.script.is_some() { 1 } else { 5 },
                "waited in vain for {what}\n{}",
                self.logs()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn kernel_pid(&self) -> Option<i32> {
        let ran = self.batos(&["status", "--json"]);
        (ran.code == 0).then(|| ran.json()["kernel"]["pid"].as_i64().unwrap() as i32)
    }

    pub fn engine_pid(&self) -> Option<i32> {
        let ran = self.batos(&["status", "--json"]);
        (ran.code == 0).then(|| ran.json()["engine"]["pid"].as_i64().map(|pid| pid as i32))?
    }

    pub fn kill_9(&self, pid: i32) {
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    }

    /// Kills every process of this home at once.
    pub fn kill_all(&self) {
        // Twice: what the first round did not see because it was being started.
        for _ in 0..2 {
            for pid in self.processes() {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Processes whose command line names this home.
    pub fn processes(&self) -> Vec<i32> {
        let needle = self.path().join("home").display().to_string();
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<i32>().ok())
            else {
                continue;
            };
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&line).contains(&needle) && pid != std::process::id() as i32
            {
                found.push(pid);
            }
        }
        found
    }

    /// Every line of the metacognition log.
    pub fn log_lines(&self) -> Vec<Value> {
        let ran = self.batos(&["tail", "--json"]);
        ran.stdout
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    fn logs(&self) -> String {
        let mut text = String::new();
        let Ok(entries) = fs::read_dir(self.path().join("home/logs")) else {
            return text;
        };
        for entry in entries.flatten() {
            let lines = fs::read_to_string(entry.path()).unwrap_or_default();
            let tail: Vec<&str> = lines.lines().rev().take(15).collect();
            text.push_str(&format!("== {}\n", entry.path().display()));
            for line in tail.iter().rev() {
                let line: String = line.chars().take(400).collect();
                text.push_str(&format!("{line}\n"));
            }
        }
        text
    }
}

impl Drop for TestHome {
    fn drop(&mut self) {
        self.kill_all();
    }
}

/// The mission to teach `Account` to deposit, with checks.
pub fn deposit() -> Value {
    json!({
        "intent": "teach",
        "object": "Account",
        "selector": "deposit",
        "signature": "fn deposit(&mut self, amount: f64) -> Result<f64, String>",
        "brief": "Refuse amounts that are not positive; otherwise add the amount and return the new balance.",
        "slots": {"balance": {"type": "f64", "value": 0.0}},
        "checks": [
            {"slots": {"balance": 1.0}, "args": [2.0], "returns": {"Ok": 3.0}, "after": {"balance": 3.0}},
            {"args": [-1.0], "error": true}
        ]
    })
}

/// A body for it that is right, as a model would go on after the opening brace.
pub const GOOD_DEPOSIT: &str = "\n        if amount <= 0.0 {\n            return Err(\"amount must be positive\".to_string());\n        }\n        self.balance += amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";

/// One that lets negative amounts through.
pub const BAD_DEPOSIT: &str = "\n        self.balance += amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";
