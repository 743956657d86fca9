//! `batos` without a command: start the system if need be, and open the workbench on it.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use super::output::{Failed, Outcome};
use super::{Context, knowledge, log_pages, system};
use crate::config::{Settings, choose_profile};
use crate::tui::{self, Helpers, Options, Preferences, Reload, client};

/// The system is forked off before the workbench starts its runtime.
pub(super) fn attach(context: &Context, read_only: bool) -> Outcome {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failed::message(
            "the workbench needs a terminal",
            "`batos --plain` is the same in lines of text; in scripts use `batos up`, `batos mission`, `batos send` and `batos tail`",
        ));
    }
    // Who only looks on starts nothing.
    if !read_only {
        system::start(context)?;
    }
    let logs = context.home.logs();
    let ended = tui::run(Options {
        connect: client::at_socket(context.settings.socket.clone()),
        themes: context.home.themes(),
        history: context.home.root.join("history.jsonl"),
        read_only,
        archive: Some((
            context.home.root.display().to_string(),
            Box::new(move || log_pages::open(logs.clone())),
        )),
        preferences: preferences(&context.settings),
        reload: Some(reload(context)),
        kept: context.home.root.join("workbench.json"),
        helpers: Some(helpers(context)),
    });
    match ended {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            let hint = error.hint().map(str::to_owned);
            Err(Failed::new(error, hint))
        }
    }
}

fn helpers(context: &Context) -> Helpers {
    let home = context.home.clone();
    Helpers {
        read_documents: Arc::new(knowledge::read_documents),
        choose_profile: Arc::new(move |name| {
            let file = choose_profile(&home, name);
            file.map(|file| file.display().to_string())
                .map_err(|error| format!("could not write the profile {name}: {error}"))
        }),
    }
}

fn preferences(settings: &Settings) -> Preferences {
    Preferences {
        theme: settings.theme.clone(),
        terminal: settings.terminal.clone(),
        keys: settings.keys.clone(),
    }
}

/// The same home, flags and variables, with what the file says then.
fn reload(context: &Context) -> Reload {
    let (home, overrides) = (context.home.clone(), context.overrides.clone());
    Reload {
        file: home.settings_file(),
        load: Box::new(move || {
            let settings = Settings::load(&home, &overrides);
            settings
                .map(|settings| preferences(&settings))
                .map_err(|error| match error.hint() {
                    Some(hint) => format!("{error} ({hint})"),
                    None => error.to_string(),
                })
        }),
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
