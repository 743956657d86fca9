//! What the system needs of its own: settings, home, models, compiler.

use std::path::Path;

use super::Finding;
use crate::cli::fetch::{Record, chain, free_bytes};
use crate::config::{Environment, Home, Overrides, Profile, Settings};
use crate::method::Compiler;
use crate::tui::Preferences;

/// The settings and the profile; the defaults in place of settings that cannot be read.
pub fn settings(
    home: &Home,
    environment: &Environment,
    overrides: &Overrides,
) -> (Settings, Option<Profile>, Vec<Finding>) {
    let mut findings = Vec::new();
    let settings = match Settings::load_in(home, overrides, environment) {
        Ok(settings) => settings,
        Err(error) => {
            let remedy = error
                .hint()
                .unwrap_or_else(|| "correct it there".to_owned());
            findings.push(Finding::fail("settings", chain(&error), remedy));
            Settings::defaults(home, environment)
        }
    };
    let profile = match Profile::of(home, &settings) {
        Ok(profile) => {
            let how = if settings.profile.is_some() {
                ""
            } else {
                " (the default here)"
            };
            let found = format!("{}{how}: {}", profile.name, profile.description);
            findings.push(Finding::ok("profile", found));
            Some(profile)
        }
        Err(error) => {
            let remedy = error
                .hint()
                .unwrap_or_else(|| "correct it there".to_owned());
            findings.push(Finding::fail("profile", chain(&error), remedy));
            None
        }
    };
    (settings, profile, findings)
}

/// Keys and theme: what is wrong in them keeps the workbench closed, and nothing else.
pub fn workbench(home: &Home, settings: &Settings, environment: &Environment) -> Finding {
    const NAME: &str = "workbench";
    let preferences = Preferences {
        theme: settings.theme.clone(),
        terminal: settings.terminal.clone(),
        keys: settings.keys.clone(),
    };
    match preferences.fit(&home.themes(), environment) {
        Ok(fitted) => {
            let own = match settings.keys.len() {
                0 => "its own keys".to_owned(),
                1 => "1 action with other keys".to_owned(),
                count => format!("{count} actions with other keys"),
            };
            Finding::ok(NAME, format!("theme {}, {own}", fitted.theme.name))
        }
        Err(error) => {
            let remedy = error.hint().unwrap_or("correct it there");
            Finding::warn(NAME, chain(&error), remedy)
        }
    }
}

pub fn home(home: &Home) -> Finding {
    const NAME: &str = "home";
    let other = "choose another folder with --home DIR or BATOS_HOME";
    let Some(there) = home.root.ancestors().find(|folder| folder.exists()) else {
        return Finding::fail(
            NAME,
            format!("{} cannot be made", home.root.display()),
            other,
        );
    };
    if let Err(error) = tempfile::NamedTempFile::new_in(there) {
        let found = format!("{} cannot be written to: {error}", there.display());
        return Finding::fail(NAME, found, other);
    }
    let state = if home.root.exists() {
        ""
    } else {
        " (made at the first start)"
    };
    let found = format!("{}{state}", home.root.display());
    match free_bytes(there).map(|bytes| bytes >> 20) {
        Some(free) if free < 64 => Finding::fail(
            NAME,
            format!("{found}: {free} MB free"),
            "make room on that disk",
        ),
        Some(free) if free < 1024 => Finding::warn(
            NAME,
            format!("{found}: {free} MB free"),
            "make room on that disk",
        ),
        Some(free) => Finding::ok(NAME, format!("{found}: {free} MB free")),
        None => Finding::ok(NAME, found),
    }
}

pub fn compiler() -> Finding {
    const NAME: &str = "rust compiler";
    match Compiler::find() {
        Ok(compiler) => Finding::ok(
            NAME,
            format!("{} at {}", compiler.version(), compiler.path().display()),
        ),
        Err(error) => Finding::fail(
            NAME,
            chain(&error),
            "rustup target add wasm32-unknown-unknown, or: apt-get install rustc libstd-rust-dev-wasm32 lld",
        ),
    }
}

pub fn confinement() -> Finding {
    const NAME: &str = "confinement";
    match Compiler::confinement() {
        Ok(how) => Finding::ok(NAME, how),
        Err(error) => Finding::fail(
            NAME,
            format!(
                "generated code cannot be compiled safely: {}",
                chain(&error)
            ),
            "use a Linux kernel from 5.13 on with Landlock, or allow user namespaces",
        ),
    }
}

/// One row a file; two names may stand for one.
pub fn models(profile: &Profile, folder: &Path) -> Vec<Finding> {
    const NAME: &str = "model";
    let fetch = format!("batos model fetch --profile {}", profile.name);
    let mut files: Vec<_> = profile
        .used_models()
        .map(|(_, model)| (&model.file, model.bytes))
        .collect();
    files.sort_unstable();
    files.dedup();
    files
        .into_iter()
        .map(|(file, size)| {
            let path = folder.join(file);
            let bytes = std::fs::metadata(&path).ok().map(|file| file.len());
            match (bytes, Record::read(&path)) {
                (None, _) => missing(&path, size, &fetch),
                (Some(bytes), Some(record)) if record.bytes == bytes => Finding::ok(
                    NAME,
                    format!("{file}, as large as when its sha256 was checked"),
                ),
                (Some(_), Some(_)) => Finding::fail(
                    NAME,
                    format!(
                        "{} has not the size it had when it was checked",
                        path.display()
                    ),
                    format!("batos model rm {file}, then {fetch}"),
                ),
                (Some(_), None) => Finding::warn(
                    NAME,
                    format!("{file} is there, but was never checked"),
                    &fetch,
                ),
            }
        })
        .collect()
}

/// A file that is to be fetched, and whether there is room for it.
fn missing(path: &Path, size: Option<u64>, fetch: &str) -> Finding {
    const NAME: &str = "model";
    let found = format!("{} is missing", path.display());
    match (size, free_bytes(path)) {
        (Some(size), Some(free)) if size > free => Finding::fail(
            NAME,
            format!(
                "{found}; it has {} MB and the disk has {} MB free",
                size >> 20,
                free >> 20
            ),
            format!("make room, or have models.path lead to another disk; then {fetch}"),
        ),
        _ => Finding::fail(NAME, found, fetch),
    }
}
