//! The judgement of one candidate: guardian, compiler, checks, and the repairs that need no model.

use super::agreement::Trial;
use super::document::StoredDiagnostic;
use super::mend::{End, Mended, mend, mend_written};
use super::psm::{StepError, Worker};
use super::teach::{Lesson, hopeless};
use crate::guardian::{self, Diagnostic};
use crate::method::{
    Call, CheckFailure, CompileError, Compiled, Compiler, Module, Outcome, Packed, Type,
    default_value, run_checks,
};
use crate::persona::{
    Callee, agrees_on_nothing, as_sends, instruction, not_called, send_expression, trap_instruction,
};

/// A candidate after judgement.
pub(super) struct Judged {
    pub source: String,
    /// How far it came: the stage times 100, less what was wrong in it.
    pub rank: u32,
    pub diagnostics: Vec<StoredDiagnostic>,
    /// What to do about the first diagnostic, for the next attempt.
    pub instruction: Option<String>,
    /// There when it was compiled, even if a check failed.
    pub built: Option<(Compiled, Module)>,
    /// How many checks failed, of one that was built.
    pub failed_checks: usize,
    /// Whether it trapped in a check or at a made-up call.
    pub traps: bool,
}

/// What a candidate ranks at least that was built.
pub(super) const RANK_OF_BUILT: u32 = 300;
/// What a candidate ranks at least that passes all checks, even if made-up calls make it trap.
pub(super) const RANK_OF_PROVEN: u32 = 400;

impl Judged {
    pub fn is_accepted(&self) -> bool {
        self.built.is_some() && self.diagnostics.is_empty()
    }
}

impl Worker {
    pub(super) fn judge(
        &self,
        lesson: &Lesson,
        compiler: &Compiler,
        base: &[(String, Packed)],
        source: &str,
    ) -> Result<Judged, StepError> {
        let source = as_sends(source, &lesson.callees, &lesson.signature);
        if let Some(callee) = not_called(&source, &lesson.callees) {
            return Ok(uncalling(source, callee));
        }
        let source = match lesson.draft.source {
            Some(_) => source,
            None => guardian::bring_helpers(&source, &lesson.others).unwrap_or(source),
        };
        let (structure, signature) = (&lesson.structure, &lesson.signature);
        let Mended { source, end } = match lesson.draft.source {
            Some(_) => mend(compiler, structure, signature, source),
            None => mend_written(compiler, structure, signature, source),
        };
        match end {
            End::Built(compiled) => {
                let judged = self.prove(lesson, base, source, compiled);
                Ok(self.guarded(lesson, compiler, base, judged))
            }
            End::Refused(diagnostics) => Ok(refuse(source, &diagnostics)),
            End::Unbuilt(CompileError::Refused(diagnostics)) => Ok(Judged {
                rank: rank(2, diagnostics.len()),
                instruction: diagnostics.iter().find_map(|diagnostic| {
                    instruction(
                        diagnostic.code.as_deref()?,
                        &labelled(diagnostic),
                        &lesson.structure,
                    )
                }),
                diagnostics: diagnostics
                    .iter()
                    .map(|diagnostic| compile_diagnostic(diagnostic, &source))
                    .collect(),
                source,
                built: None,
                failed_checks: 0,
                traps: false,
            }),
            // This candidate's doing, not the machine's: the next one may be compiled.
            End::Unbuilt(error @ (CompileError::Limits { .. } | CompileError::Crashed { .. })) => {
                Ok(unbuilt(source, rank(1, 0), &error.to_string()))
            }
            End::Unbuilt(error) => Err(hopeless(error)),
        }
    }

    /// The same with a way out for each empty argument at which it traps. What the person wrote stays.
    fn guarded(
        &self,
        lesson: &Lesson,
        compiler: &Compiler,
        base: &[(String, Packed)],
        judged: Judged,
    ) -> Judged {
        let mut best = judged;
        let is_open = guardian::nothing(&lesson.signature.returns)
            .is_some_and(|nothing| agrees_on_nothing(&lesson.draft.brief, nothing));
        if lesson.draft.source.is_some() || !lesson.bears_made_up_calls() || !is_open {
            return best;
        }
        for param in guardian::may_be_empty(&lesson.signature) {
            if !best.traps || !self.traps_at_empty(lesson, base, &best, param) {
                continue;
            }
            let Some(source) = guardian::guard_empty(&best.source, &lesson.signature, param) else {
                break;
            };
            let mended = mend(compiler, &lesson.structure, &lesson.signature, source);
            if let End::Built(compiled) = mended.end {
                let guarded = self.prove(lesson, base, mended.source, compiled);
                let is_out = !self.traps_at_empty(lesson, base, &guarded, param);
                if is_out && guarded.rank >= best.rank {
                    best = guarded;
                }
            }
        }
        best
    }

    fn traps_at_empty(
        &self,
        lesson: &Lesson,
        base: &[(String, Packed)],
        judged: &Judged,
        param: &str,
    ) -> bool {
        let mut host = self
            .shared
            .courier
            .scratch(&lesson.object, lesson.signature.receiver);
        judged.built.as_ref().is_some_and(|(_, module)| {
            let trial = self.trial(lesson, base);
            trial.traps_at_empty(module, param, &mut host)
        })
    }

    fn prove(
        &self,
        lesson: &Lesson,
        base: &[(String, Packed)],
        source: String,
        compiled: Compiled,
    ) -> Judged {
        let module = match self.shared.sandbox.load(&compiled.wasm) {
            Ok(module) => module,
            Err(error) => return unbuilt(source, rank(2, 0), &error.to_string()),
        };
        let mut host = self
            .shared
            .courier
            .scratch(&lesson.object, lesson.signature.receiver);
        let result = run_checks(
            &self.shared.sandbox,
            &module,
            &lesson.signature,
            &lesson.structure,
            base,
            &lesson.trials(),
            &mut host,
        );
        let shown = match result {
            Ok(()) => self
                .show(lesson, base, &module)
                .and_then(|()| change(lesson, &source)),
            Err(failures) => Err(failures),
        };
        match shown {
            Ok(()) => {
                let traps = self.traps(lesson, base, &module);
                let first = traps.first().and_then(|trap| trap_instruction(trap));
                Judged {
                    source,
                    rank: rank(4, traps.len()),
                    instruction: first.map(str::to_owned),
                    diagnostics: traps.iter().map(|trap| plain("probes", trap)).collect(),
                    built: Some((compiled, module)),
                    failed_checks: 0,
                    traps: !traps.is_empty(),
                }
            }
            Err(failures) => Judged {
                source,
                rank: rank(3, failures.len()),
                instruction: failures
                    .iter()
                    .find_map(|failure| trap_instruction(&failure.message))
                    .map(str::to_owned),
                diagnostics: failures
                    .iter()
                    .map(|failure| plain("checks", &failure.message))
                    .collect(),
                failed_checks: failures.len(),
                traps: failures.iter().any(|failure| failure.trap.is_some()),
                built: Some((compiled, module)),
            },
        }
    }
}

impl Worker {
    /// The method on made-up calls, from where every check starts.
    pub(super) fn trial<'a>(
        &'a self,
        lesson: &'a Lesson,
        base: &'a [(String, Packed)],
    ) -> Trial<'a> {
        Trial {
            sandbox: &self.shared.sandbox,
            signature: &lesson.signature,
            structure: &lesson.structure,
            base,
            examples: &lesson.checks,
        }
    }

    /// How the candidate traps when it is called with what nobody thought of.
    fn traps(&self, lesson: &Lesson, base: &[(String, Packed)], module: &Module) -> Vec<String> {
        if !lesson.bears_made_up_calls() {
            return Vec::new();
        }
        let mut host = self
            .shared
            .courier
            .scratch(&lesson.object, lesson.signature.receiver);
        let trial = self.trial(lesson, base);
        trial.traps(module, &mut host)
    }

    /// A panel without anything on it is none, whatever else the method does.
    fn show(
        &self,
        lesson: &Lesson,
        base: &[(String, Packed)],
        module: &Module,
    ) -> Result<(), Vec<CheckFailure>> {
        let signature = &lesson.signature;
        if signature.returns != Type::Panel || !signature.params.is_empty() {
            return Ok(());
        }
        let call = Call {
            signature,
            structure: &lesson.structure,
            slots: base,
            args: &[],
            now_ms: 0,
            seed: 1,
        };
        let mut host = self
            .shared
            .courier
            .scratch(&lesson.object, signature.receiver);
        let Outcome::Returned { value, .. } = self.shared.sandbox.call(module, &call, &mut host)
        else {
            return Ok(());
        };
        if value != default_value(&Type::Panel) {
            return Ok(());
        }
        Err(vec![CheckFailure {
            index: 0,
            message:
                "the panel is empty: add parts such as `panel.title(\"…\");` before it is returned"
                    .to_owned(),
            trap: None,
        }])
    }
}

/// What is to be changed and was only written again is no answer.
fn change(lesson: &Lesson, source: &str) -> Result<(), Vec<CheckFailure>> {
    let present = lesson.present.as_deref().map(without_comments);
    if present != Some(without_comments(source)) {
        return Ok(());
    }
    let wish = lesson.draft.brief.lines().last().unwrap_or_default();
    Err(vec![CheckFailure {
        index: 0,
        message: format!("it is what it was before; what is wanted is: {wish}"),
        trap: None,
    }])
}

fn without_comments(source: &str) -> String {
    let lines = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.flat_map(str::split_whitespace).collect()
}

/// A candidate that the compiler or the sandbox cannot take, for a reason that has no place in it.
fn unbuilt(source: String, rank: u32, why: &str) -> Judged {
    Judged {
        source,
        rank,
        diagnostics: vec![plain("compile", why)],
        instruction: None,
        built: None,
        failed_checks: 0,
        traps: false,
    }
}

/// A candidate that does not call what the plan says it calls.
fn uncalling(source: String, callee: &Callee) -> Judged {
    let hint = send_expression(callee).map(|send| format!("write `{send};`"));
    let problem = format!(
        "it does not call `{}` of `{}`, as it was planned",
        callee.signature, callee.object
    );
    let mut diagnostic = plain("form", &problem);
    diagnostic.hint.clone_from(&hint);
    Judged {
        source,
        rank: rank(1, 50),
        diagnostics: vec![diagnostic],
        instruction: hint,
        built: None,
        failed_checks: 0,
        traps: false,
    }
}

fn refuse(source: String, diagnostics: &[Diagnostic]) -> Judged {
    let syntax = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.stage == guardian::Stage::Syntax);
    Judged {
        source,
        rank: rank(u32::from(!syntax), diagnostics.len()),
        instruction: diagnostics
            .first()
            .and_then(|diagnostic| diagnostic.hint.clone()),
        diagnostics: diagnostics
            .iter()
            .map(|diagnostic| StoredDiagnostic {
                stage: diagnostic.stage.name().to_owned(),
                message: diagnostic.message.clone(),
                line: diagnostic.line,
                column: diagnostic.column,
                hint: diagnostic.hint.clone(),
            })
            .collect(),
        built: None,
        failed_checks: 0,
        traps: false,
    }
}

/// Stages outweigh whatever is wrong within one.
fn rank(stage: u32, problems: usize) -> u32 {
    stage * 100 + 99 - u32::try_from(problems).unwrap_or(99).min(99)
}

/// rustc's message with its label (`expected i64, found usize`), where that says more.
fn labelled(diagnostic: &crate::method::CompileDiagnostic) -> String {
    match &diagnostic.label {
        Some(label)
            if !diagnostic.message.contains(label.as_str()) && !label.starts_with("not found") =>
        {
            format!("{}: {label}", diagnostic.message)
        }
        _ => diagnostic.message.clone(),
    }
}

/// The diagnostic as it is shown and given to the model, with the line that it is about.
fn compile_diagnostic(
    diagnostic: &crate::method::CompileDiagnostic,
    source: &str,
) -> StoredDiagnostic {
    let mut message = labelled(diagnostic);
    if let Some(code) = &diagnostic.code {
        message.push_str(&format!(" [{code}]"));
    }
    let at = usize::try_from(diagnostic.line).unwrap_or(0);
    if let Some(line) = at
        .checked_sub(1)
        .and_then(|index| source.lines().nth(index))
    {
        message.push_str(&format!(" in `{}`", line.trim()));
    }
    StoredDiagnostic {
        stage: "compile".to_owned(),
        message,
        line: diagnostic.line,
        column: diagnostic.column,
        hint: diagnostic.hint.clone(),
    }
}

fn plain(stage: &str, message: &str) -> StoredDiagnostic {
    StoredDiagnostic {
        stage: stage.to_owned(),
        message: message.to_owned(),
        line: 0,
        column: 0,
        hint: None,
    }
}
