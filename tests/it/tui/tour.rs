//! The tour of the first run: when it opens, what it tells, what Tab and Esc do.

use super::support::*;
use super::{itself, memory, system};
use batos::tui::state::composer::EXAMPLE;
use batos::tui::state::{Beginning, Pane, State};
use batos::tui::update::Event;
use batos::wire::messages::{self as wire, EngineStatus, MissionState, Reply, Request, Snapshot};
use batos::wire::system::Found;

fn begun(columns: u16, rows: u16, snapshot: Snapshot, read_only: bool) -> Bench {
    let mut bench = Bench::new(columns, rows);
    bench.state = State::new(Beginning {
        size: (columns, rows),
        now_ms: NOW,
        theme: "ansi16".into(),
        themes: vec!["ansi16".into()],
        first_run: true,
        read_only,
        ..Beginning::default()
    });
    bench.event(Event::Connected);
    let id = bench.last_request().id;
    bench.reply(id, Reply::Snapshot(Box::new(snapshot)));
    bench
}

fn answer(bench: &mut Bench) {
    for one in bench.requests() {
        match one.request {
            Request::System => {
                bench.reply(one.id, Reply::System(Box::new(system::view())));
            }
            Request::Memory => {
                bench.reply(one.id, Reply::Memory(Box::new(memory::view())));
            }
            _ => {}
        }
    }
}

/// While a model is being loaded and the system writes its display.
pub fn touring(columns: u16, rows: u16) -> Bench {
    let mut snapshot = empty();
    snapshot.missions = vec![itself::genesis(MissionState::Synthesizing, "")];
    snapshot.status.engine = EngineStatus {
        pid: Some(99),
        loading: Some(("coder".into(), 0.1)),
        ..EngineStatus::default()
    };
    let mut bench = begun(columns, rows, snapshot, false);
    answer(&mut bench);
    bench.event(Event::Clock(NOW + 2_000));
    bench.kernel(wire::Event::Engine(EngineStatus {
        pid: Some(99),
        loading: Some(("coder".into(), 0.6)),
        ..EngineStatus::default()
    }));
    bench
}

#[test]
fn it_opens_in_a_home_that_nobody_has_worked_in_only() {
    assert!(begun(80, 24, empty(), false).state.tour.is_some());
    assert!(begun(80, 24, empty(), true).state.tour.is_none());
    assert!(begun(80, 24, full(), false).state.tour.is_none());
    assert!(Bench::attached(80, 24, empty()).state.tour.is_none());
}

#[test]
fn a_model_that_loads_has_a_rate_and_a_time_left() {
    let screen = touring(120, 40).screen();
    // Half of 8.4 GiB in two seconds.
    assert!(screen.contains("60% · 2.0 GiB/s · 1.6s left"), "{screen}");
    assert!(
        screen.contains("profile small, chosen by what the machine has"),
        "{screen}"
    );
    assert!(screen.contains("SYNTHESIZING"), "{screen}");
}

#[test]
fn no_gpu_no_model_and_no_compiler_are_said_with_the_remedy() {
    let mut bench = touring(120, 40);
    bench.kernel(wire::Event::Engine(EngineStatus {
        trouble: Some("no model: coder.gguf is missing; `batos model fetch` loads it".into()),
        ..EngineStatus::default()
    }));
    let mut view = system::view();
    view.compiler = Found {
        text: "no rustc here has the target".into(),
        remedy: Some("rustup target add wasm32-unknown-unknown".into()),
    };
    bench.state.system.view = Some(view);
    let screen = bench.screen();
    for text in [
        "no GPU, models run on the CPU",
        "✗ The models  no model: coder.gguf is missing; `batos model fetch` loads it",
        "no rustc here has the target. To do: rustup target add",
    ] {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
}

#[test]
fn tab_takes_the_example_and_is_the_next_pane_again_afterwards() {
    let mut bench = touring(80, 24);
    bench.keys("tab");
    assert_eq!(bench.state.composer.line.text(), EXAMPLE);
    bench.keys("tab");
    assert_eq!(bench.state.focus, Pane::Missions);
    let mut bench = touring(80, 24);
    bench.keys("right");
    assert_eq!(bench.state.composer.line.text(), EXAMPLE);
}

#[test]
fn esc_leaves_it_at_once_and_the_palette_shows_it_again() {
    let mut bench = touring(80, 24);
    bench.type_text("half a brief").keys("esc");
    assert!(bench.state.tour.is_none());
    assert_eq!(bench.state.focus, Pane::Composer);
    assert_eq!(bench.state.composer.line.text(), "half a brief");
    bench.keys("esc : t o u r enter");
    assert!(bench.state.tour.is_some());
    assert!(bench.screen().contains("Welcome to BAT OS"));
}
