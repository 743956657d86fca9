//! A system whose kernel does next to nothing, for tests of what is around a kernel.
//!
//! [`System`] is the handle. Its processes are this test binary again, started through a script that hands its
//! arguments to [`process`]: `up` and `down` use the front-end's own start and stop, `watchdog` is the real one
//! with short times, `kernel` listens, answers `Status`, `Probe` and `Stop`, and adds a line to `HOME/seen` for
//! each start and each mission. Files in the home steer the kernel: `die` (exit 1 unless in safe mode),
//! `die-always`, `hang` (no answer to probes).

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::time::{Duration, Instant};

use batos::cli::start::{Running, is_running, start_system, stop_system};
use batos::config::Home;
use batos::watchdog::restarts::Patience;
use batos::watchdog::{Options, Timing, pidfile::Pidfile};
use batos::wire::memory::Gpus;
use batos::wire::messages::{EngineStatus, FromKernel, Reply, Request, Status, ToKernel};
use batos::wire::pipe::{MissionPipe, PipeLine, inherited_or_prepare};
use batos::wire::socket::{KernelConnection, connect_sync, listen};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::mpsc;

/// A home and what runs for it; everything is killed when it is dropped.
pub struct System {
    pub home: Home,
    program: PathBuf,
    _folder: tempfile::TempDir,
}

impl System {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home {
            root: folder.path().join("home"),
        };
        home.create().unwrap();
        let program = folder.path().join("small-system");
        let test = std::env::current_exe().unwrap();
        let script = format!(
            "#!/bin/sh\nexport SMALL_SYSTEM=\"$(printf '%s\\n' \"$@\")\" SMALL_SYSTEM_PROGRAM=\"$0\"\n\
             exec '{}' --exact watchdog::small_system::process --ignored --nocapture --test-threads=1\n",
            test.display()
        );
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            home,
            program,
            _folder: folder,
        }
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    pub fn up(&self) -> Output {
        self.run("up")
    }

    pub fn run(&self, mode: &str) -> Output {
        Command::new(&self.program)
            .args([mode, "--home"])
            .arg(&self.home.root)
            .output()
            .unwrap()
    }

    pub fn running(&self) -> Running {
        is_running(&self.home).unwrap()
    }

    pub fn status(&self) -> Option<Status> {
        let mut connection = connect_sync(&self.home.socket()).ok()?;
        match connection.request(Request::Status).ok()? {
            Reply::Status(status) => Some(status),
            other => panic!("{other:?}"),
        }
    }

    /// Waits for a kernel other than that one to answer.
    pub fn status_after(&self, pid: u32) -> Status {
        eventually("another kernel", || {
            self.status().filter(|status| status.kernel_pid != pid)
        })
    }

    pub fn steer(&self, file: &str) {
        fs::write(self.home.root.join(file), "").unwrap();
    }

    pub fn steer_back(&self, file: &str) {
        fs::remove_file(self.home.root.join(file)).unwrap();
    }

    pub fn say(&self, text: &str) {
        let mut pipe = OpenOptions::new()
            .write(true)
            .open(self.home.missions_pipe())
            .unwrap();
        pipe.write_all(text.as_bytes()).unwrap();
    }

    /// What the kernels have seen, by the first word of the lines.
    pub fn seen(&self, what: &str) -> Vec<String> {
        fs::read_to_string(self.home.root.join("seen"))
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.strip_prefix(what))
            .map(|rest| rest.trim().to_owned())
            .collect()
    }

    /// What the watchdog wrote into its log.
    pub fn log(&self) -> String {
        let tail = batos::metacognition::tail::Tail::open(
            &self.home.logs(),
            "family=watchdog".parse().unwrap(),
        )
        .newest(1000)
        .unwrap();
        tail.iter().map(|line| format!("{line}\n")).collect()
    }
}

impl Drop for System {
    fn drop(&mut self) {
        // The watchdog first, so that it does not start another kernel.
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            let Ok(running) = is_running(&self.home) else {
                return;
            };
            if running.nothing() {
                return;
            }
            for pid in [running.watchdog, running.kernel].into_iter().flatten() {
                kill_now(pid);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

pub fn kill_now(pid: u32) {
    if pid != 0 {
        let _ = kill(Pid::from_raw(pid.try_into().unwrap()), Signal::SIGKILL);
    }
}

/// Waits until there is something, for at most twenty seconds.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
#[ignore = "not a test: the processes that other tests start"]
fn process() {
    let Ok(arguments) = std::env::var("SMALL_SYSTEM") else {
        return;
    };
    let mut arguments = arguments.lines().map(OsString::from);
    let mode = arguments.next().unwrap().into_string().unwrap();
    assert_eq!(arguments.next().unwrap(), "--home");
    let home = Home {
        root: PathBuf::from(arguments.next().unwrap()),
    };
    let program = PathBuf::from(std::env::var_os("SMALL_SYSTEM_PROGRAM").unwrap());
    let rest: Vec<OsString> = arguments.collect();
    let code = match mode.as_str() {
        "up" => up(&home, &program),
        "down" => {
            println!("SAYS {:?}", stop_system(&home, &home.socket()).unwrap());
            ExitCode::SUCCESS
        }
        "watchdog" => batos::watchdog::run(&options(home, program, rest)),
        "kernel" => kernel(&home, &rest),
        other => panic!("no mode {other}"),
    };
    std::process::exit(if code == ExitCode::SUCCESS { 0 } else { 1 });
}

fn up(home: &Home, program: &Path) -> ExitCode {
    match start_system(
        home,
        &home.socket(),
        program,
        &["--profile".into(), "none".into()],
    ) {
        Ok(started) => {
            println!(
                "SAYS {} {}",
                started.already_running, started.status.kernel_pid
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("SAYS {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(home: Home, program: PathBuf, rest: Vec<OsString>) -> Options {
    Options {
        socket: home.socket(),
        missions_pipe: home.missions_pipe(),
        home,
        kernel_command: Some(program),
        kernel_arguments: rest,
        timing: Timing {
            probe_every: Duration::from_millis(100),
            probe_limit: Duration::from_millis(500),
            probe_misses: 2,
            start_limit: Duration::from_secs(20),
            stop_limit: Duration::from_secs(10),
            term_limit: Duration::from_millis(300),
            patience: Patience {
                first_pause: Duration::from_millis(1),
                ..Patience::default()
            },
        },
    }
}

#[tokio::main(flavor = "current_thread")]
async fn kernel(home: &Home, rest: &[OsString]) -> ExitCode {
    let safe_mode = rest.iter().any(|argument| argument == "--safe-mode");
    let restarts = rest
        .iter()
        .skip_while(|argument| *argument != "--restarts")
        .nth(1)
        .map_or(0, |number| number.to_str().unwrap().parse().unwrap());
    let _pidfile = match Pidfile::acquire(&home.kernel_pid()) {
        Ok(pidfile) => pidfile,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let told = |file: &str| home.root.join(file).exists();
    if told("die-always") || told("die") && !safe_mode {
        eprintln!("told to die");
        std::process::exit(1);
    }
    let profile = rest.iter().any(|argument| argument == "none");
    see(
        home,
        &format!("start restarts={restarts} safe={safe_mode} profile={profile}"),
    );
    let path = home.missions_pipe();
    let mut pipe = MissionPipe::over(inherited_or_prepare(&path).unwrap(), &path).unwrap();
    let mut listener = listen(&home.socket()).unwrap();
    let (stop, mut stopping) = mpsc::channel(1);
    loop {
        tokio::select! {
            _ = stopping.recv() => return ExitCode::SUCCESS,
            Ok(connection) = listener.accept() => {
                let status = status(home, restarts, safe_mode);
                tokio::spawn(serve(connection, status, home.root.clone(), stop.clone()));
            }
            line = pipe.next(), if !safe_mode => match line.unwrap() {
                PipeLine::Mission(text) => see(home, &format!("mission {text}")),
                PipeLine::Refused(why) => see(home, &format!("refused {why}")),
            },
        }
    }
}

async fn serve(
    connection: KernelConnection,
    status: Status,
    root: PathBuf,
    stop: mpsc::Sender<()>,
) {
    let (mut reader, mut writer) = connection.split();
    while let Ok(Some(ToKernel { id, request })) = reader.next().await {
        if root.join("hang").exists() && matches!(request, Request::Probe) {
            std::future::pending::<()>().await;
        }
        let reply = match request {
            Request::Status => Reply::Status(status.clone()),
            Request::Probe => Reply::Alive { tid: 1 },
            Request::Stop => Reply::Stopping,
            other => panic!("{other:?} is not for this kernel"),
        };
        let stopping = reply == Reply::Stopping;
        let _ = writer.send(&FromKernel::Reply { id, reply }).await;
        if stopping {
            let _ = stop.send(()).await;
        }
    }
}

fn status(home: &Home, restarts: u32, safe_mode: bool) -> Status {
    Status {
        kernel_pid: std::process::id(),
        uptime_s: 0.0,
        restarts,
        tid: 1,
        engine: EngineStatus::default(),
        mission: None,
        queued: 0,
        profile: "none".to_owned(),
        version: "0".to_owned(),
        safe_mode,
        log_dropped: 0,
        home: home.root.display().to_string(),
        gpus: Gpus::default(),
    }
}

fn see(home: &Home, line: &str) {
    let path: &Path = &home.root.join("seen");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    writeln!(file, "{line}").unwrap();
}
