//! Panels: made by methods of whatever is at hand, carried both ways, and refused when they are hostile.

use batos::method::{
    CompileJob, Outcome, Type, value_from_json, value_normalized, value_to_json, value_to_rust,
    values_equal,
};
use serde_json::{Value as Json, json};

use super::{compiler, subject};

const STRUCTURE: &str = "Shop { items: usize, sold: i64, share: f32, prices: Vec<f64>, stock: BTreeMap<String, i64>, \
    lines: Vec<(String, i64)>, last: Panel }";

/// Everything that a model may hand to a panel.
const BODY: &str = r#"
        let mut panel = Panel::new();
        panel.title("Shop").text(self.items).strong(&self.sold).dim('-');
        panel.good(format!("{} sold", self.sold));
        panel.warning(String::from("w"));
        panel.bad(&String::from("b"));
        panel.gauge("of nothing", self.sold, 0);
        panel.gauge(self.items, self.share, &self.items);
        panel.gauge("odd", f64::NAN, u64::MAX);
        panel.sparkline("prices", &self.prices);
        panel.sparkline("iterated", self.prices.iter().map(|price| price * 2.0));
        panel.sparkline("array", [1u8, 2, 3]);
        panel.table(["Item", "Count"], &self.stock);
        panel.table(vec!["Item", "Count"], self.stock.iter());
        panel.table(&["Item".to_string()], vec![vec!["a".to_string()], vec![]]);
        panel.table(["a", "b", "c"], [(1, "x", 2.5), (2, "y", 3.5)]);
        panel.table(["line"], self.lines.iter().map(|(name, _)| name));
        panel
"#;

fn shop() -> Json {
    json!({"items": 3, "sold": 2, "share": 0.5, "prices": [1.5, 2], "stock": {"salt": 2, "tea": 1},
        "lines": [["pen", 4]], "last": {"panel": []}})
}

fn returned(outcome: Outcome) -> Json {
    match outcome {
        Outcome::Returned { value, .. } => value_to_json(&Type::Panel, &value).unwrap(),
        trapped @ Outcome::Trapped { .. } => panic!("{trapped:?}"),
    }
}

#[test]
fn a_panel_takes_whatever_a_method_has() {
    let subject = subject(STRUCTURE, "fn display(&self) -> Panel", BODY);
    let shown = returned(subject.call(&shop(), &json!([])));
    let stock = json!({"table": ["Item", "Count"], "rows": [["salt", "2"], ["tea", "1"]]});
    assert_eq!(
        shown,
        json!({"panel": [
            {"role": "title", "text": "Shop"},
            {"role": "text", "text": "3"},
            {"role": "strong", "text": "2"},
            {"role": "dim", "text": "-"},
            {"role": "good", "text": "2 sold"},
            {"role": "warning", "text": "w"},
            {"role": "bad", "text": "b"},
            {"gauge": "of nothing", "value": 2.0, "most": 0.0},
            {"gauge": "3", "value": 0.5, "most": 3.0},
            {"gauge": "odd", "value": "NaN", "most": 1.8446744073709552e19},
            {"sparkline": "prices", "values": [1.5, 2.0]},
            {"sparkline": "iterated", "values": [3.0, 4.0]},
            {"sparkline": "array", "values": [1.0, 2.0, 3.0]},
            stock, stock,
            {"table": ["Item"], "rows": [["a"], []]},
            {"table": ["a", "b", "c"], "rows": [["1", "x", "2.5"], ["2", "y", "3.5"]]},
            {"table": ["line"], "rows": [["pen"]]},
        ]})
    );
}

#[test]
fn what_grows_is_cut_and_never_ends_a_method() {
    let body = r#"
        let mut panel = Panel::new();
        panel.text("ä".repeat(5_000));
        panel.sparkline("long", (0..100_000).map(|n| n as f64));
        panel.table(vec!["x"; 100], (0..100_000).map(|n| vec![n; 100]));
        for _ in 0..1_000 {
            panel.text("more");
        }
        panel
    "#;
    let subject = subject("Shop", "fn display(&self) -> Panel", body);
    let shown = returned(subject.call(&json!({}), &json!([])));
    let parts = shown["panel"].as_array().unwrap();
    assert_eq!(parts.len(), 256);
    assert_eq!(parts[0]["text"].as_str().unwrap().len(), 4096);
    // The newest values.
    assert_eq!(parts[1]["values"].as_array().unwrap().len(), 1024);
    assert_eq!(parts[1]["values"][1023], json!(99_999.0));
    assert_eq!(parts[2]["table"].as_array().unwrap().len(), 16);
    assert_eq!(parts[2]["rows"].as_array().unwrap().len(), 256);
    assert_eq!(parts[2]["rows"][255].as_array().unwrap().len(), 16);
}

#[test]
fn panels_are_sent_and_kept_like_other_values() {
    let body = "let mut panel = self.last.clone(); panel.text(\"more\"); self.last = panel; self.mark_changed();";
    let subject = subject("Shop { last: Panel }", "fn add(&mut self)", body);
    let before = json!({"panel": [{"gauge": "g", "value": "NaN", "most": "-inf"}]});
    let outcome = subject.call(&json!({"last": before}), &json!([]));
    let Outcome::Returned { slots, .. } = outcome else {
        panic!("{outcome:?}")
    };
    let kept = value_to_json(&Type::Panel, &slots[0].1).unwrap();
    assert_eq!(
        kept,
        json!({"panel": [{"gauge": "g", "value": "NaN", "most": "-inf"}, {"role": "text", "text": "more"}]})
    );
}

#[test]
fn hostile_panels_are_no_values() {
    let read = |json: Json| value_from_json(&Type::Panel, &json).map_err(|error| error.to_string());
    let one = |part: Json| read(json!({"panel": [part]}));
    insta::assert_snapshot!(read(json!([])).unwrap_err(), @"cannot take the value: expected Panel, got []");
    insta::assert_snapshot!(one(json!({"gauge": "g", "value": 1})).unwrap_err(), @r#"cannot take the value at `[0]`: expected a part of a panel, got {"gauge":"g","value":1}"#);
    insta::assert_snapshot!(one(json!({"text": "x", "role": "blink"})).unwrap_err(), @r#"cannot take the value: expected text, title, strong, dim, good, warning, bad, got "blink""#);
    insta::assert_snapshot!(one(json!({"sparkline": "s", "values": vec![0; 1025]})).unwrap_err(), @"cannot take the value: expected at most 1024 values of a sparkline, got 1025");
    insta::assert_snapshot!(one(json!({"table": ["a"], "rows": vec![["x"]; 257]})).unwrap_err(), @"cannot take the value: expected at most 256 rows of a table, got 257");
    insta::assert_snapshot!(one(json!({"table": vec!["a"; 17], "rows": []})).unwrap_err(), @"cannot take the value: expected at most 16 columns of a table, got 17");
    insta::assert_snapshot!(one(json!({"text": "x".repeat(4097)})).unwrap_err(), @"cannot take the value: expected at most 4096 bytes of a text in a panel, got 4097");
    let many = vec![json!({"text": "x"}); 257];
    assert!(read(json!({"panel": many})).is_err());
    for wrong in [
        json!({"text": "x", "more": 1}),
        json!({"gauge": "g", "value": 1, "most": 2, "role": "bad"}),
        json!({"gauge": 1, "value": 1, "most": 2}),
        json!({"table": [["a"]], "rows": []}),
        json!({"table": ["a"], "rows": ["b"]}),
        json!({}),
        json!("x"),
    ] {
        assert!(one(wrong.clone()).is_err(), "{wrong}");
    }
    // Packed: cut at every byte, and with every byte changed, it is another value or none, never a panic.
    let packed = read(json!({"panel": [
        {"text": "x"}, {"gauge": "g", "value": 1, "most": 2}, {"sparkline": "s", "values": [1]},
        {"table": ["a"], "rows": [["b"]]},
    ]}))
    .unwrap();
    for end in 0..packed.len() {
        assert!(value_to_json(&Type::Panel, &packed[..end]).is_err());
        for byte in 0..=255 {
            let mut other = packed.clone();
            other[end] = byte;
            if let Ok(json) = value_to_json(&Type::Panel, &other) {
                assert!(value_from_json(&Type::Panel, &json).is_ok(), "{json}");
            }
        }
    }
    // Two thousand million parts in five bytes.
    assert!(value_to_json(&Type::Panel, &[0xdd, 0x7f, 0xff, 0xff, 0xff]).is_err());
    assert!(value_to_json(&Type::Panel, &[0x91, 0xdd, 0x7f, 0xff, 0xff, 0xff]).is_err());
}

#[test]
fn panels_are_equal_by_their_parts_and_told_in_messages() {
    let panel = |share: f64| {
        let json = json!({"panel": [{"gauge": "g", "value": share, "most": "NaN"}]});
        value_from_json(&Type::Panel, &json).unwrap()
    };
    assert!(values_equal(&Type::Panel, &panel(1.0), &panel(1.0 + 1e-12)).unwrap());
    assert!(!values_equal(&Type::Panel, &panel(1.0), &panel(1.1)).unwrap());
    assert_eq!(
        value_normalized(&Type::Panel, &panel(1.0)).unwrap(),
        panel(1.0)
    );
    insta::assert_snapshot!(value_to_rust(&Type::Panel, &panel(1.0)).unwrap(), @r#"{"panel":[{"gauge":"g","value":1.0,"most":"NaN"}]}"#);
    // It has floats in it.
    assert!(Type::parse("BTreeMap<Panel, i64>").is_err());
    assert_eq!(
        Type::parse("Vec<Option<Panel>>").unwrap().to_string(),
        "Vec<Option<Panel>>"
    );
}

#[test]
fn an_object_that_is_called_panel_goes_on() {
    // Images have had such objects before there were panels.
    let subject = subject(
        "Panel { width: i64 }",
        "fn twice(&self) -> i64",
        "self.width * 2",
    );
    let Outcome::Returned { value, .. } = subject.call(&json!({"width": 4}), &json!([])) else {
        panic!()
    };
    assert_eq!(value_to_json(&Type::I64, &value).unwrap(), json!(8));
    let job = CompileJob {
        source: "impl Shop { pub fn display(&self) -> String { \"plain\".into() } }",
        signature: &batos::method::Signature::parse("fn display(&self) -> String").unwrap(),
        structure: &batos::method::StructSpec::parse("Shop").unwrap(),
        asked: &[],
    };
    assert!(compiler().compile(&job).is_ok());
}
