"""What `--wait` says while it waits and when it gives up, how destroy waits, and what becomes of the
releases behind one that fails. The simulated cluster does what docs/demo.md says: time passes when
somebody waits, so that a minute costs nothing.
"""

import json
import os
import re
import subprocess
import termios
import time

import pytest

from conftest import ROOT, clean_environment, open_terminal


def pod(behaviour=None, image="nginx:1", restart=None, resources=None, labels=None):
    container = {"name": "main", "image": image, **({"resources": resources} if resources else {})}
    template = {"metadata": {"labels": labels or {}}, "spec": {"containers": [container]}}
    if behaviour:
        template["metadata"]["annotations"] = {"relfile.test/behaviour": behaviour}
    if restart:
        template["spec"]["restartPolicy"] = restart
    return template


def deployment(name="web", replicas=1, **how):
    labels = {"app": name}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels},
                     "template": pod(labels=labels, **how)}}


def job(behaviour, hook=None):
    annotations = {"annotations": {"helm.sh/hook": hook}} if hook else {}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate", **annotations},
            "spec": {"backoffLimit": 1, "template": pod(behaviour, restart="Never")}}


def config_map(name="settings", **metadata):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}


def claim(storage_class=None):
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
            "spec": {**spec, **({"storageClassName": storage_class} if storage_class else {})}}


def quota(**hard):
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"},
            "spec": {"hard": hard}}


@pytest.fixture
def spec(tmp_path, demo):
    """spec(name=[objects], other={"objects": […], "needs": […]}) writes a spec with these releases,
    in the namespace "test"; the options that name it."""

    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: any\nversion: 1.0.0\n")
    (chart / "templates" / "all.yaml").write_text(
        "{{- range .Values.objects }}\n---\n{{ toYaml . }}\n{{- end }}\n")

    def spec(**releases):
        items = []
        for name, release in releases.items():
            release = release if isinstance(release, dict) else {"objects": release}
            items.append({**release, "name": name, "namespace": "test", "chart": "./chart",
                          "values": [{"objects": release["objects"]}]})
            del items[-1]["objects"]
        path = tmp_path / "helmfile.yaml"
        path.write_text(json.dumps({"releases": items}))
        return ["-f", str(path), *demo.options]

    return spec


def statuses(run, options):
    return {r["name"]: r for r in json.loads(run("status", "-o", "json", *options).stdout)}


# name, objects, what the progress says, what the error says
REASONS = {
    "an image that is in no registry": (
        [config_map(), deployment(image="shop/nonexistent:1")],
        r"1/2 ready · Deployment/web: 0 of 1 replicas ready: pod web-\S+: ErrImagePull: image "
        r"shop/nonexistent:1 not found",
        r"Deployment/web will not get ready: 0 of 1 replicas ready: pod web-\S+: "
        r"ImagePullBackOff: image shop/nonexistent:1 not found"),
    "a job that fails": (
        [job("job-fail")],
        r"0/1 ready · Job/migrate: 0 of 1 completions",
        r"Job/migrate failed: BackoffLimitExceeded: Job has reached the specified backoff limit: "
        r"pod migrate-\S+ and 1 more: container main ended with exit code 3"),
    "a job that does not end": (
        [job("job-hang")],
        r"0/1 ready · Job/migrate: 0 of 1 completions: pod migrate-\S+: still running",
        r"Job/migrate is not ready after 60 s: 0 of 1 completions: pod migrate-\S+: still running"),
    "a pod that no node is large enough for": (
        [deployment(resources={"requests": {"cpu": "500"}})],
        r"pod web-\S+: unschedulable: 0/3 nodes are available: 3 Insufficient cpu",
        r"Deployment/web is not ready after 60 s: 0 of 1 replicas ready: pod web-\S+: "
        r"unschedulable: 0/3 nodes are available: 3 Insufficient cpu"),
    "a container that crashes": (
        [deployment(behaviour="crash")],
        r"CrashLoopBackOff: container main ended with exit code 1 \(1 restart\)",
        r"Deployment/web is not ready after 60 s: .*CrashLoopBackOff: container main ended with "
        r"exit code 1 \(\d+ restarts?\)"),
    "a container without enough memory": (
        [deployment(behaviour="oom", resources={"limits": {"memory": "64Mi"}})],
        r"OOMKilled: container main used more memory than its limit of 64Mi",
        r"Deployment/web is not ready after 60 s: .*OOMKilled: container main used more memory than "
        r"its limit of 64Mi"),
    "a pod that never gets ready": (
        [deployment(replicas=2, behaviour="never-ready")],
        r"pod web-\S+ and 1 more: Unhealthy: Readiness probe failed",
        r"Deployment/web is not ready after 60 s: 0 of 2 replicas ready: pod web-\S+ and 1 more: "
        r"Unhealthy: Readiness probe failed"),
    "a hook that fails": (
        [config_map(), job("job-fail", hook="pre-install,pre-upgrade")],
        r"pre-install hook migrate",
        r"hook any/templates/all.yaml: Job/migrate failed: BackoffLimitExceeded: .*: pod "
        r"migrate-\S+ and 1 more: container main ended with exit code 3"),
    "a claim of a storage class that there is not": (
        [claim("golden")],
        r'not bound yet: Pending: persistentvolumeclaim data: ProvisioningFailed: '
        r'storageclass.storage.k8s.io "golden" not found',
        r"PersistentVolumeClaim/data is not ready after 60 s: not bound yet: Pending: .*"
        r'"golden" not found'),
    "a quota that is used up": (
        [quota(pods="1"), deployment(replicas=3)],
        r"1/2 ready · Deployment/web: 1 of 3 replicas created: .*exceeded quota: few, requested: "
        r"pods=1, used: pods=1, limited: pods=1",
        r"Deployment/web is not ready after 60 s: 1 of 3 replicas created: .*exceeded quota: few"),
    "an object that the cluster does not accept": (
        [{**deployment(), "spec": {**deployment()["spec"], "replicas": -1}}],
        r"installing, revision 1",
        r'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than '
        r"or equal to 0"),
    "a kind that the cluster does not know": (
        [{"apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "g"}}],
        r"installing, revision 1",
        r'no matches for kind "Gadget" in version "example.com/v1"'),
}


@pytest.mark.parametrize("objects, progress, reason", REASONS.values(), ids=REASONS)
def test_it_is_told_why_a_release_does_not_get_ready(run, spec, objects, progress, reason):
    options = spec(shop=objects)
    log = run("sync", "--wait", "--wait-for-jobs", "--timeout", "60", *options, expect=1).stderr
    told, error = log.split("\nerror: ")
    assert re.search(progress, told), told
    assert re.match(reason, error), error
    assert f"✗ test/shop  {error.splitlines()[0]}" in told
    assert 'release "test/shop"' in error

    status = statuses(run, options)["shop"]
    assert status["status"] == "failed"
    assert re.match("Install failed: " + reason, status["reason"])
    history = json.loads(run("history", "-o", "json", *options).stdout)
    assert [(r["revision"], r["status"]) for r in history] == [(1, "failed")]
    assert history[0]["description"] == status["reason"]
    assert status["reason"] in run("status", *options).stdout
    assert re.search(reason, run("status", "shop", *options).stdout)


def needing(secret):
    """A deployment whose container needs SECRET."""
    web = deployment()
    web["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [{"secretRef": {"name": secret}}]
    return web


def mounting(volume):
    """A deployment whose container has VOLUME."""
    web = deployment()
    web["spec"]["template"]["spec"]["volumes"] = [{"name": "v", **volume}]
    return web


def annotated(item, **annotations):
    item["metadata"]["annotations"] = {f"relfile.io/{key.replace('_', '-')}": value
                                       for key, value in annotations.items()}
    return item


# name, objects, the end of the error's first line and of its hint, seconds that passed at least and most
HOPELESS = {
    "a secret that nobody makes": (
        [deployment("late", behaviour="never-ready"), needing("db")],
        r'Deployment/web will not get ready: .*CreateContainerConfigError: secret "db" not found',
        "false", 60, 120),
    "a volume of a secret that nobody makes": (
        [mounting({"secret": {"secretName": "tls"}})],
        r'Deployment/web will not get ready: .*: pod web-\S+: FailedMount: volume "v": secret "tls" not found',
        "false", 60, 120),
    "a volume of several things, of which one is missing": (
        [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "there"}},
         mounting({"projected": {"sources": [{"configMap": {"name": "there"}}, {"configMap": {"name": "conf"}}]}})],
        r'Deployment/web will not get ready: .*: FailedMount: volume "v": configmap "conf" not found',
        "false", 60, 120),
    "a pod of its own": (
        [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "typo"},
          "spec": pod(image="a/nonexistent")["spec"]}],
        r"Pod/typo will not get ready: pending: pod typo: ImagePullBackOff: image a/nonexistent not found",
        "false", 30, 60),
    "a hook that cannot begin": (
        [{**job(None, hook="pre-install"), "spec": {"template": pod(image="a/nonexistent", restart="Never")}}],
        r"hook any/templates/all.yaml: Job/migrate will not get ready: 0 of 1 completions: pod migrate-\S+: ImagePullBackOff",
        "false", 30, 60),
    "what wants to be waited for": (
        [annotated(needing("db"), fail_early="false")],
        r"Deployment/web is not ready after 300 s: .*CreateContainerConfigError", "--timeout", 300, 310),
    "what wants to be waited for longer": (
        [annotated(needing("db"), fail_early="2m")],
        r"Deployment/web will not get ready: .*CreateContainerConfigError", "false", 120, 180),
    "what wants something that is not clear": (
        [annotated(needing("db"), fail_early="soon")],
        r'Deployment/web will not get ready: .*: relfile.io/fail-early: neither "false" nor a duration',
        "false", 0, 30),
    "what may pass": (
        [deployment(behaviour="crash")], r"Deployment/web is not ready after 300 s", "--timeout", 300, 310),
}


def waited(demo):
    """For how many seconds relfile has waited in the simulated cluster, whose clock is in a file."""
    clocks = re.findall(r"^@ \d+ (\d+)$", (demo.location / "clusters/demo/changes").read_text(), re.M)
    return int(clocks[-1]) / 1000 - time.time()


@pytest.mark.parametrize("objects, reason, hint, least, most", HOPELESS.values(), ids=HOPELESS)
def test_what_will_never_be_ready_is_not_waited_for(run, spec, demo, objects, reason, hint, least, most):
    options = spec(shop=objects)
    error = run("sync", "--wait", "--wait-for-jobs", "--timeout", "300", *options,
                expect=1).stderr.split("\nerror: ")[1]
    assert re.match(reason, error), error
    assert re.search(f"^hint: .*{hint}", error, re.M), error
    assert least - 5 <= waited(demo) <= most


def test_what_another_release_makes_late_is_waited_for(run, spec):
    """A Secret that comes of a hook, when what is before it is ready after 100 s."""
    late = {"apiVersion": "v1", "kind": "Secret", "metadata": {
        "name": "db", "annotations": {"helm.sh/hook": "post-install"}}, "stringData": {"a": "b"}}
    slow = deployment("slow")
    slow["spec"]["template"]["metadata"].setdefault("annotations", {})["relfile.test/ready-after"] = "100s"
    run("sync", "--wait", "--timeout", "3000", *spec(shop=[needing("db")], other=[slow, late]))


def test_releases_that_lack_something_do_not_wait_for_each_other(run, spec):
    log = run("sync", "--wait", "--timeout", "3000",
              *spec(shop=[needing("db")], other=[{**needing("tls"), "metadata": {"name": "two"}}]), expect=1).stderr
    assert "Deployment/web will not get ready" in log and "Deployment/two will not get ready" in log


def test_pods_of_the_revision_before_are_no_reason_to_give_up(run, spec):
    """They are what the new revision is to put right, and go when that is ready."""
    run("sync", "--wait", "--timeout", "20", *spec(shop=[deployment(image="a/nonexistent:1")]), expect=1)
    log = run("sync", "--wait", "--timeout", "100",
              *spec(shop=[deployment(behaviour="never-ready")]), expect=1).stderr
    assert "Deployment/web is not ready after 100 s" in log.split("\nerror: ")[1]
    run("sync", "--wait", *spec(shop=[deployment()]))


FAULTS = re.findall(r"^```yaml relfile-fault=(.*)\n((?:.*\n)*?)```$",
                    (ROOT / "docs" / "demo.md").read_text(), re.M)


def test_faults_are_documented():
    assert len(FAULTS) == 6


@pytest.mark.parametrize("reason, manifest", FAULTS, ids=[reason for reason, _ in FAULTS])
def test_the_documented_faults_do_what_they_say(run, spec, tmp_path, reason, manifest):
    options = spec(shop=[])
    (tmp_path / "chart" / "templates" / "all.yaml").write_text(manifest)
    log = run("sync", "--wait", "--wait-for-jobs", "--timeout", "60", *options, expect=1).stderr
    assert reason in log.split("\nerror: ")[1].splitlines()[0]


def test_the_log_of_what_failed_is_shown(run, spec):
    log = run("sync", "--wait-for-jobs", *spec(shop=[job("job-fail")]), expect=1).stderr
    assert re.search(r"^   =   log: \S+ error: told to fail by relfile.test/behaviour$", log, re.M)


def test_all_objects_that_are_late_are_named(run, spec):
    options = spec(shop=[deployment(f"web-{i}", behaviour="crash") for i in range(7)])
    log = run("sync", "--wait", "--timeout", "60", *options, expect=1).stderr
    error = log.split("\nerror: ")[1]
    for i in range(5):
        assert f"Deployment/web-{i} is not ready after 60 s" in error
    assert "   = and 2 more objects\n" in error
    assert "hint: --timeout SECONDS waits longer; relfile status shop shows how it goes on" in error


def test_a_release_that_failed_goes_on_with_the_next_sync(run, spec):
    run("sync", "--wait", "--timeout", "30", *spec(shop=[deployment(behaviour="crash")]), expect=1)
    options = spec(shop=[deployment()])
    run("sync", "--wait", *options)
    status = statuses(run, options)["shop"]
    assert (status["status"], status["revision"], status["reason"]) == ("deployed", 2, "")


def test_without_wait_nothing_is_waited_for_and_status_tells_how_it_goes_on(run, spec):
    options = spec(shop=[deployment(behaviour="crash")])
    run("sync", *options)
    for _ in range(3):  # the cluster's time goes on with each look
        status = statuses(run, options)["shop"]
        assert status["status"] == "deployed"
        assert status["reason"].startswith("Deployment/web: 0 of 1 replicas ")


def test_what_needs_a_release_that_failed_is_skipped_and_nothing_else(run, spec):
    options = spec(a=[deployment("a")],
                   b={"objects": [deployment("b", behaviour="crash")], "needs": ["test/a"]},
                   c={"objects": [deployment("c")], "needs": ["test/b"]},
                   d={"objects": [deployment("d")], "needs": ["test/c"]},
                   e=[deployment("e")])
    log = run("sync", "--wait", "--timeout", "30", *options, expect=3).stderr
    assert "  - test/c  skipped: test/b failed\n  - test/d  skipped: test/b failed\n" in log
    assert re.search(r"^2 releases, 1 failed, 2 skipped · objects: 3 created, 0 changed, 0 deleted, 0 "
                     r"unchanged · \d+\.\d s$", log, re.M)
    assert log.splitlines()[-1] == "1 of 5 releases failed, 2 skipped"
    assert {name: s["status"] for name, s in statuses(run, options).items()} == {
        "a": "deployed", "b": "failed", "c": "not-installed", "d": "not-installed", "e": "deployed"}


def test_what_is_needed_is_ready_before_what_needs_it_begins(run, spec):
    options = spec(c={"objects": [deployment("c")], "needs": ["test/b"]},
                   b={"objects": [deployment("b")], "needs": ["test/a"]}, a=[deployment("a")])
    log = run("sync", "--wait", *options).stderr
    order = [log.index(text) for name in "abc"
             for text in (f"test/{name}  installing", f"✓ test/{name}")]
    assert order == sorted(order)
    log = run("destroy", "--yes", *options).stderr
    order = [log.index(text) for name in "cba"
             for text in (f"test/{name}  uninstalling", f"✓ test/{name}")]
    assert order == sorted(order)


def test_concurrency_is_how_many_releases_are_worked_on_at_a_time(run, spec):
    options = spec(**{f"r{i}": [deployment(f"r{i}")] for i in range(6)})
    for concurrency in (1, 2):
        log = run("sync", "--wait", "--concurrency", concurrency, *options).stderr
        running, most = 0, 0
        for line in log.splitlines():
            running += bool(re.search(r"(installing|upgrading), revision", line)) - ("✓" in line)
            most = max(most, running)
        assert most == concurrency


# ---- removal


def test_destroy_waits_until_everything_is_gone(run, spec, demo):
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    web = deployment()
    web["spec"]["template"]["spec"]["volumes"] = [volume]
    options = spec(shop=[claim(), web])
    run("sync", "--wait", *options)
    log = run("destroy", "--yes", "--deleteWait", *options).stderr
    assert "gone · PersistentVolumeClaim/data: held by kubernetes.io/pvc-protection" in log
    assert "✓ test/shop  uninstalled · 2 objects deleted" in log
    assert demo.released() == []
    assert [i for _, i in demo.objects() if i["kind"] == "PersistentVolumeClaim"] == []


HELD = [config_map("held", finalizers=["example.com/mine"])]


def test_what_does_not_go_is_told(run, spec):
    options = spec(shop={"objects": HELD, "deleteWait": True, "deleteTimeout": 20})
    run("sync", *options)
    log = run("destroy", "--yes", *options, expect=1).stderr
    assert "error: ConfigMap/held is not gone after 20 s: held by example.com/mine\n" in log
    assert "hint: deleteTimeout: SECONDS waits longer, deleteWait: false does not wait" in log
    status = statuses(run, options)["shop"]
    assert status["status"] == "failed"
    assert status["reason"] == \
        "Uninstall failed: ConfigMap/held is not gone after 20 s: held by example.com/mine"
    run("destroy", "--yes", "--deleteTimeout", "5", *options, expect=1)
    run("destroy", "--yes", "--no-wait", *options)
    assert statuses(run, options)["shop"]["status"] == "not-installed"


def test_a_failed_removal_is_not_rolled_back(run, spec):
    options = spec(shop={"objects": [*HELD, config_map("other")], "atomic": True,
                         "deleteWait": True})
    run("sync", *options)
    run("destroy", "--yes", "--timeout", "5", *options, expect=1)
    assert statuses(run, options)["shop"]["reason"].startswith("Uninstall failed: ")


def test_removal_is_not_waited_for_unless_asked(run, spec):
    options = spec(shop={"objects": HELD})
    run("sync", *options)
    run("destroy", "--yes", *options)
    run("sync", *options)
    run("destroy", "--yes", "--deleteWait", "--deleteTimeout", "5", *options, expect=1)


# ---- on a terminal


class Screen:
    """As much of a terminal as progress needs: lines that are written and erased again."""

    def __init__(self):
        self.lines, self.row, self.column, self.widest, self.most = [""], 0, 0, 0, 0

    def feed(self, text):
        for up, erase, colour, char in re.findall(
                r"\x1b\[(\d+)A|\x1b\[(J)|\x1b\[(\d*(?:;\d+)*m)|(.)", text, re.S):
            if up:
                self.row = max(self.row - int(up), 0)
            elif erase:
                self.lines[self.row] = self.lines[self.row][:self.column]
                del self.lines[self.row + 1:]
            elif char == "\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append("")
            elif char == "\r":
                self.column = 0
            elif char:
                assert char != "\x1b" and not colour
                line = self.lines[self.row]
                self.lines[self.row] = line[:self.column] + char + line[self.column + 1:]
                self.column += 1
                self.widest = max(self.widest, self.column)
            live = sum("…" in line for line in self.lines)
            self.most = max(self.most, live)


def on_terminal(relfile, home, arguments, columns=60, rows=20, **environment):
    """What a terminal shows at the end, and the exit code."""
    mine, theirs = open_terminal()
    termios.tcsetwinsize(theirs, (rows, columns))
    child = subprocess.Popen([str(a) for a in (relfile, *arguments)], stdin=theirs, stdout=theirs,
                             stderr=theirs, env=clean_environment(home, TERM="xterm", **environment),
                             start_new_session=True)
    os.close(theirs)
    screen, text = Screen(), b""
    while True:
        try:
            more = os.read(mine, 4096)
        except OSError:
            more = b""
        if not more:
            break
        text += more
    os.close(mine)
    screen.feed(text.decode())
    return screen, child.wait()


def test_on_a_terminal_each_release_has_one_line_while_it_is_worked_on(relfile, home, spec):
    options = spec(**{f"r{i}": [deployment(f"a-deployment-with-a-long-name-{i}")] for i in range(4)})
    screen, code = on_terminal(relfile, home, ["sync", "--wait", *options])
    assert code == 0
    assert 1 < screen.most <= 4  # as many as are worked on at a time
    assert sorted(line[:12] for line in screen.lines[:4]) == [f"  ✓ test/r{i} " for i in range(4)]
    assert screen.lines[4].startswith("4 releases · objects: 4 created")
    assert screen.lines[5:] == [""]


def test_lines_that_change_are_as_wide_as_the_terminal_at_most(relfile, home, spec):
    options = spec(web=[deployment("d" * 60)])
    screen, code = on_terminal(relfile, home, ["sync", "--wait", *options], columns=40)
    assert code == 0
    assert [line for line in screen.lines if "…" in line] == []
    assert "✓ test/web" in screen.lines[0]


def test_what_failed_on_a_terminal_leaves_no_lines_of_progress(relfile, home, spec):
    options = spec(web=[deployment(behaviour="crash")])
    screen, code = on_terminal(relfile, home, ["sync", "--wait", "--timeout", "20", *options])
    assert code == 1
    assert [line for line in screen.lines if line.startswith("  … ")] == []
    assert any(line.startswith("error: Deployment/web is not ready after 20 s") for line in screen.lines)
