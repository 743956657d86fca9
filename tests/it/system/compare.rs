//! Missions with few examples: what passes them is compared with other answers.

use serde_json::{Value, json};

use super::home::TestHome;

const RIGHT: &str = "\n        n * 2\n    }";
const RIGHT_TOO: &str = "\n        n + n\n    }";
/// Wrong in large numbers.
const SMALL_ONLY: &str = "\n        if n > 3 { 0 } else { n * 2 }\n    }";
/// Wrong in negative ones.
const POSITIVE_ONLY: &str = "\n        n.abs() * 2\n    }";
const WRONG: &str = "\n        n\n    }";

fn mission() -> Value {
    json!({
        "intent": "teach",
        "object": "Numbers",
        "selector": "double",
        "signature": "fn double(&self, n: i64) -> i64",
        "brief": "Twice the number: double(3) == 6, double(0) == 0.",
    })
}

/// The mission as it ended, where each round gets these answers.
fn ended(answers: &[&str], mission: &Value) -> (TestHome, Value) {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "fn double", "candidates": answers},
    ], "default": ""}));
    home.up();
    let id = home.start(mission);
    let ended = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(ended["state"], "COMPLETE", "{ended:#}");
    (home, ended)
}

fn doubled(home: &TestHome, n: i64) -> Value {
    let sent = home.batos(&["send", "Numbers", "double", &format!("[{n}]"), "--json"]);
    sent.expect(0).json()["returns"].clone()
}

#[test]
fn two_that_do_the_same_are_trusted_more_than_the_first_that_passes() {
    let (home, ended) = ended(&[SMALL_ONLY, RIGHT, RIGHT_TOO], &mission());
    assert_eq!(
        (&ended["attempts"], &ended["candidates"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(doubled(&home, 50), 100);
    assert_eq!(doubled(&home, -50), -100);
}

#[test]
fn where_all_that_pass_differ_others_are_asked_for() {
    let (home, ended) = ended(&[SMALL_ONLY, POSITIVE_ONLY, WRONG], &mission());
    assert_eq!(ended["attempts"], 2, "{ended:#}");
    let notes: Vec<&str> = ended["stages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|stage| stage["note"].as_str())
        .collect();
    assert!(
        notes.contains(&"2 are accepted, and they differ; others are asked for, to compare"),
        "{notes:?}"
    );
    // The others are answers to what was asked first, no repairs of what was refused.
    let prompts = home
        .log_lines()
        .into_iter()
        .filter(|line| line["event"] == "prompt");
    let turns: Vec<String> = prompts
        .map(|line| line["fields"]["turns"].to_string())
        .filter(|turns| turns.contains("Write the method"))
        .collect();
    assert_eq!(turns.len(), 2);
    assert_eq!(turns[0], turns[1]);
    assert_eq!(doubled(&home, 1), 2);
}

#[test]
fn one_that_passes_alone_is_taken_in_the_end() {
    let (home, ended) = ended(&[WRONG, SMALL_ONLY, WRONG], &mission());
    assert_eq!(ended["attempts"], 2, "{ended:#}");
    assert_eq!(doubled(&home, 2), 4);
}

#[test]
fn where_the_persons_checks_decide_the_first_that_passes_is_taken() {
    let mut mission = mission();
    mission["checks"] = json!([{"args": [3], "returns": 6}, {"args": [0], "returns": 0}]);
    let (home, ended) = ended(&[SMALL_ONLY, RIGHT, RIGHT_TOO], &mission);
    assert_eq!(
        (&ended["attempts"], &ended["candidates"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(doubled(&home, 50), 0);
}
