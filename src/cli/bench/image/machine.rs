//! What the operating system says: file systems, flushes of a disk, memory, and which pages are in it.
//!
//! On other systems than Linux it says nothing, and the report then has no such figure.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde::Serialize;

/// The file system that a folder is on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FileSystem {
    /// Such as `ext4`; `unknown` where the system does not say.
    pub kind: String,
    pub device: String,
    /// What the device says about its own cache: with `write through` a sync needs no flush.
    pub device_cache: Option<String>,
    #[serde(skip)]
    counters: Option<PathBuf>,
}

impl FileSystem {
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let number = fs::metadata(folder)?.dev();
        let (major, minor) = (nix::sys::stat::major(number), nix::sys::stat::minor(number));
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let wanted = format!("{major}:{minor}");
        let mount = mounts.lines().find_map(|line| {
            // Number, parent, device, root, place, options … - kind, source, options.
            let (place, what) = line.split_once(" - ")?;
            let mut what = what.split(' ');
            let is_wanted = place.split(' ').nth(2) == Some(wanted.as_str());
            is_wanted.then_some((what.next()?, what.next()?))
        });
        let (kind, device) = mount.unwrap_or(("unknown", "unknown"));
        let block = fs::canonicalize(format!("/sys/dev/block/{wanted}")).ok();
        // A partition has its counters in the disk that it is of.
        let disk = block.and_then(|path| {
            if path.join("partition").exists() {
                path.parent().map(Path::to_owned)
            } else {
                Some(path)
            }
        });
        let cache = disk.as_ref().map(|disk| disk.join("queue/write_cache"));
        let cache = cache.and_then(|path| fs::read_to_string(path).ok());
        Ok(Self {
            kind: kind.to_owned(),
            device: device.to_owned(),
            device_cache: cache.map(|text| text.trim().to_owned()),
            counters: disk.map(|disk| disk.join("stat")),
        })
    }

    pub(super) fn is_in_memory(&self) -> bool {
        matches!(self.kind.as_str(), "tmpfs" | "ramfs")
    }

    /// How often the disk was told to empty its cache since it was started, by anybody.
    pub(super) fn flushes(&self) -> Option<u64> {
        let text = fs::read_to_string(self.counters.as_ref()?).ok()?;
        text.split_whitespace().nth(15)?.parse().ok()
    }
}

/// A line of a file such as `/proc/self/status`, as a number.
fn number(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Time on a processor that all threads of this process have had; counts the same however busy the machine is.
pub(super) fn cpu_time() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return Duration::ZERO;
    };
    let micros = [usage.user_time(), usage.system_time()].map(|time| time.num_microseconds());
    Duration::from_micros(micros.iter().sum::<i64>().unsigned_abs())
}

/// Bytes of memory that this process holds now.
pub(super) fn resident_bytes() -> Option<u64> {
    number("/proc/self/status", "VmRSS:").map(|kib| kib * 1024)
}

/// Most bytes of memory that this process has held.
pub(super) fn most_resident_bytes() -> Option<u64> {
    number("/proc/self/status", "VmHWM:").map(|kib| kib * 1024)
}

/// Bytes that this process has made the system read from a disk.
pub(super) fn read_from_disk() -> Option<u64> {
    number("/proc/self/io", "read_bytes:")
}

/// Has the system drop what it keeps of every file below a folder in memory; false where that cannot
/// be asked for. Pages that are in use stay: close the image first.
pub(super) fn drop_pages(folder: &Path) -> io::Result<bool> {
    for file in files(folder)? {
        let file = File::open(file)?;
        // What is not on the disk yet cannot be dropped.
        file.sync_all()?;
        if !drop_file(&file)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(target_os = "linux")]
fn drop_file(file: &File) -> io::Result<bool> {
    use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};

    posix_fadvise(file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn drop_file(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// Every file below a folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Bytes that the files below a folder take on the disk; 0 when there is none.
pub(super) fn bytes_of(folder: &Path) -> io::Result<u64> {
    if !folder.exists() {
        return Ok(0);
    }
    let sizes = files(folder)?.into_iter().map(fs::metadata);
    // In the unit that `stat` counts in.
    sizes.map(|size| Ok(size?.blocks() * 512)).sum()
}
