//! The knowledge view: what is listed, searched, looked into, added and forgotten.

use super::support::*;
use batos::tui::state::{Overlay, Pane};
use batos::tui::update::{Effect, Event};
use batos::wire::image::ImageRequest;
use batos::wire::knowledge::*;
use batos::wire::messages::{Reply, Request};

fn documents() -> Vec<DocumentView> {
    let one = |kind: &str, name: &str, chunks: u32, start: &str| DocumentView {
        kind: kind.into(),
        name: name.into(),
        format: if kind == "fact" { "text" } else { "markdown" }.into(),
        bytes: 5_564,
        chunks,
        start: start.into(),
    };
    vec![
        one("document", "/home/ana/fees.md", 3, "# Fees"),
        one(
            "document",
            "/home/ana/notes.txt",
            1,
            "Ask Ben about the card.",
        ),
        one(
            "fact",
            "fact/00000007",
            1,
            "Savings earn two percent a year.",
        ),
    ]
}

fn looked() -> LookedView {
    let chunk = |heading: &str, line: u32, text: &str| ChunkView {
        heading: heading.into(),
        line,
        text: text.into(),
    };
    LookedView {
        name: "/home/ana/fees.md".into(),
        chunks: vec![
            chunk(
                "Fees",
                1,
                "# Fees\nWithdrawals cost nothing up to three a month.\nAfter that each costs 0.50.",
            ),
            chunk(
                "Fees > Abroad",
                5,
                "## Abroad\nA withdrawal abroad costs one percent, at least 2.00.",
            ),
            chunk(
                "Interest",
                8,
                "# Interest\nSavings earn two percent a year, paid in December.",
            ),
        ],
        uses: vec![UseView {
            mission: 2,
            brief: "teach Account to withdraw with the fee that the bank takes".into(),
            headings: vec!["Fees".into(), "Fees > Abroad".into()],
        }],
    }
}

fn hit(kind: &str, name: &str, heading: &str, line: u32, text: &str) -> HitView {
    HitView {
        kind: kind.into(),
        name: name.into(),
        heading: heading.into(),
        line,
        text: text.into(),
        score: 0.03,
        words: 4.2,
        share: 0.8,
        cosine: Some(0.41),
    }
}

/// In the view, with all that is known and the first document looked into.
pub fn looking(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    bench.keys("esc 9");
    let id = bench.last_request().id;
    bench.reply(id, Reply::Knowledge(KnowledgeReply::Documents(documents())));
    let id = bench.last_request().id;
    bench.reply(id, Reply::Knowledge(KnowledgeReply::Looked(looked())));
    bench
}

fn last(bench: &Bench) -> KnowledgeRequest {
    match bench.last_request().request {
        Request::Knowledge(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_chosen_is_looked_into_one_at_a_time() {
    let mut bench = looking(120, 40);
    assert_eq!(
        last(&bench),
        KnowledgeRequest::Look {
            name: "/home/ana/fees.md".into()
        }
    );
    bench.keys("down");
    let asked = bench.last_request();
    bench.keys("down");
    assert_eq!(bench.last_request(), asked, "one is asked for already");
    let notes = LookedView {
        name: "/home/ana/notes.txt".into(),
        ..looked()
    };
    bench.reply(asked.id, Reply::Knowledge(KnowledgeReply::Looked(notes)));
    assert_eq!(
        last(&bench),
        KnowledgeRequest::Look {
            name: "fact/00000007".into()
        }
    );
}

#[test]
fn a_search_shows_the_part_that_was_found_and_esc_drops_it() {
    let mut bench = looking(80, 24);
    bench.keys("/").type_text("abroad").keys("enter");
    let asked = bench.last_request();
    assert!(matches!(last(&bench), KnowledgeRequest::Search { query, .. } if query == "abroad"));
    let found = FoundView {
        hits: vec![
            hit(
                "document",
                "/home/ana/fees.md",
                "Fees > Abroad",
                5,
                "A withdrawal abroad",
            ),
            hit(
                "method",
                "Account.withdraw",
                "fn withdraw(&mut self)",
                0,
                "impl Account {}",
            ),
            hit("lesson", "Account.withdraw", "", 0, "refused: unknown slot"),
        ],
        model: Some("all-minilm".into()),
        note: None,
    };
    bench.reply(asked.id, Reply::Knowledge(KnowledgeReply::Found(found)));
    let screen = bench.screen();
    assert!(screen.contains("line 5  Fees > Abroad"), "{screen}");
    assert!(screen.contains("\"abroad\": 3 hits"), "{screen}");
    bench.keys("down enter");
    assert_eq!(bench.state.focus, Pane::Object, "a method is gone to");
    assert_eq!(bench.state.objects.selected(), Some("Account"));
    bench.keys("b esc");
    assert!(bench.state.knowledge.found.is_none());
    assert_eq!(bench.state.focus, Pane::Knowledge);
    bench.keys("esc");
    assert_eq!(bench.state.focus, Pane::Composer);
}

#[test]
fn a_document_is_read_outside_and_sent_and_the_next_after_it() {
    let mut bench = looking(80, 24);
    bench.keys("a").type_text("~/papers").keys("enter");
    let read = bench.effects.last().unwrap().clone();
    assert_eq!(read, Effect::ReadDocuments("~/papers".into()));
    let add = |name: &str| KnowledgeRequest::Add {
        name: name.into(),
        format: "text".into(),
        text: "words".into(),
    };
    bench.event(Event::Document(Ok(add("a"))));
    let asked = bench.last_request();
    bench.event(Event::Document(Ok(add("b"))));
    bench.event(Event::Document(Err("no text: scan.pdf".into())));
    assert!(bench.screen().contains("no text: scan.pdf"));
    assert_eq!(asked.request, Request::Knowledge(add("a")));
    assert_eq!(bench.last_request(), asked, "one after another");
    let added = KnowledgeReply::Added {
        document: documents().remove(1),
        change: AddedChange::Added,
        tid: 50,
    };
    bench.reply(asked.id, Reply::Knowledge(added));
    let requests = bench.requests();
    assert!(
        requests
            .iter()
            .any(|one| one.request == Request::Knowledge(add("b")))
    );
}

#[test]
fn what_was_forgotten_can_be_taken_back() {
    let mut bench = looking(80, 24);
    bench.keys("x");
    let asked = bench.last_request();
    let name = "/home/ana/fees.md".to_owned();
    assert_eq!(
        last(&bench),
        KnowledgeRequest::Remove { name: name.clone() }
    );
    let removed = KnowledgeReply::Removed { name, tid: 51 };
    bench.reply(asked.id, Reply::Knowledge(removed));
    assert!(bench.screen().contains("u takes that back"));
    bench.keys("u");
    assert_eq!(
        bench.last_request().request,
        Request::Image(ImageRequest::Undo {
            tid: Some(51),
            dry_run: true
        })
    );
}

#[test]
fn from_a_document_to_its_whole_text_and_to_the_mission_that_used_it() {
    let mut bench = looking(80, 24);
    bench.keys("enter");
    let asked = bench.last_request();
    let text = KnowledgeReply::Text {
        name: "fees.md".into(),
        text: "the whole".into(),
    };
    bench.reply(asked.id, Reply::Knowledge(text));
    assert!(matches!(bench.state.overlay, Some(Overlay::Reader(_))));
    bench.keys("esc ] ]");
    assert!(bench.screen().contains("Savings earn two percent"));
    bench.keys("m");
    assert_eq!(bench.state.focus, Pane::Mission);
}
