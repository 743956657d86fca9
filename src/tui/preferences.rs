//! What a person may set of the workbench, and how it is read anew while the workbench is open.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::keymap::Keymap;
use super::manners::Manners;
use super::theme::Theme;
use super::{TuiError, depth::Depth};
use crate::config::{Environment, KeySetting, TerminalSettings};

/// As the settings have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    pub theme: String,
    pub terminal: TerminalSettings,
    pub keys: Vec<KeySetting>,
}

/// The settings file, and how it is read again.
pub struct Reload {
    pub file: PathBuf,
    /// Says in words what is wrong.
    pub load: Box<dyn Fn() -> Result<Preferences, String>>,
}

/// What follows from them here.
pub struct Fitted {
    pub manners: Manners,
    pub theme: Theme,
    pub keymap: Keymap,
}

impl Preferences {
    pub fn fit(&self, themes: &Path, environment: &Environment) -> Result<Fitted, TuiError> {
        let manners = Manners::of(&self.terminal, environment);
        let name = if manners.depth == Depth::None {
            "mono"
        } else {
            &self.theme
        };
        Ok(Fitted {
            theme: Theme::load(name, themes)?.for_terminal(&manners),
            keymap: Keymap::with(&self.keys).map_err(Box::new)?,
            manners,
        })
    }
}

/// Sees whether files were changed since it looked last.
#[derive(Debug)]
pub struct Watch {
    files: Vec<(PathBuf, Option<Stamp>)>,
}

/// Time and length: a file that is written twice within the clock's grain mostly has another length.
type Stamp = (SystemTime, u64);

impl Watch {
    pub fn over(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let stamped = |file: PathBuf| {
            let stamp = stamp(&file);
            (file, stamp)
        };
        Self {
            files: files.into_iter().map(stamped).collect(),
        }
    }

    pub fn changed(&mut self) -> bool {
        let mut changed = false;
        for (file, known) in &mut self.files {
            let now = stamp(file);
            if now != *known {
                *known = now;
                changed = true;
            }
        }
        changed
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
