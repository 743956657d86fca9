//! Themes: the built-in ones are whole, a person's own take their place, and mistakes are explained.

use super::support::*;
use batos::tui::theme::{Role, Theme};
use ratatui::style::{Color, Modifier};
use std::path::Path;

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[test]
fn the_built_in_themes_load() {
    let nowhere = Path::new("/nonexistent");
    for name in Theme::names(nowhere) {
        Theme::load(&name, nowhere).unwrap_or_else(|error| panic!("{}", chain(&error)));
    }
    assert_eq!(Theme::names(nowhere), ["ansi16", "dark", "light", "mono"]);
}

#[test]
fn mono_uses_no_colour_at_all() {
    let mono = Theme::load("mono", Path::new("/nonexistent")).unwrap();
    for role in Role::ALL {
        let style = mono.style(*role);
        assert!(
            matches!(style.fg, None | Some(Color::Reset)),
            "{}",
            role.key()
        );
        assert!(
            matches!(style.bg, None | Some(Color::Reset)),
            "{}",
            role.key()
        );
    }
    let mut bench = Bench::attached(120, 40, full());
    bench.theme = mono;
    let frame = String::from_utf8(bench.draw()).unwrap();
    for sequence in frame.split("\u{1b}[").skip(1) {
        let Some((codes, _)) = sequence
            .split_once('m')
            .filter(|(codes, _)| codes.chars().all(|c| c.is_ascii_digit() || c == ';'))
        else {
            continue;
        };
        for code in codes.split(';') {
            assert!(
                matches!(code, "0" | "1" | "2" | "3" | "4" | "7" | "39" | "49"),
                "{codes}"
            );
        }
    }
    assert!(
        bench.terminal().cell(0, 1).unwrap().inverse(),
        "the name stands out without colour"
    );
}

#[test]
fn ansi16_stays_within_sixteen_colours() {
    let mut bench = Bench::attached(120, 40, full());
    let frame = String::from_utf8(bench.draw()).unwrap();
    assert!(!frame.contains("38;5;") && !frame.contains("48;5;") && !frame.contains("38;2;"));
}

#[test]
fn a_theme_in_the_home_takes_the_place_of_a_built_in_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("dark.toml"),
        "accent = \"#ff8000 on 17 bold\"\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("mine.toml"),
        "text = \"white on black\"\n",
    )
    .unwrap();
    let theme = Theme::load("dark", folder.path()).unwrap();
    let accent = theme.style(Role::Accent);
    assert_eq!(
        (accent.fg, accent.bg),
        (Some(Color::Rgb(255, 128, 0)), Some(Color::Indexed(17)))
    );
    assert!(accent.add_modifier.contains(Modifier::BOLD));
    assert_eq!(
        Theme::names(folder.path()),
        ["ansi16", "dark", "light", "mono", "mine"]
    );
    let mine = Theme::load("mine", folder.path()).unwrap();
    assert_eq!(
        mine.style(Role::Good).bg,
        Some(Color::Black),
        "what is left out looks like text"
    );
}

#[test]
fn mistakes_name_file_key_and_what_is_allowed() {
    let error = |text: &str| chain(&Theme::parse("mine", "mine.toml", text).unwrap_err());
    let unknown = error("acent = \"red\"");
    assert!(
        unknown.starts_with("theme file mine.toml: unknown key `acent`; allowed are text, strong,"),
        "{unknown}"
    );
    let word = error("accent = \"red bald\"");
    assert!(
        word.starts_with(
            "theme file mine.toml: `accent` has the word `bald`; allowed are default, black"
        ),
        "{word}"
    );
    assert!(word.contains("bold") && word.contains("#rrggbb"), "{word}");
    assert!(error("accent = \"#12345\"").contains("`#12345`"));
    assert!(error("accent = \"256\"").contains("`256`"));
    assert!(error("accent = 3").contains("`accent` must be a text"));
    assert!(error("accent = ").starts_with("theme file mine.toml is not valid TOML: "));
    let missing = chain(&Theme::load("nope", Path::new("/nonexistent")).unwrap_err());
    assert_eq!(
        missing,
        "there is no theme `nope`; there are ansi16, dark, light, mono"
    );
}
