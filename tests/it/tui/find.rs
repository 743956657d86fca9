//! Finding things by a few letters, going there, and going back.

use super::support::*;
use batos::tui::state::{Overlay, Pane};
use batos::wire::knowledge::{DocumentView, KnowledgeReply, KnowledgeRequest};
use batos::wire::messages::*;

fn document(kind: &str, name: &str) -> DocumentView {
    DocumentView {
        kind: kind.into(),
        name: name.into(),
        format: "markdown".into(),
        bytes: 12,
        chunks: 1,
        start: "Fees of an account".into(),
    }
}

/// With what the kernel knows.
fn finding(columns: u16, rows: u16, text: &str) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    bench.keys("ctrl+o");
    let asked = bench.last_request();
    assert_eq!(asked.request, Request::Knowledge(KnowledgeRequest::List));
    bench.type_text(text);
    let known = vec![document("document", "fees.md"), document("fact", "fact/7")];
    bench.reply(asked.id, Reply::Knowledge(KnowledgeReply::Documents(known)));
    bench
}

#[test]
fn the_list_at_every_size() {
    for (columns, rows) in [(80, 24), (120, 40), (40, 12)] {
        let screen = finding(columns, rows, "dep").screen();
        insta::assert_snapshot!(format!("find_{columns}x{rows}"), screen);
    }
}

#[test]
fn a_method_is_gone_to_and_back_is_one_key() {
    let mut bench = finding(80, 24, "acdep");
    bench.keys("enter");
    assert_eq!(bench.state.focus, Pane::Object);
    assert_eq!(bench.state.objects.selected(), Some("Account"));
    let id = bench.last_request().id;
    let mut object = account();
    for at in 0..30 {
        object.slots.push(SlotView {
            name: format!("slot{at}"),
            ..object.slots[0].clone()
        });
    }
    bench.reply(id, Reply::Object(Box::new(object)));
    let screen = bench.screen();
    assert!(screen.contains("self-checked"), "{screen}");
    assert!(!screen.contains("slot3 "), "{screen}");
    bench.keys("b");
    assert_eq!(bench.state.focus, Pane::Composer);
    assert_eq!(bench.state.objects.selected(), Some("Object"));
    bench.keys("esc B");
    assert_eq!(bench.state.focus, Pane::Object);
}

#[test]
fn missions_and_objects_are_gone_to() {
    let mut bench = finding(80, 24, "#2 acc");
    bench.keys("enter");
    assert_eq!(bench.state.focus, Pane::Mission);
    assert_eq!(bench.last_request().request, Request::ShowMission { id: 2 });
    bench.keys("ctrl+o").type_text("savin").keys("enter b");
    assert_eq!(bench.state.focus, Pane::Mission);
}

#[test]
fn what_is_known_is_opened_as_text() {
    let mut bench = finding(80, 24, "fees");
    bench.keys("enter");
    let asked = bench.last_request();
    let show = KnowledgeRequest::Show {
        name: "fees.md".into(),
    };
    assert_eq!(asked.request, Request::Knowledge(show));
    let text = KnowledgeReply::Text {
        name: "fees.md".into(),
        text: format!(
            "# Fees\n\u{1b}]0;x\u{7}{}",
            "A line of the fees.\n".repeat(40)
        ),
    };
    bench.reply(asked.id, Reply::Knowledge(text));
    insta::assert_snapshot!("known_text_80x24", bench.screen());
    bench.keys("G");
    assert!(!bench.screen().contains("more below"));
    bench.keys("q");
    assert_eq!(bench.state.overlay, None);
}

#[test]
fn nothing_like_it_is_said() {
    let mut bench = finding(80, 24, "zzz");
    assert!(bench.screen().contains("nothing fits"));
    bench.keys("enter");
    let notice = bench.state.notice.clone().unwrap().text;
    assert_eq!(notice, "there is nothing like \"zzz\"");
    assert!(!matches!(bench.state.overlay, Some(Overlay::List(_))));
}
