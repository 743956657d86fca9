//! Why a model's file could not be had: one reason for each source that was tried.

use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("could not use {path}")]
    Folder {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} has the hash {found}, not {expected}")]
    Damaged {
        path: PathBuf,
        expected: String,
        found: String,
    },
    #[error("could not fetch {file}{}", list(tried))]
    NoSource {
        file: String,
        folder: PathBuf,
        tried: Vec<(String, SourceError)>,
    },
}

impl FetchError {
    /// What the person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Folder { .. } => {
                Some("choose another folder with BATOS_MODELS or models.path".into())
            }
            Self::Damaged { path, .. } => Some(format!(
                "it is damaged or another model's; remove it with `batos model rm {}` and fetch again",
                path.file_name().unwrap_or_default().display()
            )),
            Self::NoSource { file, folder, .. } => Some(format!(
                "run `batos model fetch` again to go on from what was fetched, or put {file} into {}",
                folder.display()
            )),
        }
    }
}

/// Why one source did not give the file.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("could not reach {url}")]
    Connect {
        url: String,
        source: Box<ureq::Error>,
    },
    #[error("{url} answered {status}{}", remedy(*status))]
    Status { url: String, status: u16 },
    #[error("{url} names no sha256 for the file, so it could not be checked")]
    NoHash { url: String },
    #[error("{url} was cut off {tries} times without a byte more than {bytes}")]
    Cut {
        url: String,
        tries: u32,
        bytes: u64,
        source: std::io::Error,
    },
    #[error("{url} redirects to {location:?}, which is no address")]
    Redirect { url: String, location: String },
    #[error("the file has the hash {found}, not {expected}; it was deleted")]
    WrongHash { expected: String, found: String },
    #[error("{folder} has {free} MB free, and {needed} MB are needed")]
    NoSpace {
        folder: PathBuf,
        free: u64,
        needed: u64,
    },
    #[error("could not write {path}")]
    Disk {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("could not start {python}")]
    NoPython {
        python: PathBuf,
        source: std::io::Error,
    },
    #[error("pip could not download {package}: {message}")]
    Pip { package: String, message: String },
    #[error("the wheel of {package} could not be used: {message}")]
    Wheel { package: String, message: String },
    #[error("the certificates in {path} could not be read: {message}")]
    Certificates { path: PathBuf, message: String },
}

/// An error and its causes in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}

fn list(tried: &[(String, SourceError)]) -> String {
    if tried.is_empty() {
        return ": its profile names no source".to_owned();
    }
    tried.iter().fold(
        " from any of its sources".to_owned(),
        |mut text, (source, error)| {
            let _ = write!(text, "\n  {source}: {}", chain(error));
            text
        },
    )
}

fn remedy(status: u16) -> &'static str {
    match status {
        401 | 403 => {
            ": it needs an account that has accepted the licence on its page; set HF_TOKEN"
        }
        404 => ": there is no such file",
        429 => ": too many requests; try again later",
        _ => "",
    }
}
