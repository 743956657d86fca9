//! The order in which settings count, and that each mistake is told where it stands.

use std::path::PathBuf;
use std::time::Duration;

use batos::config::{Environment, Home, Settings};

struct Place {
    folder: tempfile::TempDir,
    home: Home,
}

fn home_with(toml: &str) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().to_path_buf(),
    };
    std::fs::write(home.settings_file(), toml).unwrap();
    Place { folder, home }
}

fn load(place: &Place, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> Settings {
    let environment: Environment = variables.iter().copied().collect();
    let flags = flags
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    Settings::load_in(&place.home, &flags, &environment).unwrap()
}

/// The error and its hint for that file, the folder's name left out.
fn refused(toml: &str, variables: &[(&str, &str)]) -> String {
    let place = home_with(toml);
    let environment: Environment = variables.iter().copied().collect();
    let error = Settings::load_in(&place.home, &Vec::new(), &environment).unwrap_err();
    let text = error
        .to_string()
        .replace(&format!("{}/", place.folder.path().display()), "");
    match error.hint() {
        Some(hint) => format!("{text} (hint: {hint})"),
        None => text,
    }
}

#[test]
fn without_a_file_the_defaults_hold() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        home: Home {
            root: folder.path().to_path_buf(),
        },
        folder,
    };
    let settings = load(&place, &[("HOME", "/h")], &[]);
    assert_eq!(settings.profile, None);
    assert_eq!(settings.models_dir, PathBuf::from("/h/.cache/batos/models"));
    assert_eq!(settings.image, place.home.root.join("live_image"));
    assert_eq!(settings.socket, place.home.root.join("run/kernel.sock"));
    assert_eq!(settings.missions_pipe, place.home.root.join("run/missions"));
    assert_eq!(settings.lora_staging, place.home.root.join("lora_adapters"));
    assert_eq!(
        settings.metacognition_file,
        place.home.root.join("metacognition.jsonl")
    );
    assert_eq!(settings.knowledge_model, "all-MiniLM-L6-v2");
    assert_eq!(settings.missions.attempts, 7);
    assert_eq!(settings.missions.candidates, 3);
    assert_eq!(settings.missions.seconds, 600);
    assert_eq!(settings.missions.tokens, 6000);
    assert!(settings.missions.genesis);
    assert!(settings.engine.mmap);
}

#[test]
fn flags_go_before_variables_before_the_file() {
    let place = home_with("[missions]\nattempts = 7\ncandidates = 5\nseconds = 60\n");
    let settings = load(
        &place,
        &[
            ("BATOS_MISSIONS_CANDIDATES", "6"),
            ("BATOS_MISSIONS_SECONDS", "70"),
        ],
        &[("missions.seconds", "80")],
    );
    assert_eq!(settings.missions.attempts, 7);
    assert_eq!(settings.missions.candidates, 6);
    assert_eq!(settings.missions.seconds, 80);
}

#[test]
fn every_kind_of_value_is_read_from_the_file() {
    let place = home_with(
        r#"
profile = "tiny"
theme = "mono"
image.path = "elsewhere"
link = { socket = "/tmp/k.sock" }
[engine]
threads = 2
gpu_layers = -1
mmap = false
command = "/opt/batos"
[sandbox]
fuel = 5_000
memory_mb = 8
deadline_ms = 250
[personas.BRICK]
temperature = 1
top_p = 0.9
"#,
    );
    let settings = load(&place, &[], &[]);
    assert_eq!(settings.profile.as_deref(), Some("tiny"));
    assert_eq!(settings.theme, "mono");
    assert_eq!(settings.image, place.home.root.join("elsewhere"));
    assert_eq!(settings.socket, PathBuf::from("/tmp/k.sock"));
    assert_eq!(settings.engine.threads, 2);
    assert_eq!(settings.engine.gpu_layers, Some(-1));
    assert!(!settings.engine.mmap);
    assert_eq!(settings.engine.command, Some(PathBuf::from("/opt/batos")));
    assert_eq!(settings.sandbox.fuel, 5_000);
    assert_eq!(settings.sandbox.memory_bytes, 8 << 20);
    assert_eq!(settings.sandbox.deadline, Duration::from_millis(250));
    let brick = &settings.personas["BRICK"];
    assert_eq!(
        (brick.temperature, brick.top_p, brick.max_tokens),
        (Some(1.0), Some(0.9), None)
    );
}

#[test]
fn the_models_folder_has_its_own_variables() {
    let place = home_with("");
    let both = [("XDG_CACHE_HOME", "/c"), ("BATOS_MODELS", "/m")];
    assert_eq!(load(&place, &both, &[]).models_dir, PathBuf::from("/m"));
    assert_eq!(
        load(&place, &both[..1], &[]).models_dir,
        PathBuf::from("/c/batos/models")
    );
}

#[test]
fn an_unknown_key_is_told_with_file_line_and_the_nearest_known_one() {
    insta::assert_snapshot!(
        refused("theme = \"dark\"\n\n[missions]\natempts = 3\n", &[]),
        @"batos.toml, line 4: unknown setting `missions.atempts` (hint: did you mean `missions.attempts`?)"
    );
    insta::assert_snapshot!(
        refused("[personas.BRIK]\nmodel = \"coder\"\n", &[]),
        @"batos.toml, line 2: unknown setting `personas.BRIK.model` (hint: did you mean `personas.BRICK.model`?)"
    );
    insta::assert_snapshot!(
        refused("colour = \"red\"\n", &[]),
        @"batos.toml, line 1: unknown setting `colour`"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_told_with_what_it_must_be() {
    insta::assert_snapshot!(
        refused("[engine]\nthreads = \"two\"\n", &[]),
        @r#"batos.toml, line 2: `engine.threads` must be a whole number from 0 to 1024, not the text "two""#
    );
    insta::assert_snapshot!(
        refused("[engine]\nmmap = 1\n", &[]),
        @"batos.toml, line 2: `engine.mmap` must be true or false, not the number 1"
    );
    insta::assert_snapshot!(
        refused("missions.attempts = 0\n", &[]),
        @"batos.toml, line 1: `missions.attempts` must be a whole number from 1 to 100, not the number 0"
    );
    insta::assert_snapshot!(
        refused("", &[("BATOS_ENGINE_MMAP", "maybe")]),
        @r#"environment variable BATOS_ENGINE_MMAP: `engine.mmap` must be true or false, not the text "maybe""#
    );
    insta::assert_snapshot!(
        refused("theme = []\n", &[]),
        @"batos.toml, line 1: `theme` must be a text, not a list"
    );
}

#[test]
fn what_is_no_toml_is_told_with_the_line() {
    let message = refused("theme = \"dark\"\nprofile = \n", &[]);
    assert!(
        message.starts_with("batos.toml, line 2 is not valid TOML: "),
        "{message}"
    );
}
