//! The compiler: positions, repairs, hostile sources.

use batos::method::{CompileDiagnostic, CompileError, apply_suggestions};
use serde_json::json;

use super::{subject_of, try_compile};

const ACCOUNT: &str = "Account { balance: f64, log: Vec<String> }";

fn refused(structure: &str, signature: &str, source: &str) -> Vec<CompileDiagnostic> {
    match try_compile(structure, signature, source) {
        Err(CompileError::Refused(diagnostics)) => diagnostics,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_compiler_is_found_and_names_itself() {
    let compiler = super::compiler();
    assert!(compiler.path().is_file());
    assert!(compiler.version().starts_with("1."));
}

#[test]
fn an_object_may_be_called_counter_and_have_one() {
    subject_of(
        "Counter { count: Counter, seen: SharedSet<String> }",
        "fn add(&mut self) -> i64",
        "impl Counter {
    pub fn add(&mut self) -> i64 {
        let mut seen: SharedSet<String> = std::mem::take(&mut self.seen);
        seen.insert(String::from(\"x\"));
        self.seen = seen;
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
",
    );
}

#[test]
fn no_method_can_make_a_reference() {
    for body in ["ObjectRef(7)", "ObjectRef { 0: 7 }", "Default::default()"] {
        let source = format!(
            "impl Account {{\n    pub fn make(&self) -> ObjectRef {{\n        {body}\n    }}\n}}\n"
        );
        let refused = refused(ACCOUNT, "fn make(&self) -> ObjectRef", &source);
        assert_eq!(refused[0].line, 3, "{refused:?}");
    }
}

#[test]
fn diagnostics_stand_where_the_author_wrote() {
    let source = "impl Account {\n    pub fn rename(&mut self, name: String) -> f64 {\n        let x: i64 = \"ü\"; self.mark_changed(); nmae\n    }\n}\n";
    let diagnostics = refused(ACCOUNT, "fn rename(&mut self, name: String) -> f64", source);
    let found: Vec<_> = diagnostics
        .iter()
        .map(|d| (d.code.as_deref(), d.line, d.column))
        .collect();
    assert!(found.contains(&(Some("E0425"), 3, 48)), "{found:?}");
    let missing = diagnostics
        .iter()
        .find(|d| d.code.as_deref() == Some("E0425"))
        .unwrap();
    assert!(
        missing.message.contains("cannot find value `nmae`"),
        "{}",
        missing.message
    );
    assert!(
        missing.rendered.contains("method.rs:3"),
        "{}",
        missing.rendered
    );
    // On the first line too, where the author's text does not start the file.
    let source = "impl Account { pub fn rename(&mut self) -> f64 { true } }";
    let diagnostics = refused(ACCOUNT, "fn rename(&mut self) -> f64", source);
    assert_eq!(
        (diagnostics[0].line, diagnostics[0].column),
        (1, 50),
        "{:?}",
        diagnostics[0]
    );
    assert_eq!(
        diagnostics[0].label.as_deref(),
        Some("expected `f64`, found `bool`")
    );
}

#[test]
fn an_error_inside_a_macro_stands_where_the_macro_is_used() {
    let source = "impl Account {\n    pub fn show(&self) -> String {\n        struct Opaque;\n        format!(\"{}\", Opaque)\n    }\n}\n";
    let diagnostics = refused(ACCOUNT, "fn show(&self) -> String", source);
    assert_eq!(diagnostics[0].line, 4, "{:?}", diagnostics[0]);
}

#[test]
fn the_compilers_own_repairs_are_applied() {
    let source = "impl Account {\n    pub fn count(&self) -> i64 {\n        let n = 0;\n        for _ in &self.log {\n            n += 1;\n        }\n        n\n    }\n}\n";
    let diagnostics = refused(ACCOUNT, "fn count(&self) -> i64", source);
    assert_eq!(diagnostics[0].code.as_deref(), Some("E0384"));
    assert!(
        diagnostics[0].hint.as_deref().unwrap().contains("mut"),
        "{:?}",
        diagnostics[0].hint
    );
    let source = "impl Account {\n    pub fn names(&self) -> Vec<String> {\n        let all = Vec::new();\n        all.push(String::new());\n        all\n    }\n}\n";
    let diagnostics = refused(ACCOUNT, "fn names(&self) -> Vec<String>", source);
    assert_eq!(diagnostics[0].code.as_deref(), Some("E0596"));
    let repaired = apply_suggestions(source, &diagnostics).unwrap();
    assert_eq!(repaired, source.replace("let all", "let mut all"));
    subject_of(ACCOUNT, "fn names(&self) -> Vec<String>", &repaired);
    let source = "impl Account {\n    pub fn title(&self) -> String {\n        \"x\"\n    }\n}\n";
    let diagnostics = refused(ACCOUNT, "fn title(&self) -> String", source);
    assert_eq!(diagnostics[0].code.as_deref(), Some("E0308"));
    assert!(apply_suggestions(source, &[]).is_none());
    let repaired = apply_suggestions(source, &diagnostics).unwrap();
    subject_of(ACCOUNT, "fn title(&self) -> String", &repaired);
}

#[test]
fn a_method_of_another_signature_is_refused() {
    let source = "impl Account {\n    pub fn other(&mut self) -> f64 {\n        self.mark_changed();\n        0.0\n    }\n}\n";
    let diagnostics = refused(ACCOUNT, "fn deposit(&mut self) -> f64", source);
    assert_eq!(diagnostics[0].line, 0);
    assert!(
        diagnostics[0].message.contains("deposit"),
        "{:?}",
        diagnostics[0]
    );
}

#[test]
fn what_every_method_may_use_is_in_scope() {
    let source = "use std::collections::BTreeMap;\nuse std::collections::HashMap as Table;\nimpl Account {\n    pub fn all(&self) -> BTreeMap<String, i64> {\n        let a: HashSet<i64> = HashSet::new(); let b: BTreeSet<i64> = a.into_iter().collect();\n        let c: VecDeque<i64> = b.into_iter().collect(); let d: Table<String, i64> = HashMap::new();\n        let _ = (c, now(), random(), random_u64(), self.clone()); log(\"x\");\n        d.into_iter().collect()\n    }\n}\n";
    let subject = subject_of(ACCOUNT, "fn all(&self) -> BTreeMap<String, i64>", source);
    assert!(matches!(
        subject.call(&json!({}), &json!([])),
        batos::method::Outcome::Returned { .. }
    ));
}

#[test]
fn a_source_cannot_break_out_of_its_module() {
    let signature = "fn go(&self) -> i64";
    let method = "impl Account { pub fn go(&self) -> i64 { 1 } }";
    for (what, source) in [
        ("closing braces", format!("{method} }} }} fn x() {{")),
        ("an open comment", format!("{method} /*")),
        ("an open text", format!("{method} const X: &str = \"")),
        (
            "an inner attribute",
            format!("#![allow(unsafe_code)] {method}"),
        ),
        ("allowing unsafe", format!("#[allow(unsafe_code)] {method}")),
        (
            "unsafe",
            "impl Account { pub fn go(&self) -> i64 { unsafe { *(8 as *const i64) } } }".to_owned(),
        ),
        (
            "an export",
            format!("{method} #[no_mangle] pub extern \"C\" fn call(n: usize) {{}}"),
        ),
        (
            "the mark's own field from outside",
            "impl Account { pub fn go(&self) -> i64 { batos_prelude::host::raw::now() } }"
                .to_owned(),
        ),
    ] {
        let result = try_compile(ACCOUNT, signature, &source);
        assert!(
            matches!(result, Err(CompileError::Refused(_))),
            "{what}: {result:?}"
        );
    }
}

#[test]
fn a_compile_reads_no_file_and_no_environment() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "the secret").unwrap();
    let read = |path: &str| {
        let source = format!(
            "impl Account {{ pub fn go(&self) -> String {{ include_str!({path:?}).to_string() }} }}"
        );
        let diagnostics = refused(ACCOUNT, "fn go(&self) -> String", &source);
        assert!(
            diagnostics[0].message.contains("couldn't read"),
            "{path}: {:?}",
            diagnostics[0]
        );
    };
    read(secret.to_str().unwrap());
    read("/etc/passwd");
    read("/proc/self/environ");
    let source = "impl Account { pub fn go(&self) -> String { env!(\"HOME\").to_string() } }";
    assert!(
        refused(ACCOUNT, "fn go(&self) -> String", source)[0]
            .message
            .contains("HOME")
    );
}

#[test]
fn a_compile_bomb_ends_at_its_limits() {
    // A constant that never ends, a type that never stops growing, a value that no memory holds.
    for source in [
        "impl Account { pub fn go(&self) -> i64 { const N: i64 = { let mut n = 0; loop { n += 1; if n < 0 { break; } } n }; N } }",
        "impl Account { pub fn go(&self) -> i64 { fn f<T: Clone>(n: i64, t: T) -> i64 { if n == 0 { 0 } else { f(n - 1, (t.clone(), t)) } } f(9, 1u8) } }",
        "impl Account { pub fn go(&self) -> i64 { static BIG: [u8; 1 << 31] = [1; 1 << 31]; BIG[0] as i64 } }",
    ] {
        let result = try_compile(ACCOUNT, "fn go(&self) -> i64", source);
        assert!(
            matches!(
                result,
                Err(CompileError::Refused(_)
                    | CompileError::Limits { .. }
                    | CompileError::Crashed { .. })
            ),
            "{result:?}"
        );
    }
}

#[test]
fn equal_sources_give_equal_webassembly() {
    let source = "impl Account {\n    pub fn go(&self) -> f64 { self.balance + self.log[0].len() as f64 }\n}\n";
    let compile = || {
        try_compile(ACCOUNT, "fn go(&self) -> f64", source)
            .unwrap()
            .wasm
    };
    assert_eq!(compile(), compile());
}
