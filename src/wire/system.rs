//! Messages about the system itself: who watches over it, what it takes on the disk, what it can be run with.
//!
//! Only data. What is not known is `None`; front-ends show it as `n/a`.

use rkyv::{Archive, Deserialize, Serialize};

use super::messages::LogLevel;

/// Everything about the system at one moment that [`Status`](super::messages::Status) does not say.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct SystemView {
    /// The watchdog's process; `None` while nobody watches.
    pub watchdog: Option<u32>,
    /// What the watchdog wrote last, oldest first.
    pub watched: Vec<WatchedView>,
    /// Bytes of main memory that the kernel and the engine hold.
    pub kernel_bytes: Option<u64>,
    pub engine_bytes: Option<u64>,
    /// How often this kernel has started an engine.
    pub engine_starts: u32,
    /// The program's file was replaced since this kernel started: the next start runs another one.
    pub replaced: bool,
    pub processors: u32,
    pub image: ImageUse,
    /// What compiles methods.
    pub compiler: Found,
    /// What confines compile jobs.
    pub confinement: Found,
    /// Every profile there is.
    pub profiles: Vec<ProfileView>,
    /// The profile was not set by the person, but chosen by what the machine has.
    pub profile_by_machine: bool,
}

/// A line of the watchdog's log.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct WatchedView {
    /// Milliseconds since 1970.
    pub time_ms: u64,
    pub level: LogLevel,
    pub text: String,
}

/// What the image takes on the disk, in bytes.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageUse {
    pub folder: String,
    pub log: u64,
    pub store: u64,
    pub blobs: u64,
    /// What is free on its disk.
    pub free: Option<u64>,
}

/// Something that the machine has to have.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was found, or what is missing.
    pub text: String,
    /// What to do about it; `None` where all is well.
    pub remedy: Option<String>,
}

/// A profile, and whether this machine can run it.
#[derive(Archive, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    pub name: String,
    pub description: String,
    /// Bytes of all its model files, as far as they are known.
    pub bytes: u64,
    /// Bytes of main memory that it needs at least.
    pub needs: u64,
    /// It may be more: the size of a model that is not here is not known.
    pub may_need_more: bool,
    /// Memory of the GPU that it is made for, in MiB.
    pub gpu_mib: Option<u64>,
    /// What it needs is more main memory than there is.
    pub too_large: bool,
    /// Model files that are not there.
    pub missing: Vec<String>,
}
