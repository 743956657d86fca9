//! What can be typed after `batos image`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum ImageCommand {
    /// What happened, newest first; with a name, what changed that object
    History {
        name: Option<String>,
        /// How many transactions
        #[arg(short = 'n', long, default_value_t = 20)]
        limit: u32,
    },
    /// What differs between two moments: transaction numbers, tags or `newest`
    Diff {
        from: String,
        #[arg(default_value = "newest")]
        to: String,
        /// Only this object
        #[arg(long)]
        object: Option<String>,
    },
    /// The image as it was at a transaction or tag
    At {
        #[arg(value_name = "TID")]
        moment: String,
        #[command(subcommand)]
        command: AtCommand,
    },
    /// Take back what a transaction changed; without a number, the newest change
    Undo {
        tid: Option<u64>,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Names for transactions; what they name stays readable when history is packed away
    Tag {
        #[command(subcommand)]
        command: TagCommand,
    },
}

#[derive(Debug, Subcommand)]
pub enum AtCommand {
    /// An object's slots and methods
    Show { name: String },
    /// All objects
    Ls,
}

#[derive(Debug, Subcommand)]
pub enum TagCommand {
    /// All tags
    Ls,
    /// Name a transaction
    Set {
        name: String,
        /// A transaction's number or a tag
        #[arg(value_name = "TID", default_value = "newest")]
        moment: String,
    },
    /// Remove a tag; the transaction stays
    Rm { name: String },
}
