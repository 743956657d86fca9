//! `batos bench image` in small: that it measures, on which disk, and that nothing stays behind.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn bench(arguments: &[&str]) -> Output {
    let home = folder();
    Command::new(env!("CARGO_BIN_EXE_batos"))
        .args(["bench", "image", "--home"])
        .arg(home.path())
        .args(arguments)
        .env_remove("BATOS_HOME")
        .output()
        .unwrap()
}

/// On a disk rather than in memory, where the build is.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn report(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

const SMALL: [&str; 10] = [
    "--in-memory",
    "--objects",
    "300",
    "--seconds",
    "0.1",
    "--writers",
    "4",
    "--cold-reads",
    "50",
    "--json",
];

#[test]
fn every_measure_has_its_figure_and_nothing_stays_behind() {
    let folder = folder();
    let place = folder.path().to_str().unwrap();
    let report = report(&bench(&[&SMALL[..], &["--folder", place]].concat()));
    let number = |pointer: &str| {
        let found = report.pointer(pointer).and_then(Value::as_f64);
        found.unwrap_or_else(|| panic!("no {pointer} in {report:#}"))
    };
    for pointer in [
        "/filled/objects_per_second",
        "/commits/0/per_second",
        "/commits/1/per_second",
        "/reads/by_oid/per_second",
        "/reads/by_name/per_second",
        "/reads/by_name_each_snapshot/per_second",
        "/cold_reads/by_oid/per_second",
        "/cold_reads/by_name/per_second",
        "/history/past_states/per_second",
        "/history/histories/per_second",
        "/open/clean/seconds",
        "/open/killed/seconds",
        "/open/killed_cold/seconds",
        "/pack/seconds",
        "/pack/versions",
        "/beside_pack/0/without/longest_us",
        "/beside_pack/0/during/longest_us",
        "/beside_pack/1/during/commits",
        "/bytes/all",
        "/bytes/log",
    ] {
        assert!(number(pointer) > 0.0, "{pointer}");
    }
    // One writer waits for a sync with each commit; many share them.
    assert_eq!(number("/commits/0/syncs"), number("/commits/0/commits"));
    assert!(number("/commits/1/syncs") <= number("/commits/1/commits"));
    assert_eq!(number("/open/clean/replayed"), 0.0);
    assert!(number("/open/killed/tid") >= number("/open/killed/acknowledged"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_image_that_is_kept_is_gone_on_with_and_other_images_are_left_alone() {
    let folder = folder();
    let kept = folder.path().join("kept");
    let kept = kept.to_str().unwrap();
    let again = || bench(&[&SMALL[..], &["--image", kept, "--measure", "reads"]].concat());
    assert!(report(&again())["filled"].is_object());
    let second = report(&again());
    assert_eq!(second["filled"], Value::Null);
    assert_eq!(second["open"], Value::Null);
    assert!(second["reads"]["by_name"]["per_second"].as_f64().unwrap() > 0.0);

    let other = bench(&["--in-memory", "--objects", "7", "--image", kept]);
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(!other.status.success());
    assert!(said.contains("has {\"objects\":300"), "{said}");

    let foreign = folder.path().join("foreign");
    drop(image_with_something(&foreign));
    let refused = bench(&["--in-memory", "--image", foreign.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(said.contains("was not made for this"), "{said}");
}

fn image_with_something(folder: &Path) -> batos::image::Image {
    let image = batos::image::Image::open(folder).unwrap();
    let mut transaction = image.begin(batos::image::Author::Person);
    transaction.create_object("Account", None).unwrap();
    transaction.commit().unwrap();
    image
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_in_memory_is_refused_unless_that_is_wanted() {
    let memory = Path::new("/dev/shm");
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap();
    if !mounts.contains("tmpfs /dev/shm") || tempfile::tempdir_in(memory).is_err() {
        return;
    }
    let small = [
        "--objects",
        "10",
        "--seconds",
        "0.05",
        "--measure",
        "commits",
    ];
    let arguments = [&small[..], &["--folder", "/dev/shm"]].concat();
    let refused = bench(&arguments);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(said.contains("/dev/shm is in memory (tmpfs)"), "{said}");

    let measured = report(&bench(
        &[&arguments[..], &["--in-memory", "--json"]].concat(),
    ));
    assert_eq!(measured["disk"]["kind"], "tmpfs");
    assert_eq!(measured["disk"]["plausible"], false);
}
