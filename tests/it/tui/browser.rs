//! The image browser: orders of the list, an object with what it says of its methods, its past, and undo from there.

use super::support::*;
use batos::tui::state::objects::Order;
use batos::tui::state::{Asked, Overlay, Pane};
use batos::wire::image::{
    DiffView, ImageReply, ImageRequest, MethodDiffView, ObjectDiffView, SlotDiffView,
    TransactionView, TypedValue, UndoneView,
};
use batos::wire::messages::{Failure, FailureKind, FromKernel, MethodView, Reply, Request};

pub fn versions() -> Vec<TransactionView> {
    let version = |tid: u64, author: &str, line: &str| TransactionView {
        tid,
        time_ms: NOW + tid * 60_000,
        author: author.into(),
        changed: vec!["Account".into()],
        lines: vec![line.into()],
        tags: vec![],
    };
    vec![
        version(41, "person", "send Account deposit"),
        version(30, "mission 2", "mission 2: VALIDATING -> COMPLETE"),
        version(12, "person", "object Account made"),
    ]
}

pub fn difference() -> DiffView {
    let typed = |value: &str| {
        Some(TypedValue {
            rust_type: "f64".into(),
            value_json: value.into(),
        })
    };
    DiffView {
        from: 29,
        to: Some(30),
        objects: vec![ObjectDiffView {
            name: "Account".into(),
            change: "changed".into(),
            renamed_from: None,
            parent: None,
            slots: vec![SlotDiffView {
                name: "balance".into(),
                before: typed("1.0"),
                after: typed("3.5"),
            }],
            methods: vec![MethodDiffView {
                selector: "deposit".into(),
                before: Some(REFUSED.into()),
                after: Some(
                    REFUSED.replace("        Ok", "        self.mark_changed();\n        Ok"),
                ),
            }],
        }],
        facts: vec![],
    }
}

/// With the past of Account open, and its newest version compared.
pub fn past(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    bench.keys("esc 2");
    bench.state.objects.select("Account");
    bench.keys("H");
    let id = bench.last_request().id;
    bench.reply(id, Reply::Image(Box::new(ImageReply::History(versions()))));
    let id = bench.last_request().id;
    bench.reply(id, Reply::Image(Box::new(ImageReply::Diff(difference()))));
    bench
}

fn listed(bench: &Bench) -> Vec<String> {
    let objects = &bench.state.objects;
    let name = |entry: &batos::tui::state::objects::Entry| {
        let object = objects.of(entry).map(|one| one.name.clone());
        let method = objects.method_of(entry).map(|name| format!(".{name}"));
        format!(
            "{}{}",
            object.unwrap_or_else(|| "-".into()),
            method.unwrap_or_default()
        )
    };
    objects.rows().iter().map(name).collect()
}

#[test]
fn a_key_orders_the_list_another_way_and_what_is_chosen_stays() {
    let mut bench = Bench::attached(120, 40, full());
    bench.keys("esc 2");
    bench.state.objects.select("Savings");
    assert_eq!(listed(&bench), ["Object", "Account", "Savings"]);
    bench.keys("o");
    assert_eq!(listed(&bench), ["Account", "Object", "Savings"]);
    bench.keys("o");
    assert_eq!(bench.state.objects.order(), Order::Mission);
    assert_eq!(
        listed(&bench),
        [
            "-",
            "Account.deposit",
            "Account.withdraw",
            "-",
            "Object",
            "Savings"
        ]
    );
    assert_eq!(bench.state.objects.selected(), Some("Savings"));
    // Headings are passed over, and a method is what is gone to.
    bench.keys("up up");
    assert_eq!(bench.state.objects.selected_row(), Some(2));
    assert_eq!(bench.state.objects.goal.as_deref(), Some("withdraw"));
    bench.keys(": o r d e r space n a m e enter");
    assert_eq!(bench.state.objects.order(), Order::Name);
}

#[test]
fn an_object_tells_the_checks_and_the_mission_of_each_method() {
    let mut bench = Bench::attached(160, 50, full());
    bench.keys("esc 2 down enter");
    let id = bench.last_request().id;
    let mut object = account();
    object.methods.push(MethodView {
        selector: "withdraw".into(),
        signature: "fn withdraw(&mut self, amount: f64) -> f64".into(),
        source: "impl Account {\n    /// Takes an amount out.\n    pub fn withdraw(&mut self, amount: f64) -> f64 {\n        amount\n    }\n}".into(),
        self_checked: false,
        checks_json: "not JSON".into(),
        author: "person".into(),
        ..object.methods[0].clone()
    });
    bench.reply(id, Reply::Object(Box::new(object)));
    let screen = bench.screen();
    for text in [
        "✓ deposit(2.0) → {\"Ok\":3.0}  from balance 1.0  then balance 3.0",
        "✓ deposit(-1.0) → Err",
        "passed checks that personas wrote",
        "12 calls · 1 failure · by BRICK · mission 2",
        "withdraw(&mut self, amount: f64) -> f64  Takes an amount out.",
    ] {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
    bench.keys("m");
    assert_eq!(bench.state.focus, Pane::Mission);
    assert_eq!(bench.state.missions.selected().unwrap().id, 2);
}

#[test]
fn the_past_is_asked_for_once_and_each_version_compared_with_the_one_before() {
    let mut bench = past(120, 40);
    let moments = |bench: &Bench| match bench.last_request().request {
        Request::Image(ImageRequest::Diff { from, to, object }) => {
            assert_eq!(object.as_deref(), Some("Account"));
            (from, to)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(moments(&bench), ("40".into(), "41".into()));
    bench.keys("down");
    assert_eq!(moments(&bench), ("29".into(), "30".into()));
    // Nothing more is asked before that is answered; then what is wanted by then.
    let asked = bench.last_request();
    bench.keys("down");
    assert_eq!(bench.last_request(), asked);
    bench.reply(
        asked.id,
        Reply::Image(Box::new(ImageReply::Diff(difference()))),
    );
    assert_eq!(moments(&bench), ("11".into(), "12".into()));
    let id = bench.last_request().id;
    let failure = Failure {
        kind: FailureKind::Invalid,
        message: "transaction 11 was packed away".into(),
        hint: None,
    };
    bench.event(batos::tui::update::Event::Kernel(Box::new(
        FromKernel::Failure { id, failure },
    )));
    assert!(
        bench
            .screen()
            .contains("cannot be shown: transaction 11 was packed away")
    );
    bench.keys("d");
    assert_eq!(moments(&bench), ("12".into(), "newest".into()));
    bench.keys("m");
    match bench.last_request().request {
        Request::Image(ImageRequest::History { object, method, .. }) => {
            assert_eq!(object.as_deref(), Some("Account"));
            assert_eq!(method.as_deref(), Some("deposit"));
        }
        other => panic!("{other:?}"),
    }
    bench.keys("esc");
    assert!(bench.state.objects.past.is_none());
    assert_eq!(bench.state.focus, Pane::Object);
}

#[test]
fn undo_from_the_past_takes_the_chosen_version_and_shows_what_it_would_change() {
    let mut bench = past(80, 24);
    bench.keys("down u");
    let request = bench.last_request();
    assert_eq!(
        request.request,
        Request::Image(ImageRequest::Undo {
            tid: Some(30),
            dry_run: true
        })
    );
    let undone = UndoneView {
        undone: 30,
        tid: None,
        changed: vec!["Account".into()],
        diff: difference(),
    };
    bench.reply(
        request.id,
        Reply::Image(Box::new(ImageReply::Undone(undone))),
    );
    let screen = bench.screen();
    insta::assert_snapshot!("undo_from_the_past_80x24", screen);
    bench.keys("down down pagedown");
    let Some(Overlay::Question(question)) = &bench.state.overlay else {
        panic!("no question");
    };
    assert!(!question.yes);
    bench.keys("enter");
    assert!(bench.state.overlay.is_none());
    let looks = |asked: &Asked| matches!(asked, Asked::Deed(_));
    assert!(
        !bench.state.asked.values().any(looks),
        "no is marked at first"
    );
}
