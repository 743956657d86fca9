//! Candidates beside each other, texts in one's own editor, and a workbench that only looks on.

use super::support::*;
use batos::tui::editor;
use batos::tui::state::{Editing, Overlay};
use batos::tui::update::{Effect, Event};
use batos::wire::image::{ImageReply, ImageRequest};
use batos::wire::messages::{self as wire, MissionInput, MissionState, Reply, Request};
use batos::wire::upkeep::{Before, PackedView, UpkeepReply, UpkeepRequest};

/// A round of three candidates, of which the last is accepted.
fn judged(columns: u16, rows: u16) -> Bench {
    let mut snapshot = full();
    snapshot
        .missions
        .insert(0, mission(3, MissionState::Validating));
    let mut bench = Bench::attached(columns, rows, snapshot);
    for at in 0..3 {
        let wire::Event::Verdict {
            source,
            diagnostics,
            ..
        } = verdict()
        else {
            panic!("no verdict");
        };
        bench.kernel(wire::Event::Verdict {
            mission: 3,
            candidate: at,
            accepted: at == 2,
            source,
            diagnostics: if at == 2 { vec![] } else { diagnostics },
        });
    }
    bench.state.missions.select(3);
    bench.keys("esc 4");
    bench
}

#[test]
fn candidates_stand_beside_each_other_where_there_is_room() {
    for (columns, rows) in [(80, 24), (120, 40), (40, 12), (180, 40)] {
        let mut bench = judged(columns, rows);
        if columns == 120 {
            bench.keys("z");
        }
        insta::assert_snapshot!(format!("candidates_{columns}x{rows}"), bench.screen());
    }
}

fn edit_of(bench: &Bench) -> (Editing, String) {
    match bench.effects.last() {
        Some(Effect::Edit { what, text }) => (what.clone(), text.clone()),
        other => panic!("{other:?}"),
    }
}

fn edited(bench: &mut Bench, result: Result<&str, &str>) {
    let (what, before) = edit_of(bench);
    bench.event(Event::Edited {
        what,
        before,
        result: result.map(Into::into).map_err(Into::into),
    });
}

#[test]
fn a_brief_goes_to_the_editor_and_comes_back() {
    let mut bench = Bench::attached(80, 24, full());
    bench.type_text("teach").keys("ctrl+g");
    assert_eq!(edit_of(&bench), (Editing::Brief, "teach".into()));
    edited(&mut bench, Ok("teach Account\nto deposit\n"));
    assert_eq!(
        bench.state.composer.line.text(),
        "teach Account\nto deposit"
    );
    bench.keys("ctrl+g");
    edited(&mut bench, Err("the editor did not end well"));
    assert_eq!(
        bench.state.composer.line.text(),
        "teach Account\nto deposit"
    );
}

#[test]
fn a_method_edited_by_hand_is_a_mission_with_that_source_only() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc 2 down enter");
    let id = bench.last_request().id;
    bench.reply(id, Reply::Object(Box::new(account())));
    bench.keys("E");
    let (what, text) = edit_of(&bench);
    assert_eq!(
        what,
        Editing::Method {
            object: "Account".into(),
            selector: "deposit".into()
        }
    );
    let before = bench.requests().len();
    edited(&mut bench, Ok(&text));
    assert_eq!(bench.requests().len(), before, "nothing was changed");
    bench.keys("E");
    edited(&mut bench, Ok("impl Account { }"));
    let Request::StartMission(MissionInput::Json(document)) = bench.last_request().request else {
        panic!("no mission");
    };
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["source"], "impl Account { }");
    assert_eq!(document["object"], "Account");
}

#[test]
fn a_refused_candidate_is_mended_by_hand() {
    let mut bench = judged(120, 40);
    bench.keys("E");
    let (_, text) = edit_of(&bench);
    assert_eq!(text, REFUSED);
}

#[test]
fn the_editor_gets_a_file_and_its_text_is_read_back() {
    let edited = editor::edit("sed -i s/one/two/", "one\n", ".md").unwrap();
    assert_eq!(edited, "two\n");
    let trouble = editor::edit("false", "one", ".md").unwrap_err();
    assert!(trouble.contains("nothing was changed"), "{trouble}");
    let trouble = editor::edit("/nonexistent/editor", "one", ".md").unwrap_err();
    assert!(trouble.contains("did not end well"), "{trouble}");
}

#[test]
fn who_only_looks_on_tells_the_kernel_first_and_changes_nothing() {
    let mut bench = Bench::new(80, 24);
    bench.state.read_only = true;
    bench.event(Event::Connected);
    let asked: Vec<Request> = bench
        .requests()
        .into_iter()
        .map(|one| one.request)
        .collect();
    assert_eq!(asked.first(), Some(&Request::ReadOnly));
    let id = bench.requests().last().unwrap().id;
    let mut snapshot = full();
    snapshot
        .missions
        .push(mission(3, MissionState::Synthesizing));
    bench.reply(id, Reply::Snapshot(Box::new(snapshot)));
    let before = bench.requests().len();
    bench.type_text("teach").keys("enter");
    assert_eq!(bench.state.composer.line.text(), "teach");
    bench.keys("esc 1 x y p");
    assert_eq!(bench.requests().len(), before);
    assert!(
        bench
            .state
            .notice
            .clone()
            .unwrap()
            .text
            .starts_with("read-only")
    );
    assert!(bench.screen().contains("read-only"));
}

#[test]
fn what_has_no_way_back_takes_a_word() {
    let mut bench = Bench::attached(80, 24, full());
    bench.keys("esc :").type_text("pack 30").keys("enter");
    let look = bench.last_request();
    let pack = |dry_run| {
        Request::Image(ImageRequest::Upkeep(UpkeepRequest::Pack {
            before: Before::Moment("30".into()),
            keep_unreachable: false,
            dry_run,
        }))
    };
    assert_eq!(look.request, pack(true));
    let packed = PackedView {
        dry_run: true,
        horizon: 30,
        horizon_before: 0,
        pinned: vec![],
        transactions: 29,
        objects: 0,
        versions: 12,
        versions_left: 4,
        blobs: 1,
        blob_bytes: 10,
        record_bytes: 10,
        bytes_before: 100,
        bytes_after: 50,
        slowest_commit_us: 1,
    };
    let reply = || {
        Reply::Image(Box::new(ImageReply::Upkeep(UpkeepReply::Packed(
            packed.clone(),
        ))))
    };
    bench.reply(look.id, reply());
    insta::assert_snapshot!("pack_80x24", bench.screen());
    let before = bench.requests().len();
    bench.keys("y enter");
    assert_eq!(
        bench.requests().len(),
        before,
        "neither y nor Enter is enough"
    );
    assert!(matches!(bench.state.overlay, Some(Overlay::Question(_))));
    bench.keys("ctrl+u").type_text("pack").keys("enter");
    let done = bench.last_request();
    assert_eq!(done.request, pack(false));
    bench.reply(done.id, reply());
    assert!(
        bench
            .state
            .notice
            .clone()
            .unwrap()
            .text
            .starts_with("dropped 29 transactions")
    );
}
