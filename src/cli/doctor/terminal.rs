//! The terminal: what it can show, and what stands between it and the workbench.

use std::io::IsTerminal;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Finding;
use crate::config::Environment;
use crate::tui::terminal::size;

/// A tmux that takes longer to answer hangs.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_PAUSE: Duration = Duration::from_millis(10);
/// Below this the workbench shows one pane at a time.
const SMALLEST: (u16, u16) = (40, 12);

pub fn terminal(environment: &Environment) -> Finding {
    if std::io::stdout().is_terminal() {
        describe(environment, size())
    } else {
        Finding::ok("terminal", "output goes to a file or pipe")
    }
}

pub fn describe(environment: &Environment, size: Option<(u16, u16)>) -> Finding {
    const NAME: &str = "terminal";
    let term = text(environment, "TERM").unwrap_or_default();
    if term.is_empty() || term == "dumb" {
        let found = format!("TERM is {term:?}");
        return Finding::warn(
            NAME,
            found,
            "set TERM, for example: export TERM=xterm-256color; or use `batos --plain`",
        );
    }
    let colours = match text(environment, "COLORTERM").as_deref() {
        _ if environment.get("NO_COLOR").is_some() => "no colours, as NO_COLOR asks",
        Some("truecolor" | "24bit") => "16 million colours",
        _ if term.contains("256") || term.contains("kitty") => "256 colours",
        _ => "16 colours",
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| text(environment, name).filter(|value| !value.is_empty()));
    let locale = locale.unwrap_or_default();
    let plain = locale.to_uppercase().replace('-', "");
    if !plain.contains("UTF8") && !cfg!(target_os = "macos") {
        return Finding::warn(
            NAME,
            format!("{term}, {colours}, but the locale {locale:?} is not UTF-8"),
            "export LC_ALL=C.UTF-8; without it the workbench draws with ASCII",
        );
    }
    let found = format!("{term}, {colours}, UTF-8");
    match size {
        Some((columns, rows)) if columns < SMALLEST.0 || rows < SMALLEST.1 => Finding::warn(
            NAME,
            format!("{found}, {columns}x{rows}"),
            format!("make it at least {}x{}", SMALLEST.0, SMALLEST.1),
        ),
        Some((columns, rows)) => Finding::ok(NAME, format!("{found}, {columns}x{rows}")),
        None => Finding::ok(NAME, found),
    }
}

/// How what is copied, and the end of a mission, gets to the terminal at the person's end of the line.
pub fn clipboard(environment: &Environment) -> Finding {
    if environment.get("TMUX").is_some() {
        through_tmux(&|option| ask_tmux(option))
    } else if environment.get("STY").is_some() {
        Finding::ok(
            "clipboard",
            "OSC 52 and notices, passed on by screen; whether the terminal takes them cannot be asked",
        )
    } else {
        Finding::ok(
            "clipboard",
            "OSC 52 and notices; whether the terminal takes them cannot be asked",
        )
    }
}

/// `option` gives the value of one of tmux's options; `None` where it does not know it.
pub fn through_tmux(option: &dyn Fn(&str) -> Option<String>) -> Finding {
    const NAME: &str = "clipboard";
    let clipboard = option("set-clipboard");
    let passes = option("allow-passthrough");
    let is_on = |value: &Option<String>| value.as_deref().is_some_and(|value| value != "off");
    // Before 3.3 tmux had no such option and passed everything on.
    let notices = passes.is_none() || is_on(&passes);
    match (clipboard.as_deref(), notices) {
        (None, _) => Finding::warn(
            NAME,
            "tmux does not say how it is set",
            "see whether `tmux show -s set-clipboard` answers",
        ),
        (Some("on"), true) => Finding::ok(NAME, "tmux takes what is copied and passes notices on"),
        (Some("off" | "external"), false) => Finding::warn(
            NAME,
            "tmux keeps what is copied, and notices, from the terminal",
            "tmux set -s set-clipboard on; tmux set -g allow-passthrough on; also in ~/.tmux.conf",
        ),
        (Some(_), true) => Finding::ok(NAME, "tmux passes what is copied, and notices, on"),
        (Some(_), false) => Finding::warn(
            NAME,
            "tmux takes what is copied, but keeps notices from the terminal",
            "tmux set -g allow-passthrough on; also in ~/.tmux.conf",
        ),
    }
}

fn ask_tmux(option: &str) -> Option<String> {
    let mut asked = Command::new("tmux")
        .args(["show-options", "-gqv", option])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let deadline = Instant::now() + PATIENCE;
    // Its answer is a word: it fits into the pipe, so that it ends without being read.
    while asked.try_wait().ok()?.is_none() {
        if Instant::now() >= deadline {
            let _ = asked.kill();
            let _ = asked.wait();
            return None;
        }
        std::thread::sleep(LOOK_PAUSE);
    }
    let output = asked.wait_with_output().ok()?;
    let value = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !value.is_empty()).then_some(value)
}

fn text(environment: &Environment, name: &str) -> Option<String> {
    let value = environment.get(name)?;
    Some(value.to_string_lossy().into_owned())
}
