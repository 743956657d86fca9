//! Every view at every size, in sixteen colours, without any, and in ASCII, as a terminal shows it.
//!
//! One file a view: its screens, which are the same without colours, then those in ASCII; and for the smallest screen how
//! each run of characters looks in sixteen colours and without.

use super::support::*;
use super::{browser, itself, knowledge, memory, screens, system, tour};
use batos::config::{Environment, Home, Settings};
use batos::tui::manners::Manners;
use batos::tui::theme::Theme;
use batos::wire::messages::{MissionState, Reply};
use std::fmt::Write as _;
use std::path::Path;

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

fn dressed(bench: &mut Bench, theme: &str, variables: &[(&str, &str)]) -> String {
    let home = Home {
        root: "/nonexistent".into(),
    };
    let settings = Settings::defaults(&home, &Environment::default()).terminal;
    let manners = Manners::of(&settings, &variables.iter().copied().collect());
    let loaded = Theme::load(theme, Path::new("/nonexistent")).unwrap();
    bench.theme = loaded.for_terminal(&manners);
    bench.screen()
}

/// How each run of characters looks: its first column, its colours, its attributes.
fn looks(bench: &Bench) -> String {
    let screen = bench.terminal();
    let (rows, columns) = screen.size();
    let mut out = String::new();
    for row in 0..rows.get() {
        let mut before = String::new();
        for column in 0..columns.get() {
            let cell = screen.cell(row, column).unwrap();
            let colour = |colour| match colour {
                vt100::Color::Default => "-".to_owned(),
                vt100::Color::Idx(number) => number.to_string(),
                vt100::Color::Rgb(..) => "rgb".to_owned(),
            };
            let mut look = format!("{}/{}", colour(cell.fgcolor()), colour(cell.bgcolor()));
            for (is, letter) in [
                (cell.bold(), 'b'),
                (cell.dim(), 'd'),
                (cell.italic(), 'i'),
                (cell.underline(), 'u'),
                (cell.inverse(), 'r'),
            ] {
                if is {
                    look.push(letter);
                }
            }
            if look != before {
                write!(out, "{}{column}:{look}", if column > 0 { " " } else { "" }).unwrap();
                before = look;
            }
        }
        out.push('\n');
    }
    out
}

fn every_dress(name: &str, scene: impl Fn(u16, u16) -> Bench) {
    let mut all = String::new();
    let mut styles = String::new();
    for (columns, rows) in SIZES {
        let coloured = dressed(&mut scene(columns, rows), "ansi16", &[("LANG", "C.UTF-8")]);
        let mut bench = scene(columns, rows);
        let mono = dressed(
            &mut bench,
            "mono",
            &[("LANG", "C.UTF-8"), ("NO_COLOR", "1")],
        );
        assert_eq!(coloured, mono, "{name}: without colours it says the same");
        let mono = looks(&bench);
        assert!(
            mono.split([' ', '\n'])
                .all(|run| run.is_empty() || run.contains(":-/-")),
            "{name}: no colour where none is wanted"
        );
        let ascii = dressed(&mut scene(columns, rows), "ansi16", &[("LANG", "C")]);
        assert!(ascii.is_ascii(), "{name}: {ascii}");
        write!(all, "=== {columns}x{rows}\n{coloured}\n").unwrap();
        if columns < 100 {
            write!(all, "=== {columns}x{rows} ASCII\n{ascii}\n").unwrap();
        }
        if columns == 40 {
            let mut bench = scene(columns, rows);
            dressed(&mut bench, "ansi16", &[("LANG", "C.UTF-8")]);
            write!(styles, "=== looks in 16 colours\n{}", looks(&bench)).unwrap();
            write!(styles, "=== looks without colours\n{mono}").unwrap();
        }
    }
    insta::assert_snapshot!(name, all + &styles);
}

fn attached(columns: u16, rows: u16, keys: &str) -> Bench {
    let mut snapshot = full();
    snapshot
        .missions
        .insert(0, mission(3, MissionState::Validating));
    let mut bench = Bench::attached(columns, rows, snapshot);
    bench.keys(keys);
    bench
}

#[test]
fn missions() {
    every_dress("missions", |columns, rows| attached(columns, rows, "esc 1"));
}

#[test]
fn objects_by_mission() {
    every_dress("objects", |columns, rows| {
        attached(columns, rows, "esc 2 o o down")
    });
}

#[test]
fn stream() {
    every_dress("stream", |columns, rows| {
        let mut bench = screens::streaming(columns, rows);
        bench.keys("esc 3");
        bench
    });
}

#[test]
fn mission_with_a_refused_candidate() {
    every_dress("mission", |columns, rows| {
        let mut bench = attached(columns, rows, "esc 1");
        bench.state.missions.select(3);
        bench.kernel(verdict()).keys("enter");
        let id = bench.last_request().id;
        bench.reply(id, Reply::Mission(Box::new(report(vec![]))));
        bench
    });
}

#[test]
fn object() {
    every_dress("object", |columns, rows| {
        let mut bench = attached(columns, rows, "esc 2 down enter");
        let id = bench.last_request().id;
        bench.reply(id, Reply::Object(Box::new(account())));
        bench
    });
}

#[test]
fn past_of_an_object() {
    every_dress("past", |columns, rows| {
        let mut bench = browser::past(columns, rows);
        bench.keys("pagedown");
        bench
    });
}

#[test]
fn metacognition() {
    every_dress("metacognition", |columns, rows| {
        attached(columns, rows, "esc 6 up up")
    });
}

#[test]
fn the_self() {
    every_dress("self", |columns, rows| {
        itself::looking(columns, rows, &itself::panel())
    });
}

#[test]
fn memory_of_models() {
    every_dress("memory", |columns, rows| {
        memory::looking(columns, rows, full(), memory::view())
    });
}

#[test]
fn knowledge_view() {
    every_dress("knowledge", knowledge::looking);
}

#[test]
fn system_view() {
    every_dress("system", |columns, rows| {
        system::looking(columns, rows, system::view())
    });
}

#[test]
fn tour_of_the_first_run() {
    every_dress("tour", tour::touring);
}
