"""`lint`: what it finds without a cluster, and the formats in which it tells it."""

import json
import shutil
import xml.etree.ElementTree

import pytest

from conftest import ROOT

CHART = ROOT / "tests" / "e2e" / "beside" / "echo"

SPEC = """environments:
  default:
    values: [env/{{ .Environment.Name }}.yaml]
  prod:
    values: [env/prod.yaml]
---
releases:
- name: one
  chart: ./echo
  values: [values/one.yaml, "values/{{`{{ .Release.Name }}`}}-extra.yaml.gotmpl"]
- name: two
  chart: ./echo
  needs: [one]
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CHART, tmp_path / "echo")
    (tmp_path / "helmfile.yaml.gotmpl").write_text(SPEC)
    for name in ("env/default.yaml", "env/prod.yaml", "values/one.yaml", "values/one-extra.yaml.gotmpl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("a: 1\n")
    return tmp_path


def replace(folder, old, new):
    path = folder / "helmfile.yaml.gotmpl"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def findings(run, folder, expect):
    return json.loads(run("lint", "-o", "json", cwd=folder, expect=expect).stdout)


def test_nothing_is_found_where_all_is_well(run, folder):
    assert findings(run, folder, 0) == []
    assert run("lint", "-o", "github", cwd=folder).stdout == ""


def test_a_values_file_that_nothing_names_is_a_warning(run, folder):
    (folder / "values" / "old.yaml").write_text("a: 1\n")
    (folder / "env" / "old.yaml").write_text("a: 1\n")
    found = findings(run, folder, 0)
    assert [(f["level"], f["file"]) for f in found] == [("warning", "values/old.yaml")] or \
        [(f["level"], f["file"]) for f in found] == [("warning", "env/old.yaml"), ("warning", "values/old.yaml")]
    assert "values/old.yaml" in run("lint", cwd=folder).stderr


WRONG = [
    ("an unknown key", "  needs: [one]", "  need: [one]", 13, "unknown key"),
    ("a need that is not there", "needs: [one]", "needs: [three]", 13, "not there"),
    ("a cycle", "  values: [values/one.yaml,", "  needs: [two]\n  values: [values/one.yaml,", 14, "cycle"),
    ("a release twice", "name: two\n  chart: ./echo\n  needs: [one]", "name: one\n  chart: ./echo", 11,
     "twice"),
    ("a missing file", "values/one.yaml", "values/none.yaml", 10, "does not exist"),
    ("a missing file of an environment", "values: [env/{{", "values: [envs/{{", 3, "does not exist"),
]


@pytest.mark.parametrize("old, new, line, message", [row[1:] for row in WRONG],
                         ids=[row[0] for row in WRONG])
def test_what_is_wrong_has_its_place(run, folder, old, new, line, message):
    replace(folder, old, new)
    found = [f for f in findings(run, folder, 1) if f["level"] == "error"]
    assert [(f["file"], f["line"]) for f in found] == [("helmfile.yaml.gotmpl", line)]
    assert message in found[0]["message"]


def test_values_that_the_schema_of_a_chart_forbids_are_found(run, folder):
    (folder / "echo" / "values.schema.json").write_text('{"properties": {"a": {"type": "string"}}}')
    assert "a" in findings(run, folder, 1)[0]["message"]


def test_each_release_that_fails_is_a_finding(run, folder):
    replace(folder, "chart: ./echo\n  values", "chart: ./nowhere\n  values")
    replace(folder, "chart: ./echo\n  needs: [one]", "chart: ./neither")
    assert len([f for f in findings(run, folder, 1) if f["level"] == "error"]) == 2


def test_github_gets_annotations(run, folder):
    replace(folder, "needs: [one]", "needs: [three]")
    told = run("lint", "-o", "github", cwd=folder, expect=1).stdout
    assert told.startswith("::error title=relfile,file=helmfile.yaml.gotmpl,line=13,col=")
    assert told.count("\n") == 1


def test_junit_counts_failures(run, folder):
    replace(folder, "needs: [one]", "needs: [three]")
    suite = xml.etree.ElementTree.fromstring(run("lint", "-o", "junit", cwd=folder, expect=1).stdout)
    assert suite.get("failures") == "1" and suite.find("testcase/failure") is not None


def test_sarif_names_the_place(run, folder):
    replace(folder, "needs: [one]", "needs: [three]")
    log = json.loads(run("lint", "-o", "sarif", cwd=folder, expect=1).stdout)
    assert log["version"] == "2.1.0"
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "helmfile.yaml.gotmpl"
    assert place["region"]["startLine"] == 13
