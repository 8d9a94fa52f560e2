"""relfile and helmfile on a real cluster: 100 releases of 5 objects, and 1,000 of relfile's.

    make bench-cluster                                  on a cluster of its own
    KUBECONFIG=… python3 tests/bench/cluster.py [RELEASES [MANY]]

Prints seconds, processor time, memory and requests of each operation, and ratios. helmfile is left
out where it is not on the PATH; what it would take for `diff` and `apply`, which need the plugin
helm-diff, was measured elsewhere: PEERS. relfile's releases are destroyed in the end, helmfile's
stay in namespaces of their own. MANY 0 leaves the large run out.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RELFILE = os.environ.get("RELFILE", str(ROOT / "build" / "relfile"))
CHART = ROOT / "tests" / "bench" / "charts" / "five"

# Seconds of helmfile 1.8 with helm 4 and helm-diff, for 100 releases of 5 objects.
PEERS = {"diff": 55.0, "apply": 54.0}
REQUEST = re.compile(r"^debug: [A-Z]+ https?://", re.MULTILINE)


class Cost(NamedTuple):
    seconds: float
    cpu: float
    memory: float  # MB
    requests: int


def spec(folder, name, releases):
    namespace = f"bench-{name}-{os.getpid()}"
    path = folder / f"{name}.yaml"
    path.write_text("releases:\n" + "".join(
        f"  - {{name: r{i:04}, namespace: {namespace}-{i // 10}, chart: {CHART}}}\n"
        for i in range(releases)))
    return path


def measure(folder, *command):
    with open(folder / "log", "w+", encoding="utf-8") as log:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        text = log.read()
    if child.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{text[-2000:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024,
                len(REQUEST.findall(text)))


def show(label, cost, releases, peer=None):
    ratio = f"{peer / cost.seconds:6.1f} ×" if peer else ""
    print(f"| {label:42} | {cost.seconds:7.2f} s | {cost.cpu:6.2f} s | {cost.memory:5.0f} MB | "
          f"{cost.requests:6} | {cost.requests / releases:5.2f} | {ratio:8} |", flush=True)


def run(folder, name, releases, peers):
    program = [RELFILE, "-f", spec(folder, name, releases), "--target", "kubernetes",
               "--log-level", "debug"]
    for label, command in (("first sync", "sync"), ("diff, no change", "diff"),
                           ("apply, no change", "apply"), ("sync, no change", "sync")):
        cost = measure(folder, *program, command)
        show(f"{label}, {releases} releases", cost, releases,
             peers.pop("first", None) if label == "first sync" else peers.get(command))
        peers.pop("sync", None)
    show(f"destroy, {releases} releases", measure(folder, *program, "destroy", "--yes"), releases)


def main():
    releases = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    scale = releases / 100
    with tempfile.TemporaryDirectory() as name:
        folder, peers = Path(name), {k: v * scale for k, v in PEERS.items()}
        print(f"| {'':42} | {'time':>9} | {'processor':>8} | {'memory':>8} | requests | each | "
              "times as fast |\n|---|---|---|---|---|---|---|")
        if shutil.which("helmfile") and shutil.which("helm"):
            theirs = measure(folder, "helmfile", "-q", "-f", spec(folder, "helmfile", releases),
                             "sync")
            show(f"helmfile sync, first, {releases} releases", theirs, releases)
            peers["first"] = theirs.seconds
        run(folder, "relfile", releases, peers)
        if many:
            run(folder, "many", many, {})


if __name__ == "__main__":
    main()
