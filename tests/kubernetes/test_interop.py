"""The charts of these tests through helm and relfile on two clusters; see interop.py."""

import os

import pytest

from tests.kubernetes.interop import Cluster, charts_in, compare
from tests.kubernetes.conftest import CHART

CHARTS = [c for folder in [str(CHART.parent), os.environ.get("RELFILE_INTEROP_CHARTS")] if folder
          for c in charts_in(folder)]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
@pytest.mark.parametrize("helm", ["helm", pytest.param("helm3", marks=pytest.mark.long)])
def test_helm_and_relfile_leave_the_same(cluster, second_cluster, chart, helm, tmp_path):
    clusters = [Cluster(c / "admin.kubeconfig", helm) for c in (cluster, second_cluster)]
    found, objects = compare(chart, clusters, tmp_path)
    assert objects and {order: listed for order, listed in found.items() if listed} == {}
