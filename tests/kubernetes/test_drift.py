"""diff and drift on a real cluster."""

import json
import shutil

import pytest

from tests.kubernetes.conftest import CHART


def test_drift_names_who_and_when(place):
    place.write()
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "annotate", "deployment/web-web", "note=hello")
    place.program("kubectl", "-n", place.namespace, "patch", "deployment/web-web", "--type=merge",
                  "-p", '{"spec":{"replicas":5}}', "--field-manager=ada")
    assert "+    note: hello  ← drift: kubectl-annotate, 20" in place.relfile("drift").stdout
    result = json.loads(place.relfile("diff", "-o", "json").stdout)
    fields = {f["path"]: f for f in result[0]["objects"][0]["fields"]}
    assert fields["spec.replicas"]["manager"] == "ada"
    assert fields["spec.replicas"]["since"].endswith("Z")
    assert list(fields) == ["spec.replicas"]  # what others added stays, and is no difference


@pytest.fixture
def chart(place):
    """A copy of the chart, to be changed: chart(old, new)."""
    folder = place.folder / "chart"
    shutil.copytree(CHART, folder)
    place.release["chart"] = str(folder)
    objects = folder / "templates" / "objects.yaml"

    def change(old, new):
        text = objects.read_text()
        assert old in text
        objects.write_text(text.replace(old, new))

    return change


def test_a_field_that_cannot_be_changed_is_shown_as_replaced(place, chart):
    place.write()
    place.relfile("sync")
    chart("{app: {{ .Release.Name }}}", "{app: other}")
    shown = place.relfile("diff", "--detailed-exitcode", expect=2).stdout
    assert "web-web, Deployment (apps) has to be replaced: (" in shown
    assert "field is immutable" in shown
    assert "would have to be replaced" in place.relfile("apply", expect=1).stderr


def test_fields_of_helm_3_that_would_go_are_shown(place, chart):
    place.helm("install", "web", place.release["chart"], "--create-namespace", program="helm3")
    chart("  message: {{ .Values.message }}\n", "")
    chart("progressDeadlineSeconds: 600", "minReadySeconds: 0")
    place.write()
    shown = place.relfile("diff").stdout
    assert "-  message: one  ← spec" in shown
    place.relfile("sync")
    assert "message" not in place.get("configmap", "web-settings")["data"]
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_a_reader_is_told_that_it_was_guessed(place):
    place.write()
    place.relfile("sync")
    place.write({"message": "two", "extra": True})
    reader = {"KUBECONFIG": str(place.cluster / "reader.kubeconfig")}
    shown = place.relfile("diff", env=reader).stdout
    assert "compared without the server's help" in shown
    assert "+  message: two  ← spec" in shown and "web-extra, ConfigMap (v1) has been added" in shown
    assert json.loads(place.relfile("diff", "-o", "json", env=reader).stdout)[0]["guessed"] is True
