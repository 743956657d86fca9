//! `batos object …`: objects, what they are made of, and changes of that.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Context;
use super::ask::unexpected;
use super::output::{Outcome, plain, print, print_json};
use super::render;
use crate::wire::messages::{Reply, Request};
use crate::wire::schema::{SchemaReply, SchemaRequest, SchemaView, SlotChange};

#[derive(Debug, Subcommand)]
pub enum ObjectCommand {
    /// Make an object
    New {
        name: String,
        /// Its prototype
        #[arg(long)]
        parent: Option<String>,
        /// Such as '{"balance": {"type": "f64", "value": 0.0}}'
        #[arg(long, value_name = "JSON", default_value = "{}")]
        slots: String,
    },
    /// All objects
    Ls,
    /// Slots and methods with their source
    Show { name: String },
    /// Change a slot; methods that were compiled with it are compiled again, or named
    Slot {
        name: String,
        #[command(subcommand)]
        command: SlotCommand,
    },
    /// Remove an object and its methods; refused while something refers to it or delegates to it
    Rm { name: String },
}

#[derive(Debug, Subcommand)]
pub enum SlotCommand {
    /// Add a slot
    Add {
        slot: String,
        /// Such as 'Vec<String>'
        #[arg(value_name = "TYPE")]
        rust_type: String,
        /// As JSON [default: zero, empty, null]
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: Option<String>,
        #[command(flatten)]
        force: Force,
    },
    /// Remove a slot
    Rm {
        slot: String,
        #[command(flatten)]
        force: Force,
    },
    /// Give a slot another type
    Retype {
        slot: String,
        #[arg(value_name = "TYPE")]
        rust_type: String,
        /// As JSON [default: the value, where it can be converted without loss]
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: Option<String>,
        #[command(flatten)]
        force: Force,
    },
    /// Give a slot another name, also in the methods that use it
    Rename {
        slot: String,
        new: String,
        #[command(flatten)]
        force: Force,
    },
    /// Give a slot another value
    Set {
        slot: String,
        /// As JSON
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
}

#[derive(Debug, Args)]
pub struct Force {
    /// Remove the methods that would no longer work
    #[arg(long)]
    pub force: bool,
}

pub(super) fn run(context: &Context, command: ObjectCommand) -> Outcome {
    match command {
        ObjectCommand::New {
            name,
            parent,
            slots,
        } => context.asker()?.object(Request::NewObject {
            name,
            parent,
            slots_json: slots,
        }),
        ObjectCommand::Ls => context.asker()?.objects(),
        ObjectCommand::Show { name } => context.asker()?.object(Request::ShowObject { name }),
        ObjectCommand::Slot { name, command } => ask(context, change(name, command)),
        ObjectCommand::Rm { name } => ask(context, SchemaRequest::RemoveObject { name }),
    }
}

fn change(object: String, command: SlotCommand) -> SchemaRequest {
    let (slot, change, force) = match command {
        SlotCommand::Add {
            slot,
            rust_type,
            value: value_json,
            force,
        } => {
            let change = SlotChange::Add {
                rust_type,
                value_json,
            };
            (slot, change, force.force)
        }
        SlotCommand::Rm { slot, force } => (slot, SlotChange::Remove, force.force),
        SlotCommand::Retype {
            slot,
            rust_type,
            value: value_json,
            force,
        } => {
            let change = SlotChange::Retype {
                rust_type,
                value_json,
            };
            (slot, change, force.force)
        }
        SlotCommand::Rename { slot, new, force } => {
            (slot, SlotChange::Rename { to: new }, force.force)
        }
        SlotCommand::Set { slot, value } => (slot, SlotChange::Set { value_json: value }, false),
    };
    SchemaRequest::ChangeSlot {
        object,
        slot,
        change,
        force,
    }
}

fn ask(context: &Context, request: SchemaRequest) -> Outcome {
    let mut asker = context.asker()?;
    let reply = match asker.ask(Request::Schema(request))? {
        Reply::Schema(reply) => reply,
        other => return Err(unexpected(&other)),
    };
    if asker.json {
        print_json(&reply_json(&reply))?;
    } else {
        print(&reply_text(&reply))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn reply_json(reply: &SchemaReply) -> Value {
    match reply {
        SchemaReply::Changed(view) => json!({
            "tid": view.tid,
            "object": render::object_json(&view.object),
            "along": view.along,
            "rebuilt": view.rebuilt,
            "removed": view.removed,
        }),
        SchemaReply::Removed { name, tid } => json!({"tid": tid, "removed": name}),
    }
}

fn reply_text(reply: &SchemaReply) -> String {
    match reply {
        SchemaReply::Changed(view) => changed_text(view),
        SchemaReply::Removed { name, .. } => format!("{} is removed\n", plain(name)),
    }
}

fn changed_text(view: &SchemaView) -> String {
    let mut text = format!("{}\n", plain(&view.what));
    for (what, names) in [
        ("also changed", &view.along),
        ("compiled again", &view.rebuilt),
        ("removed", &view.removed),
    ] {
        if !names.is_empty() {
            text.push_str(&format!("  {what}: {}\n", plain(&names.join(", "))));
        }
    }
    text
}
