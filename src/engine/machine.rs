//! What the machine has: cores, devices, and how much memory this process takes of it.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::Path;

use llama_cpp_2::{LlamaBackendDevice, LlamaBackendDeviceType, list_llama_ggml_backend_devices};

/// Where models can run, for people.
#[derive(Debug, Clone)]
pub struct Devices {
    /// `CPU`, or the backend of the first GPU.
    pub backend: String,
    pub lines: Vec<String>,
    /// What this binary was built for and does not find.
    pub warning: Option<String>,
}

/// Asks the drivers.
pub fn devices() -> Devices {
    let all = list_llama_ggml_backend_devices();
    let backend = all.iter().find(|device| is_gpu(device)).map_or_else(
        || "CPU".to_owned(),
        |device| match device.backend.as_str() {
            "MTL" => "Metal".to_owned(),
            other => other.to_owned(),
        },
    );
    let built_for = if cfg!(feature = "cuda") {
        Some(("CUDA", "an NVIDIA driver (nvidia-smi tells)"))
    } else if cfg!(feature = "vulkan") {
        Some(("Vulkan", "a Vulkan driver (vulkaninfo tells)"))
    } else if cfg!(feature = "metal") {
        Some(("Metal", "a Metal device"))
    } else {
        None
    };
    let warning = built_for.filter(|_| backend == "CPU").map(|(name, driver)| {
        format!("built for {name}, but no device was found; models run on the CPU until this machine has {driver}")
    });
    Devices {
        backend,
        lines: all.iter().map(describe).collect(),
        warning,
    }
}

fn describe(device: &LlamaBackendDevice) -> String {
    let LlamaBackendDevice {
        name, description, ..
    } = device;
    if is_gpu(device) {
        let mib = |bytes: usize| bytes >> 20;
        let (free, total) = (mib(device.memory_free), mib(device.memory_total));
        format!("{name}: {description}, {free} of {total} MiB free")
    } else {
        format!("{name}: {description}")
    }
}

fn is_gpu(device: &LlamaBackendDevice) -> bool {
    matches!(
        device.device_type,
        LlamaBackendDeviceType::Gpu | LlamaBackendDeviceType::IntegratedGpu
    )
}

/// True when a layer could be placed anywhere but in main memory.
pub fn has_gpu() -> bool {
    list_llama_ggml_backend_devices().iter().any(is_gpu)
}

/// Bytes in use on all GPUs, by whomever.
pub fn gpu_bytes() -> u64 {
    let devices = list_llama_ggml_backend_devices();
    let used = |device: &LlamaBackendDevice| device.memory_total.saturating_sub(device.memory_free);
    devices
        .iter()
        .filter(|d| is_gpu(d))
        .map(|d| used(d) as u64)
        .sum()
}

/// Bytes that are free on the GPU with the most of them.
pub fn gpu_free() -> u64 {
    let devices = list_llama_ggml_backend_devices();
    let free = devices
        .iter()
        .filter(|d| is_gpu(d))
        .map(|d| d.memory_free as u64);
    free.max().unwrap_or(0)
}

/// Bytes of main memory that belong to this process alone (no mapped files); `None` where the system does
/// not say.
pub fn private_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Physical cores that this process may use. Two threads on one core only take turns at the same arithmetic.
pub fn physical_cores() -> u32 {
    let allowed = std::thread::available_parallelism().map_or(1, NonZero::get);
    let cores = siblings(Path::new("/sys/devices/system/cpu")).len();
    let threads = if cores == 0 {
        allowed
    } else {
        cores.min(allowed)
    };
    u32::try_from(threads).unwrap_or(u32::MAX)
}

/// The distinct sets of hardware threads that share a core.
fn siblings(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return BTreeSet::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            std::fs::read_to_string(entry.path().join("topology/thread_siblings_list")).ok()
        })
        .collect()
}
