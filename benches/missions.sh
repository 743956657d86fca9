#!/usr/bin/env bash
# Runs every mission document of a folder with the real model on a fresh home, prints the table for
# docs/BENCHMARKS.md, and lets a judge outside the program compile and check each installed method natively.
#
#   benches/missions.sh FOLDER [PROFILE=small]
#
# $BATOS names the binary; default target/release/batos. Run it on a quiet machine.
set -euo pipefail

folder=${1:?usage: benches/missions.sh FOLDER [PROFILE]}
profile=${2:-small}
here=$(cd "$(dirname "$0")/.." && pwd)
batos=${BATOS:-$here/target/release/batos}
home=$(mktemp -d)
trap '"$batos" --home "$home" down >/dev/null 2>&1 || true; rm -rf "$home"' EXIT

"$batos" --home "$home" --profile "$profile" --set missions.genesis=off up >&2
"$batos" --home "$home" bench missions "$folder" --json >"$home/results.json"
python3 - "$home/results.json" <<'PYTHON'
import json, statistics, sys
results = json.load(open(sys.argv[1]))
print("| mission | state | rounds | candidates | tokens read | tokens written | seconds |")
print("|---|---|---|---|---|---|---|")
for r in results:
    t = r["tokens"]
    print(f"| {r['name']} | {r['state']} | {r['attempts']} | {r['candidates']} | {t['prompt']} | {t['generated']} | {r['seconds']:.1f} |")
done = [r for r in results if r["state"] == "COMPLETE"]
print(f"\n{len(done)} of {len(results)} COMPLETE; median {statistics.median(r['seconds'] for r in results):.1f} s,"
      f" {statistics.median(r['tokens']['generated'] for r in results):.0f} tokens written")
PYTHON
python3 "$here/benches/judge_missions.py" "$folder" "$home/results.json"
