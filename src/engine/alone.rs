//! An engine process without a kernel, for measuring: one request at a time, and what came of it.

use std::io::{self, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::wire::engine::{FromEngine, Generate, Generated, LoadModel, THREAD_PATIENCE, ToEngine};
use crate::wire::frame::{self, FrameError};

#[derive(Debug, thiserror::Error)]
pub enum AloneError {
    #[error("could not start the engine")]
    Start(#[source] io::Error),
    #[error("could not speak with the engine")]
    Frame(#[from] FrameError),
    #[error("the engine ended")]
    Ended,
    #[error("the engine failed: {message}{}", hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default())]
    Failed {
        message: String,
        hint: Option<String>,
    },
}

/// What loading a model took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loaded {
    pub seconds: f64,
    pub bytes: u64,
}

/// The engine process; it ends with this value.
pub struct EngineAlone {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    backend: String,
    next: u64,
    /// Where its log lies.
    _folder: TempDir,
}

impl EngineAlone {
    /// Starts this same binary as `batos engine` and waits until it is ready.
    pub fn start() -> Result<Self, AloneError> {
        let folder = tempfile::tempdir().map_err(AloneError::Start)?;
        let binary = std::env::current_exe().map_err(AloneError::Start)?;
        let (variable, patience) = THREAD_PATIENCE;
        let mut child = Command::new(binary)
            .env(
                variable,
                std::env::var_os(variable).unwrap_or_else(|| patience.into()),
            )
            .arg("engine")
            .arg("--log")
            .arg(folder.path().join("engine.log"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(AloneError::Start)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(AloneError::Ended);
        };
        let mut engine = Self {
            child,
            input,
            output: BufReader::new(output),
            backend: String::new(),
            next: 0,
            _folder: folder,
        };
        loop {
            if let FromEngine::Ready { backend, .. } = engine.next()? {
                engine.backend = backend;
                return Ok(engine);
            }
        }
    }

    pub fn backend(&self) -> &str {
        &self.backend
    }

    pub fn load(&mut self, model: LoadModel) -> Result<Loaded, AloneError> {
        self.send(&ToEngine::Load(model))?;
        loop {
            if let FromEngine::Loaded { seconds, bytes, .. } = self.next()? {
                return Ok(Loaded { seconds, bytes });
            }
        }
    }

    /// The request's number is given here.
    pub fn generate(&mut self, mut request: Generate) -> Result<Generated, AloneError> {
        request.id = self.next;
        self.next += 1;
        self.send(&ToEngine::Generate(Box::new(request)))?;
        loop {
            if let FromEngine::Done(generated) = self.next()? {
                return Ok(*generated);
            }
        }
    }

    fn send(&mut self, message: &ToEngine) -> Result<(), AloneError> {
        Ok(frame::write_sync(&mut self.input, message)?)
    }

    fn next(&mut self) -> Result<FromEngine, AloneError> {
        match frame::read_sync(&mut self.output)? {
            Some(FromEngine::Failed { message, hint, .. }) => {
                Err(AloneError::Failed { message, hint })
            }
            Some(message) => Ok(message),
            None => Err(AloneError::Ended),
        }
    }
}

impl Drop for EngineAlone {
    fn drop(&mut self) {
        // It holds nothing that could be lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
