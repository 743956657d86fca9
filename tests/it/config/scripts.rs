//! The set-up scripts on a machine that lacks things: what they install, and what they say when they may not.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A PATH with only these programs, those of `fakes` being shell scripts that write down their arguments.
fn path_with(folder: &Path, real: &[&str], fakes: &[(&str, &str)]) -> PathBuf {
    let bin = folder.join("bin");
    std::fs::create_dir(&bin).unwrap();
    for name in real {
        let found = ["/usr/bin", "/bin"].map(|place| Path::new(place).join(name));
        symlink(
            found.iter().find(|path| path.exists()).unwrap(),
            bin.join(name),
        )
        .unwrap();
    }
    for (name, script) in fakes {
        let text = format!(
            "#!/bin/sh\necho \"{name} $*\" >> '{}/ran'\n{script}\n",
            folder.display()
        );
        super::packages::write_program(&bin.join(name), &text);
    }
    bin
}

fn script(name: &str, arguments: &[&str], path: &Path) -> Output {
    Command::new("/bin/bash")
        .arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("scripts")
                .join(name),
        )
        .args(arguments)
        .env_clear()
        .env("PATH", path)
        .env("HOME", path.parent().unwrap())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

const PLAIN: [&str; 8] = [
    "bash", "dirname", "cat", "env", "head", "find", "mktemp", "rm",
];

#[test]
fn without_root_the_commands_are_printed_and_nothing_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let bin = path_with(
        folder.path(),
        &PLAIN,
        &[
            ("uname", "echo Linux"),
            ("id", "echo 1000"),
            ("apt-get", "exit 1"),
        ],
    );
    let output = script("puter.sh", &["--no-run"], &bin);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("apt-get install -y --no-install-recommends build-essential cmake"),
        "{said}"
    );
    let ran = std::fs::read_to_string(folder.path().join("ran")).unwrap();
    assert!(!ran.contains("apt-get"), "{ran}");
}

#[test]
fn root_installs_what_is_missing_and_a_network_that_is_away_ends_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let bin = path_with(
        folder.path(),
        &PLAIN,
        &[
            ("uname", "echo Linux"),
            ("id", "echo 0"),
            ("apt-get", "exit 0"),
            ("curl", "exit 6"),
        ],
    );
    let output = script("puter.sh", &["--no-run", "--no-models", "--yes"], &bin);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let ran = std::fs::read_to_string(folder.path().join("ran")).unwrap();
    let installed = ran
        .lines()
        .find(|line| line.contains("install -y"))
        .unwrap();
    assert!(installed.contains("build-essential cmake"), "{installed}");
    assert!(
        !installed.contains("python3"),
        "models were not wanted: {installed}"
    );
    // Then Rust: rustup could not be fetched.
    assert!(said.contains("a cargo from 1.95 on is missing"), "{said}");
    assert!(said.contains("https://sh.rustup.rs"), "{said}");
}

#[test]
fn help_and_mistakes_start_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bin = path_with(folder.path(), &PLAIN, &[]);
    let help = script("puter.sh", &["--help"], &bin);
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).contains("--no-models"));
    assert_eq!(
        script("puter.sh", &["--nonsense"], &bin).status.code(),
        Some(2)
    );
    assert_eq!(
        script("test.sh", &["--nonsense"], &bin).status.code(),
        Some(2)
    );
}

#[test]
fn without_a_way_to_cargo_fuzz_the_fuzzers_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let bin = path_with(folder.path(), &PLAIN, &[("cargo", "exit 101")]);
    let output = script("fuzz.sh", &["1"], &bin);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(75), "{said}");
    assert!(said.contains("cargo install cargo-fuzz"), "{said}");
    let output = script("fuzz.sh", &["soon"], &bin);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_fuzzer_without_examples_is_fed_its_own_corpus() {
    let folder = tempfile::tempdir().unwrap();
    // As libFuzzer does, refuses a folder that is not there.
    let cargo = r#"for given; do case $given in fuzz/corpus/* | fuzz/seeds/*) [ -d "$given" ] || exit 1 ;; esac; done
[ "$2" != run ] || echo "stat::number_of_executed_units: 7" >&2"#;
    let bin = path_with(
        folder.path(),
        &[
            "bash", "dirname", "mktemp", "rm", "mkdir", "sed", "tail", "find", "wc",
        ],
        &[("cargo", cargo)],
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for fuzzer in std::fs::read_dir(root.join("fuzz_targets")).unwrap() {
        let file = fuzzer.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap();
        let output = Command::new("/bin/bash")
            .arg(root.join("../scripts/fuzz.sh"))
            .arg("1")
            .env_clear()
            .env("PATH", &bin)
            .env("HOME", folder.path())
            .env("BATOS_FUZZ_TARGETS", name)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains("7 executions"), "{name}: {printed}");
    }
}
