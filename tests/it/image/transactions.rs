//! Transactions: own writes, savepoints, conflicts, limits, group commit.

use std::sync::Barrier;

use batos::image::{
    Author, CommitError, Image, ImageError, MAX_VALUE_BYTES, Read, Slot, Transaction,
};

use super::{commit, create, method, slot};

#[test]
fn handles_go_to_other_threads() {
    fn sent<T: Send>() {}
    fn shared<T: Send + Sync>() {}
    shared::<Image>();
    shared::<batos::image::View>();
    sent::<batos::image::Transaction>();
}

#[test]
fn a_transaction_sees_its_own_writes_and_nobody_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"w").unwrap();
    let mut t = image.begin(Author::Person);
    assert!(t.is_empty());
    let a = t.create_object("A", None).unwrap();
    t.set_slot(a, slot("s", 1)).unwrap();
    t.put_method(a, method("m", "src", wasm)).unwrap();
    let id = t.create_mission(1, "IDLE", String::new()).unwrap();
    let mut mission = t.mission(id).unwrap().unwrap();
    mission.state = "DECOMPOSING".into();
    t.put_mission(mission).unwrap();
    t.set_fact("k/b", "1").unwrap();
    t.set_fact("k/a", "2").unwrap();
    assert!(t.remove_fact("k/b").unwrap());
    assert!(!t.remove_fact("k/none").unwrap());
    assert!(!t.is_empty());
    let object = t.object_named("A").unwrap().unwrap();
    assert_eq!((object.slots.len(), object.methods.len()), (1, 1));
    assert_eq!(t.objects().unwrap(), [object]);
    assert_eq!(t.missions().unwrap()[0].state, "DECOMPOSING");
    assert_eq!(t.facts("k/").unwrap(), [("k/a".into(), "2".into())]);
    assert!(t.facts("j").unwrap().is_empty());
    assert!(image.view().objects().unwrap().is_empty());
    assert!(t.snapshot().objects().unwrap().is_empty());
    drop(t);
    assert!(image.view().objects().unwrap().is_empty());
    assert_eq!(image.tid(), 0);
}

#[test]
fn an_empty_transaction_makes_no_tid_and_an_audit_line_does() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.begin(Author::Kernel).commit().unwrap(), 0);
    let mut t = image.begin(Author::Kernel);
    t.audit("refused a candidate");
    assert_eq!(t.commit().unwrap(), 1);
    assert_eq!(
        image.view().audit(1).unwrap().unwrap().lines,
        ["refused a candidate"]
    );
}

#[test]
fn savepoints_nest() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let wasm = image.blobs().put(b"w").unwrap();
    let a = create(&image, "A", None);
    let mut t = image.begin(Author::Kernel);
    t.set_slot(a, slot("s", 1)).unwrap();
    let outer = t.savepoint();
    t.set_slot(a, slot("s", 2)).unwrap();
    t.create_object("B", Some(a)).unwrap();
    t.audit("outer");
    let inner = t.savepoint();
    t.set_slot(a, slot("s", 3)).unwrap();
    t.put_method(a, method("m", "", wasm)).unwrap();
    t.set_fact("k/1", "v").unwrap();
    let mission = t.create_mission(1, "IDLE", String::new()).unwrap();
    t.roll_back_to(inner);
    assert_eq!(t.find_slot(a, "s").unwrap().unwrap().1, slot("s", 2));
    assert!(t.find_method(a, "m").unwrap().is_none());
    assert!(t.fact("k/1").unwrap().is_none());
    assert!(t.mission(mission).unwrap().is_none());
    assert!(t.object_named("B").unwrap().is_some());
    // It can be used again.
    t.set_slot(a, slot("s", 4)).unwrap();
    t.roll_back_to(inner);
    assert_eq!(t.find_slot(a, "s").unwrap().unwrap().1, slot("s", 2));
    t.roll_back_to(outer);
    assert!(t.object_named("B").unwrap().is_none());
    // The name is free again.
    t.create_object("B", None).unwrap();
    let tid = t.commit().unwrap();
    let view = image.view();
    assert_eq!(view.find_slot(a, "s").unwrap().unwrap().1, slot("s", 1));
    assert!(view.audit(tid).unwrap().unwrap().lines.is_empty());
    assert_eq!(view.object_named("B").unwrap().unwrap().parent, None);
}

#[test]
fn a_conflict_names_the_object() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "Account", None);
    let (mut one, mut two) = (image.begin(Author::Person), image.begin(Author::Person));
    one.set_slot(a, slot("s", 1)).unwrap();
    two.set_slot(a, slot("s", 2)).unwrap();
    one.commit().unwrap();
    let error = two.commit().unwrap_err();
    insta::assert_snapshot!(error, @"Account was changed by another transaction (read at 1, now at 2)");
    assert!(matches!(error, CommitError::Conflict { object, .. } if object == "Account"));
    assert_eq!(
        image.view().find_slot(a, "s").unwrap().unwrap().1,
        slot("s", 1)
    );
    assert_eq!(image.tid(), 2);
    assert_eq!(image.statistics().conflicts, 1);
}

#[test]
fn the_same_new_name_twice_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let (mut one, mut two) = (image.begin(Author::Person), image.begin(Author::Person));
    let oid = one.create_object("Account", None).unwrap();
    two.create_object("Account", None).unwrap();
    one.commit().unwrap();
    let error = two.commit().unwrap_err();
    insta::assert_snapshot!(error, @"Account was changed by another transaction (made by 1)");
    assert_eq!(
        image.view().object_named("Account").unwrap().unwrap().oid,
        oid
    );
    let mut late = image.begin(Author::Person);
    let error = late.create_object("Account", None).unwrap_err();
    insta::assert_snapshot!(error, @"cannot create Account: an object of that name exists");
}

#[test]
fn what_was_read_must_not_have_changed_either() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let (a, b) = (create(&image, "A", None), create(&image, "B", None));
    // Each reads both and writes one: run one after the other, the second would have seen the first.
    let (mut one, mut two) = (image.begin(Author::Person), image.begin(Author::Person));
    one.object(b).unwrap();
    one.set_slot(a, slot("s", 1)).unwrap();
    two.find_slot(a, "s").unwrap();
    two.set_slot(b, slot("s", 1)).unwrap();
    one.commit().unwrap();
    assert!(two.commit().unwrap_err().is_conflict());
    // A list, or the snapshot, is read without depending on it.
    let (mut one, mut two) = (image.begin(Author::Person), image.begin(Author::Person));
    one.set_slot(a, slot("s", 2)).unwrap();
    two.objects().unwrap();
    two.snapshot().object(a).unwrap();
    two.create_object("C", Some(a)).unwrap();
    one.commit().unwrap();
    two.commit().unwrap();
}

#[test]
fn missions_and_facts_conflict_too() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let id = commit(&image, |t| {
        t.set_fact("k/n", "1").unwrap();
        t.create_mission(1, "IDLE", String::new()).unwrap()
    });
    let mission = image.view().mission(id).unwrap().unwrap();
    let (mut one, mut two) = (image.begin(Author::Kernel), image.begin(Author::Kernel));
    one.put_mission(mission.clone()).unwrap();
    two.put_mission(mission).unwrap();
    one.commit().unwrap();
    let error = two.commit().unwrap_err();
    insta::assert_snapshot!(error, @"mission 1 was changed by another transaction (read at 1, now at 2)");
    let (mut one, mut two) = (image.begin(Author::Kernel), image.begin(Author::Kernel));
    two.set_fact("k/n", "2").unwrap();
    one.remove_fact("k/n").unwrap();
    one.commit().unwrap();
    let error = two.commit().unwrap_err();
    insta::assert_snapshot!(error, @"fact k/n was changed by another transaction (read at 1, now removed)");
}

#[test]
fn bad_input_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let mut t = image.begin(Author::Person);
    let refusals = [
        t.create_object("a\nb", None).unwrap_err(),
        t.create_object(&"x".repeat(256), None).unwrap_err(),
        t.create_object("C", Some(99)).unwrap_err(),
        t.set_slot(99, slot("s", 1)).unwrap_err(),
        t.put_mission(batos::image::Mission {
            id: 5,
            state: String::new(),
            created_ms: 0,
            document: String::new(),
            tid: 0,
        })
        .unwrap_err(),
        t.set_slot(
            a,
            Slot {
                value: vec![0; MAX_VALUE_BYTES + 1],
                ..slot("big", 0)
            },
        )
        .unwrap_err(),
    ];
    let text: Vec<_> = refusals
        .iter()
        .map(|e| e.to_string().replace(&"x".repeat(80), "x…"))
        .collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    object name "a\nb" is not allowed: it has control characters
    object name "x…" is not allowed: it is too long
    cannot create C: its parent, object 99, does not exist
    there is no object 99
    there is no mission 5
    slot big has 16777217 bytes, the limit is 16777216
    "#);
    assert!(t.is_empty());
    assert!(matches!(
        t.remove_slot(99, "s"),
        Err(ImageError::UnknownObject { .. })
    ));
}

#[test]
fn many_writers_share_syncs_and_each_gets_its_own_tid() {
    const WRITERS: u64 = 32;
    const COMMITS: u64 = 8;
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let barrier = Barrier::new(usize::try_from(WRITERS).unwrap());
    let mut tids: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let (image, barrier) = (image.clone(), &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let mut tids = Vec::new();
                    let mut t = image.begin(Author::Person);
                    let oid = t.create_object(&format!("O{n}"), None).unwrap();
                    tids.push(t.commit().unwrap());
                    for value in 1..COMMITS {
                        let mut t = image.begin(Author::Person);
                        t.set_slot(oid, slot("s", u8::try_from(value).unwrap()))
                            .unwrap();
                        tids.push(t.commit().unwrap());
                    }
                    assert!(tids.is_sorted());
                    tids
                })
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    tids.sort_unstable();
    assert_eq!(tids, (1..=WRITERS * COMMITS).collect::<Vec<_>>());
    let statistics = image.statistics();
    assert_eq!(statistics.commits, WRITERS * COMMITS);
    assert!(statistics.groups < statistics.commits, "{statistics:?}");
    assert_eq!(image.view().objects().unwrap().len(), 32);
}

#[test]
fn transact_begins_again_after_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = commit(&image, |t| {
        let a = t.create_object("Counter", None).unwrap();
        t.set_slot(a, slot("n", 0)).unwrap();
        a
    });
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let added = image.transact(Author::Person, |t| {
                        let (_, now) = t.find_slot(a, "n").unwrap().unwrap();
                        t.set_slot(a, slot("n", now.value[0] + 1)).unwrap();
                        Ok::<_, CommitError>(())
                    });
                    added.unwrap();
                }
            });
        }
    });
    assert_eq!(
        image.view().find_slot(a, "n").unwrap().unwrap().1,
        slot("n", 40)
    );
    assert_eq!(image.tid(), 41);
}

#[test]
fn after_close_other_handles_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let other = image.clone();
    assert_eq!(image.probe().unwrap(), 0);
    let mut t = other.begin(Author::Person);
    t.create_object("A", None).unwrap();
    image.close().unwrap();
    assert!(matches!(t.commit(), Err(CommitError::Closed)));
    assert!(matches!(other.probe(), Err(ImageError::Closed)));
    other.close().unwrap();
}

#[test]
fn slots_that_are_meant_to_be_shared_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let shared = |rust_type: &str, name: &str, value: &[u8]| Slot {
        name: name.into(),
        rust_type: rust_type.into(),
        value: value.into(),
    };
    let visits = |n| shared("Counter", "visits", &[n]);
    let seen = |value: &[u8]| shared("SharedSet<i64>", "seen", value);
    commit(&image, |t| {
        t.set_slot(a, visits(1)).unwrap();
        t.set_slot(a, seen(&[0x91, 5])).unwrap();
        t.set_slot(a, slot("owner", 0)).unwrap();
    });
    let mut one = image.begin(Author::Kernel);
    let mut two = image.begin(Author::Kernel);
    let mut three = image.begin(Author::Kernel);
    one.set_slot(a, visits(3)).unwrap();
    one.set_slot(a, seen(&[0x92, 5, 6])).unwrap();
    two.set_slot(a, visits(5)).unwrap();
    two.set_slot(a, seen(&[0x90])).unwrap();
    three.set_slot(a, visits(2)).unwrap();
    three.set_slot(a, slot("owner", 7)).unwrap();
    one.commit().unwrap();
    two.commit().unwrap();
    let head = image.view().head(a).unwrap().unwrap();
    assert_eq!(head.slot("visits").unwrap().value, [7]);
    assert_eq!(head.slot("seen").unwrap().value, [0x91, 6]);
    // One slot that is not meant so makes it a conflict like any other.
    assert!(three.commit().unwrap_err().is_conflict());
    // And so does having read without writing.
    let mut reader = image.begin(Author::Kernel);
    reader.head(a).unwrap();
    reader.set_fact("k", "x").unwrap();
    commit(&image, |t| t.set_slot(a, visits(8)).unwrap());
    assert!(reader.commit().unwrap_err().is_conflict());
}

#[test]
fn a_renamed_slot_keeps_its_place_and_value() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    commit(&image, |t| {
        for (number, name) in (1..).zip(["x", "y", "z"]) {
            t.set_slot(a, slot(name, number)).unwrap();
        }
    });
    let mut t = image.begin(Author::Person);
    assert!(!t.rename_slot(a, "w", "v").unwrap());
    assert!(matches!(
        t.rename_slot(a, "y", "z"),
        Err(ImageError::SlotTaken { .. })
    ));
    assert!(t.rename_slot(a, "y", "").is_err());
    assert!(t.is_empty());
    let before = t.savepoint();
    assert!(t.rename_slot(a, "x", "w").unwrap());
    t.roll_back_to(before);
    assert!(t.rename_slot(a, "y", "w").unwrap());
    t.commit().unwrap();
    let slots = image.view().head(a).unwrap().unwrap().slots;
    assert_eq!(slots, [slot("x", 1), slot("w", 2), slot("z", 3)]);
}

#[test]
fn merged_values_are_packed_as_methods_pack_them() {
    use batos::method::{Type, value_from_json, value_to_json};
    use serde_json::json;

    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let b = create(&image, "B", None);
    for (rust_type, base, mine, theirs, merged) in [
        (
            "Counter",
            json!(-40),
            json!(-300),
            json!(70_000),
            json!(69_740),
        ),
        (
            "SharedSet<Option<String>>",
            json!(["a"]),
            json!([null, "b", "a"]),
            json!(["az", "zzz"]),
            json!([null, "b", "az", "zzz"]),
        ),
        (
            "SharedSet<i64>",
            json!([]),
            json!([-1, 300]),
            json!([5, 200]),
            json!([5, 200, 300, -1]),
        ),
        (
            "SharedList<Vec<f64>>",
            json!([[1.0]]),
            json!([[1.0], []]),
            json!([[1.0], [2.0, 3.0]]),
            json!([[1.0], [2.0, 3.0], []]),
        ),
        (
            "SharedSet<ObjectRef>",
            json!([]),
            json!([format!("#{b}")]),
            json!([format!("#{a}")]),
            json!([format!("#{a}"), format!("#{b}")]),
        ),
    ] {
        let ty = Type::parse(rust_type).unwrap();
        let packed = |json| Slot {
            name: "s".into(),
            rust_type: rust_type.into(),
            value: value_from_json(&ty, json).unwrap(),
        };
        commit(&image, |t| t.set_slot(a, packed(&base)).unwrap());
        let mut one = image.begin(Author::Person);
        let mut two = image.begin(Author::Person);
        one.set_slot(a, packed(&theirs)).unwrap();
        two.set_slot(a, packed(&mine)).unwrap();
        one.commit().unwrap();
        two.commit().unwrap();
        let (_, slot) = image.view().find_slot(a, "s").unwrap().unwrap();
        let json = value_to_json(&ty, &slot.value).unwrap();
        assert_eq!(packed(&json), slot, "{rust_type}: {json}");
        assert_eq!(packed(&merged), slot, "{rust_type}: {json}");
    }
}

#[test]
fn counters_lose_nothing_under_many_writers() {
    const WRITERS: usize = 8;
    const ADDS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let counter = |n: u8| Slot {
        name: "n".into(),
        rust_type: "Counter".into(),
        value: vec![n],
    };
    commit(&image, |t| t.set_slot(a, counter(0)).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..ADDS {
                    let mut t = image.begin(Author::Kernel);
                    let now = t.head(a).unwrap().unwrap().slots[0].value[0];
                    t.set_slot(a, counter(now + 1)).unwrap();
                    t.commit().unwrap();
                }
            });
        }
    });
    let head = image.view().head(a).unwrap().unwrap();
    assert_eq!(head.slots[0].value, [96]);
    assert_eq!(image.statistics().conflicts, 0);
}

/// Whoever is alone commits in its own thread; others come and go while it does.
#[test]
fn one_writer_and_many_take_turns() {
    const COMMITS: u64 = 20;
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let a = create(&image, "A", None);
    let before = image.tid();
    let write = |writer: u8| {
        for count in 0..COMMITS {
            let own = format!("s{writer}");
            let work = |t: &mut Transaction| -> Result<(), CommitError> {
                t.set_slot(a, slot(&own, count as u8)).unwrap();
                Ok(())
            };
            let ((), tid) = image.transact(Author::Kernel, work).unwrap();
            // Who has an answer sees it.
            assert!(image.view().tid() >= tid);
        }
    };
    for round in 0..3 {
        write(round);
        std::thread::scope(|scope| {
            let write = &write;
            for writer in 3..11 {
                scope.spawn(move || write(writer));
            }
        });
    }
    let head = image.view().head(a).unwrap().unwrap();
    assert_eq!(head.slots.len(), 11);
    assert!(head.slots.iter().all(|s| s.value == [COMMITS as u8 - 1]));
    assert_eq!(image.tid() - before, 3 * 9 * COMMITS);
    image.close().unwrap();
    let again = Image::open(folder.path()).unwrap();
    assert_eq!(again.tid() - before, 3 * 9 * COMMITS);
    assert_eq!(again.recovery().replayed, 0);
}

#[test]
fn a_transaction_outlives_a_committer_that_whoever_is_alone_has_used() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    for name in 0..20 {
        create(&image, &format!("A{name}"), None);
    }
    let mut late = image.begin(Author::Kernel);
    late.create_object("late", None).unwrap();
    image.close().unwrap();
    assert!(matches!(late.commit(), Err(CommitError::Closed)));
    assert!(
        Image::open(folder.path())
            .unwrap()
            .view()
            .oid_named("late")
            .unwrap()
            .is_none()
    );
}
