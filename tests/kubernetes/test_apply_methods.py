"""How objects are applied: by the server, or by patches for what helm 3 has installed."""

import json

import pytest

from tests.kubernetes.conftest import CHART
from tests.kubernetes.test_helm import record
from tests.kubernetes.test_policies import autoscale, replicas


def managers(place, kind="deployment", name="web-web"):
    shown = place.program("kubectl", "-n", place.namespace, "get", kind, name, "-o", "json",
                          "--show-managed-fields")
    return {(m["manager"], m["operation"])
            for m in json.loads(shown.stdout)["metadata"]["managedFields"]}


def patch(place, kind, name, change, how="strategic"):
    path = place.folder / "change.json"
    path.write_text(json.dumps(change))
    place.program("kubectl", "-n", place.namespace, "patch", kind, name, f"--type={how}",
                  "--patch-file", str(path))


def add_sidecar(place):
    """As a webhook would."""
    patch(place, "deployment", "web-web", {"spec": {"template": {"spec": {"containers": [
        {"name": "sidecar", "image": "example.com/sidecar"}]}}}})


def containers(place):
    pods = place.get("deployment", "web-web")["spec"]["template"]["spec"]
    return {c["name"]: c["image"] for c in pods["containers"]}


def no_changes(place):
    return "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_what_helm_3_installed_is_patched_and_what_others_added_stays(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--set", "extra=true", "--wait",
               program="helm3")
    add_sidecar(place)
    patch(place, "configmap", "web-settings", {"data": {"message": "by hand", "added": "too"}})
    place.write({"message": "two", "extra": True})
    place.relfile("sync")
    assert containers(place) == {"web": "example.com/web:two", "sidecar": "example.com/sidecar"}
    settings = place.get("configmap", "web-settings")["data"]
    assert (settings["message"], settings["added"]) == ("two", "too")
    assert ("helm", "Update") in managers(place) and ("helm", "Apply") not in managers(place)
    assert record(place, 2)[1]["apply_method"] == "csa"
    assert no_changes(place)


def test_a_patched_release_loses_what_its_chart_drops(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--set",
               "extra=true,behaviour=job-hang", "--wait", program="helm3")
    place.write()
    shown = place.relfile("diff").stdout
    assert "relfile.test/behaviour: job-hang  ← spec" in shown
    assert "web-extra, ConfigMap (v1) has been removed" in shown
    place.relfile("sync")
    template = place.get("deployment", "web-web")["spec"]["template"]
    assert template["metadata"]["annotations"] == {"message": "one"}
    assert "web-extra" not in place.names("configmap")


@pytest.mark.parametrize("first", ["helm", "helm3"])
def test_an_upgrade_keeps_the_method_of_the_last_revision(place, first):
    """As helm 4's --server-side=auto, in turn with it."""
    method = {"helm": "ssa", "helm3": "csa"}[first]
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait", program=first)
    place.write({"message": "two"})
    place.relfile("sync")
    place.helm("upgrade", "web", str(CHART), "--set", "message=three", "--wait")
    place.write({"message": "four"})
    place.relfile("sync")
    place.relfile("rollback", "web", "1")
    place.helm("upgrade", "web", str(CHART), "--set", "message=six", "--wait")
    methods = [record(place, n)[1].get("apply_method") for n in range(2, 7)]
    assert methods == [method] * 5
    assert [s for _, s in place.statuses()] == ["superseded"] * 5 + ["deployed"]


def test_the_method_may_be_said(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait", program="helm3")
    place.write({"message": "two"}, serverSide="true")
    place.relfile("sync")
    assert record(place, 2)[1]["apply_method"] == "ssa"
    assert ("helm", "Apply") in managers(place) and ("helm", "Update") not in managers(place)
    assert no_changes(place)


def test_a_new_release_may_be_made_as_helm_3_would(place):
    place.write(serverSide="false")
    place.relfile("sync")
    assert record(place, 1)[1]["apply_method"] == "csa"
    assert ("helm", "Update") in managers(place)
    assert no_changes(place)
    place.write({"message": "two"})
    place.relfile("sync")
    assert place.get("configmap", "web-settings")["data"]["message"] == "two"
    place.helm("upgrade", "web", str(CHART), "--set", "message=three", "--wait", program="helm3")
    place.helm("rollback", "web", "1", "--wait", program="helm3")
    assert place.get("configmap", "web-settings")["data"]["message"] == "one"


def test_what_was_changed_by_hand_is_shown_and_put_right_by_patches(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait", program="helm3")
    place.write()
    assert no_changes(place)
    patch(place, "configmap", "web-settings", {"data": {"message": "by hand"}})
    patch(place, "widget", "web", {"spec": {"size": 77}}, "merge")
    shown = place.relfile("diff", "--detailed-exitcode", expect=2).stdout
    assert "by hand  ← drift: kubectl-patch" in shown and "size: 77  ← drift" in shown
    place.relfile("sync")
    assert place.get("configmap", "web-settings")["data"]["message"] == "one"
    assert place.get("widget", "web")["spec"]["size"] != 77
    assert no_changes(place)


def test_patches_leave_an_autoscaler_its_replicas(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait", program="helm3")
    place.write()
    autoscale(place, 6)
    assert no_changes(place)
    place.write({"message": "two"})
    place.relfile("sync")
    assert replicas(place) == 6


def test_a_failed_revision_of_helm_3_is_gone_on_from(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait", program="helm3")
    place.helm("upgrade", "web", str(CHART), "--set", "extra=true,behaviour=pull-fail", "--wait",
               "--timeout", "2s", program="helm3", expect=1)
    place.write({"message": "two"})
    place.relfile("sync")
    assert place.statuses() == [(1, "superseded"), (2, "failed"), (3, "deployed")]
    assert "web-extra" not in place.names("configmap")
    template = place.get("deployment", "web-web")["spec"]["template"]
    assert template["metadata"]["annotations"] == {"message": "two"}


@pytest.mark.parametrize("helm", ["helm", "helm3"])
def test_a_history_that_helm_keeps_after_uninstalling_is_gone_on_from(place, helm):
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait", program=helm)
    place.helm("uninstall", "web", "--keep-history", "--wait", program=helm)
    place.write()
    assert "1 to install" in place.relfile("diff").stderr
    place.relfile("sync")
    assert place.statuses()[-1] == (2, "deployed")
    assert no_changes(place)


def test_fields_that_a_kind_does_not_have_may_be_left_out(place):
    chart = place.folder / "odd"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: odd, version: 1.0.0}")
    (chart / "templates/map.yaml").write_text(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: odd}, data: {a: b}, colour: red}")
    odd = {"name": "web", "namespace": place.namespace, "chart": "./odd", "serverSide": "false"}
    place.write_spec({"releases": [odd]})
    assert "colour" in place.relfile("sync", expect=1).stderr
    place.write_spec({"releases": [{**odd, "disableOpenAPIValidation": True}]})
    place.relfile("sync")
    assert place.get("configmap", "odd")["data"] == {"a": "b"}
