//! The real system that the workbench attaches to: a home in a temporary folder, with some objects in it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use tempfile::TempDir;

use super::process;
use crate::cli::Context;
use crate::cli::serve::handed_on;
use crate::config::Home;
use crate::wire::own_binary::own_binary;
use crate::wire::pidfile::{Holder, Pidfile};

/// Objects of the image.
const OBJECTS: u32 = 24;
/// The first in the list; it is on the screen once the kernel has told what there is.
pub(super) const FIRST_OBJECT: &str = "Specimen01";

pub(super) struct System<'a> {
    context: &'a Context,
    folder: TempDir,
}

impl<'a> System<'a> {
    /// Starts it, with the settings that the command was given; genesis is off, so that it has nothing to do.
    pub(super) fn start(context: &'a Context) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("bat").tempdir()?;
        let system = Self { context, folder };
        system.run(&["up"])?;
        for number in 1..=OBJECTS {
            let name = format!("Specimen{number:02}");
            let slots = r#"{"count": {"type": "i64", "value": 0}}"#;
            system.run(&["object", "new", &name, "--slots", slots])?;
        }
        Ok(system)
    }

    pub(super) fn workbench(&self) -> anyhow::Result<Command> {
        command(self.context, self.folder.path(), &[])
    }

    /// Watchdog, kernel and engine.
    pub(super) fn processes(&self) -> Vec<u32> {
        let home = Home {
            root: self.folder.path().to_owned(),
        };
        match Pidfile::holder(&home.watchdog_pid()) {
            Ok(Holder::Running(pid)) => process::family(pid),
            _ => Vec::new(),
        }
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = command(self.context, self.folder.path(), arguments)?;
        let output = command.stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let what = arguments.join(" ");
        anyhow::ensure!(output.status.success(), "`batos {what}`: {}", said.trim());
        Ok(())
    }
}

impl Drop for System<'_> {
    fn drop(&mut self) {
        // What cannot be stopped now is told by nobody; its home goes all the same.
        let _ = self.run(&["down"]);
    }
}

/// This program on that home, as in a terminal that can do what most can.
pub(super) fn command(
    context: &Context,
    home: &Path,
    arguments: &[&str],
) -> anyhow::Result<Command> {
    let program = own_binary().context("cannot find this program")?;
    let mut command = Command::new(program);
    command.arg("--home").arg(home).args(handed_on(context));
    command.args(["--set", "missions.genesis=off"]);
    command.args(arguments).envs(super::TERMINAL);
    for name in super::UNSET {
        command.env_remove(name);
    }
    Ok(command)
}
