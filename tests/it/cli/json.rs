//! Every command that prints something has a JSON form. The commands are those of clap's own tree, so that a
//! new one is missed here until it has its row.

use std::collections::BTreeSet;
use std::fs;

use clap::Command;
use serde_json::{Value, json};

use crate::system::home::{GOOD_DEPOSIT, TestHome, deposit};

/// What prints no data, what never ends by itself, and what has its own test, each with the reason.
const LEFT_OUT: [(&str, &str); 12] = [
    ("completions", "a script for a shell"),
    ("reset-term", "prints nothing"),
    ("help", "for people"),
    ("bench engine", "needs a model; JSON in both forms"),
    ("bench answers", "needs a model; JSON in both forms"),
    ("bench missions", "needs a model; tests of its own"),
    ("bench sentences", "needs a model; tests of its own"),
    ("bench image", "tests of its own"),
    ("bench tui", "tests of its own"),
    ("model fetch", "goes to the network; tests of its own"),
    ("down", "comes last"),
    ("tail", "a document a line"),
];

/// Commands that are tried, in an order in which each finds what it needs. `{}` is the test's folder.
const TRIED: [(&str, &str); 50] = [
    ("up", ""),
    ("status", ""),
    ("doctor", ""),
    ("config init", ""),
    ("config check", ""),
    ("man", "--out {}/man"),
    ("mission", "--file {}/deposit.json --wait"),
    ("mission ls", ""),
    ("mission show", "1"),
    ("mission pause", "2"),
    ("mission resume", "2"),
    ("mission cancel", "2"),
    ("send", "Account deposit [2.5]"),
    ("object new", "Purse"),
    ("object ls", ""),
    ("object show", "Account"),
    ("object slot add", "Purse coins i64 3"),
    ("object slot set", "Purse coins 4"),
    ("object slot retype", "Purse coins f64"),
    ("object slot rename", "Purse coins money"),
    ("object slot rm", "Purse money"),
    ("image history", ""),
    ("image diff", "1"),
    ("image at show", "newest show Account"),
    ("image at ls", "newest ls"),
    ("image undo", "--dry-run"),
    ("image tag set", "before newest"),
    ("image tag ls", ""),
    ("image tag rm", "before"),
    ("image branch new", "trial"),
    ("image branch ls", ""),
    ("image branch adopt", "trial --dry-run"),
    ("image branch drop", "trial --force"),
    ("image fsck", ""),
    ("image verify", ""),
    ("image pack", "newest --dry-run"),
    ("image backup", "{}/backups"),
    ("image restore", "{}/backups --into {}/restored"),
    ("image export", "Account {}/account.bat"),
    ("image import", "{}/account.bat --prefix Other"),
    ("object rm", "Purse"),
    ("knowledge add", "{}/note.md"),
    ("knowledge search", "sheep"),
    ("knowledge ls", ""),
    ("knowledge rm", "{}/note.md"),
    (
        "guardian check",
        "{}/source.rs --syntax-only --struct Account{balance:f64}",
    ),
    ("persona ls", ""),
    ("model ls", ""),
    ("model rm", "tiny.gguf"),
    ("down", ""),
];

/// What there is nothing for here: a second mission, a change in the branch, a model. That is told on stderr.
const REFUSED: [&str; 5] = [
    "mission pause",
    "mission resume",
    "mission cancel",
    "image branch adopt",
    "model rm",
];

/// Paths of all commands that can be run, without hidden ones.
fn leaves(command: &Command, path: &str, found: &mut BTreeSet<String>) {
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let name = format!("{path} {}", sub.get_name()).trim().to_owned();
        let is_branch = sub.has_subcommands();
        if !is_branch || !sub.is_subcommand_required_set() && sub.get_positionals().count() > 0 {
            found.insert(name.clone());
        }
        leaves(sub, &name, found);
    }
}

#[test]
fn every_command_has_its_row_here() {
    let mut commands = BTreeSet::new();
    leaves(&batos::cli::command(), "", &mut commands);
    let rows = TRIED
        .iter()
        .chain(&LEFT_OUT)
        .map(|(name, _)| (*name).to_owned());
    let rows: BTreeSet<String> = rows.filter(|name| name != "help").collect();
    assert_eq!(commands, rows);
}

#[test]
fn with_json_each_prints_one_document() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "nothing else has this", "candidates": [""]},
    ], "default": GOOD_DEPOSIT}));
    let folder = home.path().to_str().unwrap().to_owned();
    fs::write(home.path().join("deposit.json"), deposit().to_string()).unwrap();
    fs::write(home.path().join("note.md"), "# Sheep\n\nCount them.\n").unwrap();
    let source =
        "impl Account {\n    pub fn half(&self) -> f64 {\n        self.balance / 2.0\n    }\n}\n";
    fs::write(home.path().join("source.rs"), source).unwrap();
    for (name, arguments) in TRIED {
        let arguments = arguments.replace("{}", &folder);
        // `at` and `slot` have what they work on between their names.
        let mut words: Vec<&str> = name.split(' ').collect();
        let mut given: Vec<&str> = arguments.split_whitespace().collect();
        if name.starts_with("image at") {
            words.truncate(2);
        }
        if name.starts_with("object slot") {
            words.insert(2, given.remove(0));
        }
        words.append(&mut given);
        words.push("--json");
        let ran = home.batos(&words);
        if REFUSED.contains(&name) {
            assert!(
                ran.code == 0 || ran.stdout.is_empty(),
                "{name}: {}",
                ran.stdout
            );
            continue;
        }
        let document: Result<Value, _> = serde_json::from_str(&ran.stdout);
        assert!(
            document.is_ok(),
            "batos {}: exit code {}\n{}\n{}",
            words.join(" "),
            ran.code,
            ran.stdout,
            ran.stderr
        );
    }
}
