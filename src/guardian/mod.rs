//! The `PersistenceGuardian`: decides, without any model, whether source may be installed as a method.
//!
//! [`judge`] is pure and reads only the syntax tree: syntax, form, forbidden constructs and the
//! Persistence Covenant. [`check`] then has rustc compile what was accepted. The guardian admits what it
//! knows: a construct, path, macro or attribute that is on no list is refused. Refusals are values.

mod apply;
mod constructs;
mod convert;
mod covenant;
mod diagnostic;
mod exits;
mod form;
mod guard;
mod helpers;
mod idioms;
mod imports;
mod iterators;
mod kinds;
mod macros;
mod mark;
mod paths;
mod remainder;
mod rename;
mod scopes;
mod standard;

pub use apply::apply_fixes;
pub use convert::convert_mismatches;
pub use diagnostic::{Diagnostic, Edit, Fix, Stage};
pub use guard::{guard_empty, may_be_empty, nothing};
pub use helpers::bring_helpers;
pub use idioms::rewrite_idioms;
pub use remainder::never_negative;
pub use rename::{rename_slot, subject};

use std::ops::Range;

use crate::method::{CompileError, CompileJob, Compiler, Receiver, Signature, StructSpec, Type};
use crate::syntax::Source;
use diagnostic::Findings;

/// What the guardian found.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// In the order of their places; empty when the source is accepted.
    pub diagnostics: Vec<Diagnostic>,
    /// The method's signature as it stands in the source, when it can be read.
    pub signature: Option<Signature>,
}

impl Verdict {
    pub fn accepted(&self) -> bool {
        self.diagnostics.is_empty()
    }
}

/// Judges syntax, form, forbidden constructs and the covenant of a method of the object `structure`.
/// When a `signature` is asked for, the source's must be the same.
pub fn judge(source: &str, structure: &StructSpec, signature: Option<&Signature>) -> Verdict {
    let mut findings = Findings::new(source);
    let tree = Source::parse(source);
    let problems = tree.problems();
    for problem in &problems {
        findings.report(
            Stage::Syntax,
            problem.byte,
            &problem.message,
            problem.hint.as_deref(),
        );
    }
    let mut found = None;
    if let (true, Some(root)) = (problems.is_empty(), tree.root()) {
        let method = form::judge(root, structure, signature, &mut findings);
        constructs::judge(root, structure, &mut findings);
        if let Some(method) = method {
            let returns_unit = match &method.signature {
                Some(signature) => signature.returns == Type::Unit,
                None => method.function.field("return_type").is_none(),
            };
            match method.receiver {
                Some(Receiver::Mutable) => {
                    covenant::judge(method.body, returns_unit, source, &mut findings);
                }
                Some(Receiver::Shared) => {
                    covenant::judge_shared(method.body, source, &mut findings);
                }
                None => {}
            }
            found = method.signature;
        }
    }
    Verdict {
        diagnostics: findings.finish(),
        signature: found,
    }
}

/// The operands of each `?` by which a method that changes its object may leave with `None`, as bytes of the source. Such
/// an exit discards the change, and only the method itself can tell it from a `None` that it returns. Empty
/// for all other methods, for which the value says how they were left.
pub fn asked(source: &str, structure: &StructSpec, signature: &Signature) -> Vec<Range<usize>> {
    if signature.receiver != Receiver::Mutable || !signature.may_return_none() {
        return Vec::new();
    }
    let tree = Source::parse(source);
    let mut findings = Findings::new(source);
    tree.root()
        .and_then(|root| form::judge(root, structure, None, &mut findings))
        .map(|method| exits::asked(method.body))
        .unwrap_or_default()
}

/// Judges, and compiles what was accepted. Blocks while rustc runs. A compiler that cannot do its work
/// is a diagnostic too: nothing is accepted unseen.
pub fn check(source: &str, structure: &StructSpec, compiler: Option<&Compiler>) -> Verdict {
    let mut verdict = judge(source, structure, None);
    if let (true, Some(compiler), Some(signature)) =
        (verdict.accepted(), compiler, &verdict.signature)
    {
        let job = CompileJob {
            source,
            signature,
            structure,
            asked: &asked(source, structure, signature),
        };
        if let Err(refusal) = compiler.compile(&job) {
            verdict.diagnostics = compile_diagnostics(refusal);
        }
    }
    verdict
}

/// What rustc said about a source, as the guardian's diagnostics.
pub fn compile_diagnostics(refusal: CompileError) -> Vec<Diagnostic> {
    let CompileError::Refused(found) = refusal else {
        return vec![Diagnostic {
            stage: Stage::Compile,
            message: refusal.to_string(),
            line: 0,
            column: 0,
            hint: None,
            fix: None,
        }];
    };
    found
        .into_iter()
        .map(|compile| Diagnostic {
            stage: Stage::Compile,
            message: match compile.code {
                Some(code) => format!("{} [{code}]", compile.message),
                None => compile.message,
            },
            line: compile.line,
            column: compile.column,
            hint: compile.hint,
            fix: None,
        })
        .collect()
}
