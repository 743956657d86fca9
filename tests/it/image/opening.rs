//! Opening: the lock, foreign folders, damaged records, interrupted creation.

use std::fs;
use std::path::{Path, PathBuf};

use batos::image::check::{RepairOptions, repair};
use batos::image::{Image, ImageError, OpenError, Read};

use super::{commit, create, slot};

/// The file of the store's active journal.
fn journal(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("store")).unwrap();
    let journals = entries.map(|entry| entry.unwrap().path());
    journals
        .filter(|path| path.extension().is_some_and(|e| e == "jnl"))
        .max()
        .unwrap()
}

/// Changes one record behind the image's back, by the storage engine itself.
pub(super) fn change_record(folder: &Path, key: &[u8], change: impl FnOnce(&mut Vec<u8>)) {
    let database = fjall::Database::builder(folder.join("store"))
        .open()
        .unwrap();
    let keyspace = database
        .keyspace("current", fjall::KeyspaceCreateOptions::default)
        .unwrap();
    let mut bytes = keyspace.get(key).unwrap().unwrap().to_vec();
    change(&mut bytes);
    keyspace.insert(key, bytes).unwrap();
    database.persist(fjall::PersistMode::SyncAll).unwrap();
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[test]
fn a_second_opening_says_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    assert!(matches!(error, OpenError::Locked { pid: Some(pid), .. } if pid == std::process::id()));
    assert!(
        error.to_string().contains(&std::process::id().to_string()),
        "{error}"
    );
    assert!(error.hint().contains("batos down"));
    drop(image);
    Image::open(folder.path()).unwrap();
}

#[test]
fn a_view_keeps_the_folder_locked_until_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let transaction = image.begin(batos::image::Author::Kernel);
    image.close().unwrap();
    assert!(matches!(
        Image::open(folder.path()).err(),
        Some(OpenError::Locked { .. })
    ));
    drop(transaction);
    Image::open(folder.path()).unwrap();
}

#[test]
fn a_foreign_folder_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.odt"), "years of work").unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    assert!(error.to_string().contains("thesis.odt"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let file = folder.path().join("thesis.odt");
    assert!(Image::open(&file).is_err());
}

#[test]
fn a_newer_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    Image::open(folder.path()).unwrap().close().unwrap();
    fs::write(
        folder.path().join("format"),
        "BAT OS living image, format 3\n",
    )
    .unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    assert!(
        matches!(
            error,
            OpenError::Newer {
                found: 3,
                known: 2,
                ..
            }
        ),
        "{error}"
    );
    fs::write(folder.path().join("format"), "gibberish").unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[test]
fn creation_cut_off_at_any_step_is_finished_by_the_next_opening() {
    let whole = tempfile::tempdir().unwrap();
    Image::open(whole.path()).unwrap().close().unwrap();

    // Killed while the store was made.
    let folder = tempfile::tempdir().unwrap();
    let unfinished = folder.path().join("store.new");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("0.jnl"), "").unwrap();
    fs::write(folder.path().join("lock"), "1\n").unwrap();
    Image::open(folder.path()).unwrap();
    assert!(!unfinished.exists());

    // Killed before the format was written.
    fs::remove_file(whole.path().join("format")).unwrap();
    fs::write(whole.path().join("formatAbc123"), "BAT").unwrap();
    Image::open(whole.path()).unwrap();
    assert!(whole.path().join("format").exists());
}

#[test]
fn a_flipped_byte_in_a_record_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let oid = commit(&image, |t| {
        let oid = t.create_object("Account", None).unwrap();
        t.set_slot(oid, slot("balance", 1)).unwrap();
        oid
    });
    image.close().unwrap();
    change_record(
        folder.path(),
        &[&[2][..], &oid.to_be_bytes()].concat(),
        |bytes| bytes[12] ^= 0x10,
    );
    let image = Image::open(folder.path()).unwrap();
    let error = image.view().object(oid).unwrap_err();
    insta::assert_snapshot!(causes(&error), @"the record of object 1 cannot be read: its checksum does not match: it is damaged");
}

#[test]
fn a_record_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let id = commit(&image, |t| {
        t.create_mission(1, "IDLE", "{}".into()).unwrap()
    });
    image.close().unwrap();
    change_record(
        folder.path(),
        &[&[6][..], &id.to_be_bytes()].concat(),
        |bytes| bytes[1] = 2,
    );
    let image = Image::open(folder.path()).unwrap();
    let error = image.view().mission(id).unwrap_err();
    assert!(matches!(error, ImageError::Record { .. }));
    insta::assert_snapshot!(causes(&error), @"the record of mission 1 cannot be read: it is of version 2, this program reads up to 1: use a newer one");
    // A transaction that needs it is refused as well, and others go on.
    assert!(image.view().missions().is_err());
    create(&image, "A", None);
}

#[test]
fn damage_in_the_stores_journal_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    for n in 0..12 {
        create(&image, &format!("O{n}"), None);
    }
    image.close().unwrap();
    let journal = journal(folder.path());
    let whole = fs::read(&journal).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    let mut replayed = 0;
    for at in (used / 3..used).step_by(used / 40) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(&journal, &damaged).unwrap();
        match Image::open(folder.path()) {
            Ok(image) => {
                assert_eq!(image.view().objects().unwrap().len(), 12, "byte {at}");
                replayed += u64::from(image.recovery().replayed > 0);
            }
            Err(error) => {
                assert!(matches!(error, OpenError::Store { .. }), "{error}");
                // The remedy that its hint names.
                assert!(
                    error.hint().contains("image fsck --repair"),
                    "{}",
                    error.hint()
                );
                repair(folder.path(), RepairOptions::default(), &mut |_, _| {}).unwrap();
                let image = Image::open(folder.path()).unwrap();
                assert_eq!(image.view().objects().unwrap().len(), 12, "byte {at}");
                return;
            }
        }
    }
    assert!(
        replayed > 20,
        "the store lost its end only {replayed} times"
    );
}
