"""What is wrong around a run: records, disks, pipes, rights, other runs, secrets; and sizes."""

import os
import re
import resource
import subprocess
import time

import pytest

from bad_input import CHART, RELEASE, text, write
from conftest import clean_environment

RECORD = "state/releases/%/default/web/1.json"
CLUSTER = ("--target", "demo", "--target-location", "demo", "--state", "state")
MANY = 100_000
DEEP = 100_000


@pytest.fixture
def spec(tmp_path):
    """A folder with a spec and a chart that are fine."""
    place = tmp_path / "spec"
    place.mkdir()
    write(place, {**CHART, "helmfile.yaml": RELEASE})
    return place


# ---- records

BROKEN = {
    "is of a newer version": (
        lambda record: record.replace('"format":2', '"format":3'), """\
        error: state/releases/%/default/web/1.json: was written by a newer relfile: it has format 3, not 2
           = from helmfile.yaml:2:3: release "web"
        hint: use that relfile, or one that is newer still
        """),
    "is empty": (
        lambda record: "", """\
        error: state/releases/%/default/web/1.json: is an empty file
           = from helmfile.yaml:2:3: release "web"
        hint: relfile state fsck looks at all of them; docs/state.md says how to repair one
        """),
    "is cut": (
        lambda record: record[:100], """\
        error: unexpected end of JSON input
          --> state/releases/%/default/web/1.json:1:101
           = from helmfile.yaml:2:3: release "web"
        hint: relfile state fsck looks at all of them; docs/state.md says how to repair one
        """),
    "is of another revision": (
        lambda record: re.sub('"checksum":"[^"]*",', "", record).replace('"version":1',
                                                                       '"version":3'), """\
        error: state/releases/%/default/web/1.json: is a record of something else: /default/web, revision 3
           = from helmfile.yaml:2:3: release "web"
        hint: relfile state fsck looks at all of them; docs/state.md says how to repair one
        """),
    "was changed by hand": (
        lambda record: record.replace('"version":1', '"version": 1'), """\
        error: state/releases/%/default/web/1.json: was changed since relfile wrote it: its checksum is another
           = from helmfile.yaml:2:3: release "web"
        hint: if that was meant: relfile state fsck --accept; otherwise docs/state.md says how to repair a record
        """),
    "is a list": (
        lambda record: "[]\n", """\
        error: state/releases/%/default/web/1.json: is not a record of a release
           = from helmfile.yaml:2:3: release "web"
        hint: relfile state fsck looks at all of them; docs/state.md says how to repair one
        """),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("command", ["diff", "sync", "status", "history", "destroy"])
def test_a_record_that(run, spec, command, how):
    """Nothing is done where it is not known what there is, and the record stays as it was."""
    change, words = BROKEN[how]
    run("sync", *CLUSTER, cwd=spec)
    record = spec / RECORD
    record.write_text(change(record.read_text()))
    before = record.read_text()
    result = run(command, *CLUSTER, cwd=spec, expect=1)
    assert result.stderr.endswith("\n" + text(words)), result.stderr
    assert record.read_text() == before
    assert [path.name for path in record.parent.iterdir()] == ["1.json"]


def test_status_does_not_guess(run, spec):
    run("sync", *CLUSTER, cwd=spec)
    (spec / RECORD).write_text("")
    assert "unknown" in run("status", *CLUSTER, cwd=spec, expect=1).stdout


# ---- where output goes


def run_with(relfile, home, spec, *arguments, **more):
    return subprocess.run([relfile, *arguments], cwd=spec, env=clean_environment(home),
                          stderr=subprocess.PIPE, encoding="utf-8", timeout=120, check=False,
                          **more)


@pytest.mark.parametrize("command", ["list", "template", "build", "show-dag", "help", "version"])
def test_a_full_disk_is_an_error(relfile, home, spec, command):
    with open("/dev/full", "wb") as full:
        result = run_with(relfile, home, spec, command, stdout=full)
    assert (result.returncode, result.stderr) == (
        1, "error: standard output: No space left on device\n")


def test_a_closed_output_is_an_error(relfile, home, spec):
    result = run_with(relfile, home, spec, "list", preexec_fn=lambda: os.close(1))
    assert (result.returncode, result.stderr) == (
        1, "error: standard output: Bad file descriptor\n")


def test_an_output_that_nobody_reads_is_nothing_to_tell(relfile, home, spec):
    reader, writer = os.pipe()
    os.close(reader)
    result = run_with(relfile, home, spec, "list", stdout=writer)
    os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_a_file_that_may_not_grow_is_an_error(relfile, home, spec):
    result = run_with(relfile, home, spec, "sync", *CLUSTER, preexec_fn=limit_files)
    assert result.returncode == 1
    assert result.stderr.startswith("error: state/.new-")
    assert result.stderr.endswith(": File too large\n")


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", place],
                          capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only root may mount")
    yield place
    subprocess.run(["umount", place], check=True)


def test_files_for_which_there_is_no_room_are_errors(run, spec, small_disk):
    (small_disk / "other").write_bytes(bytes(8 << 10))
    result = run("template", "--output-dir", small_disk / "out", cwd=spec, expect=1)
    assert result.stderr.endswith(text("""\
        : No space left on device
           = from helmfile.yaml:2:3: release "web"
        """))


def test_records_for_which_there_is_no_room_are_errors(run, spec, small_disk):
    (small_disk / "other").write_bytes(bytes(8 << 10))
    result = run("sync", *CLUSTER[:4], "--state", small_disk / "state", cwd=spec, expect=1)
    assert "No space left on device" in result.stderr
    assert run("sync", *CLUSTER, cwd=spec).code == 0


# ---- rights

NOBODY = 65534


@pytest.fixture
def run_as_nobody(relfile, spec, tmp_path):
    """Root may read everything: the tests of rights run as somebody else."""
    if os.geteuid() == 0:
        for folder in (tmp_path, *tmp_path.parents):
            if not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o011)
        os.chown(spec, NOBODY, NOBODY)

    def become_nobody():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    def run(*arguments):
        try:
            return subprocess.run([relfile, *arguments], cwd=spec, env=clean_environment(tmp_path),
                                  preexec_fn=become_nobody, capture_output=True, encoding="utf-8",
                                  timeout=120, check=False)
        except PermissionError:
            pytest.skip("nobody may not run what is tested")

    return run


UNREADABLE = {
    "helmfile.yaml": "error: helmfile.yaml: Permission denied\n",
    "web": """\
        error: web: Permission denied
          --> helmfile.yaml:3:10
           |
         3 |   chart: ./web
           |          ^
           = from helmfile.yaml:2:3: release "web"
        """,
    "web/templates/map.yaml": """\
        error: web/templates/map.yaml: Permission denied
          --> helmfile.yaml:3:10
           |
         3 |   chart: ./web
           |          ^
           = from helmfile.yaml:2:3: release "web"
        """,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_may_not_be_read(run_as_nobody, spec, name):
    path = spec / name
    path.chmod(0)
    try:
        result = run_as_nobody("template")
    finally:
        path.chmod(0o755)
    assert (result.returncode, result.stderr) == (1, text(UNREADABLE[name]))


def test_a_state_folder_that_may_not_be_written(run_as_nobody, spec):
    (spec / "state").mkdir(mode=0o555)
    result = run_as_nobody("sync", *CLUSTER)
    assert result.returncode == 1
    assert result.stderr.endswith(": Permission denied\n")
    assert list((spec / "state").iterdir()) == []


# ---- two runs at once


def test_who_holds_the_lock_is_said(relfile, home, run, spec):
    hook = "hooks:\n- events: [prepare]\n  command: sleep\n  args: ['5']\n"
    (spec / "slow.yaml").write_text(hook + RELEASE)
    with subprocess.Popen([relfile, "-f", "slow.yaml", "sync", *CLUSTER], cwd=spec,
                          env=clean_environment(home), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 4
        while not list((spec / "state").glob("locks/**/*.json")) and time.monotonic() < deadline:
            time.sleep(0.05)
        result = run("sync", "--lock-timeout", "0", *CLUSTER, cwd=spec, expect=1)
        first.terminate()
    assert result.stderr.startswith('error: lock "default/default" is held by ')
    assert f"pid {first.pid}" in result.stderr
    assert result.stderr.endswith(
        "\nhint: if that run is gone for certain: relfile lock break default/default\n")


# ---- secrets

SECRET = """\
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      password: {{ .Values.password }}
    """


def secret_spec(spec, password, template=SECRET):
    write(spec, {"web/templates/map.yaml": template,
                 "values.yaml.gotmpl": 'password: {{ requiredEnv "PASSWORD" | quote }}\n',
                 "helmfile.yaml": RELEASE + "  values: [values.yaml.gotmpl]\n"})
    return {"PASSWORD": password}


def test_diffs_do_not_show_what_secrets_hold(run, spec):
    run("sync", *CLUSTER, cwd=spec, env=secret_spec(spec, "hunter1"))
    result = run("diff", *CLUSTER, cwd=spec, env=secret_spec(spec, "hunter2"))
    assert "password" in result.stdout
    assert "hunter" not in result.stdout + result.stderr


@pytest.mark.parametrize("password", ['"hunter2', "{hunter2", "hunter2: hunter2",
                                      "hunter2\n hunter2\n: [hunter2"])
@pytest.mark.parametrize("command", ["template", "diff", "sync"])
def test_errors_do_not_show_what_secrets_hold(run, spec, password, command):
    env = secret_spec(spec, password)
    options = CLUSTER if command != "template" else ()
    result = run(command, *options, cwd=spec, env=env, expect=1)
    assert "hunter" not in result.stdout + result.stderr
    assert "the rendered text is no manifest" in result.stderr


def test_errors_in_rendered_values_show_the_template(run, spec):
    env = secret_spec(spec, "x")
    (spec / "values.yaml.gotmpl").write_text('a: b\npassword: {{ requiredEnv "PASSWORD" }}\n')
    result = run("template", cwd=spec, env={**env, "PASSWORD": "[hunter2"}, expect=1)
    assert result.stderr == text("""\
        error: did not find expected ',' or ']'
          --> values.yaml.gotmpl:3:1
           |
         3 | 
           | ^
           = from helmfile.yaml:4:12: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        hint: the [ of line 2 is not closed, or a comma is missing
        """)


# ---- sizes


def test_very_many_releases(run, spec):
    releases = "".join(f"- name: w{i}\n  chart: ./web\n  needs: [w{i - 1}]\n" if i else
                       "- name: w0\n  chart: ./web\n" for i in range(MANY))
    (spec / "helmfile.yaml").write_text("releases:\n" + releases)
    assert run("list", cwd=spec).stdout.count("\n") == MANY + 1


def test_very_many_releases_of_a_template(run, spec):
    releases = "".join(f"- name: w{i}\n  chart: {{{{ print `./web` }}}}\n" for i in range(5000))
    (spec / "helmfile.yaml").unlink()
    (spec / "helmfile.yaml.gotmpl").write_text("releases:\n" + releases)
    start = time.monotonic()
    assert run("list", cwd=spec).stdout.count("\n") == 5001
    assert time.monotonic() - start < 30


def test_large_values(run, spec):
    (spec / "helmfile.yaml").write_text(RELEASE + "  values: [large.yaml]\n")
    (spec / "large.yaml").write_text(
        "".join(f"key{i}: {'x' * 80}\n" for i in range(110_000)))
    assert run("template", cwd=spec).stderr == ""


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12))


def test_aliases_of_aliases(run, spec):
    write(spec, {"helmfile.yaml": RELEASE + "  values: [bomb.yaml]\n", "bomb.yaml": BOMB})
    assert run("template", cwd=spec, expect=1).stderr == text("""\
        error: document contains excessive aliasing
          --> bomb.yaml:1:8
           |
         1 | a: &a [x,x,x,x,x,x,x,x,x]
           |        ^
           = from helmfile.yaml:4:12: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        """)


NESTED = {
    "lists in brackets": ("helmfile.yaml", lambda n: "values:\n- a: " + "[" * n + "]" * n + "\n",
                          "exceeded max depth of 10000"),
    "lists in lines": ("helmfile.yaml", lambda n: "values:\n- a:\n    - " + "- " * n + "x\n",
                       "exceeded max depth of 10000"),
    "maps in braces": ("helmfile.yaml", lambda n: "values:\n- a: " + "{a: " * n + "}" * n + "\n",
                       "exceeded max depth of 10000"),
    "parentheses": ("helmfile.yaml.gotmpl",
                    lambda n: "# {{ " + "(" * n + "1" + ")" * n + " }}\nvalues: []\n",
                    "max expression depth exceeded"),
    "blocks": ("helmfile.yaml.gotmpl",
               lambda n: "# " + "{{ if 1 }}" * n + "{{ end }}" * n + "\nvalues: []\n", None),
}


@pytest.mark.parametrize("what", NESTED)
@pytest.mark.parametrize("depth", [100, DEEP])
def test_deep_nesting(run, spec, what, depth):
    name, make, words = NESTED[what]
    (spec / "helmfile.yaml").unlink()
    (spec / name).write_text(make(depth) + "---\n" + RELEASE)
    if depth == 100 or not words:
        run("list", cwd=spec)
        return
    result = run("list", cwd=spec, expect=1)
    assert result.stderr.startswith(f"error: {words}\n  --> {name}:")
    assert max(map(len, result.stderr.splitlines())) < 200


def test_a_line_of_a_million_bytes(run, spec):
    (spec / "helmfile.yaml").write_text("releases: []\nunknown: [" + "x, " * 333_333 + "}\n")
    result = run("list", cwd=spec, expect=1)
    assert max(map(len, result.stderr.splitlines())) < 200
