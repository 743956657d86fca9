//! Missions done by the real model of the profile `small`. Skipped, and said so, where it is missing, unless
//! BATOS_REQUIRE_MODELS is set.

use serde_json::{Value, json};

use super::home::{TestHome, deposit};

const WORDS: &str = "teach Account to deposit an amount: refuse amounts that are not positive, return the new balance";

#[test]
fn words_become_a_method_that_outlives_every_process() {
    let Some(home) = TestHome::real() else { return };
    home.up();
    let mission = home
        .batos(&["mission", "--wait", "--json", WORDS])
        .expect(0)
        .json();
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    assert!(mission["tokens"]["generated"].as_u64().unwrap() > 0);
    let sent = home
        .batos(&["send", "Account", "deposit", "[2.5]", "--json"])
        .expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": 2.5}}));
    home.batos(&["send", "Account", "deposit", "[-1]"])
        .expect(4);
    home.kill_all();
    home.up();
    let sent = home
        .batos(&["send", "Account", "deposit", "[2.5]", "--json"])
        .expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": 5.0}}));
}

#[test]
fn kills_of_kernel_and_engine_while_the_model_writes() {
    let Some(home) = TestHome::real() else { return };
    home.up();
    // With texts, seeds and temperatures.
    let asked = || -> Vec<Value> {
        let lines = home.log_lines().into_iter();
        lines
            .filter(|line| line["event"] == "prompt" && line["fields"]["purpose"] == "synthesize")
            .map(|line| line["fields"].clone())
            .collect()
    };
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    home.wait_until("the prompt", || !asked().is_empty());
    home.kill_9(home.kernel_pid().unwrap());
    home.wait_until("the kernel to be back with an engine", || {
        home.engine_pid().is_some()
    });
    home.kill_9(home.engine_pid().unwrap());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    // The step that was cut off was asked for again, in the same bytes.
    let asked = asked();
    assert!(
        asked.len() >= 2 && !asked[0]["samples"].is_null(),
        "{asked:#?}"
    );
    assert_eq!(asked[0], asked[1]);
    let sent = home
        .batos(&["send", "Account", "deposit", "[2.5]", "--json"])
        .expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": 2.5}}));
    assert_eq!(
        home.batos(&["mission", "ls", "--json"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

const TWO_METHODS: &str = "an object Wallet with a balance of 0.0 and two methods: deposit(amount) adds the amount to the balance and \
                           returns the new balance, and is_empty() returns whether the balance is 0";

#[test]
fn a_brief_with_two_methods_becomes_a_plan_and_each_part_works() {
    let Some(home) = TestHome::real() else { return };
    home.up();
    let mission = home
        .batos(&["mission", "--wait", "--json", TWO_METHODS])
        .expect(0)
        .json();
    let parts: Vec<(&str, &str)> = mission["plan"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| {
            let text = |key: &str| part[key].as_str().unwrap();
            (text("selector"), text("state"))
        })
        .collect();
    assert_eq!(
        parts,
        [("deposit", "installed"), ("is_empty", "installed")],
        "{mission:#}"
    );
    let returned = |selector: &str, args: &str| {
        let sent = home.batos(&["send", "Wallet", selector, args, "--json"]);
        sent.expect(0).json()["returns"].clone()
    };
    assert_eq!(returned("is_empty", "[]"), true);
    let sent = returned("deposit", "[2.5]");
    assert!(sent == json!(2.5) || sent == json!({"Ok": 2.5}), "{sent}");
    assert_eq!(returned("is_empty", "[]"), false);
}
