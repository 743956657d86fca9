//! Values by declared type, without a sandbox.

use batos::method::{
    Names, Type, default_value, join_array, split_array, value_converted, value_from_json,
    value_from_json_with, value_normalized, value_to_json, value_to_json_with, value_to_rust,
    values_equal,
};
use serde_json::{Value as Json, json};

fn there_and_back(ty: &str, json: &Json) -> Json {
    let ty = Type::parse(ty).unwrap();
    let packed = value_from_json(&ty, json).unwrap();
    assert_eq!(
        value_normalized(&ty, &packed).unwrap(),
        packed,
        "{ty} {json}"
    );
    value_to_json(&ty, &packed).unwrap()
}

#[test]
fn json_comes_back_as_it_was() {
    for (ty, json) in super::sandbox::every_type() {
        assert_eq!(there_and_back(ty, &json), json, "{ty}");
    }
}

#[test]
fn json_is_read_by_the_declared_type() {
    assert_eq!(there_and_back("f64", &json!(3)), json!(3.0));
    assert_eq!(
        there_and_back("BTreeSet<i64>", &json!([3, 1, 3, 2])),
        json!([1, 2, 3])
    );
    assert_eq!(there_and_back("u128", &json!(7)), json!(7));
    assert_eq!(there_and_back("&str", &json!("x")), json!("x"));
    assert_eq!(there_and_back("Box<&i64>", &json!(7)), json!(7));
    assert_eq!(there_and_back("Counter", &json!(7)), json!(7));
    assert_eq!(
        there_and_back("SharedSet<i64>", &json!([3, 1, 3])),
        json!([1, 3])
    );
    assert_eq!(
        there_and_back("SharedList<i64>", &json!([3, 1, 3])),
        json!([3, 1, 3])
    );
}

#[test]
fn json_of_another_type_is_refused_with_its_place() {
    let refusal = |ty: &str, json: Json| {
        value_from_json(&Type::parse(ty).unwrap(), &json)
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(refusal("i64", json!(3.5)), @"cannot take the value: expected i64, got 3.5");
    insta::assert_snapshot!(refusal("Vec<(i64, String)>", json!([[1, "a"], [2, 3]])), @"cannot take the value at `[1][1]`: expected String, got 3");
    insta::assert_snapshot!(refusal("Result<f64, String>", json!({"Ok": "x"})), @r#"cannot take the value at `Ok`: expected f64, got "x""#);
    insta::assert_snapshot!(refusal("BTreeMap<i64, Vec<u8>>", json!({"7": [256]})), @r#"cannot take the value at `["7"][0]`: expected u8, got 256"#);
    for (ty, json) in [
        ("i64", json!(9_223_372_036_854_775_808_u64)),
        ("u8", json!(-1)),
        ("usize", json!(4_294_967_296_u64)),
        ("char", json!("ab")),
        ("bool", json!(0)),
        ("[i64; 2]", json!([1])),
        ("(i64, i64)", json!([1, 2, 3])),
        ("Result<i64, String>", json!(1)),
        ("Result<i64, String>", json!({"Ok": 1, "Err": "x"})),
        ("f64", json!("1")),
        ("()", json!([])),
        ("String", json!(null)),
        ("HashMap<i64, i64>", json!({"x": 1})),
        ("i64", json!(3.0)),
    ] {
        assert!(
            value_from_json(&Type::parse(ty).unwrap(), &json).is_err(),
            "{ty} {json}"
        );
    }
}

/// An image with one object.
struct OnlyGate;

impl Names for OnlyGate {
    fn number(&self, text: &str) -> Option<u64> {
        ["Gate", "#9"].contains(&text).then_some(9)
    }

    fn name(&self, oid: u64) -> Option<String> {
        (oid == 9).then(|| "Gate".to_owned())
    }
}

#[test]
fn objects_are_named_in_json() {
    let packed = |ty: &str, json: Json| {
        value_from_json_with(&Type::parse(ty).unwrap(), &json, &OnlyGate)
            .map_err(|error| error.to_string())
    };
    let nine = [&[0xd7, 1][..], &9_u64.to_be_bytes()].concat();
    for named in ["Gate", "#9"] {
        assert_eq!(packed("ObjectRef", json!(named)), Ok(nine.clone()));
    }
    assert_eq!(packed("Option<ObjectRef>", json!(null)), Ok(vec![0xc0]));
    insta::assert_snapshot!(packed("ObjectRef", json!("Gaet")).unwrap_err(), @"cannot take the value: there is no object `Gaet`");
    insta::assert_snapshot!(packed("Vec<ObjectRef>", json!(["Gate", "#8"])).unwrap_err(), @"cannot take the value at `[1]`: there is no object `#8`");
    insta::assert_snapshot!(packed("ObjectRef", json!(9)).unwrap_err(), @"cannot take the value: expected ObjectRef, got 9");
    let map = Type::parse("BTreeMap<ObjectRef, Vec<ObjectRef>>").unwrap();
    let json = json!({"Gate": ["Gate"], "#7": []});
    let value = value_from_json(&map, &json!({"#9": ["#9"], "#7": []})).unwrap();
    assert_eq!(value_to_json_with(&map, &value, &OnlyGate).unwrap(), json);
    assert_eq!(value_to_rust(&map, &value).unwrap(), "{#7: [], #9: [#9]}");
    // Without an image there are numbers only.
    assert!(value_from_json(&Type::ObjectRef, &json!("Gate")).is_err());
    for text in ["#", "#-1", "#+1", "# 1", "#18446744073709551616", "1"] {
        assert!(
            value_from_json(&Type::ObjectRef, &json!(text)).is_err(),
            "{text}"
        );
    }
    // Another kind of extension, or of another length, is none.
    let mut other = nine.clone();
    other[1] = 2;
    assert!(value_to_json(&Type::ObjectRef, &other).is_err());
    assert!(value_to_json(&Type::ObjectRef, &[0xd6, 1, 0, 0, 0, 9]).is_err());
    assert!(split_array(&[&[0x91][..], &nine].concat()).is_ok());
}

#[test]
fn values_are_converted_where_nothing_is_lost() {
    let converted = |from: &str, to: &str, json: Json| {
        let (from, to) = (Type::parse(from).unwrap(), Type::parse(to).unwrap());
        let packed = value_from_json(&from, &json).unwrap();
        let packed = value_converted(&from, &to, &packed).unwrap()?;
        assert_eq!(
            value_normalized(&to, &packed).unwrap(),
            packed,
            "{from} {to}"
        );
        Some(value_to_json(&to, &packed).unwrap())
    };
    for (from, to, before, after) in [
        ("i64", "f64", json!(3), json!(3.0)),
        ("f64", "i64", json!(-3.0), json!(-3)),
        ("f64", "f32", json!(0.5), json!(0.5)),
        ("f32", "f64", json!(0.5), json!(0.5)),
        ("u64", "f32", json!(16_777_216), json!(16_777_216.0)),
        ("i64", "u8", json!(255), json!(255)),
        ("u8", "i128", json!(7), json!(7)),
        ("Counter", "i64", json!(-7), json!(-7)),
        ("i64", "Counter", json!(-7), json!(-7)),
        ("u32", "Counter", json!(7), json!(7)),
        ("i64", "String", json!(-7), json!("-7")),
        ("f64", "String", json!(2.5), json!("2.5")),
        ("bool", "String", json!(true), json!("true")),
        ("char", "String", json!("ß"), json!("ß")),
        ("i64", "Option<i64>", json!(7), json!(7)),
        ("i64", "Option<f64>", json!(7), json!(7.0)),
        ("i64", "Vec<i64>", json!(7), json!([7])),
        ("Vec<i64>", "Vec<Vec<i64>>", json!([7]), json!([[7]])),
        ("i64", "[i64; 1]", json!(7), json!([7])),
        ("Option<i64>", "i64", json!(7), json!(7)),
        ("Option<i64>", "Vec<i64>", json!(null), json!([])),
        ("Option<i64>", "Vec<f64>", json!(7), json!([7.0])),
        ("Option<u8>", "Option<String>", json!(null), json!(null)),
        ("Vec<u8>", "VecDeque<f64>", json!([1, 2]), json!([1.0, 2.0])),
        ("Vec<u8>", "[i64; 2]", json!([1, 2]), json!([1, 2])),
        ("Vec<u8>", "BTreeSet<i64>", json!([2, 1]), json!([1, 2])),
        (
            "HashSet<u8>",
            "SharedSet<i64>",
            json!([1, 200]),
            json!([1, 200]),
        ),
        (
            "SharedSet<String>",
            "Vec<String>",
            json!(["a"]),
            json!(["a"]),
        ),
        (
            "Vec<String>",
            "SharedList<String>",
            json!(["b", "a"]),
            json!(["b", "a"]),
        ),
        (
            "HashMap<u8, i64>",
            "BTreeMap<String, f64>",
            json!({"1": 2}),
            json!({"1": 2.0}),
        ),
        (
            "(u8, char)",
            "(f64, String)",
            json!([1, "x"]),
            json!([1.0, "x"]),
        ),
        (
            "Result<u8, String>",
            "Result<i64, Option<String>>",
            json!({"Err": "no"}),
            json!({"Err": "no"}),
        ),
        (
            "Option<ObjectRef>",
            "Vec<ObjectRef>",
            json!("#7"),
            json!(["#7"]),
        ),
        ("ObjectRef", "Option<ObjectRef>", json!("#7"), json!("#7")),
        ("Box<i64>", "i64", json!(7), json!(7)),
    ] {
        assert_eq!(converted(from, to, before), Some(after), "{from} {to}");
    }
    for (from, to, json) in [
        ("f64", "i64", json!(2.5)),
        ("f64", "i64", json!(-0.0)),
        ("f64", "i64", json!("NaN")),
        ("f64", "i64", json!(1e300)),
        ("i64", "f64", json!(9_007_199_254_740_993_i64)),
        (
            "u128",
            "f64",
            json!("340282366920938463463374607431768211455"),
        ),
        ("f64", "f32", json!(0.1)),
        ("f64", "f32", json!(1e300)),
        ("i64", "u8", json!(256)),
        ("i64", "u64", json!(-1)),
        ("String", "i64", json!("7")),
        ("String", "char", json!("x")),
        ("bool", "i64", json!(true)),
        ("Option<i64>", "i64", json!(null)),
        ("Option<i64>", "[i64; 1]", json!(null)),
        ("Vec<i64>", "i64", json!([7])),
        ("Vec<i64>", "[i64; 2]", json!([7])),
        ("Vec<i64>", "BTreeSet<i64>", json!([1, 1])),
        ("Vec<i64>", "Option<i64>", json!([1])),
        ("Vec<(u8, u8)>", "BTreeMap<u8, u8>", json!([[1, 2]])),
        ("BTreeMap<u8, u8>", "Vec<(u8, u8)>", json!({"1": 2})),
        ("(u8, u8)", "Vec<u8>", json!([1, 2])),
        ("ObjectRef", "String", json!("#7")),
        ("i64", "ObjectRef", json!(7)),
        ("String", "ObjectRef", json!("#7")),
        ("()", "bool", json!(null)),
    ] {
        assert_eq!(converted(from, to, json), None, "{from} {to}");
    }
}

#[test]
fn floats_are_equal_within_a_billionth() {
    let equal = |ty: &str, a: Json, b: Json| {
        let ty = Type::parse(ty).unwrap();
        values_equal(
            &ty,
            &value_from_json(&ty, &a).unwrap(),
            &value_from_json(&ty, &b).unwrap(),
        )
        .unwrap()
    };
    assert!(equal("f64", json!(0.1 + 0.2), json!(0.3)));
    assert!(!equal("f64", json!(1.0), json!(1.000_001)));
    assert!(equal("f64", json!("NaN"), json!("NaN")));
    assert!(equal("f64", json!("inf"), json!("inf")));
    assert!(!equal("f64", json!("inf"), json!("-inf")));
    assert!(!equal("f64", json!("inf"), json!(1.0)));
    assert!(equal(
        "Vec<Option<f64>>",
        json!([0.3, null]),
        json!([0.1 + 0.2, null])
    ));
    assert!(equal(
        "HashMap<String, f64>",
        json!({"a": 1, "b": 2}),
        json!({"b": 2, "a": 1})
    ));
    assert!(!equal(
        "HashMap<String, f64>",
        json!({"a": 1}),
        json!({"b": 1})
    ));
    assert!(!equal(
        "i64",
        json!(1_000_000_000_000_i64),
        json!(1_000_000_000_001_i64)
    ));
}

#[test]
fn defaults_are_values_of_their_type() {
    for (text, _) in super::sandbox::every_type() {
        let ty = Type::parse(text).unwrap();
        assert_eq!(
            value_normalized(&ty, &default_value(&ty)).unwrap(),
            default_value(&ty),
            "{text}"
        );
    }
}

#[test]
fn values_are_told_as_rust_tells_them() {
    let told = |ty: &str, json: Json| {
        let ty = Type::parse(ty).unwrap();
        value_to_rust(&ty, &value_from_json(&ty, &json).unwrap()).unwrap()
    };
    assert_eq!(told("Result<f64, String>", json!({"Ok": 0})), "Ok(0.0)");
    assert_eq!(
        told("Result<(), String>", json!({"Err": "no \"x\""})),
        r#"Err("no \"x\"")"#
    );
    assert_eq!(
        told("Vec<Option<i64>>", json!([1, null])),
        "[Some(1), None]"
    );
    assert_eq!(
        told("BTreeMap<String, (i64,)>", json!({"a": [2]})),
        r#"{"a": (2,)}"#
    );
    assert_eq!(
        told("(char, HashSet<u8>)", json!(["x", [2, 1]])),
        "('x', {1, 2})"
    );
}

#[test]
fn damaged_bytes_are_an_error_and_never_a_panic() {
    let mut seed = 42u64;
    let mut random = move || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let (mut refused, mut rounds) = (0, 0);
    for (text, json) in super::sandbox::every_type() {
        let ty = Type::parse(text).unwrap();
        let whole = value_from_json(&ty, &json).unwrap();
        for cut in 0..whole.len() {
            assert!(
                value_to_json(&ty, &whole[..cut]).is_err(),
                "{text} cut at {cut}"
            );
        }
        for _ in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..=random() % 3 {
                let at = random() % bytes.len();
                bytes[at] = random().to_le_bytes()[0];
            }
            rounds += 1;
            match value_normalized(&ty, &bytes) {
                Ok(normal) => assert_eq!(value_normalized(&ty, &normal).unwrap(), normal),
                Err(_) => refused += 1,
            }
            let _ = split_array(&bytes);
        }
    }
    assert!(refused > rounds / 10, "{refused} of {rounds}");
    // Lengths that no memory could hold.
    let list = Type::parse("Vec<i64>").unwrap();
    assert!(value_to_json(&list, &[0xdd, 0xff, 0xff, 0xff, 0xff]).is_err());
    assert!(value_to_json(&Type::String, &[0xdb, 0xff, 0xff, 0xff, 0xff]).is_err());
    assert!(split_array(&[0x91; 100_000]).is_err());
}

#[test]
fn arguments_are_split_and_joined() {
    let items = vec![
        default_value(&Type::F64),
        default_value(&Type::parse("Vec<String>").unwrap()),
    ];
    assert_eq!(split_array(&join_array(&items)).unwrap(), items);
    assert!(split_array(&[0xc0]).is_err());
    assert!(split_array(&[0x90, 0x90]).is_err());
    let many = join_array(&vec![vec![0xc0]; 1025]);
    let error = split_array(&many).unwrap_err().to_string();
    assert!(error.contains("more than 1024 arguments"), "{error}");
}

/// A byte of a list is a value of many bytes here: bytes alone do not bound the memory.
#[test]
fn more_elements_than_fit_are_refused() {
    let nothings = |length: u32| {
        let mut packed = vec![0xdd];
        packed.extend(length.to_be_bytes());
        packed.resize(packed.len() + length as usize, 0xc0);
        packed
    };
    let most = 4 << 20;
    let list = Type::parse("Vec<()>").unwrap();
    assert!(value_normalized(&list, &nothings(most)).is_ok());
    let error = value_normalized(&list, &nothings(most + 1)).unwrap_err();
    assert!(
        error.to_string().contains("more than 4194304 elements"),
        "{error}"
    );
    // All lists within one value together, the lists that are elements included.
    let nested = Type::parse("Vec<Vec<()>>").unwrap();
    let within = |length| [&[0x91][..], &nothings(length)].concat();
    assert!(value_normalized(&nested, &within(most - 1)).is_ok());
    assert!(value_normalized(&nested, &within(most)).is_err());
}
