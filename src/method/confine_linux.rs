//! Confinement on Linux: Landlock, seccomp and resource limits.
//!
//! Everything that allocates is prepared before the fork; the child only makes system calls on what is
//! ready, in an order that matters: limits, then no new privileges, then Landlock, then seccomp.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, Scope, path_beneath_rules,
};
use nix::libc;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use super::{Access, ConfineError, JobLimits};

/// The newest Landlock that this program knows; an older kernel gives what it has.
const NEWEST: ABI = ABI::V6;

/// Devices that every program may want.
const DEVICES: [&str; 2] = ["/dev/null", "/dev/zero"];

pub(super) fn describe() -> Result<String, ConfineError> {
    let abi = landlock_abi()?;
    ruleset(&Access::default())?;
    filter()?;
    Ok(format!(
        "Landlock (ABI {abi}) for files, seccomp for network and system calls, resource limits"
    ))
}

pub(super) fn confine(
    command: &mut Command,
    access: &Access,
    limits: &JobLimits,
) -> Result<(), ConfineError> {
    let prepared = Prepared {
        ruleset: ruleset(access)?,
        filter: filter()?,
        limits: *limits,
    };
    // SAFETY: `enter` makes only async-signal-safe system calls and touches only memory prepared above.
    unsafe { command.pre_exec(move || prepared.enter()) };
    Ok(())
}

/// What the child needs, complete before the fork.
struct Prepared {
    ruleset: OwnedFd,
    filter: BpfProgram,
    limits: JobLimits,
}

impl Prepared {
    /// In the child, between fork and exec. Must not allocate, lock or unwind.
    fn enter(&self) -> io::Result<()> {
        // A session of its own, so that the whole job can be killed; seccomp then keeps it in there.
        // SAFETY: takes no arguments.
        checked(unsafe { libc::setsid() }.into())?;
        self.set_limits()?;
        // SAFETY: plain integers; marks every other descriptor to be closed by exec.
        checked(unsafe {
            libc::syscall(
                libc::SYS_close_range,
                3,
                libc::c_uint::MAX,
                libc::CLOSE_RANGE_CLOEXEC,
            )
        })?;
        // SAFETY: plain integers; the job dies with the thread that waits for it.
        checked(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) }.into())?;
        // SAFETY: plain integers.
        checked(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }.into())?;
        // SAFETY: the descriptor is owned by `self` and is a Landlock ruleset.
        checked(unsafe {
            libc::syscall(
                libc::SYS_landlock_restrict_self,
                self.ruleset.as_raw_fd(),
                0,
            )
        })?;
        let length = libc::c_ushort::try_from(self.filter.len())
            .map_err(|_| io::Error::from_raw_os_error(libc::E2BIG))?;
        let program = libc::sock_fprog {
            len: length,
            filter: self.filter.as_ptr().cast_mut().cast(),
        };
        // SAFETY: `program` points to `length` valid instructions; seccompiler's and libc's `sock_filter` are both
        // the kernel's struct, and the kernel only reads it.
        checked(unsafe {
            libc::syscall(
                libc::SYS_seccomp,
                libc::SECCOMP_SET_MODE_FILTER,
                0,
                &raw const program,
            )
        })
    }

    /// No limit on the number of processes: the kernel counts all of a user's, not the job's.
    fn set_limits(&self) -> io::Result<()> {
        let limits = [
            (libc::RLIMIT_CPU, self.limits.cpu_seconds),
            (libc::RLIMIT_AS, self.limits.memory_bytes),
            (libc::RLIMIT_FSIZE, self.limits.file_bytes),
            (libc::RLIMIT_CORE, 0),
            (libc::RLIMIT_NOFILE, 256),
        ];
        for (resource, most) in limits {
            let limit = libc::rlimit {
                rlim_cur: most,
                rlim_max: most,
            };
            // SAFETY: `limit` is a valid rlimit that the kernel only reads.
            checked(unsafe { libc::setrlimit(resource, &raw const limit) }.into())?;
        }
        Ok(())
    }
}

fn checked(result: libc::c_long) -> io::Result<()> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "stands in `map_err`, which gives the error away"
)]
fn unsupported(why: impl ToString) -> ConfineError {
    ConfineError::Unsupported {
        why: why.to_string(),
    }
}

fn landlock_abi() -> Result<libc::c_long, ConfineError> {
    const VERSION: libc::c_uint = 1;
    let nothing = std::ptr::null::<libc::c_void>();
    // SAFETY: with the version flag the kernel reads nothing and gives a number.
    let abi = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, nothing, 0, VERSION) };
    if abi > 0 {
        return Ok(abi);
    }
    let error = io::Error::last_os_error();
    let remedy = "it needs Linux 5.13 or newer with Landlock in the `lsm=` list, and a container that allows it";
    Err(unsupported(format!(
        "the kernel offers no Landlock ({error}); {remedy}"
    )))
}

/// The first Landlock's rights on files are a must; what newer kernels add is taken where it is there.
fn ruleset(access: &Access) -> Result<OwnedFd, ConfineError> {
    let whole = AccessFs::from_all(NEWEST);
    let no_programs: BitFlags<AccessFs> =
        AccessFs::Execute | AccessFs::MakeChar | AccessFs::MakeBlock;
    let build = || -> Result<Option<OwnedFd>, landlock::RulesetError> {
        let created = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V1))?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(whole)?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .add_rules(path_beneath_rules(
                &access.read,
                AccessFs::from_read(NEWEST),
            ))?
            .add_rules(path_beneath_rules(
                DEVICES,
                AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate,
            ))?
            .add_rules(path_beneath_rules([&access.folder], whole & !no_programs))?;
        Ok(created.into())
    };
    landlock_abi()?;
    build()
        .map_err(unsupported)?
        .ok_or_else(|| unsupported("the kernel does not enforce Landlock"))
}

/// What marks a call of the x32 convention in its number.
#[cfg(target_arch = "x86_64")]
const X32: libc::c_long = 0x4000_0000;

/// System calls that no compiler needs and that reach past Landlock: the network, other processes, file
/// attributes, the kernel itself.
#[rustfmt::skip]
fn refused() -> Vec<libc::c_long> {
    let mut calls = vec![
        libc::SYS_socket, libc::SYS_connect, libc::SYS_bind, libc::SYS_listen, libc::SYS_accept4,
        libc::SYS_sendto, libc::SYS_sendmsg, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter,
        libc::SYS_io_uring_register, libc::SYS_ptrace, libc::SYS_process_vm_readv, libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd, libc::SYS_pidfd_send_signal, libc::SYS_kill, libc::SYS_tkill,
        libc::SYS_rt_sigqueueinfo, libc::SYS_rt_tgsigqueueinfo, libc::SYS_setsid, libc::SYS_setpgid,
        libc::SYS_truncate, libc::SYS_fchmodat, libc::SYS_fchown, libc::SYS_fchownat, libc::SYS_setxattr,
        libc::SYS_lsetxattr, libc::SYS_fsetxattr, libc::SYS_removexattr, libc::SYS_lremovexattr,
        libc::SYS_fremovexattr, libc::SYS_utimensat, libc::SYS_mount, libc::SYS_umount2, libc::SYS_pivot_root,
        libc::SYS_chroot, libc::SYS_unshare, libc::SYS_setns, libc::SYS_open_by_handle_at, libc::SYS_bpf,
        libc::SYS_perf_event_open, libc::SYS_userfaultfd, libc::SYS_keyctl, libc::SYS_add_key,
        libc::SYS_request_key, libc::SYS_init_module, libc::SYS_finit_module, libc::SYS_delete_module,
        libc::SYS_kexec_load, libc::SYS_reboot, libc::SYS_swapon, libc::SYS_swapoff, libc::SYS_settimeofday,
        libc::SYS_clock_settime, libc::SYS_adjtimex, libc::SYS_clock_adjtime, libc::SYS_sethostname,
        libc::SYS_setdomainname, libc::SYS_quotactl, libc::SYS_acct, libc::SYS_fanotify_init, libc::SYS_mq_open,
        libc::SYS_shmget, libc::SYS_msgget, libc::SYS_semget, libc::SYS_personality,
    ];
    #[cfg(target_arch = "x86_64")]
    {
        calls.extend([
            libc::SYS_accept, libc::SYS_chmod, libc::SYS_chown, libc::SYS_lchown, libc::SYS_utime,
            libc::SYS_utimes, libc::SYS_futimesat, libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_modify_ldt,
        ]);
        // The same calls, and those with numbers of their own, under the x32 convention.
        let twins: Vec<_> = calls.iter().map(|call| call | X32).collect();
        calls.extend(twins);
        calls.extend((512..=547).map(|call| call | X32));
    }
    calls
}

fn filter() -> Result<BpfProgram, ConfineError> {
    let architecture: TargetArch = std::env::consts::ARCH.try_into().map_err(unsupported)?;
    let rules: BTreeMap<i64, Vec<_>> = refused()
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
    let refusal = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refusal, architecture)
        .map_err(unsupported)?;
    filter.try_into().map_err(unsupported)
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// Whether the job's first process has ended; it stays to be reaped.
pub(super) fn has_ended(child: &Child) -> io::Result<bool> {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    Ok(waitid(Id::Pid(pid(child)), flags)? != WaitStatus::StillAlive)
}

pub(super) fn kill_session(child: &Child) {
    // An error means that nobody is left.
    let _ = killpg(pid(child), Signal::SIGKILL);
}

/// The resource limit whose signal ended the job.
pub(super) fn limit_passed(status: ExitStatus) -> Option<String> {
    match status.signal()? {
        libc::SIGXCPU => Some("it used up its processor time".into()),
        libc::SIGXFSZ => Some("it wrote a file beyond its limit".into()),
        // With soft and hard limit equal, the kernel ends processor time by SIGKILL.
        libc::SIGKILL => Some("it was killed at its limits of processor time or memory".into()),
        libc::SIGSEGV | libc::SIGBUS | libc::SIGABRT => {
            Some("it ran out of memory or stack".into())
        }
        _ => None,
    }
}
