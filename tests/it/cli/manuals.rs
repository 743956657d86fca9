//! Completions and man pages.

use std::process::Command;

fn batos(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_batos"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_know_commands_and_options_and_bash_takes_them() {
    let script = batos(&["completions", "bash"]);
    for word in ["mission", "branch", "--dry-run", "--read-only", "--plain"] {
        assert!(script.contains(word), "no {word}");
    }
    assert!(
        !script.contains("watchdog"),
        "a command of the system's own"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("batos");
    std::fs::write(&file, &script).unwrap();
    let asked = format!(
        ". {}; COMP_WORDS=(batos image br); COMP_CWORD=2; _batos batos br image; echo ${{COMPREPLY[@]}}",
        file.display()
    );
    let output = Command::new("bash").args(["-c", &asked]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "branch");
    assert!(batos(&["completions", "zsh"]).starts_with("#compdef batos"));
    assert!(batos(&["completions", "fish"]).contains("complete -c batos"));
}

#[test]
fn each_command_has_a_page_and_hidden_ones_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("man1");
    batos(&["man", "--out", place.to_str().unwrap()]);
    let page = std::fs::read_to_string(place.join("batos-mission.1")).unwrap();
    assert!(page.starts_with(".ie") && page.contains(".TH"), "{page}");
    assert!(place.join("batos-image-branch-new.1").exists());
    assert!(!place.join("batos-watchdog.1").exists());
    assert!(batos(&["man"]).contains(".TH batos 1"));
}
