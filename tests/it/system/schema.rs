//! Slots that are added, removed, retyped and renamed by a user, with the methods that were compiled with them.

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, Ran, TestHome, deposit};

const TELL: &str = "\n        format!(\"{} {:?}\", self.owner, self.count)\n    }";
const DOUBLE: &str = "\n        self.count += self.count;\n        self.mark_changed();\n        self.count as f64\n    }";
const LABEL: &str = "\n        self.owner.clone()\n    }";

/// `Account` with `balance`, `owner` and `count`, four methods, and `Savings`, which delegates to it.
fn bank() -> TestHome {
    let answer = |method: &str, text: &str| json!({"when": format!("Write the method `{method}`"), "candidates": [text]});
    let home = TestHome::scripted(&json!({"answers": [
        answer("deposit", GOOD_DEPOSIT), answer("tell", TELL), answer("double", DOUBLE), answer("label", LABEL)]}));
    home.up();
    let slots =
        r#"{"owner": {"type": "String", "value": "Ann"}, "count": {"type": "i64", "value": 3}}"#;
    home.batos(&["object", "new", "Account", "--slots", slots])
        .expect(0);
    home.batos(&["object", "new", "Savings", "--parent", "Account"])
        .expect(0);
    teach(&home, &deposit());
    let count = json!({"count": {"type": "i64", "value": 3}});
    teach(
        &home,
        &json!({"intent": "teach", "brief": "tell", "object": "Account", "signature": "fn tell(&self) -> String",
            "slots": count, "checks": [{"slots": {"owner": "Bo", "count": 3}, "returns": "Bo 3"}]}),
    );
    teach(
        &home,
        &json!({"intent": "teach", "brief": "double", "object": "Account", "signature": "fn double(&mut self) -> f64",
            "slots": count, "checks": [{"returns": 6}, {"slots": {"count": 4}, "after": {"count": 8}}]}),
    );
    teach(
        &home,
        &json!({"intent": "teach", "brief": "label", "object": "Savings", "signature": "fn label(&self) -> String"}),
    );
    home
}

fn teach(home: &TestHome, document: &Value) {
    let id = home.start(document);
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
}

fn slot(home: &TestHome, arguments: &[&str]) -> Ran {
    home.batos(&[&["object", "slot"], arguments].concat())
}

fn slots(home: &TestHome, object: &str) -> Value {
    let shown = home.batos(&["object", "show", object, "--json"]).expect(0);
    shown.json()["slots"].clone()
}

#[track_caller]
fn sent(home: &TestHome, object: &str, selector: &str, arguments: &str) -> Value {
    let sent = home.batos(&["send", object, selector, arguments, "--json"]);
    sent.expect(0).json()["returns"].clone()
}

#[test]
fn slots_are_added_and_get_values() {
    let home = bank();
    let done = slot(
        &home,
        &[
            "Account",
            "add",
            "tags",
            "BTreeSet<String>",
            "[\"b\", \"a\"]",
        ],
    )
    .expect(0);
    assert_eq!(
        done.stdout,
        "slot `tags` of Account is there now: BTreeSet<String>\n"
    );
    slot(&home, &["Account", "add", "limit", "Option<f64>"]).expect(0);
    slot(&home, &["Account", "add", "visits", "Counter", "-2"]).expect(0);
    slot(
        &home,
        &["Savings", "add", "bank", "ObjectRef", "\"Account\""],
    )
    .expect(0);
    slot(&home, &["Account", "set", "limit", "-3.5"]).expect(0);
    // The value of an inherited slot becomes the object's own.
    slot(&home, &["Savings", "set", "limit", "7"]).expect(0);
    let shown = home.batos(&["object", "show", "Savings"]).expect(0).stdout;
    insta::assert_snapshot!(shown.split("\n\n").next().unwrap(), @r#"
    Savings : Account
      bank: ObjectRef = "Account"
      limit: Option<f64> = 7.0
      owner: String = "Ann"  (of Account)
      count: i64 = 3  (of Account)
      balance: f64 = 0.0  (of Account)
      tags: BTreeSet<String> = ["a","b"]  (of Account)
      visits: Counter = -2  (of Account)
    "#);
    assert_eq!(slots(&home, "Account")["limit"]["value"], -3.5);
    let refused = |arguments: &[&str]| slot(&home, arguments).expect(1).stderr;
    insta::assert_snapshot!(refused(&["Account", "add", "tags", "i64"]), @r"
    error: Account has a slot `tags` already, of type BTreeSet<String>
    hint: `retype` gives a slot another type, `set` another value
    ");
    insta::assert_snapshot!(refused(&["Account", "add", "next", "ObjectRef"]), @r"
    error: slot `next` of Account needs a value: ObjectRef has no default
    hint: name an object after the type, or use an Option<ObjectRef>
    ");
    insta::assert_snapshot!(refused(&["Account", "add", "next", "ObjectRef", "\"Nobody\""]), @r#"
    error: slot `next` of Account: cannot take the value: there is no object `Nobody`
    hint: write values as JSON: 2.5, '"text"', '[1, 2]', null
    "#);
    insta::assert_snapshot!(refused(&["Account", "add", "next", "Vec<Counter>"]), @r"
    error: `Counter` can only be the type of a whole slot: write `i64` here
    hint: docs/METHODS.md lists the types that slots may have
    ");
    insta::assert_snapshot!(refused(&["Account", "add", "match", "i64"]), @r"
    error: `match` is not a name for a slot
    hint: use letters, digits and underscores, and no Rust keyword
    ");
    insta::assert_snapshot!(refused(&["Account", "set", "owner", "Bo"]), @r#"
    error: slot `owner` of Account: the value is not JSON: expected value at line 1 column 1
    hint: write values as JSON: 2.5, '"text"', '[1, 2]', null
    "#);
    insta::assert_snapshot!(refused(&["Acount", "rm", "owner"]), @r"
    error: there is no object `Acount`
    hint: list them with `batos object ls`
    ");
    insta::assert_snapshot!(refused(&["Account", "rm", "ower"]), @r"
    error: Account has no slot `ower`
    hint: list its slots with `batos object show Account`
    ");
    insta::assert_snapshot!(refused(&["Savings", "rm", "owner"]), @r"
    error: slot `owner` is not Savings's own: it is inherited from Account
    hint: change it where it is, with `batos object slot Account … owner`
    ");
}

#[test]
fn a_removed_slot_takes_no_method_with_it_unseen() {
    let home = bank();
    slot(&home, &["Account", "add", "spare", "Vec<i64>"]).expect(0);
    teach(
        &home,
        &json!({"intent": "teach", "brief": "tell", "object": "Account", "signature": "fn tell(&self) -> String",
            "checks": [{"slots": {"owner": "Bo", "spare": [1]}, "returns": "Bo 3"}]}),
    );
    // Compiled with the slot, but without using it: compiled again without it.
    let done = slot(&home, &["Account", "rm", "spare", "--json"])
        .expect(0)
        .json();
    assert_eq!(done["rebuilt"], json!(["Account.tell"]));
    assert_eq!(done["object"]["slots"]["spare"], Value::Null);
    assert_eq!(sent(&home, "Savings", "tell", "[]"), "Ann 3");
    let before = home.status()["kernel"]["tid"].clone();
    let refused = slot(&home, &["Account", "rm", "owner"]).expect(1);
    insta::assert_snapshot!(refused.stderr, @r"
    error: slot `owner` of Account cannot be removed: 2 methods would no longer work
      Account.tell: compile: no field `owner` on type `&Account` [E0609] (line 4)
      Savings.label: compile: no field `owner` on type `&Savings` [E0609] (line 4)
    hint: teach these methods anew without it first, or remove them with `--force`
    ");
    assert_eq!(home.status()["kernel"]["tid"], before);
    let done = slot(&home, &["Account", "rm", "owner", "--force"]).expect(0);
    insta::assert_snapshot!(done.stdout, @r"
    slot `owner` of Account is removed
      compiled again: Account.deposit, Account.double
      removed: Account.tell, Savings.label
    ");
    home.batos(&["send", "Savings", "label"]).expect(4);
    assert_eq!(
        sent(&home, "Account", "deposit", "[2.5]"),
        json!({"Ok": 2.5})
    );
    assert_eq!(sent(&home, "Account", "double", "[]"), 6.0);
    // It is in the history, and one transaction: undone with what it did to the methods.
    home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
    let removed: u64 = home
        .batos(&["image", "history", "--json"])
        .expect(0)
        .json()
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["lines"][0] == "slot `owner` of Account is removed")
        .unwrap()["tid"]
        .as_u64()
        .unwrap();
    home.batos(&["image", "undo", &removed.to_string()])
        .expect(0);
    assert_eq!(sent(&home, "Savings", "label", "[]"), "Ann");
    assert_eq!(
        sent(&home, "Account", "deposit", "[0.5]"),
        json!({"Ok": 4.0})
    );
    assert_eq!(sent(&home, "Savings", "tell", "[]"), "Ann 6");
}

#[test]
fn a_retyped_slot_keeps_its_value_where_nothing_is_lost() {
    let home = bank();
    // `Savings` has a value of its own by now; it goes along.
    assert_eq!(sent(&home, "Savings", "double", "[]"), 6.0);
    let refused = |arguments: &[&str]| slot(&home, arguments).expect(1).stderr;
    insta::assert_snapshot!(refused(&["Account", "retype", "count", "f64"]), @r#"
    error: slot `count` of Account cannot get the type f64: a method would no longer work
      Account.tell: checks: check 1: tell() with owner = "Bo", count = 3.0, balance = 0.0: expected "Bo 3", got "Bo 3.0"
    hint: teach these methods anew without it first, or remove them with `--force`
    "#);
    let done = slot(&home, &["Account", "retype", "count", "i32"]).expect(0);
    insta::assert_snapshot!(done.stdout, @r"
    slot `count` of Account is now: i32, and with it that of an object that delegates to it
      also changed: Savings
      compiled again: Account.deposit, Account.double, Account.tell, Savings.label
    ");
    assert_eq!(
        slots(&home, "Savings")["count"],
        json!({"type": "i32", "value": 6})
    );
    assert_eq!(sent(&home, "Savings", "double", "[]"), 12.0);
    assert_eq!(sent(&home, "Account", "double", "[]"), 6.0);
    // Counted by many at once from now on.
    slot(&home, &["Account", "retype", "count", "Counter"]).expect(0);
    assert_eq!(sent(&home, "Savings", "tell", "[]"), "Ann 12");
    // Neither can be a u8 by itself; with a value for what cannot be converted.
    slot(&home, &["Savings", "set", "count", "300"]).expect(0);
    insta::assert_snapshot!(refused(&["Account", "retype", "count", "u8"]), @r"
    error: slot `count` of Savings holds 300, which cannot be converted to u8 without loss
    hint: give the new value after the type
    ");
    slot(&home, &["Account", "retype", "count", "u8", "9"]).expect(0);
    assert_eq!(slots(&home, "Account")["count"]["value"], 9);
    assert_eq!(slots(&home, "Savings")["count"]["value"], 9);
    insta::assert_snapshot!(refused(&["Account", "retype", "count", "u8"]), @r"
    error: Account has a slot `count` already, of type u8
    hint: `retype` gives a slot another type, `set` another value
    ");
    // What a method of the prototype works with is the prototype's to change.
    let retype = ["Savings", "retype", "count", "String"];
    let forced = refused(&[&retype[..], &["--force"]].concat());
    assert_eq!(refused(&retype), forced);
    insta::assert_snapshot!(forced, @r"
    error: slot `count` of Savings cannot get the type String: 3 methods would no longer work
      Account.deposit: Savings inherits it with that slot
      Account.double: Savings inherits it with that slot
      Account.tell: Savings inherits it with that slot
    hint: methods that are inherited work with the slots of the object that has them: change the slot there
    ");
    // Undo takes back types, values and code together.
    home.batos(&["image", "undo"]).expect(0);
    assert_eq!(
        slots(&home, "Savings")["count"],
        json!({"type": "Counter", "value": 300})
    );
    assert_eq!(sent(&home, "Savings", "tell", "[]"), "Ann 300");
}

#[test]
fn a_renamed_slot_is_renamed_in_the_methods_that_use_it() {
    let home = bank();
    sent(&home, "Savings", "deposit", "[2]");
    let done = slot(&home, &["Account", "rename", "balance", "money"]).expect(0);
    insta::assert_snapshot!(done.stdout, @r"
    slot `balance` of Account is now called `money`, and with it that of an object that delegates to it
      also changed: Savings
      compiled again: Account.deposit, Account.double, Account.tell, Savings.label
    ");
    assert_eq!(sent(&home, "Savings", "deposit", "[3]"), json!({"Ok": 5.0}));
    assert_eq!(sent(&home, "Account", "deposit", "[1]"), json!({"Ok": 1.0}));
    let shown = home
        .batos(&["object", "show", "Account", "--json"])
        .expect(0)
        .json();
    let source = shown["methods"][0]["source"].as_str().unwrap();
    assert!(
        source.contains("self.money += amount") && !source.contains("self.balance"),
        "{source}"
    );
    let names: Vec<&String> = shown["slots"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["owner", "count", "money"]);
    let refused = slot(&home, &["Account", "rename", "money", "count"]).expect(1);
    insta::assert_snapshot!(refused.stderr, @r"
    error: Account has a slot count already
    hint: choose another name
    ");
    // Taught under the new name, under whatever name the object goes.
    home.batos(&["image", "diff", "1"]).expect(0);
    slot(&home, &["Account", "rename", "money", "balance"]).expect(0);
    assert_eq!(sent(&home, "Savings", "deposit", "[1]"), json!({"Ok": 6.0}));
}

#[test]
fn sends_go_on_while_slots_are_renamed() {
    let home = bank();
    let sends = 30;
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            for _ in 0..sends {
                home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
            }
        });
        for (from, to) in [("balance", "money"), ("money", "balance")]
            .iter()
            .cycle()
            .take(4)
        {
            slot(&home, &["Account", "rename", from, to]).expect(0);
        }
        sender.join().unwrap();
    });
    assert_eq!(
        slots(&home, "Account")["balance"]["value"],
        f64::from(sends)
    );
}

#[test]
fn a_method_is_installed_for_the_slots_that_are_there() {
    // Its checks take a while, and the slot changes its type meanwhile.
    let slow = "\n        let mut sum = 0u64;\n        for i in 0..40_000_000u64 { sum = sum.wrapping_mul(31).wrapping_add(i ^ sum); }\n        if sum == 1 { return 0.0; }\n        self.level as f64\n    }";
    let home = TestHome::scripted(&json!({"answers": [], "default": slow}));
    home.up();
    let slots = r#"{"level": {"type": "i64", "value": 5}}"#;
    home.batos(&["object", "new", "Tank", "--slots", slots])
        .expect(0);
    let checks: Vec<Value> = (0..4)
        .map(|n| json!({"slots": {"level": n}, "returns": n}))
        .collect();
    let id = home.start(
        &json!({"intent": "teach", "brief": "level", "object": "Tank",
        "signature": "fn level(&self) -> f64", "checks": checks}),
    );
    home.wait_for(id, &["VALIDATING", "COMPLETE"]);
    slot(&home, &["Tank", "retype", "level", "i32"]).expect(0);
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    assert_eq!(sent(&home, "Tank", "level", "[]"), 5.0);
}

#[test]
fn an_object_goes_only_when_nothing_leads_to_it() {
    let home = bank();
    let to = r#"{"to": {"type": "Vec<ObjectRef>", "value": ["Savings"]}}"#;
    home.batos(&["object", "new", "List", "--slots", to])
        .expect(0);
    let refused = |name: &str| home.batos(&["object", "rm", name]).expect(1).stderr;
    insta::assert_snapshot!(refused("Account"), @r"
    error: cannot remove Account: Savings refer(s) to it
    hint: let what refers to it refer to something else first
    ");
    insta::assert_snapshot!(refused("Savings"), @r"
    error: cannot remove Savings: List refer(s) to it
    hint: let what refers to it refer to something else first
    ");
    insta::assert_snapshot!(refused("Nobody"), @r"
    error: there is no object `Nobody`
    hint: list them with `batos object ls`
    ");
    slot(&home, &["List", "set", "to", "[]"]).expect(0);
    let done = home.batos(&["object", "rm", "Savings"]).expect(0);
    assert_eq!(done.stdout, "Savings is removed\n");
    home.batos(&["object", "show", "Savings"]).expect(1);
    home.batos(&["image", "undo"]).expect(0);
    assert_eq!(sent(&home, "Savings", "label", "[]"), "Ann");
}
