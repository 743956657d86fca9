//! `batos model ls|fetch|rm`: the model files of a profile. Works without a kernel, and without a home
//! folder having been made.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::fetch::{self, FetchError, Fetched, Fetcher, Progress, Record};
use crate::config::{
    Embedding, Environment, Home, Model, Overrides, Profile, Settings, Source, nearest,
};

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// A profile other than the one in the settings
    #[arg(long, global = true, value_name = "PROFILE")]
    pub profile: Option<String>,
    #[command(subcommand)]
    pub command: ModelCommand,
}

#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// The profile's models: file, size, whether it is there, licence
    Ls,
    /// Fetch what is missing, going on where an earlier fetch was cut
    Fetch {
        /// Only these, by name or file name; all of the profile's when none is named
        models: Vec<String>,
        /// Read files that are there and compare their hash
        #[arg(long)]
        verify: bool,
    },
    /// Delete files, with what unfinished fetches left of them
    Rm {
        /// By name or file name
        #[arg(required = true)]
        models: Vec<String>,
    },
}

/// Runs the command; data goes to `out`, progress to `progress`.
pub fn run(
    arguments: &ModelArgs,
    home: &Home,
    environment: &Environment,
    json: bool,
    out: &mut dyn Write,
    progress: &mut Progress,
) -> anyhow::Result<ExitCode> {
    let overrides: Overrides = arguments
        .profile
        .iter()
        .map(|name| ("profile".to_owned(), name.clone()))
        .collect();
    let settings = Settings::load_in(home, &overrides, environment)?;
    let mut profile = Profile::of(home, &settings)?;
    let embedding = Embedding::of(&settings);
    let folder = settings.models_dir.as_path();
    match &arguments.command {
        ModelCommand::Ls => list(&profile, embedding.as_ref(), folder, json, out)?,
        ModelCommand::Fetch { models, verify } => {
            let fetcher = Fetcher::new(folder, environment);
            with_embedding(&mut profile, embedding.as_ref(), models);
            let code = fetch_all(&profile, models, &fetcher, *verify, json, out, progress)?;
            if models.is_empty() {
                fetch_embedding(embedding.as_ref(), &fetcher, *verify, progress);
            }
            return Ok(code);
        }
        ModelCommand::Rm { models } => {
            with_embedding(&mut profile, embedding.as_ref(), models);
            remove(&profile, models, folder, json, out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The embedding model belongs to no profile: one that is named goes with the others.
fn with_embedding(profile: &mut Profile, embedding: Option<&Embedding>, wanted: &[String]) {
    if let Some(Embedding {
        name,
        model: Some(model),
        ..
    }) = embedding
        && wanted.iter().any(|one| one == name || *one == model.file)
    {
        profile.models.insert(name.clone(), model.clone());
    }
}

/// After the others. Without it what is known is searched by words alone, so that it may be missing.
fn fetch_embedding(
    embedding: Option<&Embedding>,
    fetcher: &Fetcher,
    verify: bool,
    progress: &mut Progress,
) {
    let Some(model) = embedding.and_then(|embedding| embedding.model.as_ref()) else {
        return;
    };
    match fetcher.fetch(model, verify, progress) {
        Ok(outcome) => progress.say(&format!("{}: {}", model.file, in_words(&outcome, verify))),
        Err(error) => progress.say(&format!(
            "knowledge is searched by words alone: {}",
            fetch::chain(&error)
        )),
    }
}

fn list(
    profile: &Profile,
    embedding: Option<&Embedding>,
    folder: &Path,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if json {
        let models: Vec<_> = profile
            .models
            .iter()
            .map(|(name, model)| {
                let path = folder.join(&model.file);
                json!({
                    "name": name,
                    "file": model.file,
                    "bytes": size(model, folder),
                    "present": path.is_file(),
                    "sha256": Record::read(&path).map(|record| record.sha256),
                    "licence": model.licence,
                    "note": model.note,
                    "personas": personas(profile, name),
                    "sources": model.sources.iter().map(place).collect::<Vec<_>>(),
                })
            })
            .collect();
        let knowledge = embedding.map(|embedding| {
            json!({"name": embedding.name, "file": embedding.path, "present": embedding.path.is_file()})
        });
        let document = json!({
            "profile": profile.name, "folder": folder, "models": models, "knowledge": knowledge,
        });
        return writeln!(out, "{document:#}").context("could not print");
    }
    writeln!(out, "profile {}: {}", profile.name, profile.description)?;
    writeln!(out, "folder  {}", folder.display())?;
    for (name, model) in &profile.models {
        let path = folder.join(&model.file);
        let state = match (path.is_file(), Record::read(&path)) {
            (true, Some(_)) => "here",
            (true, None) => "here, not checked",
            (false, _) => "missing",
        };
        let size = size(model, folder).map_or_else(|| "size unknown".to_owned(), megabytes);
        writeln!(out, "\n{name}  {state}  {size}  {}", model.licence)?;
        writeln!(out, "  file      {}", model.file)?;
        writeln!(out, "  personas  {}", personas(profile, name).join(", "))?;
        if let Some(note) = &model.note {
            writeln!(out, "  note      {note}")?;
        }
    }
    if let Some(embedding) = embedding {
        let state = if embedding.path.is_file() {
            "here"
        } else {
            "missing: knowledge is searched by words alone"
        };
        writeln!(out, "\n{}  {state}", embedding.name)?;
        writeln!(out, "  file      {}", embedding.path.display())?;
    }
    Ok(())
}

fn fetch_all(
    profile: &Profile,
    wanted: &[String],
    fetcher: &Fetcher,
    verify: bool,
    json: bool,
    out: &mut dyn Write,
    progress: &mut Progress,
) -> anyhow::Result<ExitCode> {
    let mut files = BTreeSet::new();
    let mut done = Vec::new();
    let mut failed: Vec<FetchError> = Vec::new();
    for (name, model) in chosen(profile, wanted)? {
        // Two names may stand for one file, placed differently.
        if !files.insert(&model.file) {
            continue;
        }
        match fetcher.fetch(model, verify, progress) {
            Ok(outcome) => {
                if !json {
                    writeln!(out, "{}: {}", model.file, in_words(&outcome, verify))?;
                }
                done.push(json!({
                    "name": name,
                    "file": model.file,
                    "state": state(&outcome),
                    "sha256": outcome.sha256(),
                }));
            }
            Err(error) => failed.push(error),
        }
    }
    if json {
        writeln!(out, "{:#}", json!(done))?;
    }
    let last = failed.pop();
    for error in failed {
        progress.say(&fetch::chain(&error));
    }
    match last {
        Some(error) => Err(error.into()),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn remove(
    profile: &Profile,
    wanted: &[String],
    folder: &Path,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut removed = Vec::new();
    for (_, model) in chosen(profile, wanted)? {
        let path = folder.join(&model.file);
        let was_there = fetch::remove(folder, &model.file)
            .with_context(|| format!("could not remove {}", path.display()))?;
        if !was_there && !removed.contains(&model.file) {
            bail!("there is no {}", path.display());
        }
        if !json {
            writeln!(out, "{}: removed", model.file)?;
        }
        removed.push(model.file.clone());
    }
    if json {
        writeln!(out, "{:#}", json!({"removed": removed}))?;
    }
    Ok(())
}

/// The models that were named, by name or file name; all that personas use when none was.
fn chosen<'a>(
    profile: &'a Profile,
    wanted: &[String],
) -> anyhow::Result<Vec<(&'a String, &'a Model)>> {
    if wanted.is_empty() {
        return Ok(profile.used_models().collect());
    }
    wanted
        .iter()
        .map(|name| {
            profile
                .models
                .iter()
                .find(|(known, model)| *known == name || model.file == *name)
                .with_context(|| {
                    let known = profile.models.keys().map(String::as_str);
                    let near = nearest(name, known.clone())
                        .map_or_else(|| known.collect::<Vec<_>>().join(", "), str::to_owned);
                    format!(
                        "profile {} has no model `{name}`; it has {near}",
                        profile.name
                    )
                })
        })
        .collect()
}

fn personas<'a>(profile: &'a Profile, model: &str) -> Vec<&'a str> {
    profile
        .personas
        .iter()
        .filter(|(_, persona)| persona.model == model)
        .map(|(name, _)| name.as_str())
        .collect()
}

/// What is on the disk, else what the profile says.
fn size(model: &Model, folder: &Path) -> Option<u64> {
    let there = std::fs::metadata(folder.join(&model.file))
        .ok()
        .map(|file| file.len());
    there.or(model.bytes)
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

fn place(source: &Source) -> serde_json::Value {
    match source {
        Source::Huggingface {
            repo,
            file,
            revision,
            sha256,
        } => json!({
            "kind": "huggingface", "repo": repo, "file": file, "revision": revision, "sha256": sha256,
        }),
        Source::PythonPackages {
            package,
            from,
            to,
            version,
            sha256,
            ..
        } => json!({
            "kind": "python-packages", "package": package, "from": from, "to": to,
            "version": version, "sha256": sha256,
        }),
    }
}

fn state(fetched: &Fetched) -> &'static str {
    match fetched {
        Fetched::AlreadyThere { .. } => "present",
        Fetched::Recognized { .. } => "recognized",
        Fetched::Unknown { .. } => "unknown",
        Fetched::From { .. } => "fetched",
    }
}

fn in_words(fetched: &Fetched, verified: bool) -> String {
    match fetched {
        Fetched::AlreadyThere { .. } if verified => "already there; its hash is right".to_owned(),
        Fetched::AlreadyThere { .. } => "already there".to_owned(),
        Fetched::Recognized { .. } => "already there; its hash is the profile's".to_owned(),
        Fetched::Unknown { sha256 } => {
            format!(
                "already there; kept, though its publisher's hash is not known here (sha256 {sha256})"
            )
        }
        Fetched::From { source, sha256 } => format!("fetched from {source}; sha256 {sha256}"),
    }
}
