//! `batos bench missions`: the mission documents of a folder, one after the other, on the running system.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::Context;
use crate::cli::ask::Asker;
use crate::cli::output::{Failed, Outcome, print, print_json, progress, table};
use crate::cli::render::mission_json;
use crate::wire::messages::{MissionInput, Reply, Request};

/// A mission whose method is installed already counts like any other, so measure on a fresh home.
pub(super) fn run(context: &Context, folder: &Path) -> Outcome {
    let files = documents(folder)?;
    let mut asker = Asker::connect(&context.settings, true)?;
    let mut results: Vec<Value> = Vec::new();
    for file in &files {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(file).map_err(|error| {
            anyhow::Error::new(error).context(format!("cannot read {}", file.display()))
        })?;
        let Reply::MissionStarted { id } =
            asker.ask(Request::StartMission(MissionInput::Json(text)))?
        else {
            continue;
        };
        let Reply::Mission(report) = asker.ask(Request::WaitMission { id })? else {
            continue;
        };
        progress(&format!(
            "{name}: {} in {:.1} s",
            report.summary.state.name(),
            report.seconds
        ));
        let mut result = mission_json(&report);
        if let Value::Object(map) = &mut result {
            map.insert("name".to_owned(), json!(name));
        }
        results.push(result);
    }
    if context.json {
        print_json(&Value::Array(results))?;
    } else {
        print(&text(&results))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn documents(folder: &Path) -> Result<Vec<std::path::PathBuf>, Failed> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        anyhow::Error::new(error).context(format!("cannot read the folder {}", folder.display()))
    })?;
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Hidden checks lie beside their document: they are for the judge, never for the system.
            name.ends_with(".json") && !name.ends_with(".checks.json")
        })
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Failed::message(
            format!("{} has no mission documents", folder.display()),
            "give a folder with *.json files",
        ));
    }
    Ok(files)
}

fn text(results: &[Value]) -> String {
    let cell = |result: &Value, pointer: &str| match result.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if number.is_f64() => {
            format!("{:.1}", number.as_f64().unwrap_or_default())
        }
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let columns = [
        "/name",
        "/state",
        "/attempts",
        "/candidates",
        "/tokens/prompt",
        "/tokens/generated",
        "/seconds",
    ];
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|result| columns.iter().map(|column| cell(result, column)).collect())
        .collect();
    let complete = results
        .iter()
        .filter(|result| result.get("state") == Some(&json!("COMPLETE")))
        .count();
    let mut seconds: Vec<f64> = results
        .iter()
        .filter_map(|result| result.get("seconds")?.as_f64())
        .collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(seconds.len() / 2).copied().unwrap_or_default();
    table(
        &[
            "MISSION",
            "STATE",
            "ROUNDS",
            "CANDIDATES",
            "READ",
            "WRITTEN",
            "SECONDS",
        ],
        &rows,
    ) + &format!(
        "{complete} of {} COMPLETE, median {median:.1} s\n",
        results.len()
    )
}
