//! `batos bench missions`: the mission documents of a folder, one after the other, on the running system.
//!
//! Each installed method is judged by the hidden checks that lie beside its document, and the model alone may be set
//! beside the loop. A long run writes each result as it comes and goes on where it was.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use super::model::Alone;
use super::problem::{Judge, Problem};
use super::range::Range;
use super::single;
use crate::cli::Context;
use crate::cli::ask::{Asker, unexpected};
use crate::cli::output::{Failed, Outcome, print, print_json, progress, table};
use crate::cli::render::mission_json;
use crate::persona::Role;
use crate::wire::messages::{MissionInput, Reply, Request};

#[derive(Debug, Args)]
pub(crate) struct MissionsBenchArguments {
    #[command(flatten)]
    pub range: Range,
    /// Beside the loop, one plain answer of the same model to the same task
    #[arg(long)]
    pub single_shot: bool,
    /// Write each result as a line of JSON as it comes, and skip what is there already
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Begin no other problem after so many minutes
    #[arg(long, value_name = "M")]
    pub minutes: Option<f64>,
}

/// A mission whose method is installed already counts like any other, so measure on a fresh home.
pub(super) fn run(context: &Context, arguments: &MissionsBenchArguments) -> Outcome {
    let files = arguments.range.files()?;
    let mut done = match &arguments.results {
        Some(file) => written_before(file)?,
        None => BTreeMap::new(),
    };
    let mut bench = Bench {
        asker: Asker::connect(&context.settings, true)?,
        judge: Judge::new()?,
        alone: None,
    };
    let started = Instant::now();
    let room = arguments
        .minutes
        .map(|minutes| Duration::from_secs_f64(60.0 * minutes.max(0.0)));
    let mut results: Vec<Value> = Vec::new();
    for file in &files {
        let problem = Problem::read(file)?;
        if let Some(before) = done.remove(&problem.name) {
            results.push(before);
            continue;
        }
        if room.is_some_and(|room| started.elapsed() >= room) {
            continue;
        }
        if arguments.single_shot && bench.alone.is_none() {
            let status = match bench.asker.ask(Request::Status)? {
                Reply::Status(status) => status,
                other => return Err(unexpected(&other)),
            };
            bench.alone = Some(Alone::start(context, Role::Brick, Some(status.profile))?);
        }
        let result = bench.measure(&problem)?;
        progress(&line(&result));
        if let Some(file) = &arguments.results {
            append(file, &result)?;
        }
        results.push(result);
    }
    if results.len() < files.len() {
        progress(&format!(
            "{} of {} measured so far",
            results.len(),
            files.len()
        ));
    }
    if context.json {
        print_json(&Value::Array(results))?;
    } else {
        print(&text(&results))?;
    }
    Ok(ExitCode::SUCCESS)
}

struct Bench {
    asker: Asker,
    judge: Judge,
    alone: Option<Alone>,
}

impl Bench {
    fn measure(&mut self, problem: &Problem) -> Result<Value, Failed> {
        let input = MissionInput::Json(problem.text.clone());
        let Reply::MissionStarted { id } = self.asker.ask(Request::StartMission(input))? else {
            return Err(unanswered(problem));
        };
        let Reply::Mission(report) = self.asker.ask(Request::WaitMission { id })? else {
            return Err(unanswered(problem));
        };
        let mut result = mission_json(&report);
        let Value::Object(map) = &mut result else {
            return Err(unanswered(problem));
        };
        map.insert("name".to_owned(), json!(problem.name));
        let installed = report
            .source
            .as_ref()
            .filter(|_| map.get("state") == Some(&json!("COMPLETE")));
        if let Some(source) = installed {
            let worth = self.judge.judge(problem, source)?;
            map.insert("worth".to_owned(), serde_json::to_value(worth)?);
        }
        if let Some(alone) = &mut self.alone {
            let single = single::shot(alone, &self.judge, problem)?;
            map.insert("single_shot".to_owned(), serde_json::to_value(single)?);
        }
        Ok(result)
    }
}

fn unanswered(problem: &Problem) -> Failed {
    Failed::message(
        format!("the kernel did not take {}", problem.name),
        "`batos status` shows whether it takes missions",
    )
}

/// What an earlier run wrote, by name. A last line that was cut off is left out.
fn written_before(file: &Path) -> Result<BTreeMap<String, Value>, Failed> {
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the results {}", file.display()))?;
    let results = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(results
        .filter_map(|result| Some((result.get("name")?.as_str()?.to_owned(), result)))
        .collect())
}

pub(super) fn append(file: &Path, result: &Value) -> Result<(), Failed> {
    let written = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut file| writeln!(file, "{result}"));
    Ok(written.with_context(|| format!("cannot write the results {}", file.display()))?)
}

fn cell(result: &Value, pointer: &str) -> String {
    match result.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if number.is_f64() => {
            format!("{:.1}", number.as_f64().unwrap_or_default())
        }
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

fn line(result: &Value) -> String {
    let part = |pointer| cell(result, pointer);
    let mut line = format!(
        "{}: {} in {} s",
        part("/name"),
        part("/state"),
        part("/seconds")
    );
    if result.pointer("/worth/right").is_some() {
        line.push_str(&format!(", right: {}", part("/worth/right")));
    }
    if result.pointer("/single_shot/built").is_some() {
        line.push_str(&format!(
            "; alone: built {}, right {} in {} s",
            part("/single_shot/built"),
            part("/single_shot/right"),
            part("/single_shot/seconds")
        ));
    }
    line
}

const COLUMNS: [(&str, &str); 11] = [
    ("MISSION", "/name"),
    ("STATE", "/state"),
    ("RIGHT", "/worth/right"),
    ("ROUNDS", "/attempts"),
    ("CANDIDATES", "/candidates"),
    ("READ", "/tokens/prompt"),
    ("WRITTEN", "/tokens/generated"),
    ("SECONDS", "/seconds"),
    ("ALONE: BUILT", "/single_shot/built"),
    ("RIGHT", "/single_shot/right"),
    ("WRITTEN", "/single_shot/tokens"),
];

fn text(results: &[Value]) -> String {
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|result| {
            COLUMNS
                .iter()
                .map(|(_, pointer)| cell(result, pointer))
                .collect()
        })
        .collect();
    let head: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let of = results.len();
    let mut text = table(&head, &rows)
        + &format!(
            "{} of {of} COMPLETE, {} right, median {:.0} tokens written, {:.1} s\n",
            count(results, "/state", &json!("COMPLETE")),
            count(results, "/worth/right", &json!(true)),
            median(results, "/tokens/generated"),
            median(results, "/seconds"),
        );
    if results
        .iter()
        .any(|result| result.pointer("/single_shot/built").is_some())
    {
        text.push_str(&format!(
            "alone: {} of {of} built, {} right, median {:.0} tokens written, {:.1} s\n",
            count(results, "/single_shot/built", &json!(true)),
            count(results, "/single_shot/right", &json!(true)),
            median(results, "/single_shot/tokens"),
            median(results, "/single_shot/seconds"),
        ));
    }
    text
}

fn count(results: &[Value], pointer: &str, value: &Value) -> usize {
    let counted = results
        .iter()
        .filter(|result| result.pointer(pointer) == Some(value));
    counted.count()
}

fn median(results: &[Value], pointer: &str) -> f64 {
    let mut numbers: Vec<f64> = results
        .iter()
        .filter_map(|result| result.pointer(pointer)?.as_f64())
        .collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
