#!/usr/bin/env bash
# From a fresh checkout to the workbench: installs what is missing, builds, fetches the models, starts.
# Run it again at any time: what is there already is left alone.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./scripts/puter.sh [--no-run] [--no-models] [--yes] [-- ARGUMENTS…]

Installs what is missing (as root or with sudo; else prints the commands and stops), builds batos,
fetches the models of the profile and opens the workbench. Completions and man pages go into the
user's own folders for them, where these are there.

  --no-run      stop before the workbench
  --no-models   fetch no models
  --yes         ask nothing
  --help        this text
  ARGUMENTS     go to batos, for example: -- --home /srv/bat

BATOS_BACKEND   auto (default), cpu, cuda, metal or vulkan
BATOS_PROFILE   the models' profile; small unless the GPU's memory holds a larger one
BATOS_MODELS    the models' folder; ~/.cache/batos/models unless set
TEXT
}

RUN=1 MODELS=1 YES=0 ARGUMENTS=()
while [ $# -gt 0 ]; do
    case $1 in
    --no-run) RUN=0 ;;
    --no-models) MODELS=0 ;;
    --yes | -y) YES=1 ;;
    --help | -h) usage && exit 0 ;;
    --) shift && ARGUMENTS=("$@") && break ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done

WHERE=$PWD
# shellcheck source=scripts/lib/prepare.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/prepare.sh"
# shellcheck source=scripts/lib/manners.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/manners.sh"
find_checkout
prepare
build
PROGRAM=$(cd -- "$(dirname -- "$PROGRAM")" && pwd -P)/batos
install_manners
if [ "$MODELS" = 1 ]; then
    "$PROGRAM" model fetch </dev/null >&2 ||
        die "the models could not be fetched; start this script again to go on"
fi
[ "$RUN" = 1 ] || exit 0
cd -- "$WHERE"
exec "$PROGRAM" ${ARGUMENTS[@]+"${ARGUMENTS[@]}"}
