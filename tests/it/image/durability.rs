//! What was acknowledged is there: after `kill -9`, and after the store could not be written.
//!
//! The writers are processes of their own: this test binary again, with one ignored test as its
//! whole work. They print a line for every acknowledged commit.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use batos::image::{Author, CommitError, Image, Read};

const FOLDER: &str = "BATOS_TEST_IMAGE";
const THREADS: u32 = 4;

/// A writer process that runs one of the tests below.
fn writer(test: &str, folder: &Path) -> Command {
    // A file over its limit is an error then, not a signal that kills.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg(format!("image::durability::{test}"))
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// The keys of the facts in the output's lines.
fn acknowledged(line: &str) -> Option<&str> {
    line.split("acknowledged ").nth(1)
}

fn commit_fact(image: &Image, key: &str, value: &str) -> Result<(), CommitError> {
    let mut t = image.begin(Author::Kernel);
    t.set_fact(key, value).unwrap();
    let tid = t.commit()?;
    assert!(image.view().tid() >= tid);
    println!("acknowledged {key}");
    Ok(())
}

#[test]
#[ignore = "runs as a process that its caller kills"]
fn writer_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let image = Image::open(Path::new(&folder)).unwrap();
    let start = image.tid();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let image = &image;
            scope.spawn(move || {
                for n in 0.. {
                    commit_fact(image, &format!("{start}/{thread}/{n}"), "kept").unwrap();
                }
            });
        }
    });
}

#[test]
fn acknowledged_commits_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected: Vec<String> = Vec::new();
    for kill_after in [1, 40, 150] {
        let mut child = writer("writer_until_killed", folder.path())
            .spawn()
            .unwrap();
        let mut seen = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(key) = acknowledged(&line) else {
                continue;
            };
            expected.push(key.to_owned());
            seen += 1;
            if seen == kill_after {
                child.kill().unwrap();
                // What it printed before it died is read and counts, too.
            }
        }
        child.wait().unwrap();
        assert!(seen >= kill_after);
        let image = Image::open(folder.path()).unwrap();
        let view = image.view();
        for key in &expected {
            assert_eq!(
                view.fact(key).unwrap().as_deref(),
                Some("kept"),
                "{key} is lost"
            );
        }
        // Each transaction was one fact: none is there by half, none has lost its audit entry.
        let facts = u64::try_from(view.facts("").unwrap().len()).unwrap();
        assert_eq!(facts, image.tid());
        assert_eq!(view.audit_since(0, usize::MAX).unwrap().len() as u64, facts);
    }
}

#[test]
#[ignore = "runs as a process that may not write large files"]
fn writer_whose_store_fails() {
    use nix::sys::resource::{Resource, setrlimit};
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let image = Image::open(Path::new(&folder)).unwrap();
    let megabyte = 1 << 20;
    setrlimit(Resource::RLIMIT_FSIZE, megabyte, megabyte).unwrap();
    // The store writes a value twice, so its journal comes to the limit before the log does. It takes what
    // was acknowledged later.
    let value = "x".repeat(100_000);
    let failed = (0..).find_map(|n| {
        let failed = commit_fact(&image, &format!("k/{n}"), &value).err();
        std::thread::sleep(Duration::from_millis(100));
        failed
    });
    let failed = failed.unwrap();
    assert!(
        matches!(failed, CommitError::Poisoned { .. }) && failed.hint().is_some(),
        "{failed}"
    );
    // What was acknowledged is seen, also what the store could not take.
    let view = image.view();
    assert!(image.tid() > 1 && view.tid() == image.tid());
    for n in 0..image.tid() {
        assert!(view.fact(&format!("k/{n}")).unwrap().is_some(), "k/{n}");
    }
    assert_eq!(view.facts("k/").unwrap().len() as u64, image.tid());
    // Room would be back now; but nothing may be written that rests on what failed.
    let again = commit_fact(&image, "k/small", "x").unwrap_err();
    assert!(matches!(again, CommitError::Poisoned { .. }), "{again}");
    println!("refused: {again}");
    assert!(image.probe().is_err());
    // Reading goes on.
    assert!(image.view().fact("k/0").unwrap().is_some());
    assert!(image.close().is_err());
}

#[test]
fn what_the_store_could_not_take_is_there_when_the_image_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let output = writer("writer_whose_store_fails", folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains("refused: the image takes no more writes since one failed: "),
        "{text}"
    );
    let kept: Vec<_> = text.lines().filter_map(acknowledged).collect();
    assert!(!kept.is_empty());
    let image = Image::open(folder.path()).unwrap();
    assert_eq!(image.tid(), kept.len() as u64);
    for key in kept {
        assert!(image.view().fact(key).unwrap().is_some(), "{key} is lost");
    }
    assert!(image.view().fact("k/small").unwrap().is_none());
    // Opened again it writes again.
    super::create(&image, "A", None);
}
