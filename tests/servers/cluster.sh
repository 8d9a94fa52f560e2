#!/bin/sh
# A real Kubernetes control plane on loopback, without containers or root:
#     tests/servers/cluster.sh up DIR       start one
#     tests/servers/cluster.sh down DIR     stop it
#     tests/servers/cluster.sh with N COMMAND...   run COMMAND while there are N, which it finds in
#                                           RELFILE_TEST_CLUSTERS: their folders, commas between
# What runs is on the PATH, or in build/tools/cluster.
# Pods are run by kwok, which only says that they run: pod-stages.yaml tells how a pod's annotation
# relfile.test/behaviour chooses what becomes of it.
# Leaves in DIR admin.kubeconfig (a client certificate), token.kubeconfig (a bearer token),
# limited.kubeconfig (a user without rights), reader.kubeconfig (one who may only read), ca.crt,
# logs, and *.pid.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:$here/../../build/tools/cluster

port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
    name=$1
    shift
    "$@" >"$name.log" 2>&1 &
    echo $! >"$name.pid"
}

certificate() { # NAME COMMON_NAME ORGANISATION EXTENSION
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.csr" -subj "/O=$3/CN=$2" 2>/dev/null
    printf '%s' "$4" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 \
        -out "$1.crt" -extfile "$1.ext" 2>/dev/null
}

make_certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
        -out ca.crt -subj /CN=relfile-test-ca -days 3650 2>/dev/null
    openssl ecparam -name prime256v1 -genkey -noout -out sa.key
    openssl ec -in sa.key -pubout -out sa.pub 2>/dev/null
    certificate api kube-apiserver kubernetes "subjectAltName=IP:127.0.0.1,IP:10.0.0.1,\
DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
    certificate admin admin system:masters "extendedKeyUsage=clientAuth"
    cat >tokens.csv <<END
admin-token-0123456789,token-admin,u1,"system:masters"
nobody-token-0123456789,token-nobody,u2,"relfile:nobody"
reader-token-0123456789,token-reader,u3,"relfile:readers"
END
}

kubeconfig() { # FILE USER
    cat >"$1" <<END
apiVersion: v1
kind: Config
current-context: test
clusters:
  - name: test
    cluster: {server: "https://127.0.0.1:$api_port", certificate-authority-data: $(base64 -w0 <ca.crt)}
contexts:
  - {name: test, context: {cluster: test, user: user, namespace: default}}
users:
  - {name: user, user: {$2}}
END
}

make_kubeconfigs() {
    kubeconfig admin.kubeconfig "client-certificate-data: $(base64 -w0 <admin.crt), \
client-key-data: $(base64 -w0 <admin.key)"
    kubeconfig token.kubeconfig "token: admin-token-0123456789"
    kubeconfig limited.kubeconfig "token: nobody-token-0123456789"
    kubeconfig reader.kubeconfig "token: reader-token-0123456789"
}

start_etcd() {
    client=$(port) peer=$(port)
    etcd=http://127.0.0.1:$client
    start etcd etcd --name test --data-dir etcd --listen-client-urls "$etcd" \
        --advertise-client-urls "$etcd" --listen-peer-urls "http://127.0.0.1:$peer" \
        --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
        --initial-cluster "test=http://127.0.0.1:$peer" --unsafe-no-fsync --log-level warn
}

start_server() {
    start apiserver kube-apiserver --etcd-servers="$etcd" --bind-address=127.0.0.1 \
        --advertise-address=127.0.0.1 --secure-port="$api_port" --endpoint-reconciler-type=none \
        --tls-cert-file=api.crt --tls-private-key-file=api.key --client-ca-file=ca.crt \
        --token-auth-file=tokens.csv --authorization-mode=RBAC \
        --service-cluster-ip-range=10.0.0.0/20 --allow-privileged=true \
        --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file=sa.pub --service-account-signing-key-file=sa.key \
        --kubelet-client-certificate=admin.crt --kubelet-client-key=admin.key \
        --kubelet-preferred-address-types=InternalIP --event-ttl=10m --v=0
}

start_controllers() {
    start controllers kube-controller-manager --kubeconfig=admin.kubeconfig \
        --service-account-private-key-file=sa.key --root-ca-file=ca.crt \
        --cluster-signing-cert-file=ca.crt --cluster-signing-key-file=ca.key \
        --leader-elect=false --secure-port=0 --allocate-node-cidrs=false \
        --kube-api-qps=500 --kube-api-burst=500 --v=0
    start scheduler kube-scheduler --kubeconfig=admin.kubeconfig --leader-elect=false \
        --secure-port=0 --kube-api-qps=500 --kube-api-burst=500 --v=0
}

start_node() {
    node_port=$(port)
    printf '%s stdout F starting\n%s stderr F cannot reach the database\n' \
        2026-01-01T00:00:00.000000000Z 2026-01-01T00:00:01.000000000Z >pod.log
    printf '%s stdout F the life before\n' 2025-12-31T23:00:00.000000000Z >pod.log.previous
    sed "s|@LOGFILE@|$PWD/pod.log|g" "$here/node-stages.yaml" "$here/pod-stages.yaml" >stages.yaml
    start kwok kwok --kubeconfig=admin.kubeconfig --manage-all-nodes --config=stages.yaml \
        --cidr=10.244.0.0/16 --node-lease-duration-seconds=40 --node-ip=127.0.0.1 \
        --node-port="$node_port" --server-address="127.0.0.1:$node_port" \
        --tls-cert-file=api.crt --tls-private-key-file=api.key
    ask /api/v1/nodes -H 'Content-Type: application/json' -d '{"apiVersion": "v1", "kind": "Node",
        "metadata": {"name": "node-1", "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {"kubernetes.io/hostname": "node-1", "kubernetes.io/os": "linux"}}}' >/dev/null
}

allow_readers() {
    ask /apis/rbac.authorization.k8s.io/v1/clusterroles -H 'Content-Type: application/json' -d '{
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": {"name": "relfile-readers"}, "rules": [{"apiGroups": ["*"],
            "resources": ["*"], "verbs": ["get", "list", "watch"]}]}' >/dev/null
    ask /apis/rbac.authorization.k8s.io/v1/clusterrolebindings -H 'Content-Type: application/json' \
        -d '{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
        "metadata": {"name": "relfile-readers"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
            "name": "relfile-readers"},
        "subjects": [{"kind": "Group", "name": "relfile:readers",
            "apiGroup": "rbac.authorization.k8s.io"}]}' >/dev/null
}

ask() {
    path=$1
    shift
    curl -fsS --cacert ca.crt --cert admin.crt --key admin.key \
        "https://127.0.0.1:$api_port$path" "$@"
}

await() { # WHAT COMMAND...: half a minute
    what=$1
    shift
    for _ in $(seq 600); do
        if "$@" >/dev/null 2>&1; then
            return
        fi
        sleep .05
    done
    echo "the cluster in $PWD does not start: $what" >&2
    exit 1
}

has_ready_node() {
    ask /api/v1/nodes/node-1 | tr -d ' \n' | grep -q '"reason":"KubeletReady"'
}

up() {
    mkdir -p "$1"
    cd "$1"
    api_port=$(port)
    make_certificates
    make_kubeconfigs
    start_etcd
    start_server
    await "the API server" ask /readyz
    start_controllers
    start_node
    allow_readers
    await "the default account" ask /api/v1/namespaces/default/serviceaccounts/default
    await "the node" has_ready_node
    echo "https://127.0.0.1:$api_port"
}

down() {
    cd "$1"
    for name in kwok scheduler controllers apiserver etcd; do
        if [ -f "$name.pid" ]; then
            kill -9 "$(cat "$name.pid")" 2>/dev/null || :
            rm "$name.pid"
        fi
    done
}

stop_all() {
    for number in $(seq "$count"); do
        (down "$clusters/$number") 2>/dev/null || :
    done
    rm -rf "$clusters"
}

# Without the programs the command is run without clusters: its tests say what they lack.
with() {
    count=$1
    shift
    clusters=$(mktemp -d)
    trap stop_all EXIT
    trap 'exit 1' INT TERM
    if { command -v kube-apiserver && command -v etcd && command -v kwok; } >/dev/null; then
        for number in $(seq "$count"); do
            "$here/cluster.sh" up "$clusters/$number" >/dev/null
            RELFILE_TEST_CLUSTERS=${RELFILE_TEST_CLUSTERS:+$RELFILE_TEST_CLUSTERS,}$clusters/$number
        done
        export RELFILE_TEST_CLUSTERS
    fi
    "$@"
}

"$@"
