//! However the workbench ends, the terminal is given back.

use std::process::Command;

use batos::config::{Environment, Home, Settings};
use batos::tui::{Options, Preferences};
use nix::sys::signal::Signal;

use super::desk::{Desk, quick};

/// Set for the process that is to panic.
const PANIC: &str = "BATOS_TEST_PANIC";

#[test]
fn signals_end_it_and_the_terminal_is_as_before() {
    let home = quick();
    for (signal, code) in [(Signal::SIGTERM, 0), (Signal::SIGHUP, 0)] {
        let mut desk = Desk::open(&home);
        desk.attached().signal(signal);
        desk.is_given_back(code);
    }
    // With the mouse reported too.
    let mut command = home.command(&[]);
    command.args(["--set", "terminal.mouse=true"]);
    let mut desk = Desk::run(command, 120, 40);
    desk.attached();
    assert_ne!(
        desk.screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::None
    );
    desk.signal(Signal::SIGTERM);
    desk.is_given_back(0);
    // The kernel has seen nothing of it.
    home.status();
}

/// What a kill leaves behind is put right by hand.
#[test]
fn after_a_kill_reset_term_gives_it_back() {
    let home = quick();
    let mut command = Command::new("sh");
    let batos = home.command(&[]);
    command.args(["-c", "\"$@\"; echo killed; read line; \"$0\" reset-term"]);
    command
        .arg(batos.get_program())
        .arg(batos.get_program())
        .args(batos.get_args());
    for (name, value) in batos.get_envs() {
        command.env(name, value.unwrap());
    }
    let mut desk = Desk::run(command, 120, 40);
    desk.attached();
    let shell = desk.workbench();
    let children = format!("/proc/{shell}/task/{shell}/children");
    let pid = std::fs::read_to_string(children).unwrap();
    let pid = nix::unistd::Pid::from_raw(pid.split_whitespace().next().unwrap().parse().unwrap());
    nix::sys::signal::kill(pid, Signal::SIGKILL).unwrap();
    desk.shows("killed");
    assert!(desk.screen().alternate_screen());
    // Enter, in a line whose modes are the workbench's.
    desk.keys("\n").is_given_back(0);
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "pty::ends::panics_in_the_workbench",
        "--nocapture",
    ]);
    command.env(PANIC, "1");
    let mut desk = Desk::run(command, 120, 40);
    desk.is_given_back(101);
    assert!(
        desk.text().contains("the line to the kernel panics"),
        "{}",
        desk.text()
    );
    assert!(
        desk.raw().contains("\x1b[?1049h"),
        "the workbench was not open"
    );
}

/// The other process of the test above: the real workbench, with a connection that panics.
#[test]
fn panics_in_the_workbench() {
    if std::env::var_os(PANIC).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().to_owned(),
    };
    let settings = Settings::defaults(&home, &Environment::default());
    let _ = batos::tui::run(Options {
        connect: Box::new(|| panic!("the line to the kernel panics")),
        themes: home.themes(),
        history: folder.path().join("history"),
        read_only: false,
        archive: None,
        preferences: Preferences {
            theme: settings.theme,
            terminal: settings.terminal,
            keys: settings.keys,
        },
        reload: None,
        kept: folder.path().join("workbench.json"),
        helpers: None,
    });
}
