"""Runs helmfile's own integration cases, its scripts as they are, with relfile called helmfile.

    tests/servers/cluster.sh with 1 python3 tests/conformance/helmfile/integration.py CHECKOUT
        [--program FILE] [--charts FOLDER] [--plugins FOLDER] [--report FOLDER] [CASE...]

CHECKOUT is a copy of helmfile's repository; its test/integration is copied, and each script of its
test-cases is run by bash as run.sh would, with the cluster as `minikube`, and a namespace of its
own. The program is build/relfile, or the one of --program: helmfile itself, to compare.

Needed on the PATH: helm 4, kubectl, kustomize, sops, jq, and from helmfile's tests dyff and diff-yamls.
Where there is the internet nothing has to be given: charts and plugins come from there. Without it
CHARTS holds what the cases would take from it: CHARTS/HOST/PATH has packed charts (below), or a
repository of git; and PLUGINS has the plugins of helm that the cases install, by their names: diff,
helm-git, secrets, secrets-getter, secrets-post-renderer, unittest. For docker there is a stand-in that
runs docker-registry. What is not there makes a case fail for both programs.

    charts.bitnami.com/bitnami: common 2.2.4, elasticsearch 19.0.1, nginx 13.2.27
    charts.helm.sh/incubator: raw 0.1.0, 0.2.3, 0.2.5        charts.rook.io/release: rook-ceph 1.12.3
    helm.elastic.co: elasticsearch 7.17.3, 8.5.1             helm.vector.dev: vector 0.57.0
    kubernetes.github.io/ingress-nginx: ingress-nginx 4.8.2, 4.8.3, 4.9.0, 4.15.1
    prometheus-community.github.io/helm-charts: kube-prometheus-stack 15.4.6
    raw.githubusercontent.com/kubernetes-sigs/azuredisk-csi-driver/master/charts: azuredisk-csi-driver 1.23.0
    wiremind.github.io/wiremind-helm-charts: karma 2.11.0, 2.13.1

Written is REPORT/CASE.log, and a line for each case: pass or fail, seconds, and why.
"""

import argparse
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VAULT = 8200  # is written in the scripts
REAL = {name: shutil.which(name) for name in ("helm", "kubectl", "docker-registry")}

PROLOGUE = """
set -e -o pipefail
dir=test/integration
. $dir/lib/output.sh
. $dir/lib/version.sh
test_ns=helmfile-tests
helmfile="./helmfile ${EXTRA_HELMFILE_FLAGS} --namespace=${test_ns}"
helm="helm --kube-context=minikube"
kubectl="kubectl --context=minikube --namespace=${test_ns}"
cases_dir=$dir/test-cases
HELM_SECRETS_VERSION=4.7.4
HELM_DIFF_VERSION=3.15.10
"""
FUNCTIONS = (
    "wait_deploy_ready() { ${kubectl} rollout status deployment ${1} --timeout=60s ||"
    " fail \"deployment ${1} does not get ready\"; }",
    "retry() { local n=0; until [ $n -ge $1 ]; do $2 && break; retry_result=$?; n=$((n+1));"
    " sleep 1; done; }",
)

# What stands in for programs that cannot be had: the plugins that helm would fetch, and docker.
SHIMS = {
    "helm": """#!/bin/bash
args=() plugin=
for arg; do case $arg in --kube-context=*) [ "$plugin" ] || args+=("$arg");; *) args+=("$arg");; esac; done
words=("${args[@]}"); [[ ${words[0]} = --* ]] && words=("${words[@]:1}")
if [ "${words[0]} ${words[1]}" = "plugin install" ] && [[ ${words[2]} = https://* ]]; then
    name=$(basename "${words[2]}")
    case $name in secrets-getter*|secrets-post*) exit 0;; secrets*|helm-secrets) name=secrets;;
        helm-unittest) name=unittest;; helm-diff) name=diff;; esac
    [ -d "$PREPARED_PLUGINS/$name" ] || exec REAL_HELM "$@"
    mkdir -p "$HELM_PLUGINS"
    for one in "$PREPARED_PLUGINS/$name"*; do ln -sfn "$one" "$HELM_PLUGINS/$(basename "$one")"; done
    exit 0
fi
if [ "${words[0]} ${words[1]}" = "plugin rm" ] && [ "${words[2]}" = secrets ]; then
    rm -f "$HELM_PLUGINS"/secrets*; exit 0
fi
exec REAL_HELM "$@"
""",
    "minikube": "#!/bin/sh\necho Running\n",
    "semver": """#!/bin/sh
[ "$2" = "$3" ] && echo 0 && exit
[ "$(printf '%s\\n' "$2" "$3" | sort -V | head -1)" = "$2" ] && echo -1 || echo 1
""",
    "docker": """#!/bin/bash
case $1 in
run) for word; do case $word in *:5000) port=${word%:5000};; esac; done
    printf 'version: 0.1\\nstorage: {filesystem: {rootdirectory: %s}}\\nhttp: {addr: "127.0.0.1:%s"}\\n' \\
        "$SHIM_HOME/registry" "$port" >"$SHIM_HOME/registry.yml"
    rm -rf "$SHIM_HOME/registry"
    docker-registry serve "$SHIM_HOME/registry.yml" >"$SHIM_HOME/registry.log" 2>&1 &
    echo $! >"$SHIM_HOME/registry.pid";;
stop) [ ! -f "$SHIM_HOME/registry.pid" ] || kill "$(cat "$SHIM_HOME/registry.pid")";;
esac
""",
}


class Transit(BaseHTTPRequestHandler):
    """Vault's transit engine, as far as sops asks for it: it only wraps."""

    def do_PUT(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "/encrypt/" in self.path:
            wrapped = base64.b64encode(asked["plaintext"].encode()).decode()
            data = {"ciphertext": "vault:v1:" + wrapped}
        else:
            data = {"plaintext": base64.b64decode(asked["ciphertext"].split(":")[2]).decode()}
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT

    def log_message(self, *_):
        pass


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(handler, port=0):
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def go_env(name):
    """One of the cases builds a server."""
    if not shutil.which("go"):
        return ""
    return subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()


class Bench:
    """A copy of the cases, what stands in for the world, and the cluster."""

    def __init__(self, options, place):
        self.options, self.place = options, place
        self.bin, self.home = place / "bin", place / "home"
        self.bin.mkdir()
        self.home.mkdir()
        for name, text in SHIMS.items():
            (self.bin / name).write_text(text.replace("REAL_HELM", REAL["helm"]))
            (self.bin / name).chmod(0o755)
        self.write_kubeconfig()
        self.web = self.serve_charts() if options.charts else None
        try:
            serve(Transit, VAULT)
        except OSError:  # another run beside this one serves it
            pass
        self.env = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.home),
                    "SHIM_HOME": str(self.home), "KUBECONFIG": str(self.home / "kubeconfig"),
                    "PREPARED_PLUGINS": str(options.plugins), "HELMFILE_HELM4": "1",
                    "HELM_DATA_HOME": str(self.home / "data"), "TERM": "dumb",
                    "HELM_PLUGINS": str(self.home / "data" / "plugins"),
                    "HELM_CONFIG_HOME": str(self.home / "config"),
                    "HELMFILE_UPGRADE_NOTICE_DISABLED": "1", "GOCACHE": go_env("GOCACHE"),
                    "GOMODCACHE": go_env("GOMODCACHE"), "HELM_BIN": str(self.bin / "helm")}

    def write_kubeconfig(self):
        cluster = Path(os.environ["RELFILE_TEST_CLUSTERS"].split(",")[0])
        text = (cluster / "admin.kubeconfig").read_text()
        text = text.replace("current-context: test", "current-context: minikube")
        (self.home / "kubeconfig").write_text(text.replace("- {name: test, context", "- {name: minikube, context"))

    def serve_charts(self):
        charts = self.place / "charts"  # indexes name the port
        shutil.copytree(self.options.charts, charts)
        port = serve(partial(Files, directory=str(charts)))
        for folder in {path.parent for path in charts.rglob("*.tgz")}:
            url = f"http://127.0.0.1:{port}/{folder.relative_to(charts)}"
            subprocess.run([REAL["helm"], "repo", "index", "--url", url, folder], check=True)
        return f"http://127.0.0.1:{port}/"

    def copy_cases(self):
        work = self.place / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.options.checkout / "test", work / "test", symlinks=True)
        for name, program in (("helmfile", self.options.program), ("dyff", shutil.which("dyff")),
                              ("diff-yamls", shutil.which("diff-yamls"))):
            if program:
                os.symlink(program, work / name)
        if self.web:
            self.redirect(work)
        return work

    def redirect(self, work):
        hosts = [path.name for path in Path(self.options.charts).iterdir()]
        known = re.compile(r"https://(?=(" + "|".join(map(re.escape, hosts)) + ")/)")
        for path in (work / "test/integration/test-cases").rglob("*"):
            said = path.suffix in (".yaml", ".gotmpl", ".lock") or "output" in path.parts
            if path.is_file() and said and not path.is_symlink():
                text = path.read_text(errors="surrogateescape")
                path.write_text(known.sub(self.web, text), errors="surrogateescape")

    def kubectl(self, *words):
        return subprocess.run([REAL["kubectl"], *words], env=self.env, capture_output=True, text=True)

    def fresh_namespace(self):
        kinds = "storageclasses,customresourcedefinitions,clusterroles,clusterrolebindings,csidrivers"
        self.kubectl("delete", "namespace", "helmfile-tests", "--wait=true", "--timeout=60s")
        self.kubectl("delete", kinds, "-l", "app.kubernetes.io/managed-by=Helm")
        self.kubectl("create", "namespace", "helmfile-tests")

    def run(self, case, log):
        shutil.rmtree(self.home / "data", ignore_errors=True)
        shutil.rmtree(self.home / "config", ignore_errors=True)
        shutil.rmtree(self.home / ".cache", ignore_errors=True)
        (self.home / "data" / "plugins").mkdir(parents=True)
        for name in ("diff", "helm-git"):
            if (self.options.plugins / name).is_dir():
                os.symlink(self.options.plugins / name, self.home / "data" / "plugins" / name)
        self.fresh_namespace()
        work = self.copy_cases()
        env = {**self.env, "GNUPGHOME": str(work / "test/integration/.gnupg"),
               "SOPS_PGP_FP": "B2D6D7BBEC03B2E66571C8C00AD18E16CFDEF700"}
        os.chmod(env["GNUPGHOME"], 0o700)
        script = "\n".join([PROLOGUE, *FUNCTIONS, f". $dir/test-cases/{case}.sh", "all_tests_passed"])
        with open(log, "w") as out:
            process = subprocess.Popen(["bash", "-c", script], cwd=work, env=env, stdout=out, stderr=out,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
            try:
                return process.wait(self.options.timeout)
            except subprocess.TimeoutExpired:
                return "timeout"
            finally:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass


def reason(log):
    lines = [line for line in Path(log).read_text(errors="replace").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("FAIL:", "Error", "error:", "in ./"))]
    return (told or lines or [""])[-1][:150]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkout", type=Path)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--program", default=str(ROOT / "build" / "relfile"))
    parser.add_argument("--charts", type=Path)
    parser.add_argument("--plugins", type=Path, default=Path("/nonexistent"))
    parser.add_argument("--report", type=Path, default=Path("integration-report"))
    parser.add_argument("--timeout", type=int, default=180)
    options = parser.parse_args()
    options.report.mkdir(parents=True, exist_ok=True)
    return options


def main():
    options = arguments()
    text = (options.checkout / "test/integration/run.sh").read_text()
    cases = options.cases or re.findall(r"^\. \$\{dir\}/test-cases/(.*)\.sh$", text, re.M)
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(options, Path(place))
        for case in cases:
            began = time.monotonic()
            log = options.report / f"{case}.log"
            status = bench.run(case, log)
            failed += status != 0
            print(f"{'pass' if status == 0 else 'fail'}  {time.monotonic() - began:6.1f} s  {case}"
                  + ("" if status == 0 else f"  [{status}] {reason(log)}"), flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
