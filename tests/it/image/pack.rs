//! Pack: what is dropped, what stays, and that nothing else changes, whatever happens meanwhile.

mod disturbed;
mod garbage;
mod killed;

use std::fs;
use std::path::Path;

use batos::image::check::{FsckReport, fsck, verify};
use batos::image::{
    Author, BackupError, Extent, Image, ImageError, PackError, PackOptions, PackUntil, Packed,
    Read, Tid, restore, state_hash,
};

use super::check::fill;
use super::{commit, create, method, slot};

const NEWEST: PackOptions = PackOptions {
    until: PackUntil::Newest,
    collect: true,
    dry_run: false,
};

fn until(tid: Tid) -> PackOptions {
    PackOptions {
        until: PackUntil::Tid(tid),
        ..NEWEST
    }
}

fn pack(image: &Image, options: &PackOptions) -> Packed {
    image.pack(options, &mut |_, _| {}).unwrap()
}

fn check(image: &Image) -> FsckReport {
    let report = image.fsck(&mut |_, _| {}).unwrap();
    assert_eq!(report.findings, []);
    assert!(report.compared);
    assert_eq!(image.verify(&mut |_, _| {}).unwrap().newest, image.tid());
    report
}

/// All of a state.
fn state(read: &impl Read) -> String {
    format!(
        "{} {:?} {:?}",
        state_hash(read).unwrap(),
        read.objects().unwrap(),
        read.missions().unwrap(),
    )
}

fn present(image: &Image) -> String {
    let view = image.view();
    format!("{} {:?}", state(&view), view.tags().unwrap())
}

fn past(image: &Image, tid: Tid) -> String {
    state(&image.view().at(tid).unwrap())
}

fn refused(image: &Image, tid: Tid) -> String {
    image.view().at(tid).err().unwrap().to_string()
}

/// Opened again, and again with a store made anew, it is the same.
fn check_reopened(image: Image, folder: &Path) -> Image {
    let before = present(&image);
    let pasts: Vec<_> = (0..=image.tid())
        .map(|tid| image.view().at(tid).map(|past| state(&past)).ok())
        .collect();
    image.close().unwrap();
    assert_eq!(fsck(folder, &mut |_, _| {}).unwrap().findings, []);
    verify(folder, None, &mut |_, _| {}).unwrap();
    for is_anew in [false, true] {
        if is_anew {
            fs::remove_dir_all(folder.join("store")).unwrap();
        }
        let image = Image::open(folder).unwrap();
        assert_eq!(present(&image), before);
        for (tid, past) in (0..).zip(&pasts) {
            let found = image.view().at(tid).map(|past| state(&past)).ok();
            assert_eq!(found, *past, "transaction {tid}, store anew: {is_anew}");
        }
        check(&image);
        image.close().unwrap();
    }
    Image::open(folder).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_present_stays_and_the_past_goes() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    commit(&image, |t| t.remove_tag("early").unwrap());
    let (before, newest) = (present(&image), image.tid());
    let hash = image.verify(&mut |_, _| {}).unwrap().hash;
    let packed = pack(&image, &NEWEST);
    assert_eq!((packed.horizon, packed.horizon_before), (newest, 0));
    assert_eq!(packed.transactions, newest);
    assert_eq!(packed.audit, newest - 1);
    assert!(packed.pinned.is_empty());
    assert!(packed.versions > 0 && packed.log_bytes > 0 && packed.base_bytes > 0);
    assert_eq!(present(&image), before);
    assert_eq!(image.tid(), newest);
    insta::assert_snapshot!(refused(&image, 3), @"transaction 3 was packed away: the history begins at 8");
    let mut t = image.begin(Author::Person);
    insta::assert_snapshot!(t.undo(3).unwrap_err(), @"transaction 3 was packed away: the history begins at 8");
    assert!(t.undo(newest).is_err());
    drop(t);
    assert_eq!(image.view().audit_since(0, 99).unwrap().len(), 1);
    let report = check(&image);
    assert_eq!((report.base, report.transactions), (Some(newest), 0));
    assert_eq!(report.unpacked, 0);
    assert_eq!(image.verify(&mut |_, _| {}).unwrap().hash, hash);
    assert_eq!(
        files(&folder.path().join("log")),
        ["00000000000000000009.log"]
    );
    assert_eq!(
        files(&folder.path().join("base")),
        ["00000000000000000008.base"]
    );
    // It goes on, and can be undone from here on.
    let later = create(&image, "Later", None);
    let mut t = image.begin(Author::Person);
    t.undo(newest + 1).unwrap();
    t.commit().unwrap();
    assert_eq!(image.view().head(later).unwrap(), None);
    assert_eq!(state(&image.view()), past(&image, newest));
    check_reopened(image, folder.path());
}

#[test]
fn a_past_in_the_middle_is_where_history_begins() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    commit(&image, |t| t.remove_tag("early").unwrap());
    let newest = image.tid();
    let pasts: Vec<_> = (0..=newest).map(|tid| past(&image, tid)).collect();
    let mut image = image;
    for horizon in [2, 3, 3, 6, newest] {
        let packed = pack(&image, &until(horizon));
        assert_eq!(packed.horizon, horizon);
        for tid in 0..=newest {
            match image.view().at(tid) {
                Ok(view) => assert_eq!(state(&view), pasts[usize::try_from(tid).unwrap()]),
                Err(error) => assert!(matches!(error, ImageError::PackedAway { .. })),
            }
            assert_eq!(image.view().at(tid).is_ok(), tid >= horizon);
        }
        let audited = image.view().audit_since(0, 99).unwrap();
        let tids = audited.iter().map(|entry| entry.tid);
        let later: Vec<_> = tids.filter(|tid| *tid >= horizon).collect();
        assert_eq!(later, (horizon..=newest).collect::<Vec<_>>());
        assert_eq!(check(&image).base, Some(horizon));
        // Nothing of what was dropped is left in the log.
        let first = files(&folder.path().join("log")).remove(0);
        assert_eq!(first, format!("{:020}.log", horizon + 1));
        if horizon > 3 {
            image = check_reopened(image, folder.path());
        }
    }
    let error = image.pack(&until(2), &mut |_, _| {}).unwrap_err();
    insta::assert_snapshot!(error, @"cannot pack until transaction 2: the history begins at 8 already");
    let error = image.pack(&until(99), &mut |_, _| {}).unwrap_err();
    insta::assert_snapshot!(error, @"cannot pack until transaction 99: the newest is 8");
    insta::assert_snapshot!(error.hint(), @"`batos image history` shows what there is");
}

#[test]
fn what_tags_pin_stays_readable() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let newest = image.tid();
    commit(&image, |t| {
        t.set_tag("none yet", 0).unwrap();
        t.set_tag("four", 4).unwrap();
    });
    let pasts = [0, 2, 4].map(|tid| past(&image, tid));
    let packed = pack(&image, &until(newest));
    assert_eq!(packed.pinned, [4, 2, 0]);
    assert_eq!([0, 2, 4].map(|tid| past(&image, tid)), pasts);
    for tid in [1, 3, 5, 6] {
        assert!(image.view().at(tid).is_err(), "{tid}");
    }
    let audited = image.view().audit_since(0, 99).unwrap();
    let audited: Vec<_> = audited.iter().map(|entry| entry.tid).collect();
    assert_eq!(audited, [2, 4, 7, 8]);
    let image = check_reopened(image, folder.path());
    // A tag that is set again may name what another one does, nothing else.
    commit(&image, |t| {
        t.set_tag("again", 4).unwrap();
        assert!(matches!(
            t.set_tag("gone", 3),
            Err(ImageError::PackedAway { tid: 3, .. })
        ));
        t.remove_tag("four").unwrap();
    });
    assert_eq!(past(&image, 4), pasts[2]);
    // What no tag pins any more goes with the next pack, and with it what only that needed.
    commit(&image, |t| {
        t.remove_tag("early").unwrap();
        t.remove_tag("none yet").unwrap();
    });
    let again = pack(&image, &NEWEST);
    assert_eq!((again.horizon, &*again.pinned), (image.tid(), &[4][..]));
    assert!(again.versions > 0 && again.audit > 0);
    assert_eq!(past(&image, 4), pasts[2]);
    let image = check_reopened(image, folder.path());
    commit(&image, |t| t.remove_tag("again").unwrap());
    let horizon = again.horizon;
    let last = pack(&image, &until(horizon));
    assert_eq!(last.pinned, [4], "at the horizon it was still there");
    let last = pack(&image, &until(horizon + 1));
    assert!(last.pinned.is_empty());
    let image = check_reopened(image, folder.path());
    assert!(image.view().at(4).is_err());
}

#[test]
fn a_time_says_from_when_on() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    for name in ["A", "B", "C"] {
        create(&image, name, None);
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    let time = |tid| image.view().audit(tid).unwrap().unwrap().time_ms;
    let at = |time_ms| PackOptions {
        until: PackUntil::Time(time_ms),
        ..NEWEST
    };
    assert_eq!(pack(&image, &at(time(1) - 1)).horizon, 0);
    assert_eq!(pack(&image, &at(time(2) - 1)).horizon, 1);
    assert_eq!(pack(&image, &at(time(2))).horizon, 2);
    // Nothing comes back by an earlier time.
    assert_eq!(pack(&image, &at(0)).horizon, 2);
    assert_eq!(pack(&image, &at(u64::MAX)).horizon, 3);
    check_reopened(image, folder.path());
}

#[test]
fn a_dry_run_says_what_would_be_freed_and_frees_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    // Nothing leads to these, and one of them has a method.
    let wasm = image.blobs().put(b"gone soon").unwrap();
    commit(&image, |t| {
        let first = t.create_object("", None).unwrap();
        t.create_object("", Some(first)).unwrap();
        t.put_method(first, method("m", "m", wasm)).unwrap();
    });
    let image = check_reopened(image, folder.path());
    let before = present(&image);
    let listed = (files(folder.path()), files(&folder.path().join("blobs")));
    let dry = pack(
        &image,
        &PackOptions {
            dry_run: true,
            ..NEWEST
        },
    );
    assert_eq!(present(&image), before);
    let left = (files(folder.path()), files(&folder.path().join("blobs")));
    assert_eq!(left, listed);
    assert!(image.view().at(1).is_ok());
    let packed = pack(&image, &NEWEST);
    // Their removal was one transaction, with a record for each object and method and its audit entry.
    assert_eq!((dry.objects, packed.objects), (2, 2));
    assert_eq!(packed.horizon, dry.horizon + 1);
    assert_eq!(packed.versions, dry.versions + 3);
    assert_eq!(packed.versions_left, dry.versions_left);
    assert_eq!(packed.audit, dry.audit + 1);
    assert_eq!(packed.pinned, dry.pinned);
    assert_eq!(
        (packed.blobs, packed.blob_bytes),
        (dry.blobs, dry.blob_bytes)
    );
    assert_eq!((dry.blobs, dry.blob_bytes), (2, 15));
    assert!(dry.dry_run && !packed.dry_run);
    check_reopened(image, folder.path());
}

#[test]
fn packing_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(pack(&image, &NEWEST).horizon, 0);
    fill(&image);
    pack(&image, &NEWEST);
    let base = folder.path().join("base/00000000000000000007.base");
    let written = fs::metadata(&base).unwrap().modified().unwrap();
    let again = pack(&image, &NEWEST);
    assert_eq!((again.versions, again.audit, again.base_bytes), (0, 0, 0));
    assert_eq!(again.horizon, again.horizon_before);
    assert_eq!(fs::metadata(&base).unwrap().modified().unwrap(), written);
    check_reopened(image, folder.path());
}

#[test]
fn blobs_stay_for_as_long_as_anything_needs_them() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let [first, second] = fill(&image);
    let stray = image.blobs().put(b"nobody's").unwrap();
    commit(&image, |t| t.set_tag("with second", 3).unwrap());
    // Nothing goes that this session has put: somebody may be about to refer to it.
    assert_eq!(pack(&image, &NEWEST).blobs, 0);
    let image = check_reopened(image, folder.path());
    assert_eq!(pack(&image, &NEWEST).blobs, 1);
    assert!(!image.blobs().contains(stray));
    // A tag keeps the code of its time.
    let past = image.view().at(3).unwrap();
    let gone = past.object_named("Savings").unwrap().unwrap();
    assert_eq!(image.blobs().get(gone.methods[0].wasm).unwrap(), b"second");
    drop(past);
    commit(&image, |t| t.remove_tag("with second").unwrap());
    // A transaction that is to refer to it keeps it, too.
    let mut t = image.begin(Author::Person);
    let account = t.oid_named("Account").unwrap().unwrap();
    t.put_method(account, method("back", "two", second))
        .unwrap();
    assert_eq!(pack(&image, &NEWEST).blobs, 0);
    t.commit().unwrap();
    commit(&image, |t| t.remove_method(account, "back").unwrap());
    let image = check_reopened(image, folder.path());
    assert_eq!(pack(&image, &NEWEST).blobs, 1);
    assert!(!image.blobs().contains(second));
    assert!(image.blobs().contains(first));
    let mut t = image.begin(Author::Person);
    let put = t.put_method(account, method("back", "two", second));
    assert!(matches!(put, Err(ImageError::MissingBlob { .. })));
    drop(t);
    check_reopened(image, folder.path());
}

#[test]
fn numbers_are_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    let last = create(&image, "B", None);
    let mission = commit(&image, |t| {
        t.create_mission(1, "IDLE", "{}".into()).unwrap()
    });
    commit(&image, |t| t.remove_object(last).unwrap());
    pack(&image, &NEWEST);
    let image = check_reopened(image, folder.path());
    assert_eq!(create(&image, "C", None), last + 1);
    let next = commit(&image, |t| {
        t.create_mission(1, "IDLE", "{}".into()).unwrap()
    });
    assert_eq!(next, mission + 1);
}

#[test]
fn backups_go_on_after_a_pack() {
    let folder = tempfile::tempdir().unwrap();
    let backups = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let back_up = |image: &Image, extent| image.backup(backups.path(), extent, &mut |_| {});
    fill(&image);
    assert_eq!(back_up(&image, Extent::Full).unwrap().last, 7);
    create(&image, "Later", None);
    create(&image, "Last", None);
    pack(&image, &until(8));
    let refused = back_up(&image, Extent::SinceNewest).unwrap_err();
    insta::assert_snapshot!(refused, @"transaction 8 is no longer in the log, which begins at 9");
    insta::assert_snapshot!(refused.hint(), @"make a full backup: leave `--since` away");
    assert!(matches!(refused, BackupError::PackedAway { .. }));
    assert_eq!(back_up(&image, Extent::Full).unwrap().last, 9);
    // From the horizon on increments are as before.
    create(&image, "After", None);
    pack(&image, &until(9));
    assert_eq!(back_up(&image, Extent::SinceNewest).unwrap().last, 10);
    for (to, newest) in [(None, 10), (Some(9), 9), (Some(7), 7), (Some(3), 3)] {
        let target = tempfile::tempdir().unwrap();
        let target = target.path().join("restored");
        let restored = restore(backups.path(), &target, to, &mut |_| {}).unwrap();
        assert_eq!(restored.tid, newest);
        let other = Image::open(&target).unwrap();
        check(&other);
        if newest >= image.view().horizon() {
            assert_eq!(state(&other.view()), past(&image, newest));
        }
        if newest == 10 {
            assert_eq!(other.view().horizon(), 8);
            assert_eq!(present(&other), present(&image));
            // What the tag pins came along.
            assert_eq!(past(&other, 2), past(&image, 2));
        }
    }
}

#[test]
fn a_group_is_divided_where_history_begins() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    // Together they make groups of more than one.
    while image.statistics().largest_group < 3 {
        std::thread::scope(|scope| {
            for n in 0..8 {
                let image = &image;
                scope.spawn(move || commit(image, |t| t.set_fact(&format!("k{n}"), "v").unwrap()));
            }
        });
    }
    let newest = image.tid();
    let mut image = image;
    for horizon in 1..=newest.min(24) {
        let before: Vec<_> = (horizon..=newest).map(|tid| past(&image, tid)).collect();
        pack(&image, &until(horizon));
        let after: Vec<_> = (horizon..=newest).map(|tid| past(&image, tid)).collect();
        assert_eq!(before, after);
        let first = files(&folder.path().join("log")).remove(0);
        assert_eq!(first, format!("{:020}.log", horizon + 1));
        check(&image);
        if horizon.is_multiple_of(8) {
            image = check_reopened(image, folder.path());
        }
    }
}

#[test]
fn many_versions_and_a_second_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let oid = create(&image, "Counter", None);
    // More of one thing than are taken out at once; it goes and comes back, too.
    for n in 0..700 {
        commit(&image, |t| {
            t.set_slot(oid, slot("n", n as u8)).unwrap();
            match n % 3 {
                0 => t.set_fact("now and then", "there").unwrap(),
                _ => _ = t.remove_fact("now and then").unwrap(),
            }
        });
        if n == 350 {
            let tid = image.tid();
            commit(&image, |t| t.set_tag("middle", tid).unwrap());
        }
    }
    let middle = image.view().tag("middle").unwrap().unwrap().pinned;
    let (now, then) = (present(&image), past(&image, middle));
    let packed = pack(&image, &NEWEST);
    assert_eq!(packed.pinned, [middle]);
    assert!(
        packed.versions > 1000 && packed.versions_left < 10,
        "{packed:?}"
    );
    assert_eq!((present(&image), past(&image, middle)), (now, then));
    check_reopened(image, folder.path());
}

#[test]
fn a_damaged_log_is_not_packed_away() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let log = folder.path().join("log/00000000000000000001.log");
    let whole = fs::read(&log).unwrap();
    // Room follows the groups while the image is open.
    let groups = whole.iter().rposition(|byte| *byte != 0).unwrap();
    super::check::flip(&log, groups / 2);
    let error = image.pack(&NEWEST, &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, PackError::Log(_)), "{error}");
    assert!(error.hint().contains("fsck"));
    assert_eq!(image.view().horizon(), 0);
    assert!(files(folder.path()).iter().all(|name| name != "base"));
    // Tags may name the past again, which stays.
    commit(&image, |t| t.set_tag("past", 3).unwrap());
    super::check::flip(&log, groups / 2);
    assert_eq!(pack(&image, &NEWEST).pinned, [3, 2]);
    check_reopened(image, folder.path());
}
