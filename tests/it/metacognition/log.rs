//! Recording: lines, numbers, rotation, the link, and a disk that is slow or full.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use batos::metacognition::{Entry, LogLevel, LogName, Metacognition, Options, Rotation};
use serde_json::Value;

fn lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn note(text: impl Into<String>) -> Entry {
    Entry::new(LogLevel::Info, "test.note", text)
}

#[test]
fn an_entry_becomes_one_line_of_json() {
    let home = tempfile::tempdir().unwrap();
    let (log, guard) = Metacognition::start(&home.path().join("logs"), "kernel").unwrap();
    let entry = log.record(
        Entry::new(LogLevel::Warn, "mission.state", "two\nlines \"quoted\"")
            .mission(3)
            .persona("BRICK")
            .field("attempt", 2),
    );
    log.record(note("plain"));
    assert_eq!(entry.number, 1);
    drop(guard);

    // Through the link, as a person would look at it.
    let link = home.path().join("metacognition.jsonl");
    let lines = lines(&link);
    assert_eq!(lines.len(), 2);
    let first = lines[0].as_object().unwrap();
    let keys: Vec<_> = first.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "time", "level", "mission", "persona", "event", "text", "fields"
        ]
    );
    assert_eq!(first["text"], "two\nlines \"quoted\"");
    assert_eq!(first["fields"]["attempt"], 2);
    let time: jiff::Timestamp = first["time"].as_str().unwrap().parse().unwrap();
    assert_eq!(time.as_millisecond(), i64::try_from(entry.time_ms).unwrap());
    assert!(first["time"].as_str().unwrap().ends_with('Z'));
    assert!(!lines[1].as_object().unwrap().contains_key("mission"));
    assert!(fs::read_link(&link).unwrap().is_relative());
}

#[test]
fn files_are_rotated_pruned_and_linked() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("logs");
    let options = Options {
        rotation: Rotation {
            file_bytes: 2000,
            files: 3,
        },
        ..Options::default()
    };
    let (log, guard) = Metacognition::start_with(&folder, "kernel", &options).unwrap();
    for number in 0..100 {
        log.record(note(format!("entry {number} {}", "x".repeat(50))));
    }
    drop(guard);
    let names = LogName::list(&folder, Some("kernel")).unwrap();
    assert_eq!(names.len(), 3);
    let newest = names.last().unwrap();
    assert!(newest.part > 3);
    let link = home.path().join("metacognition.jsonl");
    assert_eq!(
        fs::read_link(&link).unwrap(),
        Path::new("logs").join(newest.file_name())
    );
    assert!(
        lines(&link).last().unwrap()["text"]
            .as_str()
            .unwrap()
            .starts_with("entry 99 ")
    );
    for name in &names {
        assert!(fs::metadata(folder.join(name.file_name())).unwrap().len() < 2300);
    }

    // The next process goes on in the newest file, and another family keeps out of it.
    let (log, guard) = Metacognition::start_with(&folder, "kernel", &Options::default()).unwrap();
    let (other, other_guard) = Metacognition::start(&folder, "watchdog").unwrap();
    log.record(note("the next process"));
    other.record(note("the watchdog"));
    drop((guard, other_guard));
    assert_eq!(
        fs::read_link(&link).unwrap(),
        Path::new("logs").join(newest.file_name())
    );
    assert_eq!(lines(&link).last().unwrap()["text"], "the next process");
}

#[test]
fn names_order_as_written() {
    let parse = |name| LogName::parse(name).unwrap();
    assert!(parse("kernel.2026-11-22.jsonl") < parse("kernel.2026-11-22.2.jsonl"));
    assert!(parse("kernel.2026-11-22.9.jsonl") < parse("kernel.2026-11-22.10.jsonl"));
    assert!(parse("kernel.2026-11-22.10.jsonl") < parse("kernel.2026-11-23.jsonl"));
    assert_eq!(
        parse("kernel.2026-11-22.7.jsonl").file_name(),
        "kernel.2026-11-22.7.jsonl"
    );
    for name in [
        "kernel.log",
        "kernel.jsonl",
        ".2026-11-22.jsonl",
        "kernel.2026-11-22.1.2.jsonl",
    ] {
        assert_eq!(LogName::parse(name), None, "{name}");
    }
}

#[test]
fn a_line_torn_by_a_kill_is_closed_first() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("logs");
    let (log, guard) = Metacognition::start(&folder, "kernel").unwrap();
    log.record(note("before"));
    drop(guard);
    let link = home.path().join("metacognition.jsonl");
    let mut file = fs::OpenOptions::new().append(true).open(&link).unwrap();
    file.write_all(b"{\"time\":\"2026").unwrap();
    let (log, guard) = Metacognition::start(&folder, "kernel").unwrap();
    log.record(note("after"));
    drop(guard);
    let text = fs::read_to_string(&link).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(
        (text.lines().count(), &last["text"]),
        (3, &Value::from("after"))
    );
}

#[test]
fn a_file_where_the_link_should_be_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let link = home.path().join("metacognition.jsonl");
    fs::write(&link, "precious").unwrap();
    let (log, guard) = Metacognition::start(&home.path().join("logs"), "kernel").unwrap();
    log.record(note("elsewhere"));
    drop(guard);
    assert_eq!(fs::read_to_string(&link).unwrap(), "precious");
}

/// A disk that takes nothing until it is let go.
#[derive(Clone, Default)]
struct SlowDisk {
    free: Arc<(Mutex<bool>, Condvar)>,
    waiting: Arc<AtomicBool>,
    written: Arc<Mutex<Vec<u8>>>,
}

impl Write for SlowDisk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let (free, signal) = &*self.free;
        self.waiting.store(true, Ordering::SeqCst);
        drop(
            signal
                .wait_while(free.lock().unwrap(), |free| !*free)
                .unwrap(),
        );
        self.written.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_slow_disk_stalls_nobody_and_what_was_dropped_is_told() {
    let disk = SlowDisk::default();
    let options = Options {
        queue_lines: 10,
        ..Options::default()
    };
    let (log, guard) = Metacognition::over_writer(disk.clone(), &options);
    log.record(note("the one that the writer waits with"));
    while !disk.waiting.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
    // Would never return if recording waited for the disk; ten find room in the queue.
    for number in 1..100 {
        log.record(note(number.to_string()));
    }
    let dropped = log.dropped();
    assert_eq!(dropped, 89);
    assert_eq!(log.recent(1000).len(), 100, "front-ends get all of them");

    *disk.free.0.lock().unwrap() = true;
    disk.free.1.notify_all();
    let full = || {
        disk.written
            .lock()
            .unwrap()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            < 11
    };
    while full() {
        std::thread::yield_now();
    }
    log.record(note("room again"));
    drop(guard);
    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [.., told, last] = lines.as_slice() else {
        panic!("{text}")
    };
    assert_eq!(told["event"], "log.dropped");
    assert_eq!(told["fields"]["lines"], dropped);
    assert_eq!(last["text"], "room again");
    assert_eq!(log.dropped(), dropped, "notices are not entries");
    assert_eq!(text.matches("log.dropped").count(), 1);
}

#[test]
fn the_newest_entries_are_kept_for_front_ends() {
    let options = Options {
        recent_entries: 5,
        ..Options::default()
    };
    let (log, _guard) = Metacognition::over_writer(std::io::sink(), &options);
    for number in 0..8 {
        log.record(note(number.to_string()));
    }
    let texts = |count| {
        log.recent(count)
            .into_iter()
            .map(|entry| entry.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(100), ["3", "4", "5", "6", "7"]);
    assert_eq!(texts(2), ["6", "7"]);
    // However large the entries are, an answer fits in a frame.
    for _ in 0..5 {
        log.record(note("x".repeat(3 << 20)));
    }
    assert_eq!(texts(5).len(), 1);
}

#[tokio::test]
async fn subscribers_get_all_from_one_moment_and_the_slow_one_is_told() {
    let (log, _guard) = Metacognition::over_writer(std::io::sink(), &Options::default());
    log.record(note("before"));
    let (recent, mut entries) = log.recent_and_subscribe(10);
    let mut slow = log.subscribe();
    log.record(note("after"));
    assert_eq!(recent.len(), 1);
    assert_eq!(entries.recv().await.unwrap().number, recent[0].number + 1);
    for _ in 0..2000 {
        log.record(note("many"));
    }
    let lagged = slow.recv().await.unwrap_err();
    assert!(matches!(
        lagged,
        tokio::sync::broadcast::error::RecvError::Lagged(_)
    ));
}
