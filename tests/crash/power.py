#!/usr/bin/env python3
"""Power failures: what a disk that keeps no more than it was told to sync has of a file store.

    make power                              thousands of moments
    tests/crash/power.py --moments 300      some of them, always the same ones

disk.c writes down what runs do to the store's folder, in order. A power failure is a place in that
list: what was synced before it is there; what was not is, or is not, by chance: each write, each name
in a folder by itself. On each such disk
  - every change that was acknowledged is there, or a later one that was being made;
  - each file is the whole of what was put there at one time.
On some of them relfile is run: it reads them, fsck finds nothing, and a sync goes on.

--forget file|folder leaves out what syncs those: then there must be losses, or nothing is proven.
--faults has the disk full, read-only, or failing to sync at each change in turn, instead.
"""

import argparse
import hashlib
import json
import random
import shutil
import sys
from collections import defaultdict
from pathlib import Path

from crash import (Failure, ROOT, SCENARIOS, Stores, World, acknowledged, check_history, need,
                   releases, scratch)


class Disk:
    """Inodes, each with what is on the disk for certain, and changes that may be."""

    def __init__(self):
        self.data = {}  # of files, as programs see it
        self.kept = {}  # the same, synced
        self.loose = defaultdict(list)  # writes since
        self.names = defaultdict(dict)  # of folders: name and inode, as programs see it
        self.kept_names = defaultdict(dict)
        self.loose_names = defaultdict(list)

    def do(self, line):
        what, *rest = line.split(" ")
        if what in ("create", "folder"):
            folder, inode, name = int(rest[0]), int(rest[1]), rest[2]
            if what == "create":
                self.data[inode], self.kept[inode], self.loose[inode] = b"", b"", []
            else:
                self.data.pop(inode, None)
                self.names[inode], self.kept_names[inode], self.loose_names[inode] = {}, {}, []
            self._name(folder, name, inode)
        elif what == "rename":
            inode = self.names[int(rest[0])][rest[1]]
            self._name(int(rest[2]), rest[3], inode)
            self._name(int(rest[0]), rest[1], None)
        elif what == "remove":
            self._name(int(rest[0]), rest[1], None)
        elif what == "write":
            inode, offset, new = int(rest[0]), int(rest[1]), bytes.fromhex(rest[2])
            self.data[inode] = lay(self.data[inode], offset, new)
            self.loose[inode].append((offset, new))
        elif what == "size":
            self.data[int(rest[0])] = b""
            self.loose[int(rest[0])].append(None)
        elif what == "sync":
            self._sync(int(rest[0]))
        elif what == "all":
            for inode in set(self.data) | set(self.names):
                self._sync(inode)

    def _name(self, folder, name, inode):
        if inode is None:
            self.names[folder].pop(name, None)
        else:
            self.names[folder][name] = inode
        self.loose_names[folder].append((name, inode))

    def _sync(self, inode):
        if inode in self.data:
            self.kept[inode], self.loose[inode] = self.data[inode], []
        self.kept_names[inode], self.loose_names[inode] = dict(self.names[inode]), []

    def tree(self, root, chance=None):
        """Path and bytes of all files below the folder ROOT after a failure; CHANCE: what was not
        synced may be there."""
        entries = dict(self.kept_names[root])
        for name, inode in self.loose_names[root]:
            if chance and chance.random() < 0.5:
                entries.pop(name, None)
                if inode is not None:
                    entries[name] = inode
        found = {}
        for name, inode in entries.items():
            if inode in self.data:
                found[name] = self._bytes(inode, chance)
            else:
                below = self.tree(inode, chance)
                found.update({f"{name}/{path}": data for path, data in below.items()})
        return found

    def _bytes(self, inode, chance):
        data = self.kept[inode]
        for change in self.loose[inode]:
            if not chance or chance.random() < 0.5:
                continue
            data = b"" if change is None else lay(data, change[0],
                                                  change[1][:chance.randint(0, len(change[1]))])
        return data


def lay(data, offset, new):
    return data[:offset].ljust(offset, b"\0") + new + data[offset + len(new):]


class Changes:
    """What was asked of the store until now, and what each key may be after a failure."""

    def __init__(self, lines):
        self.done = {}  # of those that are asked for, what came of it in the end
        self.now, self.open = {}, {}
        for note in map(self._note, lines):
            if note and note["what"] == "done":
                self.done[note["pid"], note["id"]] = note

    @staticmethod
    def _note(line):
        return json.loads(line[5:]) if line.startswith("note ") else None

    def see(self, line):
        note = self._note(line)
        if not note:
            return
        who = note["pid"], note["id"]
        if note["what"] != "done":
            self.open[who] = note
            return
        asked = self.open.pop(who)
        if not note["error"]:
            self.now[asked["key"]] = note["version"] or None

    def allowed(self):
        may = defaultdict(set)
        for key, version in self.now.items():
            may[key].add(version)
        for who, asked in self.open.items():
            may[asked["key"]].add(self.now.get(asked["key"]))
            if who in self.done:
                may[asked["key"]].add(self.done[who]["version"] or None)
        return may


def judge(tree, may):
    """What is wrong with TREE."""
    files = {path: hashlib.sha256(data).hexdigest() for path, data in tree.items()
             if not path.rsplit("/", 1)[-1].startswith(".")}
    for key, versions in may.items():
        if files.get(key) not in versions:
            what = "is not there" if key not in files else "is an earlier one" if \
                files[key] in versions else "is not what was put there last"
            return f"{key} {what}"
    strange = set(files) - set(may)
    return f"{strange} were never acknowledged" if strange else None


def record(o, folder, runs):
    """The list of what RUNS do to the disk, and the inode of the folder above the store's."""
    with Stores(folder / "servers") as stores:
        world = World(folder, o.relfile.absolute(), stores, "file")
        world.begin()
        store = world.folder / "store"
        store.mkdir()
        world.store = world.store._replace(url=str(store / "state"), place=store / "state")
        env = {"LD_PRELOAD": str(o.disk.absolute()), "DISK_ROOT": world.store.url,
               "DISK_LOG": str(folder / "log"), "RELFILE_HISTORY": str(folder / "history")}
        if o.forget:
            env["DISK_FORGETS"] = o.forget
        for spec, arguments, fails in runs:
            done = world.run(spec, arguments, **env)
            need((done.returncode != 0) == fails, f"{arguments}: {done.stderr}")
        shutil.copytree(world.demo, folder / "cluster")
        return (folder / "log").read_text().splitlines(), store.stat().st_ino


# What is run, and whether it fails.
RUNS = [(releases("v1"), ["sync"], False), (releases("v2"), ["sync"], False),
        (releases("v3", 99999, True), ["sync"], True), (releases("v3"), ["sync"], False),
        (releases("v4"), ["sync"], False), (releases("v4"), ["rollback", "web"], False),
        (releases("v4"), ["destroy", "--yes"], False), (releases("v5"), ["sync"], False)]


def go_on(o, folder, tree):
    """Run relfile on what a failure has left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with Stores(folder / "servers") as stores:
        world = World(folder, o.relfile.absolute(), stores, "file")
        world.begin()
        shutil.copytree(folder.parent / "cluster", world.demo)
        for path, data in tree.items():
            place = world.store.place / path.removeprefix("state/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        spec = releases("v6")
        check_history(world.json(spec, "history"))
        done = world.run(spec, ["sync"])
        need(done.returncode == 0, done.stderr)
        done = world.run(spec, ["state", "fsck"])
        need(done.returncode == 0, done.stdout + done.stderr)
        check_history(world.json(spec, "history"))


def fail_power(o):
    folder = o.folder / "power"
    folder.mkdir(parents=True)
    lines, above = record(o, folder, RUNS)
    chance = random.Random(o.seed)
    moments = sorted(chance.choices(range(len(lines) + 1), k=o.moments))
    runs = set(chance.sample(range(o.moments), min(o.runs, o.moments)))
    disk, changes, at, losses = Disk(), Changes(lines), 0, []
    for number, moment in enumerate(moments):
        for line in lines[at:moment]:
            disk.do(line)
            changes.see(line)
        at = max(at, moment)
        kept = {path.removeprefix("state/"): data for path, data in
                disk.tree(above, chance if number % 4 else None).items()}
        wrong = judge(kept, changes.allowed())
        if not wrong and number in runs:
            try:
                go_on(o, folder / "after", kept)
            except Failure as failure:
                wrong = str(failure)
        if wrong:
            losses.append(f"power failure after line {moment} of {len(lines)}: {wrong}")
    print(f"{o.moments} power failures in {len(lines)} steps, after {len(runs)} of them runs that "
          f"went on; {len(losses)} losses (seed {o.seed})")
    print("\n".join(losses[:5]))
    return bool(losses)


MESSAGES = {"full": "No space left on device", "read-only": "Read-only file system",
            "sync": "Input/output error"}


def fault_at(o, world, base, kind, number):
    """Whether there was a fault, or the run had ended before."""
    (spec, arguments), history = SCENARIOS["upgrade"][1], o.folder / "acknowledged"
    history.unlink(missing_ok=True)
    world.begin(base)
    done = world.run(spec, arguments, LD_PRELOAD=str(o.disk.absolute()), RELFILE_HISTORY=str(history),
                     DISK_ROOT=world.store.url, DISK_LOG="/dev/null", DISK_FAULT=f"{kind}:{number}")
    happened = MESSAGES[kind] in done.stderr
    need((done.returncode != 0) == happened or "could not be written down" in done.stderr,
         f"it ends with {done.returncode}:\n{done.stderr}")
    there = {(r["name"], r["revision"]) for r in world.json(spec, "history")}
    for key in acknowledged(history):
        *_, name, file = key.split("/")
        need((name, int(file.strip("v").removesuffix(".json"))) in there, f"{key} is lost")
    done = world.run(spec, arguments)
    need(done.returncode == 0, f"the next run: {done.stderr}")
    done = world.run(spec, ["state", "fsck"])
    need(done.returncode == 0, f"fsck: {done.stdout}")
    check_history(world.json(spec, "history"))
    return happened


def fail_disk(o):
    failures, faults = [], 0
    o.folder.mkdir(parents=True)
    with Stores(o.folder / "servers") as stores:
        world = World(o.folder / "world", o.relfile.absolute(), stores, "file")
        world.begin()
        for spec, arguments in SCENARIOS["upgrade"][0]:
            need(world.run(spec, arguments).returncode == 0, "it cannot begin")
        base = world.keep(o.folder / "base")
        for kind in MESSAGES:
            for number in range(1, 1000, o.every):
                try:
                    happened = fault_at(o, world, base, kind, number)
                except Failure as failure:
                    failures.append(f"{kind}:{number}: {failure}")
                    continue
                faults += happened
                if not happened:
                    break
    print(f"{faults} faults of a disk; {len(failures)} failures")
    print("\n".join(failures[:5]))
    return bool(failures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--relfile", default=ROOT / "build/tests/relfile", type=Path)
    parser.add_argument("--disk", default=ROOT / "build/tests/disk.so", type=Path)
    parser.add_argument("--moments", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=40, help="of relfile, after some of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forget", choices=["file", "folder"])
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="only each Nth fault")
    parser.add_argument("--folder", type=Path, default=scratch())
    o = parser.parse_args()
    failed = (fail_disk if o.faults else fail_power)(o)
    shutil.rmtree(o.folder)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
