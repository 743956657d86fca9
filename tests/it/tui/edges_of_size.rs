//! Any keys and any news at any size: never a panic, never a row too many.

use super::support::*;
use super::{browser, system};
use batos::tui::update::Event;
use batos::wire::image::ImageReply;
use batos::wire::messages::{self as wire, MissionState, Reply};

/// A small generator with a fixed seed, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

const KEYS: &[&str] = &[
    "enter",
    "esc",
    "tab",
    "backtab",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "backspace",
    "delete",
    "f1",
    "space",
    "ctrl+j",
    "ctrl+a",
    "ctrl+e",
    "ctrl+w",
    "ctrl+u",
    "ctrl+k",
    "ctrl+y",
    "ctrl+c",
    "ctrl+t",
    "ctrl+l",
    "alt+b",
    "alt+f",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",
    "o",
    "H",
    "d",
    "u",
    "a",
    "p",
    "j",
    "k",
    "z",
    "x",
    "y",
    "n",
    "N",
    "/",
    "f",
    "v",
    "m",
    "g",
    "G",
    "s",
    "e",
    "[",
    "]",
    "?",
    "i",
    "é",
    "寿",
];

fn news(dice: &mut Dice, number: u64) -> wire::Event {
    let state = MissionState::ALL[dice.roll(7) as usize];
    match dice.roll(7) {
        0 => wire::Event::Mission(mission(dice.roll(5), state)),
        1 => wire::Event::GenerationStarted {
            mission: 3,
            persona: "BRICK".into(),
            purpose: "repair".into(),
            candidates: dice.roll(6) as u32,
        },
        2 => wire::Event::Token {
            mission: 3,
            candidate: dice.roll(4) as u32,
            text: "fn é(寿: f64) { \n".into(),
        },
        3 => verdict(),
        4 => wire::Event::PromptProgress {
            mission: 3,
            done: 1,
            total: dice.roll(2) as u32,
        },
        5 => wire::Event::Resync,
        _ => wire::Event::Log(entry(number)),
    }
}

#[test]
fn random_keys_and_news_at_random_sizes() {
    for seed in 1..=4 {
        let mut dice = Dice(seed * 7_919);
        let mut bench = Bench::attached(80, 24, full());
        for number in 0..700 {
            match dice.roll(10) {
                0 => {
                    let (columns, rows) = (dice.roll(140) as u16, dice.roll(45) as u16);
                    bench.resize(columns, rows);
                }
                1..=3 => {
                    let event = news(&mut dice, number);
                    bench.kernel(event);
                }
                4 => {
                    let id = dice.roll(200);
                    let reply = match dice.roll(4) {
                        0 => Reply::Image(Box::new(ImageReply::History(browser::versions()))),
                        1 => Reply::Image(Box::new(ImageReply::Diff(browser::difference()))),
                        2 => Reply::System(Box::new(system::view())),
                        _ => Reply::Object(Box::new(account())),
                    };
                    bench.reply(id, reply);
                }
                5 if dice.roll(8) == 0 => {
                    bench.event(Event::Away {
                        tries: 1,
                        reason: "gone".into(),
                    });
                    bench.event(Event::Connected);
                }
                _ => {
                    bench.keys(KEYS[dice.roll(KEYS.len() as u64) as usize]);
                }
            }
            bench.draw();
        }
    }
}

#[test]
fn every_pane_at_every_small_size() {
    for columns in [0, 1, 2, 7, 8, 20, 40, 99, 100] {
        for rows in [0, 1, 2, 3, 4, 5, 8, 12, 18, 30] {
            let mut bench = Bench::attached(columns.max(1), rows.max(1), full());
            bench.resize(columns, rows).kernel(verdict());
            bench.draw();
            bench.keys("esc");
            for pane in ["1", "2", "3", "4", "5", "H", "6", "7", "8", "9", "0", "?"] {
                bench.keys(pane);
                bench.draw();
            }
        }
    }
}

#[test]
fn twenty_columns_and_five_rows_still_take_a_mission() {
    let mut bench = Bench::attached(20, 5, full());
    bench.type_text("hello");
    let screen = bench.screen();
    assert!(screen.contains("› hello"), "{screen}");
    assert_eq!(bench.terminal().cursor_position(), (3, 7));
}

#[test]
fn without_an_event_a_frame_has_no_bytes() {
    let mut bench = Bench::attached(120, 40, full());
    assert!(!bench.draw().is_empty());
    assert!(bench.draw().is_empty());
    bench.event(Event::Clock(NOW + 60_000));
    assert!(bench.draw().is_empty(), "an idle screen shows no clock");
}

#[test]
fn a_frame_is_one_synchronized_update() {
    let mut bench = Bench::attached(80, 24, full());
    let frame = String::from_utf8(bench.draw()).unwrap();
    assert!(frame.starts_with("\u{1b}[?2026h") && frame.ends_with("\u{1b}[?2026l"));
    assert_eq!(frame.matches("\u{1b}[?2026h").count(), 1);
    bench.type_text("a").draw();
    let one_key = bench.type_text("b").draw();
    assert!(
        one_key.len() < 60,
        "one letter takes {} bytes",
        one_key.len()
    );
}
