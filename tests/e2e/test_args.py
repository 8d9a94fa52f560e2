"""Options of helm's in specs (helmDefaults.args and the like) and on the command line (--args):
they become relfile's own. And settings of releases that only show in a cluster."""

import json

import pytest

CHART = "apiVersion: v2\nname: app\nversion: 1.0.0\n"

CONFIG = """apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
{{- range $k, $v := .Values }}
  {{ $k }}: {{ $v | quote }}
{{- end }}
"""


@pytest.fixture
def spec(tmp_path):
    def spec(text, **templates):
        for name, body in {"a": CONFIG, **templates}.items():
            path = tmp_path / "app" / "templates" / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
        (tmp_path / "app" / "Chart.yaml").write_text(CHART)
        path = tmp_path / "helmfile.yaml"
        path.write_text(text)
        return path

    return spec


RELEASE = "releases:\n- name: web\n  chart: ./app\n"


def with_args(text, field="args"):
    return f"helmDefaults:\n  {field}:\n  - {text}\n{RELEASE}"


WRONG = {
    "--no-such-thing": "args: relfile does not know helm's option --no-such-thing",
    "--namespace x": "args: --namespace cannot be set here",
    "--timeout soon": 'args: "soon" is no value of --timeout',
    "--set": "args: --set needs a value",
    "--wait=perhaps": 'args: "perhaps" is no value of --wait',
    "--history-max many": 'args: "many" is no value of --history-max',
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_done_is_said_where_it_is_written(run, spec, text):
    result = run("-f", spec(with_args(text)), "template", expect=1)
    assert WRONG[text] in result.stderr
    assert "helmfile.yaml:3:5" in result.stderr


def test_what_only_steers_helm_is_a_warning_once(run, spec):
    path = spec(with_args("--debug --qps 3") + "- name: two\n  chart: ./app\n")
    result = run("-f", path, "template")
    assert result.stderr.count("--debug only steers the program helm") == 1
    assert result.stderr.count("--qps only steers the program helm") == 1


def test_a_dry_run_is_no_way_to_sync(run, demo, spec):
    result = run("-f", spec(with_args("--dry-run=server", "syncArgs")), "sync", *demo.options,
                 expect=1)
    assert "relfile diff shows what would change" in result.stderr


def test_a_list_is_not_bothered_by_args(run, spec):
    assert "web" in run("-f", spec(with_args("--no-such-thing")), "list").stdout


def values_of(run, path, demo):
    text = run("-f", path, "status", "web", *demo.options).stdout
    assert "deployed" in text
    return text


def test_args_of_sync_change_what_is_installed(run, demo, spec):
    path = spec(with_args("--set x=sync --history-max 1 --description said", "syncArgs"))
    for _ in range(3):
        run("-f", path, "sync", *demo.options)
    history = json.loads(run("-f", path, "history", "web", "-o", "json", *demo.options).stdout)
    assert len(history) == 1
    assert history[0]["description"] == "said"
    assert run("-f", path, "diff", "--args", "--set x=sync", *demo.options).stdout == ""
    assert "-  x: sync" in run("-f", path, "diff", *demo.options).stdout


def test_values_are_reused_where_that_is_asked_for(run, demo, spec):
    path = spec(RELEASE)
    run("-f", path, "sync", "--set", "x=1,z=1", *demo.options)
    assert "x:" in run("-f", path, "diff", *demo.options).stdout
    assert run("-f", path, "diff", "--reuse-values", *demo.options).stdout == ""
    assert "z:" in run("-f", path, "diff", "--reuse-values", "--set", "z=2", *demo.options).stdout
    path = spec(RELEASE + "  reuseValues: true\n")
    assert run("-f", path, "diff", *demo.options).stdout == ""
    assert "x:" in run("-f", path, "diff", "--reset-values", *demo.options).stdout


BAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}\n"


def test_an_upgrade_that_fails_leaves_nothing_new_if_that_is_asked_for(run, demo, spec):
    new = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n"
    run("-f", spec(RELEASE), "sync", *demo.options)
    path = spec(RELEASE + "  cleanupOnFail: true\n", b=new, z=BAD)
    run("-f", path, "sync", *demo.options, expect=1)
    files = [p.name for p in demo.location.rglob("*new*")]
    assert files == [], "the new object is gone"
    path = spec(RELEASE, b=new, z=BAD)
    run("-f", path, "sync", *demo.options, expect=1)
    assert [p.name for p in demo.location.rglob("*new*")] != []


def test_objects_of_nobody_are_taken_over_if_that_is_asked_for(run, demo, spec):
    run("-f", spec(RELEASE), "sync", *demo.options)
    other = "releases:\n- name: other\n  chart: ./app\n"
    result = run("-f", spec(other), "sync", *demo.options, expect=1)
    assert "is there already" in result.stderr
    run("-f", spec(other), "sync", "--take-ownership", *demo.options)
    run("-f", spec(other + "  takeOwnership: true\n"), "sync", *demo.options)


def test_changed_lines_can_be_left_out_of_a_diff(run, demo, spec):
    run("-f", spec(RELEASE), "sync", "--set", "x=1,z=1", *demo.options)
    options = ["--set", "x=2,z=2", *demo.options]
    text = run("-f", spec(RELEASE + "  suppressOutputLineRegex: ['^ *x:']\n"), "diff",
               *options).stdout
    assert "z:" in text
    assert "x:" not in text
    text = run("-f", spec(RELEASE), "diff", "--suppress-output-line-regex", "[xz]: ",
               *options).stdout
    assert "has changed" not in text
    result = run("-f", spec(RELEASE), "diff", "--suppress-output-line-regex", "(", *options,
                 expect=1)
    assert "--suppress-output-line-regex" in result.stderr


STATEFUL = """apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: %s
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: a, image: b}]}
"""


def test_what_cannot_be_upgraded_is_installed_anew_if_that_is_asked_for(run, demo, spec):
    run("-f", spec(RELEASE, b=STATEFUL % "one"), "sync", *demo.options)
    result = run("-f", spec(RELEASE, b=STATEFUL % "two"), "sync", *demo.options, expect=1)
    assert "Forbidden: updates" in result.stderr
    path = spec(RELEASE + "  updateStrategy: reinstallIfForbidden\n", b=STATEFUL % "two")
    result = run("-f", path, "sync", *demo.options)
    assert "installing it anew" in result.stderr
    assert run("-f", path, "diff", *demo.options).stdout == ""
