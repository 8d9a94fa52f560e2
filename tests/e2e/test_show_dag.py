"""show-dag: the graph of releases, as table, for Graphviz and Mermaid, as JSON; and its critical path."""

import json
import shutil
import subprocess

import pytest

SPEC = """releases:
- {name: a, chart: ./app}
- {name: b, chart: ./app, needs: [a]}
- {name: c, chart: ./app, needs: [b, a]}
- {name: d, chart: ./app}
"""


@pytest.fixture
def graph(spec):
    spec.write("helmfile.yaml", SPEC)
    return spec


def test_the_table_is_helmfiles_and_the_critical_path_is_told_beside_it(graph, run):
    done = run("show-dag", cwd=graph.folder)
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["GROUP", "RELEASE"], ["1", "a"], ["1", "d"], ["2", "b"], ["3", "c"]]
    assert "critical path, 3 of 4 releases: a -> b -> c" in done.stderr


def test_json_has_the_graph_and_the_path(graph, run):
    found = json.loads(run("show-dag", "-o", "json", cwd=graph.folder).stdout)
    assert found["criticalPath"] == {"releases": ["a", "b", "c"], "durationMs": None}
    assert {r["id"]: (r["group"], r["needs"], r["critical"]) for r in found["releases"]} == {
        "a": (1, [], True), "b": (2, ["a"], True), "c": (3, ["b", "a"], True), "d": (1, [], False)}


def test_dot_is_what_graphviz_reads(graph, run):
    text = run("show-dag", "-o", "dot", cwd=graph.folder).stdout
    assert 'r0 -> r2 [color=red];' in text and "r0 -> r3;" in text
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg"], input=text, encoding="utf-8", check=True, capture_output=True)


def test_mermaid_has_thick_lines_on_the_path(graph, run):
    text = run("show-dag", "-o", "mermaid", cwd=graph.folder).stdout
    assert text.startswith("graph LR\n") and "r0 ==> r2" in text and "r0 --> r3" in text


def test_the_path_is_measured_by_earlier_runs(graph):
    graph.write("helmfile.yaml", SPEC.replace("name: d,", "name: d, hooks: [{events: [presync], command: sleep, "
                                                          "args: ['1']}],"))
    graph("sync")
    found = json.loads(graph.run("show-dag", "-o", "json", "--state", f"file://{graph.demo.state}",
                                 cwd=graph.folder).stdout)
    times = {r["id"]: r["durationMs"] for r in found["releases"]}
    assert times["d"] >= 1000
    path = found["criticalPath"]
    assert path["durationMs"] == sum(times[release] for release in path["releases"])


def test_a_state_that_cannot_be_read_is_only_a_warning(graph, run):
    done = run("show-dag", "--state", "file:///proc/none", cwd=graph.folder)
    assert "critical path, 3 of 4" in done.stderr
