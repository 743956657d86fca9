//! `batos config`: writes the settings file with every default in it, and says whether one is right.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::arguments::Arguments;
use super::home_of;
use super::output::{Failed, Outcome, print, print_json};
use crate::config::{Environment, Home, Profile, Settings, document};
use crate::tui::Preferences;

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write batos.toml with every setting, its default and what it does; all commented out
    Init {
        /// Also where there is one already, which is kept beside as batos.toml.before
        #[arg(long)]
        overwrite: bool,
    },
    /// Say whether settings, keys and theme are right, and where not
    Check,
}

pub(super) fn run(arguments: &Arguments, command: &ConfigCommand) -> Outcome {
    let home = home_of(arguments)?;
    match command {
        ConfigCommand::Init { overwrite } => init(&home, *overwrite, arguments.json),
        ConfigCommand::Check => check(&home, arguments),
    }
}

fn init(home: &Home, overwrite: bool, as_json: bool) -> Outcome {
    home.create()?;
    let path = home.settings_file();
    let before = path.with_extension("toml.before");
    if overwrite && path.exists() {
        std::fs::rename(&path, &before).map_err(|error| {
            let text = format!("could not keep {} as {}", path.display(), before.display());
            Failed::new(anyhow::Error::new(error).context(text), None)
        })?;
    }
    let mut file = match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
    {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failed::message(
                format!("there is a settings file already: {}", path.display()),
                "`batos config init --overwrite` keeps it beside and writes a new one",
            ));
        }
        Err(error) => {
            let text = format!("could not write {}", path.display());
            return Err(Failed::new(anyhow::Error::new(error).context(text), None));
        }
    };
    file.write_all(document().as_bytes())?;
    if as_json {
        print_json(&json!({"file": path.display().to_string()}))?;
    } else {
        print(&format!("{}\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(home: &Home, arguments: &Arguments) -> Outcome {
    let settings = Settings::load(home, &arguments.overrides())?;
    Profile::of(home, &settings)?;
    let preferences = Preferences {
        theme: settings.theme.clone(),
        terminal: settings.terminal.clone(),
        keys: settings.keys.clone(),
    };
    preferences
        .fit(&home.themes(), &Environment::of_process())
        .map_err(|error| {
            let hint = error.hint().map(str::to_owned);
            Failed::new(error, hint)
        })?;
    let path = home.settings_file();
    if arguments.json {
        print_json(&json!({"file": path.display().to_string(), "right": true}))?;
    } else if path.is_file() {
        print(&format!("{} is right\n", path.display()))?;
    } else {
        print("there is no settings file; the defaults hold\n")?;
    }
    Ok(ExitCode::SUCCESS)
}
