//! What each request to the translator begins with: some objects, and what a person said of them with what is right.

use crate::persona::scene::{Known, KnownMethod, Scene};

/// The objects of the examples.
pub(super) const OBJECTS: &str = "\
Objects:
- Stack: methods push(value), pop(), size(); slots items
- Door: methods open(), lock_with(code); slots is_open
- Oven (a kind of Door): methods heat_to(degrees); slots degrees
";

/// The same as a scene.
pub(super) fn scene() -> Scene {
    let known = |object: &str, parent: Option<&str>, methods: &[(&str, &str)], slot: &str| Known {
        object: object.to_owned(),
        parent: parent.map(str::to_owned),
        slots: vec![slot.to_owned()],
        methods: methods
            .iter()
            .map(|(selector, parameter)| KnownMethod {
                selector: (*selector).to_owned(),
                parameters: vec![(*parameter).to_owned()],
            })
            .collect(),
    };
    Scene {
        known: vec![
            known(
                "Stack",
                None,
                &[("push", "value"), ("pop", ""), ("size", "")],
                "items",
            ),
            known(
                "Door",
                None,
                &[("open", ""), ("lock_with", "code")],
                "is_open",
            ),
            known("Oven", Some("Door"), &[("heat_to", "degrees")], "degrees"),
        ],
        ..Scene::default()
    }
}

/// What was said and what is right, as turns of a talk: a small model follows those better than a list.
pub(super) const ALL: &[(&str, &str)] = &[
    (
        "teach Stack to reverse itself",
        r#"{"intent": "teach", "object": "Stack", "selector": "reverse"}"#,
    ),
    (
        "push 3",
        r#"{"intent": "send", "object": "Stack", "selector": "push", "args": [3]}"#,
    ),
    (
        "show me the stack",
        r#"{"intent": "inspect", "object": "Stack"}"#,
    ),
    ("hello, how are you?", r#"{"intent": "chat"}"#),
    (
        "Door should ring a bell when it is opened by night",
        r#"{"intent": "teach", "object": "Door", "selector": "ring_bell"}"#,
    ),
    (
        "please heat the oven to two hundred",
        r#"{"intent": "send", "object": "Oven", "selector": "heat_to", "args": [200]}"#,
    ),
    ("who repaired the oven, and when?", r#"{"intent": "ask"}"#),
    (
        "note that the backup runs at 3 in the night",
        r#"{"intent": "remember"}"#,
    ),
    ("thanks, that was quick", r#"{"intent": "chat"}"#),
    (
        "a new object Counter whose count is 0",
        r#"{"intent": "make", "object": "Counter", "slots": [{"name": "count", "type": "i64", "value": 0}]}"#,
    ),
    (
        "pop must give an error if nothing is left",
        r#"{"intent": "teach", "object": "Stack", "selector": "pop"}"#,
    ),
    (
        "Stack size",
        r#"{"intent": "send", "object": "Stack", "selector": "size", "args": []}"#,
    ),
    ("undo what you just did", r#"{"intent": "undo"}"#),
    ("describe how locking works", r#"{"intent": "ask"}"#),
    (
        "the oven stands in the new kitchen",
        r#"{"intent": "remember"}"#,
    ),
    (
        "which methods does Oven have",
        r#"{"intent": "inspect", "object": "Oven"}"#,
    ),
    (
        "lock the door, the code is 'x9'",
        r#"{"intent": "send", "object": "Door", "selector": "lock_with", "args": ["x9"]}"#,
    ),
    (
        "i am so tired, everybody wants something from me",
        r#"{"intent": "chat"}"#,
    ),
    (
        "can you make the Oven able to keep past temperatures",
        r#"{"intent": "teach", "object": "Oven", "selector": "record_temperature"}"#,
    ),
    (
        "i pushed the wrong value, make it as it was",
        r#"{"intent": "undo"}"#,
    ),
    (
        "we need a Gate, a kind of Door",
        r#"{"intent": "make", "object": "Gate", "parent": "Door", "slots": []}"#,
    ),
    ("which objects have a lock?", r#"{"intent": "ask"}"#),
    ("do you like music?", r#"{"intent": "chat"}"#),
    (
        "let me see how heat_to is written",
        r#"{"intent": "inspect", "object": "Oven"}"#,
    ),
    (
        "open the Oven",
        r#"{"intent": "send", "object": "Oven", "selector": "open", "args": []}"#,
    ),
    (
        "fyi Paul takes over on Monday, don't lose that",
        r#"{"intent": "remember"}"#,
    ),
    ("what happened since yesterday?", r#"{"intent": "ask"}"#),
    ("never mind, forget what i typed", r#"{"intent": "chat"}"#),
];
