//! Images that earlier programs wrote, opened by this one.
//!
//! Each `tests/golden/NAME.zip` is an image as its program left it, and `NAME.txt` what that program
//! read in it: everything, and the state hash after each transaction. They are never made anew: a
//! new format gets new files (`docs/RELIABILITY.md`). What a later program reads otherwise on purpose is said here.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use batos::image::transfer::{ImportOptions, decode};
use batos::image::{AuditEntry, Image, Object, Read, Tid, restore, state_hash};

use super::check::check_open;
use super::create;

struct Golden {
    folder: tempfile::TempDir,
    text: String,
    /// The state hash after each transaction.
    states: BTreeMap<Tid, String>,
}

fn path(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/golden").join(name)
}

fn golden(name: &str) -> Golden {
    let folder = tempfile::tempdir().unwrap();
    let packed = fs::read(path(&format!("{name}.zip"))).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
    archive.extract(folder.path()).unwrap();
    let written = fs::read_to_string(path(&format!("{name}.txt"))).unwrap();
    let (text, states) = written.split_once("--- states\n").unwrap();
    let states = states.lines().map(|line| {
        let (tid, hash) = line.split_once(' ').unwrap();
        (tid.parse().unwrap(), hash.to_owned())
    });
    Golden {
        folder,
        text: text.to_owned(),
        states: states.collect(),
    }
}

/// Everything that can be read, as the programs that made the images wrote it.
fn rendering(image: &Image) -> String {
    let view = image.view();
    let state = state_hash(&view).unwrap();
    let mut text = format!("transaction {}\nstate {state}\n", view.tid());
    for object in view.objects().unwrap() {
        render_object(&mut text, image, &object);
    }
    for mission in view.missions().unwrap() {
        let (id, state, tid) = (mission.id, mission.state, mission.tid);
        let created = mission.created_ms;
        writeln!(text, "mission {id} {state} created {created} tid {tid}").unwrap();
        writeln!(text, "  {}", mission.document).unwrap();
    }
    for (key, value) in view.facts("").unwrap() {
        writeln!(text, "fact {key:?} {value:?}").unwrap();
    }
    for entry in view.audit_since(0, usize::MAX).unwrap() {
        render_audit(&mut text, entry);
    }
    text
}

fn render_object(text: &mut String, image: &Image, object: &Object) {
    let view = image.view();
    let parent = object.parent;
    let parent = parent.map(|oid| view.head(oid).unwrap().unwrap().name);
    let (oid, name, tid) = (object.oid, &object.name, object.tid);
    writeln!(text, "object {oid} {name:?} parent {parent:?} tid {tid}").unwrap();
    for slot in &object.slots {
        let value: String = slot.value.iter().map(|b| format!("{b:02x}")).collect();
        writeln!(text, "  slot {:?} {} {value}", slot.name, slot.rust_type).unwrap();
    }
    for m in &object.methods {
        assert!(image.blobs().get(m.wasm).unwrap().starts_with(b"\0asm"));
        writeln!(text, "  method {:?} {}", m.selector, m.signature).unwrap();
        writeln!(text, "    source {:?}", m.source).unwrap();
        writeln!(text, "    wasm {} compiled with {:?}", m.wasm, m.slots).unwrap();
        let (by, mission, checked) = (&m.author, m.mission, m.self_checked);
        write!(
            text,
            "    by {by} in mission {mission:?} self-checked {checked}"
        )
        .unwrap();
        writeln!(text, " checks {}", m.checks_json).unwrap();
        writeln!(text, "    calls {} failures {}", m.calls, m.failures).unwrap();
    }
    writeln!(text, "  versions {:?}", view.versions(oid).unwrap()).unwrap();
}

fn render_audit(text: &mut String, mut entry: AuditEntry) {
    // These programs did not name facts yet.
    entry.objects.retain(|name| !name.starts_with("fact "));
    let (tid, time, author) = (entry.tid, entry.time_ms, entry.author);
    let (objects, lines) = (entry.objects, entry.lines);
    writeln!(
        text,
        "audit {tid} at {time} by {author:?} {objects:?} {lines:?}"
    )
    .unwrap();
}

/// Every state that can still be read, from `first` on, is what it was then.
fn states_are_as_they_were(image: &Image, golden: &Golden, first: Tid) {
    let view = image.view();
    assert_eq!(view.horizon(), first);
    let known = golden.states.range(first..);
    let mut compared = 0;
    for (tid, hash) in known {
        let then = state_hash(&view.at(*tid).unwrap()).unwrap();
        assert_eq!(then.to_string(), *hash, "transaction {tid}");
        compared += 1;
    }
    assert!(compared > 0);
}

/// Opens it, compares, works on it, opens it again and a third time without its store.
fn holds_for(golden: &Golden, expected: &str, first: Tid) {
    let folder = golden.folder.path();
    let image = Image::open(folder).unwrap();
    assert_eq!(image.recovery().torn, None);
    assert_eq!(rendering(&image), expected);
    states_are_as_they_were(&image, golden, first);
    assert_eq!(check_open(&image).findings, []);
    let newest = image.tid();
    let known = image.view().objects().unwrap();
    let fresh = create(&image, "Later", None);
    assert!(known.iter().all(|object| object.oid < fresh));
    assert_eq!(image.tid(), newest + 1);
    let later = rendering(&image);
    image.close().unwrap();
    let image = Image::open(folder).unwrap();
    assert_eq!(image.recovery(), &batos::image::Recovery::default());
    assert_eq!(rendering(&image), later);
    image.close().unwrap();
    fs::remove_dir_all(folder.join("store")).unwrap();
    let image = Image::open(folder).unwrap();
    assert_eq!(rendering(&image), without_counts(&later, first));
    assert_eq!(check_open(&image).findings, []);
    states_are_as_they_were(&image, golden, first);
}

/// A store made anew has the counts of the base, if there is one; else none.
fn without_counts(text: &str, base: Tid) -> String {
    if base > 0 {
        return text.to_owned();
    }
    text.replace("calls 5 failures 1", "calls 0 failures 0")
}

#[test]
fn an_image_of_format_1_is_taken_over() {
    let golden = golden("format-1");
    // A base is all that is left of its history: one version of each thing, one audit entry.
    let mut expected = String::new();
    for line in golden.text.lines() {
        if line.starts_with("  versions") {
            expected.push_str("  versions [18]\n");
        } else if !line.starts_with("audit ") || line.starts_with("audit 18 ") {
            expected.push_str(line);
            expected.push('\n');
        }
    }
    holds_for(&golden, &expected, 18);
}

#[test]
fn an_image_whose_store_kept_the_history_of_objects_only_is_laid_out_anew() {
    let golden = golden("format-2-log-1");
    let image = Image::open(golden.folder.path()).unwrap();
    let why = image.recovery().rebuilt.clone().unwrap();
    insta::assert_snapshot!(why, @"its keys are laid out as in version 1");
    image.close().unwrap();
    // The store is made from the log, which has no call counts.
    let expected = without_counts(&golden.text, 0);
    holds_for(&golden, &expected, 0);
}

#[test]
fn an_image_with_tags_removals_and_an_undo_is_read() {
    let golden = golden("format-2-log-2");
    let image = Image::open(golden.folder.path()).unwrap();
    let tags = image.view().tags().unwrap();
    let tags: Vec<_> = tags.iter().map(|t| (&*t.name, t.pinned, t.tid)).collect();
    assert_eq!(tags, [("before the change", 5, 19)]);
    image.close().unwrap();
    holds_for(&golden, &golden.text, 0);
}

#[test]
fn an_image_that_begins_with_a_base_is_read() {
    let golden = golden("format-2-base");
    holds_for(&golden, &golden.text, 18);
}

#[test]
fn a_backup_in_two_parts_is_restored() {
    let golden = golden("backup-1");
    let place = tempfile::tempdir().unwrap();
    let restored = |tid: Option<Tid>, name: &str| {
        let folder = place.path().join(name);
        restore(golden.folder.path(), &folder, tid, &mut |_| {}).unwrap();
        Image::open(&folder).unwrap()
    };
    // It was made after this image, with two more transactions.
    let before = self::golden("format-2-log-2");
    let image = restored(Some(27), "before");
    let expected = without_counts(&before.text, 0);
    assert_eq!(rendering(&image), expected);
    states_are_as_they_were(&image, &before, 0);
    let image = restored(None, "newest");
    assert_eq!(image.tid(), 29);
    states_are_as_they_were(&image, &golden, 0);
}

#[test]
fn an_export_is_imported() {
    let bytes = fs::read(path("export-1.bin")).unwrap();
    let package = decode(&bytes).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    image.blobs().put(b"\0asm\x01\0\0\0").unwrap();
    image.blobs().put(b"\0asm\x01\0\0\0 the second").unwrap();
    super::commit(&image, |t| {
        let options = ImportOptions::default();
        t.import(&package, &options, &mut |_, method| Ok(method.clone()))
            .unwrap();
    });
    let text = rendering(&image);
    let (objects, _) = text.split_once("audit ").unwrap();
    assert_eq!(objects, fs::read_to_string(path("export-1.txt")).unwrap());
}
