"""relfile and helmfile on a real cluster: 100 releases of 5 objects.

    KUBECONFIG=… python3 tests/bench/cluster.py [RELEASES]

Nothing is removed but by relfile's destroy at the end; helmfile's releases stay in namespaces of
their own. helmfile is left out where it is not on the PATH. `tests/servers/cluster.sh up DIR`
starts a cluster.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELFILE = os.environ.get("RELFILE", str(ROOT / "build" / "relfile"))


def spec(folder, name, releases):
    namespace = f"bench-{name}-{os.getpid()}"
    path = folder / f"{name}.yaml"
    chart = ROOT / "tests" / "bench" / "charts" / "five"
    path.write_text("releases:\n" + "".join(
        f"  - {{name: r{i:03}, namespace: {namespace}-{i // 10}, chart: {chart}}}\n"
        for i in range(releases)))
    return path


def measure(label, *command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    print(f"{label:34} {seconds:7.2f} s  {after.ru_utime - before.ru_utime:6.2f} s CPU")
    return seconds


def main():
    releases = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as name:
        ours = str(spec(Path(name), "relfile", releases))
        program = [RELFILE, "-f", ours, "--target", "kubernetes", "--quiet"]
        first = measure("relfile sync, first", *program, "sync")
        measure("relfile diff, no change", *program, "diff")
        measure("relfile apply, no change", *program, "apply")
        measure("relfile sync, no change", *program, "sync")
        if shutil.which("helmfile") and shutil.which("helm"):
            theirs = str(spec(Path(name), "helmfile", releases))
            other = measure("helmfile sync, first", "helmfile", "-q", "-f", theirs, "sync")
            print(f"first sync: {other / first:.1f} times as fast")
        measure("relfile destroy", *program, "destroy", "--yes")


if __name__ == "__main__":
    main()
