//! A pack that is killed, at each of its steps and at any moment: the image is the one before or the one
//! after, whole, and the next pack comes to the end.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use batos::image::{Author, Image, Read};

use super::{NEWEST, check, pack, past};
use crate::image::{commit, create, method, slot};

const FOLDER: &str = "BATOS_TEST_IMAGE";
const STEP: &str = "BATOS_TEST_STEP";

/// A process that packs, and dies by itself at its nth step.
fn worker(folder: &Path, step: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "--ignored", "--nocapture"])
        .arg("image::pack::killed::packs_until_killed")
        .env(FOLDER, folder)
        .env(STEP, step.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

#[test]
#[ignore = "runs as a process that dies"]
fn packs_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let last: u64 = std::env::var(STEP).unwrap().parse().unwrap();
    let image = Image::open(Path::new(&folder)).unwrap();
    println!("opened");
    let mut steps: u64 = 0;
    image
        .pack(&NEWEST, &mut |_, _| {
            steps += 1;
            if steps == last {
                // As by a kill: nothing is closed, nothing is dropped.
                std::process::abort();
            }
        })
        .unwrap();
    println!("packed");
}

/// A few hundred transactions with pins, garbage, and blobs that nothing needs.
fn filled(folder: &Path) {
    let image = Image::open(folder).unwrap();
    let root = create(&image, "Root", None);
    for n in 0..300_u64 {
        let wasm = (n % 50 == 0).then(|| image.blobs().put(&n.to_le_bytes()).unwrap());
        commit(&image, |t| {
            t.set_slot(root, slot("n", n as u8)).unwrap();
            t.set_fact(&format!("k{}", n % 7), &n.to_string()).unwrap();
            if n % 5 == 0 {
                t.remove_fact(&format!("k{}", (n + 3) % 7)).unwrap();
            }
            t.create_object("", None).unwrap();
            if let Some(wasm) = wasm {
                t.put_method(root, method("m", &n.to_string(), wasm))
                    .unwrap();
            }
        });
        if n == 120 {
            let tid = image.tid();
            commit(&image, |t| t.set_tag("pinned", tid).unwrap());
        }
    }
    image.close().unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What the image is, but for what nothing leads to.
struct Expected {
    root: String,
    facts: Vec<(String, String)>,
    pinned: String,
}

fn read(image: &Image) -> Expected {
    let view = image.view();
    let tag = view.tag("pinned").unwrap().unwrap();
    Expected {
        root: format!("{:?}", view.object_named("Root").unwrap()),
        facts: view.facts("").unwrap(),
        pinned: past(image, tag.pinned),
    }
}

/// Opens what a killed pack left, and packs it to the end.
fn check_left(folder: &Path, expected: &Expected) -> bool {
    let image = Image::open(folder).unwrap();
    let is_same = |image: &Image| {
        let found = read(image);
        assert_eq!(found.root, expected.root);
        assert_eq!(found.facts, expected.facts);
        assert_eq!(found.pinned, expected.pinned);
    };
    is_same(&image);
    let report = check(&image);
    let was_switched = image.view().horizon() > 0;
    assert!(was_switched || report.unpacked == 0);
    // It can be worked on before the next pack.
    commit(&image, |t| t.set_fact("after", "the kill").unwrap());
    commit(&image, |t| _ = t.remove_fact("after").unwrap());
    pack(&image, &NEWEST);
    is_same(&image);
    assert_eq!(image.view().heads().unwrap().len(), 1);
    let report = check(&image);
    assert_eq!((report.unpacked, report.stray_blobs), (0, 0));
    // Base and log say the same.
    image.close().unwrap();
    std::fs::remove_dir_all(folder.join("store")).unwrap();
    let image = Image::open(folder).unwrap();
    is_same(&image);
    image.close().unwrap();
    was_switched
}

#[test]
fn a_pack_that_dies_at_any_step_leaves_a_whole_image() {
    let original = tempfile::tempdir().unwrap();
    filled(original.path());
    let image = Image::open(original.path()).unwrap();
    let expected = read(&image);
    let mut steps: u64 = 0;
    let scratch = tempfile::tempdir().unwrap();
    image.close().unwrap();
    let whole = scratch.path().join("whole");
    copy(original.path(), &whole);
    let image = Image::open(&whole).unwrap();
    image.pack(&NEWEST, &mut |_, _| steps += 1).unwrap();
    image.close().unwrap();
    assert!(steps > 20, "{steps}");
    let (mut before, mut after) = (0, 0);
    // Some at the beginning, all at the end, where the base is put in place and the rest removed.
    let end = steps.saturating_sub(12).max(1);
    for step in (1..end).step_by(80).chain(end..=steps) {
        let folder = scratch.path().join(step.to_string());
        copy(original.path(), &folder);
        let status = worker(&folder, step).output().unwrap().status;
        assert!(!status.success(), "step {step} of {steps} was not come to");
        match check_left(&folder, &expected) {
            false => before += 1,
            true => after += 1,
        }
    }
    assert!(before > 2 && after > 2, "{before} before, {after} after");
}

#[test]
fn a_pack_that_is_killed_at_any_moment_leaves_a_whole_image() {
    let original = tempfile::tempdir().unwrap();
    filled(original.path());
    let image = Image::open(original.path()).unwrap();
    let expected = read(&image);
    image.close().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    for round in 0..6_u64 {
        let folder = scratch.path().join(round.to_string());
        copy(original.path(), &folder);
        let mut child = worker(&folder, u64::MAX).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while !lines.next().unwrap().unwrap().contains("opened") {}
        std::thread::sleep(std::time::Duration::from_millis(round * round * 8));
        child.kill().unwrap();
        child.wait().unwrap();
        check_left(&folder, &expected);
    }
    // The numbers go on, too: nothing is given twice.
    let image = Image::open(&scratch.path().join("0")).unwrap();
    let mut t = image.begin(Author::Person);
    assert!(t.create_object("Last", None).unwrap() > 300);
}
