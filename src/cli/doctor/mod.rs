//! `batos doctor`: one row for each thing a mission needs, with what to do where it is missing.
//!
//! Looks and changes nothing (but a probe file that it takes away again). Works without a kernel and
//! with broken settings, because that is when it is asked for.

pub mod graphics;
mod machine;
pub mod running;
mod system;
pub mod terminal;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use crate::config::{Environment, Home, Overrides};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Ok,
    /// Missions work, but less well or not yet.
    Warn,
    /// Missions cannot work.
    Fail,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub status: Status,
    /// What was found.
    pub found: String,
    /// What the person can do about it.
    pub remedy: Option<String>,
}

impl Finding {
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            status: Status::Ok,
            found: found.into(),
            remedy: None,
        }
    }

    pub fn warn(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        let remedy = Some(remedy.into());
        Self {
            check,
            status: Status::Warn,
            found: found.into(),
            remedy,
        }
    }

    pub fn fail(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        let remedy = Some(remedy.into());
        Self {
            check,
            status: Status::Fail,
            found: found.into(),
            remedy,
        }
    }
}

/// Checks everything and prints it; exit code 1 when something prevents missions.
pub fn run(
    home: &Home,
    environment: &Environment,
    overrides: &Overrides,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let findings = examine(home, environment, overrides);
    print(&findings, json, out).context("could not print")?;
    let failed = findings
        .iter()
        .any(|finding| finding.status == Status::Fail);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Every finding, in the order in which a person would put things right.
pub fn examine(home: &Home, environment: &Environment, overrides: &Overrides) -> Vec<Finding> {
    let mut findings = vec![machine::processor()];
    let (settings, profile, mut of_settings) = system::settings(home, environment, overrides);
    findings.push(machine::memory(profile.as_ref(), &settings.models_dir));
    findings.push(graphics::graphics(profile.as_ref(), &settings.models_dir));
    findings.push(machine::open_files());
    findings.push(terminal::terminal(environment));
    findings.push(terminal::clipboard(environment));
    findings.push(system::compiler());
    findings.push(system::confinement());
    findings.append(&mut of_settings);
    findings.push(system::workbench(home, &settings, environment));
    findings.push(system::home(home));
    findings.push(running::permissions(home));
    findings.push(running::clock(home));
    findings.push(running::socket(&settings));
    if let Some(profile) = &profile {
        findings.extend(system::models(profile, &settings.models_dir));
    }
    findings.extend(running::processes(home, &settings));
    findings
}

fn print(findings: &[Finding], json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let worst = |status| {
        findings
            .iter()
            .filter(|finding| finding.status == status)
            .count()
    };
    if json {
        let document = serde_json::json!({
            "ok": worst(Status::Fail) == 0,
            "checks": findings,
        });
        writeln!(out, "{document:#}")?;
        return Ok(());
    }
    let width = findings
        .iter()
        .map(|finding| finding.check.len())
        .max()
        .unwrap_or(0);
    for finding in findings {
        let mark = match finding.status {
            Status::Ok => "ok  ",
            Status::Warn => "warn",
            Status::Fail => "FAIL",
        };
        writeln!(out, "{mark}  {:width$}  {}", finding.check, finding.found)?;
        if let Some(remedy) = &finding.remedy {
            writeln!(out, "      {:width$}  -> {remedy}", "")?;
        }
    }
    match (worst(Status::Fail), worst(Status::Warn)) {
        (0, 0) => writeln!(out, "everything is ready")?,
        (0, warnings) => writeln!(out, "ready, with {warnings} to look at")?,
        (failures, _) => writeln!(out, "not ready: {failures} to put right")?,
    }
    Ok(())
}
