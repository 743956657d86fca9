//! `batos knowledge …`: documents that the system knows, and what is found in them.
//!
//! Files are read here, not in the kernel: a PDF that breaks the library that reads it breaks this command only.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use super::ask::{Asker, unexpected};
use super::output::{Failed, Outcome, plain, print, print_json, progress, table};
use crate::knowledge::{ReadError, read_file, readable_in};
use crate::wire::knowledge::{
    AddedChange, DocumentView, FoundView, KnowledgeReply, KnowledgeRequest,
};
use crate::wire::messages::{Reply, Request};

/// Of a hit's text, what is shown to people.
const SHOWN_LINES: usize = 6;

#[derive(Debug, Subcommand)]
pub enum KnowledgeCommand {
    /// Add documents: text, Markdown, Rust, PDF; of a folder those below it
    Add {
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Find parts of documents, facts, methods and lessons, by words and by meaning
    Search {
        #[arg(required = true, value_name = "QUERY")]
        query: Vec<String>,
        /// How many at most
        #[arg(short, default_value_t = 5, value_name = "N")]
        k: u32,
    },
    /// All documents, and all that was remembered
    Ls,
    /// Remove a document, by its name or path, or a fact by its name
    Rm { name: String },
}

pub(super) fn run(context: &Context, command: KnowledgeCommand) -> Outcome {
    match command {
        KnowledgeCommand::Add { paths } => add(context, &paths),
        KnowledgeCommand::Search { query, k } => {
            let query = query.join(" ");
            let request = KnowledgeRequest::Search { query, limit: k };
            match ask(&mut context.asker()?, request)? {
                KnowledgeReply::Found(found) => {
                    show(context, &found_json(&found), || found_text(&found))
                }
                other => Err(unexpected(&Reply::Knowledge(other))),
            }
        }
        KnowledgeCommand::Ls => match ask(&mut context.asker()?, KnowledgeRequest::List)? {
            KnowledgeReply::Documents(documents) => {
                let json: Value = documents.iter().map(document_json).collect();
                show(context, &json, || documents_text(&documents))
            }
            other => Err(unexpected(&Reply::Knowledge(other))),
        },
        KnowledgeCommand::Rm { name } => remove(context, name),
    }
}

/// Every file is one transaction. One that cannot be taken is told and does not stop the others.
fn add(context: &Context, paths: &[PathBuf]) -> Outcome {
    let mut asker = context.asker()?;
    let mut done = Vec::new();
    let mut failed: Vec<Failed> = Vec::new();
    for path in paths {
        let files = match readable_in(path) {
            Ok(files) if files.is_empty() => {
                failed.push(Failed::message(
                    format!("there is no document below {}", path.display()),
                    "text, Markdown, Rust and PDF are taken; name other files one by one",
                ));
                continue;
            }
            Ok(files) => files,
            Err(error) => {
                failed.push(unreadable(error));
                continue;
            }
        };
        for file in files {
            match add_file(&mut asker, &file) {
                Ok((json, line)) => {
                    if !context.json {
                        print(&line)?;
                    }
                    done.push(json);
                }
                Err(error) => failed.push(error),
            }
        }
    }
    if context.json {
        print_json(&Value::Array(done))?;
    }
    let Some(last) = failed.pop() else {
        return Ok(ExitCode::SUCCESS);
    };
    for error in failed {
        progress(&plain(&format!("{:#}", error.error)));
    }
    Err(last)
}

/// The file, or those of a folder, each as what the kernel is asked to keep: for the workbench.
pub(super) fn read_documents(path: &str) -> Vec<Result<KnowledgeRequest, String>> {
    let path = match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    };
    match readable_in(&path) {
        Ok(files) if files.is_empty() => {
            vec![Err(format!(
                "there is no document below {}",
                path.display()
            ))]
        }
        Ok(files) => {
            let requests = files.iter().map(|file| request_of(file));
            requests
                .map(|request| request.map_err(|error| error.to_string()))
                .collect()
        }
        Err(error) => vec![Err(error.to_string())],
    }
}

fn request_of(file: &Path) -> Result<KnowledgeRequest, ReadError> {
    let read = read_file(file)?;
    // The same file has the same name wherever the person stands.
    let name = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    Ok(KnowledgeRequest::Add {
        name: name.display().to_string(),
        format: read.format.name().to_owned(),
        text: read.text,
    })
}

fn add_file(asker: &mut Asker, file: &Path) -> Result<(Value, String), Failed> {
    let request = request_of(file).map_err(unreadable)?;
    let (document, change, tid) = match ask(asker, request)? {
        KnowledgeReply::Added {
            document,
            change,
            tid,
        } => (document, change, tid),
        other => return Err(unexpected(&Reply::Knowledge(other))),
    };
    let change = match change {
        AddedChange::Added => "added",
        AddedChange::Replaced => "replaced",
        AddedChange::Unchanged => "unchanged",
    };
    let line = format!(
        "{change} {}: {} bytes in {} chunks\n",
        plain(&document.name),
        document.bytes,
        document.chunks
    );
    let mut json = document_json(&document);
    if let Value::Object(map) = &mut json {
        map.insert("change".to_owned(), json!(change));
        map.insert("tid".to_owned(), json!(tid));
    }
    Ok((json, line))
}

/// What is no name of a document may be the path of one.
fn remove(context: &Context, name: String) -> Outcome {
    let mut asker = context.asker()?;
    let path = Path::new(&name);
    let full = path.canonicalize().or_else(|_| std::path::absolute(path));
    let full = full.map(|path| path.display().to_string());
    let known = match ask(&mut asker, KnowledgeRequest::List)? {
        KnowledgeReply::Documents(documents) => documents,
        other => return Err(unexpected(&Reply::Knowledge(other))),
    };
    let is_known = |name: &str| known.iter().any(|document| document.name == name);
    let name = match full {
        Ok(full) if !is_known(&name) && is_known(&full) => full,
        _ => name,
    };
    match ask(&mut asker, KnowledgeRequest::Remove { name })? {
        KnowledgeReply::Removed { name, tid } => {
            show(context, &json!({"removed": name, "tid": tid}), || {
                format!("removed {}\n", plain(&name))
            })
        }
        other => Err(unexpected(&Reply::Knowledge(other))),
    }
}

fn ask(asker: &mut Asker, request: KnowledgeRequest) -> Result<KnowledgeReply, Failed> {
    match asker.ask(Request::Knowledge(request))? {
        Reply::Knowledge(reply) => Ok(reply),
        other => Err(unexpected(&other)),
    }
}

fn show(context: &Context, json: &Value, text: impl FnOnce() -> String) -> Outcome {
    if context.json {
        print_json(json)?;
    } else {
        print(&text())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn unreadable(error: ReadError) -> Failed {
    let hint = error.hint().to_owned();
    Failed::new(error, Some(hint))
}

fn document_json(document: &DocumentView) -> Value {
    json!({
        "kind": document.kind,
        "name": document.name,
        "format": document.format,
        "bytes": document.bytes,
        "chunks": document.chunks,
        "start": document.start,
    })
}

fn documents_text(documents: &[DocumentView]) -> String {
    let rows: Vec<Vec<String>> = documents
        .iter()
        .map(|document| {
            vec![
                document.kind.clone(),
                plain(&document.name),
                document.format.clone(),
                document.bytes.to_string(),
                document.chunks.to_string(),
                plain(&document.start).chars().take(60).collect(),
            ]
        })
        .collect();
    table(
        &["KIND", "NAME", "FORMAT", "BYTES", "CHUNKS", "START"],
        &rows,
    )
}

fn found_json(found: &FoundView) -> Value {
    json!({
        "model": found.model,
        "note": found.note,
        "hits": found.hits.iter().map(|hit| json!({
            "kind": hit.kind, "name": hit.name, "heading": hit.heading, "line": hit.line, "text": hit.text,
            "score": hit.score, "words": hit.words, "share": hit.share, "cosine": hit.cosine,
        })).collect::<Vec<_>>(),
    })
}

fn found_text(found: &FoundView) -> String {
    let mut text = String::new();
    for (number, hit) in (1..).zip(&found.hits) {
        let line = match hit.line {
            0 => String::new(),
            line => format!(":{line}"),
        };
        let cosine = hit
            .cosine
            .map(|cosine| format!(", meaning {cosine:.2}"))
            .unwrap_or_default();
        text.push_str(&format!(
            "{number}. {} {}{line}  {}  (words {:.0} %{cosine})\n",
            hit.kind,
            plain(&hit.name),
            plain(&hit.heading),
            hit.share * 100.0
        ));
        let lines = hit.text.lines().filter(|line| !line.trim().is_empty());
        for line in lines.take(SHOWN_LINES) {
            text.push_str(&format!("   {}\n", plain(line)));
        }
    }
    if found.hits.is_empty() {
        text.push_str("nothing found\n");
    }
    if let Some(note) = &found.note {
        text.push_str(&format!("note: {}\n", plain(note)));
    }
    text
}
