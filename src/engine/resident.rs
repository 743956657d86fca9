//! A resident model: a thread that owns the weights and the context, and answers one job after the other.
//!
//! The context borrows the weights; both live on the thread's stack, so that unloading is the thread's end.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use llama_cpp_2::llama_backend::LlamaBackend;

use crate::engine::answer::Speaker;
use crate::engine::embed::{self, Reader};
use crate::engine::outbox::Outbox;
use crate::engine::request::{Requests, Wishes};
use crate::engine::{load, machine};
use crate::wire::engine::{Embed, FromEngine, Generate, LoadModel};

/// How often a load reports, at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// What all parts of the engine share.
#[derive(Clone)]
pub struct Shared {
    pub backend: Arc<LlamaBackend>,
    pub outbox: Outbox,
    pub requests: Arc<Requests>,
    pub log: Arc<Path>,
}

/// One generation and what has since been said about it.
pub struct Job {
    pub request: Box<Generate>,
    pub wishes: Arc<Wishes>,
}

/// What a model is loaded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Write,
    Embed,
}

/// What a model is asked.
pub enum Work {
    Generate(Job),
    Embed(Box<Embed>),
}

pub struct Resident {
    pub load: LoadModel,
    pub purpose: Purpose,
    /// The `Loaded` message of this model.
    pub loaded: FromEngine,
    jobs: Sender<Work>,
    done: Receiver<()>,
    thread: JoinHandle<()>,
}

/// The thread of a model ended in the middle of its work.
#[derive(Debug)]
pub struct Died;

impl Resident {
    /// Loads the model; returns when it is ready for jobs. `None` when its thread died of it.
    pub fn start(
        load: LoadModel,
        purpose: Purpose,
        shared: Shared,
    ) -> Option<Result<Self, load::LoadError>> {
        let (ready_in, ready) = mpsc::channel();
        let (jobs, jobs_out) = mpsc::channel();
        let (done_in, done) = mpsc::channel();
        let request = load.clone();
        let body = move || live(&request, purpose, &shared, &ready_in, &jobs_out, &done_in);
        let thread = std::thread::Builder::new()
            .name("model".to_owned())
            .spawn(body)
            .ok()?;
        Some(ready.recv().ok()?.map(|loaded| Self {
            load,
            purpose,
            loaded,
            jobs,
            done,
            thread,
        }))
    }

    /// Returns when the job's last message has been sent.
    pub fn answer(&self, work: Work) -> Result<(), Died> {
        self.jobs.send(work).map_err(|_| Died)?;
        self.done.recv().map_err(|_| Died)
    }

    /// Returns when the memory has been given back.
    pub fn unload(self) {
        drop(self.jobs);
        // A thread that panicked has told so in the log.
        let _ = self.thread.join();
    }
}

/// The thread's life.
fn live(
    request: &LoadModel,
    purpose: Purpose,
    shared: &Shared,
    ready: &Sender<Result<FromEngine, load::LoadError>>,
    jobs: &Receiver<Work>,
    done: &Sender<()>,
) {
    let started = Instant::now();
    let path = Path::new(&request.path);
    let inspected = match purpose {
        Purpose::Write => load::inspect(path),
        Purpose::Embed => embed::inspect(path),
    };
    let header = match inspected {
        Ok(header) => header,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let progress = reporter(request.model.clone(), shared);
    let (model, gpu_layers) =
        match load::weights(&shared.backend, request, &header, &shared.log, progress) {
            Ok(loaded) => loaded,
            Err(_) if shared.requests.is_ending() => {
                let path = request.path.clone().into();
                return drop(ready.send(Err(load::LoadError::Ending { path })));
            }
            Err(error) => return drop(ready.send(Err(error))),
        };
    let before = machine::private_bytes();
    let gpu_before = machine::gpu_bytes();
    let made = match purpose {
        Purpose::Write => load::context(&shared.backend, &model, request, &shared.log),
        Purpose::Embed => embed::context(&shared.backend, &model, request),
    };
    let context = match made {
        Ok(context) => context,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let for_context = match (before, machine::private_bytes()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => context.get_state_size() as u64,
    };
    let for_context = for_context + machine::gpu_bytes().saturating_sub(gpu_before);
    let loaded = FromEngine::Loaded {
        model: request.model.clone(),
        seconds: started.elapsed().as_secs_f64(),
        bytes: model.size() + for_context,
        gpu_layers,
        context: context.n_ctx(),
        architecture: header.architecture,
    };
    let (outbox, requests) = (shared.outbox.clone(), Arc::clone(&shared.requests));
    let mut answer: Box<dyn FnMut(Work) + '_> = match purpose {
        Purpose::Write => {
            let mut speaker = Speaker::new(&model, context, outbox, requests);
            Box::new(move |work| match work {
                Work::Generate(job) => speaker.answer(&job),
                Work::Embed(request) => unfit(shared, request.id, request.model, "to write"),
            })
        }
        Purpose::Embed => {
            let mut reader = Reader::new(&model, context, outbox, requests);
            Box::new(move |work| match work {
                Work::Embed(request) => reader.answer(&request),
                Work::Generate(job) => {
                    shared.requests.finish(job.request.id);
                    unfit(shared, job.request.id, job.request.model, "to read");
                }
            })
        }
    };
    if ready.send(Ok(loaded)).is_err() {
        return;
    }
    while let Ok(work) = jobs.recv() {
        answer(work);
        if done.send(()).is_err() {
            return;
        }
    }
}

/// It was loaded for something else.
fn unfit(shared: &Shared, id: u64, model: String, purpose: &str) {
    shared.outbox.send(&FromEngine::Failed {
        id: Some(id),
        message: format!("{model} was loaded {purpose}"),
        model: Some(model),
        hint: Some("load it under another name for this".to_owned()),
    });
}

/// Tells the kernel how far a load is, and llama.cpp whether to go on.
fn reporter(model: String, shared: &Shared) -> impl FnMut(f32) -> bool + Clone + 'static {
    let Shared {
        outbox, requests, ..
    } = shared.clone();
    let mut last: Option<Instant> = None;
    move |fraction| {
        if last.is_none_or(|last| last.elapsed() >= PROGRESS_EVERY) || fraction >= 1.0 {
            last = Some(Instant::now());
            let model = model.clone();
            outbox.send(&FromEngine::LoadProgress { model, fraction });
        }
        !requests.is_ending() && !outbox.is_closed()
    }
}
