#!/usr/bin/env bash
# Sets `batos bench image` against ZODB's FileStorage: the same objects on the same disk, every measure in turns, and
# the ratio of the medians.
#
#   benches/image.sh [FOLDER=.] [OBJECTS=1000000] [ROUNDS=3] [SECONDS=3]
#
# Both images are made in FOLDER, once, and removed at the end; what each measure gave stays in FOLDER/image-bench-*.json.
# FOLDER must be on a disk (not tmpfs) with some GB to spare. The peer is installed by pip into the cache folder, once. $BATOS names
# the binary; default target/release/batos. Run it on a quiet machine.
set -euo pipefail

folder=$(realpath "${1:-.}")
objects=${2:-1000000}
rounds=${3:-3}
seconds=${4:-3}
here=$(cd "$(dirname "$0")/.." && pwd)
batos=${BATOS:-$here/target/release/batos}
peer_version=6.4
measures="commits reads history open pack"

venv=${XDG_CACHE_HOME:-$HOME/.cache}/batos/bench-zodb-$peer_version
if [ ! -e "$venv/ready" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "ZODB==$peer_version"
    touch "$venv/ready"
fi

work=$(mktemp -d "$folder/image-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT

ours() { "$batos" bench image --image "$work/batos" --objects "$objects" --seconds "$seconds" --measure "$1" --json; }
theirs() { "$venv/bin/python" "$here/benches/zodb_image.py" --image "$work/zodb" --objects "$objects" --seconds "$seconds" --measure "$1"; }

# Both count their own calls, and the disk its flushes; the kernel's word on it, where it can be had.
count_syncs() {
    command -v strace >/dev/null || return 0
    local name=$1
    shift
    if ! strace -f -qq -c -e trace=fsync,fdatasync -o "$work/strace" "$@" >"$work/counted.json" 2>"$work/strace.err"; then
        printf '%s under strace: not counted: %s\n' "$name" "$(tail -1 "$work/strace.err")"
        return 0
    fi
    printf '%s under strace, one writer and 32: %s commits, ' "$name" \
        "$(python3 -c 'import json, sys; print(sum(c["commits"] for c in json.load(open(sys.argv[1]))["commits"]))' "$work/counted.json")"
    awk '$NF ~ /sync$/ { printf "%s %s ", $4, $NF } END { print "" }' "$work/strace"
}
count_syncs batos "$batos" bench image --image "$work/counted-batos" --objects 1000 --seconds 1 --measure commits --json
count_syncs zodb "$venv/bin/python" "$here/benches/zodb_image.py" --image "$work/counted-zodb" --objects 1000 --seconds 1 --measure commits

results=$folder/image-bench-$(date +%Y%m%d-%H%M%S).json
echo "making $objects objects for each" >&2
ours fill >"$work/filled-batos"
theirs fill >"$work/filled-zodb"
for round in $(seq "$rounds"); do
    for measure in $measures; do
        echo "round $round: $measure" >&2
        # By turns who begins.
        if [ $((round % 2)) = 1 ]; then
            ours "$measure" >"$work/$round-$measure-batos"
            theirs "$measure" >"$work/$round-$measure-zodb"
        else
            theirs "$measure" >"$work/$round-$measure-zodb"
            ours "$measure" >"$work/$round-$measure-batos"
        fi
    done
done
python3 - "$work" "$results" "$rounds" "$measures" <<'PYTHON'
import json, os, statistics, sys

work, results, rounds, measures = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4].split()
load = lambda name: json.load(open(os.path.join(work, name)))
runs = {side: {m: [load(f"{r}-{m}-{side}") for r in range(1, rounds + 1)] for m in measures} for side in ("batos", "zodb")}
filled = {side: load(f"filled-{side}") for side in runs}
json.dump({"filled": filled, "runs": runs}, open(results, "w"), indent=1)

def value(report, path):
    for part in path.split("."):
        report = report[int(part) if part.isdigit() else part] if report is not None else None
    return report

def row(name, measure, ours, theirs, unit, less_is_better=False):
    a = [value(r, ours) for r in runs["batos"][measure]]
    b = [value(r, theirs) for r in runs["zodb"][measure]]
    spread = lambda v: f"{show(statistics.median(v), unit)} ({show(min(v), unit)} to {show(max(v), unit)})"
    if None in a or None in b:
        return
    ratio = statistics.median(a) / statistics.median(b)
    print(f"| {name} | {spread(a)} | {spread(b)} | {1 / ratio if less_is_better else ratio:.1f} |")

def show(v, unit):
    if unit == "/s":
        return f"{v:,.0f}/s"
    if unit == "s":
        return f"{v:.3f} s"
    return f"{v:.1f} µs" if unit == "µs" else f"{v / 2**20:,.1f} MiB"

print("\n| measure | batos | ZODB | times better |\n|---|---|---|---|")
rate = lambda s: value(filled[s], "filled.objects_per_second")
print(f"| objects made, 1,000 in a transaction | {rate('batos'):,.0f}/s | {rate('zodb'):,.0f}/s | {rate('batos') / rate('zodb'):.1f} |")
size = lambda s: f"{filled[s]['bytes']['all'] / 2**20:,.1f} MiB"
print(f"| on the disk then | {size('batos')} | {size('zodb')} | {filled['zodb']['bytes']['all'] / filled['batos']['bytes']['all']:.1f} |")

def rate_rows(name, measure, path, other=None):
    row(name, measure, f"{path}.per_second", f"{other or path}.per_second", "/s")
    row("— processor time each", measure, f"{path}.cpu_us", f"{other or path}.cpu_us", "µs", True)

rate_rows("durable commits, 1 writer", "commits", "commits.0")
rate_rows("durable commits, 32 writers", "commits", "commits.1")
rate_rows("reads by name", "reads", "reads.by_name")
rate_rows("reads by number", "reads", "reads.by_oid")
rate_rows("reads by name, a snapshot each", "reads", "reads.by_name_each_snapshot")
rate_rows("reads by name of 20,000 objects, kept as live objects by ZODB", "reads", "reads.few_by_name")
rate_rows("first reads by name, from the disk", "reads", "cold_reads.by_name")
rate_rows("first reads by number, from the disk", "reads", "cold_reads.by_oid")
rate_rows("objects as they were", "history", "history.past_states")
rate_rows("what changed an object (20 transactions)", "history", "history.histories")
for key, name in (("clean", "a stop"), ("clean_cold", "a stop, from the disk"), ("killed", "a kill"), ("killed_cold", "a kill, from the disk")):
    row(f"open after {name}", "open", f"open.{key}.seconds", f"open.{key}.seconds", "s", True)
row("open without ZODB's index (ours: after a kill)", "open", "open.killed.seconds", "open.without_index.seconds", "s", True)
row("memory after opening", "open", "open.clean.resident_bytes", "open.clean.resident_bytes", "MiB", True)
row("memory after opening a killed one", "open", "open.killed.resident_bytes", "open.killed.resident_bytes", "MiB", True)
row("pack", "pack", "pack.seconds", "pack.seconds", "s", True)
row("on the disk before it", "pack", "pack.before.all", "pack.before.all", "MiB", True)
row("on the disk after it", "pack", "pack.after.all", "pack.after.all", "MiB", True)
side = runs["batos"]["commits"][-1]
disk = side["disk"]
print(f"\n{disk['kind']} on {disk['device']} (cache: {disk['device_cache']}); {disk['probes']} synced writes flushed it {disk['flushes']} times")
for name in runs:
    for commits in (c for r in runs[name]["commits"] for c in r["commits"]):
        print(f"{name}: {commits['writers']} writers, {commits['commits']} commits, {commits['syncs']} syncs, {commits['flushes']} flushes of the disk")
print(f"\n{filled['zodb']['version']}; every single figure is in {results}")
PYTHON
