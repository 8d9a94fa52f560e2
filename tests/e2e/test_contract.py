"""docs/helmfile.md: each row names a proof, and each proof is there."""

import re

import pytest

import beside
from conftest import ROOT

ROWS = [line for line in (ROOT / "docs" / "helmfile.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith("| what")]
TITLES = {f"{path.stem}: {case.title}" for path in beside.FOLDER.glob("*.txt") for case in beside.read(path)}


def defined_in(name):
    return set(re.findall(r"^def (test_\w+)", (ROOT / "tests" / "e2e" / name).read_text(), re.M))


@pytest.mark.parametrize("row", ROWS, ids=[row.split(" | ")[0][2:] for row in ROWS])
def test_a_row_of_the_contract_is_proved(row):
    _, how, proof = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert re.match(r"same|better|n/a|other", how)
    for one in proof.split("; "):
        name, _, test = one.partition(": ")
        assert test in defined_in(name) if name.endswith(".py") else one in TITLES, one
