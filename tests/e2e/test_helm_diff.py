"""A program called helmfile shows differences as helmfile 1.8 does with helm-diff 3.15.11: to the byte.

The texts were recorded with these, on a cluster, of the charts in golden/helm-diff with v: 1 and then v: 2.
"""

from pathlib import Path

import pytest

from conftest import ROOT

GOLDEN = ROOT / "tests" / "e2e" / "golden" / "helm-diff"
LINES = ["--suppress-output-line-regex", "replicas|image|args|side|value|B"]


@pytest.fixture
def changed(run, demo, relfile, tmp_path):
    program = tmp_path / "helmfile"
    program.symlink_to(relfile)
    folder = tmp_path / "spec"
    folder.mkdir()
    (folder / "app").symlink_to(GOLDEN / "chart")
    (folder / "b2").symlink_to(GOLDEN / "shapes")

    def helmfile(chart, version, *arguments):
        (folder / "helmfile.yaml").write_text(
            f"releases:\n- {{name: {chart}, namespace: kbd, chart: ./{chart}, values: [{{v: {version}}}]}}\n")
        return run(*arguments, *demo.options, cwd=folder, program=program).stdout

    def diff(chart, *arguments):
        helmfile(chart, 1, "sync")
        return helmfile(chart, 2, "diff", *arguments)

    return diff


@pytest.mark.parametrize("name, options", [
    ("diff", []),
    ("simple", ["--output", "simple"]),
    ("json", ["--output", "json"]),
    ("structured", ["--output", "structured"]),
    ("template", ["--output", "template"]),
    ("dyff", ["--output", "dyff"]),
    ("context", ["--context", "1"]),
    ("diff", ["--context", "0"]),
    ("suppress", ["--suppress", "Secret"]),
    ("suppress-structured", ["--suppress", "Secret", "--output", "structured"]),
    ("suppress-json", ["--suppress", "Secret", "--output", "json"]),
    ("lines", LINES),
    ("lines-simple", [*LINES, "--output", "simple"]),
    ("lines-json", [*LINES, "--output", "json"]),
    ("show-secrets", ["--show-secrets"]),
    ("renames", ["--diff-args", "--find-renames 0.9"]),
    ("renames-structured", ["--diff-args", "-D 0.9", "--output", "structured"]),
    ("normalized", ["--diff-args", "--normalize-manifests"]),
    ("decoded", ["--diff-args", "--show-secrets-decoded"]),
])
def test_differences_are_those_of_helm_diff(changed, name, options):
    assert changed("app", *options) == Path(GOLDEN / f"{name}.txt").read_text()


@pytest.mark.parametrize("form", ["diff", "structured", "dyff"])
def test_values_of_any_shape_are_told_as_helm_diff_does(changed, form):
    """Lists in another order, named items, other types, nulls, long texts."""
    assert changed("b2", "--output", form) == Path(GOLDEN / f"shapes-{form}.txt").read_text()
