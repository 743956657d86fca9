//! A worker under supervision: each of its calls that is about the image's files is seen before and after,
//! and can be made to fail, without the worker knowing of it. So are the calls of libraries that use none of
//! the C library, which a preloaded one would not see.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use nix::errno::Errno;
use nix::libc::PTRACE_SYSCALL_INFO_EXIT;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::super::worker::worker;
use super::calls::{Call, Entry};

/// The exit code of a worker that may not be supervised.
const FORBIDDEN: i32 = 77;
const TRACED: &str = "BATOS_TEST_TRACED";

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    GoOn,
    /// It is not made, and returns this.
    Fail(Errno),
    /// It is made, and returns this all the same.
    Lie(Errno),
    /// A write does half of its work.
    Half,
    /// The worker is killed before it.
    Kill,
}

pub trait Supervisor {
    fn before(&mut self, call: &Call) -> Verdict;
    /// What it returned, also when it was made to fail.
    fn after(&mut self, call: &Call, result: Result<u64, Errno>);
}

#[derive(Default)]
struct Thread {
    /// Between entry and exit of a call.
    call: Option<Call>,
    refusal: Option<Errno>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Exited(i32),
    Killed(Signal),
}

/// In the worker: from here on this thread, and those that it starts, are supervised.
pub fn be_supervised() {
    if std::env::var_os(TRACED).is_none() {
        return;
    }
    if let Err(error) = ptrace::traceme() {
        println!("SKIPPED: processes cannot be supervised here: {error}");
        std::process::exit(FORBIDDEN);
    }
    raise(Signal::SIGSTOP).unwrap();
}

/// Some containers forbid supervision: what needs it is left out there, and that is said.
pub fn is_forbidden() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let nowhere = Path::new("/nonexistent");
        let command = worker("worker::is_only_supervised", nowhere, 0);
        let ended = supervise(command, nowhere, &mut Nobody);
        let forbidden = ended == Ended::Exited(FORBIDDEN);
        if forbidden {
            println!("SKIPPED: processes cannot be supervised here");
        }
        forbidden
    })
}

struct Nobody;

impl Supervisor for Nobody {
    fn before(&mut self, _call: &Call) -> Verdict {
        Verdict::GoOn
    }

    fn after(&mut self, _call: &Call, _result: Result<u64, Errno>) {}
}

/// Runs the command until its end. Calls about what is under `root` are shown to the supervisor.
#[expect(
    clippy::zombie_processes,
    reason = "its end is what is waited for, with those of its threads"
)]
pub fn supervise(mut command: Command, root: &Path, supervisor: &mut dyn Supervisor) -> Ended {
    let child = command
        .env(TRACED, "1")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let main = Pid::from_raw(child.id().cast_signed());
    let mut run = Run {
        root,
        supervisor,
        threads: HashMap::new(),
        held: Vec::new(),
        killing: false,
    };
    loop {
        // Only children of this thread: other tests have theirs.
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        match waitpid(Pid::from_raw(-1), Some(flags)).unwrap() {
            WaitStatus::Exited(pid, code) if pid == main => return Ended::Exited(code),
            WaitStatus::Signaled(pid, signal, _) if pid == main => return Ended::Killed(signal),
            WaitStatus::Exited(thread, _) | WaitStatus::Signaled(thread, ..) => {
                run.threads.remove(&thread);
            }
            WaitStatus::Stopped(thread, signal) => run.stopped(thread, signal),
            WaitStatus::PtraceEvent(thread, ..) => go_on(thread, None),
            WaitStatus::PtraceSyscall(thread) => run.called(thread),
            other => panic!("{other:?}"),
        }
        run.kill_when_quiet(main);
    }
}

struct Run<'a> {
    root: &'a Path,
    supervisor: &'a mut dyn Supervisor,
    threads: HashMap<Pid, Thread>,
    /// Threads that wait before a call, for the end.
    held: Vec<Pid>,
    killing: bool,
}

impl Run<'_> {
    fn stopped(&mut self, thread: Pid, signal: Signal) {
        if signal == Signal::SIGSTOP && !self.threads.contains_key(&thread) {
            // The first one asked for this; those that it starts are stopped, too.
            if self.threads.is_empty() {
                let options = Options::PTRACE_O_TRACESYSGOOD
                    | Options::PTRACE_O_TRACECLONE
                    | Options::PTRACE_O_EXITKILL;
                ptrace::setoptions(thread, options).unwrap();
            }
            self.threads.insert(thread, Thread::default());
            go_on(thread, None);
        } else {
            go_on(thread, Some(signal));
        }
    }

    fn called(&mut self, thread: Pid) {
        // A thread that was killed meanwhile has no registers any more.
        let Ok(mut registers) = ptrace::getregs(thread) else {
            return;
        };
        let Ok(at) = ptrace::syscall_info(thread) else {
            return;
        };
        let state = self.threads.entry(thread).or_default();
        if at.op == PTRACE_SYSCALL_INFO_EXIT {
            if let Some(call) = state.call.take() {
                if let Some(errno) = state.refusal.take() {
                    registers.rax = i64::from(-(errno as i32)).cast_unsigned();
                    ptrace::setregs(thread, registers).unwrap();
                }
                let returned = registers.rax.cast_signed();
                let result = if returned < 0 {
                    Err(Errno::from_raw(i32::try_from(-returned).unwrap()))
                } else {
                    Ok(returned.cast_unsigned())
                };
                self.supervisor.after(&call, result);
            }
            go_on(thread, None);
            return;
        }
        let entry = Entry {
            thread,
            number: registers.orig_rax.cast_signed(),
            arguments: [
                registers.rdi,
                registers.rsi,
                registers.rdx,
                registers.r10,
                registers.r8,
            ],
        };
        let Some(call) = entry.call(self.root) else {
            go_on(thread, None);
            return;
        };
        if self.killing {
            self.held.push(thread);
            return;
        }
        match self.supervisor.before(&call) {
            Verdict::GoOn => {}
            Verdict::Fail(errno) => {
                state.refusal = Some(errno);
                // There is no such call, so nothing happens.
                registers.orig_rax = u64::MAX;
                ptrace::setregs(thread, registers).unwrap();
            }
            Verdict::Lie(errno) => state.refusal = Some(errno),
            Verdict::Half => {
                registers.rdx /= 2;
                ptrace::setregs(thread, registers).unwrap();
            }
            Verdict::Kill => {
                self.killing = true;
                self.held.push(thread);
                return;
            }
        }
        state.call = Some(call);
        go_on(thread, None);
    }

    /// Calls that have begun are seen to their end first: what they did is known then.
    fn kill_when_quiet(&mut self, main: Pid) {
        if self.killing && self.threads.values().all(|thread| thread.call.is_none()) {
            kill(main, Signal::SIGKILL).unwrap();
        }
    }
}

fn go_on(thread: Pid, signal: Option<Signal>) {
    // It may have been killed meanwhile: then its end is reported next.
    let _ = ptrace::syscall(thread, signal);
}
