"""Templates that are wrong, or want to take the machine along: a clear error, in little time and memory.

docs/templates.md has what each of them takes."""

import os
import subprocess
import tempfile

import pytest

from conftest import SANITIZED, clean_environment

MOST_SECONDS, MOST_MB = 20, 1200

SELF = '{{ $x := dict }}{{ $_ := set $x "a" $x }}'
HOSTILE = {
    "an action without an end": ("a: {{ .Values.a\n", "unclosed action"),
    "a function without its argument": ("a: {{ trunc 5 }}\n", "wrong number of args for trunc: want 2 got 1"),
    "a function that there is not": ("a: {{ qoute 1 }}\n", 'did you mean "quote"?'),
    "templates that include each other":
        ('{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}'
         '{{ include "a" . }}', "includes itself without end"),
    "a huge list": ("{{ range until 2000000000 }}a{{ end }}", "more than 4194304 items"),
    "lists of lists of lists":
        ("{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
         "larger than"),
    "a list of all one may have, and again": ("{{ range 1000 }}{{ $x := until 4194304 }}{{ end }}",
                                              "bytes of memory"),
    "a loop without an end": ("{{ range 9223372036854775807 }}{{ end }}", "steps"),
    "a text that doubles": ('{{ $s := "x" }}{{ range 99 }}{{ $s = print $s $s }}{{ end }}',
                            "larger than 67108864 bytes"),
    "a regular expression of nested repeats":
        ('{{ regexMatch "(a?){500}a{500}" (repeat 100000 "a" | print "b") }}', "take too long"),
    "a regular expression that multiplies": ('{{ regexMatch "((((a{99}){99}){99}){99}){99}" "a" }}', ""),
    "bytes that are no UTF-8": (b"a: {{ .Values.\xff }}\n", "bad character"),
    "a zero byte in an action": (b"a: {{ .Values\0 }}\n", "U+0000"),
    "a line of a megabyte": ("a: {{ .Values." + "a" * 1000000 + ".b }}\n", "nil pointer"),
    "10,001 parentheses": ("a: {{ " + "(" * 10001 + "1" + ")" * 10001 + " }}\n",
                           "max expression depth exceeded"),
    "10,001 calls in each other": ("a: {{ " + "(print " * 10001 + "1" + ")" * 10001 + " }}\n",
                                   "max expression depth exceeded"),
    "a million conditions in each other": ("{{ if 1 }}" * 1000000, "nest too deep"),
    "a map in itself, shown": (SELF + "{{ $x }}", "nests too deep"),
    "a map in itself, as YAML": (SELF + "{{ mustToYaml $x }}", ""),
    "a map in itself, as JSON": (SELF + "{{ mustToJson $x }}", ""),
    "a map in itself, copied": (SELF + "{{ $_ := deepCopy $x }}", "contains itself"),
    "a text that renders itself":
        ('{{ define "t" }}{{ tpl "{{ include `t` . }}" . }}{{ end }}{{ include "t" . }}', ""),
    "bcrypt without an end": ('{{ range 100000 }}{{ $x := bcrypt "a" }}{{ end }}', "slow on purpose"),
}
# Where the usual limit is minutes away on a slow machine.
LOWER = {"bcrypt without an end": ["--limit", "slow=20"],
         "a regular expression of nested repeats": ["--limit", "regex=1M"]}


@pytest.fixture
def measured(relfile, home, tmp_path):
    """Renders a chart with this template alone: (exit status, stderr, seconds of the processor, MB)."""

    def measured(template, *options):
        chart = tmp_path / "web"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
        (chart / "templates" / "a.yaml").write_bytes(
            template if isinstance(template, bytes) else template.encode())
        with tempfile.TemporaryFile() as errors:
            program = subprocess.Popen([relfile, "chart", "template", "web", *options], cwd=tmp_path,
                                       env=clean_environment(home), stdout=subprocess.DEVNULL, stderr=errors)
            _, status, usage = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            return (program.returncode, errors.read().decode(errors="replace"),
                    usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    return measured


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_ends_soon_with_a_clear_error(measured, name):
    template, words = HOSTILE[name]
    code, errors, seconds, megabytes = measured(
        template, *LOWER.get(name, []))
    assert code == 1, errors
    assert errors.startswith("error: ") and words in errors
    assert "web/templates/a.yaml:" in errors
    assert max(map(len, errors.splitlines())) < 2500
    print(f"| {name} | {seconds:.2f} s | {megabytes:.0f} MB | {errors.splitlines()[0][7:]} |")
    if not SANITIZED:
        assert seconds < MOST_SECONDS and megabytes < MOST_MB


@pytest.mark.parametrize("limit, template, want", [
    ("text=70M", '{{ len (repeat 70000000 "a") }}', 0),
    ("text=69999999", '{{ len (repeat 70000000 "a") }}', 1),
    ("text=70M", '{{ len (printf "%s" (repeat 70000000 "a")) }}', 0),
    ("items=4200000", "{{ len (until 4200000) }}", 0),
    ("items=4199999", "{{ len (until 4200000) }}", 1),
    ("items=3", '{{ splitList "," "a,b,c" }}', 0),
    ("items=2", '{{ splitList "," "a,b,c" }}', 1),
])
def test_texts_and_lists_can_be_as_large_as_the_limit_says(measured, limit, template, want):
    code, errors, _, _ = measured("# " + template, "--limit", limit)
    assert code == want, errors
    assert want == 0 or f"--limit {limit.split('=')[0]}=... allows more" in errors
