//! A confined job: a program that reads only what it is given, writes only its own folder, reaches no
//! network and no other process, and ends within limits of time, memory and output.
//!
//! Files are confined by Landlock, the network and dangerous system calls by seccomp, the rest by resource
//! limits; the job is its own session and is killed whole. Where the kernel has no Landlock, nothing runs.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
#[path = "confine_linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "confine_elsewhere.rs"]
mod system;

/// What a job may touch.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Files, and folders with all that is in them; those that do not exist are left out.
    pub read: Vec<PathBuf>,
    /// The job's own folder: read and written, not executed. Also its working and temporary folder.
    pub folder: PathBuf,
}

/// What a job may use up.
#[derive(Debug, Clone, Copy)]
pub struct JobLimits {
    /// From start to end; then the whole job is killed.
    pub wall: Duration,
    /// Seconds of processor time, each process.
    pub cpu_seconds: u64,
    /// Bytes of address space, each process.
    pub memory_bytes: u64,
    /// Bytes of each file written.
    pub file_bytes: u64,
    /// Bytes of standard output and standard error, each.
    pub output_bytes: usize,
}

/// What a job did.
#[derive(Debug)]
pub struct JobOutput {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// The limit for which it was stopped, in words.
    pub stopped: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    #[error("cannot confine a job here: {why}")]
    Unsupported { why: String },
    #[error("cannot run {} confined", program.display())]
    Run {
        program: PathBuf,
        source: std::io::Error,
    },
}

/// What confines a job on this machine, in words, or why nothing can.
pub fn confinement() -> Result<String, ConfineError> {
    system::describe()
}

/// Runs `program` confined, with nothing inherited: no environment but `environment`, no open file.
pub fn run_confined(
    program: &Path,
    arguments: &[String],
    environment: &[(&str, String)],
    access: &Access,
    limits: &JobLimits,
) -> Result<JobOutput, ConfineError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)));
    command
        .env("TMPDIR", &access.folder)
        .current_dir(&access.folder);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    system::confine(&mut command, access, limits)?;
    let failed = |source| ConfineError::Run {
        program: program.to_path_buf(),
        source,
    };
    let child = command.spawn().map_err(failed)?;
    watch(child, limits).map_err(failed)
}

/// Collects the output and ends the job when a limit is passed.
fn watch(mut child: Child, limits: &JobLimits) -> std::io::Result<JobOutput> {
    let deadline = Instant::now() + limits.wall;
    let (sender, events) = mpsc::channel();
    let most = limits.output_bytes;
    let stdout = child
        .stdout
        .take()
        .map(|pipe| collect(pipe, most, sender.clone()));
    let stderr = child.stderr.take().map(|pipe| collect(pipe, most, sender));
    let mut stopped = None;
    // Each reader reports once, when its pipe is closed or too full.
    for _ in 0..2 {
        match events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(true) | Err(RecvTimeoutError::Disconnected) => {}
            Ok(false) => {
                stopped = Some(format!("it wrote more than {most} bytes"));
                break;
            }
            Err(RecvTimeoutError::Timeout) => {
                stopped = Some(format!(
                    "it took longer than {} s",
                    limits.wall.as_secs_f64()
                ));
                break;
            }
        }
    }
    // A job that has closed its output is about to end, unless it means to hide.
    while stopped.is_none() && !system::has_ended(&child)? {
        if Instant::now() >= deadline {
            stopped = Some(format!(
                "it took longer than {} s",
                limits.wall.as_secs_f64()
            ));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    // Before the leader is reaped its number cannot belong to anybody else.
    system::kill_session(&child);
    let status = child.wait()?;
    let text = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
        reader.and_then(|r| r.join().ok()).unwrap_or_default()
    };
    let stopped = stopped.or_else(|| system::limit_passed(status));
    Ok(JobOutput {
        status,
        stdout: text(stdout),
        stderr: text(stderr),
        stopped,
    })
}

fn collect(
    pipe: impl Read + Send + 'static,
    most: usize,
    done: mpsc::Sender<bool>,
) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let read = pipe.take(limit).read_to_end(&mut bytes);
        // The other end is gone only when the job has been stopped already.
        let _ = done.send(read.is_err() || bytes.len() <= most);
        bytes.truncate(most);
        bytes
    })
}
