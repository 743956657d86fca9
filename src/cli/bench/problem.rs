//! A problem as it lies in a folder: the mission document, and beside it the hidden checks that decide afterwards.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use crate::cli::output::Failed;
use crate::guardian;
use crate::method::{
    Check, CompileError, CompileJob, Compiler, Host, Limits, Packed, Sandbox, Signature,
    StructSpec, run_checks, value_from_json,
};
use crate::persona::Draft;

/// What a method may use while the hidden checks run on it.
const LIMITS: Limits = Limits {
    fuel: 500_000_000,
    memory_bytes: 64 << 20,
    deadline: Duration::from_secs(10),
};
/// Missing marks are put in so often.
const MOST_REPAIRS: usize = 4;

pub(super) struct Problem {
    pub name: String,
    /// The mission document as it is given to the system.
    pub text: String,
    pub draft: Draft,
    /// Never shown to the system; `None` where there are none.
    hidden: Option<Vec<Check>>,
}

/// What a method is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Worth {
    pub built: bool,
    /// It passes the hidden checks; `None` where there are none.
    pub right: Option<bool>,
    /// The first thing that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Worth {
    fn refused(why: String) -> Self {
        Self {
            built: false,
            right: Some(false),
            why: Some(why),
        }
    }
}

impl Problem {
    pub(super) fn read(file: &Path) -> Result<Self, Failed> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let text = read(&file.to_owned())?;
        let draft = Draft::from_json(&text)
            .with_context(|| format!("{} is no mission document", file.display()))?;
        let beside = file.with_extension("checks.json");
        let hidden = if beside.is_file() {
            let checks = serde_json::from_str(&read(&beside)?)
                .with_context(|| format!("cannot read the checks {}", beside.display()))?;
            Some(checks)
        } else {
            None
        };
        let name = file.file_stem().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            text,
            draft,
            hidden,
        })
    }

    /// Signature and struct, where the document has both.
    pub(super) fn shape(&self) -> Option<(Signature, StructSpec)> {
        let signature = self.draft.parsed_signature().ok()??;
        let slots = self.draft.typed_slots().ok()?;
        let fields = slots.into_iter().map(|(name, ty, _)| (name, ty)).collect();
        let structure = StructSpec::new(self.draft.object.as_deref()?, fields).ok()?;
        Some((signature, structure))
    }
}

/// Compiler and sandbox of the measurement's own.
pub(super) struct Judge {
    compiler: Compiler,
    sandbox: Sandbox,
}

impl Judge {
    pub(super) fn new() -> Result<Self, Failed> {
        Ok(Self {
            compiler: Compiler::find()?,
            sandbox: Sandbox::new(LIMITS)?,
        })
    }

    /// A source as it is installed, or as a model wrote it: then missing marks are put in first, since it is judged by
    /// its Rust.
    pub(super) fn judge(&self, problem: &Problem, source: &str) -> Result<Worth, Failed> {
        let Some((signature, structure)) = problem.shape() else {
            return Ok(Worth {
                built: true,
                right: None,
                why: None,
            });
        };
        let mut source = source.to_owned();
        for _ in 0..MOST_REPAIRS {
            let verdict = guardian::judge(&source, &structure, Some(&signature));
            match guardian::apply_fixes(&source, &verdict.diagnostics) {
                Some(repaired) => source = repaired,
                None => break,
            }
        }
        let verdict = guardian::judge(&source, &structure, Some(&signature));
        if let Some(first) = verdict.diagnostics.first() {
            let why = format!("{}: {}", first.stage.name(), first.message);
            return Ok(Worth::refused(why));
        }
        let asked = guardian::asked(&source, &structure, &signature);
        let job = CompileJob {
            source: &source,
            signature: &signature,
            structure: &structure,
            asked: &asked,
        };
        let compiled = match self.compiler.compile(&job) {
            Ok(compiled) => compiled,
            Err(CompileError::Refused(diagnostics)) => {
                let first = diagnostics.into_iter().next();
                let why = first.map(|diagnostic| diagnostic.message);
                return Ok(Worth::refused(why.unwrap_or_default()));
            }
            Err(error @ CompileError::Limits { .. }) => {
                return Ok(Worth::refused(error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        let Some(hidden) = &problem.hidden else {
            return Ok(Worth {
                built: true,
                right: None,
                why: None,
            });
        };
        let mut base: Vec<(String, Packed)> = Vec::new();
        for (name, ty, value) in problem.draft.typed_slots()? {
            base.push((name, value_from_json(&ty, &value)?));
        }
        let module = self.sandbox.load(&compiled.wasm)?;
        let ran = run_checks(
            &self.sandbox,
            &module,
            &signature,
            &structure,
            &base,
            hidden,
            &mut Nobody,
        );
        let why = ran.err().map(|failures| {
            let count = failures.len();
            let first = failures.into_iter().next();
            let message = first.map(|failure| failure.message).unwrap_or_default();
            format!("{count} of {} checks, {message}", hidden.len())
        });
        Ok(Worth {
            built: true,
            right: Some(why.is_none()),
            why,
        })
    }
}

/// A host that knows no object: the problems stand alone.
struct Nobody;

impl Host for Nobody {
    fn send(&mut self, object: &str, _: &str, _: Packed) -> Result<Packed, String> {
        Err(format!("there is no object {object}"))
    }

    fn log(&mut self, _: &str) {}
}
