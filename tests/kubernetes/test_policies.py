"""What is done about fields of others, about failures, and where records are kept."""

import base64
import gzip
import json
import shutil

import pytest

from tests.kubernetes.conftest import CHART

BAD = {"behaviour": "pull-fail"}


def scale(place, replicas, *more):
    place.program("kubectl", "-n", place.namespace, "scale", "deployment/web-web",
                  f"--replicas={replicas}", *more)


def autoscale(place, replicas):
    """What a horizontal autoscaler does: it writes the scale as the controllers' manager."""
    scale = place.folder / "scale.json"
    scale.write_text(json.dumps({"spec": {"replicas": replicas}}))
    place.program("kubectl", "-n", place.namespace, "patch", "deployment/web-web", "--subresource",
                  "scale", "--type=merge", "--patch-file", str(scale), "--field-manager",
                  "kube-controller-manager")


def replicas(place):
    return place.get("deployment", "web-web")["spec"]["replicas"]


def test_what_others_manage_is_kept_where_that_is_wanted(place):
    place.write(conflicts="keep")
    place.relfile("sync")
    scale(place, 5)
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    place.write({"replicas": 4, "message": "two"}, conflicts="keep")
    said = place.relfile("sync").stderr
    assert "Deployment/web-web: left as others have it: .spec.replicas (kubectl)" in said
    assert replicas(place) == 5
    assert place.get("configmap", "web-settings")["data"]["message"] == "two"
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_what_others_manage_is_taken_where_that_is_wanted(place):
    place.write(conflicts="take")
    place.relfile("sync")
    scale(place, 5)
    place.write({"replicas": 4}, conflicts="take")
    place.relfile("sync")
    assert replicas(place) == 4


def test_the_replicas_of_an_autoscaler_are_never_taken_by_accident(place):
    place.write()
    place.relfile("sync")
    autoscale(place, 6)
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    place.write({"message": "two"})
    place.relfile("sync")
    assert replicas(place) == 6
    place.write({"message": "two"}, conflicts="take")
    place.relfile("sync")
    assert replicas(place) == 2


def test_objects_are_replaced_where_that_is_wanted(place):
    """What others have added goes with it, as with helm's --force-replace."""
    place.write()
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "patch", "configmap", "web-settings",
                  "--type=merge", "-p", '{"data": {"added": "by hand"}}')
    place.write({"message": "two"}, force=True)
    place.relfile("sync")
    assert "added" not in place.get("configmap", "web-settings")["data"]
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    place.write({"message": "three"})
    place.relfile("sync")
    assert place.get("configmap", "web-settings")["data"]["message"] == "three"
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def releases(place, *names, **more):
    """Releases of the chart, each in a namespace of its own; those called bad do not get ready."""
    place.write_spec({"releases": [
        {**place.release, "name": name, "namespace": f"{place.namespace}-{name}", "timeout": 3,
         "values": [BAD if name == "bad" else {}], **more.get(name, {})} for name in names]})


def installed(place):
    return {r["name"]: r["status"] for r in json.loads(place.relfile("status", "-o", "json").stdout)}


def test_what_was_done_in_part_has_an_exit_status_of_its_own(place):
    releases(place, "good", "bad")
    place.relfile("sync", expect=3)
    assert installed(place) == {"good": "deployed", "bad": "failed"}
    releases(place, "bad")
    place.relfile("sync", expect=1)


def test_a_failure_stops_what_has_not_begun(place):
    releases(place, "bad", "later", later={"timeout": 60})
    place.relfile("sync", "--on-error", "stop", "--concurrency", "1", expect=1)
    assert installed(place) == {"bad": "failed", "later": "not-installed"}


def test_a_failure_takes_back_what_the_run_has_done(place):
    releases(place, "first", "old")
    place.relfile("sync", "-l", "name=old")
    releases(place, "first", "old", "bad", old={"values": [{"message": "two"}]},
             bad={"needs": [f"{place.namespace}-first/first", f"{place.namespace}-old/old"]})
    said = place.relfile("sync", "--on-error", "rollback", expect=1).stderr
    assert "taking back 3" in said
    assert installed(place) == {"first": "not-installed", "old": "deployed", "bad": "not-installed"}
    place.namespace += "-old"
    assert place.get("configmap", "old-settings")["data"]["message"] == "one"


@pytest.mark.parametrize("helm", ["helm", pytest.param("helm3", marks=pytest.mark.long)])
def test_records_may_be_config_maps(place, helm, monkeypatch):
    monkeypatch.setenv("HELM_DRIVER", "configmap")
    driver = {"HELM_DRIVER": "configmap"}

    def ask(*arguments):
        return place.run_program(*arguments, "-n", place.namespace, program=helm,
                                 cwd=place.folder, env={"KUBECONFIG": str(place.kubeconfig), **driver})

    place.write()
    place.relfile("sync", env=driver)
    assert not [n for n in place.names("secret") if n.startswith("sh.helm")]
    record = place.get("configmap", "sh.helm.release.v1.web.v1")
    assert record["metadata"]["labels"]["owner"] == "helm"
    assert json.loads(gzip.decompress(base64.b64decode(record["data"]["release"])))["name"] == "web"
    assert [r["name"] for r in json.loads(ask("list", "-o", "json").stdout)] == ["web"]
    ask("upgrade", "web", str(CHART), "--set", "message=two", "--wait")
    assert "-  message: two" in place.relfile("diff", env=driver).stdout
    place.relfile("sync", env=driver)
    assert "no changes" in place.relfile("diff", "--detailed-exitcode", env=driver).stderr
    place.relfile("destroy", "--yes", env=driver)
    assert not [n for n in place.names("configmap") if n.startswith("sh.helm")]


def test_a_driver_that_is_not_known_is_told(place):
    place.write()
    assert 'HELM_DRIVER is "sql"' in place.relfile("diff", env={"HELM_DRIVER": "sql"}, expect=1).stderr


THING = """
apiVersion: relfile.test/v1
kind: Widget
metadata:
  name: web
  annotations: {relfile.io/ready-when: %s}
spec: {size: 3}
"""


@pytest.mark.parametrize("expression,said", [
    ('.spec.size == 3', None),
    ('.spec.size > 3 && .status', "not yet: .spec.size > 3"),
    ('size is fine', "relfile.io/ready-when: size is neither a path"),
])
def test_objects_say_themselves_when_they_are_ready(place, expression, said):
    chart = place.chart("things")
    shutil.copytree(CHART / "crds", chart / "crds")
    (chart / "templates/thing.yaml").write_text(THING % json.dumps(expression))
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "wait": True,
                                    "chart": "./things", "timeout": 2}]})
    done = place.relfile("sync", expect=1 if said else 0)
    assert not said or said in done.stderr


def test_requests_and_their_bodies_are_shown_without_what_is_secret(place):
    place.write()
    requests = place.relfile("diff", "-vv").stderr
    assert "debug: GET https://127.0.0.1" in requests and "trace:" not in requests
    bodies = place.relfile("sync", "-vvv").stderr
    assert '"kind":"Deployment"' in bodies and '"data":{"password":"(hidden)"}' in bodies
    assert "swordfish" not in bodies and "c3dvcmRmaXNo" not in bodies and "Bearer" not in bodies


def test_nothing_that_a_secret_holds_is_shown_when_it_is_refused_or_annotated(place):
    chart = place.chart("secrets")
    (chart / "templates/all.yaml").write_text("""
apiVersion: v1
kind: Secret
metadata: {name: a, annotations: {note: hunter2-note, helm.sh/resource-policy: keep}}
data: {password: {{ .Values.password | toJson }}}
""")

    def sync(password, expect):
        place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "chart": "./secrets",
                                        "values": [{"password": password}]}]})
        return place.relfile("sync", "-vvv", expect=expect).stderr

    said = sync("aHVudGVyMg==", 0)
    assert '"note":"(hidden)"' in said and '"helm.sh/resource-policy":"keep"' in said
    assert "hunter2" not in said and "aHVudGVyMg==" not in said
    said = sync(["hunter2-list"], 1)
    assert ".data.password: expected string" in said and "hunter2" not in said
