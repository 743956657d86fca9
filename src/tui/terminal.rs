//! The terminal itself: taken over, given back whatever happens, and written to from a thread.
//!
//! A write to a stalled SSH line blocks. It blocks the writer's thread only: the workbench goes on
//! reading keys and messages and has at most one frame under way.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, Once, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
use nix::unistd::{getpgrp, tcgetpgrp};
use tokio::sync::mpsc;

use super::osc::{GIVE_TITLE_BACK, KEEP_TITLE};

/// Alternate screen, bracketed paste, focus reports, cursor hidden until the first frame.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[?25l";
/// Clicks and the wheel, as SGR reports; nothing of mere movements.
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &str = "\x1b[?1006l\x1b[?1000l";

/// Ends a frame that was cut off, attributes, paste, focus and mouse reports; cursor and screen back.
const LEAVE: &[u8] = b"\x1b\\\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?25h\x1b[?1049l";

/// How long giving the terminal back may wait for a stalled line, in milliseconds.
const PATIENCE_MS: u16 = 300;

/// The terminal is taken and not given back. One process has one terminal, and a panic has nothing else to ask.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Held while bytes of a frame are written, so that none come after the terminal was given back, over what is told then.
static SCREEN: Mutex<()> = Mutex::new(());

/// Held while the line's modes are set, so that none are put back over those that the shell expects.
static MODES: Mutex<()> = Mutex::new(());

/// Holds the terminal; gives it back when dropped.
#[derive(Debug)]
pub struct Terminal {
    mouse: Cell<bool>,
}

impl Terminal {
    /// Raw mode and the alternate screen; fails when stdin or stdout is no terminal.
    pub fn take(mouse: bool) -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other("stdin and stdout must be a terminal"));
        }
        reset_after_panic();
        let terminal = Self {
            mouse: Cell::new(mouse),
        };
        terminal.enter()?;
        Ok(terminal)
    }

    /// Gives the terminal back and stops the process. The SIGCONT that ends this is the sign to [`Self::retake`].
    pub fn suspend(&self) -> io::Result<()> {
        reset_terminal();
        raise(Signal::SIGSTOP)?;
        Ok(())
    }

    /// Takes the terminal anew, whatever was done to it in between.
    pub fn retake(&self) -> io::Result<()> {
        // crossterm sets the mode only when it believes that it has to.
        let _ = disable_raw_mode();
        self.enter()
    }

    /// Gives the terminal to another program, until [`Self::retake`].
    pub fn lend(&self) {
        reset_terminal();
    }

    /// Whether the mouse is to be reported; what has to be written when that is new.
    pub fn set_mouse(&self, mouse: bool) -> &'static str {
        match (self.mouse.replace(mouse), mouse) {
            (false, true) => MOUSE,
            (true, false) => NO_MOUSE,
            _ => "",
        }
    }

    fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let mouse = if self.mouse.get() { MOUSE } else { "" };
        let mut out = io::stdout().lock();
        out.write_all([ENTER, KEEP_TITLE, mouse].concat().as_bytes())?;
        out.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        reset_terminal();
    }
}

/// Gives back a terminal that was taken; errors are left out, because there is nobody left to tell.
///
/// Only once: leaving the other screen a second time would put the cursor back to where it was, over what
/// was written since, such as a panic's message.
pub fn reset_terminal() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _last = last_write();
        leave();
    }
}

/// Has whoever waits for keys look once more whether there are some.
///
/// Where a key and another size arrive at the same time, the one who reads both may forget the key until the next one
/// comes: it is told only once that there is something to read. Setting the line's modes, to what they are, tells it again.
pub fn rouse() {
    let _setting = MODES.lock().unwrap_or_else(PoisonError::into_inner);
    let input = io::stdin();
    // In the background it would stop the process.
    let is_ours = tcgetpgrp(&input).is_ok_and(|group| group == getpgrp());
    if TAKEN.load(Ordering::SeqCst)
        && is_ours
        && let Ok(modes) = tcgetattr(&input)
    {
        let _ = tcsetattr(&input, SetArg::TCSANOW, &modes);
    }
}

/// When what is being written is out; on a stalled line, or in the writer's own panic, it is not waited for longer.
fn last_write() -> Option<MutexGuard<'static, ()>> {
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(PATIENCE_MS.into()) {
        match SCREEN.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
    None
}

/// Puts the terminal back as the shell expects it. Harmless when it is so already.
fn leave() {
    {
        let _setting = MODES.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = disable_raw_mode();
    }
    let out = io::stdout();
    let mut ready = [PollFd::new(out.as_fd(), PollFlags::POLLOUT)];
    if poll(&mut ready, PollTimeout::from(PATIENCE_MS)).is_ok_and(|count| count > 0) {
        let mut out = out.lock();
        let _ = out.write_all(LEAVE);
        let _ = out.write_all(GIVE_TITLE_BACK.as_bytes());
        let _ = out.flush();
    }
}

/// Columns and rows of the terminal that this process has; `None` when it has none.
pub fn size() -> Option<(u16, u16)> {
    crossterm::terminal::size().ok()
}

/// Puts right what a killed process left behind: modes of the line, then everything that
/// giving the terminal back does. Fails when stdin is no terminal.
pub fn make_sane() -> io::Result<()> {
    use nix::sys::termios::{InputFlags, LocalFlags, OutputFlags, SetArg, tcgetattr, tcsetattr};
    let line = io::stdin();
    let mut modes = tcgetattr(&line)?;
    modes.input_flags |= InputFlags::BRKINT | InputFlags::ICRNL | InputFlags::IXON;
    modes.output_flags |= OutputFlags::OPOST | OutputFlags::ONLCR;
    modes.local_flags |= LocalFlags::ICANON
        | LocalFlags::ISIG
        | LocalFlags::IEXTEN
        | LocalFlags::ECHO
        | LocalFlags::ECHOE
        | LocalFlags::ECHOK;
    tcsetattr(&line, SetArg::TCSANOW, &modes)?;
    leave();
    Ok(())
}

/// A panic's message should be readable: the terminal is given back before it is printed.
fn reset_after_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            reset_terminal();
            before(info);
        }));
    });
}

/// Writes frames in a thread of its own, one at a time.
#[derive(Debug)]
pub struct Writer {
    frames: SyncSender<Vec<u8>>,
    written: mpsc::Receiver<io::Result<()>>,
    busy: bool,
}

impl Writer {
    /// To the process's stdout, past its line buffer.
    pub fn to_stdout() -> io::Result<Self> {
        let descriptor = io::stdout().as_fd().try_clone_to_owned()?;
        Self::to(Screen(File::from(descriptor)))
    }

    pub fn to(mut out: impl Write + AsFd + Send + 'static) -> io::Result<Self> {
        let (frames, waiting) = sync_channel::<Vec<u8>>(1);
        let (done, written) = mpsc::channel(1);
        thread::Builder::new()
            .name("screen".to_owned())
            .spawn(move || {
                for frame in waiting {
                    let result = write_whole(&mut out, &frame);
                    if done.blocking_send(result).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            frames,
            written,
            busy: false,
        })
    }

    /// True while a frame is on its way.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Hands a frame over. Call only when not busy.
    pub fn write(&mut self, frame: Vec<u8>) -> io::Result<()> {
        self.busy = true;
        self.frames
            .try_send(frame)
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    /// Waits for the frame that is on its way. Cancel safe.
    pub async fn written(&mut self) -> io::Result<()> {
        let result = self.written.recv().await;
        self.busy = false;
        result.unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into()))
    }
}

/// The process's stdout as long as the terminal is taken; afterwards what is left of a frame goes nowhere.
struct Screen(File);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _writing = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
        if TAKEN.load(Ordering::SeqCst) {
            self.0.write(bytes)
        } else {
            Ok(bytes.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl AsFd for Screen {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// One `write` as a rule; goes on after a part, a signal, or a terminal set to not blocking.
fn write_whole(out: &mut (impl Write + AsFd), mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match out.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                poll(
                    &mut [PollFd::new(out.as_fd(), PollFlags::POLLOUT)],
                    PollTimeout::NONE,
                )?;
            }
            Err(error) => return Err(error),
        }
    }
    out.flush()
}
