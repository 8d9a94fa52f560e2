#!/bin/sh
# Build relfile and watch it do its work: install what the build needs, then take the deep-dive
# example to a simulated cluster in build/demo: list, sync, compare, change, look back.
# Run it as often as you like. RELFILE_DEMO_PACE (0.2 on a terminal, otherwise 0) is how many real
# seconds one of the cluster takes.
set -eu
cd "$(dirname "$0")"
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

install_build_packages
say "building"
make -s -j"$(jobs_count)"

relfile=$PWD/build/relfile
if [ -t 2 ]; then pace=0.2; else pace=0; fi
export RELFILE_TARGET=demo RELFILE_TARGET_LOCATION="$PWD/build/demo/clusters" \
    RELFILE_STATE="file://$PWD/build/demo/state" RELFILE_DEMO_PACE="${RELFILE_DEMO_PACE:-$pace}" \
    RELFILE_RENDER_YAML=always
example=examples/deep-dive

# show "WHAT IT SHOWS" ARGUMENTS...
show() {
    printf '\n# %s\n$ relfile' "$1"
    shift
    printf ' %s' "$@"
    printf '\n'
    (cd "$example" && "$relfile" "$@")
}

rm -rf build/demo
show "what the spec has for production" -e production list
show "what sync would do" -e production diff --output simple
show "install it all, in the order of needs" -e production sync
show "what is there now is what the spec wants: nothing to compare" -e production diff
show "three replicas, tried out" -e production diff -l name=zoonavigator --set replicaCount=3
show "and done" -e production apply -l name=zoonavigator --set replicaCount=3
show "what is installed, and whether it is ready" -e production status
show "who did what, when" -e production history zoonavigator

cat <<END

That was build/relfile in $example, on a cluster that is a folder: build/demo. To go on with it:
  export RELFILE_TARGET=demo RELFILE_TARGET_LOCATION=$RELFILE_TARGET_LOCATION
  export RELFILE_STATE=$RELFILE_STATE
  cd $PWD/$example && $relfile -e production diff
END
