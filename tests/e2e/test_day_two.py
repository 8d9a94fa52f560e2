"""ps, logs, restart, stop and start."""

import json

import pytest

from test_changes import POD


@pytest.fixture
def running(spec):
    spec.write("app/templates/config.yaml", POD.replace("replicas: 1", "replicas: 2"))
    spec.releases("name: web, namespace: shop, chart: ./app, wait: true, values: [{image: i}]",
                  "name: other, namespace: shop, chart: ./app, installed: false")
    spec("sync")
    return spec


def deployment(spec):
    return next(item for _, item in spec.demo.objects()
                if item["kind"] == "Deployment" and item["metadata"]["name"] == "web")


def test_ps_shows_pods(running):
    shown = running("ps").stdout
    assert "shop/web\n" in shown and shown.count("Running") == 2
    pods = running.json("ps", "web")[0]["pods"]
    assert len(pods) == 2 and all(p["ready"] == p["containers"] == 1 for p in pods)
    running("ps", "nobody", expect=3)


def test_status_tells_machines_of_each_object(running):
    health = {r["name"]: r for r in running.json("status")}["web"]["health"]
    assert health == [{"object": "Deployment/web", "state": "ready", "reason": ""}]


def test_what_is_stopped_stays_so_until_it_is_started(running):
    assert "stopped: 1 object" in running("stop", "web").stderr
    assert deployment(running)["spec"]["replicas"] == 0
    shown = running("diff", "--detailed-exitcode")
    assert "Deployment/web is stopped (override), and stays so" in shown.stdout
    assert running.json("diff")[0]["stopped"] == ["Deployment/web"]
    for command in ("sync", "apply"):
        running(command)
        assert deployment(running)["spec"]["replicas"] == 0
    assert "started: 1 object" in running("start", "web").stderr
    live = deployment(running)
    assert live["spec"]["replicas"] == 2
    assert "relfile.io/stopped" not in live["metadata"].get("annotations", {})
    assert running("diff", "--detailed-exitcode").stdout == ""
    assert "started: 0 objects" in running("start", "web").stderr


def test_what_is_stopped_is_recorded_until_it_is_started_or_gone(running):
    def entries():
        return sorted((running.demo.state / "overrides").rglob("*.json"))

    running("stop", "web")
    [entry] = entries()
    assert entry.relative_to(running.demo.state).parts[0] == "overrides" and entry.name == "web.json"
    said = json.loads(entry.read_text())
    assert said["stopped"] == ["Deployment/web"] and said["user"] and said["since"] and said["format"] == 1
    assert json.loads(running("state", "fsck", "-o", "json").stdout)["overrides"] == 1
    assert '"key":"overrides/' in running("state", "pull").stdout
    key = str(entry.relative_to(running.demo.state))
    assert json.loads(running("state", "show", key).stdout)["stopped"] == ["Deployment/web"]
    running("start", "web")
    assert not entries()
    running("stop", "web")
    running("destroy", "--yes")
    assert not entries()


def test_an_override_that_is_damaged_is_named(running):
    running("stop", "web")
    [entry] = (running.demo.state / "overrides").rglob("*.json")
    entry.write_text(entry.read_text()[:20])
    said = running("state", "fsck", expect=1)
    assert "overrides/" in said.stdout and "web.json" in said.stdout



def test_a_restart_is_no_difference(running):
    assert "restarted: 1 object" in running("restart", "web").stderr
    template = deployment(running)["spec"]["template"]["metadata"]
    assert template["annotations"]["kubectl.kubernetes.io/restartedAt"].endswith("Z")
    assert running("diff", "--detailed-exitcode").stdout == ""
    running("sync")
    assert "annotations" in deployment(running)["spec"]["template"]["metadata"]


def test_which_release_must_be_said(running):
    for command in ("logs", "restart", "stop", "start"):
        assert "which release?" in running(command, expect=3).stderr
    running("logs", "-l", "name=web")
    assert json.loads(running("ps", "-o", "json").stdout)
