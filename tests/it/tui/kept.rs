//! The workbench as it was left: kept in a file, and there again when one attaches.

use super::browser;
use super::support::*;
use batos::tui::keep;
use batos::tui::state::objects::Order;
use batos::tui::state::{Beginning, Pane, Remembered, State};
use batos::tui::update::Event;
use batos::wire::image::ImageRequest;
use batos::wire::messages::{self as wire, JudgedView, MissionState, Reply, Request, Snapshot};

fn again(left: Remembered, snapshot: Snapshot) -> Bench {
    let mut bench = Bench::new(120, 40);
    bench.state = State::new(Beginning {
        size: (120, 40),
        now_ms: NOW,
        theme: "ansi16".into(),
        themes: vec!["ansi16".into()],
        remembered: Some(left),
        ..Beginning::default()
    });
    bench.event(Event::Connected);
    let id = bench.last_request().id;
    bench.reply(id, Reply::Snapshot(Box::new(snapshot)));
    bench
}

#[test]
fn everything_is_there_again_through_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("workbench.json");
    assert!(keep::load(&file).is_none());
    let mut bench = browser::past(120, 40);
    bench.keys("2 o 6 f").type_text("number").keys("enter v v");
    bench
        .keys("up up up up i")
        .type_text("not sent é")
        .keys("left left esc 5 z");
    let at = bench.state.log.time_ms(bench.state.log.row());
    keep::save(&file, &bench.state.remember()).unwrap();
    let left = keep::load(&file).unwrap();
    assert_eq!(left, bench.state.remember());
    let mut bench = again(left, full());
    let state = &bench.state;
    assert_eq!(state.focus, Pane::Object);
    assert!(state.zoom);
    assert_eq!(state.objects.order(), Order::Name);
    assert_eq!(state.objects.chosen(), Some("Account"));
    assert_eq!(state.composer.line.text(), "not sent é");
    assert_eq!(state.composer.line.cursor(), "not sent".len());
    assert_eq!(state.log.filter().text, "number");
    assert_eq!(state.log.filter().level, wire::LogLevel::Warn);
    assert!(!state.log.follows());
    assert_eq!(state.log.time_ms(state.log.row()), at);
    // The past is asked for anew.
    let requests = bench.requests();
    let history = |one: &&wire::ToKernel| {
        matches!(&one.request, Request::Image(ImageRequest::History { object: Some(name), .. })
            if name == "Account")
    };
    assert_eq!(requests.iter().filter(history).count(), 1);
    bench.draw();
}

#[test]
fn what_is_gone_by_then_is_passed_over_and_a_torn_file_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("workbench.json");
    let bench = browser::past(120, 40);
    let mut bench = again(bench.state.remember(), empty());
    assert_eq!(bench.state.objects.selected(), None);
    bench.draw();
    std::fs::write(&file, "{\"focus\":\"object\",\"scr").unwrap();
    assert_eq!(keep::load(&file), Some(Remembered::default()));
    std::fs::write(
        &file,
        r#"{"focus":"elsewhere","scroll":{"nowhere":3},"new":1}"#,
    )
    .unwrap();
    let mut bench = again(keep::load(&file).unwrap(), full());
    assert_eq!(bench.state.focus, Pane::Composer);
    bench.draw();
}

#[test]
fn verdicts_from_before_are_shown_again() {
    let mut snapshot = full();
    snapshot
        .missions
        .insert(0, mission(3, MissionState::Validating));
    let mut bench = Bench::attached(120, 40, snapshot);
    bench.state.missions.select(3);
    bench.keys("esc 4");
    let id = bench.last_request().id;
    let wire::Event::Verdict {
        source,
        diagnostics,
        ..
    } = verdict()
    else {
        panic!("no verdict");
    };
    let judged = JudgedView {
        candidate: 0,
        accepted: false,
        source,
        diagnostics,
    };
    bench.reply(
        id,
        Reply::Mission(Box::new(report(vec![judged.clone(), judged]))),
    );
    assert_eq!(bench.state.missions.judged(3).len(), 2);
    let screen = bench.screen();
    assert!(
        screen.contains("Candidate 1 ✗ refused by covenant"),
        "{screen}"
    );
    // One more is told while one looks on, and an older answer does not take it away.
    bench.kernel(verdict());
    bench.reply(id, Reply::Mission(Box::new(report(vec![]))));
    assert_eq!(bench.state.missions.judged(3).len(), 3);
}
