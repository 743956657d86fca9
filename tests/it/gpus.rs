//! What the cards' driver says, from its library to the commands: with a library made for it, and with none.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use batos::cli::doctor::Status;
use batos::cli::doctor::graphics::judge;
use batos::wire::memory::{Gpu, Gpus};
use serde_json::{Value, json};

use crate::system::home::TestHome;

/// A home without models, and a driver's library of which every program started here is told.
struct Machine {
    home: TestHome,
    driver: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let driver = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/driver.c");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .arg(driver.path().join("libnvidia-ml.so.1"))
            .arg(source)
            .status();
        assert!(made.unwrap().success());
        let home = TestHome::bare()
            .set("profile=tiny")
            .set("knowledge.model=none")
            .set("models.path=/nonexistent");
        Self { home, driver }
    }

    /// While this file exists the driver hangs.
    fn hangs(&self) -> PathBuf {
        self.driver.path().join("hangs")
    }

    fn batos(&self, arguments: &[&str]) -> Value {
        let mut command = self.home.command(arguments);
        command.env("LD_LIBRARY_PATH", self.driver.path());
        command.env("DRIVER_HANGS", self.hangs());
        let Output { stdout, .. } = command.output().unwrap();
        serde_json::from_slice(&stdout).unwrap()
    }

    fn status_once(&self, holds: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            let status = self.batos(&["status", "--json"]);
            if holds(&status["gpus"]) {
                return status;
            }
            assert!(since.elapsed() < Duration::from_secs(30), "{status:#}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

#[test]
fn cards_are_told_with_what_they_do_not_tell() {
    let machine = Machine::new();
    machine.batos(&["up", "--json"]);
    let status = machine.status_once(|gpus| gpus["cards"].as_array().unwrap().len() == 2);
    let expected = json!({
        "driver": "570.1.2",
        "cards": [
            {"name": "Card One", "memory_total": 24_u64 << 30, "memory_used": 3_u64 << 30, "busy_percent": 34,
             "celsius": 41, "watts": 120.4, "most_watts": 350.0, "compute_mode": "exclusive process"},
            {"name": "Card Two", "memory_total": null, "memory_used": null, "busy_percent": null,
             "celsius": null, "watts": null, "most_watts": null, "compute_mode": null},
        ],
        "missing": null,
    });
    assert_eq!(status["gpus"], expected);
    let text = machine.home.batos(&["status"]).expect(0).stdout;
    let gpus: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("gpu"))
        .collect();
    insta::assert_snapshot!(gpus.join("\n"), @r"
    gpu      Card One, 3072 of 24576 MiB, 34 % busy, 41 °C, 120 of 350 W
    gpu      Card Two, memory n/a, load n/a, temperature n/a, power n/a
    ");
    let text = machine.home.batos(&["persona", "ls"]).expect(0).stdout;
    assert!(
        text.contains("Card One") && text.contains("missing"),
        "{text}"
    );
}

#[test]
fn a_driver_that_hangs_holds_nobody_up() {
    let machine = Machine::new();
    std::fs::write(machine.hangs(), "").unwrap();
    let since = Instant::now();
    let doctor = machine.batos(&["doctor", "--json"]);
    assert!(since.elapsed() < Duration::from_secs(20));
    let checks = doctor["checks"].as_array().unwrap();
    let graphics = checks.iter().find(|one| one["check"] == "graphics");
    let found = graphics.unwrap()["found"].as_str().unwrap();
    assert!(found.contains("has not answered for 3 s"), "{found}");
    machine.batos(&["up", "--json"]);
    let status = machine.batos(&["status", "--json"]);
    assert_eq!(status["gpus"]["missing"], "the engine has not told yet");
    // Once it answers again the cards are there; when it hangs again they are soon not shown any more.
    std::fs::remove_file(machine.hangs()).unwrap();
    machine.status_once(|gpus| gpus["cards"].as_array().unwrap().len() == 2);
    std::fs::write(machine.hangs(), "").unwrap();
    let status = machine.status_once(|gpus| gpus["cards"].as_array().unwrap().is_empty());
    let missing = status["gpus"]["missing"].as_str().unwrap();
    assert!(missing.contains("has not answered for 1"), "{missing}");
    let since = Instant::now();
    machine.home.batos(&["down"]).expect(0);
    assert!(since.elapsed() < Duration::from_secs(20));
}

fn card(free_gib: u64, mode: &str) -> Gpu {
    Gpu {
        name: "Card".to_owned(),
        memory_total: Some(24 << 30),
        memory_used: Some((24 - free_gib) << 30),
        compute_mode: Some(mode.to_owned()),
        ..Gpu::default()
    }
}

#[test]
fn the_doctor_says_what_a_model_can_use() {
    let with = |cards: Vec<Gpu>| Gpus {
        driver: Some("570.1.2".to_owned()),
        missing: cards.is_empty().then(|| "there is none".to_owned()),
        cards,
    };
    let weights = 9 << 30;
    let told = |built_for: Option<&str>, cards: Vec<Gpu>| {
        let finding = judge(built_for, &with(cards), weights);
        assert_eq!(finding.remedy.is_some(), finding.status != Status::Ok);
        (finding.status, finding.found)
    };
    let (status, found) = told(Some("CUDA"), vec![card(20, "default")]);
    assert_eq!(status, Status::Ok);
    insta::assert_snapshot!(found, @"Card (4096 of 24576 MiB in use, compute mode default); driver 570.1.2; built for CUDA");
    let (status, found) = told(Some("CUDA"), vec![card(2, "default")]);
    assert_eq!(status, Status::Warn);
    assert!(
        found.contains("2048 MiB are free, and the profile's files have 9216 MiB"),
        "{found}"
    );
    let (status, found) = told(Some("CUDA"), vec![card(20, "prohibited")]);
    assert_eq!(status, Status::Warn);
    assert!(found.contains("no program may compute there"), "{found}");
    assert_eq!(told(Some("CUDA"), vec![]).0, Status::Warn);
    assert_eq!(told(Some("Vulkan"), vec![]).0, Status::Ok);
    assert_eq!(told(None, vec![card(20, "default")]).0, Status::Warn);
    assert_eq!(
        told(None, vec![]),
        (
            Status::Ok,
            "there is none; models run on the CPU".to_owned()
        )
    );
}
