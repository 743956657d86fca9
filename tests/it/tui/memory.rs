//! The Memory pane: asked for each second while it is shown, and drawn within every size.

use super::support::*;
use batos::tui::update::Event;
use batos::wire::memory::{Gpu, Gpus, MainMemory, MemoryView, ModelView, Spoke, Swap, SwapKind};
use batos::wire::messages::{EngineStatus, PersonaView, Reply, Request, ResidentModel, Snapshot};

fn persona(name: &str, title: &str, model: &str, write_rate: Option<f64>) -> PersonaView {
    PersonaView {
        name: name.into(),
        title: title.into(),
        model: model.into(),
        file: format!("{model}.gguf"),
        resident: model == "coder",
        spoke: write_rate.map(|write_rate| Spoke {
            time_ms: NOW - 13_000,
            read: 250,
            written: 50,
            read_rate: 900.0,
            write_rate,
        }),
    }
}

fn card() -> Gpu {
    Gpu {
        name: "NVIDIA H100 80GB HBM3".into(),
        memory_total: Some(85_520_809_984),
        memory_used: Some(9_900_000_000),
        busy_percent: Some(34),
        celsius: Some(41),
        milliwatts: Some(120_400),
        most_milliwatts: Some(700_000),
        compute_mode: Some("default".into()),
    }
}

pub fn view() -> MemoryView {
    let coder = ResidentModel {
        name: "coder".into(),
        file: "coder.gguf".into(),
        bytes: 9_700_000_000,
        gpu_bytes: 9_100_000_000,
        load_seconds: 3.21,
        gpu_layers: 40,
        layers: 49,
        context: 16_384,
        since_ms: NOW - 185_000,
    };
    MemoryView {
        personas: vec![
            persona("ALFRED", "System Steward", "coder", Some(45.12)),
            persona("BRICK", "Deconstruction Engine", "coder", Some(47.0)),
            persona("ROBIN", "Embodied Heart", "coder", None),
            persona("BABS", "Knowledge Weaver", "coder", Some(0.0)),
            persona("translator", "Translator", "translator", None),
        ],
        models: vec![
            ModelView {
                name: "coder".into(),
                file: "qwen2.5-coder-14b-instruct-q4_k_m.gguf".into(),
                file_bytes: Some(8_988_110_976),
                resident: Some(coder),
            },
            ModelView {
                name: "translator".into(),
                file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf".into(),
                file_bytes: Some(1_117_320_768),
                resident: None,
            },
        ],
        main: Some(MainMemory {
            total: 137_438_953_472,
            available: 99_999_999_999,
        }),
        gpus: Gpus {
            driver: Some("580.159.04".into()),
            cards: vec![card()],
            missing: None,
        },
        swaps: vec![
            Swap {
                time_ms: NOW - 185_000,
                model: "coder".into(),
                what: SwapKind::Loaded { seconds: 3.21 },
            },
            Swap {
                time_ms: NOW - 189_000,
                model: "coder".into(),
                what: SwapKind::Left("the engine ended (signal: 9 (SIGKILL))".into()),
            },
        ],
    }
}

/// In the pane, with what the kernel has said last.
pub fn looking(columns: u16, rows: u16, snapshot: Snapshot, view: MemoryView) -> Bench {
    let mut bench = Bench::attached(columns, rows, snapshot);
    bench.keys("esc 8");
    let id = bench.last_request().id;
    bench.reply(id, Reply::Memory(Box::new(view)));
    bench
}

#[test]
fn memory_is_drawn_at_every_size() {
    for (columns, rows) in [(120, 40), (80, 24), (40, 12)] {
        let screen = looking(columns, rows, full(), view()).screen();
        insta::assert_snapshot!(format!("memory_{columns}x{rows}"), screen);
    }
    for columns in 1..60 {
        for rows in [1, 3, 7, 12] {
            looking(columns, rows, full(), view()).draw();
        }
    }
}

#[test]
fn what_is_not_known_is_not_available() {
    let mut nothing = view();
    nothing.main = None;
    nothing.gpus = Gpus {
        missing: Some("no NVIDIA driver is installed".into()),
        ..Gpus::default()
    };
    nothing.models[0].resident = None;
    nothing.models[1].file_bytes = None;
    nothing.swaps.clear();
    let screen = looking(80, 40, full(), nothing).screen();
    let shown = |text: &str| assert!(screen.contains(text), "{text}\n{screen}");
    shown("n/a of n/a");
    shown("GPU   n/a (no NVIDIA driver is installed)");
    shown("its file is missing: batos model fetch");
    shown("none since the kernel started");
    let mut silent = view();
    silent.gpus.driver = None;
    silent.gpus.cards = vec![Gpu {
        name: "Tesla K80".into(),
        compute_mode: Some("exclusive process".into()),
        ..Gpu::default()
    }];
    let screen = looking(110, 40, full(), silent).screen();
    let shown = |text: &str| assert!(screen.contains(text), "{text}\n{screen}");
    shown("n/a of n/a");
    shown("Tesla K80 · busy n/a · n/a · n/a W · compute mode exclusive process");
    shown("driver n/a");
}

#[test]
fn a_load_under_way_is_shown() {
    let mut snapshot = full();
    snapshot.status.engine = EngineStatus {
        loading: Some(("translator".into(), 0.456)),
        ..snapshot.status.engine
    };
    let screen = looking(80, 40, snapshot, view()).screen();
    assert!(screen.contains("loading, 45%"), "{screen}");
}

fn asked(bench: &Bench) -> usize {
    let requests = bench.requests();
    let memory = requests.iter().filter(|one| one.request == Request::Memory);
    memory.count()
}

#[test]
fn it_is_asked_for_each_second_while_it_is_shown() {
    let mut bench = Bench::attached(120, 40, full());
    bench.event(Event::Clock(NOW + 5_000));
    assert_eq!(asked(&bench), 0);
    assert!(!bench.state.wants_ticks());
    bench.keys("esc 8");
    assert_eq!(asked(&bench), 1);
    assert!(bench.state.wants_ticks());
    // No second one before the first has come back.
    bench.event(Event::Clock(NOW + 7_000));
    assert_eq!(asked(&bench), 1);
    let id = bench.last_request().id;
    bench.reply(id, Reply::Memory(Box::new(view())));
    bench.event(Event::Clock(NOW + 7_500));
    assert_eq!(asked(&bench), 2);
    let id = bench.last_request().id;
    bench.reply(id, Reply::Memory(Box::new(view())));
    bench.event(Event::Clock(NOW + 7_900));
    assert_eq!(asked(&bench), 2);
    bench.keys("3");
    bench.event(Event::Clock(NOW + 20_000));
    assert_eq!(asked(&bench), 2);
}

#[test]
fn names_from_elsewhere_cannot_move_the_cursor() {
    let mut hostile = view();
    hostile.gpus.cards[0].name = "H\u{1b}[2J100".into();
    hostile.models[0].file = "a\u{1b}]0;x\u{7}b".into();
    hostile.swaps[1].what = SwapKind::Left("gone\r\n\u{1b}[31m".into());
    let screen = looking(120, 40, full(), hostile).screen();
    assert!(!screen.contains('\u{1b}'), "{screen}");
    assert!(screen.contains("BAT OS"), "{screen}");
}
