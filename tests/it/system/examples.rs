//! Missions without checks: the examples that their briefs state decide.

use serde_json::{Value, json};

use super::home::TestHome;

const RIGHT: &str = "\n        numbers.iter().filter(|n| *n % 2 == 0).map(|n| n * n).sum()\n    }";
/// Right for the first example only.
const PARTLY: &str = "\n        numbers.iter().filter(|n| **n != 1).map(|n| n * n).sum()\n    }";
const WRONG: &str = "\n        numbers.iter().map(|n| n * n).sum()\n    }";

fn mission() -> Value {
    json!({
        "intent": "teach",
        "object": "Numbers",
        "selector": "even_squares",
        "signature": "fn even_squares(&self, numbers: Vec<i64>) -> i64",
        "brief": "The sum of the squares of the even numbers: for [1, 2, 4] it is 20, for [3] it is 0.",
    })
}

fn read() -> Value {
    let examples = json!([
        {"args": [[1, 2, 4]], "returns": 20},
        {"args": [[3]], "returns": 0},
        // The brief says nothing of 9.
        {"args": [[9]], "returns": 81},
    ]);
    json!({"when": "List the examples", "candidates": [examples.to_string()]})
}

fn method(home: &TestHome) -> Value {
    let shown = home.batos(&["object", "show", "Numbers", "--json"]);
    shown.expect(0).json()["methods"][0].clone()
}

#[test]
fn a_stated_example_refuses_what_is_wrong() {
    let home = TestHome::scripted(&json!({"answers": [
        read(),
        {"when": "That is not right yet", "candidates": [RIGHT]},
    ], "default": WRONG}));
    home.up();
    let id = home.start(&mission());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    // The third round repairs; one more compares.
    assert_eq!(mission["attempts"], 4);
    let note = mission["stages"][1]["note"].as_str().unwrap();
    assert!(note.ends_with("the brief states 2 examples"), "{note}");
    let feedback = home
        .log_lines()
        .into_iter()
        .filter(|line| line["event"] == "prompt")
        .map(|line| line["fields"]["turns"].to_string())
        .find(|turns| turns.contains("That is not right yet"))
        .unwrap();
    assert!(feedback.contains("expected 20, got 21"), "{feedback}");
    let sent = home.batos(&["send", "Numbers", "even_squares", "[[2, 3]]", "--json"]);
    assert_eq!(sent.expect(0).json(), json!({"returns": 4}));
    assert_eq!(
        mission["answer"],
        "Numbers now understands `fn even_squares(&self, numbers: Vec<i64>) -> i64`; \
         self-checked: 2 of 2 examples of the brief hold"
    );
    assert!(method(&home)["source"].as_str().unwrap().contains("% 2"));
}

#[test]
fn the_best_of_what_was_refused_is_kept_when_only_a_reading_of_the_brief_stands_against_it() {
    let home = TestHome::scripted(&json!({"answers": [
        read(),
        {"when": "That is not right yet", "candidates": [PARTLY]},
    ], "default": WRONG}));
    home.up();
    let id = home.start(&mission());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    assert_eq!(mission["attempts"], 5);
    let answer = mission["answer"].as_str().unwrap();
    assert!(
        answer.ends_with("self-checked: 1 of 2 examples of the brief hold"),
        "{answer}"
    );
    assert!(method(&home)["source"].as_str().unwrap().contains("!= 1"));
}

#[test]
fn what_no_example_holds_for_is_not_kept() {
    let home = TestHome::scripted(&json!({"answers": [read()], "default": WRONG}));
    home.up();
    let id = home.start(&mission());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "FAILED", "{mission}");
    assert_eq!(mission["attempts"], 5);
}

#[test]
fn a_persons_checks_are_never_outvoted() {
    let home = TestHome::scripted(&json!({"answers": [read()], "default": WRONG}))
        .set("missions.attempts=2");
    home.up();
    let mut mission = mission();
    mission["checks"] = json!([{"args": [[1, 2]], "returns": 4}]);
    let id = home.start(&mission);
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "FAILED", "{mission}");
    assert_eq!(mission["attempts"], 2);
}
