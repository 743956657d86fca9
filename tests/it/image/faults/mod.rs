//! Faults from outside: kills, disks that refuse, cuts of power. A worker process does what an oracle
//! outside of it can foretell, and says what was acknowledged; afterwards the image has all of that.

mod full;
mod kill;
mod oracle;
mod work;
mod worker;

/// What needs each call of a worker to be seen.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod supervised {
    mod calls;
    mod disk;
    mod power;
    mod record;
    mod refusal;
    pub mod trace;

    /// In memory where that can be: what is seen here is the calls, not what a disk makes of them.
    fn folder() -> tempfile::TempDir {
        tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
use supervised::trace::be_supervised;

/// Nobody supervises here.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn be_supervised() {}
