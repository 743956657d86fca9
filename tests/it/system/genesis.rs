//! Genesis on an empty image: two cycles, each kept in one transaction, whatever is killed; tried again when it failed,
//! and never before a person.

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, TestHome, deposit};

/// ALFRED's answer, as it goes on after `Title`.
const DESCRIPTION: &str =
    " \"Me\"\nText: `objects` and `methods`\nGauge \"Done\": `missions_complete` of `missions`";
const DISPLAY: &str = "\n        let mut panel = Panel::new();\n        panel.title(\"Me\");\n        \
    panel.text(format!(\"{} objects, {} methods\", self.objects, self.methods));\n        \
    panel.gauge(\"Done\", self.missions_complete, self.missions);\n        \
    panel.table([\"Mission\", \"State\"], &self.recent_missions);\n        panel\n    }";
const BROKEN: &str = "\n        self.nothing\n    }";
const ASKED: &str = "describe_how_to_display_yourself";

/// Written slowly, so that a kill or a person comes between.
fn script(display: &str, delay_ms: u64) -> Value {
    json!({"answers": [
        {"when": ASKED, "candidates": [DESCRIPTION], "delay_ms_per_token": delay_ms},
        {"when": "fn display", "candidates": [display], "delay_ms_per_token": delay_ms},
        {"when": "fn deposit", "candidates": [GOOD_DEPOSIT]},
    ], "default": ""})
}

fn home(script: &Value) -> TestHome {
    TestHome::scripted(script).set("missions.genesis=on")
}

fn missions(home: &TestHome) -> Vec<Value> {
    let listed = home.batos(&["mission", "ls", "--json"]).expect(0).json();
    let mut missions = listed.as_array().unwrap().clone();
    missions.sort_by_key(|mission| mission["id"].as_u64());
    missions
}

fn shown(home: &TestHome) -> Value {
    let sent = home.batos(&["send", "System", "display", "--json"]);
    sent.expect(0).json()["returns"]["panel"].clone()
}

/// What was asked of a persona for that purpose, by the log.
fn asked(home: &TestHome, purpose: &str) -> Vec<Value> {
    let lines = home.log_lines().into_iter();
    lines
        .filter(|line| line["event"] == "prompt" && line["fields"]["purpose"] == purpose)
        .collect()
}

fn history(home: &TestHome) -> Vec<Value> {
    let listed = home.batos(&["image", "history", "--json"]).expect(0).json();
    listed.as_array().unwrap().clone()
}

#[test]
fn an_empty_image_has_itself_a_display_written_in_two_cycles() {
    let home = home(&script(DISPLAY, 0));
    home.up();
    let mission = home.wait_for(1, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    assert_eq!(mission["stages"][1]["persona"], "ALFRED");
    // The first cycle's answer is the brief of the second, word for word, and a fact.
    let described = asked(&home, "describe");
    assert_eq!(described.len(), 1);
    assert_eq!(described[0]["persona"], "ALFRED");
    let written = asked(&home, "synthesize");
    assert_eq!(written.len(), 1);
    let brief = format!("Title{DESCRIPTION}");
    let turns = written[0]["fields"]["turns"].as_array().unwrap();
    let task = turns.last().unwrap()["content"].as_str().unwrap();
    assert!(task.contains(&brief), "{task}");
    assert!(task.contains("`panel.gauge("), "{task}");
    let facts: Vec<Value> = history(&home)
        .into_iter()
        .filter(|entry| entry.to_string().contains("fact genesis/prompt"))
        .collect();
    assert_eq!(facts.len(), 1);
    assert!(facts[0].to_string().contains("DECOMPOSING -> DELEGATING"));
    // What it shows is what is there now.
    assert_eq!(shown(&home)[1]["text"], "1 objects, 1 methods");
    home.batos(&["object", "new", "Account"]).expect(0);
    assert_eq!(shown(&home)[1]["text"], "2 objects, 1 methods");
    let object = home.batos(&["object", "show", "System", "--json"]).json();
    assert_eq!(object["slots"]["objects"]["value"], 2);
    // As text on the command line.
    let text = home.batos(&["send", "System", "display"]).expect(0).stdout;
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[..2], ["Me", "2 objects, 1 methods"]);
    assert!(
        rows[2].starts_with("Done  ━━━") && rows[2].ends_with(" 100%  1 of 1"),
        "{text}"
    );
    assert!(text.contains("\nSystem.display  COMPLETE\n"), "{text}");
    // It happens once, and nobody's `undo` means it.
    home.batos(&["down"]).expect(0);
    home.up();
    home.batos(&["object", "ls"]).expect(0);
    assert_eq!(missions(&home).len(), 1);
    let undone = home.batos(&["image", "undo", "--json"]).expect(0).json();
    assert!(undone.to_string().contains("Account"), "{undone}");
    home.batos(&["image", "undo"]).expect(1);
}

/// The present one; it may be on its way.
fn kill_kernel(home: &TestHome) {
    let mut pid = None;
    home.wait_until("a kernel", || {
        pid = home.kernel_pid();
        pid.is_some()
    });
    home.kill_9(pid.unwrap());
}

#[test]
fn kills_in_and_between_the_cycles_repeat_nothing() {
    let home = home(&script(DISPLAY, 30));
    home.up();
    home.wait_until("the first cycle", || !asked(&home, "describe").is_empty());
    kill_kernel(&home);
    home.wait_for(1, &["DELEGATING", "SYNTHESIZING", "VALIDATING"]);
    kill_kernel(&home);
    home.wait_until("the second cycle", || {
        !asked(&home, "synthesize").is_empty()
    });
    kill_kernel(&home);
    let mission = home.wait_for(1, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    assert_eq!(missions(&home).len(), 1);
    // The first cycle was asked again as it was, and its result was written once.
    let described = asked(&home, "describe");
    assert!(described.len() > 1);
    for again in &described {
        assert_eq!(again["fields"], described[0]["fields"]);
    }
    let facts = history(&home);
    let prompts = facts
        .iter()
        .filter(|entry| entry.to_string().contains("fact genesis/prompt"));
    assert_eq!(prompts.count(), 1);
    assert_eq!(shown(&home)[0]["text"], "Me");
}

#[test]
fn a_failed_genesis_is_tried_again_and_given_up_with_its_reason() {
    let home = home(&script(BROKEN, 0))
        .set("missions.attempts=1")
        .set("missions.repair_pause_s=0");
    home.up();
    let given_up = || {
        let mut lines = home.log_lines().into_iter();
        lines.rfind(|line| line["event"] == "genesis.given_up")
    };
    home.wait_until("the end", || given_up().is_some());
    let text = given_up().unwrap()["text"].to_string();
    assert!(
        text.contains("3 missions have not made a display"),
        "{text}"
    );
    assert!(text.contains("no field `nothing`"), "{text}");
    assert!(text.contains("teach System to display itself"), "{text}");
    let states = missions(&home);
    assert_eq!(states.len(), 3);
    assert!(states.iter().all(|mission| mission["state"] == "FAILED"));
    // Each began anew, and another kernel begins no fourth.
    assert_eq!(asked(&home, "describe").len(), 3);
    home.kill_9(home.kernel_pid().unwrap());
    home.wait_until("another kernel", || home.kernel_pid().is_some());
    assert_eq!(missions(&home).len(), 3);
    home.batos(&["send", "System", "display"]).expect(4);
}

#[test]
fn a_second_mission_may_do_what_the_first_could_not() {
    // The lesson of the first is in the second's prompt.
    let mut script = script(BROKEN, 0);
    let better = json!({"when": "Earlier attempts failed because", "candidates": [DISPLAY]});
    script["answers"].as_array_mut().unwrap().insert(0, better);
    let home = home(&script)
        .set("missions.attempts=1")
        .set("missions.repair_pause_s=1");
    home.up();
    home.wait_for(1, &["FAILED"]);
    home.wait_for(2, &["COMPLETE"]);
    assert_eq!(shown(&home)[0]["text"], "Me");
    assert_eq!(missions(&home).len(), 2);
}

#[test]
fn a_cancelled_genesis_stays_cancelled_and_off_is_off() {
    let home = home(&script(DISPLAY, 100)).set("missions.repair_pause_s=0");
    home.up();
    home.wait_for(1, &["DECOMPOSING"]);
    home.batos(&["mission", "cancel", "1"]).expect(0);
    home.batos(&["down"]).expect(0);
    home.up();
    assert_eq!(missions(&home).len(), 1);
    let off = TestHome::scripted(&script(DISPLAY, 0));
    off.up();
    off.batos(&["object", "new", "Account"]).expect(0);
    assert!(missions(&off).is_empty());
    // Turned on later, it leaves an image alone that was begun without it.
    off.batos(&["down"]).expect(0);
    let on = off.set("missions.genesis=on");
    on.up();
    on.batos(&["object", "ls"]).expect(0);
    assert!(missions(&on).is_empty());
}

#[test]
fn a_persons_mission_goes_first_and_a_person_may_have_it_shown_otherwise() {
    let mut script = script(DISPLAY, 40);
    let other = DISPLAY.replace("\"Me\"", "\"Myself\"");
    let answers = script["answers"].as_array_mut().unwrap();
    answers.insert(
        0,
        json!({"when": "Also it shows another title", "candidates": [DISPLAY, other]}),
    );
    let wrong = json!({"intent": "chat", "object": null, "selector": null});
    answers.insert(
        0,
        json!({"when": "Words: improve your display", "candidates": [wrong.to_string()]}),
    );
    let home = home(&script);
    home.up();
    home.wait_for(1, &["DECOMPOSING", "SYNTHESIZING"]);
    let id = home.start(&deposit());
    home.wait_for(id, &["COMPLETE"]);
    assert_ne!(home.mission(1)["state"], "COMPLETE");
    home.wait_for(1, &["COMPLETE"]);
    let words = "improve your display so that it shows another title";
    let mission = home
        .batos(&["mission", "--wait", "--json", words])
        .expect(0)
        .json();
    assert_eq!(mission["object"], "System", "{mission:#}");
    assert_eq!(mission["selector"], "display");
    assert_eq!(shown(&home)[0]["text"], "Myself");
    // The one before it stays in the history.
    let old = home
        .batos(&["image", "history", "System", "--json"])
        .expect(0)
        .json();
    assert!(old.as_array().unwrap().len() >= 2, "{old}");
    let undone = home.batos(&["image", "undo"]).expect(0);
    drop(undone);
    assert_eq!(shown(&home)[0]["text"], "Me");
}

#[test]
fn an_image_that_began_without_genesis_can_be_taught_to_display_itself() {
    let home = TestHome::scripted(&script(DISPLAY, 0));
    home.up();
    home.batos(&["object", "new", "Account"]).expect(0);
    let id = home.start(
        &json!({"intent": "teach", "object": "System", "selector": "display",
        "brief": "teach System to display itself"}),
    );
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission:#}");
    assert_eq!(shown(&home)[1]["text"], "2 objects, 1 methods");
}

#[test]
fn it_waits_until_there_is_a_model() {
    let home = home(&script(DISPLAY, 0)).set("engine.command=/nonexistent/engine");
    home.up();
    home.wait_until("it to wait", || {
        home.log_lines()
            .iter()
            .any(|line| line["event"] == "genesis.waits")
    });
    assert_eq!(home.mission(1)["state"], "IDLE");
    // Nothing else has to wait for it.
    home.batos(&["object", "new", "Account"]).expect(0);
    home.batos(&["down"]).expect(0);
    let engine = std::path::Path::new(env!("CARGO_BIN_EXE_batos"))
        .parent()
        .unwrap()
        .join("examples/scripted_engine");
    let home = home.set(&format!("engine.command={}", engine.display()));
    home.up();
    home.wait_for(1, &["COMPLETE"]);
}

#[test]
fn a_person_who_asks_need_not_wait_for_it() {
    let mut script = script(DISPLAY, 200);
    let answers = script["answers"].as_array_mut().unwrap();
    answers.insert(
        0,
        json!({"when": "Words: hello", "candidates": [json!({"intent": "chat"}).to_string()]}),
    );
    let home = home(&script);
    home.up();
    home.wait_until("the first cycle", || !asked(&home, "describe").is_empty());
    home.batos(&["mission", "--dry-run", "hello"]).expect(0);
    // It was put down for that, and goes on.
    assert_eq!(home.mission(1)["state"], "DECOMPOSING");
    home.wait_until("the first cycle again", || {
        asked(&home, "describe").len() > 1
    });
}
