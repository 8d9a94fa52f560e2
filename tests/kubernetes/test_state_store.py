"""The state in a namespace of a cluster: kubernetes://NAMESPACE, for releases of any target."""

import itertools
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import clean_environment

ROOT = Path(__file__).resolve().parents[2]
UNIT = Path(os.environ.get("RELFILE_UNIT", ROOT / "build" / "unit"))
numbers = itertools.count(1)
CHART = {
    "app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    "app/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"
                              "data: {text: '{{ .Values.text }}'}\n",
    "helmfile.yaml": "releases:\n- {name: web, namespace: shop, chart: ./app, values: [{text: one}]}\n",
}


@pytest.fixture
def store(cluster, kubectl):
    """The URL of an empty one."""
    name = f"state-{os.getpid()}-{next(numbers)}"
    kubectl("create", "namespace", name)
    yield f"kubernetes://{name}?kubeconfig={cluster}/admin.kubeconfig"
    kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture
def kubectl(cluster, run):
    return lambda *arguments: run("--kubeconfig", cluster / "admin.kubeconfig", *arguments,
                                  program="kubectl")


@pytest.fixture
def relfile_on(run, store, tmp_path):
    for name, text in CHART.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def act(*arguments, **options):
        return run(*arguments, "--target", "demo", "--target-location", tmp_path / "demo", "--state",
                   store, cwd=tmp_path, **options)
    return act


@pytest.mark.parametrize("program", ["test_remote", "test_rivals"])
def test_it_keeps_the_contract(store, home, program):
    if not (UNIT / "state" / program).exists():
        pytest.skip(f"{program} is not built")
    done = subprocess.run([UNIT / "state" / program], capture_output=True, encoding="utf-8",
                          timeout=600, check=False,
                          env=clean_environment(home, RELFILE_TEST_STATE=store, TEST_ROUNDS="1"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_releases_of_any_target_are_recorded_in_it(relfile_on):
    relfile_on("sync")
    relfile_on("sync")
    history = json.loads(relfile_on("history", "-o", "json").stdout)
    assert [(r["revision"], r["status"]) for r in history] == [(1, "superseded"), (2, "deployed")]
    assert "no changes in" in (diff := relfile_on("diff")).stdout + diff.stderr
    relfile_on("rollback", "web", "1", "-y")
    relfile_on("state", "fsck")
    relfile_on("destroy")
    assert json.loads(relfile_on("state", "list", "-o", "json").stdout) == []


def test_a_text_that_no_secret_holds_is_in_several(relfile_on, store, kubectl, tmp_path):
    letters = random.Random(1)
    for i in range(3):
        noise = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_000_000))
        (tmp_path / "app" / "templates" / f"large{i}.yaml").write_text(
            f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: large{i}}}\ndata: {{x: {noise}}}\n")
    relfile_on("sync")
    assert noise in relfile_on("state", "show", "web", "--show-secrets").stdout
    namespace = store.removeprefix("kubernetes://").split("?")[0]
    parts = kubectl("-n", namespace, "get", "secrets", "-l", "relfile.state=part", "-o", "name").stdout
    assert len(parts.split()) > 1
    relfile_on("destroy")
    relfile_on("state", "gc", "--older-than", "0s")
    assert not kubectl("-n", namespace, "get", "secrets", "-l", "relfile.state=part", "-o",
                       "name").stdout.split()


def test_a_namespace_that_is_missing_is_named(run, cluster, relfile_on, tmp_path):
    url = f"kubernetes://nowhere?kubeconfig={cluster}/admin.kubeconfig"
    result = run("sync", "--target", "demo", "--target-location", tmp_path / "d", "--state", url,
                 cwd=tmp_path, expect=None)
    assert result.code != 0 and "kubectl create namespace nowhere" in result.stderr
