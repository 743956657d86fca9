//! The file of earlier briefs: one JSON string a line, oldest first, readable by its owner only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::clean;
use super::state::composer::MAX_HISTORY;

/// Reads the newest briefs. A missing file is an empty history, a damaged line is left out.
pub fn load(path: &Path) -> io::Result<Vec<String>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let text = String::from_utf8_lossy(&bytes);
    let briefs = text
        .lines()
        .filter_map(|line| serde_json::from_str::<String>(line).ok());
    let mut briefs: Vec<String> = briefs.map(|brief| clean::text(&brief)).collect();
    if briefs.len() > 2 * MAX_HISTORY {
        briefs.drain(..briefs.len() - MAX_HISTORY);
        rewrite(path, &briefs)?;
    }
    Ok(briefs)
}

/// Adds one brief at the end.
pub fn append(path: &Path, brief: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(line(brief).as_bytes())
}

/// Replaces the file by a shorter one, whole or not at all.
fn rewrite(path: &Path, briefs: &[String]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    for brief in briefs {
        file.write_all(line(brief).as_bytes())?;
    }
    file.persist(path)?;
    Ok(())
}

fn line(brief: &str) -> String {
    format!("{}\n", serde_json::Value::from(brief))
}
