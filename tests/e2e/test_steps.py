"""The order of steps, beside helmfile: every event of hooks, over needs, selections, several files, and after
a failure. helmfile runs with a helm that only notes how it is called, relfile with a simulated cluster."""

import os
import shutil
import stat
import subprocess

import pytest

from conftest import clean_environment, write_files
from test_hooks import CHART, EVENTS, HELM, HOOK

pytestmark = pytest.mark.skipif(not shutil.which("helmfile"), reason="helmfile is not on the PATH")

# Of any releases: those that are there are files.
LISTING = """list "*)
    echo "NAME	NAMESPACE	REVISION	UPDATED	STATUS	CHART	APP VERSION"
    for path in "$STUB"/there-*; do
        name=${path##*there-}
        case "$*" in *"^$name\\$"*) echo "$name	default	1	x	deployed	app-1.0.0	1" ;; esac
    done ;;
"""
STUB = HELM[:HELM.index('"list ')] + '"' + LISTING + HELM[HELM.index('"diff upgrade"'):]


def hooks(name, wrong=""):
    text = (HOOK % (", ".join(EVENTS), name)).replace("{{`", "").replace("`}}", "")
    return text + (f"  - events: [{wrong}]\n    command: sh\n    args: [-c, 'exit 1']\n" if wrong else "")


def release(name, more="", wrong=""):
    return f"- name: {name}\n  namespace: default\n  chart: ./app\n{more}  hooks:{hooks(name, wrong)}"


def spec(*releases, before=""):
    return f"{before}hooks:{hooks('file')}releases:\n" + "".join(releases)


CHAIN = {"helmfile.yaml": spec(
    release("last", "  needs: [middle]\n"), release("first"), release("middle", "  needs: [first]\n"), release("other"))}
MIXED = {"helmfile.yaml": spec(
    release("one"), release("gone", "  installed: false\n  needs: [one]\n"), release("two", "  needs: [one]\n"))}
FILES = {"helmfile.yaml": spec(release("parent"), before="helmfiles: [b.yaml, a.yaml]\n"),
         "a.yaml": spec(release("a1"), release("a2", "  needs: [a1]\n")).replace("{file}", "a"),
         "b.yaml": spec(release("b1"))}


def broken(event):
    return {"helmfile.yaml": spec(release("first", wrong=event), release("second", "  needs: [first]\n"))}


CASES = {
    "a chain of needs": (CHAIN, []),
    "installed and not": (MIXED, []),
    "several files": (FILES, []),
    "one selected, needs skipped": (CHAIN, ["-l", "name=last", "--skip-needs"]),
    "one selected with its needs": (CHAIN, ["-l", "name=last", "--include-needs"]),
    "one selected with all its needs": (CHAIN, ["-l", "name=last", "--include-transitive-needs"]),
    **{f"{event} fails": (broken(event), []) for event in ("prepare", "preapply", "presync", "postsync", "cleanup")},
    "preuninstall fails": (broken("preuninstall"), []),
    "postuninstall fails": (broken("postuninstall"), []),
}
COMMANDS = ["template", "diff", "sync", "apply", "destroy"]


def write(folder, files):
    write_files(folder, files)
    write_files(folder / "app", CHART)


def steps(folder, command):
    """What hooks noted; destroy of relfile cleans up behind what it uninstalls, too."""
    path = folder / "log"
    lines = path.read_text().splitlines() if path.exists() else []
    return [line for line in lines if line.split()[0] in EVENTS
            and not (command == "destroy" and line.startswith("cleanup delete"))]


def steps_of(lines, name):
    return [line for line in lines if line.endswith(f" {name}")]


def run_helmfile(folder, home, files, command, options, there):
    write(folder, files)
    helm = folder / "bin" / "helm"
    helm.parent.mkdir()
    helm.write_text(STUB)
    helm.chmod(helm.stat().st_mode | stat.S_IXUSR)
    for name in there:
        (folder / f"there-{name}").touch()
    environment = clean_environment(home, STUB=str(folder), PATH=f"{helm.parent}:{os.environ['PATH']}",
                                    HELMFILE_UPGRADE_NOTICE_DISABLED="1")
    done = subprocess.run(["helmfile", "--sequential-helmfiles", command, "--concurrency", "1", *options],
                          env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False, cwd=folder)
    return steps(folder, command), done.returncode


def run_relfile(folder, run, helmfile, demo, files, command, options, there):
    write(folder, files)
    environment = {"STUB": str(folder)}
    target = [] if command == "template" else demo.options
    if there:
        installed = "releases:\n" + "".join(f"- {{name: {name}, namespace: default, chart: ./app}}\n" for name in there)
        (folder / "there.yaml").write_text(installed)
        run("-f", "there.yaml", "sync", *demo.options, cwd=folder)
        (folder / "app" / "templates" / "b.yaml").write_text(  # there is something to change
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more-{{ .Release.Name }}}\n")
    yes = ["--yes"] if command == "destroy" else []
    done = run(command, "--concurrency", "1", *options, *yes, *target, cwd=folder, env=environment, expect=None,
               program=helmfile)
    return steps(folder, command), done.code


@pytest.fixture
def called_helmfile(relfile, tmp_path):
    link = tmp_path / "called" / "helmfile"
    link.parent.mkdir()
    link.symlink_to(relfile)
    return link


def compare(case, command, got, wanted, names):
    """Where each release has its steps in order, and the whole is as told in docs/differences.md."""
    if case == "prepare fails" and command != "destroy":  # helmfile goes on with others meanwhile
        wanted = [line for line in wanted if line != f"prepare {command} second"]
    if case == "several files" or (case == "a chain of needs" and command == "destroy"):
        assert sorted(got) == sorted(wanted)
        for name in names:
            assert steps_of(got, name) == steps_of(wanted, name)
    else:
        assert got == wanted


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", CASES)
def test_steps_come_in_helmfiles_order(run, called_helmfile, demo, home, tmp_path, case, command):
    files, options = CASES[case]
    if command == "destroy":
        options = [word for word in options if not word.startswith("--")]
    names = sorted({line.split()[2] for text in files.values() for line in text.splitlines() if line.startswith("- name: ")})
    there = names if command in ("destroy", "apply", "diff") or case == "installed and not" else []
    wanted, code = run_helmfile(tmp_path / "helmfile", home, files, command, options, there)
    got, own_code = run_relfile(tmp_path / "relfile", run, called_helmfile, demo, files, command, options, there)
    assert own_code == code
    compare(case, command, got, wanted, names)
