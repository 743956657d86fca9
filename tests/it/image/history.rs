//! The past: views of it, names that come and go, objects that are removed, tags.

use std::fs;

use batos::image::{Author, Image, ImageError, Read, state_hash};

use super::{commit, create, method, slot};

fn names(read: &impl Read) -> Vec<String> {
    let heads = read.heads().unwrap();
    heads.iter().map(batos::image::Head::known_as).collect()
}

/// Changes of every kind; gives what was read after each transaction.
fn live(image: &Image) -> Vec<String> {
    let wasm = image.blobs().put(b"wasm").unwrap();
    let mut states = vec![render(&image.view())];
    let mut note = || states.push(render(&image.view()));
    let a = create(image, "A", None);
    note();
    commit(image, |t| {
        t.set_slot(a, slot("balance", 1)).unwrap();
        t.put_method(a, method("deposit", "one", wasm)).unwrap();
        t.set_fact("k/1", "x").unwrap();
        t.create_mission(5, "IDLE", "{}".into()).unwrap()
    });
    note();
    let b = create(image, "B", Some(a));
    note();
    commit(image, |t| {
        t.put_method(a, method("deposit", "two", wasm)).unwrap();
        t.set_name(b, "Bee").unwrap();
        t.remove_fact("k/1").unwrap();
    });
    note();
    commit(image, |t| {
        t.remove_method(a, "deposit").unwrap();
        t.remove_object(b).unwrap();
        t.set_fact("k/2", "y").unwrap();
    });
    note();
    create(image, "Bee", None);
    note();
    states
}

fn render(read: &impl Read) -> String {
    let state = state_hash(read).unwrap();
    let objects = read.objects().unwrap();
    let facts = read.facts("").unwrap();
    let missions = read.missions().unwrap();
    let bee = read.oid_named("Bee").unwrap();
    format!("{state}\n{objects:#?}\n{facts:#?}\n{missions:#?}\n{bee:?}")
}

#[test]
fn every_past_transaction_reads_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let states = live(&image);
    let check = |image: &Image| {
        for (tid, state) in states.iter().enumerate() {
            let past = image.view().at(tid as u64).unwrap();
            assert_eq!(render(&past), *state, "transaction {tid}");
            assert_eq!(past.tid(), tid as u64);
        }
    };
    check(&image);
    let newest = image.tid();
    let error = image.view().at(newest + 1).err().unwrap();
    insta::assert_snapshot!(error, @"there is no transaction 7: the newest is 6");
    image.close().unwrap();
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    check(&Image::open(folder.path()).unwrap());
}

#[test]
fn a_store_that_cannot_be_used_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let states = live(&image);
    image.close().unwrap();
    let store = folder.path().join("store");
    fs::remove_dir_all(&store).unwrap();
    fs::create_dir(&store).unwrap();
    for name in ["version", "0.jnl"] {
        fs::write(store.join(name), b"no store at all").unwrap();
    }
    let image = Image::open(folder.path()).unwrap();
    assert!(image.recovery().rebuilt.is_some(), "{:?}", image.recovery());
    assert_eq!(image.recovery().replayed, 6);
    assert_eq!(Some(&render(&image.view())), states.last());
    image.close().unwrap();
    assert!(folder.path().join("store.unusable").exists());
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.recovery().rebuilt, None);
}

#[test]
fn what_something_leads_to_is_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let b = create(&image, "B", Some(a));
    let mut t = image.begin(Author::Person);
    let error = t.remove_object(a).unwrap_err();
    insta::assert_snapshot!(error, @"cannot remove A: B refer(s) to it");
    t.remove_object(b).unwrap();
    t.remove_object(a).unwrap();
    assert_eq!(names(&t), Vec::<String>::new());
    // Its name is free again within the transaction.
    t.create_object("A", None).unwrap();
    t.commit().unwrap();
    assert_eq!(names(&image.view()), ["A"]);
    let new = image.view().oid_named("A").unwrap().unwrap();
    assert!(new > b, "numbers are never given again");
}

#[test]
fn a_link_that_another_transaction_made_keeps_the_object() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let mut removes = image.begin(Author::Person);
    removes.remove_object(a).unwrap();
    create(&image, "Child", Some(a));
    let error = removes.commit().unwrap_err();
    insta::assert_snapshot!(error, @"A was changed by another transaction (read at 1, now at 2)");
    // And the other way round.
    let mut links = image.begin(Author::Person);
    links.create_object("Second", Some(a)).unwrap();
    commit(&image, |t| {
        let child = t.oid_named("Child").unwrap().unwrap();
        t.remove_object(child).unwrap();
        t.remove_object(a).unwrap();
    });
    let error = links.commit().unwrap_err();
    insta::assert_snapshot!(error, @"object 1 was changed by another transaction (removed since)");
}

#[test]
fn a_name_that_is_taken_away_is_free_and_its_object_stays() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    commit(&image, |t| t.set_name(a, "").unwrap());
    let view = image.view();
    assert_eq!(names(&view), ["object 1"]);
    assert_eq!(view.oid_named("A").unwrap(), None);
    let other = create(&image, "A", None);
    let mut t = image.begin(Author::Person);
    assert!(matches!(
        t.set_name(a, "A"),
        Err(ImageError::NameTaken { .. })
    ));
    drop(t);
    commit(&image, |t| t.set_name(other, "Other").unwrap());
    commit(&image, |t| t.set_name(a, "A").unwrap());
    assert_eq!(names(&image.view()), ["A", "Other"]);
}

#[test]
fn tags_name_transactions_and_can_be_moved_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    commit(&image, |t| t.set_tag("good", 1).unwrap());
    commit(&image, |t| t.set_tag("good", 2).unwrap());
    let tag = image.view().tag("good").unwrap().unwrap();
    assert_eq!((tag.pinned, tag.tid), (2, 3));
    let mut t = image.begin(Author::Person);
    assert!(matches!(
        t.set_tag("early", 9),
        Err(ImageError::UnknownTransaction { tid: 9, newest: 3 })
    ));
    drop(t);
    assert!(commit(&image, |t| t.remove_tag("good").unwrap()));
    assert!(image.view().tags().unwrap().is_empty());
}
