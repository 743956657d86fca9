//! The engine: the process that holds the models and answers the kernel in typed messages.
//!
//! This is the only module that knows llama.cpp. Everything that may abort (a driver, a damaged file, the
//! out-of-memory killer) happens in this process, which keeps no state that matters: the kernel starts it
//! again and repeats the request, and the same request gives the same bytes. A thread reads requests, so that
//! a cancellation is seen in the middle of the work; one thread a model owns its weights and its context; one
//! job runs at a time. The process ends as soon as its stdin does.

pub mod alone;
mod answer;
pub mod bench;
mod constraint;
mod embed;
mod gguf;
pub mod gpu;
mod load;
mod machine;
mod outbox;
mod prompt;
mod prompts;
mod request;
mod resident;
mod rust_blocks;
mod sampling;
mod sequence;
mod service;
mod stdio;
mod stop;
mod template;
mod utf8;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// How `batos engine` was started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where llama.cpp's and the engine's own log lines are appended.
    pub log: PathBuf,
}

/// The process `batos engine`: reads [`ToEngine`](crate::wire::engine::ToEngine) from stdin and writes
/// [`FromEngine`](crate::wire::engine::FromEngine) to what was stdout, until stdin ends or `Shutdown` comes.
pub fn run(options: &Options) -> ExitCode {
    match stdio::claim(&options.log) {
        Ok((input, output)) => service::serve(input, output, &options.log),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            note(&format!("{error}{}", cause.unwrap_or_default()));
            ExitCode::FAILURE
        }
    }
}

/// A line for the log: stderr is the log file once the streams are claimed.
fn note(line: &str) {
    // Nothing can be told to anybody when the log itself cannot be written.
    let _ = writeln!(std::io::stderr(), "batos engine: {line}");
}
