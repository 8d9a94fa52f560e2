"""What the tests against real clusters share: the clusters, and programs that are run on them.

    make kubernetes

etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok must be on the PATH, or in
build/tools/cluster, where `make cluster` puts them; tests that compare need helm, helm3 or
kubectl. What is marked `long` is left out where time is short. RELFILE_TEST_CLUSTERS names folders, commas between,
that clusters are in already: they are used, and left as they are.
"""

import itertools
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import clean_environment, home, pointed, relfile, run  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "tests" / "kubernetes" / "charts" / "app"
SCRIPT = ROOT / "tests" / "servers" / "cluster.sh"
NEEDED = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "openssl",
          "curl")
numbers = itertools.count(1)
os.environ["PATH"] += f":{ROOT / 'build' / 'tools' / 'cluster'}"


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes long, and a neighbour shows much the same")


def start_cluster(number, tmp_path_factory):
    there = [Path(f) for f in os.environ.get("RELFILE_TEST_CLUSTERS", "").split(",") if f]
    missing = [name for name in NEEDED if not shutil.which(name)]
    if len(there) > number:
        yield there[number]
        return
    if missing:
        pytest.skip(f"no cluster can be started: {', '.join(missing)} not on the PATH")
    folder = tmp_path_factory.mktemp(f"cluster{number}")
    try:
        subprocess.run([SCRIPT, "up", folder], check=True, timeout=120)
        yield folder
    finally:
        subprocess.run([SCRIPT, "down", folder], check=False, timeout=60)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """The folder of a cluster: with admin.kubeconfig and others."""
    yield from start_cluster(0, tmp_path_factory)


@pytest.fixture(scope="session")
def second_cluster(tmp_path_factory):
    yield from start_cluster(1, tmp_path_factory)


@pytest.fixture
def namespace():
    """A namespace that no other test has; nobody waits until it is gone."""
    return f"test-{os.getpid()}-{next(numbers)}"


class Place:
    """A spec with one release, web, of the chart app, and programs that see its cluster."""

    def __init__(self, run, cluster, namespace, folder):
        self.run_program, self.cluster, self.namespace = run, cluster, namespace
        self.folder = folder
        self.kubeconfig = cluster / "admin.kubeconfig"
        self.release = {"name": "web", "namespace": namespace, "chart": str(CHART),
                        "wait": True, "timeout": 60}

    def write(self, values=None, **more):
        """The spec; JSON is YAML. Without values they are the chart's."""
        release = {**self.release, **more, "values": [values or {}]}
        self.write_spec({"releases": [release]})

    def write_spec(self, spec):
        (self.folder / "helmfile.yaml").write_text(json.dumps(spec))

    def chart(self, name):
        """The folder of a chart NAME beside the spec, with one for templates and nothing in that."""
        chart = self.folder / name
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text(f"{{apiVersion: v2, name: {name}, version: 1.0.0}}")
        return chart

    def relfile(self, *arguments, expect=0, env=None, target="kubernetes", cwd=None):
        return self.run_program(*arguments, cwd=cwd or self.folder, expect=expect,
                                env={"KUBECONFIG": str(self.kubeconfig),
                                     "RELFILE_TARGET": target, **(env or {})})

    def program(self, name, *arguments, expect=0):
        path = shutil.which(name)
        if not path:
            pytest.skip(f"{name} is not on the PATH")
        return self.run_program(*arguments, program=path, cwd=self.folder, expect=expect,
                                env={"KUBECONFIG": str(self.cluster / "admin.kubeconfig")})

    def helm(self, *arguments, program="helm", expect=0):
        return self.program(program, *arguments, "-n", self.namespace, expect=expect)

    def get(self, kind, name=None, expect=0):
        """An object, or all of a kind, as JSON; None where it is not there and need not be."""
        done = self.program("kubectl", "get", kind, *([name] if name else []), "-n",
                            self.namespace, "-o", "json", expect=expect)
        return json.loads(done.stdout) if done.code == 0 else None

    def names(self, kind):
        return sorted(item["metadata"]["name"] for item in self.get(kind)["items"])

    def statuses(self):
        """Revision by revision, as helm has them."""
        return [(r["revision"], r["status"])
                for r in json.loads(self.helm("history", "web", "-o", "json").stdout)]


@pytest.fixture
def place(run, cluster, namespace, tmp_path):
    folder = tmp_path / "spec"
    folder.mkdir()
    return Place(run, cluster, namespace, folder)
