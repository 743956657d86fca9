//! Tests of `engine`: the real process `batos engine`, spoken to in frames, with a small real model.
//!
//! Models are looked for in `$BATOS_MODELS`, else `$XDG_CACHE_HOME/batos/models`. Without one a test says so
//! and passes, unless `BATOS_REQUIRE_MODELS=1`. `$BATOS_ENGINE` may name another binary that has `engine`.

mod embedding;
mod files;
mod process;
mod scripted;
mod writing;

use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use batos::wire::engine::*;
use batos::wire::frame;

pub const SMALL: &str = "smollm2-135m-instruct-q4_1.gguf";

/// Where the model file is; `None` (and a line that says so) when it is not there.
pub fn model(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("BATOS_MODELS")
        .map(PathBuf::from)
        .unwrap_or_else(|| {
            let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
            cache.unwrap_or_default().join("batos/models")
        });
    let path = folder.join(file);
    if path.is_file() {
        return Some(path);
    }
    assert!(
        std::env::var("BATOS_REQUIRE_MODELS").as_deref() != Ok("1"),
        "no model: {} is missing",
        path.display()
    );
    eprintln!("skipped: no model ({} is missing)", path.display());
    None
}

/// A running engine; killed when dropped. Its messages arrive on a thread, so that no test waits for ever.
pub struct Engine {
    pub child: Child,
    pub input: Option<ChildStdin>,
    messages: Receiver<FromEngine>,
    pub log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Engine {
    pub fn start() -> Self {
        let binary =
            std::env::var_os("BATOS_ENGINE").unwrap_or_else(|| env!("CARGO_BIN_EXE_batos").into());
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("engine.log");
        let mut command = Command::new(binary);
        command.arg("engine").arg("--log").arg(&log);
        Self::spawn(command, log, folder)
    }

    pub fn spawn(mut command: Command, log: PathBuf, folder: tempfile::TempDir) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output: ChildStdout = child.stdout.take().unwrap();
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            while let Ok(Some(message)) = frame::read_sync::<FromEngine>(&mut output) {
                // They come whenever they come.
                if matches!(message, FromEngine::Gpus(_)) {
                    continue;
                }
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            input: child.stdin.take(),
            child,
            messages,
            log,
            _folder: folder,
        }
    }

    pub fn send(&mut self, message: &ToEngine) {
        frame::write_sync(self.input.as_mut().unwrap(), message).unwrap();
    }

    /// The next message; `None` when the engine has closed its side.
    pub fn next(&self) -> Option<FromEngine> {
        match self.messages.recv_timeout(Duration::from_secs(240)) {
            Ok(message) => Some(message),
            Err(mpsc::RecvTimeoutError::Disconnected) => None,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the engine said nothing for minutes"),
        }
    }

    pub fn ready(self) -> Self {
        assert!(matches!(self.next(), Some(FromEngine::Ready { .. })));
        self
    }

    /// An engine with the small model loaded under the name `small`.
    pub fn with_small_model() -> Option<Self> {
        let path = model(SMALL)?;
        let mut engine = Self::start().ready();
        let loaded = engine.load(load(&path));
        assert!(matches!(loaded, FromEngine::Loaded { .. }), "{loaded:?}");
        Some(engine)
    }

    /// Sends a load and returns its last message.
    pub fn load(&mut self, load: LoadModel) -> FromEngine {
        self.send(&ToEngine::Load(load));
        loop {
            match self.next().unwrap() {
                FromEngine::LoadProgress { .. } => {}
                last => return last,
            }
        }
    }

    /// Sends a generation and returns its last message and what was streamed of each candidate.
    pub fn generate(&mut self, request: Generate) -> (FromEngine, Vec<String>) {
        let mut streamed = vec![String::new(); request.samples.len()];
        self.send(&ToEngine::Generate(Box::new(request)));
        loop {
            match self.next().unwrap() {
                FromEngine::PromptProgress { .. } => {}
                FromEngine::Token {
                    candidate, text, ..
                } => streamed[candidate as usize].push_str(&text),
                last => return (last, streamed),
            }
        }
    }

    /// The same for one that must succeed.
    pub fn done(&mut self, request: Generate) -> Generated {
        let (last, streamed) = self.generate(request);
        let FromEngine::Done(generated) = last else {
            panic!("{last:?}")
        };
        let texts: Vec<&String> = generated
            .candidates
            .iter()
            .map(|candidate| &candidate.text)
            .collect();
        assert_eq!(texts, streamed.iter().collect::<Vec<_>>());
        *generated
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// On a machine with a GPU the same tests can have the models there.
pub fn gpu_layers() -> i32 {
    let set = std::env::var("BATOS_TEST_GPU_LAYERS").ok();
    set.map_or(0, |layers| layers.parse().unwrap())
}

pub fn load(path: &std::path::Path) -> LoadModel {
    LoadModel {
        model: "small".into(),
        path: path.to_str().unwrap().into(),
        gpu_layers: gpu_layers(),
        threads: 1,
        context: 1024,
        mmap: true,
    }
}

pub fn turn(role: &str, content: &str) -> Turn {
    Turn {
        role: role.into(),
        content: content.into(),
    }
}

/// A greedy request for 12 tokens.
pub fn request(id: u64, content: &str) -> Generate {
    Generate {
        id,
        model: "small".into(),
        turns: vec![turn("user", content)],
        prefix: String::new(),
        constraint: Constraint::None,
        samples: vec![sampling(1, 0.0)],
        max_tokens: 12,
        stop: Stop::None,
    }
}

pub fn sampling(seed: u64, temperature: f32) -> Sampling {
    Sampling {
        seed,
        temperature,
        top_p: 0.95,
    }
}
