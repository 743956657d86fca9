//! The workbench: the terminal front-end that attaches to the kernel.
//!
//! `update` changes the state and does no I/O, `view` only paints it, and the loop here drains what
//! has arrived, then draws once. Without an event nothing is drawn and no byte is written. Quitting
//! or losing the terminal leaves the kernel at work.

pub mod archive;
pub mod clean;
pub mod client;
pub mod contents;
pub mod depth;
pub mod document;
pub mod editor;
pub mod glyphs;
pub mod history;
mod inbound;
pub mod keep;
pub mod keymap;
pub mod layout;
pub mod manners;
pub mod osc;
pub mod preferences;
pub mod screen;
mod session;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crossterm::event::EventStream;

use crate::config::Environment;
use crate::wire::knowledge::KnowledgeRequest;

pub use archive::OpenArchive;
pub use client::Connect;
pub use preferences::{Fitted, Preferences, Reload};
pub use session::{ExitReason, Session};
pub use terminal::{make_sane, reset_terminal};
pub use theme::{Theme, ThemeError};

use keymap::KeysError;
use state::{Beginning, State};
use terminal::{Terminal, Writer};

/// What the workbench is started with.
pub struct Options {
    /// How to reach the kernel: [`client::at_socket`].
    pub connect: Connect,
    /// The person's own themes.
    pub themes: PathBuf,
    /// Where earlier briefs are kept.
    pub history: PathBuf,
    /// Nothing may be changed from here.
    pub read_only: bool,
    /// The home, as its kernel names it, and how its log files are read.
    pub archive: Option<(String, OpenArchive)>,
    pub preferences: Preferences,
    /// How they are read anew when the file changes.
    pub reload: Option<Reload>,
    /// Where the workbench is kept as it was left.
    pub kept: PathBuf,
    /// What is done outside for the person; `None` where it cannot be.
    pub helpers: Option<Helpers>,
}

/// What needs parts of the program that the workbench does not know.
#[derive(Clone)]
pub struct Helpers {
    /// Reads a document, or those of a folder, to be kept. May take its time: it is called on a thread of its own.
    pub read_documents: Arc<ReadDocuments>,
    /// Writes the profile to the settings file; gives the file.
    pub choose_profile: Arc<ChooseProfile>,
}

type ReadDocuments = dyn Fn(&str) -> Vec<Result<KnowledgeRequest, String>> + Send + Sync;
type ChooseProfile = dyn Fn(&str) -> Result<String, String> + Send + Sync;

/// Why the workbench could not go on.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    #[error("the workbench needs a terminal to draw on")]
    Terminal(#[source] std::io::Error),
    #[error("could not draw on the terminal")]
    Draw(#[source] std::io::Error),
    #[error("could not start the workbench's event loop")]
    Start(#[source] std::io::Error),
    #[error(transparent)]
    Theme(#[from] ThemeError),
    #[error(transparent)]
    Keys(#[from] Box<KeysError>),
}

impl TuiError {
    /// What the person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Terminal(_) => {
                Some("in scripts use `batos mission`, `batos send` and `batos tail`")
            }
            Self::Keys(_) => {
                Some("`:keys` in the workbench shows what arrives, `?` every action with its name")
            }
            Self::Draw(_) | Self::Start(_) | Self::Theme(_) => None,
        }
    }
}

/// Runs the workbench until the person quits or the terminal goes.
pub fn run(options: Options) -> Result<ExitReason, TuiError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(TuiError::Start)?;
    let outcome = runtime.block_on(attach(options));
    // A stalled line may hold a thread in a write: nothing waits for it.
    runtime.shutdown_background();
    outcome
}

async fn attach(options: Options) -> Result<ExitReason, TuiError> {
    let environment = Environment::of_process();
    let fitted = options.preferences.fit(&options.themes, &environment)?;
    let (history, trouble) = match history::load(&options.history) {
        Ok(history) => (history, None),
        Err(error) => {
            let path = options.history.display();
            (
                Vec::new(),
                Some(format!("could not read the history {path}: {error}")),
            )
        }
    };
    let remembered = keep::load(&options.kept);
    let terminal = Terminal::take(fitted.manners.mouse).map_err(TuiError::Terminal)?;
    let state = State::new(Beginning {
        size: crossterm::terminal::size().map_err(TuiError::Terminal)?,
        now_ms: now_ms(),
        utc_offset_s: jiff::Zoned::now().offset().seconds(),
        read_only: options.read_only,
        home: options.archive.as_ref().map(|(home, _)| home.clone()),
        theme: fitted.theme.name.clone(),
        themes: Theme::names(&options.themes),
        keymap: fitted.keymap.clone(),
        history,
        first_run: remembered.is_none(),
        remembered,
    });
    let writer = Writer::to_stdout().map_err(TuiError::Terminal)?;
    let mut session = Session::new(state, fitted, writer, options).map_err(TuiError::Draw)?;
    if let Some(trouble) = trouble {
        session.tell(trouble);
    }
    session.serve(EventStream::new, Some(terminal)).await
}

/// Milliseconds since 1970.
fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
