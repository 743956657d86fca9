#!/usr/bin/env bash
# The long form of the fault tests (docs/RELIABILITY.md): KILLS (1000) times kill -9 under load, every call of scripted
# runs failing in turn, every moment of recorded runs as a cut of power. Prints the figures, ends with 1 when something
# was lost. BATOS_TORTURE_SEED repeats a run's random numbers.
set -euo pipefail

case "${1:-1000}" in
--help | -h) sed -n '2,4s/^# //p' "$0" && exit 0 ;;
*[!0-9]* | '') printf 'usage: ./scripts/torture.sh [KILLS]\n' >&2 && exit 2 ;;
esac
export BATOS_TORTURE_KILLS=${1:-1000}
export BATOS_FAULTS_EVERY=${BATOS_FAULTS_EVERY:-1}
export BATOS_POWER_SUBSETS=${BATOS_POWER_SUBSETS:-5}
# shellcheck source=scripts/lib/prepare.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/prepare.sh"
find_checkout
find_rust

step "building"
cargo test --release --locked --test it --no-run </dev/null >&2 || die "the tests could not be built"
LOG=$(mktemp)
trap 'rm -f -- "$LOG"' EXIT

# Runs the tests of one kind and prints their figures.
torture() {
    step "$2"
    local start=$SECONDS
    if ! nice cargo test --release --locked --test it -- "image::faults::$1" --nocapture --test-threads=2 \
        </dev/null >"$LOG" 2>&1; then
        grep -v '^FIGURES' "$LOG" | tail -n 60 >&2
        die "$2: something does not hold"
    fi
    sed -n 's/.*FIGURES //p; s/.*SKIPPED/skipped/p' "$LOG"
    printf '%s s\n' "$((SECONDS - start))"
}

torture kill "kill -9 under load"
torture supervised::refusal "calls that fail"
torture supervised::power "cuts of power"
torture full "a full disk"
