#!/bin/sh
# registry.sh DIR OPEN BASIC TOKEN SERVICE - three OCI registries in the foreground, on these ports of
# 127.0.0.1: one without TLS and logins, one with TLS that wants user and password, one with TLS that
# wants a token of the service at the last port. The user is "tester", the password
# "tester-password"; DIR/ca.pem has signed the certificates. What is in them is in DIR/NAME.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)
if [ ! -f "$dir/ca.pem" ]; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test \
        -addext "subjectAltName=IP:127.0.0.1,DNS:localhost" \
        -keyout "$dir/key.pem" -out "$dir/ca.pem" 2>/dev/null
fi
htpasswd -Bbc "$dir/htpasswd" tester tester-password 2>/dev/null

# NAME PORT TLS - and the rest of its configuration on standard input
registry() {
    {
        printf 'version: 0.1\nlog: {accesslog: {disabled: false}}\n'
        printf 'storage: {filesystem: {rootdirectory: %s/%s}, delete: {enabled: true}}\n' "$dir" "$1"
        printf 'http:\n  addr: 127.0.0.1:%s\n' "$2"
        [ "$3" = no ] || printf '  tls: {certificate: %s/ca.pem, key: %s/key.pem}\n' "$dir" "$dir"
        cat
    } >"$dir/$1.yml"
    mkdir -p "$dir/$1"
    docker-registry serve "$dir/$1.yml" >"$dir/$1.log" 2>&1 &
}

registry open "$2" no </dev/null
registry basic "$3" yes <<END
auth: {htpasswd: {realm: test, path: $dir/htpasswd}}
END
registry token "$4" yes <<END
auth:
  token:
    realm: https://127.0.0.1:$5/token
    service: relfile-test
    issuer: relfile-test
    rootcertbundle: $dir/ca.pem
END
exec python3 "$here/registry-token.py" "$dir" "$5"
