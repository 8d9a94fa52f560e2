"""Runs that are killed at each of their steps, and what the next one makes of it. Here a sample, always
the same; `make crash` does all."""

import subprocess
import sys

import pytest

from conftest import ROOT, clean_environment

CRASH = ROOT / "tests" / "crash" / "crash.py"


@pytest.mark.parametrize("kind, kills", [("file", 24), ("git+file", 10), ("s3", 10), ("minio", 6), ("git+https", 6)])
def test_the_run_after_one_that_was_killed_ends_as_if_it_had_not_been(pointed, kind, kills):
    done = subprocess.run([sys.executable, CRASH, "--relfile", pointed, "--if-installed", "--store", kind,
                           "--sample", str(kills)], check=False, capture_output=True, encoding="utf-8",
                          timeout=600)
    if "is not installed" in done.stdout:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    print(done.stdout)  # counts, for pytest -s


def test_the_program_that_is_shipped_has_no_points_to_be_killed_at(relfile, pointed, home):
    def said(program):
        return subprocess.run([program, "version"], check=True, capture_output=True, encoding="utf-8",
                              env=clean_environment(home, RELFILE_FAILPOINT="list")).stdout
    assert "pending-done" in said(pointed).splitlines()
    assert "pending-done" not in said(relfile)
    assert b"RELFILE_FAILPOINT" not in relfile.read_bytes()


# ---- power failures, and disks that are bad


@pytest.fixture
def power(pointed):
    def power(*options):
        disk = pointed.parent / "disk.so"
        if not disk.exists():
            pytest.skip(f"{disk} is not built: make e2e")
        return subprocess.run(
            [sys.executable, CRASH.parent / "power.py", "--relfile", pointed, "--disk", disk, *options],
            check=False, capture_output=True, encoding="utf-8", timeout=600)

    if b"__asan_init" in pointed.read_bytes():
        pytest.skip("what is loaded before libc does not go with sanitizers")
    return power


def test_a_power_failure_takes_nothing_that_was_acknowledged(power):
    done = power("--moments", "1000", "--runs", "5")
    assert done.returncode == 0 and "1000 power failures" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_proves_that_notices_a_sync_that_is_forgotten(power, what):
    done = power("--moments", "300", "--runs", "0", "--forget", what)
    assert done.returncode == 1 and " is not " in done.stdout, done.stdout + done.stderr


def test_a_disk_that_is_full_or_read_only_loses_nothing(power):
    done = power("--faults", "--every", "5")
    assert done.returncode == 0 and " 0 failures" in done.stdout, done.stdout + done.stderr


# ---- what was left


def killed(pointed, spec, home, point, *arguments):
    done = subprocess.run(
        [pointed, *arguments, *spec.demo.options], cwd=spec.folder, check=False, capture_output=True,
        encoding="utf-8", env=clean_environment(home, RELFILE_FAILPOINT=f"{point}:kill"))
    assert done.returncode == -9, done.stderr


@pytest.fixture
def one(spec):
    spec.releases("name: web, namespace: shop, chart: ./app")
    return spec


def test_what_an_upgrade_that_failed_has_not_deleted_is_deleted_later(one):
    one("sync", "--set", "more=yes")
    one("sync", "--set", "bad=yes", expect=1)
    assert set(one.texts()) == {"web", "web-more"}
    one("sync")
    assert set(one.texts()) == {"web"}


def test_what_only_an_upgrade_that_was_killed_has_made_is_deleted(one, pointed, home):
    one("sync")
    killed(pointed, one, home, "object-done:2", "sync", "--set", "more=yes")
    assert set(one.texts()) == {"web", "web-more"}
    assert "web-more" in one("diff").stdout
    one("sync")
    assert set(one.texts()) == {"web"}
    assert one("diff").stdout == ""


def test_an_installation_that_was_killed_is_one_again(one, pointed, home):
    one.write("app/templates/job.yaml", """apiVersion: v1
kind: ConfigMap
metadata: {name: prepared, annotations: {helm.sh/hook: pre-install}}
data: {text: '{{ if .Release.IsInstall }}first{{ end }}'}
""")
    killed(pointed, one, home, "pending-done:1", "sync")
    assert "prepared" not in one.texts()
    said = one("sync").stderr
    assert "was interrupted" in said and "pre-install hook prepared" in said
    assert one.texts()["prepared"] == "first"
    [first, last] = one.json("history")
    assert (first["status"], last["status"]) == ("failed", "deployed")


@pytest.mark.parametrize("point", ["lock-taken:1", "run-begin:1"])
def test_of_several_runs_that_were_killed_none_is_left_open(one, pointed, home, point):
    killed(pointed, one, home, "object:1", "sync")
    killed(pointed, one, home, point, "sync")
    one("sync")
    one("state", "fsck")
    assert [run["status"] for run in one.json("log")] == ["interrupted", "succeeded"]


# ---- on a terminal


@pytest.fixture
def on_screen(on_terminal, one):
    def on_screen(*arguments, **more):
        return on_terminal(*arguments, *one.demo.options, cwd=one.folder, **more)

    return on_screen


def test_on_a_terminal_the_user_is_asked_whether_to_go_on(one, on_screen, pointed, home):
    killed(pointed, one, home, "object:1", "sync")
    for _ in range(2):  # "no" is no for the next run, too
        code, text = on_screen("sync", answer="n")
        assert code == 1 and "was interrupted" in text and "--resume goes on" in text
        assert one.texts() == {}
    code, text = on_screen("sync", answer="y")
    assert code == 0 and one.texts() == {"web": "one"}
    assert "[y/N]" not in on_screen("sync")[1]


@pytest.mark.parametrize("arguments, env", [(["--resume"], {}), (["--yes"], {}), ([], {"CI": "true"}),
                                            ([], {"RELFILE_RESUME": "1"})])
def test_nobody_is_asked_who_has_said_so(one, on_screen, pointed, home, arguments, env):
    killed(pointed, one, home, "object:1", "sync")
    code, text = on_screen("sync", *arguments, env=env)
    assert code == 0 and "was interrupted" in text and "[y/N]" not in text
    assert one.texts() == {"web": "one"}


def test_a_run_that_is_aborted_is_not_gone_on_with(one, on_screen, pointed, home):
    killed(pointed, one, home, "object-done:1", "sync")
    [run] = one.json("log")
    assert run["status"] == "interrupted"
    assert one("run", "abort").stdout == f"{run['id']}: aborted\n"
    assert [r["status"] for r in one.json("history")] == ["failed"]
    assert one.json("lock", "show") == []
    assert one.texts() == {"web": "one"}  # objects stay as they are
    code, text = on_screen("sync")
    assert code == 0 and "interrupted" not in text
