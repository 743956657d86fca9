//! What can be typed after `batos bench tui`.

use clap::Args;

#[derive(Debug, Args)]
pub struct TuiBenchArguments {
    /// Columns and rows of the terminal
    #[arg(long, value_name = "CxR", default_value = "200x50", value_parser = size)]
    pub size: (u16, u16),
    /// How long the idle and the streaming minute are
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Tokens per second of the stream
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub rate: u64,
    /// Keys pressed for each figure
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub keys: u32,
    /// How often each program is started
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub starts: u32,
    /// Lines of the long log
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(100..))]
    pub lines: u32,
    /// Another program to measure in the same run, such as 'lnav {log}': `{log}` is the long log as plain text
    #[arg(long, value_name = "COMMAND")]
    pub peer: Vec<String>,
    /// Measure no peers but those that are named; otherwise those on PATH of htop, mc, less, lnav and vim
    #[arg(long)]
    pub only_named_peers: bool,
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parts = text.split_once('x');
    let parsed =
        parts.and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    parsed
        .filter(|(columns, rows)| *columns >= 80 && *rows >= 24)
        .ok_or_else(|| "write it as 200x50, with at least 80x24".to_owned())
}
