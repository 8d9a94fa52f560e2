#!/bin/sh
# s3.sh DIR PORT - an S3 server in the foreground: versitygw, objects below DIR/data. The key is
# "tester", the secret "tester-secret"; DIR/access.log has a line for each request.
# VERSITYGW names the program; tests/servers/build.sh builds it.
set -eu
dir=$(cd "$1" && pwd)
mkdir -p "$dir/data" "$dir/iam"
cd "$dir"
ROOT_ACCESS_KEY=tester ROOT_SECRET_KEY=tester-secret exec "${VERSITYGW:-versitygw}" -q \
    --port "127.0.0.1:$2" --region us-east-1 --iam-dir "$dir/iam" --access-log "$dir/access.log" \
    posix "$dir/data"
