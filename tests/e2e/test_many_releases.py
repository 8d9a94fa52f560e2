"""Many releases of one chart, rendered by several threads at a time: what they share must not show."""

import pytest

from conftest import ROOT

RELEASES = 100


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "helmfile.yaml"
    chart = ROOT / "examples" / "shop" / "charts" / "microservice"
    path.write_text("releases:\n" + "".join(
        f"  - name: r{i}\n    namespace: ns{i % 7}\n    chart: {chart}\n    values:\n"
        f"      - values.yaml.gotmpl\n      - config: {{NUMBER: \"{i}\"}}\n" for i in range(RELEASES)))
    (tmp_path / "values.yaml.gotmpl").write_text(
        "image: {repository: example.org/{{ .Release.Name }}-of-many, tag: \"1\"}\n")
    return path


@pytest.mark.parametrize("jobs", [2, 8, 32])
def test_threads_do_not_change_what_comes_out(run, spec, jobs):
    alone = run("-f", spec, "template", "--concurrency", "1").stdout
    assert alone.count("-of-many") >= RELEASES
    for _ in range(5):
        assert run("-f", spec, "template", "--concurrency", str(jobs)).stdout == alone


def test_all_of_them_are_fine(run, spec):
    assert run("-f", spec, "lint", "--concurrency", "16").stdout.count(", fine\n") == RELEASES
