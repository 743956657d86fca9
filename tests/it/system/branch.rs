//! Branches from the command line: made, tried in a system of their own, adopted, dropped.

use std::fs;

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, TestHome, deposit};

fn show(home: &TestHome, branch: &[&str], name: &str) -> Value {
    let arguments = [branch, &["object", "show", name, "--json"]].concat();
    home.batos(&arguments).expect(0).json()
}

#[test]
fn a_mission_is_tried_on_a_branch_and_adopted() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let slots = r#"{"balance": {"type": "f64", "value": 1.0}}"#;
    home.batos(&["object", "new", "Account", "--slots", slots])
        .expect(0);
    let made = home.batos(&["image", "branch", "new", "try", "--json"]);
    assert_eq!(made.expect(0).json()["fork"], 1);
    let ran = home.batos(&["image", "branch", "new", "try"]).expect(1);
    insta::assert_snapshot!(ran.stderr, @r"
    error: there is a branch `try` already
    hint: choose another name, or remove it with `batos image branch drop try`
    ");
    let ran = home.batos(&["image", "branch", "new", "a/b"]).expect(1);
    assert!(ran.stderr.contains("\"a/b\" is no name for a branch"));
    let ran = home.batos(&["--branch", "none", "status"]).expect(1);
    insta::assert_snapshot!(ran.stderr, @r"
    error: there is no branch `none`
    hint: list them with `batos image branch ls`, or make it with `batos image branch new NAME`
    ");
    let ran = home.batos(&["--branch", "try", "object", "ls"]).expect(1);
    assert!(
        ran.stderr.contains("`batos --branch try up`"),
        "{}",
        ran.stderr
    );
    // A system of its own, beside the other.
    home.batos(&["--branch", "try", "up"]).expect(0);
    let file = home.path().join("deposit.json");
    fs::write(&file, deposit().to_string()).unwrap();
    let file = file.to_str().unwrap();
    home.batos(&["--branch", "try", "mission", "--file", file, "--wait"])
        .expect(0);
    home.batos(&["--branch", "try", "send", "Account", "deposit", "[4]"])
        .expect(0);
    let there = show(&home, &["--branch", "try"], "Account");
    assert_eq!(there["slots"]["balance"]["value"], 5.0);
    let here = show(&home, &[], "Account");
    assert_eq!(here["slots"]["balance"]["value"], 1.0);
    assert_eq!(here["methods"], json!([]));
    // Something stands against it here.
    home.batos(&["image", "undo", "1"]).expect(0);
    let ran = home.batos(&["image", "branch", "adopt", "try"]).expect(1);
    assert!(
        ran.stderr
            .contains("hint: stop it with `batos --branch try down`")
    );
    let ls = home.batos(&["image", "branch", "ls", "--json"]).expect(0);
    assert_eq!(ls.json()[0]["state"], "running");
    home.batos(&["--branch", "try", "down"]).expect(0);
    let ran = home.batos(&["image", "branch", "adopt", "try"]).expect(1);
    assert!(ran.stderr.contains("Account is gone"), "{}", ran.stderr);
}

#[test]
fn what_a_branch_changed_is_taken_over_with_its_missions() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let slots =
        r#"{"balance": {"type": "f64", "value": 1.0}, "owner": {"type": "String", "value": ""}}"#;
    home.batos(&["object", "new", "Account", "--slots", slots])
        .expect(0);
    home.batos(&["image", "branch", "new", "try"]).expect(0);
    home.batos(&["--branch", "try", "up"]).expect(0);
    let file = home.path().join("deposit.json");
    fs::write(&file, deposit().to_string()).unwrap();
    let file = file.to_str().unwrap();
    home.batos(&["--branch", "try", "mission", "--file", file, "--wait"])
        .expect(0);
    home.batos(&["--branch", "try", "send", "Account", "deposit", "[4]"])
        .expect(0);
    home.batos(&[
        "--branch", "try", "object", "new", "New", "--parent", "Account",
    ])
    .expect(0);
    home.batos(&["--branch", "try", "down"]).expect(0);
    // Mission 1 and the next object are something else here.
    let id = home.start(&json!({"intent": "undo", "brief": "undo that"}));
    assert_eq!(id, 1);
    home.wait_for(id, &["COMPLETE"]);
    let history = home.batos(&["image", "history", "--json"]).expect(0).json();
    let undo = history
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["lines"].to_string().contains("undo of transaction 1"));
    let tid = undo.unwrap()["tid"].to_string();
    home.batos(&["image", "undo", &tid]).expect(0);
    home.batos(&["object", "new", "Other"]).expect(0);
    let plan = home.batos(&["image", "branch", "adopt", "try", "--dry-run", "--json"]);
    let plan = plan.expect(0).json();
    assert_eq!(plan["tid"], Value::Null);
    assert_eq!(plan["changed"], json!(["Account", "New"]));
    assert_eq!(show(&home, &[], "Account")["methods"], json!([]));
    let done = home.batos(&["image", "branch", "adopt", "try", "--json"]);
    let done = done.expect(0).json();
    assert_eq!(done["missions"][0]["there"], 1);
    let mission = done["missions"][0]["here"].as_u64().unwrap();
    assert_ne!(mission, 1);
    let account = show(&home, &[], "Account");
    assert_eq!(account["slots"]["balance"]["value"], 5.0);
    assert_eq!(account["methods"][0]["mission"], mission);
    assert_eq!(home.mission(mission)["selector"], "deposit");
    assert_eq!(show(&home, &[], "New")["parent"], "Account");
    home.batos(&["send", "New", "deposit", "[1]"]).expect(0);
    let again = home.batos(&["image", "branch", "adopt", "try"]).expect(1);
    assert!(
        again.stderr.contains("it was adopted already"),
        "{}",
        again.stderr
    );
    let ls = home.batos(&["image", "branch", "ls", "--json"]).expect(0);
    assert_eq!(ls.json()[0]["state"], "adopted");
    home.batos(&["image", "branch", "drop", "try"]).expect(0);
    let ls = home.batos(&["image", "branch", "ls", "--json"]).expect(0);
    assert_eq!(ls.json(), json!([]));
    home.batos(&["image", "fsck"]).expect(0);
}

#[test]
fn a_branch_of_the_past_needs_no_kernel_and_is_not_dropped_by_mistake() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    home.batos(&["object", "new", "First"]).expect(0);
    home.batos(&["image", "tag", "set", "then"]).expect(0);
    home.batos(&["object", "new", "Second"]).expect(0);
    home.batos(&["down"]).expect(0);
    let made = home.batos(&["image", "branch", "new", "old", "then"]);
    let made = made.expect(0).stdout;
    assert!(
        made.ends_with("try it with `batos --branch old`\n"),
        "{made}"
    );
    let ran = home
        .batos(&["image", "branch", "new", "odd", "99"])
        .expect(1);
    assert!(
        ran.stderr.contains("there is no transaction 99"),
        "{}",
        ran.stderr
    );
    let ls = home.batos(&["image", "branch", "ls"]).expect(0).stdout;
    insta::assert_snapshot!(ls, @r"
    BRANCH  FORK  NEWEST  STATE
    old     1     2       unchanged
    ");
    home.batos(&["--branch", "old", "up"]).expect(0);
    let objects = home.batos(&["--branch", "old", "object", "ls", "--json"]);
    assert_eq!(objects.expect(0).json().as_array().unwrap().len(), 1);
    home.batos(&["--branch", "old", "object", "new", "Third"])
        .expect(0);
    let ran = home.batos(&["image", "branch", "drop", "old"]).expect(1);
    assert!(ran.stderr.contains("branch old is running"));
    home.batos(&["--branch", "old", "down"]).expect(0);
    let ran = home.batos(&["image", "branch", "drop", "old"]).expect(1);
    insta::assert_snapshot!(ran.stderr, @r"
    error: branch old is changed and was not adopted
    hint: see `batos image branch adopt old --dry-run`; to lose what is in it give `--force`
    ");
    home.batos(&["image", "branch", "drop", "old", "--force"])
        .expect(0);
    assert!(!home.path().join("home/branches/old").exists());
    home.batos(&["image", "branch", "drop", "old"]).expect(1);
    home.up();
    home.batos(&["object", "show", "Second"]).expect(0);
}
