//! What the kernel says to personas and takes from them: prompts, answers, documents. Its processes are
//! tested in `system`.

use batos::method::{Check, Numbers, Signature, StructSpec};
use batos::persona::{
    Attempt, Draft, Ending, Intent, Known, KnownMethod, MethodBrief, Prompt, Said, Scene, Speaker,
    Wanted, decompose_call, fits_some_type, instruction, is_object_name, opening,
    parse_call_design, parse_design, parse_translation, repair, synthesize, translate,
    translate_again,
};
use serde_json::json;

fn deposit() -> (StructSpec, Signature, Vec<Check>) {
    let structure = StructSpec::parse("Account { balance: f64, log: Vec<String> }").unwrap();
    let signature =
        Signature::parse("fn deposit(&mut self, amount: f64) -> Result<f64, String>").unwrap();
    let checks = serde_json::from_value(json!([
        {"slots": {"balance": 1}, "args": [2], "returns": {"Ok": 3}, "after": {"balance": 3, "log": ["deposit 2"]}},
        {"args": [-1.0], "error": true},
    ]))
    .unwrap();
    (structure, signature, checks)
}

fn brief<'a>(parts: &'a (StructSpec, Signature, Vec<Check>), text: &'a str) -> MethodBrief<'a> {
    MethodBrief {
        structure: &parts.0,
        signature: &parts.1,
        brief: text,
        checks: &parts.2,
        calls: &[],
        begins_with_call: false,
        in_full: false,
        neighbours: &[],
        lessons: &[],
        passages: &[],
        so_far: None,
    }
}

#[test]
fn the_answer_is_started_up_to_the_brace() {
    let parts = deposit();
    let prompt = synthesize(&brief(
        &parts,
        "Add the amount; refuse what is not positive.",
    ));
    insta::assert_snapshot!(prompt.prefix, @r"
    ```rust
    impl Account {
        pub fn deposit(&mut self, amount: f64) -> Result<f64, String> {
    ");
    assert_eq!(prompt.ending, Ending::MethodBlock);
    let asked = &prompt.turns.last().unwrap().1;
    assert!(
        asked.contains(
            "with self.balance = 1.0: `deposit(2.0)` returns `Ok(3.0)`, then self.balance = 3.0, self.log = [\"deposit 2\"]"
        ),
        "{asked}"
    );
    assert!(
        asked.contains("`deposit(-1.0)` returns an `Err`"),
        "{asked}"
    );
}

#[test]
fn told_in_full_it_has_the_brief_at_hand_and_a_word_on_numbers() {
    let parts = deposit();
    let short = brief(&parts, "Add the amount.");
    let full = MethodBrief {
        in_full: true,
        ..short.clone()
    };
    let (short, full) = (synthesize(&short), synthesize(&full));
    assert!(!short.prefix.contains("///") && full.prefix.contains("/// Add the amount."));
    let asked = |prompt: &Prompt| prompt.turns.last().unwrap().1.clone();
    assert!(!asked(&short).contains("rem_euclid") && asked(&full).contains("rem_euclid"));
}

#[test]
fn a_brief_cannot_break_out_of_its_comment() {
    let parts = deposit();
    let start = opening(&brief(&parts, "one\n*/ fn evil() {}\r\u{2028}two"));
    for line in start.lines() {
        let line = line.trim_start();
        assert!(
            line.starts_with("///")
                || line.starts_with("impl Account")
                || line.starts_with("pub fn deposit"),
            "{line}"
        );
    }
}

#[test]
fn a_repair_shows_the_problem_and_instructs() {
    let parts = deposit();
    let attempt = Attempt {
        source: "impl Account { … }".to_owned(),
        problems: vec!["check 2: expected Err".to_owned()],
        instruction: Some("check the amount first".to_owned()),
    };
    let prompt = repair(&brief(&parts, "Add."), &attempt);
    assert_eq!(prompt.purpose, "repair");
    assert!(
        prompt
            .prefix
            .ends_with("{\n        // check the amount first\n"),
        "{}",
        prompt.prefix
    );
    let speakers: Vec<Speaker> = prompt.turns.iter().map(|(speaker, _)| *speaker).collect();
    assert_eq!(
        speakers,
        [
            Speaker::System,
            Speaker::Person,
            Speaker::Persona,
            Speaker::Person
        ]
    );
    assert!(prompt.turns[3].1.contains("check 2: expected Err"));
}

#[test]
fn the_same_mission_gives_the_same_prompt() {
    let parts = deposit();
    assert_eq!(
        synthesize(&brief(&parts, "Add.")),
        synthesize(&brief(&parts, "Add."))
    );
}

#[test]
fn a_translation_keeps_the_persons_words() {
    let words = "  teach Account to deposit an amount ";
    let answer = r#"{"intent": "teach", "object": "Account", "selector": "deposit"}"#;
    let draft = parse_translation(answer, words, &Scene::default()).unwrap();
    assert_eq!(draft.intent, Intent::Teach);
    assert_eq!(draft.brief, "teach Account to deposit an amount");
    assert_eq!(draft.object.as_deref(), Some("Account"));
    let prompt = translate(words, &accounts());
    let asked = &prompt.turns.last().unwrap().1;
    assert!(
        asked.contains("Account: methods withdraw(amount)"),
        "{asked}"
    );
    assert!(matches!(prompt.ending, Ending::Json(_)));
    assert!(parse_translation("{\"intent\": \"dance\"}", words, &Scene::default()).is_err());
}

/// An account and one that inherits.
fn accounts() -> Scene {
    let known = |object: &str, parent: Option<&str>, method: &str| Known {
        object: object.to_owned(),
        parent: parent.map(str::to_owned),
        slots: vec!["balance".to_owned()],
        methods: vec![KnownMethod::of(method).unwrap()],
    };
    Scene {
        known: vec![
            known("Account", None, "fn withdraw(&mut self, amount: f64)"),
            known("Savings", Some("Account"), "fn add_interest(&mut self)"),
        ],
        selected: Some("Savings".to_owned()),
        said: vec![Said {
            person: "add the interest".to_owned(),
            robin: "Savings.add_interest() returned null.".to_owned(),
        }],
    }
}

#[test]
fn names_and_intents_are_those_of_the_image() {
    let understood = |answer: serde_json::Value, words: &str| {
        let draft = parse_translation(&answer.to_string(), words, &accounts()).unwrap();
        format!(
            "{} {} {}",
            draft.intent.name(),
            draft.object.unwrap_or_default(),
            draft.selector.unwrap_or_default()
        )
    };
    let send = |object: &str, selector: &str| json!({"intent": "send", "object": object, "selector": selector, "args": [5]});
    // A name is the image's, and an inherited method is a method.
    assert_eq!(
        understood(send("saving", "withdraw"), "take 5 from the saving"),
        "send Savings withdraw"
    );
    // Nobody named the object: it is the one that has the method.
    assert_eq!(
        understood(send("Account", "add_interest"), "add the interest"),
        "send Savings add_interest"
    );
    // What it cannot do it is to learn.
    assert_eq!(
        understood(send("Account", "close"), "Account close"),
        "teach Account close"
    );
    // Nothing is sent to another than the one that was named.
    assert_eq!(
        understood(send("Cart", "close"), "Cart close"),
        "send Cart close"
    );
    assert_eq!(
        understood(
            json!({"intent": "inspect", "object": "weather"}),
            "show the weather"
        ),
        "ask  "
    );
    // Nothing in the words leads to the object that the model took.
    assert_eq!(
        understood(
            json!({"intent": "inspect", "object": "Account"}),
            "which models do you use?"
        ),
        "ask  "
    );
    assert_eq!(
        understood(
            json!({"intent": "inspect", "object": "Account"}),
            "show me account"
        ),
        "inspect Account "
    );
}

#[test]
fn a_turn_of_phrase_that_has_one_meaning_has_it_whatever_the_model_says() {
    let understood = |intent: &str, words: &str| {
        let answer = match intent {
            "inspect" => json!({"intent": intent, "object": "Account"}),
            "send" => {
                json!({"intent": intent, "object": "Account", "selector": "withdraw", "args": []})
            }
            _ => json!({"intent": intent}),
        };
        let draft = parse_translation(&answer.to_string(), words, &accounts()).unwrap();
        format!(
            "{} {}",
            draft.intent.name(),
            draft.object.unwrap_or_default()
        )
    };
    // A question is about the one object that it names.
    assert_eq!(
        understood("ask", "can the Account be closed?"),
        "ask Account"
    );
    assert_eq!(understood("ask", "is Savings a kind of Account?"), "ask ");
    assert_eq!(
        understood("inspect", "is there anything on Account for lending"),
        "ask Account"
    );
    // To go to an object is to look at it, unless there is more to it.
    assert_eq!(understood("send", "go to the account"), "inspect Account");
    assert_eq!(
        understood("send", "go to Account and withdraw 5"),
        "send Account"
    );
    // A file is taken in, unless somebody asks whether it was.
    assert_eq!(
        understood("chat", "please read docs/fees.pdf, we need it"),
        "remember "
    );
    assert_eq!(understood("ask", "did you read docs/fees.pdf?"), "ask ");
}

#[test]
fn a_name_that_was_borrowed_is_asked_for_again_from_the_words() {
    let scene = Scene {
        said: Vec::new(),
        selected: None,
        ..accounts()
    };
    let taught = |object: &str, selector: &str| {
        json!({"intent": "teach", "object": object, "selector": selector}).to_string()
    };
    let words = "could you get Account to work out how much money is left?";
    let again = translate_again(&taught("Account", "add_interest"), words, &scene).unwrap();
    let Ending::Json(schema) = again.ending else {
        panic!("no schema")
    };
    let schema = schema.to_string();
    assert!(
        schema.contains("\"money_left\"") && schema.contains("\"work\""),
        "{schema}"
    );
    assert!(!schema.contains("add_interest"), "{schema}");
    // The object's own is as little a new ability, and what the model does not see it cannot take.
    let words = "the Account can't lend anything yet, give it that skill";
    let again = translate_again(&taught("Account", "withdraw"), words, &scene).unwrap();
    let asked = &again.turns.last().unwrap().1;
    assert!(!asked.contains("withdraw"), "{asked}");
    // Its own name, one that the words mention, or a rule for one that is there stay.
    let words = "could you get Account to work out how much money is left?";
    for (selector, words) in [
        ("money_left", words),
        ("withdraw", "Account should withdraw in cents"),
        ("add_interest", "Account must refuse the interest of others"),
    ] {
        assert_eq!(
            translate_again(&taught("Account", selector), words, &scene),
            None,
            "{words}"
        );
    }
}

#[test]
fn what_a_teaching_is_called_is_what_the_words_call_it() {
    let taught = |object: &str, selector: &str, words: &str| {
        let answer = json!({"intent": "teach", "object": object, "selector": selector});
        let draft = parse_translation(&answer.to_string(), words, &accounts()).unwrap();
        assert_eq!(draft.intent, Intent::Teach, "{words}");
        draft.selector.unwrap()
    };
    // A rule is for the method that it names.
    let rule = "from now on the Account must refuse to withdraw on sundays";
    assert_eq!(taught("Account", "refuse_sundays", rule), "withdraw");
    let written = "Savings.withdraw still takes a fee, change it";
    assert_eq!(taught("Savings", "add_interest", written), "withdraw");
    let written = "add Savings.withdraw_twice, which uses Savings.withdraw";
    assert_eq!(
        taught("Savings", "withdraw_twice", written),
        "withdraw_twice"
    );
    let wish = "teach Account to withdraw twice";
    assert_eq!(taught("Account", "withdraw_twice", wish), "withdraw_twice");
    // A new ability is not a method that nobody named.
    let wish = "give Account a way to double its interest";
    assert_eq!(taught("Account", "withdraw", wish), "double_interest");
    let wish = "the Account should be able to withdraw several times in one go";
    assert_eq!(taught("Account", "withdraw", wish), "withdraw_several");
    let rule = "the Account must only be able to withdraw once a day";
    assert_eq!(taught("Account", "withdraw", rule), "withdraw");
    // What was said before may go on.
    let wish = "yes, and the account should print a statement";
    assert_eq!(taught("Account", "withdraw", wish), "withdraw");
    let fresh = Scene {
        said: Vec::new(),
        ..accounts()
    };
    let named = |words: &str| {
        let answer = json!({"intent": "teach", "object": "Account", "selector": "withdraw"});
        let draft = parse_translation(&answer.to_string(), words, &fresh).unwrap();
        draft.selector.unwrap()
    };
    assert_eq!(
        named("the Account should print a statement at the end of the month"),
        "print_statement"
    );
    // What is to hold is no ability, and what something else does is none of the object's.
    assert_eq!(named("the account should never lend money"), "withdraw");
    assert_eq!(
        named("taking money out of the account, that should cost a fee"),
        "withdraw"
    );
}

#[test]
fn a_question_about_something_else_sends_nothing() {
    let understood = |answer: serde_json::Value, words: &str| {
        let draft = parse_translation(&answer.to_string(), words, &accounts()).unwrap();
        draft.intent.name().to_owned()
    };
    let send =
        json!({"intent": "send", "object": "Account", "selector": "withdraw", "args": [0.1]});
    assert_eq!(
        understood(
            send.clone(),
            "What is the concentration of the stock solution?"
        ),
        "ask"
    );
    assert_eq!(
        understood(send, "How much is left when I withdraw 0.1?"),
        "send"
    );
    let inspect = json!({"intent": "inspect", "object": "Account"});
    assert_eq!(
        understood(inspect.clone(), "what objects are there?"),
        "ask"
    );
    assert_eq!(understood(inspect, "what does Account have"), "inspect");
}

#[test]
fn what_is_to_be_able_to_do_something_is_taught() {
    let understood = |answer: serde_json::Value, words: &str| {
        let draft = parse_translation(&answer.to_string(), words, &accounts()).unwrap();
        let slots: Vec<&String> = draft.slots.keys().collect();
        format!(
            "{} {:?} {:?} {slots:?}",
            draft.intent.name(),
            draft.object.unwrap_or_default(),
            draft.selector
        )
    };
    let slots = |name: &str| json!([{"name": name, "type": "f64", "value": 0}]);
    let make = |object: &str, slots: serde_json::Value| json!({"intent": "make", "object": object, "slots": slots});
    assert_eq!(
        understood(
            make("Wallet", slots("pay")),
            "make Wallet able to pay a bill"
        ),
        r#"teach "Wallet" Some("pay") []"#
    );
    // It comes with what it is made with.
    assert_eq!(
        understood(
            make("Wallet", slots("coins")),
            "make a Wallet with 0 coins that is able to pay, save and lend"
        ),
        r#"teach "Wallet" None ["coins"]"#
    );
    assert_eq!(
        understood(make("Account", json!([])), "make it able to lend money"),
        r#"teach "Account" Some("lend_money") []"#
    );
    assert_eq!(
        understood(
            make("Wallet", slots("coins")),
            "make a Wallet with 0 coins that is able to spend coins"
        ),
        r#"teach "Wallet" Some("spend_coins") ["coins"]"#
    );
    // What is made of a prototype is made.
    let mut kid = make("Kid", json!([]));
    kid["parent"] = json!("Account");
    assert_eq!(
        understood(kid, "make Kid, a kind of Account, able to save"),
        r#"make "Kid" None []"#
    );
    // A second one is not the first, and a slot is no object.
    assert_eq!(
        understood(
            make("Account", json!([])),
            "make another Account next to it, called Ulysses"
        ),
        r#"make "Ulysses" None []"#
    );
    assert_eq!(
        understood(
            make("Account", slots("rate")),
            "create a slot named rate in Account"
        ),
        r#"make "Account" None ["rate"]"#
    );
    // Nothing says that this is what learns it.
    assert_eq!(
        understood(make("Bank", json!([])), "I want to be able to lend money"),
        r#"make "Bank" None []"#
    );
}

/// The words speak for another intent than the model's: it is asked again where that one needs names.
#[test]
fn where_the_words_say_otherwise_the_model_is_asked_again() {
    let (words, scene) = ("how does withdraw work?", accounts());
    let send = r#"{"intent": "send", "object": "Account", "selector": "withdraw", "args": [1]}"#;
    let draft = parse_translation(send, words, &scene).unwrap();
    assert_eq!(draft.intent, Intent::Ask);
    assert_eq!(draft.object.as_deref(), Some("Savings"));
    assert_eq!(
        translate_again(send, words, &scene),
        None,
        "no name is missing"
    );

    let words = "teach Account to print a statement";
    let again = translate_again(r#"{"intent": "chat"}"#, words, &scene).unwrap();
    let Ending::Json(schema) = &again.ending else {
        panic!("{:?}", again.ending);
    };
    assert!(
        schema.contains("teach") && !schema.contains("remember"),
        "{schema}"
    );
    assert_eq!(again.turns, translate(words, &scene).turns);
    let teach = r#"{"intent": "teach", "object": "Account", "selector": "print_statement"}"#;
    assert_eq!(translate_again(teach, words, &scene), None);
}

#[test]
fn the_translator_is_told_what_is_there_and_what_was_said() {
    let prompt = translate("add it again", &accounts());
    insta::assert_snapshot!(prompt.turns.last().unwrap().1, @r"
    Objects:
    - Account: methods withdraw(amount); slots balance
    - Savings (a kind of Account): methods add_interest(); slots balance
    Before:
    Person: add the interest
    ROBIN: Savings.add_interest() returned null.
    Selected: Savings
    Words: add it again
    Mission:
    ");
    let other = translate("something else", &Scene::default());
    // The last turns are what is asked, and the examples that are most like it.
    let shared = prompt.turns.len() - 9;
    assert!(shared > 40, "{shared}");
    assert_eq!(
        prompt.turns[..shared],
        other.turns[..shared],
        "what is fixed comes first"
    );
}

#[test]
fn a_design_leaves_out_what_is_there() {
    let answer = json!({
        "parameters": [{"name": "amount", "type": "f64"}],
        "returns": "Result<f64, String>",
        "changes": ["balance"],
        "slots": [
            {"name": "balance", "type": "f64", "value": "nothing"},
            {"name": "amount", "type": "f64", "value": 0},
            {"name": "owner", "type": "String", "value": "x"},
        ],
    });
    let existing = [("owner".to_owned(), "String".to_owned())];
    let design = parse_design(&answer.to_string(), "deposit", &existing).unwrap();
    assert_eq!(
        design.signature.to_string(),
        "fn deposit(&mut self, amount: f64) -> Result<f64, String>"
    );
    assert_eq!(
        serde_json::Value::Object(design.slots),
        json!({"balance": {"type": "f64", "value": 0.0}})
    );
}

#[test]
fn a_missing_helper_is_told_to_be_nested() {
    let structure = StructSpec::parse("Primes { }").unwrap();
    let told = instruction(
        "E0599",
        "no method named `is_prime` found for reference `&object::Primes` in the current scope",
        &structure,
    );
    assert_eq!(
        told.as_deref(),
        Some(
            "`self` has no method `is_prime`: do it inside this method, or in a nested `fn is_prime`"
        )
    );
}

#[test]
fn documents_are_checked_before_they_are_taken() {
    let base = json!({"intent": "teach", "object": "A", "brief": "x", "signature": "fn f(&self, n: i64) -> i64"});
    Draft::from_json(&base.to_string()).unwrap();
    let with = |name: &str, value: serde_json::Value| {
        let mut document = base.clone();
        document[name] = value;
        Draft::from_json(&document.to_string())
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(with("brief", json!(" ")), @"the brief is empty");
    insta::assert_snapshot!(with("object", json!("Vec")), @"`Vec` is not a name for an object or a method");
    insta::assert_snapshot!(with("selector", json!("g")), @"the signature is of `f`, but the selector is `g`");
    insta::assert_snapshot!(
        with("checks", json!([{"args": []}])),
        @"check 1: it has 0 arguments, but the method takes 1"
    );
    assert!(with("checks", json!([{"args": ["a"]}])).contains("argument `n`"));
    assert!(with("checks", json!([{"args": [1], "returns": "a"}])).contains("`returns`"));
    assert!(!is_object_name("fn") && !is_object_name("1a") && is_object_name("Account"));
}

#[test]
fn a_call_that_nobody_understands_says_what_its_parameters_may_be() {
    let args = [json!(3), json!("rent"), json!([1.5])];
    let slots = [("balance".to_owned(), "f64".to_owned())];
    let wanted = Wanted {
        object: "Account",
        selector: "pay",
        brief: "Pay.",
        others: &[],
        slots: &slots,
        so_far: None,
    };
    let prompt = decompose_call(&wanted, &args, &Numbers);
    let asked = &prompt.turns.last().unwrap().1;
    assert!(
        asked.ends_with(
            "Method: pay\nBrief: Pay.\n\
             Parameter 1 was given as 3: f64 or i64 or u32 or u64 or usize\n\
             Parameter 2 was given as \"rent\": String\n\
             Parameter 3 was given as [1.5]: Vec<f64>\nDesign:"
        ),
        "{asked}"
    );
    let Ending::Json(schema) = &prompt.ending else {
        panic!("{:?}", prompt.ending);
    };
    assert!(schema.contains(r#""enum":["Vec<f64>"]"#), "{schema}");
    let design = |types: [&str; 3]| {
        let fields: Vec<_> = (0..)
            .zip(types)
            .map(|(n, ty)| json!({"name": format!("p{n}"), "type": ty}))
            .collect();
        let answer = json!({"parameters": fields, "returns": "f64", "slots": [], "changes": []});
        parse_call_design(&answer.to_string(), "pay", &slots, &args)
    };
    let good = design(["i64", "String", "Vec<f64>"]).unwrap();
    assert_eq!(
        good.signature.to_string(),
        "fn pay(&self, p0: i64, p1: String, p2: Vec<f64>) -> f64"
    );
    let bad = design(["bool", "String", "Vec<f64>"]).unwrap_err();
    assert!(
        bad.to_string().contains("does not take the call: `p0`"),
        "{bad}"
    );
    assert!(!fits_some_type(&json!([1, "a", null]), &Numbers));
    assert!(!fits_some_type(&json!([{"a": [true]}]), &Numbers));
}
