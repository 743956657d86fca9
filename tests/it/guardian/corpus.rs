//! Hand-made methods from their text to their end: guardian, compiler and sandbox.
//!
//! Breakers break the covenant, try to escape or are bombs: each must be refused at the stage that its
//! header names, and nowhere else. Good methods must be accepted and hold the checks of their headers.

mod case;

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use batos::config::{Environment, Home, Settings};
use batos::guardian::{apply_fixes, asked, compile_diagnostics, judge};
use batos::method::{
    Call, CompileJob, Compiled, Compiler, Host, Limits, Outcome, Packed, Sandbox, default_value,
    run_checks, value_from_json,
};

use case::{Case, Expected};

/// Fewer than these are a checkout that lost some.
const LEAST_BREAKERS: usize = 260;
const LEAST_GOOD: usize = 69;

/// Nothing that ends by itself takes as long on any machine.
const PATIENCE: Option<Duration> = Some(Duration::from_secs(120));

/// Compiles at once: each is a process of its own.
const AT_ONCE: usize = 3;

fn compiler() -> &'static Compiler {
    static COMPILER: OnceLock<Compiler> = OnceLock::new();
    COMPILER.get_or_init(|| Compiler::find().unwrap())
}

/// With the limits that a kernel without settings of its own has. A deadline of one's own is for methods
/// that must not meet it on a busy machine.
fn sandbox(deadline: Option<Duration>) -> Sandbox {
    let home = Home {
        root: "/nonexistent".into(),
    };
    let settings = Settings::defaults(&home, &Environment::default()).sandbox;
    Sandbox::new(Limits {
        fuel: settings.fuel,
        memory_bytes: settings.memory_bytes,
        deadline: deadline.unwrap_or(settings.deadline),
    })
    .unwrap()
}

/// Answers no send and keeps no line.
struct Nobody;

impl Host for Nobody {
    fn send(&mut self, object: &str, _: &str, _: Packed) -> Result<Packed, String> {
        Err(format!("there is no object {object}"))
    }

    fn log(&mut self, _: &str) {}
}

/// Runs `try_one` on all of them, some at once, and fails with everything that went wrong.
fn each(cases: &[Case], try_one: impl Fn(&Case) -> Result<(), String> + Sync) {
    let left = Mutex::new(cases.iter());
    let wrong = Mutex::new(Vec::new());
    let next = || {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        left.next()
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = next() {
                    if let Err(problem) = try_one(case) {
                        let problem = format!("{}: {problem}", case.name);
                        wrong.lock().unwrap().push(problem);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    let count = wrong.len();
    assert_eq!(
        count,
        0,
        "{count} of {}:\n{}",
        cases.len(),
        wrong.join("\n")
    );
}

/// What the guardian alone has against a source, a line each: `stage: message`.
fn judged(case: &Case, source: &str) -> Vec<String> {
    let verdict = judge(source, &case.structure, Some(&case.signature));
    let lines = verdict.diagnostics.iter();
    lines
        .map(|found| format!("{}: {}", found.stage.name(), found.message))
        .collect()
}

fn compile(case: &Case) -> Result<Compiled, String> {
    let job = CompileJob {
        source: &case.source,
        signature: &case.signature,
        structure: &case.structure,
        asked: &asked(&case.source, &case.structure, &case.signature),
    };
    compiler().compile(&job).map_err(|error| {
        let found = compile_diagnostics(error);
        let lines: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        lines.join("\n")
    })
}

/// Calls the breaker as its header says. A trap is told as `kind: message`.
fn call(sandbox: &Sandbox, case: &Case, wasm: &[u8]) -> Result<String, String> {
    let module = match sandbox.load(wasm) {
        Ok(module) => module,
        Err(error) => return Ok(format!("load: {error}")),
    };
    let check = case.checks.first().cloned().unwrap_or_default();
    let slots: Vec<(String, Packed)> = case
        .structure
        .slots
        .iter()
        .map(|(name, ty)| {
            let given = check.slots.get(name);
            let value = given.map_or_else(
                || default_value(ty),
                |json| value_from_json(ty, json).unwrap(),
            );
            (name.clone(), value)
        })
        .collect();
    let params = case.signature.params.iter().zip(&check.args);
    let args: Vec<Packed> = params
        .map(|(param, json)| value_from_json(&param.ty, json).unwrap())
        .collect();
    let call = Call {
        signature: &case.signature,
        structure: &case.structure,
        slots: &slots,
        args: &args,
        now_ms: 1_700_000_000_000,
        seed: 7,
    };
    match sandbox.call(&module, &call, &mut Nobody) {
        Outcome::Trapped { kind, message } => Ok(format!("{}: {message}", kind.name())),
        Outcome::Returned { marked, .. } => Err(format!("it returned, marked: {marked}")),
    }
}

/// Whether the sandbox still does its work, after what a breaker did in it.
fn is_unharmed(sandbox: &Sandbox, honest: &(Case, Compiled)) -> Result<(), String> {
    let (case, compiled) = honest;
    hold_checks(sandbox, case, compiled).map_err(|why| format!("the host is harmed: {why}"))
}

fn hold_checks(sandbox: &Sandbox, case: &Case, compiled: &Compiled) -> Result<(), String> {
    let module = sandbox
        .load(&compiled.wasm)
        .map_err(|error| error.to_string())?;
    let (signature, structure) = (&case.signature, &case.structure);
    run_checks(
        sandbox,
        &module,
        signature,
        structure,
        &[],
        &case.checks,
        &mut Nobody,
    )
    .map_err(|failures| {
        let lines: Vec<String> = failures.into_iter().map(|one| one.message).collect();
        lines.join("\n")
    })
}

/// What breakers are called in.
struct Cells {
    usual: Sandbox,
    patient: Sandbox,
    /// A good method, which must still run right in the one that was used.
    honest: (Case, Compiled),
}

fn refused_where_it_says(case: &Case, cells: &Cells) -> Result<(), String> {
    let found = judged(case, &case.source);
    match &case.expected {
        Expected::Guardian { stages, words } => {
            let of_stage = |line: &String| stages.iter().any(|stage| line.starts_with(stage));
            let at_each = stages
                .iter()
                .all(|stage| found.iter().any(|line| line.starts_with(stage)));
            let told = found.iter().any(|line| line.contains(words.as_str()));
            if at_each && told && found.iter().all(of_stage) {
                return Ok(());
            }
            Err(format!("wanted {stages:?} with `{words}`, got {found:#?}"))
        }
        _ if !found.is_empty() => Err(format!("the guardian refuses it before: {found:#?}")),
        Expected::Compiler { words } => match compile(case) {
            Ok(_) => Err("the compiler takes it".into()),
            Err(text) if words.iter().any(|words| text.contains(words.as_str())) => Ok(()),
            Err(text) => Err(format!("wanted one of {words:?}, got {text}")),
        },
        Expected::Trap { kinds } => {
            let compiled = compile(case)?;
            let may_take_long = kinds.iter().any(|kind| kind == "deadline");
            let sandbox = if may_take_long {
                &cells.usual
            } else {
                &cells.patient
            };
            let trap = call(sandbox, case, &compiled.wasm)?;
            is_unharmed(sandbox, &cells.honest)?;
            if kinds.iter().any(|kind| trap.starts_with(kind.as_str())) {
                return Ok(());
            }
            Err(format!("wanted {kinds:?}, got {trap}"))
        }
        Expected::Accepted => Err("a breaker says where it must be refused".into()),
    }
}

fn accepted_and_right(case: &Case, sandbox: &Sandbox) -> Result<(), String> {
    if case.expected != Expected::Accepted {
        return Err("a good method names no stage".into());
    }
    if case.checks.is_empty() {
        return Err("a good method has a check".into());
    }
    let found = judged(case, &case.source);
    if !found.is_empty() {
        return Err(format!("the guardian refuses it: {found:#?}"));
    }
    if case::version(compiler().version())? < case.needs {
        return Ok(());
    }
    let compiled = compile(case).map_err(|text| format!("the compiler refuses it: {text}"))?;
    hold_checks(sandbox, case, &compiled)
}

#[test]
fn every_breaker_is_refused_where_its_header_says() {
    let breakers = case::folder("breakers", LEAST_BREAKERS);
    let honest = case::folder("good", LEAST_GOOD).swap_remove(0);
    let compiled = compile(&honest).unwrap();
    let cells = Cells {
        usual: sandbox(None),
        patient: sandbox(PATIENCE),
        honest: (honest, compiled),
    };
    each(&breakers, |case| refused_where_it_says(case, &cells));
}

#[test]
fn every_good_method_is_accepted_and_does_its_work() {
    let sandbox = sandbox(PATIENCE);
    each(&case::folder("good", LEAST_GOOD), |case| {
        accepted_and_right(case, &sandbox)
    });
}

/// The other side of the good methods: there is no mark in them that the guardian would not miss.
#[test]
fn a_good_method_without_one_of_its_marks_is_refused() {
    let mark = "self.mark_changed();";
    each(&case::folder("good", LEAST_GOOD), |case| {
        let lines: Vec<&str> = case.source.lines().collect();
        let marks = (0..lines.len()).filter(|at| lines[*at].trim() == mark);
        for at in marks {
            let without = [&lines[..at], &lines[at + 1..]].concat().join("\n");
            let verdict = judge(&without, &case.structure, Some(&case.signature));
            let repaired = apply_fixes(&without, &verdict.diagnostics)
                .ok_or_else(|| format!("nothing is missed without the mark of line {}", at + 1))?;
            let again = judged(case, &repaired);
            if !again.is_empty() {
                return Err(format!("the repair does not hold: {again:#?}\n{repaired}"));
            }
        }
        Ok(())
    });
}
