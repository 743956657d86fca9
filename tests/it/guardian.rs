//! The guardian against a corpus of methods, and against damage to it.
//!
//! Each refused file begins with `// refused: STAGE: WORDS`: a diagnostic of that stage must hold those
//! words. Accepted files are ordinary methods. All are of one object. The corpus that is also compiled and
//! run is in `corpus`.

mod corpus;

use std::fs;
use std::path::{Path, PathBuf};

use batos::guardian::{Diagnostic, Stage, Verdict, apply_fixes, check, judge};
use batos::method::{Receiver, Signature, StructSpec};

fn account() -> StructSpec {
    StructSpec::parse(
        "Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }",
    )
    .unwrap()
}

fn corpus(kind: &str) -> Vec<(String, String)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus/guardian")
        .join(kind);
    let mut files: Vec<(String, String)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

fn verdict(source: &str) -> Verdict {
    judge(source, &account(), None)
}

fn of_stage(verdict: &Verdict, stage: Stage) -> Vec<&Diagnostic> {
    verdict
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.stage == stage)
        .collect()
}

#[test]
fn accepts_ordinary_methods() {
    let files = corpus("accepted");
    assert!(files.len() >= 40, "only {} accepted files", files.len());
    let mut wrong = Vec::new();
    for (name, source) in &files {
        let verdict = verdict(source);
        if !verdict.accepted() || verdict.signature.is_none() {
            wrong.push(format!("{name}: {:#?}", verdict.diagnostics));
        }
    }
    assert!(
        wrong.is_empty(),
        "refused {} of the accepted:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn refuses_each_attack_for_its_reason() {
    let files = corpus("refused");
    assert!(files.len() >= 60, "only {} refused files", files.len());
    let mut wrong = Vec::new();
    for (name, source) in &files {
        let expectation = source
            .lines()
            .next()
            .unwrap()
            .strip_prefix("// refused: ")
            .unwrap();
        let (stage, words) = expectation
            .split_once(": ")
            .or(expectation.split_once(':'))
            .unwrap();
        let verdict = verdict(source);
        let hit = verdict.diagnostics.iter().any(|diagnostic| {
            diagnostic.stage.name() == stage && diagnostic.message.contains(words.trim())
        });
        if !hit {
            wrong.push(format!(
                "{name}: wanted {expectation}, got {:#?}",
                verdict.diagnostics
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} files:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_diagnostic_has_a_place_and_a_hint() {
    for (name, source) in corpus("refused") {
        for diagnostic in verdict(&source).diagnostics {
            assert!(
                diagnostic.line >= 1 && diagnostic.column >= 1,
                "{name}: {diagnostic:?}"
            );
            assert!(
                diagnostic.line as usize <= source.lines().count() + 1,
                "{name}: {diagnostic:?}"
            );
            assert!(
                diagnostic.hint.is_some_and(|hint| !hint.is_empty()),
                "{name}"
            );
        }
    }
}

#[test]
fn fixes_of_the_covenant_take_its_diagnostics_away() {
    let mut fixed = 0;
    for (name, source) in corpus("refused") {
        let before = verdict(&source);
        let covenant: Vec<Diagnostic> = of_stage(&before, Stage::Covenant)
            .into_iter()
            .cloned()
            .collect();
        if covenant.is_empty() {
            continue;
        }
        let repaired =
            apply_fixes(&source, &covenant).unwrap_or_else(|| panic!("{name} has no fix"));
        let after = verdict(&repaired);
        assert!(
            of_stage(&after, Stage::Covenant).is_empty(),
            "{name}:\n{repaired}\n{:#?}",
            after.diagnostics
        );
        assert!(
            of_stage(&after, Stage::Syntax).is_empty(),
            "{name}:\n{repaired}"
        );
        fixed += 1;
    }
    assert!(fixed >= 40, "only {fixed} were fixed");
}

#[test]
fn every_mark_of_the_accepted_is_needed_and_comes_back() {
    let mark = "self.mark_changed();";
    let mut taken = 0;
    for (name, source) in corpus("accepted") {
        for (at, _) in source.match_indices(mark) {
            let without = [&source[..at], &source[at + mark.len()..]].concat();
            let verdict = verdict(&without);
            assert!(
                !of_stage(&verdict, Stage::Covenant).is_empty(),
                "{name} without the mark at {at} is accepted"
            );
            let repaired = apply_fixes(&without, &verdict.diagnostics).unwrap();
            let again = judge(&repaired, &account(), None);
            assert!(
                again.accepted(),
                "{name}:\n{repaired}\n{:#?}",
                again.diagnostics
            );
            taken += 1;
        }
    }
    assert!(taken >= 30, "only {taken} marks were taken away");
}

#[test]
fn puts_the_mark_in_the_right_place() {
    let fixed = |body: &str| {
        let source = format!(
            "impl Account {{\n    pub fn f(&mut self, n: i64) -> i64 {{\n{body}\n    }}\n}}\n"
        );
        let fixed = apply_fixes(&source, &verdict(&source).diagnostics).unwrap();
        let lines: Vec<&str> = fixed.lines().collect();
        lines[2..lines.len() - 2].join("\n")
    };
    insta::assert_snapshot!(fixed("        self.count += n;\n        self.count"), @r"
            self.count += n;
            self.mark_changed();
            self.count
    ");
    insta::assert_snapshot!(fixed("        let s = self.stock.entry(String::new()).or_insert(0);\n        *s += n;\n        *s"), @r"
            let s = self.stock.entry(String::new()).or_insert(0);
            *s += n;
            let result = *s;
            self.mark_changed();
            result
    ");
    insta::assert_snapshot!(fixed("        if n < 0 { return 0; }\n        match n {\n            1 => self.items.remove(n as usize),\n            _ => 2,\n        }"), @r"
            if n < 0 { self.mark_changed(); return 0; }
            match n {
                1 => {
                    let result = self.items.remove(n as usize);
                    self.mark_changed();
                    result
                },
                _ => {
                    self.mark_changed();
                    2
                },
            }
    ");
}

#[test]
fn the_wanted_signature_must_be_met() {
    let source = "impl Account {\n    pub fn deposit(&mut self, mut amount: f64) -> f64 {\n        amount += 1.0;\n        self.mark_changed();\n        amount\n    }\n}\n";
    let same = Signature::parse("fn deposit(&mut self, amount: f64) -> f64").unwrap();
    let verdict = judge(source, &account(), Some(&same));
    assert!(verdict.accepted(), "{:#?}", verdict.diagnostics);
    assert_eq!(
        verdict.signature.as_ref().map(|found| found.receiver),
        Some(Receiver::Mutable)
    );
    for other in [
        "fn deposit(&self, amount: f64) -> f64",
        "fn deposit(&mut self, amount: i64) -> f64",
        "fn deposit(&mut self, amount: f64)",
        "fn withdraw(&mut self, amount: f64) -> f64",
        "fn deposit(&mut self) -> f64",
    ] {
        let verdict = judge(source, &account(), Some(&Signature::parse(other).unwrap()));
        let found = of_stage(&verdict, Stage::Form);
        assert!(
            found.iter().any(|d| d.message.contains(other)),
            "{other}: {:?}",
            verdict.diagnostics
        );
    }
}

#[test]
fn a_refusal_teaches() {
    let source = "impl Account {\n    pub fn f(&mut self, n: i64) -> Option<i64> {\n        if n < 0 {\n            return None;\n        }\n        self.count = n;\n        self.mark_changed();\n        Some(n)\n    }\n}\n";
    let verdict = verdict(source);
    let [diagnostic] = verdict.diagnostics.as_slice() else {
        panic!("{:#?}", verdict.diagnostics);
    };
    assert_eq!((diagnostic.line, diagnostic.column), (4, 13));
    assert_eq!(
        diagnostic.message,
        "this `return` leaves without `self.mark_changed();`"
    );
    assert_eq!(
        diagnostic.hint.as_deref(),
        Some("write `self.mark_changed();` as a statement directly before this `return`")
    );
}

#[test]
fn check_without_compiler_is_judge() {
    for (name, source) in corpus("accepted").into_iter().chain(corpus("refused")) {
        assert_eq!(check(&source, &account(), None), verdict(&source), "{name}");
    }
}

#[test]
fn large_sources_are_refused() {
    let padding = "// ".to_owned() + &"x".repeat(70_000);
    let verdict = verdict(&padding);
    assert_eq!(verdict.diagnostics.len(), 1);
    assert!(
        verdict.diagnostics[0].message.contains("bytes"),
        "{:?}",
        verdict.diagnostics
    );
}

/// Shapes that make deep or ambiguous trees: each once took a parser or a walk over its tree minutes.
#[test]
fn endless_repetition_is_refused() {
    for piece in [
        "|a|",
        "a + ",
        "!",
        "if a {} else ",
        "x => y, ",
        "let x = ",
        "a<",
        "&'a ",
        "return ",
    ] {
        let body = piece.repeat(60_000 / piece.len());
        let source = format!("impl Account {{ pub fn f(&self) -> i64 {{ {body} }} }}");
        assert!(
            !of_stage(&verdict(&source), Stage::Syntax).is_empty(),
            "{piece}"
        );
        assert_eq!(batos::syntax::highlight(&source).len(), 1);
    }
}

#[test]
fn the_deepest_readable_source_fits_the_stack() {
    let mut value = "true".to_owned();
    for _ in 0..6 {
        value = format!("{}vec![{value}].is_empty()", "!".repeat(150));
    }
    let source = format!("impl Account {{\n    pub fn f(&self) -> bool {{ {value} }}\n}}\n");
    let verdict = verdict(&source);
    assert!(verdict.accepted(), "{:#?}", verdict.diagnostics);
}

/// A small generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn damaged(source: &str, other: &str, random: &mut Random) -> String {
    let mut text: Vec<char> = source.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let pieces: Vec<char> =
        "{}()[]<>\"'/*!#;,.=>|&\\\n\0r#b\u{202e}é√self.mark_changed();return Err(unsafe"
            .chars()
            .collect();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        match random.below(5) {
            0 => text.truncate(at),
            1 => text.insert(at, pieces[random.below(pieces.len())]),
            2 if at < text.len() => drop(text.remove(at)),
            3 => {
                let end = (at + random.below(40)).min(text.len());
                text.drain(at..end);
            }
            _ => {
                let start = random.below(other.len());
                let end = (start + random.below(60)).min(other.len());
                text.splice(at..at, other[start..end].iter().copied());
            }
        }
    }
    text.into_iter().collect()
}

#[test]
fn damaged_sources_are_judged_without_panic() {
    let files: Vec<String> = corpus("accepted")
        .into_iter()
        .chain(corpus("refused"))
        .map(|(_, source)| source)
        .collect();
    let mut random = Random(0x5EED_0BA7_0500_0001);
    for round in 0..3000 {
        let (a, b) = (random.below(files.len()), random.below(files.len()));
        let source = damaged(&files[a], &files[b], &mut random);
        let verdict = verdict(&source);
        if let Some(fixed) = apply_fixes(&source, &verdict.diagnostics) {
            judge(&fixed, &account(), None);
        }
        for line in batos::syntax::highlight(&source) {
            assert!(
                line.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start),
                "round {round}"
            );
        }
    }
}
