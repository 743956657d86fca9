//! What can be wrong with the home, the settings or a profile, and what to do about it.
//!
//! Each variant names the place (file and line, variable or flag) in which the person finds the mistake.

use std::fmt;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("could not find a home folder: neither BATOS_HOME, XDG_DATA_HOME nor HOME is set")]
    NoHome,
    #[error("could not make the folder {path}")]
    Create {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("could not read {path}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{place} is not valid TOML: {message}")]
    Toml { place: Place, message: String },
    #[error("{place}: unknown setting `{key}`")]
    UnknownKey {
        place: Place,
        key: String,
        nearest: Option<String>,
    },
    #[error("{place}: `{key}` must be {expected}, not {got}")]
    Value {
        place: Place,
        key: String,
        expected: String,
        got: String,
    },
    #[error("there is no profile `{name}`")]
    UnknownProfile { name: String, known: Vec<String> },
    #[error(
        "the settings give {persona} the model `{model}`, which profile `{profile}` does not have"
    )]
    UnknownModel {
        persona: String,
        model: String,
        profile: String,
        known: Vec<String>,
    },
    #[error("a branch has its own `{key}`")]
    OwnOfBranch { key: String },
    #[error("there is no branch `{name}`")]
    UnknownBranch { name: String },
    #[error("{place}: {message}")]
    Profile {
        place: Place,
        message: String,
        hint: Option<String>,
    },
}

impl ConfigError {
    /// What the person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome => {
                Some("set BATOS_HOME to a folder of your own, or give --home DIR".into())
            }
            Self::Create { .. } => {
                Some("choose a folder you may write to with --home DIR or BATOS_HOME".into())
            }
            Self::UnknownKey { nearest, .. } => nearest
                .as_ref()
                .map(|name| format!("did you mean `{name}`?")),
            Self::UnknownProfile { known, .. } => Some(format!(
                "known profiles: {}; your own go to gguf/NAME.toml in the home",
                known.join(", ")
            )),
            Self::UnknownModel { known, .. } => Some(format!("its models: {}", known.join(", "))),
            Self::Profile { hint, .. } => hint.clone(),
            Self::OwnOfBranch { .. } => Some("leave that setting away".into()),
            Self::UnknownBranch { .. } => Some(
                "list them with `batos image branch ls`, or make it with `batos image branch new NAME`"
                    .into(),
            ),
            Self::Read { .. } | Self::Toml { .. } | Self::Value { .. } => None,
        }
    }
}

/// Where a setting was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Lines count from 1.
    File {
        path: PathBuf,
        line: usize,
    },
    /// A file that is part of the program.
    BuiltIn {
        name: String,
        line: usize,
    },
    Variable(String),
    Flag(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::BuiltIn { name, line } => write!(f, "built-in {name}, line {line}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => write!(f, "setting {name} on the command line"),
        }
    }
}
