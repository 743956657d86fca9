//! `kill -9` of everything, at every place, with a scripted model: nothing is lost, nothing happens twice.

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, TestHome, deposit};

fn slow() -> Value {
    json!({"answers": [{"candidates": [GOOD_DEPOSIT], "delay_ms_per_token": 60}], "default": ""})
}

fn prompts(home: &TestHome) -> Vec<String> {
    home.log_lines()
        .into_iter()
        .filter(|line| line["event"] == "prompt" && line["fields"]["purpose"] == "synthesize")
        .map(|line| line["fields"].to_string())
        .collect()
}

#[test]
fn everything_survives_the_death_of_every_process() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["COMPLETE"]);
    home.batos(&["send", "Account", "deposit", "[2.5]"])
        .expect(0);
    home.kill_all();
    assert_eq!(home.processes(), Vec::<i32>::new());
    home.up();
    let sent = home
        .batos(&["send", "Account", "deposit", "[1]", "--json"])
        .expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": 3.5}}));
    assert_eq!(home.mission(id)["state"], "COMPLETE");
}

#[test]
fn a_killed_kernel_goes_on_with_its_mission() {
    let home = TestHome::scripted(&slow());
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    let before = home.kernel_pid().unwrap();
    home.wait_until("the prompt", || !prompts(&home).is_empty());
    home.kill_9(before);
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE");
    assert_ne!(home.kernel_pid().unwrap(), before);
    assert_eq!(home.status()["kernel"]["restarts"], 1);
    let asked = prompts(&home);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0], asked[1], "the repeated prompt differs");
    let installed = home
        .log_lines()
        .iter()
        .filter(|line| line["event"] == "mission.state" && line["fields"]["state"] == "COMPLETE")
        .count();
    assert_eq!(installed, 1);
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
fn a_killed_engine_is_started_again_and_asked_again() {
    let home = TestHome::scripted(&slow());
    home.up();
    let kernel = home.kernel_pid();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    home.wait_until("the prompt", || !prompts(&home).is_empty());
    let engine = home.engine_pid().unwrap();
    home.kill_9(engine);
    assert_eq!(
        home.wait_for(id, &["COMPLETE", "FAILED"])["state"],
        "COMPLETE"
    );
    assert_eq!(home.kernel_pid(), kernel);
    assert_ne!(home.engine_pid().unwrap(), engine);
}

#[test]
fn an_idle_engine_that_dies_comes_back() {
    let home = TestHome::scripted(&slow());
    home.up();
    let engine = home.engine_pid().unwrap();
    home.kill_9(engine);
    home.wait_until("another engine with its model", || {
        let status = home.status();
        status["engine"]["pid"]
            .as_i64()
            .is_some_and(|pid| pid != i64::from(engine))
            && !status["engine"]["resident"].as_array().unwrap().is_empty()
    });
}

#[test]
fn a_stopped_system_goes_on_with_its_mission() {
    let home = TestHome::scripted(&slow());
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["SYNTHESIZING"]);
    home.batos(&["down"]).expect(0);
    assert_eq!(home.processes(), Vec::<i32>::new());
    home.up();
    assert_eq!(
        home.wait_for(id, &["COMPLETE", "FAILED"])["state"],
        "COMPLETE"
    );
}

#[test]
fn a_mission_survives_a_kill_at_any_moment() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    for (round, delay_ms) in [0, 15, 40, 90, 180, 350, 700].into_iter().enumerate() {
        let mut document = deposit();
        document["object"] = json!(format!("Account{round}"));
        let id = home.start(&document);
        std::thread::sleep(std::time::Duration::from_millis(delay_ms));
        home.kill_9(home.kernel_pid().unwrap());
        assert_eq!(
            home.wait_for(id, &["COMPLETE", "FAILED"])["state"],
            "COMPLETE"
        );
        let name = format!("Account{round}");
        let object = home
            .batos(&["object", "show", &name, "--json"])
            .expect(0)
            .json();
        assert_eq!(object["methods"].as_array().unwrap().len(), 1);
        // Five deaths within a minute are a breaker's business, not this test's.
        if round % 3 == 2 {
            home.batos(&["down"]).expect(0);
            home.up();
        }
    }
}

#[test]
fn up_twice_is_one_system() {
    let home = TestHome::scripted(&slow());
    home.up();
    let pid = home.kernel_pid();
    home.up();
    assert_eq!(home.kernel_pid(), pid);
    home.batos(&["down"]).expect(0);
    home.batos(&["status"]).expect(1);
    home.batos(&["down"]).expect(0);
}
