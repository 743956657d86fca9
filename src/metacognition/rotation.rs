//! The files of one family: `FAMILY.DATE.jsonl`, and `FAMILY.DATE.N.jsonl` when a day needs more than one.
//!
//! A new file is begun at midnight UTC and when the present one is full; the oldest beyond the limit go. The
//! link to the newest is replaced in one step, so a reader always finds it. A line that an earlier process
//! left half-written is closed before anything is added.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// When a new file is begun and how many are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// A file that reaches this size is followed by another.
    pub file_bytes: u64,
    /// Files of one family, the present one included.
    pub files: usize,
}

impl Default for Rotation {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            files: 14,
        }
    }
}

/// What a log file's name says; orders as they were written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogName {
    pub family: String,
    pub date: Date,
    /// From 0.
    pub part: u32,
}

impl LogName {
    /// `None` when the file is not one of these.
    pub fn parse(name: &str) -> Option<Self> {
        let mut pieces = name.strip_suffix(".jsonl")?.split('.');
        let family = pieces
            .next()
            .filter(|family| !family.is_empty())?
            .to_owned();
        let date = pieces.next()?.parse().ok()?;
        let part = pieces.next().map_or(Ok(0), str::parse).ok()?;
        pieces
            .next()
            .is_none()
            .then_some(Self { family, date, part })
    }

    pub fn file_name(&self) -> String {
        let Self { family, date, part } = self;
        match part {
            0 => format!("{family}.{date}.jsonl"),
            part => format!("{family}.{date}.{part}.jsonl"),
        }
    }

    /// The log files in a folder, of one family or of all, in order.
    pub fn list(folder: &Path, family: Option<&str>) -> io::Result<Vec<Self>> {
        let mut names = Vec::new();
        for file in fs::read_dir(folder)? {
            let file = file?;
            let name = file.file_name().to_str().and_then(Self::parse);
            names.extend(name.filter(|name| family.is_none_or(|family| name.family == family)));
        }
        names.sort();
        Ok(names)
    }
}

/// How many lines the disk refused, shared with whoever reports it.
#[derive(Debug, Clone, Default)]
pub(super) struct LostLines(Arc<AtomicU64>);

impl LostLines {
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Takes whole lines, one a call, and puts each into the file of its day.
#[derive(Debug)]
pub(super) struct RotatingFile {
    folder: PathBuf,
    rotation: Rotation,
    link: Option<PathBuf>,
    lost: LostLines,
    name: LogName,
    file: File,
    bytes: u64,
    /// The last write stopped inside a line.
    torn: bool,
}

impl RotatingFile {
    pub fn open(
        folder: &Path,
        family: &str,
        rotation: Rotation,
        link: Option<PathBuf>,
    ) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let today = today();
        let part = LogName::list(folder, Some(family))?
            .into_iter()
            .rfind(|name| name.date == today)
            .map_or(0, |name| name.part);
        let name = LogName {
            family: family.to_owned(),
            date: today,
            part,
        };
        let (file, bytes, torn) = open_to_append(&folder.join(name.file_name()))?;
        let opened = Self {
            folder: folder.to_owned(),
            rotation,
            link,
            lost: LostLines::default(),
            name,
            file,
            bytes,
            torn,
        };
        opened.tidy();
        Ok(opened)
    }

    pub fn lost_lines(&self) -> LostLines {
        self.lost.clone()
    }

    fn rotate_if_due(&mut self) -> io::Result<()> {
        let today = today();
        let name = if self.name.date < today {
            LogName {
                date: today,
                part: 0,
                ..self.name.clone()
            }
        } else if self.bytes >= self.rotation.file_bytes {
            LogName {
                part: self.name.part + 1,
                ..self.name.clone()
            }
        } else {
            return Ok(());
        };
        (self.file, self.bytes, self.torn) = open_to_append(&self.folder.join(name.file_name()))?;
        self.name = name;
        self.tidy();
        Ok(())
    }

    /// Points the link at the present file and removes the oldest; the log itself goes on if either fails.
    fn tidy(&self) {
        if let Some(link) = &self.link {
            let _ = self.point(link);
        }
        let names = LogName::list(&self.folder, Some(&self.name.family)).unwrap_or_default();
        let surplus = names.len().saturating_sub(self.rotation.files.max(1));
        for name in names.into_iter().take(surplus) {
            let _ = fs::remove_file(self.folder.join(name.file_name()));
        }
    }

    fn point(&self, link: &Path) -> io::Result<()> {
        let name = self.name.file_name();
        let target = match self.folder.file_name() {
            // Relative, so that the home can be moved.
            Some(folder) if link.parent() == self.folder.parent() => Path::new(folder).join(name),
            _ => std::path::absolute(&self.folder)?.join(name),
        };
        if fs::symlink_metadata(link).is_ok_and(|file| !file.is_symlink()) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let fresh = link.with_extension(format!("new.{}", std::process::id()));
        let _ = fs::remove_file(&fresh);
        symlink(target, &fresh)?;
        fs::rename(&fresh, link)
    }

    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        self.rotate_if_due()?;
        if self.torn {
            self.file.write_all(b"\n")?;
            self.bytes += 1;
        }
        self.torn = true;
        self.file.write_all(line)?;
        self.torn = false;
        self.bytes += line.len() as u64;
        Ok(())
    }
}

impl Write for RotatingFile {
    /// Never fails: a line that the disk does not take is counted.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.write_line(line).is_err() {
            self.lost.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The file, its length, and whether it ends inside a line.
fn open_to_append(path: &Path) -> io::Result<(File, u64, bool)> {
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let bytes = file.seek(SeekFrom::End(0))?;
    let torn = if bytes == 0 {
        false
    } else {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        last != *b"\n"
    };
    Ok((file, bytes, torn))
}
