"""Judges installed methods outside the program: each is compiled natively with the machine's rustc and run
against the checks of its mission document.

    judge_missions.py FOLDER RESULTS.json

FOLDER holds the mission documents, RESULTS.json is what `batos bench missions FOLDER --json` printed.
Exits 1 when a mission that ended COMPLETE is wrong by its own checks. Knows the types of std scalars, String,
Vec, Option, Result, tuples and maps with text keys.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile


def split(text):
    """The top-level comma-separated parts of generic arguments."""
    parts, depth, part = [], 0, ""
    for letter in text:
        depth += letter in "<(" and 1 or letter in ">)" and -1 or 0
        if letter == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    return parts + [part.strip()] if part.strip() else parts


def literal(kind, value):
    """A JSON value as a Rust expression of that type."""
    generic = re.fullmatch(r"(\w+)<(.*)>", kind)
    if kind == "()":
        return "()"
    if kind == "String":
        return json.dumps(value, ensure_ascii=False) + ".to_string()"
    if kind in ("f64", "f32"):
        return f"({float(value)!r} as {kind})"
    if kind == "bool":
        return "true" if value else "false"
    if kind == "char":
        return "'" + value + "'"
    if re.fullmatch(r"[iu](8|16|32|64|128|size)", kind):
        return f"({value} as {kind})"
    if kind.startswith("("):
        parts = split(kind[1:-1])
        return "(" + ", ".join(literal(k, v) for k, v in zip(parts, value)) + ",)"
    name, inner = generic.group(1), split(generic.group(2))
    if name == "Option":
        return "None" if value is None else f"Some({literal(inner[0], value)})"
    if name == "Result":
        if "Ok" in value:
            return f"Ok({literal(inner[0], value['Ok'])})"
        return f"Err({literal(inner[1], value['Err'])})"
    if name == "Vec":
        return "vec![" + ", ".join(literal(inner[0], item) for item in value) + "]"
    if name in ("BTreeMap", "HashMap"):
        pairs = ", ".join(f"({literal(inner[0], k)}, {literal(inner[1], v)})" for k, v in value.items())
        return f"{name}::from([{pairs}])"
    raise ValueError(f"no literal for {kind}")


def program(mission, source):
    """A program that fails when a check does."""
    name, signature = mission["object"], mission["signature"]
    slots = mission.get("slots", {})
    inside = re.search(r"\((.*)\)\s*(?:->\s*(.+))?$", signature)
    params = [p.split(":", 1)[1].strip() for p in split(inside.group(1))[1:]]
    returns = inside.group(2) or "()"
    fields = "\n".join(f"    pub {slot}: {s['type']}," for slot, s in slots.items())
    lines = [
        "#![allow(warnings)]",
        "use std::collections::*;",
        f"#[derive(Clone, Debug, PartialEq)]\npub struct {name} {{\n{fields}\n}}",
        f"impl {name} {{ pub fn mark_changed(&mut self) {{}} }}",
        source,
        "fn close(a: &str, b: &str) { assert_eq!(a, b); }",
        "fn main() {",
    ]
    for number, check in enumerate(mission["checks"], 1):
        state = {**{k: s["value"] for k, s in slots.items()}, **check.get("slots", {})}
        fields = ", ".join(f"{k}: {literal(slots[k]['type'], v)}" for k, v in state.items())
        args = ", ".join(literal(k, v) for k, v in zip(params, check["args"]))
        lines.append(f"    {{ let mut it = {name} {{ {fields} }}; let before = it.clone();")
        lines.append(f"      let got: {returns} = it.{mission['selector']}({args});")
        if check.get("error"):
            lines.append(f'      assert!(got.is_err(), "check {number}");')
        elif "returns" in check:
            expected = literal(returns, check["returns"])
            if "f64" in returns:
                lines.append(f"      let want: {returns} = {expected};")
                lines.append(f'      close(&format!("{{got:.6?}}"), &format!("{{want:.6?}}"));')
            else:
                lines.append(f'      assert_eq!(got, {expected}, "check {number}");')
        for slot, value in check.get("after", {}).items():
            lines.append(f'      assert_eq!(it.{slot}, {literal(slots[slot]["type"], value)}, "check {number}");')
        lines.append("    }")
    return "\n".join(lines + ["}"])


def main():
    folder, results = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2]))
    wrong = 0
    judged = 0
    for result in results:
        if result["state"] != "COMPLETE":
            continue
        mission = json.load(open(folder / (result["name"] + ".json")))
        with tempfile.TemporaryDirectory() as place:
            file, binary = pathlib.Path(place, "it.rs"), pathlib.Path(place, "it")
            file.write_text(program(mission, result["source"]))
            built = subprocess.run(
                ["rustc", "--edition", "2021", "-o", binary, file], capture_output=True, text=True
            )
            ran = built.returncode == 0 and subprocess.run([binary], capture_output=True, text=True)
        judged += 1
        if not ran or ran.returncode != 0:
            wrong += 1
            print(f"{result['name']}: WRONG\n{built.stderr if not ran else ran.stderr}")
    print(f"judged natively: {judged - wrong} of {judged} right")
    sys.exit(1 if wrong else 0)


main()
