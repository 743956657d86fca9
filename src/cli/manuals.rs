//! `batos completions` and `batos man`: what shells and `man` know of the commands, out of the one table of them.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
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
    clap_complete::generate(shell, &mut command(), "batos", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
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
