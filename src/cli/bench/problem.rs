//! A problem as it lies in a folder: the mission document, and beside it the hidden checks that decide afterwards.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use crate::cli::output::Failed;
use crate::guardian;
use crate::kernel::mend::{End, Mended, mend_written};
use crate::method::{
    Check, CompileError, CompileJob, Compiled, Compiler, Host, Limits, Packed, Sandbox, Signature,
    StructSpec, run_checks, value_from_json,
};
use crate::persona::{Draft, MethodBrief};

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
    /// Nothing tells whether it is right.
    const fn unknown() -> Self {
        Self {
            built: true,
            right: None,
            why: None,
        }
    }

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

    /// What the model is told of it: the document alone.
    pub(super) fn brief<'a>(
        &'a self,
        signature: &'a Signature,
        structure: &'a StructSpec,
        in_full: bool,
    ) -> MethodBrief<'a> {
        MethodBrief {
            so_far: None,
            structure,
            signature,
            brief: &self.draft.brief,
            checks: &self.draft.checks,
            calls: &[],
            begins_with_call: false,
            in_full,
            neighbours: &[],
            lessons: &[],
            passages: &[],
        }
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
            return Ok(Worth::unknown());
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
        if !verdict.diagnostics.is_empty() {
            return Ok(refused(&verdict.diagnostics));
        }
        let asked = guardian::asked(&source, &structure, &signature);
        let job = CompileJob {
            source: &source,
            signature: &signature,
            structure: &structure,
            asked: &asked,
        };
        match self.compiler.compile(&job) {
            Ok(compiled) => self.prove(problem, &signature, &structure, &compiled),
            Err(error) => unbuilt(error),
        }
    }

    /// A source as a model wrote it, after all that the mission loop mends by machine; and that source.
    pub(super) fn mended(
        &self,
        problem: &Problem,
        source: &str,
    ) -> Result<(Worth, String), Failed> {
        let Some((signature, structure)) = problem.shape() else {
            return Ok((Worth::unknown(), source.to_owned()));
        };
        let Mended { source, end } =
            mend_written(&self.compiler, &structure, &signature, source.to_owned());
        let worth = match end {
            End::Built(compiled) => self.prove(problem, &signature, &structure, &compiled)?,
            End::Refused(diagnostics) => refused(&diagnostics),
            End::Unbuilt(error) => unbuilt(error)?,
        };
        Ok((worth, source))
    }

    /// By the hidden checks.
    fn prove(
        &self,
        problem: &Problem,
        signature: &Signature,
        structure: &StructSpec,
        compiled: &Compiled,
    ) -> Result<Worth, Failed> {
        let Some(hidden) = &problem.hidden else {
            return Ok(Worth::unknown());
        };
        let mut base: Vec<(String, Packed)> = Vec::new();
        for (name, ty, value) in problem.draft.typed_slots()? {
            base.push((name, value_from_json(&ty, &value)?));
        }
        let module = self.sandbox.load(&compiled.wasm)?;
        let ran = run_checks(
            &self.sandbox,
            &module,
            signature,
            structure,
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

/// By the guardian.
fn refused(diagnostics: &[guardian::Diagnostic]) -> Worth {
    let first = diagnostics.first();
    let why = first.map(|first| format!("{}: {}", first.stage.name(), first.message));
    Worth::refused(why.unwrap_or_default())
}

/// By the compiler; an error where the machine is at fault.
fn unbuilt(error: CompileError) -> Result<Worth, Failed> {
    match error {
        CompileError::Refused(diagnostics) => {
            let first = diagnostics.into_iter().next();
            let why = first.map(|diagnostic| diagnostic.message);
            Ok(Worth::refused(why.unwrap_or_default()))
        }
        error @ (CompileError::Limits { .. } | CompileError::Crashed { .. }) => {
            Ok(Worth::refused(error.to_string()))
        }
        error => Err(error.into()),
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
