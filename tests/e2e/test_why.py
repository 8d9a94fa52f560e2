"""`why`: which layer, file and line a value of a release comes from."""

import json

import pytest

from conftest import write_files

FILES = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"
                             "dependencies: [{name: redis, version: 1.0.0, alias: cache}]\n",
    "charts/web/charts/redis/Chart.yaml": "apiVersion: v2\nname: redis\nversion: 1.0.0\n",
    "charts/web/charts/redis/values.yaml": "auth: {enabled: false}\nport: 6379\n",
    "charts/web/values.yaml": "image:\n  name: nginx\n  tag: '1.0'\nreplicas: 1\ncache:\n  port: 7000\nargs: [a, b]\n",
    "charts/web/templates/_h.tpl": "{{- define \"web.image\" -}}\n"
                                   "{{ .Values.image.name }}:{{ .Values.image.tag }}\n{{- end }}\n",
    "charts/web/templates/d.yaml": """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  {{- with .Values.cache }}
  redisPort: {{ .port }}
  {{- end }}
  template:
    spec:
      containers:
        - name: main
          image: {{ include "web.image" . | quote }}
""",
    "helmfile.yaml.gotmpl": """values:
  - tag: "1.1"
environments:
  default: {}
  prod:
    values: [env/prod.yaml]
---
helmDefaults: {wait: true, timeout: 100}
templates:
  base:
    version: 0.9.0
    timeout: 200
    values:
      - image: {tag: from-template}
releases:
  - name: web
    chart: ./charts/web
    version: 1.0.0
    inherit: [{template: base}]
    values:
      - values/web.yaml.gotmpl
      - replicas: {{ .Values.replicas | default 2 }}
    set:
      - name: args[0]
        value: x
""",
    "env/prod.yaml": 'tag: "2.0"\nreplicas: 5\n',
    "values/web.yaml.gotmpl": """{{- if .Values.tag }}
image:
  tag: {{ .Values.tag | quote }}
{{- end }}
cache:
  port: {{ .Values | get "redis.port" 7001 }}
""",
}
DEFAULTS, TEMPLATE, SPEC = "charts/web/values.yaml", "charts/web/templates/d.yaml", "helmfile.yaml.gotmpl"
VALUES, REDIS = "values/web.yaml.gotmpl", "charts/web/charts/redis/values.yaml"

# What is asked; what it is; the layers as file:line, None for the command line.
QUESTIONS = [
    ("a value is overridden layer by layer", ["image.tag"], "2.0",
     [f"{DEFAULTS}:3", f"{SPEC}:14", f"{VALUES}:3"]),
    ("--set comes last", ["image.tag", "--set", "image.tag=7"], 7,
     [f"{DEFAULTS}:3", f"{SPEC}:14", f"{VALUES}:3", None]),
    ("what is written into the spec has the line of its key", ["replicas"], 5, [f"{DEFAULTS}:4", f"{SPEC}:22"]),
    ("a dependency has its own defaults, under its alias", ["cache.port"], 7001,
     [f"{REDIS}:2", f"{DEFAULTS}:6", f"{VALUES}:6"]),
    ("a default that nothing overrides", ["cache.auth.enabled"], False, [f"{REDIS}:1"]),
    ("`set` sets items of lists", ["args[0]"], "x", [f"{DEFAULTS}:7", f"{SPEC}:24"]),
    ("a field of the release", ["version"], "1.0.0", [f"{SPEC}:11", f"{SPEC}:18"]),
    ("helmDefaults are under templates", ["timeout"], 200, [f"{SPEC}:8", f"{SPEC}:12"]),
    ("an option is over the spec", ["namespace", "--namespace", "shop"], "shop", [None]),
    ("a field of an object has the line that rendered it", ["Deployment/web", "spec.replicas"], 5, [f"{TEMPLATE}:6"]),
    ("what is included is told as well", ["Deployment/web", "spec.template.spec.containers[main].image"], "nginx:2.0",
     [f"{TEMPLATE}:14", "charts/web/templates/_h.tpl:2"]),
]


@pytest.fixture
def folder(tmp_path):
    write_files(tmp_path, FILES)
    return tmp_path


def ask(run, folder, *question):
    done = run("-e", "prod", "why", "web", *question, "-o", "json", cwd=folder)
    return json.loads(done.stdout)[0]["answers"]


def places(answer):
    return [layer["file"] and f"{layer['file']}:{layer['line']}" for layer in answer["layers"]]


@pytest.mark.parametrize("question, value, layers", [row[1:] for row in QUESTIONS],
                         ids=[row[0] for row in QUESTIONS])
def test_every_layer_has_its_line(run, folder, question, value, layers):
    answer = ask(run, folder, *question)[0]
    assert (answer["value"], places(answer)) == (value, layers)


def test_the_values_that_a_template_read_are_followed_to_the_environment(run, folder):
    answers = {answer["name"]: answer for answer in ask(run, folder, "Deployment/web",
                                                        "spec.template.spec.containers[0].image")}
    first = next(iter(answers.values()))
    assert first["reads"] == ["image.name", "image.tag"]
    assert places(answers[".Values.image.tag"]) == [f"{DEFAULTS}:3", f"{SPEC}:14", f"{VALUES}:3"]
    assert places(answers["state .Values.tag"]) == [f"{SPEC}:2", "env/prod.yaml:1"]


def test_values_in_with_are_known_by_their_whole_path(run, folder):
    answers = ask(run, folder, "Deployment/web", "spec.redisPort")
    assert answers[0]["reads"] == ["cache.port"]


def test_the_table_marks_what_counts(run, folder):
    lines = run("-e", "prod", "why", "web", "image.tag", cwd=folder).stdout.splitlines()
    assert lines[0] == 'image.tag = "2.0"'
    assert [line for line in lines if line.startswith("* ")][0].split()[1] == f"{VALUES}:3:11"


def test_without_a_question_all_values_are_listed(run, folder):
    lines = run("-e", "prod", "why", "web", cwd=folder).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["args", "cache.auth.enabled", "cache.global", "cache.port",
                                                       "image.name", "image.tag", "replicas"]


def test_values_are_explained_though_the_chart_cannot_be_rendered(run, folder):
    (folder / TEMPLATE).write_text('{{ fail "no" }}')
    assert places(ask(run, folder, "replicas")[0]) == [f"{DEFAULTS}:4", f"{SPEC}:22"]


def test_what_a_secret_holds_is_hidden(run, folder):
    (folder / "charts/web/templates/s.yaml").write_text(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: top-secret-text}\n")
    shown = run("-e", "prod", "why", "web", "Secret/s", "stringData.a", cwd=folder).stdout
    assert "(hidden)" in shown and "top-secret" not in shown


def test_what_is_not_there_is_said(run, folder):
    assert 'no value, and no field, "nope"' in run("-e", "prod", "why", "web", "nope", cwd=folder, expect=None).stderr
    assert 'did you mean "Deployment/web"?' in run("-e", "prod", "why", "web", "Deploymen/web", cwd=folder,
                                              expect=None).stderr
    assert run("why", cwd=folder, expect=None).code != 0


SCHEMA = """{"type": "object", "properties": {"image": {"additionalProperties": false, "properties": {"name": {}, "tag": {}}},
 "replicas": {"type": "integer"}}}"""


def test_values_that_do_not_fit_the_schema_are_shown_where_they_are_set(run, folder):
    (folder / "charts/web/values.schema.json").write_text(SCHEMA)
    (folder / "charts/web/charts/redis/values.schema.json").write_text('{"properties": {"port": {"type": "string"}}}')
    (folder / "values/web.yaml.gotmpl").write_text("cache:\n  port: 7002\nimage:\n  tags: x\n")
    error = run("-e", "prod", "--state-values-set", "replicas=many", "template", cwd=folder, expect=1).stderr
    assert " --> values/web.yaml.gotmpl:4:" in error and "tags: x" in error
    assert f"= from {SPEC}:22:9: replicas" in error
    assert "= from values/web.yaml.gotmpl:2:9: cache.port" in error
    assert 'did you mean "tag"?' in error


def test_values_are_explained_though_they_do_not_fit_the_schema(run, folder):
    (folder / "charts/web/values.schema.json").write_text('{"properties": {"replicas": {"type": "string"}}}')
    assert ask(run, folder, "replicas")[0]["value"] == 5


def test_yaml_errors_in_a_template_without_actions_have_their_line(run, folder):
    (folder / "values/web.yaml.gotmpl").write_text("a: 1\nb: {\n")
    assert " --> values/web.yaml.gotmpl:3:1" in run("-e", "prod", "template", cwd=folder, expect=1).stderr
