//! `batos up` and `batos down`.

use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use super::Context;
use super::ask::Asker;
use super::output::{Failed, Outcome, print, print_json, progress};
use super::serve::handed_on;
use super::start::{StartError, Started, Stopped, start_system, stop_system};
use super::{render, waiting};
use crate::wire::messages::{Reply, Request, Status};
use crate::wire::own_binary::own_binary;

/// From one look at a loading model to the next.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// Sees to it that the system runs. Must be called before any thread exists.
pub(super) fn start(context: &Context) -> Result<Started, Failed> {
    let program = own_binary()?;
    start_system(
        &context.home,
        &context.settings.socket,
        &program,
        &handed_on(context),
    )
    .map_err(refused)
}

/// Starts the system and waits until its first model is resident, or it is clear why none is.
pub(super) fn up(context: &Context) -> Outcome {
    let started = start(context)?;
    let status = await_model(context)?;
    if let Some(trouble) = &status.engine.trouble {
        progress(&format!("warning: {trouble}"));
    }
    if context.json {
        print_json(&render::status_json(&status))?;
    } else {
        let how = if started.already_running {
            "is running"
        } else {
            "is up"
        };
        print(&format!(
            "batos {how}: kernel {}, {}\n",
            status.kernel_pid,
            status.engine.resident.first().map_or_else(
                || "no model".to_owned(),
                |model| format!("model {}", model.name)
            )
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn await_model(context: &Context) -> Result<Status, Failed> {
    let mut asker = Asker::connect(&context.settings, false)?;
    loop {
        let Reply::Status(status) = asker.ask(Request::Status)? else {
            return Err(Failed::message(
                "the kernel did not say how it is",
                "run `batos status`",
            ));
        };
        let engine = &status.engine;
        if !engine.resident.is_empty() || engine.trouble.is_some() || status.safe_mode {
            waiting::clear();
            return Ok(status);
        }
        if let Some((model, fraction)) = &engine.loading {
            waiting::bar(&format!("loading {model}"), *fraction);
        }
        std::thread::sleep(LOOK_PAUSE);
    }
}

/// Stops the system; it is no error when nothing runs.
pub(super) fn down(context: &Context) -> Outcome {
    let stopped = stop_system(&context.home, &context.settings.socket).map_err(refused)?;
    let text = match stopped {
        Stopped::WasNotRunning => "batos was not running",
        Stopped::Gracefully => "batos has stopped",
        Stopped::ByForce => {
            "batos was killed, because it did not stop when asked; what it had acknowledged is kept"
        }
    };
    if context.json {
        print_json(
            &json!({"stopped": stopped != Stopped::WasNotRunning, "by_force": stopped == Stopped::ByForce}),
        )?;
    } else {
        print(&format!("{text}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(error: StartError) -> Failed {
    let hint = error.hint();
    Failed::new(error, hint)
}
