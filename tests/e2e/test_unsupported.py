"""What relfile has not learnt yet is refused, not left out: other objects than were asked for must
never be installed."""

import pytest

from conftest import ROOT

FIELDS = {
    "jsonPatches": "[{target: {kind: ConfigMap}, patch: []}]",
    "strategicMergePatches": "[{kind: ConfigMap}]",
    "transformers": "[{kind: LabelTransformer}]",
    "postRenderer": "./renderer",
    "forceNamespace": "other",
    "dependencies": "[{chart: ./other, version: 1.0.0}]",
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
    assert "web" in run("-f", write(tmp_path, "jsonPatches"), "list").stdout


def test_a_post_renderer_for_all_releases_is_refused_too(run, tmp_path):
    path = tmp_path / "helmfile.yaml"
    path.write_text("helmDefaults:\n  postRenderer: ./x\nreleases:\n  - name: web\n"
                    f"    chart: {ROOT}/examples/smallest/chart\n")
    assert "postRenderer" in run("-f", path, "template", expect=1).stderr
