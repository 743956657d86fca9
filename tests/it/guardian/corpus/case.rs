//! One file of the corpus and what its header says of it.
//!
//! The header is the comment lines at the top, each `// key: value`. Whatever cannot be read in it stops
//! the test: a file that nobody judges would prove nothing.

use std::fs;
use std::path::Path;

use batos::method::{Check, Signature, StructSpec};

/// Kinds of traps that a header may name, and `load` for WebAssembly that is not taken at all.
const TRAPS: [&str; 9] = [
    "deadline",
    "fuel",
    "load",
    "memory",
    "panic",
    "refused",
    "trap",
    "unmarked change",
    "wrong type",
];

/// What is to become of a method.
#[derive(Debug, PartialEq)]
pub enum Expected {
    Accepted,
    /// Refused by the guardian at all of these stages and no other, once with these words.
    Guardian {
        stages: Vec<String>,
        words: String,
    },
    /// Taken by the guardian; the compiler says one of these.
    Compiler {
        words: Vec<String>,
    },
    /// Taken by guardian and compiler; stopped by a trap of one of these kinds.
    Trap {
        kinds: Vec<String>,
    },
}

#[derive(Debug)]
pub struct Case {
    /// The file's, without ending.
    pub name: String,
    pub structure: StructSpec,
    pub signature: Signature,
    pub expected: Expected,
    /// The first compiler that knows the language used; empty for any.
    pub needs: Vec<u32>,
    /// What holds of a good method. Of a breaker only slots and arguments of the first are used.
    pub checks: Vec<Check>,
    /// The whole file.
    pub source: String,
}

/// All files of a folder of `tests/corpus`, by name; not fewer than `least`.
pub fn folder(name: &str, least: usize) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        assert!(
            path.extension().is_some_and(|ending| ending == "rs"),
            "{} is no method",
            path.display()
        );
        let source = fs::read_to_string(path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy();
        Case::read(&name, &source).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    };
    let cases: Vec<Case> = paths.iter().map(read).collect();
    assert!(
        cases.len() >= least,
        "{} has {} methods, not {least}",
        folder.display(),
        cases.len()
    );
    cases
}

impl Case {
    /// The keys are those of `docs/RELIABILITY.md`.
    pub fn read(name: &str, source: &str) -> Result<Self, String> {
        let (mut structure, mut signature, mut expected) = (None, None, None);
        let (mut purpose, mut needs, mut checks) = (None, None, Vec::new());
        let header = source.lines().map_while(|line| line.strip_prefix("// "));
        for line in header {
            let (key, value) = line
                .split_once(": ")
                .ok_or_else(|| format!("`{line}` is no `key: value`"))?;
            let unreadable = |why: String| format!("`{key}` cannot be read: {why}");
            let twice = match key {
                "struct" => structure
                    .replace(StructSpec::parse(value).map_err(|why| unreadable(why.to_string()))?)
                    .is_some(),
                "signature" => signature
                    .replace(Signature::parse(value).map_err(|why| unreadable(why.to_string()))?)
                    .is_some(),
                "tries" | "shows" => purpose.replace(value).is_some(),
                "refused" => expected.replace(refused(value)?).is_some(),
                "needs" => needs.replace(version(value)?).is_some(),
                "check" => {
                    let check =
                        serde_json::from_str(value).map_err(|why| unreadable(why.to_string()))?;
                    checks.push(check);
                    false
                }
                _ => return Err(format!("nobody knows the key `{key}`")),
            };
            if twice {
                return Err(format!("`{key}` stands twice"));
            }
        }
        purpose.ok_or("it does not say what it `tries` or `shows`")?;
        Ok(Self {
            name: name.to_owned(),
            structure: structure.ok_or("there is no `struct`")?,
            signature: signature.ok_or("there is no `signature`")?,
            expected: expected.unwrap_or(Expected::Accepted),
            needs: needs.unwrap_or_default(),
            checks,
            source: source.to_owned(),
        })
    }
}

/// The numbers of a version such as `1.65` or `1.95.0-nightly`.
pub fn version(text: &str) -> Result<Vec<u32>, String> {
    let plain = text.split('-').next().unwrap_or_default();
    let numbers: Result<Vec<u32>, _> = plain.split('.').map(str::parse).collect();
    numbers.map_err(|_| format!("`{text}` is no version"))
}

/// `STAGE, STAGE: WORDS`, `compile: WORDS or WORDS`, `sandbox: KIND or KIND`.
fn refused(value: &str) -> Result<Expected, String> {
    let (stages, rest) = value
        .split_once(": ")
        .ok_or_else(|| format!("`refused: {value}` names no stage and words"))?;
    let any = || rest.split(" or ").map(str::to_owned).collect();
    match stages {
        "compile" => Ok(Expected::Compiler { words: any() }),
        "sandbox" => {
            let kinds: Vec<String> = any();
            match kinds.iter().find(|kind| !TRAPS.contains(&kind.as_str())) {
                Some(kind) => Err(format!("`{kind}` is no kind of trap")),
                None => Ok(Expected::Trap { kinds }),
            }
        }
        stages => {
            let stages: Vec<String> = stages.split(", ").map(str::to_owned).collect();
            let known = ["syntax", "form", "forbidden", "covenant"];
            match stages.iter().find(|stage| !known.contains(&stage.as_str())) {
                Some(stage) => Err(format!("`{stage}` is no stage")),
                None => Ok(Expected::Guardian {
                    stages,
                    words: rest.to_owned(),
                }),
            }
        }
    }
}

#[test]
fn a_header_that_cannot_be_read_is_an_error() {
    let whole = "// struct: Account { balance: f64 }\n// signature: fn go(&self)\n// tries: nothing\n// refused: form: x\n";
    let read = |text: &str| Case::read("x", text).map(|case| case.expected);
    let form = Expected::Guardian {
        stages: vec!["form".into()],
        words: "x".into(),
    };
    assert_eq!(read(whole), Ok(form));
    for (from, to) in [
        ("// struct: Account { balance: f64 }\n", ""),
        ("// signature: fn go(&self)\n", ""),
        ("// tries: nothing\n", ""),
        ("// tries", "// tires"),
        ("// tries: nothing", "// tries nothing"),
        ("// tries: nothing", "// check: {\"arguments\": []}"),
        ("// tries: nothing", "// needs: a compiler"),
        ("f64", "Money"),
        ("&self", "self"),
        ("form: x", "form"),
        ("form: x", "norm: x"),
        ("form: x", "sandbox: boredom"),
        ("// refused", "// refused: form: x\n// refused"),
    ] {
        let damaged = whole.replace(from, to);
        assert_ne!(damaged, whole, "{from}");
        assert!(read(&damaged).is_err(), "{damaged}");
    }
    assert!(std::panic::catch_unwind(|| folder("breakers", usize::MAX)).is_err());
    assert!(std::panic::catch_unwind(|| folder("nothing", 0)).is_err());
}
