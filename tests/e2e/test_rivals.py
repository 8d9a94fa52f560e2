"""Processes that change one state at a time, and are killed, stopped and cut off; and what checks them.
Here in short; `make concurrency SECONDS=600` for longer."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest

from conftest import ROOT, clean_environment
from servers import store, s3_server, minio_server, git_http_server, ssh_server  # noqa: F401
from test_state import shared_connection

sys.path.insert(0, str(ROOT / "tests" / "crash"))
from histories import FOREVER, Operation, check, left, read  # noqa: E402

LOCK, RECORD = "locks/night.json", "releases/%/a/b/1.json"


def rivals(program, *options):
    return subprocess.run([sys.executable, ROOT / "tests/crash/rivals.py", "--relfile", program, *options],
                          check=False, capture_output=True, encoding="utf-8", timeout=900)


@pytest.mark.parametrize("kind", ["file", "git+https", "s3", "minio"])
def test_of_many_runs_that_are_killed_stopped_and_cut_off_no_two_write(pointed, kind):
    done = rivals(pointed, "--store", kind, "--seconds", "6", "--runs", "30")
    if "is not installed" in done.stdout:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0 and " 0 wrong" in done.stdout, done.stdout + done.stderr
    print(done.stdout)  # counts, for pytest -s
    assert int(done.stdout.split(" runs of ")[0].rsplit(" ", 1)[1]) >= 30, done.stdout


@pytest.fixture
def sleeper(pointed, spec, home, store, tmp_path):  # noqa: F811
    """sleeper(…) is a run that is stopped until another has taken its lock over, and has done its work;
    how it ends, and what of the history of both cannot be. Each has a cluster of its own."""
    spec.releases("name: web, namespace: default, chart: ./app")
    history = tmp_path / "history"
    more, stack = {"RELFILE_LOCK_TTL": "1000"}, ExitStack()
    if store.kind == "git+ssh":  # new connections may take longer than such a lock lasts
        more = {"RELFILE_LOCK_TTL": "5000", "GIT_SSH_COMMAND": stack.enter_context(shared_connection(store))}

    def start(cluster, **env):
        return subprocess.Popen(
            [pointed, "sync", "--target", "demo", "--target-location", tmp_path / cluster,
             "--state", store.url, "--lock-timeout", "30"], cwd=spec.folder, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(
                home, RELFILE_HISTORY=str(history), **more, **store.env, **env))

    def sleeper(**env):
        first = start("one", RELFILE_FAILPOINT="object:1:stop", **env)
        assert os.WIFSTOPPED(os.waitpid(first.pid, os.WUNTRACED)[1])
        second = start("two", **env)
        said = second.communicate(timeout=120)[1]
        assert second.returncode == 0, said
        first.send_signal(signal.SIGCONT)
        said = first.communicate(timeout=120)[1]
        return first.returncode, said, check(read(history))

    with stack:
        yield sleeper


def test_a_run_that_slept_too_long_changes_nothing_any_more(sleeper):
    code, said, wrong = sleeper()
    assert code == 1 and "this run has lost its lock" in said
    assert wrong == []


def test_what_proves_that_notices_changes_that_do_not_depend_on_the_lock(sleeper):
    for _ in range(5):  # in git what it does depends on which of its threads sees first what the other has done
        _, said, wrong = sleeper(RELFILE_UNGUARDED="1")
        if wrong:
            break
    assert wrong and all("of a later one" in line or "of holder" in line for line in wrong), said


# ---- the checker


def put(key, expected, version, start, end, token="", holder="", outcome="done"):
    return Operation("put", key, expected, version, outcome, start, end, token,
                     json.dumps({"token": holder}) if holder else "")


def remove(key, expected, start, end, token="", outcome="done"):
    return Operation("remove", key, expected, "", outcome, start, end, token, "")


HELD_IN_TURN = [put(LOCK, "", "l1", 0, 1, holder="A"), put(LOCK, "l1", "l2", 10, 11, holder="A"),
                put(LOCK, "l2", "l3", 20, 21, holder="B"), remove(LOCK, "l3", 30, 31)]
WRITTEN_IN_TURN = [put(RECORD, "", "r1", 2, 3, "A"), put(RECORD, "r1", "r2", 12, 13, "A"),
                   put(RECORD, "r2", "r3", 22, 23, "B")]


def test_what_was_done_in_turn_is_right():
    assert check(HELD_IN_TURN + WRITTEN_IN_TURN) == []


@pytest.mark.parametrize("more, said", [
    pytest.param([put(RECORD, "r2", "r4", 24, 25, "B")], "were acknowledged", id="one text replaced twice"),
    pytest.param([put(RECORD, "", "r4", 24, 25, "B")], "nobody removed it", id="made twice"),
    pytest.param([put(RECORD, "r9", "r4", 24, 25, "B")], "nobody had put that", id="a text that never was"),
    pytest.param([put("releases/%/a/b/2.json", "", "x", 24, 25, "A")], "of holder 0 after",
                 id="begun by who had lost the lock"),
    pytest.param([put(RECORD, "r3", "r4", 14, 25, "A")], "of a later one",
                 id="accepted of who had lost the lock"),
    pytest.param([remove(RECORD, "r3", 24, 25, "A")], "of a later one", id="removed by who had lost it"),
])
def test_what_cannot_be_is_noticed(more, said):
    assert any(said in wrong for wrong in check(HELD_IN_TURN + WRITTEN_IN_TURN + more))


def test_of_what_was_not_answered_nothing_is_known():
    lost = put(RECORD, "r3", "", 24, FOREVER, "B", outcome="unknown")
    later = put(RECORD, "r4", "r5", 26, 27, "B")
    assert check(HELD_IN_TURN + WRITTEN_IN_TURN + [lost, later]) == []
    assert left(WRITTEN_IN_TURN)[RECORD] is True
    assert left([*WRITTEN_IN_TURN, remove(RECORD, "r3", 24, 25)])[RECORD] is False
    assert left([*WRITTEN_IN_TURN, lost])[RECORD] is None
