//! `batos doctor`: every check has its row, and what prevents missions fails.

use batos::cli::doctor::terminal::{describe, through_tmux};
use batos::cli::doctor::{Finding, Status, examine, run, running};
use batos::config::{Environment, Home, Overrides};

fn machine() -> (tempfile::TempDir, Home, Environment) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().join("home"),
    };
    let models = folder.path().join("models").to_str().unwrap().to_owned();
    let environment = [
        ("BATOS_MODELS", models),
        ("BATOS_PROFILE", "tiny".to_owned()),
    ];
    (folder, home, environment.into_iter().collect())
}

fn row<'a>(findings: &'a [Finding], check: &str) -> &'a Finding {
    findings
        .iter()
        .find(|finding| finding.check == check)
        .unwrap()
}

#[test]
fn a_missing_model_fails_and_says_how_to_get_it() {
    let (_folder, home, environment) = machine();
    let findings = examine(&home, &environment, &Overrides::new());
    let model = row(&findings, "model");
    assert_eq!(model.status, Status::Fail);
    assert_eq!(
        model.remedy.as_deref(),
        Some("batos model fetch --profile tiny")
    );
    assert_eq!(row(&findings, "kernel").status, Status::Warn);
    assert_eq!(row(&findings, "home").status, Status::Ok);
    assert!(!home.root.exists(), "doctor made the home");
}

#[test]
fn broken_settings_are_a_row_and_the_rest_is_still_checked() {
    let (_folder, home, environment) = machine();
    home.create().unwrap();
    std::fs::write(home.settings_file(), "[engine]\nthread = 2\n").unwrap();
    let findings = examine(&home, &environment, &Overrides::new());
    let settings = row(&findings, "settings");
    assert_eq!(settings.status, Status::Fail);
    assert_eq!(
        settings.remedy.as_deref(),
        Some("did you mean `engine.threads`?")
    );
    assert_eq!(row(&findings, "profile").status, Status::Ok);
}

#[test]
fn a_key_that_cannot_be_is_told_with_what_to_do() {
    let (_folder, home, environment) = machine();
    let workbench = row(
        &examine(&home, &environment, &Overrides::new()),
        "workbench",
    )
    .clone();
    assert_eq!(workbench.status, Status::Ok);
    home.create().unwrap();
    std::fs::write(
        home.settings_file(),
        "[keys.missions]\ncancel = \"ctrl+i\"\n",
    )
    .unwrap();
    let findings = examine(&home, &environment, &Overrides::new());
    let workbench = row(&findings, "workbench");
    assert_eq!(workbench.status, Status::Warn);
    assert!(
        workbench.found.contains("terminals send `tab`"),
        "{}",
        workbench.found
    );
}

#[test]
fn a_socket_path_that_is_too_long_is_told_before_anything_fails_on_it() {
    let (folder, _, environment) = machine();
    let home = Home {
        root: folder.path().join("x".repeat(120)),
    };
    assert_eq!(
        row(&examine(&home, &environment, &Overrides::new()), "socket").status,
        Status::Fail
    );
}

#[test]
fn json_is_one_document_and_a_failure_is_exit_code_1() {
    let (_folder, home, environment) = machine();
    let mut out = Vec::new();
    let code = run(&home, &environment, &Overrides::new(), true, &mut out).unwrap();
    assert_eq!(
        format!("{code:?}"),
        format!("{:?}", std::process::ExitCode::FAILURE)
    );
    let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(document["ok"], false);
    let checks = document["checks"].as_array().unwrap();
    for name in [
        "processor",
        "memory",
        "graphics",
        "open files",
        "terminal",
        "clipboard",
        "rust compiler",
        "confinement",
        "profile",
        "home",
        "permissions",
        "clock",
        "socket",
        "model",
        "kernel",
        "watchdog",
    ] {
        let check = checks
            .iter()
            .find(|check| check["check"] == name)
            .unwrap_or_else(|| panic!("no {name}"));
        assert!(["ok", "warn", "fail"].contains(&check["status"].as_str().unwrap()));
        assert_eq!(
            check["status"] == "ok",
            check["remedy"].is_null(),
            "{check}"
        );
    }
}

/// The program itself, with settings that it cannot start with.
#[test]
fn it_works_where_nothing_else_does() {
    let (_folder, home, _) = machine();
    home.create().unwrap();
    std::fs::write(home.settings_file(), "[engine]\nthread = 2\n").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_batos"))
        .arg("--home")
        .arg(&home.root)
        .args(["doctor", "--profile", "tiny"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("did you mean `engine.threads`?"), "{said}");
}

#[test]
fn what_tmux_keeps_to_itself_is_told_with_its_options() {
    let tmux = |clipboard: Option<&str>, passthrough: Option<&str>| {
        through_tmux(&|option| {
            let value = if option == "set-clipboard" {
                clipboard
            } else {
                passthrough
            };
            value.map(str::to_owned)
        })
    };
    assert_eq!(tmux(Some("on"), Some("on")).status, Status::Ok);
    // One that is too old to have the option passes everything on.
    assert_eq!(tmux(Some("external"), None).status, Status::Ok);
    let kept = tmux(Some("external"), Some("off"));
    assert_eq!(kept.status, Status::Warn);
    assert!(kept.remedy.unwrap().contains("allow-passthrough on"));
    assert_eq!(tmux(None, None).status, Status::Warn);
}

#[test]
fn a_terminal_that_is_too_small_or_can_too_little_is_told() {
    let with = |pairs: &[(&str, &str)]| -> Environment {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        pairs.collect()
    };
    let good = with(&[("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")]);
    assert_eq!(describe(&good, Some((80, 24))).status, Status::Ok);
    assert_eq!(describe(&good, Some((30, 24))).status, Status::Warn);
    let dumb = with(&[("TERM", "dumb"), ("LC_ALL", "C.UTF-8")]);
    assert!(describe(&dumb, None).remedy.unwrap().contains("--plain"));
    let ascii = with(&[("TERM", "xterm"), ("LANG", "C")]);
    assert_eq!(describe(&ascii, None).status, Status::Warn);
}

#[test]
fn what_others_may_read_or_write_and_a_clock_that_is_behind_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, home, _) = machine();
    home.create().unwrap();
    assert_eq!(running::permissions(&home).status, Status::Ok);
    let mode =
        |mode| std::fs::set_permissions(&home.root, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o755);
    assert_eq!(running::permissions(&home).status, Status::Warn);
    mode(0o777);
    assert_eq!(running::permissions(&home).status, Status::Fail);
    assert_eq!(running::clock(&home).status, Status::Ok);
    let log = home.image().join("log");
    std::fs::create_dir_all(&log).unwrap();
    let file = std::fs::File::create(log.join("segment")).unwrap();
    let ahead = std::time::SystemTime::now() + std::time::Duration::from_secs(3_600);
    file.set_modified(ahead).unwrap();
    assert_eq!(running::clock(&home).status, Status::Warn);
}
