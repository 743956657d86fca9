//! `batos doctor`: every check has its row, and what prevents missions fails.

use batos::cli::doctor::{Finding, Status, examine, run};
use batos::config::{Environment, Home};

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
    let findings = examine(&home, &environment);
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
    let findings = examine(&home, &environment);
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
    let workbench = row(&examine(&home, &environment), "workbench").clone();
    assert_eq!(workbench.status, Status::Ok);
    home.create().unwrap();
    std::fs::write(
        home.settings_file(),
        "[keys.missions]\ncancel = \"ctrl+i\"\n",
    )
    .unwrap();
    let findings = examine(&home, &environment);
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
        row(&examine(&home, &environment), "socket").status,
        Status::Fail
    );
}

#[test]
fn json_is_one_document_and_a_failure_is_exit_code_1() {
    let (_folder, home, environment) = machine();
    let mut out = Vec::new();
    let code = run(&home, &environment, true, &mut out).unwrap();
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
        "rust compiler",
        "confinement",
        "profile",
        "home",
        "socket",
        "model",
        "kernel",
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
