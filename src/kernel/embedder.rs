//! The kernel's second engine process: it turns texts into vectors, beside the one that writes.
//!
//! It starts when it is first needed, so that a search never waits for what a persona is writing, and it may
//! die at any moment: whoever asked then searches by words alone, and the next one starts it again.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::wire::engine::{Embed, FromEngine, LoadModel, THREAD_PATIENCE, ToEngine};
use crate::wire::frame;

/// How long one answer may take; a model of this kind loads in a second and reads a text in some milliseconds.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long nothing is tried after a failure.
const REST: Duration = Duration::from_secs(30);

/// How to start the process, and what it loads.
#[derive(Debug, Clone)]
pub struct EmbedderOptions {
    pub program: PathBuf,
    pub log: PathBuf,
    /// `None` where the person wants none.
    pub load: Option<LoadModel>,
}

/// Why there are no vectors.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EmbedError {
    #[error("no embedding model is set")]
    Off,
    #[error("the embedding model is missing ({0}); `batos model fetch` fetches it")]
    Missing(String),
    #[error("the embedding model does not work: {0}")]
    Trouble(String),
}

pub struct Embedder {
    options: EmbedderOptions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    process: Option<Process>,
    requests: u64,
    failed: Option<(Instant, String)>,
}

struct Process {
    child: Child,
    to: BufWriter<ChildStdin>,
    from: Receiver<FromEngine>,
}

impl Embedder {
    pub fn new(options: EmbedderOptions) -> Self {
        Self {
            options,
            state: Mutex::default(),
        }
    }

    /// What the vectors are of: the file and its size, so that another file has others.
    pub fn model(&self) -> Result<(String, String), EmbedError> {
        let load = self.options.load.as_ref().ok_or(EmbedError::Off)?;
        let bytes = std::fs::metadata(&load.path)
            .map_err(|_| EmbedError::Missing(load.path.clone()))?
            .len();
        Ok((load.model.clone(), format!("{} {bytes}", load.path)))
    }

    /// One vector a text.
    pub fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.model()?;
        let load = self.options.load.as_ref().ok_or(EmbedError::Off)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((when, why)) = &state.failed
            && when.elapsed() < REST
        {
            return Err(EmbedError::Trouble(why.clone()));
        }
        let count = texts.len();
        match state.ask(&self.options, load, texts) {
            Ok(vectors) if vectors.len() == count => {
                state.failed = None;
                Ok(vectors)
            }
            Ok(_) => Err(state.fail("it gave another number of vectors".to_owned())),
            Err(why) => Err(state.fail(why)),
        }
    }

    /// Ends the process.
    pub fn stop(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.end();
    }
}

impl State {
    fn ask(
        &mut self,
        options: &EmbedderOptions,
        load: &LoadModel,
        texts: Vec<String>,
    ) -> Result<Vec<Vec<f32>>, String> {
        if self.process.is_none() {
            self.process = Some(start(options, load)?);
        }
        let process = self.process.as_mut().ok_or("it is not there")?;
        self.requests += 1;
        let id = self.requests;
        process.send(&ToEngine::Embed(Box::new(Embed {
            id,
            model: load.model.clone(),
            texts,
        })))?;
        loop {
            match process.next()? {
                FromEngine::Embedded { id: of, vectors } if of == id => return Ok(vectors),
                FromEngine::Failed { message, .. } => return Err(message),
                _ => {}
            }
        }
    }

    fn fail(&mut self, why: String) -> EmbedError {
        self.end();
        self.failed = Some((Instant::now(), why.clone()));
        EmbedError::Trouble(why)
    }

    fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It has nothing to lose.
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.end();
    }
}

impl Process {
    fn send(&mut self, message: &ToEngine) -> Result<(), String> {
        frame::write_sync(&mut self.to, message).map_err(|error| error.to_string())
    }

    fn next(&mut self) -> Result<FromEngine, String> {
        self.from
            .recv_timeout(PATIENCE)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => "it does not answer".to_owned(),
                RecvTimeoutError::Disconnected => {
                    "its process has ended; the engine's log has the details".to_owned()
                }
            })
    }
}

fn start(options: &EmbedderOptions, load: &LoadModel) -> Result<Process, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", options.program.display());
    let log = File::options()
        .create(true)
        .append(true)
        .open(&options.log)
        .map_err(failed)?;
    let (variable, patience) = THREAD_PATIENCE;
    let patience = std::env::var_os(variable).unwrap_or_else(|| patience.into());
    let mut child = Command::new(&options.program)
        .arg("engine")
        .arg("--log")
        .arg(&options.log)
        .env(variable, patience)
        // It reads on the CPU; only to look at a GPU takes some hundred megabytes of its memory.
        .env("CUDA_VISIBLE_DEVICES", "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::from(log))
        .spawn()
        .map_err(failed)?;
    let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("its pipes are missing".to_owned());
    };
    let (sender, receiver) = channel();
    let read = move || {
        let mut from = BufReader::new(from);
        while let Ok(Some(message)) = frame::read_sync::<FromEngine>(&mut from) {
            if sender.send(message).is_err() {
                return;
            }
        }
    };
    let mut process = Process {
        child,
        to: BufWriter::new(to),
        from: receiver,
    };
    let ready = std::thread::Builder::new()
        .name("vectors-reader".to_owned())
        .spawn(read)
        .map_err(failed)
        .and_then(|_| process.load(load));
    if ready.is_err() {
        let _ = process.child.kill();
        let _ = process.child.wait();
    }
    ready.map(|()| process)
}

impl Process {
    fn load(&mut self, load: &LoadModel) -> Result<(), String> {
        self.send(&ToEngine::LoadEmbedding(load.clone()))?;
        loop {
            match self.next()? {
                FromEngine::Loaded { .. } => return Ok(()),
                FromEngine::Failed { message, .. } => return Err(message),
                _ => {}
            }
        }
    }
}
