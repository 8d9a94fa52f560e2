"""Hooks of the spec: the order in which they run is helmfile's, which is run beside with a helm that
only notes how it is called; and what a hook may do to the run it belongs to."""

import os
import shutil
import signal
import stat
import subprocess
import time

import pytest

from conftest import clean_environment, write_files

# As much of helm as helmfile needs: releases are files, and each change is noted.
HELM = """#!/bin/sh
there() { test -e "$STUB/there-$1"; }
case "$1 $2" in
"version "*) echo v4.3.0+g0000000 ;;
"plugin list") printf 'NAME\\tVERSION\\tDESCRIPTION\\ndiff\\t3.15.0\\tx\\nsecrets\\t4.7.0\\tx\\n' ;;
"list "*)
    echo "NAME	NAMESPACE	REVISION	UPDATED	STATUS	CHART	APP VERSION"
    for name in down web; do
        there "$name" && case "$*" in *"$name"*) echo "$name	default	1	x	deployed	app-1.0.0	1" ;; esac
    done ;;
"diff upgrade") exit 2 ;;
"upgrade "*) echo "upgrade $3" >>"$STUB/log"; touch "$STUB/there-$3" ;;
"uninstall "*) echo "uninstall $2" >>"$STUB/log"; rm -f "$STUB/there-$2" ;;
"template "*) echo "template $2" >>"$STUB/log" ;;
esac
exit 0
"""

EVENTS = ["prepare", "preapply", "presync", "preuninstall", "postuninstall", "postsync", "cleanup"]

HOOK = """
  - events: [%s]
    command: sh
    args: [-c, 'echo "{{`{{.Event.Name}}`}} {{`{{.HelmfileCommand}}`}} %s" >>"$STUB/log"']
"""

SPEC = """hooks:%s
releases:
- name: web
  chart: ./app
  hooks:%s
- name: down
  chart: ./app
  installed: %s
  hooks:%s
"""

CHART = {"Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
         "templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n"}


def hooks(name):
    return (HOOK % (", ".join(EVENTS), name)).replace("{{`", "").replace("`}}", "")


@pytest.fixture
def spec(tmp_path):
    write_files(tmp_path / "app", CHART)

    def spec(installed):
        path = tmp_path / "helmfile.yaml"
        path.write_text(SPEC % (hooks("file"), hooks("web"), installed, hooks("down")))
        return path

    return spec


# web is installed, and down is not to be any more.
SWAP = """presync sync down
        preuninstall sync down
        postuninstall sync down
        postsync sync down
        cleanup sync down
        presync sync web
        postsync sync web
        cleanup sync web"""

# What hooks wrote, where it does not differ: of helmfile's calls of helm only the hooks are kept.
ORDER = {
    ("template", "true"): """prepare template file
        prepare template web
        prepare template down
        cleanup template web
        cleanup template down
        cleanup template file""",
    ("sync", "true"): """prepare sync file
        prepare sync web
        prepare sync down
        presync sync web
        postsync sync web
        cleanup sync web
        presync sync down
        postsync sync down
        cleanup sync down
        cleanup sync file""",
    ("sync", "false"): """prepare sync file
        prepare sync web
        """ + SWAP + """
        cleanup sync file""",
    ("apply", "false"): """prepare apply file
        prepare apply web
        preapply apply web
        preapply apply down
        """ + SWAP + """
        cleanup apply file""",
    ("destroy", "true"): """prepare destroy file
        prepare destroy down
        prepare destroy web
        preuninstall delete down
        postuninstall delete down
        preuninstall delete web
        postuninstall delete web
        cleanup destroy file""",
}

each_order = pytest.mark.parametrize("command, installed", ORDER)


def wanted(command, installed):
    return [line.strip() for line in ORDER[command, installed].splitlines()]


# What relfile does besides: destroy cleans up behind what it uninstalls.
def noted(folder, command):
    lines = (folder / "log").read_text().splitlines()
    return [line for line in lines if line.split()[0] in EVENTS
            and not (command == "destroy" and line.startswith("cleanup delete"))]


@each_order
def test_hooks_run_in_this_order(run, demo, spec, tmp_path, command, installed):
    environment = {"STUB": str(tmp_path)}
    options = [] if command == "template" else demo.options
    if command == "destroy" or installed == "false":
        run("-f", spec("true"), "sync", *demo.options, env=environment)
        (tmp_path / "log").unlink()
    if command == "apply":  # there is something to change
        (tmp_path / "app/templates/b.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more-{{ .Release.Name }}}\n")
    yes = ["--yes"] if command == "destroy" else []
    run("-f", spec(installed), command, "--concurrency", "1", *yes, *options, env=environment)
    assert noted(tmp_path, command) == wanted(command, installed)


@pytest.mark.skipif(not shutil.which("helmfile"), reason="helmfile is not on the PATH")
@each_order
def test_helmfile_runs_them_in_this_order(home, spec, tmp_path, command, installed):
    helm = tmp_path / "bin" / "helm"
    helm.parent.mkdir()
    helm.write_text(HELM)
    helm.chmod(helm.stat().st_mode | stat.S_IXUSR)
    if command == "destroy" or installed == "false":
        for name in ("web", "down"):
            (tmp_path / f"there-{name}").touch()
    environment = clean_environment(home, STUB=str(tmp_path),
                                    PATH=f"{helm.parent}:{os.environ['PATH']}",
                                    HELMFILE_UPGRADE_NOTICE_DISABLED="1")
    done = subprocess.run(["helmfile", "-f", spec(installed), command, "--concurrency", "1"],
                          env=environment, capture_output=True, encoding="utf-8", timeout=120,
                          check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert noted(tmp_path, command) == wanted(command, installed)


ONE = """releases:
- name: web
  chart: ./app
  hooks:
  - events: [prepare]
    command: sh
    args: [-c, '%s']
    showlogs: true
"""


@pytest.fixture
def one(spec, tmp_path):
    def one(script):
        path = spec("true")
        path.write_text(ONE % script)
        return path

    return one


WRONG = {
    "fails": ("echo said >&2; exit 3", "ended with exit status 3: said"),
    "dies by a signal": ("kill -9 $$", "exit status 137"),
    "floods": ("yes", "prints more than"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_hook_that_is_wrong_ends_its_release(run, one, what):
    script, message = WRONG[what]
    result = run("-f", one(script), "template", expect=1)
    assert message in result.stderr
    assert "helmfile.yaml:5:" in result.stderr


KUSTOMIZE = """#!/bin/sh
for last; do :; done
[ "$1" = build ] && cat "$last/objects"
"""


@pytest.mark.parametrize("what", ["filename", "kustomize"])
def test_objects_of_a_file_or_a_kustomization_are_applied(run, spec, demo, tmp_path, what):
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: %s}\n"
    path = spec("true")
    path.write_text(ONE.replace("command: sh\n    args: [-c, '%s']",
                                f"kubectlApply: {{{what}: '{{{{ .Release.Name }}}}/x'}}"))
    write_files(tmp_path, {"bin/kustomize": KUSTOMIZE})
    (tmp_path / "bin/kustomize").chmod(0o755)
    for value, done in (("one", "created"), ("one", "unchanged"), ("two", "configured")):
        write_files(tmp_path, {f"web/x/{'one.yaml' if what == 'filename' else 'objects'}": settings % value,
                               "web/x/not-for-us.txt": "x"})
        shown = run("-f", path, "sync", *demo.options, env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
        assert f"hook[prepare] configmap/settings {done}\n" in shown.stderr


def test_what_cannot_be_applied_is_told_with_its_place(run, spec, demo, tmp_path):
    path = spec("true")
    path.write_text(ONE.replace("command: sh\n    args: [-c, '%s']", "kubectlApply: {filename: nothing.yaml}"))
    shown = run("-f", path, "sync", *demo.options, expect=1)
    assert 'the path "nothing.yaml" does not exist' in shown.stderr and "helmfile.yaml:6:30" in shown.stderr
    write_files(tmp_path, {"nothing.yaml": "# nothing\n"})
    assert "there are no objects in" in run("-f", path, "sync", *demo.options, expect=1).stderr
    write_files(tmp_path, {"nothing.yaml": "apiVersion: v1\nmetadata: {name: a}\n"})
    assert "no kind" in run("-f", path, "sync", *demo.options, expect=1).stderr
    path.write_text(path.read_text().replace("{filename: nothing.yaml}", "{filename: a, kustomize: b}"))
    assert "not both" in run("-f", path, "sync", *demo.options, expect=1).stderr


def test_lines_of_hooks_that_run_at_the_same_time_do_not_mix(run, spec, tmp_path):
    path = spec("true")
    path.write_text("releases:\n" + "".join(
        f"- name: r{i}\n  chart: ./app\n  hooks:\n  - events: [prepare]\n    command: sh\n"
        f"    showlogs: true\n    args: [-c, 'for i in 1 2 3; do printf \"r{i} a \"; sleep 0.02; echo r{i} b; done']\n"
        for i in range(4)))
    lines = [line for line in run("-f", path, "template").stderr.splitlines() if "hook[" in line]
    assert len(lines) == 12
    assert all(line.split()[-4] == line.split()[-2] for line in lines)


def test_a_signal_ends_a_hook_that_does_not_listen(relfile, home, one, tmp_path):
    path = one(f'trap "" TERM; touch "{tmp_path}/up"; while :; do sleep 0.1; done')
    running = subprocess.Popen([relfile, "-f", path, "template"], env=clean_environment(home),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not (tmp_path / "up").exists():
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert running.returncode == 143
