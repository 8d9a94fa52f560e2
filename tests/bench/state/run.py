#!/usr/bin/env python3
"""What reading and writing a state of many releases costs, on servers of this machine.

    make bench-state                     1,000 releases of 3 revisions, on each store that is installed
    tests/bench/state/run.py --releases 100 --store s3

Prints a line for each figure, with the goal beside it where there is one.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from stores import Stores  # noqa: E402

MANIFEST = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop}}\ndata: {{revision: '{revision}'}}\n"


def record(name, revision, last):
    when = f"2026-11-{revision:02}T10:00:00Z"
    return {"name": name, "namespace": "shop", "version": revision,
            "chart": {"metadata": {"name": "web", "version": f"1.{revision}.0"}},
            "info": {"status": "deployed" if revision == last else "superseded", "description": "Upgrade complete",
                     "first_deployed": "2026-11-01T10:00:00Z", "last_deployed": when},
            "config": {"text": "x" * 200, "revision": revision},
            "manifest": MANIFEST.format(name=name, revision=revision),
            "relfile": {"format": 2, "context": "bench", "user": "ada@laptop", "tool": "relfile 0.1.0"}}


def write_backup(path, releases, revisions):
    with open(path, "w", encoding="utf-8") as out:
        print('{"format":1}', file=out)
        for i in range(releases):
            for revision in range(1, revisions + 1):
                text = json.dumps(record(f"web-{i:05}", revision, revisions))
                print(json.dumps({"key": f"releases/bench/shop/web-{i:05}/{revision}.json", "text": text}), file=out)


class Bench:
    def __init__(self, o, folder):
        self.o, self.folder = o, folder
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"),
                    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
        chart = folder / "app"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
        (chart / "templates/all.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\ndata: {a: '{{ .Values.a }}'}\n")

    def run(self, store, *arguments, **env):
        """Seconds, and the most memory in MiB."""
        start = time.monotonic()
        process = subprocess.Popen([self.o.relfile, *arguments, "--state", store.url], cwd=self.folder,
                                   env={**self.env, **store.env, **env}, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{arguments}: {err.decode()}")
        self.out = out
        return time.monotonic() - start, usage.ru_maxrss / 1024

    def best(self, store, *arguments):
        return min(self.run(store, *arguments) for _ in range(self.o.times))

    def say(self, store, what, figure, goal=""):
        print(f"{store.kind:10} {what:44} {figure:>12}  {goal}", flush=True)

    def seconds(self, store, what, figures, goal=None):
        took, memory = figures
        self.say(store, what, f"{took * 1000:.0f} ms", f"goal {goal} ms" if goal else "")
        return memory

    def read(self, store, goal):
        self.run(store, "state", "list", "-o", "json")
        assert len(json.loads(self.out)) == self.o.releases
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.seconds(store, "state list, nothing in the cache", self.run(store, "state", "list"))
        memory = self.seconds(store, "state list, again", self.best(store, "state", "list"), goal)
        self.say(store, f"memory of it, {self.o.revisions} revisions of each", f"{memory:.0f} MiB")

    def write(self, store):
        spec = {"releases": [{"name": f"new-{i}", "namespace": "shop", "chart": "./app", "values": [{"a": i}]}
                             for i in range(100)]}
        (self.folder / "helmfile.yaml").write_text(json.dumps(spec))
        shutil.rmtree(self.folder / "cluster", ignore_errors=True)
        before = self.commits(store)
        took = self.run(store, "sync", "--target", "demo", "--target-location", self.folder / "cluster")
        self.seconds(store, "sync of 100 new releases", took)
        if store.kind.startswith("git"):
            self.say(store, "its commits on the branch", str(self.commits(store) - before))
        self.seconds(store, "diff of them", self.best(store, "diff", "--target", "demo", "--target-location",
                                                      self.folder / "cluster"))

    @staticmethod
    def commits(store):
        if not store.kind.startswith("git"):
            return 0
        done = subprocess.run(["git", "-C", store.place, "rev-list", "--count", "main"], capture_output=True, check=False)
        return int(done.stdout or 0)


def fill(bench, stores, kind, source):
    """A store of this kind with all that SOURCE, a folder, has."""
    store = stores.new(kind)
    if kind == "file":
        shutil.copytree(source, store.place)
    elif kind.startswith("git"):
        clone = bench.folder / f"clone-{kind}"
        subprocess.run(["git", "init", "-q", "-b", "main", clone], check=True)
        shutil.copytree(source, clone / "state", ignore=shutil.ignore_patterns(".*"))
        who = ["-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run(["git", *who, "-C", clone, "add", "."], check=True)
        subprocess.run(["git", *who, "-C", clone, "commit", "-qm", "fill"], check=True)
        subprocess.run(["git", "-C", clone, "push", "-q", store.place, "main"], check=True)
    else:
        env = {**bench.env, **store.env}
        subprocess.run([bench.o.relfile, "state", "migrate", source, store.url], env=env, check=True,
                       stdout=subprocess.DEVNULL)
    return store


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--relfile", default=ROOT / "build/relfile", type=lambda path: Path(path).absolute())
    parser.add_argument("--releases", type=int, default=1000)
    parser.add_argument("--revisions", type=int, default=3)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--store", action="append")
    o = parser.parse_args()
    goals = {"file": 50, "s3": 1000, "minio": 1000}
    with tempfile.TemporaryDirectory(prefix="relfile-bench-") as place:
        bench, source = Bench(o, Path(place) / "bench"), Path(place) / "source"
        write_backup(Path(place) / "backup.jsonl", o.releases, o.revisions)
        subprocess.run([o.relfile, "state", "push", Path(place) / "backup.jsonl", "--state", source], check=True,
                       env=bench.env, stdout=subprocess.DEVNULL)
        with Stores(Path(place) / "servers") as stores:
            for kind in o.store or stores.kinds:
                if kind not in stores.kinds:
                    print(f"{kind} is not installed")
                    continue
                store = fill(bench, stores, kind, source)
                bench.read(store, goals.get(kind))
                bench.write(store)


if __name__ == "__main__":
    main()
