//! Backups: what comes back is what was there, while it worked, whatever is torn, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use batos::image::{
    Author, BackedUp, BackupError, Extent, Image, ImageError, Read, Tid, restore, state_hash,
};

use super::{commit, create, method, slot};

/// A folder for an image, its backups, and an image restored from them.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn open(&self) -> Image {
        Image::open(&self.image()).unwrap()
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("live_image")
    }

    fn backups(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    fn restored(&self) -> PathBuf {
        self.folder.path().join("restored")
    }

    fn back_up(&self, image: &Image, extent: Extent) -> BackedUp {
        self.try_back_up(image, extent).unwrap()
    }

    fn try_back_up(&self, image: &Image, extent: Extent) -> Result<BackedUp, BackupError> {
        image.backup(&self.backups(), extent, &mut |_| {})
    }

    fn try_restore(&self, to: Option<Tid>) -> Result<Image, BackupError> {
        let done = restore(&self.backups(), &self.restored(), to, &mut |_| {})?;
        let image = Image::open(&self.restored()).unwrap();
        assert_eq!(done.tid, image.tid());
        assert_eq!(image.recovery().torn, None);
        Ok(image)
    }

    /// Restores, asks, and removes the image again.
    fn with_restored<T>(&self, to: Option<Tid>, ask: impl FnOnce(&Image) -> T) -> T {
        let image = self.try_restore(to).unwrap();
        let answer = ask(&image);
        drop(image);
        fs::remove_dir_all(self.restored()).unwrap();
        answer
    }

    /// Message and hint, without what differs between runs.
    fn told(&self, error: &BackupError) -> String {
        let root = self.folder.path().display().to_string();
        format!("{error}\nhint: {}", error.hint()).replace(&root, "PLACE")
    }

    /// Names of all that is in the folder of backups.
    fn listed(&self) -> Vec<String> {
        let entries = fs::read_dir(self.backups()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

/// Everything that can be read, as text.
fn everything(image: &Image) -> String {
    let view = image.view();
    let objects = view.objects().unwrap();
    let wasm = objects.iter().flat_map(|object| &object.methods);
    let wasm: Vec<_> = wasm
        .map(|method| image.blobs().get(method.wasm).unwrap())
        .collect();
    format!(
        "{} {} {objects:?} {wasm:?} {:?} {:?} {:?}",
        image.tid(),
        state_hash(&view).unwrap(),
        view.missions().unwrap(),
        view.tags().unwrap(),
        view.audit_since(0, usize::MAX).unwrap(),
    )
}

fn state_at(image: &Image, tid: Tid) -> String {
    let past = image.view().at(tid).unwrap();
    state_hash(&past).unwrap().to_string()
}

/// Two transactions with an object, a method and its blob.
fn fill(image: &Image, name: &str) {
    let wasm = image.blobs().put(name.as_bytes()).unwrap();
    let oid = create(image, name, None);
    commit(image, |t| {
        t.set_slot(oid, slot("balance", 1)).unwrap();
        t.put_method(oid, method("total", name, wasm)).unwrap();
        t.audit("filled");
    });
}

#[test]
fn what_was_backed_up_comes_back() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    commit(&image, |t| t.set_tag("first", 1).unwrap());
    let full = place.back_up(&image, Extent::Full);
    assert_eq!((full.after, full.last, full.blobs), (0, 3, 1));
    fill(&image, "B");
    let second = place.back_up(&image, Extent::Since(3));
    assert_eq!((second.after, second.last, second.blobs), (3, 5, 1));
    assert!(!second.full);
    fill(&image, "C");
    // The method of before again: its blob is in the first backup.
    let wasm = image.blobs().put(b"A").unwrap();
    commit(&image, |t| {
        let oid = t.oid_named("C").unwrap().unwrap();
        t.put_method(oid, method("again", "A", wasm)).unwrap();
    });
    let third = place.back_up(&image, Extent::SinceNewest);
    assert_eq!((third.after, third.last, third.blobs), (5, 8, 1));
    assert_eq!(place.listed(), ["000001", "000002", "000003", "lock"]);
    let before = everything(&image);
    image.close().unwrap();
    assert_eq!(place.with_restored(None, everything), before);
    let image = place.open();
    for tid in 0..=8 {
        let found = place.with_restored(Some(tid), |restored| {
            assert_eq!(restored.tid(), tid);
            state_at(restored, tid)
        });
        assert_eq!(found, state_at(&image, tid), "transaction {tid}");
    }
}

#[test]
fn nothing_new_makes_no_backup() {
    let place = Place::new();
    let image = place.open();
    let empty = place.back_up(&image, Extent::Full);
    assert_eq!((empty.last, empty.blobs), (0, 0));
    fill(&image, "A");
    let first = place.back_up(&image, Extent::SinceNewest);
    let again = place.back_up(&image, Extent::SinceNewest);
    assert_eq!((again.folder, again.bytes), (first.folder, 0));
    assert_eq!(place.listed(), ["000001", "000002", "lock"]);
    assert_eq!(place.with_restored(Some(0), Image::tid), 0);
    assert_eq!(place.with_restored(None, Image::tid), 2);
}

#[test]
fn backups_are_of_one_moment_while_the_image_works() {
    let place = Place::new();
    let image = place.open();
    let done = AtomicBool::new(false);
    let made: Vec<BackedUp> = std::thread::scope(|scope| {
        for thread in 0..4 {
            let (image, done) = (&image, &done);
            scope.spawn(move || {
                for n in 0.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    fill(image, &format!("{thread}/{n}"));
                }
            });
        }
        let mut made = vec![place.back_up(&image, Extent::Full)];
        for _ in 0..5 {
            let last = made[made.len() - 1].last;
            // Until there is something to back up.
            while image.tid() < last + 20 {
                std::thread::yield_now();
            }
            made.push(place.back_up(&image, Extent::SinceNewest));
        }
        done.store(true, Ordering::Relaxed);
        made
    });
    for (before, after) in made.iter().zip(&made[1..]) {
        assert_eq!(before.last, after.after);
    }
    let last = made[made.len() - 1].last;
    assert!(last >= 100 && last < image.tid());
    assert_eq!(
        place.with_restored(None, |restored| state_at(restored, last)),
        state_at(&image, last)
    );
    // Also in the middle of a group.
    for tid in (1..last).step_by(usize::try_from(last / 15).unwrap()) {
        let found = place.with_restored(Some(tid), |restored| state_at(restored, tid));
        assert_eq!(found, state_at(&image, tid), "transaction {tid}");
    }
}

/// Makes a base of all there is, as opening does with an image of format 1.
fn rebase(place: &Place) {
    fs::remove_dir_all(place.image().join("log")).unwrap();
    fs::write(
        place.image().join("format"),
        "BAT OS living image, format 1\n",
    )
    .unwrap();
    Image::open(&place.image()).unwrap().close().unwrap();
    // What is only in the store is not in the image.
    fs::remove_dir_all(place.image().join("store")).unwrap();
}

#[test]
fn a_log_that_begins_at_a_base_is_backed_up_with_it() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    place.back_up(&image, Extent::Full);
    fill(&image, "B");
    image.close().unwrap();
    rebase(&place);
    let image = place.open();
    let error = place.try_back_up(&image, Extent::Since(2)).unwrap_err();
    insta::assert_snapshot!(place.told(&error), @r"
    transaction 3 is no longer in the log, which begins at 5
    hint: make a full backup: leave `--since` away
    ");
    let full = place.back_up(&image, Extent::Full);
    assert_eq!((full.after, full.last, full.blobs), (4, 4, 2));
    fill(&image, "C");
    place.back_up(&image, Extent::SinceNewest);
    assert_eq!(place.with_restored(None, everything), everything(&image));
    assert_eq!(
        place.with_restored(Some(4), |restored| state_at(restored, 4)),
        state_at(&image, 4)
    );
    // From the first backup, of the image's youth.
    assert_eq!(place.with_restored(Some(1), Image::tid), 1);
    let error = place.try_restore(Some(3)).err().unwrap();
    insta::assert_snapshot!(place.told(&error), @r"
    the backups in PLACE/backups do not have transaction 3; they have 0 to 2, 4 to 6
    hint: name one of these
    ");
    // A full one of both base and log.
    let full = place.back_up(&image, Extent::Full);
    assert_eq!((full.after, full.last, full.blobs), (4, 6, 3));
    assert_eq!(place.with_restored(None, everything), everything(&image));
}

#[test]
fn a_restored_image_goes_on_and_so_do_its_backups() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    place.back_up(&image, Extent::Full);
    let restored = place.try_restore(None).unwrap();
    fill(&restored, "B");
    place.back_up(&restored, Extent::SinceNewest);
    let before = everything(&restored);
    drop(restored);
    fs::remove_dir_all(place.restored()).unwrap();
    // The first image goes another way.
    fill(&image, "C");
    for extent in [Extent::SinceNewest, Extent::Since(4)] {
        let error = place.try_back_up(&image, extent).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(place.told(&error), @r"
            the backup in PLACE/backups that ends at transaction 4 is not of this image's history
            hint: make a full backup: leave `--since` away
            ");
        }
    }
    fill(&image, "D");
    let error = place.try_back_up(&image, Extent::Since(4)).unwrap_err();
    assert!(
        matches!(error, BackupError::OtherHistory { tid: 4, .. }),
        "{error}"
    );
    assert_eq!(place.with_restored(None, everything), before);
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_flipped_byte_and_no_cut_of_a_backup_makes_another_image() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    image.close().unwrap();
    rebase(&place);
    let image = place.open();
    fill(&image, "B");
    place.back_up(&image, Extent::Full);
    fill(&image, "C");
    place.back_up(&image, Extent::SinceNewest);
    let before = everything(&image);
    let mut found = Vec::new();
    files(&place.backups(), &mut found);
    found.retain(|path| path.file_name().unwrap() != "lock");
    // Two manifests, a base, two segments, three blobs.
    assert_eq!(found.len(), 8);
    let refused = |what: &str| {
        let error = place
            .try_restore(None)
            .err()
            .unwrap_or_else(|| panic!("{what}"));
        let damaged = matches!(
            error,
            BackupError::Damaged { .. } | BackupError::Newer { .. }
        );
        assert!(damaged, "{what}: {error}");
        assert!(!place.restored().exists(), "{what}");
    };
    for path in &found {
        let whole = fs::read(path).unwrap();
        let name = path.display();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(path, &flipped).unwrap();
            refused(&format!("{name}: byte {at} flipped"));
            fs::write(path, &whole[..at]).unwrap();
            refused(&format!("{name}: cut at {at}"));
        }
        fs::write(path, [&whole[..], b" "].concat()).unwrap();
        refused(&format!("{name}: one byte more"));
        fs::remove_file(path).unwrap();
        refused(&format!("{name}: gone"));
        fs::write(path, &whole).unwrap();
    }
    assert_eq!(place.with_restored(None, everything), before);
}

#[test]
fn a_backup_whose_beginning_is_gone_says_so() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    place.back_up(&image, Extent::Full);
    fill(&image, "B");
    place.back_up(&image, Extent::SinceNewest);
    fs::remove_dir_all(place.backups().join("000001")).unwrap();
    let error = place.try_restore(None).err().unwrap();
    insta::assert_snapshot!(place.told(&error), @r"
    the backup PLACE/backups/000002 continues another one that is not there: it begins after transaction 2
    hint: put the missing backup back into the folder, or restore an earlier transaction
    ");
    let error = place.try_back_up(&image, Extent::Since(2)).unwrap_err();
    insta::assert_snapshot!(place.told(&error), @r"
    no backup in PLACE/backups ends at transaction 2; they end at 4
    hint: make a full backup: leave `--since` away
    ");
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    let error = place.try_back_up(&image, Extent::Since(2)).unwrap_err();
    insta::assert_snapshot!(place.told(&error), @r"
    there is no backup in PLACE/backups
    hint: name a folder that a full backup was made in
    ");
    place.back_up(&image, Extent::Full);
    let told = |target: &Path| {
        let error = restore(&place.backups(), target, None, &mut |_| {}).unwrap_err();
        place.told(&error)
    };
    insta::assert_snapshot!(told(&place.image()), @r"
    cannot restore to PLACE/live_image: there is an image
    hint: move PLACE/live_image aside first, or name a folder that is not there yet
    ");
    fs::create_dir(place.restored()).unwrap();
    let thesis = place.restored().join("thesis.odt");
    fs::write(&thesis, "years of work").unwrap();
    insta::assert_snapshot!(told(&place.restored()), @r"
    cannot restore to PLACE/restored: something is there
    hint: move PLACE/restored aside first, or name a folder that is not there yet
    ");
    insta::assert_snapshot!(told(&thesis), @r"
    cannot restore to PLACE/restored/thesis.odt: something is there
    hint: move PLACE/restored/thesis.odt aside first, or name a folder that is not there yet
    ");
    let error = image.backup(&place.restored(), Extent::Full, &mut |_| {});
    insta::assert_snapshot!(place.told(&error.unwrap_err()), @r#"
    cannot use PLACE/restored as a folder of backups: it holds "thesis.odt", which is not part of one
    hint: name an empty folder elsewhere, or one that holds backups
    "#);
    let inside = place.image().join("blobs/backups");
    let error = image.backup(&inside, Extent::Full, &mut |_| {});
    insta::assert_snapshot!(place.told(&error.unwrap_err()), @r"
    cannot use PLACE/live_image/blobs/backups as a folder of backups: it is inside the image
    hint: name an empty folder elsewhere, or one that holds backups
    ");
    assert!(!inside.exists());
    assert_eq!(fs::read(&thesis).unwrap(), b"years of work");
    // An empty folder is nothing.
    fs::remove_file(&thesis).unwrap();
    place.with_restored(None, |restored| assert_eq!(restored.tid(), 2));
}

#[test]
fn one_backup_at_a_time_is_written_to_a_folder() {
    let (place, other) = (Place::new(), Place::new());
    let (image, second) = (place.open(), other.open());
    fill(&image, "A");
    let mut seen = None;
    let mut inner = |_| {
        let error = second.backup(&place.backups(), Extent::Full, &mut |_| {});
        seen = Some(error.unwrap_err());
    };
    image
        .backup(&place.backups(), Extent::Full, &mut inner)
        .unwrap();
    assert!(matches!(seen, Some(BackupError::Busy { .. })), "{seen:?}");
}

#[test]
fn a_blob_that_is_damaged_is_not_backed_up_as_if_it_were_whole() {
    let place = Place::new();
    let image = place.open();
    fill(&image, "A");
    let path = place
        .image()
        .join("blobs")
        .join(blake3::hash(b"A").to_string());
    fs::write(&path, "B").unwrap();
    let error = place.try_back_up(&image, Extent::Full).unwrap_err();
    let damaged = |error: &BackupError| match error {
        BackupError::Image(error) => matches!(error, ImageError::DamagedBlob { .. }),
        _ => false,
    };
    assert!(damaged(&error), "{error}");
    fs::remove_file(&path).unwrap();
    let error = place.try_back_up(&image, Extent::Full).unwrap_err();
    assert!(matches!(
        error,
        BackupError::Image(ImageError::MissingBlob { .. })
    ));
    assert_eq!(place.listed(), ["lock"]);
    image.blobs().put(b"A").unwrap();
    place.back_up(&image, Extent::Full);
}

const FOLDER: &str = "BATOS_TEST_PLACE";

/// This test binary again, with one of the ignored tests as its whole work.
fn process(test: &str, place: &Place) -> Command {
    // A file over its limit is an error then, not a signal that kills.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg(format!("image::backup::{test}"))
        .env(FOLDER, place.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn given_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

#[test]
#[ignore = "runs as a process that kills itself in the middle of a backup"]
fn killed_while_it_backs_up() {
    let Some(folder) = given_folder() else {
        return;
    };
    let image = Image::open(&folder.join("live_image")).unwrap();
    let mut die = |bytes| {
        if bytes > 100_000 {
            std::process::abort();
        }
    };
    let _ = image.backup(&folder.join("backups"), Extent::SinceNewest, &mut die);
}

#[test]
#[ignore = "runs as a process that kills itself in the middle of restoring"]
fn killed_while_it_restores() {
    let Some(folder) = given_folder() else {
        return;
    };
    let mut die = |bytes| {
        if bytes > 100_000 {
            std::process::abort();
        }
    };
    let _ = restore(
        &folder.join("backups"),
        &folder.join("restored"),
        None,
        &mut die,
    );
}

#[test]
#[ignore = "runs as a process that may not write large files"]
fn backs_up_to_a_full_disk() {
    use nix::sys::resource::{Resource, setrlimit};
    let Some(folder) = given_folder() else {
        return;
    };
    let image = Image::open(&folder.join("live_image")).unwrap();
    setrlimit(Resource::RLIMIT_FSIZE, 100_000, 100_000).unwrap();
    let backup = image.backup(&folder.join("backups"), Extent::SinceNewest, &mut |_| {});
    println!("backup: {}", backup.unwrap_err());
    let restored = restore(
        &folder.join("backups"),
        &folder.join("restored"),
        None,
        &mut |_| {},
    );
    println!("restore: {}", restored.unwrap_err());
}

/// An image with more than a small file of transactions, and a backup of half of them.
fn large(place: &Place) -> (String, String) {
    let image = place.open();
    let grow = |key: &str| {
        let value = "x".repeat(200_000);
        let mut t = image.begin(Author::Kernel);
        t.set_fact(key, &value).unwrap();
        t.commit().unwrap();
        everything(&image)
    };
    let half = grow("one");
    place.back_up(&image, Extent::Full);
    let whole = grow("two");
    image.close().unwrap();
    (half, whole)
}

#[test]
fn a_kill_leaves_the_backups_and_no_image() {
    let place = Place::new();
    let (half, whole) = large(&place);
    assert!(
        !process("killed_while_it_backs_up", &place)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(place.listed().len(), 3, "{:?}", place.listed());
    assert_eq!(place.with_restored(None, everything), half);
    assert!(
        !process("killed_while_it_restores", &place)
            .status()
            .unwrap()
            .success()
    );
    assert!(!place.restored().exists());
    assert!(place.folder.path().join("restored.unfinished").exists());
    let image = place.open();
    place.back_up(&image, Extent::SinceNewest);
    assert_eq!(place.listed(), ["000001", "000002", "lock"]);
    assert_eq!(place.with_restored(None, everything), whole);
    assert!(!place.folder.path().join("restored.unfinished").exists());
}

#[test]
fn a_full_disk_leaves_the_backups_and_no_image() {
    let place = Place::new();
    let (half, whole) = large(&place);
    let output = process("backs_up_to_a_full_disk", &place).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    for begun in ["backup: cannot write to ", "restore: cannot write to "] {
        assert!(text.contains(begun), "{text}");
    }
    assert_eq!(place.listed(), ["000001", "lock"]);
    assert!(!place.restored().exists());
    assert!(!place.folder.path().join("restored.unfinished").exists());
    assert_eq!(place.with_restored(None, everything), half);
    place.back_up(&place.open(), Extent::SinceNewest);
    assert_eq!(place.with_restored(None, everything), whole);
}
