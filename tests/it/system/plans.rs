//! Larger briefs as plans of parts, with a scripted model: order, planning again, kills, and hostile plans.

use serde_json::{Value, json};

use super::home::TestHome;

const WORDS: &str = "Make an Account with methods deposit(amount), withdraw(amount) and transfer(to, amount), which withdraws here and deposits there.";

const DEPOSIT: &str = "\n        self.balance += amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";
const WITHDRAW: &str = "\n        if amount > self.balance {\n            return Err(\"not enough\".to_string());\n        }\n        self.balance -= amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";
/// As a model writes it that knows no sends.
const TRANSFER: &str =
    "\n        self.withdraw(amount)?;\n        to.deposit(amount)?;\n        Ok(())\n    }";
/// Never compiles.
const BROKEN: &str = "\n        nothing_that_there_is(\"withdraw\", \"deposit\")\n    }";

/// A part with its design.
fn part(selector: &str, params: &[(&str, &str)], returns: &str, calls: &[&str]) -> Value {
    let parameters: Vec<Value> = params
        .iter()
        .map(|(name, ty)| json!({"name": name, "type": ty}))
        .collect();
    json!({"object": "Account", "method": selector, "does": format!("{selector} the amount, refuse what is not possible"), "calls": calls,
        "receiver": "&mut self", "parameters": parameters, "returns": returns,
        "slots": [{"name": "balance", "type": "f64", "value": 0.0}]})
}

fn account_parts() -> Vec<Value> {
    let amount = ("amount", "f64");
    vec![
        // Before what it calls: the order is put right.
        part(
            "transfer",
            &[("to", "ObjectRef"), amount],
            "Result<(), String>",
            &["withdraw", "to.deposit"],
        ),
        part("deposit", &[amount], "Result<f64, String>", &[]),
        part("withdraw", &[amount], "Result<f64, String>", &[]),
    ]
}

/// A plan as it is answered: of each part no more than what it is and calls.
fn plan(parts: &[Value]) -> String {
    let mut parts = parts.to_vec();
    for part in &mut parts {
        let told = part.as_object_mut().unwrap();
        for designed in ["receiver", "parameters", "returns", "slots"] {
            told.remove(designed);
        }
    }
    json!({"parts": parts}).to_string()
}

/// A plan of a part that failed, with designs.
fn plan_anew(parts: &[Value]) -> String {
    json!({"parts": parts}).to_string()
}

/// What is answered when that part is to be designed.
fn design(part: &Value) -> Value {
    let design = json!({"parameters": part["parameters"], "returns": part["returns"], "slots": part["slots"],
        "changes": ["balance"]});
    let when = format!("Method: {}\n", part["method"].as_str().unwrap());
    json!({"when": when, "candidates": [design.to_string()]})
}

fn translated() -> Value {
    json!({"when": "Mission:", "candidates": [json!({"intent": "make", "object": "Account",
        "slots": [{"name": "balance", "type": "f64", "value": 0.0}]}).to_string()]})
}

fn named() -> Value {
    json!({"when": "Slots of", "candidates": [json!([{"name": "balance", "type": "f64", "value": 0.0}]).to_string()]})
}

fn script(plans: &[(&str, String)], designed: &[Value], bodies: &[(&str, &str)]) -> Value {
    let mut answers = vec![translated(), named()];
    answers.extend(designed.iter().map(design));
    for (when, text) in plans {
        answers.push(json!({"when": when, "candidates": [text]}));
    }
    for (when, body) in bodies {
        answers.push(json!({"when": when, "candidates": [body]}));
    }
    json!({"answers": answers, "default": "[]"})
}

pub fn good() -> Value {
    script(
        &[("Plan:", plan(&account_parts()))],
        &account_parts(),
        &[
            ("fn transfer", TRANSFER),
            ("fn withdraw", WITHDRAW),
            ("fn deposit", DEPOSIT),
        ],
    )
}

fn parts_of(mission: &Value) -> Vec<String> {
    let parts = mission["plan"].as_array().unwrap();
    let told = |part: &Value| {
        format!(
            "{} {}",
            part["selector"].as_str().unwrap(),
            part["state"].as_str().unwrap()
        )
    };
    parts.iter().map(told).collect()
}

fn run(home: &TestHome, words: &str, code: i32) -> Value {
    home.batos(&["mission", "--wait", "--json", words])
        .expect(code)
        .json()
}

#[test]
fn a_brief_becomes_parts_that_call_each_other() {
    let home = TestHome::scripted(&good());
    home.up();
    let mission = run(&home, WORDS, 0);
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    assert_eq!(
        parts_of(&mission),
        [
            "deposit installed",
            "withdraw installed",
            "transfer installed"
        ]
    );
    assert_eq!(
        mission["plan"][2]["signature"],
        "fn transfer(&self, to: ObjectRef, amount: f64) -> Result<(), String>"
    );
    assert_eq!(
        mission["plan"][2]["calls"],
        json!(["Account.withdraw", "Account.deposit"])
    );
    // Each was installed by a transaction of its own, in order.
    let tids: Vec<u64> = mission["plan"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["tid"].as_u64().unwrap())
        .collect();
    assert!(tids.is_sorted() && tids[0] < tids[2], "{tids:?}");
    // The prompt of the last one says how its calls are written, and the story where that prompt is.
    let lines = home.log_lines();
    let asked = lines
        .iter()
        .find(|line| {
            line["event"] == "prompt"
                && line["fields"]["prefix"].to_string().contains("fn transfer")
        })
        .unwrap();
    let asked_for = asked["fields"].to_string();
    assert!(
        asked_for.contains(r#"send::<f64>(\\\"Account\\\", \\\"withdraw\\\", (amount,))?"#)
            || asked_for.contains("to.send::<f64>("),
        "{asked_for}"
    );
    let story = mission["story"].as_array().unwrap();
    assert!(
        story
            .iter()
            .any(|entry| entry["reference"] == asked["fields"]["reference"])
    );
    home.batos(&[
        "object",
        "new",
        "Savings",
        "--parent",
        "Account",
        "--slots",
        r#"{"balance": {"type": "f64", "value": 0}}"#,
    ])
    .expect(0);
    home.batos(&["send", "Account", "deposit", "[10]"])
        .expect(0);
    home.batos(&["send", "Account", "transfer", r#"["Savings", 4]"#])
        .expect(0);
    let balance = |name: &str| {
        home.batos(&["object", "show", name, "--json"])
            .expect(0)
            .json()["slots"]["balance"]["value"]
            .clone()
    };
    assert_eq!(
        (balance("Account"), balance("Savings")),
        (json!(6.0), json!(4.0))
    );
    let refused = home
        .batos(&[
            "send",
            "Account",
            "transfer",
            r#"["Savings", 40]"#,
            "--json",
        ])
        .expect(4);
    assert_eq!(refused.json(), json!({"returns": {"Err": "not enough"}}));
    // One part can be taken back alone, as any transaction.
    home.batos(&["image", "undo", &tids[2].to_string()])
        .expect(0);
    let methods = home
        .batos(&["object", "show", "Account", "--json"])
        .expect(0)
        .json();
    assert_eq!(methods["methods"].as_array().unwrap().len(), 2);
    // Asked for the same again, only what is missing is written.
    let again = run(&home, WORDS, 0);
    assert_eq!(
        parts_of(&again),
        ["deposit used", "withdraw used", "transfer installed"]
    );
    let third = run(&home, WORDS, 0);
    assert_eq!(
        parts_of(&third),
        ["deposit used", "withdraw used", "transfer used"]
    );
    assert_eq!(third["tokens"]["generated"], 0);
    let shown = home
        .batos(&["mission", "show", &again["id"].to_string()])
        .expect(0)
        .stdout;
    assert!(
        shown.contains("Account.transfer") && shown.contains("used"),
        "{shown}"
    );
}

#[test]
fn a_part_that_is_there_is_used_whatever_it_was_told() {
    let home = TestHome::scripted(&good());
    home.up();
    let mut document = super::home::deposit();
    document["checks"] = json!([{"args": [2.0], "returns": {"Ok": 2.0}}]);
    let id = home.start(&document);
    home.wait_for(id, &["COMPLETE"]);
    let mission = run(&home, WORDS, 0);
    assert_eq!(
        parts_of(&mission),
        ["deposit used", "withdraw installed", "transfer installed"]
    );
    assert_eq!(mission["plan"][0]["tokens"]["generated"], 0);
}

#[test]
fn a_part_that_fails_is_planned_again_once() {
    let amount = ("amount", "f64");
    let again = plan_anew(&[part("withdraw", &[amount], "Option<f64>", &[])]);
    let home = TestHome::scripted(&script(
        &[("It was planned as one part", again), ("Plan:", plan(&account_parts()))],
        &account_parts(),
        &[
            ("fn transfer", "\n        self.withdraw(amount).ok_or(\"not enough\")?;\n        to.deposit(amount)?;\n        Ok(())\n    }"),
            ("Option<f64>", "\n        if amount > self.balance {\n            return None;\n        }\n        self.balance -= amount;\n        self.mark_changed();\n        Some(self.balance)\n    }"),
            ("fn withdraw", BROKEN),
            ("fn deposit", DEPOSIT),
        ],
    ))
    .set("missions.attempts=2");
    home.up();
    let mission = run(&home, WORDS, 0);
    assert_eq!(
        parts_of(&mission),
        [
            "deposit installed",
            "withdraw re-planned",
            "withdraw installed",
            "transfer installed"
        ],
        "{mission:#}"
    );
    assert_eq!(mission["plan"][2]["again"], true);
    assert!(
        mission["plan"][1]["diagnosis"]
            .as_str()
            .unwrap()
            .contains("after 2 rounds")
    );
}

#[test]
fn a_part_that_is_planned_again_still_brings_its_slots() {
    let amount = ("amount", "f64");
    // The new answer names no slot: they were told of as if they were there.
    let mut again = part("deposit", &[amount], "Option<f64>", &[]);
    again["slots"] = json!([]);
    let parts = [
        part("deposit", &[amount], "Result<f64, String>", &[]),
        part("withdraw", &[amount], "Result<f64, String>", &[]),
    ];
    let added = "\n        self.balance += amount;\n        self.mark_changed();\n        Some(self.balance)\n    }";
    let taken = "\n        self.balance -= amount;\n        self.mark_changed();\n        self.balance\n    }";
    let home = TestHome::scripted(&script(
        &[
            ("It was planned as one part", plan_anew(&[again])),
            ("Plan:", plan(&parts)),
        ],
        &parts,
        &[
            ("fn withdraw", taken),
            ("Option<f64>", added),
            ("fn deposit", BROKEN),
        ],
    ))
    .set("missions.attempts=2");
    home.up();
    let mission = run(&home, WORDS, 0);
    assert_eq!(
        parts_of(&mission),
        [
            "deposit re-planned",
            "deposit installed",
            "withdraw installed"
        ],
        "{mission:#}"
    );
    home.batos(&["send", "Account", "deposit", "[3]"]).expect(0);
}

#[test]
fn a_part_that_fails_twice_fails_the_mission_and_what_is_there_stays() {
    let amount = ("amount", "f64");
    let again = plan_anew(&[part("withdraw", &[amount], "Result<f64, String>", &[])]);
    let home = TestHome::scripted(&script(
        &[
            ("It was planned as one part", again),
            ("Plan:", plan(&account_parts())),
        ],
        &account_parts(),
        &[("fn withdraw", BROKEN), ("fn deposit", DEPOSIT)],
    ))
    .set("missions.attempts=2");
    home.up();
    let mission = run(&home, WORDS, 3);
    assert_eq!(
        parts_of(&mission),
        [
            "deposit installed",
            "withdraw re-planned",
            "withdraw failed",
            "transfer waiting"
        ]
    );
    let outcome = mission["outcome"].as_str().unwrap();
    for said in [
        "Account.withdraw, failed also when it was planned again",
        "after 2 rounds",
        "kept: Account.deposit (transaction ",
    ] {
        assert!(outcome.contains(said), "{outcome}");
    }
    home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
}

#[test]
fn hostile_plans_are_refused_and_told() {
    let amount = ("amount", "f64");
    let circle = plan(&[
        part("deposit", &[amount], "f64", &["withdraw"]),
        part("withdraw", &[amount], "f64", &["deposit"]),
    ]);
    let twice = plan(&[
        part("deposit", &[amount], "f64", &[]),
        part("deposit", &[amount], "f64", &[]),
    ]);
    let unknown = plan(&[
        part("deposit", &[amount], "f64", &["rob"]),
        part("withdraw", &[amount], "f64", &[]),
    ]);
    for (text, said) in [
        (circle, "circle"),
        (twice, "twice"),
        (unknown, "`rob`"),
        ("{\"parts\": []}".to_owned(), "no part"),
    ] {
        let home = TestHome::scripted(&script(&[("Plan:", text)], &[], &[]));
        home.up();
        let mission = run(&home, &format!("{WORDS} A deposit calls rob."), 3);
        let outcome = mission["outcome"].as_str().unwrap();
        assert!(
            outcome.contains(said) && outcome.contains("could not be cut into parts"),
            "{outcome}"
        );
        assert_eq!(mission["plan"], json!([]));
    }
}

/// The words tell of each by its name, so a plan of only one of them is asked for again.
#[test]
fn a_plan_that_forgets_what_is_named_is_asked_for_again() {
    const TOLD: &str = "Make an Account with a balance; teach it deposit, which takes an amount or fails, and withdraw for taking \
                        an amount out or failing, and empty for taking out all";
    let amount = ("amount", "f64");
    let one = plan(&[part("deposit", &[amount], "Result<f64, String>", &[])]);
    let all = [
        part("deposit", &[amount], "Result<f64, String>", &[]),
        part("withdraw", &[amount], "Result<f64, String>", &[]),
        part("empty", &[], "()", &[]),
    ];
    let home = TestHome::scripted(&script(
        &[
            ("Not like before: there is no part", plan(&all)),
            ("Plan:", one),
        ],
        &all,
        &[
            ("fn withdraw", WITHDRAW),
            ("fn deposit", DEPOSIT),
            (
                "fn empty",
                "\n        self.balance = 0.0;\n        self.mark_changed();\n    }",
            ),
        ],
    ));
    home.up();
    let mission = run(&home, TOLD, 0);
    assert_eq!(mission["plan"].as_array().unwrap().len(), 3, "{mission}");
}

#[test]
fn a_brief_that_turns_out_to_be_one_method_is_one() {
    let one = [part("deposit", &[("amount", "f64")], "f64", &[])];
    let body = "\n        self.balance += amount;\n        self.mark_changed();\n        self.balance\n    }";
    let home = TestHome::scripted(&script(
        &[("Plan:", plan(&one))],
        &one,
        &[("fn deposit", body)],
    ));
    home.up();
    let mission = run(&home, WORDS, 0);
    assert_eq!(
        (&mission["plan"], &mission["selector"]),
        (&json!([]), &json!("deposit"))
    );
    // Words about one method never ask for a plan.
    let asked = home
        .log_lines()
        .iter()
        .filter(|line| line["fields"]["purpose"] == "plan" && line["event"] == "prompt")
        .count();
    assert_eq!(asked, 1);
}

#[test]
fn the_same_words_about_one_method_ask_for_no_plan() {
    let home = TestHome::scripted(&json!({"answers": [
        {"when": "Mission:", "candidates": [json!({"intent": "teach", "object": "Account", "selector": "deposit"}).to_string()]},
        {"when": "Design:", "candidates": [json!({"receiver": "&mut self", "parameters": [{"name": "amount", "type": "f64"}],
            "returns": "Result<f64, String>", "slots": [{"name": "balance", "type": "f64", "value": 0.0}]}).to_string()]},
    ], "default": DEPOSIT}));
    home.up();
    run(
        &home,
        "teach Account to deposit an amount: refuse amounts that are not positive, return the new balance",
        0,
    );
    assert!(
        !home
            .log_lines()
            .iter()
            .any(|line| line["fields"]["purpose"] == "plan")
    );
}
