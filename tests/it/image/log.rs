//! The commit log: what it brings back, and that no damage to it goes unnoticed.

use std::fs;
use std::path::{Path, PathBuf};

use batos::image::{Author, Image, LogError, OpenError, Read, state_hash};

use super::{commit, create, method, slot};

fn segments(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("log")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn remove_store(folder: &Path) {
    fs::remove_dir_all(folder.join("store")).unwrap();
}

/// One transaction of every kind of operation; six in all.
fn fill(image: &Image) {
    let wasm = image.blobs().put(b"wasm").unwrap();
    let oid = create(image, "Account", None);
    commit(image, |t| {
        t.set_slot(oid, slot("balance", 1)).unwrap();
        t.put_method(oid, method("total", "one", wasm)).unwrap();
        t.put_method(oid, method("gone", "two", wasm)).unwrap();
        t.audit("two methods");
    });
    commit(image, |t| t.remove_method(oid, "gone").unwrap());
    commit(image, |t| t.create_mission(7, "IDLE", "{}".into()).unwrap());
    commit(image, |t| {
        t.set_fact("a", "1").unwrap();
        t.set_fact("b", "2").unwrap();
    });
    commit(image, |t| t.remove_fact("a").unwrap());
}

/// Everything that can be read, as text.
fn everything(image: &Image) -> String {
    let view = image.view();
    let objects = view.objects().unwrap();
    let versions: Vec<_> = objects
        .iter()
        .map(|o| view.versions(o.oid).unwrap())
        .collect();
    format!(
        "{} {} {objects:?} {versions:?} {:?} {:?}",
        image.tid(),
        state_hash(&view).unwrap(),
        view.missions().unwrap(),
        view.audit_since(0, usize::MAX).unwrap(),
    )
}

#[test]
fn a_store_that_is_gone_is_made_anew_from_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let before = everything(&image);
    image.close().unwrap();
    remove_store(folder.path());
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(everything(&image), before);
    assert_eq!(image.recovery().replayed, 6);
    // Numbers go on where they were.
    assert_eq!(create(&image, "Another", None), 2);
    assert_eq!(image.tid(), 7);
    image.close().unwrap();
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.recovery().replayed, 0);
}

#[test]
fn no_flipped_byte_and_no_cut_of_the_log_goes_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    create(&image, "B", None);
    let two = everything(&image);
    create(&image, "C", None);
    let three = everything(&image);
    image.close().unwrap();
    let path = segments(folder.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    let (mut torn, mut refused) = (0, 0);
    let mut check = |damaged: &[u8], what: &str| {
        fs::write(&path, damaged).unwrap();
        remove_store(folder.path());
        match Image::open(folder.path()) {
            // Only the last group may be missing, and that is said.
            Ok(image) => {
                let cut = image.recovery().torn.as_ref();
                assert!(cut.is_some() || damaged.len() < whole.len(), "{what}");
                assert_ne!(everything(&image), three, "{what}");
                if image.tid() == 2 {
                    assert_eq!(everything(&image), two, "{what}");
                }
                torn += 1;
            }
            Err(error) => {
                assert!(
                    matches!(error, OpenError::Log(LogError::Damaged { .. })),
                    "{what}: {error}"
                );
                assert_eq!(fs::read(&path).unwrap(), damaged, "{what}: it was changed");
                refused += 1;
            }
        }
    };
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        check(&damaged, &format!("byte {at} flipped"));
        check(&whole[..at], &format!("cut at {at}"));
    }
    assert!(torn > 20 && refused > 20, "{torn} torn, {refused} refused");
}

#[test]
fn what_the_store_holds_is_never_taken_for_a_torn_write() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    create(&image, "B", None);
    image.close().unwrap();
    let path = segments(folder.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    let text = error.to_string();
    assert!(text.contains("is damaged at byte"), "{text}");
    assert!(
        text.ends_with("the store holds transaction 2, which was here"),
        "{text}"
    );
    assert!(error.hint().contains("backup"), "{}", error.hint());
    assert_eq!(fs::read(&path).unwrap().len(), whole.len() - 3);
    fs::write(&path, &whole).unwrap();
    Image::open(folder.path()).unwrap();
}

#[test]
fn what_the_store_holds_is_checked_in_the_log_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    for name in ["A", "B", "C"] {
        create(&image, name, None);
    }
    image.close().unwrap();
    let path = segments(folder.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(5) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x04;
        fs::write(&path, &damaged).unwrap();
        let error = Image::open(folder.path()).err().unwrap();
        assert!(
            matches!(error, OpenError::Log(LogError::Damaged { .. })),
            "byte {at}: {error}"
        );
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(Image::open(folder.path()).unwrap().tid(), 3);
}

#[test]
fn a_torn_write_is_cut_off_and_work_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    let path = segments(folder.path()).remove(0);
    image.close().unwrap();
    let whole = fs::read(&path).unwrap();
    // The last is room, but for one byte.
    let beyond_room = vec![0; ROOM + 1];
    let spoilt_room = [&[0; 4000][..], &[1], &[0; 95]].concat();
    for garbage in [&b"BFR1"[..], &whole[56..100], &beyond_room, &spoilt_room] {
        let torn = [&whole[..], garbage].concat();
        fs::write(&path, &torn).unwrap();
        let image = Image::open(folder.path()).unwrap();
        let cut = image.recovery().torn.clone().unwrap();
        assert_eq!(
            (cut.offset, cut.bytes),
            (whole.len() as u64, garbage.len() as u64)
        );
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    let image = Image::open(folder.path()).unwrap();
    create(&image, "B", None);
    image.close().unwrap();
    remove_store(folder.path());
    assert_eq!(
        Image::open(folder.path())
            .unwrap()
            .view()
            .objects()
            .unwrap()
            .len(),
        2
    );
}

/// Zeros that may stand behind the groups of the last segment.
const ROOM: usize = 256 * 1024;

#[test]
fn room_behind_the_groups_is_no_torn_write_and_is_written_into() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    let path = segments(folder.path()).remove(0);
    let length = || fs::metadata(&path).unwrap().len() as usize;
    let open = length();
    create(&image, "B", None);
    // The second group went into the room that the first one made.
    assert_eq!(length(), open);
    let report = super::check::check_open(&image);
    assert!(report.is_clean() && report.torn.is_none(), "{report:?}");
    image.close().unwrap();
    let whole = fs::read(&path).unwrap();
    assert!(whole.len() + ROOM / 2 < open && open <= whole.len() + ROOM);

    // As a writer leaves it that is killed.
    for room in [1, 4096, ROOM] {
        fs::write(&path, [&whole[..], &vec![0; room]].concat()).unwrap();
        let report = super::check::check(folder.path());
        assert!(report.is_clean() && report.torn.is_none(), "{report:?}");
        remove_store(folder.path());
        let image = Image::open(folder.path()).unwrap();
        assert_eq!((image.tid(), image.recovery().torn.clone()), (2, None));
        image.close().unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    fs::write(&path, [&whole[..], &[0; 300]].concat()).unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "C", None);
    image.close().unwrap();
    remove_store(folder.path());
    let image = Image::open(folder.path()).unwrap();
    assert_eq!((image.tid(), image.recovery().torn.clone()), (3, None));
}

#[test]
fn an_image_of_format_1_gets_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    fill(&image);
    let before = everything(&image);
    image.close().unwrap();
    let to_format_1 = || {
        fs::remove_dir_all(folder.path().join("log")).unwrap();
        fs::write(
            folder.path().join("format"),
            "BAT OS living image, format 1\n",
        )
        .unwrap();
    };
    to_format_1();
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(everything(&image), before);
    create(&image, "Later", None);
    image.close().unwrap();
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.tid(), 7);
    image.close().unwrap();
    // The note that format 1 kept still tells of a loss.
    to_format_1();
    let acknowledged = 9_u64.to_le_bytes();
    let hash = blake3::hash(&acknowledged);
    let note = [&acknowledged[..], &hash.as_bytes()[..8]].concat();
    fs::write(folder.path().join("newest"), note).unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    assert!(
        matches!(
            error,
            OpenError::Lost {
                found: 7,
                acknowledged: 9,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_log_that_does_not_reach_the_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    create(&image, "A", None);
    let path = segments(folder.path()).remove(0);
    let early = fs::read(&path).unwrap();
    create(&image, "B", None);
    image.close().unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &early).unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    insta::assert_snapshot!(error, @"cannot open the image: the log ends at transaction 1, the store holds 2");
    fs::remove_file(&path).unwrap();
    let error = Image::open(folder.path()).err().unwrap();
    assert!(
        error
            .to_string()
            .ends_with("its log folder is missing or empty"),
        "{error}"
    );
    fs::write(&path, &whole).unwrap();
    Image::open(folder.path()).unwrap();
}

#[test]
fn a_full_segment_is_followed_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let value = "x".repeat(15 << 20);
    for n in 0..6 {
        let mut t = image.begin(Author::Kernel);
        t.set_fact(&format!("k/{n}"), &value).unwrap();
        t.commit().unwrap();
    }
    let before = state_hash(&image.view()).unwrap();
    image.close().unwrap();
    let paths = segments(folder.path());
    assert_eq!(paths.len(), 3);
    remove_store(folder.path());
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(state_hash(&image.view()).unwrap(), before);
    image.close().unwrap();
    // Nothing is torn where more follows: the first segment's end was synced.
    let first = fs::read(&paths[0]).unwrap();
    fs::write(&paths[0], &first[..first.len() - 1]).unwrap();
    remove_store(folder.path());
    let error = Image::open(folder.path()).err().unwrap();
    assert!(
        matches!(error, OpenError::Log(LogError::Damaged { .. })),
        "{error}"
    );
    // Without the first one the rest is no whole image.
    fs::remove_file(&paths[0]).unwrap();
    let _ = fs::remove_dir_all(folder.path().join("store"));
    let error = Image::open(folder.path()).err().unwrap();
    assert!(
        matches!(error, OpenError::Log(LogError::TooNew { store: 0, .. })),
        "{error}"
    );
}
