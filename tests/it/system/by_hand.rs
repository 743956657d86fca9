//! Methods that a person wrote, front-ends that only look on, and the settings file.

use std::fs;
use std::path::Path;

use batos::wire::messages::{Reply, Request};
use batos::wire::socket::connect_sync;
use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, Ran, TestHome, deposit};

/// The amount counts twice; refused amounts are those above a hundred.
const DOUBLE: &str = "impl Account {
    pub fn deposit(&mut self, amount: f64) -> Result<f64, String> {
        if amount > 100.0 {
            return Err(\"too much\".to_string());
        }
        self.balance += amount * 2.0;
        self.mark_changed();
        Ok(self.balance)
    }
}
";

fn mission(home: &TestHome, document: &Value) -> Ran {
    let file = home.path().join("mission.json");
    fs::write(&file, document.to_string()).unwrap();
    home.batos(&[
        "mission",
        "--file",
        file.to_str().unwrap(),
        "--wait",
        "--json",
    ])
}

fn by_hand(source: &str) -> Value {
    json!({"intent": "teach", "brief": "written by hand", "source": source,
           "slots": {"balance": {"type": "f64", "value": 0.0}}})
}

#[test]
fn a_given_source_is_the_only_candidate_and_is_judged_like_any() {
    let home = TestHome::scripted(&json!({"answers": [], "default": ""}));
    home.up();
    let done = mission(&home, &by_hand(DOUBLE)).expect(0).json();
    assert_eq!(
        (&done["object"], &done["selector"]),
        (&json!("Account"), &json!("deposit"))
    );
    assert_eq!(
        done["tokens"],
        json!({"prompt": 0, "generated": 0}),
        "nobody was asked"
    );
    let sent = home
        .batos(&["send", "Account", "deposit", "[2.5]"])
        .expect(0);
    assert_eq!(sent.stdout.trim(), "{\"Ok\":5.0}");

    let unmarked = DOUBLE.replace(
        "        self.balance += amount * 2.0;\n",
        "        self.balance = self.nothing;\n",
    );
    let refused = mission(&home, &by_hand(&unmarked)).expect(3).json();
    assert_eq!(refused["state"], "FAILED");
    let diagnostic = &refused["diagnostics"][0];
    assert_eq!(
        (&diagnostic["stage"], &diagnostic["line"]),
        (&json!("compile"), &json!(6))
    );

    let unreadable = mission(&home, &by_hand("impl Account { pub fn"))
        .expect(3)
        .json();
    assert!(
        unreadable
            .to_string()
            .contains("the given source cannot be read"),
        "{unreadable}"
    );

    let wrong = json!({"intent": "ask", "brief": "how", "source": DOUBLE});
    let ran = mission(&home, &wrong).expect(1);
    assert!(
        ran.stderr
            .contains("only a mission to teach takes a source"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_a_person_proved_a_method_by_holds_for_the_next_one_too_and_undo_takes_it_back() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    mission(&home, &deposit()).expect(0);
    let refused = mission(&home, &by_hand(DOUBLE)).expect(3).json();
    assert_eq!(refused["diagnostics"][0]["stage"], "checks", "{refused}");
    let mut meant = by_hand(DOUBLE);
    meant["checks"] = json!([{"slots": {"balance": 1.0}, "args": [2.0], "returns": {"Ok": 5.0}}]);
    mission(&home, &meant).expect(0);
    let sent = home.batos(&["send", "Account", "deposit", "[2]"]).expect(0);
    assert_eq!(sent.stdout.trim(), "{\"Ok\":4.0}");
    home.batos(&["image", "undo"]).expect(0);
    home.batos(&["image", "undo"]).expect(0);
    let sent = home.batos(&["send", "Account", "deposit", "[2]"]).expect(0);
    assert_eq!(
        sent.stdout.trim(),
        "{\"Ok\":2.0}",
        "the method of before is back"
    );
}

#[test]
fn a_front_end_that_only_looks_on_is_refused_what_changes_something() {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let socket = home.path().join("home/run/kernel.sock");
    let mut connection = connect_sync(&socket).unwrap();
    let make = || Request::NewObject {
        name: "Made".into(),
        parent: None,
        slots_json: "{}".into(),
    };
    assert!(matches!(
        connection.request(Request::ReadOnly),
        Ok(Reply::Status(_))
    ));
    let refused = connection.request(make()).unwrap_err().to_string();
    assert!(refused.contains("only looks on"), "{refused}");
    let refused = connection.request(Request::Stop).unwrap_err().to_string();
    assert!(refused.contains("only looks on"), "{refused}");
    assert!(matches!(
        connection.request(Request::ListObjects),
        Ok(Reply::Objects(_))
    ));
    let mut other = connect_sync(&socket).unwrap();
    assert!(
        matches!(other.request(make()), Ok(Reply::Object(_))),
        "others may"
    );
}

#[test]
fn the_settings_file_is_written_once_checked_and_never_overwritten_unasked() {
    let home = TestHome::bare();
    let written = home.batos(&["config", "init"]).expect(0);
    let path = Path::new(written.stdout.trim()).to_owned();
    let text = fs::read_to_string(&path).unwrap();
    for setting in batos::config::SETTINGS {
        let name = setting.key.rsplit('.').next().unwrap();
        assert!(text.contains(&format!("\n# {name} = ")), "{name}");
    }
    home.batos(&["config", "check"]).expect(0);
    fs::write(&path, "theme = \"dark\"\n").unwrap();
    let refused = home.batos(&["config", "init"]).expect(1);
    assert!(
        refused.stderr.contains("there is a settings file already"),
        "{}",
        refused.stderr
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "theme = \"dark\"\n");
    home.batos(&["config", "init", "--overwrite"]).expect(0);
    let before = fs::read_to_string(path.with_extension("toml.before")).unwrap();
    assert_eq!(before, "theme = \"dark\"\n");
    fs::write(&path, "[keys.missions]\ncancle = \"x\"\n").unwrap();
    let wrong = home.batos(&["config", "check"]).expect(1);
    assert!(
        wrong.stderr.contains("did you mean `cancel`?"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn every_default_that_is_written_down_is_the_one_that_holds() {
    use batos::config::{Environment, Home, SETTINGS, Settings};
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().to_owned(),
    };
    let mut text = String::new();
    for setting in SETTINGS
        .iter()
        .filter(|setting| !setting.default.is_empty())
    {
        text.push_str(&format!("{} = {}\n", setting.key, setting.default));
    }
    fs::write(home.settings_file(), text).unwrap();
    let none = Environment::default();
    let written = Settings::load_in(&home, &Vec::new(), &none).unwrap();
    fs::write(home.settings_file(), batos::config::document()).unwrap();
    let commented = Settings::load_in(&home, &Vec::new(), &none).unwrap();
    assert_eq!(written, commented);
    assert_eq!(written.missions, Settings::defaults(&home, &none).missions);
}
