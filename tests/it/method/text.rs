//! Types, signatures and structs as text.

use batos::method::{Receiver, Signature, StructSpec, Type};

#[test]
fn types_print_as_they_are_read() {
    for text in [
        "()",
        "bool",
        "i8",
        "i128",
        "usize",
        "f32",
        "char",
        "String",
        "&str",
        "&[f64]",
        "&Vec<String>",
        "Box<i64>",
        "Option<f64>",
        "Result<f64, String>",
        "Vec<Vec<f64>>",
        "VecDeque<u8>",
        "[f64; 3]",
        "&[u8; 4]",
        "(i64,)",
        "(i64, String)",
        "HashMap<String, Vec<(i64, f64)>>",
        "BTreeMap<(u8, char), bool>",
        "HashSet<String>",
        "BTreeSet<Option<i64>>",
        "Vec<&str>",
        "Result<(), String>",
        "Counter",
        "SharedSet<String>",
        "SharedList<Vec<f64>>",
        "ObjectRef",
        "Option<ObjectRef>",
        "SharedSet<ObjectRef>",
        "BTreeMap<ObjectRef, Vec<ObjectRef>>",
    ] {
        assert_eq!(Type::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn types_have_one_canonical_text() {
    for (given, canonical) in [
        (
            "std::collections::HashMap< String,i64 >",
            "HashMap<String, i64>",
        ),
        ("::std::vec::Vec<std::string::String>", "Vec<String>"),
        ("( f64 )", "f64"),
        ("&'static str", "&str"),
        ("[i64;1_0]", "[i64; 10]"),
    ] {
        assert_eq!(Type::parse(given).unwrap().to_string(), canonical);
    }
}

#[test]
fn types_that_cannot_be_carried_are_refused_with_the_remedy() {
    let refusal = |text: &str| Type::parse(text).unwrap_err().to_string();
    insta::assert_snapshot!(refusal("Option<Option<i64>>"), @"`Option<Option<i64>>` is refused: `None` could not be told from its content; use an enum-like text or a Vec instead");
    insta::assert_snapshot!(refusal("HashMap<f64, i64>"), @"`f64` cannot be a map key or a set element: floats and hash collections have no total order or hash");
    insta::assert_snapshot!(refusal("Vec<i64, i64>"), @"`Vec` takes 1 type parameter(s), found 2");
    insta::assert_snapshot!(refusal("&mut Vec<i64>"), @"type `&mut` cannot be carried as a value: take the value and return it; only `&mut self` may be changed in place");
    insta::assert_snapshot!(refusal("string"), @"type `string` cannot be carried as a value: write `String`");
    insta::assert_snapshot!(refusal("Vec<"), @"cannot read `Vec<`: expected a type, found the end at character 5");
    for text in [
        "",
        "dyn Fn()",
        "impl Iterator",
        "Box<dyn Error>",
        "my::Type",
        "[u8; 99999999]",
        "Option<()>",
        "[f64]",
    ] {
        assert!(Type::parse(text).is_err(), "{text}");
    }
    assert!(Type::parse(&"Vec<".repeat(10_000)).is_err());
}

#[test]
fn what_is_merged_is_a_whole_slot_or_nothing() {
    let refusal = |text: &str| Type::parse(text).unwrap_err().to_string();
    insta::assert_snapshot!(refusal("Vec<Counter>"), @"`Counter` can only be the type of a whole slot: write `i64` here");
    insta::assert_snapshot!(refusal("Option<SharedSet<String>>"), @"`SharedSet<String>` can only be the type of a whole slot: write `BTreeSet<String>` here");
    insta::assert_snapshot!(refusal("SharedList<SharedList<i64>>"), @"`SharedList<i64>` can only be the type of a whole slot: write `Vec<i64>` here");
    insta::assert_snapshot!(refusal("SharedSet<f64>"), @"`f64` cannot be a map key or a set element: floats and hash collections have no total order or hash");
    for text in ["fn f(&self, n: Counter)", "fn f(&self) -> SharedList<i64>"] {
        assert!(Signature::parse(text).is_err(), "{text}");
    }
    assert!(Signature::parse("fn f(&self, to: &[ObjectRef]) -> Option<ObjectRef>").is_ok());
    let slots =
        StructSpec::parse("Gate { visits: Counter, seen: SharedSet<u8>, owner: ObjectRef }");
    let in_methods: Vec<String> = slots
        .unwrap()
        .slots
        .iter()
        .map(|(_, ty)| ty.in_methods().to_string())
        .collect();
    assert_eq!(in_methods, ["i64", "BTreeSet<u8>", "ObjectRef"]);
    assert!(StructSpec::parse("ObjectRef {}").is_err());
}

#[test]
fn no_text_makes_the_parsers_panic() {
    let pieces = [
        "fn ", "f", "(", ")", "&", "mut ", "self", ",", "<", ">", "::", "->", "'a", "ü", "9", ";",
        "[", "]", "{",
    ];
    let mut seed = 1u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let _ = (
            Type::parse(&text),
            Signature::parse(&text),
            StructSpec::parse(&text),
        );
    }
}

#[test]
fn signatures_are_read_in_every_usual_form() {
    let deposit = "fn deposit(&mut self, amount: f64) -> Result<f64, String>";
    for text in [
        deposit.to_owned(),
        format!("pub {deposit}"),
        format!("  pub {deposit} {{"),
        format!("{deposit};"),
        "fn deposit(&mut self, mut amount: f64,) -> Result<f64, String>".to_owned(),
    ] {
        let signature = Signature::parse(&text).unwrap();
        assert_eq!(signature.to_string(), deposit);
        assert_eq!(signature.receiver, Receiver::Mutable);
        assert_eq!(signature.params.len(), 1);
    }
    assert_eq!(
        Signature::parse("fn go(&self) -> ()").unwrap().to_string(),
        "fn go(&self)"
    );
}

#[test]
fn signatures_that_no_method_can_have_are_refused() {
    for text in [
        "fn new(amount: f64)",
        "fn f(self)",
        "fn f<T>(&self, x: T)",
        "fn f(&self, f: f64, f: f64)",
        "fn match(&self)",
        "fn f(&self, (a, b): (i64, i64))",
        "fn f(&self) -> Self",
        "fn batos_x(&self)",
        "fn f(&self) extra",
        "f(&self)",
    ] {
        assert!(Signature::parse(text).is_err(), "{text}");
    }
}

#[test]
fn structs_are_read_and_checked() {
    let text = "Account { balance: f64, log: Vec<String> }";
    assert_eq!(StructSpec::parse(text).unwrap().to_string(), text);
    assert_eq!(
        StructSpec::parse("pub struct Account {}")
            .unwrap()
            .to_string(),
        "Account {}"
    );
    assert_eq!(
        StructSpec::parse("Account").unwrap().to_string(),
        "Account {}"
    );
    for text in [
        "A { s: &str }",
        "A { x: i64, x: i64 }",
        "String { x: i64 }",
        "A { type: i64 }",
        "my account {}",
    ] {
        assert!(StructSpec::parse(text).is_err(), "{text}");
    }
}
