//! Checks: a healthy image is clean, and no damage to any of its parts goes unnoticed.

use std::fs;
use std::path::{Path, PathBuf};

use batos::image::check::{ChainMark, CheckError, Cure, Finding, FsckReport, Part, fsck, verify};
use batos::image::{Author, BlobId, Image, OpenError, Tid};

use super::{commit, create, method, slot};

pub(super) fn check(folder: &Path) -> FsckReport {
    fsck(folder, &mut |_, _| {}).unwrap()
}

pub(super) fn check_open(image: &Image) -> FsckReport {
    image.fsck(&mut |_, _| {}).unwrap()
}

/// What was found, without the folder, a line for each.
pub(super) fn lines(folder: &Path, report: &FsckReport) -> String {
    let folder = format!("{}/", folder.display());
    let line = |finding: &Finding| {
        let text = finding.to_string().replace(&folder, "");
        format!("{text} ({:?})\n", finding.cure)
    };
    report.findings.iter().map(line).collect()
}

/// Seven transactions with everything that an image can have. Two methods need one blob each.
pub(super) fn fill(image: &Image) -> [BlobId; 2] {
    let first = image.blobs().put(b"first").unwrap();
    let second = image.blobs().put(b"second").unwrap();
    let account = create(image, "Account", None);
    let savings = create(image, "Savings", Some(account));
    commit(image, |t| {
        t.set_slot(account, slot("balance", 1)).unwrap();
        t.put_method(account, method("deposit", "one", first))
            .unwrap();
        t.put_method(savings, method("gone", "two", second))
            .unwrap();
        t.create_mission(7, "IDLE", "{}".into()).unwrap();
    });
    commit(image, |t| {
        t.remove_method(savings, "gone").unwrap();
        t.set_fact("a", "1").unwrap();
        t.set_fact("b", "2").unwrap();
        t.audit("removed");
    });
    commit(image, |t| {
        t.remove_fact("a").unwrap();
        t.set_tag("early", 2).unwrap();
    });
    let passing = create(image, "Passing", None);
    commit(image, |t| {
        t.remove_object(passing).unwrap();
        t.set_name(savings, "Deposits").unwrap();
    });
    [first, second]
}

/// An image with [`fill`], closed.
pub(super) fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    image.close().unwrap();
    folder
}

pub(super) fn log_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("log")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Makes the log begin after a base of the newest transaction, as it does in an image that began
/// without a log.
pub(super) fn begin_at_base(folder: &Path) -> PathBuf {
    fs::remove_dir_all(folder.join("log")).unwrap();
    fs::write(folder.join("format"), "BAT OS living image, format 1\n").unwrap();
    Image::open(folder).unwrap().close().unwrap();
    // That image's store had no history before the base.
    fs::remove_dir_all(folder.join("store")).unwrap();
    Image::open(folder).unwrap().close().unwrap();
    let base = fs::read_dir(folder.join("base")).unwrap().next();
    base.unwrap().unwrap().path()
}

pub(super) fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_healthy_image_is_clean_open_and_closed() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    assert!(check_open(&image).is_clean());
    fill(&image);
    image.count_call(1, "deposit", true);
    create(&image, "Later", None);
    let report = check_open(&image);
    assert_eq!(lines(folder.path(), &report), "");
    assert!(report.compared && report.torn.is_none());
    assert_eq!((report.tid, report.base, report.transactions), (8, None, 8));
    assert_eq!((report.objects, report.methods, report.blobs), (3, 1, 2));
    assert_eq!(report.stray_blobs, 0);
    image.blobs().put(b"nobody needs it").unwrap();
    image.close().unwrap();
    let closed = check(folder.path());
    assert_eq!(lines(folder.path(), &closed), "");
    assert_eq!((closed.stray_blobs, closed.stray_bytes), (1, 15));
    assert_eq!(closed.hash, report.hash);
    // Nothing is left of the store that was compared with.
    let left = fs::read_dir(folder.path()).unwrap();
    let mut left: Vec<_> = left.map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["blobs", "format", "lock", "log", "store"]);
}

#[test]
fn an_image_with_a_base_is_clean() {
    let folder = filled();
    begin_at_base(folder.path());
    let image = Image::open(folder.path()).unwrap();
    create(&image, "Later", None);
    let report = check_open(&image);
    assert_eq!(lines(folder.path(), &report), "");
    let known = (report.tid, report.base, report.transactions);
    assert_eq!(known, (8, Some(7), 1));
}

#[test]
fn a_check_disturbs_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..200 {
                commit(&image, |t| t.set_fact(&format!("k/{n}"), "v").unwrap());
            }
        });
        while !writer.is_finished() {
            let report = check_open(&image);
            assert_eq!(lines(folder.path(), &report), "");
            assert!(report.compared);
        }
    });
    assert_eq!(check_open(&image).transactions, 207);
    let error = fsck(folder.path(), &mut |_, _| {}).unwrap_err();
    assert!(
        matches!(error, CheckError::Open(OpenError::Locked { .. })),
        "{error}"
    );
}

#[test]
fn damage_to_an_open_image_is_found_while_it_works() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    flip(&log_files(folder.path())[0], 200);
    let report = check_open(&image);
    let [finding] = &report.findings[..] else {
        panic!("{:?}", report.findings);
    };
    assert_eq!((finding.part, finding.cure), (Part::Log, Cure::Repair));
    insta::assert_snapshot!(finding.why, @"there is no whole group of transactions, but one follows at byte 339");
    let error = image.verify(&mut |_, _| {}).unwrap_err();
    assert!(matches!(error, CheckError::Log(_)), "{error}");
    create(&image, "Later", None);
    assert_eq!(check_open(&image).findings, report.findings);
}

#[test]
fn a_folder_without_an_image_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let error = fsck(folder.path(), &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, CheckError::NoImage { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let folder = filled();
    fs::remove_dir_all(folder.path().join("log")).unwrap();
    fs::write(
        folder.path().join("format"),
        "BAT OS living image, format 1\n",
    )
    .unwrap();
    let error = fsck(folder.path(), &mut |_, _| {}).unwrap_err();
    assert!(
        matches!(error, CheckError::OldFormat { found: 1, .. }),
        "{error}"
    );
}

#[test]
fn what_a_crash_leaves_is_no_damage() {
    let folder = filled();
    let log = log_files(folder.path()).remove(0);
    let mut bytes = fs::read(&log).unwrap();
    bytes.extend_from_slice(b"BFR1 and then the power went");
    fs::write(&log, &bytes).unwrap();
    let report = check(folder.path());
    assert_eq!(lines(folder.path(), &report), "");
    assert_eq!(report.torn.unwrap().bytes, 28);
    assert_eq!(fs::read(&log).unwrap(), bytes, "a check cuts nothing off");
}

#[test]
fn blobs_are_read_and_those_who_need_them_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let [first, second] = fill(&image);
    let path = |id: BlobId| folder.path().join("blobs").join(id.to_string());
    flip(&path(first), 2);
    fs::remove_file(path(second)).unwrap();
    let report = check_open(&image);
    insta::assert_snapshot!(lines(folder.path(), &report), @r"
    blob 22896bcbc3d1c76a0b90c4c3523dbea532ad63196fafdbd52cced52200d3dae4: it does not have its hash: it is damaged; needed by deposit of Account (Recompile)
    blob cd85637651ec7a557bddd61c5ddd1df21ad8bbbaf6c3c098482b3ed1c1014964: it is missing; only the past of gone of Deposits needs it (Recompile)
    ");
    assert!(report.findings.iter().all(|f| f.part == Part::Blob));
    assert!(report.findings.iter().all(|f| f.cure == Cure::Recompile));
    // What compiles the methods again makes the image whole.
    image.blobs().put(b"first").unwrap();
    image.blobs().put(b"second").unwrap();
    assert!(check_open(&image).is_clean());
}

/// Changes the store behind the image's back, by the storage engine itself.
fn in_store(folder: &Path, keyspace: &str, work: impl FnOnce(&fjall::Keyspace)) {
    let database = fjall::Database::builder(folder.join("store")).open();
    let database = database.unwrap();
    let keyspace = database.keyspace(keyspace, fjall::KeyspaceCreateOptions::default);
    work(&keyspace.unwrap());
    database.persist(fjall::PersistMode::SyncAll).unwrap();
}

pub(super) fn spoil_store(folder: &Path) {
    // A name that leads elsewhere, one that is gone, an object with another's record.
    in_store(folder, "current", |current| {
        let other = current.get(b"\x03Deposits").unwrap().unwrap();
        current.insert(b"\x03Account", other).unwrap();
        current.remove(b"\x03Deposits").unwrap();
        let key = |oid: u64| [&[2][..], &oid.to_be_bytes()].concat();
        let first = current.get(key(1)).unwrap().unwrap();
        current.insert(key(9), first).unwrap();
        let mut fact = current.get(b"\x07b").unwrap().unwrap().to_vec();
        *fact.last_mut().unwrap() ^= 1;
        current.insert(b"\x07b", fact).unwrap();
    });
    in_store(folder, "history", |history| {
        let fact = [&b"\x07a\0"[..], &(!4_u64).to_be_bytes()].concat();
        history.remove(fact).unwrap();
    });
    in_store(folder, "audit", |audit| {
        audit.remove(3_u64.to_be_bytes()).unwrap();
    });
}

#[test]
fn every_record_of_the_store_is_looked_into_and_compared() {
    let folder = filled();
    spoil_store(folder.path());
    let report = check(folder.path());
    insta::assert_snapshot!(lines(folder.path(), &report), @r#"
    object 9: it is not the newest version in the history (Repair)
    name Account: it is not the newest version in the history (Repair)
    fact b: its checksum does not match: it is damaged (Repair)
    name Deposits: the history has it as it is now, and it is not there (Repair)
    name Account: it is of object 2, whose name is "Deposits" (Repair)
    object 1: its name "Account" does not lead to it (Repair)
    object 2: its name "Deposits" does not lead to it (Repair)
    object 9: its name "Account" does not lead to it (Repair)
    object 9: base and log do not have it (Repair)
    name Account: it differs from what base and log give (Repair)
    name Deposits: it is missing (Repair)
    fact b: it differs from what base and log give (Repair)
    fact a as of transaction 4: it is missing (Repair)
    audit entry 3: it is missing (Repair)
    "#);
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(check_open(&image).findings, report.findings);
}

#[test]
fn no_flipped_byte_of_the_log_goes_unnoticed() {
    let folder = filled();
    let log = log_files(folder.path()).remove(0);
    let whole = fs::read(&log).unwrap();
    for at in (0..whole.len()).step_by(37) {
        flip(&log, at);
        let report = check(folder.path());
        let found = report.findings.iter().any(|f| f.part == Part::Log);
        assert!(found, "byte {at}: {:?}", report.findings);
        let error = verify(folder.path(), None, &mut |_, _| {});
        // The end of the last group looks torn where nobody knows the store.
        assert!(
            error.map_or(true, |verified| verified.newest < 7),
            "byte {at}"
        );
        fs::write(&log, &whole).unwrap();
    }
    assert!(check(folder.path()).is_clean());
}

#[test]
fn no_flipped_byte_of_a_base_goes_unnoticed() {
    let folder = filled();
    let base = begin_at_base(folder.path());
    let whole = fs::read(&base).unwrap();
    for at in (0..whole.len()).step_by(53) {
        flip(&base, at);
        let report = check(folder.path());
        let parts: Vec<_> = report.findings.iter().map(|f| f.part).collect();
        assert!(parts.contains(&Part::Base), "byte {at}: {parts:?}");
        fs::write(&base, &whole).unwrap();
    }
    assert!(check(folder.path()).is_clean());
}

#[test]
fn a_hash_that_was_written_down_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let verified = image.verify(&mut |_, _| {}).unwrap();
    assert_eq!((verified.newest, verified.transactions), (0, 0));
    fill(&image);
    let written_down = image.verify(&mut |_, _| {}).unwrap().hash.to_string();
    assert_eq!(written_down.len(), 64);
    let mut t = image.begin(Author::Person);
    t.set_fact("later", "1").unwrap();
    t.commit().unwrap();
    let mark = written_down.parse().unwrap();
    let verified = image.verify_against(mark, &mut |_, _| {}).unwrap();
    assert_eq!(verified.found, Some(7));
    assert_eq!((verified.first, verified.newest), (1, 8));
    assert_eq!((verified.transactions, verified.groups), (8, 8));
    let by = (verified.by_kernel, verified.by_person, verified.by_mission);
    assert_eq!(by, (7, 1, 0));
    assert!(verified.first_ms > 0 && verified.first_ms <= verified.newest_ms);
    let other = written_down.replace(['0', '1'], "2").parse().unwrap();
    let against_other = image.verify_against(other, &mut |_, _| {}).unwrap();
    assert_eq!(against_other.found, None);
    assert!("12".parse::<ChainMark>().is_err());
    image.close().unwrap();
    let closed = verify(folder.path(), Some(mark), &mut |_, _| {}).unwrap();
    assert_eq!(closed, verified);
    // What is no longer in the log is on the chain through its last hash only.
    begin_at_base(folder.path());
    let closed = verify(folder.path(), Some(mark), &mut |_, _| {}).unwrap();
    let base: Tid = closed.base.unwrap().0;
    assert_eq!((closed.found, base, closed.transactions), (None, 8, 0));
}
