//! What a person can type, as clap reads it. Raw: nothing here is resolved or looked up.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::bench::{
    AnswersBenchArguments, ImageBenchArguments, MissionsBenchArguments, TuiBenchArguments,
};
use super::config::ConfigCommand;
use super::image::ImageCommand;
use super::knowledge::KnowledgeCommand;
use super::model::ModelCommand;
use super::object::ObjectCommand;

/// A workbench where local language models write, prove and keep methods in a Living Image.
///
/// Without a command it opens the workbench and starts the system if need be.
#[derive(Debug, Parser)]
#[command(name = "batos", version, max_term_width = 100)]
pub struct Arguments {
    /// Where the system lives [default: `$BATOS_HOME`, else the XDG data folder `batos/`]
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Work with a branch of the image (`batos image branch`), in a system of its own
    #[arg(long, global = true, value_name = "NAME")]
    pub branch: Option<String>,
    /// Print one JSON document on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// The models' profile (gguf/*.toml)
    #[arg(long, global = true, value_name = "P")]
    pub profile: Option<String>,
    /// A setting, as in batos.toml: `--set missions.attempts=6`
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Open the workbench only to look: nothing is started, and the kernel refuses whatever would change something
    #[arg(long)]
    pub read_only: bool,
    /// Instead of the workbench, lines of text: one an event, and each line typed is a mission. For screen readers and pipes
    #[arg(long, conflicts_with = "json")]
    pub plain: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Arguments {
    pub fn overrides(&self) -> Vec<(String, String)> {
        let profile = self
            .profile
            .iter()
            .map(|name| ("profile".to_owned(), name.clone()));
        profile.chain(self.set.iter().cloned()).collect()
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .ok_or_else(|| format!("`{text}` is not KEY=VALUE"))
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the system; returns when it is ready
    Up,
    /// Stop the system; what is under way goes on at the next start
    Down,
    /// What runs: kernel, engine, models, mission
    Status,
    /// Check this machine and say what is missing and how to get it
    Doctor,
    /// The settings file
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// A script that has a shell complete commands and options: `batos completions bash > ~/.local/share/bash-completion/completions/batos`
    Completions { shell: clap_complete::Shell },
    /// The man page, or with `--out` one for each command: `batos man --out ~/.local/share/man/man1`
    Man {
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Give back a terminal that a killed workbench left in a bad state
    ResetTerm,
    /// Give the system something to do, and see what became of it
    Mission(MissionArguments),
    /// Call a method of an object
    Send {
        object: String,
        selector: String,
        /// The arguments as a JSON array
        #[arg(default_value = "[]")]
        args_json: String,
        /// Where a mission has to write or mend the method first, return when it has, with the result
        #[arg(long)]
        wait: bool,
    },
    /// Objects of the image
    Object {
        #[command(subcommand)]
        command: ObjectCommand,
    },
    /// The image's past and upkeep
    Image {
        #[command(subcommand)]
        command: ImageCommand,
    },
    /// What the system knows besides methods: documents, and what it was told
    Knowledge {
        #[command(subcommand)]
        command: KnowledgeCommand,
    },
    /// The guardian, in this process: no kernel, no home
    Guardian {
        #[command(subcommand)]
        command: GuardianCommand,
    },
    /// Who speaks through which model
    Persona {
        #[command(subcommand)]
        command: PersonaCommand,
    },
    /// Model files
    Model {
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// The metacognition log
    Tail {
        /// Go on with new lines
        #[arg(short, long)]
        follow: bool,
        /// Such as `mission=3 persona=BRICK level>=warn event~mission`
        #[arg(long, value_name = "EXPR")]
        filter: Option<String>,
    },
    /// Measure
    Bench {
        #[command(subcommand)]
        command: BenchCommand,
    },
    /// The process that keeps the kernel alive
    #[command(hide = true)]
    Watchdog,
    /// The process that owns the image
    #[command(hide = true)]
    Kernel {
        #[arg(long)]
        safe_mode: bool,
        #[arg(long, default_value_t = 0)]
        restarts: u32,
    },
    /// The process that holds the models
    #[command(hide = true)]
    Engine {
        #[arg(long)]
        log: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MissionArguments {
    #[command(subcommand)]
    pub command: Option<MissionCommand>,
    /// The mission in plain words
    #[arg(required_unless_present = "file")]
    pub text: Vec<String>,
    /// A mission document; `-` for stdin
    #[arg(long, value_name = "M.json", conflicts_with = "text")]
    pub file: Option<PathBuf>,
    /// The object that the words may mean by "it"
    #[arg(long, value_name = "OBJECT", conflicts_with = "file")]
    pub about: Option<String>,
    /// Say what was understood and do nothing
    #[arg(long, conflicts_with_all = ["file", "wait"])]
    pub dry_run: bool,
    /// Return when it has ended; exit code 3 when it FAILED
    #[arg(long)]
    pub wait: bool,
}

#[derive(Debug, Subcommand)]
pub enum MissionCommand {
    /// All missions, newest first
    Ls,
    /// One mission in full
    Show { id: u64 },
    /// Hold a mission from its next transition on; the others go on
    Pause { id: u64 },
    /// Have a paused mission go on
    Resume { id: u64 },
    /// Stop a mission, also a paused one
    Cancel { id: u64 },
}

#[derive(Debug, Subcommand)]
pub enum GuardianCommand {
    /// Judge the source of a method
    Check(CheckArguments),
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Rust source with one `impl` and one method
    pub file: PathBuf,
    /// The object's slots, such as 'Account { balance: f64 }'
    #[arg(long = "struct", value_name = "STRUCT")]
    pub structure: String,
    /// Do not compile
    #[arg(long)]
    pub syntax_only: bool,
}

#[derive(Debug, Subcommand)]
pub enum PersonaCommand {
    /// All personas with their models
    Ls,
}

#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Tokens per second of the engine, as `llama-bench` measures them
    Engine {
        /// A GGUF file
        model: PathBuf,
        /// 0 for one a physical core
        #[arg(long, default_value_t = 0)]
        threads: u32,
        /// To write in each round
        #[arg(long, default_value_t = 64)]
        tokens: u32,
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Written side by side over one prompt
        #[arg(long, default_value_t = 1)]
        candidates: u32,
    },
    /// Run every mission document of a folder on a fresh home
    Missions(MissionsBenchArguments),
    /// Judge single answers to the first request of each mission document, before any choice or repair by a model
    Answers(AnswersBenchArguments),
    /// Have the translator understand sentences, each in its own context
    Sentences {
        /// As `benches/sentences.json`
        file: PathBuf,
        /// Only this half: `tune` or `report`
        #[arg(long)]
        half: Option<String>,
    },
    /// Commits, reads, opening, history and size of an image, on the disk that you name
    Image(ImageBenchArguments),
    /// Bytes, times, processor and memory of the workbench, beside other programs for terminals
    Tui(TuiBenchArguments),
    /// Opens an image and says how that went
    #[command(hide = true)]
    ImageOpen { image: PathBuf },
    /// Writes into an image and says what is committed, until it is killed
    #[command(hide = true)]
    ImageLoad { image: PathBuf, writers: u32 },
}
