//! `FILE.sha256`: what was checked about a model's file, so that it need not be read again.
//!
//! In the form that `sha256sum --check` reads; its comment lines hold the size and the source.

use std::io::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Size of the file when it was checked.
    pub bytes: u64,
    /// For people.
    pub source: String,
}

impl Record {
    pub fn path_for(file: &Path) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(".sha256");
        PathBuf::from(name)
    }

    /// `None` when there is none, or none that can be read.
    pub fn read(file: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(Self::path_for(file)).ok()?;
        let comment = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let sha256 = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .find_map(|line| line.split_whitespace().next())
            .filter(|hash| hash.len() == 64)?;
        Some(Self {
            sha256: sha256.to_owned(),
            bytes: comment("# bytes ")?.parse().ok()?,
            source: comment("# from ").unwrap_or_default().to_owned(),
        })
    }

    /// Replaces the record as a whole; durable on return.
    fn write(&self, file: &Path) -> std::io::Result<()> {
        let path = Self::path_for(file);
        let name = file.file_name().unwrap_or_default().display();
        let text = format!(
            "# bytes {}\n# from {}\n{}  {name}\n",
            self.bytes, self.source, self.sha256
        );
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        new.persist(&path).map_err(|error| error.error)?;
        std::fs::File::open(folder)?.sync_all()
    }
}

/// Writes down that the file, as it is now, has this hash.
pub fn remember(file: &Path, sha256: &str, source: &str) -> std::io::Result<()> {
    let bytes = std::fs::metadata(file)?.len();
    let record = Record {
        sha256: sha256.to_owned(),
        bytes,
        source: source.replace('\n', " "),
    };
    record.write(file)
}
