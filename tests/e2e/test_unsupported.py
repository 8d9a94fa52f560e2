"""What relfile has not learnt yet is refused, not left out: other objects than were asked for must
never be installed."""

import pytest

from conftest import ROOT

FIELDS = {
    "secrets": "[secrets.yaml]",
}


def write(folder, field):
    path = folder / "helmfile.yaml"
    path.write_text(f"releases:\n  - name: web\n    chart: {ROOT}/examples/smallest/chart\n"
                    f"    {field}: {FIELDS[field]}\n")
    return path


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("command", ["template", "lint"])
def test_a_field_that_would_change_objects_is_refused_where_it_is_written(run, tmp_path, field,
                                                                          command):
    result = run("-f", write(tmp_path, field), command, expect=1)
    assert "yet" in result.stderr
    assert "helmfile.yaml:4:" in result.stderr
    assert "hint: " in result.stderr


def test_it_is_no_matter_for_a_list(run, tmp_path):
    assert "web" in run("-f", write(tmp_path, "secrets"), "list").stdout
