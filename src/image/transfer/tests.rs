//! Exports that are whole by their hashes and wrong in what they hold.

use super::encode::Body;
use super::{Package, TransferError, decode};
use crate::image::{BlobId, Method, Object, Oid, Slot};

fn object(oid: Oid, name: &str, parent: Option<Oid>) -> Object {
    Object {
        oid,
        name: name.to_owned(),
        parent,
        slots: vec![slot("balance", "i64", &[1])],
        methods: vec![method("total", b"wasm")],
        tid: 0,
    }
}

fn slot(name: &str, rust_type: &str, value: &[u8]) -> Slot {
    Slot {
        name: name.to_owned(),
        rust_type: rust_type.to_owned(),
        value: value.to_vec(),
    }
}

fn method(selector: &str, wasm: &[u8]) -> Method {
    Method {
        selector: selector.to_owned(),
        signature: "fn total(&self) -> i64".to_owned(),
        source: "impl A {}".to_owned(),
        wasm: BlobId::of(wasm),
        slots: Vec::new(),
        author: "BRICK".to_owned(),
        mission: None,
        checks_json: "[]".to_owned(),
        self_checked: false,
        calls: 0,
        failures: 0,
    }
}

/// The decoding of an export of these objects, the first of which was exported.
fn decoded(objects: &[Object], blobs: &[&[u8]]) -> Result<Package, TransferError> {
    let mut body = Body::default();
    for object in objects {
        body.object(object)?;
    }
    for blob in blobs {
        body.blob(blob)?;
    }
    let root = objects.first().map_or(0, |object| object.oid);
    decode(&[body.header(root), body.bytes].concat())
}

fn refusal(objects: &[Object], blobs: &[&[u8]]) -> String {
    match decoded(objects, blobs) {
        Ok(package) => format!("taken: {package:?}"),
        Err(error) => error.to_string(),
    }
}

/// An object that was changed into what it must not be.
fn wrong(change: impl FnOnce(&mut Object)) -> String {
    let mut object = object(1, "A", None);
    change(&mut object);
    refusal(&[object], &[b"wasm"])
}

#[test]
fn what_is_right_is_taken() {
    let objects = [object(3, "A", Some(7)), object(7, "", None)];
    let package = decoded(&objects, &[b"wasm"]);
    let found = package.ok().map(|package| {
        assert_eq!(package.blob(BlobId::of(b"wasm")), Some(&b"wasm"[..]));
        package.objects().cloned().collect::<Vec<_>>()
    });
    assert_eq!(found.as_deref(), Some(&objects[..]));
    // The code may be missing: it can be compiled anew.
    assert!(decoded(&objects, &[]).is_ok());
}

#[test]
fn objects_that_are_none_are_refused() {
    insta::assert_snapshot!(wrong(|o| o.oid = 0), @"the export cannot be taken: A has no number");
    insta::assert_snapshot!(wrong(|o| o.slots.push(slot("balance", "i64", &[1]))), @r#"the export cannot be taken: A has the slot "balance" twice"#);
    insta::assert_snapshot!(wrong(|o| o.methods.push(method("total", b"wasm"))), @r#"the export cannot be taken: A has the method "total" twice"#);
    insta::assert_snapshot!(wrong(|o| o.slots = vec![slot("a", "", &[1])]), @r#"the export cannot be taken: A has in the slot "a" what is no type"#);
    insta::assert_snapshot!(wrong(|o| o.slots = vec![slot("a", "i64\u{1b}[2J", &[1])]), @r#"the export cannot be taken: A has in the slot "a" what is no type"#);
    for value in [
        &[][..],
        &[1, 2],
        &[0x92, 1],
        &[0xdd, 255, 255, 255, 255],
        &[0xc1],
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(wrong(|o| o.slots = vec![slot("a", "i64", value)]), @r#"the export cannot be taken: A has in the slot "a" what is not one whole value"#);
        }
    }
    let reference = [0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 9];
    insta::assert_snapshot!(wrong(|o| o.slots = vec![slot("a", "i64", &reference)]), @r#"the export cannot be taken: A has in the slot "a" a reference that its type does not have"#);
    insta::assert_snapshot!(wrong(|o| o.slots = vec![slot("a", "ObjectRef", &reference)]), @"the export is damaged: object 9 is not in it");
    insta::assert_snapshot!(wrong(|o| o.slots = vec![slot("a", "ObjectRef", &[0xd4, 1, 9])]), @r#"the export cannot be taken: A has in the slot "a" a reference that its type does not have"#);
    let with = |change: fn(&mut Method)| wrong(|o| o.methods.iter_mut().for_each(change));
    insta::assert_snapshot!(with(|m| m.author = "a\nb".to_owned()), @r#"the export cannot be taken: A says of the method "total" what is too long or has control characters"#);
    insta::assert_snapshot!(with(|m| m.checks_json = "[".to_owned()), @r#"the export cannot be taken: A has checks of the method "total" that are no JSON array"#);
    insta::assert_snapshot!(with(|m| m.checks_json = "[".repeat(100_000)), @r#"the export cannot be taken: A has checks of the method "total" that are no JSON array"#);
    insta::assert_snapshot!(with(|m| m.wasm = BlobId::of(b"other")), @"the export is damaged: no method in it has the code 107d2022ae9e6c9054a44bedd13ef7684736ac6018ea56c0b9128f51f73cc6fb");
}

#[test]
fn objects_that_do_not_belong_together_are_refused() {
    let cycle = [object(1, "A", Some(2)), object(2, "B", Some(1))];
    insta::assert_snapshot!(refusal(&cycle, &[b"wasm"]), @"the export cannot be taken: A inherits from itself");
    insta::assert_snapshot!(wrong(|o| o.parent = Some(1)), @"the export cannot be taken: A inherits from itself");
    insta::assert_snapshot!(wrong(|o| o.parent = Some(5)), @"the export is damaged: object 5 is not in it");
    let twice = [object(1, "A", Some(2)), object(2, "A", None)];
    insta::assert_snapshot!(refusal(&twice, &[b"wasm"]), @"the export cannot be taken: A is there twice");
    let alone = [object(1, "A", None), object(2, "B", None)];
    insta::assert_snapshot!(refusal(&alone, &[b"wasm"]), @"the export is damaged: nothing leads to object 2 in it");
    let same = [object(1, "A", None), object(1, "B", None)];
    insta::assert_snapshot!(refusal(&same, &[b"wasm"]), @"the export is damaged: object 1 is not in its place");
    insta::assert_snapshot!(refusal(&[], &[]), @"the export is damaged: object 0 is not in it");
    let one = [object(1, "A", None)];
    insta::assert_snapshot!(refusal(&one, &[b"wasm", b"wasm"]), @"the export is damaged: blob 107d2022ae9e6c9054a44bedd13ef7684736ac6018ea56c0b9128f51f73cc6fb is not in its place");
}

/// A line of parents as long as an export can hold costs no stack and no square of its length.
#[test]
fn a_long_line_of_parents_is_walked_once() {
    let mut objects: Vec<Object> = (1..=50_000).map(|n| object(n, "", Some(n + 1))).collect();
    objects.push(object(50_001, "", None));
    assert!(decoded(&objects, &[]).is_ok());
}
