//! The terminal lent to an editor, resized without end, and pasted into.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use super::desk::{Desk, quick};

const QUIET: Duration = Duration::from_millis(400);

#[test]
fn an_editor_has_the_terminal_and_what_it_saves_is_the_brief() {
    let home = quick();
    let editor = home.path().join("editor");
    let modes = home.path().join("modes");
    let script = format!(
        "#!/bin/sh\nstty -a > {}\nprintf ' every day' >> \"$1\"\n",
        modes.display()
    );
    fs::write(&editor, script).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = home.command(&[]);
    command.env_remove("VISUAL").env("EDITOR", &editor);
    let mut desk = Desk::run(command, 120, 40);
    desk.attached().keys("count sheep").shows("count sheep");
    desk.keys("\x07").shows("count sheep every day");
    let modes = fs::read_to_string(modes).unwrap();
    assert!(
        modes.contains(" icanon") && modes.contains(" echo "),
        "{modes}"
    );
    assert!(desk.screen().alternate_screen());
    // Keys are the workbench's again.
    desk.keys("!")
        .shows("every day!")
        .keys("\x11")
        .is_given_back(0);
}

#[test]
fn a_storm_of_sizes_ends_in_the_picture_of_the_last_one() {
    let home = quick();
    let mut desk = Desk::open(&home);
    // Among the panes that say nothing of the time; Tab would take the tour's example first.
    desk.goes_to_the_panes();
    for round in 0..150u16 {
        let (columns, rows) = (1 + round * 37 % 300, 1 + round * 23 % 100);
        desk.resize(columns, rows);
        if round % 7 == 0 {
            desk.keys(if round % 2 == 0 { "4" } else { "5" });
        }
    }
    // The hints of the composer stand on a frame that was drawn after all of it.
    desk.resize(120, 40).keys("i").shows("Enter send");
    desk.settle(QUIET);
    let after = seen(&desk);
    // Painted anew it is the same.
    desk.keys("\x0c").settle(QUIET);
    assert_eq!(seen(&desk), after);
    desk.keys("\x11").is_given_back(0);
}

/// One that is forgotten would come with the next.
#[test]
fn a_key_that_comes_with_another_size_is_taken_at_once() {
    let home = quick();
    let mut desk = Desk::open(&home);
    desk.goes_to_the_panes();
    for round in 0..60u16 {
        desk.resize(100 + round % 2 * 20, 40);
        if round % 2 == 0 {
            desk.keys("4").shows("No mission yet");
        } else {
            desk.keys("5").shows("The image has no objects yet");
        }
    }
    desk.keys("\x11").is_given_back(0);
}

/// The rows without blanks at their ends, which nobody sees.
fn seen(desk: &Desk) -> Vec<String> {
    let text = desk.text();
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[test]
fn a_megabyte_is_pasted_and_cleared() {
    let home = quick();
    let mut desk = Desk::open(&home);
    desk.attached();
    let line = "a line of words that somebody has copied from somewhere \x1b[31m\n";
    let text = line.repeat((1 << 20) / line.len());
    // A mission is words, not a file: the rest is left out, and that is said.
    desk.keys(&format!("\x1b[200~{text}\x1b[201~"));
    desk.shows("too long and has been cut")
        .shows("a line of words");
    desk.keys("\x03").until("an empty composer", |desk| {
        !desk.text().contains("a line of words")
    });
    desk.keys("words").shows("› words");
    desk.keys("\x11").is_given_back(0);
    assert!(
        !desk.raw().contains("\x1b[31m\n"),
        "what was pasted did something"
    );
}
