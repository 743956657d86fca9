//! Every overlay and pane in sixteen colours, without any, and in ASCII, at every size: only what the terminal has.

use super::support::*;
use batos::config::{Environment, Home, Settings};
use batos::tui::manners::Manners;
use batos::tui::theme::Theme;
use batos::wire::messages::{self as wire, MissionState};
use std::path::Path;

/// Keys that lead to a screen worth seeing.
const SCENES: [&str; 12] = [
    "esc :",
    "esc : t h e",
    "ctrl+o",
    "f1",
    "f1 / f i l t e r",
    "esc t down",
    "esc : k e y s enter x",
    "esc 1 x",
    "esc 6 h up enter",
    "esc 6 Y",
    "esc 4",
    "esc 4 z",
];

fn scene(columns: u16, rows: u16, keys: &str) -> Bench {
    let mut snapshot = full();
    snapshot
        .missions
        .insert(0, mission(3, MissionState::Validating));
    let mut bench = Bench::attached(columns, rows, snapshot);
    bench.kernel(verdict());
    bench.state.missions.select(3);
    bench.kernel(wire::Event::Log(entry(50)));
    bench.keys(keys);
    bench
}

fn manners(variables: &[(&str, &str)]) -> Manners {
    let home = Home {
        root: "/nonexistent".into(),
    };
    let settings = Settings::defaults(&home, &Environment::default()).terminal;
    Manners::of(&settings, &variables.iter().copied().collect())
}

/// The parameters of every SGR sequence in a frame.
fn colours(frame: &str) -> Vec<String> {
    let sequences = frame.split("\u{1b}[").skip(1);
    let parameters = sequences.filter_map(|rest| {
        let (codes, _) = rest.split_once('m')?;
        let plain = codes.chars().all(|c| c.is_ascii_digit() || c == ';');
        plain.then(|| codes.to_owned())
    });
    parameters.collect()
}

#[test]
fn only_what_the_terminal_has_is_used() {
    for keys in SCENES {
        for (columns, rows) in [(80, 24), (120, 40), (40, 12)] {
            for (theme, variables, limit) in [
                ("ansi16", [("LANG", "C.UTF-8")], 107),
                ("dark", [("LANG", "C")], 107),
                ("mono", [("LANG", "C.UTF-8")], 49),
                ("light", [("NO_COLOR", "1")], 49),
            ] {
                let manners = manners(&variables);
                let mut bench = scene(columns, rows, keys);
                let loaded = Theme::load(theme, Path::new("/nonexistent")).unwrap();
                bench.theme = loaded.for_terminal(&manners);
                let frame = String::from_utf8(bench.draw()).unwrap();
                assert!(
                    !manners.ascii || frame.is_ascii(),
                    "{keys} {theme}: {frame}"
                );
                for codes in colours(&frame) {
                    for code in codes.split(';').filter_map(|code| code.parse::<u8>().ok()) {
                        let none = limit == 49;
                        let fine = match code {
                            0..=9 | 39 | 49 => true,
                            38 | 48 => false,
                            _ => !none && code <= limit,
                        };
                        assert!(fine, "{keys} {theme} {columns}x{rows}: {codes}");
                    }
                }
                assert_eq!(bench.screen().split('\n').count(), usize::from(rows));
            }
        }
    }
}
