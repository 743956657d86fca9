//! `batos --plain`: lines in, lines out.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Output, Stdio};

use serde_json::json;

use crate::pty::desk::{BRIEF, home, quick};
use crate::system::home::TestHome;

/// What no repair makes build.
const UNBUILT: &str = "\n        self.nothing(amount)\n    }";

/// Types lines, ends the input, and waits for the end.
fn typed(home: &TestHome, lines: &str) -> Output {
    let mut command = home.command(&["--plain"]);
    let mut plain = spawn(&mut command);
    plain
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    plain.wait_with_output().unwrap()
}

fn spawn(command: &mut Command) -> std::process::Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

fn text(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(
        !text.contains(|letter: char| letter.is_control() && letter != '\n'),
        "{text:?}"
    );
    text
}

#[test]
fn a_line_is_a_mission_and_the_end_of_the_input_waits_for_its_end() {
    let home = quick();
    let output = typed(&home, &format!("{BRIEF}\n"));
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("attached: kernel "), "{said}");
    let states = [
        "DECOMPOSING",
        "DELEGATING",
        "SYNTHESIZING",
        "VALIDATING",
        "COMPLETE",
    ];
    let mut rest = lines.iter();
    for state in states {
        let wanted = format!("mission 1: {state}");
        assert!(
            rest.any(|line| line.starts_with(&wanted)),
            "no {wanted}:\n{said}"
        );
    }
    for wanted in [
        "mission 1: accepted",
        "mission 1: BRICK begins to synthesize",
        "mission 1: candidate 1 is accepted",
        "object Account: 1 slot, methods deposit",
    ] {
        assert!(said.contains(wanted), "no {wanted}:\n{said}");
    }
    // What is called answers there too, once, and a mission that ended before is not told again.
    let said = text(&typed(
        &home,
        ":send Account deposit [2.5]\n:nonsense\n:show 1\n",
    ));
    assert!(said.contains("send: returns {\"Ok\":2.5}"), "{said}");
    assert!(
        said.contains("not understood: there is no :nonsense"),
        "{said}"
    );
    assert!(!said.contains("mission 1: COMPLETE,"), "{said}");
}

#[test]
fn one_that_fails_is_told_with_its_reason_and_by_the_exit_code() {
    let home = home(UNBUILT, 0).set("missions.attempts=1");
    let document = json!({"intent": "teach", "object": "Account", "selector": "deposit",
        "signature": "fn deposit(&mut self, amount: f64) -> f64", "brief": "no", "source": "impl"});
    let file = home.path().join("m.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let mut watching = spawn(
        home.command(&["--plain", "--read-only"])
            .env("TERM", "dumb"),
    );
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("attached"));
    home.batos(&["mission", "--wait", "--file", file.to_str().unwrap()])
        .expect(3);
    let mut next = || lines.next().unwrap().unwrap();
    let refused = std::iter::repeat_with(&mut next).find(|line| line.contains("is refused by"));
    assert!(
        refused
            .unwrap()
            .starts_with("mission 1: candidate 1 is refused by")
    );
    let mut told = std::iter::repeat_with(&mut next);
    assert!(told.any(|line| line.starts_with("mission 1: FAILED, teach Account.deposit: ")));
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(watching.id() as i32),
        nix::sys::signal::Signal::SIGTERM,
    )
    .unwrap();
    assert!(watching.wait().unwrap().success());
    // Typed here, it decides the exit code.
    let output = typed(&home, &format!("{BRIEF}\n"));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
}
