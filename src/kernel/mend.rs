//! What a machine can do for a source before any model is asked again: the guardian's fixes, the compiler's own
//! suggestions, known slips, conversions.

use crate::guardian::{self, Diagnostic};
use crate::method::{
    CompileError, CompileJob, Compiled, Compiler, Signature, StructSpec, apply_suggestions,
};

/// How many rounds of mechanical repairs are made in one candidate.
const MECHANICAL_REPAIRS: u32 = 8;

/// A source after all that a machine could mend in it.
pub struct Mended {
    pub source: String,
    pub end: End,
}

/// Where the mending ended.
pub enum End {
    Built(Compiled),
    /// By the guardian.
    Refused(Vec<Diagnostic>),
    Unbuilt(CompileError),
}

/// The same for what a model wrote: its remainders are those that people mean, where it still builds with them.
pub fn mend_written(
    compiler: &Compiler,
    structure: &StructSpec,
    signature: &Signature,
    source: String,
) -> Mended {
    if let Some(other) = guardian::never_negative(&source, signature, structure) {
        let mended = mend(compiler, structure, signature, other);
        if matches!(mended.end, End::Built(_)) {
            return mended;
        }
    }
    mend(compiler, structure, signature, source)
}

/// Judges, compiles and mends in turns, until it is built or nothing more can be mended.
pub fn mend(
    compiler: &Compiler,
    structure: &StructSpec,
    signature: &Signature,
    mut source: String,
) -> Mended {
    let mut repairs = 0;
    loop {
        let (end, repaired) = judge_once(compiler, structure, signature, &source);
        match repaired.filter(|_| repairs < MECHANICAL_REPAIRS) {
            Some(repaired) => source = repaired,
            None => return Mended { source, end },
        }
        repairs += 1;
    }
}

/// What is wrong, and the source without it where a machine can say so.
fn judge_once(
    compiler: &Compiler,
    structure: &StructSpec,
    signature: &Signature,
    source: &str,
) -> (End, Option<String>) {
    let verdict = guardian::judge(source, structure, Some(signature));
    if !verdict.diagnostics.is_empty() {
        let repaired = guardian::apply_fixes(source, &verdict.diagnostics);
        return (End::Refused(verdict.diagnostics), repaired);
    }
    let job = CompileJob {
        source,
        signature,
        structure,
        asked: &guardian::asked(source, structure, signature),
    };
    match compiler.compile(&job) {
        Ok(compiled) => (End::Built(compiled), None),
        Err(error) => {
            let repaired = match &error {
                CompileError::Refused(diagnostics) => guardian::rewrite_idioms(source, diagnostics)
                    .or_else(|| apply_suggestions(source, diagnostics))
                    .or_else(|| guardian::convert_mismatches(source, diagnostics)),
                _ => None,
            };
            (End::Unbuilt(error), repaired)
        }
    }
}
