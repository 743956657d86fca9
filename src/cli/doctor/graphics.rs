//! The graphics cards: what the driver says of them, and whether this program and the models can use them.

use std::path::Path;
use std::time::Duration;

use super::Finding;
use crate::config::Profile;
use crate::engine::gpu;
use crate::wire::memory::{Gpu, Gpus};

const NAME: &str = "graphics";

/// A driver that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(3);

pub fn graphics(profile: Option<&Profile>, models: &Path) -> Finding {
    if cfg!(feature = "metal") {
        return Finding::ok(NAME, "built for Metal");
    }
    let built_for = match (cfg!(feature = "cuda"), cfg!(feature = "vulkan")) {
        (true, _) => Some("CUDA"),
        (false, true) => Some("Vulkan"),
        (false, false) => None,
    };
    let weights = profile.map_or(0, |profile| weights(profile, models));
    judge(built_for, &gpu::look(PATIENCE), weights)
}

/// Bytes of all files of which layers may go to a GPU.
fn weights(profile: &Profile, models: &Path) -> u64 {
    let on_gpu = profile.used_models().filter(|(_, one)| one.gpu_layers != 0);
    let bytes = on_gpu.filter_map(|(_, one)| {
        let there = std::fs::metadata(models.join(&one.file)).ok();
        there.map(|file| file.len()).or(one.bytes)
    });
    bytes.sum()
}

/// `weights` are the bytes that are to be on the cards.
pub fn judge(built_for: Option<&str>, gpus: &Gpus, weights: u64) -> Finding {
    let cards: Vec<String> = gpus.cards.iter().map(describe).collect();
    let driver = gpus.driver.as_deref();
    let driver = driver.map_or_else(String::new, |version| format!("; driver {version}"));
    let found = format!("{}{driver}", cards.join(", "));
    let Some(backend) = built_for else {
        return if cards.is_empty() {
            let why = gpus.missing.as_deref().unwrap_or("no NVIDIA GPU");
            Finding::ok(NAME, format!("{why}; models run on the CPU"))
        } else {
            Finding::warn(
                NAME,
                format!("{found}; but this program was built for the CPU"),
                "install the CUDA toolkit, so that nvcc is on PATH, and run ./scripts/puter.sh again",
            )
        };
    };
    if cards.is_empty() {
        let why = gpus.missing.as_deref().unwrap_or("no card is found");
        return if backend == "CUDA" {
            let found = format!("built for CUDA, but {why}; models run on the CPU");
            let remedy = "install the driver, or mend it, until `nvidia-smi` lists the GPU";
            Finding::warn(NAME, found, remedy)
        } else {
            Finding::ok(NAME, format!("built for {backend}; {why}"))
        };
    }
    let found = format!("{found}; built for {backend}");
    if gpus
        .cards
        .iter()
        .all(|card| card.compute_mode.as_deref() == Some("prohibited"))
    {
        let remedy = "have the administrator allow it: nvidia-smi -c DEFAULT";
        return Finding::warn(
            NAME,
            format!("{found}; no program may compute there"),
            remedy,
        );
    }
    match free(gpus) {
        Some(free) if free < weights => Finding::warn(
            NAME,
            format!(
                "{found}; {} MiB are free, and the profile's files have {} MiB: some layers will run on the CPU",
                free >> 20,
                weights >> 20
            ),
            "see in `nvidia-smi` who has the memory, or choose a smaller profile (`batos model ls --profile small`)",
        ),
        _ => Finding::ok(NAME, found),
    }
}

fn describe(card: &Gpu) -> String {
    let mib = |bytes: Option<u64>| {
        bytes.map_or_else(|| "n/a".to_owned(), |bytes| (bytes >> 20).to_string())
    };
    let mode = card.compute_mode.as_deref().unwrap_or("n/a");
    format!(
        "{} ({} of {} MiB in use, compute mode {mode})",
        card.name,
        mib(card.memory_used),
        mib(card.memory_total)
    )
}

/// Bytes free on all cards together; `None` when one does not tell.
fn free(gpus: &Gpus) -> Option<u64> {
    let of = |card: &Gpu| Some(card.memory_total?.saturating_sub(card.memory_used?));
    gpus.cards.iter().map(of).sum()
}
