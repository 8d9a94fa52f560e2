"""What helmfile users know works the same: small specs, and what helmfile prints for them.

What helmfile prints is written down, in beside/*.txt; see beside.py. Where helmfile and helm are
on the PATH they are run, too: UPDATE_GOLDEN=1 then writes down what they print.
"""

import os
import shutil

import pytest

import beside

CASES = [(path, number, case) for path in sorted(beside.FOLDER.glob("*.txt"))
         for number, case in enumerate(beside.read(path))]

each_case = pytest.mark.parametrize(
    "path, number, case", CASES, ids=[f"{path.stem}: {case.title}" for path, _, case in CASES])


@pytest.fixture
def execute(run, tmp_path):
    def execute(case, program):
        """By number of the command: (code, output)."""
        folder = tmp_path / program
        beside.write_files(case, folder)
        results = {}
        for number, command in enumerate(case.commands):
            if program not in command.programs:
                continue
            if command.arguments[0] == "files":
                results[number] = (0, beside.files_of(folder, command.arguments[1]), "")
                continue
            result = run(*beside.arguments_for(program, command.arguments), cwd=folder, expect=None,
                         program=None if program == "relfile" else program,
                         env={"HELMFILE_UPGRADE_NOTICE_DISABLED": "1", **case.variables})
            results[number] = (result.code, beside.printed(result.stdout, folder), result.stderr)
        return results

    return execute


def check(case, results):
    for number, (code, output, messages) in results.items():
        command = case.commands[number]
        assert code == command.code, f"{' '.join(command.arguments)}\n{messages}{output}"
        if code == 0 and not command.is_worded:
            assert output == command.output, messages


@each_case
def test_relfile_does_as_helmfile_did(execute, path, number, case):
    check(case, execute(case, "relfile"))


@each_case
def test_helmfile_still_does(execute, path, number, case):
    for program in ("helmfile", "helm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on the PATH")
    results = execute(case, "helmfile")
    if os.environ.get("UPDATE_GOLDEN"):
        cases = beside.read(path)
        cases[number] = case = beside.case_of(beside.text_of(
            case, {n: result[:2] for n, result in results.items()}).removeprefix("=== "))
        path.write_text("".join(f"=== {beside.text_of(c, {}).removeprefix('=== ')}"
                                for c in cases))
    check(case, results)
