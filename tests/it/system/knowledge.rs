//! Knowledge from the command line, and missions that use it, with a scripted model.

use std::fs;

use serde_json::{Value, json};

use super::home::{BAD_DEPOSIT, GOOD_DEPOSIT, TestHome, deposit};
use crate::knowledge::pdf;

const FEES: &str = "\
# Bank

## Hours

The bank opens at nine and closes at five.

## Fees

A withdrawal abroad costs two percent of the amount.
";

fn file(home: &TestHome, name: &str, content: &[u8]) -> String {
    let path = home.path().join(name);
    fs::write(&path, content).unwrap();
    path.canonicalize().unwrap().display().to_string()
}

fn search(home: &TestHome, query: &str) -> Value {
    home.batos(&["knowledge", "search", query, "--json"])
        .expect(0)
        .json()
}

/// What the prompts with this purpose said, all turns together.
fn prompts(home: &TestHome, purpose: &str) -> Vec<String> {
    home.log_lines()
        .into_iter()
        .filter(|line| line["event"] == "prompt" && line["fields"]["purpose"] == purpose)
        .map(|line| line["fields"]["turns"].to_string())
        .collect()
}

#[test]
fn documents_are_added_found_replaced_and_taken_back() {
    let home = TestHome::scripted(&json!({"answers": [], "default": ""}));
    home.up();
    let fees = file(&home, "fees.md", FEES.as_bytes());
    let terms = file(
        &home,
        "terms.pdf",
        &pdf(&["Invoices are due within thirty days."]),
    );
    let added = home
        .batos(&["knowledge", "add", &fees, &terms, "--json"])
        .expect(0)
        .json();
    assert_eq!(added[0]["change"], "added");
    assert_eq!(added[0]["name"], json!(fees));
    assert_eq!(added[0]["bytes"], FEES.len());
    assert_eq!(added[1]["format"], "pdf");
    let again = home.batos(&["knowledge", "add", &fees]).expect(0).stdout;
    assert!(again.starts_with("unchanged "), "{again}");
    let listed = home.batos(&["knowledge", "ls", "--json"]).expect(0).json();
    assert_eq!(listed.as_array().unwrap().len(), 2);

    let found = search(&home, "what does a withdrawal abroad cost");
    assert_eq!(found["hits"][0]["name"], json!(fees));
    assert_eq!(found["hits"][0]["heading"], "Bank > Fees");
    assert_eq!(found["hits"][0]["line"], 7);
    assert_eq!(search(&home, "invoices")["hits"][0]["heading"], "page 1");
    let text = home
        .batos(&["knowledge", "search", "-k", "1", "invoices"])
        .expect(0)
        .stdout;
    assert!(text.contains("Invoices are due"), "{text}");

    // Retracted by undo, and back by undoing that.
    home.batos(&["image", "undo"]).expect(0);
    assert_eq!(search(&home, "invoices")["hits"], json!([]));
    let tid = home.status()["kernel"]["tid"].to_string();
    home.batos(&["image", "undo", &tid]).expect(0);
    assert_eq!(search(&home, "invoices")["hits"][0]["name"], json!(terms));

    file(&home, "fees.md", b"# Fees\n\nEverything is free.\n");
    let replaced = home
        .batos(&["knowledge", "add", &fees, "--json"])
        .expect(0)
        .json();
    assert_eq!(replaced[0]["change"], "replaced");
    assert_eq!(search(&home, "withdrawal abroad")["hits"], json!([]));
    home.batos(&["knowledge", "rm", &fees]).expect(0);
    assert_eq!(search(&home, "free")["hits"], json!([]));
    let gone = home.batos(&["knowledge", "rm", "nothing.md"]).expect(1);
    assert!(
        gone.stderr.contains("there is no document"),
        "{}",
        gone.stderr
    );

    // It is in the image, so it outlives the kernel.
    home.batos(&["down"]).expect(0);
    home.up();
    assert_eq!(search(&home, "invoices")["hits"][0]["name"], json!(terms));
}

#[test]
fn what_cannot_be_read_does_not_stop_the_rest() {
    let home = TestHome::scripted(&json!({"answers": [], "default": ""}));
    home.up();
    let good = file(&home, "good.md", b"Good text.\n");
    let bad = file(&home, "bad.pdf", b"%PDF-1.4 and no more");
    let ran = home
        .batos(&["knowledge", "add", &bad, &good, "--json"])
        .expect(1);
    assert_eq!(ran.json()[0]["name"], json!(good));
    assert!(ran.stderr.contains("bad.pdf"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: "), "{}", ran.stderr);
    home.batos(&["knowledge", "search"]).expect(2);
    let folder = home.path().join("empty");
    fs::create_dir(&folder).unwrap();
    home.batos(&["knowledge", "add", folder.to_str().unwrap()])
        .expect(1);
}

#[test]
fn a_mission_is_told_what_bears_on_it_and_nothing_else() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let rules = file(
        &home,
        "rules.md",
        b"# Deposits\n\nThe account refuses deposit amounts that are not positive; the new balance is returned.\n\n# Garden\n\nWater the roses.\n",
    );
    home.batos(&["knowledge", "add", &rules]).expect(0);
    let id = home.start(&deposit());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    let used: Vec<&Value> = mission["used"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|used| used["kind"] == "document")
        .collect();
    assert_eq!(used.len(), 1, "{mission}");
    assert_eq!(used[0]["heading"], "Deposits");
    let asked = prompts(&home, "synthesize");
    assert!(
        asked[0].contains("What is known about it (Deposits)"),
        "{asked:?}"
    );
    assert!(!asked[0].contains("roses"), "{asked:?}");
    let shown = home
        .batos(&["mission", "show", &id.to_string()])
        .expect(0)
        .stdout;
    assert!(shown.contains("used document"), "{shown}");
}

#[test]
fn a_question_is_answered_from_what_was_remembered() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "The person says", "candidates": ["At three in the night."]},
    ], "default": ""}));
    home.up();
    for brief in [
        "remember that the backup runs at 3 in the night",
        "remember that the auditor is called Ada",
    ] {
        let id = home.start(&json!({"intent": "remember", "brief": brief}));
        home.wait_for(id, &["COMPLETE"]);
    }
    let id = home.start(&json!({"intent": "ask", "brief": "when does the backup run?"}));
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["answer"], "At three in the night.");
    assert_eq!(mission["used"].as_array().unwrap().len(), 1, "{mission}");
    let asked = prompts(&home, "answer");
    assert!(asked[0].contains("the backup runs at 3"), "{asked:?}");
    // What does not bear on it is there only as what was said just before.
    let (known, said) = asked[0].split_once("Said before:").unwrap();
    assert!(!known.contains("Ada"), "{asked:?}");
    assert!(said.contains("Ada"), "{asked:?}");
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let first = home.start(&deposit());
    home.wait_for(first, &["COMPLETE"]);
    let again = home.start(&deposit());
    let mission = home.wait_for(again, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE");
    assert_eq!(mission["tokens"], json!({"prompt": 0, "generated": 0}));
    assert_eq!(mission["candidates"], 0);
    let outcome = mission["outcome"].as_str().unwrap();
    assert!(outcome.contains("already"), "{outcome}");
    assert!(outcome.contains("its 2 checks hold"), "{outcome}");
    assert_eq!(mission["used"][0]["name"], "Account.deposit");
    let states: Vec<&str> = mission["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["IDLE", "DELEGATING"]);
    let method = || {
        home.batos(&["object", "show", "Account", "--json"])
            .expect(0)
            .json()["methods"][0]
            .clone()
    };
    assert_eq!(method()["mission"], first);

    // Other words, another signature, a check that does not hold: each is written.
    let mut changed = deposit();
    changed["brief"] = json!(
        "Add the amount and return the new balance; refuse nothing else than what is not positive."
    );
    let mut stricter = deposit();
    stricter["checks"]
        .as_array_mut()
        .unwrap()
        .push(json!({"slots": {"balance": 1.0}, "args": [2.0], "returns": {"Ok": 99.0}}));
    let other = home.start(&changed);
    assert!(home.wait_for(other, &["COMPLETE"])["candidates"].as_u64() > Some(0));
    assert_eq!(method()["mission"], other);
    let failing = home.start(&stricter);
    assert_eq!(
        home.wait_for(failing, &["COMPLETE", "FAILED"])["state"],
        "FAILED"
    );

    // What is undone is not there.
    let fresh = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    fresh.up();
    let first = fresh.start(&deposit());
    fresh.wait_for(first, &["COMPLETE"]);
    fresh.batos(&["image", "undo"]).expect(0);
    let again = fresh.start(&deposit());
    assert_eq!(fresh.wait_for(again, &["COMPLETE"])["candidates"], 1);
}

#[test]
fn an_inherited_method_is_used_and_the_same_words_cost_nothing() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "teach", "object": "Account", "selector": "deposit"}).to_string()]},
        {"when": "Design:", "candidates": [json!({"receiver": "&mut self",
            "parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>",
            "slots": [{"name": "balance", "type": "f64", "value": 0.0}]}).to_string()]},
    ], "default": GOOD_DEPOSIT}));
    home.up();
    let say = |words: &str| {
        home.batos(&["mission", "--wait", "--json", words])
            .expect(0)
            .json()
    };
    let first = say("teach Account to deposit an amount and refuse less than 0");
    assert!(first["tokens"]["generated"].as_u64() > Some(0));
    let again = say("Teach Account to deposit an amount and refuse less than 0.");
    assert_eq!(
        again["tokens"],
        json!({"prompt": 0, "generated": 0}),
        "{again}"
    );
    assert!(again["outcome"].as_str().unwrap().contains("already"));

    home.batos(&["object", "new", "Savings", "--parent", "Account"])
        .expect(0);
    let id = home.start(
        &json!({"intent": "teach", "object": "Savings", "selector": "deposit",
        "brief": "teach Account to deposit an amount and refuse less than 0"}),
    );
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["tokens"]["generated"], 0, "{mission}");
    assert!(
        mission["outcome"]
            .as_str()
            .unwrap()
            .contains("from `Account`"),
        "{mission}"
    );
    assert_eq!(mission["used"][0]["name"], "Account.deposit");
}

#[test]
fn what_cured_a_failure_is_kept_and_told() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "That is not right yet", "candidates": [GOOD_DEPOSIT]},
    ], "default": BAD_DEPOSIT}));
    home.up();
    let id = home.start(&deposit());
    assert_eq!(home.wait_for(id, &["COMPLETE", "FAILED"])["attempts"], 3);
    let found = search(&home, "refused amount not positive");
    let lesson = found["hits"]
        .as_array()
        .unwrap()
        .iter()
        .find(|hit| hit["kind"] == "lesson");
    let lesson = lesson.unwrap()["text"].as_str().unwrap();
    assert!(lesson.contains("cured by:"), "{lesson}");
    assert!(lesson.contains("if amount <= 0.0"), "{lesson}");
    // Taught anew it is told.
    let mut changed = deposit();
    changed["brief"] = json!("Add the amount unless it is not positive.");
    let id = home.start(&changed);
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    let told = mission["used"]
        .as_array()
        .unwrap()
        .iter()
        .find(|used| used["kind"] == "lesson");
    assert!(
        told.unwrap()["text"]
            .as_str()
            .unwrap()
            .contains("what cured it"),
        "{mission}"
    );
}

#[test]
fn what_means_the_same_is_found_without_its_words() {
    let script = json!({"answers": [], "default": "", "meanings": [["hound", "puppy", "dog"], ["euro", "money", "fee"]]});
    let home = TestHome::scripted(&script);
    let model = home.path().join("model.gguf");
    fs::write(&model, "stands for a model").unwrap();
    let home = home.set(&format!("knowledge.model={}", model.display()));
    home.up();
    let text =
        b"# Pets\n\nA puppy must be kept on the lead.\n\n# Bills\n\nThe fee is due on Monday.\n";
    let notes = file(&home, "notes.md", text);
    home.batos(&["knowledge", "add", &notes]).expect(0);
    home.wait_until("the vectors", || {
        home.log_lines()
            .iter()
            .any(|line| line["event"] == "knowledge.read")
    });
    let found = search(&home, "may my hound run free?");
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["hits"][0]["heading"], "Pets");
    assert_eq!(found["hits"][0]["words"], 0.0);
    assert!(found["hits"][0]["cosine"].as_f64() > Some(0.9), "{found}");
    assert_eq!(found["note"], Value::Null);
    // Found by both counts more than found by one.
    let found = search(&home, "money on Monday, not the dog");
    assert_eq!(found["hits"][0]["heading"], "Bills", "{found}");

    // Taken back it is not found, though its vectors are known; back it is found at once.
    home.batos(&["image", "undo"]).expect(0);
    assert_eq!(search(&home, "hound")["hits"], json!([]));
    home.batos(&["knowledge", "add", &notes]).expect(0);
    assert_eq!(search(&home, "hound")["hits"][0]["heading"], "Pets");
    // They outlive the kernel: nothing is read again.
    home.batos(&["down"]).expect(0);
    home.up();
    assert_eq!(search(&home, "hound")["hits"][0]["heading"], "Pets");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let reads = home
        .log_lines()
        .into_iter()
        .filter(|line| line["event"] == "knowledge.read");
    assert_eq!(reads.count(), 1);

    // Without the model it goes by words.
    fs::remove_file(&model).unwrap();
    let found = search(&home, "puppy");
    assert_eq!(found["hits"][0]["heading"], "Pets");
    assert_eq!(found["model"], Value::Null);
    assert!(
        found["note"]
            .as_str()
            .unwrap()
            .contains("batos model fetch"),
        "{found}"
    );
}
