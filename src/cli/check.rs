//! `batos guardian check`: judge a file as the kernel would, in this process.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::CheckArguments;
use super::output::{Failed, Outcome, code, print, print_json};
use crate::guardian;
use crate::method::{Compiler, StructSpec};

/// Exit code 0 when the source is accepted, 1 when it is refused.
pub fn check(arguments: &CheckArguments, as_json: bool) -> Outcome {
    let path = &arguments.file;
    let source = std::fs::read_to_string(path).map_err(|error| {
        Failed::new(
            anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
            Some("give a file with Rust source".to_owned()),
        )
    })?;
    let structure = StructSpec::parse(&arguments.structure).map_err(|error| {
        Failed::new(
            anyhow::Error::new(error)
                .context(format!("cannot read the struct `{}`", arguments.structure)),
            Some("write it as in --struct 'Account { balance: f64 }'".to_owned()),
        )
    })?;
    let compiler = if arguments.syntax_only {
        None
    } else {
        Some(Compiler::find().map_err(|error| {
            Failed::new(
                error,
                Some("judge without compiling by --syntax-only".to_owned()),
            )
        })?)
    };
    let verdict = guardian::check(&source, &structure, compiler.as_ref());
    let accepted = verdict.diagnostics.is_empty();
    if as_json {
        print_json(&json!({
            "accepted": accepted,
            "diagnostics": verdict.diagnostics.iter().map(|diagnostic| json!({
                "stage": diagnostic.stage.name(), "message": diagnostic.message, "line": diagnostic.line,
                "column": diagnostic.column, "hint": diagnostic.hint,
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        let mut text = String::new();
        for diagnostic in &verdict.diagnostics {
            text.push_str(&format!(
                "{}:{}:{}: {}: {}\n",
                path.display(),
                diagnostic.line,
                diagnostic.column,
                diagnostic.stage.name(),
                diagnostic.message
            ));
            if let Some(hint) = &diagnostic.hint {
                text.push_str(&format!("  hint: {hint}\n"));
            }
        }
        text.push_str(if accepted { "accepted\n" } else { "refused\n" });
        print(&text)?;
    }
    Ok(if accepted {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(code::ERROR)
    })
}
