//! Plans as BRICK answers them, and when one is asked for: without a kernel.

use batos::method::Signature;
use batos::persona::{
    FailedPart, Ground, GroundObject, MOST_PARTS, PartDesign, make_callable, may_be_several,
    names_methods, parse_plan, parse_plan_again, plan, speaks_of_signature, spelled_signatures,
    told_names, wants_change, words_about,
};
use serde_json::{Value, json};

fn ground() -> Ground {
    Ground {
        object: "Account".to_owned(),
        objects: vec![GroundObject {
            name: "Account".to_owned(),
            slots: vec![("balance".to_owned(), "f64".to_owned())],
            methods: vec!["fn deposit(&mut self, amount: f64) -> Result<f64, String>".to_owned()],
        }],
    }
}

fn part(method: &str, calls: &[&str]) -> Value {
    json!({"object": "Account", "method": method, "does": format!("{method} it"), "calls": calls})
}

/// A part of a plan that is made again.
fn designed(method: &str, calls: &[&str]) -> Value {
    let mut part = part(method, calls);
    let design = json!({"receiver": "&self", "parameters": [{"name": "amount", "type": "f64"}], "returns": "f64", "slots": []});
    let fields = part.as_object_mut().unwrap();
    fields.extend(design.as_object().unwrap().clone());
    part
}

fn again(parts: &[Value], failed: &str) -> Result<Vec<PartDesign>, String> {
    let failed = FailedPart {
        object: "Account",
        selector: failed,
        brief: "pay",
        diagnosis: "it does not compile",
    };
    let answer = json!({"parts": parts}).to_string();
    parse_plan_again(&answer, &failed, &ground()).map_err(|error| error.to_string())
}

fn parsed(parts: &[Value], brief: &str) -> Result<Vec<PartDesign>, String> {
    let answer = json!({"parts": parts}).to_string();
    parse_plan(&answer, brief, &ground()).map_err(|error| error.to_string())
}

fn signatures(parts: &[PartDesign]) -> Vec<String> {
    parts
        .iter()
        .map(|part| match &part.signature {
            Some(signature) => signature.to_string(),
            None => format!("{}, to be designed", part.selector),
        })
        .collect()
}

#[test]
fn parts_come_after_what_they_call() {
    let told = ["close", "empty", "lock", "withdraw"];
    let calls: [&[&str]; 4] = [&["empty", "lock"], &["withdraw"], &[], &[]];
    let parts: Vec<Value> = told
        .into_iter()
        .zip(calls)
        .map(|(name, calls)| part(name, calls))
        .collect();
    let order: Vec<String> = parsed(&parts, "x")
        .unwrap()
        .into_iter()
        .map(|part| part.selector)
        .collect();
    assert_eq!(order, ["lock", "withdraw", "empty", "close"]);
    // What calls methods of its own object takes `&self`, and can fail.
    let parts: Vec<Value> = told
        .into_iter()
        .zip(calls)
        .map(|(name, calls)| designed(name, calls))
        .collect();
    insta::assert_snapshot!(signatures(&again(&parts, "close").unwrap()).join("\n"), @r"
    fn lock(&mut self, amount: f64) -> f64
    fn withdraw(&mut self, amount: f64) -> f64
    fn empty(&self, amount: f64) -> Result<f64, String>
    fn close(&self, amount: f64) -> Result<f64, String>
    ");
}

#[test]
fn what_is_there_keeps_its_signature_unless_it_is_to_change() {
    let parts = [part("deposit", &[]), part("pay", &["deposit"])];
    let kept = parsed(&parts, "deposits and payments").unwrap();
    assert_eq!(
        signatures(&kept)[0],
        "fn deposit(&mut self, amount: f64) -> Result<f64, String>"
    );
    let changed = parsed(&parts, "change deposit, add pay").unwrap();
    assert_eq!(signatures(&changed)[0], "deposit, to be designed");
    let spelled = parsed(&parts, "fn deposit(&mut self, cents: i64) -> i64 and pay").unwrap();
    assert_eq!(
        signatures(&spelled)[0],
        "fn deposit(&mut self, cents: i64) -> i64"
    );
    assert!(wants_change("do it anew", "pay") && wants_change("please fix the pay method", "pay"));
    assert!(!wants_change(
        "pay and return the new balance; give change",
        "pay"
    ));
}

#[test]
fn calls_that_nobody_spoke_of_are_none() {
    let parts = [
        part("pay", &["pay", "balance", "total", "deposit"]),
        part("close", &[]),
    ];
    let parts = parsed(&parts, "pay and close").unwrap();
    let pay = parts.iter().find(|part| part.selector == "pay").unwrap();
    let called: Vec<&str> = pay
        .calls
        .iter()
        .map(|call| call.selector.as_str())
        .collect();
    assert_eq!(called, ["deposit"]);
}

#[test]
fn methods_that_are_named_and_told_of_are_several() {
    let several = "Make a Queue; teach it push (name) which returns how many wait, pop which takes one out, and size for \
                   how many wait";
    assert!(may_be_several(several) && names_methods(several));
    let several = "Make a Report; teach it add, which adds a line, clear, which throws all away, and render, which joins them";
    assert!(may_be_several(several) && names_methods(several));
    let listed =
        "teach it size, line_count, and clear, which throws all away, and render which joins them";
    assert!(told_names(listed).contains("line_count"));
    let one = "teach Queue to add a name, first the name and then the age, which is a number, and return how many there are";
    assert!(!may_be_several(one) && !names_methods(one));
}

#[test]
fn a_signature_is_spelled_with_fn_or_without() {
    let spelled = |words: &str| -> Vec<String> {
        let all = spelled_signatures(words);
        all.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        spelled("teach it set(&mut self, a: f64) -> f64: stores it, and `get(&self) -> f64`."),
        ["fn set(&mut self, a: f64) -> f64", "fn get(&self) -> f64"]
    );
    assert!(spelled("what is the difference between (&self) and &mut self?").is_empty());
    assert!(speaks_of_signature("pay also takes a note", "pay"));
    assert!(speaks_of_signature("change pay(amount, note)", "pay"));
    assert!(!speaks_of_signature(
        "change pay so that it is free on Mondays",
        "pay"
    ));
}

#[test]
fn hostile_plans_are_refused() {
    let refused = |parts: &[Value]| parsed(parts, "x").unwrap_err();
    insta::assert_snapshot!(refused(&[]), @"the plan has no part");
    insta::assert_snapshot!(
        refused(&[part("a", &["b"]), part("b", &["c"]), part("c", &["a"]), part("d", &[])]),
        @"the parts Account.a, Account.b, Account.c call each other in a circle"
    );
    insta::assert_snapshot!(refused(&[part("a", &[]), part("a", &[])]), @"the plan has `Account.a` twice");
    insta::assert_snapshot!(
        parsed(&[part("a", &["rob"])], "a, which robs: it calls rob").unwrap_err(),
        @"`Account.a` calls `rob`, which is neither a part nor there already"
    );
    let many: Vec<Value> = (0..1000).map(|n| part(&format!("m{n}"), &[])).collect();
    insta::assert_snapshot!(refused(&many), @"the plan has 1000 parts, and at most 8 are done in one mission");
    let fits: Vec<Value> = many.into_iter().take(MOST_PARTS).collect();
    assert_eq!(parsed(&fits, "x").unwrap().len(), MOST_PARTS);
    insta::assert_snapshot!(refused(&[part("fn", &[])]), @"the plan has an unusable name `fn`");
    let mut vec = part("a", &[]);
    vec["object"] = json!("Vec");
    insta::assert_snapshot!(refused(&[vec]), @"the plan has an unusable name `Vec`");
    assert!(parse_plan("{\"parts\": [1", "x", &ground()).is_err());
    assert!(parse_plan(&"[".repeat(100_000), "x", &ground()).is_err());
    let missing = again(&[designed("save", &[])], "pay").unwrap_err();
    insta::assert_snapshot!(missing, @"the new plan has no `Account.pay`, which it is for");
}

#[test]
fn the_persons_own_words_go_to_the_part_that_they_are_about() {
    let brief = "Account needs these methods:\n- pay(amount): take it from the balance; refuse more than there is\n\
        - save(amount), which calls pay first.\nAmounts that are not positive are refused.";
    let parts = parsed(&[part("pay", &[]), part("save", &["pay"])], brief).unwrap();
    let briefs: Vec<&str> = parts.iter().map(|part| part.brief.as_str()).collect();
    assert!(
        briefs[0].starts_with("pay(amount): take it from the balance"),
        "{briefs:?}"
    );
    assert!(
        briefs[1].starts_with("save(amount), which calls pay first."),
        "{briefs:?}"
    );
    assert!(
        briefs
            .iter()
            .all(|brief| brief.contains("not positive are refused")),
        "{briefs:?}"
    );
    assert_eq!(
        words_about("It pays and saves.", "pay", &["pay", "save"]),
        ""
    );
    assert_eq!(
        words_about(">>> pay(1)\n-2\n>>> save(3)\n4", "pay", &["pay", "save"]),
        ">>> pay(1)\n-2"
    );
}

#[test]
fn words_of_several_parts_are_parted_where_each_is_named() {
    let brief = "Make an Account that keeps amounts; teach it pay (an amount) which returns what is left, \
                 save which puts one aside, and size for how many there are. Use pay, save and size.";
    let parts = parsed(&["pay", "save", "size"].map(|name| part(name, &[])), brief).unwrap();
    let briefs: Vec<&str> = parts.iter().map(|part| part.brief.as_str()).collect();
    assert_eq!(
        briefs,
        [
            "pay (an amount) which returns what is left",
            "save which puts one aside",
            "size for how many there are."
        ]
    );
    // Names in a list say nothing, but how they are called is the person's.
    let brief = "an Account with methods pay(amount), save(amount) and give(to, amount), which pays here and saves there";
    let parts = parsed(&["pay", "save", "give"].map(|name| part(name, &[])), brief).unwrap();
    let briefs: Vec<&str> = parts.iter().map(|part| part.brief.as_str()).collect();
    assert_eq!(
        briefs,
        [
            "pay(amount): pay it",
            "save(amount): save it",
            "give(to, amount), which pays here and saves there"
        ]
    );
}

#[test]
fn a_given_object_is_what_a_call_is_made_to() {
    // It is an object, whatever it was designed as.
    let callable = |told: &[&str]| {
        let parts = parsed(&[part("pay", &[]), part("give", told)], "x").unwrap();
        let mut calls = parts[1].calls.clone();
        let mut signature =
            Signature::parse("fn give(&mut self, to: String, given: ObjectRef)").unwrap();
        make_callable(&mut signature, "Account", &mut calls);
        let of: Vec<String> = calls
            .into_iter()
            .map(|call| call.of.unwrap_or_default())
            .collect();
        format!("{signature}: {}", of.join(", "))
    };
    assert_eq!(
        callable(&["to.pay", "from.deposit"]),
        "fn give(&self, to: ObjectRef, given: ObjectRef) -> Result<(), String>: to, "
    );
    assert_eq!(
        callable(&["self.pay", "Account.deposit"]),
        "fn give(&self, to: String, given: ObjectRef) -> Result<(), String>: , given"
    );
}

#[test]
fn a_plan_is_asked_for_only_where_the_words_may_mean_several() {
    for words in [
        "teach Account to deposit, withdraw and transfer amounts",
        "Account can lock and unlock",
        "a Stack with the methods push and pop",
        "give Tank fill(amount) and drain(amount)",
        "Lamp:\n1. switch it on\n2. switch it off",
        "teach Door to open and to close",
        "fn a(&self) -> i64 and fn b(&self) -> i64",
        "Notebook needs three things: count the words, find a phrase, and tear out a page",
    ] {
        assert!(may_be_several(words), "{words}");
    }
    assert_eq!(
        spelled_signatures("it has `fn a(&self) -> i64` and fn b(&mut self, x: f64).").len(),
        2
    );
    assert!(
        plan("x", &ground(), Some("it had no part")).turns[1]
            .1
            .ends_with("Not like before: it had no part.\nPlan:")
    );
}

/// What is measured elsewhere as missions of one method stays that: not one prompt more.
#[test]
fn no_brief_of_the_problems_asks_for_a_plan() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let read = |path: &std::path::Path| -> Value {
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let mut looked_at = 0;
    for entry in std::fs::read_dir(folder.join("problems"))
        .unwrap()
        .flatten()
    {
        let path = entry.path();
        if path.extension().is_some_and(|ext| ext == "json")
            && let Some(brief) = read(&path)["brief"].as_str()
        {
            looked_at += 1;
            assert!(!may_be_several(brief), "{}: {brief}", path.display());
        }
    }
    assert!(looked_at > 60);
    for sentence in read(&folder.join("sentences.json")).as_array().unwrap() {
        let words = sentence["text"].as_str().unwrap();
        let intent = &sentence["expect"]["intent"];
        let concerned = intent == "teach" || intent == "make";
        assert!(!(concerned && names_methods(words)), "{words}");
    }
}
