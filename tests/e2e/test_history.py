"""What was done, by whom, and how to get back to it: history, log, rollback, run abort."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from conftest import clean_environment

HOOK = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: '{{ .Release.Name }}-hook'
  annotations: {helm.sh/hook: pre-rollback}
data: {text: '{{ .Values.text }}'}
"""


def sync(spec, *texts):
    for text in texts:
        spec("sync", "--set", f"text={text}")


def actions(run):
    return {r["name"]: r["action"] for r in run["releases"]}


# ---- log


def test_the_log_says_who_did_what(spec):
    spec("sync", env={"CI_JOB_URL": "https://ci.example/7", "CI_COMMIT_SHA": "abc123"})
    spec("-e", "default", "destroy", "--yes", "-l", "name=web")
    first, second = spec.json("log")
    assert (first["command"], first["status"], first["environment"]) == \
        ("sync", "succeeded", "default")
    assert (first["job"], first["commit"]) == ("https://ci.example/7", "abc123")
    assert first["actor"] and first["tool"].startswith("relfile ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["ended"])
    assert actions(first) == {"web": "installed", "db": "installed", "other": "installed"}
    assert actions(second) == {"web": "uninstalled"}
    table = spec("log").stdout.splitlines()
    assert table[0].split()[:2] == ["RUN", "STARTED"] and len(table) == 3
    shown = spec("log", first["id"]).stdout
    assert "https://ci.example/7" in shown and "abc123" in shown and "installed" in shown
    assert spec.json("log", first["id"]) == [first]


def test_the_log_tells_what_failed_and_what_was_not_tried(spec):
    spec.releases("name: web, namespace: shop, chart: ./app, needs: [db]",
                  "name: db, namespace: shop, chart: ./app, values: [{bad: true}]",
                  "name: other, chart: ./app")
    spec("sync", expect=3)
    run, = spec.json("log")
    assert run["status"] == "failed"
    assert actions(run) == {"web": "skipped", "db": "failed", "other": "installed"}
    errors = {r["name"]: r["error"] for r in run["releases"]}
    assert "Nothing" in errors["db"] and errors["other"] is None


def test_a_run_that_changes_nothing_is_not_logged(spec):
    spec("diff")
    assert spec.json("log") == []
    spec("sync")
    spec("apply")
    assert [r["command"] for r in spec.json("log")] == ["sync"]


def test_the_log_is_of_one_environment_or_of_all(spec):
    spec.releases("name: web, chart: ./app", more="environments: {default: {}, prod: {}}\n---\n")
    spec("-e", "prod", "sync")
    spec("sync")
    assert [r["environment"] for r in spec.json("log")] == ["prod", "default"]
    assert [r["environment"] for r in spec.json("-e", "prod", "log")] == ["prod"]
    assert [r["environment"] for r in spec.json("log", "--max", "1")] == ["default"]
    assert "relfile log lists them" in spec("log", "nothing", expect=1).stderr


def test_a_run_of_a_newer_relfile_is_refused_by_name(spec):
    spec("sync")
    path, = (spec.demo.state / "runs").iterdir()
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    refused = spec("log", expect=1).stderr
    assert path.name in refused and "newer relfile" in refused


# ---- runs that are killed


@pytest.fixture
def killed(spec, relfile, home):
    """A run that was killed in the middle of its second release."""
    spec.releases("name: web, namespace: shop, chart: ./app",
                  "name: db, namespace: shop, chart: ./app, needs: [web], "
                  "hooks: [{events: [presync], command: sleep, args: ['60']}]")
    with subprocess.Popen([str(relfile), "sync", *spec.demo.options], cwd=spec.folder,
                          env=clean_environment(home), stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as process:
        for line in process.stderr:
            if "web" in line and "installed" in line:
                break
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGKILL)
    spec.releases("name: web, namespace: shop, chart: ./app",
                  "name: db, namespace: shop, chart: ./app, needs: [web]")
    run, = spec.json("log")
    return run


def test_a_killed_run_is_told_and_the_next_goes_on(spec, killed):
    assert killed["status"] == "interrupted"
    said = spec("sync").stderr
    assert f"run {killed['id']} (sync by " in said and "1 of 2 releases were begun" in said
    first, second = spec.json("log")
    assert first["status"] == "interrupted"
    assert actions(first) == {"web": "deployed", "db": "planned"}
    assert second["status"] == "succeeded"
    assert killed["id"] not in spec("sync").stderr


def test_a_killed_run_can_be_aborted(spec, killed):
    assert spec("run", "abort").stdout == f"{killed['id']}: aborted\n"
    assert [r["status"] for r in spec.json("log")] == ["aborted"]
    assert spec.json("lock", "show") == []
    assert "was interrupted" not in spec("sync").stderr
    assert "it aborted" in spec("run", "abort", killed["id"], expect=1).stderr
    assert "no run was interrupted" in spec("run", "abort").stderr


def test_a_run_that_is_under_way_is_not_aborted(spec, relfile, home):
    spec.releases("name: web, chart: ./app, "
                  "hooks: [{events: [presync], command: sleep, args: ['30']}]")
    with subprocess.Popen([str(relfile), "sync", *spec.demo.options], cwd=spec.folder,
                          env=clean_environment(home), stderr=subprocess.DEVNULL,
                          start_new_session=True) as process:
        try:
            while not (found := spec.json("log")):
                time.sleep(0.05)
            assert found[0]["status"] == "running"
            assert "under way" in spec("run", "abort", found[0]["id"], expect=1).stderr
        finally:
            os.killpg(process.pid, signal.SIGKILL)


# ---- rollback


def test_rollback_goes_to_the_revision_before_or_to_one_that_is_named(spec):
    sync(spec, "one", "two", "three")
    spec("rollback", "web")
    assert spec.texts() == {"web": "two", "db": "three", "other": "three"}
    result, = spec.json("rollback", "web", "1")
    assert (result["action"], result["revision"], result["status"]) == \
        ("rolled back", 5, "deployed")
    assert spec.texts()["web"] == "one"
    history = spec.json("history", "web")
    assert [r["description"] for r in history][-2:] == ["Rollback to 2", "Rollback to 1"]
    assert [r["status"] for r in history] == ["superseded"] * 4 + ["deployed"]
    spec("sync")  # the spec counts again


def test_rollback_after_a_failure_goes_to_what_was_deployed(spec):
    sync(spec, "one")
    spec("sync", "--set", "text=two", "--set", "bad=true", expect=1)
    spec("rollback", "db")
    assert spec.texts()["db"] == "one"
    last = spec.json("history", "db")[-1]
    assert (last["revision"], last["description"]) == (3, "Rollback to 1")


def test_objects_that_only_the_later_revision_had_go(spec):
    sync(spec, "one")
    spec("sync", "--set", "more=true")
    assert "web-more" in spec.texts()
    spec("rollback", "web")
    assert "web-more" not in spec.texts() and "other-more" in spec.texts()


def test_hooks_of_the_chart_run_as_they_were_then(spec):
    spec.write("app/templates/hook.yaml", HOOK)
    sync(spec, "one", "two")
    spec("rollback", "web", "1")
    assert spec.texts()["web-hook"] == "one"


def test_all_releases_go_back_to_what_was_at_a_time(spec):
    spec.releases("name: web, namespace: shop, chart: ./app, needs: [db]",
                  "name: db, namespace: shop, chart: ./app")
    sync(spec, "one")
    time.sleep(1.1)
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    spec.releases("name: web, namespace: shop, chart: ./app, needs: [db]",
                  "name: db, namespace: shop, chart: ./app", "name: new, chart: ./app")
    sync(spec, "two")
    said = spec("rollback", "--to", then).stderr
    assert "back to revision 1" in said and "uninstalled: it was not there then" in said
    assert spec.texts() == {"web": "one", "db": "one"}
    done = re.findall(r"✓ (\S+) ", said)
    assert sorted(done) == ["new", "shop/db", "shop/web"]
    assert done.index("shop/web") < done.index("shop/db")
    assert "nothing to do" in spec("rollback", "--to", "now").stderr


@pytest.mark.parametrize("arguments, said", [
    ((), "which release is to go back"),
    (("web", "9"), "web has no revision 9"),
    (("web", "x"), "is no revision"),
    (("web", "1", "--to", "now"), "different things"),
    (("wob",), "did you mean \"web\"?"),
    (("--to", "soon"), "is no moment"),
    (("--to", "2999-01-01"), "yet to come"),
])
def test_what_cannot_be_gone_back_to_is_said(spec, arguments, said):
    sync(spec, "one")
    result = spec("rollback", *arguments, expect=None)
    assert result.code in (1, 3) and said in result.stderr, result


def test_what_is_not_kept_any_more_cannot_be_gone_back_to(spec):
    spec.releases("name: web, chart: ./app, historyMax: 1")
    sync(spec, "one")
    time.sleep(1.1)
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    sync(spec, "two")
    assert "is not kept any more" in spec("rollback", "--to", then, expect=1).stderr
