//! Missions from the command line, with a scripted model.

use std::fs;

use serde_json::{Value, json};

use super::home::{BAD_DEPOSIT, GOOD_DEPOSIT, TestHome, deposit};

#[test]
fn a_taught_method_answers_at_once() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let file = home.path().join("deposit.json");
    fs::write(&file, deposit().to_string()).unwrap();
    let ran = home
        .batos(&[
            "mission",
            "--file",
            file.to_str().unwrap(),
            "--wait",
            "--json",
        ])
        .expect(0);
    let mission = ran.json();
    assert_eq!(mission["state"], "COMPLETE");
    assert_eq!(mission["object"], "Account");
    assert_eq!(mission["selector"], "deposit");
    assert_eq!(mission["attempts"], 1);
    let states: Vec<&str> = mission["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["state"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        [
            "IDLE",
            "DECOMPOSING",
            "DELEGATING",
            "SYNTHESIZING",
            "VALIDATING"
        ]
    );
    let sent = home
        .batos(&["send", "Account", "deposit", "[2.5]", "--json"])
        .expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": 2.5}}));
    let refused = home
        .batos(&["send", "Account", "deposit", "[-1]", "--json"])
        .expect(4);
    assert!(refused.json()["returns"]["Err"].is_string());
    let object = home
        .batos(&["object", "show", "Account", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        object["slots"]["balance"],
        json!({"type": "f64", "value": 2.5})
    );
    assert_eq!(object["methods"][0]["mission"], mission["id"]);
    assert!(
        object["methods"][0]["source"]
            .as_str()
            .unwrap()
            .contains("mark_changed")
    );
}

#[test]
fn plain_words_are_translated_and_designed() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "teach", "object": "Account", "selector": "deposit",
            "parent": null, "args": [], "slots": []}).to_string()]},
        {"when": "Design:", "candidates": [json!({"receiver": "&mut self",
            "parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>",
            "slots": [{"name": "balance", "type": "f64", "value": 0.0}]}).to_string()]},
    ], "default": GOOD_DEPOSIT}));
    home.up();
    let mission = home
        .batos(&[
            "mission",
            "--wait",
            "--json",
            "teach Account to deposit an amount; refuse what is not positive",
        ])
        .expect(0)
        .json();
    assert_eq!(mission["state"], "COMPLETE");
    assert_eq!(
        mission["signature"],
        "fn deposit(&mut self, amount: f64) -> Result<f64, String>"
    );
    home.batos(&["send", "Account", "deposit", "[2.5]"])
        .expect(0);
}

/// Each method is compiled alone, so one that is called within another and only reads comes along; one that changes is shown.
#[test]
fn a_method_is_called_within_another() {
    let translated = json!({"intent": "teach", "object": "Parser", "selector": "level"});
    let design = |returns: &str| {
        json!({"parameters": [{"name": "line", "type": "String"}], "returns": returns, "slots": [], "changes": []}).to_string()
    };
    let level = "\n        line.split_whitespace().nth(2).unwrap_or(\"\").to_string()\n    }";
    let is_bad = "\n        let level = self.level(line);\n        level == \"ERROR\"\n    }";
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [translated.to_string()]},
        {"when": "Has: fn level(&self, line: String) -> String\nMethod: is_bad", "candidates": [design("bool")]},
        {"when": "Design:", "candidates": [design("String")]},
        {"when": "fn is_bad", "candidates": [is_bad]},
        {"when": "fn level", "candidates": [level]},
    ], "default": "[]"}));
    home.up();
    let say = |words: &str| {
        let mission = home.batos(&["mission", "--wait", "--json", words]);
        mission.expect(0).json()
    };
    say("teach Parser level: the third word of a line");
    // The words introduce the name, whatever the translation says.
    let mission =
        say("teach Parser is_bad: whether the level of a line is ERROR. use level for that");
    assert_eq!(
        mission["signature"],
        "fn is_bad(&self, line: String) -> bool"
    );
    let source = mission["source"].as_str().unwrap();
    assert!(
        source.contains("fn own_level(this: &Parser, line: String) -> String"),
        "{source}"
    );
    let sent = |line: &str| {
        let args = json!([line]).to_string();
        home.batos(&["send", "Parser", "is_bad", &args, "--json"])
            .expect(0)
            .json()
    };
    assert_eq!(sent("12:00 gpu0 ERROR no memory"), json!({"returns": true}));
    assert_eq!(sent("12:00 gpu0 INFO"), json!({"returns": false}));
}

/// What is changed is shown as it is, keeps its signature whatever the design says, and is documented by both briefs.
#[test]
fn a_method_that_is_changed_keeps_what_is_not_said_to_be_different() {
    let translated = json!({"intent": "teach", "object": "Account", "selector": "deposit"});
    let design = json!({"parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>",
        "slots": [{"name": "balance", "type": "f64", "value": 0.0}], "changes": ["balance"]});
    let worse = json!({"parameters": [], "returns": "()", "slots": [], "changes": ["balance"]});
    let twice = "\n        if amount <= 0.0 {\n            return Err(\"amount must be positive\".to_string());\n        }\n        \
        self.balance += 2.0 * amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [translated.to_string()]},
        {"when": "So far: fn deposit(&mut self, amount: f64)", "candidates": [worse.to_string()]},
        {"when": "Design:", "candidates": [design.to_string()]},
        {"when": "So far it is as follows", "candidates": [twice]},
    ], "default": GOOD_DEPOSIT}));
    home.up();
    let say = |words: &str| {
        let mission = home.batos(&["mission", "--wait", "--json", words]);
        mission.expect(0).json()
    };
    say("teach Account to deposit an amount; refuse what is not positive");
    let changed = say("change deposit so that it counts double");
    assert_eq!(
        changed["signature"],
        "fn deposit(&mut self, amount: f64) -> Result<f64, String>"
    );
    let source = changed["source"].as_str().unwrap();
    assert!(
        source.contains("refuse what is not positive") && source.contains("counts double"),
        "{source}"
    );
    let sent = home
        .batos(&["send", "Account", "deposit", "[2]", "--json"])
        .expect(0);
    assert_eq!(sent.json()["returns"], json!({"Ok": 4.0}));
}

/// Designed as one that changes the object, it changes nothing: it only reads.
#[test]
fn a_method_that_changes_nothing_gets_a_receiver_that_cannot() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "teach", "object": "Account", "selector": "double"}).to_string()]},
        {"when": "Design:", "candidates": [json!({"parameters": [], "returns": "f64",
            "slots": [{"name": "balance", "type": "f64", "value": 1.5}], "changes": ["balance"]}).to_string()]},
    ], "default": "\n        let twice = self.balance * 2.0;\n        self.mark_changed();\n        twice\n    }"}));
    home.up();
    let mission = home
        .batos(&["mission", "--wait", "--json", "teach Account to double"])
        .expect(0)
        .json();
    assert_eq!(mission["signature"], "fn double(&self) -> f64");
    assert!(!mission["source"].as_str().unwrap().contains("mark_changed"));
    let sent = home
        .batos(&["send", "Account", "double", "--json"])
        .expect(0);
    assert_eq!(sent.json()["returns"], 3.0);
}

#[test]
fn what_a_new_object_keeps_is_named_by_the_words() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "make", "object": "Shop",
            "slots": [{"name": "prices", "type": "String", "value": ""}]}).to_string()]},
        {"when": "Slots of Shop:", "candidates": [json!([
            {"name": "prices", "type": "BTreeMap<String, i64>", "value": {"tea": 250}}]).to_string()]},
    ], "default": ""}));
    home.up();
    let words = "make a Shop with prices (product to cents), tea at 250";
    let understood = home
        .batos(&["mission", "--dry-run", "--json", words])
        .expect(0)
        .json();
    let document = understood.to_string();
    assert!(document.contains("BTreeMap<String, i64>"), "{document}");
    let made = home
        .batos(&["mission", "--wait", "--json", words])
        .expect(0)
        .json();
    assert_eq!(
        made["answer"],
        "`Shop` is made with prices: BTreeMap<String, i64> = {\"tea\":250}"
    );
    let object = home.batos(&["object", "show", "Shop", "--json"]).json();
    assert_eq!(object["slots"]["prices"]["value"], json!({"tea": 250}));
}

/// The design names no slot, and every candidate keeps one: the object gets it, of the type that the method gives it.
#[test]
fn a_slot_that_the_candidates_keep_is_added() {
    let design = |slots: serde_json::Value| {
        json!({"receiver": "&mut self", "parameters": [{"name": "amount", "type": "i64"}],
            "returns": "Result<i64, String>", "slots": slots})
        .to_string()
    };
    let keeping = "\n        self.total += amount;\n        self.mark_changed();\n        Ok(self.total)\n    }";
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "teach", "object": "Till", "selector": "take",
            "parent": null, "args": [], "slots": []}).to_string()]},
        {"when": "Design:", "candidates": [design(json!([]))]},
    ], "default": keeping}));
    home.up();
    let mission = home
        .batos(&[
            "mission",
            "--wait",
            "--json",
            "teach Till to take an amount; refuse what is not positive",
        ])
        .expect(0)
        .json();
    assert_eq!(
        (&mission["state"], &mission["attempts"]),
        (&json!("COMPLETE"), &json!(1))
    );
    let logged = home.log_lines();
    let added = logged
        .iter()
        .find(|line| line["event"] == "slots.moved")
        .unwrap();
    assert!(
        added["text"]
            .as_str()
            .unwrap()
            .contains("`Till` gets that slot, a `i64`"),
        "{added}"
    );
    let sent = home
        .batos(&["send", "Till", "take", "[4]", "--json"])
        .expect(0)
        .json();
    assert_eq!(sent, json!({"returns": {"Ok": 4}}));
    // What a person wrote down is not added to: there the candidates are wrong.
    let mut document = deposit();
    document["object"] = json!("Chest");
    document["slots"] = json!({});
    document["signature"] = json!("fn deposit(&mut self, amount: i64) -> Result<i64, String>");
    document["checks"] = json!([{"args": [1], "returns": {"Ok": 1}}]);
    let id = home.start(&document);
    let refused = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(refused["state"], "FAILED", "{refused}");
    assert!(
        refused["outcome"]
            .as_str()
            .unwrap()
            .contains("no field `total`"),
        "{refused}"
    );
}

#[test]
fn a_refused_candidate_is_told_why() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "That is not right yet", "candidates": [GOOD_DEPOSIT]},
    ], "default": BAD_DEPOSIT}));
    home.up();
    let id = home.start(&deposit());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE");
    assert_eq!(mission["attempts"], 3);
    let feedback = home
        .log_lines()
        .into_iter()
        .filter(|line| line["event"] == "prompt")
        .map(|line| line["fields"]["turns"].to_string())
        .find(|turns| turns.contains("That is not right yet"))
        .unwrap();
    assert!(
        feedback.contains("deposit(-1"),
        "the failed check is not in it: {feedback}"
    );
}

#[test]
fn a_candidate_that_the_compiler_cannot_bear_is_refused_alone() {
    let bomb = "\n        static BIG: [u8; 1 << 31] = [1; 1 << 31];\n        self.balance += f64::from(BIG[amount as usize]);\n        self.mark_changed();\n        Ok(self.balance)\n    }";
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "That is not right yet", "candidates": [GOOD_DEPOSIT]},
    ], "default": bomb}));
    home.up();
    let id = home.start(&deposit());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    assert_eq!(mission["attempts"], 2);
}

#[test]
fn a_hopeless_mission_ends_failed() {
    let home = TestHome::scripted(&json!({"answers": [], "default": BAD_DEPOSIT}))
        .set("missions.attempts=2");
    home.up();
    let file = home.path().join("deposit.json");
    fs::write(&file, deposit().to_string()).unwrap();
    let ran = home
        .batos(&[
            "mission",
            "--file",
            file.to_str().unwrap(),
            "--wait",
            "--json",
        ])
        .expect(3);
    let mission = ran.json();
    assert_eq!(mission["state"], "FAILED");
    assert_eq!(mission["attempts"], 2);
    assert_eq!(mission["diagnostics"][0]["stage"], "checks");
    home.batos(&["send", "Account", "deposit", "[1]"]).expect(4);
}

#[test]
fn a_running_mission_can_be_cancelled() {
    let home = TestHome::scripted(
        &json!({"answers": [{"candidates": [GOOD_DEPOSIT], "delay_ms_per_token": 500}], "default": ""}),
    );
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    let mission = home
        .batos(&["mission", "cancel", &id.to_string(), "--json"])
        .expect(0)
        .json();
    assert_eq!(mission["state"], "FAILED");
    assert!(mission["outcome"].as_str().unwrap().contains("cancelled"));
    let again = home
        .batos(&["mission", "cancel", &id.to_string()])
        .expect(1);
    assert!(
        again.stderr.contains("has ended already"),
        "{}",
        again.stderr
    );
}

#[test]
fn missions_can_be_echoed_into_the_pipe() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "make", "object": "Counter", "selector": null,
            "parent": null, "args": [], "slots": [{"name": "count", "type": "i64", "value": 7}]}).to_string()]},
    ], "default": ""}));
    home.up();
    fs::write(
        home.path().join("home/run/missions"),
        "make an object Counter with a count of 7\n",
    )
    .unwrap();
    home.wait_until("the object", || {
        home.batos(&["object", "show", "Counter", "--json"]).code == 0
    });
    let object = home.batos(&["object", "show", "Counter", "--json"]).json();
    assert_eq!(object["slots"]["count"]["value"], 7);
}

#[test]
fn hostile_methods_end_as_errors_and_the_kernel_goes_on() {
    let methods = [
        (
            "spin",
            "\n        let mut n = 0u64;\n        loop {\n            n = n.wrapping_mul(6364136223846793005).wrapping_add(1);\n            if n == 3 && n % 7 == 5 { return 0; }\n        }\n    }",
        ),
        (
            "hoard",
            "\n        let mut all: Vec<Vec<u8>> = Vec::new();\n        loop {\n            all.push(vec![1u8; 1 << 20]);\n            if all.len() == usize::MAX { return 0; }\n        }\n    }",
        ),
        (
            "burst",
            "\n        let none: Option<i64> = None;\n        none.expect(\"nothing was there\")\n    }",
        ),
    ];
    let answers: Vec<Value> = methods
        .iter()
        .map(|(name, body)| json!({"when": format!("fn {name}("), "candidates": [body]}))
        .collect();
    let home = TestHome::scripted(&json!({"answers": answers, "default": ""}));
    home.up();
    let pid = home.kernel_pid();
    for (name, _) in methods {
        let id = home.start(&json!({
            "intent": "teach", "object": "Hostile", "selector": name,
            "signature": format!("fn {name}(&self) -> i64"), "brief": "do it",
        }));
        assert_eq!(
            home.wait_for(id, &["COMPLETE", "FAILED"])["state"],
            "COMPLETE"
        );
        let sent = home
            .batos(&["send", "Hostile", name, "--json"])
            .expect(4)
            .json();
        assert!(
            sent["error"].as_str().unwrap().contains("Hostile"),
            "{sent}"
        );
        assert!(sent.get("returns").is_none(), "{sent}");
    }
    assert_eq!(home.kernel_pid(), pid, "the kernel was replaced");
}

#[test]
fn bad_input_is_refused_with_a_reason() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    let off = home.batos(&["status"]).expect(1);
    assert!(off.stderr.contains("batos up"), "{}", off.stderr);
    home.up();
    home.batos(&[
        "object",
        "new",
        "Account",
        "--slots",
        r#"{"balance": {"type": "i64", "value": 1}}"#,
    ])
    .expect(0);
    let file = home.path().join("m.json");
    fs::write(&file, deposit().to_string()).unwrap();
    let conflict = home
        .batos(&["mission", "--file", file.to_str().unwrap()])
        .expect(1);
    assert!(
        conflict
            .stderr
            .contains("slot `balance` of `Account` is a i64"),
        "{}",
        conflict.stderr
    );
    let cases = [
        (json!({"intent": "teach", "brief": ""}), "empty"),
        (json!({"intent": "dance", "brief": "x"}), "dance"),
        (
            json!({"intent": "teach", "brief": "x", "colour": 1}),
            "colour",
        ),
        (
            json!({"intent": "teach", "brief": "x", "object": "A", "signature": "fn f(&self, x: Wrong) -> i64"}),
            "Wrong",
        ),
        (
            json!({"intent": "teach", "brief": "x", "object": "A", "signature": "fn f(&self, x: i64) -> i64",
                   "checks": [{"args": [], "returns": 1}]}),
            "argument",
        ),
        (
            json!({"intent": "teach", "brief": "x", "object": "A", "slots": {"n": {"type": "i64", "value": "a"}}}),
            "slot `n`",
        ),
    ];
    for (document, word) in cases {
        fs::write(&file, document.to_string()).unwrap();
        let ran = home
            .batos(&["mission", "--file", file.to_str().unwrap()])
            .expect(1);
        assert!(
            ran.stderr.contains(word),
            "{word} is not in: {}",
            ran.stderr
        );
    }
    home.batos(&["send", "Nobody", "deposit"]).expect(4);
    home.batos(&["send", "Account", "deposit", "nonsense"])
        .expect(1);
    home.batos(&["object", "new", "Account"]).expect(1);
    home.batos(&["object", "new", "not a name"]).expect(1);
    home.batos(&["object", "show", "Nobody"]).expect(1);
    home.batos(&["mission", "show", "99"]).expect(1);
    home.batos(&["mission"]).expect(2);
    home.batos(&["dance"]).expect(2);
}

#[test]
fn without_a_model_the_reason_is_said() {
    let home = TestHome::bare()
        .set("profile=tiny")
        .set("models.path=/nonexistent");
    home.up();
    let status = home.status();
    assert!(
        status["engine"]["trouble"]
            .as_str()
            .unwrap()
            .contains("model fetch"),
        "{status}"
    );
    let ran = home
        .batos(&["mission", "--wait", "teach Account to deposit"])
        .expect(3);
    assert!(ran.stdout.contains("model fetch"), "{}", ran.stdout);
    home.batos(&["object", "new", "StillWorks"]).expect(0);
}
