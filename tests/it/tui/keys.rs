//! What keys do to the state, and what they ask for.

use super::support::*;
use batos::tui::keymap::{Context, Key, TABLE};
use batos::tui::state::composer::EXAMPLE;
use batos::tui::state::{Deed, Link, Overlay, Pane, Question};
use batos::tui::update::{Effect, Event};
use batos::wire::messages::*;

#[test]
fn every_key_name_in_the_table_can_be_read_and_none_is_bound_twice_in_one_context() {
    let mut seen: Vec<(Context, Key)> = Vec::new();
    for binding in TABLE {
        for name in binding.keys {
            let key = Key::parse(name).unwrap_or_else(|| panic!("{name}"));
            assert!(
                !seen.contains(&(binding.context, key)),
                "{name} twice in {:?}",
                binding.context
            );
            seen.push((binding.context, key));
        }
    }
}

fn understand(words: &str, selected: Option<&str>) -> Request {
    Request::Understand {
        words: words.into(),
        selected: selected.map(Into::into),
    }
}

/// Words in the composer, and what the translator makes of them.
fn understood(summary: &str, document: &str) -> Bench {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("put in 5").keys("enter");
    let id = bench.last_request().id;
    bench.reply(
        id,
        Reply::Understood(Understood {
            summary: summary.into(),
            document_json: document.into(),
            changes: true,
            prompt_tokens: 900,
            reused_tokens: 800,
            generated_tokens: 20,
            seconds: 1.5,
        }),
    );
    bench
}

const DEPOSIT: &str = "{\"intent\":\"send\",\"brief\":\"put in 5\"}";

#[test]
fn words_are_shown_as_understood_before_they_run() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("put in 5").keys("enter");
    assert_eq!(bench.last_request().request, understand("put in 5", None));
    assert!(bench.screen().contains("Being understood"));
    let mut bench = understood("send Account deposit [5]", DEPOSIT);
    let screen = bench.screen();
    assert!(
        screen.contains("Understood: send Account deposit [5]"),
        "{screen}"
    );
    assert!(screen.contains("Enter run it"), "{screen}");
    bench.keys("enter");
    assert_eq!(
        bench.last_request().request,
        Request::StartMission(MissionInput::Json(DEPOSIT.into()))
    );
    assert!(bench.effects.contains(&Effect::Remember("put in 5".into())));
}

#[test]
fn what_was_understood_can_be_edited_dropped_or_said_otherwise() {
    let mut bench = understood("send Account deposit [5]", DEPOSIT);
    bench.keys("e");
    assert_eq!(bench.state.composer.line.text(), DEPOSIT);
    bench.keys("enter");
    assert_eq!(
        bench.last_request().request,
        Request::StartMission(MissionInput::Json(DEPOSIT.into()))
    );
    let mut bench = understood("send Account deposit [5]", DEPOSIT);
    bench.keys("esc");
    assert!(!bench.screen().contains("Understood"));
    assert_eq!(bench.state.composer.line.text(), "put in 5");
    let mut bench = understood("send Account deposit [5]", DEPOSIT);
    bench.keys("0 enter");
    assert_eq!(bench.last_request().request, understand("put in 50", None));
}

#[test]
fn a_question_is_answered_without_another_enter() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("how are you").keys("enter");
    let id = bench.last_request().id;
    let document = "{\"intent\":\"chat\",\"brief\":\"how are you\"}";
    bench.reply(
        id,
        Reply::Understood(Understood {
            summary: "chat".into(),
            document_json: document.into(),
            changes: false,
            prompt_tokens: 0,
            reused_tokens: 0,
            generated_tokens: 0,
            seconds: 0.0,
        }),
    );
    assert_eq!(
        bench.last_request().request,
        Request::StartMission(MissionInput::Json(document.into()))
    );
}

#[test]
fn a_late_understanding_of_other_words_is_not_shown() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("put in 5").keys("enter");
    let id = bench.last_request().id;
    bench.keys("0");
    bench.reply(
        id,
        Reply::Understood(Understood {
            summary: "send Account deposit [5]".into(),
            document_json: DEPOSIT.into(),
            changes: true,
            prompt_tokens: 0,
            reused_tokens: 0,
            generated_tokens: 0,
            seconds: 0.0,
        }),
    );
    assert!(!bench.screen().contains("Understood"));
}

#[test]
fn the_chosen_object_is_what_it_means() {
    let mut bench = Bench::attached(80, 24, full());
    bench.type_text("show it").keys("enter");
    assert_eq!(bench.last_request().request, understand("show it", None));
    bench
        .keys("esc esc 2 down down i")
        .type_text("!")
        .keys("enter");
    assert_eq!(
        bench.last_request().request,
        understand("show it!", Some("Savings"))
    );
    bench.keys("enter");
    let unseen = MissionInput::WordsAbout {
        words: "show it!".into(),
        selected: "Savings".into(),
    };
    assert_eq!(bench.last_request().request, Request::StartMission(unseen));
}

#[test]
fn enter_twice_sends_the_brief_and_remembers_it() {
    let mut bench = Bench::attached(80, 24, empty());
    bench
        .type_text("teach Account to deposit")
        .keys("enter enter");
    assert_eq!(
        bench.last_request().request,
        Request::StartMission(MissionInput::Words("teach Account to deposit".into()))
    );
    assert!(
        bench
            .effects
            .contains(&Effect::Remember("teach Account to deposit".into()))
    );
    assert!(bench.state.composer.line.is_empty());
    bench.keys("up");
    assert_eq!(bench.state.composer.line.text(), "teach Account to deposit");
}

#[test]
fn a_json_document_is_sent_as_one() {
    let mut bench = Bench::attached(80, 24, empty());
    bench
        .event(Event::Paste("{\"intent\":\"teach\"}".into()))
        .keys("enter");
    let expected = MissionInput::Json("{\"intent\":\"teach\"}".into());
    assert_eq!(
        bench.last_request().request,
        Request::StartMission(expected)
    );
}

#[test]
fn a_refused_mission_comes_back_to_the_composer() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("nonsense").keys("enter enter");
    let id = bench.last_request().id;
    let failure = Failure {
        kind: FailureKind::Unavailable,
        message: "could not start the mission: safe mode".into(),
        hint: Some("run `batos up`".into()),
    };
    bench.event(Event::Kernel(Box::new(FromKernel::Failure { id, failure })));
    assert_eq!(bench.state.composer.line.text(), "nonsense");
    let notice = bench.state.notice.clone().unwrap().text;
    assert_eq!(
        notice,
        "could not start the mission: safe mode (hint: run `batos up`)"
    );
}

#[test]
fn nothing_is_sent_and_nothing_lost_while_the_kernel_is_away() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.event(Event::Away {
        tries: 1,
        reason: "gone".into(),
    });
    let before = bench.requests().len();
    bench.type_text("keep me").keys("enter");
    assert_eq!(bench.requests().len(), before);
    assert_eq!(bench.state.composer.line.text(), "keep me");
    bench.event(Event::Connected).keys("enter enter");
    assert_eq!(bench.state.link, Link::Up);
    let sent = Request::StartMission(MissionInput::Words("keep me".into()));
    assert_eq!(bench.last_request().request, sent);
}

#[test]
fn a_brief_without_an_answer_comes_back_when_the_kernel_goes() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("was it taken").keys("enter enter");
    bench.event(Event::Away {
        tries: 0,
        reason: "gone".into(),
    });
    assert_eq!(bench.state.composer.line.text(), "was it taken");
    assert!(
        bench
            .state
            .notice
            .clone()
            .unwrap()
            .text
            .contains("look in Missions")
    );
}

#[test]
fn the_composer_edits_as_a_shell_does() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("one two three").keys("ctrl+w");
    assert_eq!(bench.state.composer.line.text(), "one two ");
    bench.keys("ctrl+a").type_text(">");
    assert_eq!(bench.state.composer.line.text(), ">one two ");
    bench.keys("alt+f ctrl+k");
    assert_eq!(bench.state.composer.line.text(), ">one");
    bench.keys("ctrl+u ctrl+y ctrl+y");
    assert_eq!(bench.state.composer.line.text(), ">one>one");
    bench.keys("alt+b left").type_text("é").keys("backspace");
    assert_eq!(bench.state.composer.line.text(), ">one>one");
    bench.keys("ctrl+j").type_text("x");
    assert!(bench.state.composer.line.text().contains('\n'));
}

#[test]
fn up_moves_in_the_text_before_it_goes_to_the_history() {
    let mut bench = Bench::attached(80, 24, empty());
    bench
        .type_text("first")
        .keys("enter enter")
        .type_text("second")
        .keys("enter enter");
    bench
        .type_text("ab")
        .keys("ctrl+j")
        .type_text("cd")
        .keys("up");
    assert_eq!(bench.state.composer.line.cursor(), 2);
    bench.keys("up");
    assert_eq!(bench.state.composer.line.text(), "second");
    bench.keys("up up up");
    assert_eq!(bench.state.composer.line.text(), "first");
    bench.keys("down down");
    assert_eq!(bench.state.composer.line.text(), "ab\ncd");
}

#[test]
fn the_example_is_taken_by_moving_right() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.keys("right");
    assert_eq!(bench.state.composer.line.text(), EXAMPLE);
}

#[test]
fn a_large_paste_is_one_text_and_is_bounded() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.event(Event::Paste("line\r\n".repeat(100)));
    assert_eq!(bench.state.composer.line.text().matches('\n').count(), 100);
    assert!(!bench.state.composer.line.text().contains('\r'));
    bench.event(Event::Paste("é".repeat(1 << 20)));
    assert!(bench.state.composer.line.text().len() <= 256 * 1024);
    assert!(bench.state.notice.is_some());
    bench.screen();
}

#[test]
fn control_c_clears_then_asks_then_quits() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.type_text("words").keys("ctrl+c");
    assert!(bench.state.composer.line.is_empty());
    bench.keys("ctrl+c");
    assert!(!bench.effects.contains(&Effect::Quit));
    bench.keys("x ctrl+c ctrl+c");
    assert!(
        !bench.effects.contains(&Effect::Quit),
        "another key in between disarms it"
    );
    bench.keys("ctrl+c");
    assert_eq!(bench.effects.last(), Some(&Effect::Quit));
}

#[test]
fn q_is_a_letter_in_the_composer_and_quits_elsewhere() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.keys("q");
    assert_eq!(bench.state.composer.line.text(), "q");
    bench.keys("esc q");
    assert_eq!(bench.effects.last(), Some(&Effect::Quit));
}

#[test]
fn cancelling_asks_first_and_no_is_the_default() {
    let mut snapshot = full();
    snapshot
        .missions
        .push(mission(3, MissionState::Synthesizing));
    let mut bench = Bench::attached(120, 40, snapshot);
    bench.keys("esc 1 x");
    let asked = Some(Overlay::Question(Question::new(Deed::CancelMission(3))));
    assert_eq!(bench.state.overlay, asked);
    let before = bench.requests().len();
    bench.keys("enter");
    assert_eq!(
        (bench.state.overlay.clone(), bench.requests().len()),
        (None, before)
    );
    bench.keys("x y");
    assert_eq!(
        bench.last_request().request,
        Request::CancelMission { id: 3 }
    );
    bench.keys("down x");
    assert!(
        bench
            .state
            .notice
            .clone()
            .unwrap()
            .text
            .contains("has ended already")
    );
}

#[test]
fn numbers_and_tab_go_to_panes_and_ask_for_what_they_show() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc 5");
    assert_eq!(bench.state.focus, Pane::Object);
    assert_eq!(
        bench.last_request().request,
        Request::ShowObject {
            name: "Object".into()
        }
    );
    bench.keys("2 down enter");
    assert_eq!(
        bench.last_request().request,
        Request::ShowObject {
            name: "Account".into()
        }
    );
    bench.keys("4");
    assert_eq!(bench.last_request().request, Request::ShowMission { id: 2 });
    bench.keys("tab tab tab tab tab tab tab");
    assert_eq!(bench.state.focus, Pane::Composer);
    bench.keys("backtab");
    assert_eq!(bench.state.focus, Pane::System);
}

#[test]
fn a_message_can_be_sent_to_the_chosen_object() {
    let mut bench = Bench::attached(120, 40, full());
    bench.keys("esc 2 down s").type_text("2.5").keys("enter");
    let request = bench.last_request();
    let expected = Request::Send {
        object: "Account".into(),
        selector: "deposit".into(),
        args_json: "[2.5]".into(),
    };
    assert_eq!(request.request, expected);
    let outcome = SendOutcome {
        returns_json: Some("{\"Ok\":15.0}".into()),
        is_err: false,
        error: None,
        mission: None,
        place: None,
    };
    bench.reply(request.id, Reply::Sent(outcome));
    assert_eq!(
        bench.state.notice.clone().unwrap().text,
        "Account deposit [2.5] → {\"Ok\":15.0}"
    );
}

#[test]
fn the_theme_key_goes_round() {
    let mut bench = Bench::attached(80, 24, empty());
    bench.keys("ctrl+t");
    assert_eq!(bench.effects.last(), Some(&Effect::SetTheme("dark".into())));
    bench.keys("ctrl+t");
    assert_eq!(
        bench.effects.last(),
        Some(&Effect::SetTheme("ansi16".into()))
    );
}
