//! The System pane: what it tells, how often it is asked for, and what can be done from it.

use super::support::*;
use batos::tui::state::Deed;
use batos::tui::update::{Effect, Event};
use batos::wire::messages::{LogLevel, Reply, Request};
use batos::wire::system::{Found, ImageUse, ProfileView, SystemView, WatchedView};

pub fn view() -> SystemView {
    let profile = |name: &str, gib: u64, too_large: bool, missing: &[&str]| ProfileView {
        name: name.into(),
        description: "models for it".into(),
        bytes: gib << 30,
        needs: gib << 30,
        may_need_more: name == "gpu24",
        gpu_mib: name.starts_with("gpu").then_some(22_000),
        too_large,
        missing: missing.iter().map(|one| (*one).into()).collect(),
    };
    let watched = |level, text: &str| WatchedView {
        time_ms: NOW - 60_000,
        level,
        text: text.into(),
    };
    SystemView {
        watchdog: Some(4700),
        watched: vec![
            watched(LogLevel::Info, "watchdog 4700 is at work"),
            watched(
                LogLevel::Error,
                "kernel 4705 ended: killed by signal 9 (SIGKILL)",
            ),
            watched(LogLevel::Info, "kernel 4711 started"),
        ],
        kernel_bytes: Some(61 << 20),
        engine_bytes: Some(1_300 << 20),
        engine_starts: 2,
        replaced: false,
        processors: 2,
        image: ImageUse {
            folder: "/home/ana/.local/share/batos/live_image".into(),
            log: 48_000,
            store: 3_400_000,
            blobs: 260_000,
            free: Some(41 << 30),
        },
        compiler: Found {
            text: "rustc 1.95.0 at /usr/bin/rustc".into(),
            remedy: None,
        },
        confinement: Found {
            text: "Landlock, a network namespace and limits".into(),
            remedy: None,
        },
        profiles: vec![
            profile("small", 2, false, &[]),
            profile("gpu24", 12, true, &["coder.gguf", "chat.gguf"]),
            profile("tiny", 1, false, &["smol.gguf"]),
        ],
        profile_by_machine: true,
    }
}

/// In the pane, with what the kernel has said last.
pub fn looking(columns: u16, rows: u16, view: SystemView) -> Bench {
    let mut bench = Bench::attached(columns, rows, full());
    bench.keys("esc 0");
    let id = bench.last_request().id;
    bench.reply(id, Reply::System(Box::new(view)));
    bench
}

#[test]
fn it_is_asked_for_every_two_seconds_while_it_is_shown() {
    let mut bench = looking(120, 40, view());
    let asked = |bench: &Bench| {
        let requests = bench.requests();
        requests
            .iter()
            .filter(|one| one.request == Request::System)
            .count()
    };
    assert_eq!(asked(&bench), 1);
    assert!(bench.state.wants_ticks());
    bench.event(Event::Clock(NOW + 1_000));
    assert_eq!(asked(&bench), 1);
    bench.event(Event::Clock(NOW + 2_000));
    bench.event(Event::Clock(NOW + 6_000));
    assert_eq!(asked(&bench), 2, "never twice at once");
    bench.keys("1 4").event(Event::Clock(NOW + 20_000));
    assert_eq!(asked(&bench), 2);
}

#[test]
fn what_is_wrong_is_said_with_its_remedy() {
    let mut wrong = view();
    wrong.watchdog = None;
    wrong.replaced = true;
    wrong.compiler = Found {
        text: "no rustc here has the target".into(),
        remedy: Some("rustup target add wasm32-unknown-unknown".into()),
    };
    wrong.image.free = Some(300 << 20);
    let screen = looking(120, 50, wrong).screen();
    for text in [
        "nobody watches over the kernel; `batos up` starts a watchdog again",
        "the program's file was replaced since this kernel started",
        "no rustc here has the target; rustup target add wasm32-unknown-unknown",
        "300 MiB",
        "✗ kernel 4705 ended: killed by signal 9 (SIGKILL)",
    ] {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
}

#[test]
fn stopping_is_asked_and_no_is_marked() {
    let mut bench = looking(80, 24, view());
    bench.keys("x enter");
    assert!(
        bench
            .requests()
            .iter()
            .all(|one| one.request != Request::Stop)
    );
    assert!(bench.screen().contains("the system goes on"));
    bench.keys("x y");
    assert_eq!(bench.last_request().request, Request::Stop);
}

#[test]
fn a_profile_is_chosen_from_those_there_are_with_reasons() {
    let mut bench = looking(100, 30, view());
    bench.keys("p");
    let screen = bench.screen();
    assert!(screen.contains("more than this machine has"), "{screen}");
    bench.type_text("tiny").keys("enter");
    let Some(batos::tui::state::Overlay::Question(question)) = &bench.state.overlay else {
        panic!("no question: {}", bench.screen());
    };
    assert!(matches!(&question.deed, Deed::Profile { name, .. } if name == "tiny"));
    bench.keys("y");
    let last = bench.effects.last().unwrap().clone();
    assert_eq!(last, Effect::ChooseProfile("tiny".into()));
    bench.keys("esc : p r o f i l e space s m a l l e r enter");
    assert!(bench.screen().contains("there is nothing like"));
}
