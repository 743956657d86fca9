//! Pausing, resuming and cancelling missions, in every state and over `kill -9`.

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, TestHome, deposit};

fn slow(delay: u64) -> TestHome {
    TestHome::scripted(
        &json!({"answers": [{"candidates": [GOOD_DEPOSIT], "delay_ms_per_token": delay}], "default": ""}),
    )
}

fn wish(home: &TestHome, what: &str, id: u64) -> Value {
    home.batos(&["mission", what, &id.to_string(), "--json"])
        .expect(0)
        .json()
}

fn refused(home: &TestHome, what: &str, id: u64) -> String {
    home.batos(&["mission", what, &id.to_string()])
        .expect(1)
        .stderr
}

fn second() -> Value {
    let mut document = deposit();
    document["object"] = json!("Purse");
    document["brief"] = json!("Put an amount into the purse.");
    document
}

#[test]
fn one_at_work_is_held_at_its_next_transition_and_the_others_go_on() {
    let home = slow(20);
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    let other = home.start(&second());
    let told = wish(&home, "pause", id);
    assert_eq!(
        (&told["paused"], &told["state"]),
        (&json!("asked"), &json!("SYNTHESIZING"))
    );
    assert!(refused(&home, "pause", id).contains("is paused already"));
    home.wait_for(other, &["COMPLETE"]);
    let held = home.mission(id);
    assert_eq!(
        (&held["paused"], &held["state"]),
        (&json!("yes"), &json!("VALIDATING"))
    );
    let listed = home.batos(&["mission", "ls"]).expect(0).stdout;
    assert!(listed.contains("VALIDATING (paused)"), "{listed}");
    // Whatever dies, it stays held.
    home.kill_all();
    home.up();
    assert_eq!(home.mission(id)["paused"], "yes");
    let third = home.start(&json!({"intent": "make", "object": "Till", "brief": "make Till"}));
    home.wait_for(third, &["COMPLETE"]);
    assert_eq!(home.mission(id)["state"], "VALIDATING");
    let on = wish(&home, "resume", id);
    assert_eq!(on["paused"], "no");
    let done = home.wait_for(id, &["COMPLETE"]);
    assert_eq!(done["attempts"], 1);
    for what in ["pause", "resume", "cancel"] {
        assert!(refused(&home, what, id).contains("has ended already: COMPLETE"));
    }
}

#[test]
fn one_that_waits_is_held_at_once_and_keeps_its_place() {
    let home = slow(30);
    home.up();
    let first = home.start(&deposit());
    home.wait_for(first, &["SYNTHESIZING"]);
    let id = home.start(&second());
    assert!(refused(&home, "resume", id).contains("is not paused"));
    assert_eq!(wish(&home, "pause", id)["paused"], "yes");
    let last = home.start(&json!({"intent": "make", "object": "Till", "brief": "make Till"}));
    home.wait_for(last, &["COMPLETE"]);
    assert_eq!(home.mission(id)["state"], "IDLE");
    wish(&home, "resume", id);
    home.wait_for(id, &["COMPLETE"]);
    assert!(refused(&home, "pause", 99).contains("there is no mission 99"));
}

#[test]
fn a_paused_one_can_be_cancelled_also_before_it_is_held() {
    let home = slow(30);
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    wish(&home, "pause", id);
    let ended = wish(&home, "cancel", id);
    assert_eq!(
        (&ended["state"], &ended["paused"]),
        (&json!("FAILED"), &json!("no"))
    );
    let waits = home.start(&second());
    home.wait_for(waits, &["SYNTHESIZING"]);
    wish(&home, "pause", waits);
    home.wait_until("it to be held", || home.mission(waits)["paused"] == "yes");
    home.kill_all();
    home.up();
    let ended = wish(&home, "cancel", waits);
    assert_eq!(ended["state"], "FAILED");
    assert!(
        ended["outcome"]
            .as_str()
            .unwrap()
            .contains("cancelled by the person")
    );
    assert!(home.batos(&["object", "show", "Purse"]).code != 0);
}

#[test]
fn a_pause_that_is_acknowledged_outlives_a_kill_before_it_takes_effect() {
    let home = slow(60);
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    assert_eq!(wish(&home, "pause", id)["paused"], "asked");
    home.kill_9(home.kernel_pid().unwrap());
    home.wait_until("the kernel to be back", || home.kernel_pid().is_some());
    let held = home.mission(id);
    assert_eq!(
        (&held["paused"], &held["state"]),
        (&json!("yes"), &json!("SYNTHESIZING"))
    );
    wish(&home, "resume", id);
    home.wait_for(id, &["COMPLETE"]);
}

#[test]
fn pausing_and_resuming_at_every_moment_loses_nothing() {
    let home = TestHome::scripted(&super::plans::good());
    home.up();
    let ran = home.batos(&["mission", "--json", "Make an Account with methods deposit(amount), withdraw(amount) and transfer(to, amount), which withdraws here and deposits there."]).expect(0);
    let id = ran.json()["id"].as_u64().unwrap();
    let text = id.to_string();
    for round in 0..40 {
        let paused = home.batos(&["mission", "pause", &text]);
        if round % 3 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        if round % 13 == 12 {
            home.kill_9(home.kernel_pid().unwrap());
            home.wait_until("the kernel to be back", || home.kernel_pid().is_some());
        }
        let now = home.mission(id);
        // It may have ended in the state that it was to finish first.
        if ["COMPLETE", "FAILED"].contains(&now["state"].as_str().unwrap()) {
            break;
        }
        if now["paused"] != "no" {
            let resumed = home.batos(&["mission", "resume", &text]);
            // A pause that was asked for in its last state holds nothing: it may end before this.
            let ended = resumed.stderr.contains("has ended already");
            assert!(resumed.code == 0 || ended, "{}", resumed.stderr);
        } else {
            assert_ne!(paused.code, 0, "{}", paused.stdout);
        }
    }
    let done = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(done["state"], "COMPLETE", "{done:#}");
    let parts = done["plan"].as_array().unwrap();
    assert!(
        parts
            .iter()
            .all(|part| part["state"] == "installed" && part["tid"].is_u64()),
        "{done:#}"
    );
    assert_eq!(
        home.batos(&["object", "show", "Account", "--json"]).json()["methods"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}
