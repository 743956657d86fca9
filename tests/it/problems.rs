//! The sets that the mind is measured with (`benches/problems`, `benches/sentences.json`) are right themselves: each
//! reference is judged, compiled and passes its hidden checks, each sentence can be answered as it is expected.

mod notations;
mod sentences;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use batos::guardian::{asked, judge};
use batos::method::{
    Check, CompileError, CompileJob, Compiler, Host, Limits, Packed, Receiver, Sandbox, Signature,
    StructSpec, run_checks, value_from_json,
};
use batos::persona::{Draft, Intent, exact_examples};

/// One problem as it lies in the folder.
struct Problem {
    name: String,
    draft: Draft,
    hidden: Vec<Check>,
    reference: String,
}

fn problems() -> Vec<Problem> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/problems");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let problems: Vec<Problem> = files
        .iter()
        .filter_map(|path| path.file_name()?.to_str()?.strip_suffix(".rs"))
        .map(|name| Problem {
            name: name.to_owned(),
            draft: Draft::from_json(&read(&format!("{name}.json"))).unwrap(),
            hidden: serde_json::from_str(&read(&format!("{name}.checks.json"))).unwrap(),
            reference: read(&format!("{name}.rs")),
        })
        .collect();
    assert_eq!(problems.len() * 3, files.len(), "a file is left over");
    problems
}

impl Problem {
    fn signature(&self) -> Signature {
        self.draft.parsed_signature().unwrap().unwrap()
    }

    fn structure(&self) -> StructSpec {
        let slots = self.draft.typed_slots().unwrap();
        let fields = slots.into_iter().map(|(name, ty, _)| (name, ty)).collect();
        StructSpec::new(self.draft.object.as_deref().unwrap(), fields).unwrap()
    }

    /// What is wrong with the reference, or with the checks.
    fn prove(&self, compiler: &Compiler, sandbox: &Sandbox) -> Result<(), String> {
        let (signature, structure) = (self.signature(), self.structure());
        let verdict = judge(&self.reference, &structure, Some(&signature));
        if !verdict.accepted() {
            return Err(format!("{:#?}", verdict.diagnostics));
        }
        let job = CompileJob {
            source: &self.reference,
            signature: &signature,
            structure: &structure,
            asked: &asked(&self.reference, &structure, &signature),
        };
        let compiled = compiler.compile(&job).map_err(|error| match error {
            CompileError::Refused(diagnostics) => {
                diagnostics.iter().map(|d| d.rendered.as_str()).collect()
            }
            other => other.to_string(),
        })?;
        let base: Vec<(String, Packed)> = self
            .draft
            .typed_slots()
            .unwrap()
            .into_iter()
            .map(|(name, ty, value)| (name, value_from_json(&ty, &value).unwrap()))
            .collect();
        // What the system reads out of the brief is right too.
        let mut checks = exact_examples(&self.draft.brief, &signature, &structure);
        checks.extend(self.hidden.iter().cloned());
        run_checks(
            sandbox,
            &sandbox.load(&compiled.wasm).unwrap(),
            &signature,
            &structure,
            &base,
            &checks,
            &mut Nobody,
        )
        .map_err(|failures| {
            let lines: Vec<String> = failures
                .into_iter()
                .map(|failure| failure.message)
                .collect();
            lines.join("\n")
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

#[test]
fn each_reference_is_accepted_and_passes_its_hidden_checks() {
    let problems = problems();
    assert!(problems.len() >= 60, "only {} problems", problems.len());
    let compiler = Compiler::find().unwrap();
    let sandbox = Sandbox::new(Limits {
        fuel: 50_000_000,
        memory_bytes: 16 << 20,
        deadline: Duration::from_secs(30),
    })
    .unwrap();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some(problem) = problems.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(why) = problem.prove(&compiler, &sandbox) {
                wrong.push(format!("{}:\n{why}", problem.name));
            }
        }
        wrong
    };
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get().min(8));
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn hidden_checks_cannot_be_passed_by_a_constant() {
    let mut weak = Vec::new();
    for problem in problems() {
        let (name, hidden) = (&problem.name, &problem.hidden);
        if hidden.len() < 6 {
            weak.push(format!("{name}: only {} checks", hidden.len()));
        }
        let answers: BTreeSet<String> = hidden
            .iter()
            .map(|check| format!("{:?} {}", check.returns, check.error))
            .collect();
        if answers.len() < 2 {
            weak.push(format!("{name}: one answer passes all checks"));
        }
        if hidden
            .iter()
            .any(|check| check.error == check.returns.is_some())
        {
            weak.push(format!("{name}: a check asks for no result, or for two"));
        }
        if problem.signature().receiver == Receiver::Mutable
            && !hidden.iter().any(changes(&problem))
        {
            weak.push(format!("{name}: no check sees a change"));
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}

/// Whether a check expects a slot to have another value than before.
fn changes(problem: &Problem) -> impl Fn(&Check) -> bool {
    move |check| {
        check.after.iter().any(|(name, after)| {
            let before = check
                .slots
                .get(name)
                .or_else(|| problem.draft.slots[name].get("value"));
            before != Some(after)
        })
    }
}

#[test]
fn the_problems_give_nothing_away() {
    let mut objects = BTreeSet::new();
    for problem in problems() {
        let draft = &problem.draft;
        assert_eq!(draft.intent, Intent::Teach, "{}", problem.name);
        assert!(draft.checks.is_empty(), "{} shows its checks", problem.name);
        // One object a problem, so that no method of one helps or disturbs another.
        assert!(
            objects.insert(draft.object.clone()),
            "{}: object",
            problem.name
        );
        let mut checked = draft.clone();
        checked.checks.clone_from(&problem.hidden);
        checked.validate().unwrap();
    }
}
