//! `batos model`, up to what it prints.

use batos::cli::model::{ModelArgs, ModelCommand, run};
use batos::config::{Environment, Home};

use super::fetch::{content, quiet, sha256};
use super::server::{Answer, Server};

struct Machine {
    folder: tempfile::TempDir,
    home: Home,
    environment: Environment,
}

fn machine(endpoint: &str, body: &[u8]) -> Machine {
    machine_with(endpoint, body, "none")
}

/// With an embedding model beside those of the profile.
fn machine_with(endpoint: &str, body: &[u8], knowledge: &str) -> Machine {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().join("home"),
    };
    home.create().unwrap();
    let profile = format!(
        r#"description = "for tests"
[models.one]
file = "m.gguf"
bytes = {}
licence = "MIT"
context = 2048
[[models.one.sources]]
kind = "huggingface"
repo = "who/what"
file = "m.gguf"
sha256 = "{}"
[personas]
ALFRED = {{ model = "one" }}
BRICK = {{ model = "one" }}
ROBIN = {{ model = "one" }}
BABS = {{ model = "one" }}
translator = {{ model = "one" }}
"#,
        body.len(),
        sha256(body)
    );
    std::fs::write(home.profiles().join("mine.toml"), profile).unwrap();
    let models = folder.path().join("models").to_str().unwrap().to_owned();
    let environment = [
        ("BATOS_PROFILE", "mine".to_owned()),
        ("BATOS_MODELS", models),
        ("HF_ENDPOINT", endpoint.to_owned()),
        ("BATOS_KNOWLEDGE_MODEL", knowledge.to_owned()),
    ];
    Machine {
        folder,
        home,
        environment: environment.into_iter().collect(),
    }
}

impl Machine {
    fn run(&self, command: ModelCommand, json: bool) -> anyhow::Result<String> {
        let mut out = Vec::new();
        let arguments = ModelArgs {
            profile: None,
            command,
        };
        run(
            &arguments,
            &self.home,
            &self.environment,
            json,
            &mut out,
            &mut quiet(),
        )?;
        let text = String::from_utf8(out).unwrap();
        Ok(text.replace(self.folder.path().to_str().unwrap(), ""))
    }
}

fn fetch(models: &[&str]) -> ModelCommand {
    ModelCommand::Fetch {
        models: models.iter().map(|&m| m.to_owned()).collect(),
        verify: false,
    }
}

#[test]
fn ls_says_what_is_there_before_and_after_a_fetch() {
    let body = content();
    let sent = body.clone();
    let server = Server::start(move |asked| Answer::ranged(asked, &sent));
    let machine = machine(&server.url, &body);
    insta::assert_snapshot!(machine.run(ModelCommand::Ls, false).unwrap(), @r"
    profile mine: for tests
    folder  /models

    one  missing  1 MB  MIT
      file      m.gguf
      personas  ALFRED, BABS, BRICK, ROBIN, translator
    ");
    let said = machine.run(fetch(&[]), false).unwrap();
    assert!(
        said.starts_with("m.gguf: fetched from Hugging Face (who/what, m.gguf); sha256 "),
        "{said}"
    );
    insta::assert_snapshot!(machine.run(fetch(&["m.gguf"]), false).unwrap(), @"m.gguf: already there");
    let document = machine.run(ModelCommand::Ls, true).unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["profile"], "mine");
    assert_eq!(document["models"][0]["present"], true);
    assert_eq!(document["models"][0]["sha256"], sha256(&body));

    let rm = || ModelCommand::Rm {
        models: vec!["one".to_owned()],
    };
    insta::assert_snapshot!(machine.run(rm(), false).unwrap(), @"m.gguf: removed");
    assert_eq!(
        std::fs::read_dir(machine.folder.path().join("models"))
            .unwrap()
            .count(),
        0
    );
    assert!(
        machine
            .run(rm(), false)
            .unwrap_err()
            .to_string()
            .starts_with("there is no ")
    );
}

#[test]
fn fetch_as_json_is_one_document() {
    let body = content();
    let sent = body.clone();
    let server = Server::start(move |asked| Answer::ranged(asked, &sent));
    let machine = machine(&server.url, &body);
    let document: serde_json::Value =
        serde_json::from_str(&machine.run(fetch(&["one"]), true).unwrap()).unwrap();
    assert_eq!(document[0]["state"], "fetched");
    assert_eq!(document[0]["sha256"], sha256(&body));
}

#[test]
fn an_unknown_model_is_told_with_the_nearest() {
    let machine = machine("http://127.0.0.1:9", &content());
    let error = machine.run(fetch(&["on"]), false).unwrap_err();
    insta::assert_snapshot!(error, @"profile mine has no model `on`; it has one");
}

#[test]
fn the_embedding_model_comes_along_and_may_be_missing() {
    let body = content();
    let sent = body.clone();
    let server = Server::start(move |asked| match asked.path.contains("MiniLM") {
        true => Answer::status(404),
        false => Answer::ranged(asked, &sent),
    });
    let machine = machine_with(&server.url, &body, "all-MiniLM-L6-v2");
    machine.run(fetch(&[]), false).unwrap();
    let listed = machine.run(ModelCommand::Ls, false).unwrap();
    assert!(
        listed.contains("all-MiniLM-L6-v2  missing: knowledge is searched by words alone"),
        "{listed}"
    );
    let document = machine.run(ModelCommand::Ls, true).unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["knowledge"]["present"], false);
    // Asked for by name it has to be had.
    assert!(machine.run(fetch(&["all-MiniLM-L6-v2"]), false).is_err());
    assert!(machine.run(fetch(&["one"]), false).is_ok());
}
