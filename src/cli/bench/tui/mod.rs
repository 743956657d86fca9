//! `batos bench tui`: what the workbench costs a terminal and its line, beside other programs in the same run.
//!
//! The real workbench under a pseudo-terminal. It attaches to a real system for starts, keys and the idle
//! minute; for the stream and the long log, where each run has to be told the same, to `teller`.

mod arguments;
mod idle;
mod long_log;
mod peers;
mod process;
mod report;
mod subject;
mod system;
mod teller;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::cli::Context;
use crate::cli::output::{Outcome, print, print_json, progress};
use crate::cli::pty::Pty;
use crate::config::Home;

pub(in crate::cli) use arguments::TuiBenchArguments;

use peers::Peer;
use report::{Program, Report, Streamed};
use subject::{Answers, arrows, keys, start};
use system::{FIRST_OBJECT, System};
use teller::{OBJECT, Teller};

/// A terminal that can do what most can.
const TERMINAL: [(&str, &str); 2] = [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")];
/// What of the terminal at hand would be taken for the measured one.
const UNSET: [&str; 6] = ["COLORTERM", "NO_COLOR", "TMUX", "STY", "COLUMNS", "LINES"];
/// The log has been read when its newest line is on the screen.
const LOG_LIMIT: Duration = Duration::from_mins(1);

pub(super) fn run(context: &Context, arguments: &TuiBenchArguments) -> Outcome {
    let report = measure(context, arguments)?;
    if context.json {
        print_json(&serde_json::to_value(&report)?)?;
    } else {
        print(&report.text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What was started and stays for the idle minute.
struct Running {
    program: Program,
    pty: Pty,
}

fn measure(context: &Context, arguments: &TuiBenchArguments) -> anyhow::Result<Report> {
    let folder = tempfile::Builder::new().prefix("bat").tempdir()?;
    let plain = folder.path().join("log.txt");
    let told_home = Home {
        root: folder.path().join("told"),
    };
    progress("writing the long log");
    long_log::write(&told_home.logs(), &plain, arguments.lines)?;
    progress("starting a system");
    let system = System::start(context)?;
    let mut running = vec![workbench(&system, arguments)?];
    let stream = streaming(context, arguments, &told_home)?;
    // It stays for the idle minute.
    let teller = Teller::start(told_home.socket(), &told_home.root, arguments.rate)?;
    running.push(with_long_log(context, arguments, &told_home)?);
    for peer in Peer::wanted(arguments) {
        let home = tempfile::tempdir_in(folder.path())?.keep();
        running.push(measure_peer(&peer, &plain, &home, arguments)?);
    }
    progress("the idle minute");
    let of_system = system.processes();
    let before = idle::cpu(&of_system);
    let mut ptys: Vec<&mut Pty> = running.iter_mut().map(|one| &mut one.pty).collect();
    let minutes = idle::measure(&mut ptys, Duration::from_secs(arguments.seconds))?;
    let seconds = minutes.first().map_or(1.0, |idle| idle.seconds);
    let system_cpu_percent = idle::percent(before, idle::cpu(&of_system), seconds);
    drop(teller);
    let programs = running.into_iter().zip(minutes).map(|(mut one, idle)| {
        one.program.idle = Some(idle);
        one.program.resident_bytes = process::resident_bytes(one.pty.pid());
        one.program.own_bytes = process::own_bytes(one.pty.pid());
        one.program
    });
    Ok(Report {
        version: env!("CARGO_PKG_VERSION"),
        columns: arguments.size.0,
        rows: arguments.size.1,
        log_lines: arguments.lines,
        log_bytes: std::fs::metadata(&plain)?.len(),
        stream,
        system_cpu_percent,
        programs: programs.collect(),
    })
}

/// At the real system: starts, typing, moving among objects.
fn workbench(system: &System, arguments: &TuiBenchArguments) -> anyhow::Result<Running> {
    progress("batos");
    let make = || system.workbench();
    let (mut pty, starts) = start(&make, arguments.size, arguments.starts, Some(FIRST_OBJECT))?;
    let typed: [&[u8]; 5] = [b"b", b"a", b"t", b"s", b" "];
    let typing = keys(&mut pty, "typing", &typed, arguments.keys)?;
    // Out of the tour of the first run, then from the composer to the objects.
    for keys in [b"\x15".as_slice(), b"\x1b", b"\x1b"] {
        pty.send(keys)?;
        pty.settle(Duration::from_millis(300), Duration::from_secs(5))?;
    }
    pty.send(b"2")?;
    let up_and_down = arrows(&pty);
    let moving = keys(&mut pty, "moving", &up_and_down, arguments.keys)?;
    let program = Program::new("batos", starts, vec![typing, moving]);
    Ok(Running { program, pty })
}

/// While a mission is written, as `teller` tells it.
fn streaming(
    context: &Context,
    arguments: &TuiBenchArguments,
    home: &Home,
) -> anyhow::Result<Streamed> {
    progress("the streaming minute");
    home.create()?;
    let teller = Teller::start(home.socket(), &home.root, arguments.rate)?;
    let make = || told_workbench(context, &home.root);
    let (mut pty, _) = start(&make, arguments.size, 1, Some(OBJECT))?;
    stream(&mut pty, &teller, arguments)
}

/// Looking through the long log.
fn with_long_log(
    context: &Context,
    arguments: &TuiBenchArguments,
    home: &Home,
) -> anyhow::Result<Running> {
    progress("batos with the long log");
    let make = || told_workbench(context, &home.root);
    let (mut pty, starts) = start(&make, arguments.size, arguments.starts, Some(OBJECT))?;
    let answers = in_the_log(&mut pty, arguments)?;
    let program = Program::new("batos, long log", starts, vec![answers]);
    Ok(Running { program, pty })
}

/// Nothing is started for it: it attaches to whoever tells.
fn told_workbench(context: &Context, home: &Path) -> anyhow::Result<Command> {
    system::command(context, home, &["--read-only"])
}

fn in_the_log(pty: &mut Pty, arguments: &TuiBenchArguments) -> anyhow::Result<Answers> {
    // From the composer to the log, as large as it gets.
    pty.send(b"\x1b")?;
    pty.settle(Duration::from_millis(300), Duration::from_secs(5))?;
    pty.send(b"6z")?;
    pty.settle(Duration::from_secs(1), LOG_LIMIT)?;
    let [down, up] = arrows(pty);
    keys(pty, "moving", &[up, up, down], arguments.keys)
}

fn stream(
    pty: &mut Pty,
    teller: &Teller,
    arguments: &TuiBenchArguments,
) -> anyhow::Result<Streamed> {
    let time = Duration::from_secs(arguments.seconds);
    let family = [pty.pid()];
    let (bytes, cpu, begun) = (pty.bytes(), idle::cpu(&family), Instant::now());
    teller.tell(true);
    while begun.elapsed() < time {
        pty.read(time.saturating_sub(begun.elapsed()))?;
    }
    teller.tell(false);
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Streamed {
        seconds,
        tokens_per_second: arguments.rate,
        text_bytes: teller::text_bytes(arguments.seconds, arguments.rate),
        bytes: pty.bytes() - bytes,
        cpu_percent: idle::percent(cpu, idle::cpu(&family), seconds),
    })
}

fn measure_peer(
    peer: &Peer,
    log: &Path,
    home: &Path,
    arguments: &TuiBenchArguments,
) -> anyhow::Result<Running> {
    progress(&peer.command);
    let make = || Ok(peer.start(log, home));
    let (mut pty, starts) = start(&make, arguments.size, arguments.starts, None)?;
    let [down, up] = arrows(&pty);
    let answers = keys(&mut pty, "moving", &[down, up], arguments.keys)?;
    let name = peer.command.replace(" {log}", ", long log");
    let program = Program::new(&name, starts, vec![answers]);
    Ok(Running { program, pty })
}
