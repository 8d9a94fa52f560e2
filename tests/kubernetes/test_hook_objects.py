"""Hooks with kubectlApply: what they leave in the cluster is what `kubectl apply` leaves there."""

import copy
import json

import pytest

FIRST = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {a: one, b: two}}
data: {kept: one, changed: one, dropped: one}
---
apiVersion: v1
kind: Secret
metadata: {name: token, annotations: {note: x}}
data: {key: aGlkZGVu}
---
apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web}
  spec:
    replicas: 1
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        containers:
        - {name: web, image: example.com/web:1, ports: [{containerPort: 80}]}
        - {name: dropped, image: example.com/dropped:1}
- apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: other, port: 81}]}
"""
SECOND = FIRST.replace("changed: one, dropped: one", "changed: two, 1.5: 'yes'") \
    .replace(", b: two", "").replace("{name: other, port: 81}", "{name: third, port: 82}") \
    .replace("        - {name: dropped, image: example.com/dropped:1}\n", "").replace("web:1", "web:2")


def plain(v, namespace):
    """What the two must agree on: not who an object is, nor when it was made."""
    v = copy.deepcopy(v)
    for key in ("uid", "resourceVersion", "creationTimestamp"):
        v["metadata"].pop(key, None)
    v.pop("status", None)
    for key in ("clusterIP", "clusterIPs"):
        v.get("spec", {}).pop(key, None)
    annotations = v["metadata"].get("annotations", {})
    annotations.pop("deployment.kubernetes.io/revision", None)
    return json.loads(json.dumps(v).replace(namespace, "NAMESPACE"))


def objects(place, namespace):
    done = place.program("kubectl", "get", "configmap/settings", "secret/token", "deployment/web", "service/web",
                         "-n", namespace, "-o", "json")
    return [plain(item, namespace) for item in json.loads(done.stdout)["items"]]


class Appliers:
    """Two namespaces, and both ways to apply a text in one of them: each gives what it says."""

    def __init__(self, place):
        self.place = place
        self.namespaces = [f"{place.namespace}-{n}" for n in ("one", "two")]
        place.chart("app")
        for name in self.namespaces:
            place.program("kubectl", "create", "namespace", name)

    def write(self, text, namespace, path):
        file = self.place.folder / path / ("" if path.endswith(".yaml") else "one.yaml")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace("metadata: {name: ", f"metadata: {{namespace: {namespace}, name: "))

    def kubectl(self, text, namespace, path="objects.yaml"):
        self.write(text, namespace, path)
        return self.place.program("kubectl", "apply", "-f", path).stdout.splitlines()

    def hook(self, text, namespace, path="objects.yaml"):
        self.write(text, namespace, path)
        self.place.write_spec({"releases": [{"name": "web", "chart": "./app", "hooks": [
            {"events": ["prepare"], "showlogs": True, "kubectlApply": {"filename": path}}]}]})
        done = self.place.relfile("template", target="", env={"PATH": "/nowhere"})
        return [line.partition("hook[prepare] ")[2] for line in done.stderr.splitlines()]


@pytest.fixture
def appliers(place):
    return Appliers(place)


def test_what_is_made_changed_and_dropped_is_as_with_kubectl(place, appliers):
    one, two = appliers.namespaces
    for text, done in ((FIRST, "created"), (FIRST, "unchanged"), (SECOND, "configured"), (SECOND, "unchanged")):
        theirs, ours = appliers.kubectl(text, one), appliers.hook(text, two)
        assert ours == theirs
        assert ours[0] == f"configmap/settings {done}" and ours[2].startswith("deployment.apps/web")
        assert objects(place, two) == objects(place, one)


def test_each_goes_on_with_what_the_other_applied(place, appliers):
    one, two = appliers.namespaces
    appliers.kubectl(FIRST, one)
    appliers.hook(SECOND, one)
    appliers.hook(FIRST, two)
    appliers.kubectl(SECOND, two)
    assert objects(place, one) == objects(place, two)
    assert objects(place, one)[0]["data"] == {"kept": "one", "changed": "two", "1.5": "yes"}
    assert all(line.endswith(" unchanged") for line in appliers.hook(SECOND, two) + appliers.kubectl(SECOND, one))


def test_a_folder_and_a_path_that_is_not_there(place, appliers):
    one, two = appliers.namespaces
    assert appliers.hook(FIRST, two, "folder") == appliers.kubectl(FIRST, one, "folder")
    place.write_spec({"releases": [{"name": "web", "chart": "./app", "hooks": [
        {"events": ["prepare"], "kubectlApply": {"filename": "nowhere.yaml"}}]}]})
    assert 'the path "nowhere.yaml" does not exist' in place.relfile("template", expect=1).stderr
