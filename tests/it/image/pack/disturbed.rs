//! Commits, readers and errors while a pack is under way.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use batos::image::{Author, CommitError, Image, ImageError, Oid, PackError, PackStep, Read, Tid};

use super::{NEWEST, check, check_reopened, files, pack, past, present, state};
use crate::image::check::fill;
use crate::image::{commit, create, slot};

/// Does something once, when pack comes to a step.
fn at_step(image: &Image, step: PackStep, work: impl FnOnce(&Image)) {
    let mut work = Some(work);
    let packed = image.pack(&NEWEST, &mut |at, _| {
        if at == step
            && let Some(work) = work.take()
        {
            work(image);
        }
    });
    packed.unwrap();
    assert!(work.is_none(), "{step} was not come to");
}

/// Ends the writers, also when what they are there for has failed.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Commits until it is done; gives how often.
fn write(image: &Image, thread: u64, counter: Oid, done: &AtomicBool) -> u64 {
    let mut written = 0;
    while !done.load(Ordering::Relaxed) || written < 50 {
        let mut t = image.begin(Author::Person);
        t.set_fact(&thread.to_string(), &written.to_string())
            .unwrap();
        if written % 8 == 0 {
            t.create_object("", None).unwrap();
        }
        if thread == 0 {
            t.set_slot(counter, slot("n", written as u8)).unwrap();
            if written % 16 == 0 {
                let now = t.snapshot().tid();
                // Unless that is just packed away.
                let _ = t.set_tag("now", now);
            }
        }
        match t.commit() {
            Ok(tid) => {
                let seen = image.view();
                assert!(seen.tid() >= tid);
                let fact = seen.fact(&thread.to_string()).unwrap();
                assert_eq!(fact, Some(written.to_string()));
                written += 1;
            }
            Err(CommitError::Unreadable(ImageError::PackedAway { .. })) => {}
            Err(error) => panic!("{error}"),
        }
    }
    written
}

#[test]
fn commits_by_many_go_on_and_all_stay() {
    const THREADS: u64 = 4;
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let counter = create(&image, "Counter", None);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let is_done = Done(&done);
        let writers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (image, done) = (&image, &done);
                scope.spawn(move || write(image, thread, counter, done))
            })
            .collect();
        let mut last = 0;
        for _ in 0..4 {
            let before = image.tid();
            while image.tid() < before + 40 {
                std::thread::yield_now();
            }
            let packed = pack(&image, &NEWEST);
            assert!(packed.horizon > before && packed.horizon_before == last);
            last = packed.horizon;
            let report = image.fsck(&mut |_, _| {}).unwrap();
            assert_eq!((report.findings, report.unpacked), (vec![], 0));
        }
        drop(is_done);
        for (thread, writer) in (0..).zip(writers) {
            let written = writer.join().unwrap();
            let fact = image.view().fact(&format!("{thread}")).unwrap();
            assert_eq!(fact, Some((written - 1).to_string()));
        }
    });
    check_reopened(image, folder.path());
}

#[test]
fn a_view_that_is_held_stays_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let view = image.view();
    let held = view.at(3).unwrap();
    let (now, then) = (state(&view), state(&held));
    at_step(&image, PackStep::Verify, |image| {
        // Until the base is there the past is readable.
        assert_eq!(past(image, 3), then);
    });
    assert_eq!((state(&view), state(&held)), (now, then));
    assert!(image.view().at(3).is_err());
    drop((view, held));
    check_reopened(image, folder.path());
}

#[test]
fn a_transaction_from_before_goes_on_after() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let oid = create(&image, "A", None);
    let mut early = image.begin(Author::Person);
    early.set_slot(oid, slot("mine", 1)).unwrap();
    let mut late = image.begin(Author::Person);
    late.set_slot(oid, slot("late", 2)).unwrap();
    create(&image, "B", None);
    pack(&image, &NEWEST);
    early.commit().unwrap();
    // What was the object when it began can no longer be compared with.
    let conflict = late.commit().unwrap_err();
    insta::assert_snapshot!(conflict, @"A was changed by another transaction (read at 1, now at 3)");
    check_reopened(image, folder.path());
}

#[test]
fn no_tag_comes_to_name_what_is_just_going() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let newest: Tid = image.tid();
    let kept = past(&image, 2);
    at_step(&image, PackStep::Write, |image| {
        let mut t = image.begin(Author::Person);
        t.set_tag("too late", 3).unwrap();
        let refused = t.commit().unwrap_err();
        let CommitError::Unreadable(error) = refused else {
            panic!("{refused}");
        };
        insta::assert_snapshot!(error, @"transaction 3 was packed away: the history begins at 7");
        commit(image, |t| {
            t.set_tag("as early", 2).unwrap();
            t.set_tag("horizon", newest).unwrap();
            t.remove_tag("early").unwrap();
        });
    });
    assert_eq!(past(&image, 2), kept);
    let image = check_reopened(image, folder.path());
    assert_eq!(past(&image, 2), kept);
}

#[test]
fn what_cannot_be_written_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let before = present(&image);
    // Where the base's folder should come is something else.
    let base = folder.path().join("base");
    fs::write(&base, "in the way").unwrap();
    let error = image.pack(&NEWEST, &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, PackError::Log(_)), "{error}");
    assert!(error.hint().contains("has room"), "{}", error.hint());
    fs::remove_file(&base).unwrap();
    assert_eq!(present(&image), before);
    assert_eq!(image.view().horizon(), 0);
    for tid in 0..7 {
        assert!(image.view().at(tid).is_ok());
    }
    commit(&image, |t| t.set_tag("past", 3).unwrap());
    check(&image);
    assert_eq!(pack(&image, &NEWEST).pinned, [3, 2]);
    check_reopened(image, folder.path());
}

#[test]
fn what_a_kill_left_unfinished_is_removed_at_opening() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    pack(&image, &NEWEST);
    image.close().unwrap();
    for part in ["base", "log"] {
        let part = folder.path().join(part);
        let before = files(&part);
        fs::write(part.join("unfinishedX1"), "half a file").unwrap();
        Image::open(folder.path()).unwrap().close().unwrap();
        assert_eq!(files(&part), before);
    }
}
