"""Specs and values that are wrong, and all that users are told about it."""

import pytest

from bad_input import CHART, RELEASE, Case, cases, check, fifo, folder, link

TEMPLATE = ("template",)

NOT_FOUND = (
    Case("no spec is here", {}, TODO),
    Case("the file that was named is not there", {}, TODO, ("-f", "other.yaml", "list")),
    Case("the folder that was named is empty", {"empty": folder}, TODO, ("-f", "empty", "list")),
    Case("the folder that was named has no specs", {"docs/README.md": "hello\n"}, TODO,
         ("-f", "docs", "list")),
    Case("both kinds of spec are here", {"helmfile.yaml": RELEASE, "helmfile.yaml.gotmpl": RELEASE},
         TODO),
    Case("a spec and a folder of specs are here",
         {"helmfile.yaml": RELEASE, "helmfile.d/a.yaml": RELEASE}, TODO),
    Case("the spec is a folder", {"helmfile.yaml": folder}, TODO),
    Case("the spec is a link to nothing", {"helmfile.yaml": link("nowhere")}, TODO),
    Case("the spec is a link to itself", {"helmfile.yaml": link("helmfile.yaml")}, TODO),
    Case("a folder of specs has a link to itself in it",
         {"helmfile.d/a.yaml": RELEASE, "helmfile.d/b.yaml": link("b.yaml")}, TODO),
    Case("the spec is empty", {"helmfile.yaml": ""}, TODO),
    Case("the spec is only a comment", {"helmfile.yaml": "# nothing\n"}, TODO),
    Case("the spec has no releases", {"helmfile.yaml": "releases: []\n"}, TODO, code=3),
    Case("the spec is a list", {"helmfile.yaml": "- name: web\n"}, TODO),
    Case("the spec is JSON, and a list", {"helmfile.yaml": "[1]\n"}, TODO),
    Case("the spec is a pipe that nobody writes to", {"helmfile.yaml": fifo}, TODO),
    Case("the spec is a device", {}, TODO, ("-f", "/dev/zero", "list")),
    Case("the spec is a device without an end", {}, TODO, ("-f", "/dev/null", "list")),
    Case("the unknown environment", {"helmfile.yaml": """\
        environments:
          production: {}
          staging: {}
        ---
        releases: []
        """}, TODO, ("-e", "prodution", "list"), 3),
    Case("an environment like nothing there is", {"helmfile.yaml": """\
        environments:
          production: {}
          staging: {}
        ---
        releases: []
        """}, TODO, ("-e", "x", "list"), 3),
    Case("an environment, where the spec has none", {"helmfile.yaml": RELEASE}, TODO,
         ("-e", "production", "list"), 3),
)


@cases(*NOT_FOUND)
def test_specs_that_are_not_there(run, tmp_path, case):
    check(run, tmp_path, case)


YAML = (
    Case("a tab", {"helmfile.yaml": "releases:\n- name: web\n\tchart: ./web\n"}, TODO),
    Case("a quote that is not closed",
         {"helmfile.yaml": "releases:\n- name: \"web\n  chart: ./web\n"}, TODO),
    Case("a single quote that is not closed",
         {"helmfile.yaml": "releases:\n- name: 'web\n  chart: ./web\n"}, TODO),
    Case("a bracket that is not closed",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  needs: [a, b\n"}, TODO),
    Case("a brace that is not closed",
         {"helmfile.yaml": "releases:\n- {name: web, chart: ./web\n"}, TODO),
    Case("a line that is too far in",
         {"helmfile.yaml": "releases:\n- name: web\n    chart: ./web\n"}, TODO),
    Case("a line that is too far out",
         {"helmfile.yaml": "releases:\n  - name: web\n    chart: ./web\n installed: true\n"}, TODO),
    Case("a key without a colon",
         {"helmfile.yaml": "releases:\n- name: web\n  chart ./web\n"}, TODO),
    Case("an alias that names nothing",
         {"helmfile.yaml": "releases:\n- name: web\n  values: [*common]\n"}, TODO),
    Case("a value with a colon in it",
         {"helmfile.yaml": "releases:\n- name: web: site\n  chart: ./web\n"}, TODO),
    Case("a value that begins with a percent sign",
         {"helmfile.yaml": "releases:\n- name: %web\n"}, TODO),
    Case("a value that begins with a backtick",
         {"helmfile.yaml": "releases:\n- name: `web`\n"}, TODO),
    Case("an escape that YAML does not have",
         {"helmfile.yaml": "releases:\n- name: \"\\d\"\n"}, TODO),
    Case("conflict markers", {"helmfile.yaml":
         "releases:\n<<<<<<< HEAD\n- name: web\n=======\n- name: site\n>>>>>>> x\n"}, TODO),
    Case("a template in a file that is none",
         {"helmfile.yaml": "releases:\n- name: {{ .Values.name }}\n  chart: ./web\n"}, TODO),
    Case("bytes that are no UTF-8",
         {"helmfile.yaml": b"releases:\n- name: w\xffb\n  chart: ./web\n"}, TODO),
    Case("a zero byte", {"helmfile.yaml": b"releases:\n- name: w\0b\n  chart: ./web\n"}, TODO),
    Case("UTF-16", {"helmfile.yaml": "releases:\n- name: web\n".encode("utf-16")}, TODO),
    Case("a control character", {"helmfile.yaml": b"releases:\n- name: w\x1b[31mb\n"}, TODO),
)


@cases(*YAML)
def test_specs_that_are_no_yaml(run, tmp_path, case):
    check(run, tmp_path, case)


KEYS = (
    Case("an unknown key at the top", {"helmfile.yaml": "release:\n- name: web\n"}, TODO),
    Case("an unknown key like none at all", {"helmfile.yaml": "zzzzzzzz: 1\n"}, TODO),
    Case("an unknown key in a release",
         {"helmfile.yaml": "releases:\n- name: web\n  chrat: ./web\n"}, TODO),
    Case("an unknown key in helmDefaults",
         {"helmfile.yaml": "helmDefaults:\n  wiat: true\n"}, TODO),
    Case("an unknown key in an environment",
         {"helmfile.yaml": "environments:\n  default:\n    valeus: []\n"}, TODO),
    Case("an unknown key in a hook", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  hooks:\n  - event: [presync]\n    comand: true\n"},
         TODO),
    Case("an unknown event of a hook", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  hooks:\n"
         "  - events: [presynk]\n    command: echo\n"}, TODO, TEMPLATE),
    Case("an unknown key in set",
         {"helmfile.yaml": "releases:\n- name: web\n  set:\n  - nmae: a\n    value: b\n"}, TODO),
    Case("an unknown key in a sub-helmfile",
         {"helmfile.yaml": "helmfiles:\n- path: a.yaml\n  selector: [a=b]\n"}, TODO),
    Case("an unknown key in a repository",
         {"helmfile.yaml": "repositories:\n- name: a\n  uri: b\n"}, TODO),
    Case("a key that is a list", {"helmfile.yaml": "releases: []\n? [a, b]\n: c\n"}, TODO),
    Case("a map where a list should be",
         {"helmfile.yaml": "releases:\n  web:\n    chart: ./web\n"}, TODO),
    Case("a text where a list should be", {"helmfile.yaml": "releases: web\n"}, TODO),
    Case("a text where a release should be", {"helmfile.yaml": "releases:\n- web\n"}, TODO),
    Case("a list where a map should be", {"helmfile.yaml": "helmDefaults:\n- wait\n"}, TODO),
    Case("a list where a map of environments should be",
         {"helmfile.yaml": "environments:\n- default\n"}, TODO),
    Case("a text where true or false should be",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  installed: maybe\n"}, TODO),
    Case("a quoted true",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  installed: \"true\"\n"}, TODO),
    Case("a list where a text should be",
         {"helmfile.yaml": "releases:\n- name: [web]\n  chart: ./web\n"}, TODO),
    Case("a map where a number should be",
         {"helmfile.yaml": "helmDefaults:\n  timeout: {seconds: 3}\n"}, TODO),
    Case("a text where a number should be",
         {"helmfile.yaml": "helmDefaults:\n  timeout: soon\n"}, TODO),
    Case("a number that is too large",
         {"helmfile.yaml": "helmDefaults:\n  timeout: 99999999999999999999\n"}, TODO),
    Case("a list in a map of labels",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  labels:\n    tier: [a]\n"},
         TODO),
    Case("a text where values should be",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  values: web.yaml\n"}, TODO),
    Case("a list among values",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  values:\n  - [a]\n"}, TODO),
    Case("a missingFileHandler there is not", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  missingFileHandler: Ignore\n"}, TODO),
    Case("a key twice at the top", {"helmfile.yaml": "releases: []\nreleases: []\n"}, TODO),
    Case("a key twice in a release",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  name: site\n"}, TODO),
    Case("a key twice in values", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  values:\n  - a: 1\n    b: 2\n    a: 3\n"}, TODO,
         TEMPLATE),
    Case("an environment twice",
         {"helmfile.yaml": "environments:\n  default: {}\n  default: {}\n"}, TODO),
    Case("environments and releases in one part",
         {"helmfile.yaml": "environments:\n  default: {}\nreleases: []\n"}, TODO),
    Case("environments behind releases",
         {"helmfile.yaml": "releases: []\n---\nenvironments:\n  default: {}\n"}, TODO),
)


@cases(*KEYS)
def test_keys_and_types(run, tmp_path, case):
    check(run, tmp_path, case)


INCLUDES = (
    Case("an include loop", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "helmfiles:\n- path: b.yaml\n",
        "b.yaml": "helmfiles:\n- path: a.yaml\n"}, TODO),
    Case("an include loop by another way to the same file", {
        "helmfile.yaml": "helmfiles:\n- path: ./sub/../helmfile.yaml\n", "sub/x": ""}, TODO),
    Case("an include loop through a link", {
        "helmfile.yaml": "helmfiles:\n- path: again.yaml\n",
        "again.yaml": link("helmfile.yaml")}, TODO),
    Case("a base that is its own base", {
        "helmfile.yaml": "bases:\n- base.yaml\n",
        "base.yaml": "bases:\n- base.yaml\n"}, TODO),
    Case("a base that is not there", {"helmfile.yaml": "bases:\n- base.yaml\n"}, TODO),
    Case("a base that is a folder", {"helmfile.yaml": "bases:\n- base\n", "base": folder}, TODO),
    Case("a mistake in a base", {
        "helmfile.yaml": "bases:\n- base.yaml\n---\nreleases: []\n",
        "base.yaml": "helmDefaults:\n  wiat: true\n"}, TODO),
    Case("a template that fails in a base", {
        "helmfile.yaml": "bases:\n- base.yaml.gotmpl\n---\nreleases: []\n",
        "base.yaml.gotmpl": "helmDefaults:\n  wait: {{ .Values.wait }}\n"}, TODO),
    Case("a file that is not there", {"helmfile.yaml": "helmfiles:\n- path: sub.yaml\n"}, TODO),
    Case("a pattern that nothing matches",
         {"helmfile.yaml": "helmfiles:\n- path: sub/*.yaml\n"}, TODO),
    Case("a pattern that is malformed",
         {"helmfile.yaml": "helmfiles:\n- path: 'sub/[.yaml'\n"}, TODO),
    Case("a sub-helmfile without a path",
         {"helmfile.yaml": "helmfiles:\n- selectors: [a=b]\n"}, TODO),
    Case("a remote file", {"helmfile.yaml":
         "helmfiles:\n- path: git::https://example.com/a.git@b.yaml?ref=v1\n"}, TODO),
    Case("a mistake two files down", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "helmfiles:\n- path: sub/*.yaml\n",
        "sub/b.yaml": "releases:\n- name: web\n  chrat: ./web\n"}, TODO),
    Case("a template that fails two files down", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "helmfiles:\n- path: b.yaml.gotmpl\n",
        "b.yaml.gotmpl": "releases:\n- name: {{ .Values.nmae }}\n  chart: ./web\n"}, TODO),
    Case("a release that is wrong in an included file", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "releases:\n- name: web\n"}, TODO),
    Case("a template in a field that fails in an included file", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml.gotmpl\n",
        "a.yaml.gotmpl":
            "releases:\n- name: web\n  chart: ./web\n  namespace: '{{`{{ .Values.x }}`}}'\n"}, TODO),
    Case("an environment that no included file has", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "environments:\n  production: {}\n---\nreleases: []\n"}, TODO,
        ("-e", "staging", "list"), 3),
)


@cases(*INCLUDES)
def test_files_that_include_files(run, tmp_path, case):
    check(run, tmp_path, case)


def with_values(entry, more=""):
    return f"releases:\n- name: web\n  chart: ./web\n  values:\n  - {entry}\n{more}"


VALUES = (
    Case("a values file that is not there",
         {**CHART, "helmfile.yaml": with_values("web.yaml")}, TODO, TEMPLATE),
    Case("a values file that is not there, with a warning",
         {**CHART, "helmfile.yaml": with_values("web.yaml", "  missingFileHandler: Warn\n")}, TODO,
         TEMPLATE, 0, stdout=TODO),
    Case("values files of an environment that are not there",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml\n"}, TODO),
    Case("values files of an environment that are not there, with a warning",
         {"helmfile.yaml": "environments:\n  default:\n    missingFileHandler: Warn\n"
          "    values:\n    - prod.yaml\n---\nreleases: []\n"}, TODO, code=3),
    Case("a values file that is a list",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "- a\n- b\n"}, TODO,
         TEMPLATE),
    Case("a values file that is a text",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "hello\n"}, TODO, TEMPLATE),
    Case("a values file of the environment that is a list",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml\n",
          "prod.yaml": "- a\n"}, TODO),
    Case("a values file that is no YAML",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "a: 1\nb: [1, 2\nc: 3\n"},
         TODO, TEMPLATE),
    Case("a values file with a tab",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "a:\n\tb: 3\n"},
         TODO, TEMPLATE),
    Case("a values file with a key twice",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "a: 1\nb: 2\na: 3\n"},
         TODO, TEMPLATE),
    Case("a values file of the environment that is no YAML",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml\n",
          "prod.yaml": "a: 'b\n"}, TODO),
    Case("a values template that does not parse",
         {**CHART, "helmfile.yaml": with_values("web.yaml.gotmpl"),
          "web.yaml.gotmpl": "a: 1\nb: {{ if }}\n"}, TODO, TEMPLATE),
    Case("a values template that fails",
         {**CHART, "helmfile.yaml": with_values("web.yaml.gotmpl"),
          "web.yaml.gotmpl": "a: 1\nreplicas: {{ .Values.replica }}\n"}, TODO, TEMPLATE),
    Case("a values template that renders to what is no YAML",
         {**CHART, "helmfile.yaml": with_values("web.yaml.gotmpl"),
          "web.yaml.gotmpl": "a: 1\n{{ \"b: [\" }}\n"}, TODO, TEMPLATE),
    Case("a values template of the environment that fails",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml.gotmpl\n",
          "prod.yaml.gotmpl": "a: {{ .Values.b.c }}\n"}, TODO),
    Case("a values file that is a folder",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": folder}, TODO, TEMPLATE),
    Case("a values file that is a pipe that nobody writes to",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": fifo}, TODO, TEMPLATE),
    Case("a values file that is a device",
         {**CHART, "helmfile.yaml": with_values("/dev/zero")}, TODO, TEMPLATE),
    Case("a values file that is no UTF-8",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": b"a: 1\nb: \xff\n"}, TODO,
         TEMPLATE),
    Case("a values file with a zero byte",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": b"a: 1\nb: \0\n"}, TODO,
         TEMPLATE),
    Case("a path to values that is a template that fails",
         {**CHART, "helmfile.yaml.gotmpl": with_values("'{{`{{ .Values.x }}`}}.yaml'")}, TODO,
         TEMPLATE),
    Case("a pattern that several values files match",
         {**CHART, "helmfile.yaml": with_values("'*-values.yaml'"),
          "a-values.yaml": "a: 1\n", "b-values.yaml": "a: 2\n"}, TODO, TEMPLATE),
    Case("--values of a file that is not there", {**CHART, "helmfile.yaml": RELEASE}, TODO,
         ("template", "--values", "more.yaml")),
    Case("--state-values-file of a file that is not there", {**CHART, "helmfile.yaml": RELEASE},
         TODO, ("list", "--state-values-file", "more.yaml")),
    Case("--state-values-set without a value", {**CHART, "helmfile.yaml": RELEASE}, TODO,
         ("list", "--state-values-set", "replicas")),
    Case("--state-values-set with an index that is no number", {**CHART, "helmfile.yaml": RELEASE},
         TODO, ("list", "--state-values-set", "a[b]=c")),
    Case("--state-values-set with an index that is too large",
         {**CHART, "helmfile.yaml": RELEASE}, TODO,
         ("list", "--state-values-set", "a[99999999]=c")),
    Case("--set without a value", {**CHART, "helmfile.yaml": RELEASE}, TODO,
         ("template", "--set", "replicas")),
    Case("--set with an index that is no number", {**CHART, "helmfile.yaml": RELEASE}, TODO,
         ("template", "--set", "a[b]=c")),
    Case("--set with a list that is not closed", {**CHART, "helmfile.yaml": RELEASE}, TODO,
         ("template", "--set", "a={b,c")),
    Case("set of a name that is malformed", {**CHART, "helmfile.yaml":
         RELEASE + "  set:\n  - name: a[b\n    value: c\n"}, TODO, TEMPLATE),
    Case("set of a file that is not there", {**CHART, "helmfile.yaml":
         RELEASE + "  set:\n  - name: a\n    file: missing.txt\n"}, TODO, TEMPLATE),
    Case("a reference that cannot be read", {**CHART, "helmfile.yaml":
         with_values("password: ref+file://missing.txt")}, TODO, TEMPLATE),
    Case("a reference of a kind there is not", {**CHART, "helmfile.yaml":
         with_values("password: ref+nothing://x")}, TODO, TEMPLATE),
    Case("secrets", {**CHART, "helmfile.yaml": RELEASE + "  secrets:\n  - secrets.yaml\n",
                     "secrets.yaml": "a: b\n"}, TODO, TEMPLATE),
)


@cases(*VALUES)
def test_values(run, tmp_path, case):
    check(run, tmp_path, case)


def template(expression):
    return {"helmfile.yaml.gotmpl": f"releases:\n- name: web\n  chart: {expression}\n"}


TEMPLATES = (
    Case("a variable that must be set is not",
         template('{{ requiredEnv "WEB_CHART" }}'), TODO),
    Case("a value that must be there is not",
         template('{{ .Values | get "chart.path" }}'), TODO),
    Case("required of nothing",
         template('{{ required "set chart" nil }}'), TODO),
    Case("fail", template('{{ fail "no chart today" }}'), TODO),
    Case("a program that fails", template('{{ exec "sh" (list "-c" "echo broken >&2; exit 3") }}'),
         TODO),
    Case("a program that is not there", template('{{ exec "no-such-program" (list) }}'), TODO),
    Case("a program that is killed", template('{{ exec "sh" (list "-c" "kill -9 $$") }}'), TODO),
    Case("a file that is not there", template('{{ readFile "chart.txt" }}'), TODO),
    Case("a function there is not", template('{{ requireEnv "A" }}'), TODO),
    Case("a template that is not closed", template('{{ .Values.a'), TODO),
    Case("an if that is not closed", template('{{ if true }}a'), TODO),
    Case("an end without a beginning", template('a{{ end }}'), TODO),
    Case("a wrong argument", template('{{ nindent "a" "b" }}'), TODO),
    Case("a variable there is not", template('{{ $chart }}'), TODO),
    Case("a release field that is a template that does not parse",
         template("'{{`{{ .Values.a`}}'"), TODO),
    Case("a release field that is a template that fails",
         template("'{{`{{ .Values.a.b }}`}}'"), TODO),
    Case("YAML that is wrong behind a loop", {"helmfile.yaml.gotmpl": """\
        releases:
        {{ range list "a" "b" }}
        - name: {{ . }}
           chart: ./web
        {{ end }}
        """}, TODO),
    Case("a key that is unknown behind a loop", {"helmfile.yaml.gotmpl": """\
        releases:
        {{ range list "a" "b" }}
        - name: {{ . }}
          chrat: ./web
        {{ end }}
        """}, TODO),
)


@cases(*TEMPLATES)
def test_templates_of_the_spec(run, tmp_path, case):
    check(run, tmp_path, case)


RELEASES = (
    Case("a need of nothing", {"helmfile.yaml": """\
        releases:
        - name: web
          chart: ./web
          needs: [databse]
        - name: database
          chart: ./web
        """}, TODO, TEMPLATE),
    Case("a need in another namespace", {"helmfile.yaml": """\
        releases:
        - name: web
          chart: ./web
          needs: [database]
        - name: database
          namespace: storage
          chart: ./web
        """}, TODO, TEMPLATE),
    Case("needs that go round in a circle", {"helmfile.yaml": """\
        releases:
        - name: a
          chart: ./web
          needs: [b]
        - name: b
          chart: ./web
          needs:
          - c
        - name: c
          chart: ./web
          needs: [a]
        """}, TODO, TEMPLATE),
    Case("a release that needs itself", {"helmfile.yaml": """\
        releases:
        - name: a
          chart: ./web
          needs: [a]
        """}, TODO, TEMPLATE),
    Case("a release twice", {"helmfile.yaml": """\
        releases:
        - name: web
          chart: ./web
        - name: web
          chart: ./other
        """}, TODO),
    Case("a release without a chart", {"helmfile.yaml": "releases:\n- name: web\n"}, TODO),
    Case("a release without a name", {"helmfile.yaml": "releases:\n- chart: ./web\n"}, TODO),
    Case("a release that is null", {"helmfile.yaml": "releases:\n-\n"}, TODO),
    Case("a name with capitals", {"helmfile.yaml": "releases:\n- name: Web\n  chart: ./web\n"},
         TODO),
    Case("a name with an underscore",
         {"helmfile.yaml": "releases:\n- name: web_site\n  chart: ./web\n"}, TODO),
    Case("a name that is too long",
         {"helmfile.yaml": f"releases:\n- name: {'w' * 54}\n  chart: ./web\n"}, TODO),
    Case("a namespace with a slash",
         {"helmfile.yaml": "releases:\n- name: web\n  namespace: a/b\n  chart: ./web\n"}, TODO),
    Case("--namespace with capitals", {"helmfile.yaml": RELEASE}, TODO, ("-n", "Web", "list")),
    Case("a selector without a value", {"helmfile.yaml": RELEASE}, TODO, ("-l", "foo", "list")),
    Case("a selector in an include that is malformed", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n  selectors: [foo]\n",
        "a.yaml": RELEASE}, TODO),
    Case("a selector that nothing matches", {"helmfile.yaml": RELEASE}, TODO,
         ("-l", "name=wbe", "list"), 3),
    Case("a condition that is none", {"helmfile.yaml": RELEASE + "  condition: web\n"}, TODO),
    Case("a condition that looks for nothing",
         {"helmfile.yaml": RELEASE + "  condition: web.enabled\n"}, TODO),
    Case("a release template there is not", {"helmfile.yaml":
         "templates:\n  common: {}\n---\n" + RELEASE + "  inherit:\n  - template: comon\n"}, TODO),
    Case("a release template that inherits itself", {"helmfile.yaml":
         "templates:\n  a:\n    inherit:\n    - template: a\n---\n" + RELEASE
         + "  inherit:\n  - template: a\n"}, TODO),
    Case("a timeout below zero", {"helmfile.yaml": RELEASE + "  timeout: -1\n"}, TODO),
    Case("a post renderer", {**CHART, "helmfile.yaml": RELEASE + "  postRenderer: ./patch.sh\n"},
         TODO, TEMPLATE),
    Case("a post renderer for all", {**CHART, "helmfile.yaml":
         "helmDefaults:\n  postRenderer: ./patch.sh\n---\n" + RELEASE}, TODO, TEMPLATE),
    Case("JSON patches", {**CHART, "helmfile.yaml": RELEASE + "  jsonPatches:\n  - a: b\n"}, TODO,
         TEMPLATE),
    Case("strategic merge patches",
         {**CHART, "helmfile.yaml": RELEASE + "  strategicMergePatches:\n  - a: b\n"}, TODO,
         TEMPLATE),
    Case("transformers", {**CHART, "helmfile.yaml": RELEASE + "  transformers:\n  - a: b\n"}, TODO,
         TEMPLATE),
    Case("forceNamespace", {**CHART, "helmfile.yaml": RELEASE + "  forceNamespace: x\n"}, TODO,
         TEMPLATE),
    Case("dependencies", {**CHART, "helmfile.yaml":
         RELEASE + "  dependencies:\n  - chart: ./sub\n    version: 1.0.0\n"}, TODO, TEMPLATE),
)


@cases(*RELEASES)
def test_releases(run, tmp_path, case):
    check(run, tmp_path, case)
