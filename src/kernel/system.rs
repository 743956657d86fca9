//! What the kernel tells of the system beside its state: who watches over it, what it takes, what it runs with.
//!
//! All of it is looked up when somebody asks. What takes long to find out is kept for a while.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::statvfs::statvfs;

use super::shared::Shared;
use crate::config::{MainMemory, Profile};
use crate::metacognition::{LogName, tail};
use crate::method::Compiler;
use crate::wire::own_binary::own_binary;
use crate::wire::pidfile::{Holder, Pidfile};
use crate::wire::system::{Found, ImageUse, ProfileView, SystemView, WatchedView};

/// The family of the watchdog's log files.
const WATCHDOG_FAMILY: &str = "watchdog";
const WATCHED_SHOWN: usize = 20;
/// Of the watchdog's newest file, what is read.
const WATCHED_BYTES: u64 = 64 << 10;
/// A missing compiler is looked for again after this.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// What was found last, and when.
#[derive(Debug, Default)]
pub struct Surroundings(Mutex<Option<(Instant, Tools)>>);

#[derive(Debug, Clone)]
struct Tools {
    compiler: Found,
    confinement: Found,
}

impl Shared {
    pub fn system_view(&self) -> SystemView {
        let watchdog = match Pidfile::holder(&self.home.watchdog_pid()) {
            Ok(Holder::Running(pid)) => Some(pid),
            _ => None,
        };
        let Tools {
            compiler,
            confinement,
        } = self.tools();
        SystemView {
            watchdog,
            watched: watched(&self.home.logs()),
            kernel_bytes: resident(std::process::id()),
            engine_bytes: self.engine_status().pid.and_then(resident),
            engine_starts: self.memory.engine_starts(),
            replaced: is_replaced(),
            processors: std::thread::available_parallelism()
                .map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX)),
            image: image_use(&self.settings.image),
            compiler,
            confinement,
            profiles: self.profiles(),
            profile_by_machine: self.settings.profile.is_none(),
        }
    }

    fn tools(&self) -> Tools {
        let mut kept = self
            .surroundings
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((looked, tools)) = kept.as_ref()
            && (tools.compiler.remedy.is_none() || looked.elapsed() < LOOK_AGAIN)
        {
            return tools.clone();
        }
        let tools = Tools {
            compiler: match self.compiler() {
                Ok(compiler) => Found {
                    text: format!("rustc {} at {}", compiler.version(), compiler.path().display()),
                    remedy: None,
                },
                Err(error) => Found {
                    text: error.to_string(),
                    remedy: Some(
                        "rustup target add wasm32-unknown-unknown, or: apt-get install rustc libstd-rust-dev-wasm32 lld"
                            .to_owned(),
                    ),
                },
            },
            confinement: match Compiler::confinement() {
                Ok(text) => Found { text, remedy: None },
                Err(error) => Found {
                    text: error.to_string(),
                    remedy: Some(
                        "use a Linux kernel from 5.13 on with Landlock, or allow user namespaces".to_owned(),
                    ),
                },
            },
        };
        *kept = Some((Instant::now(), tools.clone()));
        tools
    }

    fn profiles(&self) -> Vec<ProfileView> {
        let total = MainMemory::measure().map(|main| main.total);
        let models = &self.settings.models_dir;
        let names = Profile::names(&self.home);
        // One that cannot be read cannot be chosen either; `batos doctor` says what is wrong in it.
        let profiles = names
            .iter()
            .filter_map(|name| Profile::load(&self.home, name).ok());
        profiles
            .map(|profile| {
                let needs = profile.main_memory(models);
                let mut files: Vec<_> = profile.used_models().map(|(_, model)| model).collect();
                files.sort_by(|a, b| a.file.cmp(&b.file));
                files.dedup_by(|a, b| a.file == b.file);
                let missing = files.iter().filter(|one| !models.join(&one.file).is_file());
                ProfileView {
                    missing: missing.map(|one| one.file.clone()).collect(),
                    bytes: files.iter().filter_map(|one| one.bytes_in(models)).sum(),
                    too_large: total.is_some_and(|total| needs > total),
                    needs,
                    may_need_more: files.iter().any(|one| one.bytes_in(models).is_none()),
                    gpu_mib: profile.gpu_mib,
                    name: profile.name,
                    description: profile.description,
                }
            })
            .collect()
    }
}

/// The newest lines of the watchdog's log, oldest first.
fn watched(folder: &Path) -> Vec<WatchedView> {
    let newest = LogName::list(folder, Some(WATCHDOG_FAMILY)).ok();
    let Some(name) = newest.and_then(|mut names| names.pop()) else {
        return Vec::new();
    };
    let Ok(mut file) = File::open(folder.join(name.file_name())) else {
        return Vec::new();
    };
    let length = file.metadata().map_or(0, |file| file.len());
    let from = length.saturating_sub(WATCHED_BYTES);
    if file.seek(SeekFrom::Start(from)).is_err() {
        return Vec::new();
    }
    // Where it begins within a line, that one does not parse and is left out.
    let lines = BufReader::new(file).lines().map_while(Result::ok);
    let mut watched: Vec<WatchedView> = lines
        .filter_map(|line| tail::parse(WATCHDOG_FAMILY, line.as_bytes()))
        .map(|line| WatchedView {
            time_ms: u64::try_from(line.time.as_millisecond()).unwrap_or(0),
            level: line.level,
            text: line.text,
        })
        .collect();
    watched.drain(..watched.len().saturating_sub(WATCHED_SHOWN));
    watched
}

/// Bytes of main memory that a process holds, as far as the system tells.
fn resident(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes << 10)
}

/// Whether the file from which this program was started is another one by now.
fn is_replaced() -> bool {
    own_binary().is_ok_and(|path| path == Path::new("/proc/self/exe"))
}

fn image_use(folder: &Path) -> ImageUse {
    ImageUse {
        log: bytes_below(&folder.join("log")) + bytes_below(&folder.join("base")),
        store: bytes_below(&folder.join("store")),
        blobs: bytes_below(&folder.join("blobs")),
        free: statvfs(folder)
            .ok()
            .map(|disk| disk.blocks_available().saturating_mul(disk.fragment_size())),
        folder: folder.display().to_string(),
    }
}

/// Of all files below a folder; what goes away meanwhile counts for nothing.
fn bytes_below(folder: &Path) -> u64 {
    let mut sum = 0;
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(one) if one.is_dir() => waiting.push(entry.path()),
                Ok(one) if one.is_file() => sum += one.len(),
                _ => {}
            }
        }
    }
    sum
}
