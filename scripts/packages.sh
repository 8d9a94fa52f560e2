# packages.sh - what relfile needs of the distribution; for run.sh and test.sh, which read it.

say() { printf '%s\n' "relfile: $*" >&2; }

is_installed() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "installing packages needs root, or sudo: $*"
        exit 1
    fi
}

# Install those of the named packages that are missing. Without any, the network is not touched.
install_packages() {
    missing=
    if ! command -v apt-get >/dev/null; then
        say "this is no Debian: install what these packages have by hand, then use make: $*"
        return 0
    fi
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing:$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing >/dev/null
}

install_build_packages() {
    install_packages gcc make libc6-dev libutf8proc-dev libssl-dev libcrypt-dev \
        libarchive-dev zlib1g-dev libcurl4-openssl-dev libgit2-dev nettle-dev
}

install_test_packages() {
    install_packages clang clang-format libclang-rt-dev shellcheck git patch python3 python3-pytest python3-pytest-xdist \
        python3-yaml python3-jsonschema mandoc tzdata libjansson-dev libcmocka-dev libyaml-dev libpcre2-dev
}

jobs_count() { nproc 2>/dev/null || echo 1; }
