//! The System pane: kernel, watchdog, engine, the image on the disk, what it runs with, the log's last lines.

use crate::tui::document::{Document, Piece, Row, piece};
use crate::tui::state::{Link, State};
use crate::tui::theme::Role;
use crate::wire::memory::Gpu;
use crate::wire::messages::{LogEntry, LogLevel, Status};
use crate::wire::system::{Found, ImageUse, ProfileView, SystemView, WatchedView};

/// This workbench's own version: another one than the kernel's after an upgrade.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const LOG_LINES: usize = 8;
/// Columns of what stands before a value.
const LABEL: usize = 10;

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width);
    let (Some(status), Some(view)) = (&state.status, &state.system.view) else {
        document.blank();
        let text = match state.link {
            Link::Up => "asking the kernel",
            _ => "the kernel is away",
        };
        document.row(vec![piece(Role::Dim, text)]);
        return document;
    };
    kernel(&mut document, state, status, view);
    watchdog(&mut document, state, status, view);
    engine(&mut document, status, view);
    image(&mut document, state, status, &view.image);
    machine(&mut document, status, view);
    log(&mut document, state);
    document
}

fn heading(document: &mut Document, title: &str) {
    if !document.is_empty() {
        document.blank();
    }
    document.row(vec![piece(Role::Title, title)]);
}

fn line(document: &mut Document, label: &str, value: Vec<Piece>) {
    let mut row: Row = vec![piece(Role::Dim, format!("  {label:<LABEL$} "))];
    row.extend(value);
    document.wrapped(&row, LABEL + 3);
}

fn text(document: &mut Document, label: &str, value: impl Into<String>) {
    line(document, label, vec![piece(Role::Text, value)]);
}

fn kernel(document: &mut Document, state: &State, status: &Status, view: &SystemView) {
    heading(document, "Kernel");
    // It goes on counting between two answers.
    let since = state.now_ms.saturating_sub(state.system.told_ms);
    #[expect(clippy::cast_precision_loss, reason = "seconds since the last answer")]
    let uptime = status.uptime_s + since as f64 / 1000.0;
    let memory = view
        .kernel_bytes
        .map_or_else(|| "memory n/a".to_owned(), super::bytes);
    let facts = format!(
        "{} · process {} · up {} · {memory}",
        status.version,
        status.kernel_pid,
        super::duration(uptime),
    );
    text(document, "version", facts);
    let mode = if status.safe_mode {
        vec![piece(
            Role::Bad,
            "safe mode: the image is read, missions are refused",
        )]
    } else {
        let queued = super::count(status.queued.into(), "mission");
        vec![piece(Role::Text, format!("at work, {queued} waiting"))]
    };
    line(document, "state", mode);
    if view.replaced || status.version != VERSION {
        let what = if view.replaced {
            "the program's file was replaced since this kernel started".to_owned()
        } else {
            format!("this workbench is {VERSION}, the kernel {}", status.version)
        };
        let row = vec![
            piece(Role::Warning, what),
            piece(
                Role::Text,
                "; `batos down`, then `batos up` starts the new one",
            ),
        ];
        line(document, "upgrade", row);
    } else {
        text(
            document,
            "upgrade",
            "the kernel runs the program that is installed",
        );
    }
    if status.log_dropped > 0 {
        let lost = super::count(status.log_dropped, "line");
        let text = format!("{lost} of the log were dropped because the disk was too slow");
        line(document, "log", vec![piece(Role::Warning, text)]);
    }
}

fn watchdog(document: &mut Document, state: &State, status: &Status, view: &SystemView) {
    heading(document, "Watchdog");
    match view.watchdog {
        Some(pid) => {
            let restarts = super::count(status.restarts.into(), "restart");
            text(
                document,
                "watches",
                format!("process {pid} · {restarts} of the kernel"),
            );
        }
        None => line(
            document,
            "watches",
            vec![
                piece(Role::Bad, "nobody watches over the kernel"),
                piece(Role::Text, "; `batos up` starts a watchdog again"),
            ],
        ),
    }
    let worth = |one: &&WatchedView| one.level > LogLevel::Info;
    let bad: Vec<&WatchedView> = view.watched.iter().filter(worth).collect();
    let shown = if bad.is_empty() {
        view.watched.iter().rev().take(2).rev().collect()
    } else {
        bad.into_iter().rev().take(6).rev().collect::<Vec<_>>()
    };
    for one in shown {
        let (mark, role) = mark(one.level);
        let row = vec![
            piece(
                Role::Dim,
                format!("  {} ", super::day(one.time_ms, state.utc_offset_s)),
            ),
            piece(role, format!("{mark} ")),
            piece(role, one.text.as_str()),
        ];
        document.wrapped(&row, LABEL + 3);
    }
}

fn engine(document: &mut Document, status: &Status, view: &SystemView) {
    heading(document, "Engine");
    let restarts = view.engine_starts.saturating_sub(1);
    match status.engine.pid {
        Some(pid) => {
            let backend = status.engine.backend.as_str();
            let memory = view
                .engine_bytes
                .map_or_else(|| "memory n/a".to_owned(), super::bytes);
            let restarts = super::count(restarts.into(), "restart");
            let facts = format!("process {pid} · {backend} · {memory} · {restarts}");
            text(document, "runs", facts);
        }
        None => text(
            document,
            "runs",
            "no engine; it starts when a mission needs a model",
        ),
    }
    if let Some(trouble) = &status.engine.trouble {
        line(
            document,
            "trouble",
            vec![piece(Role::Bad, trouble.as_str())],
        );
    }
}

fn image(document: &mut Document, state: &State, status: &Status, image: &ImageUse) {
    heading(document, "Image");
    text(document, "folder", image.folder.as_str());
    let objects = super::count(state.objects.all().len() as u64, "object");
    text(
        document,
        "holds",
        format!("{objects} · transaction {}", status.tid),
    );
    let all = image.log + image.store + image.blobs;
    let facts = format!(
        "{} (log {}, store {}, blobs {})",
        small(all),
        small(image.log),
        small(image.store),
        small(image.blobs)
    );
    text(document, "takes", facts);
    let free = match image.free {
        Some(free) if free < 1 << 30 => piece(Role::Warning, super::bytes(free)),
        Some(free) => piece(Role::Text, super::bytes(free)),
        None => piece(Role::Text, "n/a"),
    };
    line(document, "free", vec![free]);
}

/// `12 KiB`, `3.4 MiB`, as [`super::bytes`] from a gibibyte on.
fn small(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    match bytes {
        0..MIB => format!("{} KiB", bytes.div_ceil(1024)),
        MIB..0x4000_0000 => {
            let tenths = bytes * 10 / MIB;
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
        _ => super::bytes(bytes),
    }
}

fn machine(document: &mut Document, status: &Status, view: &SystemView) {
    heading(document, "Runs with");
    let chosen = if view.profile_by_machine {
        "chosen by what the machine has"
    } else {
        "as it was set"
    };
    line(
        document,
        "profile",
        vec![
            piece(Role::Strong, status.profile.as_str()),
            piece(Role::Dim, format!("  {chosen}")),
        ],
    );
    text(document, "home", status.home.as_str());
    text(document, "processors", view.processors.to_string());
    found(document, "compiler", &view.compiler);
    found(document, "confined", &view.confinement);
}

fn found(document: &mut Document, label: &str, found: &Found) {
    let role = if found.remedy.is_some() {
        Role::Bad
    } else {
        Role::Text
    };
    let mut row = vec![piece(role, found.text.as_str())];
    if let Some(remedy) = &found.remedy {
        row.push(piece(Role::Text, format!("; {remedy}")));
    }
    line(document, label, row);
}

/// Why a profile's models do not run here as they are meant to, if so.
pub fn hindrance(profile: &ProfileView, gpus: &[Gpu]) -> Option<String> {
    let largest = gpus.iter().filter_map(|gpu| gpu.memory_total).max();
    let is_told = gpus.iter().all(|gpu| gpu.memory_total.is_some());
    let made_for = profile.gpu_mib.map(|mib| mib << 20);
    match (made_for, largest) {
        _ if profile.too_large => Some("more than this machine has".to_owned()),
        (Some(made_for), None) if is_told => Some(format!(
            "made for a GPU of {}, and none is seen",
            super::bytes(made_for)
        )),
        (Some(made_for), Some(largest)) if largest < made_for => Some(format!(
            "made for a GPU of {}, and this one has {}",
            super::bytes(made_for),
            super::bytes(largest)
        )),
        _ => None,
    }
}

/// How much main memory a profile needs.
fn needs(profile: &ProfileView) -> String {
    let bytes = super::bytes(profile.needs);
    if profile.may_need_more {
        return format!("at least {bytes}");
    }
    bytes
}

/// A profile's name, and in short whether this machine has what it needs.
pub fn in_short(profile: &ProfileView, gpus: &[Gpu]) -> String {
    let fits = hindrance(profile, gpus).unwrap_or_else(|| {
        let fits = if profile.may_need_more { "" } else { ", fits" };
        format!("{}{fits}", needs(profile))
    });
    format!("{} ({fits})", profile.name)
}

/// What speaks for and against a profile on this machine.
pub fn reasons(profile: &ProfileView, gpus: &[Gpu]) -> Vec<String> {
    let mut reasons = vec![format!("needs {} of main memory", needs(profile))];
    reasons.extend(hindrance(profile, gpus));
    match profile.missing.len() {
        0 => reasons.push("its models are here".to_owned()),
        1 => reasons.push("1 model file is missing".to_owned()),
        many => reasons.push(format!("{many} model files are missing")),
    }
    reasons
}

fn log(document: &mut Document, state: &State) {
    heading(document, "Log");
    let newest = state.log.newest_told(LOG_LINES);
    if newest.len() == 0 {
        return document.row(vec![piece(Role::Dim, "  no entries yet")]);
    }
    for entry in newest {
        document.row(entry_row(state, entry));
    }
}

fn entry_row(state: &State, entry: &LogEntry) -> Row {
    let (mark, role) = mark(entry.level);
    vec![
        piece(
            Role::Dim,
            format!("  {} ", super::clock(entry.time_ms, state.utc_offset_s)),
        ),
        piece(role, format!("{mark} ")),
        piece(role, entry.text.as_str()),
    ]
}

fn mark(level: LogLevel) -> (&'static str, Role) {
    match level {
        LogLevel::Debug => ("·", Role::Dim),
        LogLevel::Info => (" ", Role::Text),
        LogLevel::Warn => ("!", Role::Warning),
        LogLevel::Error => ("✗", Role::Bad),
    }
}
