//! The modes of the program that are processes of the system.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use super::Context;
use super::output::{Failed, Outcome, print, print_json};
use crate::kernel::{self, KernelError};
use crate::wire::own_binary::own_binary;
use crate::{engine, watchdog};

/// What a process of the system is told beyond its home: the settings that were given as flags.
pub(super) fn handed_on(context: &Context) -> Vec<OsString> {
    context
        .overrides
        .iter()
        .flat_map(|(key, value)| {
            [
                OsString::from("--set"),
                OsString::from(format!("{key}={value}")),
            ]
        })
        .collect()
}

pub(super) fn watchdog(context: &Context) -> ExitCode {
    watchdog::run(&watchdog::Options {
        home: context.home.clone(),
        socket: context.settings.socket.clone(),
        missions_pipe: context.settings.missions_pipe.clone(),
        kernel_command: context.settings.kernel_command.clone(),
        kernel_arguments: handed_on(context),
        timing: watchdog::Timing::default(),
    })
}

pub(super) fn kernel(context: Context, safe_mode: bool, restarts: u32) -> Outcome {
    let program = own_binary()?;
    let options = kernel::Options {
        home: context.home,
        settings: context.settings,
        safe_mode,
        restarts,
        program,
    };
    kernel::run(options).map_err(|error| {
        let hint = match &error {
            KernelError::Open(error) => Some(error.hint()),
            _ => Some("`batos doctor` looks for the cause".to_owned()),
        };
        Failed::new(error, hint)
    })
}

pub(super) fn engine(log: &Path) -> ExitCode {
    engine::run(&engine::Options {
        log: log.to_owned(),
    })
}

/// Tokens per second of a real engine process.
pub(super) fn bench_engine(context: &Context, options: &engine::bench::BenchOptions) -> Outcome {
    let report = engine::bench::run(options)?;
    let value = serde_json::to_value(&report)?;
    if context.json {
        print_json(&value)?;
    } else {
        print(&format!("{value:#}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
