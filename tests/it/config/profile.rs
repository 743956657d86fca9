//! Built-in profiles are whole; a person's own are checked before anything uses them.

use batos::config::{
    ConfigError, Home, PERSONAS, Profile, Settings, Source, default_profile, largest_mib,
};

fn home() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().to_path_buf(),
    };
    home.create().unwrap();
    (folder, home)
}

fn refused(toml: &str) -> String {
    let (folder, home) = home();
    std::fs::write(home.profiles().join("mine.toml"), toml).unwrap();
    let error = Profile::load(&home, "mine").unwrap_err();
    let text = error
        .to_string()
        .replace(&format!("{}/", folder.path().display()), "");
    format!("{text} (hint: {})", error.hint().unwrap_or_default())
}

const WHOLE: &str = r#"description = "mine"
[models.one]
file = "one.gguf"
licence = "MIT"
context = 2048
sources = []
[personas]
ALFRED = { model = "one" }
BRICK = { model = "one" }
ROBIN = { model = "one" }
BABS = { model = "one" }
translator = { model = "one" }
"#;

#[test]
fn every_built_in_profile_is_whole_and_says_where_its_files_are() {
    let (_folder, home) = home();
    let names = Profile::names(&home);
    assert_eq!(names, ["small", "seed", "gpu24", "tiny"]);
    for name in names {
        let profile = Profile::load(&home, &name).unwrap();
        for persona in PERSONAS {
            assert!(
                profile.personas.contains_key(persona),
                "{name} lacks {persona}"
            );
        }
        assert_eq!(
            profile.used_models().count(),
            profile.models.len(),
            "{name}"
        );
        for (model_name, model) in &profile.models {
            assert!(
                !model.sources.is_empty(),
                "{name}/{model_name} has no source"
            );
            assert!(
                !model.licence.is_empty(),
                "{name}/{model_name} has no licence"
            );
        }
    }
}

#[test]
fn the_small_profile_has_both_sources() {
    let (_folder, home) = home();
    let profile = Profile::load(&home, "small").unwrap();
    let model = &profile.models["coder"];
    assert_eq!(model.bytes, Some(1_117_320_768));
    assert_eq!(model.gpu_layers, -1);
    assert!(
        matches!(&model.sources[0], Source::Huggingface { sha256: None, revision, .. } if revision == "main")
    );
    assert!(matches!(
        &model.sources[1],
        Source::PythonPackages {
            from: 1,
            to: 22,
            ..
        }
    ));
}

#[test]
fn a_profile_in_the_home_goes_before_the_built_in_one() {
    let (_folder, home) = home();
    std::fs::write(home.profiles().join("small.toml"), WHOLE).unwrap();
    std::fs::write(home.profiles().join("mine.toml"), WHOLE).unwrap();
    assert_eq!(Profile::load(&home, "small").unwrap().description, "mine");
    assert_eq!(
        Profile::names(&home),
        ["small", "seed", "gpu24", "tiny", "mine"]
    );
}

#[test]
fn an_unknown_profile_is_told_with_those_there_are() {
    let (_folder, home) = home();
    let error = Profile::load(&home, "smal").unwrap_err();
    assert!(matches!(&error, ConfigError::UnknownProfile { name, .. } if name == "smal"));
    assert!(error.hint().unwrap().contains("small, seed, gpu24, tiny"));
    // A name is not a way out of the folder.
    assert!(Profile::load(&home, "../gguf/small").is_err());
}

#[test]
fn what_does_not_fit_together_is_told_with_its_line() {
    insta::assert_snapshot!(
        refused(&WHOLE.replace("ROBIN = { model = \"one\" }", "ROBIN = { model = \"two\" }")),
        @"gguf/mine.toml, line 10: ROBIN names the model `two`, which is not described (hint: models of this profile: one)"
    );
    insta::assert_snapshot!(
        refused(&WHOLE.replace("ROBIN", "ROBYN")),
        @"gguf/mine.toml, line 10: there is no persona `ROBYN` (hint: did you mean `ROBIN`?)"
    );
    insta::assert_snapshot!(
        refused(&WHOLE.replace("translator = { model = \"one\" }\n", "")),
        @r#"gguf/mine.toml, line 12: no model is named for translator (hint: add [personas.translator] with model = "…")"#
    );
    insta::assert_snapshot!(
        refused(&WHOLE.replace("licence", "license")),
        @"gguf/mine.toml, line 4: unknown field `license`, expected one of `file`, `bytes`, `licence`, `context`, `gpu_layers`, `note`, `sources` (hint: did you mean `licence`?)"
    );
    insta::assert_snapshot!(
        refused(&WHOLE.replace("one.gguf", "../one.gguf")),
        @r#"gguf/mine.toml, line 2: the file of model `one` must be a plain file name, not "../one.gguf" (hint: )"#
    );
}

#[test]
fn settings_change_single_personas_and_every_model() {
    let (_folder, home) = home();
    std::fs::write(
        home.settings_file(),
        "profile = \"seed\"\nengine.gpu_layers = 0\nengine.context = 1024\n[personas.BRICK]\nmodel = \"llama3\"\ntemperature = 0.1\n",
    )
    .unwrap();
    let load =
        || Settings::load_in(&home, &Vec::new(), &batos::config::Environment::default()).unwrap();
    let profile = Profile::of(&home, &load()).unwrap();
    assert_eq!(profile.personas["BRICK"].model, "llama3");
    assert!((profile.personas["BRICK"].temperature - 0.1).abs() < 1e-6);
    assert!(
        profile
            .models
            .values()
            .all(|model| model.gpu_layers == 0 && model.context == 1024)
    );

    std::fs::write(
        home.settings_file(),
        "profile = \"seed\"\npersonas.BRICK.model = \"gpt\"\n",
    )
    .unwrap();
    let error = Profile::of(&home, &load()).unwrap_err();
    assert!(error.hint().unwrap().contains("codellama"), "{error}");
}

#[test]
fn the_default_profile_is_what_the_memory_holds() {
    assert_eq!(default_profile(None, true), "small");
    assert_eq!(default_profile(Some(8_192), true), "small");
    assert_eq!(default_profile(Some(22_528), true), "gpu24");
    assert_eq!(default_profile(Some(81_559), true), "gpu24");
    assert_eq!(default_profile(Some(81_559), false), "small");
}

#[test]
fn what_the_driver_prints_is_read() {
    assert_eq!(largest_mib("24564\n 81559 \n8192\n"), Some(81_559));
    assert_eq!(largest_mib("[N/A]\n8192\n"), Some(8_192));
    assert_eq!(largest_mib("No devices were found\n"), None);
}
