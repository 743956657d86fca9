//! What graphics memory there is, and which profile it can hold.
//!
//! The choice is a pure function; looking asks `nvidia-smi`, which may hang with a broken driver, so it
//! gets three seconds.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One NVIDIA GPU as its driver describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gpu {
    pub name: String,
    pub memory_mib: u64,
    pub driver: String,
}

/// The profile for a machine with that much memory on its largest GPU. A program that was built without
/// a GPU backend runs everything on the CPU, whatever the machine has.
pub fn default_profile(largest_gpu_mib: Option<u64>, built_for_gpu: bool) -> &'static str {
    match largest_gpu_mib {
        // Cards sold as 24 GB report between 22.5 and 24 GiB.
        Some(mib) if built_for_gpu && mib >= 22_000 => "gpu24",
        _ => "small",
    }
}

impl Gpu {
    /// Every NVIDIA GPU whose driver answers; none when there is no driver.
    pub fn detect() -> Vec<Self> {
        query()
            .map(|output| Self::parse(&output))
            .unwrap_or_default()
    }

    /// Reads what `nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits`
    /// printed; lines that are not of that form are passed over.
    pub fn parse(output: &str) -> Vec<Self> {
        output
            .lines()
            .filter_map(|line| {
                let mut fields = line.rsplitn(3, ',').map(str::trim);
                let driver = fields.next()?.to_owned();
                let memory_mib = fields.next()?.parse().ok()?;
                let name = fields.next()?.to_owned();
                Some(Self {
                    name,
                    memory_mib,
                    driver,
                })
            })
            .collect()
    }
}

fn query() -> Option<String> {
    let mut child = Command::new("nvidia-smi")
        .args([
            "--query-gpu=name,memory.total,driver_version",
            "--format=csv,noheader,nounits",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let deadline = Instant::now() + Duration::from_secs(3);
    loop {
        match child.try_wait().ok()? {
            Some(status) if status.success() => break,
            Some(_) => return None,
            None if Instant::now() >= deadline => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    let mut output = String::new();
    child.stdout?.read_to_string(&mut output).ok()?;
    Some(output)
}
