"""Every folder of examples/ is listed, rendered, installed and removed; and what helmfile and helm
make of it is the same.

Expected output is in golden/; UPDATE_GOLDEN=1 writes it anew.
"""

import difflib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, clean_environment

EXAMPLES = ROOT / "examples"
GOLDEN = Path(__file__).parent / "golden"

SPECS = {
    "deep-dive": "helmfile.yaml",
    "patches": "helmfile.yaml",
    "shop": "helmfile.yaml.gotmpl",
    "smallest": "helmfile.yaml",
}

ENVIRONMENTS = [
    ("deep-dive", "production"),
    ("deep-dive", "staging"),
    ("patches", "default"),
    ("shop", "default"),
    ("shop", "production"),
    ("shop", "staging"),
    ("smallest", "default"),
]

# Files of the deep dive work alone, too.
PARTS = [(f"releases/{name}/helmfile.yaml", environment)
         for name in ("kafka-lag-reporting", "kafka-manager", "prometheus", "zoonavigator")
         for environment in ("production", "staging")]

# Manifests that are compared to the letter.
SELECTED = [
    ("deep-dive/releases/prometheus", "production", "name=prometheus", "configmap.yaml"),
    ("deep-dive/releases/kafka-manager", "production", "name=kafka-manager", "job.yaml"),
    ("deep-dive/releases/kafka-lag-reporting", "staging", "name=kafka-lag-exporter",
     "configmap.yaml"),
    ("shop", "production", "name=api,region=us", "deployment.yaml"),
    ("shop", "production", "name=database,region=us", "configmap.yaml"),
    ("shop", "default", "name=edge", "routes.yaml"),
    ("smallest", "default", "name=hello", "configmap.yaml"),
]

each_environment = pytest.mark.parametrize(
    "example, environment", ENVIRONMENTS, ids=[" ".join(e) for e in ENVIRONMENTS])


def options(example, environment):
    return ["-f", f"examples/{example}/{SPECS.get(example, 'helmfile.yaml')}", "-e", environment]


def without_random(manifests):
    """The shop's database makes passwords, other ones each time it is rendered."""
    return re.sub(r'^(  (?:replication-)?password: )"\w+=*"$', r"\1RANDOM", manifests, flags=re.M)


def objects_of(manifests):
    """A line for each manifest: where it comes from, its kind, namespace and name."""
    lines = []
    for text in re.split(r"^---$", manifests, flags=re.M):
        source = re.search(r"^# Source: (.*)$", text, flags=re.M)
        kind = re.search(r"^kind: (.*)$", text, flags=re.M)
        metadata = re.search(r"^metadata:\n((?:[ ].*\n|\n)+)", text, flags=re.M)
        if not kind:
            continue
        field = dict(re.findall(r"^  (name|namespace): ['\"]?([^'\"\n]*)", metadata[1], flags=re.M))
        lines.append(f"{source[1]}: {kind[1]} {field.get('namespace', '-')}/{field['name']}\n")
    return "".join(lines)


def check_golden(name, text):
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    expected = path.read_text() if path.exists() else ""
    difference = "".join(difflib.unified_diff(expected.splitlines(True), text.splitlines(True),
                                              f"golden/{name}", "relfile"))
    assert not difference, difference


def test_every_folder_of_examples_is_tested():
    elsewhere = ["secrets",  # by test_secrets.py, which has its key
                 "sources",  # by test_sources.py, which has the servers
                 "state"]  # by test_state_function.py
    assert sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir()) == sorted([*SPECS, *elsewhere])


@each_environment
def test_the_list_is_as_it_was(run, example, environment):
    check_golden(f"{example}.{environment}.list.txt",
                 run(*options(example, environment), "list").stdout + "\n")


@each_environment
def test_the_list_is_the_same_as_json(run, example, environment):
    table = run(*options(example, environment), "list").stdout.splitlines()[1:]
    items = json.loads(run(*options(example, environment), "list", "-o", "json").stdout)
    assert [[c.strip() for c in line.split("\t")][:2] for line in table] == \
        [[item["name"], item["namespace"]] for item in items]


@each_environment
def test_the_order_of_releases_is_as_it_was(run, example, environment):
    check_golden(f"{example}.{environment}.dag.txt",
                 run(*options(example, environment), "show-dag").stdout)


@each_environment
def test_the_objects_are_as_they_were(run, example, environment):
    check_golden(f"{example}.{environment}.objects.txt",
                 objects_of(run(*options(example, environment), "template").stdout))


@pytest.mark.parametrize("example, environment, selector, template", SELECTED,
                         ids=[" ".join(s) for s in SELECTED])
def test_the_manifest_is_as_it_was(run, example, environment, selector, template):
    manifests = run(*options(example, environment), "template", "-l", selector,
                    "--show-only", f"templates/{template}").stdout
    release = re.match("name=([^,]*)", selector)[1]
    check_golden(f"{example.split('/')[0]}.{environment}.{release}-{template}", manifests)


@each_environment
def test_rendering_twice_gives_the_same(run, example, environment):
    first, second = (without_random(run(*options(example, environment), "template").stdout)
                     for _ in range(2))
    assert first == second


@each_environment
def test_nothing_of_the_helmfile_or_the_charts_is_left_in_manifests(run, example, environment):
    manifests = run(*options(example, environment), "template").stdout
    assert "<no value>" not in manifests
    assert "ref+" not in manifests
    # What Prometheus and Grafana replace themselves.
    assert not re.search(r"\{\{-? *[.]?(Values|Release|Environment|include)", manifests)


@each_environment
def test_lint_has_nothing_to_say(run, example, environment):
    result = run(*options(example, environment), "lint")
    assert all(line.endswith(", fine") for line in result.stdout.splitlines())
    assert result.stdout


@each_environment
def test_sync_installs_everything_and_destroy_removes_it(run, demo, example, environment):
    spec = [*options(example, environment), *demo.options]
    listed = json.loads(run(*options(example, environment), "list", "-o", "json").stdout)
    wanted = sorted(r["name"] for r in listed if r["enabled"] and r["installed"])

    run("diff", "--detailed-exitcode", *spec, expect=2)
    run("sync", *spec)
    assert run("diff", *spec).stdout == ""
    assert run("diff", "--detailed-exitcode", *spec).stdout == ""

    status = json.loads(run("status", "-o", "json", *spec).stdout)
    there = [r for r in status if r["status"] == "deployed"]
    assert sorted(r["name"] for r in there) == wanted
    assert [r["name"] for r in there if r["ready"] != r["objects"]] == []
    assert {r["status"] for r in status} <= {"deployed", "not-installed"}

    for revision in (1, 2):
        history = json.loads(run("history", "-o", "json", *spec).stdout)
        deployed = [r for r in history if r["status"] == "deployed"]
        assert sorted(r["name"] for r in deployed) == wanted
        assert {r["revision"] for r in deployed} == {revision}
        assert len(history) == revision * len(wanted)
        if revision == 1:
            run("sync", *spec)

    assert demo.released()
    run("destroy", "--yes", *spec)
    assert demo.released() == []
    assert {r["status"] for r in json.loads(run("status", "-o", "json", *spec).stdout)} == \
        {"not-installed"}


def test_a_release_that_is_not_to_be_installed_any_more_is_removed(run, demo):
    spec = ["-f", "examples/deep-dive/releases/kafka-manager/helmfile.yaml", "-e", "staging",
            *demo.options]
    run("sync", *spec)
    assert "Deployment/kafka-manager" in demo.released()
    run("apply", *spec, env={"KAFKA_MANAGER_INSTALLED": "false"})
    assert demo.released() == []


def test_a_random_password_stays_and_is_copied_where_it_is_needed(run, demo):
    spec = [*options("shop", "default"), *demo.options]

    def passwords():
        return {item["metadata"]["name"]: item["data"] for _, item in demo.objects()
                if item["kind"] == "Secret" and item["metadata"]["name"] in ("database", "api-copied")}

    run("sync", *spec)
    first = passwords()
    run("sync", *spec)
    assert passwords() == first
    assert first["api-copied"]["DATABASE_PASSWORD"] == first["database"]["password"]


def test_regions_are_clusters_of_their_own(run, demo):
    run("sync", *options("shop", "production"), *demo.options)
    clusters = {cluster for cluster, item in demo.objects()
                if item["kind"] == "StatefulSet" and item["metadata"]["name"] == "database"}
    assert clusters == {"shop-eu", "shop-us"}


def test_hooks_say_when_releases_come_and_are_done(run, demo):
    log = run("sync", *options("shop", "default"), *demo.options).stderr
    assert log.index("web: 5.0.1 goes to shop-eu") < log.index("web: done")


def test_files_of_helmfile_0_x_are_noted_once(run):
    log = run(*options("deep-dive", "staging"), "list").stderr
    assert log.count("as for helmfile 0.x") == 1


def commands_of(readme):
    text = readme.read_text()
    return [line for block in re.findall(r"^```sh\n(.*?)^```$", text, flags=re.M | re.S)
            for line in block.splitlines()]


@pytest.mark.parametrize("example", sorted(SPECS))
def test_the_commands_of_the_readme_work(relfile, home, demo, tmp_path, example):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "relfile").symlink_to(relfile)
    environment = clean_environment(home, PATH=f"{programs}:{os.environ['PATH']}")
    commands = commands_of(EXAMPLES / example / "README.md")
    assert len(commands) >= 5
    for command in commands:
        done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment,
                              capture_output=True, encoding="utf-8", timeout=600, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


# ---- the same with helmfile and helm


@pytest.fixture
def compare(run, home, tmp_path):
    """What relfile and helmfile print for the same arguments, in a copy of the example: helmfile
    writes into charts."""
    for program in ("helmfile", "helm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on the PATH: nothing to compare with")

    def compare(example, *arguments):
        folder = tmp_path / example
        if not folder.exists():
            shutil.copytree(EXAMPLES / example, folder, symlinks=True)
        environment = {"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"}
        if example == "deep-dive":
            environment["HELMFILE_RENDER_YAML"] = "true"
        theirs = run(*arguments, program="helmfile", cwd=folder, env=environment)
        ours = run(*arguments, cwd=folder)
        return ours.stdout, theirs.stdout

    return compare


DIFFERENTIAL = [(example, SPECS[example], environment) for example, environment in ENVIRONMENTS] + \
    [("deep-dive", *part) for part in PARTS]


@pytest.mark.parametrize("example, spec, environment", DIFFERENTIAL,
                         ids=[" ".join(d) for d in DIFFERENTIAL])
def test_helmfile_prints_the_same(compare, example, spec, environment):
    if example == "patches" and not shutil.which("kustomize"):
        pytest.skip("helmfile needs kustomize for patches")
    arguments = ["-f", spec, "-e", environment]

    for command in (["template"], ["template", "--skip-tests", "--include-crds"],
                    ["template", "--no-hooks"]):
        ours, theirs = compare(example, *arguments, *command)
        assert without_random(ours) == without_random(theirs)
    for command in (["list"], ["list", "--output", "json"]):
        ours, theirs = compare(example, *arguments, *command)
        if (example, environment) == ("shop", "production"):
            # helmfile has no order of releases that differ in their cluster only.
            ours, theirs = sorted(re.split(r"\n|},", ours)), sorted(re.split(r"\n|},", theirs))
        assert ours == theirs
    if (example, spec) != ("deep-dive", SPECS["deep-dive"]):
        # helmfile prints a table for each file.
        ours, theirs = compare(example, *arguments, "show-dag")
        assert ours == theirs
