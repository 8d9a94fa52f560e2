"""diff and drift: what they show."""

import json
import re

import pytest

from conftest import ROOT


def test_simple_output_has_a_line_for_each_object(run, demo):
    spec = ["-f", str(ROOT / "examples" / "smallest" / "helmfile.yaml"), *demo.options]
    text = run("diff", *spec).stdout
    simple = run("diff", "-o", "simple", *spec).stdout

    assert simple.splitlines()[0] == text.splitlines()[0]
    added = [line.removesuffix(" has been added:") for line in text.splitlines()
             if line.endswith(" has been added:")]
    assert added
    assert [line.removesuffix(" to be added.") for line in simple.splitlines()[1:-2] if line] == added


# ---- whose doing a change is

WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: '{{ .Values.app }}'}}
  template:
    metadata: {labels: {app: '{{ .Values.app }}'}}
    spec:
      containers:
      - {name: c, image: '{{ .Values.image }}'}
      {{- if .Values.side }}
      - {name: side, image: s}
      {{- end }}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {password: '{{ .Values.password }}'}
---
apiVersion: batch/v1
kind: Job
metadata: {name: first, annotations: {helm.sh/hook: pre-upgrade}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: '{{ .Values.image }}'}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, annotations: {helm.sh/hook: test}}
spec: {containers: [{name: c, image: '{{ .Values.image }}'}]}
"""
VALUES = {"replicas": 2, "app": "a", "image": "i:1", "password": "swordfish", "side": False}


@pytest.fixture
def workload(spec):
    spec.write("app/templates/config.yaml", WORKLOAD)

    def write(**values):
        spec.releases(f"name: web, namespace: shop, chart: ./app, "
                      f"values: [{json.dumps({**VALUES, **values})}]")

    write()
    spec.values = write
    spec("sync")
    return spec


def change_live(spec, kind, change):
    """What somebody does to an object behind relfile's back."""
    for path in (spec.demo.location / "clusters").rglob("*.json"):
        item = json.loads(path.read_text())
        if item["kind"] == kind and item["metadata"]["name"] in ("web", "keys"):
            change(item)
            path.write_text(json.dumps(item))


def scale(item):
    item["spec"]["replicas"] = 5


def test_each_changed_line_says_whose_doing_it_is(workload):
    change_live(workload, "Deployment", scale)
    workload.values(image="i:2", side=True)
    shown = workload("diff", "-l", "name=web").stdout
    changed = [line for line in shown.splitlines()
               if re.match(r"  [-+]", line) and "@@" not in line]
    assert changed and all("  ← " in line for line in changed)
    assert "-  replicas: 5  ← drift" in shown and "+  replicas: 2  ← drift" in shown
    assert "image: i:2  ← spec" in shown
    assert "terminationMessagePath: /dev/termination-log  ← " not in shown
    everything = workload("diff", "--show", "all").stdout
    assert "← server default" in everything


def test_hooks_are_part_of_the_difference_and_tests_on_request(workload):
    workload.values(image="i:2")
    shown = workload("diff").stdout
    assert "hook: shop, first, Job (batch) has changed:" in shown
    assert "probe" not in shown
    assert "hook: shop, probe, Pod (v1) has changed:" in workload("diff", "--include-tests").stdout
    assert "hook:" not in workload("diff", "--no-hooks").stdout


def test_what_cannot_be_changed_is_shown_as_replaced_and_not_tried(workload):
    workload.values(app="b", image="i:2")
    shown = workload("diff", "--detailed-exitcode", expect=2).stdout
    assert "web, Deployment (apps) has to be replaced: (" in shown and "immutable" in shown
    failed = workload("apply", expect=1)
    assert "Deployment/web would have to be replaced" in failed.stderr
    assert "force: true" in failed.stderr
    workload.values()
    assert "no changes" in workload("diff", "--detailed-exitcode").stderr


def test_json_keeps_its_schema(workload):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "diff.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    change_live(workload, "Deployment", scale)
    workload.values(app="b", password="other")
    for command in (["diff", "--show", "all"], ["drift"]):
        result = workload.json(*command)
        jsonschema.validate(result, schema, cls=jsonschema.Draft202012Validator)
    by_name = {item["name"]: item for item in workload.json("diff")[0]["objects"]}
    assert by_name["web"]["change"] == "replace" and "immutable" in by_name["web"]["reason"]
    fields = {field["path"]: field for field in by_name["web"]["fields"]}
    assert fields["spec.replicas"] == {"path": "spec.replicas", "from": 5, "to": 2,
                                       "cause": "drift"}
    assert by_name["keys"]["fields"][0]["to"] == "(5 bytes, changed from 9 bytes)"


def test_drift_is_what_others_changed_and_not_what_the_spec_did(workload):
    workload.values(image="i:2")
    assert "0 of 1 release has drifted" in workload("drift", "--detailed-exitcode").stderr
    change_live(workload, "Deployment", scale)
    shown = workload("drift", "--detailed-exitcode", expect=2).stdout
    assert "-  replicas: 2  ← drift" in shown and "+  replicas: 5  ← drift" in shown
    assert "i:2" not in shown


@pytest.mark.parametrize("form", ["text", "diff", "simple", "table", "md", "structured", "dyff",
                                  "template", "json"])
def test_no_form_shows_a_secret(workload, form):
    workload.values(password="catfish-11", image="i:2")
    for command in (["diff"], ["diff", "--show", "all"]):
        shown = workload(*command, "-o", form)
        for text in (shown.stdout, shown.stderr):
            for secret in ("swordfish", "catfish-11", "c3dvcmRmaXNo", "Y2F0ZmlzaC0xMQ=="):
                assert secret not in text
    assert "keys" in workload("diff", "-o", form).stdout


def test_the_forms_of_helm_diff(workload):
    workload.values(replicas=3)
    plain = workload("diff", "-o", "diff", "--context", "0").stdout.splitlines()
    at = plain.index("shop, web, Deployment (apps) has changed:")
    assert plain[at + 1:at + 5] == ["...", "-   replicas: 2", "+   replicas: 3", "..."]
    structured = json.loads(workload("diff", "-o", "structured").stdout)
    assert structured == [{
        "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web",
        "changeType": "MODIFY", "resourceStatus": {"oldExists": True, "newExists": True},
        "changes": [{"path": "spec", "field": "replicas", "change": "replace",
                     "oldValue": 2, "newValue": 3}]}]
    assert json.loads(workload("diff", "-o", "template").stdout) == [
        {"api": "apps", "kind": "Deployment", "namespace": "shop", "name": "web",
         "change": "MODIFY"}]
    dyff = workload("diff", "-o", "dyff").stdout
    assert "spec.replicas  (apps/v1/Deployment/shop/web)\n± value change\n- 2\n+ 3\n" in dyff
    table = workload("diff", "-o", "table").stdout
    assert re.search(r"^Deployment/web +change +spec.replicas +2 +3 +spec$", table, flags=re.M)
    suppressed = workload("diff", "-o", "diff", "--suppress", "Deployment").stdout
    assert "+ Changes suppressed on sensitive content of type Deployment" in suppressed


def test_markdown_is_for_a_pull_request(workload):
    workload.values(replicas=3)
    text = workload("diff", "-o", "md").stdout
    assert text.startswith("### shop/web: upgrade\n")
    assert "| `Deployment/web` | change | spec |" in text
    assert "```diff\n@@" in text and text.count("```") == 2


def test_a_rename_is_shown_as_a_change_on_request(spec):
    spec.releases("name: web, namespace: shop, chart: ./app")
    spec("sync")
    template = (spec.folder / "app/templates/config.yaml").read_text()
    spec.write("app/templates/config.yaml",
               template.replace("name: '{{ .Release.Name }}'", "name: new", 1))
    assert "has been removed" in spec("diff").stdout
    shown = spec("diff", "--find-renames", "0.5").stdout
    assert "shop, web, ConfigMap (v1) has changed:" in shown
    assert "has been" not in shown
    spec("diff", "--find-renames", "2", expect=1)


def test_the_namespace_is_part_of_a_first_difference(spec):
    shown = spec("diff").stdout
    assert shown.count("namespace: shop, Namespace (v1) has been added:") == 1


def test_helm_diffs_variables_say_form_context_and_template(spec):
    spec("sync")
    spec.releases("name: web, namespace: shop, chart: ./app, values: [{text: two}]",
                  "name: db, namespace: shop, chart: ./app")

    def shown(**env):
        return spec("diff", "-l", "name=web", env=env).stdout

    assert "Plan: 0 to add, 1 to change, 0 to destroy" in shown(HELM_DIFF_OUTPUT="simple")
    entries = json.loads(shown(HELM_DIFF_OUTPUT="json"))
    assert [(e["kind"], e["change"]) for e in entries] == [("ConfigMap", "MODIFY")]
    spec.write("mine.tpl", '{{ range $i, $e := . }}{{ $e.Change }} {{ $e.Kind }}/{{ $e.Name }}'
               '{{ if last $i $ }}.{{ end }}{{ "\\n" }}{{ end }}')
    template = {"HELM_DIFF_OUTPUT": "template", "HELM_DIFF_TPL": str(spec.folder / "mine.tpl")}
    assert shown(**template) == "MODIFY ConfigMap/web.\n"
    assert len(shown(HELM_DIFF_OUTPUT_CONTEXT="0").splitlines()) < len(shown().splitlines())
