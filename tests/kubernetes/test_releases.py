"""Releases on a real cluster, from the first sync to destroy."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from tests.kubernetes.conftest import ROOT


def test_the_cluster_keeps_a_targets_contract(cluster):
    program = os.environ.get("RELFILE_CONTRACT", ROOT / "build/unit/target/test_kubernetes")
    done = subprocess.run([program], env={**os.environ,
                                          "RELFILE_TEST_KUBECONFIG": str(cluster / "admin.kubeconfig")},
                          capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_smallest_example_comes_and_goes(place):
    place.folder = ROOT / "examples" / "smallest"
    more = ("--namespace", place.namespace)
    assert "1 to install" in place.relfile("diff", *more).stderr
    place.relfile("sync", *more)
    assert "no changes" in place.relfile("diff", "--detailed-exitcode", *more).stderr
    status = json.loads(place.relfile("status", "-o", "json", *more).stdout)
    assert [(r["status"], r["ready"], r["objects"]) for r in status] == [("deployed", 1, 1)]
    place.relfile("destroy", *more)
    assert "hello-page" not in place.names("configmap")
    assert place.names("secret") == []


def test_a_release_of_everything(place):
    place.write()
    place.relfile("sync")
    assert place.get("deployment", "web-web")["status"]["readyReplicas"] == 2
    assert place.get("widget", "web")["spec"] == {"size": 3}
    settings = place.get("configmap", "web-settings")["data"]
    assert settings["account"] == "default"
    assert settings["apps"] == "true"
    assert settings["kube"].startswith("v1.")
    assert place.names("job") == ["web-first", "web-second"]
    assert "web-after" not in place.names("configmap")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_a_change_is_shown_and_then_made(place):
    place.write()
    place.relfile("sync")
    place.write({"message": "two", "replicas": 3, "extra": True})
    shown = place.relfile("diff", "--detailed-exitcode", expect=2).stdout
    assert "-  message: one" in shown and "+  message: two" in shown
    assert "-  replicas: 2" in shown and "+  replicas: 3" in shown
    assert "web-extra, ConfigMap (v1) has been added" in shown
    place.relfile("apply")
    assert place.get("deployment", "web-web")["spec"]["replicas"] == 3
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    assert "no changes" in place.relfile("apply").stderr
    assert place.statuses() == [(1, "superseded"), (2, "deployed")]
    place.write({"message": "two", "replicas": 3})
    assert "web-extra, ConfigMap (v1) has been removed" in place.relfile("diff").stdout
    place.relfile("sync")
    assert "web-extra" not in place.names("configmap")


def test_a_diff_shows_what_others_changed(place):
    place.write()
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "scale", "deployment/web-web", "--replicas=5")
    shown = place.relfile("diff", "--detailed-exitcode", expect=2).stdout
    assert "-  replicas: 5" in shown and "+  replicas: 2" in shown


def test_a_conflict_names_who_owns_the_field_and_how_to_take_it(place):
    place.write()
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "scale", "deployment/web-web", "--replicas=5")
    place.write({"replicas": 4})
    failure = place.relfile("sync", expect=1).stderr
    assert ".spec.replicas" in failure and '"kubectl"' in failure
    assert "forceConflicts: true" in failure
    assert place.statuses()[-1] == (2, "failed")
    place.write({"replicas": 4}, forceConflicts=True)
    place.relfile("sync")
    assert place.get("deployment", "web-web")["spec"]["replicas"] == 4


def test_what_secrets_hold_is_nowhere_in_output(place):
    place.write()
    outputs = [place.relfile("diff"), place.relfile("sync", "--log-level", "debug")]
    place.write({"password": "trustno1-0815"})
    outputs += [place.relfile("diff", "--log-level", "debug")]
    place.write({"password": ["trustno1-0815"]})
    outputs += [place.relfile("sync", expect=1)]
    text = "".join(r.stdout + r.stderr for r in outputs)
    assert "swordfish" not in text and "trustno1" not in text
    assert "c3dvcmRmaXNo" not in text and "dHJ1c3RubzE" not in text
    assert "Secret/web-login" in outputs[-1].stderr


def test_destroy_removes_all_but_what_is_kept(place):
    place.write()
    place.relfile("sync")
    place.relfile("destroy", "--yes")
    assert place.names("statefulset") == []
    assert [n for n in place.names("secret")] == []
    assert place.get("crd", "widgets.relfile.test")
    assert "not-installed" in place.relfile("status").stdout


def test_namespaces_are_made_only_where_that_is_wanted(place):
    place.write(createNamespace=False)
    failure = place.relfile("sync", expect=1).stderr
    assert f'namespaces "{place.namespace}" not found' in failure


def test_objects_of_nobody_are_not_overwritten(place):
    place.program("kubectl", "create", "namespace", place.namespace)
    place.program("kubectl", "-n", place.namespace, "create", "configmap", "web-settings")
    place.write()
    failure = place.relfile("sync", expect=1).stderr
    assert "ConfigMap/web-settings is there already, and is of no release" in failure
    assert "takeOwnership" in failure
    place.write(takeOwnership=True)
    place.relfile("sync")
    assert place.get("configmap", "web-settings")["data"]["message"] == "one"


def test_objects_of_another_release_are_not_overwritten(place):
    place.write()
    place.relfile("sync")
    chart = place.chart("thief")
    (chart / "templates/map.yaml").write_text(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: web-settings}}")
    place.write_spec({"releases": [{"name": "thief", "namespace": place.namespace,
                                    "chart": "./thief"}]})
    failure = place.relfile("sync", expect=1).stderr
    assert f"is of release {place.namespace}/web" in failure


@pytest.mark.parametrize("behaviour,why", [
    ("never-ready", "running, but not ready"),
    ("crash", "CrashLoopBackOff"),
])
def test_what_does_not_get_ready_is_explained(place, behaviour, why):
    place.write({"behaviour": behaviour}, timeout=4)
    failure = place.relfile("sync", expect=1).stderr
    assert "Deployment/web-web" in failure and why in failure
    if behaviour == "crash":
        assert "the life before" in failure  # the last line of what crashed, not of what runs now
    assert place.statuses() == [(1, "failed")]
    place.write()
    place.relfile("sync")
    assert place.statuses()[-1] == (2, "deployed")


def test_what_will_never_be_ready_is_not_waited_for(place):
    place.write({"behaviour": "pull-fail", "failEarly": "0s"})
    failure = place.relfile("sync", expect=1).stderr
    assert re.search(r"Deployment/web-web will not get ready: 0 of 2 replicas ready: pod web-web-\S+"
                     r"( and 1 more)?: ImagePullBackOff: image example.com/web:one not found", failure)
    assert place.statuses() == [(1, "failed")]


def test_a_hook_that_fails_stops_the_release(place):
    place.write({"hookBehaviour": "job-fail"})
    failure = place.relfile("sync", expect=1).stderr
    assert "hook app/templates/hooks.yaml" in failure and "Job/web-first" in failure
    assert place.names("deployment") == []
    assert place.names("job") == ["web-first"]
    assert place.statuses() == [(1, "failed")]


def test_hooks_are_deleted_as_they_say(place):
    place.write({"hookPolicy": "hook-succeeded"})
    place.relfile("sync")
    assert place.names("job") == []
    place.write({"hookPolicy": "hook-failed", "hookBehaviour": "job-fail"})
    place.relfile("sync", expect=1)
    assert place.names("job") == []


def test_a_failed_upgrade_goes_back_where_that_is_wanted(place):
    place.write()
    place.relfile("sync")
    place.write({"message": "two", "behaviour": "pull-fail"}, timeout=4, atomic=True)
    place.relfile("sync", expect=1)
    assert place.get("configmap", "web-settings")["data"]["message"] == "one"
    assert place.statuses() == [(1, "superseded"), (2, "failed"), (3, "deployed")]


def test_two_clusters_at_once(place, second_cluster):
    merged = {"apiVersion": "v1", "kind": "Config", "clusters": [], "contexts": [], "users": []}
    for name, folder in (("east", place.cluster), ("west", second_cluster)):
        config = json.loads(place.program(
            "kubectl", "config", "view", "--raw", "-o", "json", "--kubeconfig",
            str(folder / "admin.kubeconfig")).stdout)
        merged["clusters"].append({**config["clusters"][0], "name": name})
        merged["users"].append({**config["users"][0], "name": name})
        merged["contexts"].append({"name": name, "context": {"cluster": name, "user": name}})
    both = place.folder / "both.kubeconfig"
    both.write_text(json.dumps(merged))
    place.kubeconfig = both
    place.write_spec({"releases": [
        {**place.release, "name": "web", "kubeContext": context, "values": [{"message": context}]}
        for context in ("east", "west")]})
    place.relfile("sync")
    for context in ("east", "west"):
        found = place.program("kubectl", "--kubeconfig", str(both), "--context", context, "-n",
                              place.namespace, "get", "configmap", "web-settings", "-o",
                              "jsonpath={.data.message}").stdout
        assert found == context
    assert "no changes in 2 releases" in place.relfile("diff").stderr
    place.relfile("destroy", "--yes")


def test_a_key_that_goes_from_a_secret_is_gone(place):
    chart = place.chart("keys")
    (chart / "templates/secret.yaml").write_text(
        "{apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {{ toJson .Values.keys }}}")
    for keys in ({"a": "1", "b": "2"}, {"a": "3"}):
        place.write_spec({"releases": [{"name": "keys", "namespace": place.namespace,
                                        "chart": "./keys", "values": [{"keys": keys}]}]})
        place.relfile("sync")
        assert sorted(place.get("secret", "keys")["data"]) == sorted(keys)
        assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_objects_that_another_release_has_taken_are_left_alone(place):
    place.write()
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "annotate", "--overwrite", "configmap",
                  "web-settings", "meta.helm.sh/release-name=other")
    said = place.relfile("destroy", "--yes").stderr
    assert "left alone: ConfigMap/web-settings" in said
    assert "web-settings" in place.names("configmap")
    assert place.names("deployment") == []


def test_a_release_without_a_namespace_goes_where_the_context_says(place):
    config = (place.cluster / "admin.kubeconfig").read_text()
    place.kubeconfig = place.folder / "other.kubeconfig"
    place.kubeconfig.write_text(config.replace("namespace: default", f"namespace: {place.namespace}"))
    release = {k: v for k, v in place.release.items() if k != "namespace"}
    place.write_spec({"releases": [release]})
    place.relfile("sync")
    assert place.get("configmap", "web-settings")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_what_the_server_warns_of_is_told_once(place):
    chart = place.chart("old")
    (chart / "templates/objects.yaml").write_text("""
{{- range tuple "a" "b" }}
---
apiVersion: v1
kind: Pod
metadata: {name: {{ . }}}
spec:
  containers:
    - {name: a, image: "a:1"}
  nodeSelector: {beta.kubernetes.io/os: linux}
{{- end }}
""")
    place.write_spec({"releases": [{"name": "old", "namespace": place.namespace,
                                    "chart": "./old"}]})
    place.relfile("diff", expect=None)
    said = place.relfile("sync", expect=None).stderr
    assert said.count("beta.kubernetes.io/os") == 1


def test_a_run_that_was_killed_is_taken_up_by_the_next(place, relfile, home):
    place.write({"behaviour": "never-ready"})
    environment = {"KUBECONFIG": str(place.kubeconfig), "HOME": str(home)}
    killed = subprocess.Popen([relfile, "sync", "--target", "kubernetes"], cwd=place.folder,
                              env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while "web-db" not in place.names("statefulset"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    assert place.statuses() == [(1, "pending-install")]
    place.write()
    assert "revision 1 was interrupted" in place.relfile("sync").stderr
    assert place.statuses() == [(1, "failed"), (2, "deployed")]
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_an_interrupt_ends_the_waiting_and_tells_the_truth(place, relfile, home):
    place.write({"behaviour": "never-ready"})
    environment = {"KUBECONFIG": str(place.kubeconfig), "HOME": str(home)}
    stopped = subprocess.Popen([relfile, "sync", "--target", "kubernetes"], cwd=place.folder,
                               env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               encoding="utf-8")
    deadline = time.monotonic() + 60
    while "web-db" not in place.names("statefulset"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    stopped.send_signal(signal.SIGINT)
    said = stopped.communicate(timeout=30)[1]
    assert "interrupted" in said
    assert place.statuses() == [(1, "failed")]
    assert "relfile.lock" not in place.names("secret")


def test_two_runs_at_once_do_not_mix(place, relfile, home):
    place.write()
    place.relfile("sync")
    environment = {"KUBECONFIG": str(place.kubeconfig), "HOME": str(home)}
    runs = [subprocess.Popen([relfile, "sync", "--target", "kubernetes", "--lock-timeout", "60"],
                             cwd=place.folder, env=environment, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, encoding="utf-8") for _ in range(4)]
    outputs = [r.communicate(timeout=120)[1] for r in runs]
    assert [r.returncode for r in runs] == [0] * 4, "\n".join(outputs)
    assert place.statuses() == [(n, "superseded") for n in range(1, 5)] + [(5, "deployed")]


JOB = """
apiVersion: batch/v1
kind: Job
metadata:
  name: once
  annotations: {helm.sh/hook: pre-install}
spec:
  ttlSecondsAfterFinished: 0
  backoffLimit: 0
  template:
    metadata: {annotations: {relfile.test/behaviour: "%s"}}
    spec: {restartPolicy: Never, containers: [{name: job, image: example.com/job}]}
"""


@pytest.mark.parametrize("behaviour,code", [("", 0), ("job-fail", 1)])
def test_a_job_that_is_deleted_when_it_is_done_is_not_waited_for(place, behaviour, code):
    """As the hooks of ingress-nginx and others are: nobody can ask them how they went."""
    chart = place.folder / "once"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: once, version: 1.0.0}")
    (chart / "templates/job.yaml").write_text(JOB % behaviour)
    (chart / "templates/map.yaml").write_text(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}")
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "timeout": 40,
                                    "chart": "./once"}]})
    said = place.relfile("sync", expect=code).stderr
    assert ("Job/once failed: " in said) == bool(code) and "after 40 s" not in said
