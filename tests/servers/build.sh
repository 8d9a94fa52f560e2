#!/bin/sh
# Build the servers and programs that tests need and Debian has no packages of, with Go, at the
# versions of a module's go.mod; does nothing where they are there.
#     tests/servers/build.sh tools DIR      versitygw, sops
#     tests/servers/build.sh buckets DIR    minio, four minutes of one processor
#     tests/servers/build.sh cluster DIR    etcd, Kubernetes, kwok; helm 4, helm 3, kubectl
# What is built is kept in ~/.cache/relfile-tests, by the module's go.sum, and DIR leads there: so
# that it outlives a checkout. The cluster takes ten minutes of one processor the first time.
set -eu
module=$(cd "$(dirname "$0")/$1" && pwd)
sum=$(cat "$module/go.sum" "$0" | sha256sum | cut -c 1-16)
out=${XDG_CACHE_HOME:-$HOME/.cache}/relfile-tests/$1-$sum

build() { # LDFLAGS PACKAGE...
    flags=$1
    shift
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w $flags" -o "$new/" "$@"
}

build_tools() {
    build "" github.com/versity/versitygw/cmd/versitygw github.com/getsops/sops/v3/cmd/sops
}

build_buckets() {
    build "" github.com/minio/minio
}

# Kubernetes without a version calls itself one that is none.
build_cluster() {
    version=k8s.io/component-base/version
    kubernetes=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
    flags="-X $version.gitVersion=$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=$(echo "$kubernetes" | cut -d . -f 2)"
    for helm in 3 4; do
        flags="$flags -X helm.sh/helm/v$helm/internal/version.version=$(go list -m -f '{{.Version}}' helm.sh/helm/v$helm)"
    done
    build "$flags" helm.sh/helm/v3/cmd/helm
    mv "$new/helm" "$new/helm3"
    # all at once: packages are compiled once, and linked side by side
    build "$flags" go.etcd.io/etcd/server/v3 k8s.io/kubernetes/cmd/kube-apiserver \
        k8s.io/kubernetes/cmd/kube-controller-manager k8s.io/kubernetes/cmd/kube-scheduler \
        k8s.io/kubernetes/cmd/kubectl sigs.k8s.io/kwok/cmd/kwok helm.sh/helm/v4/cmd/helm
    mv "$new/server" "$new/etcd"
}

if ! [ -d "$out" ]; then
    new=$out.$$
    mkdir -p "$new"
    trap 'rm -rf "$new"' EXIT
    (cd "$module" && "build_$1")
    mv -T "$new" "$out" 2>/dev/null || [ -d "$out" ] # somebody else may have been faster
fi
mkdir -p "$(dirname "$2")"
ln -sfn "$out" "$2"
