"""Hostile charts, by the faults that other programs had with them. What is fetched (archives, indexes,
registries, git) is in the tests of those, which name theirs: grep CVE- tests/e2e. What cannot be here: plugins are
never installed (CVE-2026-35204), and there are no signatures of notation (CVE-2023-33959, CVE-2024-23332)."""

import resource
import subprocess
import time

import pytest

import charts
from conftest import SANITIZED, clean_environment

MEMORY, SECONDS = 4 << 30, 60

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefghijk", "bcdefghijkl"))
QUADRATIC = "a: &a " + "x" * 100000 + "\nb: [" + ", ".join(["*a"] * 20000) + "]\n"
DEEP = "a: " + "[" * 200000 + "\n"
WIDE = "{{ $x := until 100000000 }}"


@pytest.fixture
def bounded(relfile, home):
    """Runs relfile with little memory and time: what is endless must be an error long before."""

    def bounded(*arguments, cwd):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

        started = time.monotonic()
        limits = {} if SANITIZED else {"preexec_fn": limit}
        done = subprocess.run([relfile, *map(str, arguments)], cwd=cwd, env=clean_environment(home), check=False,
                              capture_output=True, encoding="utf-8", errors="replace", timeout=120, **limits)
        assert done.returncode >= 0, done.stderr[-1000:]
        assert time.monotonic() - started < SECONDS
        return done

    return bounded


# ---- YAML that is small and becomes large

@pytest.mark.parametrize("text", [LAUGHS, QUADRATIC, DEEP], ids=["laughs", "quadratic", "deep"])
@pytest.mark.parametrize("file", ["values.yaml", "Chart.yaml", "templates/a.yaml", "given.yaml"])
def test_aliases_and_nesting_have_limits(bounded, tmp_path, file, text):
    """CVE-2019-11254, CVE-2022-3064, CVE-2021-4235"""
    chart = charts.write_chart(tmp_path / "web", "web", "1.0.0", files={
        "given.yaml": "a: 1\n", **{file: ("name: web\nversion: 1.0.0\n" if file == "Chart.yaml" else "") + text}})
    done = bounded("chart", "template", chart, "-f", chart / "given.yaml", cwd=tmp_path)
    # a long text that is used often is no error; the others are
    assert done.returncode == 1 or text is QUADRATIC
    assert done.returncode == 0 or "error:" in done.stderr


# ---- files that are there and say nothing, or something else

ODD = ["", "\n", "null\n", "text\n", "- 1\n", "42\n", "---\n---\n", "a: 1\na: 2\n", "? [x]\n: 1\n", "\x00", "\ufeff",
       "!!binary x\n", "&a\n", "{}\n", "name: {}\nversion: []\n", "dependencies: [null]\n", "dependencies: {a: 1}\n",
       "dependencies: [{name: null}]\n", "maintainers: [null, 1]\n", "annotations: 1\n", "keywords: x\n"]


@pytest.mark.parametrize("text", ODD, ids=repr)
@pytest.mark.parametrize("file", ["Chart.yaml", "values.yaml", "Chart.lock", "requirements.yaml", "values.schema.json"])
def test_odd_documents_are_read_or_refused(bounded, tmp_path, file, text):
    """CVE-2022-28948, CVE-2024-26147, CVE-2025-55198, CVE-2022-23526"""
    chart = charts.write_chart(tmp_path / "web", "web", "1.0.0", files={file: text})
    for command in ("template", "lint", "package", "show all", "dependency list", "dependency build"):
        done = bounded("chart", *command.split(), chart, cwd=tmp_path)
        assert done.returncode in (0, 1), (command, done.stderr)
        assert done.returncode == 0 or done.stderr or "[ERROR]" in done.stdout, command


# ---- links

@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/urandom", "../../outside", "loop"])
@pytest.mark.parametrize("place", ["values.yaml", "templates/link.yaml", "files/link", "charts/link"])
def test_links_out_of_a_chart_are_not_packed(bounded, tmp_path, place, target):
    """CVE-2019-18658"""
    (tmp_path / "outside").write_text("outside: secret\n")
    chart = charts.write_chart(tmp_path / "web", "web", "1.0.0")
    link = chart / place
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(link.name if target == "loop" else target)
    bounded("chart", "package", chart, cwd=tmp_path)
    for archive in tmp_path.glob("*.tgz"):
        assert b"root:" not in subprocess.run(["gzip", "-dc", archive], check=True, capture_output=True).stdout
    assert "root:x" not in bounded("chart", "show", "chart", chart, cwd=tmp_path).stdout


# ---- what templates may not do

@pytest.mark.parametrize("template", [
    WIDE, '{{ repeat 1000000000 "x" }}', '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    '{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}', '{{ tpl (repeat 5000000 "{{ 1 }}") . }}',
    '{{ regexMatch "(a+)+$" (repeat 100000 "a") }}{{ regexFind "(x+x+)+y" (repeat 50000 "x") }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d | toYaml }}',
], ids=["until", "repeat", "include", "range", "tpl", "regex", "itself"])
def test_templates_end(bounded, tmp_path, template):
    """CVE-2022-31036, CVE-2024-32476"""
    chart = charts.write_chart(tmp_path / "web", "web", "1.0.0", files={
        "templates/map.yaml": f"kind: A\nmetadata: {{name: a}}\nx: '{template}'\n"})
    bounded("chart", "template", chart, "--limit", "time=10s", cwd=tmp_path)


def test_templates_ask_no_name_server_and_no_cluster(run, tmp_path):
    """CVE-2023-25165, CVE-2020-11013"""
    chart = charts.write_chart(tmp_path / "web", "web", "1.0.0", files={
        "templates/map.yaml": 'kind: A\nx: {{ getHostByName "localhost" | quote }}\ny: {{ lookup "v1" "Secret" "" "" | toJson }}\n'})
    out = run("chart", "template", chart, env={"KUBECONFIG": "/nonexistent"}).stdout
    assert 'x: ""' in out and "y: {}" in out


# ---- terminals

NASTY = "\x1b]0;owned\x07\x1b[2Jtext"


def test_metadata_does_not_steer_the_terminal(run, tmp_path):
    """CVE-2021-21303"""
    quoted = NASTY.replace("\x1b", "\\e").replace("\x07", "\\a")
    chart = charts.write_chart(tmp_path / "web", "web", "1.0.0", f'description: "{quoted}"\n', files={
        "charts/db/Chart.yaml": f'apiVersion: v2\nname: "{quoted}"\nversion: 1.0.0\n',
        "templates/map.yaml": '{{ fail .Chart.Description }}'})
    for command in (["template"], ["lint"], ["dependency", "list"], ["package"]):
        result = run("chart", *command, chart, cwd=tmp_path, expect=None)
        assert "\x1b" not in result.stderr, command
        assert "\x1b]" not in result.stdout, command
