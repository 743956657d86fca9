//! The file in which the workbench is kept as it was left: `workbench.json` in the home, for its owner only.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::state::Remembered;

/// How it was left; `None` where nobody has worked yet. What cannot be read is as if nothing had been kept.
pub fn load(path: &Path) -> Option<Remembered> {
    let text = fs::read(path).ok()?;
    Some(serde_json::from_slice(&text).unwrap_or_default())
}

/// Replaces the file, whole or not at all.
pub fn save(path: &Path, left: &Remembered) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec(left)?)?;
    file.persist(path)?;
    Ok(())
}
