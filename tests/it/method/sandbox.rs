//! Methods in the sandbox: values through WebAssembly, every trap, marks, sends.

use std::time::Duration;

use batos::method::{
    Host, Limits, Outcome, Packed, Sandbox, TrapKind, Type, split_array, value_from_json,
    value_to_json,
};
use serde_json::{Value as Json, json};

use super::{Nobody, sandbox, subject, subject_of};

/// One value of each type that values may have, in canonical order.
pub fn every_type() -> Vec<(&'static str, Json)> {
    vec![
        ("()", json!(null)),
        ("bool", json!(true)),
        ("i8", json!(-128)),
        ("i16", json!(-32768)),
        ("i32", json!(-2_147_483_648)),
        ("i64", json!(-9_223_372_036_854_775_808_i64)),
        ("i128", json!("-170141183460469231731687303715884105728")),
        ("isize", json!(2_147_483_647)),
        ("u8", json!(255)),
        ("u16", json!(65535)),
        ("u32", json!(4_294_967_295_u32)),
        ("u64", json!(18_446_744_073_709_551_615_u64)),
        ("u128", json!("340282366920938463463374607431768211455")),
        ("usize", json!(4_294_967_295_u32)),
        ("f32", json!(0.1)),
        ("f64", json!("-inf")),
        ("char", json!("ß")),
        (
            "String",
            json!("a rather long text, longer than thirty-one bytes: äöü"),
        ),
        ("Box<i64>", json!(-33)),
        (
            "Panel",
            json!({"panel": [
                {"role": "title", "text": "Shop"},
                {"gauge": "sold", "value": 3.0, "most": "inf"},
                {"sparkline": "prices", "values": [1.5, "NaN", -2.0]},
                {"table": ["Item", "Price"], "rows": [["tea", "3"], []]},
            ]}),
        ),
        ("Option<f64>", json!(null)),
        ("Option<String>", json!("x")),
        ("Result<i64, String>", json!({"Ok": 128})),
        ("Result<(), (i64, bool)>", json!({"Err": [-129, false]})),
        (
            "Vec<i64>",
            json!([
                1,
                -1,
                127,
                128,
                255,
                256,
                65535,
                65536,
                -32,
                -33,
                -128,
                -129,
                -32769,
                4_294_967_296_i64
            ]),
        ),
        ("VecDeque<f64>", json!([1.5, "NaN", "inf"])),
        ("[u16; 3]", json!([1, 2, 3])),
        ("(i64, String, (char,))", json!([1, "two", ["3"]])),
        (
            "HashMap<String, i64>",
            json!({"a": 1, "b": 2, "long name": 3}),
        ),
        (
            "BTreeMap<i64, Vec<String>>",
            json!({"1": ["x"], "2": [], "-1": ["y"]}),
        ),
        ("HashSet<u8>", json!([1, 2, 200])),
        ("BTreeSet<(i64, char)>", json!([[1, "a"], [1, "b"]])),
        (
            "BTreeMap<bool, Option<Vec<[f64; 2]>>>",
            json!({"false": [[1.0, 2.0]], "true": null}),
        ),
        ("Counter", json!(-5)),
        ("SharedSet<String>", json!(["b", "az"])),
        ("SharedList<Vec<i64>>", json!([[3], [1, 2], [3]])),
        ("ObjectRef", json!("#17")),
        ("Option<ObjectRef>", json!("#18446744073709551615")),
        ("Vec<ObjectRef>", json!(["#1", "#0"])),
        (
            "BTreeMap<ObjectRef, bool>",
            json!({"#2": true, "#300": false}),
        ),
    ]
}

#[test]
fn every_type_goes_through_a_method_and_back() {
    // As a slot and as an argument; all types in one method, to compile once.
    let all = every_type();
    let slots: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(i, (ty, _))| format!("s{i}: {ty}"))
        .collect();
    let echo = |half: &[(&str, Json)], first: usize| {
        let numbered: Vec<(usize, &str)> = half
            .iter()
            .enumerate()
            .map(|(i, (ty, _))| (first + i, *ty))
            .collect();
        let params: String = numbered
            .iter()
            .map(|(i, ty)| format!(", a{i}: {}", Type::parse(ty).unwrap().in_methods()))
            .collect();
        let sets: String = numbered
            .iter()
            .map(|(i, _)| format!("self.s{i} = a{i};\n"))
            .collect();
        let structure = format!("Echo {{ {} }}", slots.join(", "));
        let body = format!("{sets} self.mark_changed();");
        let subject = subject(&structure, &format!("fn echo(&mut self{params})"), &body);
        let args = Json::Array(half.iter().map(|(_, json)| json.clone()).collect());
        let Outcome::Returned {
            slots,
            changed,
            marked,
            ..
        } = subject.call(&json!({}), &args)
        else {
            panic!()
        };
        assert!(changed && marked);
        for (i, json) in (first..).zip(half.iter().map(|(_, json)| json)) {
            let ty = &subject.structure.slots[i].1;
            assert_eq!(&value_to_json(ty, &slots[i].1).unwrap(), json, "{ty}");
        }
    };
    echo(&all, 0);
}

#[test]
fn borrowed_parameters_and_results_work_nested() {
    let subject = subject(
        "Words { words: Vec<String> }",
        "fn pick(&self, a: &str, b: &[i64], c: Vec<&str>, d: &BTreeMap<String, &str>, e: Option<&str>) -> (Vec<&str>, Option<&String>, i64)",
        "let mut all = vec![a]; all.extend(c); all.extend(d.values()); all.extend(e); \
         (all.iter().map(|s| &s[..1]).map(|s| if s == \"x\" { \"X\" } else { \"other\" }).collect(), self.words.first(), b.iter().sum())",
    );
    let args = json!(["x", [1, 2], ["y"], {"k": "x"}, "x"]);
    let Outcome::Returned {
        value,
        slots,
        changed,
        ..
    } = subject.call(&json!({"words": ["w"]}), &args)
    else {
        panic!()
    };
    let json = value_to_json(&subject.signature.returns, &value).unwrap();
    assert_eq!(json, json!([["X", "other", "X", "X"], "w", 3]));
    assert!(slots.is_empty() && !changed);
}

#[test]
fn a_change_is_kept_only_when_it_is_marked() {
    let subject = subject(
        "Account { balance: f64, log: Vec<String> }",
        "fn act(&mut self, what: i64) -> Result<f64, String>",
        r#"match what {
            0 => { self.balance += 1.0; self.mark_changed(); Ok(self.balance) }
            1 => { self.balance += 1.0; Ok(self.balance) }
            2 => { self.balance += 1.0; self.mark_changed(); Err("no".into()) }
            3 => { self.mark_changed(); Ok(0.0) }
            4 => { self.balance = f64::NAN; self.mark_changed(); Ok(0.0) }
            _ => { self.balance += 0.0; Ok(0.0) }
        }"#,
    );
    let act = |what: i64, balance: Json| subject.call(&json!({"balance": balance}), &json!([what]));
    let slots_of = |outcome: Outcome| match outcome {
        Outcome::Returned {
            slots,
            changed,
            marked,
            is_err,
            ..
        } => (
            value_to_json(&Type::F64, &slots[0].1).unwrap(),
            changed,
            marked,
            is_err,
        ),
        trapped @ Outcome::Trapped { .. } => panic!("{trapped:?}"),
    };
    assert_eq!(slots_of(act(0, json!(1))), (json!(2.0), true, true, false));
    let Outcome::Trapped { kind, message } = act(1, json!(1)) else {
        panic!()
    };
    assert_eq!(kind, TrapKind::UnmarkedChange);
    assert_eq!(
        message,
        "the method changed balance without `self.mark_changed()`"
    );
    assert_eq!(slots_of(act(2, json!(1))), (json!(1.0), false, true, true));
    assert_eq!(slots_of(act(3, json!(1))), (json!(1.0), false, true, false));
    assert_eq!(
        slots_of(act(4, json!("NaN"))),
        (json!("NaN"), false, true, false)
    );
    assert_eq!(
        slots_of(act(5, json!("NaN"))),
        (json!("NaN"), false, false, false)
    );
}

#[test]
fn leaving_by_the_question_mark_discards_the_change() {
    let subject = subject(
        "Stack { items: Vec<i64> }",
        "fn pop_two(&mut self) -> Option<i64>",
        "let a = self.items.pop()?; let b = self.items.pop()?; self.mark_changed(); Some(a + b)",
    );
    let Outcome::Returned {
        value,
        slots,
        changed,
        ..
    } = subject.call(&json!({"items": [5]}), &json!([]))
    else {
        panic!()
    };
    assert_eq!((value, changed), (vec![0xc0], false));
    assert_eq!(slots, subject.slots(&json!({"items": [5]})));
}

#[test]
fn leaving_by_the_question_mark_discards_the_change_after_a_mark_too() {
    let body = "
        self.n += 1;
        self.mark_changed();
        let twice = |x: Option<i64>| -> Option<i64> { Some(x? * 2) };
        fn half(x: i64) -> Option<i64> { let half = Some(x / 2).filter(|half| half * 2 == x)?; Some(half) }
        if x == 0 { self.mark_changed(); return None; }
        if x == 1 { let _ = twice(None); self.mark_changed(); return None; }
        if x == 2 { let _ = half(3); self.mark_changed(); return Some(2); }
        let told = format!(\"{}\", self.all.get(x as usize)?);
        self.mark_changed();
        Some(told.len() as i64 + self.all.pop()?.checked_sub(5)?)";
    let subject = subject(
        "Thing { n: i64, all: Vec<i64> }",
        "fn run(&mut self, x: i64) -> Option<i64>",
        body,
    );
    let run = |x: i64, all: serde_json::Value| {
        let slots = json!({"n": 10, "all": all});
        let Outcome::Returned {
            value,
            slots: after,
            marked,
            changed,
            ..
        } = subject.call(&slots, &json!([x]))
        else {
            panic!()
        };
        assert_eq!(marked, changed);
        assert_eq!(changed, after != subject.slots(&slots));
        (value != [0xc0], changed)
    };
    // What the method returns itself is kept, also after a `?` of a closure or a helper.
    assert_eq!(run(0, json!([])), (false, true));
    assert_eq!(run(1, json!([])), (false, true));
    assert_eq!(run(2, json!([])), (true, true));
    // `?` in a macro's argument, in the last expression, and of the value of another one.
    assert_eq!(run(3, json!([])), (false, false));
    assert_eq!(run(3, json!([1, 2, 3, i64::MIN])), (false, false));
    assert_eq!(run(3, json!([1, 2, 3, 4])), (true, true));
}

fn trap_of(body: &str) -> (TrapKind, String) {
    let subject = subject("Thing { n: i64 }", "fn run(&mut self, x: i64) -> i64", body);
    match subject.call(&json!({}), &json!([3])) {
        Outcome::Trapped { kind, message } => (kind, message),
        returned => panic!("{returned:?}"),
    }
}

#[test]
fn panics_are_told_with_message_and_line() {
    let (kind, message) = trap_of("\nlet v: Vec<i64> = vec![1];\nv[x as usize]");
    assert_eq!(kind, TrapKind::Panic);
    assert_eq!(
        message,
        "index out of bounds: the len is 1 but the index is 3 (line 5)"
    );
    let (kind, message) = trap_of("panic!(\"x is {}\", x)");
    assert_eq!(
        (kind, message.as_str()),
        (TrapKind::Panic, "x is 3 (line 3)")
    );
}

#[test]
fn an_overflow_is_an_error() {
    let (kind, message) = trap_of("let mut big = i64::MAX - 2; big += x; big");
    assert_eq!(
        (kind, message.as_str()),
        (TrapKind::Panic, "attempt to add with overflow (line 3)")
    );
}

#[test]
fn an_endless_loop_ends_at_its_fuel() {
    let (kind, _) =
        trap_of("let mut n = x; loop { n = n.wrapping_mul(3); if n == 0 { return n; } }");
    assert_eq!(kind, TrapKind::Fuel);
}

#[test]
fn an_endless_loop_with_endless_fuel_ends_at_its_deadline() {
    let limits = Limits {
        fuel: u64::MAX >> 1,
        memory_bytes: 16 << 20,
        deadline: Duration::from_millis(50),
    };
    let sandbox = Sandbox::new(limits).unwrap();
    let body = "let mut n = x; loop { n = n.wrapping_mul(3); if n == 0 { return n; } }";
    let mut subject = subject("Thing { n: i64 }", "fn run(&mut self, x: i64) -> i64", body);
    let source =
        format!("impl Thing {{\n    pub fn run(&mut self, x: i64) -> i64 {{\n{body}\n    }}\n}}\n");
    let wasm = super::try_compile(
        "Thing { n: i64 }",
        "fn run(&mut self, x: i64) -> i64",
        &source,
    )
    .unwrap()
    .wasm;
    subject.module = sandbox.load(&wasm).unwrap();
    let outcome = subject.call_with(&sandbox, &json!({}), &json!([3]), &mut Nobody);
    assert!(
        matches!(
            outcome,
            Outcome::Trapped {
                kind: TrapKind::Deadline,
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[test]
fn endless_allocation_ends_at_the_memory_limit() {
    let (kind, message) = trap_of(
        "let mut all = Vec::new(); loop { all.push(vec![x; 100_000]); if all.len() > 1 << 30 { return 0; } }",
    );
    assert_eq!(kind, TrapKind::Memory);
    assert_eq!(
        message,
        "the method needs more than 16777216 bytes of memory"
    );
}

#[test]
fn endless_recursion_ends_at_the_stack() {
    let (kind, _) = trap_of(
        "fn deep(n: i64) -> i64 { let a = [n; 64]; if n == 0 { 0 } else { deep(n + 1) + a[(n & 63) as usize] } } deep(x)",
    );
    assert_eq!(kind, TrapKind::Memory);
}

#[test]
fn a_method_sees_only_its_own_slots_and_wrong_values_are_refused() {
    let subject = subject(
        "Thing { n: i64 }",
        "fn get(&self, d: i64) -> i64",
        "self.n + d",
    );
    let text = value_from_json(&Type::String, &json!("x")).unwrap();
    let one = value_from_json(&Type::I64, &json!(1)).unwrap();
    let call = |slots: &[(String, Packed)], args: &[Packed]| {
        let (signature, structure) = (&subject.signature, &subject.structure);
        let call = batos::method::Call {
            signature,
            structure,
            slots,
            args,
            now_ms: 0,
            seed: 0,
        };
        sandbox().call(&subject.module, &call, &mut Nobody)
    };
    let extra = [
        ("other".to_owned(), text.clone()),
        ("n".to_owned(), one.clone()),
    ];
    assert!(
        matches!(call(&extra, std::slice::from_ref(&one)), Outcome::Returned { ref value, .. } if *value == [2])
    );
    for (slots, args) in [
        (vec![("n".to_owned(), text.clone())], vec![one.clone()]),
        (vec![], vec![text]),
        (vec![], vec![]),
    ] {
        let outcome = call(&slots, &args);
        assert!(
            matches!(
                outcome,
                Outcome::Trapped {
                    kind: TrapKind::WrongType,
                    ..
                }
            ),
            "{outcome:?}"
        );
    }
}

/// A host with one counter that keeps what it was asked.
#[derive(Default)]
struct Counter {
    sends: Vec<(String, String, usize)>,
    lines: Vec<String>,
}

impl Host for Counter {
    fn send(&mut self, object: &str, selector: &str, args: Packed) -> Result<Packed, String> {
        let args = split_array(&args).map_err(|error| error.to_string())?;
        self.sends
            .push((object.into(), selector.into(), args.len()));
        let result = Type::parse("Result<i64, String>").unwrap();
        match selector {
            "plain" => Ok(args[0].clone()),
            "fine" => Ok(value_from_json(&result, &json!({"Ok": 40})).unwrap()),
            "refuse" => Ok(value_from_json(&result, &json!({"Err": "not today"})).unwrap()),
            _ => Err(format!("{object} does not understand {selector}")),
        }
    }

    fn log(&mut self, text: &str) {
        self.lines.push(text.into());
    }
}

#[test]
fn a_method_sends_logs_and_knows_time_and_chance() {
    let source = r#"use std::collections::BTreeMap;
impl Asker {
    pub fn ask(&self) -> Result<Vec<String>, String> {
        let mut unused: BTreeMap<i64, i64> = BTreeMap::new();
        unused.insert(1, 1);
        let mut all = Vec::new();
        let plain: i64 = send("Other", "plain", (2, "x", vec![1.5]))?;
        let fine: i64 = send("Other", "fine", ())?;
        let whole: Result<i64, String> = send("Other", "fine", [1, 2])?;
        all.push(format!("{} {} {:?}", plain, fine, whole));
        all.push(send::<i64>("Other", "refuse", ()).unwrap_err());
        all.push(send::<i64>("Other", "dance", ()).unwrap_err());
        all.push(send::<String>("Other", "plain", (1,)).unwrap_err());
        log(format!("it is {}", now()));
        let chance = random();
        assert!(chance >= 0.0 && chance < 1.0);
        all.push(format!("{}", random_u64()));
        let set: HashSet<i64> = (0..20).collect();
        all.push(format!("{:?}", set));
        Ok(all)
    }
}
"#;
    let subject = subject_of(
        "Asker {}",
        "fn ask(&self) -> Result<Vec<String>, String>",
        source,
    );
    let run = || {
        let mut host = Counter::default();
        let outcome = subject.call_with(sandbox(), &json!({}), &json!([]), &mut host);
        let Outcome::Returned { value, .. } = outcome else {
            panic!("{outcome:?}")
        };
        (
            value_to_json(&subject.signature.returns, &value).unwrap(),
            host,
        )
    };
    let (first, host) = run();
    assert_eq!(first["Ok"][0], "2 40 Ok(40)");
    assert_eq!(first["Ok"][1], "not today");
    assert_eq!(first["Ok"][2], "Other does not understand dance");
    assert!(
        first["Ok"][3]
            .as_str()
            .unwrap()
            .starts_with("the reply is of another type"),
        "{first}"
    );
    assert_eq!(host.lines, ["it is 1234"]);
    assert_eq!(host.sends[0], ("Other".into(), "plain".into(), 3));
    assert_eq!(host.sends[2], ("Other".into(), "fine".into(), 2));
    // Time, chance and hash order are the transaction's: the same again.
    assert_eq!(run().0, first);
}

#[test]
fn a_reference_is_kept_compared_and_sent_to() {
    let source = "impl Porter {
    pub fn admit(&mut self, gate: ObjectRef, guest: String) -> Result<(bool, String, i64), String> {
        let count = gate.send::<i64>(\"plain\", (7, guest))?;
        let known = self.gates.contains(&gate) || self.last == Some(gate);
        self.gates.push(gate);
        self.visits += count;
        self.mark_changed();
        Ok((known, format!(\"{gate} {gate:?}\"), self.visits))
    }
}
";
    let subject = subject_of(
        "Porter { gates: SharedList<ObjectRef>, last: Option<ObjectRef>, visits: Counter }",
        "fn admit(&mut self, gate: ObjectRef, guest: String) -> Result<(bool, String, i64), String>",
        source,
    );
    let mut host = Counter::default();
    let slots = json!({"gates": ["#2"], "last": null, "visits": 3});
    let args = json!(["#5", "Ann"]);
    let outcome = subject.call_with(sandbox(), &slots, &args, &mut host);
    let Outcome::Returned { value, slots, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        value_to_json(&subject.signature.returns, &value).unwrap(),
        json!({"Ok": [false, "#5 #5", 10]})
    );
    assert_eq!(host.sends, [("#5".to_owned(), "plain".to_owned(), 2)]);
    let (_, gates) = &subject.structure.slots[0];
    assert_eq!(
        value_to_json(gates, &slots[0].1).unwrap(),
        json!(["#2", "#5"])
    );
}

/// Takes its time over the first lines.
#[derive(Default)]
struct Slow {
    lines: usize,
}

impl Host for Slow {
    fn send(&mut self, _: &str, _: &str, _: Packed) -> Result<Packed, String> {
        Err("busy".into())
    }

    fn log(&mut self, _: &str) {
        self.lines += 1;
        if self.lines <= 40 {
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

#[test]
fn a_flood_of_lines_waits_for_the_host_and_ends_at_the_deadline() {
    let (structure, signature) = ("Thing {}", "fn flood(&self)");
    let body = "for n in 0..1_000_000 { log(format!(\"{}\", n)); }";
    let source = format!("impl Thing {{ pub {signature} {{ {body} }} }}");
    let wasm = super::try_compile(structure, signature, &source)
        .unwrap()
        .wasm;
    let limits = Limits {
        fuel: 1 << 40,
        memory_bytes: 16 << 20,
        deadline: Duration::from_millis(100),
    };
    let sandbox = Sandbox::new(limits).unwrap();
    let mut subject = subject(structure, signature, body);
    subject.module = sandbox.load(&wasm).unwrap();
    let mut host = Slow::default();
    let outcome = subject.call_with(&sandbox, &json!({}), &json!([]), &mut host);
    assert!(
        matches!(
            outcome,
            Outcome::Trapped {
                kind: TrapKind::Deadline,
                ..
            }
        ),
        "{outcome:?}"
    );
    // Without the host's pace it would have asked for most of them by then, all waiting in memory.
    assert!(host.lines < 1000, "{} lines", host.lines);
}

/// A minimal module: one memory, `call(i32)`, with this body and one import of a type of its own.
fn hand_made(import: &str, memory_pages: u8, body: &[u8]) -> Vec<u8> {
    let section = |id: u8, content: Vec<u8>| {
        let mut bytes = vec![id, u8::try_from(content.len()).unwrap()];
        bytes.extend(content);
        bytes
    };
    let name = |text: &str| {
        let mut bytes = vec![u8::try_from(text.len()).unwrap()];
        bytes.extend(text.as_bytes());
        bytes
    };
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    // Types: (i32)->(), (i32,i32)->()
    wasm.extend(section(
        1,
        vec![2, 0x60, 1, 0x7f, 0, 0x60, 2, 0x7f, 0x7f, 0],
    ));
    wasm.extend(section(
        2,
        [vec![1], name("batos"), name(import), vec![0, 1]].concat(),
    ));
    wasm.extend(section(3, vec![1, 0]));
    wasm.extend(section(5, vec![1, 0, memory_pages]));
    wasm.extend(section(
        7,
        [
            vec![2],
            name("memory"),
            vec![2, 0],
            name("call"),
            vec![0, 1],
        ]
        .concat(),
    ));
    let code = [vec![0], body.to_vec(), vec![0x0b]].concat();
    let code = [vec![1, u8::try_from(code.len()).unwrap()], code].concat();
    wasm.extend(section(10, code));
    wasm
}

#[test]
fn hostile_webassembly_is_an_error() {
    for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0", b"not wasm at all"] {
        assert!(sandbox().load(bytes).is_err());
    }
    let refused = sandbox()
        .load(&hand_made("open", 1, &[]))
        .unwrap_err()
        .to_string();
    assert!(refused.contains("open"), "{refused}");
    let mut subject = subject(
        "Thing { n: i64 }",
        "fn get(&mut self) -> i64",
        "self.mark_changed(); self.n",
    );
    let minus_one = [0x41, 0x7f];
    // output(-1, -1), output(0, -1), output(0, 0) twice, nothing, unreachable; then a memory of 8 MiB that never ends.
    for (pages, body) in [
        (1, [&minus_one[..], &minus_one, &[0x10, 0]].concat()),
        (1, [&[0x41, 0][..], &minus_one, &[0x10, 0]].concat()),
        (
            1,
            vec![0x41, 0, 0x41, 0, 0x10, 0, 0x41, 0, 0x41, 0, 0x10, 0],
        ),
        (1, vec![]),
        (1, vec![0x00]),
        (1, vec![0x41, 0, 0x41, 8, 0x10, 0]),
        (1, vec![0x03, 0x40, 0x0c, 0, 0x0b]),
    ] {
        subject.module = sandbox().load(&hand_made("output", pages, &body)).unwrap();
        let outcome = subject.call(&json!({}), &json!([]));
        assert!(
            matches!(outcome, Outcome::Trapped { .. }),
            "{body:?} {outcome:?}"
        );
    }
    // A memory over the limit from the start.
    subject.module = sandbox().load(&hand_made("output", 0x7f, &[])).unwrap();
    let small = Limits {
        fuel: 1000,
        memory_bytes: 1 << 16,
        deadline: Duration::from_secs(5),
    };
    let small = Sandbox::new(small).unwrap();
    subject.module = small.load(&hand_made("output", 0x7f, &[])).unwrap();
    let outcome = subject.call_with(&small, &json!({}), &json!([]), &mut Nobody);
    assert!(
        matches!(
            outcome,
            Outcome::Trapped {
                kind: TrapKind::Memory,
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[test]
fn code_that_would_take_long_to_compile_is_refused_unread() {
    let module = |code: usize| {
        let mut wasm = b"\0asm\x01\0\0\0\x0a".to_vec();
        let mut length = code;
        while length > 0x7f {
            wasm.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        wasm.push(length as u8);
        wasm.resize(wasm.len() + code, 0);
        wasm
    };
    let error = |wasm: &[u8]| sandbox().load(wasm).unwrap_err().to_string();
    assert_eq!(
        error(&module((512 << 10) + 1)),
        "the compiled method is too large: 524289 bytes of code, where at most 524288 may be; \
         write less of it, or for fewer types"
    );
    let most = module(512 << 10);
    assert!(!error(&most).contains("too large"), "{}", error(&most));
    assert!(error(&most[..most.len() - 1]).contains("no WebAssembly"));
    assert!(error(b"\0asm\x01\0\0\0\x0a\xff").contains("no WebAssembly"));
}
