//! A hold on a process that is not a child: told of its end at once, and never mistaken for another.
//!
//! `unsafe` because nix has no pidfd calls. Elsewhere than on Linux the process is asked for a few times a
//! second.

use std::io;

use nix::sys::signal::Signal;

#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct ProcessHandle(tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>);

#[cfg(target_os = "linux")]
impl ProcessHandle {
    /// Fails when there is no such process. Needs a tokio runtime.
    pub fn open(pid: i32) -> io::Result<Self> {
        use nix::libc;
        use std::os::fd::{FromRawFd, OwnedFd, RawFd};

        // SAFETY: pidfd_open takes two integers and touches no memory of this process.
        let result = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
        let number =
            RawFd::try_from(nix::errno::Errno::result(result)?).map_err(io::Error::other)?;
        // SAFETY: the call has just returned this descriptor, open and owned by nobody else.
        let descriptor = unsafe { OwnedFd::from_raw_fd(number) };
        let interest = tokio::io::Interest::READABLE;
        // SAFETY: an `OwnedFd` names the same open descriptor for as long as it lives.
        let registered =
            unsafe { tokio::io::unix::AsyncFd::register_with_interest(descriptor, interest) };
        registered.map(Self).map_err(io::Error::other)
    }

    /// Returns when the process has ended. Cancel safe.
    pub async fn ended(&self) -> io::Result<()> {
        self.0.readable().await.map(|_| ())
    }

    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        use nix::libc;
        use std::os::fd::AsRawFd;

        let information: *const libc::siginfo_t = std::ptr::null();
        // SAFETY: the descriptor is open for as long as `self` is; a null `siginfo_t` is allowed and not read.
        let result = unsafe {
            libc::syscall(
                libc::SYS_pidfd_send_signal,
                self.0.as_raw_fd(),
                signal as libc::c_int,
                information,
                0,
            )
        };
        nix::errno::Errno::result(result)?;
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct ProcessHandle(nix::unistd::Pid);

#[cfg(not(target_os = "linux"))]
impl ProcessHandle {
    /// Fails when there is no such process.
    pub fn open(pid: i32) -> io::Result<Self> {
        let pid = nix::unistd::Pid::from_raw(pid);
        nix::sys::signal::kill(pid, None)?;
        Ok(Self(pid))
    }

    /// Returns when the process has ended. Cancel safe.
    pub async fn ended(&self) -> io::Result<()> {
        while nix::sys::signal::kill(self.0, None).is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        Ok(())
    }

    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(nix::sys::signal::kill(self.0, signal)?)
    }
}
