//! Takes the protocol's streams out of reach of the native libraries.
//!
//! stdout carries frames, so one stray `printf` in C++ would break the connection. The real stdout moves to a
//! descriptor of our own; descriptors 1 and 2 become the log file, where llama.cpp's logs end up with no
//! callback at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use nix::unistd::{dup, dup2_stderr, dup2_stdout};

#[derive(Debug, thiserror::Error)]
pub enum StdioError {
    #[error("could not open the engine's log file {path}")]
    Log {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("could not take over the engine's standard streams")]
    Streams(#[source] nix::Error),
}

/// The protocol's input and output; from here on stdout and stderr are the log file.
pub fn claim(log: &Path) -> Result<(BufReader<File>, File), StdioError> {
    let log_file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(log)
        .map_err(|source| StdioError::Log {
            path: log.to_owned(),
            source,
        })?;
    let input = dup(io::stdin()).map_err(StdioError::Streams)?;
    let output = dup(io::stdout()).map_err(StdioError::Streams)?;
    dup2_stdout(&log_file).map_err(StdioError::Streams)?;
    dup2_stderr(&log_file).map_err(StdioError::Streams)?;
    Ok((BufReader::new(File::from(input)), File::from(output)))
}
