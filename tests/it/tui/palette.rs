//! The palette, the search in help, the questions, and the inspector of keys.

use super::support::*;
use batos::tui::state::{Deed, Overlay, Pane};
use batos::tui::update::Effect;
use batos::wire::image::{DiffView, ImageReply, ImageRequest, UndoneView};
use batos::wire::messages::*;

fn commanded(columns: u16, rows: u16, text: &str) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    bench.keys("esc :").type_text(text);
    bench
}

#[test]
fn the_palette_at_every_size() {
    for (columns, rows) in [(80, 24), (120, 40), (40, 12)] {
        let screen = commanded(columns, rows, "thm").screen();
        insta::assert_snapshot!(format!("palette_{columns}x{rows}"), screen);
    }
}

#[test]
fn every_action_that_can_be_reached_is_there_by_name() {
    let mut bench = commanded(120, 40, "");
    let Some(Overlay::List(picker)) = &bench.state.overlay else {
        panic!("no palette");
    };
    let labels: Vec<String> = picker
        .rows()
        .filter_map(|(item, _)| item.map(|item| item.label.clone()))
        .collect();
    for name in [
        "quit",
        "theme",
        "filter",
        "send",
        "object",
        "mission",
        "undo",
        "keys",
        "cancel",
        "zoom",
        "level",
        "word-left",
    ] {
        assert!(labels.iter().any(|label| label == name), "{name}");
    }
    assert!(bench.screen().contains("Commands"));
}

#[test]
fn an_action_of_another_pane_goes_there_first() {
    let mut bench = commanded(120, 40, "only-mis");
    bench.keys("enter");
    assert_eq!(bench.state.focus, Pane::Log);
    assert_eq!(bench.state.log.filter().mission, Some(2));
}

#[test]
fn arguments_are_completed_and_taken() {
    let mut bench = commanded(120, 40, "object Acc");
    bench.keys("enter");
    assert_eq!(bench.state.focus, Pane::Object);
    assert_eq!(bench.state.objects.selected(), Some("Account"));

    let mut bench = commanded(120, 40, "filter !entry level:warn");
    bench.keys("enter");
    assert_eq!(bench.state.log.filter().text, "!entry level:warn");

    let mut bench = commanded(120, 40, "send Account deposit [2.5]");
    bench.keys("enter");
    let expected = Request::Send {
        object: "Account".into(),
        selector: "deposit".into(),
        args_json: "[2.5]".into(),
    };
    assert_eq!(bench.last_request().request, expected);

    let mut bench = commanded(120, 40, "theme");
    bench.keys("tab").type_text("dark").keys("enter");
    assert_eq!(bench.effects.last(), Some(&Effect::SetTheme("dark".into())));

    let mut bench = commanded(120, 40, "mission 77");
    bench.keys("enter");
    let notice = bench.state.notice.clone().unwrap().text;
    assert_eq!(notice, "there is nothing like \"mission 77\"");
}

#[test]
fn it_opens_from_an_empty_composer_and_from_within_a_text() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys(":");
    assert!(matches!(bench.state.overlay, Some(Overlay::List(_))));
    bench.keys("esc").type_text("a:b");
    assert_eq!(bench.state.composer.line.text(), "a:b");
    bench.keys("ctrl+x");
    assert!(matches!(bench.state.overlay, Some(Overlay::List(_))));
}

#[test]
fn an_undo_is_looked_at_asked_and_done() {
    let mut bench = commanded(120, 40, "undo 41");
    bench.keys("enter");
    let look = bench.last_request();
    let undo = |dry_run| {
        Request::Image(ImageRequest::Undo {
            tid: Some(41),
            dry_run,
        })
    };
    assert_eq!(look.request, undo(true));
    let undone = |tid| {
        Reply::Image(Box::new(ImageReply::Undone(UndoneView {
            undone: 41,
            tid,
            changed: vec!["Account".into()],
            diff: DiffView {
                from: 41,
                to: None,
                objects: vec![],
                facts: vec![],
            },
        })))
    };
    bench.reply(look.id, undone(None));
    insta::assert_snapshot!("undo_120x40", bench.screen());
    let before = bench.requests().len();
    bench.keys("enter");
    assert_eq!(bench.requests().len(), before, "no is marked at first");
    bench.keys(":").type_text("undo 41").keys("enter");
    let id = bench.last_request().id;
    bench.reply(id, undone(None)).keys("tab enter");
    let done = bench.last_request();
    assert_eq!(done.request, undo(false));
    bench.reply(done.id, undone(Some(42)));
    let notice = bench.state.notice.clone().unwrap().text;
    assert_eq!(notice, "transaction 41 is undone: Account");
}

#[test]
fn a_mission_is_cancelled_by_its_number_after_a_question() {
    let mut snapshot = full();
    snapshot
        .missions
        .push(mission(3, MissionState::Synthesizing));
    let mut bench = Bench::attached(80, 24, snapshot);
    bench.keys("esc :").type_text("cancel 3").keys("enter");
    let Some(Overlay::Question(question)) = &bench.state.overlay else {
        panic!("no question");
    };
    assert_eq!(question.deed, Deed::CancelMission(3));
    insta::assert_snapshot!("question_80x24", bench.screen());
    bench.keys("y");
    assert_eq!(
        bench.last_request().request,
        Request::CancelMission { id: 3 }
    );
}

#[test]
fn themes_are_tried_on_while_one_moves_and_put_back() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc t down");
    assert_eq!(bench.effects.last(), Some(&Effect::SetTheme("dark".into())));
    bench.keys("esc");
    assert_eq!(
        bench.effects.last(),
        Some(&Effect::SetTheme("ansi16".into()))
    );
    assert_eq!(bench.state.theme, "ansi16");
    bench.keys("t down enter");
    assert_eq!(bench.state.theme, "dark");
    bench.keys("t");
    insta::assert_snapshot!("themes_80x24", bench.screen());
    bench.keys("down up ctrl+c");
    assert_eq!(bench.state.theme, "dark");
}

#[test]
fn help_shows_only_what_is_searched_for() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("f1 /").type_text("candidate");
    let screen = bench.screen();
    assert!(screen.contains("the candidate judged before"), "{screen}");
    assert!(!screen.contains("paint the screen anew"), "{screen}");
    bench.keys("enter");
    insta::assert_snapshot!("help_search_80x24", bench.screen());
    bench.keys("esc");
    assert!(bench.screen().contains("Quitting leaves the kernel"));
    bench.keys("esc");
    assert_eq!(bench.state.overlay, None);
}

#[test]
fn the_inspector_shows_what_arrives_and_does_nothing() {
    let mut bench = commanded(80, 24, "keys");
    bench.keys("enter");
    bench.keys("x q ctrl+o n pageup");
    assert!(!bench.effects.contains(&Effect::Quit));
    insta::assert_snapshot!("keys_80x24", bench.screen());
    bench.keys("esc esc");
    assert_eq!(bench.state.overlay, None);
}
