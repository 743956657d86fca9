//! Starting and stopping the system from a front-end.
//!
//! [`start_system`] forks, so it must run before the front-end has any thread or runtime. The system gets a
//! session of its own and nothing of the front-end's: not its terminal, not its open files, not its SIGHUP.

use std::ffi::{CString, OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, Signal, kill, signal};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, dup2_stderr, dup2_stdin, dup2_stdout, execv, fork, setsid};

use crate::config::{ConfigError, Home};
use crate::wire::messages::{Reply, Request, Status};
use crate::wire::pidfile::{Holder, Pidfile, PidfileError};
use crate::wire::socket::{RequestError, SocketError, connect_sync};

/// How long a start may take until the kernel answers.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long the watchdog may take to stop the kernel: its own limits, and some more.
const STOP_LIMIT: Duration = Duration::from_secs(45);
/// From each step of force to the next.
const FORCE_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// How much of the end of a log an error shows.
const LOG_TAIL_BYTES: i64 = 2000;

/// A system that is up.
#[derive(Debug, Clone, PartialEq)]
pub struct Started {
    /// It was running before.
    pub already_running: bool,
    pub status: Status,
}

/// What of a system runs, as its pid files tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    pub watchdog: Option<u32>,
    pub kernel: Option<u32>,
}

impl Running {
    pub fn nothing(self) -> bool {
        self.watchdog.is_none() && self.kernel.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    WasNotRunning,
    /// The running step was finished and everything written.
    Gracefully,
    /// Something did not stop when asked and was killed; what was acknowledged is kept all the same.
    ByForce,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Home(#[from] ConfigError),
    #[error(transparent)]
    Pidfile(#[from] PidfileError),
    #[error("could not {attempt}")]
    System {
        attempt: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("the watchdog ended at once ({how}){}", shown(log_tail))]
    WatchdogEnded { how: String, log_tail: String },
    #[error("the kernel did not answer within {} s{}", START_LIMIT.as_secs(), shown(log_tail))]
    NotReady { log_tail: String },
    #[error(transparent)]
    Socket(SocketError),
    #[error("the running kernel did not say how it is")]
    NoStatus(#[source] RequestError),
}

impl StartError {
    /// What the person can do, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Socket(error) => error.hint(),
            Self::NoStatus(error) => error.hint(),
            Self::WatchdogEnded { .. } => Some("`batos doctor` looks for the cause".to_owned()),
            Self::NotReady { .. } => Some(
                "it may still come up: see `batos status` and `batos tail`, or stop it with `batos down`".to_owned(),
            ),
            Self::Home(_) | Self::Pidfile(_) | Self::System { .. } => None,
        }
    }
}

/// Who runs for this home. Starts and waits for nothing.
pub fn is_running(home: &Home) -> Result<Running, PidfileError> {
    let running = |path: PathBuf| match Pidfile::holder(&path)? {
        Holder::Running(pid) => Ok(Some(pid)),
        Holder::Died(_) | Holder::Nobody => Ok(None),
    };
    Ok(Running {
        watchdog: running(home.watchdog_pid())?,
        kernel: running(home.kernel_pid())?,
    })
}

/// Sees to it that watchdog and kernel run, and returns when the kernel answers.
///
/// The kernel listens at `socket`. `program` is started as `program watchdog --home HOME ARGUMENTS…`. Must be called before this process has
/// any other thread. A kernel that runs without a watchdog gets one.
pub fn start_system(
    home: &Home,
    socket: &Path,
    program: &Path,
    arguments: &[OsString],
) -> Result<Started, StartError> {
    home.create()?;
    let before = is_running(home)?;
    let status = await_status(home, socket, program, arguments)?;
    Ok(Started {
        already_running: before.kernel == Some(status.kernel_pid),
        status,
    })
}

/// Stops kernel and watchdog: asks, then signals, then kills. Returns when neither runs.
pub fn stop_system(home: &Home, socket: &Path) -> Result<Stopped, StartError> {
    let running = is_running(home)?;
    if running.nothing() {
        return Ok(Stopped::WasNotRunning);
    }
    if let Some(watchdog) = running.watchdog {
        send(watchdog, Signal::SIGTERM)?;
    } else {
        // Whether it heard shows in what it does.
        let _ = ask(socket, Request::Stop);
    }
    if await_nothing(home, STOP_LIMIT)? {
        return Ok(Stopped::Gracefully);
    }
    // The watchdog first, so that it does not start another kernel.
    for step in [Signal::SIGTERM, Signal::SIGKILL] {
        let running = is_running(home)?;
        if let Some(watchdog) = running.watchdog {
            send(watchdog, Signal::SIGKILL)?;
        }
        if let Some(kernel) = running.kernel {
            send(kernel, step)?;
        }
        if await_nothing(home, FORCE_LIMIT)? {
            return Ok(Stopped::ByForce);
        }
    }
    Err(StartError::System {
        attempt: "stop the system: it withstands being killed",
        source: Errno::EBUSY.into(),
    })
}

fn await_nothing(home: &Home, limit: Duration) -> Result<bool, StartError> {
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        if is_running(home)?.nothing() {
            return Ok(true);
        }
        sleep(LOOK_PAUSE);
    }
    Ok(false)
}

/// A pid from a pid file whose lock was just seen held.
fn send(pid: u32, signal: Signal) -> Result<(), StartError> {
    match i32::try_from(pid).map(Pid::from_raw) {
        Ok(pid) if pid.as_raw() > 0 => match kill(pid, signal) {
            Ok(()) | Err(Errno::ESRCH) => Ok(()),
            Err(errno) => Err(system("signal a process of the system")(errno)),
        },
        _ => Ok(()),
    }
}

fn ask(socket: &Path, request: Request) -> Result<Reply, StartError> {
    let mut connection = connect_sync(socket).map_err(StartError::Socket)?;
    connection
        .set_timeout(Some(ANSWER_LIMIT))
        .map_err(|error| StartError::NoStatus(error.into()))?;
    connection.request(request).map_err(StartError::NoStatus)
}

/// Waits for the kernel's first answer; starts a watchdog whenever there is none, as after one that was just
/// being stopped.
fn await_status(
    home: &Home,
    socket: &Path,
    program: &Path,
    arguments: &[OsString],
) -> Result<Status, StartError> {
    let deadline = Instant::now() + START_LIMIT;
    let mut watchdog = None;
    loop {
        if watchdog.is_none() && is_running(home)?.watchdog.is_none() {
            watchdog = Some(fork_watchdog(home, program, arguments)?);
        }
        match ask(socket, Request::Status) {
            Ok(Reply::Status(status)) => return Ok(status),
            Err(StartError::Socket(
                error @ (SocketError::OtherVersion { .. } | SocketError::ForeignPeer { .. }),
            )) => return Err(StartError::Socket(error)),
            // Not there yet, or just ending: the next look tells.
            Ok(_) | Err(_) => {}
        }
        if let Some(how) = watchdog.map(ended).transpose()?.flatten() {
            // Another front-end's watchdog may have been a moment faster.
            if is_running(home)?.watchdog.is_none() {
                let log_tail = log_tail(&home.watchdog_log());
                return Err(StartError::WatchdogEnded { how, log_tail });
            }
            watchdog = None;
        }
        if Instant::now() >= deadline {
            let log_tail = log_tail(&home.kernel_log());
            return Err(StartError::NotReady { log_tail });
        }
        sleep(LOOK_PAUSE);
    }
}

/// How the child ended, if it did.
fn ended(child: Pid) -> Result<Option<String>, StartError> {
    match waitpid(child, Some(WaitPidFlag::WNOHANG)) {
        Ok(WaitStatus::Exited(_, code)) => Ok(Some(format!("exit code {code}"))),
        Ok(WaitStatus::Signaled(_, signal, _)) => Ok(Some(format!("killed by {signal}"))),
        Ok(_) => Ok(None),
        Err(errno) => Err(system("wait for the watchdog")(errno)),
    }
}

/// Everything the child needs, made before the fork: after it, the child only makes system calls.
struct Preparation {
    program: CString,
    arguments: Vec<CString>,
    folder: CString,
    nothing: File,
    log: File,
}

fn prepare(home: &Home, program: &Path, arguments: &[OsString]) -> Result<Preparation, StartError> {
    let open = |attempt, result: io::Result<File>| {
        result.map_err(|source| StartError::System { attempt, source })
    };
    let fixed = ["batos", "watchdog", "--home"].map(OsStr::new);
    let arguments = fixed
        .into_iter()
        .chain([home.root.as_os_str()])
        .chain(arguments.iter().map(OsString::as_os_str))
        .map(c_string)
        .collect::<Result<_, _>>()?;
    Ok(Preparation {
        program: c_string(program.as_os_str())?,
        arguments,
        folder: c_string(home.root.as_os_str())?,
        nothing: open(
            "open /dev/null",
            OpenOptions::new().read(true).open("/dev/null"),
        )?,
        log: open(
            "open the watchdog's log",
            OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(home.watchdog_log()),
        )?,
    })
}

fn c_string(text: &OsStr) -> Result<CString, StartError> {
    CString::new(text.as_bytes()).map_err(|error| StartError::System {
        attempt: "start the watchdog: an argument has a zero byte in it",
        source: error.into(),
    })
}

fn fork_watchdog(home: &Home, program: &Path, arguments: &[OsString]) -> Result<Pid, StartError> {
    let preparation = prepare(home, program, arguments)?;
    // SAFETY: the caller has no other thread, so no lock can be left held in the child; the child makes only
    // system calls on what was prepared, and then becomes another program or ends.
    match unsafe { fork() }.map_err(system("fork"))? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            let code = become_watchdog(&preparation).unwrap_or_else(|errno| errno as i32);
            // SAFETY: ends the child without running what the parent registered for its own end.
            unsafe { nix::libc::_exit(code) }
        }
    }
}

/// In the child: never returns unless something failed.
fn become_watchdog(preparation: &Preparation) -> Result<i32, Errno> {
    setsid()?;
    // SAFETY: ignoring a signal installs no handler. It stays ignored in the programs to come.
    unsafe { signal(Signal::SIGHUP, SigHandler::SigIgn) }?;
    nix::unistd::chdir(preparation.folder.as_c_str())?;
    dup2_stdin(preparation.nothing.as_fd())?;
    dup2_stdout(preparation.log.as_fd())?;
    dup2_stderr(preparation.log.as_fd())?;
    close_the_rest();
    execv(&preparation.program, &preparation.arguments).map(|never| match never {})
}

/// Closes what this process inherited without knowing; its own files close themselves when the program changes.
fn close_the_rest() {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: takes three integers; with CLOEXEC nothing is closed that this process still uses.
        let result = unsafe {
            nix::libc::syscall(
                nix::libc::SYS_close_range,
                3,
                nix::libc::c_uint::MAX,
                nix::libc::CLOSE_RANGE_CLOEXEC,
            )
        };
        if result == 0 {
            return;
        }
    }
    for number in 3..1024 {
        // Most are not open.
        let _ = nix::unistd::close(number);
    }
}

fn system(attempt: &'static str) -> impl Fn(Errno) -> StartError {
    move |errno| StartError::System {
        attempt,
        source: errno.into(),
    }
}

/// The last lines of a log, or nothing when there is none.
fn log_tail(path: &Path) -> String {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        if file.seek(SeekFrom::End(-LOG_TAIL_BYTES)).is_err() {
            file.rewind()?;
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    };
    read().unwrap_or_default()
}

fn shown(log_tail: &str) -> String {
    if log_tail.is_empty() {
        String::new()
    } else {
        format!("; its log ends with:\n{log_tail}")
    }
}
