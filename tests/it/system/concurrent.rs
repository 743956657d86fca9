//! Slots that many may change at once, and slots that refer to objects, as a user makes and uses them.

use serde_json::{Value, json};

use super::home::TestHome;

const PASS: &str = "\n        self.visits += 1;\n        self.guests.insert(guest.clone());\n        self.book.push(guest);\n        self.mark_changed();\n        self.visits\n    }";
const ADMIT: &str = "\n        let count = self.gate.send::<i64>(\"pass\", (guest,))?;\n        self.before = Some(self.gate);\n        self.mark_changed();\n        Ok(count)\n    }";
const WATCH: &str = "\n        let before = std::mem::replace(&mut self.gate, gate);\n        self.before = Some(before);\n        self.all.extend([before, gate]);\n        self.mark_changed();\n        before\n    }";

fn script() -> Value {
    let answer = |method: &str, text: &str| json!({"when": format!("Write the method `{method}`"), "candidates": [text]});
    json!({"answers": [answer("pass", PASS), answer("admit", ADMIT), answer("watch", WATCH)]})
}

fn teach(home: &TestHome, object: &str, signature: &str, checks: Value) -> Value {
    let id = home.start(&json!({
        "intent": "teach", "object": object, "signature": signature, "checks": checks,
        "brief": "as the examples show",
    }));
    let mission = home.wait_for(id, &["COMPLETE", "FAILED"]);
    assert_eq!(mission["state"], "COMPLETE", "{mission}");
    mission
}

fn slots(home: &TestHome, object: &str) -> Value {
    let shown = home.batos(&["object", "show", object, "--json"]).expect(0);
    shown.json()["slots"].clone()
}

/// `Gate`, which many pass at once, and `Porter`, which refers to it.
fn gate_and_porter() -> TestHome {
    let home = TestHome::scripted(&script());
    home.up();
    let gate = r#"{"visits": {"type": "Counter", "value": 0},
        "guests": {"type": "SharedSet<String>", "value": []},
        "book": {"type": "SharedList<String>", "value": []}}"#;
    home.batos(&["object", "new", "Gate", "--slots", gate])
        .expect(0);
    let porter = r#"{"gate": {"type": "ObjectRef", "value": "Gate"},
        "before": {"type": "Option<ObjectRef>", "value": null},
        "all": {"type": "Vec<ObjectRef>", "value": ["Porter"]}}"#;
    home.batos(&["object", "new", "Porter", "--slots", porter])
        .expect(0);
    home
}

#[test]
fn two_senders_count_on_one_counter_and_lose_nothing() {
    let home = gate_and_porter();
    teach(
        &home,
        "Gate",
        "fn pass(&mut self, guest: String) -> i64",
        json!([{"slots": {"visits": 1, "guests": ["Bo"], "book": []}, "args": ["Ann"], "returns": 2,
            "after": {"visits": 2, "guests": ["Ann", "Bo"], "book": ["Ann"]}}]),
    );
    let each = 20;
    std::thread::scope(|scope| {
        for sender in ["a", "b"] {
            let home = &home;
            scope.spawn(move || {
                for n in 0..each {
                    let guest = format!("[\"{sender}{n:02}\"]");
                    home.batos(&["send", "Gate", "pass", &guest]).expect(0);
                }
            });
        }
    });
    let after = slots(&home, "Gate");
    let all = |sender: &str| {
        (0..each)
            .map(|n| format!("{sender}{n:02}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        after["visits"],
        json!({"type": "Counter", "value": 2 * each})
    );
    assert_eq!(
        after["guests"]["value"],
        json!([all("a"), all("b")].concat())
    );
    // Nobody's guests are lost or in another order than they came.
    let book: Vec<String> = serde_json::from_value(after["book"]["value"].clone()).unwrap();
    assert_eq!(book.len(), 2 * each);
    for sender in ["a", "b"] {
        let own: Vec<_> = book
            .iter()
            .filter(|g| g.starts_with(sender))
            .cloned()
            .collect();
        assert_eq!(own, all(sender));
    }
}

#[test]
fn slots_refer_to_objects_and_methods_send_to_them() {
    let home = gate_and_porter();
    teach(
        &home,
        "Gate",
        "fn pass(&mut self, guest: String) -> i64",
        json!([]),
    );
    teach(
        &home,
        "Porter",
        "fn admit(&mut self, guest: String) -> Result<i64, String>",
        json!([{"args": ["Ann"], "returns": {"Ok": 1}, "after": {"before": "Gate"}}]),
    );
    teach(
        &home,
        "Porter",
        "fn watch(&mut self, gate: ObjectRef) -> ObjectRef",
        json!([{"args": ["Porter"], "returns": "Gate", "after": {"gate": "Porter", "all": ["Porter", "Gate", "Porter"]}}]),
    );
    let sent = home
        .batos(&["send", "Porter", "admit", "[\"Ann\"]"])
        .expect(0);
    assert_eq!(sent.stdout, "{\"Ok\":1}\n");
    assert_eq!(slots(&home, "Gate")["guests"]["value"], json!(["Ann"]));
    home.batos(&["object", "new", "Door"]).expect(0);
    let sent = home
        .batos(&["send", "Porter", "watch", "[\"Door\"]"])
        .expect(0);
    assert_eq!(sent.stdout, "\"Gate\"\n");
    let shown = home.batos(&["object", "show", "Porter"]).expect(0).stdout;
    let shown = shown.split("\n\n").next().unwrap();
    insta::assert_snapshot!(shown, @r#"
    Porter
      gate: ObjectRef = "Door"
      before: Option<ObjectRef> = "Gate"
      all: Vec<ObjectRef> = ["Porter","Gate","Door"]
    "#);
    // An object can also be told by its number, and is then shown by its name.
    let door = home
        .batos(&["object", "show", "Door", "--json"])
        .expect(0)
        .json();
    let number = format!("#{}", door["oid"]);
    let again = home.batos(&["object", "show", &number, "--json"]).expect(0);
    assert_eq!(again.json(), door);
    let arguments = json!([number]).to_string();
    let sent = home
        .batos(&["send", "Porter", "watch", &arguments])
        .expect(0);
    assert_eq!(sent.stdout, "\"Door\"\n");
    // A difference tells references as they were named.
    let diff = home.batos(&["image", "diff", "1"]).expect(0).stdout;
    assert!(diff.contains("+gate: ObjectRef = \"Door\"\n"), "{diff}");
    // What it sends to does not understand it: an error of the send, not of the system.
    let refused = home
        .batos(&["send", "Porter", "admit", "[\"Bo\"]"])
        .expect(4);
    assert_eq!(
        refused.stdout,
        "{\"Err\":\"`Door` does not understand `pass`\"}\n"
    );
}

#[test]
fn references_lead_to_something_or_are_refused() {
    let home = gate_and_porter();
    teach(
        &home,
        "Porter",
        "fn watch(&mut self, gate: ObjectRef) -> ObjectRef",
        json!([]),
    );
    let slot = |value: &str| format!(r#"{{"to": {{"type": "ObjectRef", "value": {value}}}}}"#);
    let refused = home
        .batos(&["object", "new", "X", "--slots", &slot("\"Gaet\"")])
        .expect(1);
    insta::assert_snapshot!(refused.stderr, @r#"
    error: slot `to`: cannot take the value: there is no object `Gaet`
    hint: write slots as in '{"balance": {"type": "f64", "value": 0.0}}'
    "#);
    home.batos(&["object", "new", "X", "--slots", &slot("\"#99\"")])
        .expect(1);
    home.batos(&["object", "new", "X", "--slots", &slot("null")])
        .expect(1);
    let sent = home
        .batos(&["send", "Porter", "watch", "[\"Gaet\"]"])
        .expect(4);
    insta::assert_snapshot!(sent.stdout, @"refused: argument `gate` of `fn watch(&mut self, gate: ObjectRef) -> ObjectRef`: cannot take the value: there is no object `Gaet`");
    // Nothing that is referred to can go.
    home.batos(&["object", "new", "Door"]).expect(0);
    let made = home.status()["kernel"]["tid"].to_string();
    home.batos(&["send", "Porter", "watch", "[\"Door\"]"])
        .expect(0);
    let kept = home.batos(&["image", "undo", &made]).expect(1);
    assert!(
        kept.stderr
            .contains("cannot remove Door: Porter refer(s) to it"),
        "{}",
        kept.stderr
    );
    home.batos(&["send", "Porter", "watch", "[\"Gate\"]"])
        .expect(0);
    let kept = home.batos(&["image", "undo", &made]).expect(1);
    assert!(kept.stderr.contains("Porter"), "{}", kept.stderr);
    assert_eq!(slots(&home, "Porter")["before"]["value"], "Door");
}
