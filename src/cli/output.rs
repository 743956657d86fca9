//! The one printer: data on stdout, errors as message, causes, then `hint:` on stderr.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use serde_json::Value;

use super::fetch::FetchError;
use crate::config::ConfigError;

/// Exit codes that scripts rely on.
pub mod code {
    pub const ERROR: u8 = 1;
    pub const MISSION_FAILED: u8 = 3;
    pub const SEND_REFUSED: u8 = 4;
    /// A check of the image found damage.
    pub const DAMAGED: u8 = 5;
}

/// A command that did not work: what, why, what to do, and the exit code.
#[derive(Debug)]
pub struct Failed {
    pub error: anyhow::Error,
    pub hint: Option<String>,
    pub code: u8,
}

impl Failed {
    pub fn new(error: impl Into<anyhow::Error>, hint: Option<String>) -> Self {
        Self {
            error: error.into(),
            hint,
            code: code::ERROR,
        }
    }

    pub fn message(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(anyhow::anyhow!(text.into()), Some(hint.into()))
    }

    /// Prints itself on stderr; a cause that only repeats its parent is left out.
    pub fn print(&self) -> ExitCode {
        let mut text = String::new();
        let mut last = String::new();
        for (index, cause) in self.error.chain().enumerate() {
            let line = plain(&cause.to_string());
            if index > 0 && last.contains(&line) {
                continue;
            }
            let label = if index == 0 { "error" } else { "  cause" };
            text.push_str(&format!("{label}: {line}\n"));
            last = line;
        }
        let hint = self.hint.clone().or_else(|| hint_of(&self.error));
        if let Some(hint) = hint {
            text.push_str(&format!("hint: {hint}\n"));
        }
        let _ = io::stderr().write_all(text.as_bytes());
        ExitCode::from(self.code)
    }
}

/// The remedy that an error carries itself.
fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        cause
            .downcast_ref::<ConfigError>()
            .and_then(ConfigError::hint)
            .or_else(|| {
                cause
                    .downcast_ref::<FetchError>()
                    .and_then(FetchError::hint)
            })
    })
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::new(error, None)
    }
}

/// What a command ends with.
pub type Outcome = Result<ExitCode, Failed>;

/// Writes to stdout; a reader that has gone away (`| head`) is no error.
pub fn print(text: &str) -> Result<(), Failed> {
    match io::stdout()
        .write_all(text.as_bytes())
        .and_then(|()| io::stdout().flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failed::new(
            anyhow::Error::new(error).context("cannot write to stdout"),
            None,
        )),
        _ => Ok(()),
    }
}

/// One JSON document.
pub fn print_json(value: &Value) -> Result<(), Failed> {
    print(&format!("{value:#}\n"))
}

/// For people who wait; never on stdout.
pub fn progress(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Text from outside without anything that a terminal would act on.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\n' | '\t' => letter,
            _ if letter.is_control() => '\u{FFFD}',
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            _ => letter,
        })
        .collect()
}

/// Rows in columns that are as wide as their widest cell.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: &[String]| {
        let mut text = String::new();
        for (index, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            text.push_str(cell);
            if index + 1 < cells.len() {
                text.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
        }
        text.trim_end().to_owned() + "\n"
    };
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let mut text = line(&head);
    for row in rows {
        text.push_str(&line(row));
    }
    text
}
