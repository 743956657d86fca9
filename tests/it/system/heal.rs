//! Self-repair: a fault of a send becomes a mission, at most three for one cause; what grew worse is put back.

use std::process::Stdio;

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, TestHome};

const DESIGN: &str = r#"{"receiver": "&mut self", "parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>", "slots": [{"name": "balance", "type": "f64", "value": 0.0}]}"#;

/// Divides by what it is given, also by zero.
const SHARE: &str = "\n        self.total / by\n    }";
const GOOD_SHARE: &str = "\n        if by == 0 { return 0; }\n        self.total / by\n    }";

/// Traps where no made-up call comes by.
const UNLUCKY: &str = "\n        if by == 13 { return self.total / (by - 13); }\n        self.total / by.max(1)\n    }";
const GOOD_UNLUCKY: &str =
    "\n        if by == 13 { return 0; }\n        self.total / by.max(1)\n    }";

fn share() -> Value {
    json!({
        "intent": "teach", "object": "Pot", "selector": "share",
        "signature": "fn share(&self, by: i64) -> i64",
        "brief": "What each of so many gets.",
        "slots": {"total": {"type": "i64", "value": 12}},
        "checks": [{"args": [4], "returns": 3}],
    })
}

fn teach(home: &TestHome, document: &Value) -> u64 {
    let id = home.start(document);
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    id
}

fn missions(home: &TestHome) -> Vec<Value> {
    let listed = home.batos(&["mission", "ls", "--json"]).expect(0).json();
    listed.as_array().unwrap().clone()
}

fn methods(home: &TestHome, object: &str) -> Value {
    let shown = home.batos(&["object", "show", object, "--json"]);
    shown.expect(0).json()["methods"].clone()
}

fn send(home: &TestHome, arguments: &[&str], code: i32) -> Value {
    let mut all = vec!["send", "--json"];
    all.extend(arguments);
    home.batos(&all).expect(code).json()
}

#[test]
fn what_nobody_understands_is_written_and_sent_once() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Design:", "candidates": [DESIGN]},
    ], "default": GOOD_DEPOSIT}));
    home.up();
    home.batos(&["object", "new", "Account"]).expect(0);
    let waiting = send(&home, &["Account", "deposit", "[2.5]", "--wait"], 0);
    assert_eq!(waiting["returns"], json!({"Ok": 2.5}));
    let mission = home.mission(waiting["mission"].as_u64().unwrap());
    assert_eq!(mission["state"], "COMPLETE");
    assert_eq!(mission["selector"], "deposit");
    let answer = mission["answer"].as_str().unwrap();
    assert!(answer.ends_with("\nsent again: {\"Ok\":2.5}"), "{answer}");
    // Sent again by the mission, once.
    let balance = home.batos(&["object", "show", "Account", "--json"]).json();
    assert_eq!(balance["slots"]["balance"]["value"], 2.5);
    assert_eq!(
        send(&home, &["Account", "deposit", "[1]"], 0),
        json!({"returns": {"Ok": 3.5}})
    );
    assert_eq!(methods(&home, "Account")[0]["self_checked"], json!(true));
    // The request for a design named what was given.
    let asked = home
        .log_lines()
        .into_iter()
        .filter(|line| line["fields"]["purpose"] == "decompose")
        .map(|line| line["fields"]["turns"].to_string())
        .collect::<String>();
    assert!(
        asked.contains("Parameter 1 was given as 2.5: f64"),
        "{asked}"
    );
    // Of a typing mistake the near selector is told; the mission can be cancelled.
    let typo = send(&home, &["Account", "depositt", "[1]"], 4);
    let error = typo["error"].as_str().unwrap();
    assert_eq!(
        error,
        "`Account` does not understand `depositt`; did you mean `deposit`?"
    );
    assert!(typo["mission"].is_u64());
    // No method makes sense of these.
    for (object, selector) in [("Nobody", "deposit"), ("Account", "not-a-name")] {
        let sent = send(&home, &[object, selector], 4);
        assert!(sent.get("mission").is_none(), "{sent}");
    }
}

#[test]
fn all_that_wait_for_one_mission_are_sent_by_it() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Design:", "candidates": [DESIGN]},
        {"candidates": [GOOD_DEPOSIT], "delay_ms_per_token": 60},
    ], "default": ""}));
    home.up();
    home.batos(&["object", "new", "Account"]).expect(0);
    let first = send(&home, &["Account", "deposit", "[2.5]"], 4);
    let id = first["mission"].as_u64().unwrap();
    let refused = home
        .command(&["send", "Account", "deposit", "[-1]", "--json", "--wait"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let second = send(&home, &["Account", "deposit", "[4]"], 4);
    assert_eq!(second["mission"], first["mission"]);
    // The kernel dies meanwhile: nothing of it is lost, nothing happens twice.
    home.wait_for(id, &["SYNTHESIZING"]);
    home.kill_9(home.kernel_pid().unwrap());
    assert_eq!(
        home.wait_for(id, &["COMPLETE", "FAILED"])["state"],
        "COMPLETE"
    );
    let balance = home.batos(&["object", "show", "Account", "--json"]).json();
    assert_eq!(balance["slots"]["balance"]["value"], 6.5);
    assert_eq!(missions(&home).len(), 1);
    drop(refused.wait_with_output().unwrap());
}

#[test]
fn a_method_that_traps_is_mended_and_keeps_its_checks() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "That is not right yet", "candidates": [GOOD_UNLUCKY]},
    ], "default": UNLUCKY}));
    home.up();
    teach(&home, &share());
    let sent = send(&home, &["Pot", "share", "[13]", "--wait"], 0);
    assert_eq!(sent["returns"], json!(0), "{sent}");
    let mission = home.mission(sent["mission"].as_u64().unwrap());
    let brief = mission["brief"].as_str().unwrap();
    assert!(brief.contains("mend `Pot.share`: panic"), "{brief}");
    assert_eq!(mission["attempts"], 1);
    let method = methods(&home, "Pot")[0].clone();
    assert!(
        method["source"]
            .as_str()
            .unwrap()
            .contains("if by == 13 { return 0; }")
    );
    // A person's check decided about the one before it, and about this one.
    assert_eq!(method["self_checked"], json!(false));
    assert_eq!(
        send(&home, &["Pot", "share", "[3]"], 0),
        json!({"returns": 4})
    );
    let prompt = home
        .log_lines()
        .into_iter()
        .filter(|line| line["fields"]["purpose"] == "repair")
        .map(|line| line["fields"]["turns"].to_string())
        .collect::<String>();
    assert!(prompt.contains("share(13) with the fields"), "{prompt}");
    assert!(prompt.contains("divide by zero"), "{prompt}");
}

#[test]
fn three_missions_for_one_cause_and_no_more() {
    // No candidate bears the call.
    let home = TestHome::scripted(&json!({"answers": [], "default": SHARE}))
        .set("missions.repair_pause_s=0")
        .set("missions.attempts=1");
    home.up();
    teach(&home, &share());
    let mut ids = Vec::new();
    for round in 0..3 {
        let sent = send(&home, &["Pot", "share", "[0]", "--wait"], 4);
        let error = sent["error"].as_str().unwrap();
        assert!(error.contains("the send was not made: mission"), "{error}");
        ids.push(sent["mission"].as_u64().unwrap());
        assert_eq!(ids.len(), round + 1);
        // What is counted is in the image.
        home.kill_9(home.kernel_pid().unwrap());
        home.wait_until("another kernel", || home.kernel_pid().is_some());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    let sent = send(&home, &["Pot", "share", "[0]", "--wait"], 4);
    assert!(sent.get("mission").is_none(), "{sent}");
    let error = sent["error"].as_str().unwrap();
    assert!(error.contains("3 missions have not mended that"), "{error}");
    // What a person teaches anew is another cause.
    let mut anew = share();
    anew["brief"] = json!("What each of so many gets, written anew.");
    teach(&home, &anew);
    assert!(send(&home, &["Pot", "share", "[0]"], 4)["mission"].is_u64());
}

#[test]
fn a_persons_mission_goes_before_a_repair_and_a_pause_is_kept() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "fn share", "candidates": [SHARE], "delay_ms_per_token": 0},
        {"when": "Design:", "candidates": [DESIGN]},
        {"when": "First called", "candidates": [GOOD_DEPOSIT], "delay_ms_per_token": 300},
    ], "default": GOOD_DEPOSIT}))
    .set("missions.attempts=1");
    home.up();
    home.batos(&["object", "new", "Slow"]).expect(0);
    let own = send(&home, &["Slow", "deposit", "[1]"], 4)["mission"]
        .as_u64()
        .unwrap();
    home.wait_for(own, &["SYNTHESIZING"]);
    // It is put down, and taken up again afterwards.
    teach(&home, &share());
    assert_ne!(home.mission(own)["state"], "COMPLETE");
    home.wait_for(own, &["COMPLETE"]);
    // The second mission for a cause begins a minute later.
    let first = send(&home, &["Pot", "share", "[0]", "--wait"], 4)["mission"].clone();
    let second = send(&home, &["Pot", "share", "[0]"], 4)["mission"].clone();
    assert_ne!(first, second);
    std::thread::sleep(std::time::Duration::from_millis(300));
    let second = second.as_u64().unwrap();
    assert_eq!(home.mission(second)["state"], "IDLE");
    // A waiting one that is cancelled takes its sends with it.
    home.batos(&["mission", "cancel", &second.to_string()])
        .expect(0);
    assert_eq!(home.mission(second)["state"], "FAILED");
}

#[test]
fn arguments_widen_a_method_only_where_a_type_takes_both() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "by: f64", "candidates": ["\n        self.total / (by as i64)\n    }"]},
    ], "default": SHARE}));
    home.up();
    teach(&home, &share());
    for mistake in ["[\"4\"]", "[]", "[4, 1]", "[null]"] {
        let sent = send(&home, &["Pot", "share", mistake], 4);
        assert!(sent.get("mission").is_none(), "{mistake}: {sent}");
    }
    let sent = send(&home, &["Pot", "share", "[2.5]", "--wait"], 0);
    assert_eq!(sent["returns"], json!(6), "{sent}");
    assert_eq!(
        methods(&home, "Pot")[0]["signature"],
        "fn share(&self, by: f64) -> i64"
    );
    assert_eq!(
        send(&home, &["Pot", "share", "[4]"], 0),
        json!({"returns": 3})
    );
}

#[test]
fn what_fails_more_often_than_what_it_replaced_is_put_back() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "written anew", "candidates": [SHARE]},
        {"when": "That is not right yet", "candidates": [SHARE]},
    ], "default": GOOD_SHARE}))
    .set("missions.attempts=1");
    home.up();
    let first = teach(&home, &share());
    for _ in 0..4 {
        send(&home, &["Pot", "share", "[0]"], 0);
    }
    let mut anew = share();
    anew["brief"] = json!("What each of so many gets, written anew.");
    let second = teach(&home, &anew);
    assert_eq!(methods(&home, "Pot")[0]["mission"], second);
    // Each failure is told; the third puts back what was there, and is sent again.
    let told = send(&home, &["Pot", "share", "[0]", "--wait"], 4);
    assert!(
        told["error"].as_str().unwrap().contains("not made"),
        "{told}"
    );
    assert!(send(&home, &["Pot", "share", "[0]"], 4)["error"].is_string());
    let sent = send(&home, &["Pot", "share", "[0]"], 0);
    assert_eq!(sent, json!({"returns": 0}));
    assert_eq!(methods(&home, "Pot")[0]["mission"], first);
    let history = home
        .batos(&["image", "history", "Pot", "--json"])
        .expect(0)
        .json();
    let line = history[0]["lines"][0].as_str().unwrap();
    assert_eq!(
        line,
        format!(
            "`Pot.share` is put back to the method before it: 3 of 3 calls failed since mission {second}, and 0 of 4 before"
        )
    );
    assert!(history[0].to_string().contains("fact put back/Pot.share/"));
    let logged = home.log_lines();
    assert!(logged.iter().any(|line| line["event"] == "method.put_back"));
}

#[test]
fn a_check_that_fails_later_is_a_cause_too() {
    let ask = "\n        send::<i64>(\"Pot\", \"share\", (4,)).unwrap_or(-1)\n    }";
    let answers = json!([
        {"when": "fn ask", "candidates": [ask]},
        {"when": "Half of it", "candidates": ["\n        self.total / by / 2\n    }"]},
    ]);
    let home = TestHome::scripted(&json!({"answers": answers, "default": SHARE}));
    home.up();
    teach(&home, &share());
    teach(
        &home,
        &json!({"intent": "teach", "object": "Guest", "selector": "ask",
            "signature": "fn ask(&self) -> i64", "brief": "Asks the pot.", "checks": [{"returns": 3}]}),
    );
    let mut half = share();
    half["brief"] = json!("Half of it");
    half["checks"] = json!([{"args": [4], "returns": 1}]);
    teach(&home, &half);
    home.wait_until("the mission for the check", || {
        missions(&home).iter().any(|mission| {
            mission["brief"]
                .as_str()
                .unwrap()
                .starts_with("mend `Guest.ask`: check 1")
        })
    });
}

#[test]
fn self_repair_can_be_turned_off() {
    let home =
        TestHome::scripted(&json!({"answers": [], "default": SHARE})).set("missions.repair=off");
    home.up();
    teach(&home, &share());
    for _ in 0..4 {
        let sent = send(&home, &["Pot", "share", "[0]", "--wait"], 4);
        assert!(sent.get("mission").is_none(), "{sent}");
    }
    assert!(
        send(&home, &["Pot", "shaer", "[0]"], 4)
            .get("mission")
            .is_none()
    );
    assert_eq!(missions(&home).len(), 1);
}
