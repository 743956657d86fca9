//! Repair: what can be saved is, what cannot is said first, and nothing is thrown away.

use std::fs;
use std::path::Path;

use batos::image::check::{Cure, Part, RepairError, RepairOptions, RepairReport, repair};
use batos::image::{Image, Read, Tid, state_hash};

use super::check::{begin_at_base, check, check_open, filled, flip, lines, log_files, spoil_store};
use super::create;

const ACCEPT: RepairOptions = RepairOptions {
    dry_run: false,
    accept_loss: true,
};

fn mend(folder: &Path, options: RepairOptions) -> Result<RepairReport, RepairError> {
    repair(folder, options, &mut |_, _| {})
}

fn mended(folder: &Path) -> RepairReport {
    let report = mend(folder, RepairOptions::default()).unwrap();
    assert_eq!(report.remaining, [], "{:?}", report.steps);
    assert_eq!(report.lost, None);
    report
}

fn steps(report: &RepairReport) -> String {
    report.steps.join("\n")
}

/// Everything that is read of the present, with who did what when.
fn everything(folder: &Path) -> String {
    let image = Image::open(folder).unwrap();
    let view = image.view();
    let text = format!(
        "{} {} {:?} {:?} {:?} {:?}",
        image.tid(),
        state_hash(&view).unwrap(),
        view.objects().unwrap(),
        view.missions().unwrap(),
        view.tags().unwrap(),
        view.audit_since(0, usize::MAX).unwrap(),
    );
    image.close().unwrap();
    text
}

fn remove_store(folder: &Path) {
    fs::remove_dir_all(folder.join("store")).unwrap();
}

#[test]
fn a_clean_image_is_left_alone() {
    let folder = filled();
    let report = mended(folder.path());
    assert!(report.steps.is_empty() && report.aside.is_none());
}

#[test]
fn a_store_that_is_not_what_the_log_says_is_made_anew() {
    let folder = filled();
    let before = everything(folder.path());
    spoil_store(folder.path());
    let dry = RepairOptions {
        dry_run: true,
        ..RepairOptions::default()
    };
    let planned = mend(folder.path(), dry).unwrap();
    insta::assert_snapshot!(steps(&planned), @r"
    move store aside
    make the store anew from base and log
    ");
    assert!(planned.remaining.iter().all(|f| f.cure == Cure::Repair));
    assert!(!folder.path().join("damaged-1").exists());
    let report = mended(folder.path());
    assert_eq!(report.steps, planned.steps);
    assert_eq!(everything(folder.path()), before);
    assert!(report.aside.unwrap().join("store").is_dir());
    assert!(check(folder.path()).is_clean());
}

#[test]
fn damage_in_the_log_costs_nothing_while_the_store_is_sound() {
    let folder = filled();
    let before = everything(folder.path());
    let log = log_files(folder.path()).remove(0);
    let whole = fs::read(&log).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 12) {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(folder.path(), copy.path());
        let log = log_files(copy.path()).remove(0);
        flip(&log, at);
        let damaged = fs::read(&log).unwrap();
        let report = mended(copy.path());
        assert_eq!(everything(copy.path()), before, "byte {at}");
        assert!(check(copy.path()).is_clean(), "byte {at}");
        let aside = report.aside.unwrap();
        let kept = aside.join("log").join(log.file_name().unwrap());
        assert_eq!(fs::read(kept).unwrap(), damaged, "byte {at}");
        // The numbers go on where they were.
        let image = Image::open(copy.path()).unwrap();
        assert_eq!(create(&image, "Later", None), 4);
        image.close().unwrap();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn without_a_store_the_log_is_kept_up_to_its_damage_when_a_person_says_so() {
    let folder = filled();
    let log = log_files(folder.path()).remove(0);
    let whole = fs::read(&log).unwrap();
    let hash = |folder: &Path, tid: Tid| {
        let image = Image::open(folder).unwrap();
        state_hash(&image.view().at(tid).unwrap()).unwrap()
    };
    let states: Vec<_> = (0..=7).map(|tid| hash(folder.path(), tid)).collect();
    let mut reached = Vec::new();
    for at in (60..whole.len()).step_by(whole.len() / 10) {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(folder.path(), copy.path());
        remove_store(copy.path());
        let log = log_files(copy.path()).remove(0);
        flip(&log, at);
        let damaged = fs::read(&log).unwrap();
        let findings = check(copy.path()).findings;
        let Err(error) = mend(copy.path(), RepairOptions::default()) else {
            // The last group looks like one that was never finished.
            assert!(!findings.iter().any(|f| f.part == Part::Log), "byte {at}");
            continue;
        };
        let RepairError::Loses { lost, .. } = &error else {
            panic!("byte {at}: {error}");
        };
        assert_eq!(*lost.end(), 7);
        let of_log = findings.iter().find(|f| f.part == Part::Log).unwrap();
        assert_eq!(of_log.cure, Cure::RepairAtLoss);
        assert_eq!(fs::read(&log).unwrap(), damaged, "nothing was changed");
        let report = mend(copy.path(), ACCEPT).unwrap();
        assert_eq!(report.remaining, []);
        let newest = lost.start() - 1;
        assert_eq!(
            hash(copy.path(), newest),
            states[usize::try_from(newest).unwrap()]
        );
        let kept = report
            .aside
            .unwrap()
            .join("log")
            .join(log.file_name().unwrap());
        assert_eq!(fs::read(kept).unwrap(), damaged);
        let image = Image::open(copy.path()).unwrap();
        assert_eq!(image.tid(), newest);
        create(&image, "Later", None);
        assert!(check_open(&image).is_clean());
        reached.push(newest);
    }
    reached.dedup();
    assert!(reached.len() > 3, "{reached:?}");
}

#[test]
fn the_words_of_a_loss() {
    let folder = filled();
    remove_store(folder.path());
    let log = log_files(folder.path()).remove(0);
    let middle = fs::read(&log).unwrap().len() / 2;
    flip(&log, middle);
    let error = mend(folder.path(), RepairOptions::default()).unwrap_err();
    let text = error.to_string();
    let text = text.replace(&folder.path().display().to_string(), "IMAGE");
    insta::assert_snapshot!(text, @"repairing the image IMAGE loses transactions 4 to 7");
    let RepairError::Loses { steps, .. } = &error else {
        panic!("{error}");
    };
    insta::assert_snapshot!(steps.join("\n"), @r"
    write anew what is whole in log/00000000000000000001.log up to transaction 3
    move what was replaced of the log, and what is no part of it, aside
    lose transactions 4 to 7
    ");
    insta::assert_snapshot!(error.hint(), @"put a backup in its place if it is newer; to go on without these transactions, say that the loss is accepted. Nothing was changed");
}

#[test]
fn a_header_that_its_transactions_can_give_again_costs_nothing() {
    let folder = filled();
    let before = everything(folder.path());
    remove_store(folder.path());
    let log = log_files(folder.path()).remove(0);
    let whole = fs::read(&log).unwrap();
    flip(&log, 20);
    let report = mended(folder.path());
    insta::assert_snapshot!(steps(&report), @r"
    write anew what is whole in log/00000000000000000001.log up to transaction 7
    move what was replaced of the log, and what is no part of it, aside
    ");
    assert_eq!(fs::read(&log).unwrap(), whole);
    assert_eq!(everything(folder.path()), before);
}

#[test]
fn a_damaged_base_is_made_anew_from_the_store() {
    let folder = filled();
    let base = begin_at_base(folder.path());
    let image = Image::open(folder.path()).unwrap();
    create(&image, "Later", None);
    let hash = image.verify(&mut |_, _| {}).unwrap().hash;
    image.close().unwrap();
    let before = everything(folder.path());
    let middle = fs::read(&base).unwrap().len() / 2;
    flip(&base, middle);
    assert!(Image::open(folder.path()).is_err() || !check(folder.path()).is_clean());
    let report = mended(folder.path());
    insta::assert_snapshot!(steps(&report), @r"
    move base/00000000000000000007.base aside
    write a base of what the store holds at transaction 8: nothing can be looked up as it was before, and nothing before it be undone
    move the log aside and begin it anew after that
    ");
    assert_eq!(everything(folder.path()), before);
    // The chain goes on: the hash is still the same.
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.verify(&mut |_, _| {}).unwrap().hash, hash);
    image.close().unwrap();
    // And the new base is a whole one: a store can be made of it.
    remove_store(folder.path());
    assert_eq!(everything(folder.path()), before);
}

#[test]
fn without_base_and_store_only_a_backup_helps() {
    let folder = filled();
    let base = begin_at_base(folder.path());
    remove_store(folder.path());
    flip(&base, 100);
    let report = check(folder.path());
    insta::assert_snapshot!(lines(folder.path(), &report), @r"
    store: it is missing (Restore)
    base/00000000000000000007.base at byte 88: a part does not have its hash (Restore)
    ");
    let error = mend(folder.path(), ACCEPT).unwrap_err();
    assert!(matches!(error, RepairError::Beyond { .. }), "{error}");
    assert!(error.hint().contains("backup"));
}

#[test]
fn a_log_that_is_gone_begins_a_new_chain() {
    let folder = filled();
    let before = everything(folder.path());
    fs::remove_dir_all(folder.path().join("log")).unwrap();
    assert!(Image::open(folder.path()).is_err());
    let report = mended(folder.path());
    assert!(report.is_new_chain);
    insta::assert_snapshot!(steps(&report), @r"
    write a base of what the store holds at transaction 7: nothing can be looked up as it was before, and nothing before it be undone
    move the log aside and begin it anew after that
    begin a new chain: the hash at that transaction is not known
    ");
    assert_eq!(everything(folder.path()), before);
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.view().horizon(), 7);
    create(&image, "Later", None);
    assert!(check_open(&image).is_clean());
}

#[test]
fn what_the_log_has_beyond_the_store_is_taken_along() {
    // The store ends at transaction 7, the log goes on, and is damaged before that.
    let folder = filled();
    let older = tempfile::tempdir().unwrap();
    copy_folder(folder.path(), older.path());
    let image = Image::open(folder.path()).unwrap();
    create(&image, "Later", None);
    create(&image, "Last", None);
    image.close().unwrap();
    let before = everything(folder.path());
    remove_store(folder.path());
    copy_folder(&older.path().join("store"), &{
        let store = folder.path().join("store");
        fs::create_dir(&store).unwrap();
        store
    });
    flip(&log_files(folder.path())[0], 200);
    let report = mended(folder.path());
    assert!(!report.is_new_chain);
    assert_eq!(everything(folder.path()), before);
}

#[test]
fn a_repair_that_was_killed_is_gone_on_with() {
    let folder = filled();
    let before = everything(folder.path());
    let damaged = log_files(folder.path()).remove(0);
    let middle = fs::read(&damaged).unwrap().len() / 2;
    flip(&damaged, middle);
    let original = fs::read(&damaged).unwrap();
    mended(folder.path());
    let begun = log_files(folder.path()).remove(0);
    // Killed before the damaged segment was gone from its place, and before the new one was there.
    for has_new_segment in [true, false] {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(folder.path(), copy.path());
        let log = copy.path().join("log");
        fs::write(log.join(damaged.file_name().unwrap()), &original).unwrap();
        if !has_new_segment {
            fs::remove_file(log.join(begun.file_name().unwrap())).unwrap();
        }
        let report = mended(copy.path());
        assert_eq!(report.steps.is_empty(), has_new_segment);
        assert!(!report.is_new_chain);
        assert_eq!(everything(copy.path()), before);
        assert!(check(copy.path()).is_clean());
    }
}

#[test]
fn a_format_file_that_says_nothing_is_written_anew() {
    let folder = filled();
    let before = everything(folder.path());
    fs::write(folder.path().join("format"), "gibberish").unwrap();
    assert!(Image::open(folder.path()).is_err());
    let report = mended(folder.path());
    insta::assert_snapshot!(steps(&report), @"move format aside");
    assert_eq!(everything(folder.path()), before);
    let kept = report.aside.unwrap().join("format");
    assert_eq!(fs::read_to_string(kept).unwrap(), "gibberish");
}

#[test]
fn a_blob_is_not_made_up() {
    let folder = filled();
    let blob = fs::read_dir(folder.path().join("blobs")).unwrap();
    let blob = blob.map(|e| e.unwrap().path()).find(|p| p.is_file());
    flip(&blob.unwrap(), 0);
    let report = mend(folder.path(), RepairOptions::default()).unwrap();
    assert!(report.steps.is_empty() && report.aside.is_none());
    assert_eq!(report.remaining.len(), 1);
    assert_eq!(report.remaining[0].cure, Cure::Recompile);
}

#[test]
fn damage_in_the_stores_files_is_found_and_cured() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    // More than the engine keeps in memory: some of it is in its table files.
    for n in 0..10 {
        let value = "x".repeat(2 << 20);
        super::commit(&image, |t| t.set_fact(&format!("k/{n}"), &value).unwrap());
    }
    image.close().unwrap();
    let before = everything(folder.path());
    let mut tables = Vec::new();
    large_files(&folder.path().join("store"), &mut tables);
    assert!(!tables.is_empty());
    let mut found = 0;
    for table in tables {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(folder.path(), copy.path());
        let table = copy.path().join(table.strip_prefix(folder.path()).unwrap());
        let middle = fs::read(&table).unwrap().len() / 2;
        flip(&table, middle);
        found += u64::from(!check(copy.path()).is_clean());
        mended(copy.path());
        assert_eq!(everything(copy.path()), before, "{}", table.display());
    }
    assert!(found > 0);
}

fn large_files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            large_files(&path, found);
        } else if path.metadata().unwrap().len() > 1 << 20 && path.extension().is_none() {
            found.push(path);
        }
    }
}
