"""How many requests commands send: what is many is asked for together."""

import json
import re
import time

import pytest

# but for those that keep a lock, each second: how many there are is the machine's doing
REQUEST = re.compile(r"^debug: (?!(?:GET|PUT|PATCH) \S+/secrets/relfile\.lock:)[A-Z]+ https?://", re.MULTILINE)
FIVE = """
{apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Release.Name }}"}, data: {a: b}}
---
{apiVersion: v1, kind: Secret, metadata: {name: "{{ .Release.Name }}"}, stringData: {a: b}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: "{{ .Release.Name }}"}}
---
{apiVersion: v1, kind: Service, metadata: {name: "{{ .Release.Name }}"},
 spec: {selector: {a: b}, ports: [{port: 80}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: "{{ .Release.Name }}"},
 spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}},
        spec: {containers: [{name: web, image: "web:1"}]}}}}
"""


def requests(done):
    return len(REQUEST.findall(done.stderr))


def write(place, namespaces, each):
    chart = place.folder / "five"
    (chart / "templates").mkdir(parents=True, exist_ok=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: five, version: 1.0.0}")
    (chart / "templates/five.yaml").write_text(FIVE)
    place.write_spec({"releases": [
        {"name": f"r{i}x{j}", "namespace": f"{place.namespace}-{i}", "chart": "./five"}
        for i in range(namespaces) for j in range(each)]})
    return namespaces * each


# in one namespace, in several, and each release in its own
@pytest.mark.parametrize("namespaces,each", [(1, 24), (6, 5), (24, 1)])
def test_where_nothing_has_changed_a_release_costs_no_more_than_one_request(place, namespaces, each):
    releases = write(place, namespaces, each)
    place.relfile("sync")
    done = place.relfile("diff", "--detailed-exitcode", "-vv")
    assert requests(done) <= releases
    done = place.relfile("apply", "-vv")
    # and a lock for each namespace
    assert requests(done) <= releases + 2 * namespaces
    assert "no changes" in done.stderr
    # helm writes a revision on each sync, and says of the one before that it is over
    assert requests(place.relfile("sync", "-vv")) <= 4 * releases + 6 * namespaces
    place.program("kubectl", "-n", f"{place.namespace}-0", "scale", "deployment/r0x0",
                  "--replicas=2")
    place.program("kubectl", "-n", f"{place.namespace}-0", "delete", "configmap/r0x0")
    done = place.relfile("diff", "--detailed-exitcode", expect=2)
    assert "r0x0, Deployment (apps) has changed" in done.stdout
    assert "r0x0, ConfigMap (v1) has been added" in done.stdout
    assert requests(place.relfile("destroy", "--yes", "-vv")) <= 10 * releases + 6 * namespaces


def test_other_peoples_releases_are_not_read(place):
    releases = write(place, 1, 4)
    for name in range(8):
        place.helm("install", f"theirs{name}", "./five", "--create-namespace")
    place.relfile("sync")
    done = place.relfile("diff", "-vv")
    assert "theirs" not in done.stderr
    assert requests(done) <= releases + 12


def test_who_may_not_list_all_namespaces_gets_a_diff_all_the_same(place):
    write(place, 6, 1)
    place.relfile("sync")
    for i in range(6):
        place.program("kubectl", "-n", f"{place.namespace}-{i}", "create", "rolebinding", "reads",
                      "--clusterrole=cluster-admin", "--user=token-nobody")
    limited = {"KUBECONFIG": str(place.cluster / "limited.kubeconfig")}
    assert "no changes" in place.relfile("diff", "--detailed-exitcode", env=limited).stderr


def test_what_kinds_there_are_comes_once_and_is_believed_only_while_it_is_so(place, home):
    write(place, 1, 1)

    def diff():
        return re.findall(r"/apis?: (\d+)", place.relfile("diff", "-vv").stderr)

    assert diff() == ["200", "200"]
    assert diff() == ["304", "304"]
    kept = list((home / ".cache/relfile/discovery").iterdir())
    assert len(kept) == 2
    for file in kept:  # what is damaged is as good as nothing
        file.write_bytes(file.read_bytes()[:-1])
    assert diff() == ["200", "200"]
    group = f"c{abs(hash(place.namespace)) % 10 ** 8}.relfile.test"
    definition = place.folder / "definition.json"
    definition.write_text(json.dumps({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {"group": group, "scope": "Namespaced",
                 "names": {"kind": "Thing", "plural": "things"},
                 "versions": [{"name": "v1", "served": True, "storage": True, "schema": {
                     "openAPIV3Schema": {"type": "object"}}}]}}))
    place.program("kubectl", "apply", "-f", str(definition))
    place.program("kubectl", "wait", "--for=condition=Established", f"crd/things.{group}")
    (place.folder / "five/templates/five.yaml").write_text(
        f'{{{{ if .Capabilities.APIVersions.Has "{group}/v1/Thing" }}}}\n'
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: knows}}\n{{ end }}\n")
    for _ in range(50):  # until the server tells of it
        if "knows, ConfigMap" in place.relfile("diff").stdout:
            break
        time.sleep(0.2)
    assert "knows, ConfigMap" in place.relfile("diff").stdout
    place.program("kubectl", "delete", "-f", str(definition))
