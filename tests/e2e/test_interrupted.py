"""Runs that are interrupted, killed, or meet another: what they leave is whole, and the next goes on."""

import json
import os
import random
import signal
import subprocess
import time

import pytest

from conftest import clean_environment

RELEASES = 6

CHART = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: main, image: "nginx:{{ .Values.tag }}"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {tag: "{{ .Values.tag }}"}
"""


@pytest.fixture
def spec(tmp_path, demo):
    """spec("1.2") writes a spec with a few releases of that tag, and returns the options for it."""
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: any\nversion: 1.0.0\n")
    (chart / "templates" / "all.yaml").write_text(CHART)

    def spec(tag, namespaces=("test",)):
        path = tmp_path / "helmfile.yaml"
        path.write_text(json.dumps({"releases": [
            {"name": f"r{i}", "namespace": namespaces[i % len(namespaces)], "chart": "./chart",
             "values": [{"tag": str(tag)}]} for i in range(RELEASES)]}))
        return ["-f", str(path), *demo.options]

    return spec


@pytest.fixture
def start(relfile, home):
    """start("sync", …, pace=0.5) begins a run; a simulated second then takes half a real one."""
    started = []

    def start(*arguments, pace=0):
        started.append(subprocess.Popen(
            [str(a) for a in (relfile, *arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", env=clean_environment(home, RELFILE_DEMO_PACE=str(pace))))
        return started[-1]

    yield start
    for child in started:
        child.kill()
        child.wait()


def wait_for(child, *texts):
    """Read what CHILD says until all TEXTS are in it."""
    said = ""
    while any(text not in said for text in texts):
        line = child.stderr.readline()
        assert line, f"it never said {texts}, but\n{said}"
        said += line
    return said


def statuses(run, options):
    return {r["name"]: r for r in json.loads(run("status", "-o", "json", *options).stdout)}


def check_whole(run, options):
    """Status and history can be read, and say things that can be."""
    for release in statuses(run, options).values():
        assert release["status"] in ("deployed", "failed", "not-installed", "pending-install",
                                     "pending-upgrade")
    history = json.loads(run("history", "-o", "json", *options).stdout)
    for name in {r["name"] for r in history}:
        revisions = [r for r in history if r["name"] == name]
        numbers = [r["revision"] for r in revisions]
        assert numbers == sorted(set(numbers))
        assert [r["status"] for r in revisions].count("deployed") <= 1
    run("status", *options)
    run("history", *options)


def check_goes_on(run, spec, demo, tag):
    """The next run takes no notice of what was before, but for the revision's number."""
    options = spec(tag)
    run("sync", "--wait", *options)
    assert {s["status"] for s in statuses(run, options).values()} == {"deployed"}
    assert {(s["ready"], s["objects"]) for s in statuses(run, options).values()} == {(2, 2)}
    assert run("diff", *options).stdout == ""
    maps = {o["metadata"]["name"]: o["data"]["tag"] for _, o in demo.objects()
            if o["kind"] == "ConfigMap" and o["metadata"]["namespace"] == "test"
            and o["metadata"]["name"].startswith("r")}
    assert maps == {f"r{i}": str(tag) for i in range(RELEASES)}


def test_a_run_may_be_killed_at_any_moment(run, start, spec, demo):
    rounds = int(os.environ.get("TEST_ROUNDS", "20"))
    chance = random.Random(1)
    killed = 0
    for number in range(rounds):
        options = spec(f"killed-{number}")
        child = start("sync", "--wait", *options, pace=chance.choice((0, 0, 0.02)))
        time.sleep(chance.uniform(0.002, 0.12))
        child.kill()
        child.communicate()
        killed += child.returncode == -signal.SIGKILL
        check_whole(run, options)
        if number % 4 == 3:
            check_goes_on(run, spec, demo, f"whole-{number}")
    assert killed > rounds / 4
    run("destroy", "--yes", *spec("gone"))
    assert demo.released() == []


def test_destroy_may_be_killed_at_any_moment(run, start, spec, demo):
    chance = random.Random(2)
    for number in range(6):
        options = spec(number)
        run("sync", *options)
        child = start("destroy", "--yes", *options, pace=0.02)
        time.sleep(chance.uniform(0.002, 0.08))
        child.kill()
        child.communicate()
        run("status", *options)
        run("destroy", "--yes", *options)
        assert demo.released() == []
        assert {s["status"] for s in statuses(run, options).values()} == {"not-installed"}


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_in_good_order(run, start, spec, demo, number, code):
    options = spec(1)
    child = start("sync", "--wait", "--concurrency", "2", *options, pace=5)
    wait_for(child, "test/r0  1/2 ready", "test/r1  1/2 ready")
    child.send_signal(number)
    begun = time.monotonic()
    _, log = child.communicate(timeout=60)
    assert time.monotonic() - begun < 10
    assert child.returncode == code
    assert "interrupted while waiting: Deployment/r" in log
    assert log.count("  skipped\n") == RELEASES - 2
    found = statuses(run, options)
    assert sorted(s["status"] for s in found.values()) == ["failed"] * 2 + ["not-installed"] * 4
    assert {s["reason"].split(": Depl")[0] for s in found.values() if s["status"] == "failed"} == \
        {"Install failed: interrupted while waiting"}
    check_goes_on(run, spec, demo, 2)  # with no lock in the way


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_template_that_runs_on(start, tmp_path, number, code):
    templates = tmp_path / "web/templates"
    templates.mkdir(parents=True)
    (tmp_path / "helmfile.yaml").write_text("releases:\n- name: web\n  chart: ./web\n")
    (tmp_path / "web/Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (templates / "map.yaml").write_text("{{ range 1000000000000 }}{{ end }}\n")
    child = start("template", "-f", tmp_path / "helmfile.yaml", "--limit",
                  "time=60m,steps=1000000000000")
    time.sleep(0.3)
    began = time.monotonic()
    child.send_signal(number)
    _, said = child.communicate(timeout=30)
    assert time.monotonic() - began < 5
    assert "interrupted while rendering" in said
    assert "map.yaml:1:1" in said
    assert child.returncode == code


def test_what_is_begun_is_finished_after_a_signal(run, start, spec, demo):
    """Without --wait there is nothing that can be given up half way."""
    options = spec(1)
    for number in range(10):
        child = start("sync", "--concurrency", "1", *spec(number))
        wait_for(child, "test/r0")
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
        assert child.returncode in (130, 0)
        assert {s["status"] for s in statuses(run, options).values()} <= {"deployed", "not-installed"}
    check_goes_on(run, spec, demo, "last")


def test_a_second_signal_ends_it_at_once(run, start, spec, demo):
    options = spec(1)
    child = start("sync", "--wait", "--concurrency", "2", *options, pace=5)
    wait_for(child, "1/2 ready")
    child.send_signal(signal.SIGSTOP)  # so that the two arrive together
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGTERM)
    child.send_signal(signal.SIGCONT)
    begun = time.monotonic()
    child.communicate(timeout=60)
    assert time.monotonic() - begun < 10
    assert child.returncode in (130, 143, -signal.SIGINT, -signal.SIGTERM)
    check_whole(run, options)
    check_goes_on(run, spec, demo, 2)


def test_a_second_run_waits_for_the_lock_or_says_who_has_it(run, start, spec):
    options = spec(1)
    child = start("sync", "--wait", *options, pace=0.3)
    wait_for(child, "1/2 ready")
    log = run("sync", *options, expect=1).stderr
    assert f", pid {child.pid}, for " in log
    assert 'error: lock "default/test" is held by ' in log
    run("diff", *options)  # reading needs no lock
    log = run("sync", "--lock-timeout", "60", *options).stderr
    assert "waiting for the lock on default/test, held by " in log
    child.communicate()
    assert child.returncode == 0
    assert {s["revision"] for s in statuses(run, options).values()} == {2}


def test_two_runs_share_a_cluster(run, start, spec, demo):
    """Of other namespaces, they have no lock in common."""
    options = spec(1, namespaces=("one", "two"))
    for _ in range(5):
        children = [start("sync", "--wait", "-l", f"namespace={name}", *options, pace=0.02)
                    for name in ("one", "two")]
        for child in children:
            _, log = child.communicate(timeout=120)
            assert child.returncode == 0, log
            assert f"{RELEASES // 2} releases · " in log
    assert {(s["status"], s["revision"], s["ready"]) for s in statuses(run, options).values()} == \
        {("deployed", 5, 2)}
