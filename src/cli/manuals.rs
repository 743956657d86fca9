//! `batos completions` and `batos man`: what shells and `man` know of the commands, out of the one table of them.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::builder::Resettable;
use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use serde_json::json;

use super::arguments::Arguments;
use super::output::{Outcome, print, print_json};

/// Everything that can be typed.
pub fn command() -> Command {
    Arguments::command()
}

/// The script that a shell reads to complete commands, options and their values.
pub(super) fn completions(shell: Shell) -> Outcome {
    let mut script = Vec::new();
    let mut visible = visible(&command()).version(env!("CARGO_PKG_VERSION"));
    clap_complete::generate(shell, &mut visible, "batos", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Without the commands that only processes of the system are started with.
fn visible(command: &Command) -> Command {
    // clap keeps names for as long as the program runs, which here ends with its answer.
    let name: &'static str = command.get_name().to_owned().leak();
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    Command::new(name)
        .about(Resettable::from(command.get_about().cloned()))
        .args(command.get_arguments())
        .subcommands(shown.map(visible))
}

/// The first page on stdout, or a page for each command in a folder.
pub(super) fn man(folder: Option<&Path>, json: bool) -> Outcome {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command()).render(&mut page)?;
        print(&String::from_utf8_lossy(&page))?;
        return Ok(ExitCode::SUCCESS);
    };
    let failed = || format!("cannot write man pages into {}", folder.display());
    std::fs::create_dir_all(folder).with_context(failed)?;
    clap_mangen::generate_to(command(), folder).with_context(failed)?;
    if json {
        print_json(&json!({"folder": folder}))?;
    } else {
        print(&format!("man pages are in {}\n", folder.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
