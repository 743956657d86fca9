//! The main situations as a terminal shows them, at 80x24 and at 120x40.

use super::support::*;
use batos::tui::update::Event;
use batos::wire::messages::{self as wire, MissionState, Reply};

/// Takes the scene at both sizes and keeps both screens.
fn both(name: &str, scene: impl Fn(u16, u16) -> Bench) {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let screen = scene(columns, rows).screen();
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), screen);
    }
}

pub fn streaming(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Synthesizing)));
    bench.kernel(wire::Event::GenerationStarted {
        mission: 3,
        persona: "BRICK".into(),
        purpose: "synthesize".into(),
        candidates: 4,
    });
    for (step, text) in REFUSED.split_inclusive(' ').take(30).enumerate() {
        bench.event(Event::Clock(NOW + step as u64 * 50));
        for candidate in 0..4 {
            bench.kernel(wire::Event::Token {
                mission: 3,
                candidate,
                text: text.into(),
            });
        }
    }
    bench
}

#[test]
fn first_run() {
    both("first_run", |columns, rows| {
        Bench::attached(columns, rows, empty())
    });
}

#[test]
fn mission_under_way() {
    both("mission_under_way", streaming);
}

#[test]
fn refused_candidate() {
    both("refused_candidate", |columns, rows| {
        let mut bench = streaming(columns, rows);
        bench.kernel(verdict()).keys("esc 1");
        while bench.state.missions.selected().unwrap().id != 3 {
            bench.keys("up");
        }
        bench.keys("enter");
        bench
    });
}

#[test]
fn object_detail() {
    both("object_detail", |columns, rows| {
        let mut bench = Bench::attached(columns, rows, full());
        bench.keys("esc 2 down enter");
        let id = bench.last_request().id;
        bench.reply(id, Reply::Object(Box::new(account())));
        bench
    });
}

#[test]
fn metacognition_paused() {
    both("metacognition_paused", |columns, rows| {
        let mut bench = Bench::attached(columns, rows, full());
        bench.keys("esc 6 up up enter");
        for number in 50..53 {
            bench.kernel(wire::Event::Log(entry(number)));
        }
        bench
    });
}

#[test]
fn help() {
    both("help", |columns, rows| {
        let mut bench = Bench::attached(columns, rows, full());
        bench.keys("f1");
        bench
    });
}

#[test]
fn no_model() {
    both("no_model", |columns, rows| {
        let mut snapshot = empty();
        snapshot.status.engine = wire::EngineStatus {
            trouble: Some(
                "no model: qwen2.5-coder-1.5b-instruct-q4_k_m.gguf is missing; `batos model fetch` loads it".into(),
            ),
            ..wire::EngineStatus::default()
        };
        Bench::attached(columns, rows, snapshot)
    });
}

#[test]
fn kernel_away() {
    both("kernel_away", |columns, rows| {
        let mut bench = streaming(columns, rows);
        bench.type_text("typed before it went");
        bench.event(Event::Away {
            tries: 2,
            reason: "no kernel is running".into(),
        });
        bench
    });
}

#[test]
fn cancelling_is_asked_in_the_last_row() {
    let mut bench = streaming(80, 24);
    bench.keys("esc x");
    let screen = bench.screen();
    insta::assert_snapshot!(screen.lines().last().unwrap(), @" Cancel mission 3?  y yes  n no  Enter as marked  ← other");
}
