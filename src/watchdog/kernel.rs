//! One kernel process: started as a child, or found running and adopted.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use super::pidfd::ProcessHandle;
use super::{Options, WatchdogError};
use crate::wire::own_binary::own_binary;
use crate::wire::pidfile::{Holder, Pidfile};
use crate::wire::pipe::INHERITED_PIPE_VARIABLE;

/// A kernel's own output beyond this is moved to `kernel.log.1` before the next start.
const OUTPUT_LIMIT_BYTES: u64 = 8 << 20;

#[derive(Debug)]
pub(super) struct Kernel {
    pid: u32,
    process: Process,
}

#[derive(Debug)]
enum Process {
    Child(Box<Child>),
    /// Not our child: how it ended is told by its pid file.
    Adopted {
        handle: ProcessHandle,
        pidfile: PathBuf,
    },
}

/// How a kernel ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It was told to stop and did.
    Stopped,
    Died(String),
}

impl Kernel {
    /// The kernel that already runs for this home, if one does.
    pub fn adopt(pidfile: &Path) -> io::Result<Option<Self>> {
        let running = || Pidfile::holder(pidfile).map_err(io::Error::other);
        let Holder::Running(pid) = running()? else {
            return Ok(None);
        };
        let raw = i32::try_from(pid).map_err(io::Error::other)?;
        if raw == 0 {
            let message = format!("somebody holds {} without saying who", pidfile.display());
            return Err(io::Error::other(message));
        }
        let handle = match ProcessHandle::open(raw) {
            Ok(handle) => handle,
            Err(error) if error.raw_os_error() == Some(nix::libc::ESRCH) => return Ok(None),
            Err(error) => return Err(error),
        };
        // It may have ended, and its number been taken, before the handle was opened.
        if running()? != Holder::Running(pid) {
            return Ok(None);
        }
        Ok(Some(Self {
            pid,
            process: Process::Adopted {
                handle,
                pidfile: pidfile.to_owned(),
            },
        }))
    }

    /// Starts `batos kernel`, which inherits the missions pipe and nothing else that is open here.
    pub fn start(
        options: &Options,
        missions: impl AsFd,
        restarts: u32,
        safe_mode: bool,
    ) -> Result<Self, WatchdogError> {
        let command = match &options.kernel_command {
            Some(command) => command.clone(),
            None => own_binary().map_err(|source| WatchdogError::System {
                attempt: "find this program's own file",
                source,
            })?,
        };
        Self::spawn(&command, options, missions, restarts, safe_mode)
            .map_err(|source| WatchdogError::Spawn { command, source })
    }

    fn spawn(
        program: &Path,
        options: &Options,
        missions: impl AsFd,
        restarts: u32,
        safe_mode: bool,
    ) -> io::Result<Self> {
        let output = open_output(&options.home.kernel_log())?;
        let mut command = Command::new(program);
        command
            .arg0("batos")
            .arg("kernel")
            .arg("--home")
            .arg(&options.home.root)
            .arg("--restarts")
            .arg(restarts.to_string());
        if safe_mode {
            command.arg("--safe-mode");
        }
        command
            .args(&options.kernel_arguments)
            .env(
                INHERITED_PIPE_VARIABLE,
                missions.as_fd().as_raw_fd().to_string(),
            )
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            // A signal to the watchdog's group is not meant for the kernel.
            .process_group(0)
            .kill_on_drop(false);
        // This thread is the only one that starts programs, so no other child can slip in between.
        fcntl(&missions, FcntlArg::F_SETFD(FdFlag::empty()))?;
        let spawned = command.spawn();
        fcntl(&missions, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        let child = spawned?;
        Ok(Self {
            pid: child.id().unwrap_or_default(),
            process: Process::Child(Box::new(child)),
        })
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns when it has ended. Cancel safe.
    pub async fn ended(&mut self) -> io::Result<End> {
        match &mut self.process {
            Process::Child(child) => {
                let status = child.wait().await?;
                Ok(match status.code() {
                    Some(0) => End::Stopped,
                    _ => End::Died(status.to_string()),
                })
            }
            Process::Adopted { handle, pidfile } => {
                handle.ended().await?;
                Ok(match Pidfile::holder(pidfile).map_err(io::Error::other)? {
                    Holder::Nobody => End::Stopped,
                    _ => End::Died("it was not told to stop".to_owned()),
                })
            }
        }
    }

    /// Sends a signal; one that has ended already is no failure.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        let result = match &self.process {
            Process::Adopted { handle, .. } => handle.signal(signal),
            // Without an id it has been waited for.
            Process::Child(child) => match child.id().map(i32::try_from) {
                Some(Ok(pid)) => {
                    nix::sys::signal::kill(Pid::from_raw(pid), signal).map_err(Into::into)
                }
                _ => Ok(()),
            },
        };
        match result {
            Err(error) if error.raw_os_error() == Some(nix::libc::ESRCH) => Ok(()),
            result => result,
        }
    }
}

/// What the kernel itself prints: a panic, a refusal to start.
fn open_output(path: &Path) -> io::Result<File> {
    if fs::metadata(path).is_ok_and(|file| file.len() > OUTPUT_LIMIT_BYTES) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}
