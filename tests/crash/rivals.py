#!/usr/bin/env python3
"""Many processes that change one state at a time, some of which are killed, stopped, or cut off.

    make concurrency SECONDS=60                    on each store that is installed
    tests/crash/rivals.py --seconds 20 --seed 7 --store s3

Each worker runs relfile (a sync of a release that all have in common, with its own cluster) again and
again; by chance a run is killed, or stopped for longer than its lock lasts, and goes on. Between
relfile and the server is a proxy that delays, cuts, drops and sends twice. What every process was told
is checked by histories.py; at the end all that must be there is, and revisions follow each other.
The same seed makes the same choices; how fast processes are is not in its hands.
"""

import argparse
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from crash import ROOT, Failure, Stores, World, check_history, need, scratch
from histories import check, left, read
from conftest import clean_environment
from servers import proxy

TTL_MS = 1500
TEMPLATE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: shared, labels: {by: '{{ .Values.by }}'}}
rules: []
"""


class Network:
    """A bad one, by chance: for servers.proxy."""

    def __init__(self, seed, spared=()):
        self.chance, self.faults, self.quiet = random.Random(seed), Counter(), False
        self.spared = spared
        self.turn = threading.Lock()

    def __call__(self, method, _path, _headers, forward):
        with self.turn:
            fate, pause = self.chance.random(), self.chance.uniform(0, 0.2)
        if self.quiet or fate > 0.12 or method in self.spared:
            return forward()
        what = ("delayed", "request lost", "answer lost", "sent twice")[int(fate / 0.03)]
        with self.turn:
            self.faults[what] += 1
        if what == "delayed":
            time.sleep(pause)
        if what == "request lost":
            return None
        answer = forward()
        if what == "sent twice":
            answer = forward()
        return None if what == "answer lost" else answer


class Rivals:
    def __init__(self, o, kind, store):
        self.o, self.kind, self.store = o, kind, store
        self.folder = o.folder / kind
        self.history = self.folder / "history"
        self.counts, self.errors = Counter(), Counter()
        self.said = []
        self.turn = threading.Lock()

    def spec(self, worker):
        place = self.folder / f"worker-{worker}"
        (place / "app/templates").mkdir(parents=True, exist_ok=True)
        (place / "home").mkdir(exist_ok=True)
        (place / "app/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
        (place / "app/templates/all.yaml").write_text(TEMPLATE)
        return place

    def start(self, place, by):
        (place / "helmfile.yaml").write_text(json.dumps({"releases": [
            {"name": "shared", "namespace": "default", "chart": "./app", "historyMax": 4,
             "values": [{"by": by}]}]}))
        env = {"RELFILE_HISTORY": str(self.history), "RELFILE_LOCK_TTL": str(TTL_MS)}
        if self.o.unguarded:
            env["RELFILE_UNGUARDED"] = "1"
        return subprocess.Popen(
            [self.o.relfile.absolute(), "sync", "-f", place / "helmfile.yaml", "--target", "demo",
             "--target-location", place / "cluster", "--state", self.store.url, "--lock-timeout", "10"],
            cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
            env=clean_environment(place / "home", **self.store.env, **env))

    def disturb(self, child, chance):
        """What becomes of one run."""
        fate = chance.random()
        if fate < 0.5:
            return "left alone"
        time.sleep(chance.uniform(0, 0.3))
        if fate < 0.75:
            child.send_signal(signal.SIGKILL)
            return "killed"
        child.send_signal(signal.SIGSTOP)
        time.sleep(chance.choice((0.2, 0.5, TTL_MS / 1000 * 1.3, TTL_MS / 1000 * 2.5)))
        child.send_signal(signal.SIGCONT)
        return "stopped"

    def is_short(self):
        """Of runs, while there is time for more."""
        with self.turn:
            return time.monotonic() < self.latest and sum(self.counts.values()) < self.o.runs

    def work(self, worker, until):
        chance = random.Random(f"{self.o.seed} {self.kind} {worker}")
        place, number = self.spec(worker), 0
        while time.monotonic() < until or self.is_short():
            number += 1
            child = self.start(place, f"{worker}-{number}")
            what = self.disturb(child, chance)
            said = child.communicate()[1]
            if child.returncode >= 0:
                what += ", succeeded" if child.returncode == 0 else ", failed"
            with self.turn:
                self.counts[what] += 1
                for line in said.splitlines() if child.returncode > 0 else []:
                    if line.startswith("error: "):
                        self.errors[re.sub(r"\d+|\b[0-9a-f]{8,}\b|https?://\S+", "#", line)] += 1
                if child.returncode not in (0, 1, 3, 5, -9) or "assertion" in said:
                    self.said.append(f"code {child.returncode}: {said}")

    def judge(self):
        operations = read(self.history)
        wrong = self.said + check(operations)
        world = World(self.folder / "after", self.o.relfile.absolute(), None, self.kind)
        world.store = self.store
        (self.folder / "after/app/templates/all.yaml").write_text(TEMPLATE)
        spec = {"releases": [{"name": "shared", "namespace": "default", "chart": "./app",
                              "historyMax": 4, "values": [{"by": "last"}]}]}
        try:
            records = world.json(spec, "history")
            there = {record["revision"] for record in records}
            for key, must in left(operations).items():
                if key.startswith("releases/"):
                    revision = int(key.rsplit("/", 1)[1].removesuffix(".json"))
                    need(must is None or must == (revision in there), f"{key}: there must be {must}")
            done = world.run(spec, ["sync", "--lock-timeout", "60"])
            need(done.returncode == 0, f"the last run: {done.stderr}")
            done = world.run(spec, ["state", "fsck"])
            need(done.returncode == 0, f"fsck: {done.stdout}{done.stderr}")
            check_history(world.json(spec, "history"))
        except Failure as failure:
            wrong.append(str(failure))
        return len(operations), wrong


def fight(o, stores, kind, stack):
    # MinIO ignores the condition of a DELETE: one that comes late takes away what is there by then (docs/state.md)
    store, network = stores.new(kind), Network(f"{o.seed} {kind}", ["DELETE"] if kind == "minio" else ())
    if kind in ("s3", "minio"):
        server = stores.server(f"{kind}.sh")
        port = stack.enter_context(proxy(server.ports[0], network))
        store = store._replace(url=store.url.replace(f":{server.ports[0]}", f":{port}"))
    if kind == "git+https":  # without TLS, so that the proxy sees requests
        server = stores.server("git-http.sh", ports=2)
        port = stack.enter_context(proxy(server.ports[0], network))
        name = store.place.name
        store = store._replace(url=f"git+http://127.0.0.1:{port}/git/{name}?path=state")
    (o.folder / kind).mkdir(parents=True)
    rivals = Rivals(o, kind, store)
    until = time.monotonic() + o.seconds
    rivals.latest = until + 120 if o.runs else until
    workers = [threading.Thread(target=rivals.work, args=(i, until)) for i in range(o.processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    network.quiet = True
    changes, wrong = rivals.judge()
    print(f"{kind}: {sum(rivals.counts.values())} runs of {o.processes} processes "
          f"({', '.join(f'{n} {what}' for what, n in sorted(rivals.counts.items()))}); "
          f"{sum(network.faults.values())} faults of the network "
          f"({', '.join(f'{n} {what}' for what, n in sorted(network.faults.items()))}); "
          f"{changes} changes in the history, {len(wrong)} wrong (seed {o.seed})", flush=True)
    for line, count in rivals.errors.most_common(8 if o.verbose else 0):
        print(f"  {count} x {line[:300]}")
    print("\n".join(wrong[:5]), flush=True)
    return bool(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--relfile", default=ROOT / "build/tests/relfile", type=Path)
    parser.add_argument("--store", action="append")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=0, help="go on until there were so many")
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unguarded", action="store_true", help="a broken lock, which must be noticed")
    parser.add_argument("--verbose", action="store_true", help="what runs that failed have said")
    parser.add_argument("--folder", type=Path, default=scratch())
    o = parser.parse_args()
    failed = False
    with Stores(o.folder / "servers") as stores, ExitStack() as stack:
        for kind in o.store or ("file", "git+https", "git+ssh", "s3", "minio"):
            if kind in stores.kinds:
                failed |= fight(o, stores, kind, stack)
            else:
                print(f"{kind} is not installed")
    if not failed or o.unguarded:
        shutil.rmtree(o.folder)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
