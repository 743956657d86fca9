//! Checks: what holds, and how a failure is told.

use batos::method::{Check, run_checks};
use serde_json::{Value as Json, json};

use super::{Nobody, Subject, sandbox, subject};

fn checks(json: Json) -> Vec<Check> {
    serde_json::from_value(json).unwrap()
}

fn failures(subject: &Subject, base: Json, list: Json) -> Vec<String> {
    let base = subject.slots(&base);
    let result = run_checks(
        sandbox(),
        &subject.module,
        &subject.signature,
        &subject.structure,
        &base,
        &checks(list),
        &mut Nobody,
    );
    result
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|failure| failure.message)
        .collect()
}

fn account() -> Subject {
    subject(
        "Account { balance: f64, log: Vec<String> }",
        "fn deposit(&mut self, amount: f64) -> Result<f64, String>",
        "if amount < 0.0 { return Err(\"no\".into()); }\n self.balance += amount;\n self.log.push(format!(\"deposit {}\", amount));\n \
         if amount > 1e6 { panic!(\"too rich\"); }\n self.mark_changed(); Ok(self.balance)",
    )
}

#[test]
fn checks_hold_or_tell_what_was_called_expected_and_got() {
    let account = account();
    let held = json!([
        {"args": [2.0], "returns": {"Ok": 3.0}, "after": {"balance": 3.0, "log": ["deposit 2"]}},
        {"slots": {"balance": 10}, "args": [2], "returns": {"Ok": 12}},
        {"args": [-1.0], "error": true},
        {"args": [-1.0], "returns": {"Err": "no"}, "after": {"balance": 1.0}},
        {"args": [1]}
    ]);
    assert_eq!(
        failures(&account, json!({"balance": 1}), held),
        Vec::<String>::new()
    );
    let failed = json!([
        {"args": [0.0], "error": true},
        {"args": [2.0], "returns": {"Ok": 4}, "after": {"log": []}},
        {"args": [2e6], "returns": {"Ok": 1}},
        {"args": [], "error": true},
        {"slots": {"owner": 1}, "args": [1]},
        {"args": ["x"]},
        {"args": [1], "returns": 2}
    ]);
    insta::assert_snapshot!(failures(&account, json!({"balance": 1}), failed).join("\n"), @r#"
    check 1: deposit(0.0) with balance = 1.0, log = []: expected Err, got Ok(1.0)
    check 2: deposit(2.0) with balance = 1.0, log = []: expected Ok(4.0), got Ok(3.0); afterwards expected log = [], got ["deposit 2"]
    check 3: deposit(2000000.0) with balance = 1.0, log = []: expected Ok(1.0), but it panicked: too rich (line 6)
    check 4: deposit takes 1 argument(s), the check gives 0
    check 5: Account has no slot owner
    check 6: argument amount: cannot take the value: expected f64, got "x"
    check 7: the expected result: cannot take the value: expected Result<f64, String>, got 2
    "#);
}

#[test]
fn a_missing_result_is_not_checked_and_null_is() {
    let pop = subject(
        "Stack { items: Vec<i64> }",
        "fn pop(&mut self) -> Option<i64>",
        "let item = self.items.pop(); self.mark_changed(); item",
    );
    assert!(failures(&pop, json!({"items": [7]}), json!([{"args": []}])).is_empty());
    assert!(
        failures(
            &pop,
            json!({"items": []}),
            json!([{"args": [], "returns": null}])
        )
        .is_empty()
    );
    let told = failures(
        &pop,
        json!({"items": [7]}),
        json!([{"args": [], "returns": null}]),
    );
    assert_eq!(
        told,
        ["check 1: pop() with items = [7]: expected None, got Some(7)"]
    );
}

#[test]
fn a_check_with_an_unknown_key_is_refused() {
    let error = serde_json::from_value::<Check>(json!({"args": [], "return": 3}))
        .unwrap_err()
        .to_string();
    assert!(error.contains("unknown field `return`"), "{error}");
    let check: Check = serde_json::from_value(json!({"args": [1], "returns": null})).unwrap();
    assert_eq!(
        serde_json::to_value(&check).unwrap(),
        json!({"args": [1], "returns": null})
    );
}
