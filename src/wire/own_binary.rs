//! The path under which this process's own program can be started again.

use std::io;
use std::path::PathBuf;

/// This process's program, also when its file was replaced or removed since the start.
///
/// On Linux the file's own path is preferred, because it is the name that `ps` shows, as long as it still is
/// the program that runs; otherwise `/proc/self/exe`, which always is, in this process and in a fork of it.
#[cfg(target_os = "linux")]
pub fn own_binary() -> io::Result<PathBuf> {
    use std::os::unix::fs::MetadataExt;

    let running = PathBuf::from("/proc/self/exe");
    let identity = |path: &PathBuf| std::fs::metadata(path).map(|file| (file.dev(), file.ino()));
    let of_running = identity(&running)?;
    let path = std::env::current_exe()?;
    Ok(match identity(&path) {
        Ok(of_path) if of_path == of_running => path,
        _ => running,
    })
}

/// This process's program, by the path from which it was started.
#[cfg(not(target_os = "linux"))]
pub fn own_binary() -> io::Result<PathBuf> {
    std::env::current_exe()
}
