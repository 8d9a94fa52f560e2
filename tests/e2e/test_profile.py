"""--profile: both formats, read as the programs read them that they are for; what they say of the same run is the same."""

import collections
import json
import re
import time

import pytest

HELPERS = """
{{- define "name; with ; semicolons" }}{{ include "deep" (dict "n" 3 "of" .) }}{{ end }}
{{- define "deep" }}{{ if .n }}{{ include "deep" (dict "n" (int (sub .n 1)) "of" .of) }}{{ else }}{{ tpl "{{ upper `äö` }}" .of }}{{ end }}{{ end }}
"""
OBJECT = """apiVersion: v1
kind: ConfigMap
metadata: {name: %s}
data:
  a: {{ include "name; with ; semicolons" . }}
  b: {{ template "deep" (dict "n" 1 "of" .) }}
  c: {{ range until 50 }}{{ include "deep" (dict "n" 0 "of" $) }}{{ end }}
  d: {{ repeat 10000 "x" | len | quote }}
"""
RELEASES = ["a", "b", "c", "d"]


@pytest.fixture
def folder(tmp_path):
    """A spec of four releases of a chart with two templates."""
    templates = tmp_path / "web" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "web" / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (templates / "_helpers.tpl").write_text(HELPERS)
    (templates / "one.yaml").write_text(OBJECT % "one")
    (templates / "two.yaml").write_text(OBJECT % "two")
    (tmp_path / "helmfile.yaml").write_text(
        "releases:\n" + "".join(f"  - {{name: {name}, chart: ./web, namespace: shop}}\n" for name in RELEASES))
    return tmp_path


@pytest.fixture
def profiled(run, folder):
    """profiled(FILE) writes a profile of `template` there: the seconds that the whole command took."""
    def profiled(name):
        began = time.monotonic()
        run("template", "-f", folder / "helmfile.yaml", "--seed", "1", "--concurrency", "2", "--profile", folder / name)
        return time.monotonic() - began
    return profiled


def read_trace(path):
    """[(stack, nanoseconds, bytes)] of complete events, each in the one that is open when it begins, in its thread."""
    trace = json.loads(path.read_text())
    assert set(trace) == {"displayTimeUnit", "traceEvents"} and trace["displayTimeUnit"] in ("ms", "ns")
    threads = collections.defaultdict(list)
    for event in trace["traceEvents"]:
        assert event["ph"] == "X" and event["cat"] and isinstance(event["pid"], int)
        begin, length = (round(event[key] * 1000) for key in ("ts", "dur"))
        assert begin >= 0 and length >= 0 and event["args"]["bytes"] >= 0
        threads[event["tid"]].append((begin, -length, event["name"], event["args"]))
    spans = []
    for events in threads.values():
        open_spans = []  # (end, stack)
        for begin, length, name, args in sorted(events, key=lambda event: event[:2]):
            while open_spans and open_spans[-1][0] <= begin:
                open_spans.pop()
            assert not open_spans or begin - length <= open_spans[-1][0], f"{name} ends behind what it is in"
            outer = open_spans[-1][1] if open_spans else (args["release"],)
            assert outer[0] == args["release"]
            open_spans.append((begin - length, (*outer, name.replace(";", ","))))
            spans.append((open_spans[-1][1], -length, args["bytes"]))
    return spans


def read_stacks(path):
    """{stack: weight} of collapsed stacks, as flame graphs are made of."""
    stacks = {}
    for line in path.read_text().splitlines():
        found = re.fullmatch(r"([^;]+(?:;[^;]+)*) (\d+)", line)
        assert found, line
        stack = tuple(found[1].split(";"))
        assert stack not in stacks
        stacks[stack] = int(found[2])
    return stacks


def test_events_of_a_trace_nest_and_are_those_that_ran(profiled, folder):
    seconds = profiled("out.json")
    spans = read_trace(folder / "out.json")
    for release in RELEASES:
        tops = [span for span in spans if len(span[0]) == 2 and span[0][0] == f"shop/{release}"]
        assert [stack[1] for stack, *_ in tops] == ["web/templates/two.yaml", "web/templates/one.yaml"]
        for top, *_ in tops:
            deep = [stack for stack, *_ in spans if stack[:2] == top]
            assert len(deep) == 1 + (1 + 4 + 1) + (2 + 1) + 50 * 2
            assert (*top, "include name, with , semicolons", *["include deep"] * 4, f"tpl web/templates/_helpers.tpl:3") in deep
            assert (*top, "template deep", "include deep", "tpl web/templates/_helpers.tpl:3") in deep
    assert 0 < sum(length for stack, length, _ in spans if len(stack) == 2) < 2 * seconds * 1e9  # two at a time


def test_own_times_of_a_trace_sum_up(profiled, folder):
    profiled("out.json")
    spans = read_trace(folder / "out.json")
    whole, inner = collections.Counter(), collections.Counter()
    for stack, length, _ in spans:
        whole[stack] += length
        inner[stack[:-1]] += length
    assert all(inner[stack] <= length for stack, length in whole.items())
    own = sum(length - inner[stack] for stack, length in whole.items())
    assert own == sum(length for stack, length in whole.items() if len(stack) == 2)


def test_collapsed_stacks_are_those_of_the_trace(profiled, folder):
    profiled("out.json")
    seconds = profiled("out.folded")
    spans = read_trace(folder / "out.json")
    times, sizes = read_stacks(folder / "out.folded"), read_stacks(folder / "out.bytes.folded")
    assert set(times) == set(sizes) == {stack for stack, *_ in spans}
    assert 0 < sum(times.values()) < 2 * seconds * 1e6 + len(times)  # each is rounded up
    tops = {stack: size for stack, _, size in spans if len(stack) == 2}
    for top, size in tops.items():
        assert sum(weight for stack, weight in sizes.items() if stack[:2] == top) == size >= 10000
