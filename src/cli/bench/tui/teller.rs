//! What the workbench attaches to where each run has to be told the same: a socket that speaks the kernel's
//! protocol and tells a mission as it is written, token by token at an even rate.
//!
//! A real model's rate varies, and a real kernel does more than is measured here.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use tokio::sync::{broadcast, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::wire::memory::Gpus;
use crate::wire::messages::{
    EngineStatus, Event, Failure, FailureKind, FromKernel, LogEntry, LogLevel, MissionState,
    MissionSummary, ObjectSummary, Reply, Request, ResidentModel, Snapshot, Status, ToKernel,
};
use crate::wire::plan::Pause;
use crate::wire::socket::{KernelConnection, Listener, listen};

/// Methods as a model writes them, told again and again.
const WRITTEN: &str = include_str!("written.txt");
/// Bytes of a token: as many as those of Rust source have on average.
const TOKEN: usize = 4;
/// Tokens of a candidate; then it is judged, and the next is written.
const CANDIDATE: u64 = 300;
const MISSION: u64 = 7;
/// The object that it tells of.
pub(super) const OBJECT: &str = "Account";
/// Messages that may wait for a front-end.
const WAITING: usize = 1024;

/// Ends when it is dropped.
pub(super) struct Teller {
    end: Option<oneshot::Sender<()>>,
    tell: Arc<AtomicBool>,
    told: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Teller {
    /// Listens at `socket` for front-ends of `home`.
    pub(super) fn start(socket: PathBuf, home: &Path, rate: u64) -> anyhow::Result<Self> {
        let (end, ended) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let tell = Arc::new(AtomicBool::new(false));
        let (telling, home) = (tell.clone(), home.display().to_string());
        let told = std::thread::Builder::new()
            .name("teller".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                runtime.block_on(async {
                    let listener = listen(&socket)?;
                    let _ = ready.send(());
                    let (events, _) = broadcast::channel(WAITING);
                    tokio::select! {
                        _ = ended => Ok(()),
                        () = tell_all(&events, &telling, rate) => Ok(()),
                        result = serve(listener, &events, home) => result,
                    }
                })
            })?;
        is_ready.recv().context("cannot listen as a kernel does")?;
        Ok(Self {
            end: Some(end),
            tell,
            told: Some(told),
        })
    }

    /// Begins or stops to tell tokens.
    pub(super) fn tell(&self, on: bool) {
        self.tell.store(on, Ordering::Relaxed);
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
        if let Some(told) = self.told.take() {
            let _ = told.join();
        }
    }
}

/// Bytes of text that a minute of the stream has, without anything around it.
pub(super) fn text_bytes(seconds: u64, rate: u64) -> u64 {
    seconds * rate * TOKEN as u64
}

async fn serve(
    mut listener: Listener,
    events: &broadcast::Sender<Event>,
    home: String,
) -> anyhow::Result<()> {
    loop {
        // One that did not come to a hello is no reason to end.
        if let Ok(connection) = listener.accept().await {
            tokio::spawn(attend(connection, events.subscribe(), home.clone()));
        }
    }
}

async fn attend(
    connection: KernelConnection,
    mut events: broadcast::Receiver<Event>,
    home: String,
) -> anyhow::Result<()> {
    let (mut reader, mut writer) = connection.split();
    loop {
        let message = tokio::select! {
            request = reader.next() => match request? {
                Some(ToKernel { id, request }) => answer(id, &request, &home),
                None => return Ok(()),
            },
            event = events.recv() => FromKernel::Event(event?),
        };
        writer.send(&message).await?;
    }
}

fn answer(id: u64, request: &Request, home: &str) -> FromKernel {
    let reply = match request {
        Request::Status | Request::ReadOnly => Reply::Status(status(home)),
        Request::Subscribe { .. } => Reply::Snapshot(Box::new(Snapshot {
            status: status(home),
            missions: vec![mission(MissionState::Idle)],
            objects: vec![ObjectSummary {
                name: OBJECT.to_owned(),
                parent: None,
                slots: 2,
                methods: vec!["deposit".to_owned()],
                written_by: vec![None],
                tid: 1,
            }],
            log: Vec::new(),
            personas: Vec::new(),
        })),
        _ => {
            let failure = Failure {
                kind: FailureKind::Unavailable,
                message: "this kernel only tells".to_owned(),
                hint: None,
            };
            return FromKernel::Failure { id, failure };
        }
    };
    FromKernel::Reply { id, reply }
}

/// Tells a token whenever one is due; never ends.
async fn tell_all(events: &broadcast::Sender<Event>, on: &AtomicBool, rate: u64) {
    let period = Duration::from_secs(1) / u32::try_from(rate).unwrap_or(u32::MAX).max(1);
    let mut due = Instant::now();
    let (mut written, mut entries) = (0, 0);
    loop {
        due = (due + period).max(Instant::now());
        sleep_until(due).await;
        if on.load(Ordering::Relaxed) {
            for event in token(written, &mut entries) {
                // Nobody may listen yet.
                let _ = events.send(event);
            }
            written += 1;
        }
    }
}

/// What the kernel tells with the token of this number: first and last of a candidate with what is around it.
fn token(number: u64, entries: &mut u64) -> Vec<Event> {
    let mut events = Vec::new();
    let within = number % CANDIDATE;
    if within == 0 {
        events.push(Event::Mission(mission(MissionState::Synthesizing)));
        events.push(log(entries, "mission.state", "SYNTHESIZING: one candidate"));
        events.push(Event::GenerationStarted {
            mission: MISSION,
            persona: "BRICK".to_owned(),
            purpose: "synthesize".to_owned(),
            candidates: 1,
        });
    }
    let start = usize::try_from(number).unwrap_or_default() * TOKEN % WRITTEN.len();
    let rest = WRITTEN.get(start..).unwrap_or_default();
    events.push(Event::Token {
        mission: MISSION,
        candidate: 0,
        text: rest.get(..TOKEN).unwrap_or(rest).to_owned(),
    });
    if within == CANDIDATE - 1 {
        events.push(Event::GenerationEnded {
            mission: MISSION,
            prompt_tokens: 900,
            generated_tokens: 300,
            seconds: 10.0,
            tokens_per_second: 30.0,
        });
        events.push(log(
            entries,
            "engine.answer",
            "BRICK read 900 and wrote 300 tokens in 10.0 s",
        ));
        events.push(Event::Verdict {
            mission: MISSION,
            candidate: 0,
            accepted: false,
            source: WRITTEN.get(..400).unwrap_or(WRITTEN).to_owned(),
            diagnostics: Vec::new(),
        });
        events.push(log(
            entries,
            "guardian.verdict",
            "candidate 1 is refused: compile: mismatched types",
        ));
    }
    events
}

fn log(entries: &mut u64, event: &str, text: &str) -> Event {
    *entries += 1;
    Event::Log(LogEntry {
        number: *entries,
        time_ms: now_ms(),
        level: LogLevel::Info,
        mission: Some(MISSION),
        persona: Some("BRICK".to_owned()),
        event: event.to_owned(),
        text: text.to_owned(),
        fields_json: "{}".to_owned(),
    })
}

fn mission(state: MissionState) -> MissionSummary {
    MissionSummary {
        id: MISSION,
        state,
        intent: "teach".to_owned(),
        brief: "teach Account to deposit an amount".to_owned(),
        object: Some(OBJECT.to_owned()),
        selector: Some("deposit".to_owned()),
        created_ms: now_ms(),
        state_since_ms: now_ms(),
        attempts: 1,
        outcome: String::new(),
        part: None,
        pause: Pause::No,
    }
}

fn status(home: &str) -> Status {
    Status {
        kernel_pid: std::process::id(),
        uptime_s: 1.0,
        restarts: 0,
        tid: 1,
        engine: EngineStatus {
            pid: Some(std::process::id()),
            resident: vec![ResidentModel {
                name: "coder".to_owned(),
                file: "coder.gguf".to_owned(),
                ..ResidentModel::default()
            }],
            loading: None,
            backend: "CPU".to_owned(),
            trouble: None,
        },
        mission: None,
        queued: 0,
        profile: "small".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        safe_mode: false,
        log_dropped: 0,
        home: home.to_owned(),
        gpus: Gpus::default(),
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
