//! How the terminal is treated: colours and characters that it has, what is said beside the picture.

use super::support::*;
use batos::config::{Environment, Home, Settings, TerminalSettings};
use batos::tui::depth::Depth;
use batos::tui::glyphs::ascii;
use batos::tui::manners::{Between, Manners, Notify};
use batos::tui::osc;
use batos::tui::state::Pane;
use batos::tui::theme::{Role, Theme};
use batos::tui::update::{Effect, Event};
use batos::wire::messages::{self as wire, MissionState};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::style::{Color, Modifier};
use std::path::Path;

fn settings() -> TerminalSettings {
    let home = Home {
        root: "/nonexistent".into(),
    };
    Settings::defaults(&home, &Environment::default()).terminal
}

fn manners(variables: &[(&str, &str)]) -> Manners {
    Manners::of(&settings(), &variables.iter().copied().collect())
}

fn dressed(columns: u16, rows: u16, theme: &str, variables: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    let theme = Theme::load(theme, Path::new("/nonexistent")).unwrap();
    bench.theme = theme.for_terminal(&manners(variables));
    bench
}

#[test]
fn the_locale_decides_about_characters() {
    assert!(manners(&[]).ascii);
    assert!(!manners(&[("LANG", "de_DE.UTF-8")]).ascii);
    assert!(!manners(&[("LANG", "C"), ("LC_CTYPE", "C.utf8")]).ascii);
    assert!(manners(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]).ascii);
}

#[test]
fn nothing_but_ascii_is_drawn_and_it_is_as_wide() {
    for (columns, rows) in [(80, 24), (120, 40), (40, 12)] {
        let mut bench = dressed(columns, rows, "ansi16", &[]);
        bench.kernel(wire::Event::Mission(mission(3, MissionState::Synthesizing)));
        bench.state.missions.select(3);
        bench.kernel(verdict()).keys("esc 4");
        let frame = String::from_utf8(bench.draw()).unwrap();
        assert!(frame.is_ascii(), "{frame}");
        insta::assert_snapshot!(format!("ascii_{columns}x{rows}"), bench.screen());
    }
    assert_eq!(ascii("─│ 寿司 é ✓"), "-| ???? ? +");
}

#[test]
fn colours_are_asked_of_the_environment_and_never_of_the_terminal() {
    assert_eq!(manners(&[]).depth, Depth::Sixteen);
    assert_eq!(manners(&[("TERM", "xterm-256color")]).depth, Depth::Indexed);
    assert_eq!(manners(&[("COLORTERM", "truecolor")]).depth, Depth::True);
    let none = manners(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]);
    assert_eq!(none.depth, Depth::None);
    let mut chosen = settings();
    chosen.colours = "256".into();
    let depth = Manners::of(&chosen, &[("NO_COLOR", "1")].into_iter().collect()).depth;
    assert_eq!(depth, Depth::Indexed, "what the person set goes before");
}

#[test]
fn a_theme_is_shown_in_the_colours_that_there_are() {
    let dark = Theme::load("dark", Path::new("/nonexistent")).unwrap();
    let sixteen = dark.clone().for_terminal(&manners(&[]));
    for role in Role::ALL {
        let style = sixteen.style(*role);
        for colour in [style.fg, style.bg].into_iter().flatten() {
            assert!(
                !matches!(colour, Color::Indexed(_) | Color::Rgb(..)),
                "{}",
                role.key()
            );
        }
    }
    let none = dark.for_terminal(&manners(&[("NO_COLOR", "1")]));
    let selected = none.style(Role::Selected);
    assert_eq!(
        (selected.fg, selected.bg),
        (Some(Color::Reset), Some(Color::Reset))
    );
    assert!(
        selected.add_modifier.contains(Modifier::REVERSED),
        "it still stands out"
    );
    let mut bench = dressed(120, 40, "dark", &[("TERM", "vt100")]);
    let frame = String::from_utf8(bench.draw()).unwrap();
    assert!(!frame.contains("38;5;") && !frame.contains("48;5;") && !frame.contains("38;2;"));
}

#[test]
fn text_for_the_clipboard_goes_through_tmux_and_screen() {
    let plain = "\u{1b}]52;c;aMOp\u{7}";
    assert_eq!(osc::clipboard("hé", Between::Nothing), plain);
    let tmux = osc::clipboard("hé", Between::Tmux);
    assert_eq!(
        tmux,
        format!("{plain}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;aMOp\u{7}\u{1b}\\")
    );
    let screen = osc::clipboard(&"x".repeat(2_000), Between::Screen);
    assert!(screen.starts_with("\u{1b}P\u{1b}]52;c;"));
    assert!(screen.split("\u{1b}\\").all(|part| part.len() < 768));
}

#[test]
fn too_much_for_a_clipboard_is_said_and_not_sent() {
    let mut bench = Bench::attached(80, 24, full());
    bench.event(Event::Paste("words ".repeat(20_000)));
    bench.keys("esc :").type_text("copy").keys("enter");
    // The stream pane has nothing; the composer has too much.
    assert_eq!(
        bench.state.notice.clone().unwrap().text,
        "there is nothing to copy here"
    );
    bench.keys("i ctrl+x").type_text("editor").keys("esc");
    bench.keys("esc 5");
    let id = bench.last_request().id;
    let mut object = account();
    object.name = "Object".into();
    object.methods[0].source = "x".repeat(70_000);
    bench
        .reply(id, wire::Reply::Object(Box::new(object)))
        .keys("y");
    let notice = bench.state.notice.clone().unwrap().text;
    assert!(
        notice.contains("too much for a terminal's clipboard"),
        "{notice}"
    );
    assert!(
        !bench
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_)))
    );
}

#[test]
fn the_end_of_a_mission_rings_only_without_the_focus() {
    let mut bench = Bench::attached(80, 24, full());
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Validating)));
    bench.kernel(wire::Event::Mission(mission(3, MissionState::Complete)));
    let rings = |bench: &Bench| {
        let ring = |effect: &&Effect| matches!(effect, Effect::Ring(_));
        bench.effects.iter().filter(ring).count()
    };
    assert_eq!(rings(&bench), 0);
    bench.event(Event::Focus(false));
    bench.kernel(wire::Event::Mission(mission(4, MissionState::Validating)));
    bench.kernel(wire::Event::Mission(mission(4, MissionState::Failed)));
    let expected = Effect::Ring("mission 4 FAILED: Account.deposit".into());
    assert!(bench.effects.contains(&expected), "{:?}", bench.effects);
    assert_eq!(rings(&bench), 1);
    let message = osc::notice("a\u{1b}]0;b\u{7}c", Notify::Message, Between::Nothing);
    assert_eq!(
        message, "\u{1b}]9;ac\u{7}\u{7}",
        "nothing in it ends it early"
    );
    assert_eq!(osc::notice("a", Notify::Bell, Between::Tmux), "\u{7}");
    assert_eq!(osc::notice("a", Notify::Off, Between::Tmux), "");
}

#[test]
fn brackets_around_frames_can_be_off() {
    assert!(manners(&[("TERM", "xterm")]).synchronized);
    assert!(!manners(&[("TERM", "linux")]).synchronized);
    let mut never = settings();
    never.synchronized = "off".into();
    assert!(!Manners::of(&never, &Environment::default()).synchronized);
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Event {
    Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    })
}

#[test]
fn where_the_mouse_is_wanted_it_chooses_and_scrolls() {
    let mut bench = Bench::attached(120, 40, full());
    let left = MouseEventKind::Down(MouseButton::Left);
    let row = bench
        .screen()
        .lines()
        .position(|line| line.contains("Savings"))
        .unwrap();
    bench.event(mouse(left, 3, row as u16));
    assert_eq!(bench.state.objects.selected(), Some("Savings"));
    let row = bench
        .screen()
        .lines()
        .position(|line| line.contains("entry number 45"))
        .unwrap();
    bench.event(mouse(MouseEventKind::ScrollUp, 60, row as u16));
    assert!(!bench.state.log.follows());
    assert_eq!(bench.state.focus, Pane::Object, "the focus stays");
    assert!(!settings().mouse, "off where nothing is set");
}
