//! The event loop: waits for keys, kernel, signals and the clock; drains what is there; draws once.
//!
//! Keys are answered by a frame at once. News from the kernel may wait for [`FRAME`], so that a fast
//! stream costs a bounded number of frames.

use std::future::poll_fn;
use std::io;
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::Event as Input;
use futures_util::future::OptionFuture;
use futures_util::{Stream, StreamExt};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::client::Client;
use super::screen::Screen;
use super::state::State;
use super::terminal::{Terminal, Writer};
use super::theme::Theme;
use super::update::{Effect, Event, update};
use super::{Options, TuiError, history, now_ms};

/// The shortest time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(40);
const SECOND: Duration = Duration::from_secs(1);
/// Messages taken in before a frame is due again.
const MOST_AT_ONCE: usize = 512;

/// Why the workbench ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitReason {
    /// The person quit.
    Quit,
    /// SIGTERM.
    Terminated,
    /// The terminal went away.
    HangUp,
}

/// The workbench at run time.
pub struct Session {
    state: State,
    theme: Theme,
    screen: Screen,
    writer: Writer,
    client: Client,
    themes: PathBuf,
    history: PathBuf,
    /// Something has happened since the last frame.
    dirty: bool,
    /// A frame of news has to wait until then.
    not_before: Instant,
    tick_at: Instant,
    end: Option<ExitReason>,
    suspend: bool,
}

struct Signals {
    terminate: Signal,
    hang_up: Signal,
    stop: Signal,
    go_on: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            stop: signal(SignalKind::from_raw(nix::libc::SIGTSTP))?,
            go_on: signal(SignalKind::from_raw(nix::libc::SIGCONT))?,
        })
    }
}

impl Session {
    pub fn new(state: State, theme: Theme, writer: Writer, options: Options) -> io::Result<Self> {
        let now = Instant::now();
        Ok(Self {
            screen: Screen::new(state.size.0, state.size.1)?,
            state,
            theme,
            writer,
            client: Client::new(options.connect),
            themes: options.themes,
            history: options.history,
            dirty: true,
            not_before: now,
            tick_at: now + SECOND,
            end: None,
            suspend: false,
        })
    }

    /// Shows a line of trouble.
    pub fn tell(&mut self, trouble: String) {
        self.apply(Event::Trouble(trouble));
    }

    /// Works until the end. `terminal` is absent only where there is none to suspend.
    pub async fn serve(
        mut self,
        mut input: impl Stream<Item = io::Result<Input>> + Unpin,
        terminal: Option<Terminal>,
    ) -> Result<ExitReason, TuiError> {
        let mut signals = Signals::listen().map_err(TuiError::Start)?;
        loop {
            self.draw_if_due()?;
            if let Some(reason) = self.end {
                return Ok(reason);
            }
            let ticking = self.state.wants_ticks();
            let waiting = self.dirty && !self.writer.is_busy();
            tokio::select! {
                biased;
                _ = signals.terminate.recv() => self.end = Some(ExitReason::Terminated),
                _ = signals.hang_up.recv() => self.end = Some(ExitReason::HangUp),
                _ = signals.stop.recv() => self.suspend = true,
                _ = signals.go_on.recv() => self.retake(terminal.as_ref())?,
                event = input.next() => self.take_input(event),
                result = self.writer.written(), if self.writer.is_busy() => self.wrote(result)?,
                event = self.client.next() => self.take_news(event),
                () = sleep_until(self.tick_at), if ticking => self.tick(),
                () = sleep_until(self.not_before), if waiting => {}
            }
            while self.end.is_none() {
                match ready(&mut input).await {
                    Poll::Ready(event) => self.take_input(event),
                    Poll::Pending => break,
                }
            }
            if std::mem::take(&mut self.suspend) {
                self.suspend(terminal.as_ref()).await?;
            }
        }
    }

    fn draw_if_due(&mut self) -> Result<(), TuiError> {
        if !self.dirty || self.writer.is_busy() || Instant::now() < self.not_before {
            return Ok(());
        }
        self.dirty = false;
        self.not_before = Instant::now() + FRAME;
        if let Some(frame) = self
            .screen
            .draw(&self.state, &self.theme)
            .map_err(TuiError::Draw)?
        {
            self.writer.write(frame).map_err(TuiError::Draw)?;
        }
        Ok(())
    }

    /// A terminal that cannot be written to any more is one that has gone.
    fn wrote(&mut self, result: io::Result<()>) -> Result<(), TuiError> {
        match result {
            Err(error) if is_gone(&error) => self.end = Some(ExitReason::HangUp),
            Err(error) => return Err(TuiError::Draw(error)),
            Ok(()) => {}
        }
        Ok(())
    }

    fn take_input(&mut self, event: Option<io::Result<Input>>) {
        let event = match event {
            Some(Ok(Input::Key(key))) => Event::Key(key),
            Some(Ok(Input::Paste(text))) => Event::Paste(text),
            Some(Ok(Input::Resize(columns, rows))) => Event::Resize(columns, rows),
            Some(Ok(Input::FocusGained | Input::FocusLost | Input::Mouse(_))) => return,
            Some(Err(_)) | None => {
                self.end = Some(ExitReason::HangUp);
                return;
            }
        };
        self.not_before = Instant::now();
        self.apply(Event::Clock(now_ms()));
        self.apply(event);
    }

    fn take_news(&mut self, event: Event) {
        self.apply(Event::Clock(now_ms()));
        self.apply(event);
        for _ in 0..MOST_AT_ONCE {
            match self.client.ready() {
                Some(event) => self.apply(event),
                None => break,
            }
        }
    }

    fn tick(&mut self) {
        self.tick_at = Instant::now() + SECOND;
        self.apply(Event::Clock(now_ms()));
    }

    fn apply(&mut self, event: Event) {
        self.dirty = true;
        let effects = update(&mut self.state, event);
        for effect in effects {
            if let Err(trouble) = self.perform(effect) {
                self.apply(Event::Trouble(trouble));
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> Result<(), String> {
        match effect {
            Effect::Request(request) => {
                if !self.client.send(request) {
                    return Err(
                        "the kernel does not take the request now: try again in a moment"
                            .to_owned(),
                    );
                }
            }
            Effect::Remember(brief) => history::append(&self.history, &brief).map_err(|error| {
                let path = self.history.display();
                format!("could not add to the history {path}: {error}")
            })?,
            Effect::SetTheme(name) => {
                self.theme = Theme::load(&name, &self.themes).map_err(|error| error.to_string())?;
            }
            Effect::Redraw => self.screen.forget().map_err(|error| error.to_string())?,
            Effect::Suspend => self.suspend = true,
            Effect::Quit => self.end = Some(ExitReason::Quit),
        }
        Ok(())
    }

    /// Stops until the shell continues the process.
    async fn suspend(&mut self, terminal: Option<&Terminal>) -> Result<(), TuiError> {
        let pending: OptionFuture<_> = self.writer.is_busy().then(|| self.writer.written()).into();
        pending.await.transpose().map_err(TuiError::Draw)?;
        if let Some(terminal) = terminal {
            terminal.suspend().map_err(TuiError::Terminal)?;
        }
        Ok(())
    }

    fn retake(&mut self, terminal: Option<&Terminal>) -> Result<(), TuiError> {
        if let Some(terminal) = terminal {
            terminal.retake().map_err(TuiError::Terminal)?;
        }
        self.repaint()
    }

    fn repaint(&mut self) -> Result<(), TuiError> {
        if let Ok((columns, rows)) = crossterm::terminal::size() {
            self.apply(Event::Resize(columns, rows));
        }
        self.dirty = true;
        self.screen.forget().map_err(TuiError::Draw)
    }
}

/// What has already arrived. Polls with this task's own waker: crossterm keeps the waker of the first
/// poll until an event comes, so that a poll with another one would leave the loop asleep.
async fn ready<S: Stream + Unpin>(stream: &mut S) -> Poll<Option<S::Item>> {
    poll_fn(|context| Poll::Ready(stream.poll_next_unpin(context))).await
}

fn is_gone(error: &io::Error) -> bool {
    let gone = [
        nix::libc::EIO,
        nix::libc::ENXIO,
        nix::libc::EBADF,
        nix::libc::EPIPE,
    ];
    error
        .raw_os_error()
        .is_some_and(|code| gone.contains(&code))
}
