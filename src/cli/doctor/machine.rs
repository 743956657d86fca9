//! What the machine brings: processor, memory, file descriptors.

use std::path::Path;

use nix::sys::resource::{Resource, getrlimit};

use super::Finding;
use crate::config::{MainMemory, Profile};

pub fn processor() -> Finding {
    const NAME: &str = "processor";
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let found = format!("{}, {cores} threads", std::env::consts::ARCH);
    #[cfg(target_arch = "x86_64")]
    {
        if !std::arch::is_x86_feature_detected!("avx2") {
            return Finding::warn(
                NAME,
                format!("{found}, no AVX2"),
                "models will be several times slower than on a processor with AVX2",
            );
        }
        let wide = if std::arch::is_x86_feature_detected!("avx512f") {
            ", AVX-512"
        } else {
            ""
        };
        Finding::ok(NAME, format!("{found}, AVX2{wide}"))
    }
    #[cfg(not(target_arch = "x86_64"))]
    Finding::ok(NAME, found)
}

pub fn memory(profile: Option<&Profile>, models: &Path) -> Finding {
    const NAME: &str = "memory";
    let Some(MainMemory { total, available }) = MainMemory::measure() else {
        return Finding::ok(NAME, "not measured on this system");
    };
    let found = format!("{} free of {}", megabytes(available), megabytes(total));
    let needed = profile.map_or(1 << 30, |profile| profile.main_memory(models));
    let smaller = "choose a smaller profile (`batos model ls --profile small`) or free some memory";
    if needed > total {
        let found = format!("{found}; the profile needs about {}", megabytes(needed));
        Finding::fail(NAME, found, smaller)
    } else if needed > available {
        let found = format!("{found}; the profile needs about {}", megabytes(needed));
        Finding::warn(NAME, found, smaller)
    } else {
        Finding::ok(NAME, found)
    }
}

pub fn open_files() -> Finding {
    const NAME: &str = "open files";
    match getrlimit(Resource::RLIMIT_NOFILE) {
        Ok((soft, _)) if soft < 256 => Finding::fail(
            NAME,
            format!("at most {soft}"),
            "raise the limit: ulimit -n 4096",
        ),
        Ok((soft, _)) if soft < 1024 => Finding::warn(
            NAME,
            format!("at most {soft}"),
            "raise the limit: ulimit -n 4096",
        ),
        Ok((soft, _)) => Finding::ok(NAME, format!("at most {soft}")),
        Err(error) => Finding::warn(
            NAME,
            format!("the limit could not be read: {error}"),
            "ulimit -n",
        ),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
