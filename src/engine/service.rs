//! The engine's two loops: one reads requests and notes cancellations at once, one works them off in order.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use llama_cpp_2::llama_backend::LlamaBackend;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::engine::outbox::Outbox;
use crate::engine::request::Requests;
use crate::engine::resident::{Job, Purpose, Resident, Shared, Work};
use crate::engine::{gpu, machine, note};
use crate::wire::engine::{
    ENGINE_PROTOCOL_VERSION, Embed, FromEngine, Generate, LoadModel, ToEngine,
};
use crate::wire::frame;

/// How long the work under way has to notice that the engine ends. One chunk of a large model on a slow
/// machine takes longer than anybody wants to wait; there is nothing to save.
const GRACE: Duration = Duration::from_millis(1500);

/// What the worker does, in order.
enum Order {
    Load(LoadModel, Purpose),
    Unload(String),
    Generate(Job),
    Embed(Box<Embed>),
}

/// Serves until the input ends or `Shutdown` comes.
pub fn serve(input: BufReader<File>, output: File, log: &Path) -> ExitCode {
    let outbox = Outbox::new(output);
    let backend = match LlamaBackend::init() {
        Ok(backend) => Arc::new(backend),
        Err(error) => {
            note(&format!("could not start llama.cpp: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let requests = Arc::new(Requests::default());
    let devices = machine::devices();
    outbox.send(&FromEngine::Ready {
        version: ENGINE_PROTOCOL_VERSION,
        pid: std::process::id(),
        backend: devices.backend,
        devices: devices.lines,
        warning: devices.warning,
    });
    let (orders, orders_out) = mpsc::channel();
    let reader = {
        let (requests, outbox) = (Arc::clone(&requests), outbox.clone());
        let body = move || read(input, orders, &requests, &outbox);
        std::thread::Builder::new()
            .name("reader".to_owned())
            .spawn(body)
    };
    if let Err(error) = reader {
        note(&format!("could not start a thread: {error}"));
        return ExitCode::FAILURE;
    }
    let shared = Shared {
        backend,
        outbox,
        requests,
        log: Arc::from(log),
    };
    work(&orders_out, &shared);
    ExitCode::SUCCESS
}

/// Reads until the kernel closes the stream, dies, or sends `Shutdown`; then sees to it that the process ends.
fn read(mut input: BufReader<File>, orders: Sender<Order>, requests: &Requests, outbox: &Outbox) {
    loop {
        let message = match frame::read_sync::<ToEngine>(&mut input) {
            Ok(Some(message)) => message,
            Ok(None) => break,
            Err(error) => {
                note(&format!("{error}"));
                break;
            }
        };
        let order = match message {
            ToEngine::Shutdown => break,
            ToEngine::Cancel { id } => {
                requests.cancel(id);
                continue;
            }
            ToEngine::StopCandidate { id, candidate } => {
                requests.stop(id, candidate);
                continue;
            }
            ToEngine::Load(load) => Order::Load(load, Purpose::Write),
            ToEngine::LoadEmbedding(load) => Order::Load(load, Purpose::Embed),
            ToEngine::Embed(request) => Order::Embed(request),
            ToEngine::Unload { model } => Order::Unload(model),
            ToEngine::Generate(request) => {
                let Some(wishes) = requests.register(request.id) else {
                    outbox.send(&not_taken(&request));
                    continue;
                };
                Order::Generate(Job { request, wishes })
            }
        };
        if orders.send(order).is_err() {
            break;
        }
    }
    requests.end();
    drop(orders);
    std::thread::sleep(GRACE);
    note("the work under way did not end in time");
    let _ = kill(Pid::this(), Signal::SIGKILL);
}

/// Works the orders off until there can be no more, or the engine is to end.
fn work(orders: &Receiver<Order>, shared: &Shared) {
    let mut models: BTreeMap<String, Resident> = BTreeMap::new();
    let mut gpus_are_watched = false;
    // The reader hangs up when it ends, which ends the wait.
    while let Ok(order) = orders.recv() {
        if shared.requests.is_ending() || shared.outbox.is_closed() {
            break;
        }
        match order {
            Order::Load(load, purpose) => {
                // The process that only reads has nothing on them, and would tell what the other one tells.
                if purpose == Purpose::Write && !gpus_are_watched {
                    gpus_are_watched = true;
                    gpu::watch(shared.outbox.clone());
                }
                take_in(&mut models, load, purpose, shared);
            }
            Order::Unload(name) => {
                let answer = match models.remove(&name) {
                    Some(resident) => {
                        resident.unload();
                        FromEngine::Unloaded { model: name }
                    }
                    None => unknown(None, name),
                };
                shared.outbox.send(&answer);
            }
            Order::Generate(job) => generate(&mut models, job, shared),
            Order::Embed(request) => {
                let (id, model) = (request.id, request.model.clone());
                answer(&mut models, id, model, Work::Embed(request), shared);
            }
        }
    }
    for (_, resident) in models {
        resident.unload();
    }
}

fn take_in(
    models: &mut BTreeMap<String, Resident>,
    load: LoadModel,
    purpose: Purpose,
    shared: &Shared,
) {
    let name = load.model.clone();
    if let Some(resident) = models.remove(&name) {
        if resident.load == load && resident.purpose == purpose {
            shared.outbox.send(&resident.loaded);
            models.insert(name, resident);
            return;
        }
        // The same name for something else: the old one first gives its memory back.
        resident.unload();
    }
    let (message, hint) = match Resident::start(load, purpose, shared.clone()) {
        Some(Ok(resident)) => {
            shared.outbox.send(&resident.loaded);
            models.insert(name, resident);
            return;
        }
        Some(Err(error)) => (error.to_string(), error.hint()),
        None => (
            "loading the model ended its thread".to_owned(),
            "the engine's log has the details".to_owned(),
        ),
    };
    shared.outbox.send(&FromEngine::Failed {
        id: None,
        model: Some(name),
        message,
        hint: Some(hint),
    });
}

fn generate(models: &mut BTreeMap<String, Resident>, job: Job, shared: &Shared) {
    let (id, model) = (job.request.id, job.request.model.clone());
    answer(models, id, model, Work::Generate(job), shared);
}

fn answer(
    models: &mut BTreeMap<String, Resident>,
    id: u64,
    name: String,
    work: Work,
    shared: &Shared,
) {
    let Some(resident) = models.get(&name) else {
        shared.requests.finish(id);
        shared.outbox.send(&unknown(Some(id), name));
        return;
    };
    if resident.answer(work).is_err() {
        if let Some(dead) = models.remove(&name) {
            dead.unload();
        }
        shared.requests.finish(id);
        shared.outbox.send(&FromEngine::Failed {
            id: Some(id),
            model: Some(name),
            message: "answering ended the model's thread, and the model is unloaded".to_owned(),
            hint: Some("load it again; the engine's log has the details".to_owned()),
        });
    }
}

fn not_taken(request: &Generate) -> FromEngine {
    FromEngine::Failed {
        id: Some(request.id),
        model: Some(request.model.clone()),
        message: "could not take the generation: its number is in use, or too many wait".to_owned(),
        hint: Some("give each generation a number of its own".to_owned()),
    }
}

fn unknown(id: Option<u64>, name: String) -> FromEngine {
    FromEngine::Failed {
        id,
        message: format!("no model named {name} is loaded"),
        model: Some(name),
        hint: Some("load it first".to_owned()),
    }
}
