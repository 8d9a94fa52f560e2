#!/bin/sh
# build.sh DIR - build the servers, and sops, that Debian has no packages of, at the versions of
# tools/go.mod, as programs in DIR. Needs Go; does nothing when they are there.
set -eu
tools=$(cd "$(dirname "$0")/tools" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
sum=$(cksum <"$tools/go.sum")
if [ -x "$out/versitygw" ] && [ -x "$out/sops" ] && [ "$(cat "$out/.built" 2>/dev/null)" = "$sum" ]; then
    exit 0
fi
cd "$tools"
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$out/" \
    github.com/versity/versitygw/cmd/versitygw github.com/getsops/sops/v3/cmd/sops
echo "$sum" >"$out/.built"
