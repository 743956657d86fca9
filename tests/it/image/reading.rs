//! What was written is read back, over a reopening too; delegation; blobs; state hash.

use std::sync::atomic::{AtomicBool, Ordering};

use batos::image::{Author, BlobId, Image, ImageError, Read, state_hash};

use super::{commit, create, method, slot};

#[test]
fn everything_is_there_again_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"\0asm").unwrap();

    let mut t = image.begin(Author::Mission(9));
    let began = t.now_ms();
    let thing = t.create_object("Thing", None).unwrap();
    let account = t.create_object("Account", Some(thing)).unwrap();
    t.set_slot(account, slot("balance", 7)).unwrap();
    t.put_method(account, method("total", "impl …", wasm))
        .unwrap();
    let mission = t.create_mission(12, "IDLE", "{}".into()).unwrap();
    t.set_fact("knowledge/rust", "a language").unwrap();
    t.audit("made an account");
    let tid = t.commit().unwrap();
    image.count_call(account, "total", false);
    image.count_call(account, "total", true);
    let before = image.view();
    let (objects, missions) = (before.objects().unwrap(), before.missions().unwrap());
    let hash = state_hash(&before).unwrap();
    drop(before);
    image.close().unwrap();

    let image = Image::open(folder.path()).unwrap();
    let view = image.view();
    assert_eq!((view.tid(), image.tid()), (tid, tid));
    assert_eq!(view.objects().unwrap(), objects);
    assert_eq!(view.missions().unwrap(), missions);
    assert_eq!(state_hash(&view).unwrap(), hash);
    let object = view.object_named("Account").unwrap().unwrap();
    assert_eq!(
        (object.oid, object.parent, object.tid),
        (account, Some(thing), tid)
    );
    assert_eq!(object.slots, [slot("balance", 7)]);
    let total = object.method("total").unwrap();
    assert_eq!((total.calls, total.failures), (2, 1));
    assert_eq!((total.wasm, &*total.source), (wasm, "impl …"));
    let mission = view.mission(mission).unwrap().unwrap();
    assert_eq!(
        (&*mission.state, mission.created_ms, mission.tid),
        ("IDLE", 12, tid)
    );
    assert_eq!(
        view.fact("knowledge/rust").unwrap().as_deref(),
        Some("a language")
    );
    assert_eq!(image.blobs().get(wasm).unwrap(), b"\0asm");
    let entry = view.audit(tid).unwrap().unwrap();
    assert_eq!(entry.author, Author::Mission(9));
    assert_eq!(entry.time_ms, began);
    assert_eq!(entry.lines, ["made an account"]);
    assert_eq!(entry.objects, ["Thing", "Account", "fact knowledge/rust"]);
    assert_eq!(view.audit_since(0, 10).unwrap(), [entry]);

    // New numbers go on where the old ones ended.
    let next = create(&image, "Next", None);
    assert!(next > account);
    assert_eq!(image.tid(), tid + 1);
}

#[test]
fn slots_and_methods_delegate_along_the_parents() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"w").unwrap();
    let (base, middle, leaf) = commit(&image, |t| {
        let base = t.create_object("Base", None).unwrap();
        let middle = t.create_object("Middle", Some(base)).unwrap();
        let leaf = t.create_object("Leaf", Some(middle)).unwrap();
        t.set_slot(base, slot("a", 1)).unwrap();
        t.set_slot(base, slot("b", 2)).unwrap();
        t.set_slot(middle, slot("c", 3)).unwrap();
        t.set_slot(leaf, slot("b", 9)).unwrap();
        t.put_method(base, method("m", "base", wasm)).unwrap();
        t.put_method(middle, method("m", "middle", wasm)).unwrap();
        (base, middle, leaf)
    });
    let view = image.view();
    assert_eq!(
        view.find_slot(leaf, "a").unwrap(),
        Some((base, slot("a", 1)))
    );
    assert_eq!(
        view.find_slot(leaf, "b").unwrap(),
        Some((leaf, slot("b", 9)))
    );
    assert_eq!(view.find_slot(leaf, "x").unwrap(), None);
    let all = view.all_slots(leaf).unwrap();
    assert_eq!(
        all,
        [
            (leaf, slot("b", 9)),
            (middle, slot("c", 3)),
            (base, slot("a", 1))
        ]
    );
    let (owner, found) = view.find_method(leaf, "m").unwrap().unwrap();
    assert_eq!((owner, &*found.source), (middle, "middle"));
    commit(&image, |t| assert!(t.remove_method(middle, "m").unwrap()));
    let (owner, _) = image.view().find_method(leaf, "m").unwrap().unwrap();
    assert_eq!(owner, base);
    assert!(image.view().find_method(999, "m").unwrap().is_none());
}

#[test]
fn a_cycle_of_parents_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let b = create(&image, "B", Some(a));
    let c = create(&image, "C", Some(b));
    let mut t = image.begin(Author::Person);
    let error = t.set_parent(a, Some(c)).unwrap_err().to_string();
    insta::assert_snapshot!(error, @"C cannot be the parent of A: it inherits from it");
    assert!(matches!(
        t.set_parent(a, Some(a)),
        Err(ImageError::ParentCycle { .. })
    ));
    assert!(matches!(
        t.set_parent(a, Some(77)),
        Err(ImageError::UnknownObject { oid: 77 })
    ));
    t.set_parent(c, Some(a)).unwrap();
    t.commit().unwrap();
    assert_eq!(image.view().object(c).unwrap().unwrap().parent, Some(a));
}

#[test]
fn two_transactions_cannot_close_a_cycle_together() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let (a, b) = (create(&image, "A", None), create(&image, "B", None));
    let (mut one, mut two) = (image.begin(Author::Person), image.begin(Author::Person));
    one.set_parent(a, Some(b)).unwrap();
    two.set_parent(b, Some(a)).unwrap();
    one.commit().unwrap();
    assert!(two.commit().unwrap_err().is_conflict());
}

#[test]
fn a_view_does_not_see_later_commits() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = commit(&image, |t| {
        let a = t.create_object("A", None).unwrap();
        t.set_slot(a, slot("s", 1)).unwrap();
        t.set_fact("k/1", "old").unwrap();
        a
    });
    let view = image.view();
    commit(&image, |t| {
        t.set_slot(a, slot("s", 2)).unwrap();
        t.set_fact("k/1", "new").unwrap();
        t.create_object("B", None).unwrap();
    });
    assert_eq!(view.find_slot(a, "s").unwrap().unwrap().1, slot("s", 1));
    assert_eq!(view.fact("k/1").unwrap().as_deref(), Some("old"));
    assert_eq!(view.objects().unwrap().len(), 1);
    assert_eq!(view.tid() + 1, image.tid());
    assert_eq!(image.view().versions(a).unwrap(), [image.tid(), view.tid()]);
}

#[test]
fn counts_start_anew_with_other_code_only() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let (old, new) = (
        image.blobs().put(b"old").unwrap(),
        image.blobs().put(b"new").unwrap(),
    );
    let a = create(&image, "A", None);
    let calls = |image: &Image| image.view().method(a, "m").unwrap().unwrap().calls;
    commit(&image, |t| t.put_method(a, method("m", "1", old)).unwrap());
    image.count_call(a, "m", false);
    assert_eq!(calls(&image), 1);
    commit(&image, |t| t.put_method(a, method("m", "1", old)).unwrap());
    assert_eq!(calls(&image), 1);
    commit(&image, |t| t.put_method(a, method("m", "2", new)).unwrap());
    assert_eq!(calls(&image), 0);
    // A call is not a transaction.
    let tid = image.tid();
    image.count_call(a, "m", true);
    assert_eq!(image.tid(), tid);
}

#[test]
fn blobs_are_checked_when_read_and_healed_when_put_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let id = image.blobs().put(b"precious").unwrap();
    assert_eq!(id, BlobId::of(b"precious"));
    assert_eq!(id.to_string().parse::<BlobId>().unwrap(), id);
    assert!("xyz".parse::<BlobId>().is_err());
    std::fs::write(
        folder.path().join("blobs").join(id.to_string()),
        b"precioue",
    )
    .unwrap();
    assert!(matches!(
        image.blobs().get(id),
        Err(ImageError::DamagedBlob { .. })
    ));
    image.blobs().put(b"precious").unwrap();
    assert_eq!(image.blobs().get(id).unwrap(), b"precious");
    let missing = BlobId::of(b"never put");
    assert!(matches!(
        image.blobs().get(missing),
        Err(ImageError::MissingBlob { .. })
    ));
    let a = create(&image, "A", None);
    let mut t = image.begin(Author::Kernel);
    let refused = t.put_method(a, method("m", "", missing));
    assert!(matches!(refused, Err(ImageError::MissingBlob { .. })));
}

#[test]
fn the_state_hash_is_of_the_state_and_not_of_its_making() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = Image::open(first.path()).unwrap();
    let two = Image::open(second.path()).unwrap();
    let hash = |image: &Image| state_hash(&image.view()).unwrap();
    assert_eq!(hash(&one), hash(&two));
    commit(&one, |t| {
        let p = t.create_object("P", None).unwrap();
        let a = t.create_object("A", Some(p)).unwrap();
        t.set_slot(a, slot("x", 1)).unwrap();
        t.set_slot(a, slot("y", 2)).unwrap();
        t.set_fact("k/1", "v").unwrap();
    });
    assert_ne!(hash(&one), hash(&two));
    // The same in other steps, with other numbers and with a mission more.
    let a = create(&two, "A", None);
    commit(&two, |t| t.create_mission(1, "IDLE", "{}".into()).unwrap());
    let p = create(&two, "P", None);
    commit(&two, |t| {
        t.set_slot(a, slot("y", 2)).unwrap();
        t.set_slot(a, slot("x", 1)).unwrap();
        t.set_fact("k/1", "v").unwrap();
    });
    assert_ne!(hash(&one), hash(&two));
    // Uncommitted too.
    let mut t = two.begin(Author::Kernel);
    t.set_parent(a, Some(p)).unwrap();
    assert_eq!(state_hash(&t).unwrap(), hash(&one));
    t.commit().unwrap();
    assert_eq!(hash(&one), hash(&two));
    commit(&two, |t| t.set_slot(a, slot("x", 3)).unwrap());
    assert_ne!(hash(&one), hash(&two));
}

/// What was read lately is kept in memory; a list always comes from the store.
#[test]
fn what_was_read_lately_is_what_the_store_has_in_every_view() {
    const OBJECTS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let oids: Vec<_> = (0..OBJECTS)
        .map(|n| create(&image, &format!("A{n}"), None))
        .collect();
    let old = image.view();
    let before = old.heads().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for reader in 0..2 {
            let (image, done, oids) = (&image, &done, &oids);
            scope.spawn(move || {
                let mut views = 0;
                while !done.load(Ordering::Relaxed) || views < 100 {
                    let view = image.view();
                    let mut one_by_one: Vec<_> = oids
                        .iter()
                        .filter_map(|oid| view.head(*oid).unwrap())
                        .collect();
                    one_by_one.sort_by(|a, b| (&a.name, a.oid).cmp(&(&b.name, b.oid)));
                    let listed = view.heads().unwrap();
                    assert_eq!(one_by_one, listed, "reader {reader}");
                    for name in (0..OBJECTS).flat_map(|n| [format!("A{n}"), format!("B{n}")]) {
                        let found = listed.iter().find(|head| head.name == name);
                        let named = view.oid_named(&name).unwrap();
                        assert_eq!(named, found.map(|head| head.oid), "{name}");
                    }
                    views += 1;
                }
            });
        }
        for round in 0..60 {
            for (n, oid) in oids.iter().enumerate() {
                commit(&image, |t| match (round + n) % 5 {
                    0 => t.set_name(*oid, &format!("B{n}")).unwrap(),
                    1 => t.set_name(*oid, &format!("A{n}")).unwrap(),
                    _ => t.set_slot(*oid, slot("n", round as u8)).unwrap(),
                });
            }
        }
        let gone = oids[3];
        commit(&image, |t| t.remove_object(gone).unwrap());
        done.store(true, Ordering::Relaxed);
    });
    // An old view sees what it has seen.
    assert_eq!(old.heads().unwrap(), before);
    let again = oids.iter().map(|oid| old.head(*oid).unwrap().unwrap());
    assert_eq!(again.collect::<Vec<_>>(), before);
    assert_eq!(image.view().head(oids[3]).unwrap(), None);
}
