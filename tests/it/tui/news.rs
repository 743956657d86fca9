//! What the kernel's messages do.

use super::support::*;
use batos::tui::state::log::MAX_ENTRIES;
use batos::tui::state::stream::Fate;
use batos::tui::state::{Pane, Scroll};
use batos::tui::update::Event;
use batos::wire::messages::{self as wire, LogLevel, MissionState, Reply, Request};

fn started(bench: &mut Bench) {
    bench.type_text("teach").keys("enter enter");
    let id = bench.last_request().id;
    bench.reply(id, Reply::MissionStarted { id: 3 });
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Synthesizing)));
}

fn generation() -> wire::Event {
    wire::Event::GenerationStarted {
        mission: 3,
        persona: "BRICK".into(),
        purpose: "synthesize".into(),
        candidates: 2,
    }
}

fn token(candidate: u32, text: &str) -> wire::Event {
    wire::Event::Token {
        mission: 3,
        candidate,
        text: text.into(),
    }
}

#[test]
fn the_end_of_an_own_mission_is_put_in_view() {
    let mut bench = Bench::attached(80, 24, full());
    started(&mut bench);
    assert_eq!(bench.state.missions.selected().unwrap().id, 3);
    let mut done = mission(3, MissionState::Complete);
    done.outcome = "Account.deposit is installed".into();
    bench.kernel(wire::Event::Mission(done));
    assert_eq!(bench.state.content, Pane::Mission);
    assert_eq!(
        bench.state.notice.clone().unwrap().text,
        "mission 3 COMPLETE: Account.deposit is installed"
    );
    assert!(
        bench
            .requests()
            .iter()
            .any(|one| one.request == Request::ShowMission { id: 3 })
    );
}

#[test]
fn another_front_ends_mission_does_not_move_the_view() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc 6");
    bench.kernel(wire::Event::Mission(mission(9, MissionState::Synthesizing)));
    bench.kernel(wire::Event::Mission(mission(9, MissionState::Complete)));
    assert_eq!(bench.state.focus, Pane::Log);
    assert_eq!(bench.state.missions.selected().unwrap().id, 2);
    assert_eq!(bench.state.notice, None);
}

#[test]
fn tokens_are_counted_and_their_rate_is_told() {
    let mut bench = Bench::attached(80, 24, full());
    started(&mut bench);
    bench.kernel(generation());
    for step in 0..21 {
        bench.event(Event::Clock(NOW + step * 100));
        bench.kernel(token(0, "x "));
    }
    let newest = bench.state.stream.newest().unwrap();
    assert_eq!(newest.tokens(), 21);
    assert_eq!(newest.rate(), Some(10.5));
    bench.kernel(wire::Event::GenerationEnded {
        mission: 3,
        prompt_tokens: 100,
        generated_tokens: 21,
        seconds: 2.0,
        tokens_per_second: 11.5,
    });
    assert_eq!(bench.state.stream.newest().unwrap().rate(), Some(11.5));
}

#[test]
fn a_verdict_marks_its_candidate() {
    let mut bench = Bench::attached(80, 24, full());
    started(&mut bench);
    bench
        .kernel(generation())
        .kernel(token(0, "x"))
        .kernel(verdict());
    assert_eq!(
        bench.state.stream.newest().unwrap().candidates[0].fate,
        Fate::Refused
    );
    assert_eq!(bench.state.missions.shown().unwrap().1.diagnostics.len(), 1);
}

#[test]
fn the_streams_memory_is_bounded() {
    let mut bench = Bench::attached(80, 24, full());
    for _ in 0..40 {
        bench.kernel(generation());
    }
    let long = "z".repeat(1000);
    for _ in 0..200 {
        bench
            .kernel(token(1, &long))
            .kernel(token(u32::MAX, "no such candidate"));
    }
    assert!(bench.state.stream.generations().len() <= 16);
    bench.screen();
}

#[test]
fn attaching_in_the_middle_of_a_generation_shows_its_text() {
    let mut bench = Bench::attached(80, 24, full());
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Synthesizing)));
    bench.kernel(token(0, "let it be"));
    assert!(bench.screen().contains("let it be"));
}

#[test]
fn scrolling_up_pauses_and_counts_what_is_new() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc 6 up up");
    let before = bench.screen();
    for number in 50..57 {
        bench.kernel(wire::Event::Log(entry(number)));
    }
    assert_eq!(
        (bench.state.log.follows(), bench.state.log.new_count()),
        (false, 7)
    );
    let rows = |screen: &str| {
        screen
            .lines()
            .skip(3)
            .take(15)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // Without the mark at the right edge, which tells that there is more.
    let row = |line: &String| {
        line.chars()
            .take(70)
            .collect::<String>()
            .trim_end()
            .to_owned()
    };
    let after = bench.screen();
    assert_eq!(
        rows(&before).iter().map(row).collect::<Vec<_>>(),
        rows(&after).iter().map(row).collect::<Vec<_>>(),
        "nothing moves under the reader's eyes"
    );
    bench.keys("G");
    assert!(bench.state.log.follows());
    assert!(bench.screen().contains("entry number 56"));
}

#[test]
fn the_log_is_filtered_by_words_level_mission_and_persona() {
    let mut bench = Bench::attached(80, 24, full());
    bench
        .keys("esc 6 f")
        .type_text("persona:brick !48 level:warn mission:2")
        .keys("enter");
    let shown: Vec<u64> = (0..bench.state.log.len())
        .map(|row| bench.state.log.get(row).unwrap().number)
        .collect();
    assert_eq!(shown, [6, 18, 30, 42]);
    bench.keys("esc");
    assert_eq!(bench.state.log.len(), 50);
    bench.keys("v v");
    assert_eq!(bench.state.log.filter().level, LogLevel::Warn);
    assert_eq!(bench.state.log.len(), 24);
    bench.keys("m");
    assert_eq!(bench.state.log.filter().mission, Some(2));
}

#[test]
fn search_goes_from_match_to_match_and_round() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc 6 /").type_text("NUMBER 4").keys("enter");
    let at = |bench: &Bench| bench.state.log.get(bench.state.log.row()).unwrap().number;
    assert_eq!(at(&bench), 49);
    bench.keys("n");
    assert_eq!(at(&bench), 4);
    bench.keys("N N");
    assert_eq!(at(&bench), 48);
    bench.keys("/ ctrl+u").type_text("not there").keys("enter");
    assert!(
        bench
            .state
            .notice
            .clone()
            .unwrap()
            .text
            .contains("no entry with")
    );
}

#[test]
fn the_logs_memory_is_bounded_and_the_reader_stays_in_place() {
    let mut bench = Bench::attached(80, 24, empty());
    for number in 0..100 {
        bench.kernel(wire::Event::Log(entry(number)));
    }
    bench.keys("esc 6 up");
    for number in 100..(MAX_ENTRIES as u64 + 50) {
        bench.kernel(wire::Event::Log(entry(number)));
    }
    assert_eq!(bench.state.log.kept(), MAX_ENTRIES);
    assert_eq!(
        bench.state.log.get(bench.state.log.row()).unwrap().number,
        98
    );
    for number in 0..200 {
        bench.kernel(wire::Event::Log(entry(MAX_ENTRIES as u64 + 50 + number)));
    }
    assert_eq!(
        bench.state.log.row(),
        0,
        "what one read has left: the oldest kept is next"
    );
}

#[test]
fn a_resync_subscribes_again_and_repeats_no_entry() {
    let mut bench = Bench::attached(80, 24, full());
    bench.kernel(wire::Event::Resync);
    let request = bench.last_request();
    assert!(matches!(request.request, Request::Subscribe { .. }));
    let mut snapshot = full();
    snapshot.log.push(entry(50));
    bench.reply(request.id, Reply::Snapshot(Box::new(snapshot)));
    assert_eq!(bench.state.log.kept(), 51);
}

#[test]
fn objects_lie_under_their_prototypes_even_in_a_circle() {
    let mut snapshot = full();
    for (name, parent) in [("A", "B"), ("B", "A")] {
        snapshot.objects.push(wire::ObjectSummary {
            name: name.into(),
            parent: Some(parent.into()),
            slots: 0,
            methods: vec![],
            written_by: vec![],
            tid: 3,
        });
    }
    let bench = Bench::attached(80, 24, snapshot);
    let rows = bench.state.objects.rows().iter().map(|entry| {
        let object = bench.state.objects.of(entry).unwrap();
        format!("{}{}", entry.depth, object.name)
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        ["0Object", "1Account", "2Savings", "0A", "1B"]
    );
}

#[test]
fn only_a_running_mission_is_counted_in_seconds() {
    let mut bench = Bench::attached(80, 24, empty());
    assert!(!bench.state.wants_ticks());
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Idle)));
    assert!(
        !bench.state.wants_ticks(),
        "one that waits may wait for hours"
    );
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Synthesizing)));
    assert!(bench.state.wants_ticks());
    bench.event(Event::Away {
        tries: 0,
        reason: String::new(),
    });
    assert!(!bench.state.wants_ticks());
}

#[test]
fn the_stream_follows_until_one_scrolls_up() {
    let mut bench = Bench::attached(80, 24, full());
    bench.kernel(generation());
    for line in 0..60 {
        bench.kernel(token(0, &format!("line {line}\n")));
    }
    assert!(bench.screen().contains("line 59"));
    bench.keys("esc up up up");
    assert!(!bench.screen().contains("line 59"));
    bench.keys("space");
    assert_eq!(bench.state.stream.scroll, Scroll::FOLLOW);
}
