//! Where the image is made that is measured, and whether a sync there is one.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use super::ImageBenchArguments;
use super::machine::FileSystem;
use crate::cli::Context;
use crate::cli::output::Failed;

/// Writes that are synced one by one to see how long that takes.
const PROBES: u32 = 100;
const PROBE_BYTES: usize = 512;
/// No disk makes a write durable in less.
const LEAST_PLAUSIBLE: Duration = Duration::from_micros(5);

/// A folder for the image; what was made there goes when this is dropped.
pub(super) struct Place {
    pub image: PathBuf,
    pub file_system: FileSystem,
    _temporary: Option<tempfile::TempDir>,
}

/// What a sync does here.
#[derive(Debug, Serialize)]
pub(super) struct Disk {
    #[serde(flatten)]
    pub file_system: FileSystem,
    pub probes: u32,
    pub median_sync_us: f64,
    pub least_sync_us: f64,
    /// How often the disk was told to empty its cache meanwhile, by anybody; at least once for each sync, if it has one.
    pub flushes: Option<u64>,
    pub plausible: bool,
}

impl Place {
    pub(super) fn choose(
        context: &Context,
        arguments: &ImageBenchArguments,
    ) -> Result<Self, Failed> {
        let kept = arguments.image.as_deref();
        let folder = match kept.and_then(Path::parent) {
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_owned(),
            None => arguments
                .folder
                .clone()
                .unwrap_or_else(|| default_folder(context)),
        };
        let file_system = FileSystem::of(&folder)
            .with_context(|| format!("cannot look at the folder {}", folder.display()))?;
        if file_system.is_in_memory() && !arguments.in_memory {
            return Err(Failed::message(
                format!(
                    "{} is in memory ({}): nothing becomes durable there",
                    folder.display(),
                    file_system.kind
                ),
                "name a folder on a disk by --folder, or measure without durability by --in-memory",
            ));
        }
        if let Some(image) = kept {
            return Ok(Self {
                image: image.to_owned(),
                file_system,
                _temporary: None,
            });
        }
        let temporary = tempfile::Builder::new()
            .prefix("batos-bench-")
            .tempdir_in(&folder)
            .with_context(|| format!("cannot make a folder in {}", folder.display()))?;
        Ok(Self {
            image: temporary.path().join("image"),
            file_system,
            _temporary: Some(temporary),
        })
    }

    /// Syncs single writes and watches the disk.
    pub(super) fn probe(&self) -> io::Result<Disk> {
        let folder = self.image.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::tempfile_in(folder)?;
        let before = self.file_system.flushes();
        let mut times = Vec::new();
        for _ in 0..PROBES {
            times.push(probe_once(&mut file)?);
        }
        let flushes = before.zip(self.file_system.flushes());
        times.sort_unstable();
        let least = times.first().copied().unwrap_or_default();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        Ok(Disk {
            file_system: self.file_system.clone(),
            probes: PROBES,
            median_sync_us: micros(median),
            least_sync_us: micros(least),
            flushes: flushes.map(|(before, after)| after - before),
            plausible: least >= LEAST_PLAUSIBLE && !self.file_system.is_in_memory(),
        })
    }
}

fn probe_once(file: &mut File) -> io::Result<Duration> {
    let start = Instant::now();
    file.write_all(&[0x5a; PROBE_BYTES])?;
    file.sync_data()?;
    Ok(start.elapsed())
}

pub(super) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// Beside the system's own image, which shows what it will be like there.
fn default_folder(context: &Context) -> PathBuf {
    let beside = context.settings.image.parent();
    match beside.filter(|folder| fs::metadata(folder).is_ok_and(|found| found.is_dir())) {
        Some(folder) => folder.to_owned(),
        None => std::env::temp_dir(),
    }
}
