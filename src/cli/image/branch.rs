//! `batos image branch ls|new|adopt|drop`.
//!
//! A branch is a folder in `branches/` of the home, a home itself; `batos --branch NAME …` works in it.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::arguments::BranchCommand;
use super::upkeep::{open, show, text_of, upkeep_reply, work};
use crate::cli::Context;
use crate::cli::output::{Failed, Outcome, print, print_json, table};
use crate::cli::start::is_running;
use crate::config::Home;
use crate::image::{Author, Image, ImageError, OpenError, Tid};
use crate::kernel::branch::{ADOPTED_TAG, fork, moment};
use crate::kernel::upkeep::UpkeepError;
use crate::wire::image::ImageRequest;
use crate::wire::messages::Request;
use crate::wire::upkeep::{UpkeepReply, UpkeepRequest};

/// A socket's path has little room, and the branch's name is in it.
const MAX_NAME_BYTES: usize = 32;
/// What a folder is called from which a branch is being removed.
const REMOVED: &str = ".removed-";

pub fn run(context: &Context, command: BranchCommand) -> Outcome {
    if context.home.trunk().is_some() {
        return Err(Failed::message(
            "a branch has no branches",
            "leave `--branch` away",
        ));
    }
    match command {
        BranchCommand::Ls => list(context),
        BranchCommand::New { name, moment } => new(context, &name, &moment),
        BranchCommand::Adopt { name, dry_run } => {
            let home = existing(context, &name)?;
            let request = UpkeepRequest::Adopt {
                home: text_of(&home.root)?,
                dry_run,
            };
            let mut asker = context.asker()?;
            let reply = asker.ask(Request::Image(ImageRequest::Upkeep(request)))?;
            show(context, &upkeep_reply(reply)?)
        }
        BranchCommand::Drop { name, force } => drop_branch(context, &name, force),
    }
}

fn new(context: &Context, name: &str, at: &str) -> Outcome {
    check_name(name)?;
    let home = context.home.branch(name);
    if home.image().exists() {
        return Err(Failed::message(
            format!("there is a branch `{name}` already"),
            format!("choose another name, or remove it with `batos image branch drop {name}`"),
        ));
    }
    let request = UpkeepRequest::Branch {
        home: text_of(&home.root)?,
        moment: at.to_owned(),
    };
    let reply = work(context, None, request, |folder, progress| {
        let image = open(folder)?;
        let tid = moment(&image.view(), at).map_err(UpkeepError::Refused)?;
        let done = fork(&image, &home.root, tid, progress)?;
        image.close()?;
        Ok(UpkeepReply::Branched(done))
    })?;
    show(context, &reply)?;
    if !context.json {
        print(&format!("try it with `batos --branch {name}`\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check_name(name: &str) -> Result<(), Failed> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if !name.is_empty() && name.len() <= MAX_NAME_BYTES && name.chars().all(fits) {
        return Ok(());
    }
    Err(Failed::message(
        format!("{name:?} is no name for a branch"),
        format!("at most {MAX_NAME_BYTES} letters, digits, `-` and `_`"),
    ))
}

fn existing(context: &Context, name: &str) -> Result<Home, Failed> {
    check_name(name)?;
    let home = context.home.branch(name);
    if home.branch_mark().is_file() {
        return Ok(home);
    }
    Err(Failed::message(
        format!("there is no branch `{name}`"),
        "list them with `batos image branch ls`",
    ))
}

/// What is known of a branch.
struct Branch {
    name: String,
    state: &'static str,
    /// Unknown while its system runs: only that may have it open.
    tids: Option<(Tid, Tid)>,
}

fn list(context: &Context) -> Outcome {
    let mut branches = Vec::new();
    for name in names(&context.home.branches())? {
        branches.push(look_at(&context.home.branch(&name), name)?);
    }
    if context.json {
        let json: Value = branches.iter().map(branch_json).collect();
        print_json(&json)?;
    } else {
        let rows: Vec<Vec<String>> = branches.iter().map(row).collect();
        print(&table(&["BRANCH", "FORK", "NEWEST", "STATE"], &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn branch_json(branch: &Branch) -> Value {
    json!({
        "name": branch.name,
        "fork": branch.tids.map(|(fork, _)| fork),
        "tid": branch.tids.map(|(_, newest)| newest),
        "state": branch.state,
    })
}

fn row(branch: &Branch) -> Vec<String> {
    let tid = |tid: Option<Tid>| tid.map_or_else(|| "-".to_owned(), |tid| tid.to_string());
    vec![
        branch.name.clone(),
        tid(branch.tids.map(|(fork, _)| fork)),
        tid(branch.tids.map(|(_, newest)| newest)),
        branch.state.to_owned(),
    ]
}

fn names(folder: &Path) -> Result<Vec<String>, Failed> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read", folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed("read", folder))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if check_name(&name).is_ok() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn look_at(home: &Home, name: String) -> Result<Branch, Failed> {
    let unknown = |state| Branch {
        name: name.clone(),
        state,
        tids: None,
    };
    if !is_running(home)?.nothing() {
        return Ok(unknown("running"));
    }
    let image = match open(&home.image()) {
        Ok(image) => image,
        Err(UpkeepError::Open(OpenError::Locked { .. })) => return Ok(unknown("in use")),
        Err(UpkeepError::Check(_)) => return Ok(unknown("unfinished")),
        Err(_) => return Ok(unknown("damaged")),
    };
    let fork = image.fork_point()?;
    let state = if is_adopted(&image)? {
        "adopted"
    } else if is_unchanged(&image)? {
        "unchanged"
    } else {
        "changed"
    };
    let tids = fork.map(|fork| (fork, image.tid()));
    image.close()?;
    Ok(Branch { name, state, tids })
}

/// Whether all that was done in it was adopted.
fn is_adopted(image: &Image) -> Result<bool, ImageError> {
    let view = image.view();
    let Some(adopted) = view.tag(ADOPTED_TAG)? else {
        return Ok(false);
    };
    Ok(adopted.pinned >= newest_change(image)?)
}

fn is_unchanged(image: &Image) -> Result<bool, ImageError> {
    let fork = image.fork_point()?.unwrap_or_default();
    Ok(newest_change(image)? <= fork)
}

/// The newest transaction of a person or a mission.
fn newest_change(image: &Image) -> Result<Tid, ImageError> {
    let view = image.view();
    let mut before = Tid::MAX;
    loop {
        let entries = view.audit_before(before, 100)?;
        let Some(oldest) = entries.last() else {
            return Ok(0);
        };
        before = oldest.tid;
        let found = entries.iter().find(|entry| entry.author != Author::Kernel);
        if let Some(entry) = found {
            return Ok(entry.tid);
        }
    }
}

fn drop_branch(context: &Context, name: &str, force: bool) -> Outcome {
    let home = existing(context, name)?;
    if !is_running(&home)?.nothing() {
        return Err(Failed::message(
            format!("branch {name} is running"),
            format!("stop it with `batos --branch {name} down`"),
        ));
    }
    let branch = look_at(&home, name.to_owned())?;
    if !force && !matches!(branch.state, "adopted" | "unchanged" | "unfinished") {
        return Err(Failed::message(
            format!("branch {name} is {} and was not adopted", branch.state),
            format!(
                "see `batos image branch adopt {name} --dry-run`; to lose what is in it give `--force`"
            ),
        ));
    }
    // Gone at once, whatever becomes of the rest.
    let folder = context.home.branches();
    let removed = folder.join(format!("{REMOVED}{name}-{}", std::process::id()));
    fs::rename(&home.root, &removed).map_err(failed("remove", &home.root))?;
    fs::remove_dir_all(&removed).map_err(failed("remove", &removed))?;
    if context.json {
        print_json(&json!({"dropped": name}))?;
    } else {
        print(&format!("branch {name} is gone\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Failed {
    let text = format!("cannot {action} {}", path.display());
    move |error| Failed::new(anyhow::Error::new(error).context(text), None)
}
