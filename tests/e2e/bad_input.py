"""What the tests of bad input share: a case is a folder, a command, and all that it says.

A case names the whole text of standard error, so that reading the tests is reading what users
are told: what is wrong, where, how relfile got there, what to do about it.
"""

import os
import textwrap
from typing import NamedTuple

import pytest

# A chart that is fine, for cases that are about something else.
CHART = {
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "web/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n",
}
RELEASE = "releases:\n- name: web\n  chart: ./web\n"


class Case(NamedTuple):
    name: str
    files: dict  # path -> text, bytes, or a function that makes it
    stderr: str
    args: tuple = ("list",)
    code: int = 1
    env: dict = {}
    stdout: str = ""


def cases(*rows):
    """The rows as parameters of a test."""
    names = [row.name for row in rows]
    assert len(set(names)) == len(names), "two cases have one name"
    return pytest.mark.parametrize("case", [pytest.param(row, id=row.name) for row in rows])


def text(words):
    """A text of the test's source, with its margin taken away, as it is printed."""
    return textwrap.dedent(words)


def write(folder, files):
    """Make the files of a case; texts lose the margin they have in the test's source."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(text(content), encoding="utf-8")


def fifo(path):
    os.mkfifo(path)


def link(target):
    return lambda path: path.symlink_to(target)


def folder(path):
    path.mkdir()


def check(run, tmp_path, case):
    """The case says what it should, all of it and nothing else, and ends as it should."""
    place = tmp_path / "spec"
    place.mkdir()
    write(place, case.files)
    result = run(*case.args, cwd=place, env=case.env, expect=None)
    assert result.stderr == text(case.stderr)
    assert result.code == case.code
    assert result.stdout == text(case.stdout)
