#!/usr/bin/env python3
"""kill -9 at every step of whole runs: what the next run makes of it.

    make crash                          all steps, all stores that are installed: minutes
    tests/crash/crash.py --sample 40    some of them, always the same ones
    tests/crash/crash.py --store file --scenario atomic --point 'status-done:2'

A scenario is a run (a first sync, an upgrade, …) on a state that was made before. It is run once
without a kill, which says how often it comes to each point (io/failpoint.h), and what it leaves.
Then, for each point and each time, it is killed there, and
  - every record whose writing was acknowledged is there, and whatever is there can be read;
  - the next run says that the one before was interrupted, and ends as if it had not been: the same
    objects, none of them made a second time, the same releases;
  - revisions follow each other, one of them is deployed, and fsck finds nothing.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from conftest import clean_environment  # noqa: E402
from stores import Stores  # noqa: E402

TEMPLATE = """
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{ .Release.Name }}-{{ .Values.name }}'}
data: {text: '{{ .Values.text }}'}
---
apiVersion: v1
kind: Service
metadata: {name: '{{ .Release.Name }}'}
spec: {ports: [{port: {{ .Values.port }}}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: '{{ .Release.Name }}-hook'
  annotations: {helm.sh/hook: 'pre-install,pre-upgrade,pre-rollback,pre-delete'}
data: {text: '{{ .Values.text }}'}
"""


def releases(text, port=80, atomic=False):
    """Two releases, one of which needs the other. Their objects change their name with TEXT."""
    common = {"namespace": "crash", "chart": "./app", "historyMax": 2, "atomic": atomic}
    values = {"text": text, "name": text, "port": 80}
    return {"releases": [
        {**common, "name": "db", "values": [values]},
        {**common, "name": "web", "needs": ["crash/db"], "values": [{**values, "port": port}]}]}


# Name: what is run before; what is run, and killed; whether it fails.
SCENARIOS = {
    "first sync": ([], (releases("v1"), ["sync"]), False),
    "upgrade": ([(releases("v1"), ["sync"]), (releases("v2"), ["sync"])],
                (releases("v3"), ["sync"]), False),
    "atomic": ([(releases("v1"), ["sync"])], (releases("v2", 99999, True), ["sync"]), True),
    "first atomic": ([], (releases("v1", 99999, True), ["sync"]), True),
    "destroy": ([(releases("v1"), ["sync"]), (releases("v2"), ["sync"])],
                (releases("v2"), ["destroy", "--yes"]), False),
    "rollback": ([(releases("v1"), ["sync"]), (releases("v2"), ["sync"])],
                 (releases("v2"), ["rollback", "web", "1"]), False),
}


class Failure(Exception):
    pass


def need(condition, text):
    if not condition:
        raise Failure(text)


class World:
    """A cluster, a store, a spec, and relfile."""

    def __init__(self, folder, relfile, stores, kind):
        self.folder, self.relfile, self.stores, self.kind = folder, relfile, stores, kind
        self.store = None
        for name in ("home", "app/templates"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "app/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
        (folder / "app/templates/all.yaml").write_text(TEMPLATE)

    @property
    def demo(self):
        return self.folder / "demo"

    def begin(self, base=None):
        """In a fresh store and cluster, or copies of those of BASE."""
        for path in (self.demo, self.folder / "home"):
            shutil.rmtree(path, ignore_errors=True)
        (self.folder / "home").mkdir()
        if self.store:
            self.stores.drop(self.store)
        self.store = self.stores.new(self.kind, base and base[0])
        if base and base[1].exists():
            shutil.copytree(base[1], self.demo)

    def keep(self, path):
        """What begin may start from again."""
        shutil.rmtree(path, ignore_errors=True)
        if self.demo.exists():
            shutil.copytree(self.demo, path)
        store, self.store = self.store, None
        return store, path

    def run(self, spec, arguments, **env):
        (self.folder / "helmfile.yaml").write_text(json.dumps(spec))
        done = subprocess.run(
            [self.relfile, *arguments, "-f", self.folder / "helmfile.yaml", "--target", "demo",
             "--target-location", self.demo, "--state", self.store.url], check=False,
            capture_output=True, encoding="utf-8", timeout=300, cwd=self.folder,
            env=clean_environment(self.folder / "home", **self.store.env, **env))
        need(not re.search("assertion|BUG|Sanitizer", done.stderr), done.stderr)
        return done

    def json(self, spec, *arguments):
        done = self.run(spec, [*arguments, "-o", "json"])
        need(done.returncode == 0, f"{arguments} ends with {done.returncode}:\n{done.stderr}")
        return json.loads(done.stdout)

    def objects(self):
        """All that releases consist of: what it is, and its uid."""
        found = {}
        for path in sorted((self.demo / "clusters").rglob("*.json")):
            item = json.loads(path.read_text())
            meta = item["metadata"]
            if meta.get("namespace") != "crash" or "deletionTimestamp" in meta \
                    or "meta.helm.sh/release-name" not in meta.get("annotations", {}) \
                    and not meta["name"].endswith("-hook"):
                continue
            what = (item["kind"], meta["name"], json.dumps(item.get("data"), sort_keys=True))
            found[what] = meta["uid"]
        return found

    def end(self, spec):
        """What a run leaves behind, but for how many revisions it took."""
        last = {}
        for record in self.json(spec, "history"):
            last[record["name"]] = (record["status"], record["chart"])
        return sorted(self.objects()), last


def check_history(records):
    for name in {record["name"] for record in records}:
        own = [record for record in records if record["name"] == name]
        numbers = [record["revision"] for record in own]
        status = [record["status"] for record in own]
        # of revisions that are pruned the deployed one is left, so that there may be one gap after it
        gaps = [a for a, b in zip(own, own[1:]) if b["revision"] != a["revision"] + 1]
        need(numbers == sorted(set(numbers)), f"{name}: revisions {numbers}")
        need(len(gaps) <= 1 and all(gap is own[0] for gap in gaps), f"{name}: revisions {numbers}")
        need(status.count("deployed") <= 2, f"{name}: {status}")


def acknowledged(path):
    """The keys of records that were put for certain, and not removed or being so."""
    there, asked = set(), {}
    for line in path.read_text().splitlines() if path.exists() else []:
        note = json.loads(line)
        who = note["pid"], note["id"]
        if note["what"] != "done":
            asked[who] = note
            if note["what"] == "remove":
                there.discard(note["key"])
        elif asked[who]["what"] == "put" and not note["error"]:
            there.add(asked[who]["key"])
    return {key for key in there if key.startswith("releases/")}


def check_after_kill(world, spec, history):
    """Whether the run will be told to have been interrupted."""
    records = world.json(spec, "history")
    check_history(records)
    there = {(record["name"], str(record["revision"])) for record in records}
    for key in acknowledged(history):
        found = re.search(r"/([^/]+)/v?(\d+)\.json$", key)
        need(found and found.groups() in there, f"{key} was acknowledged, and is not there")
    need(world.run(spec, ["status"]).returncode in (0, 1), "status cannot be read")
    return [run["id"] for run in world.json(spec, "log") if run["status"] == "interrupted"]


def check_end(world, scenario, expected):
    spec = scenario[1][0]
    found = world.end(spec)
    need(found == expected, f"it ends as {found}\nnot as         {expected}")
    records = world.json(spec, "history")
    check_history(records)
    for name in {record["name"] for record in records}:
        deployed = [r for r in records if r["name"] == name and r["status"] == "deployed"]
        need(len(deployed) <= 1, f"{name}: deployed are {[r['revision'] for r in deployed]}")
    done = world.run(spec, ["state", "fsck"])
    need(done.returncode == 0, f"fsck: {done.stdout}{done.stderr}")
    need(not world.json(spec, "lock", "show"), "a lock is left")
    runs = [run["status"] for run in world.json(spec, "log")]
    need(set(runs) <= {"succeeded", "failed", "interrupted"}, f"runs are {runs}")


def kill_at(world, scenario, base, expected, point, number):
    (spec, arguments), fails = scenario[1], scenario[2]
    history = world.folder / "acknowledged"
    history.unlink(missing_ok=True)
    world.begin(base)
    done = world.run(spec, arguments, RELFILE_FAILPOINT=f"{point}:{number}:kill",
                     RELFILE_HISTORY=str(history))
    if done.returncode != -9:
        return False  # threads came there less often
    before = world.objects()
    interrupted = check_after_kill(world, spec, history)
    done = world.run(spec, arguments)
    need((done.returncode != 0) == fails, f"the next run ends with {done.returncode}:\n{done.stderr}")
    for run in interrupted:
        need(f"run {run} " in done.stderr and "was interrupted" in done.stderr,
             f"nothing is said of {run}:\n{done.stderr}")
    after = world.objects()
    for what in set(before) & set(after):
        if not what[1].endswith("-hook") and "atomic" not in world.scenario:
            need(before[what] == after[what], f"{what} was made twice")
    try:
        check_end(world, scenario, expected)
    except Failure as failure:
        raise Failure(f"{failure}\nthe next run said\n{done.stderr}") from None
    return True


def prepare(world, name, scratch):
    """Where the scenario begins, how it ends, and how often it comes to each point."""
    before, (spec, arguments), fails = SCENARIOS[name]
    counts = scratch / "counts"
    world.scenario = name
    world.begin()
    for earlier, command in before:
        done = world.run(earlier, command)
        need(done.returncode == 0, f"{name}: {done.stderr}")
    base = world.keep(scratch / "base")
    world.begin(base)
    done = world.run(spec, arguments, RELFILE_FAILPOINT=f"count:{counts}")
    need((done.returncode != 0) == fails, f"{name}: it ends with {done.returncode}:\n{done.stderr}")
    points = [(point, n) for point, hits in map(str.split, counts.read_text().splitlines())
              for n in range(1, int(hits) + 1)]
    return base, world.end(spec), points


def scratch():
    """In memory, where there is room for it: what a kill leaves is the same there, and sync is fast."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30
    return (memory if roomy else Path("/tmp")) / f"relfile-crash-{time.time_ns()}"


def options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--relfile", default=ROOT / "build/tests/relfile", type=Path)
    parser.add_argument("--store", action="append", help="file, git+file, s3, git+https, git+ssh")
    parser.add_argument("--scenario", action="append", choices=SCENARIOS)
    parser.add_argument("--point", action="append", help="NAME or NAME:N")
    parser.add_argument("--sample", type=int, help="so many kills in each store")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--if-installed", action="store_true", help="else it is a failure")
    parser.add_argument("--folder", type=Path, default=scratch())
    return parser.parse_args(arguments)


def choose(o, kind, cases):
    if o.point:
        cases = [case for case in cases if {case[1], f"{case[1]}:{case[2]}"} & set(o.point)]
    if o.sample:
        cases = random.Random(f"{o.seed} {kind}").sample(cases, min(o.sample, len(cases)))
    return sorted(cases, key=lambda case: list(SCENARIOS).index(case[0]))


def crash_store(o, stores, kind):
    """Kills by scenario, and what went wrong."""
    kills, failures, prepared, cases = Counter(), [], {}, []
    world = World(o.folder / kind, o.relfile.absolute(), stores, kind)
    for name in o.scenario or SCENARIOS:
        prepared[name] = prepare(world, name, world.folder / name.replace(" ", "-"))
        cases += [(name, point, n) for point, n in prepared[name][2]]
    for name, point, number in choose(o, kind, cases):
        base, expected, _ = prepared[name]
        world.scenario = name
        try:
            kills[name] += kill_at(world, SCENARIOS[name], base, expected, point, number)
        except Failure as failure:
            failures.append(f"{kind}: {name}: {point}:{number}: {failure}")
            print(failures[-1], flush=True)
    return kills, failures


def main(arguments=None):
    o = options(arguments)
    begun = time.monotonic()
    total, failures = 0, []
    o.folder.mkdir(parents=True, exist_ok=True)
    with Stores(o.folder / "servers") as stores:
        for kind in o.store or stores.kinds:
            if kind not in stores.kinds:
                failures += [] if o.if_installed else [kind]
                print(f"{kind} is not installed")
                continue
            (o.folder / kind).mkdir(exist_ok=True)
            for name in SCENARIOS:
                (o.folder / kind / name.replace(" ", "-")).mkdir(exist_ok=True)
            kills, failed = crash_store(o, stores, kind)
            failures += failed
            total += sum(kills.values())
            print(f"{kind}: {sum(kills.values())} kills: "
                  + ", ".join(f"{name} {n}" for name, n in kills.items()), flush=True)
    print(f"{total} kills in {time.monotonic() - begun:.0f} s, {len(failures)} failures")
    if not failures:
        shutil.rmtree(o.folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
