#!/usr/bin/env python3
"""Whole sessions of people on an empty system: what they type, and sends that show whether it was done.

    benches/sessions.py FILE.json [--only 0,2,4] [--profile small] [--log LOG]

$BATOS names the binary; default target/release/batos. Each session has a home of its own. FILE is a list of
{"name", "steps"}; a step is one of

    {"say": TEXT}                                            a mission in plain words, waited for
    {"check": {"object", "selector" | "selectors", "args", "returns" | "error": true}}
    {"intent": NAME} · {"answer_contains": [TEXT]}           of what was said last
    {"gone": {"object", "selector"}}                         a method that is no longer there

`selectors` are names that would do; the first that the object has is sent. `returns` may be {"one_of": [VALUE]}; a
value and {"Ok": value} are the same here, since words seldom say which. Checks run in order and change the state.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


class System:
    """A system of its own in a home of its own."""

    def __init__(self, binary, profile, home):
        self.command = [binary, "--home", home, "--profile", profile]
        subprocess.run([*self.command, "--set", "missions.genesis=off", "up"], check=True, stdout=subprocess.DEVNULL)

    def run(self, *args):
        done = subprocess.run([*self.command, *args, "--json"], capture_output=True, text=True)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"error": done.stderr.strip()}

    def methods(self, name):
        return [method["selector"] for method in self.run("object", "show", name).get("methods", [])]

    def down(self):
        subprocess.run([*self.command, "down"], stdout=subprocess.DEVNULL)


def alike(got, wanted):
    """Whether a value is what was wanted, numbers within 1e-6."""
    if isinstance(wanted, dict) and "one_of" in wanted:
        return any(alike(got, one) for one in wanted["one_of"])
    for left, right in ((got, wanted), (wanted, got)):
        if isinstance(left, dict) and set(left) == {"Ok"} and not (isinstance(right, dict) and "Ok" in right):
            return alike(left["Ok"], right)
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(got, (int, float)) and isinstance(wanted, (int, float)):
        return abs(got - wanted) <= 1e-6 * max(1, abs(got), abs(wanted))
    if isinstance(got, list) and isinstance(wanted, list):
        return len(got) == len(wanted) and all(map(alike, got, wanted))
    if isinstance(got, dict) and isinstance(wanted, dict):
        return got.keys() == wanted.keys() and all(alike(got[key], wanted[key]) for key in got)
    return got == wanted


def send(system, check):
    names = check.get("selectors") or [check["selector"]]
    known = system.methods(check["object"])
    name = next((name for name in names if name in known), names[0])
    got = system.run("send", check["object"], name, json.dumps(check.get("args", [])))
    if "mission" in got:
        # What is not there would be written by itself; that is not what is measured.
        system.run("mission", "cancel", str(got["mission"]))
    value = got.get("returns")
    if check.get("error"):
        return "error" in got or isinstance(value, dict) and "Err" in value, got
    return "returns" in got and alike(value, check["returns"]), got


def judged(system, step, last):
    """Whether the step holds, and what was there instead."""
    if "check" in step:
        return send(system, step["check"])
    if "intent" in step:
        return last.get("intent") == step["intent"], last.get("intent")
    if "answer_contains" in step:
        answer = str(last.get("answer") or "").lower()
        return any(text.lower() in answer for text in step["answer_contains"]), answer
    gone = step["gone"]
    return gone["selector"] not in system.methods(gone["object"]), None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--only", default="", help="numbers of sessions, from 0")
    parser.add_argument("--profile", default="small")
    parser.add_argument("--log", type=argparse.FileType("w"), default=sys.stderr)
    options = parser.parse_args()
    binary = os.environ.get("BATOS", str(ROOT / "target/release/batos"))
    sessions = json.loads(options.file.read_text())
    only = [int(number) for number in options.only.split(",") if number] or range(len(sessions))

    def tell(text):
        print(text, file=options.log, flush=True)

    print("| session | held | of | tokens written | seconds |\n|---|---|---|---|---|")
    totals = [0, 0]
    for number in only:
        session, last = sessions[number], {}
        held = steps = tokens = seconds = 0
        tell(f"## {number} {session['name']}")
        with tempfile.TemporaryDirectory() as home:
            system = System(binary, options.profile, home)
            try:
                for step in session["steps"]:
                    if "say" in step:
                        last = system.run("mission", step["say"], "--wait")
                        tokens += last.get("tokens", {}).get("generated", 0)
                        seconds += last.get("seconds", 0)
                        told = last.get("signature") or last.get("answer") or last.get("error")
                        tell(f"  > {step['say']}\n    {last.get('intent')} {last.get('state')} {told}")
                        continue
                    good, got = judged(system, step, last)
                    held, steps = held + good, steps + 1
                    tell(f"    {'holds' if good else 'FAILS'} {json.dumps(step)}{'' if good else f'  got {got}'}")
            finally:
                system.down()
        totals = [totals[0] + held, totals[1] + steps]
        print(f"| {session['name']} | {held} | {steps} | {tokens} | {seconds:.0f} |", flush=True)
    print(f"\n{totals[0]} of {totals[1]} steps hold")


if __name__ == "__main__":
    main()
