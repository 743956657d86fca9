//! How much graphics memory there is, and which profile it can hold.
//!
//! The choice is a pure function; looking asks `nvidia-smi`, which may hang with a broken driver, so it
//! gets three seconds. It is a process of its own, so that the kernel never opens a driver's library.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Profile;

const FOR_GPU: &str = "gpu24";

/// The profile for this machine where none is set.
pub fn profile_of_machine() -> &'static str {
    let built_for_gpu = cfg!(any(feature = "cuda", feature = "vulkan"));
    let largest = if built_for_gpu {
        query().and_then(|output| largest_mib(&output))
    } else {
        None
    };
    default_profile(largest, built_for_gpu)
}

/// The profile for a machine with that much memory on its largest GPU: the one that is made for a GPU, where it is
/// large enough. A program that was built without a GPU backend runs everything on the CPU, whatever the machine has.
pub fn default_profile(largest_gpu_mib: Option<u64>, built_for_gpu: bool) -> &'static str {
    let is_large_enough = |mib| {
        let profile = Profile::built_in(FOR_GPU).and_then(Result::ok);
        let made_for = profile.and_then(|profile| profile.gpu_mib);
        made_for.is_some_and(|made_for| mib >= made_for)
    };
    match largest_gpu_mib {
        Some(mib) if built_for_gpu && is_large_enough(mib) => FOR_GPU,
        _ => "small",
    }
}

/// Reads what `nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits` printed; lines that are not
/// of that form are passed over.
pub fn largest_mib(output: &str) -> Option<u64> {
    let numbers = output.lines().filter_map(|line| line.trim().parse().ok());
    numbers.max()
}

fn query() -> Option<String> {
    let mut child = Command::new("nvidia-smi")
        .args(["--query-gpu=memory.total", "--format=csv,noheader,nounits"])
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
