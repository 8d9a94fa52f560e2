#!/bin/sh
# Build relfile and watch it do its work: install what the build needs, then render, compare and
# install the deep-dive example into a simulated cluster in build/demo. Run it as often as you like.
set -eu
cd "$(dirname "$0")"
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

install_build_packages
say "building"
make -s -j"$(jobs_count)"

relfile=$PWD/build/relfile
export RELFILE_TARGET=demo RELFILE_TARGET_LOCATION="$PWD/build/demo/clusters" \
    RELFILE_STATE="file://$PWD/build/demo/state"
example=examples/deep-dive

show() {
    printf '\n$ relfile %s\n' "$*"
    (cd "$example" && "$relfile" "$@")
}

show -e production list
show -e production diff
show -e production sync
show -e production status
show -e production history
printf '\nThe program is build/relfile. To go on with this cluster:\n'
printf '  export RELFILE_TARGET=demo RELFILE_TARGET_LOCATION=%s RELFILE_STATE=%s\n' \
    "$RELFILE_TARGET_LOCATION" "$RELFILE_STATE"
printf '  cd %s && %s -e production diff\n' "$example" "$relfile"
