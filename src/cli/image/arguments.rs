//! What can be typed after `batos image`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
    /// Images that go on from a moment of this one, to try things in
    Branch {
        #[command(subcommand)]
        command: BranchCommand,
    },
    #[command(flatten)]
    Upkeep(UpkeepCommand),
}

#[derive(Debug, Subcommand)]
pub enum BranchCommand {
    /// All branches
    Ls,
    /// Make one; then try it with `batos --branch NAME …`
    New {
        name: String,
        /// The transaction or tag that it goes on from
        #[arg(value_name = "TID", default_value = "newest")]
        moment: String,
    },
    /// Take over what a branch has changed; it stays until it is dropped
    Adopt {
        name: String,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove a branch, which cannot be undone
    Drop {
        name: String,
        /// Even if it was not adopted
        #[arg(long)]
        force: bool,
    },
}

/// What needs no kernel, but for an import; while one runs it does the work.
#[derive(Debug, Subcommand)]
pub enum UpkeepCommand {
    /// Is everything there, whole, and in agreement; exits with 5 where it is not
    Fsck(FsckArguments),
    /// Follow the chain of all transactions, and print the hash at its end to write down
    Verify {
        /// A hash written down earlier: is it on the chain
        hash: Option<String>,
        /// An image that no kernel has open [default: the setting `image.path`]
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Drop old history, objects that nothing leads to, and code that nothing needs, for good
    ///
    /// What a tag names stays readable. Back the image up first.
    Pack {
        /// Up to where history goes: an age such as `30d` or `12h`, a date, a transaction, a tag,
        /// or `newest`
        #[arg(default_value = "30d")]
        before: String,
        /// Leave objects that no object with a name leads to
        #[arg(long)]
        keep_unreachable: bool,
        /// Only say what would be dropped
        #[arg(long)]
        dry_run: bool,
    },
    /// Add a backup to a folder of them, while the image is in use
    Backup {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Only what came after this transaction, or after the `newest` backup there [default: all]
        #[arg(long, value_name = "TID")]
        since: Option<String>,
    },
    /// Make an image of the backups in a folder; what is in its place is never overwritten
    Restore {
        #[arg(value_name = "DIR")]
        backups: PathBuf,
        /// As it was after this transaction [default: the newest]
        #[arg(long, value_name = "TID")]
        to: Option<u64>,
        /// Where the image is to be [default: the setting `image.path`]
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
    },
    /// Write an object and all that it leads to into a file
    Export {
        name: String,
        file: PathBuf,
        /// Replace a file of that name
        #[arg(long)]
        force: bool,
    },
    /// Take the objects of an exported file; their methods are judged and compiled again
    Import {
        file: PathBuf,
        /// Put before each name
        #[arg(long, default_value = "")]
        prefix: String,
        /// Where an equal object has the name already, take that one
        #[arg(long)]
        reuse: bool,
    },
}

#[derive(Debug, Args)]
pub struct FsckArguments {
    /// Cure what can be cured; what is replaced is kept. Needs `batos down` first
    #[arg(long)]
    pub repair: bool,
    /// Go on where a repair loses transactions
    #[arg(long, requires = "repair")]
    pub accept_loss: bool,
    /// Only say what a repair would do
    #[arg(long, requires = "repair")]
    pub dry_run: bool,
    /// An image that no kernel has open [default: the setting `image.path`]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
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
