//! A program under a pseudo-terminal, and what its terminal would show.
//!
//! It counts every byte that the program writes and hands them to a terminal parser. The terminal is never
//! asked anything and answers nothing, like one at the end of a slow line.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::num::NonZero;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::Pid;

nix::ioctl_write_ptr_bad!(set_window_size, libc::TIOCSWINSZ, Winsize);

/// Bytes read at once.
const CHUNK: usize = 65_536;
/// From one look at whether the program has ended to the next.
const LOOK_PAUSE: Duration = Duration::from_millis(5);

/// The program is killed when this is dropped.
pub struct Pty {
    master: File,
    /// The program's side, kept so that the line's modes can be read after the program has ended.
    line: OwnedFd,
    child: Child,
    terminal: vt100::Parser,
    bytes: u64,
}

impl Pty {
    /// Starts the program as the leader of a session whose terminal has this size.
    pub fn start(mut command: Command, columns: u16, rows: u16) -> io::Result<Self> {
        let pair = openpty(&size(columns, rows), None)?;
        // The program gets neither: with its own end of the terminal it would never see that one go.
        for end in [&pair.master, &pair.slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        }
        let line = pair.slave;
        command
            .stdin(line.try_clone()?)
            .stdout(line.try_clone()?)
            .stderr(line.try_clone()?);
        // SAFETY: between fork and exec only two system calls are made; neither takes a lock or memory.
        unsafe {
            command.pre_exec(|| {
                nix::unistd::setsid()?;
                // Its stdin is the terminal already.
                if libc::ioctl(0, libc::TIOCSCTTY as _, 0) == -1 {
                    return Err(io::Error::last_os_error());
                }
                Ok(())
            });
        }
        let child = command.spawn()?;
        let flags = OFlag::from_bits_truncate(fcntl(&pair.master, FcntlArg::F_GETFL)?);
        fcntl(&pair.master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Self {
            master: File::from(pair.master),
            line,
            child,
            terminal: vt100::Parser::new(at_least_one(rows), at_least_one(columns), 0),
            bytes: 0,
        })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How many bytes the program has written, as far as they were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What the terminal shows of what was read.
    pub fn screen(&self) -> &vt100::Screen {
        self.terminal.screen()
    }

    /// The line's modes now.
    pub fn modes(&self) -> io::Result<Termios> {
        Ok(tcgetattr(&self.line)?)
    }

    /// What the program writes next; `None` when it writes nothing for so long.
    pub fn read(&mut self, patience: Duration) -> io::Result<Option<Vec<u8>>> {
        let deadline = Instant::now() + patience;
        loop {
            let mut buffer = vec![0; CHUNK];
            match self.master.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(count) => {
                    buffer.truncate(count);
                    self.bytes += count as u64;
                    self.terminal.process(&buffer);
                    return Ok(Some(buffer));
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Ok(None);
                    }
                    await_ready(&self.master, PollFlags::POLLIN, left)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads until the screen is as wanted; false when it is not for so long.
    pub fn read_until(
        &mut self,
        patience: Duration,
        mut wanted: impl FnMut(&vt100::Screen) -> bool,
    ) -> io::Result<bool> {
        let deadline = Instant::now() + patience;
        loop {
            if wanted(self.screen()) {
                return Ok(true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.read(left)?.is_none() {
                return Ok(wanted(self.screen()));
            }
        }
    }

    /// Reads until the program has written nothing for `quiet`, or until `most` is over.
    pub fn settle(&mut self, quiet: Duration, most: Duration) -> io::Result<()> {
        let deadline = Instant::now() + most;
        while Instant::now() < deadline {
            if self.read(quiet)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Types. What the program writes meanwhile is read, so that neither waits for the other.
    pub fn send(&mut self, mut keys: &[u8]) -> io::Result<()> {
        while !keys.is_empty() {
            match self.master.write(keys) {
                Ok(count) => keys = keys.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.read(LOOK_PAUSE)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Gives the terminal another size; the program is told by the system.
    pub fn resize(&mut self, columns: u16, rows: u16) -> io::Result<()> {
        let size = size(columns, rows);
        // SAFETY: the descriptor is open as long as `self`, and the structure is one that the call reads.
        unsafe { set_window_size(self.master.as_raw_fd(), &raw const size) }?;
        self.terminal
            .screen_mut()
            .set_size(at_least_one(rows), at_least_one(columns));
        Ok(())
    }

    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        let pid = i32::try_from(self.pid()).map_err(io::Error::other)?;
        Ok(kill(Pid::from_raw(pid), signal)?)
    }

    /// How the program ended, once it has, with all that it wrote until then; `None` when it still runs.
    pub fn ended(&mut self, patience: Duration) -> io::Result<Option<ExitStatus>> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                while self.read(Duration::ZERO)?.is_some() {}
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            self.read(LOOK_PAUSE)?;
        }
    }

    /// Takes the terminal away, as a line that drops, and gives the program to whoever waits for it.
    pub fn hang_up(mut self, patience: Duration) -> io::Result<Option<ExitStatus>> {
        let nothing = File::open("/dev/null")?;
        self.line = nothing.try_clone()?.into();
        self.master = nothing;
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            sleep(LOOK_PAUSE);
        }
        Ok(None)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn at_least_one(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap_or(NonZero::<u16>::MIN)
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

fn await_ready(file: impl AsFd, flags: PollFlags, patience: Duration) -> io::Result<()> {
    // One more, so that a wait of less than a millisecond is none of zero.
    let milliseconds = u16::try_from(patience.as_millis() + 1).unwrap_or(u16::MAX);
    let mut ready = [PollFd::new(file.as_fd(), flags)];
    match poll(&mut ready, PollTimeout::from(milliseconds)) {
        Ok(_) | Err(nix::errno::Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}
