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
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::archive::{Archive, OpenArchive, Told};
use super::client::Client;
use super::manners::Manners;
use super::preferences::{Fitted, Preferences, Reload, Watch};
use super::screen::Screen;
use super::state::{Editing, State};
use super::terminal::{Terminal, Writer};
use super::theme::Theme;
use super::update::{Effect, Event, update};
use super::{Helpers, Options, TuiError, contents, editor, history, keep, now_ms, osc};
use crate::config::Environment;

/// The shortest time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(40);
/// From one look at the settings file to the next.
const WATCH: Duration = Duration::from_secs(1);
const SECOND: Duration = Duration::from_secs(1);
/// Events from other threads that may wait.
const OUTSIDE: usize = 64;
/// Messages taken in before a frame is due again.
const MOST_AT_ONCE: usize = 512;

const NOT_HERE: &str = "this workbench cannot do that";

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
    manners: Manners,
    preferences: Preferences,
    reload: Option<Reload>,
    /// Over the settings and the theme's own file.
    watch: Option<Watch>,
    watch_at: Instant,
    screen: Screen,
    writer: Writer,
    client: Client,
    /// Opened when something is asked of it first.
    archive: Option<Archive>,
    open_archive: Option<OpenArchive>,
    themes: PathBuf,
    history: PathBuf,
    kept: PathBuf,
    helpers: Option<Helpers>,
    /// What was done outside on a thread of its own.
    outside: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    /// What is said to the terminal beside the next frame.
    beside: String,
    /// The window's title, as it was set last.
    title: String,
    /// Something has happened since the last frame.
    dirty: bool,
    /// A frame of news has to wait until then.
    not_before: Instant,
    tick_at: Instant,
    end: Option<ExitReason>,
    suspend: bool,
    /// To be given to the editor.
    edit: Option<(Editing, String)>,
}

struct Signals {
    terminate: Signal,
    hang_up: Signal,
    stop: Signal,
    go_on: Signal,
    resize: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            stop: signal(SignalKind::from_raw(nix::libc::SIGTSTP))?,
            go_on: signal(SignalKind::from_raw(nix::libc::SIGCONT))?,
            resize: signal(SignalKind::window_change())?,
        })
    }
}

impl Session {
    pub fn new(state: State, fitted: Fitted, writer: Writer, options: Options) -> io::Result<Self> {
        let now = Instant::now();
        let watch = options.reload.as_ref().map(|reload| {
            let theme = options.themes.join(format!("{}.toml", state.theme));
            Watch::over([reload.file.clone(), theme])
        });
        Ok(Self {
            screen: Screen::new(state.size.0, state.size.1)?,
            state,
            theme: fitted.theme,
            manners: fitted.manners,
            preferences: options.preferences,
            reload: options.reload,
            watch,
            watch_at: now + WATCH,
            writer,
            client: Client::new(options.connect),
            archive: None,
            open_archive: options.archive.map(|(_, open)| open),
            themes: options.themes,
            history: options.history,
            kept: options.kept,
            helpers: options.helpers,
            outside: mpsc::channel(OUTSIDE),
            beside: String::new(),
            title: String::new(),
            dirty: true,
            not_before: now,
            tick_at: now + SECOND,
            end: None,
            suspend: false,
            edit: None,
        })
    }

    /// Shows a line of trouble.
    pub fn tell(&mut self, trouble: String) {
        self.apply(Event::Trouble(trouble));
    }

    /// Works until the end. `terminal` is absent only where there is none to suspend.
    /// `open` begins to read the keys; it is done again after an editor had the terminal.
    pub async fn serve<S: Stream<Item = io::Result<Input>> + Unpin>(
        mut self,
        mut open: impl FnMut() -> S,
        terminal: Option<Terminal>,
    ) -> Result<ExitReason, TuiError> {
        let mut input = open();
        let mut signals = Signals::listen().map_err(TuiError::Start)?;
        loop {
            if let Some(terminal) = &terminal {
                self.beside.push_str(terminal.set_mouse(self.manners.mouse));
            }
            self.draw_if_due()?;
            if let Some(reason) = self.end {
                self.keep();
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
                // Who reads the keys tells it too, but forgets it where a key arrives at the same time.
                _ = signals.resize.recv() => self.look_at_size(),
                event = input.next() => self.take_input(event),
                result = self.writer.written(), if self.writer.is_busy() => self.wrote(result)?,
                event = self.client.next() => self.take_news(event),
                Some(told) = told(&mut self.archive) => self.take_told(told),
                Some(event) = self.outside.1.recv() => self.apply(event),
                () = sleep_until(self.tick_at), if ticking => self.tick(),
                () = sleep_until(self.watch_at), if self.watch.is_some() => self.watch(),
                () = sleep_until(self.not_before), if waiting => {}
            }
            while self.end.is_none() {
                match ready(&mut input).await {
                    Poll::Ready(event) => self.take_input(event),
                    Poll::Pending => break,
                }
            }
            if let Some((what, text)) = self.edit.take() {
                // Who reads the keys would take some of the editor's.
                drop(input);
                self.edit(what, text, terminal.as_ref()).await?;
                input = open();
            }
            if std::mem::take(&mut self.suspend) {
                self.suspend(terminal.as_ref()).await?;
            }
        }
    }

    /// Keeps the workbench as it is left. One that only looks on leaves nothing behind.
    fn keep(&self) {
        if !self.state.read_only {
            // Whoever leaves cannot be told any more; the next one finds what was kept before.
            let _ = keep::save(&self.kept, &self.state.remember());
        }
    }

    fn draw_if_due(&mut self) -> Result<(), TuiError> {
        if !self.dirty || self.writer.is_busy() || Instant::now() < self.not_before {
            return Ok(());
        }
        self.dirty = false;
        // What the kernel tells first is shown as soon as it is there.
        let pause = self.state.status.as_ref().map_or(Duration::ZERO, |_| FRAME);
        self.not_before = Instant::now() + pause;
        self.screen.synchronized = self.manners.synchronized;
        let frame = self
            .screen
            .draw(&self.state, &self.theme)
            .map_err(TuiError::Draw)?;
        self.retitle();
        // What is said beside the picture goes along in the same write.
        let mut bytes = frame.unwrap_or_default();
        bytes.extend(std::mem::take(&mut self.beside).into_bytes());
        if !bytes.is_empty() {
            self.writer.write(bytes).map_err(TuiError::Draw)?;
        }
        Ok(())
    }

    /// The window's title, when it is another one.
    fn retitle(&mut self) {
        if !self.manners.title {
            return;
        }
        let title = contents::window_title(&self.state);
        if title != self.title {
            self.beside.push_str(&osc::title(&title));
            self.title = title;
        }
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
            Some(Ok(Input::Resize(columns, rows))) => {
                super::terminal::rouse();
                return self.resized(columns, rows);
            }
            Some(Ok(Input::FocusGained)) => Event::Focus(true),
            Some(Ok(Input::FocusLost)) => Event::Focus(false),
            Some(Ok(Input::Mouse(event))) => Event::Mouse(event),
            Some(Err(_)) | None => {
                self.end = Some(ExitReason::HangUp);
                return;
            }
        };
        self.not_before = Instant::now();
        self.apply(Event::Clock(now_ms()));
        self.apply(event);
    }

    /// Whatever the size is, the terminal may have cut or moved what it showed: of many sizes in a row only
    /// some are seen, and the last may be the first again. A storm of them is drawn as seldom as news.
    fn resized(&mut self, columns: u16, rows: u16) {
        self.apply(Event::Clock(now_ms()));
        self.apply(Event::Resize(columns, rows));
        if let Err(error) = self.screen.forget() {
            self.apply(Event::Trouble(error.to_string()));
        }
    }

    fn look_at_size(&mut self) {
        if let Some((columns, rows)) = super::terminal::size() {
            self.resized(columns, rows);
        }
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

    fn take_told(&mut self, told: Told) {
        self.apply(Event::Log(told));
        for _ in 0..MOST_AT_ONCE {
            let next = self
                .archive
                .as_mut()
                .and_then(|one| one.told.try_recv().ok());
            match next {
                Some(told) => self.apply(Event::Log(told)),
                None => break,
            }
        }
    }

    /// Looks whether the settings were changed; what is wrong in them changes nothing.
    fn watch(&mut self) {
        self.watch_at = Instant::now() + WATCH;
        if !self.watch.as_mut().is_some_and(Watch::changed) {
            return;
        }
        let Some(reload) = &self.reload else { return };
        let fitted = (reload.load)().and_then(|preferences| {
            let fitted = preferences.fit(&self.themes, &Environment::of_process());
            fitted
                .map(|fitted| (preferences, fitted))
                .map_err(|error| error.to_string())
        });
        match fitted {
            Ok((preferences, fitted)) => {
                // A theme that was only tried on stays, unless another one was written down.
                let chosen = preferences.theme != self.preferences.theme;
                let name = if chosen {
                    fitted.theme.name.clone()
                } else {
                    self.state.theme.clone()
                };
                self.preferences = preferences;
                self.manners = fitted.manners;
                let themes = Theme::names(&self.themes);
                self.apply(Event::Settings {
                    theme: name,
                    themes,
                    keymap: Box::new(fitted.keymap),
                });
            }
            Err(trouble) => {
                self.apply(Event::Trouble(format!(
                    "{trouble}; what was set before still holds"
                )));
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
                let theme = Theme::load(&name, &self.themes).map_err(|error| error.to_string())?;
                self.theme = theme.for_terminal(&self.manners);
                if let (Some(watch), Some(reload)) = (&mut self.watch, &self.reload) {
                    let file = self.themes.join(format!("{name}.toml"));
                    *watch = Watch::over([reload.file.clone(), file]);
                }
            }
            Effect::Log(ask) => {
                if let (None, Some(open)) = (&self.archive, &self.open_archive) {
                    self.archive = Some(open());
                }
                if let Some(archive) = &self.archive {
                    archive.ask(ask);
                }
            }
            Effect::ReadDocuments(path) => {
                let helpers = self.helpers.clone().ok_or(NOT_HERE)?;
                let sender = self.outside.0.clone();
                tokio::task::spawn_blocking(move || {
                    for read in (helpers.read_documents)(&path) {
                        // Nobody waits for it once the workbench has ended.
                        if sender.blocking_send(Event::Document(read)).is_err() {
                            return;
                        }
                    }
                });
            }
            Effect::ChooseProfile(name) => {
                let helpers = self.helpers.clone().ok_or(NOT_HERE)?;
                let file = (helpers.choose_profile)(&name)?;
                let text = format!(
                    "{file} names the profile {name}; `batos down`, then `batos up` starts with it"
                );
                self.apply(Event::Done(text));
            }
            Effect::Edit { what, text } => self.edit = Some((what, text)),
            Effect::Copy(text) => {
                let sequence = osc::clipboard(&text, self.manners.between);
                self.beside.push_str(&sequence);
            }
            Effect::Ring(text) => {
                let (notify, between) = (self.manners.notify, self.manners.between);
                self.beside.push_str(&osc::notice(&text, notify, between));
            }
            Effect::Redraw => self.screen.forget().map_err(|error| error.to_string())?,
            Effect::Suspend => self.suspend = true,
            Effect::Quit => self.end = Some(ExitReason::Quit),
        }
        Ok(())
    }

    /// Gives the terminal to the editor until it ends. The kernel's news wait meanwhile.
    async fn edit(
        &mut self,
        what: Editing,
        before: String,
        terminal: Option<&Terminal>,
    ) -> Result<(), TuiError> {
        let pending: OptionFuture<_> = self.writer.is_busy().then(|| self.writer.written()).into();
        pending.await.transpose().map_err(TuiError::Draw)?;
        if let Some(terminal) = terminal {
            terminal.lend();
        }
        let result = editor::edit(&self.manners.editor, &before, what.suffix());
        self.retake(terminal)?;
        self.apply(Event::Clock(now_ms()));
        self.apply(Event::Edited {
            what,
            before,
            result,
        });
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

/// What the log's files tell next; nothing as long as none are read.
async fn told(archive: &mut Option<Archive>) -> Option<Told> {
    match archive {
        Some(archive) => archive.told.recv().await,
        None => std::future::pending().await,
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
