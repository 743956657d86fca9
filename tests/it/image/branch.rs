//! Branches: an image that goes on from a moment of another, and what it changed taken over.

use std::path::{Path, PathBuf};

use batos::image::{
    AdoptError, Adopted, Author, BackupError, Image, ImageError, Oid, Read, Slot, Tid, state_hash,
};

use super::{commit, create, method, slot};

struct Pair {
    folder: tempfile::TempDir,
    image: Image,
}

impl Pair {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let image = Image::open(&folder.path().join("main")).unwrap();
        Self { folder, image }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fork(&self, name: &str, at: Tid) -> Image {
        let into = self.path(name);
        self.image
            .fork(at, &into, &mut |_| None, &mut |_| {})
            .unwrap();
        Image::open(&into).unwrap()
    }

    fn adopt(&self, branch: &Image) -> Result<Adopted, AdoptError> {
        let mut t = self.image.begin(Author::Person);
        let adopted = t.adopt(branch)?;
        t.commit().unwrap();
        Ok(adopted)
    }

    fn refused(&self, branch: &Image) -> String {
        let before = state_hash(&self.image.view()).unwrap();
        let mut t = self.image.begin(Author::Person);
        let error = t.adopt(branch).unwrap_err();
        assert!(t.is_empty(), "a refused adoption leaves nothing behind");
        assert_eq!(state_hash(&self.image.view()).unwrap(), before);
        error.to_string()
    }
}

fn clean(image: &Image) {
    let report = image.fsck(&mut |_, _| {}).unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
}

fn reference(name: &str, oid: Oid) -> Slot {
    Slot {
        name: name.into(),
        rust_type: "ObjectRef".into(),
        value: [&[0xd7, 1][..], &oid.to_be_bytes()].concat(),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_branch_goes_on_from_any_moment_with_the_whole_past() {
    let pair = Pair::new();
    let wasm = pair.image.blobs().put(b"wasm").unwrap();
    let a = create(&pair.image, "A", None);
    for value in 1..=9 {
        commit(&pair.image, |t| {
            t.set_slot(a, slot("n", value)).unwrap();
            t.put_method(a, method("m", "source", wasm)).unwrap();
        });
    }
    let newest = pair.image.tid();
    for at in [1, 4, newest] {
        let name = format!("at{at}");
        let branch = pair.fork(&name, at);
        assert_eq!(branch.fork_point().unwrap(), Some(at));
        for tid in 1..=at {
            let here = state_hash(&pair.image.view().at(tid).unwrap()).unwrap();
            let there = state_hash(&branch.view().at(tid).unwrap()).unwrap();
            assert_eq!(here, there);
        }
        let here = pair.image.view().at(at).unwrap();
        assert_eq!(
            state_hash(&here).unwrap(),
            state_hash(&branch.view()).unwrap()
        );
        commit(&branch, |t| t.set_slot(a, slot("n", 100)).unwrap());
        clean(&branch);
        branch.close().unwrap();
        clean(&Image::open(&pair.path(&name)).unwrap());
    }
    assert_eq!(pair.image.tid(), newest, "the trunk knows nothing of it");
    clean(&pair.image);
    let into = pair.path("none");
    let mut settle = |_: &_| None;
    let error = pair.image.fork(newest + 1, &into, &mut settle, &mut |_| {});
    assert!(matches!(
        error.unwrap_err(),
        BackupError::Image(ImageError::UnknownTransaction { .. })
    ));
    let error = pair
        .image
        .fork(1, &pair.path("at1"), &mut settle, &mut |_| {});
    assert!(matches!(
        error.unwrap_err(),
        BackupError::Occupied { image: true, .. }
    ));
    assert!(!into.exists());
    assert_eq!(files(pair.folder.path()).len(), 4);
}

#[test]
fn an_empty_image_can_be_forked() {
    let pair = Pair::new();
    let branch = pair.fork("branch", 0);
    let a = create(&branch, "A", None);
    create(&pair.image, "B", None);
    pair.adopt(&branch).unwrap();
    assert_ne!(pair.image.view().oid_named("A").unwrap(), Some(a));
    clean(&pair.image);
}

#[test]
fn new_objects_get_new_numbers_and_are_found_by_who_refers_to_them() {
    let pair = Pair::new();
    let a = create(&pair.image, "A", None);
    let gone = create(&pair.image, "Gone", None);
    let branch = pair.fork("branch", pair.image.tid());
    let wasm = branch.blobs().put(b"new code").unwrap();
    let old = commit(&branch, |t| {
        let mission = t.create_mission(5, "COMPLETE", "{}".into()).unwrap();
        let child = t.create_object("Child", Some(a)).unwrap();
        let other = t.create_object("", None).unwrap();
        t.set_slot(child, reference("other", other)).unwrap();
        t.set_slot(other, reference("back", child)).unwrap();
        t.set_slot(a, reference("child", child)).unwrap();
        let mut method = method("m", "source", wasm);
        method.mission = Some(mission);
        t.put_method(child, method).unwrap();
        t.remove_object(gone).unwrap();
        // The name of what goes is taken by what comes.
        t.create_object("Gone", None).unwrap();
        t.set_fact("k", "v").unwrap();
        (mission, child)
    });
    // Here the same numbers are taken by others.
    let (mission, others) = commit(&pair.image, |t| {
        let mission = t.create_mission(1, "COMPLETE", "{\"a\":1}".into()).unwrap();
        let others: Vec<Oid> = (0..5)
            .map(|n| t.create_object(&format!("Other{n}"), None).unwrap())
            .collect();
        (mission, others)
    });
    assert_eq!(mission, old.0);
    assert!(others.contains(&old.1));
    let adopted = pair.adopt(&branch).unwrap();
    assert_eq!(adopted.changed[..4], ["A", "Child", "Gone", "fact k"]);
    assert!(adopted.changed[4].starts_with("object "), "{adopted:?}");
    let view = pair.image.view();
    let child = view.object(view.oid_named("Child").unwrap().unwrap());
    let child = child.unwrap().unwrap();
    assert!(!others.contains(&child.oid));
    assert_eq!(child.parent, Some(a));
    let a = view.object(a).unwrap().unwrap();
    assert_eq!(a.slot("child"), Some(&reference("child", child.oid)));
    let other = child.slot("other").unwrap();
    let number = Oid::from_be_bytes(other.value[2..].try_into().unwrap());
    let other = view.object(number).unwrap().unwrap();
    assert_eq!(other.slot("back"), Some(&reference("back", child.oid)));
    let [(there, here)] = adopted.missions[..] else {
        panic!("one mission: {adopted:?}");
    };
    assert_eq!(there, mission);
    assert_eq!(child.methods[0].mission, Some(here));
    assert_eq!(view.mission(here).unwrap().unwrap().created_ms, 5);
    assert_eq!(pair.image.blobs().get(wasm).unwrap(), b"new code");
    assert_ne!(view.oid_named("Gone").unwrap(), Some(gone));
    assert!(view.head(gone).unwrap().is_none());
    assert_eq!(view.fact("k").unwrap().as_deref(), Some("v"));
    clean(&pair.image);
    assert_eq!(pair.refused(&branch), "it was adopted already");
    // Undone, it can be adopted once more.
    let tid = pair.image.tid();
    let mut t = pair.image.begin(Author::Person);
    t.undo(tid).unwrap();
    t.commit().unwrap();
    assert!(pair.image.view().oid_named("Child").unwrap().is_none());
    pair.adopt(&branch).unwrap();
    clean(&pair.image);
}

#[test]
fn what_both_have_changed_is_merged_or_named() {
    let pair = Pair::new();
    let counter = |value: u8| Slot {
        name: "count".into(),
        rust_type: "Counter".into(),
        value: vec![value],
    };
    let a = create(&pair.image, "A", None);
    let b = create(&pair.image, "B", None);
    commit(&pair.image, |t| {
        t.set_slot(a, slot("n", 1)).unwrap();
        t.set_slot(a, counter(1)).unwrap();
    });
    let branch = pair.fork("branch", pair.image.tid());
    let free = pair.fork("free", pair.image.tid());
    commit(&branch, |t| {
        t.set_slot(a, slot("n", 2)).unwrap();
        t.set_slot(a, counter(3)).unwrap();
        t.set_name(b, "Bee").unwrap();
        t.create_object("Twice", None).unwrap();
    });
    commit(&free, |t| t.set_slot(a, counter(6)).unwrap());
    commit(&pair.image, |t| {
        t.set_slot(a, slot("n", 9)).unwrap();
        t.set_slot(a, counter(11)).unwrap();
        t.set_name(b, "Bea").unwrap();
        t.create_object("Twice", None).unwrap();
    });
    assert_eq!(
        pair.refused(&branch),
        "slot n of A was changed since; Bea has another name since; another object has the name Twice since"
    );
    pair.adopt(&free).unwrap();
    let a = pair.image.view().object(a).unwrap().unwrap();
    assert_eq!(a.slot("count"), Some(&counter(16)));
    let unchanged = pair.fork("unchanged", 1);
    assert_eq!(pair.refused(&unchanged), "there is nothing in it to adopt");
}

#[test]
fn only_a_branch_of_this_image_is_adopted() {
    let pair = Pair::new();
    create(&pair.image, "A", None);
    let plain = Image::open(&pair.path("plain")).unwrap();
    assert_eq!(
        pair.refused(&plain),
        "it is no branch: it has no tag `fork`"
    );
    let other = Pair::new();
    create(&other.image, "B", None);
    let branch = other.fork("branch", 1);
    assert_eq!(
        pair.refused(&branch),
        "it is not a branch of this image: their transactions 1 differ"
    );
}
