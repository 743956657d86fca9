//! The kernel's end of the engine process: start it, load models, generate, survive its death.
//!
//! One thread owns the link and generates one request at a time. A dead engine is started again and the
//! request repeated as it was, so its answer is the same; after [`MAX_DEATHS`] deaths in one request the
//! request fails. Nothing that the engine does can end the kernel.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use serde_json::json;

pub use super::engine_terms::{EngineError, EngineOptions, Inbox, Progress, SharedStatus, Wish};
use super::journal::{About, Journal};
use super::memory::Memory;
use super::shared::now_ms;
use crate::wire::engine::{
    ENGINE_PROTOCOL_VERSION, FromEngine, Generate, Generated, LoadModel, THREAD_PATIENCE, ToEngine,
};
use crate::wire::frame;
use crate::wire::messages::{EngineStatus, Event, LogLevel, ResidentModel};

/// Deaths of the engine within one request after which the request fails.
const MAX_DEATHS: u32 = 4;
/// How long a stopping engine may take before it is killed.
const STOP_PATIENCE: Duration = Duration::from_secs(3);

struct Process {
    generation: u64,
    child: Child,
    to: BufWriter<ChildStdin>,
}

pub struct EngineLink {
    options: EngineOptions,
    journal: Journal,
    status: SharedStatus,
    memory: Memory,
    sender: Sender<Inbox>,
    inbox: Receiver<Inbox>,
    process: Option<Process>,
    generation: u64,
    next_request: u64,
    /// The cards are kept from the engine: with them it died too often over one model.
    without_cards: bool,
}

impl EngineLink {
    pub fn new(
        options: EngineOptions,
        journal: Journal,
        status: SharedStatus,
        memory: Memory,
        sender: Sender<Inbox>,
        inbox: Receiver<Inbox>,
    ) -> Self {
        Self {
            options,
            journal,
            status,
            memory,
            sender,
            inbox,
            process: None,
            generation: 0,
            next_request: 0,
            without_cards: false,
        }
    }

    /// Waits for something to do outside a request, `at_most` so long; brings a dead engine back with its models.
    pub fn idle(&mut self, at_most: Option<Duration>) {
        let next = match at_most {
            Some(at_most) => match self.inbox.recv_timeout(at_most) {
                Err(RecvTimeoutError::Timeout) => return,
                next => next.map_err(drop),
            },
            None => self.inbox.recv().map_err(drop),
        };
        match next {
            Ok(Inbox::EngineGone(generation)) if self.is_current(generation) => {
                let models: Vec<String> = self.resident();
                self.bury();
                for model in models {
                    if let Err(error) = self.ensure(&model, &|| Wish::GoOn) {
                        self.trouble(&error);
                    }
                }
            }
            Ok(_) => {}
            Err(()) => std::thread::sleep(Duration::from_millis(100)),
        }
    }

    /// Makes `model` resident. A model that is not there or not readable is an error with its remedy.
    pub fn ensure(&mut self, model: &str, wish: &dyn Fn() -> Wish) -> Result<(), EngineError> {
        if self.process.is_some() && self.resident().iter().any(|name| name == model) {
            return Ok(());
        }
        let mut load = self
            .options
            .models
            .get(model)
            .cloned()
            .ok_or_else(|| EngineError::UnknownModel(model.to_owned()))?;
        let mut deaths = 0;
        loop {
            match self.try_load(&load, wish) {
                Ok(()) => return Ok(()),
                Err(Interrupted::Error(error)) => return Err(error),
                Err(Interrupted::Died) => {
                    deaths += 1;
                    self.bury();
                    if deaths >= MAX_DEATHS {
                        return Err(EngineError::KeepsDying(deaths));
                    }
                    self.leave_cards(deaths, &mut load);
                    std::thread::sleep(Duration::from_millis(100 << deaths));
                }
            }
        }
    }

    /// A card whose memory others hold ends the engine in the middle of its own code. After the second death over one model
    /// it is loaded into main memory, after the third the cards are not touched at all.
    fn leave_cards(&mut self, deaths: u32, load: &mut LoadModel) {
        const WITHOUT_LAYERS: u32 = 2;
        let text = match deaths {
            WITHOUT_LAYERS if load.gpu_layers != 0 => {
                load.gpu_layers = 0;
                "goes to main memory: the engine died with it on the GPU"
            }
            deaths if deaths > WITHOUT_LAYERS && !self.without_cards => {
                self.without_cards = true;
                "is loaded without any GPU, until the kernel is started anew"
            }
            _ => return,
        };
        self.record(
            LogLevel::Warn,
            "engine.without_gpu",
            &format!("model {} {text}", load.model),
            json!({"model": load.model, "deaths": deaths}),
        );
    }

    /// Generates; a dead engine is started again and asked the same.
    pub fn generate(
        &mut self,
        mut request: Generate,
        wish: &dyn Fn() -> Wish,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Generated, EngineError> {
        let mut deaths = 0;
        loop {
            self.ensure(&request.model, wish)?;
            self.next_request += 1;
            request.id = self.next_request;
            match self.try_generate(&request, wish, progress) {
                Ok(generated) => return Ok(generated),
                Err(Interrupted::Error(error)) => return Err(error),
                Err(Interrupted::Died) => {
                    deaths += 1;
                    self.bury();
                    if deaths >= MAX_DEATHS {
                        return Err(EngineError::KeepsDying(deaths));
                    }
                    progress(Progress::Restarted);
                }
            }
        }
    }

    /// Ends the engine: asks, waits a little, kills.
    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        let _ = frame::write_sync(&mut process.to, &ToEngine::Shutdown);
        drop(process.to);
        let since = Instant::now();
        while since.elapsed() < STOP_PATIENCE {
            if matches!(process.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = process.child.kill();
        let _ = process.child.wait();
    }

    /// Puts the reason into the status that everybody sees.
    pub fn trouble(&self, error: &EngineError) {
        let text = match error.hint() {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        };
        self.record(LogLevel::Error, "engine.trouble", &text, json!({}));
        self.update(|status| {
            status.trouble = Some(text.clone());
            status.loading = None;
        });
    }

    fn try_load(&mut self, load: &LoadModel, wish: &dyn Fn() -> Wish) -> Result<(), Interrupted> {
        self.start()?;
        self.update(|status| status.loading = Some((load.model.clone(), 0.0)));
        self.send(&ToEngine::Load(load.clone()))?;
        loop {
            match self.next(wish, None)? {
                FromEngine::LoadProgress { model, fraction } => {
                    self.update(|status| status.loading = Some((model.clone(), fraction)));
                }
                FromEngine::Loaded {
                    model,
                    seconds,
                    bytes,
                    gpu_bytes,
                    gpu_layers,
                    layers,
                    context,
                    architecture,
                } if model == load.model => {
                    let resident = ResidentModel {
                        name: model,
                        file: load.path.clone(),
                        bytes,
                        gpu_bytes,
                        load_seconds: seconds,
                        gpu_layers,
                        layers,
                        context,
                        since_ms: now_ms(),
                    };
                    self.loaded(&resident, &architecture);
                    return Ok(());
                }
                FromEngine::Failed {
                    id: None,
                    model,
                    message,
                    hint,
                } if model.as_ref().is_none_or(|name| *name == load.model) => {
                    self.update(|status| status.loading = None);
                    return Err(EngineError::Refused { message, hint }.into());
                }
                _ => {}
            }
        }
    }

    fn loaded(&self, resident: &ResidentModel, architecture: &str) {
        self.record(
            LogLevel::Info,
            "model.loaded",
            &format!(
                "{} is resident after {:.1} s",
                resident.name, resident.load_seconds
            ),
            json!({"model": resident.name, "file": resident.file, "bytes": resident.bytes,
                   "gpu_bytes": resident.gpu_bytes, "gpu_layers": resident.gpu_layers,
                   "layers": resident.layers, "seconds": resident.load_seconds,
                   "architecture": architecture}),
        );
        self.memory.loaded(&resident.name, resident.load_seconds);
        self.update(|status| {
            status.loading = None;
            status.trouble = None;
            status.resident.retain(|model| model.name != resident.name);
            status.resident.push(resident.clone());
        });
    }

    fn try_generate(
        &mut self,
        request: &Generate,
        wish: &dyn Fn() -> Wish,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Generated, Interrupted> {
        self.send(&ToEngine::Generate(Box::new(request.clone())))?;
        let ours = request.id;
        loop {
            match self.next(wish, Some(ours))? {
                FromEngine::PromptProgress { id, done, total } if id == ours => {
                    progress(Progress::Prompt { done, total });
                }
                FromEngine::Token {
                    id,
                    candidate,
                    text,
                } if id == ours => progress(Progress::Token {
                    candidate,
                    text: &text,
                }),
                FromEngine::Done(generated) if generated.id == ours => return Ok(*generated),
                FromEngine::Cancelled { id } if id == ours => {
                    let error = match wish() {
                        Wish::Stop => EngineError::Stopping,
                        Wish::Cancel | Wish::GoOn => EngineError::Cancelled,
                    };
                    return Err(error.into());
                }
                FromEngine::Failed {
                    id: Some(id),
                    message,
                    hint,
                    ..
                } if id == ours => return Err(EngineError::Refused { message, hint }.into()),
                _ => {}
            }
        }
    }

    /// The engine's next message. A wish to stop or to cancel is passed on to it once; while a model
    /// loads, which cannot be interrupted, it ends the wait at once.
    fn next(
        &mut self,
        wish: &dyn Fn() -> Wish,
        request: Option<u64>,
    ) -> Result<FromEngine, Interrupted> {
        loop {
            match self.inbox.recv() {
                Ok(Inbox::Engine(generation, message)) if self.is_current(generation) => {
                    return Ok(*message);
                }
                Ok(Inbox::EngineGone(generation)) if self.is_current(generation) => {
                    return Err(Interrupted::Died);
                }
                Ok(Inbox::Wake) => match (wish(), request) {
                    (Wish::GoOn, _) => {}
                    (_, Some(id)) => self.send(&ToEngine::Cancel { id })?,
                    (Wish::Stop, None) => return Err(EngineError::Stopping.into()),
                    (Wish::Cancel, None) => return Err(EngineError::Cancelled.into()),
                },
                Ok(_) => {}
                Err(_) => return Err(EngineError::Stopping.into()),
            }
        }
    }

    fn start(&mut self) -> Result<(), Interrupted> {
        if self.process.is_some() {
            return Ok(());
        }
        let refused = |source| EngineError::Start {
            program: self.options.program.clone(),
            source,
        };
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.options.log)
            .map_err(refused)?;
        let (variable, patience) = THREAD_PATIENCE;
        let patience = std::env::var_os(variable).unwrap_or_else(|| patience.into());
        let mut command = Command::new(&self.options.program);
        if self.without_cards {
            command.env("CUDA_VISIBLE_DEVICES", "");
        }
        let mut child = command
            .args(&self.options.arguments)
            .env(variable, patience)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .spawn()
            .map_err(refused)?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(refused(std::io::Error::other("its pipes are missing")).into());
        };
        self.generation += 1;
        let generation = self.generation;
        let (sender, memory) = (self.sender.clone(), self.memory.clone());
        std::thread::Builder::new()
            .name("engine-reader".to_owned())
            .spawn(move || {
                let mut from = BufReader::new(from);
                while let Ok(Some(message)) = frame::read_sync::<FromEngine>(&mut from) {
                    if let FromEngine::Gpus(gpus) = message {
                        memory.heard(gpus);
                        continue;
                    }
                    if sender
                        .send(Inbox::Engine(generation, Box::new(message)))
                        .is_err()
                    {
                        return;
                    }
                }
                let _ = sender.send(Inbox::EngineGone(generation));
            })
            .map_err(refused)?;
        let pid = child.id();
        self.memory.engine_started();
        self.process = Some(Process {
            generation,
            child,
            to: BufWriter::new(to),
        });
        self.update(|status| {
            status.pid = Some(pid);
            status.resident.clear();
        });
        self.await_ready(pid)
    }

    fn await_ready(&mut self, pid: u32) -> Result<(), Interrupted> {
        loop {
            if let FromEngine::Ready {
                version,
                backend,
                devices,
                warning,
                ..
            } = self.next(&|| Wish::GoOn, None)?
            {
                if version != ENGINE_PROTOCOL_VERSION {
                    return Err(EngineError::Refused {
                        message: format!(
                            "the engine speaks protocol {version}, this kernel {ENGINE_PROTOCOL_VERSION}"
                        ),
                        hint: Some("set `engine.command` to an engine of this version, or leave it out".to_owned()),
                    }
                    .into());
                }
                self.record(
                    LogLevel::Info,
                    "engine.started",
                    &format!("engine {pid} runs on {backend}"),
                    json!({"pid": pid, "backend": backend, "devices": devices}),
                );
                if let Some(warning) = warning {
                    self.record(LogLevel::Warn, "engine.warning", &warning, json!({}));
                }
                self.update(|status| status.backend.clone_from(&backend));
                return Ok(());
            }
        }
    }

    fn send(&mut self, message: &ToEngine) -> Result<(), Interrupted> {
        let process = self.process.as_mut().ok_or(Interrupted::Died)?;
        frame::write_sync(&mut process.to, message).map_err(|_| Interrupted::Died)
    }

    /// Takes leave of a dead engine.
    fn bury(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        let _ = process.child.kill();
        let how = process
            .child
            .wait()
            .map_or_else(|error| error.to_string(), |status| status.to_string());
        self.record(
            LogLevel::Error,
            "engine.died",
            &format!(
                "engine {} ended ({how}); it is started again",
                process.child.id()
            ),
            json!({"pid": process.child.id(), "how": how}),
        );
        self.memory
            .lost(&self.resident(), &format!("the engine ended ({how})"));
        self.update(|status| {
            status.pid = None;
            status.resident.clear();
        });
    }

    fn is_current(&self, generation: u64) -> bool {
        self.process
            .as_ref()
            .is_some_and(|process| process.generation == generation)
    }

    fn resident(&self) -> Vec<String> {
        let status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        status
            .resident
            .iter()
            .map(|model| model.name.clone())
            .collect()
    }

    fn update(&self, change: impl FnOnce(&mut EngineStatus)) {
        let copy = {
            let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut status);
            status.clone()
        };
        self.journal.tell(Event::Engine(copy));
    }

    fn record(&self, level: LogLevel, event: &str, text: &str, fields: serde_json::Value) {
        self.journal
            .record(level, About::default(), event, text, fields);
    }
}

impl Drop for EngineLink {
    fn drop(&mut self) {
        self.stop();
    }
}

enum Interrupted {
    Died,
    Error(EngineError),
}

impl From<EngineError> for Interrupted {
    fn from(error: EngineError) -> Self {
        Self::Error(error)
    }
}
