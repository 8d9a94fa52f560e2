"""Random helmfile trees beside helmfile, where helmfile and helm are on the PATH.

    TREES=1000-1500 PATH=…:$PATH python3 -m pytest tests/e2e/test_random_trees.py

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

FIRST, _, LAST = os.environ.get("TREES", "1-12").partition("-")


@pytest.mark.parametrize("seed", range(int(FIRST), int(LAST or FIRST) + 1))
def test_helmfile_does_the_same_with_a_random_tree(run, tmp_path, seed):
    for program in ("helmfile", "helm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on the PATH")
    files, commands = generate.tree(seed)
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
        assert results["relfile", number] == results["helmfile", number], arguments
