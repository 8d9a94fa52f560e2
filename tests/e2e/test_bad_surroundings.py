"""What is wrong around a run: records, disks, pipes, rights, other runs; and sizes."""

import json
import os
import resource
import signal
import subprocess
import time

import pytest

from bad_input import CHART, RELEASE, check, Case, text, write
from conftest import clean_environment

FULL = "/dev/full"
RECORD = "state/releases/%/default/web/v1.json"


@pytest.fixture
def spec(tmp_path):
    """A folder with a spec and a chart that are fine."""
    place = tmp_path / "spec"
    place.mkdir()
    write(place, {**CHART, "helmfile.yaml": RELEASE})
    return place


CLUSTER = ("--target", "demo", "--target-location", "demo", "--state", "state")


def said(result, words):
    assert result.stderr == text(words)


# ---- records


def installed(run, spec):
    run("sync", *CLUSTER, cwd=spec)
    return spec / RECORD


def changed(path, change):
    path.write_text(change(path.read_text()))


BROKEN = {
    "is of a newer version":
        (lambda record: record.replace('"format":1', '"format":2'), """\
        error: state/releases/%/default/web/v1.json: was written by a newer relfile: it has format 2, not 1
           = from helmfile.yaml:2:3: release "web"
        hint: use that relfile, or one that is newer still
        """),
    "is empty": (lambda record: "", TODO),
    "is cut": (lambda record: record[:100], TODO),
    "is of another revision": (lambda record: record.replace('"version":1', '"version":3'), TODO),
    "is a list": (lambda record: "[]\n", TODO),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("command", ["diff", "sync", "status"])
def test_a_record_that(run, spec, command, how):
    change, words = BROKEN[how]
    record = installed(run, spec)
    changed(record, change)
    before = record.read_text()
    result = run(command, *CLUSTER, cwd=spec, expect=1)
    assert result.stderr.endswith(text(words)), result.stderr
    assert record.read_text() == before
    assert [path.name for path in record.parent.iterdir()] == ["v1.json"]
