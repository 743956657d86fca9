//! Other programs for terminals, measured in the same run with the same terminal.

use std::path::Path;
use std::process::Command;

use super::arguments::TuiBenchArguments;

/// Those that are measured where they are on PATH.
const KNOWN: [&str; 5] = ["htop", "mc", "less {log}", "lnav {log}", "vim -n {log}"];
/// Where the long log goes in a command.
const LOG: &str = "{log}";

#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub command: String,
}

impl Peer {
    /// Those that were named, and those that are there.
    pub(super) fn wanted(arguments: &TuiBenchArguments) -> Vec<Self> {
        let known = KNOWN
            .into_iter()
            .filter(|command| !arguments.only_named_peers && is_there(command));
        let named = arguments.peer.iter().map(String::as_str);
        let commands = known.chain(named);
        commands
            .map(|command| Self {
                command: command.to_owned(),
            })
            .collect()
    }

    /// In a home of its own, so that nobody's settings are measured.
    pub(super) fn start(&self, log: &Path, home: &Path) -> Command {
        let words = self.command.split_whitespace();
        let mut words = words.map(|word| word.replace(LOG, &log.display().to_string()));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).envs(super::TERMINAL);
        for name in super::UNSET {
            command.env_remove(name);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            command.env(name, home);
        }
        command.current_dir(home);
        command
    }
}

fn is_there(command: &str) -> bool {
    let name = command.split_whitespace().next().unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}
