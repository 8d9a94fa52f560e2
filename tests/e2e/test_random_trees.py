"""Random helmfile trees, and specs by the schema, beside helmfile, where that and helm are on the PATH.

    TREES=1000-1500 SPECS=1000-1500 PATH=…:$PATH python3 -m pytest tests/e2e/test_random_trees.py

What is found this way becomes a case in beside/.
"""

import os
import shutil
import sys

import pytest

import beside
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests" / "differential"))
import generate  # noqa: E402
import grammar  # noqa: E402


def seeds(variable, usual):
    first, _, last = os.environ.get(variable, usual).partition("-")
    return range(int(first), int(last or first) + 1)


@pytest.fixture
def compare(run, tmp_path):
    def compare(files, commands):
        hold_beside_helmfile(run, tmp_path, files, commands)

    return compare


def hold_beside_helmfile(run, tmp_path, files, commands):
    for program in ("helmfile", "helm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on the PATH")
    results = {}
    for program in beside.PROGRAMS:
        folder = tmp_path / program
        beside.write_files(beside.Case("", files, {}, []), folder)
        for number, arguments in enumerate(commands):
            done = run(*beside.arguments_for(program, arguments), cwd=folder, expect=None,
                       program=None if program == "relfile" else program,
                       env={"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"})
            output = beside.printed(done.stdout, folder) if done.code == 0 else ""
            results[program, number] = (done.code, output)
    for number, arguments in enumerate(commands):
        if arguments[0] == "show-dag" and results["helmfile", number] == (0, ""):
            continue  # helmfile's succeeds and prints nothing where releases cannot be read
        assert results["relfile", number] == results["helmfile", number], arguments


@pytest.mark.parametrize("seed", seeds("TREES", "1-12"))
def test_helmfile_does_the_same_with_a_random_tree(compare, seed):
    compare(*generate.tree(seed))


@pytest.mark.parametrize("seed", seeds("SPECS", "1-12"))
def test_helmfile_does_the_same_with_a_random_spec(compare, seed):
    compare(*grammar.tree(seed))
