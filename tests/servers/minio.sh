#!/bin/sh
# minio.sh DIR PORT - a second S3 server of another make in the foreground: MinIO, buckets are folders of
# DIR/data. The key is "tester", the secret "tester-secret". MINIO names the program;
# tests/servers/build.sh buckets builds it. It keeps to conditions, and checks signatures and
# bodies as s3.sh's does; but it does not look at the region, and a DELETE's If-Match is ignored.
set -eu
dir=$(cd "$1" && pwd)
mkdir -p "$dir/data" "$dir/home"
cd "$dir"
MINIO_KMS_SECRET_KEY=relfile-test:$(printf '%032d' 7 | base64) # a KMS of its own, with one key
export MINIO_KMS_SECRET_KEY HOME="$dir/home" MINIO_ROOT_USER=tester MINIO_ROOT_PASSWORD=tester-secret MINIO_BROWSER=off MINIO_UPDATE=off
exec "${MINIO:-minio}" server --quiet --address "127.0.0.1:$2" "$dir/data"
