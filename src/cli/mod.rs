//! The command line: what the person typed becomes one call.
//!
//! `main` turns a result into an exit code and `run` is one match over the commands. Nothing here starts
//! a thread before a system that has to be started was forked off.

mod arguments;
mod ask;
mod attach;
mod bench;
mod check;
mod config;
pub mod doctor;
pub mod fetch;
mod image;
mod knowledge;
mod log_pages;
mod manuals;
mod memory_text;
pub mod model;
mod object;
mod output;
mod plain;
mod plan_text;
pub mod pty;
mod render;
mod serve;
pub mod start;
mod system;

mod tail;
mod waiting;

use std::process::ExitCode;

use clap::Parser as _;

use crate::config::{ConfigError, Environment, Home, Settings};
use arguments::{Arguments, Command, GuardianCommand, MissionCommand, PersonaCommand};
use ask::{Asker, mission_input};
pub use manuals::command;
use output::{Failed, Outcome};

/// Parses the arguments, runs the command, prints what went wrong.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(arguments).unwrap_or_else(|failed| failed.print())
}

/// Where the command works: the home, or the branch of its image that was named.
fn home_of(arguments: &Arguments) -> Result<Home, Failed> {
    let home = Home::locate(arguments.home.as_deref())?;
    let Some(name) = &arguments.branch else {
        return Ok(home);
    };
    let home = home.branch(name);
    if !home.branch_mark().is_file() {
        let name = name.clone();
        return Err(ConfigError::UnknownBranch { name }.into());
    }
    Ok(home)
}

/// What every command may need: where the system lives and how it is set.
pub(crate) struct Context {
    pub home: Home,
    pub settings: Settings,
    /// As they were given, to be handed on to processes that this one starts.
    pub overrides: Vec<(String, String)>,
    pub json: bool,
}

impl Context {
    fn new(arguments: &Arguments) -> Result<Self, Failed> {
        let home = home_of(arguments)?;
        let overrides = arguments.overrides();
        let settings = Settings::load(&home, &overrides)?;
        Ok(Self {
            home,
            settings,
            overrides,
            json: arguments.json,
        })
    }

    fn asker(&self) -> Result<Asker, Failed> {
        Asker::connect(&self.settings, self.json).map_err(|failed| self.of_branch(failed))
    }

    /// In a branch what to do is to be done there.
    fn of_branch(&self, mut failed: Failed) -> Failed {
        if self.home.trunk().is_some()
            && let (Some(hint), Some(name)) = (&mut failed.hint, self.home.root.file_name())
        {
            let there = format!("`batos --branch {} ", name.to_string_lossy());
            *hint = hint.replace("`batos ", &there);
        }
        failed
    }
}

fn run(mut arguments: Arguments) -> Outcome {
    // These need no settings that are right, and most no home.
    match arguments.command.take() {
        Some(Command::Engine { log }) => return Ok(serve::engine(&log)),
        Some(Command::Guardian {
            command: GuardianCommand::Check(check),
        }) => return check::check(&check, arguments.json),
        Some(Command::ResetTerm) => return attach::reset_terminal(),
        Some(Command::Completions { shell }) => return manuals::completions(shell),
        Some(Command::Man { out }) => return manuals::man(out.as_deref(), arguments.json),
        // It is asked for when the settings are broken.
        Some(Command::Doctor) => {
            return Ok(doctor::run(
                &home_of(&arguments)?,
                &Environment::of_process(),
                &arguments.overrides(),
                arguments.json,
                &mut std::io::stdout().lock(),
            )?);
        }
        Some(Command::Config { command }) => return config::run(&arguments, &command),
        other => arguments.command = other,
    }
    let context = Context::new(&arguments)?;
    let Some(command) = arguments.command.take() else {
        return if arguments.plain {
            plain::attach(&context, arguments.read_only)
        } else {
            attach::attach(&context, arguments.read_only)
        };
    };
    match command {
        Command::Up => system::up(&context),
        Command::Down => system::down(&context),
        Command::Status => context.asker()?.status(),
        Command::Mission(mission) => match mission.command {
            Some(MissionCommand::Ls) => context.asker()?.missions(),
            Some(MissionCommand::Show { id }) => context.asker()?.show_mission(id),
            Some(MissionCommand::Pause { id }) => context.asker()?.pause_mission(id),
            Some(MissionCommand::Resume { id }) => context.asker()?.resume_mission(id),
            Some(MissionCommand::Cancel { id }) => context.asker()?.cancel_mission(id),
            None if mission.dry_run => context
                .asker()?
                .understand(mission.text.join(" "), mission.about),
            None => {
                let input = mission_input(&mission.text, mission.file.as_ref(), mission.about)?;
                context.asker()?.mission(input, mission.wait)
            }
        },
        Command::Send {
            object,
            selector,
            args_json,
            wait,
        } => context.asker()?.send(object, selector, args_json, wait),
        Command::Object { command } => object::run(&context, command),
        Command::Image { command } => image::run(&context, command),
        Command::Knowledge { command } => knowledge::run(&context, command),
        Command::Persona {
            command: PersonaCommand::Ls,
        } => context.asker()?.personas(),
        Command::Model { command } => Ok(model::run(
            &model::ModelArgs {
                profile: arguments.profile,
                command,
            },
            &context.home,
            &Environment::of_process(),
            context.json,
            &mut std::io::stdout().lock(),
            &mut fetch::Progress::on_stderr(),
        )?),
        Command::Tail { follow, filter } => tail::tail(&context, follow, filter.as_deref()),
        Command::Bench { command } => bench::run(&context, command),
        Command::Watchdog => Ok(serve::watchdog(&context)),
        Command::Kernel {
            safe_mode,
            restarts,
        } => serve::kernel(context, safe_mode, restarts),
        Command::Engine { .. }
        | Command::Guardian { .. }
        | Command::ResetTerm
        | Command::Doctor
        | Command::Completions { .. }
        | Command::Man { .. }
        | Command::Config { .. } => Ok(ExitCode::SUCCESS),
    }
}
