//! Documents from files: which there are below a folder, and the text of one.
//!
//! Meant for the process of whoever asks, not for the kernel: what a strange PDF does to the library that
//! reads it is then nobody else's affair.

use std::io;
use std::path::{Path, PathBuf};

use super::catalogue::MAX_DOCUMENT_BYTES;
use super::chunk::Format;

/// Endings of files that are taken when a folder is named.
const ENDINGS: [&str; 9] = [
    "md", "markdown", "txt", "text", "rst", "adoc", "org", "rs", "pdf",
];
/// Limit of a file; of a PDF most is not text.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    pub format: Format,
    pub text: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read {path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot take {path}: it is not text")]
    NotText { path: PathBuf },
    #[error("cannot take {path}: it has no text")]
    Empty { path: PathBuf },
    #[error("cannot take {path}: it has {bytes} bytes, {limit} at most are taken")]
    TooLarge {
        path: PathBuf,
        bytes: u64,
        limit: u64,
    },
    #[error("cannot take {path}: its text could not be got out of it: {why}")]
    Pdf { path: PathBuf, why: String },
}

impl ReadError {
    /// What a person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "name a file or a folder that this user may read",
            Self::NotText { .. } => {
                "text, Markdown, Rust and PDF can be added; save it as one of these"
            }
            Self::Empty { .. } => "a scanned PDF holds pictures only: add its text",
            Self::TooLarge { .. } => "cut it into parts",
            Self::Pdf { .. } => "save it as text, for example with `pdftotext`",
        }
    }
}

/// The files at a path: itself, or those below a folder whose ending tells that they are documents, by name.
/// Hidden ones and links are left out.
pub fn readable_in(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ReadError::Io { path, source }
    };
    if !std::fs::metadata(path).map_err(failed(path))?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(failed(&folder))? {
            let entry = entry.map_err(failed(&folder))?;
            let kind = entry.file_type().map_err(failed(&entry.path()))?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && ENDINGS.contains(&ending(&entry.path()).as_str()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file. Its ending says how it is written; without one that is known it is plain text.
pub fn read_file(path: &Path) -> Result<Readable, ReadError> {
    let path_of = || path.to_owned();
    let failed = |source| ReadError::Io {
        path: path_of(),
        source,
    };
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    let refuse = |bytes: u64, limit: u64| ReadError::TooLarge {
        path: path_of(),
        bytes,
        limit,
    };
    if bytes > MAX_FILE_BYTES {
        return Err(refuse(bytes, MAX_FILE_BYTES));
    }
    let content = std::fs::read(path).map_err(failed)?;
    let format = match ending(path).as_str() {
        "pdf" => Format::Pdf,
        "md" | "markdown" => Format::Markdown,
        "rs" => Format::Rust,
        _ => Format::Text,
    };
    let text = if format == Format::Pdf {
        pages(&content).map_err(|why| ReadError::Pdf {
            path: path_of(),
            why,
        })?
    } else {
        match String::from_utf8(content) {
            Ok(text) if !text.contains('\0') => text,
            _ => return Err(ReadError::NotText { path: path_of() }),
        }
    };
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(refuse(text.len() as u64, MAX_DOCUMENT_BYTES as u64));
    }
    if text.trim().is_empty() {
        return Err(ReadError::Empty { path: path_of() });
    }
    Ok(Readable { format, text })
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

/// A PDF's text, with a form feed on a line between two pages.
fn pages(content: &[u8]) -> Result<String, String> {
    // The library panics on many a damaged file.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let read = std::panic::catch_unwind(|| pdf_extract::extract_text_from_mem_by_pages(content));
    std::panic::set_hook(hook);
    match read {
        Ok(Ok(pages)) => {
            let pages: Vec<String> = pages.iter().map(|page| tidy(page)).collect();
            Ok(pages.join("\n\u{c}\n"))
        }
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it is damaged, or uses what the library does not know".to_owned()),
    }
}

/// Without blanks at the ends of lines, and with at most one empty line in a row.
fn tidy(page: &str) -> String {
    let mut text = String::new();
    let mut empty = 0;
    for line in page.lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            text.extend(
                line.chars()
                    .filter(|letter| !letter.is_control() || *letter == '\t'),
            );
            text.push('\n');
        }
    }
    text
}
