//! Objects that nothing leads to.

use std::fs;

use batos::image::{Author, Image, Oid, PackStep, Packed, Read, Slot, Transaction, UndoError};

use super::{NEWEST, check, check_reopened, pack};
use crate::image::{commit, create, method};

/// Leads to some objects.
fn refers(oids: &[Oid]) -> Slot {
    let mut value = vec![0x90 | u8::try_from(oids.len()).unwrap()];
    for oid in oids {
        value.extend([0xd7, 1]);
        value.extend(oid.to_be_bytes());
    }
    Slot {
        name: "to".into(),
        rust_type: "Vec<ObjectRef>".into(),
        value,
    }
}

fn nameless(t: &mut Transaction, to: &[Oid]) -> Oid {
    let oid = t.create_object("", None).unwrap();
    t.set_slot(oid, refers(to)).unwrap();
    oid
}

fn there(image: &Image) -> Vec<Oid> {
    let mut oids: Vec<_> = image
        .view()
        .heads()
        .unwrap()
        .iter()
        .map(|h| h.oid)
        .collect();
    oids.sort_unstable();
    oids
}

#[test]
fn what_a_name_leads_to_stays_and_all_else_goes() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"wasm").unwrap();
    let root = create(&image, "Root", None);
    let (kept, gone) = commit(&image, |t| {
        let parent = t.create_object("", None).unwrap();
        let far = nameless(t, &[]);
        let near = nameless(t, &[far]);
        t.set_slot(root, refers(&[near])).unwrap();
        t.set_parent(root, Some(parent)).unwrap();
        // Its name goes: then only what leads to it counts.
        let alone = t.create_object("Alone", None).unwrap();
        t.set_name(alone, "").unwrap();
        // These lead to each other, to themselves, and to what stays.
        let (one, two) = (nameless(t, &[far]), nameless(t, &[root]));
        t.set_slot(one, refers(&[two, one])).unwrap();
        t.set_slot(two, refers(&[one])).unwrap();
        t.put_method(two, method("m", "m", wasm)).unwrap();
        let child = t.create_object("", Some(one)).unwrap();
        let of_root = t.create_object("", Some(root)).unwrap();
        (
            vec![root, parent, far, near],
            [alone, one, two, child, of_root],
        )
    });
    let packed = pack(&image, &NEWEST);
    assert_eq!(packed.objects, gone.len() as u64);
    let mut expected = kept;
    expected.sort_unstable();
    assert_eq!(there(&image), expected);
    assert_eq!(image.view().methods(gone[2]).unwrap(), []);
    let entry = image.view().audit(image.tid()).unwrap().unwrap();
    assert_eq!(entry.author, Author::Kernel);
    assert_eq!(entry.lines, ["pack: 5 objects that nothing led to"]);
    let image = check_reopened(image, folder.path());
    assert_eq!(pack(&image, &NEWEST).objects, 0);
    assert_eq!(there(&image), expected);
}

#[test]
fn they_can_be_left_and_their_removal_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let oid = commit(&image, |t| nameless(t, &[]));
    let mut options = NEWEST;
    options.collect = false;
    assert_eq!(pack(&image, &options).objects, 0);
    assert_eq!(there(&image), [oid]);
    // Until a past before the removal.
    options = super::until(image.tid());
    assert_eq!(pack(&image, &options).objects, 1);
    assert!(there(&image).is_empty());
    let mut t = image.begin(Author::Person);
    t.undo(image.tid()).unwrap();
    t.commit().unwrap();
    assert_eq!(there(&image), [oid]);
    check(&image);
    assert_eq!(pack(&image, &NEWEST).objects, 1);
    let mut t = image.begin(Author::Person);
    let undone = t.undo(image.tid());
    assert!(matches!(undone, Err(UndoError::Image(_))));
    drop(t);
    check_reopened(image, folder.path());
}

/// More objects in a circle than fit into one transaction, with others hanging on it.
fn circle(t: &mut Transaction) -> Vec<Oid> {
    let oids: Vec<_> = (0..300)
        .map(|_| t.create_object("", None).unwrap())
        .collect();
    for (place, oid) in oids.iter().enumerate() {
        t.set_slot(*oid, refers(&[oids[(place + 1) % oids.len()]]))
            .unwrap();
    }
    let (first, last) = (oids[0], oids[299]);
    t.create_object("", Some(first)).unwrap();
    t.set_parent(last, Some(oids[7])).unwrap();
    oids
}

#[test]
fn a_large_circle_goes_in_small_transactions() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "Root", None);
    commit(&image, circle);
    for _ in 0..200 {
        commit(&image, |t| nameless(t, &[]));
    }
    let before = image.tid();
    let mut steps = Vec::new();
    let packed = image.pack(&NEWEST, &mut |step, done| {
        if step == PackStep::Collect {
            steps.push(done);
        }
    });
    assert_eq!(packed.unwrap().objects, 501);
    assert!(steps.is_sorted() && steps.len() > 3, "{steps:?}");
    assert!(image.tid() > before + 6);
    assert_eq!(image.view().heads().unwrap().len(), 1);
    check_reopened(image, folder.path());
}

/// Packs, and does something when the first objects were removed.
fn pack_and(image: &Image, work: impl FnOnce(&Image)) -> Packed {
    let mut work = Some(work);
    let packed = image.pack(&NEWEST, &mut |step, _| {
        if step == PackStep::Collect
            && let Some(work) = work.take()
        {
            work(image);
        }
    });
    assert!(work.is_none());
    packed.unwrap()
}

#[test]
fn what_somebody_comes_to_lead_to_stays_with_all_it_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let root = create(&image, "Root", None);
    for _ in 0..130 {
        commit(&image, |t| nameless(t, &[]));
    }
    let (ring, chain) = commit(&image, |t| {
        let ring = circle(t);
        let end = nameless(t, &[]);
        let middle = nameless(t, &[end]);
        (ring, [nameless(t, &[middle]), middle, end])
    });
    let packed = pack_and(&image, |image| {
        commit(image, |t| t.set_slot(root, refers(&[chain[0]])).unwrap());
        commit(image, |t| t.set_name(ring[10], "Found").unwrap());
    });
    assert_eq!(packed.objects, 131);
    let view = image.view();
    for oid in ring.iter().chain(&chain) {
        assert!(view.head(*oid).unwrap().is_some(), "{oid}");
    }
    for (place, oid) in ring.iter().enumerate() {
        let head = view.head(*oid).unwrap().unwrap();
        assert_eq!(head.slots, [refers(&[ring[(place + 1) % ring.len()]])]);
    }
    drop(view);
    check_reopened(image, folder.path());
}

#[test]
fn what_somebody_has_changed_or_removed_is_looked_at_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let oids: Vec<_> = (0..200)
        .map(|_| commit(&image, |t| nameless(t, &[])))
        .collect();
    let packed = pack_and(&image, |image| {
        commit(image, |t| t.remove_object(oids[150]).unwrap());
        commit(image, |t| {
            t.set_slot(oids[160], refers(&[oids[170]])).unwrap()
        });
        commit(image, |t| t.set_name(oids[180], "Mine").unwrap());
    });
    assert_eq!(packed.objects, 198);
    assert_eq!(there(&image), [oids[180]]);
    let image = check_reopened(image, folder.path());
    // Who begins again with what is gone is told so.
    let mut t = image.begin(Author::Person);
    assert!(t.set_parent(oids[180], Some(oids[0])).is_err());
    drop(t);
    let log = fs::read_dir(folder.path().join("log")).unwrap();
    assert!(log.count() <= 2);
}
