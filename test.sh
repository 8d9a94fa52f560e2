#!/bin/sh
# Install what the tests need, and run all of them: with gcc and clang, with sanitizers, fuzz a
# little, and check the sources. FUZZ_SECONDS (10) is for each fuzz target.
set -eu
cd "$(dirname "$0")"
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

install_build_packages
install_test_packages
jobs=$(jobs_count)

step() {
    say "$1"
    shift
    "$@"
}

step "building with gcc" make -s -j"$jobs"
step "checking the sources" make -s -j"$jobs" check
step "testing" make -s -j"$jobs" test
step "building with clang" make -s -j"$jobs" CC=clang BUILD=build/clang
step "testing with sanitizers" make -s -j"$jobs" SAN=address,undefined test
step "fuzzing" make -s -j"$jobs" fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-10}"
say "all tests passed"
