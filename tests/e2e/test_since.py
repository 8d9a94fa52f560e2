"""--since: only what comes of files that have changed in git."""

import subprocess

import pytest

from conftest import write_files

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"
                  "dependencies: [{name: lib, version: 1.0.0, repository: 'file://../lib'}]\n",
    "templates/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n",
    "charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n",
}
FILES = {
    **{f"charts/app/{name}": text for name, text in CHART.items()},
    "charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n",
    "charts/other/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n",
    "helmfile.yaml": "helmfiles: [one/helmfile.yaml.gotmpl, {path: two/helmfile.yaml, values: [shared.yaml]}]\n",
    "shared.yaml": "a: 1\n",
    "one/helmfile.yaml.gotmpl": """bases: [base.yaml]
environments:
  default:
    values: [env/*.yaml]
---
releases:
- {name: plain, chart: ../charts/app, values: [values/plain.yaml]}
- {name: made, chart: ../charts/app, values: [values/made.yaml.gotmpl]}
- {name: secret, chart: ../charts/other, values: [values/secret.yaml]}
""",
    "one/base.yaml": "helmDefaults: {wait: true}\n",
    "one/env/a.yaml": "a: 1\n",
    "one/values/plain.yaml": "a: 1\n",
    "one/values/made.yaml.gotmpl": 'a: {{ readFile "../texts/read.txt" }}\nb: {{ include "part" . }}\n',
    "one/values/_part.tpl": '{{ define "part" }}1{{ end }}',
    "one/values/secret.yaml": "a: ref+file://texts/secret.txt\n",
    "one/texts/read.txt": "1",
    "one/texts/secret.txt": "1",
    "two/helmfile.yaml": "releases:\n- {name: two, chart: ../charts/other}\n",
    "README.md": "text\n",
}
ONE = {"plain", "made", "secret"}

# What is changed, and which releases come of it.
CHANGES = [
    ("a values file", "one/values/plain.yaml", {"plain"}),
    ("a template of values", "one/values/made.yaml.gotmpl", {"made"}),
    ("what a template reads", "one/texts/read.txt", {"made"}),
    ("a partial", "one/values/_part.tpl", {"made"}),
    ("what a reference names", "one/texts/secret.txt", {"secret"}),
    ("a chart", "charts/app/templates/c.yaml", {"plain", "made"}),
    ("a folder that the chart depends on", "charts/lib/Chart.yaml", {"plain", "made"}),
    ("a values file of the environment", "one/env/a.yaml", ONE),
    ("a base", "one/base.yaml", ONE),
    ("a spec", "two/helmfile.yaml", {"two"}),
    ("values for a sub-helmfile", "shared.yaml", {"two"}),
    ("what nothing is made of", "README.md", set()),
]


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments], cwd=folder,
                   check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "repository"
    write_files(path, FILES)
    git(path, "init", "-q", "-b", "main")
    git(path, "add", "-A")
    git(path, "commit", "-qm", "one")
    return path


def since(run, folder, ref="HEAD", *options):
    done = run("list", "--since", ref, *options, cwd=folder)
    return {line.split()[0] for line in done.stdout.splitlines()[1:]}, done.stderr


@pytest.mark.parametrize("name, releases", [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_what_comes_of_a_changed_file_is_selected(run, folder, name, releases):
    with open(folder / name, "a", encoding="utf-8") as file:
        file.write("\n")
    found, told = since(run, folder)
    assert found == releases
    assert all(f"{release}: {name} is modified" in told for release in releases)


def test_nothing_has_changed_and_that_is_fine(run, folder):
    assert since(run, folder)[0] == set()
    done = run("template", "--since", "HEAD", cwd=folder)
    assert done.stdout == "" and "no release comes of files that have changed since HEAD" in done.stderr


def test_files_that_git_does_not_know_yet_count(run, folder):
    (folder / "one/env/b.yaml").write_text("b: 1\n")
    found, told = since(run, folder)
    assert found == ONE and "one/env/b.yaml is added" in told


def test_files_that_are_gone_count(run, folder):
    (folder / "charts/app/charts/lib/Chart.yaml").unlink()
    found, told = since(run, folder)
    assert found == {"plain", "made"} and "is deleted" in told


def test_committed_changes_count_from_where_a_branch_began(run, folder):
    git(folder, "checkout", "-qb", "work")
    (folder / "one/values/plain.yaml").write_text("a: 2\n")
    git(folder, "commit", "-qam", "two")
    git(folder, "checkout", "-q", "main")
    (folder / "two/helmfile.yaml").write_text("releases:\n- {name: two, chart: ../charts/other, version: 1.0.0}\n")
    git(folder, "commit", "-qam", "three")
    git(folder, "checkout", "-q", "work")
    assert since(run, folder, "main...")[0] == {"plain"}
    assert since(run, folder, "main")[0] == {"plain", "two"}


def test_selectors_and_since_must_both_be_met(run, folder):
    (folder / "one/env/a.yaml").write_text("a: 2\n")
    assert since(run, folder, "HEAD", "-l", "name=plain")[0] == {"plain"}


def test_template_renders_what_has_changed(run, folder):
    (folder / "one/values/plain.yaml").write_text("a: 2\n")
    assert "name: 'plain'" in run("template", "--since", "HEAD", cwd=folder).stdout
    assert "made" not in run("template", "--since", "HEAD", cwd=folder).stdout


def test_what_git_does_not_know_is_an_error(run, folder, tmp_path):
    assert 'git knows no "nowhere"' in run("list", "--since", "nowhere", cwd=folder, expect=1).stderr
    (tmp_path / "helmfile.yaml").write_text("releases:\n- {name: a, chart: ./a}\n")
    assert "is in no git repository" in run("list", "--since", "HEAD", cwd=tmp_path, expect=1).stderr
