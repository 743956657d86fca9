//! How much main memory there is, within the limit of this process's control group.

/// In bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MainMemory {
    pub total: u64,
    /// What can be had without another program losing any.
    pub available: u64,
}

impl MainMemory {
    /// `None` where the system does not tell.
    #[cfg(target_os = "linux")]
    pub fn measure() -> Option<Self> {
        let text = std::fs::read_to_string("/proc/meminfo").ok()?;
        let kilobytes = |name: &str| -> Option<u64> {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let total = kilobytes("MemTotal:")? << 10;
        let available = kilobytes("MemAvailable:")? << 10;
        let number =
            |path: &str| -> Option<u64> { std::fs::read_to_string(path).ok()?.trim().parse().ok() };
        match number("/sys/fs/cgroup/memory.max") {
            Some(limit) if limit < total => {
                let used = number("/sys/fs/cgroup/memory.current").unwrap_or(0);
                Some(Self {
                    total: limit,
                    available: limit.saturating_sub(used).min(available),
                })
            }
            _ => Some(Self { total, available }),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub fn measure() -> Option<Self> {
        None
    }
}
