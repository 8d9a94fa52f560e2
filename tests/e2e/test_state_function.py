"""The template function `state`: values and objects of other releases, as they were recorded."""

import json
import shutil

import pytest

from conftest import ROOT


@pytest.fixture
def shared(spec):
    """A release of another team's, in a store that both use."""
    spec.releases("name: db, namespace: data, chart: ./app, "
                  "values: [{text: db.example.com, ports: [5432, 5433], auth: {user: ada}}]")
    spec("sync")
    spec.releases()
    return spec


def values_of(spec, text, *more, **options):
    spec.write("values.yaml.gotmpl", text)
    spec.releases("name: web, namespace: shop, chart: ./app, values: [values.yaml.gotmpl]")
    return template(spec, *more, **options)


def template(spec, *more, **options):
    return spec.run("template", "--state", spec.demo.state, *more, cwd=spec.folder, **options)


@pytest.mark.parametrize("call, value", [
    ('state "db" "text"', "db.example.com"),
    ('state "data/db" "ports.1"', "5433"),
    ('state "/data/db" "auth.user"', "ada"),
    ('state "db" "ConfigMap/db.data.text"', "db.example.com"),
    ('state "db" "auth" | toJson', '{"user":"ada"}'),
])
def test_values_and_objects_are_read(shared, call, value):
    shown = values_of(shared, "text: '{{ " + call + " }}'\n").stdout
    assert value in shown


def test_specs_read_the_store_of_the_command_line(shared):
    shared.write("helmfile.yaml", "")
    (shared.folder / "helmfile.yaml").unlink()
    shared.write("helmfile.yaml.gotmpl", "releases:\n- name: web\n  namespace: shop\n  chart: ./app\n"
                 "  values: [{text: '{{ state \"db\" \"text\" }}'}]\n")
    assert "db.example.com" in template(shared).stdout


def test_values_files_read_the_store_of_the_spec(shared, run):
    shared.write("values.yaml.gotmpl", 'text: {{ state "db" "text" }}\n')
    shared.releases("name: web, namespace: shop, chart: ./app, values: [values.yaml.gotmpl]",
                    more=f"state: {shared.demo.state}\n")
    run("sync", *shared.demo.options[:4], cwd=shared.folder)
    assert shared.texts()["web"] == "db.example.com"


def test_other_stores_are_read_by_their_url(shared, run, tmp_path):
    text = 'text: {{ state "db" "text" "' + str(shared.demo.state) + '" }}\n'
    shared.demo = shared.demo._replace(state=tmp_path / "own")
    assert "db.example.com" in values_of(shared, text).stdout


def test_what_was_read_is_in_the_run(shared):
    values_of(shared, 'text: {{ state "db" "text" }}\n')
    shared("sync")
    run = shared.json("log")[-1]
    [entry] = run["inputs"]
    assert entry.endswith("data/db, revision 1: text")
    assert "data/db, revision 1: text" in shared("log", run["id"]).stdout


@pytest.mark.parametrize("call, said", [
    ('state "bd" "text"', ['no release "bd"', 'did you mean "db"?']),
    ('state "db" "txet"', ['there is no "txet"', 'did you mean "text"?', "data/db, revision 1"]),
    ('state "db" "auth.usr"', ['there is no "usr"', 'did you mean "user"?']),
    ('state "db" "ConfigMap/bd.data"', ["has no object"]),
    ('state "db" "text" "s4://x"', ["no kind of store"]),
    ('state "db" "text" "x" "y"', ["takes a release, a path"]),
])
def test_errors_have_place_and_near_names(shared, call, said):
    result = values_of(shared, "a: 1\ntext: {{ " + call + " }}\n", expect=1)
    assert "values.yaml.gotmpl:2:" in result.stderr
    for words in said:
        assert words in result.stderr


def test_releases_of_one_name_must_be_told_apart(shared):
    shared.releases("name: db, namespace: other, chart: ./app", "name: db, namespace: data, chart: ./app")
    shared("sync")
    said = values_of(shared, 'text: {{ state "db" "text" }}\n', expect=1).stderr
    assert "several releases" in said and "data/db or other/db" in said


def test_what_is_in_secrets_is_not_shown(shared):
    shared.write("app/templates/secret.yaml",
                 "{{ if .Values.secret }}\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
                 "stringData: {password: hunter2-long}\n{{ end }}\n")
    shared.releases("name: db, namespace: data, chart: ./app, values: [{secret: true}]")
    shared("sync")
    values_of(shared, 'text: {{ state "db" "Secret/s.stringData.password" }}\n')
    shown = shared("diff")
    assert "hunter2" not in shown.stdout + shown.stderr
    shared("sync")
    assert shared.texts()["web"] == "hunter2-long"
    assert "hunter2" not in json.dumps(shared.json("log"))


def test_the_example_works(run, demo, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    target = demo.options[:4]
    place = tmp_path / "examples" / "state"
    run("sync", *target, cwd=place / "network")
    run("sync", *target, cwd=place / "shop")
    shown = run("state", "show", "shop", "--show-secrets", cwd=place / "shop").stdout
    assert "Hello from edge.example.com" in shown
    env = {"NETWORK_STATE_KEY": "correct horse battery staple"}
    run("-e", "production", "sync", *target, cwd=place / "network", env=env)
    assert list((place / "network" / "state-production" / "keys").iterdir())
    assert "no changes in" in (same := run("diff", "@{0}", *target, cwd=place / "shop")).stdout + same.stderr
