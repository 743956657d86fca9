//! What the machine brings: processor, memory, file descriptors, terminal.

use std::io::IsTerminal;
use std::path::Path;

use nix::sys::resource::{Resource, getrlimit};

use super::Finding;
use crate::config::{Environment, MainMemory, Profile};

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

pub fn terminal(environment: &Environment) -> Finding {
    if std::io::stdout().is_terminal() {
        describe_terminal(environment)
    } else {
        Finding::ok("terminal", "output goes to a file or pipe")
    }
}

fn describe_terminal(environment: &Environment) -> Finding {
    const NAME: &str = "terminal";
    let text = |name| {
        environment
            .get(name)
            .map(|value| value.to_string_lossy().into_owned())
    };
    let term = text("TERM").unwrap_or_default();
    if term.is_empty() || term == "dumb" {
        let found = format!("TERM is {term:?}");
        return Finding::warn(
            NAME,
            found,
            "set TERM, for example: export TERM=xterm-256color",
        );
    }
    let colours = match text("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => "16 million colours",
        _ if term.contains("256") || term.contains("kitty") => "256 colours",
        _ => "16 colours",
    };
    let locale = text("LC_ALL")
        .or_else(|| text("LC_CTYPE"))
        .or_else(|| text("LANG"));
    let locale = locale.unwrap_or_default();
    let plain = locale.to_uppercase().replace('-', "");
    if !plain.contains("UTF8") && !cfg!(target_os = "macos") {
        return Finding::warn(
            NAME,
            format!("{term}, {colours}, but the locale {locale:?} is not UTF-8"),
            "export LC_ALL=C.UTF-8, or frames and dots may look broken",
        );
    }
    Finding::ok(NAME, format!("{term}, {colours}, UTF-8"))
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
