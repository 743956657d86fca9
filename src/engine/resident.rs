//! A resident model: a thread that owns the weights and the context, and answers one job after the other.
//!
//! The context borrows the weights; both live on the thread's stack, so that unloading is the thread's end.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;

use crate::engine::answer::Speaker;
use crate::engine::embed::{self, Reader};
use crate::engine::gguf::Header;
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
    let path = Path::new(&request.path);
    let inspected = match purpose {
        Purpose::Write => load::inspect(path),
        Purpose::Embed => embed::inspect(path),
    };
    let header = match inspected {
        Ok(header) => header,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let place = Place {
        request,
        purpose,
        shared,
        header: &header,
        started: Instant::now(),
    };
    let mut failed = None;
    for gpu_layers in load::attempts(request, &header) {
        match place.stay(gpu_layers, ready, jobs, done) {
            Ok(()) => return,
            Err(_) if shared.requests.is_ending() => {
                let path = request.path.clone().into();
                return drop(ready.send(Err(load::LoadError::Ending { path })));
            }
            Err(error) => failed = Some(error),
        }
    }
    if let Some(error) = failed {
        // Nobody waits any more when the engine ends.
        let _ = ready.send(Err(error));
    }
}

/// A model on its way into memory.
struct Place<'a> {
    request: &'a LoadModel,
    purpose: Purpose,
    shared: &'a Shared,
    header: &'a Header,
    started: Instant,
}

impl Place<'_> {
    /// Loads with so many layers on the GPU and answers until there are no more jobs; an error when it did not
    /// fit, and then it has left nothing behind.
    fn stay(
        &self,
        gpu_layers: u32,
        ready: &Sender<Result<FromEngine, load::LoadError>>,
        jobs: &Receiver<Work>,
        done: &Sender<()>,
    ) -> Result<(), load::LoadError> {
        let Shared { backend, log, .. } = self.shared;
        let request = self.request;
        let gpu_before = machine::gpu_bytes();
        let progress = reporter(request.model.clone(), self.shared);
        let model = load::weights(backend, request, gpu_layers, log, progress)?;
        let (before, gpu_weights) = (machine::private_bytes(), machine::gpu_bytes());
        let context = match self.purpose {
            Purpose::Write => load::context(backend, &model, request, gpu_layers, log),
            Purpose::Embed => embed::context(backend, &model, request),
        }?;
        let for_context = match (before, machine::private_bytes()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => context.get_state_size() as u64,
        };
        let gpu_after = machine::gpu_bytes();
        let loaded = FromEngine::Loaded {
            model: request.model.clone(),
            seconds: self.started.elapsed().as_secs_f64(),
            bytes: model.size() + for_context + gpu_after.saturating_sub(gpu_weights),
            gpu_bytes: gpu_after.saturating_sub(gpu_before),
            gpu_layers,
            layers: load::layers(self.header),
            context: context.n_ctx(),
            architecture: self.header.architecture.clone(),
        };
        let mut answer = self.answerer(&model, context);
        if ready.send(Ok(loaded)).is_err() {
            return Ok(());
        }
        while let Ok(work) = jobs.recv() {
            answer(work);
            if done.send(()).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn answerer<'m>(
        &'m self,
        model: &'m LlamaModel,
        context: LlamaContext<'m>,
    ) -> Box<dyn FnMut(Work) + 'm> {
        let shared = self.shared;
        let (outbox, requests) = (shared.outbox.clone(), Arc::clone(&shared.requests));
        match self.purpose {
            Purpose::Write => {
                let mut speaker = Speaker::new(model, context, outbox, requests);
                Box::new(move |work| match work {
                    Work::Generate(job) => speaker.answer(&job),
                    Work::Embed(request) => unfit(shared, request.id, request.model, "to write"),
                })
            }
            Purpose::Embed => {
                let mut reader = Reader::new(model, context, outbox, requests);
                Box::new(move |work| match work {
                    Work::Embed(request) => reader.answer(&request),
                    Work::Generate(job) => {
                        shared.requests.finish(job.request.id);
                        unfit(shared, job.request.id, job.request.model, "to read");
                    }
                })
            }
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
fn reporter(model: String, shared: &Shared) -> impl FnMut(f32) -> bool + use<> {
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
