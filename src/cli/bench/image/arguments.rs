//! What can be typed after `batos bench image`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct ImageBenchArguments {
    /// Where the temporary image is made, on the disk to measure [default: beside the system's own image,
    /// else the folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Use the image of this folder and leave it there; the next run finds its objects
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    pub image: Option<PathBuf>,
    /// Objects in the image
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub objects: u64,
    /// Bytes of the text in each object
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub bytes: usize,
    /// Threads that commit at once, beside the measure with one
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..))]
    pub writers: u32,
    /// How long each rate is measured
    #[arg(long, value_name = "S", default_value = "3", value_parser = seconds)]
    pub seconds: Duration,
    /// Objects that are read with nothing in memory
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub cold_reads: u64,
    /// What to measure
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Measure::ALL)]
    pub measure: Vec<Measure>,
    /// Measure even where the folder is in memory and nothing becomes durable
    #[arg(long)]
    pub in_memory: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// Only making the objects
    Fill,
    /// Durable commits, by one writer and by many
    Commits,
    /// Reads of single objects, from memory and from the disk
    Reads,
    /// Opening after a clean stop and after a kill, and the memory that it takes
    Open,
    /// Objects as they were, and what changed them
    History,
    /// Dropping all history while nobody commits, and while somebody does
    Pack,
}

impl Measure {
    const ALL: [Self; 5] = [
        Self::Commits,
        Self::Reads,
        Self::History,
        Self::Open,
        Self::Pack,
    ];
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    let duration = Duration::try_from_secs_f64(seconds).ok();
    duration
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "must be more than 0".to_owned())
}
