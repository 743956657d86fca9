//! A person's own keys: what changes, and what mistakes say.

use super::support::*;
use batos::config::{Environment, Home, KeySetting, Settings};
use batos::tui::keymap::{Context, Keymap};
use batos::tui::state::Pane;
use batos::tui::update::Effect;

/// The keys that a settings file gives.
fn keys(text: &str) -> Result<Vec<KeySetting>, String> {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().to_owned(),
    };
    std::fs::write(home.settings_file(), text).unwrap();
    let none = Environment::default();
    let settings = Settings::load_in(&home, &Vec::new(), &none).map_err(|error| error.to_string());
    settings.map(|settings| settings.keys)
}

fn mistake(text: &str) -> String {
    let message = match keys(text) {
        Err(message) => message,
        Ok(keys) => Keymap::with(&keys).unwrap_err().to_string(),
    };
    // Without the folder, which is another one each time.
    message
        .split_once("batos.toml")
        .map_or(message.clone(), |(_, rest)| format!("batos.toml{rest}"))
}

fn mapped(text: &str) -> Bench {
    let mut bench = Bench::attached(80, 24, full());
    bench.state.keymap = Keymap::with(&keys(text).unwrap()).unwrap();
    bench
}

#[test]
fn every_action_has_one_name_in_its_context() {
    let map = Keymap::default();
    for context in Context::ALL {
        let mut names: Vec<&str> = map
            .of(context)
            .map(|row| row.binding.action.name())
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{context:?}");
    }
}

#[test]
fn another_key_does_the_same_and_hints_and_help_say_so() {
    let mut bench = mapped(
        "[keys.panes]\nzoom = \"ctrl+v\"\nquit = []\n[keys.everywhere]\nhelp = [\"f5\", \"F1\"]\n",
    );
    bench.keys("esc z");
    assert!(!bench.state.zoom, "the old key is free");
    bench.keys("ctrl+v");
    assert!(bench.state.zoom);
    bench.keys("q");
    assert!(!bench.effects.contains(&Effect::Quit));
    let screen = bench.screen();
    assert!(screen.contains("^V zoom"), "{screen}");
    bench.keys("? /").type_text("f5");
    let screen = bench.screen();
    assert!(screen.contains("F5 F1"), "{screen}");
}

#[test]
fn two_actions_may_exchange_their_keys() {
    let mut bench = mapped("[keys.missions]\ncancel = \"p\"\npause = \"x\"\n");
    bench.keys("esc 1 p");
    assert_eq!(bench.state.focus, Pane::Missions);
    let notice = bench.state.notice.clone().unwrap().text;
    assert!(notice.contains("has ended already"), "{notice}");
}

#[test]
fn mistakes_say_where_what_and_what_to_do() {
    insta::assert_snapshot!(mistake("[keys.mision]\ncancel = \"x\""), @"batos.toml, line 2: there is no `[keys.mision]`; there are composer, understood, panes, missions, objects, history, stream, mission, metacognition, self, knowledge, system, everywhere, list, reader, input, question, help (did you mean `mission`?)");
    insta::assert_snapshot!(mistake("\n\n[keys.missions]\ncancle = \"x\""), @"batos.toml, line 4: `[keys.missions]` has no action `cancle`; it has open, cancel, pause, edit (did you mean `cancel`?)");
    insta::assert_snapshot!(mistake("[keys.missions]\ncancel = \"strg+x\""), @"batos.toml, line 2: `strg+x` is no key; write it as in `x`, `X`, `ctrl+x`, `alt+enter`, `f5`, `pageup` or `space`");
    insta::assert_snapshot!(mistake("[keys.missions]\ncancel = \"ctrl+i\""), @"batos.toml, line 2: terminals send `tab` for `ctrl+i`; write `tab`, or choose another");
    insta::assert_snapshot!(mistake("[keys.composer]\nsubmit = \"x\""), @"batos.toml, line 2: `x` types a character in `[keys.composer]`; choose one with ctrl or alt, or a function key");
    insta::assert_snapshot!(mistake("[keys.missions]\ncancel = \"p\""), @"batos.toml, line 2: `p` is both `cancel` and `pause` in `[keys.missions]`; give `pause` another, or none by `pause = []`");
    insta::assert_snapshot!(mistake("[keys.missions]\ncancel = 3"), @"batos.toml, line 2: `keys.missions.cancel` must be a text or a list of texts, not the number 3");
    insta::assert_snapshot!(mistake("[keys]\ncancel = \"x\""), @"batos.toml, line 2: `keys.cancel` must be a table, as in `[keys.panes]`, not something else");
}

#[test]
fn a_table_in_which_all_is_commented_out_is_fine() {
    assert_eq!(
        keys("[keys.missions]\n# cancel = \"x\"\n[engine]\n"),
        Ok(Vec::new())
    );
}
