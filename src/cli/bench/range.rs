//! Which mission documents of a folder are measured.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::output::Failed;

#[derive(Debug, Args)]
pub(crate) struct Range {
    pub folder: PathBuf,
    /// Only these, counted from 1 in the order of their names: `7`, or `1-24`
    #[arg(long, value_name = "RANGE", value_parser = range)]
    pub only: Option<(usize, usize)>,
    /// Of those, the first of every N
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub every: usize,
}

fn range(text: &str) -> Result<(usize, usize), String> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<usize>();
    match (number(from), number(to)) {
        (Ok(from), Ok(to)) if 0 < from && from <= to => Ok((from, to)),
        _ => Err(format!("`{text}` is not a number or a range such as 1-24")),
    }
}

impl Range {
    /// The documents that are to be measured.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, Failed> {
        let files = documents(&self.folder)?;
        let (from, to) = self.only.unwrap_or((1, files.len()));
        let of_range = files.into_iter().take(to).skip(from - 1);
        Ok(of_range.step_by(self.every.max(1)).collect())
    }
}

fn documents(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        anyhow::Error::new(error).context(format!("cannot read the folder {}", folder.display()))
    })?;
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Hidden checks lie beside their document: they are for the judge, never for the system.
            name.ends_with(".json") && !name.ends_with(".checks.json")
        })
        .collect();
    // By their leading numbers: `2-two` comes before `10-ten`.
    files.sort_by_key(|file| (leading_number(file), file.clone()));
    if files.is_empty() {
        return Err(Failed::message(
            format!("{} has no mission documents", folder.display()),
            "give a folder with *.json files",
        ));
    }
    Ok(files)
}

/// The number that a file's name begins with; 0 where there is none.
fn leading_number(file: &Path) -> u64 {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}
