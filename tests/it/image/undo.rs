//! Undo and diff: what comes back, what stands against it, and undo of an undo.

use batos::image::{
    Author, Change, Image, ImageError, Read, Slot, StateHash, Tid, UndoError, diff, state_hash,
};

use super::{commit, create, method, slot};

fn undo(image: &Image, tid: Tid) -> Result<Vec<String>, UndoError> {
    let mut t = image.begin(Author::Person);
    let undone = t.undo(tid)?;
    t.commit().unwrap();
    Ok(undone.changed)
}

fn state(image: &Image) -> StateHash {
    state_hash(&image.view()).unwrap()
}

fn refusal(image: &Image, tid: Tid) -> String {
    let before = state(image);
    let mut t = image.begin(Author::Person);
    let error = t.undo(tid).unwrap_err();
    assert!(t.is_empty(), "a refused undo leaves nothing behind");
    assert_eq!(state(image), before);
    error.to_string()
}

#[test]
fn every_kind_of_change_is_taken_back_and_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"wasm").unwrap();
    let a = create(&image, "A", None);
    let b = create(&image, "B", Some(a));
    commit(&image, |t| {
        t.set_slot(a, slot("balance", 1)).unwrap();
        t.set_slot(a, slot("owner", 1)).unwrap();
        t.put_method(a, method("deposit", "one", wasm)).unwrap();
        t.set_fact("k/1", "x").unwrap();
        t.set_fact("k/2", "x").unwrap();
    });
    let before = state(&image);
    commit(&image, |t| {
        t.set_slot(a, slot("balance", 2)).unwrap();
        t.remove_slot(a, "owner").unwrap();
        t.set_slot(a, slot("extra", 1)).unwrap();
        t.put_method(a, method("deposit", "two", wasm)).unwrap();
        t.put_method(b, method("fresh", "one", wasm)).unwrap();
        t.set_parent(b, None).unwrap();
        t.set_name(b, "Bee").unwrap();
        t.set_fact("k/1", "y").unwrap();
        t.remove_fact("k/2").unwrap();
        t.set_fact("k/3", "z").unwrap();
        let c = t.create_object("C", Some(b)).unwrap();
        t.create_object("D", Some(c)).unwrap();
    });
    let changed = image.tid();
    let after = state(&image);
    let names = undo(&image, changed).unwrap();
    assert_eq!(
        names,
        [
            "A", "B", "C", "Bee", "D", "fact k/1", "fact k/2", "fact k/3"
        ]
        .iter()
        .map(ToString::to_string)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(state(&image), before);
    undo(&image, image.tid()).unwrap();
    assert_eq!(state(&image), after);
    undo(&image, image.tid()).unwrap();
    assert_eq!(state(&image), before);
    let entry = image.view().audit(image.tid()).unwrap().unwrap();
    assert_eq!(entry.lines, ["undo of transaction 6"]);
}

#[test]
fn what_depends_on_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"wasm").unwrap();
    let a = create(&image, "A", None);
    insta::assert_snapshot!(refusal(&image, 9), @"there is no transaction 9: the newest is 1");
    commit(&image, |t| t.set_slot(a, slot("balance", 1)).unwrap());
    commit(&image, |t| t.set_slot(a, slot("balance", 2)).unwrap());
    insta::assert_snapshot!(refusal(&image, 2), @"cannot undo transaction 2: slot balance of A was changed since");
    commit(&image, |t| {
        t.put_method(a, method("deposit", "one", wasm)).unwrap()
    });
    undo(&image, 3).unwrap();
    // The slot is as transaction 2 left it again, but a method was compiled with it.
    insta::assert_snapshot!(refusal(&image, 2), @"cannot undo transaction 2: method deposit of A uses slot balance");
    create(&image, "B", Some(a));
    insta::assert_snapshot!(refusal(&image, 1), @"cannot undo transaction 1: A was changed since; cannot remove A: B refer(s) to it");
    // What was not undone yet goes, the last first.
    for tid in [6, 4, 2, 1] {
        undo(&image, tid).unwrap();
    }
    assert!(image.view().heads().unwrap().is_empty());
    let mut t = image.begin(Author::Person);
    let mission = t.create_mission(0, "IDLE", "{}".into()).unwrap();
    t.commit().unwrap();
    insta::assert_snapshot!(refusal(&image, image.tid()), @"there is nothing to undo in transaction 11: it changed no object and no fact");
    assert!(image.view().mission(mission).unwrap().is_some());
    insta::assert_snapshot!(refusal(&image, 1), @"there is nothing to undo in transaction 1: all is as it was before it");
}

#[test]
fn an_amount_is_taken_back_from_a_counter_that_went_on() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    for n in [10, 13, 20] {
        let slot = Slot {
            name: "n".into(),
            rust_type: "Counter".into(),
            value: vec![n],
        };
        commit(&image, |t| t.set_slot(a, slot).unwrap());
    }
    undo(&image, 3).unwrap();
    let head = image.view().head(a).unwrap().unwrap();
    assert_eq!(head.slots[0].value, [17]);
}

#[test]
fn a_concurrent_change_of_the_same_object_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    commit(&image, |t| t.set_slot(a, slot("balance", 1)).unwrap());
    let mut t = image.begin(Author::Person);
    t.undo(2).unwrap();
    commit(&image, |t| t.set_slot(a, slot("balance", 2)).unwrap());
    assert!(t.commit().unwrap_err().is_conflict());
}

#[test]
fn a_diff_shows_what_an_undo_would_change() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"wasm").unwrap();
    let a = create(&image, "A", None);
    commit(&image, |t| {
        t.set_slot(a, slot("balance", 1)).unwrap();
        t.put_method(a, method("deposit", "one", wasm)).unwrap();
        t.set_fact("k", "x").unwrap();
        t.create_object("B", Some(a)).unwrap();
    });
    let view = image.view();
    assert!(diff(&view, &view).unwrap().is_empty());
    let made = diff(&view.at(1).unwrap(), &view).unwrap();
    let mut t = image.begin(Author::Person);
    t.undo(2).unwrap();
    let unmade = diff(&view, &t).unwrap();
    let render = |diff: &batos::image::Diff| {
        let mut text = String::new();
        for object in &diff.objects {
            let slots = object.slots.iter().map(|(before, after)| {
                let value = |slot: &Option<Slot>| slot.as_ref().map(|slot| slot.value.clone());
                (value(before), value(after))
            });
            let slots: Vec<_> = slots.collect();
            let methods = object.methods.len();
            text.push_str(&format!(
                "{:?} {} parent {:?} slots {slots:?} methods {methods}\n",
                object.change, object.name, object.parent
            ));
        }
        text.push_str(&format!("{:?}", diff.facts));
        text
    };
    insta::assert_snapshot!(render(&made), @r#"
    Changed A parent None slots [(None, Some([1]))] methods 1
    Added B parent Some((None, Some("A"))) slots [] methods 0
    [FactDiff { key: "k", before: None, after: Some("x") }]
    "#);
    insta::assert_snapshot!(render(&unmade), @r#"
    Changed A parent None slots [(Some([1]), None)] methods 1
    Removed B parent Some((Some("A"), None)) slots [] methods 0
    [FactDiff { key: "k", before: Some("x"), after: None }]
    "#);
    assert_eq!(unmade.objects[1].change, Change::Removed);
}

#[test]
fn an_undo_that_fails_keeps_what_the_transaction_did_before() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    commit(&image, |t| t.set_slot(a, slot("s", 1)).unwrap());
    commit(&image, |t| t.set_slot(a, slot("s", 2)).unwrap());
    let mut t = image.begin(Author::Person);
    t.set_fact("own", "kept").unwrap();
    assert!(matches!(t.undo(2), Err(UndoError::Depends { tid: 2, .. })));
    assert!(matches!(
        t.undo(0),
        Err(UndoError::Image(ImageError::UnknownTransaction { .. }))
    ));
    t.commit().unwrap();
    assert_eq!(image.view().fact("own").unwrap().as_deref(), Some("kept"));
}

#[test]
fn a_name_that_another_object_took_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let first = create(&image, "A", None);
    let before = state(&image);
    commit(&image, |t| {
        t.remove_object(first).unwrap();
        t.create_object("A", None).unwrap();
    });
    let (tid, after) = (image.tid(), state(&image));
    assert_eq!(undo(&image, tid).unwrap(), ["A"]);
    assert_eq!(state(&image), before);
    assert_eq!(image.view().oid_named("A").unwrap(), Some(first));
    undo(&image, image.tid()).unwrap();
    assert_eq!(state(&image), after);
}
