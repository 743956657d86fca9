//! What a model forgets and a machine can put right in what builds: nothing to begin with, numbers below zero.

use serde_json::{Value, json};

use super::home::TestHome;

fn taught(signature: &str, brief: &str, answer: &str) -> (TestHome, Value) {
    let name = signature.split(['(', ' ']).nth(1).unwrap();
    let home = TestHome::scripted(&json!({"answers": [
        {"when": format!("fn {name}"), "candidates": [answer]},
    ], "default": ""}));
    home.up();
    let id = home.start(&json!({
        "intent": "teach", "object": "Numbers", "selector": name, "signature": signature, "brief": brief,
    }));
    let ended = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(ended["state"], "COMPLETE", "{ended:#}");
    assert_eq!(ended["attempts"], 1, "{ended:#}");
    (home, ended)
}

fn returned(home: &TestHome, selector: &str, args: &str) -> Value {
    let sent = home.batos(&["send", "Numbers", selector, args, "--json"]);
    sent.expect(0).json()["returns"].clone()
}

#[test]
fn what_takes_the_first_of_an_empty_list_gets_a_way_out() {
    let (home, ended) = taught(
        "fn first(&self, all: Vec<i64>) -> i64",
        "The first number: first([3, 4]) == 3, first([5]) == 5, first([7, 1]) == 7.",
        "\n        all[0]\n    }",
    );
    let source = ended["source"].as_str().unwrap();
    assert!(source.contains("if all.is_empty() {"), "{source}");
    assert_eq!(returned(&home, "first", "[[]]"), 0);
    assert_eq!(returned(&home, "first", "[[9, 2]]"), 9);
}

#[test]
fn odd_numbers_below_zero_are_odd() {
    let (home, ended) = taught(
        "fn is_odd(&self, n: i64) -> bool",
        "Whether a number is odd: is_odd(3) == true, is_odd(4) == false, is_odd(0) == false.",
        "\n        n % 2 == 1\n    }",
    );
    let source = ended["source"].as_str().unwrap();
    assert!(source.contains("n.rem_euclid(2) == 1"), "{source}");
    assert_eq!(returned(&home, "is_odd", "[-3]"), true);
}

#[test]
fn what_the_person_wrote_stays_as_it_is() {
    let home = TestHome::scripted(&json!({"answers": [], "default": ""}));
    home.up();
    let source = "impl Numbers {\n    pub fn is_odd(&self, n: i64) -> bool {\n        n % 2 == 1\n    }\n}\n";
    let id = home.start(&json!({
        "intent": "teach", "object": "Numbers", "brief": "as it stands", "source": source,
    }));
    let ended = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(ended["state"], "COMPLETE", "{ended:#}");
    assert_eq!(returned(&home, "is_odd", "[-3]"), false);
}
