//! Model files over HTTP: whole and checked, or not there at all.

use std::io::Write;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use batos::cli::fetch::{FetchError, Fetched, Fetcher, Progress, Record, SourceError};
use batos::config::{Environment, Model, Source};
use sha2::{Digest, Sha256};

use super::server::{Answer, Server};

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Bytes that start as a GGUF file does and repeat nowhere.
pub fn content() -> Vec<u8> {
    let numbers = (0..60_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes());
    b"GGUF".iter().copied().chain(numbers).collect()
}

pub fn quiet() -> Progress {
    Progress::to(Box::new(std::io::sink()), false)
}

pub fn model(sources: Vec<Source>) -> Model {
    Model {
        file: "m.gguf".to_owned(),
        bytes: None,
        licence: "MIT".to_owned(),
        context: 2048,
        gpu_layers: 0,
        note: None,
        sources,
    }
}

fn hub(sha256: Option<String>) -> Source {
    Source::Huggingface {
        repo: "who/what".to_owned(),
        file: "their.gguf".to_owned(),
        revision: "main".to_owned(),
        sha256,
    }
}

fn fetcher(folder: &Path, endpoint: &str) -> Fetcher {
    let variables = [("HF_ENDPOINT", endpoint), ("HF_TOKEN", "secret")];
    Fetcher::new(folder, &variables.into_iter().collect::<Environment>()).with_pause(Duration::ZERO)
}

/// What one source said when the fetch failed.
fn failure(result: Result<Fetched, FetchError>) -> SourceError {
    match result.unwrap_err() {
        FetchError::NoSource { mut tried, .. } => tried.pop().unwrap().1,
        other => panic!("{other:?}"),
    }
}

/// Everything in the folder but locks.
fn left_in(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| !name.ends_with(".lock")).collect();
    names.sort();
    names
}

#[test]
fn the_publishers_hash_is_checked_and_kept_and_the_token_stays_at_home() {
    let body = content();
    let (sent, hash) = (body.clone(), sha256(&body));
    let store = Server::start(move |asked| Answer::ranged(asked, &sent));
    let elsewhere = format!("{}/blob?signed=1", store.url);
    let linked = format!("\"{hash}\"");
    let hub_server = Server::start(move |asked| match asked.path.as_str() {
        "/who/what/resolve/main/their.gguf" => Answer::redirect("/moved/their.gguf"),
        _ => Answer::redirect(&elsewhere).with("X-Linked-Etag", &linked),
    });
    let folder = tempfile::tempdir().unwrap();
    let fetcher = fetcher(folder.path(), &hub_server.url);
    let model = model(vec![hub(None)]);

    let fetched = fetcher.fetch(&model, false, &mut quiet()).unwrap();
    assert!(matches!(fetched, Fetched::From { .. }));
    assert_eq!(fetched.sha256(), sha256(&body));
    let path = folder.path().join("m.gguf");
    assert_eq!(std::fs::read(&path).unwrap(), body);
    assert_eq!(Record::read(&path).unwrap().sha256, sha256(&body));
    assert_eq!(left_in(folder.path()), ["m.gguf", "m.gguf.sha256"]);
    assert!(
        hub_server
            .asked()
            .iter()
            .all(|a| a.header("authorization") == Some("Bearer secret"))
    );
    assert!(
        store
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );

    // The second time nobody is asked.
    let requests = hub_server.asked().len() + store.asked().len();
    let again = fetcher.fetch(&model, false, &mut quiet()).unwrap();
    assert!(matches!(again, Fetched::AlreadyThere { .. }));
    assert_eq!(hub_server.asked().len() + store.asked().len(), requests);
}

#[test]
fn a_cut_connection_goes_on_where_it_was_cut() {
    let body = content();
    let sent = body.clone();
    let server = Server::start(move |asked| match (asked.method.as_str(), asked.range()) {
        ("GET", None) => Answer::file(&sent).cut_after(100_000),
        _ => Answer::ranged(asked, &sent),
    });
    let folder = tempfile::tempdir().unwrap();
    let model = model(vec![hub(Some(sha256(&body)))]);
    fetcher(folder.path(), &server.url)
        .fetch(&model, false, &mut quiet())
        .unwrap();
    assert_eq!(std::fs::read(folder.path().join("m.gguf")).unwrap(), body);
    let ranges: Vec<_> = server
        .gets()
        .iter()
        .map(super::server::Asked::range)
        .collect();
    assert_eq!(ranges.len(), 2);
    let from = ranges[1].unwrap();
    assert!(from > 0 && from <= 100_000, "{ranges:?}");
}

#[test]
fn a_later_fetch_goes_on_with_what_an_earlier_one_left() {
    let body = content();
    let hash = sha256(&body);
    let sent = body.clone();
    let server = Server::start(move |asked| Answer::ranged(asked, &sent));
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join(format!(".m.gguf.{}.part", &hash[..16]));
    std::fs::write(&part, &body[..70_000]).unwrap();
    let model = model(vec![hub(Some(hash))]);
    fetcher(folder.path(), &server.url)
        .fetch(&model, false, &mut quiet())
        .unwrap();
    assert_eq!(std::fs::read(folder.path().join("m.gguf")).unwrap(), body);
    assert_eq!(
        server
            .gets()
            .iter()
            .map(super::server::Asked::range)
            .collect::<Vec<_>>(),
        [Some(70_000)]
    );
}

#[test]
fn a_part_that_is_already_whole_needs_only_its_name() {
    let body = content();
    let hash = sha256(&body);
    let sent = body.clone();
    let server = Server::start(move |asked| Answer::ranged(asked, &sent));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(format!(".m.gguf.{}.part", &hash[..16])),
        &body,
    )
    .unwrap();
    let model = model(vec![hub(Some(hash))]);
    fetcher(folder.path(), &server.url)
        .fetch(&model, false, &mut quiet())
        .unwrap();
    assert_eq!(std::fs::read(folder.path().join("m.gguf")).unwrap(), body);
}

#[test]
fn a_spoilt_part_is_fetched_again_from_the_start() {
    let body = content();
    let hash = sha256(&body);
    let sent = body.clone();
    let server = Server::start(move |asked| Answer::ranged(asked, &sent));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(format!(".m.gguf.{}.part", &hash[..16])),
        [7; 5_000],
    )
    .unwrap();
    let model = model(vec![hub(Some(hash))]);
    fetcher(folder.path(), &server.url)
        .fetch(&model, false, &mut quiet())
        .unwrap();
    assert_eq!(std::fs::read(folder.path().join("m.gguf")).unwrap(), body);
    assert_eq!(
        server
            .gets()
            .iter()
            .map(super::server::Asked::range)
            .collect::<Vec<_>>(),
        [Some(5_000), None]
    );
}

#[test]
fn a_server_without_ranges_sends_from_the_start() {
    let body = content();
    let hash = sha256(&body);
    let sent = body.clone();
    let server = Server::start(move |_| Answer::file(&sent));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(format!(".m.gguf.{}.part", &hash[..16])),
        &body[..9],
    )
    .unwrap();
    let model = model(vec![hub(Some(hash))]);
    fetcher(folder.path(), &server.url)
        .fetch(&model, false, &mut quiet())
        .unwrap();
    assert_eq!(std::fs::read(folder.path().join("m.gguf")).unwrap(), body);
}

#[test]
fn a_wrong_hash_leaves_nothing_behind() {
    let body = content();
    let expected = sha256(b"something else");
    let server = Server::start(move |asked| Answer::ranged(asked, &body));
    let folder = tempfile::tempdir().unwrap();
    let model = model(vec![hub(Some(expected.clone()))]);
    let error = failure(fetcher(folder.path(), &server.url).fetch(&model, false, &mut quiet()));
    assert!(
        matches!(&error, SourceError::WrongHash { expected: e, .. } if *e == expected),
        "{error}"
    );
    assert_eq!(left_in(folder.path()), Vec::<String>::new());
}

#[test]
fn a_file_whose_hash_nobody_names_is_not_taken() {
    let body = content();
    let server = Server::start(move |asked| Answer::ranged(asked, &body).with("ETag", "\"v1\""));
    let folder = tempfile::tempdir().unwrap();
    let error = failure(fetcher(folder.path(), &server.url).fetch(
        &model(vec![hub(None)]),
        false,
        &mut quiet(),
    ));
    assert!(matches!(error, SourceError::NoHash { .. }), "{error}");
    assert!(server.gets().is_empty());
}

#[test]
fn each_refusal_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let said = |status| {
        let server = Server::start(move |_| Answer::status(status));
        let result =
            fetcher(folder.path(), &server.url).fetch(&model(vec![hub(None)]), false, &mut quiet());
        failure(result).to_string().replace(&server.url, "")
    };
    insta::assert_snapshot!(said(404), @"/who/what/resolve/main/their.gguf answered 404: there is no such file");
    insta::assert_snapshot!(said(401), @"/who/what/resolve/main/their.gguf answered 401: it needs an account that has accepted the licence on its page; set HF_TOKEN");
}

#[test]
fn a_server_that_always_cuts_is_given_up() {
    let body = content();
    let hash = sha256(&body);
    let server = Server::start(move |asked| Answer::ranged(asked, &body).cut_after(0));
    let folder = tempfile::tempdir().unwrap();
    let result = fetcher(folder.path(), &server.url).fetch(
        &model(vec![hub(Some(hash))]),
        false,
        &mut quiet(),
    );
    let error = failure(result);
    assert!(matches!(error, SourceError::Cut { .. }), "{error}");
}

#[test]
fn the_error_names_every_source_and_the_next_one_is_tried() {
    let nobody = {
        // A port that was free a moment ago.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let folder = tempfile::tempdir().unwrap();
    let both = model(vec![hub(None), hub(Some(sha256(b"x")))]);
    let error = fetcher(folder.path(), &nobody)
        .fetch(&both, false, &mut quiet())
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("could not fetch m.gguf from any of its sources\n"),
        "{text}"
    );
    assert_eq!(text.matches("could not reach").count(), 2, "{text}");
    assert!(error.hint().unwrap().contains("m.gguf"));
}

#[test]
fn a_file_that_is_there_is_recognized_refused_or_kept_by_its_hash() {
    let body = content();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gguf");
    let fetcher = fetcher(folder.path(), "http://127.0.0.1:9");
    std::fs::write(&path, &body).unwrap();
    let known = model(vec![hub(Some(sha256(&body)))]);
    assert!(matches!(
        fetcher.fetch(&known, false, &mut quiet()),
        Ok(Fetched::Recognized { .. })
    ));
    assert!(matches!(
        fetcher.fetch(&known, false, &mut quiet()),
        Ok(Fetched::AlreadyThere { .. })
    ));

    // The same size, another byte: only reading it tells.
    let mut spoilt = body.clone();
    spoilt[1000] ^= 1;
    std::fs::write(&path, &spoilt).unwrap();
    assert!(matches!(
        fetcher.fetch(&known, false, &mut quiet()),
        Ok(Fetched::AlreadyThere { .. })
    ));
    let error = fetcher.fetch(&known, true, &mut quiet()).unwrap_err();
    assert!(matches!(error, FetchError::Damaged { .. }));
    assert!(error.hint().unwrap().contains("batos model rm m.gguf"));

    // No record, no known hash: a GGUF file is kept, anything else is not.
    std::fs::remove_file(Record::path_for(&path)).unwrap();
    let unknown = model(vec![hub(None)]);
    assert!(matches!(
        fetcher.fetch(&unknown, false, &mut quiet()),
        Ok(Fetched::Unknown { .. })
    ));
    std::fs::remove_file(Record::path_for(&path)).unwrap();
    std::fs::write(&path, "<html>").unwrap();
    assert!(matches!(
        fetcher.fetch(&unknown, false, &mut quiet()),
        Err(FetchError::Damaged { .. })
    ));
    assert!(path.exists(), "a person's file is never deleted");
}

struct Lines(mpsc::Sender<String>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_second_fetch_waits_for_the_first_and_uses_its_file() {
    let body = content();
    let folder = tempfile::tempdir().unwrap();
    let lock = std::fs::File::create(folder.path().join(".m.gguf.lock")).unwrap();
    lock.lock().unwrap();
    let (sender, lines) = mpsc::channel();
    let second = {
        let fetcher = fetcher(folder.path(), "http://127.0.0.1:9");
        let model = model(vec![hub(Some(sha256(&body)))]);
        std::thread::spawn(move || {
            fetcher.fetch(
                &model,
                false,
                &mut Progress::to(Box::new(Lines(sender)), false),
            )
        })
    };
    let said = lines.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(said.contains("waiting"), "{said}");
    std::fs::write(folder.path().join("m.gguf"), &body).unwrap();
    lock.unlock().unwrap();
    assert!(matches!(
        second.join().unwrap(),
        Ok(Fetched::Recognized { .. })
    ));
}
