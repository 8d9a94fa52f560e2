"""Releases that change what their charts render: what is wrong with that is said where it is
written; kustomize is run where it is needed, and only there. What the result is like is in
beside/patches.txt, compared with the real kustomize."""

import shutil

import pytest

CHART = """apiVersion: v2
name: app
version: 1.0.0
"""

CONFIG = """apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  x: "1"
"""

KUSTOMIZATION = """resources: [cm.yaml]
namePrefix: p-
"""


@pytest.fixture
def spec(tmp_path):
    def spec(release, **files):
        (tmp_path / "app" / "templates").mkdir(parents=True, exist_ok=True)
        (tmp_path / "app" / "Chart.yaml").write_text(CHART)
        (tmp_path / "app" / "templates" / "a.yaml").write_text(CONFIG)
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        path = tmp_path / "helmfile.yaml"
        path.write_text("releases:\n- name: web\n" + release)
        return path

    return spec


WRONG = {
    "a patch of nothing": (
        "  chart: ./app\n  strategicMergePatches:\n  - {apiVersion: v1, kind: Secret, metadata: {name: b}}\n",
        "helmfile.yaml:5:5", 'no object is v1 Secret "b"'),
    "an operation that fails": (
        "  chart: ./app\n  jsonPatches:\n  - target: {kind: ConfigMap}\n    patch: [{op: remove, path: /data/y}]\n",
        "helmfile.yaml:5:5", 'ConfigMap "a": remove "/data/y"'),
    "a patch without a target": (
        "  chart: ./app\n  jsonPatches:\n  - patch: [{op: remove, path: /data/y}]\n",
        "helmfile.yaml:5:5", "needs a target"),
    "a file that is not there": (
        "  chart: ./app\n  jsonPatches:\n  - nothing.yaml\n",
        "helmfile.yaml:5:5", 'there is no patch "nothing.yaml"'),
    "a dependency that is not there": (
        "  chart: ./app\n  dependencies:\n  - chart: ./other\n",
        "helmfile.yaml:5:12", "./other"),
    "a dependency of another version": (
        "  chart: ./app\n  dependencies:\n  - {chart: ./app, version: 2.0.0}\n",
        "helmfile.yaml:5:5", "has version 1.0.0, which is not 2.0.0"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_where_it_is_written(run, spec, what):
    release, place, message = WRONG[what]
    result = run("-f", spec(release), "template", expect=1)
    assert place in result.stderr
    assert message in result.stderr


@pytest.fixture
def bare_path(tmp_path):
    """A PATH on which there is no kustomize."""
    (tmp_path / "bin").mkdir()
    return {"PATH": str(tmp_path / "bin")}


def test_without_kustomize_a_kustomization_is_an_error_that_says_so(run, spec, bare_path):
    path = spec("  chart: ./kz\n", kz__kustomization_yaml=KUSTOMIZATION, kz__cm_yaml=CONFIG)
    result = run("-f", path, "template", expect=1, env=bare_path)
    assert "a kustomization needs the program kustomize" in result.stderr
    assert "--kustomize-binary" in result.stderr


def test_without_kustomize_a_transformer_of_others_is_an_error_that_says_so(run, spec, bare_path):
    path = spec("  chart: ./app\n  transformers:\n"
                "  - {apiVersion: builtin, kind: ValueAddTransformer, metadata: {name: a}}\n")
    result = run("-f", path, "template", expect=1, env=bare_path)
    assert "transformer ValueAddTransformer needs the program kustomize" in result.stderr
    assert "helmfile.yaml:5:5" in result.stderr


def test_patches_need_no_kustomize(run, spec, bare_path):
    path = spec("  chart: ./app\n  jsonPatches:\n  - target: {kind: ConfigMap}\n"
                "    patch: [{op: add, path: /data/z, value: '2'}]\n")
    assert 'z: "2"' in run("-f", path, "template", env=bare_path).stdout


needs_kustomize = pytest.mark.skipif(not shutil.which("kustomize"),
                                     reason="kustomize is not installed")


@needs_kustomize
@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_a_kustomization_is_built_with_the_values_of_the_release(run, spec, tmp_path, name):
    path = spec("  namespace: shop\n  chart: ./kz\n  values: [{nameSuffix: -s}]\n",
                kz__cm_yaml=CONFIG)
    (tmp_path / "kz" / name).write_text(KUSTOMIZATION)
    before = {p.name for p in tmp_path.iterdir()}
    result = run("-f", path, "template", env={"TMPDIR": str(tmp_path / "tmp")})
    assert "name: p-a-s" in result.stdout
    assert "namespace: shop" in result.stdout
    assert "# Source: kz/templates/kustomized.yaml" in result.stdout
    assert not list((tmp_path / "tmp").iterdir()), "the folder it was built in is gone"
    assert {p.name for p in tmp_path.iterdir()} - before == {"tmp"}


@needs_kustomize
def test_what_kustomize_says_is_shown(run, spec):
    path = spec("  chart: ./kz\n", kz__kustomization_yaml="resources: [nothing.yaml]\n")
    result = run("-f", path, "template", expect=1)
    assert "kustomize ended with exit status 1" in result.stderr
    assert "nothing.yaml" in result.stderr


@needs_kustomize
def test_single_values_are_no_use_to_a_kustomization(run, spec):
    path = spec("  chart: ./kz\n  set:\n  - {name: namePrefix, value: a}\n",
                kz__kustomization_yaml=KUSTOMIZATION, kz__cm_yaml=CONFIG)
    result = run("-f", path, "template", expect=1)
    assert "single values cannot be set for a kustomization" in result.stderr


@needs_kustomize
def test_other_transformers_are_kustomizes_affair(run, spec):
    path = spec("  chart: ./app\n  transformers:\n"
                "  - apiVersion: builtin\n    kind: ValueAddTransformer\n    metadata: {name: a}\n"
                "    value: there\n    targets: [{fieldPath: data/added}]\n"
                "  - apiVersion: builtin\n    kind: LabelTransformer\n    metadata: {name: b}\n"
                "    labels: {a: b}\n    fieldSpecs: [{path: metadata/labels, create: true}]\n")
    text = run("-f", path, "template").stdout
    assert "added: there" in text
    assert "a: b" in text


def test_patched_releases_are_installed_and_change_no_more(run, demo, spec):
    path = spec("  chart: ./app\n  forceNamespace: default\n  jsonPatches:\n"
                "  - target: {kind: ConfigMap}\n    patch: [{op: add, path: /data/z, value: '2'}]\n")
    run("-f", path, "sync", *demo.options)
    assert run("-f", path, "diff", *demo.options).stdout == ""
    path.write_text(path.read_text().replace("'2'", "'3'"))
    assert 'z: "3"' in run("-f", path, "diff", *demo.options).stdout
