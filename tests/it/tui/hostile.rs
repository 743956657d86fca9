//! Text from models and kernel cannot do anything to the terminal.

use super::support::*;
use batos::tui::clean::{Cleaner, line, text};
use batos::tui::update::Event;
use batos::wire::messages::{self as wire, MissionState, Reply};

const HOSTILE: &str = "a\u{1b}[31mb\u{1b}]52;c;aGFja2Vk\u{7}c\u{1b}]0;title\u{1b}\\d\u{1b}Pq#0\u{1b}\\e\0f\u{9b}2Jg\u{202e}h\u{1b}ci\u{8}j\u{7f}k\u{feff}l";

#[test]
fn sequences_controls_and_overrides_are_removed() {
    assert_eq!(line(HOSTILE), "abcdefghijkl");
    assert_eq!(line("one\r\ntwo\tthree"), "one two    three");
    assert_eq!(text("one\r\ntwo"), "one\ntwo");
    assert_eq!(text("\u{1b}]0;never closed\nstill here"), "\nstill here");
    assert_eq!(line("ends in \u{1b}["), "ends in ");
}

#[test]
fn a_sequence_cut_between_two_tokens_is_removed_too() {
    for split in 0..HOSTILE.len() {
        if !HOSTILE.is_char_boundary(split) {
            continue;
        }
        let mut cleaner = Cleaner::default();
        let mut out = String::new();
        cleaner.push(&HOSTILE[..split], &mut out);
        cleaner.push(&HOSTILE[split..], &mut out);
        assert_eq!(out, "abcdefghijkl", "split at {split}");
    }
}

#[test]
fn marks_do_not_pile_up() {
    let zalgo = format!("o{}k", "\u{301}".repeat(500));
    assert!(line(&zalgo).chars().count() < 12);
}

/// Everything that a kernel could send, with hostile text in every field.
#[test]
fn no_byte_of_it_reaches_the_terminal() {
    let mut bench = Bench::attached(120, 40, empty());
    let mut hostile = mission(3, MissionState::Synthesizing);
    hostile.brief = HOSTILE.into();
    hostile.object = Some(HOSTILE.into());
    hostile.outcome = HOSTILE.into();
    let mut entry = entry(1);
    entry.text = HOSTILE.into();
    entry.event = HOSTILE.into();
    entry.persona = Some(HOSTILE.into());
    let mut object = account();
    object.name = "abcdefghijkl".into();
    object.methods[0].source = HOSTILE.into();
    object.slots[0].value_json = HOSTILE.into();
    let frames = [
        wire::Event::Mission(hostile),
        wire::Event::Log(entry),
        wire::Event::GenerationStarted {
            mission: 3,
            persona: HOSTILE.into(),
            purpose: HOSTILE.into(),
            candidates: 1,
        },
        wire::Event::Token {
            mission: 3,
            candidate: 0,
            text: HOSTILE.into(),
        },
        wire::Event::ObjectChanged(wire::ObjectSummary {
            name: HOSTILE.into(),
            parent: None,
            slots: 0,
            methods: vec![HOSTILE.into()],
            written_by: vec![None],
            tid: 3,
        }),
        wire::Event::Engine(wire::EngineStatus {
            trouble: Some(HOSTILE.into()),
            ..wire::EngineStatus::default()
        }),
    ];
    let mut bytes = Vec::new();
    for event in frames {
        bench.kernel(event);
        bytes.extend(bench.draw());
    }
    bench.keys("esc 5");
    let id = bench.last_request().id;
    bench.reply(id, Reply::Object(Box::new(object)));
    bytes.extend(bench.draw());
    bench.event(Event::Away {
        tries: 1,
        reason: HOSTILE.into(),
    });
    bench.event(Event::Paste(HOSTILE.into()));
    bytes.extend(bench.draw());
    let sent = String::from_utf8(bytes).unwrap();
    assert!(sent.contains("abcdefghijkl"));
    for forbidden in [
        "\u{1b}]", "\u{1b}P", "\u{1b}c", "\u{9b}", "\u{202e}", "\u{7}", "\0", "\u{8}", "hacked",
    ] {
        assert!(!sent.contains(forbidden), "{forbidden:?}");
    }
}

#[test]
fn long_lines_and_wide_characters_stay_inside() {
    let mut bench = Bench::attached(80, 24, full());
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Synthesizing)));
    for text in [
        "寿司".repeat(3000),
        "x".repeat(30_000),
        "👩‍👩‍👧‍👦 e\u{301} ".repeat(300),
        "\n".repeat(3000),
    ] {
        bench.kernel(wire::Event::Token {
            mission: 3,
            candidate: 0,
            text,
        });
        let screen = bench.screen();
        eprintln!("{screen}");
        assert_eq!(screen.split('\n').count(), 24);
        assert!(
            screen.lines().last().unwrap().contains("F1 help"),
            "{screen}"
        );
    }
}
