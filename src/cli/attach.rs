//! `batos` without a command: start the system if need be, and open the workbench on it.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::output::{Failed, Outcome};
use super::{Context, system};
use crate::tui::{self, Options, client};

/// The system is forked off before the workbench starts its runtime.
pub(super) fn attach(context: &Context) -> Outcome {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failed::message(
            "the workbench needs a terminal",
            "in scripts use `batos up`, `batos mission`, `batos send` and `batos tail`",
        ));
    }
    system::start(context)?;
    let ended = tui::run(Options {
        connect: client::at_socket(context.settings.socket.clone()),
        themes: context.home.themes(),
        theme: context.settings.theme.clone(),
        history: context.home.root.join("history.jsonl"),
    });
    match ended {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            let hint = error.hint().map(str::to_owned);
            Err(Failed::new(error, hint))
        }
    }
}

pub(super) fn reset_terminal() -> Outcome {
    tui::make_sane().map_err(|error| {
        Failed::new(
            anyhow::Error::new(error).context("cannot set the terminal's modes"),
            Some("run it in the terminal that is in a bad state".to_owned()),
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
