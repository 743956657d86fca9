//! A disk that is really full: a small one in memory, in a namespace of its own. Commits are refused in plain
//! words, reading goes on, and with room again so does writing, without opening the image again.

use std::fs;
use std::path::Path;
use std::process::Command;

use batos::image::check::fsck;
use batos::image::{Author, CommitError, Image, ImageError, Read};

use super::oracle::Oracle;
use super::work::{Failure, Place, advance, set_up};
use super::worker::{self, told};

const MEGABYTE: usize = 1 << 20;

/// Fills the disk but for `free` bytes.
fn fill(file: &Path, free: u64) {
    let disk = nix::sys::statvfs::statvfs(file.parent().unwrap()).unwrap();
    let room = disk.blocks_available() * disk.fragment_size();
    let filler = vec![1; usize::try_from(room.saturating_sub(free)).unwrap()];
    fs::write(file, filler).unwrap();
}

fn commit(image: &Image, key: &str, bytes: usize) -> Result<u64, CommitError> {
    let mut t = image.begin(Author::Kernel);
    t.set_fact(key, &"x".repeat(bytes)).unwrap();
    t.commit()
}

#[test]
#[ignore = "runs as a process that has a small disk"]
fn works_on_a_small_disk() {
    let Some((disk, seed)) = told() else {
        return;
    };
    let folder = disk.join("image");
    let image = Image::open(&folder).unwrap();
    set_up(&image).unwrap();
    let mut place = Place::default();
    let mut oracle = Oracle::new(seed);
    let mut work = |image: &Image, place: &mut Place| {
        let tid = advance(image, place, seed, 0)?;
        oracle.hear(&format!("ok {tid} mark 0 {}", place.n));
        Ok::<_, Failure>(())
    };
    for _ in 0..8 {
        work(&image, &mut place).unwrap();
    }
    // As somebody else's file comes to fill it.
    let filler = disk.join("filler");
    for free in [40 * MEGABYTE, MEGABYTE, 0] {
        fill(&filler, free as u64);
        let before = image.tid();
        for _ in 0..3 {
            let Err(Failure::Commit(error)) = work(&image, &mut place) else {
                panic!("{free} bytes are free");
            };
            assert!(matches!(error, CommitError::DiskFull { .. }), "{error}");
            assert!(
                error.to_string().contains("MiB are left on the disk"),
                "{error}"
            );
            assert!(error.hint().unwrap().contains("make room"));
        }
        // Reading goes on, and what would write says why not.
        assert_eq!(image.view().fact("n/0").unwrap(), Some(place.n.to_string()));
        assert!(
            image
                .probe()
                .unwrap_err()
                .to_string()
                .contains("left on the disk")
        );
        if free < 2 * MEGABYTE {
            let blob = image.blobs().put(&vec![7; 3 * MEGABYTE]).unwrap_err();
            assert!(matches!(blob, ImageError::Blob { .. }), "{blob}");
        }
        fs::remove_file(&filler).unwrap();
        assert_eq!(image.tid(), before);
        work(&image, &mut place).unwrap();
    }
    image.probe().unwrap();
    image.close().unwrap();
    // An image that is opened on a full disk has everything, and writes when there is room.
    fill(&filler, 0);
    let image = Image::open(&folder).unwrap();
    assert!(matches!(work(&image, &mut place), Err(Failure::Commit(_))));
    fs::remove_file(&filler).unwrap();
    work(&image, &mut place).unwrap();
    oracle.check(&image, 0);
    // As the image itself fills it.
    let full = (0..).find_map(|n| commit(&image, &format!("k/{n}"), MEGABYTE).err());
    assert!(
        matches!(full, Some(CommitError::DiskFull { .. })),
        "{full:?}"
    );
    image.close().unwrap();
    let image = Image::open(&folder).unwrap();
    assert!(image.view().fact("k/0").unwrap().is_some());
    println!("ok {} transactions, then full", image.tid());
    image.close().unwrap();
    drop(fsck(&folder, &mut |_, _| {}));
    println!("the small disk is done");
}

#[test]
fn a_full_disk_is_said_and_work_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let inner = worker::worker("full::works_on_a_small_disk", folder.path(), 3);
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=160m small \"$0\" && echo mounted && exec \"$@\"")
        .arg(folder.path())
        .arg(inner.get_program())
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        command.env(name, value.unwrap());
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            println!("SKIPPED: no small disk can be made here: {error}");
            return;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    if !text.contains("mounted") {
        println!("SKIPPED: no small disk can be made here: {why}");
        return;
    }
    assert!(output.status.success(), "{text}{why}");
    assert!(text.contains("the small disk is done"), "{text}");
}
