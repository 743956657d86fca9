//! The log by line numbers: indexed, read back, searched, and as files come and go.

use batos::metacognition::LogLevel;
use batos::metacognition::pages::{Needle, Pages};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

fn line(number: u64, level: &str, text: &str) -> String {
    format!(
        "{{\"time\":\"2026-11-22T10:{:02}:{:02}.000Z\",\"level\":\"{level}\",\"mission\":{},\"persona\":\"BRICK\",\
         \"event\":\"engine.step\",\"text\":\"{text}\",\"fields\":{{\"step\":{number}}}}}\n",
        number / 60 % 60,
        number % 60,
        number % 7 + 1
    )
}

fn append(folder: &Path, name: &str, text: &str) {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join(name))
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn look(pages: &mut Pages) -> usize {
    let mut count = 0;
    loop {
        let found = pages.look().unwrap();
        count += found.heads.len();
        if !found.more {
            return count;
        }
    }
}

fn search(pages: &Pages, word: &str, unwanted: bool) -> Vec<u64> {
    let needles = [Needle {
        word: word.into(),
        unwanted,
    }];
    let mut all = Vec::new();
    pages
        .search(&needles, |numbers, _| {
            all.extend(numbers.unwrap_or_default());
            true
        })
        .unwrap();
    all.sort_unstable();
    all
}

#[test]
fn lines_are_counted_over_files_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut pages = Pages::open(folder.join("none"));
    assert_eq!(look(&mut pages), 0);
    let mut pages = Pages::open(folder.to_owned());
    append(
        folder,
        "watchdog.2026-11-22.jsonl",
        &line(9, "info", "not ours"),
    );
    append(
        folder,
        "kernel.2026-11-21.jsonl",
        &(line(0, "info", "a") + "torn {\n" + &line(1, "error", "b")),
    );
    append(folder, "kernel.2026-11-22.jsonl", &line(2, "warn", "c"));
    assert_eq!(look(&mut pages), 3);
    let entry = pages.entry(1).unwrap().unwrap();
    assert_eq!(
        (entry.text.as_str(), entry.level, entry.mission),
        ("b", LogLevel::Error, Some(2))
    );
    assert_eq!(entry.fields_json, "{\"step\":1}");
    assert_eq!(pages.entry(2).unwrap().unwrap().text, "c");
    assert_eq!(pages.entry(3).unwrap(), None);
    let (half, rest) = (line(3, "info", "d"), line(4, "info", "e"));
    let (half, other) = half.split_at(20);
    append(folder, "kernel.2026-11-22.jsonl", half);
    assert_eq!(look(&mut pages), 0, "half a line is waited for");
    append(folder, "kernel.2026-11-22.jsonl", other);
    append(folder, "kernel.2026-11-22.1.jsonl", &rest);
    assert_eq!(look(&mut pages), 2);
    assert_eq!(pages.entry(4).unwrap().unwrap().text, "e");
    fs::remove_file(folder.join("kernel.2026-11-21.jsonl")).unwrap();
    assert_eq!(look(&mut pages), 0);
    assert_eq!(pages.first(), 2, "numbers stay when the oldest file goes");
    assert_eq!(pages.entry(1).unwrap(), None);
    assert_eq!(pages.entry(2).unwrap().unwrap().text, "c");
}

#[test]
fn searches_look_at_what_a_person_sees_and_not_at_the_json_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all =
        line(0, "info", "a Level") + &line(1, "info", "say \\\"hi\\\"") + &line(2, "info", "Über");
    append(folder, "kernel.2026-11-22.jsonl", &all);
    let mut pages = Pages::open(folder.to_owned());
    look(&mut pages);
    assert_eq!(
        search(&pages, "level", false),
        [0],
        "a name of JSON is no text"
    );
    assert_eq!(search(&pages, "say \"hi\"", false), [1]);
    assert_eq!(search(&pages, "über", false), [2]);
    assert_eq!(search(&pages, "brick", false), [0, 1, 2], "the persona");
    assert_eq!(search(&pages, "engine", false), [0, 1, 2], "the event");
    assert_eq!(search(&pages, "level", true), [1, 2]);
    assert!(search(&pages, "nowhere", false).is_empty());
}

#[test]
fn a_million_lines_are_indexed_read_and_searched_and_a_search_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for file in 0..10_u64 {
        let text: String = (0..100_000)
            .map(|number| {
                let level = if number % 10_000 == 0 {
                    "error"
                } else {
                    "info"
                };
                line(
                    file * 100_000 + number,
                    level,
                    "an entry of usual length, as the kernel writes many",
                )
            })
            .collect();
        append(
            folder,
            &format!("kernel.2026-11-{:02}.jsonl", file + 1),
            &text,
        );
    }
    let mut pages = Pages::open(folder.to_owned());
    let began = Instant::now();
    assert_eq!(look(&mut pages), 1_000_000);
    eprintln!("indexed in {:?}", began.elapsed());
    let began = Instant::now();
    for number in (0..1_000_000).step_by(10_000) {
        assert_eq!(pages.entry(number).unwrap().unwrap().level, LogLevel::Error);
    }
    eprintln!("a line read in {:?}", began.elapsed() / 100);
    let began = Instant::now();
    assert!(search(&pages, "nowhere", false).is_empty());
    eprintln!("searched in {:?}", began.elapsed());
    let mut asked = 0;
    let needle = [Needle {
        word: "nowhere".into(),
        unwanted: false,
    }];
    pages
        .search(&needle, |_, _| {
            asked += 1;
            asked < 3
        })
        .unwrap();
    assert_eq!(asked, 3, "it ends where nobody wants it any more");
}
