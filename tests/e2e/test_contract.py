"""docs/helmfile.md and helmfile-releases.md: each row names a proof, and each proof is there."""

import re

import pytest

import beside
from conftest import ROOT

FILES = ["helmfile.md", "helmfile-releases.md"]
HEADS = ("| what", "| field")
ROWS = [line for name in FILES for line in (ROOT / "docs" / name).read_text().splitlines()
        if line.startswith("| ") and not line.startswith(HEADS)]
TITLES = {f"{path.stem}: {case.title}" for path in beside.FOLDER.glob("*.txt") for case in beside.read(path)}


def defined_in(name):
    folder = ROOT / "tests" / ("" if "/" in name else "e2e")
    return set(re.findall(r"^def (test_\w+)", (folder / name).read_text(), re.M))


@pytest.mark.parametrize("row", ROWS, ids=[row.split(" | ")[0][2:] for row in ROWS])
def test_a_row_of_the_contract_is_proved(row):
    _, how, proof = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert re.match(r"(same|better|n/a|other)\b", how)
    for one in proof.split("; "):
        name, _, test = one.partition(": ")
        assert test in defined_in(name) if name.endswith(".py") else one in TITLES, one
