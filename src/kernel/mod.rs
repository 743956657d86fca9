//! The kernel process: owns the image, works on missions, answers front-ends.
//!
//! It holds `run/kernel.pid` locked for its life, so there are never two on one image. Missions run on
//! one thread, front-ends on a runtime beside it; models live in the engine process, whose death costs
//! nothing but time.

mod agreement;
mod ask;
pub mod branch;
mod compare;
mod delegate;
mod document;
mod embedder;
mod engine_link;
mod engine_terms;
mod facts;
mod fault;
mod fitting;
pub mod generate;
mod genesis;
mod given;
mod heal;
mod history;
mod import;
mod install;
mod journal;
mod judge;
mod knowledge;
mod memory;
pub mod mend;
mod missing_slot;
mod missions_pipe;
mod names;
mod pause;
mod plan;
mod planning;
mod present;
mod probe;
mod psm;
mod question;
mod queue;
mod requests;
mod round;
mod schema;
mod send;
mod server;
mod shared;
mod story;
mod system;
mod talk;
mod teach;
mod understand;
mod undone;
pub mod upkeep;
mod uses;
mod validate;
mod verdicts;
mod views;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use crate::config::{ConfigError, Embedding, Home, Model, Profile, Settings};
use crate::image::{Image, ImageError, OpenError, Recovery};
use crate::metacognition::{Metacognition, StartError};
use crate::method::{Limits, Sandbox, SandboxError};
use crate::persona::Role;
use crate::wire::engine::LoadModel;
use crate::wire::messages::LogLevel;
use crate::wire::pidfile::{Pidfile, PidfileError};
use crate::wire::socket::{SocketError, listen};
use embedder::EmbedderOptions;
use engine_link::{EngineLink, EngineOptions};
use journal::{About, Journal};
use psm::Worker;
use shared::{Parts, Shared};

/// How a kernel is started.
#[derive(Debug, Clone)]
pub struct Options {
    pub home: Home,
    pub settings: Settings,
    /// The image can be read, missions are refused.
    pub safe_mode: bool,
    /// How often the watchdog has started a kernel again.
    pub restarts: u32,
    /// This program, for starting the engine.
    pub program: PathBuf,
}

/// Why a kernel does not run.
#[derive(Debug, thiserror::Error)]
pub enum KernelError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Pidfile(#[from] PidfileError),
    #[error("cannot open the image")]
    Open(#[from] OpenError),
    #[error("cannot close the image")]
    Close(#[from] ImageError),
    #[error("cannot make the sandbox")]
    Sandbox(#[from] SandboxError),
    #[error("cannot write the log")]
    Log(#[from] StartError),
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("cannot start a thread or the runtime")]
    Threads(#[source] std::io::Error),
}

/// Says what opening the image had to put right.
fn record_recovery(journal: &Journal, recovery: &Recovery) {
    let record = |level, event: &str, text: &str, details| {
        journal.record(level, About::default(), event, text, details);
    };
    if let Some(torn) = &recovery.torn {
        let text = format!(
            "cut {} bytes of an unfinished write off {} at byte {}; nobody was told that it was done",
            torn.bytes,
            torn.file.display(),
            torn.offset
        );
        let details = json!({"offset": torn.offset, "bytes": torn.bytes});
        record(LogLevel::Warn, "image.torn", &text, details);
    }
    if let Some(why) = &recovery.rebuilt {
        let text = format!("made the store anew from the log: {why}");
        record(LogLevel::Warn, "image.rebuilt", &text, json!({}));
    }
    if recovery.replayed > 0 {
        let count = recovery.replayed;
        let text = format!("brought the store up to the log by {count} transactions");
        let details = json!({"transactions": count});
        record(LogLevel::Info, "image.replayed", &text, details);
    }
}

/// Runs a kernel until it is told to stop; then everything acknowledged is on disk.
pub fn run(options: Options) -> Result<ExitCode, KernelError> {
    let Options {
        home,
        settings,
        safe_mode,
        restarts,
        program,
    } = options;
    home.create()?;
    let profile = Profile::of(&home, &settings)?;
    let _pidfile = Pidfile::acquire(&home.kernel_pid())?;
    let (metacognition, _guard) = Metacognition::start(&home.logs(), "kernel")?;
    let journal = Journal::new(metacognition);
    let image = Image::open(&settings.image).inspect_err(|error| {
        journal.record(
            LogLevel::Error,
            About::default(),
            "image.refused",
            &format!("{error}; {}", error.hint()),
            json!({}),
        );
    })?;
    record_recovery(&journal, image.recovery());
    let sandbox = Arc::new(Sandbox::new(Limits {
        fuel: settings.sandbox.fuel,
        memory_bytes: settings.sandbox.memory_bytes,
        deadline: settings.sandbox.deadline,
    })?);
    let engine_options = engine_options(&home, &settings, &profile, program);
    let embedder = embedder_options(&home, &settings, &engine_options);
    let (sender, inbox) = std::sync::mpsc::channel();
    let shared = Arc::new(Shared::new(Parts {
        home,
        settings,
        profile,
        image: image.clone(),
        sandbox,
        journal,
        safe_mode,
        restarts,
        inbox: sender.clone(),
        embedder,
    }));
    let link = EngineLink::new(
        engine_options,
        shared.journal.clone(),
        shared.engine.clone(),
        shared.memory.clone(),
        sender,
        inbox,
    );
    let resumed = if safe_mode {
        0
    } else {
        let resumed = shared.resume_missions()?;
        shared.begin_genesis();
        resumed
    };
    shared.journal.info(
        "kernel.started",
        &format!("kernel {} is up; {resumed} missions go on", std::process::id()),
        json!({"pid": std::process::id(), "restarts": restarts, "tid": image.tid(), "safe_mode": safe_mode}),
    );
    let worker = std::thread::Builder::new()
        .name("missions".to_owned())
        .spawn({
            let shared = shared.clone();
            move || Worker::new(shared, link).run()
        })
        .map_err(KernelError::Threads)?;
    if !safe_mode {
        // It ends by itself soon after the stop; nothing waits for it.
        std::thread::Builder::new()
            .name("knowledge".to_owned())
            .spawn({
                let shared = shared.clone();
                move || knowledge::read_on(&shared)
            })
            .map_err(KernelError::Threads)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(KernelError::Threads)?;
    runtime.block_on(serve(&shared))?;
    let _ = worker.join();
    shared
        .journal
        .info("kernel.stopped", "the kernel stops", json!({}));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    let failed = shared.has_failed();
    drop(shared);
    image.close()?;
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn serve(shared: &Arc<Shared>) -> Result<(), KernelError> {
    let listener = listen(&shared.settings.socket)?;
    missions_pipe::attend(shared);
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(KernelError::Threads)?;
    // A dropped SSH line is the front-end's affair.
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())
        .map_err(KernelError::Threads)?;
    let serving = server::serve(listener, shared.clone());
    tokio::pin!(serving);
    loop {
        tokio::select! {
            () = &mut serving => return Ok(()),
            _ = terminate.recv() => shared.stop(),
            _ = hangup.recv() => {}
        }
    }
}

/// Half of the processors: what a persona is writing goes first.
fn reading_threads(settings: &Settings) -> u32 {
    let here = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let here = u32::try_from(here).unwrap_or(1);
    match settings.engine.threads {
        0 => (here / 2).clamp(1, 8),
        set => set.div_ceil(2).min(8),
    }
}

/// The second engine: it reads on the CPU, whatever the first does.
fn embedder_options(home: &Home, settings: &Settings, engine: &EngineOptions) -> EmbedderOptions {
    EmbedderOptions {
        program: engine.program.clone(),
        log: home.engine_log(),
        load: Embedding::of(settings).map(|embedding| LoadModel {
            model: embedding.name,
            path: embedding.path.display().to_string(),
            gpu_layers: 0,
            threads: reading_threads(settings),
            context: 512,
            mmap: settings.engine.mmap,
        }),
    }
}

fn engine_options(
    home: &Home,
    settings: &Settings,
    profile: &Profile,
    program: PathBuf,
) -> EngineOptions {
    let models: BTreeMap<String, LoadModel> = profile
        .models
        .iter()
        .map(|(name, model)| {
            let load = load_model(settings, name, model);
            (name.clone(), load)
        })
        .collect();
    let log = home.engine_log();
    EngineOptions {
        arguments: vec![
            "engine".to_owned(),
            "--log".to_owned(),
            log.display().to_string(),
        ],
        program: settings.engine.command.clone().unwrap_or(program),
        log,
        models,
    }
}

/// What the engine loads for a model of the profile.
pub fn load_model(settings: &Settings, name: &str, model: &Model) -> LoadModel {
    LoadModel {
        model: name.to_owned(),
        path: settings.models_dir.join(&model.file).display().to_string(),
        gpu_layers: model.gpu_layers,
        threads: settings.engine.threads,
        context: model.context,
        mmap: settings.engine.mmap,
    }
}

impl Shared {
    /// The profile's model for a persona.
    pub fn model_of(&self, role: Role) -> Option<String> {
        self.profile
            .personas
            .get(role.name())
            .map(|persona| persona.model.clone())
    }
}
