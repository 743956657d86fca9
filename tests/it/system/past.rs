//! The image's past from the command line: history, diff, at, undo, tags.

use serde_json::json;

use super::home::{GOOD_DEPOSIT, TestHome, deposit};

#[test]
fn what_a_mission_did_can_be_seen_and_undone() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let slots = r#"{"balance": {"type": "f64", "value": 1.5}}"#;
    home.batos(&["object", "new", "Account", "--slots", slots])
        .expect(0);
    home.batos(&["image", "tag", "set", "before"]).expect(0);
    let id = home.start(&deposit());
    home.wait_for(id, &["COMPLETE"]);
    home.batos(&["send", "Account", "deposit", "[2.5]"])
        .expect(0);
    let diff = home.batos(&["image", "diff", "before"]).expect(0).stdout;
    assert!(diff.contains("changed Account\n-balance: f64 = 1.5\n+balance: f64 = 4.0\n"));
    assert!(
        diff.contains("--- nothing\n+++ Account.deposit\n"),
        "{diff}"
    );
    let past = home
        .batos(&["image", "at", "before", "show", "Account", "--json"])
        .expect(0)
        .json();
    assert_eq!(past["slots"]["balance"]["value"], 1.5);
    assert_eq!(past["methods"], json!([]));
    // The newest change first, then the one before it.
    let undone = home.batos(&["image", "undo", "--json"]).expect(0).json();
    assert_eq!(undone["changed"], json!(["Account"]));
    let show = || {
        home.batos(&["object", "show", "Account", "--json"])
            .expect(0)
            .json()
    };
    assert_eq!(show()["slots"]["balance"]["value"], 1.5);
    assert_eq!(show()["methods"][0]["selector"], "deposit");
    home.batos(&["image", "undo"]).expect(0);
    assert_eq!(show()["methods"], json!([]));
    // The mission itself is a record of what happened, and stays.
    assert_eq!(home.mission(id)["state"], "COMPLETE");
    let refused = home.batos(&["image", "undo", "999"]).expect(1);
    assert!(refused.stderr.contains("there is no transaction 999"));
    assert!(refused.stderr.contains("hint: `batos image history`"));
    let history = home
        .batos(&["image", "history", "Account", "--json"])
        .expect(0)
        .json();
    let lines = history[0]["lines"][0].as_str().unwrap();
    assert!(lines.starts_with("undo of transaction "), "{history}");
    home.batos(&["image", "undo", "1", "--dry-run"]).expect(0);
    assert_eq!(show()["name"], "Account");
    let tags = home.batos(&["image", "tag", "ls", "--json"]).expect(0);
    assert_eq!(tags.json()[0]["name"], "before");
    home.batos(&["image", "tag", "rm", "before"]).expect(0);
    home.batos(&["image", "tag", "rm", "before"]).expect(1);
}

#[test]
fn undo_is_a_mission_too() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    home.batos(&["object", "new", "Account"]).expect(0);
    let undo = home.start(&json!({"intent": "undo", "brief": "undo that"}));
    let mission = home.wait_for(undo, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    assert_eq!(
        mission["answer"],
        "taken back: Account is gone (transaction 1)"
    );
    home.batos(&["object", "show", "Account"]).expect(1);
    let again = home.start(&json!({"intent": "undo", "brief": "undo that"}));
    let mission = home.wait_for(again, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "FAILED");
    assert_eq!(mission["outcome"], "there is no change to undo");
}
