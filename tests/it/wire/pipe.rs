//! Lines of the missions pipe, and what is found in its place.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use batos::wire::pipe::{MAX_LINE_BYTES, MissionPipe, PipeError, PipeLine, prepare};

fn path_in(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("missions")
}

fn open(path: &Path) -> MissionPipe {
    MissionPipe::over(prepare(path).unwrap(), path).unwrap()
}

fn write(path: &Path, bytes: &[u8]) {
    let mut pipe = File::options().write(true).open(path).unwrap();
    pipe.write_all(bytes).unwrap();
}

async fn missions(pipe: &mut MissionPipe, count: usize) -> Vec<String> {
    let mut missions = Vec::new();
    for _ in 0..count {
        match pipe.next().await.unwrap() {
            PipeLine::Mission(text) => missions.push(text),
            PipeLine::Refused(why) => missions.push(format!("REFUSED {why}")),
        }
    }
    missions
}

async fn is_empty(pipe: &mut MissionPipe) -> bool {
    tokio::time::timeout(Duration::from_millis(20), pipe.next())
        .await
        .is_err()
}

#[tokio::test]
async fn each_line_is_a_mission() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let mut pipe = open(&path);
    let metadata = fs::metadata(&path).unwrap();
    assert!(metadata.file_type().is_fifo());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);

    write(
        &path,
        b"teach Account to deposit\n\n  \r\n\tsay \xe2\x82\xac\r\nhalf",
    );
    assert_eq!(
        missions(&mut pipe, 2).await,
        ["teach Account to deposit", "say €"]
    );
    assert!(is_empty(&mut pipe).await, "half a line is no mission yet");
    write(&path, b" and half\n");
    assert_eq!(missions(&mut pipe, 1).await, ["half and half"]);
}

#[tokio::test]
async fn bad_lines_are_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let mut pipe = open(&path);
    let longest = "x".repeat(MAX_LINE_BYTES);
    write(&path, format!("{longest}\n{longest}y\n").as_bytes());
    write(&path, b"\xff\xfe\nzero\0byte\nfine\n");
    let lines = missions(&mut pipe, 5).await;
    assert_eq!(lines[0], longest);
    assert!(lines[1].contains("longer than 4,096 bytes"));
    assert!(lines[2].contains("UTF-8"));
    assert!(lines[3].contains("zero byte"));
    assert_eq!(lines[4], "fine");
}

#[tokio::test]
async fn what_is_not_taken_yet_outlives_the_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let _watchdog = prepare(&path).unwrap();
    let mut first = open(&path);
    write(&path, b"one\ntwo\nthree\n");
    assert_eq!(missions(&mut first, 1).await, ["one"]);
    drop(first);
    assert_eq!(missions(&mut open(&path), 2).await, ["two", "three"]);
}

#[tokio::test]
async fn a_file_in_its_place_is_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    fs::write(&path, "one\ntwo\nthree\nfour").unwrap();
    let mut pipe = open(&path);
    write(&path, b"five\n");
    assert_eq!(missions(&mut pipe, 2).await, ["one", "two"]);
    // Killed before what came of `two` was durable, and another file was put there meanwhile.
    drop(pipe);
    fs::remove_file(&path).unwrap();
    fs::write(&path, "later\n").unwrap();
    let mut pipe = open(&path);
    assert_eq!(
        missions(&mut pipe, 4).await,
        ["two", "three", "four", "later"]
    );
    assert!(is_empty(&mut pipe).await);
    drop(pipe);
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(left, ["missions"]);
    assert!(is_empty(&mut open(&path)).await);
}

#[tokio::test]
async fn a_file_put_there_later_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let mut pipe = open(&path);
    fs::remove_file(&path).unwrap();
    fs::write(&path, "from the file\n").unwrap();
    assert_eq!(missions(&mut pipe, 1).await, ["from the file"]);
    write(&path, b"from the new pipe\n");
    assert_eq!(missions(&mut pipe, 1).await, ["from the new pipe"]);
}

#[test]
fn links_and_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let precious = folder.path().join("precious");
    fs::write(&precious, "mine").unwrap();
    symlink(&precious, &path).unwrap();
    assert!(matches!(
        prepare(&path),
        Err(PipeError::InTheWay {
            what: "a symbolic link",
            ..
        })
    ));
    assert_eq!(fs::read_to_string(&precious).unwrap(), "mine");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(prepare(&path), Err(PipeError::InTheWay { .. })));
}

#[test]
fn another_users_file_is_refused() {
    if !nix::unistd::geteuid().is_root() {
        // Only root can make a file that belongs to somebody else.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    fs::write(&path, "not yours\n").unwrap();
    std::os::unix::fs::chown(&path, Some(12345), None).unwrap();
    assert!(matches!(
        prepare(&path),
        Err(PipeError::Foreign { uid: 12345, .. })
    ));
    assert!(path.is_file());
}
