//! `batos bench tui` in small: each measure has its figure.

use std::process::Command;

use serde_json::Value;

#[test]
fn each_measure_has_its_figure() {
    let home = tempfile::tempdir().unwrap();
    let small = [
        "--seconds",
        "1",
        "--starts",
        "2",
        "--keys",
        "6",
        "--lines",
        "5000",
        "--size",
        "100x30",
        "--only-named-peers",
        "--peer",
        "cat -u {log} -",
        "--json",
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_batos"))
        .args(["bench", "tui", "--home"])
        .arg(home.path())
        // No model: what is measured is the workbench.
        .args(["--set", "profile=small"])
        .env("BATOS_MODELS", home.path())
        .args(small)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let programs = report["programs"].as_array().unwrap();
    assert_eq!(programs.len(), 3, "{report:#}");
    for program in programs {
        assert!(program["first_paint"]["p50_ms"].as_f64().unwrap() > 0.0);
        assert!(program["idle"]["bytes"].is_u64());
    }
    for program in &programs[..2] {
        assert!(program["attached"]["p95_ms"].as_f64().unwrap() > 0.0);
        for keys in program["keys"].as_array().unwrap() {
            assert_eq!(keys["unanswered"], 0, "{report:#}");
        }
        assert_eq!(program["idle"]["bytes"], 0, "{report:#}");
    }
    assert!(report["stream"]["bytes"].as_u64() > report["stream"]["text_bytes"].as_u64());
}
