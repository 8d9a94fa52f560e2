"""Locks in git that are held for long: their signs of life are not in the branch's history."""

import json
import re
import subprocess
import time
from contextlib import ExitStack

import pytest

from conftest import clean_environment
from servers import (git, git_https_store, git_store as store, new_name, store_of, git_http_server,  # noqa: F401
                     ssh_server)  # noqa: F401
from test_state import shared_connection

TTL_MS = {"git+file": 4000, "git+https": 6000, "git+ssh": 15000}  # connections of ssh take long
BEATS = "refs/relfile/heartbeats"


@pytest.fixture(params=["git+file", "git+https"])
def prompt(request, tmp_path):
    """A store that answers within fractions of a lock's life, also on a slow machine."""
    return store_of(request, tmp_path)


class Long:
    """A run that holds its lock until the file "go" is there."""

    def __init__(self, program, store, home, folder, **more):  # noqa: F811
        self.folder, self.program, self.store = folder, program, store
        self.env = clean_environment(home, RELFILE_LOCK_TTL=str(TTL_MS[store.kind]), **store.env, **more)
        (folder / "app/templates").mkdir(parents=True)
        (folder / "app/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
        (folder / "app/templates/all.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {a: b}\n")
        (folder / "helmfile.yaml").write_text(json.dumps({"releases": [
            {"name": "web", "namespace": "shop", "chart": "./app", "hooks": [
                {"events": ["preapply", "presync"], "command": "sh", "args": [
                    "-c", "touch begun; for i in $(seq 900); do [ -e go ] && exit; sleep 0.1; done"]}]}]}))
        self.process = self.start("sync")
        self.wait_for(lambda: (folder / "begun").exists())

    def start(self, *arguments):
        return subprocess.Popen([self.program, *arguments, "-f", self.folder / "helmfile.yaml", "--target", "demo",
                                 "--target-location", self.folder / "cluster", "--state", self.store.url],
                                cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                encoding="utf-8")

    def run(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    @staticmethod
    def wait_for(condition):
        for _ in range(300):
            if condition():
                return
            time.sleep(0.1)
        pytest.fail("nothing has come of it")

    def lock(self):
        return json.loads(self.run("lock", "show", "-o", "json")[1])[0]

    def commits(self, reference):
        if not git("-C", self.store.place, "for-each-ref", f"refs/heads/{reference}", reference):
            return []
        return git("-C", self.store.place, "log", "--format=%s", reference).splitlines()

    def has_beats(self):
        return bool(git("-C", self.store.place, "for-each-ref", BEATS))

    def end(self):
        (self.folder / "go").touch()
        return self.process.communicate(timeout=120), self.process.returncode


@pytest.fixture
def long(pointed, home, tmp_path):
    runs, stack = [], ExitStack()

    def start(store):  # noqa: F811
        more = {}
        if store.kind == "git+ssh":  # new connections may take longer than such a lock lasts
            more["GIT_SSH_COMMAND"] = stack.enter_context(shared_connection(store))
        runs.append(Long(pointed, store, home, tmp_path / "long", **more))
        return runs[-1]

    with stack:
        yield start
    for run in runs:
        run.process.kill()
        run.process.communicate()


def assert_held(run):
    """For longer than a lock lasts, by one who is known to live."""
    first = run.lock()
    time.sleep(TTL_MS[run.store.kind] / 1000 * 1.3)
    code, _, err = run.run("sync", "--lock-timeout", "2")
    assert code != 0 and re.search(r"is held by .*last sign of life \d+ s ago", err), err
    assert run.lock()["since"] == first["since"] and run.lock()["renewed"] > first["renewed"]


def allow(store, condition):  # noqa: F811
    """The server takes a push of $1, which was $2, as $3 only on CONDITION."""
    hook = store.place / "hooks" / "update"
    hook.write_text(f"#!/bin/sh\n{condition} || {{ echo no >&2; exit 1; }}\n")
    hook.chmod(0o755)


def test_signs_of_life_add_nothing_to_the_branch(long, prompt):
    run = long(prompt)
    before = run.commits("main")
    assert_held(run)
    assert run.commits("main") == before and run.commits(BEATS) == ["Locks are held"]
    (_, err), code = run.end()
    assert code == 0, err
    assert not [title for title in run.commits("main") if "still locked" in title]
    git("-C", prompt.place, "fsck", "--strict")


def test_where_a_reference_may_not_be_rewritten_the_signs_are_a_chain(long, prompt):
    if prompt.kind == "git+file":
        pytest.skip("in a folder there is no server that refuses it")
    allow(prompt, '[ "$2" = "$(printf %040d 0)" ] || git merge-base --is-ancestor "$2" "$3"')
    run = long(prompt)
    before = run.commits("main")
    assert_held(run)
    assert run.commits("main") == before and len(run.commits(BEATS)) > 1
    assert run.end()[1] == 0


def test_where_only_the_branch_may_be_pushed_the_signs_are_on_it(long, git_http_server):  # noqa: F811
    store = git_https_store(git_http_server, new_name())  # noqa: F811
    allow(store, '[ "$1" = refs/heads/main ]')
    run = long(store)
    assert_held(run)
    assert not run.has_beats() and "shop: still locked by" in " ".join(run.commits("main"))
    assert run.end()[1] == 0


def test_who_is_silent_for_too_long_loses_the_lock_and_changes_nothing(long, store):
    run = long(store)
    run.process.send_signal(19)  # SIGSTOP
    (run.folder / "go").touch()
    code, _, err = run.run("sync", "--lock-timeout", "60")
    assert code == 0, err
    there = git("-C", store.place, "rev-parse", "main")
    run.process.send_signal(18)  # SIGCONT
    _, err = run.process.communicate(timeout=120)
    assert run.process.returncode != 0 and re.search("lost its lock|another run wrote it", err), err
    assert git("-C", store.place, "rev-parse", "main") == there


def test_a_lock_that_an_earlier_relfile_holds_is_waited_for(long, prompt, tmp_path):
    """It is rewritten on the branch, and never taken over."""
    run = long(prompt)
    name = json.loads(run.run("lock", "show", "-o", "json")[1])[0]["name"].replace("/", "%2F")
    run.end()
    clone = tmp_path / "clone"
    git("clone", "-q", prompt.place, clone)
    lock = clone / f"state/locks/{name}.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    for beats in range(1, 4):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        lock.write_text(json.dumps({"format": 1, "holder": "eve@old, pid 1", "token": "0" * 32, "run": "",
                                    "ttl_ms": 4000, "beats": beats, "since": now, "renewed": now}))
        git("-C", clone, "add", ".")
        git("-C", clone, "commit", "-qm", "shop: locked by eve@old")
        git("-C", clone, "push", "-q", "origin", "HEAD:main")
        code, _, err = run.run("sync", "--lock-timeout", "1")
        assert code != 0 and 'is held by eve@old, pid 1' in err, err
    code, _, err = run.run("sync", "--lock-timeout", "20")  # eve is gone
    assert code == 0, err
