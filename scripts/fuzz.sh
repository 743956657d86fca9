#!/usr/bin/env bash
# Feeds whatever bytes to each decoder of what comes from outside, SECONDS (60) long: log, base, records, backups'
# manifests, exports, frames, lines. BATOS_FUZZ_TARGETS names some; BATOS_FUZZ_SANITIZER=none is faster, but sees no memory.
# A finding ends it with 1 and is in fuzz/artifacts/; what was learnt stays in fuzz/corpus/. 75: no cargo-fuzz.
set -euo pipefail

case "${1:-60}" in
--help | -h) sed -n '2,4s/^# //p' "$0" && exit 0 ;;
*[!0-9]* | '') printf 'usage: ./scripts/fuzz.sh [SECONDS]\n' >&2 && exit 2 ;;
esac
EACH=${1:-60}
CARGO_FUZZ=0.13.2
SANITIZER=${BATOS_FUZZ_SANITIZER:-address}
# What cargo-fuzz asks of the compiler is behind this, and works with a stable one.
export RUSTC_BOOTSTRAP=1
# shellcheck source=scripts/lib/prepare.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/prepare.sh"
find_checkout
find_rust

find_cargo_fuzz() {
    cargo fuzz --version >/dev/null 2>&1 && return 0
    step "cargo-fuzz is missing"
    timeout_of 600 cargo install cargo-fuzz --version "$CARGO_FUZZ" --locked </dev/null >&2 &&
        cargo fuzz --version >/dev/null 2>&1 && return 0
    say "cargo-fuzz could not be installed; by hand: cargo install cargo-fuzz --locked"
    exit 75
}

# Prints one line about a run: executions a second and in all, edges of the program that were reached.
report() {
    local target=$1 log=$2 executed edges
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    printf '%-12s %12s executions %6s edges %6s inputs kept\n' "$target" "${executed:-?}" "${edges:-?}" \
        "$(find "fuzz/corpus/$target" -type f | wc -l)"
}

# An input is some KiB, and nothing may take more than a multiple of it.
fuzz() {
    local target=$1 log=$LOGS/$1
    local corpus=("fuzz/corpus/$target")
    mkdir -p "${corpus[0]}"
    # Not every decoder has examples to begin with.
    [ ! -d "fuzz/seeds/$target" ] || corpus+=("fuzz/seeds/$target")
    if cargo fuzz run "${HOW[@]}" "$target" "${corpus[@]}" -- \
        -max_total_time="$EACH" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=64 -print_final_stats=1 \
        </dev/null >"$log" 2>&1; then
        report "$target" "$log"
    else
        tail -n 40 "$log" >&2
        die "the fuzzer $target found something; its input is in fuzz/artifacts/$target/"
    fi
}

find_cargo_fuzz
step "fuzzing, $EACH s each"
HOW=(-s "$SANITIZER" --target-dir "fuzz/target/$SANITIZER")
cargo fuzz build "${HOW[@]}" </dev/null >&2 || die "the fuzzers could not be built" \
    "where the compiler has no address sanitizer: BATOS_FUZZ_SANITIZER=none"
LOGS=$(mktemp -d)
trap 'rm -rf -- "$LOGS"' EXIT
for target in ${BATOS_FUZZ_TARGETS:-$(cargo fuzz list)}; do
    fuzz "$target"
done
