//! What each request for a design begins with: how one is made, and designs as they should be.

pub(super) const GUIDE: &str = "\
Design the signature of one Rust method for a brief.
parameters: what the caller gives. When the brief spells them, as in pay(amount), these and no others.
returns: what the brief says comes back. Result<…, String> only when the brief says refuse, reject, error or fail; Option when there \
may be nothing to return; () when nothing comes back.
slots: new ones, for what the object has to keep and has no slot for yet; mostly none.
changes: the slots that the method changes; [] when it only reads or calculates.
Amounts, prices and temperatures are f64; counts and whole numbers are i64; an amount in cents is i64. \
Another object that is given is an ObjectRef.";

/// What is asked, and the design.
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "Door (no slots yet)\nMethod: open\nBrief: teach Door to open; refuse when it is locked",
        r#"{"parameters": [], "returns": "Result<(), String>", "slots": [{"name": "is_open", "type": "bool", "value": false}, {"name": "locked", "type": "bool", "value": false}], "changes": ["is_open"]}"#,
    ),
    (
        "Cart { prices: Vec<f64> }\nMethod: total\nBrief: the sum of all prices",
        r#"{"parameters": [], "returns": "f64", "slots": [], "changes": []}"#,
    ),
    (
        "Wallet (no slots yet)\nMethod: pay\nBrief: teach Wallet pay(amount): refuse more than there is, return what is left",
        r#"{"parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>", "slots": [{"name": "money", "type": "f64", "value": 0.0}], "changes": ["money"]}"#,
    ),
    (
        "Tank { litres: f64 }\nMethod: pour\nBrief: pour(other, amount), which drains here and fills the other tank; fails when there is too little",
        r#"{"parameters": [{"name": "other", "type": "ObjectRef"}, {"name": "amount", "type": "f64"}], "returns": "Result<(), String>", "slots": [], "changes": []}"#,
    ),
    (
        "Greeter (no slots yet)\nMethod: greet\nBrief: greet a person by name",
        r#"{"parameters": [{"name": "name", "type": "String"}], "returns": "String", "slots": [], "changes": []}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: add\nBrief: add(kind, number): so many more of that kind, return how many kinds there are",
        r#"{"parameters": [{"name": "kind", "type": "String"}, {"name": "number", "type": "i64"}], "returns": "i64", "slots": [], "changes": ["animals"]}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: rarest\nBrief: the kind with the fewest animals, nothing if there are none",
        r#"{"parameters": [], "returns": "Option<String>", "slots": [], "changes": []}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: crowded\nBrief: teach Barn crowded: all kinds with more than 10 animals, sorted",
        r#"{"parameters": [], "returns": "Vec<String>", "slots": [], "changes": []}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: take\nBrief: take(kind, number): so many fewer; an error when there are not that many; what is left comes back",
        r#"{"parameters": [{"name": "kind", "type": "String"}, {"name": "number", "type": "i64"}], "returns": "Result<i64, String>", "slots": [], "changes": ["animals"]}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: feed_for\nBrief: teach Barn feed_for(weight): 2.5 percent of the weight plus 1.2, refuse a weight below 0",
        r#"{"parameters": [{"name": "weight", "type": "f64"}], "returns": "Result<f64, String>", "slots": [], "changes": []}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: trade\nBrief: teach Barn trade, one kind and then the other: swap their numbers; returns the first one's",
        r#"{"parameters": [{"name": "one", "type": "String"}, {"name": "other", "type": "String"}], "returns": "i64", "slots": [], "changes": ["animals"]}"#,
    ),
    (
        "Sign { text: String }\nMethod: blink\nBrief: blink as often as it is told, count all the blinks and give back the count so far",
        r#"{"parameters": [{"name": "times", "type": "i64"}], "returns": "i64", "slots": [{"name": "blinks", "type": "i64", "value": 0}], "changes": ["blinks"]}"#,
    ),
    (
        "Sign { text: String, blinks: i64 }\nMethod: size_of\nBrief: what size(points) is called: up to 9 is \"small\", up to 20 is \"normal\", else \"big\"",
        r#"{"parameters": [{"name": "points", "type": "i64"}], "returns": "String", "slots": [], "changes": []}"#,
    ),
    (
        "Sign { text: String, blinks: i64 }\nMethod: area\nBrief: teach Sign area(width, height), in metres with decimals",
        r#"{"parameters": [{"name": "width", "type": "f64"}, {"name": "height", "type": "f64"}], "returns": "f64", "slots": [], "changes": []}"#,
    ),
    (
        "Sign { text: String, blinks: i64 }\nMethod: longest\nBrief: how long the longest word is, and the word itself, as a pair",
        r#"{"parameters": [], "returns": "(i64, String)", "slots": [], "changes": []}"#,
    ),
    (
        "Reader (no slots yet)\nHas: fn longest(&self, text: String) -> String\nMethod: shouts\nBrief: also teach Reader shouts: how many of the words are in capitals",
        r#"{"parameters": [{"name": "text", "type": "String"}], "returns": "i64", "slots": [], "changes": []}"#,
    ),
    (
        "Shelf { jars: Vec<(String, i64)> }\nMethod: heaviest\nBrief: the name of the jar that is the heaviest, but leave it on the shelf",
        r#"{"parameters": [], "returns": "Option<String>", "slots": [], "changes": []}"#,
    ),
    (
        "Barn { animals: BTreeMap<String, i64> }\nMethod: rarest\nSo far: fn rarest(&self) -> Option<String>\nBrief: rarest should leave out the kinds of which there are none",
        r#"{"parameters": [], "returns": "Option<String>", "slots": [], "changes": []}"#,
    ),
];
