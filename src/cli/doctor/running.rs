//! What runs for the home: socket, pipe, kernel, watchdog; and who else could get at them.

use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::Finding;
use crate::cli::start::{Running, is_running};
use crate::config::{Home, Settings};
use crate::wire::messages::{Reply, Request, Status};
use crate::wire::socket::{SocketError, connect_sync};

/// What the kernel's `sockaddr_un` holds, less the closing zero byte.
const SOCKET_PATH_BYTES: usize = if cfg!(target_os = "macos") { 103 } else { 107 };
/// A kernel that takes longer to answer hangs, and its watchdog will see that.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// Clocks of file systems and of the machine may differ a little.
const CLOCK_SLACK: Duration = Duration::from_mins(1);
/// 2025-01-01 in seconds since 1970, before which this program was not: an older clock was never set.
const NEVER_SET: u64 = 1_735_689_600;

pub fn socket(settings: &Settings) -> Finding {
    const NAME: &str = "socket";
    let path = &settings.socket;
    let length = path.as_os_str().len();
    if length > SOCKET_PATH_BYTES {
        return Finding::fail(
            NAME,
            format!(
                "{} is {length} bytes long; a socket's path may have {SOCKET_PATH_BYTES}",
                path.display()
            ),
            "set link.socket in batos.toml to a shorter path, or use a home with one",
        );
    }
    if let Ok(file) = std::fs::symlink_metadata(path)
        && !file.file_type().is_socket()
    {
        return Finding::fail(
            NAME,
            format!("{} is there and no socket", path.display()),
            "move it away, or set link.socket in batos.toml to another path",
        );
    }
    Finding::ok(NAME, path.display().to_string())
}

/// Whether anybody else could read the image or speak to the kernel.
pub fn permissions(home: &Home) -> Finding {
    const NAME: &str = "permissions";
    let own = nix::unistd::geteuid().as_raw();
    let mut looked_at = 0;
    for path in [
        home.root.clone(),
        home.run(),
        home.image(),
        home.settings_file(),
    ] {
        let Ok(file) = std::fs::metadata(&path) else {
            continue;
        };
        looked_at += 1;
        let path = path.display();
        if file.uid() != own {
            return Finding::fail(
                NAME,
                format!("{path} belongs to user {}", file.uid()),
                "work as that user, or use a home of your own with --home DIR or BATOS_HOME",
            );
        }
        if file.mode() & 0o022 != 0 {
            return Finding::fail(
                NAME,
                format!("others may write to {path}"),
                format!("chmod go-w {path}"),
            );
        }
        if file.is_dir() && file.mode() & 0o077 != 0 {
            return Finding::warn(
                NAME,
                format!("others may look into {path}"),
                format!("chmod 700 {path}"),
            );
        }
    }
    Finding::ok(
        NAME,
        if looked_at == 0 {
            "nothing is there yet"
        } else {
            "only this user may read and write here"
        },
    )
}

/// Transactions have the clock's time, and so have the log and the checks of what is how old.
pub fn clock(home: &Home) -> Finding {
    const NAME: &str = "clock";
    let now = SystemTime::now();
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let remedy = "set it, as with `timedatectl set-ntp true`";
    if since.as_secs() < NEVER_SET {
        return Finding::warn(NAME, "it was never set", remedy);
    }
    let newest = newest_file(&home.image().join("log"));
    match newest.and_then(|newest| newest.duration_since(now).ok()) {
        Some(ahead) if ahead > CLOCK_SLACK => Finding::warn(
            NAME,
            format!(
                "it is {} s behind the image's newest transaction",
                ahead.as_secs()
            ),
            remedy,
        ),
        _ => Finding::ok(NAME, "not behind anything that was written"),
    }
}

fn newest_file(folder: &Path) -> Option<SystemTime> {
    let files = std::fs::read_dir(folder).ok()?.flatten();
    let times = files.filter_map(|file| file.metadata().ok()?.modified().ok());
    times.max()
}

/// The kernel's and the watchdog's row.
pub fn processes(home: &Home, settings: &Settings) -> Vec<Finding> {
    let running = is_running(home).ok();
    let asked = ask(&settings.socket);
    vec![kernel(&asked), watchdog(running, asked.is_ok())]
}

fn ask(socket: &Path) -> Result<Status, Option<SocketError>> {
    let mut connection = connect_sync(socket).map_err(Some)?;
    connection
        .set_timeout(Some(ANSWER_LIMIT))
        .map_err(|_| None)?;
    match connection.request(Request::Status) {
        Ok(Reply::Status(status)) => Ok(status),
        _ => Err(None),
    }
}

fn kernel(asked: &Result<Status, Option<SocketError>>) -> Finding {
    const NAME: &str = "kernel";
    let status = match asked {
        Ok(status) => status,
        Err(None) => {
            return Finding::fail(
                NAME,
                format!("it does not answer within {} s", ANSWER_LIMIT.as_secs()),
                "`batos tail` shows what it is at; batos down, then batos up",
            );
        }
        Err(Some(SocketError::NotRunning { .. })) => {
            return Finding::warn(NAME, "not running", "batos up");
        }
        Err(Some(error)) => {
            let remedy = error.hint();
            let remedy = remedy.unwrap_or_else(|| "batos down, then batos up".to_owned());
            return Finding::fail(NAME, error.to_string(), remedy);
        }
    };
    let found = format!(
        "running, pid {}, {} restarts",
        status.kernel_pid, status.restarts
    );
    if status.safe_mode {
        return Finding::fail(
            NAME,
            format!("{found}, in safe mode: it takes no missions"),
            "`batos tail --filter level>=warn` says why it died; then batos down, batos up",
        );
    }
    if let Some(trouble) = &status.engine.trouble {
        return Finding::warn(
            NAME,
            format!("{found}; its engine: {trouble}"),
            "see the rows of models, memory and graphics",
        );
    }
    if status.log_dropped > 0 {
        return Finding::warn(
            NAME,
            format!("{found}; {} lines of the log were lost", status.log_dropped),
            "the disk was too slow or full: see the row of the home",
        );
    }
    Finding::ok(NAME, found)
}

fn watchdog(running: Option<Running>, kernel_answers: bool) -> Finding {
    const NAME: &str = "watchdog";
    match running.map(|running| running.watchdog) {
        Some(Some(pid)) => Finding::ok(NAME, format!("running, pid {pid}")),
        Some(None) if kernel_answers => Finding::warn(
            NAME,
            "not running, though the kernel is: nobody would start that again",
            "batos up",
        ),
        Some(None) => Finding::ok(NAME, "not running, as nothing is"),
        None => Finding::warn(
            NAME,
            "its pid file cannot be read",
            "see the row of permissions",
        ),
    }
}
