//! Finding a rustc that really has the target `wasm32-unknown-unknown`, its standard library and a linker.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The one target of methods.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// Why there is no compiler for methods.
#[derive(Debug, thiserror::Error)]
pub enum CompilerError {
    #[error(
        "cannot find a rustc with the target {TARGET} (looked at: {}); install one with `rustup target add {TARGET}`, \
         or on Debian and Ubuntu `apt install rustc libstd-rust-dev-wasm32 lld`, or name one in BATOS_RUSTC",
        looked_at(looked)
    )]
    NotFound { looked: Vec<String> },
    #[error("cannot use the compiler {} that BATOS_RUSTC names: {why}", path.display())]
    Named { path: PathBuf, why: String },
    #[error("cannot confine compile jobs on this machine: {why}")]
    Unconfined { why: String },
}

fn looked_at(looked: &[String]) -> String {
    if looked.is_empty() {
        "no rustc is installed".to_owned()
    } else {
        looked.join("; ")
    }
}

/// One usable installation of rustc.
#[derive(Debug, Clone)]
pub(super) struct Toolchain {
    /// The compiler itself, not rustup's stand-in.
    pub rustc: PathBuf,
    pub sysroot: PathBuf,
    /// `rust-lld` or `wasm-ld`.
    pub linker: PathBuf,
    /// Such as `1.95.0`.
    pub version: String,
    /// All of `rustc -vV`: equal for equal compilers.
    pub identity: String,
}

impl Toolchain {
    /// The one that `BATOS_RUSTC` names, else the newest that works.
    pub(super) fn find() -> Result<Self, CompilerError> {
        if let Some(path) = std::env::var_os("BATOS_RUSTC").filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            return Self::examine(&path).map_err(|why| CompilerError::Named { path, why });
        }
        let mut looked = Vec::new();
        let mut found: Vec<Self> = Vec::new();
        let mut seen = BTreeSet::new();
        for candidate in candidates() {
            if !seen.insert(
                candidate
                    .canonicalize()
                    .unwrap_or_else(|_| candidate.clone()),
            ) {
                continue;
            }
            match Self::examine(&candidate) {
                Ok(toolchain) => found.push(toolchain),
                Err(why) => looked.push(format!("{}: {why}", candidate.display())),
            }
        }
        let newest = found
            .into_iter()
            .max_by_key(|toolchain| version_numbers(&toolchain.version));
        newest.ok_or(CompilerError::NotFound { looked })
    }

    fn examine(rustc: &Path) -> Result<Self, String> {
        let sysroot = PathBuf::from(ask(rustc, &["--print", "sysroot"])?.trim());
        let real = sysroot.join("bin/rustc");
        let rustc = if real.is_file() {
            real
        } else {
            rustc.to_path_buf()
        };
        let identity = ask(&rustc, &["-vV"])?;
        let field = |name: &str| {
            let value = identity.lines().find_map(|line| line.strip_prefix(name));
            value
                .map(str::trim)
                .ok_or_else(|| format!("`rustc -vV` does not say `{name}`"))
        };
        let version = field("release:")?.to_owned();
        if version_numbers(&version) < [1, 63, 0] {
            return Err(format!("version {version} is older than 1.63"));
        }
        let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
        if !has_std(&libraries) {
            return Err(format!("version {version} has no {TARGET}"));
        }
        let tools = sysroot
            .join("lib/rustlib")
            .join(field("host:")?)
            .join("bin");
        let linker =
            linker(&tools).ok_or("there is neither rust-lld nor wasm-ld (package `lld`)")?;
        Ok(Self {
            rustc,
            sysroot,
            linker,
            version,
            identity,
        })
    }
}

/// Every rustc that this machine may have, as paths to try.
fn candidates() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let rustup = std::env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(home.as_ref()?.join(".rustup")));
    let mut candidates = Vec::new();
    if let Some(entries) =
        rustup.and_then(|rustup| std::fs::read_dir(rustup.join("toolchains")).ok())
    {
        candidates.extend(
            entries
                .flatten()
                .map(|entry| entry.path().join("bin/rustc")),
        );
    }
    candidates.sort();
    if let Some(path) = std::env::var_os("PATH") {
        candidates.extend(std::env::split_paths(&path).map(|folder| folder.join("rustc")));
    }
    candidates.extend(home.map(|home| home.join(".cargo/bin/rustc")));
    candidates.extend(["/usr/bin/rustc", "/usr/local/bin/rustc"].map(PathBuf::from));
    candidates.retain(|candidate| candidate.is_file());
    candidates
}

/// Runs the compiler with a question that it answers on standard output.
fn ask(rustc: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(rustc);
    // From the root, so that no project's toolchain file decides.
    command
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null());
    let output = command
        .output()
        .map_err(|error| format!("it does not start: {error}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "it ended with {}: {}",
            output.status,
            text.lines().next().unwrap_or_default()
        ));
    }
    String::from_utf8(output.stdout).map_err(|_| "its answer is not text".to_owned())
}

fn has_std(libraries: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(libraries) else {
        return false;
    };
    let mut names = entries.flatten().map(|entry| entry.file_name());
    names.any(|name| {
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && Path::new(&*name).extension() == Some(OsStr::new("rlib"))
    })
}

fn linker(tools: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![tools.to_path_buf()];
    folders.extend(std::env::split_paths(&path));
    folders.push("/usr/bin".into());
    let mut names = vec!["rust-lld".to_owned(), "wasm-ld".to_owned()];
    names.extend((13..=30).rev().map(|version| format!("wasm-ld-{version}")));
    let mut paths = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    paths.find(|path| path.is_file())
}

fn version_numbers(version: &str) -> [u32; 3] {
    let mut numbers = version
        .split(['.', '-'])
        .map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}
