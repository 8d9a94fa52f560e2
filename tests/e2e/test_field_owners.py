"""Fields that others own: conflicts: fail, keep or take, on the simulated cluster as on a real one."""

import json

import pytest

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: '{{ .Values.image }}'}]}
"""


@pytest.fixture
def scaled(spec):
    """A release whose replicas have been set to 5 by somebody else."""
    spec.write("app/templates/config.yaml", DEPLOYMENT)

    def write(image, replicas, more=""):
        spec.releases(f"name: web, namespace: shop, chart: ./app, "
                      f"values: [{{replicas: {replicas}, image: '{image}'}}]{more}")

    def path():
        return next(p for p in (spec.demo.location / "clusters").rglob("*.json")
                    if json.loads(p.read_text())["kind"] == "Deployment")

    def by(manager, subresource=None):
        item = json.loads(path().read_text())
        item["spec"]["replicas"] = 5
        for entry in item["metadata"]["managedFields"]:
            entry["fieldsV1"].get("f:spec", {}).pop("f:replicas", None)
        item["metadata"]["managedFields"].append(
            {"manager": manager, "operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
             "time": "2026-01-02T03:04:05Z", "fieldsV1": {"f:spec": {"f:replicas": {}}},
             **({"subresource": subresource} if subresource else {})})
        path().write_text(json.dumps(item))

    def state():
        item = json.loads(path().read_text())["spec"]
        return item["replicas"], item["template"]["spec"]["containers"][0]["image"]

    write("i:1", 2)
    spec("sync")
    spec.values, spec.scale_by, spec.state = write, by, state
    return spec


def test_they_are_not_taken_unasked(scaled):
    scaled.scale_by("kubectl")
    scaled.values("i:2", 3)
    failed = scaled("sync", expect=1).stderr
    assert 'conflict with "kubectl"' in failed and ".spec.replicas" in failed
    assert "conflicts: keep" in failed
    assert scaled.state() == (5, "i:1")


def test_they_are_kept_where_that_is_wanted(scaled):
    scaled.scale_by("kubectl")
    scaled.values("i:2", 3, ", conflicts: keep")
    assert "Deployment/web: left as others have it: .spec.replicas (kubectl)" in scaled("sync").stderr
    assert scaled.state() == (5, "i:2")
    assert "no changes" in scaled("diff", "--detailed-exitcode").stderr


def test_they_are_taken_where_that_is_wanted(scaled):
    scaled.scale_by("kubectl")
    scaled.values("i:2", 3, ", conflicts: take")
    scaled("sync")
    assert scaled.state() == (3, "i:2")


@pytest.mark.parametrize("manager", ["kube-controller-manager", "keda-operator"])
def test_replicas_of_an_autoscaler_stay(scaled, manager):
    scaled.scale_by(manager, "scale")
    assert "no changes" in scaled("diff", "--detailed-exitcode").stderr
    scaled.values("i:2", 3)
    scaled("sync")
    assert scaled.state() == (5, "i:2")


def test_patches_know_no_conflicts_but_an_autoscalers(scaled):
    scaled.scale_by("kubectl")
    scaled.values("i:2", 3, ', serverSide: "false"')
    scaled("sync")
    assert scaled.state() == (3, "i:2")
    scaled.scale_by("keda-operator", "scale")
    scaled.values("i:3", 3, ', serverSide: "false"')
    scaled("sync")
    assert scaled.state() == (5, "i:3")
