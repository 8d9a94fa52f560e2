"""Unit tests of charts: suites of helm-unittest, run by relfile."""

import pytest

from conftest import write_files

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: '7'\n",
    "values.yaml": "replicas: 1\nimage: {name: nginx, tag: ''}\nports: [{name: http, port: 80}, {name: admin, port: 81}]\n",
    "templates/deployment.yaml": """{{- if gt (int .Values.replicas) 9 }}{{ fail "too many" }}{{ end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels: {chart: "{{ .Chart.Name }}-{{ .Chart.Version }}", "app.kubernetes.io/name": web}
spec:
  replicas: {{ .Values.replicas }}
  image: "{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
  ports: {{ toYaml .Values.ports | nindent 4 }}
  text: |
    one
    two
  certificate: {{ (lookup "v1" "Secret" "NAMESPACE" "tls").data | default dict | toJson }}
  {{- if .Capabilities.APIVersions.Has "x/v1" }}
  hasX: true
  {{- end }}
""",
    "templates/objects.yaml": "kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b}\n",
    "templates/NOTES.txt": "Hello {{ .Release.Name }}\n",
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
    "charts/sub/templates/a.yaml": "kind: Sub\nvalue: {{ .Values.value | default 1 }}\n",
    "tests/values/three.yaml": "replicas: 3\n",
}

# Asserts of a job on deployment.yaml that hold, and some like them that do not; settings of the job.
ASSERTS = [
    ("equal", "equal: {path: spec.replicas, value: 1}", "equal: {path: spec.replicas, value: '1'}"),
    ("notEqual", "notEqual: {path: kind, value: Pod}", "notEqual: {path: kind, value: Deployment}"),
    ("not", "equal: {path: kind, value: Pod}\n      not: true", "equal: {path: kind, value: Deployment}\n      not: true"),
    ("a path with quotes", "equal: {path: 'metadata.labels[\"app.kubernetes.io/name\"]', value: web}",
     "equal: {path: metadata.labels.app, value: web}"),
    ("a filter", "equal: {path: 'spec.ports[?(@.name == \"admin\")].port', value: 81}",
     "equal: {path: 'spec.ports[?(@.port > 80)].port', value: 80}"),
    ("all items", "greaterOrEqual: {path: 'spec.ports[*].port', value: 80}",
     "greaterOrEqual: {path: 'spec.ports[*].port', value: 81}"),
    ("lines of texts", 'equal: {path: spec.text, value: "one\\ntwo\\n"}', "equal: {path: spec.text, value: one two}"),
    ("exists", "exists: {path: spec.image}", "exists: {path: spec.none}"),
    ("isNull", "isNull: {path: spec.none}", "isNull: {path: spec.image}"),
    ("isKind", "isKind: {of: Deployment}", "isKind: {of: Pod}"),
    ("isAPIVersion", "isAPIVersion: {of: apps/v1}", "isAPIVersion: {of: v1}"),
    ("matchRegex", "matchRegex: {path: spec.image, pattern: '^nginx:\\d$'}",
     "matchRegex: {path: spec.image, pattern: '^apache'}"),
    ("contains", "contains: {path: spec.ports, content: {name: http, port: 80}}",
     "contains: {path: spec.ports, content: {name: http}}"),
    ("contains, in part", "contains: {path: spec.ports, content: {name: http}, any: true, count: 1}",
     "contains: {path: spec.ports, content: {name: http}, any: true, count: 2}"),
    ("isSubset", "isSubset: {path: metadata, content: {name: RELEASE-NAME}}",
     "isSubset: {path: metadata, content: {name: other}}"),
    ("lengthEqual", "lengthEqual: {path: spec.ports, count: 2}", "lengthEqual: {path: spec.ports, count: 3}"),
    ("isType", "isType: {path: spec.replicas, type: int}", "isType: {path: spec.replicas, type: string}"),
    ("isEmpty", "isEmpty: {path: spec.certificate}", "isEmpty: {path: spec.image}"),
    ("hasDocuments", "hasDocuments: {count: 1}", "hasDocuments: {count: 2}"),
    ("containsDocument", "containsDocument: {kind: Deployment, apiVersion: apps/v1, name: RELEASE-NAME}",
     "containsDocument: {kind: Deployment, apiVersion: apps/v1, name: other}"),
    ("another template", "isKind: {of: B}\n      template: objects.yaml\n      documentIndex: 1",
     "isKind: {of: B}\n      template: objects.yaml\n      documentIndex: 0"),
    ("documentSelector", "isKind: {of: B}\n      template: objects.yaml\n      documentSelector: {path: metadata.name, value: b}",
     "isKind: {of: B}\n      template: objects.yaml\n      documentSelector: {path: metadata.name, value: c}"),
    ("set", "equal: {path: spec.image, value: 'nginx:9'}\n    set: {image.tag: '9'}",
     "equal: {path: spec.image, value: 'nginx:9'}\n    set: {image.tag: '8'}"),
    ("set of an item", "equal: {path: 'spec.ports[0].port', value: 1}\n    set: {'ports[0].port': 1}",
     "equal: {path: 'spec.ports[0].port', value: 1}\n    set: {'ports[0].port': 2}"),
    ("values", "equal: {path: spec.replicas, value: 3}\n    values: [values/three.yaml]",
     "equal: {path: spec.replicas, value: 1}\n    values: [values/three.yaml]"),
    ("release", "equal: {path: metadata.namespace, value: shop}\n    release: {namespace: shop}",
     "equal: {path: metadata.namespace, value: NAMESPACE}\n    release: {namespace: shop}"),
    ("chart", "equal: {path: spec.image, value: 'nginx:8'}\n    chart: {appVersion: '8'}",
     "equal: {path: spec.image, value: 'nginx:7'}\n    chart: {appVersion: '8'}"),
    ("capabilities", "equal: {path: spec.hasX, value: true}\n    capabilities: {apiVersions: [x/v1]}",
     "equal: {path: spec.hasX, value: true}\n    capabilities: {apiVersions: [y/v1]}"),
    ("lookup", "equal: {path: spec.certificate.key, value: k}\n    kubernetesProvider: {objects: [{kind: Secret, "
     "apiVersion: v1, metadata: {name: tls}, data: {key: k}}]}", "exists: {path: spec.certificate.key}"),
    ("failedTemplate", "failedTemplate: {errorMessage: too many}\n    set: {replicas: 10}",
     "failedTemplate: {errorMessage: too few}\n    set: {replicas: 10}"),
    ("failedTemplate by a pattern", "failedTemplate: {errorPattern: 'too .any'}\n    set: {replicas: 10}",
     "failedTemplate: {errorPattern: too many}"),
    ("notFailedTemplate", "notFailedTemplate: {}", "notFailedTemplate: {}\n    set: {replicas: 10}"),
    ("equalRaw", "equalRaw: {value: \"Hello RELEASE-NAME\\n\"}\n      template: NOTES.txt",
     "equalRaw: {value: Hello}\n      template: NOTES.txt"),
]


@pytest.fixture
def chart(tmp_path):
    write_files(tmp_path / "web", CHART)
    return tmp_path / "web"


def suite(chart, asserts, name="web"):
    (chart / "tests" / f"{name}_test.yaml").write_text(
        "suite: web\ntemplates: [deployment.yaml, objects.yaml, NOTES.txt]\ntests:\n  - it: works\n"
        f"    template: deployment.yaml\n    asserts:\n    - {asserts}\n")


@pytest.mark.parametrize("holds, fails", [row[1:] for row in ASSERTS], ids=[row[0] for row in ASSERTS])
def test_an_assertion_holds_or_fails(run, chart, holds, fails):
    suite(chart, holds)
    assert "1 passed, 1 total" in run("chart", "unittest", chart).stdout
    suite(chart, fails)
    assert "asserts[0]" in run("chart", "unittest", chart, expect=1).stdout


def test_snapshots_are_written_compared_and_updated(run, chart):
    suite(chart, "matchSnapshot: {path: spec.ports}")
    run("chart", "unittest", chart)
    snapshot = chart / "tests/__snapshot__/web_test.yaml.snap"
    assert snapshot.read_text().startswith("works:\n  1: |\n")
    before = snapshot.read_text()
    run("chart", "unittest", chart)
    assert snapshot.read_text() == before
    (chart / "values.yaml").write_text(CHART["values.yaml"].replace("81", "82"))
    assert "matchSnapshot" in run("chart", "unittest", chart, expect=1).stdout
    run("chart", "unittest", "-u", chart)
    assert "82" in snapshot.read_text()


def test_suites_of_subcharts_are_run_in_the_whole_chart(run, chart):
    (chart / "charts/sub/tests").mkdir()
    (chart / "charts/sub/tests/a_test.yaml").write_text(
        "suite: sub\ntemplates: [a.yaml]\ntests:\n- it: works\n  set: {value: 5}\n"
        "  asserts: [{equal: {path: value, value: 5}}]\n")
    assert "PASS  sub" in run("chart", "unittest", chart).stdout
    assert "PASS  sub" not in run("chart", "unittest", "--without-subcharts", chart).stdout


@pytest.mark.parametrize("dependency, values, runs", [
    ("", "", True),
    ("condition: sub.enabled", "sub: {enabled: true}", True),
    ("condition: sub.enabled", "", True),
    ("condition: sub.enabled", "sub: {enabled: false}", False),
    ("tags: [a, b]", "tags: {b: true}", True),
    ("tags: [a, b]", "", True),
    ("tags: [a, b]", "tags: {a: false}", False)])
def test_suites_of_subcharts_that_are_switched_off_are_left_out(run, chart, dependency, values, runs):
    (chart / "Chart.yaml").write_text(CHART["Chart.yaml"] + (
        f"dependencies: [{{name: sub, version: 1.0.0, {dependency}}}]\n" if dependency else ""))
    (chart / "values.yaml").write_text(CHART["values.yaml"] + values + "\n")
    (chart / "charts/sub/tests").mkdir()
    (chart / "charts/sub/tests/a_test.yaml").write_text(
        "suite: sub\ntemplates: [a.yaml]\ntests:\n- it: works\n  asserts: [{hasDocuments: {count: 1}}]\n")
    assert ("PASS  sub" in run("chart", "unittest", chart).stdout) is runs


def test_details_of_the_plugin(run, chart):
    (chart / "templates/lists.yaml").write_text(
        "list: {{ lookup \"v1\" \"Pod\" \"\" \"\" | toJson }}\nversions: {{ .Capabilities.APIVersions.Has \"x/v1\" }}\n")
    (chart / "templates/lost.yaml").write_text("{{ if .Values.lost }}{{ include \"lost\" . }}{{ end }}"
                                            "{{ tpl (.Values.text | default \"\") . }}")
    (chart / "tests/a_test.yaml").write_text("""\
suite: details
capabilities: {apiVersions: [x/v1]}
kubernetesProvider: {objects: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}
templates: [lists.yaml]
tests:
- it: gives lists as an API server does
  asserts:
  - {equal: {path: list.kind, value: PodList}}
  - {equal: {path: list.apiVersion, value: v1}}
  - {equal: {path: list.metadata, value: {continue: '', resourceVersion: ''}}}
  - {equal: {path: versions, value: true}}
- it: takes versions away
  capabilities: {apiVersions: null}
  asserts: [{equal: {path: versions, value: false}}]
- it: passes where there is nothing to look at
  documentSelector: {path: kind, value: None, skipEmptyTemplates: true}
  asserts: [{isKind: {of: Other}}]
- it: is of a time to come
  skip: {minimumVersion: 99.1.0}
  asserts: [{isKind: {of: Other}}]
- it: is of old times
  skip: {minimumVersion: 0.1.0}
  asserts: [{exists: {path: list}}]
---
suite: failures
templates: [lost.yaml]
tests:
- it: has helm's words
  set: {lost: true}
  asserts:
  - failedTemplate:
      errorMessage: 'error calling include: template: no template "lost" associated with template "gotpl"'
- it: has failures in texts
  set: {text: '{{ fail "no" }}'}
  asserts: [{failedTemplate: {errorMessage: 'no'}}]
""")
    assert "Tests:       6 passed, 1 skipped, 7 total" in run("chart", "unittest", chart).stdout


def test_what_is_wrong_with_a_suite_is_told(run, chart):
    (chart / "tests/a_test.yaml").write_text("suite: a\ntests: []\n")
    (chart / "tests/b_test.yaml").write_text("suite: [\n")
    (chart / "tests/c_test.yaml").write_text("suite: c\ntests: [{it: x, asserts: [{isKnd: {of: A}}]}]\n")
    out = run("chart", "unittest", chart, expect=1).stdout
    assert "no tests found" in out and "no known assertion" in out and "3 failed" in out


def test_releases_have_their_values_tested(run, chart, tmp_path):
    suite(chart, "equal: {path: spec.replicas, value: 4}")
    spec = "releases:\n- name: web\n  chart: ./web\n  unitTests: [tests]\n  values: [{replicas: 4}]\n"
    (tmp_path / "helmfile.yaml").write_text(spec)
    assert "1 passed, 1 total" in run("unittest", cwd=tmp_path).stdout
    (tmp_path / "helmfile.yaml").write_text(spec.replace("4", "5"))
    failed = run("unittest", cwd=tmp_path, expect=1)
    assert "asserts[0] `equal` fail" in failed.stdout and "1 of 1 test suites" in failed.stderr
    (tmp_path / "helmfile.yaml").write_text(spec.replace("[tests]", "[../tests]"))
    assert "must be within the chart's folder" in run("unittest", cwd=tmp_path, expect=1).stderr
