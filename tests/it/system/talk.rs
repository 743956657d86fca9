//! Words in context: what was understood is said before it is done, and what was said before is known, with a scripted
//! model.

use serde_json::{Value, json};

use super::home::TestHome;

/// The turns of every prompt for that purpose, oldest first.
fn prompts(home: &TestHome, purpose: &str) -> Vec<String> {
    home.log_lines()
        .into_iter()
        .filter(|line| line["event"] == "prompt" && line["fields"]["purpose"] == purpose)
        .map(|line| line["fields"]["turns"].to_string())
        .collect()
}

fn say(home: &TestHome, words: &str) -> Value {
    let ran = home.batos(&["mission", "--wait", "--json", words]);
    ran.expect(0).json()
}

/// Understands by what the words begin with, and answers everything else in the same way.
fn home() -> TestHome {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Words: remember", "candidates": [json!({"intent": "remember"}).to_string()]},
        {"when": "Words: undo", "candidates": [json!({"intent": "undo"}).to_string()]},
        {"when": "Words: deposit", "candidates": [json!({"intent": "send", "object": "account",
            "selector": "deposit", "args": [5]}).to_string()]},
        {"when": "Mission:", "candidates": [json!({"intent": "chat"}).to_string()]},
        {"when": "Write your notes anew", "candidates": ["The person counts."]},
    ], "default": "So it is."}));
    home.up();
    home
}

#[test]
fn a_dry_run_says_what_was_understood_and_does_nothing() {
    let home = home();
    home.batos(&["object", "new", "Account"]).expect(0);
    let before = home.status()["kernel"]["tid"].clone();
    let ran = home
        .batos(&["mission", "--dry-run", "--json", "deposit 5 to account"])
        .expect(0);
    let understood = ran.json();
    // The account has no such method yet.
    assert_eq!(understood["understood"], "teach Account deposit");
    assert_eq!(understood["mission"]["object"], "Account");
    assert_eq!(understood["mission"]["brief"], "deposit 5 to account");
    assert!(understood["tokens"]["generated"].as_u64().unwrap() > 0);
    assert_eq!(home.status()["kernel"]["tid"], before);
    let missions = home.batos(&["mission", "ls", "--json"]).expect(0).json();
    assert_eq!(missions, json!([]));
    home.batos(&["mission", "--dry-run", " "]).expect(1);
}

#[test]
fn what_was_said_is_known_until_it_is_taken_back() {
    let home = home();
    home.batos(&["object", "new", "Account"]).expect(0);
    say(&home, "hello ROBIN");
    say(&home, "remember that rain is wet");
    let answered = say(&home, "what about rain");
    assert_eq!(answered["answer"], "So it is.");
    let asked = prompts(&home, "answer").pop().unwrap();
    assert!(
        asked.contains("Person: hello ROBIN\\nROBIN: So it is."),
        "{asked}"
    );
    assert!(
        asked.contains("Person: remember that rain is wet"),
        "{asked}"
    );
    assert!(asked.contains("rain is wet"), "{asked}");
    assert!(asked.contains("object Account has the slots"), "{asked}");
    assert!(asked.contains("BRICK with "), "{asked}");
    let translated = prompts(&home, "translate").pop().unwrap();
    assert!(translated.contains("Person: hello ROBIN"), "{translated}");
    // The newest change is what was remembered, not the object that was made before it.
    say(&home, "undo that");
    home.batos(&["object", "show", "Account"]).expect(0);
    say(&home, "what about rain");
    let asked = prompts(&home, "answer").pop().unwrap();
    assert!(!asked.contains("rain is wet"), "{asked}");
    assert!(asked.contains("Person: hello ROBIN"), "{asked}");
}

#[test]
fn the_object_that_is_looked_at_is_told() {
    let home = home();
    home.batos(&["object", "new", "Account"]).expect(0);
    home.batos(&["mission", "--wait", "--about", "Account", "what is it"])
        .expect(0);
    let translated = prompts(&home, "translate").pop().unwrap();
    assert!(translated.contains("Selected: Account"), "{translated}");
}

#[test]
fn a_talk_that_grows_too_long_is_digested() {
    let home = home();
    for number in 0..18 {
        say(&home, &format!("what about number {number}"));
    }
    assert_eq!(prompts(&home, "digest").len(), 1);
    let asked = prompts(&home, "answer").pop().unwrap();
    assert!(
        asked.contains("Talked of long before: The person counts."),
        "{asked}"
    );
    assert!(!asked.contains("Person: what about number 2\\n"), "{asked}");
    assert!(asked.contains("Person: what about number 16"), "{asked}");
}
