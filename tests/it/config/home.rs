//! Where the home is found, and that nobody else may look inside.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use batos::config::{ConfigError, Environment, Home};

fn located(flag: Option<&str>, variables: &[(&str, &str)]) -> String {
    let environment: Environment = variables.iter().copied().collect();
    let home = Home::locate_in(flag.map(Path::new), &environment).unwrap();
    home.root.display().to_string()
}

#[test]
fn the_flag_goes_before_the_variable_before_the_data_folder() {
    let all = [
        ("BATOS_HOME", "/b"),
        ("XDG_DATA_HOME", "/x"),
        ("HOME", "/h"),
    ];
    assert_eq!(located(Some("/f"), &all), "/f");
    assert_eq!(located(None, &all), "/b");
    assert_eq!(located(None, &all[1..]), "/x/batos");
    assert_eq!(located(None, &all[2..]), "/h/.local/share/batos");
}

#[test]
fn empty_and_relative_variables_are_passed_over() {
    let odd = [
        ("BATOS_HOME", ""),
        ("XDG_DATA_HOME", "relative"),
        ("HOME", "/h"),
    ];
    assert_eq!(located(None, &odd), "/h/.local/share/batos");
}

#[test]
fn a_relative_flag_starts_where_the_person_stands() {
    let here = std::env::current_dir().unwrap();
    assert_eq!(
        located(Some("some/home"), &[]),
        here.join("some/home").display().to_string()
    );
}

#[test]
fn without_any_home_the_error_says_what_to_set() {
    let error = Home::locate_in(None, &Environment::default()).unwrap_err();
    assert!(matches!(error, ConfigError::NoHome));
    assert!(error.hint().unwrap().contains("BATOS_HOME"));
}

#[test]
fn folders_are_for_this_user_only() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().join("deep/home"),
    };
    home.create().unwrap();
    for path in [
        home.root.clone(),
        home.run(),
        home.logs(),
        home.lora(),
        home.profiles(),
    ] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}", path.display());
    }
    // A run folder that somebody opened up is closed again.
    std::fs::set_permissions(home.run(), std::fs::Permissions::from_mode(0o755)).unwrap();
    home.create().unwrap();
    assert_eq!(
        std::fs::metadata(home.run()).unwrap().permissions().mode() & 0o777,
        0o700
    );
}
