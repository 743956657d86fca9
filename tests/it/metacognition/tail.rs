//! Reading the log back: families merged, half-written lines waited for, rotation followed.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use batos::metacognition::Filter;
use batos::metacognition::tail::Tail;

fn entry(second: u32, text: &str) -> String {
    format!(
        "{{\"time\":\"2026-11-22T10:00:{second:02}.000Z\",\"level\":\"info\",\"event\":\"test\",\"text\":\"{text}\",\
         \"fields\":{{}}}}\n"
    )
}

fn append(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn texts(tail: &mut Tail) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(line) = tail.next_line().unwrap() {
        texts.push(line.text);
    }
    texts
}

#[test]
fn families_are_merged_by_time() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    append(folder, "kernel.2026-11-21.jsonl", &entry(1, "a"));
    append(
        folder,
        "kernel.2026-11-22.jsonl",
        &(entry(3, "c") + &entry(5, "e")),
    );
    append(folder, "kernel.2026-11-22.1.jsonl", &entry(7, "g"));
    append(
        folder,
        "watchdog.2026-11-22.jsonl",
        &(entry(2, "b") + &entry(4, "d") + &entry(6, "f")),
    );
    append(folder, "kernel.log", "not a log of ours\n");
    assert_eq!(
        texts(&mut Tail::open(folder, Filter::default())).concat(),
        "abcdefg"
    );
    let newest = Tail::open(folder, Filter::default()).newest(2).unwrap();
    assert_eq!(
        newest
            .iter()
            .map(|line| line.text.as_str())
            .collect::<String>(),
        "fg"
    );
    let mut watchdog = Tail::open(folder, "family=watchdog".parse().unwrap());
    assert_eq!(texts(&mut watchdog).concat(), "bdf");
}

#[test]
fn what_is_appended_is_found_and_half_a_line_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut tail = Tail::open(folder, Filter::default());
    assert!(texts(&mut tail).is_empty());
    let one = entry(1, "one");
    let (half, rest) = one.split_at(30);
    append(folder, "kernel.2026-11-22.jsonl", half);
    tail.look_again();
    assert!(texts(&mut tail).is_empty());
    append(folder, "kernel.2026-11-22.jsonl", rest);
    tail.look_again();
    assert_eq!(texts(&mut tail), ["one"]);

    // The file is finished, the next begun, and another family appears, between two looks.
    append(folder, "kernel.2026-11-22.jsonl", &entry(2, "two"));
    append(folder, "kernel.2026-11-22.1.jsonl", &entry(3, "three"));
    append(folder, "watchdog.2026-11-22.jsonl", &entry(4, "four"));
    tail.look_again();
    assert_eq!(texts(&mut tail), ["two", "three", "four"]);
    assert_eq!(tail.skipped(), 0);
}

#[test]
fn lines_that_are_no_entries_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let torn = "{\"time\":\"2026-11\n";
    append(
        folder,
        "kernel.2026-11-22.jsonl",
        &(entry(1, "one") + torn + "\n" + &entry(2, "two")),
    );
    fs::write(folder.join("engine.2026-11-22.jsonl"), b"\xff\xff\n").unwrap();
    let mut tail = Tail::open(folder, Filter::default());
    assert_eq!(texts(&mut tail), ["one", "two"]);
    assert_eq!(tail.skipped(), 2);
}

#[test]
fn many_lines_come_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for second in 0..60 {
        let many: String = (0..40).map(|_| entry(second, "k")).collect();
        append(folder, "kernel.2026-11-22.jsonl", &many);
        append(folder, "watchdog.2026-11-22.jsonl", &entry(second, "w"));
    }
    let mut tail = Tail::open(folder, Filter::default());
    let mut last = None;
    let mut count = 0;
    while let Some(line) = tail.next_line().unwrap() {
        assert!(last <= Some(line.time));
        last = Some(line.time);
        count += 1;
    }
    assert_eq!(count, 60 * 41);
}
