"""Judges installed methods outside the program: each is compiled natively with the machine's rustc and run
against the hidden checks that lie beside its mission document (NAME.checks.json), else against the document's own.

    judge_missions.py FOLDER RESULTS.json

FOLDER holds the mission documents, RESULTS.json is what `batos bench missions FOLDER --json` printed.
Exits 1 when a mission that ended COMPLETE is wrong by its document's own checks; by hidden ones a method may well be
wrong, that is what is counted. Knows the types of std scalars, text, Vec, slices, Option, Result, tuples, maps and
sets.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile


def split(text):
    """The top-level comma-separated parts of parameters or generic arguments."""
    parts, depth, part = [], 0, ""
    for letter in text:
        depth += letter in "<([" and 1 or letter in ">)]" and -1 or 0
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
    if kind == "&str":
        return json.dumps(value, ensure_ascii=False)
    if kind == "String":
        return json.dumps(value, ensure_ascii=False) + ".to_string()"
    if kind in ("f64", "f32"):
        return f"({float(value)!r} as {kind})"
    if kind == "bool":
        return "true" if value else "false"
    if kind == "char":
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if re.fullmatch(r"[iu](8|16|32|64|128|size)", kind):
        return f"({value}{kind})"
    if kind.startswith("&["):
        return "&[" + ", ".join(literal(kind[2:-1], item) for item in value) + "][..]"
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
    if name in ("BTreeSet", "HashSet"):
        return f"{name}::from([" + ", ".join(literal(inner[0], item) for item in value) + "])"
    if name in ("BTreeMap", "HashMap"):
        texts = inner[0] in ("String", "&str", "char")
        keys = {k: k if texts else json.loads(k) for k in value}
        pairs = ", ".join(f"({literal(inner[0], keys[k])}, {literal(inner[1], v)})" for k, v in value.items())
        return f"{name}::from([{pairs}])"
    raise ValueError(f"no literal for {kind}")


def parameters(signature):
    """The types of the parameters after the receiver, and of the result."""
    depth, begin = 0, signature.index("(")
    for end in range(begin, len(signature)):
        depth += (signature[end] == "(") - (signature[end] == ")")
        if depth == 0:
            break
    params = [p.split(":", 1)[1].strip() for p in split(signature[begin + 1 : end])[1:]]
    return params, signature[end + 1 :].replace("->", "").strip() or "()"


def program(mission, checks, source):
    """A program that fails when a check does."""
    name = mission["object"]
    slots = mission.get("slots", {})
    params, returns = parameters(mission["signature"])
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
    for number, check in enumerate(checks, 1):
        state = {**{k: s["value"] for k, s in slots.items()}, **check.get("slots", {})}
        fields = ", ".join(f"{k}: {literal(slots[k]['type'], v)}" for k, v in state.items())
        args = ", ".join(literal(k, v) for k, v in zip(params, check["args"]))
        lines.append(f"    {{ let mut it = {name} {{ {fields} }};")
        lines.append(f"      let got: {returns} = it.{mission['selector']}({args});")
        if check.get("error"):
            lines.append(f'      assert!(got.is_err(), "check {number}");')
        elif "returns" in check:
            lines.append(f"      let want: {returns} = {literal(returns, check['returns'])};")
            if "f64" in returns:
                lines.append(f'      close(&format!("{{got:.6?}}"), &format!("{{want:.6?}}"));')
            else:
                lines.append(f'      assert_eq!(got, want, "check {number}");')
        # An `Err` gives the slots back, which only the sandbox does.
        for slot, value in ({} if check.get("error") else check.get("after", {})).items():
            kind = slots[slot]["type"]
            lines.append(f"      let want: {kind} = {literal(kind, value)};")
            if "f64" in kind:
                lines.append(f'      close(&format!("{{:.6?}}", it.{slot}), &format!("{{want:.6?}}"));')
            else:
                lines.append(f'      assert_eq!(it.{slot}, want, "check {number}");')
        lines.append("    }")
    return "\n".join(lines + ["}"])


def judge(source):
    """What is wrong with a program, or None."""
    with tempfile.TemporaryDirectory() as place:
        file, binary = pathlib.Path(place, "it.rs"), pathlib.Path(place, "it")
        file.write_text(source)
        built = subprocess.run(
            ["rustc", "--edition", "2021", "-o", binary, file], capture_output=True, text=True
        )
        if built.returncode != 0:
            return built.stderr
        try:
            ran = subprocess.run([binary], capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            return "it does not end\n"
        return ran.stderr if ran.returncode != 0 else None


def main():
    folder, results = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2]))
    wrong = 0
    judged = 0
    bad = False
    for result in results:
        if result["state"] != "COMPLETE":
            continue
        mission = json.load(open(folder / (result["name"] + ".json")))
        hidden = folder / (result["name"] + ".checks.json")
        checks = json.load(open(hidden)) if hidden.exists() else mission["checks"]
        complaint = judge(program(mission, checks, result["source"]))
        judged += 1
        if complaint is not None:
            wrong += 1
            bad = bad or not hidden.exists()
            print(f"{result['name']}: WRONG\n{complaint}")
    print(f"judged natively: {judged - wrong} of {judged} right")
    sys.exit(1 if bad else 0)


main()
