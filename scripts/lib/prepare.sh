# shellcheck shell=bash
# What puter.sh and test.sh share: find what the build needs, install it where that is allowed, build.
#
# Sourced, never run. Looks before it acts, so that a machine that has everything is left alone and
# costs no time. Every step that needs the network ends by itself and says what it tried.

# The oldest cargo that builds this (rust-version in Cargo.toml).
RUST_MINOR=95
WASM=wasm32-unknown-unknown

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n== %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

die() {
    say "error: $1"
    shift
    for line in "$@"; do say "  $line"; done
    exit 1
}

# The folder that this checkout is in.
find_checkout() {
    CHECKOUT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
    cd -- "$CHECKOUT" || exit
}

# --- being allowed to install ---------------------------------------------------------------------

# Sets AS_ROOT to what goes before a command that needs root; fails when there is no way.
find_root() {
    AS_ROOT=()
    [ "$(id -u)" -eq 0 ] && return 0
    has sudo || return 1
    if sudo -n true 2>/dev/null; then
        AS_ROOT=(sudo -n)
    elif [ -t 0 ] && [ -t 2 ]; then
        AS_ROOT=(sudo)
    else
        return 1
    fi
}

# Asks before anything is installed; --yes, or nobody to ask, is a yes.
agree() {
    [ "${YES:-0}" = 1 ] && return 0
    { [ -t 0 ] && [ -t 2 ]; } || return 0
    local answer
    read -r -p "$1 [Y/n] " answer
    case $answer in '' | [yYjJ]*) return 0 ;; *) return 1 ;; esac
}

# --- system packages ------------------------------------------------------------------------------

# Can clang's library be loaded? bindgen looks in the same places; libclang-cpp is another library.
has_libclang() {
    local found
    if [ -n "${LIBCLANG_PATH:-}" ] && [ -e "$LIBCLANG_PATH" ]; then return 0; fi
    for found in /usr/lib/llvm-*/lib/libclang*.so* /usr/lib/*/libclang*.so* /usr/lib64/libclang*.so* \
        /usr/lib/libclang*.so* /opt/homebrew/opt/llvm/lib/libclang.dylib \
        /usr/local/opt/llvm/lib/libclang.dylib \
        /Library/Developer/CommandLineTools/usr/lib/libclang.dylib; do
        case $found in *libclang-cpp*) continue ;; esac
        [ -e "$found" ] && return 0
    done
    return 1
}

# A Python with pip is the second way to the models.
has_pip() { has python3 && python3 -c 'import pip' >/dev/null 2>&1; }

# Fills MISSING with package names of this system for what is not there.
find_missing() {
    MISSING=()
    local system=$1
    case $system in
    apt)
        { has cc && has c++ && has make; } || MISSING+=(build-essential)
        has cmake || MISSING+=(cmake)
        has_libclang || MISSING+=(clang libclang-dev)
        has pkg-config || MISSING+=(pkg-config)
        has git || MISSING+=(git)
        has curl || MISSING+=(curl)
        [ -e /etc/ssl/certs/ca-certificates.crt ] || MISSING+=(ca-certificates)
        [ "${MODELS:-1}" = 0 ] || has_pip || MISSING+=(python3 python3-pip)
        ;;
    brew)
        has cmake || MISSING+=(cmake)
        has_libclang || MISSING+=(llvm)
        has pkg-config || MISSING+=(pkgconf)
        [ "${MODELS:-1}" = 0 ] || has_pip || MISSING+=(python)
        ;;
    esac
}

install_packages() {
    if [ "$(uname -s)" = Darwin ]; then
        install_with_brew
    elif has apt-get; then
        install_with_apt
    else
        check_other_system
    fi
}

install_with_apt() {
    find_missing apt
    [ ${#MISSING[@]} -eq 0 ] && return 0
    step "missing: ${MISSING[*]}"
    find_root || die "these packages need root to be installed, and sudo is not available; run:" \
        "apt-get update && apt-get install -y --no-install-recommends ${MISSING[*]}" \
        "then start this script again"
    agree "Install them with apt-get?" || die "nothing was installed; this is needed:" \
        "apt-get install -y --no-install-recommends ${MISSING[*]}"
    apt_get install -y --no-install-recommends "${MISSING[@]}" || {
        apt_get update && apt_get install -y --no-install-recommends "${MISSING[@]}"
    } || die "apt-get could not install ${MISSING[*]}"
}

# apt-get that asks nothing, waits for another apt-get and gives a dead mirror up.
apt_get() {
    ${AS_ROOT[@]+"${AS_ROOT[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq \
        -o DPkg::Lock::Timeout=120 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        -o Acquire::Retries=2 "$@" </dev/null >&2
}

install_with_brew() {
    xcode-select -p >/dev/null 2>&1 || die "Apple's command line tools are missing; run:" \
        "xcode-select --install"
    find_missing brew
    [ ${#MISSING[@]} -eq 0 ] && return 0
    step "missing: ${MISSING[*]}"
    has brew || die "Homebrew is missing (https://brew.sh); with it, run:" "brew install ${MISSING[*]}"
    agree "Install them with Homebrew?" || die "nothing was installed; this is needed:" \
        "brew install ${MISSING[*]}"
    brew install "${MISSING[@]}" </dev/null >&2 || die "Homebrew could not install ${MISSING[*]}"
}

check_other_system() {
    local program
    local missing=()
    for program in cc c++ make cmake pkg-config git curl; do
        has "$program" || missing+=("$program")
    done
    has_libclang || missing+=(libclang)
    [ ${#missing[@]} -eq 0 ] || die "this system has no apt-get; install these its own way:" "${missing[*]}"
}

# --- Rust -----------------------------------------------------------------------------------------

# rustup puts its programs where a fresh shell may not look.
find_rust() {
    case ":$PATH:" in
    *":${CARGO_HOME:-$HOME/.cargo}/bin:"*) ;;
    *) PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin" ;;
    esac
    export PATH
}

cargo_is_new_enough() {
    has cargo && has rustc || return 1
    local version
    version=$(cargo --version 2>/dev/null) || return 1
    version=${version#cargo }
    local major=${version%%.*} rest=${version#*.}
    [ "$major" -gt 1 ] || { [ "$major" -eq 1 ] && [ "${rest%%.*}" -ge "$RUST_MINOR" ]; }
}

install_rust() {
    find_rust
    cargo_is_new_enough && return 0
    step "a cargo from 1.$RUST_MINOR on is missing"
    if has rustup; then
        agree "Install it with rustup?" && timeout_of 900 rustup toolchain install stable --profile minimal </dev/null >&2 &&
            rustup default stable </dev/null >&2
    else
        agree "Install it with rustup (https://rustup.rs)?" && fetch_rustup
    fi || say "rustup could not be used"
    hash -r
    cargo_is_new_enough || die "a newer Rust is needed; install it by hand:" \
        "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal" \
        "then start this script again"
}

fetch_rustup() {
    local script
    script=$(mktemp) || return 1
    curl --proto '=https' --tlsv1.2 -sSf --connect-timeout 10 --max-time 120 \
        https://sh.rustup.rs -o "$script" &&
        timeout_of 900 sh "$script" -y --profile minimal --no-modify-path </dev/null >&2
    local outcome=$?
    rm -f -- "$script"
    return $outcome
}

# Does this rustc have the target that generated methods are compiled for?
compiles_wasm() {
    has "$1" || return 1
    local library
    library=$("$1" --print target-libdir --target "$WASM" 2>/dev/null) || return 1
    compgen -G "$library/libstd-*.rlib" >/dev/null
}

# Generated methods need a rustc with wasm32: rustup's, or the distribution's beside the newer one.
install_wasm() {
    compiles_wasm "${BATOS_RUSTC:-rustc}" && return 0
    compiles_wasm /usr/bin/rustc && return 0
    step "a rustc that compiles to $WASM is missing"
    if has rustup && timeout_of 300 rustup target add "$WASM" </dev/null >&2 && compiles_wasm rustc; then
        return 0
    fi
    local packages=(rustc libstd-rust-dev-wasm32 lld)
    if has apt-get && find_root; then
        say "rustup has no way to it here; taking the distribution's"
        { apt_get install -y --no-install-recommends "${packages[@]}" || {
            apt_get update && apt_get install -y --no-install-recommends "${packages[@]}"
        }; } && compiles_wasm /usr/bin/rustc && return 0
    fi
    die "generated methods cannot be compiled without it; run one of:" \
        "rustup target add $WASM" "apt-get install -y --no-install-recommends ${packages[*]}"
}

# `timeout` where there is one (macOS has none).
timeout_of() {
    local seconds=$1
    shift
    if has timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

# --- the program ----------------------------------------------------------------------------------

# Sets FEATURES for what this machine can run: CUDA's compiler and libraries, Apple's Metal, else the CPU.
choose_backend() {
    FEATURES=()
    case "${BATOS_BACKEND:-auto}" in
    auto)
        if [ "$(uname -s)" = Darwin ]; then
            FEATURES=(--features metal)
        elif find_nvcc; then
            if find_cuda; then
                FEATURES=(--features cuda)
            else
                say "building for the CPU: $LACK"
            fi
        fi
        ;;
    cpu) ;;
    cuda)
        find_nvcc || die "BATOS_BACKEND is cuda, but there is no nvcc" "install the CUDA toolkit"
        find_cuda || die "BATOS_BACKEND is cuda, but $LACK" \
            "with NVIDIA's packages: apt-get install libcublas-dev-VERSION cuda-cudart-dev-VERSION" \
            "or set CUDA_LIBRARY_PATH to the toolkit's folder"
        FEATURES=(--features cuda)
        ;;
    metal | vulkan) FEATURES=(--features "$BATOS_BACKEND") ;;
    *) die "BATOS_BACKEND must be auto, cpu, cuda, metal or vulkan, not $BATOS_BACKEND" ;;
    esac
}

find_nvcc() {
    has nvcc && return 0
    local folder
    for folder in "${CUDA_PATH:-}" "${CUDA_HOME:-}" /usr/local/cuda /opt/cuda; do
        if [ -n "$folder" ] && [ -x "$folder/bin/nvcc" ]; then
            PATH="$PATH:$folder/bin"
            export PATH
            return 0
        fi
    done
    return 1
}

# Names the toolkit that nvcc belongs to, wherever it is, to cmake and to the linker, and the cards that are
# here to the compiler; what is set already stays. Sets LACK and fails where there is nothing to link with.
find_cuda() {
    local folder libraries found cards
    # Also where nvcc is a script that starts the real one.
    folder=$(nvcc --dryrun -x cu /dev/null 2>&1 | sed -n 's/^#\$ TOP=//p' | head -n 1)
    folder=$(cd -- "${folder:-/nonexistent}" 2>/dev/null && pwd -P) || folder=
    if [ -n "$folder" ] && [ -d "$folder/lib64" ]; then
        export CUDA_PATH="${CUDA_PATH:-$folder}" CUDA_LIBRARY_PATH="${CUDA_LIBRARY_PATH:-$folder}"
    fi
    found=
    for libraries in "${CUDA_LIBRARY_PATH:-/usr/local/cuda}"/{lib64,targets/x86_64-linux/lib} \
        /usr/local/cuda/lib64 /opt/cuda/lib64 /usr/lib/*-linux-gnu; do
        [ -e "$libraries/libcublas_static.a" ] && [ -e "$libraries/libcudart_static.a" ] && found=$libraries
    done
    LACK="CUDA's static libraries (libcublas_static.a) are missing"
    [ -n "$found" ] || return 1
    # For the cards of this machine only: for all that there are it takes many times as long, and the newest would
    # have the rest compiled when the program first runs.
    if [ -z "${CMAKE_CUDA_ARCHITECTURES:-}" ] && has nvidia-smi; then
        cards=$(timeout_of 10 nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null |
            sed -n 's/^\([0-9]\{1,2\}\)\.\([0-9]\)$/\1\2-real/p' | sort -u | paste -sd ';' -)
        [ -z "$cards" ] || export CMAKE_CUDA_ARCHITECTURES="$cards"
    fi
}

TARGET=${CARGO_TARGET_DIR:-target}
PROGRAM=$TARGET/release/batos

# True when the program is there, for this backend, and newer than everything it is made of.
is_built() {
    [ -x "$PROGRAM" ] || return 1
    [ "$(cat "$TARGET/release/.batos-backend" 2>/dev/null)" = "${FEATURES[*]:-cpu}" ] || return 1
    [ -z "$(find Cargo.toml Cargo.lock src gguf themes prompts -newer "$PROGRAM" -print 2>/dev/null | head -n 1)" ]
}

build() {
    is_built && return 0
    step "building for ${FEATURES[*]:-the CPU} (the first time takes 10 to 20 minutes, for CUDA longer)"
    cargo build --release --locked ${FEATURES[@]+"${FEATURES[@]}"} </dev/null >&2 || die "the build failed"
    printf '%s' "${FEATURES[*]:-cpu}" >"$TARGET/release/.batos-backend"
    # cargo leaves a program alone that it has nothing to change in; its age is compared above.
    touch -- "$PROGRAM"
}

# Everything before the models.
prepare() {
    install_packages
    install_rust
    install_wasm
    choose_backend
}
