//! The log out of its files: a scripted thread tells of a million lines, and the pane stays what it is.

use super::support::*;
use batos::tui::archive::{Ask, Head, Told};
use batos::tui::update::{Effect, Event};
use batos::wire::messages::{self as wire, LogEntry, LogLevel};
use std::time::Instant;

const HOME: &str = "/home/ana/.local/share/batos";

fn head(number: u64) -> Head {
    Head {
        time_ms: NOW + number * 1000,
        level: match number % 1000 {
            0 => LogLevel::Error,
            1..=20 => LogLevel::Warn,
            _ => LogLevel::Info,
        },
        mission: Some(number % 50 + 1),
        persona: number.is_multiple_of(2).then(|| "BRICK".into()),
    }
}

fn full_line(number: u64) -> LogEntry {
    let head = head(number);
    LogEntry {
        number,
        time_ms: head.time_ms,
        level: head.level,
        mission: head.mission,
        persona: head.persona,
        event: "engine.step".into(),
        text: format!("line {number}"),
        fields_json: format!("{{\"step\":{number},\"note\":\"of the line\"}}"),
    }
}

/// A workbench whose kernel is of this home, with `lines` lines in its files.
fn reading(columns: u16, rows: u16, lines: u64) -> Bench {
    let mut bench = Bench::new(columns, rows);
    bench.state.home = Some(HOME.into());
    bench.event(Event::Connected);
    let id = bench.requests().last().unwrap().id;
    bench.reply(id, wire::Reply::Snapshot(Box::new(full())));
    assert!(asks(&mut bench).contains(&Ask::Look));
    for first in (0..lines).step_by(20_000) {
        let end = (first + 20_000).min(lines);
        bench.event(Event::Log(Told::Grew {
            first,
            heads: (first..end).map(head).collect(),
            entries: Vec::new(),
            more: end < lines,
        }));
    }
    bench.keys("esc 6");
    answer(&mut bench);
    bench
}

fn asks(bench: &mut Bench) -> Vec<Ask> {
    let asks = bench.effects.iter().filter_map(|effect| match effect {
        Effect::Log(ask) => Some(ask.clone()),
        _ => None,
    });
    let asks = asks.collect();
    bench
        .effects
        .retain(|effect| !matches!(effect, Effect::Log(_)));
    asks
}

/// Reads the lines that were asked for; gives everything else that was.
fn answer(bench: &mut Bench) -> Vec<Ask> {
    let mut others = Vec::new();
    for ask in asks(bench) {
        match ask {
            Ask::Rows(numbers) => {
                let entries = numbers.into_iter().map(full_line).collect();
                bench.event(Event::Log(Told::Rows(entries)));
            }
            other => others.push(other),
        }
    }
    others
}

fn go(bench: &mut Bench, keys: &str) {
    bench.keys(keys);
    answer(bench);
}

#[test]
fn the_pane_has_all_lines_of_the_files() {
    for (columns, rows) in [(80, 24), (120, 40), (40, 12)] {
        let mut bench = reading(columns, rows, 5_000);
        go(&mut bench, "z h up up enter");
        insta::assert_snapshot!(format!("archive_{columns}x{rows}"), bench.screen());
    }
}

#[test]
fn a_million_lines_stay_quick() {
    let mut bench = reading(120, 40, 1_000_000);
    let began = Instant::now();
    for keys in [
        "up", "pageup", "g", "G", "up", "e", "E", ".", ",", "v", "v", "v", "v", "a", "a", "m", "m",
    ] {
        go(&mut bench, keys);
        bench.draw();
    }
    let each = began.elapsed() / 17;
    eprintln!("a key among a million lines: {each:?}");
    assert!(each.as_millis() < 250, "{each:?}");
    go(&mut bench, "h");
    let began = Instant::now();
    bench.draw();
    eprintln!("a frame with the histogram: {:?}", began.elapsed());
    assert!(bench.state.log.kept() == 1_000_000);
}

#[test]
fn errors_and_entries_of_one_mission_are_a_key_away() {
    let mut bench = reading(120, 40, 5_000);
    go(&mut bench, "E");
    assert!(bench.screen().contains("line 4000"));
    go(&mut bench, "E");
    assert_eq!(
        bench.state.log.get(bench.state.log.row()).unwrap().number,
        3000
    );
    go(&mut bench, "e");
    assert_eq!(
        bench.state.log.get(bench.state.log.row()).unwrap().number,
        4000
    );
    go(&mut bench, ".");
    assert_eq!(
        bench.state.log.get(bench.state.log.row()).unwrap().number,
        4050
    );
    go(&mut bench, ", ,");
    assert_eq!(
        bench.state.log.get(bench.state.log.row()).unwrap().number,
        3950
    );
    go(&mut bench, "a");
    assert_eq!(bench.state.log.filter().persona.as_deref(), Some("BRICK"));
    assert_eq!(bench.state.log.len(), 2_500);
}

#[test]
fn a_search_runs_in_the_background_jumps_and_can_be_stopped() {
    let mut bench = reading(120, 40, 5_000);
    go(&mut bench, "up /");
    bench.type_text("Needle").keys("enter");
    let Some(Ask::Search { id, words }) = answer(&mut bench).pop() else {
        panic!("no search");
    };
    assert_eq!(
        (words[0].text.as_str(), words[0].unwanted),
        ("needle", false)
    );
    assert!(bench.screen().contains("searching 0%"));
    bench.event(Event::Log(Told::Found {
        id,
        numbers: vec![4100, 4200],
        left: 2_500,
    }));
    let screen = bench.screen();
    assert!(
        screen.contains("searching 50%") && screen.contains("2 found"),
        "{screen}"
    );
    assert_eq!(bench.state.log.row(), 4200);
    go(&mut bench, "N");
    assert_eq!(bench.state.log.row(), 4100);
    go(&mut bench, "esc");
    assert_eq!(answer(&mut bench), [] as [Ask; 0]);
    assert!(bench.state.log.scanned().is_none());
    assert!(bench.screen().contains("stopped at 50%"));
    bench.event(Event::Log(Told::Found {
        id,
        numbers: vec![7],
        left: 0,
    }));
    assert_eq!(
        bench.state.log.hit_count(),
        2,
        "what comes late is not taken"
    );
    go(&mut bench, "n");
    assert_eq!(bench.state.log.row(), 4200);
    go(&mut bench, "/");
    bench.keys("ctrl+u").type_text("nowhere").keys("enter");
    let Some(Ask::Search { id, .. }) = answer(&mut bench).pop() else {
        panic!("no search");
    };
    bench.event(Event::Log(Told::Found {
        id,
        numbers: vec![],
        left: 0,
    }));
    assert_eq!(
        bench.state.notice.clone().unwrap().text,
        "no entry with \"nowhere\""
    );
}

#[test]
fn filters_by_words_fill_in_as_they_are_found_and_take_new_lines_too() {
    let mut bench = reading(120, 40, 5_000);
    go(&mut bench, "f");
    bench.type_text("!step level:warn").keys("enter");
    let Some(Ask::Search { id, words }) = answer(&mut bench).pop() else {
        panic!("no search");
    };
    assert!(
        words[0].unwanted && words.len() == 1,
        "levels need no search"
    );
    assert!(bench.state.log.is_empty());
    bench.event(Event::Log(Told::Found {
        id,
        numbers: (4000..5000).collect(),
        left: 4_000,
    }));
    assert_eq!(bench.state.log.len(), 21);
    bench.event(Event::Log(Told::Found {
        id,
        numbers: (3000..4000).collect(),
        left: 0,
    }));
    assert_eq!(bench.state.log.len(), 42);
    let mut entry = full_line(5_000);
    entry.event = "other".into();
    bench.event(Event::Log(Told::Grew {
        first: 5_000,
        heads: vec![head(5_000)],
        entries: vec![entry],
        more: false,
    }));
    assert_eq!(bench.state.log.len(), 43);
}

#[test]
fn new_lines_are_counted_while_one_reads_and_gone_ones_leave() {
    let mut bench = reading(80, 24, 5_000);
    go(&mut bench, "up up");
    for number in 5_000..5_003 {
        bench.event(Event::Log(Told::Grew {
            first: number,
            heads: vec![head(number)],
            entries: vec![full_line(number)],
            more: false,
        }));
    }
    assert!(bench.screen().contains("3 new"));
    bench.event(Event::Log(Told::Gone(4_990)));
    assert_eq!(bench.state.log.len(), 13);
    answer(&mut bench);
    assert!(bench.screen().contains("line 4997"));
    bench.kernel(wire::Event::Log(entry(77)));
    assert_eq!(
        answer(&mut bench),
        [Ask::Look],
        "the kernel's word is the sign to look"
    );
}

#[test]
fn another_home_s_files_are_not_read() {
    let mut bench = Bench::new(80, 24);
    bench.state.home = Some("/elsewhere".into());
    bench.event(Event::Connected);
    let id = bench.requests().last().unwrap().id;
    bench.reply(id, wire::Reply::Snapshot(Box::new(full())));
    assert!(asks(&mut bench).is_empty());
    assert_eq!(bench.state.log.len(), 50);
}

#[test]
fn copy_mode_is_text_and_nothing_else() {
    let mut bench = reading(80, 24, 100);
    go(&mut bench, "up");
    bench.keys("Y");
    insta::assert_snapshot!("copy_mode_80x24", bench.screen());
    bench.keys("q y");
    let Some(Effect::Copy(text)) = bench.effects.last() else {
        panic!("nothing was copied");
    };
    assert!(
        text.contains("engine.step: line 98\n{\"step\":98"),
        "{text}"
    );
}
