//! The Self pane: the system's display is sent for each second while it is shown, and drawn within every size.

use super::support::*;
use batos::tui::theme::Theme;
use batos::tui::update::Event;
use batos::wire::messages::{
    self as wire, MissionState, ObjectSummary, Reply, Request, SendOutcome, Snapshot,
};
use serde_json::{Value, json};
use std::path::Path;

pub fn system(methods: &[&str]) -> ObjectSummary {
    ObjectSummary {
        name: "System".into(),
        parent: None,
        slots: 8,
        methods: methods.iter().map(|name| (*name).into()).collect(),
        written_by: methods.iter().map(|_| None).collect(),
        tid: 3,
    }
}

fn displayed() -> Snapshot {
    let mut snapshot = full();
    snapshot.objects.push(system(&["display"]));
    snapshot
}

pub fn genesis(state: MissionState, outcome: &str) -> wire::MissionSummary {
    wire::MissionSummary {
        object: Some("System".into()),
        selector: Some("display".into()),
        outcome: outcome.into(),
        brief: "genesis".into(),
        ..mission(1, state)
    }
}

fn outcome(json: &Value) -> SendOutcome {
    SendOutcome {
        returns_json: Some(json.to_string()),
        is_err: false,
        error: None,
        mission: None,
        place: None,
    }
}

pub fn panel() -> Value {
    json!({"panel": [
        {"role": "title", "text": "System"},
        {"role": "text", "text": "3 objects understand 12 methods; a text that is longer than a narrow screen is wide"},
        {"gauge": "Complete", "value": 9, "most": 12},
        {"gauge": "A label that is too long for its place", "value": "NaN", "most": 0},
        {"gauge": "Beyond", "value": 40, "most": 20},
        {"role": "bad", "text": "3 failed"},
        {"sparkline": "Seconds", "values": [1, 2, 3.5, "NaN", 8, 13, 5]},
        {"sparkline": "None", "values": []},
        {"table": ["Mission", "State", "Seconds"], "rows": [
            ["Account.deposit", "COMPLETE", "12.5"],
            ["A subject that goes on and on and on and on and on", "FAILED", "3"],
            ["寿司", "COMPLETE"],
        ]},
    ]})
}

/// In the pane, with what the kernel has said last.
pub fn looking(columns: u16, rows: u16, json: &Value) -> Bench {
    let mut bench = Bench::attached(columns, rows, displayed());
    bench.keys("esc 7");
    let id = bench.last_request().id;
    bench.reply(id, Reply::Sent(outcome(json)));
    bench
}

#[test]
fn a_panel_is_drawn_at_every_size() {
    for (columns, rows) in [(120, 40), (80, 24), (40, 12)] {
        let screen = looking(columns, rows, &panel()).screen();
        insta::assert_snapshot!(format!("self_{columns}x{rows}"), screen);
    }
    for columns in 1..60 {
        for rows in [1, 3, 7, 12] {
            looking(columns, rows, &panel()).draw();
        }
    }
}

#[test]
fn without_colours_a_panel_says_the_same() {
    let mut bench = looking(80, 24, &panel());
    let coloured = bench.screen();
    bench.theme = Theme::load("mono", Path::new("/nonexistent")).unwrap();
    assert_eq!(bench.screen(), coloured);
}

fn sends(bench: &Bench) -> usize {
    let of_display = |request: &Request| {
        matches!(request, Request::Send { object, selector, args_json }
            if object == "System" && selector == "display" && args_json == "[]")
    };
    let requests = bench.requests();
    requests
        .iter()
        .filter(|one| of_display(&one.request))
        .count()
}

#[test]
fn it_is_sent_for_each_second_while_it_is_shown_and_drawn_when_it_changed() {
    let mut bench = Bench::attached(120, 40, displayed());
    bench.event(Event::Clock(NOW + 5_000));
    assert_eq!(sends(&bench), 0);
    assert!(!bench.state.wants_ticks());
    bench.keys("esc 7");
    assert_eq!(sends(&bench), 1);
    assert!(bench.state.wants_ticks());
    // No second one before the first has come back.
    bench.event(Event::Clock(NOW + 7_000));
    assert_eq!(sends(&bench), 1);
    let id = bench.last_request().id;
    bench.reply(id, Reply::Sent(outcome(&panel())));
    assert!(!bench.draw().is_empty());
    bench.event(Event::Clock(NOW + 8_000));
    assert_eq!(sends(&bench), 2);
    let id = bench.last_request().id;
    bench.reply(id, Reply::Sent(outcome(&panel())));
    assert_eq!(bench.draw(), b"");
    bench.event(Event::Clock(NOW + 8_100));
    assert_eq!(sends(&bench), 2);
    bench.keys("4").event(Event::Clock(NOW + 20_000));
    assert_eq!(sends(&bench), 2);
    // It does not say in the last row what each send gave.
    assert_eq!(bench.state.notice, None);
}

#[test]
fn text_that_it_returns_is_shown_without_what_a_terminal_would_obey() {
    let hostile = "one\u{1b}]0;gone\u{7}two\u{1b}[2J\nthree\u{202e}four";
    let mut bench = looking(80, 24, &json!(hostile));
    let screen = bench.screen();
    assert!(screen.contains("onetwo"), "{screen}");
    assert!(screen.contains("threefour"), "{screen}");
    let parts = json!({"Ok": {"panel": [
        {"text": hostile, "role": "title"}, {"gauge": hostile, "value": 1, "most": 2},
        {"sparkline": hostile, "values": [1]}, {"table": [hostile], "rows": [[hostile]]},
    ]}});
    let mut bench = looking(80, 24, &parts);
    let bytes = bench.draw();
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("gone") && !text.contains("[2J") && !text.contains('\u{202e}'));
}

#[test]
fn without_a_display_it_says_why_and_what_to_do() {
    let at = |mission: Option<wire::MissionSummary>, trouble: Option<&str>| {
        let mut snapshot = empty();
        snapshot.missions.extend(mission);
        snapshot.status.engine.trouble = trouble.map(Into::into);
        let mut bench = Bench::attached(80, 24, snapshot);
        bench.keys("esc 7").event(Event::Clock(NOW + 9_000));
        assert_eq!(sends(&bench), 0);
        let screen = bench.screen();
        let body: Vec<&str> = screen.lines().map(str::trim).collect();
        let first = body
            .iter()
            .position(|row| row.starts_with("The system has no"))
            .unwrap();
        body[first..body.len() - 3].join("\n").trim_end().to_owned()
    };
    insta::assert_snapshot!(at(None, None), @r"
    The system has no display yet.

    This image began without one. Write below: teach System to display itself
    ");
    insta::assert_snapshot!(at(Some(genesis(MissionState::Idle, "")), Some("no model: `batos model fetch` loads it")), @r"
    The system has no display yet.

    mission 1 is to write it. It waits for a model: no model: `batos model fetch`
    loads it
    ");
    insta::assert_snapshot!(at(Some(genesis(MissionState::Synthesizing, "")), None), @r"
    The system has no display yet.

    mission 1 writes it: SYNTHESIZING.
    ");
    insta::assert_snapshot!(at(Some(genesis(MissionState::Failed, "after 7 rounds, compile: no field `x`")), None), @r"
    The system has no display yet.

    mission 1 has not made one: after 7 rounds, compile: no field `x`

    The system tries three times, with pauses. To do it yourself, write below:
    teach System to display itself
    ");
}

#[test]
fn a_display_that_fails_is_told_and_another_one_can_be_asked_for() {
    let mut bench = looking(80, 24, &panel());
    bench.event(Event::Clock(NOW + 9_000));
    let id = bench.last_request().id;
    let trapped = SendOutcome {
        returns_json: None,
        error: Some("`System.display` ended by panic: attempt to divide by zero (line 3)".into()),
        mission: Some(7),
        ..outcome(&json!(null))
    };
    bench.reply(id, Reply::Sent(trapped));
    let screen = bench.screen();
    assert!(screen.contains("divide by zero"), "{screen}");
    assert!(screen.contains("7 is to mend it"), "{screen}");
    bench.keys("e");
    assert_eq!(
        bench.state.composer.line.text(),
        "improve your display so that it shows "
    );
}
