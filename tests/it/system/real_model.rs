//! Missions done by the real model of the profile `small`. Skipped, and said so, where it is missing, unless
//! BATOS_REQUIRE_MODELS is set.

use serde_json::json;

use super::home::{TestHome, deposit};

const WORDS: &str = "teach Account to deposit an amount: refuse amounts that are not positive, return the new balance";

const LARGER: &str = "Make an Account with a balance of 0.0 and these methods:
- deposit(amount): add the amount to the balance and return the new balance
- withdraw(amount): subtract the amount from the balance and return the new balance; refuse to withdraw more than there is
- transfer(to, amount): withdraw the amount here and deposit it to the other account
Amounts that are not positive are refused.";

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
    let writing = |home: &TestHome| {
        home.wait_until("the prompt", || {
            home.log_lines()
                .iter()
                .any(|line| line["event"] == "prompt" && line["fields"]["purpose"] == "synthesize")
        });
    };
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    writing(&home);
    home.kill_9(home.kernel_pid().unwrap());
    home.wait_until("the kernel to be back with an engine", || {
        home.engine_pid().is_some()
    });
    home.kill_9(home.engine_pid().unwrap());
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
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

#[test]
fn one_brief_becomes_an_account_with_a_transfer_that_calls_its_other_methods() {
    let Some(home) = TestHome::real() else { return };
    home.up();
    let mission = home
        .batos(&["mission", "--wait", "--json", LARGER])
        .expect(0)
        .json();
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    let parts = mission["plan"].as_array().unwrap();
    let installed = |selector: &str| {
        parts
            .iter()
            .any(|part| part["selector"] == selector && part["state"] == "installed")
    };
    assert!(
        ["deposit", "withdraw", "transfer"]
            .into_iter()
            .all(installed),
        "{mission:#}"
    );
    let slots = r#"{"balance": {"type": "TYPE", "value": 0}}"#;
    let account = home
        .batos(&["object", "show", "Account", "--json"])
        .expect(0)
        .json();
    let slots = slots.replace(
        "TYPE",
        account["slots"]["balance"]["type"].as_str().unwrap(),
    );
    home.batos(&[
        "object", "new", "Savings", "--parent", "Account", "--slots", &slots,
    ])
    .expect(0);
    home.batos(&["send", "Account", "deposit", "[10]"])
        .expect(0);
    home.batos(&["send", "Account", "transfer", r#"["Savings", 4]"#])
        .expect(0);
    let balance = |name: &str| {
        let shown = home
            .batos(&["object", "show", name, "--json"])
            .expect(0)
            .json();
        shown["slots"]["balance"]["value"].as_f64().unwrap()
    };
    assert_eq!((balance("Account"), balance("Savings")), (6.0, 4.0));
    home.batos(&["send", "Account", "transfer", r#"["Savings", 40]"#])
        .expect(4);
    home.batos(&["send", "Account", "withdraw", "[-1]"])
        .expect(4);
    assert_eq!((balance("Account"), balance("Savings")), (6.0, 4.0));
}
