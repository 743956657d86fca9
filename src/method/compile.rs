//! From a method's source to WebAssembly, by a confined rustc.
//!
//! The prelude is compiled once for each compiler and kept in the user's cache, which halves the time of a
//! method; everything else happens in a temporary folder that is gone afterwards.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::confine::{Access, ConfineError, JobLimits, JobOutput, confinement, run_confined};
use super::diagnostics::{CompileDiagnostic, read_all};
use super::generate::{PRELUDE, asking, method_file, root_file};
use super::signature::Signature;
use super::structure::StructSpec;
use super::toolchain::{CompilerError, TARGET, Toolchain};
use super::types::TypeError;

/// What one compile may use up; a method takes well under a second and 300 MB.
const LIMITS: JobLimits = JobLimits {
    wall: Duration::from_secs(40),
    cpu_seconds: 20,
    memory_bytes: 4 << 30,
    file_bytes: 16 << 20,
    output_bytes: 1 << 20,
};

/// No method is longer.
const MAX_SOURCE_BYTES: usize = 256 << 10;

/// A rustc that has `wasm32-unknown-unknown`. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Compiler {
    toolchain: Arc<Toolchain>,
    prelude: Arc<Mutex<Option<Prelude>>>,
}

/// The compiled prelude: in the user's cache, or in a folder of this process.
#[derive(Debug, Clone)]
struct Prelude {
    library: PathBuf,
    _folder: Option<Arc<TempDir>>,
}

/// One method to compile.
#[derive(Debug, Clone, Copy)]
pub struct CompileJob<'a> {
    /// Optional `use` lines and one `impl`.
    pub source: &'a str,
    pub signature: &'a Signature,
    pub structure: &'a StructSpec,
    /// Operands of `?`, as bytes of the source: whether the method left by one of them is told along with its
    /// result. See `guardian::asked`.
    pub asked: &'a [Range<usize>],
}

/// A method that the compiler took.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub wasm: Vec<u8>,
    pub seconds: f64,
    pub warnings: Vec<CompileDiagnostic>,
}

#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The compiler refused the source; never empty.
    #[error("the compiler refused the method: {}", first(.0))]
    Refused(Vec<CompileDiagnostic>),
    #[error("compiling the method was stopped: {what}")]
    Limits { what: String },
    #[error("no compile job can run: {why}")]
    Unconfined { why: String },
    /// The method's doing: the compiler has compiled the prelude before.
    #[error("the compiler failed at the method without a diagnostic: {text}")]
    Crashed { text: String },
    #[error("the compiler {} cannot compile what methods need: {text}", path.display())]
    Prelude { path: PathBuf, text: String },
    #[error("cannot {what} for a compile job")]
    Io { what: String, source: io::Error },
}

fn first(diagnostics: &[CompileDiagnostic]) -> &str {
    diagnostics
        .first()
        .map_or("no reason given", |diagnostic| diagnostic.message.as_str())
}

impl Compiler {
    /// The compiler that `BATOS_RUSTC` names, else the newest of rustup's, `PATH`'s and `/usr/bin`'s that has the
    /// target. Starts each once, which takes some tenths of a second: keep the result.
    pub fn find() -> Result<Self, CompilerError> {
        Ok(Self {
            toolchain: Arc::new(Toolchain::find()?),
            prelude: Arc::default(),
        })
    }

    /// Such as `1.95.0`.
    pub fn version(&self) -> &str {
        &self.toolchain.version
    }

    pub fn path(&self) -> &Path {
        &self.toolchain.rustc
    }

    /// What confines compile jobs on this machine, or why none can run.
    pub fn confinement() -> Result<String, CompilerError> {
        confinement().map_err(|error| match error {
            ConfineError::Unsupported { why } => CompilerError::Unconfined { why },
            error @ ConfineError::Run { .. } => CompilerError::Unconfined {
                why: error.to_string(),
            },
        })
    }

    /// Compiles; blocks for some tenths of a second, and for at most 40 s.
    pub fn compile(&self, job: &CompileJob<'_>) -> Result<Compiled, CompileError> {
        let started = Instant::now();
        check(job).map_err(|error| CompileError::Refused(vec![refusal(error.to_string())]))?;
        let prelude = self.prelude()?;
        let folder = job_folder()?;
        write(
            folder.path(),
            "lib.rs",
            &root_file(job.structure, job.signature),
        )?;
        let file = method_file(job.source);
        let (wasm, warnings) = self.compile_file(folder.path(), &prelude, &file)?;
        let wasm = if job.asked.is_empty() {
            wasm
        } else {
            // Only now: whatever is wrong has to be told at the places of the author's text.
            let file = method_file(&asking(job.source, job.asked));
            self.compile_file(folder.path(), &prelude, &file)?.0
        };
        Ok(Compiled {
            wasm,
            seconds: started.elapsed().as_secs_f64(),
            warnings,
        })
    }

    /// Compiles the root in `folder` with this method's file.
    fn compile_file(
        &self,
        folder: &Path,
        prelude: &Prelude,
        file: &str,
    ) -> Result<(Vec<u8>, Vec<CompileDiagnostic>), CompileError> {
        write(folder, "method.rs", file)?;
        let mut arguments = vec![
            "--crate-type=cdylib".to_owned(),
            "--crate-name=method".to_owned(),
        ];
        arguments.push(format!(
            "--extern=batos_prelude={}",
            prelude.library.display()
        ));
        arguments.push(format!("-Clinker={}", self.toolchain.linker.display()));
        arguments.push("-Clinker-flavor=wasm-ld".to_owned());
        arguments.extend([
            "-o".to_owned(),
            "method.wasm".to_owned(),
            "lib.rs".to_owned(),
        ]);
        let output = self.rustc(folder, arguments, std::slice::from_ref(&prelude.library))?;
        let (errors, warnings) = read_all(&output.stderr);
        if let Some(what) = output.stopped {
            return Err(CompileError::Limits { what });
        }
        if !errors.is_empty() {
            return Err(CompileError::Refused(errors));
        }
        if !output.status.success() {
            return Err(CompileError::Crashed {
                text: told(&output),
            });
        }
        let wasm =
            std::fs::read(folder.join("method.wasm")).map_err(io_error("read the result"))?;
        Ok((wasm, warnings))
    }

    /// Runs rustc confined to `folder`; it may read `files` as well.
    fn rustc(
        &self,
        folder: &Path,
        more: Vec<String>,
        files: &[PathBuf],
    ) -> Result<JobOutput, CompileError> {
        let Toolchain {
            rustc,
            sysroot,
            linker,
            ..
        } = &*self.toolchain;
        let mut arguments: Vec<String> = [
            "--edition=2021",
            "--error-format=json",
            "-Copt-level=1",
            "-Cpanic=abort",
            "-Cstrip=symbols",
            "-Ccodegen-units=1",
            "-Coverflow-checks=on",
            "-Cembed-bitcode=no",
            "-Cdebuginfo=0",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--target={TARGET}"));
        arguments.push(format!("--sysroot={}", sysroot.display()));
        arguments.extend(more);
        let mut read = vec![rustc.clone(), sysroot.join("lib"), linker.clone()];
        read.extend(
            [
                "/lib",
                "/lib64",
                "/usr/lib",
                "/usr/lib64",
                "/usr/lib32",
                "/nix/store",
                "/gnu/store",
                "/etc/ld.so.cache",
            ]
            .map(PathBuf::from),
        );
        read.extend_from_slice(files);
        let access = Access {
            read,
            folder: folder.to_path_buf(),
        };
        let environment = [
            ("PATH", "/usr/bin:/bin".to_owned()),
            ("LC_ALL", "C".to_owned()),
        ];
        run_confined(rustc, &arguments, &environment, &access, &LIMITS).map_err(|error| match error
        {
            ConfineError::Unsupported { why } => CompileError::Unconfined { why },
            ConfineError::Run { program, source } => CompileError::Io {
                what: format!("run {}", program.display()),
                source,
            },
        })
    }

    fn prelude(&self) -> Result<Prelude, CompileError> {
        let mut known = self.prelude.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prelude) = known.as_ref().filter(|prelude| prelude.library.is_file()) {
            return Ok(prelude.clone());
        }
        let (folder, kept) = if let Some(folder) = cache_folder() {
            (folder, None)
        } else {
            let folder = job_folder()?;
            (folder.path().to_path_buf(), Some(Arc::new(folder)))
        };
        let library = folder.join(format!("libbatos_prelude-{}.rlib", self.prelude_key()));
        if !library.is_file() {
            self.compile_prelude(&folder, &library)?;
        }
        let prelude = Prelude {
            library,
            _folder: kept,
        };
        *known = Some(prelude.clone());
        Ok(prelude)
    }

    /// Appears under its name only when it is whole.
    fn compile_prelude(&self, folder: &Path, library: &Path) -> Result<(), CompileError> {
        let job = job_folder()?;
        for (name, text) in PRELUDE {
            write(job.path(), name, text)?;
        }
        let arguments = [
            "--crate-type=rlib",
            "--crate-name=batos_prelude",
            "--cap-lints=allow",
            "-o",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).into();
        arguments.extend(["libbatos_prelude.rlib".to_owned(), "mod.rs".to_owned()]);
        let output = self.rustc(job.path(), arguments, &[])?;
        if output.stopped.is_some() || !output.status.success() {
            let stopped = output.stopped.clone();
            return Err(CompileError::Prelude {
                path: self.toolchain.rustc.clone(),
                text: stopped.unwrap_or_else(|| told(&output)),
            });
        }
        let what = "keep the compiled prelude";
        let whole = tempfile::NamedTempFile::new_in(folder).map_err(io_error(what))?;
        std::fs::copy(job.path().join("libbatos_prelude.rlib"), whole.path())
            .map_err(io_error(what))?;
        whole.as_file().sync_all().map_err(io_error(what))?;
        whole
            .persist(library)
            .map_err(|error| io_error(what)(error.error))?;
        Ok(())
    }

    /// Differs whenever the compiler or the prelude does.
    fn prelude_key(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.toolchain.identity.as_bytes());
        hasher.update(self.toolchain.rustc.as_os_str().as_encoded_bytes());
        for (name, text) in PRELUDE {
            hasher.update(name.as_bytes()).update(text.as_bytes());
        }
        hasher.finalize().to_hex().chars().take(16).collect()
    }
}

/// How the compiler ended, and what it said.
fn told(output: &JobOutput) -> String {
    let text: String = String::from_utf8_lossy(&output.stderr)
        .chars()
        .take(2000)
        .collect();
    format!("{}; {}", output.status, text.trim())
}

/// The generated code holds these names: they must be what their parsers take.
fn check(job: &CompileJob<'_>) -> Result<(), TypeError> {
    job.structure.check()?;
    StructSpec::parse(&job.structure.to_string())?;
    Signature::parse(&job.signature.to_string())?;
    if job.source.len() > MAX_SOURCE_BYTES {
        return Err(TypeError::TooLarge {
            text: format!("a source of {} bytes", job.source.len()),
        });
    }
    Ok(())
}

fn refusal(message: String) -> CompileDiagnostic {
    CompileDiagnostic {
        code: None,
        rendered: message.clone(),
        message,
        line: 0,
        column: 0,
        span: None,
        label: None,
        hint: None,
        suggestions: Vec::new(),
    }
}

/// The user's cache, when it can be written to.
fn cache_folder() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    let folder = cache.join("batos/prelude");
    std::fs::create_dir_all(&folder).ok()?;
    tempfile::tempfile_in(&folder).ok()?;
    Some(folder)
}

fn job_folder() -> Result<TempDir, CompileError> {
    tempfile::Builder::new()
        .prefix("batos-job-")
        .tempdir()
        .map_err(io_error("make a folder"))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), CompileError> {
    std::fs::write(folder.join(name), text).map_err(io_error(&format!("write {name}")))
}

fn io_error(what: &str) -> impl FnOnce(io::Error) -> CompileError {
    let what = what.to_owned();
    move |source| CompileError::Io { what, source }
}
