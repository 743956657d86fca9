//! `batos image …`: the past, its tags, undo, and the image's upkeep.

mod arguments;
mod branch;
mod diff;
mod text;
mod upkeep;
mod upkeep_text;

use std::io::IsTerminal as _;
use std::process::ExitCode;

pub(super) use arguments::ImageCommand;

use super::Context;
use super::ask::{Asker, unexpected};
use super::output::{Outcome, print, print_json};
use super::render;
use crate::wire::image::{ImageReply, ImageRequest};
use crate::wire::messages::{Reply, Request};
use arguments::{AtCommand, TagCommand};

pub(super) fn run(context: &Context, command: ImageCommand) -> Outcome {
    let request = match command {
        ImageCommand::History { name, limit } => ImageRequest::History {
            object: name,
            method: None,
            limit,
        },
        ImageCommand::Diff { from, to, object } => ImageRequest::Diff { from, to, object },
        ImageCommand::At { moment, command } => ImageRequest::At {
            moment,
            object: match command {
                AtCommand::Show { name } => Some(name),
                AtCommand::Ls => None,
            },
        },
        ImageCommand::Undo { tid, dry_run } => ImageRequest::Undo { tid, dry_run },
        ImageCommand::Tag { command } => match command {
            TagCommand::Ls => ImageRequest::Tags,
            TagCommand::Set { name, moment } => ImageRequest::SetTag { name, moment },
            TagCommand::Rm { name } => ImageRequest::RemoveTag { name },
        },
        ImageCommand::Branch { command } => return branch::run(context, command),
        ImageCommand::Upkeep(command) => return upkeep::run(context, command),
    };
    ask(context, request)
}

fn ask(context: &Context, request: ImageRequest) -> Outcome {
    let mut asker = context.asker()?;
    match asker.ask(Request::Image(request))? {
        Reply::Image(reply) => show(&asker, &reply),
        other => Err(unexpected(&other)),
    }
}

fn show(asker: &Asker, reply: &ImageReply) -> Outcome {
    if asker.json {
        print_json(&text::json(reply))?;
        return Ok(ExitCode::SUCCESS);
    }
    let colours = colours();
    let text = match reply {
        ImageReply::History(transactions) => text::history(transactions),
        ImageReply::Diff(found) => diff::text(found, colours),
        ImageReply::Object(object) => render::object_text(object),
        ImageReply::Objects(objects) => render::objects_text(objects),
        ImageReply::Undone(undone) => {
            let done = match undone.tid {
                Some(tid) => format!("transaction {} was undone by {tid}\n", undone.undone),
                None => format!("undoing transaction {} would change\n", undone.undone),
            };
            done + &diff::text(&undone.diff, colours)
        }
        ImageReply::Tags(tags) => text::tags(tags),
        ImageReply::Upkeep(reply) => upkeep_text::text(reply, colours),
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the person's terminal shows colours, and they want them.
fn colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
