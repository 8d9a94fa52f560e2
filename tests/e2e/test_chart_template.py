"""relfile chart template: helm's options, helm's bytes. Where helm is on the PATH each command line is
given to both programs."""

import shutil
import subprocess

import pytest

from conftest import clean_environment, write_files
from stand_in import stand_in
from test_post_renderer import PLUGIN

FILES = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '9'\n"
                  "dependencies:\n- {name: db, version: 0.1.0, alias: store}\n",
    "values.yaml": "text: default\nlist: [a, b]\nstore: {size: 1}\nglobal: {zone: a}\n",
    "values.schema.json": '{"properties": {"text": {"type": ["string", "integer", "null"]}}}',
    "crds/a.yaml": "kind: CustomResourceDefinition\nmetadata: {name: a}\n---\nkind: B\n",
    "templates/_helpers.tpl": '{{ define "name" }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}\n',
    "templates/config.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ include \"name\" . }}'}\n"
        "data:\n  values: {{ .Values | toJson | quote }}\n  release: {{ .Release | toJson | quote }}\n"
        "  kube: {{ .Capabilities.KubeVersion.Version }}\n"
        "  api: {{ .Capabilities.APIVersions.Has \"shop.example/v1\" | quote }}\n"
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
    "templates/job.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: hook\n"
                          "  annotations: {helm.sh/hook: pre-install}\n",
    "templates/tests/test.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n"
                                 "  annotations: {helm.sh/hook: test}\n",
    "templates/NOTES.txt": "Hello {{ .Release.Name }}\n",
    "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 0.1.0\n",
    "charts/db/values.yaml": "size: 3\nname: db\n",
    "charts/db/crds/b.yaml": "kind: CustomResourceDefinition\nmetadata: {name: b}\n",
    "charts/db/templates/set.yaml": "apiVersion: apps/v1\nkind: StatefulSet\n"
                                    "metadata: {name: '{{ .Release.Name }}-{{ .Chart.Name }}'}\n"
                                    "spec: {{ .Values | toJson }}\n",
}
VALUES = {"a.yaml": "text: from a\nlist: null\nstore: {name: null}\n",
          "b.yaml": "text: from b\n---\nglobal: {zone: b}\n", "text.txt": "several\nlines, {of} text\n"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chart")
    write_files(folder / "web", FILES)
    for name, text in VALUES.items():
        (folder / name).write_text(text)
    return folder


LINES = [
    ["web", "./web"],
    ["./web"],
    ["web", "web"],
    ["web", "./web/"],
    ["web", "./web", "-n", "shop"],
    ["web", "./web", "--namespace=shop", "--is-upgrade"],
    ["web", "./web", "-f", "a.yaml"],
    ["web", "./web", "-f", "a.yaml", "--values", "b.yaml"],
    ["web", "./web", "-f", "a.yaml,b.yaml"],
    ["web", "./web", "-f", '"a.yaml",b.yaml'],
    ["web", "./web", "--set", "text=1,list[1]=x,store.size=2"],
    ["web", "./web", "--set", "list={x,y},global.zone=null"],
    ["web", "./web", "--set-string", "text=1", "--set", "text=2"],
    ["web", "./web", "--set-json", 'store={"size":[1,null]}', "--set", "store.more=1"],
    ["web", "./web", "--set-json", '{"text":"whole","list":[]}'],
    ["web", "./web", "--set-literal", "text=a,b{c}\\d"],
    ["web", "./web", "--set-file", "text=text.txt"],
    ["web", "./web", "--set-file", "text=text.txt,list={text.txt}"],
    ["web", "./web", "--include-crds"],
    ["web", "./web", "--include-crds", "--skip-crds"],
    ["web", "./web", "--skip-tests"],
    ["web", "./web", "--no-hooks"],
    ["web", "./web", "-s", "templates/config.yaml"],
    ["web", "./web", "--show-only", "charts/store/templates/set.yaml", "-s", "templates/*.yaml"],
    ["web", "./web", "--include-crds", "-s", "crds/a.yaml"],
    ["web", "./web", "--kube-version", "1.29"],
    ["web", "./web", "--kube-version", "v1.30.1-gke.5", "-a", "shop.example/v1"],
    ["web", "./web", "-a", "x/v1,shop.example/v1"],
    ["./web", "--generate-name"],
    ["./web", "--name-template", "{{ \"Up\" | lower }}-x"],
    ["web", "./web", "--dry-run=client"],
    ["web", "./web", "--dry-run=true", "--server-side=false", "--wait=legacy"],
    ["web", "./web", "--dependency-update"],
    ["web", "./web", "--description", "text", "--timeout", "5m", "--wait", "--wait-for-jobs",
     "--create-namespace", "--labels", "a=b", "--disable-openapi-validation", "--hide-notes"],
    ["web", "./web", "--debug"],
    ["web", "./web", "--skip-schema-validation", "--set", "text=true"],
]

FAULTS = [
    (["web", "./nowhere"], "not found"),
    (["web", "./web", "-g"], "cannot set --generate-name and also specify a name"),
    (["web", "./web", "--name-template", "x"], "cannot set --name-template"),
    (["Web", "./web"], "invalid release name"),
    (["web", "./web", "--kube-version", "x"], "x"),
    (["web", "./web", "-f", "nowhere.yaml"], "nowhere.yaml"),
    (["web", "./web", "--set", "text"], "has no value"),
    (["web", "./web", "--set-json", "text={"], "--set-json"),
    (["web", "./web", "--set-file", "text=nowhere.txt"], "nowhere.txt"),
    (["web", "./web", "-s", "templates/none.yaml"], "could not find template templates/none.yaml in chart"),
    (["web", "./web", "--set", "text=true"], "values don't meet the specifications of the schema(s)"),
    (["web", "./web", "--set", "text=1", "--nonsense"], "nonsense"),
    (["web", "./web", "--dry-run=false"], "it can be: client, server"),
    (["web", "./web", "--server-side=x"], "it can be: true, false"),
    (["web", "./web", "--wait=x"], "it can be: watcher"),
]


def helm(*arguments, cwd, home, stdin=None):
    if not shutil.which("helm"):
        pytest.skip("there is no helm")
    return subprocess.run(["helm", "template", *arguments], cwd=cwd, input=stdin, check=False,
                          env=clean_environment(home), capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_the_bytes_are_helms(run, folder, home, line):
    theirs = helm(*line, cwd=folder, home=home)
    assert theirs.returncode == 0, theirs.stderr
    assert run("chart", "template", *line, cwd=folder).stdout == theirs.stdout


@pytest.mark.parametrize("line, message", FAULTS, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_what_helm_refuses_is_refused(run, folder, home, line, message):
    ours = run("chart", "template", *line, cwd=folder, expect=None)
    assert ours.code != 0
    assert message in ours.stderr
    theirs = helm(*line, cwd=folder, home=home)
    assert (theirs.returncode != 0, theirs.stdout) == (True, ours.stdout)


def test_values_come_from_standard_input(run, folder, home):
    line = ["web", "./web", "-f", "-"]
    ours = run("chart", "template", *line, cwd=folder, stdin="text: typed\n").stdout
    assert "typed" in ours
    assert helm(*line, cwd=folder, home=home, stdin="text: typed\n").stdout == ours


def test_values_come_from_the_network(run, folder):
    def answer(method, path, headers, body):
        return 200 if path == "/v.yaml" else 404, [], b"text: fetched\n"

    with stand_in(answer) as port:
        url = f"http://127.0.0.1:{port}"
        assert "fetched" in run("chart", "template", "web", "./web", "-f", f"{url}/v.yaml", cwd=folder).stdout
        assert "fetched" in run("chart", "template", "web", "./web", "--set-file",
                                f"text={url}/v.yaml", cwd=folder).stdout
        assert "404" in run("chart", "template", "web", "./web", "-f", f"{url}/no", cwd=folder, expect=None).stderr


@pytest.mark.parametrize("options", [[], ["--include-crds"], ["--release-name", "--include-crds"],
                                     ["--skip-tests"], ["--no-hooks"]], ids=" ".join)
def test_files_are_helms(run, folder, home, tmp_path, options):
    def files(below):
        return {str(path.relative_to(below)): path.read_text() for path in below.rglob("*.yaml")}

    line = ["web", str(folder / "web"), *options, "--output-dir", "out"]
    (tmp_path / "ours").mkdir()
    ours = run("chart", "template", *line, cwd=tmp_path / "ours").stdout
    (tmp_path / "theirs").mkdir()
    theirs = helm(*line, cwd=tmp_path / "theirs", home=home)
    assert files(tmp_path / "ours") == files(tmp_path / "theirs")
    assert ours == theirs.stdout


def test_raw_texts_are_not_taken_apart(run, folder):
    text = run("chart", "template", "web", "./web", "--raw", cwd=folder).stdout
    assert "---\n# Source: web/templates/NOTES.txt\nHello web\n\n---\n" in text
    assert text.index("kind: ConfigMap") < text.index("kind: Secret")
    assert "_helpers" not in text
    one = run("chart", "template", "web", "./web", "--raw", "-s", "templates/job.yaml", cwd=folder).stdout
    assert one == "---\n# Source: web/templates/job.yaml\n" + FILES["templates/job.yaml"] + "\n"


def test_raw_texts_that_are_no_manifests_are_seen(run, tmp_path):
    (tmp_path / "c" / "templates").mkdir(parents=True)
    (tmp_path / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    (tmp_path / "c" / "templates" / "a.yaml").write_text("a: [{{ 1 }}\n")
    assert run("chart", "template", "./c", cwd=tmp_path, expect=1).stdout == ""
    assert "a: [1\n" in run("chart", "template", "./c", "--debug", cwd=tmp_path, expect=1).stdout
    assert "a: [1\n" in run("chart", "template", "./c", "--raw", cwd=tmp_path).stdout


def test_hosts_are_looked_up_where_that_is_allowed(run, tmp_path):
    (tmp_path / "c" / "templates").mkdir(parents=True)
    (tmp_path / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    template = tmp_path / "c" / "templates" / "a.yaml"
    template.write_text('a: {{ getHostByName "localhost" | quote }}\n')
    assert 'a: ""\n' in run("chart", "template", "./c", cwd=tmp_path).stdout
    assert run("chart", "template", "./c", "--enable-dns", cwd=tmp_path).stdout.split('"')[1] in ("127.0.0.1", "::1")
    for allowed in ("false", "true"):
        (tmp_path / "helmfile.yaml").write_text(f"releases:\n- name: w\n  chart: ./c\n  enableDNS: {allowed}\n")
        assert ('a: ""' in run("template", cwd=tmp_path).stdout) == (allowed == "false")
    template.write_text('a: {{ getHostByName "no.such.host.invalid" }}\n')
    assert "no.such.host.invalid" in run("chart", "template", "./c", "--enable-dns", cwd=tmp_path, expect=1).stderr


# ---- a post-renderer

MARK = '#!/bin/sh\nsed "s/default/$1/"\n'


BLOCKS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }} # its name
data:
  text: default
---
apiVersion: v1
kind: Pod
metadata:
  name: before
  annotations:
    helm.sh/hook: pre-install
"""


@pytest.mark.parametrize("options", [[], ["--show-only", "templates/a.yaml"], ["--no-hooks"]], ids=" ".join)
def test_a_post_renderer_of_helms_does_what_it_does_for_helm(run, home, tmp_path, options):
    folder = write_chart(tmp_path, BLOCKS).parent
    plugin = tmp_path / "plugins" / "mark"
    plugin.mkdir(parents=True)
    (plugin / "plugin.yaml").write_text(PLUGIN)
    (plugin / "mark.sh").write_text('#!/bin/sh\nsed "s/default/$1-$2/"\n')
    (plugin / "mark.sh").chmod(0o755)
    line = ["web", "./c", "--post-renderer", "mark", "--post-renderer-args", "b", *options]
    ours = run("chart", "template", *line, cwd=folder, env={"HELM_PLUGINS": plugin.parent}).stdout
    assert "plugin-b" in ours
    if not shutil.which("helm"):
        pytest.skip("there is no helm")
    theirs = subprocess.run(["helm", "template", *line], cwd=folder, check=True, capture_output=True, encoding="utf-8",
                            env=clean_environment(home, HELM_PLUGINS=str(plugin.parent)))
    assert ours == theirs.stdout


def test_a_post_renderer_may_be_any_program(run, folder, tmp_path):
    (tmp_path / "mark").write_text(MARK)
    (tmp_path / "mark").chmod(0o755)
    line = ["chart", "template", "web", "./web", "--post-renderer-args", "seen", "--post-renderer"]
    assert "seen" in run(*line, tmp_path / "mark", cwd=folder).stdout
    assert "there is no program" in run(*line, "./nowhere", cwd=folder, expect=1).stderr


RENDERERS = {
    "nothing": "cat",
    "sed": "sed 's/one/two/; s/^kind: Service/kind: Ingress/'",
    "adds": "cat; printf -- '---\nkind: A\nmetadata: {name: added, annotations: {x: y}} # c\n---\n# no object\n'",
    "replaces": "cat >/dev/null; printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n'",
    "prints a List": "cat >/dev/null; printf 'kind: List\nitems:\n- kind: A\n  metadata: {name: a}\n- kind: B\n'",
    "prints JSON": 'cat >/dev/null; echo \'{"kind":"A","metadata":{"name":"a","annotations":{"b":"c"}}, "x":[1,{"y":null}]}\'',
    "loses files' names": "grep -v postrender-filename",
}
STYLES = """\
# above the first
apiVersion: v1
kind: ConfigMap
metadata:   {name: a, labels: {app: x, "q": 'y'}}   # behind
data:
    # above a key
    text: |
      line one
        line two

    folded: >-
      some folded
      text here
    quoted: "a\\tb"
    single: 'it''s'
    spaces: |
      at the end  
      of a line
    plain: over
      two lines
    "on": "yes"
    nothing:
    kept: |+
      one


    anchors: &a {x: 1}
    again: *a
---
# only a comment
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: s}
- {apiVersion: v1, kind: Secret, metadata: {name: t}}
---
apiVersion: v1
kind: Service
metadata:
    annotations:
    name: d
spec:
    ports:
        # above an item
        -   name: x
            args: ["a", 'b', c]
        - [1, 2]
        -
          - a
          -  - b
    empty: []

    none: {}

    # with space
    # around it


    last: 1
---
apiVersion: v1
kind: Pod
metadata:
  annotations: {}
  name: hook
---
kind: Bare
"""
BELOW = """\
# about the file

# above the first key
kind: A
metadata:
    name: a
    annotations: {b: c}
    # below the last

spec: {a:   b}
# less deep
list:
    # above the first
    - x   # behind
    # below an item

    - y: 1
      z: 2
      # in the item
    # below the items
  # between
empty: # behind a key
    - # behind a dash
      a: b

    # - commented: out
map:
    deep:
        a: |
            text
        # below the text
    # below deep

    # alone
last: {a: b}
    # deeper
# after all

# the very last
"""
ODD = """\
kind: A
metadata:
    name: a
text: | # behind what says how it is
    text
"""


@pytest.mark.parametrize("what", RENDERERS)
def test_what_a_post_renderer_gets_and_prints_is_written_as_helm_writes_it(run, home, tmp_path, what):
    chart, plugin = write_chart(tmp_path, f"{STYLES}---\n{BELOW}"), tmp_path / "plugins" / "mark"
    plugin.mkdir(parents=True)
    (plugin / "plugin.yaml").write_text(PLUGIN)
    (plugin / "mark.sh").write_text(f"#!/bin/sh\ntee -a $SEEN | {{ {RENDERERS[what]}; }}\n")
    (plugin / "mark.sh").chmod(0o755)
    line = ["template", "web", str(chart), "--post-renderer", "mark"]
    folders = {"HELM_PLUGINS": str(plugin.parent)}
    ours = run("chart", *line, cwd=tmp_path, env={**folders, "SEEN": str(tmp_path / "ours")}).stdout
    assert "metadata:   {" not in ours
    if not shutil.which("helm"):
        return
    theirs = subprocess.run(["helm", *line], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True,
                            env=clean_environment(home, **folders, SEEN=str(tmp_path / "theirs")))
    assert ours == theirs.stdout
    assert (tmp_path / "ours").read_text() == (tmp_path / "theirs").read_text()


def test_what_is_not_understood_stays_as_it_is(run, tmp_path):
    chart = write_chart(tmp_path, ODD)
    said = run("chart", "template", "web", chart, "--post-renderer", "cat").stdout
    assert said == f"---\n# Source: c/templates/a.yaml\n{ODD}"


# ---- a cluster

LIVE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: live}
data:
  from: {{ with lookup "v1" "Namespace" "" "default" }}{{ .metadata.name | quote }}{{ else }}"nowhere"{{ end }}
  kind: {{ (lookup "v1" "Namespace" "" "").kind }}
  all: {{ range (lookup "v1" "Namespace" "" "").items }}{{ .metadata.name }} {{ end }}
"""


def server(run, chart, demo, *more, **how):
    return run("chart", "template", "web", chart, *more, "--target", "demo", "--target-location", demo.location, **how)


def write_chart(folder, template):
    (folder / "c" / "templates").mkdir(parents=True)
    (folder / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    (folder / "c" / "templates" / "a.yaml").write_text(template)
    return folder / "c"


@pytest.mark.parametrize("option", ["--dry-run=server", "--validate"])
def test_a_cluster_is_asked_if_it_is_said(run, tmp_path, demo, option):
    chart = write_chart(tmp_path, LIVE)
    said = server(run, chart, demo, option).stdout
    assert 'from: "default"' in said and "kind: NamespaceList" in said and "all: default " in said
    assert 'from: "nowhere"' in server(run, chart, demo).stdout
    assert not demo.released()


@pytest.mark.parametrize("template, message", [
    ("apiVersion: shop/v1\nkind: Till\nmetadata: {name: a}\n", 'no matches for kind "Till" in version "shop/v1"'),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: UPPER}\n", "UPPER"),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nextra: 1\n", "extra"),
])
def test_what_the_cluster_would_not_take_is_an_error(run, tmp_path, demo, template, message):
    chart = write_chart(tmp_path, template)
    server(run, chart, demo)
    assert message in server(run, chart, demo, "--dry-run=server", expect=1).stderr
    assert not demo.released()


def test_the_cluster_is_not_asked_about_what_is_empty(run, tmp_path, demo):
    chart = write_chart(tmp_path, "# nothing but a comment\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert "name: a" in server(run, chart, demo, "--dry-run=server").stdout


def test_none_is_no_dry_run_of_templates(run, folder):
    assert "none" in run("chart", "template", "web", "./web", "--dry-run=none", cwd=folder, expect=3).stderr
